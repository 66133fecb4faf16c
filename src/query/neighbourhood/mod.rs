//! The piece of a view that is worth drawing: the parties around a subject, and what is left out, with its totals.

mod cut;
mod stacks;
mod ties;

pub use cut::{Cut, Reason};
pub use stacks::{LeftOut, Stack};
pub use ties::{Tie, is_drawn, is_drawn_right};

use crate::error::Result;
use crate::graph::{NodeId, View};
use crate::query::in_time;
use cut::{Judge, Scope};
use std::collections::{HashMap, HashSet, VecDeque};
use ties::Ties;

/// How much of the surroundings of a subject is wanted.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Levels of owners above the subject.
    pub up: u32,
    /// Levels of holdings below it.
    pub down: u32,
    /// Parties at most, stacks included.
    pub parties: usize,
    /// Parties from which the chart goes on by one level, or, where it does already, shows as many more of a crowd; the same
    /// may be named several times.
    pub expanded: Vec<(NodeId, Side)>,
}

impl Default for Reach {
    /// All owners, the direct holdings, 150 parties.
    fn default() -> Self {
        Self { up: u32::MAX, down: default_down(false), parties: 150, expanded: Vec::new() }
    }
}

/// The levels of holdings of a chart that names none: all on the way to another party, else one.
pub const fn default_down(to_another: bool) -> u32 {
    if to_another { u32::MAX } else { 1 }
}

/// The two directions in which a chart grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Those who hold the party.
    Owners,
    /// What the party holds.
    Holdings,
}

/// Of one party's owners or holdings, as many as this are drawn one by one when there are more than [`CROWD`].
const LARGEST: usize = 12;
/// More than this are a crowd.
const CROWD: usize = 15;

/// Parties around a subject, nearest first, and what ties them.
#[derive(Debug, Clone, Default)]
pub struct Neighbourhood {
    /// The parties; the subject comes first.
    pub nodes: Vec<NodeId>,
    /// The ties among them.
    pub ties: Vec<Tie>,
    /// Owners and holdings that are taken together, by the party that they are tied to.
    pub stacks: Vec<Stack>,
    /// What the cut leaves out, by party.
    pub left_out: Vec<LeftOut>,
}

impl<'g> View<'g> {
    /// The parties on one side of a party, those that hold it or that it holds, in the order of their nodes.
    pub fn tied_to(self, node: NodeId, side: Side) -> Vec<NodeId> {
        let mut others: Vec<NodeId> = match side {
            Side::Owners => {
                self.interests_in(node).filter(|&(_, i, _)| is_drawn(i)).map(|(_, i, _)| i.owner()).collect()
            }
            Side::Holdings => {
                self.interests_of(node).filter(|&(_, i, _)| is_drawn(i)).map(|(_, i, _)| i.owned()).collect()
            }
        };
        others.sort_unstable();
        others.dedup();
        others
    }

    /// The parties above and below `subject`, within a reach and a cut.
    ///
    /// Of a crowd the largest are drawn and the others stacked; so is what finds no room, nearer parties first.
    ///
    /// # Errors
    /// If the cut asks for control and the view is of all days.
    pub fn neighbourhood(self, subject: NodeId, reach: &Reach, cut: &Cut) -> Result<Neighbourhood> {
        let mut walk = Walk::from(self, subject, cut);
        let nodes = walk.with_room(subject, reach)?;
        walk.end(nodes)
    }

    /// The parties around `subject` on the day of this view or of `other`, as both see them.
    ///
    /// # Errors
    /// As with [`neighbourhood`](Self::neighbourhood).
    pub fn neighbourhoods(self, other: Self, subject: NodeId, reach: &Reach, cut: &Cut) -> Result<[Neighbourhood; 2]> {
        let (mut nodes, mut scope) = (Vec::new(), Scope::default());
        for view in [other, self] {
            let mut walk = Walk::from(view, subject, cut);
            let found = walk.with_room(subject, reach)?;
            walk.scope.kept = walk.ties_among(&found)?.iter().map(|tie| (tie.owner, tie.owned)).collect();
            nodes.extend(found.into_iter().filter(|node| !nodes.contains(node)).collect::<Vec<_>>());
            scope = if scope.walked.is_empty() { walk.scope } else { scope.join(walk.scope) };
        }
        let end = |view| Walk { scope: scope.clone(), ..Walk::new(view, cut) }.end(nodes.clone());
        Ok([end(self)?, end(other)?])
    }

    /// The given parties with the ties among them on the days of this view and of `other`.
    ///
    /// # Errors
    /// As with [`neighbourhood`](Self::neighbourhood).
    pub fn both_among(self, other: Self, nodes: Vec<NodeId>, cut: &Cut) -> Result<[Neighbourhood; 2]> {
        let mut scope = Scope::default();
        for view in [self, other] {
            let ties = Walk::new(view, cut).ties_among(&nodes)?;
            scope.kept.extend(ties.iter().map(|tie| (tie.owner, tie.owned)));
        }
        let end = |view| Walk { scope: scope.clone(), ..Walk::new(view, cut) }.end(nodes.clone());
        Ok([end(self)?, end(other)?])
    }

    /// The given parties with the ties among them, within a cut.
    ///
    /// # Errors
    /// If the cut asks for control and the view is of all days.
    pub fn among(self, nodes: Vec<NodeId>, cut: &Cut) -> Result<Neighbourhood> {
        Walk::new(self, cut).end(nodes)
    }
}

/// The ties of a party on one side.
#[derive(Default)]
struct Judged {
    /// Those that are drawn, the most important first.
    drawn: Vec<Tie>,
    /// Those that are not, with the reason.
    left_out: Vec<(Reason, Tie)>,
}

