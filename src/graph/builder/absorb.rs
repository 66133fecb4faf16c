//! Takes a whole graph in: an index is one more input.

use super::{GraphBuilder, Mention};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::graph::columns::{InterestParts, Knowledge};
use crate::graph::{EdgeId, NodeId, OwnershipGraph, Verdict};

/// The name of each family of formats, by number.
pub(crate) type Families = fn(u8) -> &'static str;

impl GraphBuilder {
    /// Adds everything that a graph holds, as if its inputs were read again.
    pub(crate) fn absorb(&mut self, graph: &OwnershipGraph, families: Families) -> Result<()> {
        let first_input = u16::try_from(self.inputs.len() + graph.inputs.len())
            .map(|all| all - graph.inputs.len() as u16)
            .map_err(|_| Error::plain(ErrorKind::Limit, "more than 65,536 input files in one graph"))?;
        self.inputs.extend(graph.inputs.iter().cloned());
        let nowhere = Location::default();
        graph.sources().iter().for_each(|source| self.source(source.clone(), &nowhere));
        for record in graph.jurisdictions() {
            self.jurisdiction(record.clone(), &nowhere)?;
        }
        let accounts = self.absorb_accounts(graph)?;
        let namespace = self.namespace;
        let nodes = graph.nodes().map(|node| self.absorb_entity(graph, node, families)).collect::<Result<Vec<_>>>()?;
        self.namespace = namespace;
        for edge in graph.edges() {
            self.absorb_interest(graph, edge, (&nodes, accounts, first_input))?;
        }
        for &(a, b) in &graph.merged.kept_apart {
            let id = |node: NodeId| self.entities.id(nodes[node.index()]).to_owned();
            let verdict = Verdict { a: id(a), b: id(b), same: false, location: Location::default() };
            self.verdict(verdict);
        }
        for problem in graph.problems().iter() {
            self.problems.push(problem.clone());
        }
        Ok(())
    }

    /// Adds the accounts of a graph in their order, and tells the number of the first.
    fn absorb_accounts(&mut self, graph: &OwnershipGraph) -> Result<u32> {
        let first = self.account_count();
        for number in 0..graph.accounts.count() {
            let account = graph.accounts.get(number);
            let source = account.source.and_then(|position| graph.sources().get(position as usize));
            let source = source.and_then(|source| self.source_position(&source.id));
            self.new_account(crate::graph::Account { source, ..account })?;
        }
        self.dated.extend(graph.dated.iter().map(|range| range.start + first..range.end + first));
        Ok(first)
    }

    fn absorb_entity(&mut self, graph: &OwnershipGraph, node: NodeId, families: Families) -> Result<NodeId> {
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

    fn absorb_interest(
        &mut self,
        graph: &OwnershipGraph,
        edge: EdgeId,
        (nodes, first_account, first_input): (&[NodeId], u32, u16),
    ) -> Result<()> {
        let interest = graph.interest(edge);
        let (start, end) = graph.dates(edge);
        let node = |node: NodeId| {
            let unknown = || Error::plain(ErrorKind::Data, "an index refers to an entity that it does not hold");
            nodes.get(node.index()).copied().ok_or_else(unknown)
        };
        let number = self.interest(&InterestParts {
            owner: node(interest.owner())?,
            owned: node(interest.owned())?,
            kind: interest.kind(),
            share: interest.share(),
            start,
            end,
            directness: interest.directness(),
            confidence: interest.confidence(),
            marks: interest.marks(),
            controlling: interest.is_controlling(),
            account: interest.account() + first_account,
            input: graph.interests.input(edge) + first_input,
            record: graph.interests.record(edge),
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
