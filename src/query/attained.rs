//! Whether an end of a range is attained, or only approached because a bound on the way is open.
//!
//! An end is attained where some column that keeps every bound, the open ones strictly, is worth as much as the best of all
//! and leads to nobody whose own chance is only approached. In a circle that is a question about all its members
//! together: the largest set of them whose best columns lead to one another and, at the high end, to the target in the
//! end, for to go round for ever reaches nobody.

use super::column::WHOLE;
use super::effective::{Chance, End, IMPROVEMENT};

/// What one owner, or nobody known, can have of an entity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// In parts per billion, as the bounds are stated.
    pub low: u64,
    pub high: u64,
    pub low_open: bool,
    pub high_open: bool,
    /// The chance of reaching the target from there.
    pub value: f64,
    /// Whether that chance is attained.
    pub attained: bool,
    /// Whether the target is known to be reached from there in the end.
    pub arrives: bool,
}

/// The columns of an entity that are worth the most, or least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Best {
    /// What they are worth, as a fraction.
    pub value: f64,
    /// Whether one of them keeps every bound and leads to parts alone whose chance is attained.
    pub attained: bool,
    /// Whether such a one leads to a part that arrives.
    pub arrives: bool,
}

/// What the parts that are worth as much as the last that got something can have together.
#[derive(Default)]
struct Ties {
    /// What is to be given to them.
    total: u64,
    least: u64,
    most: u64,
    low_open: bool,
    high_open: bool,
    /// Whether somebody among them arrives who has something in any case, or only if there is more than the least.
    arrives: bool,
    may_arrive: bool,
}

/// The best columns of the parts, which can make up the whole.
pub(super) fn best(mut parts: Vec<Part>, end: End) -> Best {
    // Where all that the owners can have is just the whole each has that, open or not.
    if parts.iter().map(|part| part.high).sum::<u64>() <= WHOLE {
        parts.iter_mut().for_each(|part| part.high_open = false);
    }
    match end {
        End::High => parts.sort_by(|a, b| b.value.total_cmp(&a.value)),
        End::Low => parts.sort_by(|a, b| a.value.total_cmp(&b.value)),
    }
    let mut free = WHOLE.saturating_sub(parts.iter().map(|part| part.low).sum());
    let (mut value, mut last) = (0.0, None);
    let mut given = Vec::with_capacity(parts.len());
    for part in &parts {
        let more = free.min(part.high - part.low);
        free -= more;
        last = if more > 0 { Some(part.value) } else { last };
        value += (part.low + more) as f64 * part.value;
        given.push(part.low + more);
    }
    let is_tie = |part: &Part| last.is_some_and(|last| (part.value - last).abs() <= IMPROVEMENT);
    let (mut attained, mut arrives, mut ties) = (true, false, Ties::default());
    for (part, &given) in parts.iter().zip(&given) {
        if is_tie(part) {
            attained &= ties.add(part, given);
        } else {
            let at_bound = if given == part.low { !part.low_open } else { !part.high_open };
            attained &= at_bound && (part.attained || given == 0);
            arrives |= part.arrives && given > 0;
        }
    }
    Best {
        value: (value / WHOLE as f64).min(1.0),
        attained: attained && ties.is_attained(),
        arrives: arrives || ties.arrives || ties.may_arrive && ties.total > ties.least,
    }
}

impl Best {
    /// The larger of the walk and a floor.
    pub(super) fn or_floor(self, floor: Chance, end: End) -> Self {
        let floor = Self { value: floor.value, attained: !floor.open, arrives: true };
        if (self.value - floor.value).abs() > IMPROVEMENT {
            return if self.value > floor.value { self } else { floor };
        }
        let attained = match end {
            End::High => self.attained || floor.attained,
            End::Low => self.attained && floor.attained,
        };
        Self { value: self.value.max(floor.value), attained, arrives: self.arrives || floor.attained }
    }
}

impl Ties {
    /// Takes one more in; `false` where that cannot be attained.
    fn add(&mut self, part: &Part, given: u64) -> bool {
        self.total += given;
        if !part.attained {
            // It can only be left out.
            return part.low == 0 && !part.low_open;
        }
        self.least += part.low;
        self.most += part.high;
        self.low_open |= part.low_open;
        self.high_open |= part.high_open;
        self.arrives |= part.arrives && part.low > 0;
        self.may_arrive |= part.arrives && part.high > part.low;
        true
    }

    fn is_attained(&self) -> bool {
        let above = self.total > self.least || self.total == self.least && !self.low_open;
        let below = self.total < self.most || self.total == self.most && !self.high_open;
        above && below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A share in percent, and what its owner is worth.
    fn part(low: u64, high: u64, value: f64) -> Part {
        let ppb = |percent| percent * WHOLE / 100;
        Part { low: ppb(low), high: ppb(high), low_open: false, high_open: false, value, attained: true, arrives: true }
    }

    fn open_high(part: Part) -> Part {
        Part { high_open: true, ..part }
    }

    #[test]
    fn an_open_bound_is_not_reached_unless_another_can_make_up_for_it() {
        let rest = part(0, 100, 0.0);
        assert!(best(vec![part(25, 50, 1.0), rest], End::High).attained);
        assert!(!best(vec![open_high(part(25, 50, 1.0)), rest], End::High).attained);
        let twins = vec![open_high(part(25, 50, 1.0)), part(0, 50, 1.0), rest];
        assert!(!best(twins.clone(), End::High).attained, "both must have all they can");
        let more = vec![open_high(part(25, 50, 1.0)), part(0, 60, 1.0), rest];
        assert!(best(more, End::High).attained);
        assert_eq!(best(twins, End::High).value, 1.0);
    }

    #[test]
    fn among_equals_those_are_chosen_whose_chance_is_attained() {
        let approached = Part { attained: false, ..part(0, 100, 1.0) };
        assert!(best(vec![approached, part(0, 100, 1.0)], End::High).attained);
        assert!(!best(vec![approached, part(0, 99, 1.0)], End::High).attained);
        assert!(!best(vec![Part { low: 1, ..approached }, part(0, 100, 1.0)], End::High).attained);
    }

    #[test]
    fn a_low_above_nothing_that_is_worth_something_is_open_at_the_low_end() {
        let more_than_nothing = Part { low_open: true, ..part(0, 25, 1.0) };
        assert!(!best(vec![more_than_nothing, part(0, 100, 0.0)], End::Low).attained);
        let harmless = Part { value: 0.0, ..more_than_nothing };
        assert!(best(vec![harmless, part(0, 100, 0.0)], End::Low).attained);
    }
}
