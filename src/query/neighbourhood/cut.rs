//! Which ties and parties a chart is about.

use super::Side;
use super::ties::{Tie, Ties};
use crate::error::Result;
use crate::graph::{NodeId, View};
use crate::model::{Share, ShareRange};
use crate::query::control::Threshold;
use std::collections::{HashMap, HashSet, VecDeque};

/// What is left out of a chart on purpose.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// Ties that cannot reach this share are left out; rights that may give control stay.
    pub min_share: Share,
    /// Only ties through which somebody may control what is held, alone or with what it controls.
    pub only_control: bool,
    /// Only the chains between the subject and this party, whichever is above.
    pub path_to: Option<NodeId>,
    /// Parties that are not shown.
    pub hidden: HashSet<NodeId>,
    /// Interests that ended before the day are shown too.
    pub ended: bool,
}

/// Why a tie is not on the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// It cannot reach the least share.
    BelowShare,
    /// It gives nobody control.
    NoControl,
    /// It is on no chain to the party that the chart leads to.
    OffPath,
    /// A party of it is hidden.
    Hidden,
}

/// What a chart turned out to reach, so that another day can be drawn to the same extent.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// The parties from which the walk went on, and in which direction.
    pub walked: HashSet<(NodeId, Side)>,
    /// The parties on chains to the one that the chart leads to, where it leads to one.
    pub on_path: Option<HashSet<NodeId>>,
    /// Ties that are drawn whatever the cut says.
    pub kept: HashSet<(NodeId, NodeId)>,
}

impl Scope {
    pub(super) fn join(mut self, other: Self) -> Self {
        self.walked.extend(other.walked);
        self.kept.extend(other.kept);
        if let (Some(parties), Some(more)) = (&mut self.on_path, other.on_path) {
            parties.extend(more);
        }
        self
    }
}

/// A cut, with what it takes to judge a tie.
pub(super) struct Judge<'g> {
    view: View<'g>,
    cut: &'g Cut,
    controllers: HashMap<NodeId, HashSet<NodeId>>,
}

impl<'g> Judge<'g> {
    pub(super) fn new(view: View<'g>, cut: &'g Cut) -> Self {
        Self { view, cut, controllers: HashMap::new() }
    }

    /// Why a tie is left out, if it is.
    pub(super) fn verdict(&mut self, tie: &Tie, scope: &Scope) -> Result<Option<Reason>> {
        if self.cut.hidden.contains(&tie.owner) || self.cut.hidden.contains(&tie.owned) {
            return Ok(Some(Reason::Hidden));
        }
        if scope.kept.contains(&(tie.owner, tie.owned)) {
            return Ok(None);
        }
        let off = |parties: &HashSet<NodeId>| !parties.contains(&tie.owner) || !parties.contains(&tie.owned);
        if scope.on_path.as_ref().is_some_and(off) {
            return Ok(Some(Reason::OffPath));
        }
        let most = tie.share.map_or(Share::ZERO, ShareRange::max);
        if !tie.right && most < self.cut.min_share {
            return Ok(Some(Reason::BelowShare));
        }
        if self.cut.only_control && !self.gives_control(tie)? {
            return Ok(Some(Reason::NoControl));
        }
        Ok(None)
    }

    /// Whether somebody who may control what is held is the owner, or may control it.
    fn gives_control(&mut self, tie: &Tie) -> Result<bool> {
        if tie.ended || !tie.controls && tie.votes == Share::ZERO {
            return Ok(false);
        }
        if tie.controls || tie.votes > Share::from_ppb(500_000_000) {
            return Ok(true);
        }
        self.know(tie.owner)?;
        self.know(tie.owned)?;
        let above = &self.controllers[&tie.owned];
        Ok(above.contains(&tie.owner) || !above.is_disjoint(&self.controllers[&tie.owner]))
    }

    fn know(&mut self, subject: NodeId) -> Result<()> {
        if !self.controllers.contains_key(&subject) {
            let answer = self.view.controllers_of(subject, Threshold::default())?;
            let nodes = answer.controllers.iter().map(|row| row.entity.node()).collect();
            self.controllers.insert(subject, nodes);
        }
        Ok(())
    }
}

/// The parties on any chain from one party down to the other, or the other way round.
pub(super) fn between(a: NodeId, b: NodeId, ties: &mut Ties<'_>) -> HashSet<NodeId> {
    let mut found = HashSet::from([a, b]);
    for (top, bottom) in [(a, b), (b, a)] {
        found.extend(on_chains(top, bottom, ties));
    }
    found
}

/// The parties on any chain from `top` down to `bottom`.
fn on_chains(top: NodeId, bottom: NodeId, ties: &mut Ties<'_>) -> HashSet<NodeId> {
    let (mut above, mut queue) = (HashSet::from([bottom]), VecDeque::from([bottom]));
    let mut below: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    while let Some(owned) = queue.pop_front() {
        for tie in ties.owners_of(owned).iter() {
            below.entry(tie.owner).or_default().push(owned);
            if above.insert(tie.owner) {
                queue.push_back(tie.owner);
            }
        }
    }
    let mut found = HashSet::new();
    if above.contains(&top) {
        found.insert(top);
        queue.push_back(top);
    }
    while let Some(owner) = queue.pop_front() {
        let held = below.get(&owner).into_iter().flatten();
        queue.extend(held.filter(|&&owned| found.insert(owned)));
    }
    found
}
