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

    /// The number of the component of each node.
    pub fn numbers(&self) -> Vec<u32> {
        let mut numbers = vec![0; self.members.len()];
        for (members, number) in self.iter().zip(0..) {
            members.iter().for_each(|&node| numbers[node as usize] = number);
        }
        numbers
    }

    /// The components one by one.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.offsets.windows(2).map(|pair| &self.members[pair[0] as usize..pair[1] as usize])
    }
}

impl Components {
    /// The same components in an order that no more than the components and the order of their nodes decides: by how many others
    /// lead on from them at most, then by their smallest member; members in the order of their numbers. So it is the same
    /// in a part of the graph that holds everything to which its nodes lead.
    ///
    /// `successors` are those of which the components were made.
    #[must_use]
    pub(crate) fn in_order<'a>(self, successors: impl Fn(u32) -> &'a [u32]) -> Self {
        let mut component_of = vec![0u32; self.members.len()];
        let mut levels: Vec<u32> = Vec::with_capacity(self.offsets.len());
        for (number, members) in self.iter().enumerate() {
            members.iter().for_each(|&member| component_of[member as usize] = number as u32);
            let beyond = members.iter().flat_map(|&member| successors(member)).map(|&node| component_of[node as usize]);
            let beyond = beyond.filter(|&other| other != number as u32).map(|other| levels[other as usize] + 1);
            levels.push(beyond.max().unwrap_or(0));
        }
        let order = by_level(&levels, &by_smallest_member(&component_of, levels.len()));
        let mut sorted = Self { members: Vec::with_capacity(self.members.len()), offsets: vec![0] };
        for number in order {
            let first = sorted.members.len();
            sorted.members.extend_from_slice(self.get(number));
            sorted.members[first..].sort_unstable();
            sorted.offsets.push(sorted.members.len() as u32);
        }
        sorted
    }
}

/// The numbers of components in the order of their smallest members.
fn by_smallest_member(component_of: &[u32], count: usize) -> Vec<u32> {
    let mut is_met = vec![false; count];
    component_of.iter().copied().filter(|&number| !std::mem::replace(&mut is_met[number as usize], true)).collect()
}

/// The same numbers by their levels, those of one level in the order in which they were; linear.
fn by_level(levels: &[u32], numbers: &[u32]) -> Vec<u32> {
    let mut places = vec![0u32; levels.iter().max().map_or(0, |&level| level as usize + 2)];
    levels.iter().for_each(|&level| places[level as usize + 1] += 1);
    (1..places.len()).for_each(|level| places[level] += places[level - 1]);
    let mut sorted = vec![0u32; numbers.len()];
    for &number in numbers {
        let place = &mut places[levels[number as usize] as usize];
        sorted[*place as usize] = number;
        *place += 1;
    }
    sorted
}

/// Not visited yet.
const UNSEEN: u32 = 0;

/// In a component that is complete; larger than every number of a visit, so that it never counts as a smaller one.
const DONE: u32 = u32::MAX;

/// Tarjan's algorithm (SIAM J. Comput. 1, 1972) with one number for each node (Pearce, Inf. Process. Lett. 116, 2016) and
/// an explicit stack; linear in nodes and edges.
///
/// `successors(node)` must give the same slice each time it is asked.
pub fn components<'a>(nodes: usize, successors: impl Fn(u32) -> &'a [u32]) -> Components {
    let mut search = Search {
        lowest: vec![UNSEEN; nodes],
        next: UNSEEN,
        stack: Vec::new(),
        out: Components { members: Vec::with_capacity(nodes), offsets: Vec::with_capacity(nodes + 1) },
    };
    search.out.offsets.push(0);
    let mut calls = Vec::new();
    for root in 0..nodes as u32 {
        if search.lowest[root as usize] == UNSEEN {
            search.from(root, &successors, &mut calls);
        }
    }
    search.out
}

/// A node that is being visited: its number, and how many of its successors were looked at.
struct Call {
    node: u32,
    number: u32,
    looked_at: u32,
}

struct Search {
    /// The number of the earliest visited node that a node is known to reach.
    lowest: Vec<u32>,
    next: u32,
    stack: Vec<u32>,
    out: Components,
}

impl Search {
    fn from<'a>(&mut self, root: u32, successors: &impl Fn(u32) -> &'a [u32], calls: &mut Vec<Call>) {
        self.enter(root, successors(root), calls);
        while let Some(call) = calls.last_mut() {
            let list = successors(call.node);
            let mut lowest = self.lowest[call.node as usize];
            let mut below = None;
            while let Some(&child) = list.get(call.looked_at as usize) {
                if self.lowest[child as usize] == UNSEEN {
                    // Looked at once more when it is done: then its number counts.
                    below = Some(child);
                    break;
                }
                lowest = lowest.min(self.lowest[child as usize]);
                call.looked_at += 1;
            }
            self.lowest[call.node as usize] = lowest;
            match below {
                Some(child) => self.enter(child, successors(child), calls),
                None => self.leave(calls),
            }
        }
    }

    /// Begins with a node; one that leads nowhere is a component at once.
    fn enter(&mut self, node: u32, list: &[u32], calls: &mut Vec<Call>) {
        if list.is_empty() {
            self.lowest[node as usize] = DONE;
            self.out.members.push(node);
            self.out.offsets.push(self.out.members.len() as u32);
            return;
        }
        self.next += 1;
        self.lowest[node as usize] = self.next;
        self.stack.push(node);
        calls.push(Call { node, number: self.next, looked_at: 0 });
    }

    /// Ends with the node visited last; one that reaches nothing earlier closes a component.
    fn leave(&mut self, calls: &mut Vec<Call>) {
        let Some(Call { node, number, .. }) = calls.pop() else { return };
        if self.lowest[node as usize] < number {
            return;
        }
        while let Some(member) = self.stack.pop() {
            self.lowest[member as usize] = DONE;
            self.out.members.push(member);
            if member == node {
                break;
            }
        }
        self.out.offsets.push(self.out.members.len() as u32);
    }
}

