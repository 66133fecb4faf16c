//! The part of a view that a question needs, as plain arrays.
//!
//! A region holds local numbers `0..n`, the owners of each entity with their share bounds, and the order in which the
//! entities must be treated: owners before what they own, entities that own one another together.

use super::column::{Column, Holder, WHOLE, column};
use crate::graph::scc::{self, Components};
use crate::graph::{NodeId, View};
use crate::model::{InterestKind, Marks, Share, ShareRange};
use std::collections::HashMap;

/// An owner of an entity, in local numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub owner: u32,
    /// In parts per billion (an open bound is not moved inside).
    pub low: u32,
    pub high: u32,
    /// The low as stated, where the entity is over-subscribed and less is certain.
    pub stated_low: u32,
    pub marks: Marks,
    pub stated_low_open: bool,
    pub low_open: bool,
    pub high_open: bool,
}

impl Link {
    /// The share as the sources state it.
    pub(crate) fn stated(&self) -> ShareRange {
        let (low, high) = (Share::from_ppb(self.stated_low), Share::from_ppb(self.high));
        ShareRange::new(low, high, self.stated_low_open, self.high_open).unwrap_or(ShareRange::exact(high))
    }
}

/// A lower limit that an indirect interest sets for one owner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Floor {
    pub owner: u32,
    pub owned: u32,
    pub holder: Holder,
}

/// What nobody known holds of an entity, and what its column is like.
#[derive(Debug, Clone, Copy, Default)]
struct Rest {
    least: u32,
    most: u32,
    lows: u32,
    open_lows: u32,
    complete: bool,
    over_subscribed: bool,
}

/// A part of the ownership matrix.
#[derive(Debug)]
pub(crate) struct Region<'g> {
    pub view: View<'g>,
    numbers: Numbers,
    links: Vec<Link>,
    offsets: Vec<u32>,
    owners: Vec<u32>,
    rests: Vec<Rest>,
    /// By what is owned, then by the owner.
    floors: Vec<Floor>,
    /// Places in `floors`, by the owner.
    floors_by_owner: Vec<u32>,
    components: Components,
    component_of: Vec<u32>,
}

impl<'g> Region<'g> {
    /// `subject` and everybody above it.
    pub(crate) fn above(view: View<'g>, subject: NodeId) -> Self {
        let mut draft = Draft::new(view, Numbers::default());
        draft.numbers.add(subject);
        while draft.len() < draft.numbers.len() {
            let column = column(view, draft.numbers.node(draft.len() as u32));
            draft.add(&column);
        }
        draft.finish()
    }

    /// `owners` and everything below them; other owners of what is below stand at the border, without their own owners. In an
    /// open world these are there too: what nobody known holds of anybody above may be held by who is asked about.
    pub(crate) fn below(view: View<'g>, owners: &[NodeId]) -> Self {
        let mut draft = Draft::new(view, Numbers::default());
        for &owner in owners {
            draft.numbers.add(owner);
        }
        let mut next = 0;
        while next < draft.numbers.len() {
            for (_, interest, _) in view.interests_of(draft.numbers.node(next as u32)) {
                let nominee = matches!(interest.kind(), InterestKind::Nominee | InterestKind::Nominator);
                if nominee || view.current_layer().counts(interest.kind()) {
                    draft.numbers.add(interest.owned());
                }
            }
            next += 1;
        }
        let below = draft.numbers.len();
        while draft.len() < below || view.is_open_world() && draft.len() < draft.numbers.len() {
            let column = column(view, draft.numbers.node(draft.len() as u32));
            draft.add(&column);
        }
        draft.finish()
    }

    /// The whole view.
    pub(crate) fn whole(view: View<'g>) -> Self {
        let mut draft = Draft::new(view, Numbers::All(view.graph().node_count()));
        super::column::each(view, |_, column, _| draft.add(column));
        draft.finish()
    }

    /// The same region, whose components stand in an order that no more than the order of the entities decides: answers
    /// from a part of the graph then agree with those from the whole to the last digit.
    #[must_use]
    pub(crate) fn in_order(mut self) -> Self {
        let components = std::mem::take(&mut self.components);
        self.components = components.in_order(|local| self.owners(local));
        for (number, members) in self.components.iter().enumerate() {
            members.iter().for_each(|&member| self.component_of[member as usize] = number as u32);
        }
        self
    }

