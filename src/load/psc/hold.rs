//! What records of the register add to the graph: parties with their rights, statements, exemptions.

use super::party::{NO_NATURE, Party, Tenure};
use super::row::{Data, date, text};
use super::{Origin, Outcome, Register, SOURCE, nature, statement};
use crate::error::Result;
use crate::graph::builder::revise::{Description, Revision};
use crate::graph::columns::InterestParts;
use crate::graph::{Account, NodeId};
use crate::load::notes::Notes;
use crate::model::interest::InterestDetails;
use crate::model::{Confidence, DateBound, Directness, EntityKind, EntityRecord, Fact, Marks, PartialDate};

impl Register<'_, '_> {
    /// Adds a party with its rights in a company. Tells the nodes of both, the company's first, as far as they are foreseen.
    pub(super) fn party(&mut self, party: &mut Party<'_>, [company, own]: [Option<NodeId>; 2]) -> Result<()> {
        self.seen.persons += 1;
        self.enter(&party.company, party.id.company(), company)?;
        let [of_party, of_rights] = std::mem::take(&mut party.notes);
        self.report(of_party);
        let owner = self.declare(party, own)?;
        if let Some(identifier) = &party.identifier {
            self.intake.builder.identifier(owner, identifier, &self.location)?;
        }
        self.intake.builder.entity_note(owner, &party.details);
        self.report(of_rights);
        self.hold(owner, &party.natures, party.tenure, party.published)
    }

    fn declare(&mut self, party: &Party<'_>, foreseen: Option<NodeId>) -> Result<NodeId> {
        let id = party.id.whole();
        let description = Description {
            name: Some(&party.name),
            kind: party.kind,
            jurisdiction: party.jurisdiction,
            founded: party.born,
            dissolved: None,
        };
        let builder = &mut *self.intake.builder;
        let node = builder.node_foreseen(id, foreseen, &self.location)?;
        builder.describe_node(node, &description, Revision::Equal, &self.location)?;
        if party.jurisdiction_inferred {
            builder.place_is_inferred(node);
        }
        Ok(node)
    }

    /// Adds the interests of one record, which are one statement.
    fn hold(
        &mut self,
        owner: NodeId,
        natures: &[nature::Nature],
        when: Tenure,
        published: Option<PartialDate>,
    ) -> Result<()> {
        let owned = self.current()?.node;
        let stated = if self.versions.is_reading() { published } else { None };
        let account = self.intake.builder.new_account(Account {
            stated: stated.or(when.start.representative()),
            published,
            source: self.source,
            ..Account::default()
        })?;
        let record = self.location.line.and_then(|line| u32::try_from(line).ok()).unwrap_or(u32::MAX);
        for nature in natures {
            let parts = InterestParts {
                owner,
                owned,
                kind: nature.kind,
                share: nature.share,
                start: when.start,
                end: when.end,
                directness: Directness::Unknown,
                confidence: Confidence::High,
                marks: Marks::NONE,
                controlling: nature.controlling,
                account,
                input: self.intake.input,
                record,
            };
            let number = self.intake.builder.interest(&parts)?;
            if let Some(note) = nature.note {
                let details = InterestDetails { note: Some(note.to_owned()), ..InterestDetails::default() };
                self.intake.builder.interest_details(number, details);
            }
            self.versions.note(number, parts);
        }
        Ok(())
    }

    /// A statement is a fact about the company; where it speaks of somebody who is named nowhere, also a party.
    pub(super) fn statement(&mut self, code: &str, data: &Data<'_>, origin: &Origin<'_>) -> Result<Outcome> {
        let mut notes = Notes::default();
        let tenure = Tenure::of(data, origin, &mut notes);
        let known = statement::statement(code);
        if known.is_none() {
            notes.unreadable(format!("the statement {code:?} is not known; it is kept in its own words"));
        }
        self.report(notes);
        let mut sentence = match known {
            Some(known) => known.text.to_owned(),
            None => format!("The register holds the statement {code:?}."),
        };
        if let Some(name) = text(&data.linked_psc_name) {
            sentence.push_str(&format!(" The person concerned is {name}."));
        }
        match tenure.end {
            DateBound::On(date) => sentence.push_str(&format!(" Withdrawn on {date}.")),
            DateBound::Between { .. } => sentence.push_str(" Withdrawn since."),
            DateBound::Missing => {}
        }
        self.add_facts(vec![fact(tenure, sentence)])?;
        // A person whom the statement names has a record of their own.
        let somebody = known.and_then(|known| known.somebody).filter(|_| text(&data.linked_psc_name).is_none());
        if let Some(name) = somebody {
            let id = self.parser.own_id(&self.current()?.written, data, origin).whole().text().to_owned();
            let party =
                EntityRecord { id, name: name.to_owned(), kind: EntityKind::Unknown, ..EntityRecord::default() };
            let owner = self.intake.builder.entity(party, &self.location)?;
            self.hold(owner, &[NO_NATURE], tenure, origin.published)?;
        }
        Ok(Outcome::Taken)
    }

    /// Each period of each exemption is a fact.
    pub(super) fn exemptions(&mut self, data: &Data<'_>) -> Result<Outcome> {
        let (mut facts, mut notes) = (Vec::new(), Notes::default());
        for (code, exemption) in data.exemptions.iter().flatten() {
            let reason = statement::exemption(code);
            if reason.is_none() {
                notes.unreadable(format!("the exemption {code:?} is not known"));
            }
            let reason = reason.map_or_else(|| format!("the register says {code:?}"), str::to_owned);
            let sentence = format!("Need not state who has significant control: {reason}.");
            for period in exemption.items.iter().flatten() {
                let from = date(&period.exempt_from, "exempt_from", &mut notes);
                let to = date(&period.exempt_to, "exempt_to", &mut notes);
                let ended = to.map_or(String::new(), |date| format!(" Ended on {date}."));
                let bound = |date: Option<PartialDate>| date.map_or(DateBound::Missing, DateBound::On);
                let period = Tenure { start: bound(from), end: bound(to) };
                facts.push(fact(period, format!("{sentence}{ended}")));
            }
            if exemption.items.as_ref().is_none_or(Vec::is_empty) {
                facts.push(fact(Tenure::UNDATED, sentence));
            }
        }
        if facts.is_empty() {
            facts.push(fact(Tenure::UNDATED, "Need not state who has significant control.".to_owned()));
        }
        self.report(notes);
        self.add_facts(facts)?;
        Ok(Outcome::Taken)
    }
}

fn fact(when: Tenure, text: String) -> Fact {
    Fact::register_statement(when.start, when.end, text, vec![SOURCE.to_owned()])
}
