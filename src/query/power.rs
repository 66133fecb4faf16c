//! Voting power of the direct holders where nobody need have a majority: Shapley–Shubik and Banzhaf indices.
//!
//! A holder is decisive in a coalition that has the quota with it and not without it. Shapley & Shubik (Am. Pol. Sci. Rev. 48,
//! 1954) average that over all orders of joining, Banzhaf (Rutgers Law Rev. 19, 1965) over all coalitions. Exact counts come
//! from dynamic programming over weights (Mann & Shapley 1962), with equal weights taken together; where the weights have a
//! coarse unit, the mean over orders is the integral of Owen's multilinear extension (Management Science 18, 1972), a
//! polynomial that Gauss–Legendre quadrature integrates exactly. What is too large for both is sampled, with a stated error.

use super::column::{self, WHOLE};
use super::rules::Limit;
use super::{PercentRange, one_day};
use crate::error::Result;
use crate::graph::{Entity, NodeId, View};
use crate::model::{AsOf, Layer, ShareRange};
use serde::Serialize;
use std::collections::BTreeMap;

/// Coalition sums, told apart by size, that the exact count may hold for one holder.
const STATES: u128 = 1_000_000;

/// Additions that the exact count or the quadrature may take in all.
const EFFORT: u128 = 4_000_000_000;

/// Chances that the quadrature may keep at a time.
const CELLS: u128 = 20_000_000;

/// Orders, or coalitions, that are sampled where an exact count is out of reach.
const SAMPLES: u32 = 100_000;

/// Which index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Index {
    /// The share of orders of joining in which the holder is decisive.
    ShapleyShubik,
    /// The holder's share of all decisive positions over all coalitions.
    Banzhaf,
}

/// At which figure a holding counts that is only known as a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// The least it can be.
    Low,
    /// Half way.
    Middle,
    /// The most it can be, where the others leave room.
    High,
}

/// The answer to "how much say has each holder of X?".
#[derive(Debug, Clone, Serialize)]
pub struct Power<'g> {
    /// The entity asked about.
    pub subject: Entity<'g>,
    /// The day.
    pub as_of: AsOf,
    /// Which index.
    pub index: Index,
    /// What a coalition needs.
    pub quota: Limit,
    /// `exact`, or `sampled`.
    pub method: &'static str,
    /// The holders of votes, the most powerful first.
    pub holders: Vec<HolderPower<'g>>,
    /// What nobody known holds, in percent: it takes no part.
    pub not_voting: f64,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// The say of one holder.
#[derive(Debug, Clone, Serialize)]
pub struct HolderPower<'g> {
    /// The holder.
    pub entity: Entity<'g>,
    /// Its votes, in percent.
    pub share: PercentRange,
    /// Its index, in percent; absent where a holding is a range and no figure of it was chosen.
    pub index: Option<f64>,
    /// Half the width of the 95 % confidence interval of a sampled index, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
}

impl<'g> View<'g> {
    /// The voting power of the direct holders of `subject`, when coalitions need `quota` of all votes.
    ///
    /// Holdings that are ranges have no index unless `at` says at which figure they count.
    pub fn power(self, subject: NodeId, index: Index, quota: Limit, at: Option<At>) -> Result<Power<'g>> {
        one_day(self)?;
        let view = self.layer(Layer::Votes);
        let column = column::column(view, subject);
        let holders: Vec<&column::Holder> = column.holders.iter().filter(|holder| holder.high > 0).collect();
        let mut warnings = Vec::new();
        if column.over_subscribed {
            warnings.push(format!("over-subscribed: {}", self.graph().entity(subject).id()));
        }
        let exact = holders.iter().all(|holder| holder.low == holder.high);
        let weights = (exact || at.is_some()).then(|| weights(&holders, at.unwrap_or(At::Low)));
        if weights.is_none() {
            let advice =
                "some votes are only known as ranges: choose the figure that counts with --at low, middle or high";
            warnings.push(advice.to_owned());
        }
        let game = weights.as_ref().map(|weights| Game::new(weights, quota));
        let indices = game.as_ref().map(|game| game.indices(index));
        let of = |number: usize| indices.as_ref().map(|indices| indices.values[number]);
        let mut rows: Vec<HolderPower<'g>> = holders
            .iter()
            .enumerate()
            .map(|(number, holder)| HolderPower {
                entity: self.graph().entity(holder.owner),
                share: bounds(holder),
                // An empty sum of floats is -0; nobody should read that.
                index: of(number).map(|(value, _)| value * 100.0 + 0.0),
                error: of(number).and_then(|(_, error)| error).map(|error| error * 100.0),
            })
            .collect();
        rows.sort_by(|a, b| {
            let weight = |row: &HolderPower<'_>| (row.index.unwrap_or(0.0), row.share.min, row.share.max);
            let ((ia, la, ha), (ib, lb, hb)) = (weight(a), weight(b));
            ib.total_cmp(&ia).then(lb.total_cmp(&la)).then(hb.total_cmp(&ha)).then(a.entity.id().cmp(b.entity.id()))
        });
        let voting: u64 = weights.as_ref().map_or(0, |weights| weights.iter().sum());
        Ok(Power {
            subject: self.graph().entity(subject),
            as_of: self.as_of(),
            index,
            quota,
            method: indices.map_or("none", |indices| indices.method),
            holders: rows,
            not_voting: if weights.is_some() { WHOLE.saturating_sub(voting) as f64 / 1e7 } else { 0.0 },
            warnings,
        })
    }
}

