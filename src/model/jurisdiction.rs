//! Jurisdictions: ISO 3166 codes, and the codes that registers use beside them.

use super::Fact;
use serde::{Deserialize, Serialize};

/// What the data say about a jurisdiction itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JurisdictionRecord {
    /// ISO 3166-1 alpha-2 or 3166-2 code.
    pub code: String,
    /// Dated facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Identifiers of the sources that name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Anything a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One row of the table in `data/jurisdictions.tsv`: code, English name, and for codes outside ISO the ISO code meant.
const TABLE: &str = include_str!("../../data/jurisdictions.tsv");

/// Codes with their names.
fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = TABLE.lines().skip(1).filter_map(|line| line.split_once('\t'));
    rows.map(|(code, rest)| (code, rest.split('\t').next().unwrap_or(rest)))
}

/// The English short name of a code; of a subdivision (`US-DE`) that of its country.
///
/// ```
/// use cuibono::model::jurisdiction;
/// assert_eq!(jurisdiction::name("LU"), Some("Luxembourg"));
/// assert_eq!(jurisdiction::name("QQ"), None);
/// ```
pub fn name(code: &str) -> Option<&'static str> {
    let country = code.split('-').next().unwrap_or(code);
    table().find_map(|(known, name)| known.eq_ignore_ascii_case(country).then_some(name))
}

/// The code of a place with this English short name, whatever the case.
///
/// ```
/// use cuibono::model::jurisdiction;
/// assert_eq!(jurisdiction::code("luxembourg"), Some("LU"));
/// ```
pub fn code(name: &str) -> Option<&'static str> {
    table().find_map(|(code, known)| known.eq_ignore_ascii_case(name.trim()).then_some(code))
}

/// Whether the code is known here.
pub fn is_known(code: &str) -> bool {
    name(code).is_some()
}
