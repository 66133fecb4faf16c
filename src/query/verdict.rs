//! Three-valued verdicts: met, not met, cannot tell, and what would settle it.

use super::paths::{Path, PathStep};
use super::rules::Limit;
use super::{PercentRange, one_day};
use crate::error::Result;
use crate::graph::{Entity, NodeId, View};
use crate::model::ShareRange;
use serde::Serialize;

/// How near to a threshold a computed share must come to count as equal to it, in percentage points.
///
/// Products of shares are binary fractions: 50 % of 50 % may come out a last digit off 25. Stated shares are whole parts per
/// billion (0.0000001 points), a hundred times this, so that for them the comparison is one of integers.
pub const TOLERANCE: f64 = 1e-9;

/// Whether a test is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Verdict {
    /// Not with any of the shares that the sources allow.
    #[serde(rename = "not met")]
    NotMet,
    /// With some of them.
    #[serde(rename = "cannot tell")]
    CannotTell,
    /// With all of them.
    #[serde(rename = "met")]
    Met,
}

impl Verdict {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::NotMet => "not met",
            Verdict::CannotTell => "cannot tell",
            Verdict::Met => "met",
        }
    }

    /// Whether a share that lies in `range` passes `limit`.
    pub fn of(range: &PercentRange, limit: Limit) -> Self {
        let figure = limit.share.percent();
        let side = |end: f64| match end - figure {
            difference if difference.abs() <= TOLERANCE => std::cmp::Ordering::Equal,
            difference => difference.total_cmp(&0.0),
        };
        let passes = |end: f64, at_limit: bool| match side(end) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => at_limit,
            std::cmp::Ordering::Greater => true,
        };
        if passes(range.min, limit.or_more || range.min_open) {
            Verdict::Met
        } else if passes(range.max, limit.or_more && !range.max_open) {
            Verdict::CannotTell
        } else {
            Verdict::NotMet
        }
    }
}

/// The link that would settle a verdict: the first of which nothing is stated, else the one with the widest range.
#[derive(Debug, Clone, Serialize)]
pub struct SettledBy<'g> {
    /// Who holds it.
    pub owner: Entity<'g>,
    /// Of whom.
    pub owned: Entity<'g>,
    /// What is stated of it; absent for a right whose weight is not known.
    pub share: Option<ShareRange>,
    /// From this share upward, in percent, the test is met whatever the other shares are; only where one chain decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met_from: Option<f64>,
    /// Below this share, in percent, it is not met whatever the other shares are; only where one chain decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_met_below: Option<f64>,
    /// What else would settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

impl<'g> SettledBy<'g> {
    /// A link without figures of its own.
    pub(crate) fn link(owner: Entity<'g>, owned: Entity<'g>, share: Option<ShareRange>) -> Self {
        Self { owner, owned, share, met_from: None, not_met_below: None, note: None }
    }
}

/// The strongest chain from an owner to the subject, and whether there is no other.
pub(crate) fn strongest_chain<'g>(view: View<'g>, owner: NodeId, subject: NodeId) -> Result<(Option<Path<'g>>, bool)> {
    one_day(view)?;
    let answer = view.paths(owner, subject, 2)?;
    let only = answer.paths.len() == 1 && answer.complete;
    Ok((answer.paths.into_iter().next(), only))
}

/// What would settle whether a chain passes a limit.
pub(crate) fn settled_by<'g>(chain: &Path<'g>, only: bool, limit: Limit) -> Option<SettledBy<'g>> {
    let width = |step: &PathStep<'_>| step.share.map_or(0, |share| share.max().ppb() - share.min().ppb());
    let unknown = chain.interests.iter().position(|step| step.share.is_some_and(ShareRange::is_unknown));
    let widest =
        || (0..chain.interests.len()).max_by_key(|&index| (width(&chain.interests[index]), usize::MAX - index));
    let index = unknown.or_else(widest).filter(|&index| width(&chain.interests[index]) > 0)?;
    let mut link = SettledBy::link(chain.entities[index], chain.entities[index + 1], chain.interests[index].share);
    if only {
        let others = chain.interests.iter().enumerate().filter(|&(other, _)| other != index);
        let shares: Vec<ShareRange> = others.map(|(_, step)| step.share.unwrap_or(ShareRange::ZERO)).collect();
        let needed = |product: f64| {
            let share = limit.share.percent() / product;
            (share.is_finite() && share <= 100.0 + TOLERANCE).then_some(share.min(100.0))
        };
        link.met_from = needed(shares.iter().map(|share| share.min().fraction()).product());
        link.not_met_below = needed(shares.iter().map(|share| share.max().fraction()).product());
    }
    Some(link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Share;

    fn limit(or_more: bool) -> Limit {
        Limit { share: Share::from_ppb(250_000_000), or_more }
    }

    fn range(min: f64, max: f64, min_open: bool, max_open: bool) -> PercentRange {
        PercentRange { min, max, min_open, max_open }
    }

    #[test]
    fn exactly_the_threshold_counts_for_or_more_only() {
        let product = 0.1 * 0.1 * 0.5 / 0.02 * 100.0;
        for quarter in [25.0, product, 25.000_000_000_000_1, 24.999_999_999_999_9] {
            let quarter = range(quarter, quarter, false, false);
            assert_eq!(Verdict::of(&quarter, limit(true)), Verdict::Met);
            assert_eq!(Verdict::of(&quarter, limit(false)), Verdict::NotMet);
        }
    }

    #[test]
    fn a_part_per_billion_beside_the_threshold_decides() {
        let below = range(24.999_999_9, 24.999_999_9, false, false);
        let above = range(25.000_000_1, 25.000_000_1, false, false);
        assert_eq!(Verdict::of(&below, limit(true)), Verdict::NotMet);
        assert_eq!(Verdict::of(&above, limit(false)), Verdict::Met);
    }

    #[test]
    fn open_ends_decide() {
        assert_eq!(Verdict::of(&range(25.0, 50.0, true, false), limit(false)), Verdict::Met);
        assert_eq!(Verdict::of(&range(25.0, 50.0, false, false), limit(false)), Verdict::CannotTell);
        assert_eq!(Verdict::of(&range(0.0, 25.0, false, true), limit(true)), Verdict::NotMet);
        assert_eq!(Verdict::of(&range(0.0, 25.0, false, false), limit(true)), Verdict::CannotTell);
    }
}
