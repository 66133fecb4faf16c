//! Where a figure comes from: the derivation of an effective share and of control.
//!
//! A share is explained twice. The strongest chains, each with its product, show a reader where it comes from. The equations,
//! one for each entity between, are the proof: each says what its owners count with at that end of the range and what each of
//! them is worth, and in a circle they are the system that was solved.

use super::cascade::{Cascade, Joining};
use super::column;
use super::control::{Certainty, ControlGraph, Threshold};
use super::controllers::{Because, because};
use super::effective::{Chance, End, Filling, Target, chances, fill, may_hold_remainder};
use super::paths::Path;
use super::region::Region;
use super::{InterestAnswer, PercentRange, one_day};
use crate::error::{Error, Result};
use crate::graph::{Entity, NodeId, View};
use crate::model::{AsOf, Layer, Mark, ShareRange, Source};
use serde::Serialize;
use std::collections::BTreeSet;

/// Equations that an answer holds at most.
const EQUATIONS: usize = 1000;

/// The answer to "how do you know?".
#[derive(Debug, Clone, Serialize)]
pub struct Explanation<'g> {
    /// Whose share it is.
    pub owner: Entity<'g>,
    /// Of whom.
    pub entity: Entity<'g>,
    /// The day.
    pub as_of: AsOf,
    /// The layer of the share.
    pub layer: Layer,
    /// The effective share.
    pub effective: PercentRange,
    /// What the owner holds itself, as stated.
    pub direct: Option<ShareRange>,
    /// The strongest chains, strongest first.
    pub chains: Vec<Chain<'g>>,
    /// The products of the chains added up, in percent.
    pub sum: PercentRange,
    /// Whether these are all chains that pass no entity twice.
    pub chains_complete: bool,
    /// Whether entities between own one another, so that the equations count walks round the circle too.
    pub circular: bool,
    /// One for each entity between and each end of the range, owners before what they own.
    pub equations: Vec<Equation<'g>>,
    /// Whether these are all equations.
    pub equations_complete: bool,
    /// Whether the owner controls the entity.
    pub control: Certainty,
    /// The votes that the owner and what it certainly (low) or possibly (high) controls hold.
    pub votes: PercentRange,
    /// The steps that prove control.
    pub because: Vec<Because<'g>>,
    /// Statements on the way that were set aside for a rival one of more confidence, or a newer one.
    pub set_aside: Vec<InterestAnswer<'g>>,
    /// The sources of all that was used or set aside.
    pub sources: Vec<&'g Source>,
}

/// A chain with its arithmetic.
#[derive(Debug, Clone, Serialize)]
pub struct Chain<'g> {
    /// The chain.
    #[serde(flatten)]
    pub path: Path<'g>,
    /// As a person would write it: `70 % × 100 % × ? = 0–70 %`.
    pub arithmetic: String,
}

/// What the owner's share in one entity is made of, at one end of the range.
#[derive(Debug, Clone, Serialize)]
pub struct Equation<'g> {
    /// The entity.
    pub entity: Entity<'g>,
    /// `low`, `high`, or `both` where the range is a single figure.
    pub end: &'static str,
    /// Its owners with something to contribute.
    pub terms: Vec<Term<'g>>,
    /// The owner's share in the entity, in percent.
    pub value: f64,
    /// Whether an indirect interest that a source states sets the value, because the chains give less.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub floor: bool,
    /// Whether the entity is in a circle.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub circle: bool,
    /// Whether an owner counts with less than its stated high, as all together cannot have more than the whole.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub capped: bool,
    /// As a person would write it.
    pub text: String,
}

/// An owner in an equation.
#[derive(Debug, Clone, Serialize)]
pub struct Term<'g> {
    /// The owner; absent for what nobody known holds, which counts in an open world only.
    pub owner: Option<Entity<'g>>,
    /// What it counts with, in percent.
    pub share: f64,
    /// The share of the party asked about in it, in percent.
    pub value: f64,
}

