//! Which version of the standard a statement follows. Statements of several versions may stand in one file.

use super::schema::Statement;

/// Versions as far as statements must be read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 0.1 to 0.3: one statement describes one party, and later statements replace it.
    ThroughThree,
    /// 0.4: statements with one record id form a series.
    Four,
}

impl Version {
    /// The version of a statement, from the members that it has.
    pub fn of(statement: &Statement<'_>) -> Self {
        let old = statement.statement_type.is_some() && statement.record_type.is_none();
        if old && statement.record_details.is_none() { Version::ThroughThree } else { Version::Four }
    }

    /// Whether a statement that claims to follow a version follows another one.
    pub fn contradicts(self, claimed: &str) -> bool {
        let says_four = claimed.starts_with("0.4");
        says_four != (self == Version::Four) && claimed.starts_with("0.")
    }
}
