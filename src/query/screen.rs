//! Which entities are blocked because listed parties own or control them: the 50 % rules.
//!
//! Each rule is a least fixpoint that starts from the list (see [`rules`](super::rules)): for certain with every share at
//! its low, possibly with the shares as favourable as the ranges allow. Both are exact, as shares of different companies do
//! not depend on one another.

use super::NodeSet;
use super::cascade::{Cascade, Joined, Joining};
use super::control::Certainty;
use super::controllers::Because;
use super::proof::{Allowance, Proof};
use super::rules::{AddsUp, Measure, Rule, Version};
use super::{PercentRange, in_time, one_day};
use crate::error::{Error, Result};
use crate::graph::{Entity, NodeId, View};
use crate::model::{AsOf, Layer};
use serde::Serialize;
use std::collections::BTreeMap;

/// The answer to "whom does this list block?".
#[derive(Debug, Clone, Serialize)]
pub struct Screening<'g> {
    /// The rule.
    pub rule: &'static str,
    /// The text of it that was used.
    pub version: Version,
    /// The day.
    pub as_of: AsOf,
    /// The listed parties, then the certainly, then the possibly blocked entities.
    pub blocked: Vec<Blocked<'g>>,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// A listed party or an entity that the rule blocks.
#[derive(Debug, Clone, Serialize)]
pub struct Blocked<'g> {
    /// The party.
    pub entity: Entity<'g>,
    /// Why it stands here.
    pub status: Status,
    /// What blocked parties hold of it: at least what the certainly blocked ones hold at their lows, at most what the
    /// possibly blocked ones can hold beside the lows of all others. Under a rule that adds up only the holdings of one
    /// party, that of the party that holds most.
    pub aggregate: PercentRange,
    /// The steps that prove it, from the list down.
    pub because: Vec<Because<'g>>,
}

/// How sure it is that a party is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// With some of the shares that the ranges allow.
    Possible,
    /// With all of them.
    Certain,
    /// It stands on the list itself.
    Listed,
}

impl Status {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Possible => "possible",
            Status::Certain => "certain",
            Status::Listed => "listed",
        }
    }
}

impl<'g> View<'g> {
    /// Which entities `rule` blocks when `listed` are listed.
    ///
    /// `jointly` are sets of parties that act jointly: where the rule adds up only the holdings of one party, such a set
    /// counts as one as soon as one of its members is listed.
    pub fn screen(self, listed: &[NodeId], jointly: &[Vec<NodeId>], rule: &'static Rule) -> Result<Screening<'g>> {
        one_day(self)?;
        let (version, caution) = rule.on(self.as_of());
        let joining = joining(version)?;
        let mut screen = Screen {
            view: self,
            layers: joining.layers,
            cascade: Cascade::new(self, joining),
            listed: listed.iter().copied().collect(),
            rows: BTreeMap::new(),
            allowance: Allowance::of(0),
        };
        for seeds in seeds(listed, jointly, version.adds_up) {
            in_time(self)?;
            screen.add(&seeds);
        }
        let mut warnings: Vec<String> = caution.into_iter().chain(screen.allowance.warning()).collect();
        let nodes: Vec<NodeId> = screen.rows.keys().copied().collect();
        let over = nodes.into_iter().filter(|&node| screen.cascade.is_over_subscribed(node));
        warnings.extend(over.map(|node| format!("over-subscribed: {}", self.graph().entity(node).id())));
        let mut blocked: Vec<Blocked<'g>> = screen.rows.into_values().collect();
        blocked.sort_by(|a, b| b.status.cmp(&a.status).then(a.entity.id().cmp(b.entity.id())));
        Ok(Screening { rule: rule.id, version: *version, as_of: self.as_of(), blocked, warnings })
    }
}

#[cfg(feature = "distributed")]
impl View<'_> {
    /// Whom `rule` possibly blocks beside the listed ones, where it adds up what everybody on the list holds; without proofs.
    pub(crate) fn possibly_blocked(self, listed: &[NodeId], rule: &'static Rule) -> Result<Vec<NodeId>> {
        one_day(self)?;
        let joined = Cascade::new(self, joining(rule.on(self.as_of()).0)?).closure(listed, Certainty::Possible);
        Ok(joined.into_iter().map(|entry| entry.node).collect())
    }
}

/// The parameters of the fixpoint.
fn joining(version: &Version) -> Result<Joining> {
    let holdings = version.tests.iter().find(|test| test.measure == Measure::Holdings);
    let holdings = holdings.ok_or_else(|| Error::usage("the rule has no test of holdings"))?;
    let rights = version.tests.iter().any(|test| test.measure == Measure::Control);
    Ok(Joining { layers: holdings.layers, threshold: holdings.limit.threshold(), rights, as_stated: false })
}

/// The sets whose holdings are added up.
fn seeds(listed: &[NodeId], jointly: &[Vec<NodeId>], adds_up: AddsUp) -> Vec<Vec<NodeId>> {
    if adds_up == AddsUp::Everybody {
        return vec![listed.to_vec()];
    }
    let mut sets: Vec<Vec<NodeId>> =
        jointly.iter().filter(|set| set.iter().any(|node| listed.contains(node))).cloned().collect();
    sets.extend(listed.iter().map(|&node| vec![node]));
    sets
}

struct Screen<'g> {
    view: View<'g>,
    layers: &'static [Layer],
    cascade: Cascade<'g>,
    listed: NodeSet,
    rows: BTreeMap<NodeId, Blocked<'g>>,
    allowance: Allowance,
}