/// The components with more than one member, and the nodes that lead to themselves, in reverse topological order.
///
/// Most nodes of an ownership graph lie on no circle. Sweeps leave out what nothing leads to or what leads nowhere, again
/// and again while that is many; only what is left is searched. `successors(node)` must give the same slice each time.
pub fn circular_components<'a>(nodes: usize, successors: impl Fn(u32) -> &'a [u32]) -> Components {
    let mut left: Vec<u32> = (0..nodes as u32).filter(|&node| !successors(node).is_empty()).collect();
    let mut alive = Bits::of(nodes, &left);
    loop {
        let before = left.len();
        let mut led_to = Bits::of(nodes, &[]);
        left.retain(|&node| {
            let mut leads = false;
            for &next in successors(node).iter().filter(|&&next| alive.has(next)) {
                leads = true;
                led_to.set(next);
            }
            leads
        });
        left.retain(|&node| led_to.has(node));
        // What a sweep costs beside the search that it spares.
        if left.len() + before / 16 >= before {
            break;
        }
        alive = Bits::of(nodes, &left);
    }
    circles(&left, &Ranks::of(nodes, &left), successors)
}

/// The circular components among some nodes, which stand in order.
fn circles<'a>(nodes: &[u32], ranks: &Ranks, successors: impl Fn(u32) -> &'a [u32]) -> Components {
    let (mut offsets, mut lists) = (vec![0], Vec::new());
    for &node in nodes {
        lists.extend(successors(node).iter().filter_map(|&next| ranks.get(next)));
        offsets.push(lists.len());
    }
    let list = |node: u32| &lists[offsets[node as usize]..offsets[node as usize + 1]];
    let mut circles = Components { members: Vec::new(), offsets: vec![0] };
    for members in components(nodes.len(), list).iter() {
        if members.len() > 1 || list(members[0]).contains(&members[0]) {
            circles.members.extend(members.iter().map(|&member| nodes[member as usize]));
            circles.offsets.push(circles.members.len() as u32);
        }
    }
    circles
}

/// A set of nodes, one bit each: small enough to stay in the cache.
struct Bits(Vec<u64>);

impl Bits {
    fn of(nodes: usize, members: &[u32]) -> Self {
        let mut bits = Self(vec![0; nodes.div_ceil(64)]);
        members.iter().for_each(|&member| bits.set(member));
        bits
    }

    fn set(&mut self, node: u32) {
        self.0[node as usize / 64] |= 1 << (node % 64);
    }

    fn has(&self, node: u32) -> bool {
        self.0[node as usize / 64] >> (node % 64) & 1 == 1
    }
}

/// The place of each member of a set among the members.
struct Ranks {
    bits: Bits,
    /// How many members there are before each word of bits.
    before: Vec<u32>,
}

impl Ranks {
    fn of(nodes: usize, members: &[u32]) -> Self {
        let bits = Bits::of(nodes, members);
        let (mut count, mut before) = (0, Vec::with_capacity(bits.0.len()));
        for word in &bits.0 {
            before.push(count);
            count += word.count_ones();
        }
        Self { bits, before }
    }

    fn get(&self, node: u32) -> Option<u32> {
        let word = node as usize / 64;
        let below = self.bits.0[word] & ((1 << (node % 64)) - 1);
        self.bits.has(node).then(|| self.before[word] + below.count_ones())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5 leads to the circle of 1 and 4, that to 0; 3 leads to 2 and to nobody else.
    #[test]
    fn an_order_by_levels_is_that_of_every_part_that_holds_all_to_which_it_leads() {
        let order = |successors: &[Vec<u32>]| {
            let of = |node: u32| successors[node as usize].as_slice();
            let ordered = components(successors.len(), of).in_order(of);
            ordered.iter().map(<[u32]>::to_vec).collect::<Vec<_>>()
        };
        let whole = [vec![], vec![4], vec![], vec![2], vec![1, 0], vec![1]];
        assert_eq!(order(&whole), [vec![0], vec![2], vec![1, 4], vec![3], vec![5]]);
        // Without 2 and 3, so that 4 is called 2 and 5 is called 3; and with the successors told the other way round.
        let part = [vec![], vec![2], vec![0, 1], vec![1]];
        assert_eq!(order(&part), [vec![0], vec![1, 2], vec![3]]);
    }

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

        let circles = circular_components(5, |node| &lists[node as usize]);
        assert_eq!(circles.iter().map(<[u32]>::len).collect::<Vec<_>>(), [1, 3]);

        let chain: Vec<[u32; 1]> = (1..=1_000_000).map(|next| [next]).collect();
        let found = components(1_000_001, |node| chain.get(node as usize).map_or(&[], |list| list.as_slice()));
        assert_eq!(found.iter().count(), 1_000_001);
        assert_eq!(found.members[0], 1_000_000);
    }
}
