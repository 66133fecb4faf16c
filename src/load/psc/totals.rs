//! How many records a snapshot says that it holds.

use super::Register;
use super::row::Data;
use crate::problem::Rule;
use std::fmt::Display;

/// How many records of each kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub persons: u64,
    pub statements: u64,
    pub exemptions: u64,
    pub refused: u64,
}

impl Register<'_, '_> {
    /// Holds the totals row of a snapshot against what was read.
    pub(super) fn check_totals(&mut self) {
        let Some((stated, location)) = self.totals.take() else { return };
        let seen = self.seen;
        // A refused row does not always tell what it was; whether the first count includes the others is not documented.
        let by_kind = if seen.refused == 0 { seen == stated } else { seen.sum() == stated.sum() };
        let fits = by_kind || seen.sum() == stated.persons;
        if !fits {
            let message = format!(
                "the snapshot counts {stated}; this input holds {seen}: the download is cut off, or this is one part of \
                 several"
            );
            self.intake.problem(Rule::TotalsMismatch, location, message);
        }
    }
}

impl Counts {
    /// What the totals row of a snapshot says.
    pub(super) fn stated(data: &Data<'_>) -> Self {
        Self {
            persons: data.persons_of_significant_control_count.unwrap_or(0),
            statements: data.statements_count.unwrap_or(0),
            exemptions: data.exemptions_count.unwrap_or(0),
            refused: 0,
        }
    }

    fn sum(self) -> u64 {
        [self.persons, self.statements, self.exemptions, self.refused].into_iter().fold(0, u64::saturating_add)
    }
}

impl Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} persons, {} statements and {} exemptions", self.persons, self.statements, self.exemptions)?;
        if self.refused > 0 {
            write!(f, ", and {} records that cannot be read", self.refused)?;
        }
        Ok(())
    }
}