    /// Number of entities.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The entity with a local number.
    pub(crate) fn node(&self, local: u32) -> NodeId {
        self.numbers.node(local)
    }

    /// The local number of an entity.
    pub(crate) fn local(&self, node: NodeId) -> Option<u32> {
        self.numbers.local(node)
    }

    /// All owners of an entity with what the sources state, for evidence; at the border of the region as well.
    pub(crate) fn column(&self, local: u32) -> Column {
        column(self.view, self.node(local))
    }

    /// The least and the most that nobody known can hold of an entity, in parts per billion.
    pub(crate) fn remainder(&self, local: u32) -> (u64, u64) {
        let rest = self.rests[local as usize];
        (rest.least.into(), rest.most.into())
    }

    /// Whether the owners of an entity are completely stated, yet not to the last unit: then what one of them does not
    /// hold another must.
    pub(crate) fn has_bound_slack(&self, local: u32) -> bool {
        let rest = self.rests[local as usize];
        rest.complete && u64::from(rest.lows) + u64::from(rest.most) < WHOLE
    }

    /// What is left of an entity when every owner has its low, in parts per billion.
    pub(crate) fn free(&self, local: u32) -> u64 {
        WHOLE - u64::from(self.rests[local as usize].lows)
    }

    /// How many owners of an entity have an open lower bound.
    pub(crate) fn open_lows(&self, local: u32) -> u32 {
        self.rests[local as usize].open_lows
    }

    /// Whether the shares stated in an entity sum to more than the whole, beyond rounding.
    pub(crate) fn is_over_subscribed(&self, local: u32) -> bool {
        self.rests[local as usize].over_subscribed
    }

    /// Who holds more than nothing of an entity.
    pub(crate) fn links(&self, local: u32) -> &[Link] {
        &self.links[self.offsets[local as usize] as usize..self.offsets[local as usize + 1] as usize]
    }

    /// The owners of an entity, in local numbers.
    pub(crate) fn owners(&self, local: u32) -> &[u32] {
        &self.owners[self.offsets[local as usize] as usize..self.offsets[local as usize + 1] as usize]
    }

    /// All floors, by what is owned.
    pub(crate) fn floors(&self) -> &[Floor] {
        &self.floors
    }

    /// The floors of an entity.
    pub(crate) fn floors_in(&self, local: u32) -> &[Floor] {
        let start = self.floors.partition_point(|floor| floor.owned < local);
        &self.floors[start..start + self.floors[start..].partition_point(|floor| floor.owned == local)]
    }

    /// The floor that one owner has at an entity.
    pub(crate) fn floor(&self, owner: u32, owned: u32) -> Option<&Floor> {
        let floors = self.floors_in(owned);
        floors.binary_search_by_key(&owner, |floor| floor.owner).ok().map(|at| &floors[at])
    }

    /// The floors of an owner, by what is owned.
    pub(crate) fn floors_of(&self, owner: u32) -> impl Iterator<Item = &Floor> {
        let floor = |&at: &u32| &self.floors[at as usize];
        let start = self.floors_by_owner.partition_point(|at| floor(at).owner < owner);
        self.floors_by_owner[start..].iter().map(floor).take_while(move |floor| floor.owner == owner)
    }

    /// Sets of entities that own one another, owners before what they own; most hold a single entity.
    pub(crate) fn components(&self) -> impl Iterator<Item = &[u32]> {
        self.components.iter()
    }

    /// The number of an entity's component in that order.
    pub(crate) fn component_of(&self, local: u32) -> u32 {
        self.component_of[local as usize]
    }

    /// The members of a component.
    pub(crate) fn component(&self, number: u32) -> &[u32] {
        self.components.get(number)
    }

    /// Whether a component is a circle: several members, or one that holds itself.
    pub(crate) fn is_circular(&self, members: &[u32]) -> bool {
        match members {
            [single] => self.owners(*single).contains(single),
            _ => true,
        }
    }

    /// The components that are circular groups.
    pub(crate) fn circular_groups(&self) -> impl Iterator<Item = &[u32]> {
        self.components().filter(|members| self.is_circular(members))
    }
}

