//! The 50 % rule, and attributed shares.

use super::*;

/// S: "50 % rule: an entity is blocked when blocked entities together hold half of it or more, directly or through entities
/// that are themselves blocked (OFAC; the larger of capital and votes; control alone never blocks). The same fixpoint with
/// ≥, started from a list." Reading: the sums are formed per layer, the larger sum counts, step by step of one fixpoint.
/// Reading: a floor enters no sum and blocks nothing.
pub fn blocked(g: &Graph, listed: &[usize], test: Test) -> (Vec<bool>, Vec<bool>) {
    let layers = [Layer::Capital, Layer::Votes].map(|l| columns(g, l, Ends::Inside(1), true));
    let certain = grow(g.len(), listed, |set, j| layers.iter().any(|c| test.met(group_low(&c.of[j], set))));
    let possible = grow(g.len(), listed, |set, j| layers.iter().any(|c| test.met(group_high(&c.of[j], set))));
    (certain, possible)
}

/// "`aggregate` is `[Σ low, min(Σ high, 1 − Σ low of the others)]`" (command-line page). Reading: low over the certainly,
/// high over the possibly blocked holders, the larger layer at each end, open ends at their stated place.
pub fn aggregate(g: &Graph, certain: &[bool], possible: &[bool], j: usize) -> (i64, i64) {
    let layers = [Layer::Capital, Layer::Votes].map(|l| columns(g, l, Ends::Stated, true));
    let low = |c: &Columns| c.of[j].holders.iter().filter(|h| certain[h.0]).map(|h| h.1).sum::<i64>();
    (layers.iter().map(low).max().unwrap(), layers.iter().map(|c| group_high(&c.of[j], possible)).max().unwrap())
}

/// S: "Attributed share of i in j: what i holds directly plus what everything that i controls holds directly". Low with
/// what is certainly controlled, high with what possibly is.
pub fn attributed(g: &Graph, layer: Layer, i: usize, j: usize) -> (i64, i64) {
    let cols = columns(g, layer, Ends::Stated, false);
    let certain = controlled(g, &[i], HALF, Certainty::Certain);
    let possible = controlled(g, &[i], HALF, Certainty::Possible);
    let low = cols.of[j].holders.iter().filter(|h| certain[h.0] && h.0 != j).map(|h| h.1).sum();
    let high: i64 = cols.of[j].holders.iter().filter(|h| possible[h.0] && h.0 != j).map(|h| h.2).sum();
    (low, high.min(ONE))
}