fn bounds(holder: &column::Holder) -> PercentRange {
    match holder.low == holder.stated.min().ppb() {
        true => PercentRange::from(holder.stated),
        false => {
            let stated = ShareRange::closed(crate::model::Share::from_ppb(holder.low), holder.stated.max());
            PercentRange::from(stated.unwrap_or(holder.stated))
        }
    }
}

/// What each holder counts with, in parts per billion.
fn weights(holders: &[&column::Holder], at: At) -> Vec<u64> {
    let low: u64 = holders.iter().map(|holder| u64::from(holder.low)).sum();
    holders
        .iter()
        .map(|holder| {
            let (least, most) = (u64::from(holder.low), u64::from(holder.high));
            let most = most.min(WHOLE.saturating_sub(low - least)).max(least);
            match at {
                At::Low => least,
                At::Middle => least.midpoint(most),
                At::High => most,
            }
        })
        .collect()
}

/// A weighted majority game.
struct Game {
    /// Distinct weights in units, with the number of holders of each.
    groups: Vec<(u64, usize)>,
    /// For each holder its group.
    group_of: Vec<usize>,
    /// A coalition wins when its weight is more than this, in units.
    loses_up_to: u64,
}

struct Indices {
    method: &'static str,
    /// For each holder its index, and the error where it was sampled.
    values: Vec<(f64, Option<f64>)>,
}

impl Game {
    fn new(weights: &[u64], quota: Limit) -> Self {
        let unit = weights.iter().copied().fold(0, gcd).max(1);
        let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
        weights.iter().for_each(|&weight| *counts.entry(weight / unit).or_default() += 1);
        let groups: Vec<(u64, usize)> = counts.into_iter().collect();
        let group_of = weights.iter().map(|weight| groups.partition_point(|group| group.0 < weight / unit)).collect();
        let quota_ppb = u64::from(quota.share.ppb());
        let all = weights.iter().sum::<u64>() / unit;
        let loses_up_to = (if quota.or_more { quota_ppb.saturating_sub(1) } else { quota_ppb } / unit).min(all);
        Self { groups, group_of, loses_up_to }
    }

    fn holders(&self) -> usize {
        self.group_of.len()
    }

    fn indices(&self, index: Index) -> Indices {
        let states: u128 = self.groups.iter().map(|&(_, count)| count as u128 + 1).fold(1, u128::saturating_mul);
        let groups = self.groups.len() as u128;
        let sums: u128 =
            self.groups.iter().map(|&(weight, count)| u128::from(weight) * count as u128).sum::<u128>() + 1;
        let nodes = match index {
            Index::Banzhaf => 1,
            Index::ShapleyShubik => self.holders() as u128 / 2 + 1,
        };
        let largest = self.groups.iter().map(|&(_, count)| count as u128).max().unwrap_or(1);
        if states <= STATES && states * groups * largest <= EFFORT && self.holders() <= 1000 {
            let per_group = (0..self.groups.len()).map(|group| self.counted(index, group)).collect();
            return self.exact(index, per_group);
        }
        let cells = sums.saturating_mul(self.holders() as u128);
        if cells <= CELLS && 2 * cells * nodes <= EFFORT {
            return self.exact(index, self.integrated(index));
        }
        self.sampled(index)
    }

    /// Per-holder values from those of the groups; Banzhaf's are made to sum to 1.
    fn exact(&self, index: Index, per_group: Vec<f64>) -> Indices {
        let sum: f64 = self.group_of.iter().map(|&group| per_group[group]).sum();
        let scale = if index == Index::Banzhaf && sum > 0.0 { 1.0 / sum } else { 1.0 };
        Indices {
            method: "exact",
            values: self.group_of.iter().map(|&group| (per_group[group] * scale, None)).collect(),
        }
    }