impl<'g> View<'g> {
    /// Derives the effective share of `owner` in `entity`, and control, showing at most `limit` chains.
    pub fn explain(self, owner: NodeId, entity: NodeId, limit: usize) -> Result<Explanation<'g>> {
        one_day(self)?;
        if owner == entity {
            return Err(Error::usage("an entity's share in itself is not explained: give two parties"));
        }
        let graph = self.graph();
        let region = Region::above(self, entity);
        let between = Between::new(&region, owner)?;
        let paths = self.paths(owner, entity, limit)?;
        let chains: Vec<Chain<'g>> = paths.paths.into_iter().map(chain).collect();
        let equations = between.equations();
        let (control, votes, because) = control(self, owner, entity);
        let direct = region.local(entity).and_then(|local| {
            region.column(local).holders.iter().find(|holder| holder.owner == owner).map(|holder| holder.stated)
        });
        let set_aside = between.set_aside();
        let mut sources: BTreeSet<&str> =
            set_aside.iter().flat_map(|interest| interest.sources).map(String::as_str).collect();
        sources.extend(
            chains.iter().flat_map(|chain| &chain.path.interests).flat_map(|step| step.sources.iter().copied()),
        );
        sources.extend(because.iter().flat_map(|step| step.sources.iter().copied()));
        Ok(Explanation {
            owner: graph.entity(owner),
            entity: graph.entity(entity),
            as_of: self.as_of(),
            layer: self.current_layer(),
            effective: between.share(entity),
            direct,
            sum: sum(&chains),
            chains,
            chains_complete: paths.complete,
            circular: equations.iter().any(|equation| equation.circle),
            equations_complete: equations.len() < EQUATIONS,
            equations,
            control,
            votes,
            because,
            set_aside,
            sources: sources.into_iter().filter_map(|id| graph.source(id)).collect(),
        })
    }
}

/// The part of a region between an owner and an entity, with the owner's share in each.
struct Between<'r, 'g> {
    region: &'r Region<'g>,
    owner: NodeId,
    low: Vec<Chance>,
    high: Vec<Chance>,
}

impl<'r, 'g> Between<'r, 'g> {
    fn new(region: &'r Region<'g>, owner: NodeId) -> Result<Self> {
        let (mut low, mut high) = (vec![Chance::default(); region.len()], vec![Chance::default(); region.len()]);
        if let Some(local) = region.local(owner) {
            low = chances(region, Target::Owners(&[local]), End::Low)?;
            high = chances(region, Target::Owners(&[local]), End::High)?;
        }
        Ok(Self { region, owner, low, high })
    }

    fn share(&self, entity: NodeId) -> PercentRange {
        let at = self.region.local(entity).map(|local| local as usize);
        at.map_or(PercentRange::default(), |at| PercentRange::from_chances(self.low[at], self.high[at]))
    }

    /// Whether the owner has, or may have, something of an entity other than itself.
    fn has(&self, local: u32) -> bool {
        self.region.node(local) != self.owner && self.high[local as usize].value > 0.0
    }

