//! Proofs: who of those that came under control, one after the other, a certain one rests on.

use super::controllers::Because;
use super::{NodeMap, NodeSet};
use crate::graph::NodeId;

/// One that joined a group.
pub(crate) trait Member {
    /// Who it is.
    fn node(&self) -> NodeId;
}

/// Those who joined a group, in their order, ready to be asked how each of them came to.
#[derive(Debug)]
pub(crate) struct Proof<'c, M> {
    seeds: NodeSet,
    members: &'c [M],
    places: NodeMap<usize>,
}

impl<'c, M: Member> Proof<'c, M> {
    pub(crate) fn of(seeds: &[NodeId], members: &'c [M]) -> Self {
        let places = members.iter().enumerate().map(|(place, member)| (member.node(), place)).collect();
        Self { seeds: seeds.iter().copied().collect(), members, places }
    }

    /// The members on whom `subject` rests, itself included, in the order of joining: those who made it join, those who made
    /// them, and so on up to the seeds, which are left out. Nothing where they are more than `most`.
    pub(crate) fn chain_to(
        &self,
        subject: NodeId,
        most: usize,
        holders_of: impl Fn(&M) -> Vec<NodeId>,
    ) -> Option<Vec<&'c M>> {
        let Some(&place) = self.places.get(&subject) else { return Some(Vec::new()) };
        let mut needed: NodeSet<usize> = NodeSet::from_iter([place]);
        let mut queue = vec![place];
        while let Some(place) = queue.pop() {
            if needed.len() > most {
                return None;
            }
            let holders = holders_of(&self.members[place]).into_iter().filter(|holder| !self.seeds.contains(holder));
            let places = holders.filter_map(|holder| self.places.get(&holder).copied());
            queue.extend(places.filter(|&place| needed.insert(place)));
        }
        let mut places: Vec<usize> = needed.into_iter().collect();
        places.sort_unstable();
        Some(places.into_iter().map(|place| &self.members[place]).collect())
    }
}

/// How many steps of proofs an answer may have, and how many may be looked at for them: along a chain both grow with the square
/// of its length.
#[derive(Debug)]
pub(crate) struct Allowance {
    steps: usize,
    looks: usize,
    left_out: usize,
}

/// Steps that every answer may have.
const ALWAYS: usize = 100_000;
/// Further steps for each row, as long as they are no more than [`MOST`].
const PER_ROW: usize = 8;
/// Steps beyond one for each row that no answer may have more of.
const MOST: usize = 1_000_000;
/// Steps that may be looked at for each that an answer may have.
const LOOKS: usize = 10;

impl Allowance {
    pub(crate) fn of(rows: usize) -> Self {
        let mut allowance = Self { steps: 0, looks: 0, left_out: 0 };
        allowance.grow(ALWAYS);
        allowance.add(rows);
        allowance
    }

    /// Further rows are to come.
    pub(crate) fn add(&mut self, rows: usize) {
        self.grow(rows + (PER_ROW * rows).min(MOST));
    }

    fn grow(&mut self, steps: usize) {
        self.steps += steps;
        self.looks += LOOKS * steps;
    }

    /// The most members that the next proof may rest on.
    pub(crate) fn most(&self) -> usize {
        self.steps.min(self.looks)
    }

    /// Counts a proof, or one that would have been too long.
    pub(crate) fn spend<'g>(&mut self, proof: Option<Vec<Because<'g>>>) -> Vec<Because<'g>> {
        match proof {
            Some(steps) => {
                self.steps = self.steps.saturating_sub(steps.len());
                self.looks = self.looks.saturating_sub(steps.len());
                steps
            }
            None => {
                self.looks -= self.most();
                self.left_out += 1;
                Vec::new()
            }
        }
    }

    /// What the answer has to say of proofs that are left out.
    pub(crate) fn warning(&self) -> Option<String> {
        let count = self.left_out;
        (count > 0).then(|| {
            format!("proofs-left-out: the steps that prove {count} rows would be too many; `cuibono explain` shows those of a pair")
        })
    }
}
