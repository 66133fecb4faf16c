//! Relationships and their interests.

use super::Writer;
use super::chain::Chain;
use super::sources::source;
use super::statement::{Annotation, Interest, Percent, Relationship, Share, Statement};
use crate::export::remarks;
use crate::graph::{EdgeId, Stake};
use crate::model::{DateBound, Day, Directness, EntityKind, InterestKind as Kind, PartialDate, ShareRange};
use std::borrow::Cow;
use std::io;

/// Kinds that the standard has not, and under which of its codes they are written.
const OWN_KINDS: [(Kind, Kind); 8] = [
    (Kind::GeneralPartner, Kind::ControlByLegalFramework),
    (Kind::LimitedPartner, Kind::RightsToProfitOrIncome),
    (Kind::Parent, Kind::OtherInfluenceOrControl),
    (Kind::Manager, Kind::OtherInfluenceOrControl),
    (Kind::Founder, Kind::UnknownInterest),
    (Kind::Affiliate, Kind::UnknownInterest),
    (Kind::Lender, Kind::UnknownInterest),
    (Kind::Adviser, Kind::UnknownInterest),
];

/// Roles that the standard knows only in an arrangement of one kind, and what they are elsewhere.
const ROLES: [(Kind, &str, Kind); 5] = [
    (Kind::Settlor, "trust", Kind::OtherInfluenceOrControl),
    (Kind::Trustee, "trust", Kind::OtherInfluenceOrControl),
    (Kind::Protector, "trust", Kind::OtherInfluenceOrControl),
    (Kind::Nominee, "nomination", Kind::UnknownInterest),
    (Kind::Nominator, "nomination", Kind::OtherInfluenceOrControl),
];

/// The format whose persons are declared to be beneficial owners by law.
const DECLARATIONS: &str = "psc";

/// How a note says that a source declares the owner to be a beneficial one.
const DECLARED: &str = "Declared to be beneficial ownership or control";

impl<'g> Writer<'g, '_> {
    pub(super) fn relationship(&mut self, group: usize, is_component: bool, chain: Option<&Chain>) -> io::Result<()> {
        let graph = self.view.graph();
        let edges = self.groups.edges(group);
        let first = graph.stake(edges[0]);
        let mut annotations = Vec::new();
        let mut interests = Vec::with_capacity(edges.len());
        for (position, &edge) in edges.iter().enumerate() {
            let (interest, remark) = self.interest(edge, position > 0 && graph.stake(edge).id() != first.id());
            if let Some(remark) = remark {
                annotations.push(Annotation::comment(format!("/recordDetails/interests/{position}"), remark));
            }
            interests.push(interest);
        }
        let components = chain.map_or_else(Vec::new, |chain| {
            let entities = chain.between.iter().map(|&node| Cow::Borrowed(graph.entity(node).id()));
            entities.chain(chain.links.iter().map(|&link| self.groups.id(link))).collect()
        });
        let stated = self.stated(group);
        let format = first.input_format();
        let retrieved = first.retrieved().map(PartialDate::first_day);
        let mut ids: Vec<String> = edges.iter().flat_map(|&edge| graph.stake(edge).source_ids()).cloned().collect();
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        let statement = Statement {
            statement_date: self.date(stated),
            declaration_subject: Cow::Borrowed(first.owned().id()),
            record_id: self.groups.id(group),
            record_type: "relationship",
            record_status: "new",
            record_details: Relationship {
                is_component,
                component_records: components,
                subject: first.owned().id(),
                interested_party: first.owner().id(),
                interests,
            },
            publication_details: self.publication(first.published().map(PartialDate::first_day)),
            source: source(graph, &ids, format, retrieved, self.losses),
            annotations,
        };
        self.out.push(&statement)
    }

    /// When a relationship was stated, or the closest that is known to that.
    pub(super) fn stated(&self, group: usize) -> Option<Day> {
        let stake = self.view.graph().stake(self.groups.edges(group)[0]);
        let began = || match stake.start() {
            DateBound::On(date) => Some(date),
            _ => None,
        };
        let told = stake.stated().or_else(|| stake.published()).or_else(|| stake.retrieved()).or_else(began);
        told.map(PartialDate::first_day)
    }

    fn interest(&mut self, edge: EdgeId, tell_id: bool) -> (Interest, Option<String>) {
        let stake = self.view.graph().stake(edge);
        let interest = stake.interest();
        let kind = self.code(stake);
        let mut remark = remarks::of_interest(stake, self.losses);
        let period = remarks::period(stake);
        let stated = [("start", stake.start()), ("end", stake.end())];
        for (word, bound) in stated {
            if let DateBound::On(date) = bound
                && date.whole_day().is_none()
            {
                remark.add(word, date.to_string());
                self.losses.add("interest dates that are a month or a year (written as the day it begins or is over, kept as remarks)");
            }
        }
        if tell_id {
            remark.add("id", stake.id());
        }
        let note = stake.details().and_then(|details| details.note.as_deref());
        let details = match (kind == interest.kind(), note) {
            (true, note) => note.map(str::to_owned),
            (false, None) => Some(format!("cuibono:{}", interest.kind())),
            (false, Some(note)) => Some(format!("cuibono:{} {note}", interest.kind())),
        };
        let (from, to) = remarks::days(period);
        let written = Interest {
            kind: kind.as_str(),
            direct_or_indirect: match interest.directness() {
                Directness::Direct => "direct",
                Directness::Indirect => "indirect",
                Directness::Unknown => "unknown",
            },
            beneficial_ownership_or_control: is_declared(stake),
            details,
            share: share(interest.share()),
            start_date: from.map(|day| day.to_string()),
            end_date: to.map(|day| day.to_string()),
        };
        (written, (!remark.is_empty()).then(|| remark.to_string()))
    }

    /// The code of the standard under which an interest is written.
    fn code(&mut self, stake: Stake<'g>) -> Kind {
        let kind = stake.interest().kind();
        if let Some(&(_, code)) = OWN_KINDS.iter().find(|(own, _)| *own == kind) {
            self.losses.add("kinds of interest that the standard has not (kept in its details)");
            return code;
        }
        let misplaced =
            |(role, place, _): &&(Kind, &str, Kind)| *role == kind && self.arrangement(stake.owned()) != Some(*place);
        match ROLES.iter().find(misplaced) {
            Some(&(.., code)) => {
                self.losses.add("roles in a trust or nomination that is no arrangement (kept in the details)");
                code
            }
            None => kind,
        }
    }
}

/// Whether a source declares the owner, a person, to be a beneficial owner.
fn is_declared(stake: Stake<'_>) -> bool {
    let psc = stake.input_format() == Some(DECLARATIONS);
    let noted =
        || stake.details().and_then(|details| details.note.as_deref()).is_some_and(|note| note.ends_with(DECLARED));
    stake.owner().kind() == EntityKind::Person && (psc || noted())
}

fn share(range: ShareRange) -> Option<Share> {
    let percent = |share: crate::model::Share| Some(Percent(share.percent()));
    if range.is_unknown() {
        return None;
    }
    if range.is_exact() {
        return Some(Share { exact: percent(range.min()), ..Share::default() });
    }
    let (minimum, exclusive_minimum) =
        if range.min_open() { (None, percent(range.min())) } else { (percent(range.min()), None) };
    let (maximum, exclusive_maximum) =
        if range.max_open() { (None, percent(range.max())) } else { (percent(range.max()), None) };
    Some(Share { exact: None, minimum, exclusive_minimum, maximum, exclusive_maximum })
}
