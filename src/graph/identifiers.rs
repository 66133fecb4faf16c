//! The official numbers of all entities: which entity has which, and who has a given one.

use super::NodeId;
use super::column::at;
use super::table::{Table, TableBuilder};
use super::texts::{Texts, TextsBuilder};
use crate::model::Identifier;
use arrow_buffer::ScalarBuffer;
use std::borrow::Cow;
use twox_hash::XxHash3_64;

/// Numbers ordered by entity, and a table for looking one up by its value.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    pub(super) schemes: Vec<String>,
    pub(super) nodes: ScalarBuffer<u32>,
    pub(super) numbers: ScalarBuffer<u16>,
    pub(super) values: Texts,
    /// Where the numbers of each entity begin.
    pub(super) offsets: ScalarBuffer<u32>,
    pub(super) by_value: Table,
}

/// A number, borrowed.
#[derive(Debug, Clone, Copy)]
struct Row<'t> {
    node: NodeId,
    scheme: &'t str,
    value: &'t str,
}

impl Row<'_> {
    fn identifier(self) -> Identifier {
        Identifier { scheme: self.scheme.to_owned(), id: self.value.to_owned() }
    }
}

impl Identifiers {
    fn row(&self, position: usize) -> Row<'_> {
        let scheme = self.schemes.get(usize::from(at(&self.numbers, position))).map_or("", String::as_str);
        Row { node: NodeId(at(&self.nodes, position)), scheme, value: self.values.get(position) }
    }

    /// The numbers of an entity.
    pub(crate) fn of(&self, node: NodeId) -> impl Iterator<Item = Identifier> + use<'_> {
        let range = match self.offsets.get(node.index()..node.index().saturating_add(2)) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        };
        range.map(|position| self.row(position).identifier())
    }

    /// Who carries a number, given as `scheme:value` or as the bare value.
    pub(crate) fn find(&self, wanted: &str) -> Vec<NodeId> {
        let parsed = Identifier::parse(wanted).and_then(|identifier| identifier.key());
        let mut forms = vec![bare(wanted).into_owned()];
        forms.extend(parsed.as_deref().map(|key| bare(key).into_owned()));
        let mut found = Vec::new();
        for form in &forms {
            for value in [Some(form.as_str()), form.split_once(':').map(|(_, value)| value)].into_iter().flatten() {
                for position in self.by_value.candidates(value.as_bytes()) {
                    let row = self.row(position as usize);
                    if goes_by(&row.identifier(), form) {
                        found.push(row.node);
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Numbers while they are gathered, in the order of the data.
#[derive(Debug, Default)]
pub(crate) struct IdentifiersBuilder {
    schemes: Vec<String>,
    nodes: Vec<u32>,
    numbers: Vec<u16>,
    values: TextsBuilder,
}

impl IdentifiersBuilder {
    /// Adds a number; one that the entity carries already is passed over in the end. `None` when there are too many schemes.
    pub(crate) fn push(&mut self, node: NodeId, scheme: &str, value: &str) -> Option<()> {
        let number = self.scheme(scheme)?;
        self.nodes.push(node.0);
        self.numbers.push(number);
        self.values.push(value);
        Some(())
    }

    fn scheme(&mut self, scheme: &str) -> Option<u16> {
        if let Some(known) = self.schemes.iter().rposition(|known| known == scheme) {
            return Some(known as u16);
        }
        let number = u16::try_from(self.schemes.len()).ok()?;
        self.schemes.push(scheme.to_owned());
        Some(number)
    }

    fn row(&self, position: usize) -> Row<'_> {
        let scheme = self.schemes[usize::from(self.numbers[position])].as_str();
        Row { node: NodeId(self.nodes[position]), scheme, value: self.values.get(position) }
    }

    /// The keys by which records can be joined, with their entities, in order: those that stand more than once, or `all`.
    pub(super) fn keyed(&self, all: bool) -> Vec<(String, u32)> {
        let mut key = String::new();
        let mut hash = |position: usize| {
            let row = self.row(position);
            key.clear();
            Identifier::write_key(row.scheme, row.value, &mut key).then(|| XxHash3_64::oneshot(key.as_bytes()))
        };
        let hashes: Vec<Option<u64>> = (0..self.nodes.len()).map(&mut hash).collect();
        let mut several: Vec<u64> = hashes.iter().flatten().copied().collect();
        several.sort_unstable();
        let mut kept = 0;
        for at in 1..several.len() {
            if several[at] == several[at - 1] {
                several[kept] = several[at];
                kept += 1;
            }
        }
        several.truncate(kept);
        let wanted = |hash: &Option<u64>| hash.is_some_and(|hash| all || several.binary_search(&hash).is_ok());
        let positions = (0..hashes.len()).filter(|&position| wanted(&hashes[position]));
        let mut keyed: Vec<(String, u32)> = positions
            .filter_map(|position| Some((self.row(position).identifier().key()?, self.nodes[position])))
            .collect();
        keyed.sort_unstable();
        keyed.dedup();
        keyed
    }

    /// Orders the numbers by entity, after each entity got its final node.
    pub(super) fn finish(mut self, nodes: usize, node_of: impl Fn(NodeId) -> NodeId) -> Identifiers {
        self.nodes.iter_mut().for_each(|node| *node = node_of(NodeId(*node)).0);
        let mut order: Vec<u32> = (0..self.nodes.len() as u32).collect();
        if !self.nodes.is_sorted() {
            // Stable, so that the numbers of an entity keep the order of the data.
            order.sort_by_key(|&position| self.nodes[position as usize]);
        }
        let all = order.len();
        self.drop_doubles(&mut order);
        let in_order = order.len() == all && order.is_sorted();
        let kept = |position: &u32| *position as usize;
        let numbered: Vec<u32> = order.iter().map(|position| self.nodes[kept(position)]).collect();
        let mut offsets = vec![0u32; if order.is_empty() { 0 } else { nodes + 1 }];
        numbered.iter().for_each(|&node| offsets[node as usize + 1] += 1);
        (1..offsets.len()).for_each(|index| offsets[index] += offsets[index - 1]);
        let by_value = self.by_value(&order);
        Identifiers {
            numbers: order.iter().map(|position| self.numbers[kept(position)]).collect::<Vec<_>>().into(),
            nodes: numbered.into(),
            by_value,
            values: match in_order {
                true => self.values.finish(),
                false => order.iter().map(|position| self.values.get(kept(position))).collect(),
            },
            offsets: offsets.into(),
            schemes: self.schemes,
        }
    }

    fn drop_doubles(&self, order: &mut Vec<u32>) {
        let (mut kept, mut own) = (0, 0);
        for place in 0..order.len() {
            let position = order[place] as usize;
            let row = self.row(position);
            if kept > 0 && self.nodes[order[kept - 1] as usize] != row.node.0 {
                own = kept;
            }
            let known = order[own..kept].iter().map(|&known| self.row(known as usize));
            if !known.into_iter().any(|known| (known.scheme, known.value) == (row.scheme, row.value)) {
                order[kept] = position as u32;
                kept += 1;
            }
        }
        order.truncate(kept);
    }

    /// Files each number under its value, as written and as compared.
    fn by_value(&self, order: &[u32]) -> Table {
        let mut table = TableBuilder::with_room_for(order.len());
        let mut fits = true;
        for (number, &position) in order.iter().enumerate() {
            let row = self.row(position as usize);
            for form in forms(row) {
                let tag = table.tag(form.as_bytes());
                fits &= table.insert(tag, number as u32);
            }
        }
        if !fits {
            let all = order.iter().enumerate().flat_map(|(number, &position)| {
                forms(self.row(position as usize)).map(move |form| (number as u32, form))
            });
            let all: Vec<(u32, Cow<'_, str>)> = all.collect();
            table.hash_anew(all.iter().map(|(number, form)| (*number, form.as_bytes())));
        }
        table.finish()
    }
}

/// The forms of a value under which a number is filed: as written and, where that differs, as compared.
fn forms(row: Row<'_>) -> impl Iterator<Item = Cow<'_, str>> {
    let written = bare(row.value);
    let mut key = String::new();
    let compared = Identifier::write_key(row.scheme, row.value, &mut key)
        .then(|| key.split_once(':').map(|(_, value)| bare(value).into_owned()))
        .flatten()
        .filter(|value| *value != *written);
    std::iter::once(written).chain(compared.map(Cow::Owned))
}

/// Whether a number is known under a form: as written or as compared, with its scheme or without.
fn goes_by(identifier: &Identifier, form: &str) -> bool {
    let compared = identifier.key();
    let short = compared.as_deref().and_then(|key| key.split_once(':')).map(|(_, value)| value);
    *bare(&identifier.to_string()) == *form
        || *bare(&identifier.id) == *form
        || compared.as_deref().is_some_and(|key| *bare(key) == *form)
        || short.is_some_and(|value| *bare(value) == *form)
}

fn bare(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_bare = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_bare { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}