/// A region in the making: one column after the other.
struct Draft<'g> {
    view: View<'g>,
    numbers: Numbers,
    links: Vec<Link>,
    offsets: Vec<u32>,
    rests: Vec<Rest>,
    floors: Vec<Floor>,
}

impl<'g> Draft<'g> {
    fn new(view: View<'g>, numbers: Numbers) -> Self {
        Self { view, numbers, links: Vec::new(), offsets: vec![0], rests: Vec::new(), floors: Vec::new() }
    }

    /// Columns added so far.
    fn len(&self) -> usize {
        self.rests.len()
    }

    /// Adds the column of the next entity; owners that are new get the next numbers.
    fn add(&mut self, column: &Column) {
        for holder in column.holders.iter().filter(|holder| holder.high > 0) {
            self.links.push(Link {
                owner: self.numbers.add(holder.owner),
                low: holder.low,
                high: holder.high,
                stated_low: holder.stated.min().ppb(),
                marks: holder.marks,
                stated_low_open: holder.stated.min_open(),
                low_open: holder.low_open,
                high_open: holder.high_open,
            });
        }
        let owned = self.len() as u32;
        for holder in column.floors.iter().filter(|holder| holder.high > 0) {
            self.floors.push(Floor { owner: self.numbers.add(holder.owner), owned, holder: *holder });
        }
        let (least, most) = column.remainder();
        let lows: u64 = column.holders.iter().map(|holder| u64::from(holder.low)).sum();
        self.rests.push(Rest {
            least: least as u32,
            most: most as u32,
            lows: lows.min(WHOLE) as u32,
            open_lows: column.holders.iter().filter(|holder| holder.low_open).count() as u32,
            complete: column.complete,
            over_subscribed: column.over_subscribed,
        });
        self.offsets.push(self.links.len() as u32);
    }

    fn finish(mut self) -> Region<'g> {
        let count = self.numbers.len();
        self.offsets.resize(count + 1, self.links.len() as u32);
        self.rests.resize(count, Rest { most: WHOLE as u32, ..Rest::default() });
        let owners: Vec<u32> = self.links.iter().map(|link| link.owner).collect();
        let offsets = &self.offsets;
        let components = scc::components(count, |node| {
            &owners[offsets[node as usize] as usize..offsets[node as usize + 1] as usize]
        });
        let mut component_of = vec![0; count];
        for (number, members) in components.iter().enumerate() {
            members.iter().for_each(|&member| component_of[member as usize] = number as u32);
        }
        self.floors.sort_by_key(|floor| (floor.owned, floor.owner));
        let mut floors_by_owner: Vec<u32> = (0..self.floors.len() as u32).collect();
        floors_by_owner.sort_by_key(|&at| self.floors[at as usize].owner);
        Region {
            view: self.view,
            numbers: self.numbers,
            links: self.links,
            offsets: self.offsets,
            owners,
            rests: self.rests,
            floors: self.floors,
            floors_by_owner,
            components,
            component_of,
        }
    }
}

/// Local numbers of entities.
#[derive(Debug)]
enum Numbers {
    /// Every entity of the graph under its own number.
    All(usize),
    /// Some entities in the order in which they were found.
    Some { nodes: Vec<NodeId>, local: HashMap<NodeId, u32, foldhash::fast::RandomState> },
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers::Some { nodes: Vec::new(), local: HashMap::default() }
    }
}

impl Numbers {
    fn len(&self) -> usize {
        match self {
            Numbers::All(count) => *count,
            Numbers::Some { nodes, .. } => nodes.len(),
        }
    }

    fn node(&self, local: u32) -> NodeId {
        match self {
            Numbers::All(_) => NodeId(local),
            Numbers::Some { nodes, .. } => nodes[local as usize],
        }
    }

    fn local(&self, node: NodeId) -> Option<u32> {
        match self {
            Numbers::All(_) => Some(node.0),
            Numbers::Some { local, .. } => local.get(&node).copied(),
        }
    }

    fn add(&mut self, node: NodeId) -> u32 {
        match self {
            Numbers::All(_) => node.0,
            Numbers::Some { nodes, local } => {
                let next = nodes.len() as u32;
                *local.entry(node).or_insert_with(|| {
                    nodes.push(node);
                    next
                })
            }
        }
    }
}