    fn equations(&self) -> Vec<Equation<'g>> {
        let mut equations = Vec::new();
        for members in self.region.components() {
            for &local in members.iter().filter(|&&local| self.has(local)) {
                let circle = members.len() > 1 || self.region.owners(local).contains(&local);
                let low = self.equation(local, End::Low, circle);
                let high = self.equation(local, End::High, circle);
                let same = low.value == high.value && low.text == high.text;
                if same {
                    equations.push(Equation { end: "both", ..high });
                } else {
                    equations.extend([low, high]);
                }
                if equations.len() >= EQUATIONS {
                    equations.truncate(EQUATIONS);
                    return equations;
                }
            }
        }
        equations
    }

    fn equation(&self, local: u32, end: End, circle: bool) -> Equation<'g> {
        let values = if end == End::Low { &self.low } else { &self.high };
        let graph = self.region.view.graph();
        let links = self.region.links(local);
        let counts = end == End::High && may_hold_remainder(self.region, local);
        let Filling { weights, remainder } = fill(self.region, local, end, values, if counts { 1.0 } else { 0.0 });
        let mut terms: Vec<Term<'g>> = Vec::new();
        let mut capped = false;
        for (link, &weight) in links.iter().zip(&weights) {
            let worth = values[link.owner as usize].value;
            capped |= end == End::High && worth > 0.0 && weight < u64::from(link.high);
            if worth > 0.0 && weight > 0 {
                let owner = Some(graph.entity(self.region.node(link.owner)));
                terms.push(Term { owner, share: weight as f64 / 1e7, value: worth * 100.0 });
            }
        }
        if counts && remainder > 0 {
            terms.push(Term { owner: None, share: remainder as f64 / 1e7, value: 100.0 });
        }
        terms.sort_by(|a, b| (b.share * b.value).total_cmp(&(a.share * a.value)));
        let value = values[local as usize].value * 100.0;
        let walk: f64 = terms.iter().map(|term| term.share * term.value / 100.0).sum();
        let entity = graph.entity(self.region.node(local));
        let floor = value > walk + 1e-9;
        let text = equation_text(entity, &terms, value, floor);
        let end = if end == End::Low { "low" } else { "high" };
        Equation { entity, end, terms, value, floor, circle, capped, text }
    }

    /// The statements on the way that lost against a rival.
    fn set_aside(&self) -> Vec<InterestAnswer<'g>> {
        let view = self.region.view;
        let mut interests = Vec::new();
        for local in (0..self.region.len() as u32).filter(|&local| self.has(local)) {
            let owned = self.region.node(local);
            let column = self.region.column(local);
            let rivals = column.holders.iter().filter(|holder| {
                let leads = self.region.local(holder.owner);
                let leads = leads.is_some_and(|owner| holder.owner == self.owner || self.has(owner));
                holder.marks.has(Mark::Rival) && leads
            });
            let edges = rivals.flat_map(|holder| column::set_aside(view, holder.owner, owned));
            interests.extend(edges.map(|edge| InterestAnswer::of(view.graph().stake(edge))));
        }
        interests
    }
}

/// Control, the votes held together, and the proof.
fn control<'g>(view: View<'g>, owner: NodeId, entity: NodeId) -> (Certainty, PercentRange, Vec<Because<'g>>) {
    let mut control = ControlGraph::new(view, Threshold::default());
    let certain = control.closure(&[owner], Certainty::Certain);
    let possible = control.closure(&[owner], Certainty::Possible);
    let members = |closure: &[super::control::Controlled]| -> super::NodeSet {
        closure.iter().map(|entry| entry.node).chain([owner]).filter(|&node| node != entity).collect()
    };
    let votes: &[Layer] = &[Layer::Votes];
    let joining = Joining { layers: &[Layer::Votes], threshold: Threshold::default(), rights: true, as_stated: false };
    let held = Cascade::new(view, joining).aggregate(entity, votes, &members(&certain), &members(&possible));
    let (how, closure) = if certain.iter().any(|entry| entry.node == entity) {
        (Certainty::Certain, &certain)
    } else if possible.iter().any(|entry| entry.node == entity) {
        (Certainty::Possible, &possible)
    } else {
        return (Certainty::None, held, Vec::new());
    };
    (how, held, because(&mut control, &[owner], closure, entity))
}

fn chain(path: Path<'_>) -> Chain<'_> {
    let factor = |share: &Option<ShareRange>| match share {
        Some(share) if share.is_exact() || share.is_unknown() => share.to_string(),
        Some(share) => format!("({share})"),
        None => "control".to_owned(),
    };
    let factors: Vec<String> = path.interests.iter().map(|step| factor(&step.share)).collect();
    let by_control = path.interests.iter().any(|step| step.share.is_none());
    let arithmetic = match by_control {
        true => format!("{} = no share, control only", factors.join(" × ")),
        false => format!("{} = {}", factors.join(" × "), range_text(&path.product)),
    };
    Chain { path, arithmetic }
}

/// The products added up, cut at the whole.
fn sum(chains: &[Chain<'_>]) -> PercentRange {
    let mut sum = PercentRange::default();
    for product in chains.iter().map(|chain| &chain.path.product) {
        sum.min += product.min;
        sum.max += product.max;
        sum.min_open |= product.min_open;
        sum.max_open |= product.max_open;
    }
    if sum.max > 100.0 {
        (sum.max, sum.max_open) = (100.0, false);
    }
    sum.min = sum.min.min(sum.max);
    sum
}

/// `share in C1 = 20 % × 100 % (P) + 30 % × 97.87 % (C2) = 49.36 %`
fn equation_text(entity: Entity<'_>, terms: &[Term<'_>], value: f64, floor: bool) -> String {
    let words = |term: &Term<'_>| {
        let owner = term.owner.map_or("held by nobody known", |owner| owner.name());
        format!("{} % × {} % ({owner})", number(term.share), number(term.value))
    };
    let parts: Vec<String> = terms.iter().map(words).collect();
    let parts = if parts.is_empty() { "0 %".to_owned() } else { parts.join(" + ") };
    let note = if floor { ", raised to what an indirect interest states:" } else { " =" };
    format!("share in {} = {parts}{note} {} %", entity.name(), number(value))
}

