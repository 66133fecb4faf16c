//! Which records are one party: union–find over nodes, with pairs that must stay apart.

use std::fmt;

/// Why two records are one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason<'k> {
    /// The user says so.
    Confirmed,
    /// Both carry this identifier.
    Carry(&'k str),
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Confirmed => f.write_str("confirmed"),
            Reason::Carry(key) => write!(f, "both carry {key}"),
        }
    }
}

/// A record that is one party with an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member<'k> {
    /// The first record of the party.
    pub root: u32,
    pub node: u32,
    pub reason: Reason<'k>,
}

/// Parties while records are joined.
#[derive(Debug)]
pub(super) struct Parties<'k> {
    parents: Vec<u32>,
    apart: Vec<(u32, u32)>,
    joined: Vec<(u32, Reason<'k>)>,
}

impl<'k> Parties<'k> {
    /// Each of so many nodes is a party of its own.
    pub(super) fn new(nodes: usize) -> Self {
        Self { parents: (0..nodes as u32).collect(), apart: Vec::new(), joined: Vec::new() }
    }

    /// Keeps two nodes apart from now on.
    pub(super) fn keep_apart(&mut self, a: u32, b: u32) {
        self.apart.push((a, b));
    }

    /// The pairs that are kept apart.
    pub(super) fn apart(&self) -> &[(u32, u32)] {
        &self.apart
    }

    fn find(&self, mut node: u32) -> u32 {
        while self.parents[node as usize] != node {
            node = self.parents[node as usize];
        }
        node
    }

    /// Joins two parties under the smaller number unless the user keeps them apart.
    pub(super) fn join(&mut self, a: u32, b: u32, reason: Reason<'k>) {
        let (a, b) = (self.find(a), self.find(b));
        if a == b || self.are_apart(a, b) {
            return;
        }
        let (root, other) = (a.min(b), a.max(b));
        self.parents[other as usize] = root;
        self.joined.push((other, reason));
    }

    fn are_apart(&self, a: u32, b: u32) -> bool {
        self.apart.iter().any(|&(c, d)| {
            let (c, d) = (self.find(c), self.find(d));
            (c, d) == (a, b) || (c, d) == (b, a)
        })
    }

    /// The records that were joined, by their numbers.
    pub(super) fn members(&self) -> Vec<Member<'k>> {
        let member = |&(node, reason): &(u32, Reason<'k>)| Member { root: self.find(node), node, reason };
        let mut members: Vec<Member<'k>> = self.joined.iter().map(member).collect();
        members.sort_unstable_by_key(|member| member.node);
        members
    }
}