/// A walk from a subject along the ties of a view.
struct Walk<'g> {
    view: View<'g>,
    ties: Ties<'g>,
    judge: Judge<'g>,
    scope: Scope,
}

impl<'g> Walk<'g> {
    fn new(view: View<'g>, cut: &'g Cut) -> Self {
        Self { view, ties: Ties::new(view, cut.ended), judge: Judge::new(view, cut), scope: Scope::default() }
    }

    fn from(view: View<'g>, subject: NodeId, cut: &'g Cut) -> Self {
        let mut walk = Self::new(view, cut);
        walk.scope.on_path = cut.path_to.map(|other| cut::between(subject, other, &mut walk.ties));
        walk
    }

    fn judged(&mut self, node: NodeId, side: Side) -> Result<Judged> {
        in_time(self.view)?;
        let ties: Vec<Tie> = match side {
            Side::Owners => self.ties.owners_of(node).to_vec(),
            Side::Holdings => self.ties.holdings_of(node),
        };
        let mut judged = Judged::default();
        for tie in ties {
            match self.judge.verdict(&tie, &self.scope)? {
                None => judged.drawn.push(tie),
                Some(reason) => judged.left_out.push((reason, tie)),
            }
        }
        judged.drawn.sort_unstable_by_key(Tie::rank);
        Ok(judged)
    }

    /// The nearest parties of a subject, so many that they and their stacks find room.
    fn with_room(&mut self, subject: NodeId, reach: &Reach) -> Result<Vec<NodeId>> {
        let mut nodes = self.nearest(subject, reach)?;
        loop {
            let boxes = nodes.len() + self.stacks(&nodes)?.len();
            if boxes <= reach.parties || nodes.len() == 1 {
                return Ok(nodes);
            }
            let fewer = (boxes - reach.parties).div_ceil(2).min(nodes.len() - 1);
            nodes.truncate(nodes.len() - fewer);
        }
    }

    /// The subject and those around it, level by level, then what is expanded; at most as many as there is room for.
    fn nearest(&mut self, subject: NodeId, reach: &Reach) -> Result<Vec<NodeId>> {
        let mut found = Found { nodes: vec![subject], seen: HashSet::from([subject]), room: reach.parties };
        let mut queue = VecDeque::from([(subject, Side::Owners, 0), (subject, Side::Holdings, 0)]);
        while let Some((node, side, level)) = queue.pop_front() {
            let levels = if side == Side::Owners { reach.up } else { reach.down };
            // In a circle a party stands above and below: it is gone on from in both directions, once in each.
            if level == levels || !self.scope.walked.insert((node, side)) {
                continue;
            }
            let others = self.add_largest(node, side, LARGEST, &mut found)?;
            queue.extend(others.into_iter().map(|other| (other, side, level + 1)));
        }
        self.expand(&reach.expanded, &mut found)?;
        Ok(found.nodes)
    }

    /// Goes on from parties that are placed, whatever the order in which they were named.
    fn expand(&mut self, wanted: &[(NodeId, Side)], found: &mut Found) -> Result<()> {
        let (mut times, mut waiting): (HashMap<_, usize>, Vec<_>) = (HashMap::new(), wanted.to_vec());
        while let Some(at) = waiting.iter().position(|(node, _)| found.seen.contains(node)) {
            let (node, side) = waiting.remove(at);
            let times = times.entry((node, side)).or_insert(0);
            *times += usize::from(!self.scope.walked.insert((node, side)));
            self.add_largest(node, side, LARGEST * (*times + 1), found)?;
        }
        Ok(())
    }

    /// Places those on one side of a party, of a crowd as many as `largest`; gives all of these that are placed.
    fn add_largest(&mut self, node: NodeId, side: Side, largest: usize, found: &mut Found) -> Result<Vec<NodeId>> {
        let drawn = self.judged(node, side)?.drawn;
        let one_by_one = if drawn.len() > CROWD { largest } else { drawn.len() };
        let mut placed: Vec<NodeId> = drawn.iter().take(one_by_one).map(|tie| tie.other(side)).collect();
        placed.retain(|&other| found.place(other));
        Ok(placed)
    }

    /// The drawn ties among settled parties, by the party that is held.
    fn ties_among(&mut self, nodes: &[NodeId]) -> Result<Vec<Tie>> {
        let placed: HashSet<NodeId> = nodes.iter().copied().collect();
        let mut ties = Vec::new();
        for &node in nodes {
            let mut drawn = self.judged(node, Side::Owners)?.drawn;
            drawn.retain(|tie| placed.contains(&tie.owner));
            drawn.sort_unstable_by_key(|tie| tie.owner);
            ties.extend(drawn);
        }
        Ok(ties)
    }

    /// What stands on the chart once its parties are settled.
    fn end(mut self, nodes: Vec<NodeId>) -> Result<Neighbourhood> {
        let ties = self.ties_among(&nodes)?;
        let stacks = self.stacks(&nodes)?;
        let left_out = self.left_out(&nodes)?;
        Ok(Neighbourhood { nodes, ties, stacks, left_out })
    }
}

/// The parties that a walk has placed.
struct Found {
    nodes: Vec<NodeId>,
    seen: HashSet<NodeId>,
    room: usize,
}

impl Found {
    /// Places a party where there is room; whether it is placed, now or before.
    fn place(&mut self, node: NodeId) -> bool {
        if !self.seen.contains(&node) && self.nodes.len() < self.room {
            self.seen.insert(node);
            self.nodes.push(node);
        }
        self.seen.contains(&node)
    }
}

impl Tie {
    /// The party at the other end, seen from the party whose `side` the tie is on.
    fn other(&self, side: Side) -> NodeId {
        match side {
            Side::Owners => self.owner,
            Side::Holdings => self.owned,
        }
    }
}
