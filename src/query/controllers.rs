//! Who controls an entity, what an entity controls, and why.

use super::control::{Certainty, ControlGraph, Controlled, Step, Threshold, resting_on};
use super::owners::controllers;
use super::{column, one_day};
use crate::error::Result;
use crate::graph::{EdgeId, Entity, NodeId, View};
use crate::model::{AsOf, ShareRange};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};

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
        let statuses = controllers(&mut control, subject);
        let mut rows = Vec::new();
        for (&node, &certainty) in &statuses {
            let closure = control.closure(&[node], certainty);
            rows.push(ControlRow {
                entity: self.graph().entity(node),
                control: certainty,
                ultimate: is_ultimate(&mut control, node),
                because: because(&mut control, &[node], &closure, subject),
            });
        }
        sort(&mut rows);
        let warnings = over_subscribed(&mut control, subject);
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
        let mut control = ControlGraph::new(self, threshold);
        let certain = control.closure(group, Certainty::Certain);
        let possible = control.closure(group, Certainty::Possible);
        let ultimate = group.iter().all(|&member| is_ultimate(&mut control, member));
        let sure: HashSet<NodeId> = certain.iter().map(|entry| entry.node).collect();
        let mut rows = Vec::new();
        for entry in &possible {
            let is_sure = sure.contains(&entry.node);
            let closure = if is_sure { &certain } else { &possible };
            rows.push(ControlRow {
                entity: self.graph().entity(entry.node),
                control: if is_sure { Certainty::Certain } else { Certainty::Possible },
                ultimate,
                because: because(&mut control, group, closure, entry.node),
            });
        }
        sort(&mut rows);
        let nodes: Vec<NodeId> = possible.iter().map(|entry| entry.node).collect();
        let warnings = nodes
            .into_iter()
            .filter(|&node| control.is_over_subscribed(node))
            .map(|node| format!("over-subscribed: {}", self.graph().entity(node).id()))
            .collect();
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

/// Nobody certainly controls it whom it does not certainly control in turn.
fn is_ultimate(control: &mut ControlGraph<'_>, node: NodeId) -> bool {
    let below = control.closure(&[node], Certainty::Certain);
    let below: HashSet<NodeId> = below.iter().map(|entry| entry.node).collect();
    let others = control.above(node).into_iter().filter(|other| *other != node && !below.contains(other));
    others.collect::<Vec<_>>().into_iter().all(|other| !control.controls(&[other], node, Certainty::Certain))
}

/// The steps of a closure that lead to `subject`, from the controller down.
pub(crate) fn because<'g>(
    control: &mut ControlGraph<'g>,
    group: &[NodeId],
    closure: &[Controlled],
    subject: NodeId,
) -> Vec<Because<'g>> {
    let steps: HashMap<NodeId, &Controlled> = closure.iter().map(|entry| (entry.node, entry)).collect();
    let graph = control.view().graph();
    let needed = resting_on(subject, group, |node| match steps.get(&node).map(|entry| &entry.step) {
        Some(Step::Votes(holders)) => holders.clone(),
        Some(Step::Right(edge)) => vec![graph.interest(*edge).owner()],
        None => Vec::new(),
    });
    let chain = closure.iter().filter(|entry| needed.contains(&entry.node));
    chain.flat_map(|entry| reasons(control, entry)).collect()
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
