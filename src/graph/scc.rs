//! Strongly connected components without recursion.

/// The components of a directed graph given by successor lists.
#[derive(Debug, Default)]
pub struct Components {
    /// Members, grouped by component. Components come in reverse topological order: one that others lead to comes
    /// before those that lead to it.
    pub members: Vec<u32>,
    /// Where each component starts in `members`, and one past the last.
    pub offsets: Vec<u32>,
}

impl Components {
    /// The members of a component.
    pub fn get(&self, number: u32) -> &[u32] {
        let range = self.offsets[number as usize] as usize..self.offsets[number as usize + 1] as usize;
        &self.members[range]
    }

    /// The components one by one.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.offsets.windows(2).map(|pair| &self.members[pair[0] as usize..pair[1] as usize])
    }
}

/// Tarjan's algorithm (SIAM J. Comput. 1, 1972) with an explicit stack; linear in nodes and edges.
///
/// `successors(node)` must give the same slice each time it is asked.
pub fn components<'a>(nodes: usize, successors: impl Fn(u32) -> &'a [u32]) -> Components {
    const UNSEEN: u32 = u32::MAX;
    let mut index = vec![UNSEEN; nodes];
    let mut low = vec![0u32; nodes];
    let mut on_stack = vec![false; nodes];
    let (mut stack, mut calls) = (Vec::new(), Vec::new());
    let mut out = Components { members: Vec::with_capacity(nodes), offsets: vec![0] };
    let mut next = 0;
    for root in 0..nodes as u32 {
        if index[root as usize] != UNSEEN {
            continue;
        }
        calls.push((root, 0usize));
        while let Some((node, edge)) = calls.pop() {
            let at = node as usize;
            if edge == 0 {
                index[at] = next;
                low[at] = next;
                next += 1;
                stack.push(node);
                on_stack[at] = true;
            } else {
                let child = successors(node)[edge - 1] as usize;
                low[at] = low[at].min(low[child]);
            }
            let mut descended = false;
            for (offset, &child) in successors(node)[edge..].iter().enumerate() {
                if index[child as usize] == UNSEEN {
                    calls.push((node, edge + offset + 1));
                    calls.push((child, 0));
                    descended = true;
                    break;
                }
                if on_stack[child as usize] {
                    low[at] = low[at].min(index[child as usize]);
                }
            }
            if !descended && low[at] == index[at] {
                while let Some(member) = stack.pop() {
                    on_stack[member as usize] = false;
                    out.members.push(member);
                    if member == node {
                        break;
                    }
                }
                out.offsets.push(out.members.len() as u32);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_found_and_a_long_chain_needs_no_stack() {
        let lists = [vec![1], vec![2], vec![0, 3], vec![3], vec![]];
        let found = components(5, |node| &lists[node as usize]);
        let sets: Vec<_> = found
            .iter()
            .map(|c| {
                let mut c = c.to_vec();
                c.sort();
                c
            })
            .collect();
        assert_eq!(sets, [vec![3], vec![0, 1, 2], vec![4]]);

        let chain: Vec<[u32; 1]> = (1..=1_000_000).map(|next| [next]).collect();
        let found = components(1_000_001, |node| chain.get(node as usize).map_or(&[], |list| list.as_slice()));
        assert_eq!(found.iter().count(), 1_000_001);
        assert_eq!(found.members[0], 1_000_000);
    }
}
