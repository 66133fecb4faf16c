//! The columns of all entities: while they are gathered, and as they stand in the graph.

use super::NodeId;
use super::arena::{Arena, Span};
use super::column::{ColumnBuilder, at, pick};
use super::columns::{Knowledge, NO_JURISDICTION, Node};
use super::side_by_side::side_by_side;
use super::table::{Key, Table, TableBuilder};
use super::texts::{Texts, TextsBuilder};
use crate::model::EntityKind;
use arrow_buffer::ScalarBuffer;
use std::ops::Range;

/// The columns of all entities. Those that say nothing of anybody are empty.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    pub(super) ids: Texts,
    /// Empty for an entity that is named after its id.
    pub(super) names: Texts,
    pub(super) kinds: ScalarBuffer<u8>,
    pub(super) jurisdictions: ScalarBuffer<u16>,
    pub(super) knowledge: ScalarBuffer<u8>,
    /// The families of formats in which the ids were given.
    pub(super) namespaces: ScalarBuffer<u8>,
    pub(super) founded: ScalarBuffer<u32>,
    pub(super) dissolved: ScalarBuffer<u32>,
    pub(super) by_id: Table,
}

impl Entities {
    pub(super) fn count(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn find(&self, id: &str) -> Option<NodeId> {
        self.by_id.find(id.as_bytes(), |node| self.ids.bytes(node as usize) == id.as_bytes()).map(NodeId)
    }

    pub(super) fn name(&self, node: NodeId) -> &str {
        match self.names.get(node.index()) {
            "" => self.ids.get(node.index()),
            name => name,
        }
    }

    pub(super) fn kind(&self, node: NodeId) -> EntityKind {
        EntityKind::ALL.get(usize::from(at(&self.kinds, node.index()))).copied().unwrap_or(EntityKind::Unknown)
    }

    pub(super) fn jurisdiction(&self, node: NodeId) -> u16 {
        self.jurisdictions.get(node.index()).copied().unwrap_or(NO_JURISDICTION)
    }

    pub(super) fn namespace(&self, node: NodeId) -> u8 {
        at(&self.namespaces, node.index())
    }

    pub(super) fn knows(&self, node: NodeId, bit: Knowledge) -> bool {
        Knowledge(at(&self.knowledge, node.index())).has(bit)
    }
}

/// What looking up many ids at once works with, and what it finds.
#[derive(Debug, Default)]
pub(super) struct LookUp {
    tags: Vec<u32>,
    slots: Vec<u64>,
    /// Places of ids, the entities that the table suggests for them, and where the ids of those stand.
    suggested: Vec<(u32, u32, Range<usize>)>,
    /// For each id its entity, if it was found.
    pub(super) found: Vec<Option<NodeId>>,
}

/// Entities while they are gathered.
#[derive(Debug, Default)]
pub(crate) struct EntitiesBuilder {
    ids: TextsBuilder,
    by_id: TableBuilder,
    /// An empty span for one that is named after its id.
    names: ColumnBuilder<Span>,
    text: Arena,
    kinds: Vec<u8>,
    /// One more than the number of the jurisdiction, so that none is the default.
    jurisdictions: ColumnBuilder<u16>,
    knowledge: Vec<Knowledge>,
    namespaces: ColumnBuilder<u8>,
    founded: ColumnBuilder<u32>,
    dissolved: ColumnBuilder<u32>,
}

impl EntitiesBuilder {
    pub(super) fn count(&self) -> usize {
        self.kinds.len()
    }

    /// The entity with an id.
    pub(super) fn find(&self, id: &str) -> Option<NodeId> {
        self.find_key(Key::of(id))
    }

    /// The entity with an id of which the hash is known.
    pub(super) fn find_key(&self, id: Key<'_>) -> Option<NodeId> {
        self.by_id.find(self.by_id.tag_of(id), |node| self.ids.bytes(node as usize) == id.text().as_bytes()).map(NodeId)
    }

