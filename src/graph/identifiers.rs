//! The official numbers of all entities: which entity has which, and who has a given one.

use super::NodeId;
use super::arena::Arena;
use super::columns::IdentifierRow;
use crate::model::Identifier;
use std::hash::BuildHasher;

/// Numbers ordered by entity, and an order of their hashes for looking one up.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    schemes: Vec<String>,
    rows: Vec<IdentifierRow>,
    offsets: Vec<u32>,
    /// Hashes of `scheme:value` and of the bare value, both as they are compared, with the row.
    lookup: Vec<(u64, u32)>,
}

impl Identifiers {
    /// Adds a number; one that the entity carries already is passed over when all are [settled](Self::settle).
    pub(crate) fn push(&mut self, node: NodeId, identifier: &Identifier, text: &mut Arena) -> Option<()> {
        let scheme = self.scheme(&identifier.scheme)?;
        let value = text.push(&identifier.id)?;
        self.rows.push(IdentifierRow { node, scheme, value });
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

    /// Every number with its entity.
    pub(crate) fn all<'t>(&'t self, text: &'t Arena) -> impl Iterator<Item = (NodeId, Identifier)> + 't {
        self.rows.iter().map(|row| (row.node, self.identifier(row, text)))
    }

    fn identifier(&self, row: &IdentifierRow, text: &Arena) -> Identifier {
        Identifier { scheme: self.schemes[usize::from(row.scheme)].clone(), id: text.get(row.value).to_owned() }
    }

    /// Orders the numbers by entity, after each entity got its final node.
    pub(crate) fn settle(&mut self, nodes: usize, text: &Arena, node_of: impl Fn(NodeId) -> NodeId) {
        self.rows.iter_mut().for_each(|row| row.node = node_of(row.node));
        let place = |row: &IdentifierRow| (row.node, row.scheme, text.get(row.value));
        // Stable, so that the numbers of an entity keep the order of the data until doubles are dropped.
        self.rows.sort_by_key(|row| row.node);
        let mut kept: Vec<IdentifierRow> = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let own = kept.iter().rev().take_while(|known| known.node == row.node);
            if !own.into_iter().any(|known| place(known) == place(row)) {
                kept.push(*row);
            }
        }
        self.rows = kept;
        self.offsets = vec![0; nodes + 1];
        self.rows.iter().for_each(|row| self.offsets[row.node.index() + 1] += 1);
        (1..self.offsets.len()).for_each(|index| self.offsets[index] += self.offsets[index - 1]);
        self.lookup = Vec::with_capacity(self.rows.len() * 2);
        for (number, row) in self.rows.iter().enumerate() {
            let identifier = self.identifier(row, text);
            self.lookup.extend(keys(&identifier).map(|key| (hash(&key), number as u32)));
        }
        self.lookup.sort_unstable();
        self.lookup.dedup();
    }

    /// The numbers of an entity.
    pub(crate) fn of<'t>(&'t self, node: NodeId, text: &'t Arena) -> impl Iterator<Item = Identifier> + use<'t> {
        let range = match self.offsets.get(node.index()..node.index() + 2) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        };
        self.rows[range].iter().map(move |row| self.identifier(row, text))
    }

    /// Who carries a number, given as `scheme:value` or as the bare value.
    pub(crate) fn find(&self, wanted: &str, text: &Arena) -> Vec<NodeId> {
        let mut forms = vec![bare(wanted)];
        forms.extend(Identifier::parse(wanted).and_then(|identifier| identifier.key()).map(|key| bare(&key)));
        let mut found = Vec::new();
        for form in &forms {
            let hash = hash(form);
            let first = self.lookup.partition_point(|&(known, _)| known < hash);
            for &(_, number) in self.lookup[first..].iter().take_while(|&&(known, _)| known == hash) {
                let row = &self.rows[number as usize];
                if keys(&self.identifier(row, text)).any(|key| key == *form) {
                    found.push(row.node);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The forms under which a number is found: as written and as compared, with and without its scheme.
fn keys(identifier: &Identifier) -> impl Iterator<Item = String> {
    let compared = identifier.key();
    let short = compared.as_deref().and_then(|key| key.split_once(':')).map(|(_, value)| bare(value));
    [Some(bare(&identifier.to_string())), Some(bare(&identifier.id)), compared.as_deref().map(bare), short]
        .into_iter()
        .flatten()
}

fn bare(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The same in every run, so that the same data make the same graph.
fn hash(key: &str) -> u64 {
    foldhash::quality::FixedState::with_seed(0).hash_one(key)
}