/// `0–70 %`
fn range_text(range: &PercentRange) -> String {
    if range.is_exact() {
        return format!("{} %", number(range.min));
    }
    let (from, to) = (if range.min_open { ">" } else { "" }, if range.max_open { "<" } else { "" });
    format!("{from}{}–{to}{} %", number(range.min), number(range.max))
}

/// Percent with at most nine decimals.
fn number(percent: f64) -> String {
    let text = format!("{percent:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::OwnershipGraph;
    use crate::load::Loader;

    fn graph(rows: &str) -> OwnershipGraph {
        let mut loader = Loader::new();
        loader.read_text("edges.csv", &format!("owner,owned,share\n{rows}")).expect("edges");
        loader.finish().expect("graph")
    }

    fn explain(graph: &OwnershipGraph) -> Explanation<'_> {
        let node = |id| graph.node_by_id(id).expect("an entity");
        graph.view("2026-01-01".parse().expect("day")).explain(node("P"), node("T"), 10).expect("an answer")
    }

    #[test]
    fn chains_are_multiplied_and_added_up() {
        let graph = graph("P,A,70\nA,B,100\nB,T,\nP,T,10\n");
        let answer = explain(&graph);
        let lines: Vec<&str> = answer.chains.iter().map(|chain| chain.arithmetic.as_str()).collect();
        assert_eq!(lines, ["70 % × 100 % × ? = 0–70 %", "10 % = 10 %"]);
        assert_eq!((answer.sum.min, answer.sum.max, answer.chains_complete), (10.0, 80.0, true));
        assert_eq!((answer.effective.min, answer.effective.max), (10.0, 73.0), "what is left after 10 % is 90 %");
        let last = answer.equations.last().expect("an equation");
        assert!(last.capped && last.text.contains("90 % × 70 % (B)"), "{}", last.text);
    }

    #[test]
    fn rivals_that_lost_are_shown() {
        let mut loader = Loader::new();
        let interest = |id: &str, share: u32, confidence: &str| {
            format!(
                r#"{{"id":"{id}","owner":"P","owned":"T","kind":"shareholding","share":{share},"confidence":"{confidence}","sources":["s"],"directness":"indirect"}}"#
            )
        };
        let text = format!(
            r#"{{"cuibono":1,"title":"t","sources":[{{"id":"s","title":"s"}}],"entities":[{{"id":"P","name":"P","kind":"person"}},{{"id":"T","name":"T","kind":"company"}}],"interests":[{},{}]}}"#,
            interest("a", 60, "low"),
            interest("b", 70, "high")
        );
        loader.read_text("rivals.json", &text).expect("a document");
        let graph = loader.finish().expect("graph");
        let answer = explain(&graph);
        assert_eq!(answer.effective.min, 70.0);
        let ids: Vec<&str> = answer.set_aside.iter().map(|interest| interest.id.as_str()).collect();
        assert_eq!(ids, ["a"]);
    }

    #[test]
    fn a_circle_is_a_system_that_its_values_solve() {
        let graph = graph("P,A,50\nT,A,20\nA,T,60\nP,T,10\n");
        let answer = explain(&graph);
        assert!(answer.circular);
        for equation in &answer.equations {
            let sum: f64 = equation.terms.iter().map(|term| term.share * term.value / 100.0).sum();
            assert!((sum - equation.value).abs() < 1e-9, "{}", equation.text);
        }
        assert_eq!(answer.effective.min, answer.equations.last().expect("an equation").value);
    }
}
