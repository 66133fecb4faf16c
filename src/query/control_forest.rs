//! Who certainly controls whom, for all pairs at once: an index of linear size that answers in constant time.
//!
//! Where votes sum to at most the whole and control takes strictly more than half, the controllers of an entity form a
//! chain: entities that control one another are one class, and each class has at most one immediate controller. So one
//! pointer for each class holds every pair, and two numbers of a walk through the trees tell whether one class stands
//! above another.

use super::column::WHOLE;
use super::control::Certainty;
use super::forest;
use super::reach::Reach;
use super::votes::VoteMatrix;
use crate::graph::NodeId;
use crate::graph::scc;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

/// Stands for a class that nobody controls.
const NOBODY: u32 = u32::MAX;

/// Certain control by votes between all entities of a view.
#[derive(Debug)]
pub struct ControlForest {
    /// The class of each entity, by its smallest member.
    class: Vec<u32>,
    /// The immediate controller of each class, by its class.
    parent: Vec<u32>,
    /// The entities in the order of a walk, whoever is controlled behind its controller.
    order: Vec<u32>,
    /// For each class where it begins in that order, and where everything that it controls ends.
    range: Vec<(u32, u32)>,
}

impl ControlForest {
    /// Whether `controller` certainly controls `entity`, directly or through others; nobody controls itself.
    pub fn controls(&self, controller: NodeId, entity: NodeId) -> bool {
        let (above, below) = (self.class[controller.index()], self.class[entity.index()]);
        let (start, end) = self.range[above as usize];
        controller != entity && (start..end).contains(&self.range[below as usize].0)
    }

    /// The nearest certain controller of an entity outside its own class, by the smallest id of that one's class.
    pub fn immediate_controller(&self, entity: NodeId) -> Option<NodeId> {
        let parent = self.parent[self.class[entity.index()] as usize];
        (parent != NOBODY).then_some(NodeId(parent))
    }

    /// Everything that `controller` certainly controls.
    pub fn controlled_by(&self, controller: NodeId) -> impl Iterator<Item = NodeId> {
        let (start, end) = self.range[self.class[controller.index()] as usize];
        let all = self.order[start as usize..end as usize].iter().copied().map(NodeId);
        all.filter(move |&entity| entity != controller)
    }

    /// Builds the index. The caller sees to it that [control is a forest](VoteMatrix::is_forest).
    pub(crate) fn of(reach: &mut Reach) -> Self {
        let count = reach.votes().len();
        let holders: Vec<u32> = reach.votes().votes().iter().map(|vote| vote.holder).collect();
        let offsets = reach.votes().offsets().to_vec();
        let list = |entity: u32| &holders[offsets[entity as usize] as usize..offsets[entity as usize + 1] as usize];
        let mut draft = Draft {
            roots: forest::roots(reach.votes()),
            class: (0..count as u32).collect(),
            parent: vec![NOBODY; count],
            depth: vec![0; count],
        };
        // Owners come before what they own, so that whoever may control an entity has its place already.
        for members in scc::components(count, list).iter() {
            match members {
                [single] if !list(*single).contains(single) => draft.place(reach.votes(), *single),
                members => draft.place_circle(reach, members),
            }
        }
        draft.numbered()
    }
}

/// Classes and controllers in the making.
struct Draft {
    roots: Vec<u32>,
    class: Vec<u32>,
    parent: Vec<u32>,
    depth: Vec<u32>,
}

impl Draft {
    /// Puts an entity outside every circle under its immediate controller.
    fn place(&mut self, votes: &VoteMatrix, entity: u32) {
        if self.roots[entity as usize] != entity {
            let parent = self.majority(votes, entity);
            self.put_under(entity, parent);
        }
    }

    fn put_under(&mut self, class: u32, parent: Option<u32>) {
        if let Some(parent) = parent {
            self.parent[class as usize] = parent;
            self.depth[class as usize] = self.depth[parent as usize] + 1;
        }
    }

    /// The lowest class that holds the majority of an entity together with everything below itself: what each holder has is
    /// lifted from controller to controller, the lowest first, until it suffices.
    fn majority(&self, votes: &VoteMatrix, entity: u32) -> Option<u32> {
        let of_class = |class: u32, low: u64| (self.depth[class as usize], class, low);
        let holders = votes.holders(entity).iter();
        let mut heap: BinaryHeap<(u32, u32, u64)> =
            holders.map(|vote| of_class(self.class[vote.holder as usize], vote.low.into())).collect();
        while let Some((_, class, mut sum)) = heap.pop() {
            while let Some(&(_, next, low)) = heap.peek() {
                if next != class {
                    break;
                }
                sum += low;
                heap.pop();
            }
            if sum * 2 > WHOLE {
                return Some(class);
            }
            let parent = self.parent[class as usize];
            if parent != NOBODY {
                heap.push(of_class(parent, sum));
            }
        }
        None
    }

