//! Takes a whole graph in: an index is one more input.

use super::{GraphBuilder, Mention};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::graph::columns::{InterestParts, Knowledge};
use crate::graph::{EdgeId, NodeId, OwnershipGraph, Verdict};
use std::ops::Range;

/// The name of each family of formats, by number.
pub(crate) type Families = fn(u8) -> &'static str;

/// A graph that is taken in, and what its numbers are in the builder. What refers to nothing in it is damaged: a large index is not
/// checked when it is opened.
pub(super) struct Absorbed<'g> {
    /// Stands for the graph in messages.
    name: &'g str,
    graph: &'g OwnershipGraph,
    pub(super) nodes: Vec<NodeId>,
    first_account: u32,
    first_input: u16,
}

impl<'g> Absorbed<'g> {
    pub(super) fn new(name: &'g str, graph: &'g OwnershipGraph, first_account: u32, first_input: u16) -> Self {
        Self { name, graph, nodes: Vec::new(), first_account, first_input }
    }

    fn damaged(&self, what: std::fmt::Arguments<'_>) -> Error {
        let message = format!("is damaged: {what}; build the index anew with `cuibono index build`");
        Error::data(Location::of(self.name), message)
    }

    fn node(&self, node: NodeId) -> Result<NodeId> {
        let known = self.nodes.get(node.index()).copied();
        known.ok_or_else(|| self.damaged(format_args!("it refers to entity {}, which it does not hold", node.0)))
    }

    fn account(&self, number: u32) -> Result<u32> {
        let own = (number < self.graph.accounts.count()).then_some(number);
        let new = own.and_then(|number| self.first_account.checked_add(number));
        new.ok_or_else(|| self.damaged(format_args!("it refers to account {number}, which it does not hold")))
    }

    fn accounts(&self, range: &Range<u32>) -> Result<Range<u32>> {
        let own = range.start <= range.end && range.end <= self.graph.accounts.count();
        let end = own.then(|| self.first_account.checked_add(range.end)).flatten();
        let unknown = || self.damaged(format_args!("it refers to accounts {range:?}, which it does not hold"));
        let end = end.ok_or_else(unknown)?;
        Ok(end - (range.end - range.start)..end)
    }

    /// A graph that names no input at all counts as one.
    fn input(&self, number: u16) -> Result<u16> {
        let own = (usize::from(number) < self.graph.inputs.len().max(1)).then_some(number);
        let new = own.and_then(|number| self.first_input.checked_add(number));
        new.ok_or_else(|| self.damaged(format_args!("it refers to input {number}, which it does not hold")))
    }
}

impl GraphBuilder {
    /// Adds everything that a graph holds, as if its inputs were read again; `name` stands for it in messages.
    pub(crate) fn absorb(&mut self, name: &str, graph: &OwnershipGraph, families: Families) -> Result<()> {
        let first_input = u16::try_from(self.inputs.len() + graph.inputs.len())
            .map(|all| all - graph.inputs.len() as u16)
            .map_err(|_| Error::plain(ErrorKind::Limit, "more than 65,536 input files in one graph"))?;
        self.inputs.extend(graph.inputs.iter().cloned());
        self.absorb_registry(graph)?;
        let mut absorbed = Absorbed::new(name, graph, self.account_count(), first_input);
        self.absorb_accounts(&absorbed)?;
        absorbed.nodes = self.absorb_entities(&absorbed, families)?;
        for edge in graph.edges() {
            self.absorb_interest(&absorbed, edge)?;
        }
        for &(a, b) in &graph.merged.kept_apart {
            let (a, b) = (absorbed.node(a)?, absorbed.node(b)?);
            let id = |node| self.entities.id(node).to_owned();
            self.verdict(Verdict { a: id(a), b: id(b), same: false, location: Location::default() });
        }
        self.problems.merge(graph.problems());
        Ok(())
    }

    /// Adds the sources and jurisdictions of a graph.
    pub(super) fn absorb_registry(&mut self, graph: &OwnershipGraph) -> Result<()> {
        let nowhere = Location::default();
        graph.sources().iter().for_each(|source| self.source(source.clone(), &nowhere));
        // The graph's own findings tell which of its codes are unknown, and where.
        for code in &graph.jurisdiction_codes {
            if !self.jurisdiction_by_code.contains_key(code) {
                self.new_jurisdiction_code(code, &nowhere)?;
            }
        }
        for record in graph.jurisdictions() {
            self.jurisdiction(record.clone(), &nowhere)?;
        }
        Ok(())
    }

    /// Adds the accounts of a graph in their order.
    pub(super) fn absorb_accounts(&mut self, absorbed: &Absorbed<'_>) -> Result<()> {
        let graph = absorbed.graph;
        for number in 0..graph.accounts.count() {
            let account = graph.accounts.get(number);
            let source = account.source.and_then(|position| graph.sources().get(position as usize));
            let source = source.and_then(|source| self.source_position(&source.id));
            self.new_account(crate::graph::Account { source, ..account })?;
        }
        for range in &graph.dated {
            self.dated.push(absorbed.accounts(range)?);
        }
        Ok(())
    }

    /// Adds the entities of a graph and tells the nodes that they have here.
    fn absorb_entities(&mut self, absorbed: &Absorbed<'_>, families: Families) -> Result<Vec<NodeId>> {
        let namespace = self.namespace;
        let mut nodes = Vec::with_capacity(absorbed.graph.node_count());
        for node in absorbed.graph.nodes() {
            if absorbed.graph.entity(node).id().is_empty() {
                return Err(absorbed.damaged(format_args!("entity {} has no id", node.0)));
            }
            nodes.push(self.absorb_entity(absorbed.graph, node, families)?);
        }
        self.namespace = namespace;
        Ok(nodes)
    }

