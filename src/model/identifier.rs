//! Official numbers of an entity.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number that a register gave: a scheme (org-id.guide list code, `LEI`, …) and a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// The register, such as `GB-COH` or `XI-LEI`.
    pub scheme: String,
    /// The number as the register writes it.
    pub id: String,
}

impl fmt::Display for Identifier {
    /// `GB-COH:01234567`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.id)
    }
}