    /// Entities that hold votes of one another: who controls whom among them is found by asking each of them.
    fn place_circle(&mut self, reach: &mut Reach, members: &[u32]) {
        if members.iter().all(|&member| self.roots[member as usize] == member) {
            return;
        }
        let inside: HashSet<u32> = members.iter().copied().collect();
        let controlled = members.iter().map(|&member| {
            let all = reach.closure(member, Certainty::Certain).into_iter();
            (member, all.filter(|entity| inside.contains(entity)).collect())
        });
        let below: HashMap<u32, HashSet<u32>> = controlled.collect();
        for (member, own) in &below {
            let mutual = own.iter().copied().filter(|other| below[other].contains(member));
            self.class[*member as usize] = mutual.chain([*member]).min().unwrap_or(*member);
        }
        // From those that control most of the others down, so that controllers have their places first.
        let mut classes: Vec<(&u32, &HashSet<u32>)> =
            below.iter().filter(|(member, _)| self.class[**member as usize] == **member).collect();
        classes.sort_by_key(|(member, own)| (std::cmp::Reverse(own.len()), **member));
        for (position, (class, _)) in classes.iter().enumerate() {
            let inner = classes[..position].iter().rev().find(|(_, own)| own.contains(class));
            let parent = match inner {
                Some((controller, _)) => Some(**controller),
                None if self.class[self.roots[**class as usize] as usize] == **class => None,
                None => self.outer_controller(reach, &inside, **class),
            };
            self.put_under(**class, parent);
        }
    }

    /// The lowest controller of a class of a circle that stands outside the circle.
    fn outer_controller(&self, reach: &mut Reach, inside: &HashSet<u32>, class: u32) -> Option<u32> {
        let root = self.class[self.roots[class as usize] as usize];
        let mut candidates = BTreeSet::new();
        for &member in inside {
            let outside = reach.votes().holders(member).iter().filter(|vote| !inside.contains(&vote.holder));
            // Who is under another root cannot control what is under this one.
            for vote in outside.filter(|vote| self.class[self.roots[vote.holder as usize] as usize] == root) {
                let mut at = self.class[vote.holder as usize];
                while at != NOBODY && candidates.insert((std::cmp::Reverse(self.depth[at as usize]), at)) {
                    at = self.parent[at as usize];
                }
            }
        }
        let controls = |&at: &u32| reach.closure(at, Certainty::Certain).contains(&class);
        candidates.into_iter().map(|(_, at)| at).find(controls)
    }

    /// Numbers the entities so that each class and everything below it stand together.
    fn numbered(self) -> ControlForest {
        let count = self.class.len();
        let above = |entity: usize| match self.class[entity] as usize {
            class if class != entity => class as u32,
            class => self.parent[class],
        };
        // Members of a class count as the first things below it.
        let mut starts = vec![0u32; count + 2];
        let slot = |above: u32| if above == NOBODY { count } else { above as usize };
        (0..count).for_each(|entity| starts[slot(above(entity)) + 1] += 1);
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let mut next = starts.clone();
        let mut below = vec![0u32; count];
        for entity in 0..count {
            let place = &mut next[slot(above(entity))];
            below[*place as usize] = entity as u32;
            *place += 1;
        }
        let children = |at: usize| &below[starts[at] as usize..starts[at + 1] as usize];
        let mut forest = ControlForest {
            class: self.class,
            parent: self.parent,
            order: Vec::with_capacity(count),
            range: vec![(0, 0); count],
        };
        let mut stack: Vec<(u32, bool)> = children(count).iter().map(|&top| (top, false)).collect();
        while let Some((entity, done)) = stack.pop() {
            if done {
                forest.range[entity as usize].1 = forest.order.len() as u32;
                continue;
            }
            forest.range[entity as usize].0 = forest.order.len() as u32;
            forest.order.push(entity);
            stack.push((entity, true));
            stack.extend(children(entity as usize).iter().map(|&child| (child, false)));
        }
        forest
    }
}
