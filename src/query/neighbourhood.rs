//! The piece of a view that is worth drawing.

use crate::graph::{Interest, NodeId, View};
use crate::model::interest::ControlRight;
use crate::model::{Layer, Share};
use std::collections::{HashMap, VecDeque};

/// How much of the surroundings of a subject is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// Levels of owners above the subject.
    pub up: u32,
    /// Levels of holdings below it.
    pub down: u32,
    /// Parties at most.
    pub parties: usize,
}

impl Default for Reach {
    /// All owners, the direct holdings, 150 parties.
    fn default() -> Self {
        Self { up: u32::MAX, down: 1, parties: 150 }
    }
}

/// Parties around a subject, nearest first.
#[derive(Debug, Clone, Default)]
pub struct Neighbourhood {
    /// The parties; the subject comes first.
    pub nodes: Vec<NodeId>,
    /// Parties that were found and left out for want of room.
    pub omitted: usize,
}

/// Whether an interest belongs on a chart of ownership and control: it is a share, or may give control.
pub fn is_drawn(interest: Interest) -> bool {
    let kind = interest.kind();
    let share = Layer::Capital.counts(kind) || Layer::Votes.counts(kind);
    share && interest.share().max() > Share::ZERO
        || kind.control_right() > ControlRight::None
        || matches!(kind, crate::model::InterestKind::Nominee)
}

impl View<'_> {
    /// The parties above and below `subject`.
    pub fn neighbourhood(self, subject: NodeId, reach: Reach) -> Neighbourhood {
        let mut seen: HashMap<NodeId, ()> = HashMap::from([(subject, ())]);
        let mut found = Neighbourhood { nodes: vec![subject], omitted: 0 };
        let mut walk = |up: bool, levels: u32| {
            let mut queue = VecDeque::from([(subject, 0)]);
            while let Some((node, level)) = queue.pop_front() {
                if level == levels {
                    continue;
                }
                let neighbours: Vec<NodeId> = if up {
                    self.interests_in(node).filter(|&(_, i, _)| is_drawn(i)).map(|(_, i, _)| i.owner()).collect()
                } else {
                    self.interests_of(node).filter(|&(_, i, _)| is_drawn(i)).map(|(_, i, _)| i.owned()).collect()
                };
                for other in neighbours {
                    if seen.insert(other, ()).is_some() {
                        continue;
                    }
                    if found.nodes.len() < reach.parties {
                        found.nodes.push(other);
                        queue.push_back((other, level + 1));
                    } else {
                        found.omitted += 1;
                    }
                }
            }
        };
        walk(true, reach.up);
        walk(false, reach.down);
        found
    }
}
