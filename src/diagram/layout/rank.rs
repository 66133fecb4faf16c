//! Rows: which circles are broken where, and in which row each box stands.
//!
//! Circles are broken inside strongly connected components by an ordering found with the greedy heuristic of
//! Eades, Lin and Smyth (1993), improved by moving single nodes while that turns fewer (weaker) lines upward.
//! Rows minimise the total length of lines exactly ([`super::solver`]).

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::solver::Program;

/// One line as the ranking sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pull {
    pub owner: usize,
    pub owned: usize,
    /// How strongly the line should point downwards.
    pub strength: i64,
}

/// Rows of the nodes and, for each line, whether it runs upwards.
#[derive(Debug)]
pub(super) struct Ranking {
    pub rank: Vec<usize>,
    pub upward: Vec<bool>,
}

/// More single-line neighbours than this are spread over several rows.
const CROWD: usize = 9;
/// Components larger than this are ordered greedily only.
const POLISH: usize = 160;

/// Ranks `nodes` nodes. Lines from a node to itself are ignored.
pub(super) fn rank(nodes: usize, lines: &[Pull]) -> Ranking {
    let upward = break_circles(nodes, lines);
    let rank = rows(nodes, lines, &upward);
    Ranking { rank, upward }
}

fn break_circles(nodes: usize, lines: &[Pull]) -> Vec<bool> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(nodes, lines.len());
    for _ in 0..nodes {
        graph.add_node(());
    }
    for line in lines {
        graph.add_edge(NodeIndex::new(line.owner), NodeIndex::new(line.owned), ());
    }
    let mut component = vec![0; nodes];
    let mut place = vec![0; nodes];
    for (number, members) in kosaraju_scc(&graph).iter().enumerate() {
        let mut members: Vec<usize> = members.iter().map(|node| node.index()).collect();
        members.sort_unstable();
        members.iter().for_each(|node| component[*node] = number);
        if members.len() > 1 {
            for (at, node) in linear_order(&members, lines).into_iter().enumerate() {
                place[node] = at;
            }
        }
    }
    let inside = |line: &Pull| component[line.owner] == component[line.owned];
    lines.iter().map(|line| inside(line) && place[line.owner] > place[line.owned]).collect()
}

/// Weights between members of one component, by member index.
struct Matrix {
    out: Vec<Vec<(usize, i64)>>,
    into: Vec<Vec<(usize, i64)>>,
}

fn matrix(members: &[usize], lines: &[Pull]) -> Matrix {
    let index = |node: usize| members.binary_search(&node).ok();
    let mut matrix = Matrix { out: vec![Vec::new(); members.len()], into: vec![Vec::new(); members.len()] };
    for line in lines {
        if let (Some(a), Some(b)) = (index(line.owner), index(line.owned))
            && a != b
        {
            matrix.out[a].push((b, line.strength));
            matrix.into[b].push((a, line.strength));
        }
    }
    matrix
}

/// The members in an order with few and weak lines pointing back.
pub(super) fn linear_order(members: &[usize], lines: &[Pull]) -> Vec<usize> {
    let matrix = matrix(members, lines);
    let mut order = greedy_order(&matrix);
    if members.len() <= POLISH {
        polish(&matrix, &mut order);
    }
    order.into_iter().map(|at| members[at]).collect()
}

fn greedy_order(matrix: &Matrix) -> Vec<usize> {
    let n = matrix.out.len();
    let sum = |list: &[(usize, i64)]| list.iter().map(|(_, weight)| weight).sum::<i64>();
    let mut out: Vec<i64> = matrix.out.iter().map(|list| sum(list)).collect();
    let mut into: Vec<i64> = matrix.into.iter().map(|list| sum(list)).collect();
    let mut left: Vec<bool> = vec![true; n];
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let open = || (0..n).filter(|node| left[*node]);
        let sink = open().find(|node| out[*node] == 0);
        let chosen = sink
            .or_else(|| open().find(|node| into[*node] == 0))
            .or_else(|| open().max_by_key(|node| (out[*node] - into[*node], std::cmp::Reverse(*node))));
        let Some(node) = chosen else { break };
        left[node] = false;
        matrix.out[node].iter().for_each(|(other, weight)| into[*other] -= weight);
        matrix.into[node].iter().for_each(|(other, weight)| out[*other] -= weight);
        if sink.is_some() { tail.push(node) } else { head.push(node) }
    }
    head.extend(tail.into_iter().rev());
    head
}

