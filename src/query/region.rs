//! The part of a view that a question needs, as plain arrays.
//!
//! A region holds local numbers `0..n`, the owners of each entity with their share bounds, and the order in which the
//! entities must be treated: owners before what they own, entities that own one another together.

use super::column::{Column, Holder, column};
use crate::graph::scc::{self, Components};
use crate::graph::{NodeId, View};
use crate::model::Marks;
use std::collections::HashMap;

/// An owner of an entity, in local numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub owner: u32,
    /// In parts per billion, as stated (an open bound is not moved inside).
    pub low: u32,
    pub high: u32,
    pub low_open: bool,
    pub high_open: bool,
    pub marks: Marks,
}

/// A lower limit that an indirect interest sets for one owner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Floor {
    pub owner: u32,
    pub owned: u32,
    pub holder: Holder,
}

/// A part of the ownership matrix.
#[derive(Debug)]
pub(crate) struct Region<'g> {
    pub view: View<'g>,
    nodes: Vec<NodeId>,
    local: HashMap<NodeId, u32>,
    columns: Vec<Column>,
    links: Vec<Link>,
    offsets: Vec<u32>,
    owners: Vec<u32>,
    pub floors: Vec<Floor>,
    components: Components,
}

impl<'g> Region<'g> {
    /// `subject` and everybody above it.
    pub(crate) fn above(view: View<'g>, subject: NodeId) -> Self {
        let mut found = Found::default();
        found.add(subject);
        let mut columns = Vec::new();
        while columns.len() < found.nodes.len() {
            let column = column(view, found.nodes[columns.len()]);
            let owners = column.holders.iter().chain(&column.floors);
            owners.filter(|holder| holder.high > 0).for_each(|holder| found.add(holder.owner));
            columns.push(column);
        }
        Self::build(view, found, columns)
    }

    /// `owners` and everything below them; other owners of what is below stand at the border, without their own owners.
    pub(crate) fn below(view: View<'g>, owners: &[NodeId]) -> Self {
        let mut found = Found::default();
        owners.iter().for_each(|&owner| found.add(owner));
        let mut next = 0;
        while next < found.nodes.len() {
            for (_, interest, _) in view.interests_of(found.nodes[next]) {
                let nominee = matches!(
                    interest.kind(),
                    crate::model::InterestKind::Nominee | crate::model::InterestKind::Nominator
                );
                if nominee || view.current_layer().counts(interest.kind()) {
                    found.add(interest.owned());
                }
            }
            next += 1;
        }
        let columns: Vec<_> = found.nodes.iter().map(|&node| column(view, node)).collect();
        for column in &columns {
            let owners = column.holders.iter().chain(&column.floors);
            owners.filter(|holder| holder.high > 0).for_each(|holder| found.add(holder.owner));
        }
        Self::build(view, found, columns)
    }

    /// The whole view.
    pub(crate) fn whole(view: View<'g>) -> Self {
        let mut found = Found::default();
        view.graph().nodes().for_each(|node| found.add(node));
        let columns = view.graph().nodes().map(|node| column(view, node)).collect();
        Self::build(view, found, columns)
    }

    fn build(view: View<'g>, found: Found, mut columns: Vec<Column>) -> Self {
        let count = found.nodes.len();
        columns.resize_with(count, Column::default);
        let mut links = Vec::new();
        let mut floors = Vec::new();
        let mut offsets = vec![0];
        for (owned, column) in columns.iter().enumerate() {
            for holder in column.holders.iter().filter(|holder| holder.high > 0) {
                links.push(Link {
                    owner: found.local[&holder.owner],
                    low: holder.low,
                    high: holder.high,
                    low_open: holder.low_open,
                    high_open: holder.high_open,
                    marks: holder.marks,
                });
            }
            for holder in column.floors.iter().filter(|holder| holder.high > 0) {
                floors.push(Floor { owner: found.local[&holder.owner], owned: owned as u32, holder: *holder });
            }
            offsets.push(links.len() as u32);
        }
        let owners: Vec<u32> = links.iter().map(|link| link.owner).collect();
        let components = scc::components(count, |node| {
            &owners[offsets[node as usize] as usize..offsets[node as usize + 1] as usize]
        });
        Self { view, nodes: found.nodes, local: found.local, columns, links, offsets, owners, floors, components }
    }

    /// Number of entities.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The entity with a local number.
    pub(crate) fn node(&self, local: u32) -> NodeId {
        self.nodes[local as usize]
    }

    /// The local number of an entity.
    pub(crate) fn local(&self, node: NodeId) -> Option<u32> {
        self.local.get(&node).copied()
    }

    /// The column of an entity; empty at the border of the region.
    pub(crate) fn column(&self, local: u32) -> &Column {
        &self.columns[local as usize]
    }

    /// Who holds more than nothing of an entity.
    pub(crate) fn links(&self, local: u32) -> &[Link] {
        &self.links[self.offsets[local as usize] as usize..self.offsets[local as usize + 1] as usize]
    }

    /// The owners of an entity, in local numbers.
    pub(crate) fn owners(&self, local: u32) -> &[u32] {
        &self.owners[self.offsets[local as usize] as usize..self.offsets[local as usize + 1] as usize]
    }

    /// Sets of entities that own one another, owners before what they own; most hold a single entity.
    pub(crate) fn components(&self) -> impl Iterator<Item = &[u32]> {
        self.components.iter()
    }

    /// The components that are circular groups: several members, or one that holds itself.
    pub(crate) fn circular_groups(&self) -> impl Iterator<Item = &[u32]> {
        self.components().filter(|members| match members {
            [single] => self.owners(*single).contains(single),
            _ => true,
        })
    }
}

/// Entities in the order in which they were found.
#[derive(Default)]
struct Found {
    nodes: Vec<NodeId>,
    local: HashMap<NodeId, u32>,
}

impl Found {
    fn add(&mut self, node: NodeId) {
        let next = self.nodes.len() as u32;
        self.local.entry(node).or_insert_with(|| {
            self.nodes.push(node);
            next
        });
    }
}
