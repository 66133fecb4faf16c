//! What is to be reported of a record that was read by itself, until its place among the others is known.

use super::intake::Intake;
use crate::error::Location;
use crate::problem::Rule;

/// Findings in the order in which they are reported. Most records have none, which costs nothing.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<(Rule, String)>);

impl Notes {
    /// Notes a finding.
    pub(super) fn add(&mut self, rule: Rule, message: String) {
        self.0.push((rule, message));
    }

    /// Notes a value that cannot be read; the record counts without it.
    pub(super) fn unreadable(&mut self, message: String) {
        self.add(Rule::UnreadableValue, message);
    }

    /// Takes all findings of others.
    pub(super) fn append(&mut self, others: &mut Notes) {
        self.0.append(&mut others.0);
    }

    /// Whether there is nothing to report.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reports everything, at the place of the record.
    pub(super) fn report(self, intake: &mut Intake<'_>, place: impl Fn() -> Location) {
        for (rule, message) in self.0 {
            intake.problem(rule, place(), message);
        }
    }
}