/// Moves single nodes to better places until nothing improves (at most a few rounds).
fn polish(matrix: &Matrix, order: &mut Vec<usize>) {
    for _ in 0..6 {
        let mut improved = false;
        for node in 0..order.len() {
            improved |= improve(matrix, order, node);
        }
        if !improved {
            return;
        }
    }
}

fn improve(matrix: &Matrix, order: &mut Vec<usize>, node: usize) -> bool {
    let Some(at) = order.iter().position(|other| *other == node) else {
        return false;
    };
    let mut change = vec![0i64; order.len()];
    matrix.out[node].iter().for_each(|(other, weight)| change[*other] += weight);
    matrix.into[node].iter().for_each(|(other, weight)| change[*other] -= weight);
    // `change[o]`: what it costs more if `node` comes after `o` instead of before.
    let (mut best, mut best_at, mut cost) = (0, at, 0);
    for place in at + 1..order.len() {
        cost += change[order[place]];
        if cost < best {
            (best, best_at) = (cost, place);
        }
    }
    cost = 0;
    for place in (0..at).rev() {
        cost -= change[order[place]];
        if cost < best {
            (best, best_at) = (cost, place);
        }
    }
    if best_at != at {
        order.remove(at);
        order.insert(best_at, node);
    }
    best_at != at
}

fn rows(nodes: usize, lines: &[Pull], upward: &[bool]) -> Vec<usize> {
    let extra = crowd_rows(nodes, lines, upward);
    let mut program = Program::new(nodes);
    for ((line, up), extra) in lines.iter().zip(upward).zip(extra) {
        if line.owner != line.owned {
            let (top, bottom) = if *up { (line.owned, line.owner) } else { (line.owner, line.owned) };
            program.gap(top, bottom, 1 + extra);
            program.pull(top, bottom, 0, 1);
        }
    }
    let rows = program.solve().unwrap_or_else(|| vec![0; nodes]);
    rows.into_iter().map(|row| usize::try_from(row).unwrap_or(0)).collect()
}

/// Further rows for lines to boxes of a crowd, so that a party with sixty holdings is not drawn in one row.
fn crowd_rows(nodes: usize, lines: &[Pull], upward: &[bool]) -> Vec<i64> {
    let mut degree = vec![0usize; nodes];
    for line in lines.iter().filter(|line| line.owner != line.owned) {
        degree[line.owner] += 1;
        degree[line.owned] += 1;
    }
    let mut crowds: std::collections::BTreeMap<(usize, bool), Vec<usize>> = std::collections::BTreeMap::new();
    for (index, line) in lines.iter().enumerate().filter(|(index, line)| !upward[*index] && line.owner != line.owned) {
        if degree[line.owned] == 1 && degree[line.owner] > 1 {
            crowds.entry((line.owner, true)).or_default().push(index);
        } else if degree[line.owner] == 1 && degree[line.owned] > 1 {
            crowds.entry((line.owned, false)).or_default().push(index);
        }
    }
    let mut extra = vec![0; lines.len()];
    for members in crowds.values().filter(|members| members.len() > CROWD) {
        let count = members.len().div_ceil((members.len().isqrt() + 1).max(6));
        let in_row = members.len().div_ceil(count);
        for (at, line) in members.iter().enumerate() {
            extra[*line] = (at / in_row) as i64;
        }
    }
    extra
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(owner: usize, owned: usize, strength: i64) -> Pull {
        Pull { owner, owned, strength }
    }

    #[test]
    fn chains_get_one_row_each_and_long_lines_do_not_pull_apart() {
        let ranking = rank(4, &[line(0, 1, 500), line(1, 2, 500), line(0, 2, 500), line(3, 2, 500)]);
        assert_eq!(ranking.rank, [0, 1, 2, 1]);
        assert!(ranking.upward.iter().all(|up| !up));
    }

    #[test]
    fn the_weakest_line_of_a_circle_points_up() {
        let ranking = rank(3, &[line(0, 1, 900), line(1, 2, 900), line(2, 0, 100)]);
        assert_eq!(ranking.upward, [false, false, true]);
        let ranking = rank(2, &[line(0, 1, 50), line(1, 0, 1000)]);
        assert_eq!(ranking.upward, [true, false]);
    }

    #[test]
    fn crowds_are_spread_over_rows() {
        let lines: Vec<_> = (1..=40).map(|owned| line(0, owned, 500)).collect();
        let ranking = rank(41, &lines);
        assert!(ranking.rank.iter().max() > Some(&3));
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let lines: Vec<_> = (0..3000).map(|at| line(at, at + 1, 500)).collect();
        assert_eq!(rank(3001, &lines).rank[3000], 3000);
    }
}