    /// Adds an entity under an id that no other has; `None` when there are too many.
    pub(super) fn push(&mut self, id: Key<'_>, namespace: u8) -> Option<NodeId> {
        let number = u32::try_from(self.count()).ok().filter(|&number| number < u32::MAX - 1)?;
        let tag = self.by_id.tag_of(id);
        self.ids.push(id.text());
        self.kinds.push(EntityKind::Company as u8);
        self.knowledge.push(Knowledge::default());
        self.namespaces.set(number as usize, namespace);
        if !self.by_id.insert(tag, number) {
            let ids = &self.ids;
            self.by_id.hash_anew((0..=number).map(|node| (node, ids.bytes(node as usize))));
        }
        Some(NodeId(number))
    }

    /// Looks up many ids at once, as each look-up waits three times for memory: first for all slots, then for all places of
    /// texts, then for the texts. Finds each id that the table suggests first, which is nearly every one that is known.
    pub(super) fn find_all(&self, ids: &[Key<'_>], look_up: &mut LookUp) {
        let LookUp { tags, slots, suggested, found } = look_up;
        tags.clear();
        tags.extend(ids.iter().map(|&id| self.by_id.tag_of(id)));
        self.by_id.fetch(tags, slots);
        suggested.clear();
        for (place, (&tag, &slot)) in tags.iter().zip(slots.iter()).enumerate() {
            if let Some(node) = self.by_id.suggested(tag, slot) {
                suggested.push((place as u32, node, 0..0));
            }
        }
        for (_, node, range) in suggested.iter_mut() {
            *range = self.ids.range(*node as usize);
        }
        found.clear();
        found.resize(ids.len(), None);
        for (place, node, range) in suggested.iter() {
            let place = *place as usize;
            let is = self.ids.bytes_at(range) == ids[place].text().as_bytes();
            found[place] = is.then_some(NodeId(*node));
        }
    }

    pub(super) fn id(&self, node: NodeId) -> &str {
        self.ids.get(node.index())
    }

    /// The name of an entity, or its id.
    pub(super) fn name(&self, node: NodeId) -> &str {
        match self.text.get(self.names.get(node.index())) {
            "" => self.id(node),
            name => name,
        }
    }

    /// Names an entity; `None` when there is no room for more names.
    pub(super) fn set_name(&mut self, node: NodeId, name: &str) -> Option<()> {
        let span = if self.id(node) == name { Span::default() } else { self.text.push(name)? };
        self.names.set(node.index(), span);
        Some(())
    }

    pub(super) fn knowledge(&self, node: NodeId) -> Knowledge {
        self.knowledge[node.index()]
    }

    pub(super) fn knows(&self, node: NodeId, bit: Knowledge) -> bool {
        self.knowledge(node).has(bit)
    }

    /// Notes that something is known of an entity, or no longer.
    pub(super) fn note(&mut self, node: NodeId, bit: Knowledge, known: bool) {
        let knowledge = &mut self.knowledge[node.index()];
        *knowledge = if known { knowledge.with(bit, true) } else { knowledge.without(bit) };
    }

    pub(super) fn kind(&self, node: NodeId) -> EntityKind {
        EntityKind::ALL[usize::from(self.kinds[node.index()])]
    }

    pub(super) fn set_kind(&mut self, node: NodeId, kind: EntityKind) {
        self.kinds[node.index()] = kind as u8;
    }

    pub(super) fn jurisdiction(&self, node: NodeId) -> u16 {
        self.jurisdictions.get(node.index()).wrapping_sub(1)
    }

    pub(super) fn set_jurisdiction(&mut self, node: NodeId, jurisdiction: u16) {
        self.jurisdictions.set(node.index(), jurisdiction.wrapping_add(1));
    }

    pub(super) fn namespace(&self, node: NodeId) -> u8 {
        self.namespaces.get(node.index())
    }

    pub(super) fn founded(&self, node: NodeId) -> u32 {
        self.founded.get(node.index())
    }

    pub(super) fn set_founded(&mut self, node: NodeId, date: u32) {
        self.founded.set(node.index(), date);
    }

    pub(super) fn dissolved(&self, node: NodeId) -> u32 {
        self.dissolved.get(node.index())
    }

    pub(super) fn set_dissolved(&mut self, node: NodeId, date: u32) {
        self.dissolved.set(node.index(), date);
    }

    /// Everything about one entity but its id.
    pub(super) fn row(&self, node: NodeId) -> Node {
        Node {
            name: self.names.get(node.index()),
            kind: self.kind(node),
            jurisdiction: self.jurisdiction(node),
            namespace: self.namespace(node),
            knowledge: self.knowledge(node),
            founded: self.founded(node),
            dissolved: self.dissolved(node),
        }
    }

    /// Writes everything about one entity but its id.
    pub(super) fn set_row(&mut self, node: NodeId, row: &Node) {
        self.names.set(node.index(), row.name);
        self.set_kind(node, row.kind);
        self.set_jurisdiction(node, row.jurisdiction);
        self.namespaces.set(node.index(), row.namespace);
        self.knowledge[node.index()] = row.knowledge;
        self.set_founded(node, row.founded);
        self.set_dissolved(node, row.dissolved);
    }

    /// Brings what is known of some entities into reach: looked up together, they wait for memory at the same time.
    pub(super) fn look_ahead(&self, nodes: &[NodeId]) {
        let touch = |node: &NodeId| {
            std::hint::black_box(self.row(*node));
            (self.ids.range(node.index()), self.names.get(node.index()))
        };
        let places: Vec<(Range<usize>, Span)> = nodes.iter().map(touch).collect();
        for (id, name) in &places {
            std::hint::black_box((self.ids.bytes_at(id).first(), self.text.get(*name).as_bytes().first()));
        }
    }

    /// Names an entity as another one is named.
    pub(super) fn name_after(&mut self, node: NodeId, other: NodeId) {
        let span = self.names.get(other.index());
        if self.text.get(span).is_empty() || self.id(node) == self.text.get(span) {
            let name = self.name(other).to_owned();
            // No room for the name is no reason to lose the entity: it keeps the other one.
            self.set_name(node, &name);
        } else {
            self.names.set(node.index(), span);
        }
    }

    /// The entities in `kept`, in that order; the others are gone. None of them may move up. `new` tells the place of each,
    /// and in the place of those that are gone that of another one.
    pub(super) fn reduced(mut self, kept: &[u32], new: &[NodeId]) -> Self {
        let (ids, by_id) = side_by_side(
            self.count(),
            || self.ids.only(kept),
            || {
                pick(&mut self.kinds, kept);
                pick(&mut self.knowledge, kept);
                self.names.pick(kept, new.len());
                self.jurisdictions.pick(kept, new.len());
                self.namespaces.pick(kept, new.len());
                self.founded.pick(kept, new.len());
                self.dissolved.pick(kept, new.len());
                let stays = |old: u32| {
                    let new = new[old as usize];
                    (kept[new.index()] == old).then_some(new.0)
                };
                self.by_id.reduced(kept.len(), stays)
            },
        );
        Self { ids, by_id, ..self }
    }

    pub(super) fn finish(self) -> Entities {
        let count = self.count();
        let mut names = TextsBuilder::with_room_for(count, self.text.len());
        self.names.iter().for_each(|name| names.push(self.text.get(name)));
        names.fill_to(count);
        let jurisdictions = self.jurisdictions.into_full(count).into_iter().map(|number| number.wrapping_sub(1));
        Entities {
            ids: self.ids.finish(),
            names: names.finish(),
            kinds: self.kinds.into(),
            jurisdictions: jurisdictions.collect::<Vec<u16>>().into(),
            knowledge: self.knowledge.into_iter().map(|knowledge| knowledge.0).collect::<Vec<u8>>().into(),
            namespaces: self.namespaces.into_full(count).into(),
            founded: self.founded.into_full(count).into(),
            dissolved: self.dissolved.into_full(count).into(),
            by_id: self.by_id.finish(),
        }
    }
}
