//! Who is a beneficial owner of an entity under a rule of law.
//!
//! A rule is a row of tests ([`rules`](super::rules)); each test of each candidate is judged in three values: met with all
//! shares that the sources allow, with some, or with none. Test by test the bounds are exact; where a rule joins two
//! questions (a share *in an entity that controls* the subject), "cannot tell" may include cases that no single world
//! realises, never the other way round.

mod judge;

use super::control::Certainty;
use super::controllers::Because;
use super::rules::{Limit, Measure, Rule, Test, Version};
use super::verdict::{SettledBy, Verdict};
use super::{PercentRange, in_time, one_day};
use crate::error::Result;
use crate::graph::{Entity, NodeId, View};
use crate::model::AsOf;
use judge::Judge;
use serde::Serialize;

/// The answer to "who is a beneficial owner of X?".
#[derive(Debug, Clone, Serialize)]
pub struct BeneficialOwners<'g> {
    /// The entity asked about.
    pub subject: Entity<'g>,
    /// The rule.
    pub rule: &'static str,
    /// The text of it that was used.
    pub version: Version,
    /// The day.
    pub as_of: AsOf,
    /// One row for each candidate and test that is met, or may be; certain ones first.
    pub owners: Vec<OwnerRow<'g>>,
    /// Every candidate with its verdict.
    pub candidates: Vec<Candidate<'g>>,
    /// Parties that would qualify but are no natural persons and have no stated owner: somebody stands behind them.
    pub unresolved: Vec<OwnerRow<'g>>,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// A test that a candidate meets, or may meet.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerRow<'g> {
    /// The candidate.
    pub entity: Entity<'g>,
    /// What is measured.
    pub measure: &'static str,
    /// Article or paragraph.
    pub article: &'static str,
    /// How much it takes.
    pub threshold: Limit,
    /// The share that was measured, in percent; for control the votes that the candidate and what it controls hold.
    pub share: PercentRange,
    /// How sure it is that the test is met.
    pub status: Certainty,
    /// Whether the party is to be entered in the register itself (`uk-psc`): not where a registrable company stands between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registrable: Option<bool>,
    /// The steps that show it.
    pub because: Vec<Because<'g>>,
}

/// A party that may be a beneficial owner.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate<'g> {
    /// The party.
    pub entity: Entity<'g>,
    /// Whether it meets any of the tests.
    pub verdict: Verdict,
    /// Test by test.
    pub tests: Vec<Finding<'g>>,
}

/// The verdict of one test.
#[derive(Debug, Clone, Serialize)]
pub struct Finding<'g> {
    /// What is measured.
    pub measure: &'static str,
    /// Article or paragraph.
    pub article: &'static str,
    /// How much it takes.
    pub threshold: Limit,
    /// The share that was measured, in percent.
    pub share: PercentRange,
    /// Whether it is met.
    pub verdict: Verdict,
    /// What would settle it, where it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<SettledBy<'g>>,
    #[serde(skip)]
    because: Vec<Because<'g>>,
}

impl<'g> View<'g> {
    /// Who is a beneficial owner of `subject` under `rule`; `ownership` replaces the rule's threshold of ownership.
    pub fn beneficial_owners_of(
        self,
        subject: NodeId,
        rule: &'static Rule,
        ownership: Option<Limit>,
    ) -> Result<BeneficialOwners<'g>> {
        one_day(self)?;
        let (version, caution) = rule.on(self.as_of());
        let tests: Vec<Test> = version.tests.iter().map(|test| with_limit(*test, ownership)).collect();
        let mut judge = Judge::new(self, subject, &tests)?;
        let mut answer = BeneficialOwners {
            subject: self.graph().entity(subject),
            rule: rule.id,
            version: *version,
            as_of: self.as_of(),
            owners: Vec::new(),
            candidates: Vec::new(),
            unresolved: Vec::new(),
            warnings: caution.into_iter().collect(),
        };
        answer.warnings.extend(judge.warnings());
        for party in judge.parties() {
            in_time(self)?;
            let entity = self.graph().entity(party);
            let Some(capacity) = judge.capacity(entity) else {
                answer.unresolved.extend(judge.unresolved(entity)?);
                continue;
            };
            answer.candidates.push(judge.candidate(entity, capacity)?);
        }
        judge.fallback(&mut answer.candidates);
        judge.registrable(&mut answer);
        answer.candidates.sort_by(|a, b| b.verdict.cmp(&a.verdict).then(a.entity.id().cmp(b.entity.id())));
        Ok(answer)
    }
}

/// A test of ownership with another threshold.
fn with_limit(test: Test, ownership: Option<Limit>) -> Test {
    let of_ownership = matches!(
        test.measure,
        Measure::Effective | Measure::Attributed | Measure::HeldByControlled | Measure::InController
    );
    Test { limit: ownership.filter(|_| of_ownership).unwrap_or(test.limit), ..test }
}

fn overall(findings: &[Finding<'_>]) -> Verdict {
    findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::NotMet)
}

