//! Who controls an entity, what an entity controls, and why.

use super::control::{Certainty, ControlGraph, Controlled, Step, Threshold};
use super::owners::controllers;
use super::proof::{Allowance, Proof};
use super::{NodeMap, NodeSet};
use super::{column, in_time, members, one_day};
use crate::error::Result;
use crate::graph::scc::components;
use crate::graph::{EdgeId, Entity, NodeId, View};
use crate::model::{AsOf, ShareRange};
use serde::Serialize;
use std::collections::BTreeSet;

/// The answer to "who controls X?".
#[derive(Debug, Clone, Serialize)]
pub struct Controllers<'g> {
    /// The entity asked about.
    pub subject: Entity<'g>,
    /// The day.
    pub as_of: AsOf,
    /// Its controllers, certain ones first.
    pub controllers: Vec<ControlRow<'g>>,
    /// Whether the entity controls itself through what it controls.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub controls_itself: bool,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// The answer to "what does X control?".
#[derive(Debug, Clone, Serialize)]
pub struct ControlledEntities<'g> {
    /// The controller asked about.
    pub subject: Entity<'g>,
    /// The day.
    pub as_of: AsOf,
    /// What it controls, certain control first.
    pub controlled: Vec<ControlRow<'g>>,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// One controller, or one controlled entity.
#[derive(Debug, Clone, Serialize)]
pub struct ControlRow<'g> {
    /// The other party.
    pub entity: Entity<'g>,
    /// How sure it is.
    pub control: Certainty,
    /// Whether nobody outside the controller's own mutual-control class certainly controls it.
    pub ultimate: bool,
    /// The steps that prove it, from the controller down.
    pub because: Vec<Because<'g>>,
}

/// One step of a proof of control.
#[derive(Debug, Clone, Serialize)]
pub struct Because<'g> {
    /// Who holds.
    pub owner: Entity<'g>,
    /// In whom.
    pub owned: Entity<'g>,
    /// `votes`, `capital`, or the kind of the right.
    pub kind: &'static str,
    /// What is held, where the step is one of votes or capital.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareRange>,
    /// Identifiers of the interests.
    pub interests: Vec<String>,
    /// Identifiers of their sources.
    pub sources: Vec<&'g str>,
}

impl<'g> View<'g> {
    /// Who controls `subject`, certainly or possibly, and why.
    pub fn controllers_of(self, subject: NodeId, threshold: Threshold) -> Result<Controllers<'g>> {
        one_day(self)?;
        let mut control = ControlGraph::new(self, threshold);
        let statuses = controllers(&mut control, subject)?;
        let mutual = Mutual::above(&mut control, subject);
        let mut rows = Vec::with_capacity(statuses.len());
        for (&node, &certainty) in &statuses {
            in_time(self)?;
            rows.push(ControlRow {
                entity: self.graph().entity(node),
                control: certainty,
                ultimate: mutual.is_ultimate(&mut control, node),
                because: Vec::new(),
            });
        }
        sort(&mut rows);
        let mut warnings = over_subscribed(&mut control, subject);
        warnings.extend(prove(&mut control, &mut rows, subject)?);
        Ok(Controllers {
            subject: self.graph().entity(subject),
            as_of: self.as_of(),
            controllers: rows,
            controls_itself: control.controls_itself(subject),
            warnings,
        })
    }

    /// What `group` together controls, certainly or possibly, and why; a single controller is the usual case.
    pub fn controlled_by(self, group: &[NodeId], threshold: Threshold) -> Result<ControlledEntities<'g>> {
        one_day(self)?;
        let group = &members(group)?;
        let mut control = ControlGraph::new(self, threshold);
        let certain = control.closure(group, Certainty::Certain);
        let possible = control.closure(group, Certainty::Possible);
        let ultimate = group.iter().all(|&member| is_ultimate(&mut control, member));
        let sure: NodeSet = certain.iter().map(|entry| entry.node).collect();
        let [surely, possibly] = [&certain, &possible].map(|closure| Proof::of(group, closure));
        let mut allowance = Allowance::of(possible.len());
        let mut rows = Vec::with_capacity(possible.len());
        for entry in &possible {
            in_time(self)?;
            let is_sure = sure.contains(&entry.node);
            let proof = if is_sure { &surely } else { &possibly };
            rows.push(ControlRow {
                entity: self.graph().entity(entry.node),
                control: if is_sure { Certainty::Certain } else { Certainty::Possible },
                ultimate,
                because: allowance.spend(because_of(&mut control, proof, entry.node, allowance.most())),
            });
        }
        sort(&mut rows);
        let nodes: Vec<NodeId> = possible.iter().map(|entry| entry.node).collect();
        let over = nodes.into_iter().filter(|&node| control.is_over_subscribed(node));
        let over = over.map(|node| format!("over-subscribed: {}", self.graph().entity(node).id()));
        let warnings = over.chain(allowance.warning()).collect();
        Ok(ControlledEntities {
            subject: self.graph().entity(group[0]),
            as_of: self.as_of(),
            controlled: rows,
            warnings,
        })
    }
}

