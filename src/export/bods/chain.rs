//! The chain of direct interests that an indirect one sums up, where the data hold exactly one.

use super::groups::Groups;
use crate::export::remarks::{days, period};
use crate::graph::{EdgeId, NodeId, View};
use crate::model::{Directness, EntityKind, InterestKind};
use std::collections::HashMap;

/// The links of a chain and the entities between them.
pub(super) struct Chain {
    pub links: Vec<usize>,
    pub between: Vec<NodeId>,
}

/// Entities that are looked at before a chain counts as not derivable.
const MOST: usize = 5_000;

/// The shortest chain of direct interests of the same kind from the owner to the owned entity, if only one is as short.
pub(super) fn of(view: View<'_>, groups: &Groups<'_>, group: usize) -> Option<Chain> {
    let search = Search { view, groups, primary: groups.edges(group)[0] };
    let nodes = search.nodes()?;
    let mut links = Vec::new();
    for pair in nodes.windows(2) {
        let found = search.links_of(pair[0]).filter(|&(_, owned)| owned == pair[1]).map(|(link, _)| link);
        links.extend(found);
    }
    links.sort_unstable();
    links.dedup();
    let whole = links.iter().all(|&link| groups.all(link, Directness::Direct));
    whole.then(|| Chain { links, between: nodes[1..nodes.len() - 1].to_vec() })
}

struct Search<'g, 's> {
    view: View<'g>,
    groups: &'s Groups<'g>,
    primary: EdgeId,
}

impl<'g> Search<'g, '_> {
    fn kind(&self) -> InterestKind {
        self.view.graph().interest(self.primary).kind()
    }

    /// The relationships through which a party holds something directly, and what it holds.
    fn links_of(&self, owner: NodeId) -> impl Iterator<Item = (usize, NodeId)> {
        let graph = self.view.graph();
        let alike = self.view.interests_of(owner).filter(|(edge, interest, _)| {
            interest.kind() == self.kind()
                && interest.directness() == Directness::Direct
                && graph.entity(interest.owned()).kind() != EntityKind::Person
                && self.meets(*edge)
        });
        alike.filter_map(|(edge, interest, _)| Some((self.groups.group(edge)?, interest.owned())))
    }

    /// Whether a link exists at some time at which the primary interest does.
    fn meets(&self, edge: EdgeId) -> bool {
        let graph = self.view.graph();
        let [link, primary] = [edge, self.primary].map(|edge| days(period(graph.stake(edge))));
        let before =
            |end: Option<_>, start: Option<_>| matches!((end, start), (Some(end), Some(start)) if end <= start);
        !before(link.1, primary.0) && !before(primary.1, link.0)
    }

    /// The parties of the chain, both ends included.
    fn nodes(&self) -> Option<Vec<NodeId>> {
        let interest = self.view.graph().interest(self.primary);
        let (owner, owned) = (interest.owner(), interest.owned());
        // For each party its predecessor, `None` where two ways lead to it.
        let mut from: HashMap<NodeId, Option<NodeId>> = HashMap::from([(owner, None)]);
        let mut level = vec![owner];
        while !level.is_empty() && !from.contains_key(&owned) {
            let mut next: HashMap<NodeId, Option<NodeId>> = HashMap::new();
            for &holder in &level {
                for (_, held) in self.links_of(holder) {
                    let only_the_pair = holder == owner && held == owned;
                    if from.contains_key(&held) || only_the_pair {
                        continue;
                    }
                    let known = next.entry(held).or_insert(Some(holder));
                    if *known != Some(holder) {
                        *known = None;
                    }
                }
            }
            level = next.keys().copied().collect();
            from.extend(next);
            if from.len() > MOST {
                return None;
            }
        }
        let mut nodes = vec![owned];
        while let Some(&last) = nodes.last()
            && last != owner
        {
            nodes.push((*from.get(&last)?)?);
        }
        nodes.reverse();
        Some(nodes).filter(|nodes| nodes.len() > 2)
    }
}