/// A row, whose status is at most `most`.
fn row<'g>(entity: Entity<'g>, finding: Finding<'g>, most: Certainty) -> OwnerRow<'g> {
    let status = if finding.verdict == Verdict::Met { Certainty::Certain } else { Certainty::Possible };
    OwnerRow {
        entity,
        measure: finding.measure,
        article: finding.article,
        threshold: finding.threshold,
        share: finding.share,
        status: status.min(most),
        registrable: None,
        because: finding.because,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::OwnershipGraph;
    use crate::load::Loader;
    use crate::query::rules::Decides;

    fn graph(rows: &str) -> OwnershipGraph {
        let mut loader = Loader::new();
        let header = "owner,owned,share,kind,owner_kind,owner_jurisdiction\n";
        loader.read_text("edges.csv", &format!("{header}{rows}")).expect("edges");
        loader.finish().expect("graph")
    }

    fn answer<'g>(graph: &'g OwnershipGraph, rule: &str) -> BeneficialOwners<'g> {
        let subject = graph.node_by_id("T").expect("T");
        let rule = Rule::find(rule, Decides::BeneficialOwner).expect("a rule");
        let view = graph.view("2028-01-01".parse().expect("day"));
        view.beneficial_owners_of(subject, rule, None).expect("an answer")
    }

    fn verdict(graph: &OwnershipGraph, rule: &str, party: &str) -> Verdict {
        let answer = answer(graph, rule);
        answer.candidates.iter().find(|candidate| candidate.entity.id() == party).map_or(Verdict::NotMet, |c| c.verdict)
    }

    fn articles(graph: &OwnershipGraph, party: &str) -> Vec<&'static str> {
        let answer = answer(graph, "eu-amlr");
        let rows = answer.owners.iter().filter(|row| row.entity.id() == party && row.status == Certainty::Certain);
        let mut articles: Vec<&str> = rows.map(|row| row.article).collect();
        articles.sort_unstable();
        articles
    }

    /// The matrix of the same graph under different laws.
    #[test]
    fn same_graph_different_law() {
        use Verdict::{Met, NotMet};
        let cases = [
            ("X,A,60,,person,\nA,T,30,,,\n", Met, vec!["art. 54(a)"]),
            ("X,A,50,,person,\nA,T,50,,,\n", NotMet, vec!["art. 52"]),
            ("X,A,40,,person,\nA,T,90,,,\n", NotMet, vec!["art. 52", "art. 54(b)"]),
            ("X,A,30,,person,\nA,T,60,,,\n", NotMet, vec!["art. 54(b)"]),
            ("X,T,25,,person,\nY,T,25,,person,\n", NotMet, vec!["art. 52"]),
        ];
        for (rows, psc, amlr) in cases {
            let graph = graph(rows);
            assert_eq!(verdict(&graph, "uk-psc", "X"), psc, "{rows}");
            assert_eq!(articles(&graph, "X"), amlr, "{rows}");
        }
    }

    #[test]
    fn the_register_attributes_in_full_and_multiplies_nothing() {
        let graph = graph("X,A,51,,person,GB\nA,T,30,,company,GB\n");
        let answer = answer(&graph, "uk-psc");
        let row = answer.owners.iter().find(|row| row.entity.id() == "X").expect("X");
        assert_eq!((row.share.min, row.share.max, row.status), (30.0, 30.0, Certainty::Certain));
        assert_eq!(row.registrable, Some(false), "the company between keeps a register itself");
        let company = answer.owners.iter().find(|row| row.entity.id() == "A").expect("A");
        assert_eq!((company.status, company.registrable), (Certainty::Certain, Some(true)));
    }

    #[test]
    fn joint_holders_count_whole_in_the_register() {
        let graph = graph("X,T,75-100,,person,\nY,T,75-100,,person,\n");
        assert_eq!(verdict(&graph, "uk-psc", "X"), Verdict::Met);
        assert_eq!(verdict(&graph, "uk-psc", "Y"), Verdict::Met);
    }

    #[test]
    fn an_unknown_share_is_named_with_the_figures_that_would_settle_it() {
        let graph = graph("X,A,,,person,\nA,T,40,,,\n");
        let answer = answer(&graph, "fincen");
        let candidate = &answer.candidates[0];
        assert_eq!(candidate.verdict, Verdict::CannotTell);
        let settled = candidate.tests[0].settled_by.as_ref().expect("what would settle it");
        assert_eq!((settled.owner.id(), settled.owned.id()), ("X", "A"));
        assert_eq!((settled.met_from, settled.not_met_below), (Some(62.5), Some(62.5)));
        assert_eq!((candidate.tests[0].share.min, candidate.tests[0].share.max), (0.0, 40.0));
    }

    #[test]
    fn only_natural_persons_qualify_and_what_ends_elsewhere_is_unresolved() {
        let graph = graph("Fund,T,60,,company,\nM,T,0,seniorManagingOfficial,person,\n");
        let amlr = answer(&graph, "eu-amlr");
        assert_eq!(amlr.unresolved[0].entity.id(), "Fund");
        assert_eq!(amlr.owners[0].entity.id(), "M", "the senior manager stands in where nobody qualifies");
        assert_eq!(verdict(&graph, "fincen", "M"), Verdict::Met);
    }
}