impl<'g> Screen<'g> {
    /// Everything that one set of parties blocks.
    fn add(&mut self, seeds: &[NodeId]) {
        let certain = self.cascade.closure(seeds, Certainty::Certain);
        let possible = self.cascade.closure(seeds, Certainty::Possible);
        let sure: NodeSet = members(seeds, &certain);
        let maybe: NodeSet = members(seeds, &possible);
        let on_list: Vec<NodeId> = seeds.iter().copied().filter(|node| self.listed.contains(node)).collect();
        for node in on_list {
            self.row(node, Status::Listed, &sure, &maybe, Vec::new());
        }
        let [surely, possibly] = [&certain, &possible].map(|steps| Proof::of(seeds, steps));
        self.allowance.add(possible.len());
        for entry in &possible {
            let is_sure = sure.contains(&entry.node);
            let status = if is_sure { Status::Certain } else { Status::Possible };
            let proof = if is_sure { &surely } else { &possibly };
            let because = self.cascade.because_of(proof, entry.node, self.allowance.most());
            let because = self.allowance.spend(because);
            self.row(entry.node, status, &sure, &maybe, because);
        }
    }

    /// Keeps the row unless another set of parties already gives a surer or larger one.
    fn row(&mut self, node: NodeId, status: Status, sure: &NodeSet, maybe: &NodeSet, because: Vec<Because<'g>>) {
        let aggregate = self.cascade.aggregate(node, self.layers, sure, maybe);
        let status = if self.listed.contains(&node) { Status::Listed } else { status };
        let row = Blocked { entity: self.view.graph().entity(node), status, aggregate, because };
        let rank = |row: &Blocked<'_>| (row.status, row.aggregate.min, row.aggregate.max);
        if self.rows.get(&node).is_none_or(|known| rank(known) < rank(&row)) {
            self.rows.insert(node, row);
        }
    }
}

fn members(seeds: &[NodeId], joined: &[Joined]) -> NodeSet {
    seeds.iter().copied().chain(joined.iter().map(|entry| entry.node)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::OwnershipGraph;
    use crate::load::Loader;
    use crate::query::rules::Decides;

    fn graph(rows: &str) -> OwnershipGraph {
        let mut loader = Loader::new();
        loader.read_text("edges.csv", &format!("owner,owned,share,kind\n{rows}")).expect("edges");
        loader.finish().expect("graph")
    }

    /// `entity status min-max` for everybody who is not listed.
    fn blocked(graph: &OwnershipGraph, rule: &str, day: &str, listed: &[&str], jointly: &[&str]) -> Vec<String> {
        let node = |id: &&str| graph.node_by_id(id).expect("an entity");
        let listed: Vec<NodeId> = listed.iter().map(node).collect();
        let jointly: Vec<NodeId> = jointly.iter().map(node).collect();
        let rule = Rule::find(rule, Decides::Blocking).expect("a rule");
        let answer = graph.view(day.parse().expect("day")).screen(&listed, &[jointly], rule).expect("an answer");
        let rows = answer.blocked.iter().filter(|row| row.status != Status::Listed);
        rows.map(|row| {
            let (min, max) = (row.aggregate.min, row.aggregate.max);
            format!("{} {} {min}-{max}", row.entity.id(), row.status.as_str())
        })
        .collect()
    }

    const TODAY: &str = "2026-01-01";

    #[test]
    fn one_graph_three_laws() {
        let graph = graph("D1,T,30,\nD2,T,25,\n");
        let listed = ["D1", "D2"];
        assert_eq!(blocked(&graph, "ofac", TODAY, &listed, &[]), ["T certain 55-55"]);
        assert_eq!(blocked(&graph, "eu", TODAY, &listed, &[]), ["T certain 55-55"]);
        assert!(blocked(&graph, "uk", TODAY, &listed, &[]).is_empty());
        assert_eq!(blocked(&graph, "uk", TODAY, &listed, &listed), ["T certain 55-55"]);
        assert!(blocked(&graph, "ofac", "2010-01-01", &listed, &[]).is_empty(), "one owner alone, before 2014");
    }

    #[test]
    fn half_blocks_in_the_us_and_in_the_eu_since_july_2024() {
        let graph = graph("X,A,50,\nA,T,50,\n");
        assert_eq!(blocked(&graph, "ofac", TODAY, &["X"], &[]), ["A certain 50-50", "T certain 50-50"]);
        assert_eq!(blocked(&graph, "eu", "2024-07-03", &["X"], &[]).len(), 2);
        assert!(blocked(&graph, "eu", "2024-07-02", &["X"], &[]).is_empty());
        assert!(blocked(&graph, "uk", TODAY, &["X"], &[]).is_empty());
    }

    #[test]
    fn control_alone_blocks_in_the_eu_and_the_uk_only() {
        let graph = graph("X,A,10,\nX,A,,generalPartner\n");
        assert!(blocked(&graph, "ofac", TODAY, &["X"], &[]).is_empty());
        assert_eq!(blocked(&graph, "eu", TODAY, &["X"], &[]).len(), 1);
        assert_eq!(blocked(&graph, "uk", TODAY, &["X"], &[]).len(), 1);
    }

    #[test]
    fn a_band_gives_a_possible_row_with_its_range() {
        let graph = graph("X,A,25-60,\nY,A,30,\n");
        assert_eq!(blocked(&graph, "ofac", TODAY, &["X"], &[]), ["A possible 25-60"]);
        assert_eq!(blocked(&graph, "ofac", TODAY, &["X", "Y"], &[]), ["A certain 55-90"]);
    }
}