fn sort(rows: &mut [ControlRow<'_>]) {
    rows.sort_by(|a, b| {
        let ultimate = b.ultimate.cmp(&a.ultimate);
        b.control.cmp(&a.control).then(ultimate).then(a.entity.id().cmp(b.entity.id()))
    });
}

fn over_subscribed(control: &mut ControlGraph<'_>, subject: NodeId) -> Vec<String> {
    let graph = control.view().graph();
    let nodes = control.above(subject);
    let over = nodes.into_iter().filter(|&node| control.is_over_subscribed(node));
    over.map(|node| format!("over-subscribed: {}", graph.entity(node).id())).collect()
}

/// Closures that are looked through for proofs, in members.
const CLOSURES: usize = 2_000_000;

/// Gives each controller the steps that prove its control, as many as an answer may have.
fn prove<'g>(control: &mut ControlGraph<'g>, rows: &mut [ControlRow<'g>], subject: NodeId) -> Result<Option<String>> {
    let (mut allowance, mut closures) = (Allowance::of(rows.len()), CLOSURES);
    for row in rows {
        in_time(control.view())?;
        let seed = [row.entity.node()];
        // What was found out for one row is not known of the next: each closure begins anew.
        let proof = match closures {
            0 => None,
            _ if allowance.most() == 0 => None,
            _ => {
                let closure = control.closure_until(&seed, row.control, |_| true, |node| node == subject);
                closures = closures.saturating_sub(closure.len());
                because_of(control, &Proof::of(&seed, &closure), subject, allowance.most())
            }
        };
        row.because = allowance.spend(proof);
    }
    Ok(allowance.warning())
}

/// Which of the parties above a subject may control one another: those that hold one another in circles.
struct Mutual(NodeMap<u32>);

impl Mutual {
    fn above(control: &mut ControlGraph<'_>, subject: NodeId) -> Self {
        let nodes = control.above(subject);
        let numbers: NodeMap<u32> = nodes.iter().copied().zip(0..).collect();
        let owners: Vec<Vec<u32>> =
            nodes.iter().map(|&node| control.owners(node).iter().map(|owner| numbers[owner]).collect()).collect();
        let circles = components(nodes.len(), |node| &owners[node as usize]).numbers();
        Self(nodes.into_iter().zip(circles).collect())
    }

    /// Whether nobody certainly controls a party whom it does not certainly control in turn.
    fn is_ultimate(&self, control: &mut ControlGraph<'_>, node: NodeId) -> bool {
        // Whom nothing leads back to cannot be controlled in turn.
        let outside = |other: &NodeId| self.0.get(other) != self.0.get(&node);
        let has_a_master = control.sole_controllers(&[node], Certainty::Certain).iter().any(outside);
        !has_a_master && is_ultimate(control, node)
    }
}

/// Nobody certainly controls it whom it does not certainly control in turn.
fn is_ultimate(control: &mut ControlGraph<'_>, node: NodeId) -> bool {
    let others = control.above(node);
    if others.len() == 1 {
        return true;
    }
    let below = control.closure(&[node], Certainty::Certain);
    let below: NodeSet = below.iter().map(|entry| entry.node).collect();
    let others: Vec<NodeId> = others.into_iter().filter(|other| *other != node && !below.contains(other)).collect();
    others.into_iter().all(|other| !control.controls(&[other], node, Certainty::Certain))
}

/// The steps of a closure that lead to `subject`, from the controller down.
pub(crate) fn because<'g>(
    control: &mut ControlGraph<'g>,
    group: &[NodeId],
    closure: &[Controlled],
    subject: NodeId,
) -> Vec<Because<'g>> {
    because_of(control, &Proof::of(group, closure), subject, usize::MAX).unwrap_or_default()
}

/// The same for one of many; nothing where it rests on more than so many.
fn because_of<'g>(
    control: &mut ControlGraph<'g>,
    proof: &Proof<'_, Controlled>,
    subject: NodeId,
    most: usize,
) -> Option<Vec<Because<'g>>> {
    let graph = control.view().graph();
    let chain = proof.chain_to(subject, most, |entry| match &entry.step {
        Step::Votes(holders) => holders.clone(),
        Step::Right(edge) => vec![graph.interest(*edge).owner()],
    })?;
    Some(chain.into_iter().flat_map(|entry| reasons(control, entry)).collect())
}

fn reasons<'g>(control: &mut ControlGraph<'g>, entry: &Controlled) -> Vec<Because<'g>> {
    let view = control.view();
    match &entry.step {
        Step::Votes(holders) => holders
            .iter()
            .map(|&holder| {
                let edges = column::evidence(view, holder, entry.node);
                Because::new(view, holder, entry.node, "votes", control.votes(holder, entry.node), &edges)
            })
            .collect(),
        Step::Right(edge) => {
            let interest = view.graph().interest(*edge);
            vec![Because::new(view, interest.owner(), entry.node, interest.kind().as_str(), None, &[*edge])]
        }
    }
}

impl<'g> Because<'g> {
    /// A step with its evidence.
    pub(crate) fn new(
        view: View<'g>,
        owner: NodeId,
        owned: NodeId,
        kind: &'static str,
        share: Option<ShareRange>,
        edges: &[EdgeId],
    ) -> Self {
        let graph = view.graph();
        let sources = edges.iter().flat_map(|&edge| graph.stake(edge).source_ids()).map(String::as_str);
        let sources: BTreeSet<&str> = sources.collect();
        Self {
            owner: graph.entity(owner),
            owned: graph.entity(owned),
            kind,
            share,
            interests: edges.iter().map(|&edge| graph.stake(edge).id().into_owned()).collect(),
            sources: sources.into_iter().collect(),
        }
    }
}
