//! Links between parties.

use super::{Entity, Properties, Writer, datasets};
use crate::export::records::InterestRow;
use crate::export::remarks;
use crate::graph::Stake;
use crate::model::{Directness, EntityKind, InterestKind as Kind, PartialDate, ShareRange};
use std::io;

/// The schemata of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Schema {
    Ownership,
    Directorship,
    Control,
    UnknownLink,
}

impl Schema {
    const fn name(self) -> &'static str {
        match self {
            Schema::Ownership => "Ownership",
            Schema::Directorship => "Directorship",
            Schema::Control => "Control",
            Schema::UnknownLink => "UnknownLink",
        }
    }

    /// The properties of the owner and of the owned entity.
    const fn ends(self) -> [&'static str; 2] {
        match self {
            Schema::Ownership => ["owner", "asset"],
            Schema::Directorship => ["director", "organization"],
            Schema::Control => ["controller", "controlled"],
            Schema::UnknownLink => ["subject", "object"],
        }
    }

    /// The kind that the schema stands for without further words.
    const fn kind(self) -> Kind {
        match self {
            Schema::Ownership => Kind::Shareholding,
            Schema::Directorship => Kind::BoardMember,
            Schema::Control => Kind::OtherInfluenceOrControl,
            Schema::UnknownLink => Kind::UnknownInterest,
        }
    }
}

/// How control is exercised, in the words that the model suggests.
const MECHANISMS: [(Kind, &str); 6] = [
    (Kind::VotingRights, "voting"),
    (Kind::AppointmentOfBoard, "appointment"),
    (Kind::RightsGrantedByContract, "contractual"),
    (Kind::ConditionalRightsGrantedByContract, "contractual"),
    (Kind::Manager, "management"),
    (Kind::Trustee, "trustee"),
];

/// The schema of an interest. A person can be nobody's asset and no organization.
pub(super) fn schema(stake: Stake<'_>) -> Schema {
    let (kind, share) = (stake.interest().kind(), stake.interest().share());
    let company = stake.owned().kind() == EntityKind::Company;
    match kind {
        _ if stake.owned().kind() == EntityKind::Person => Schema::UnknownLink,
        Kind::BoardMember | Kind::BoardChair | Kind::SeniorManagingOfficial if company => Schema::Directorship,
        Kind::Founder | Kind::Affiliate | Kind::Lender | Kind::Adviser => Schema::UnknownLink,
        Kind::UnknownInterest | Kind::UnpublishedInterest if share == ShareRange::UNKNOWN => Schema::UnknownLink,
        Kind::BoardMember | Kind::BoardChair | Kind::SeniorManagingOfficial => Schema::UnknownLink,
        Kind::VotingRights => Schema::Ownership,
        _ if kind.is_capital() || !share.is_unknown() => Schema::Ownership,
        _ => Schema::Control,
    }
}

impl Writer<'_> {
    pub(super) fn link(&mut self, row: &InterestRow<'_>, id: &str) -> io::Result<()> {
        let stake = row.stake;
        let interest = stake.interest();
        let schema = schema(stake);
        let mut remark = remarks::of_interest(stake, self.losses);
        let mut properties = Properties::default();
        let [owner, owned] = schema.ends();
        properties.add(owner, self.id(stake.owner().id()));
        properties.add(owned, self.id(stake.owned().id()));
        if interest.kind() != schema.kind() {
            properties.add("role", interest.kind().words());
            remark.add("kind", interest.kind().as_str());
            self.losses.add("kinds of interest that it has not (named in role, kept as remarks)");
        }
        if let Some(&(_, word)) =
            MECHANISMS.iter().find(|(kind, _)| schema == Schema::Control && *kind == interest.kind())
        {
            properties.add("controlType", word);
        }
        self.share(interest.share(), schema, &mut properties, &mut remark);
        match (interest.directness(), schema) {
            (Directness::Direct, _) => {}
            (directness, schema) => {
                let word = if directness == Directness::Indirect { "indirect" } else { "unknown" };
                match schema {
                    Schema::Ownership if directness == Directness::Indirect => properties.add("ownershipType", word),
                    Schema::Control if directness == Directness::Indirect => properties.add("controlType", word),
                    _ => {}
                }
                remark.add("directness", word);
            }
        }
        let (start, end) = remarks::period(stake);
        start.into_iter().for_each(|date| properties.add("startDate", date.to_string()));
        end.into_iter().for_each(|date| properties.add("endDate", date.to_string()));
        self.statement(row, &mut properties, &mut remark);
        stake
            .details()
            .and_then(|details| details.note.as_deref())
            .into_iter()
            .for_each(|note| properties.add("summary", note));
        if !remark.is_empty() {
            properties.add("description", remark.to_string());
        }
        let id = self.id(id);
        self.push(&Entity {
            id,
            caption: None,
            schema: schema.name(),
            properties,
            datasets: datasets(stake.source_ids()),
        })
    }

    /// When the interest was stated and retrieved, and what ties it to others of one statement.
    fn statement(&mut self, row: &InterestRow<'_>, properties: &mut Properties<'_>, remark: &mut crate::model::Remark) {
        let day = |date: Option<PartialDate>| date.map(|date| date.to_string());
        day(row.stake.stated()).into_iter().for_each(|date| properties.add("modifiedAt", date));
        day(row.stake.retrieved()).into_iter().for_each(|date| properties.add("retrievedAt", date));
        if let Some(statement) = &row.statement {
            remark.add("statement", statement.clone().into_owned());
            self.losses.add("interests of one statement (written as links of their own, tied by a remark)");
        }
    }

    fn share(
        &mut self,
        share: ShareRange,
        schema: Schema,
        properties: &mut Properties<'_>,
        remark: &mut crate::model::Remark,
    ) {
        if share.is_unknown() {
            return;
        }
        let text = notation(share);
        if schema == Schema::Ownership {
            properties.add("percentage", text);
        } else {
            remark.add("share", text);
            self.losses.add("shares of links that are no ownership (kept as remarks)");
        }
    }
}

/// A share as this program reads it: `25`, `25-50`, `(25,50]`.
fn notation(share: ShareRange) -> String {
    if share.is_exact() {
        return share.min().to_string();
    }
    if !share.min_open() && !share.max_open() {
        return format!("{}-{}", share.min(), share.max());
    }
    let [begin, end] = [if share.min_open() { '(' } else { '[' }, if share.max_open() { ')' } else { ']' }];
    format!("{begin}{},{}{end}", share.min(), share.max())
}