    pub(super) fn absorb_entity(&mut self, graph: &OwnershipGraph, node: NodeId, families: Families) -> Result<NodeId> {
        let nowhere = Location::default();
        let entity = graph.entity(node);
        let number = graph.entities.namespace(node);
        self.namespace = (number, families(number));
        let knows = |bit| graph.entities.knows(node, bit);
        let new = self.mention(
            Mention {
                id: entity.id(),
                name: knows(Knowledge::NAMED).then(|| entity.name()),
                kind: knows(Knowledge::KIND).then(|| entity.kind()),
                jurisdiction: entity.jurisdiction(),
            },
            &nowhere,
        )?;
        if !knows(Knowledge::KIND) && !self.entities.knows(new, Knowledge::KIND) {
            self.entities.set_kind(new, entity.kind());
        }
        for bit in [Knowledge::JURISDICTION_INFERRED, Knowledge::OWNERS_COMPLETE, Knowledge::DECLARED] {
            if knows(bit) {
                self.entities.note(new, bit, true);
            }
        }
        self.lifetime(new, entity.founded(), entity.dissolved());
        for identifier in entity.identifiers() {
            self.identifier(new, &identifier, &nowhere)?;
        }
        if let Some(details) = graph.entity_details.peek(node.0) {
            self.entity_details(new, details);
        }
        if !entity.joined().is_empty() {
            self.was_joined(new, entity.joined().to_vec());
        }
        Ok(new)
    }

    pub(super) fn absorb_interest(&mut self, absorbed: &Absorbed<'_>, edge: EdgeId) -> Result<()> {
        let graph = absorbed.graph;
        let place = (absorbed.input(graph.interests.input(edge))?, graph.interests.record(edge));
        let parts = InterestParts::of(&graph.interest(edge), graph.dates(edge), place);
        let number = self.interest(&InterestParts {
            owner: absorbed.node(parts.owner)?,
            owned: absorbed.node(parts.owned)?,
            account: absorbed.account(parts.account)?,
            ..parts
        })?;
        if let Some(id) = graph.stake(edge).given_id() {
            self.interest_id(number, id);
        }
        if let Some(details) = graph.interests.details.peek(edge.0) {
            self.interest_details(number, details);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Account;

    fn family(_: u8) -> &'static str {
        ""
    }

    fn builder() -> GraphBuilder {
        let mut builder = GraphBuilder::new();
        let input = builder.input("edges.csv").expect("room");
        let nowhere = Location::default();
        let [ann, acme] =
            ["ann", "acme"].map(|id| builder.mention(Mention { id, ..Mention::default() }, &nowhere).expect("room"));
        let account = builder.new_account(Account::default()).expect("room");
        for record in [1, 2] {
            let parts = InterestParts {
                owner: ann,
                owned: acme,
                kind: crate::model::InterestKind::Shareholding,
                share: crate::model::ShareRange::UNKNOWN,
                start: Default::default(),
                end: Default::default(),
                directness: crate::model::Directness::Direct,
                confidence: crate::model::Confidence::High,
                marks: crate::model::Marks::NONE,
                controlling: false,
                account,
                input,
                record,
            };
            builder.interest(&parts).expect("room");
        }
        builder.dates_are_final(0);
        builder
    }

    /// What is said of a graph that is joined with other data when one of its rows is as `damage` leaves it.
    fn said(damage: impl FnOnce(&mut OwnershipGraph)) -> Result<(), String> {
        let mut graph = builder().finish().expect("a graph");
        damage(&mut graph);
        builder().absorb("dir/i", &graph, family).map_err(|error| error.to_string())
    }

    fn with_word(place: usize, word: u32) -> Result<(), String> {
        said(|graph| {
            let mut words = graph.interests.rows.to_vec();
            words[8 + place] = word;
            graph.interests.rows = words.into();
        })
    }

    #[test]
    fn an_index_that_refers_to_what_it_does_not_hold_is_named() {
        let refused = |what: &str| {
            let ending = "which it does not hold; build the index anew with `cuibono index build`";
            Err(format!("dir/i: is damaged: it refers to {what}, {ending}"))
        };
        assert_eq!(said(|_| {}), Ok(()));
        assert_eq!(with_word(0, 1), Ok(()));
        assert_eq!(with_word(0, 2), refused("entity 2"));
        assert_eq!(with_word(1, u32::MAX), refused("entity 4294967295"));
        assert_eq!(with_word(6, 1), refused("account 1"));
        assert_eq!(with_word(6, u32::MAX), refused("account 4294967295"));
        assert_eq!(said(|graph| graph.interests.inputs = vec![0, u16::MAX].into()), refused("input 65535"));
        assert_eq!(said(|graph| graph.interests.inputs = vec![0, 1].into()), refused("input 1"));
        assert_eq!(said(|graph| graph.dated.push(0..u32::MAX)), refused("accounts 0..4294967295"));
        assert_eq!(said(|graph| graph.merged.kept_apart.push((NodeId(0), NodeId(9)))), refused("entity 9"));
    }

    #[test]
    fn numbers_of_a_graph_follow_those_that_are_there() {
        let mut both = builder();
        both.absorb("dir/i", &builder().finish().expect("a graph"), family).expect("a sound graph");
        let both = both.finish().expect("a graph");
        let rows: Vec<_> = both
            .edges()
            .map(|edge| (both.interest(edge).account(), both.interests.input(edge), both.interests.record(edge)))
            .collect();
        assert_eq!(rows, [(0, 0, 1), (0, 0, 2), (1, 1, 1), (1, 1, 2)]);
        assert_eq!(both.dated, [0..1, 1..2]);
    }
}
