//! The data-quality report.

mod entities;
mod interests;
mod names;

use super::column::{WHOLE, column};
use super::{circular, events};
use crate::graph::{NodeId, View};
use crate::model::{AsOf, Mark};
use crate::problem::{Problem, Rule, Severity};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The findings about the data.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The day for which the rules about shares were judged; `all` judges every day on which an interest begins.
    pub as_of: AsOf,
    /// The findings, gravest first.
    pub findings: Vec<Finding>,
    /// Findings by rule.
    pub counts: BTreeMap<&'static str, usize>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Where: file, line or record.
    pub record: String,
    /// What is wrong.
    pub message: String,
}

impl Finding {
    fn new(rule: Rule, record: String, message: String) -> Self {
        Self { rule: rule.id(), severity: rule.severity(), record, message }
    }
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        Self::new(problem.rule, problem.location.to_string(), problem.message.clone())
    }
}

impl Report {
    /// Whether a finding of this severity or a graver one is present.
    pub fn reaches(&self, severity: Severity) -> bool {
        self.findings.iter().any(|finding| finding.severity >= severity)
    }
}

impl View<'_> {
    /// Judges the data by every rule.
    pub fn check(self) -> Report {
        let graph = self.graph();
        let mut findings: BTreeSet<Finding> = graph.problems().iter().map(Finding::from).collect();
        findings.extend(graph.edges().flat_map(|edge| interests::findings(graph, edge)));
        findings.extend(graph.nodes().flat_map(|node| entities::findings(graph, node)));
        findings.extend(graph.nodes().filter_map(|node| entities::joined_unlike_names(graph.entity(node))));
        findings.extend(entities::duplicate_identifiers(graph));
        findings.extend(names::look_alike(graph));
        for node in graph.nodes() {
            for view in self.moments(node) {
                findings.extend(column_findings(view, node));
            }
        }
        findings.extend(circles(self));
        let mut findings: Vec<Finding> = findings.into_iter().collect();
        findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.cmp(b)));
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        findings.iter().for_each(|finding| *counts.entry(finding.rule).or_default() += 1);
        graph.problems().beyond_kept().for_each(|(rule, more)| *counts.entry(rule.id()).or_default() += more);
        Report { as_of: self.as_of(), findings, counts }
    }

    /// The days on which the shares in an entity are judged: the day of the view, or every day on which one begins.
    fn moments(self, node: NodeId) -> Vec<Self> {
        if !events::is_all(self) {
            return vec![self];
        }
        let graph = self.graph();
        let starts = graph.held_in(node).map(|edge| graph.dates(edge).0.representative());
        let days: BTreeSet<_> = starts.map(|date| date.map(|date| date.last_day())).collect();
        let earliest = days.iter().flatten().next().copied();
        let days = days.into_iter().flatten().chain(earliest.is_none().then(crate::model::Day::today));
        days.map(|day| self.on(day)).collect()
    }
}

fn column_findings(view: View<'_>, node: NodeId) -> Vec<Finding> {
    let graph = view.graph();
    let id = graph.entity(node).id();
    let column = column(view, node);
    let mut findings = Vec::new();
    if column.over_subscribed {
        let sum: f64 = column.holders.iter().map(|holder| holder.stated.min().percent()).sum();
        let message = format!("the {} shares stated in {id} sum to at least {sum} %", view.current_layer());
        findings.push(Finding::new(Rule::OverSubscribed, id.to_owned(), message));
    }
    let most: u64 = column.holders.iter().map(|holder| u64::from(holder.high)).sum();
    if column.complete && !column.holders.is_empty() && most < WHOLE {
        let message =
            format!("all owners of {id} are said to be stated, yet their shares reach only {} %", percent(most));
        findings.push(Finding::new(Rule::IncompleteRegister, id.to_owned(), message));
    }
    for holder in column.holders.iter().filter(|holder| holder.marks.has(Mark::Rival)) {
        let owner = graph.entity(holder.owner).id();
        let edges = super::column::evidence(view, holder.owner, node);
        let apart = edges.iter().find(|&&edge| !graph.interest(edge).share().meets(holder.stated));
        if let Some(&edge) = apart {
            let other = graph.stake(edge);
            let message = format!(
                "{owner} in {id}: {} counts, {} states {}; the ranges do not meet",
                holder.stated,
                other.id(),
                other.interest().share()
            );
            findings.push(Finding::new(Rule::RivalAccounts, other.id().into_owned(), message));
        }
    }
    for floor in &column.floors {
        let owner = graph.entity(floor.owner).id();
        let message =
            format!("{owner} in {id}: the indirect {} stands beside a chain of direct interests", floor.stated);
        findings.push(Finding::new(Rule::IndirectBesideChain, id.to_owned(), message));
    }
    findings
}

fn percent(ppb: u64) -> f64 {
    ppb as f64 / WHOLE as f64 * 100.0
}

fn circles(view: View<'_>) -> Vec<Finding> {
    let groups = if events::is_all(view) { view.on(crate::model::Day::today()) } else { view }.circular_groups();
    let finding = |group: circular::CircularGroup<'_>| {
        let ids: Vec<&str> = group.members.iter().map(|member| member.id()).collect();
        let message = match ids.as_slice() {
            [single] => format!("{single} holds itself"),
            _ => format!("{} hold one another", ids.join(", ")),
        };
        Finding::new(Rule::Circle, ids[0].to_owned(), message)
    };
    groups.groups.into_iter().map(finding).collect()
}