    /// How often a holder of the group is decisive, from counts of coalitions of the others by size and weight.
    fn counted(&self, index: Index, group: usize) -> f64 {
        let others = self.holders() - 1;
        let mut coalitions: BTreeMap<(u64, usize), f64> = BTreeMap::from([((0, 0), 1.0)]);
        for (number, &(weight, count)) in self.groups.iter().enumerate() {
            let count = count - usize::from(number == group);
            let choices = binomials(count);
            let mut next = BTreeMap::new();
            for (&(sum, size), &ways) in &coalitions {
                for (taken, choose) in choices.iter().enumerate() {
                    *next.entry((sum + weight * taken as u64, size + taken)).or_default() += ways * choose;
                }
            }
            coalitions = next;
        }
        let own = self.groups[group].0;
        let decisive =
            coalitions.iter().filter(|((sum, _), _)| *sum <= self.loses_up_to && sum + own > self.loses_up_to);
        match index {
            Index::Banzhaf => decisive.map(|(_, ways)| ways / 2f64.powi(others as i32)).sum(),
            Index::ShapleyShubik => {
                let orders = binomials(others);
                decisive.map(|((_, size), ways)| ways / orders[*size]).sum::<f64>() / self.holders() as f64
            }
        }
    }

    /// The chance to be decisive when each other holder joins with the same chance, integrated over that chance.
    fn integrated(&self, index: Index) -> Vec<f64> {
        let nodes = match index {
            Index::Banzhaf => vec![(0.5, 1.0)],
            Index::ShapleyShubik => gauss_legendre(self.holders() / 2 + 1),
        };
        let mut values = vec![0.0; self.groups.len()];
        for (chance, weight) in nodes {
            let decisive = self.decisive_at(chance);
            values.iter_mut().zip(decisive).for_each(|(value, decisive)| *value += weight * decisive);
        }
        values
    }

    /// For each group the chance that one of its holders is decisive when every other holder joins with `chance`.
    fn decisive_at(&self, chance: f64) -> Vec<f64> {
        let limit = self.loses_up_to as usize;
        let members: Vec<u64> = self.groups.iter().flat_map(|&(weight, count)| vec![weight; count]).collect();
        let join = |sums: &[f64], weight: usize| -> Vec<f64> {
            (0..=limit)
                .map(|sum| {
                    let with = sum.checked_sub(weight).map_or(0.0, |before| sums[before] * chance);
                    with + sums[sum] * (1.0 - chance)
                })
                .collect()
        };
        let mut none = vec![0.0; limit + 1];
        none[0] = 1.0;
        let mut after = vec![none.clone()];
        for &weight in members.iter().skip(1).rev() {
            after.push(join(&after[after.len() - 1], weight as usize));
        }
        let mut before = none;
        let mut decisive = vec![0.0; self.groups.len()];
        let mut next = 0;
        for (group, &(weight, count)) in self.groups.iter().enumerate() {
            let rest = &after[members.len() - 1 - next];
            decisive[group] = window(&before, rest, limit, weight as usize);
            for _ in 0..count {
                before = join(&before, weight as usize);
            }
            next += count;
        }
        decisive
    }

    /// Random orders, or random coalitions; the same ones in every run.
    fn sampled(&self, index: Index) -> Indices {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut decisive = vec![0u64; self.holders()];
        let mut order: Vec<usize> = (0..self.holders()).collect();
        for _ in 0..SAMPLES {
            match index {
                Index::ShapleyShubik => {
                    (1..order.len()).rev().for_each(|last| order.swap(last, random.below(last as u64 + 1) as usize));
                    let mut sum = 0;
                    let pivot = order.iter().find(|&&holder| {
                        sum += self.weight(holder);
                        sum > self.loses_up_to
                    });
                    pivot.into_iter().for_each(|&holder| decisive[holder] += 1);
                }
                Index::Banzhaf => {
                    let joins: Vec<bool> = order.iter().map(|_| random.below(2) == 1).collect();
                    let sum: u64 =
                        (0..joins.len()).filter(|&holder| joins[holder]).map(|holder| self.weight(holder)).sum();
                    for holder in 0..joins.len() {
                        let without = if joins[holder] { sum - self.weight(holder) } else { sum };
                        let turns = without <= self.loses_up_to && without + self.weight(holder) > self.loses_up_to;
                        decisive[holder] += u64::from(turns);
                    }
                }
            }
        }
        let total: u64 = match index {
            Index::ShapleyShubik => SAMPLES.into(),
            Index::Banzhaf => decisive.iter().sum::<u64>().max(1),
        };
        let value = |count: u64| {
            let mean = count as f64 / f64::from(SAMPLES);
            let error = 1.96 * (mean * (1.0 - mean) / f64::from(SAMPLES)).sqrt();
            let scale = f64::from(SAMPLES) / total as f64;
            (mean * scale, Some(error * scale))
        };
        Indices { method: "sampled", values: decisive.into_iter().map(value).collect() }
    }

    fn weight(&self, holder: usize) -> u64 {
        self.groups[self.group_of[holder]].0
    }
}

/// The chance that the sum of two independent parts loses and wins with `weight` more.
fn window(a: &[f64], b: &[f64], limit: usize, weight: usize) -> f64 {
    let mut up_to = Vec::with_capacity(limit + 2);
    up_to.push(0.0);
    b.iter().for_each(|chance| up_to.push(up_to[up_to.len() - 1] + chance));
    let least = (limit + 1).saturating_sub(weight);
    let inside = |sum: usize| up_to[limit - sum + 1] - up_to[least.saturating_sub(sum)];
    (0..=limit).map(|sum| a[sum] * inside(sum)).sum()
}

/// The numbers of subsets of each size.
fn binomials(count: usize) -> Vec<f64> {
    let mut row = vec![1.0];
    for size in 0..count {
        row.push(row[size] * (count - size) as f64 / (size + 1) as f64);
    }
    row
}

/// Nodes and weights on (0, 1) that integrate polynomials of degree `2 · count − 1` exactly: Newton's method on Legendre
/// polynomials.
fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    (0..count)
        .map(|number| {
            let mut x = (std::f64::consts::PI * (number as f64 + 0.75) / (count as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut last, mut value) = (1.0, x);
                for degree in 2..=count {
                    let degree = degree as f64;
                    (last, value) = (value, ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * last) / degree);
                }
                if count == 1 {
                    last = 1.0;
                }
                slope = count as f64 * (x * value - last) / (x * x - 1.0);
                let step = value / slope;
                x -= step;
                if step.abs() < 1e-16 {
                    break;
                }
            }
            ((1.0 - x) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A small generator with a fixed start (Steele, Lea & Flood 2014, SplitMix64), so that every run gives the same answer.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(bits ^ bits >> 31) * u128::from(end)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Share;

    fn game(weights: &[u64], percent: f64) -> Game {
        Game::new(weights, Limit { share: Share::from_percent(percent).expect("quota"), or_more: false })
    }

    const POINT: u64 = 10_000_000;

    #[test]
    fn both_exact_ways_agree_with_each_other_and_with_the_sample() {
        for weights in [[40u64, 25, 15, 10, 5, 5].as_slice(), &[49, 48, 3], &[50, 50], &[30, 30, 20, 10, 4, 3, 2, 1]] {
            let weights: Vec<u64> = weights.iter().map(|weight| weight * POINT).collect();
            let game = game(&weights, 50.0);
            for index in [Index::ShapleyShubik, Index::Banzhaf] {
                let counted: Vec<f64> = (0..game.groups.len()).map(|group| game.counted(index, group)).collect();
                let integrated = game.integrated(index);
                for (a, b) in counted.iter().zip(&integrated) {
                    assert!((a - b).abs() < 1e-13, "{index:?} {counted:?} {integrated:?}");
                }
                let exact = game.exact(index, counted);
                let sampled = game.sampled(index);
                for (a, b) in exact.values.iter().zip(&sampled.values) {
                    assert!((a.0 - b.0).abs() <= 2.5 * b.1.unwrap_or(0.0) + 1e-9, "{index:?} {a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn one_large_holder_among_many_single_shares() {
        let mut weights = vec![400_000_000];
        weights.extend([1_000_000; 600]);
        let game = game(&weights, 50.05);
        let values = game.indices(Index::ShapleyShubik).values;
        assert!((values[0].0 - 400.0 / 601.0).abs() < 1e-12, "{}", values[0].0);
        let sum: f64 = values.iter().map(|value| value.0).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let integrated = game.integrated(Index::ShapleyShubik);
        assert!((integrated[1] - 400.0 / 601.0).abs() < 1e-11, "{integrated:?}");
    }

    #[test]
    fn a_hundred_different_holders_are_exact_in_basis_points() {
        let weights: Vec<u64> = (1..=100u64).map(|number| number * 190_000).collect();
        let game = game(&weights, 48.0);
        let indices = game.indices(Index::ShapleyShubik);
        let sum: f64 = indices.values.iter().map(|value| value.0).sum();
        assert_eq!(indices.method, "exact");
        assert!((sum - 1.0).abs() < 1e-10, "{sum}");
    }
}
