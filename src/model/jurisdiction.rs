//! Jurisdictions: ISO 3166 codes, and the codes that registers use beside them.

use super::Fact;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

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
    let mut start = 0;
    let rows = memchr::memchr_iter(b'\n', TABLE.as_bytes())
        .map(move |end| &TABLE[std::mem::replace(&mut start, end + 1)..end]);
    let tab = |text: &'static str| memchr::memchr(b'\t', text.as_bytes());
    rows.skip(1).filter_map(move |row| {
        let (code, rest) = row.split_at(tab(row)?);
        let rest = &rest[1..];
        Some((code, &rest[..tab(rest).unwrap_or(rest.len())]))
    })
}

/// The same in the order of the codes, for look-ups.
static BY_CODE: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut rows: Vec<_> = table().collect();
    // Stable, as that takes next to no time where long runs are in order already, and here nearly all is.
    rows.sort_by_key(|&(code, _)| code);
    rows
});

/// The English short name of a code; of a subdivision (`US-DE`) that of its country.
///
/// ```
/// use cuibono::model::jurisdiction;
/// assert_eq!(jurisdiction::name("LU"), Some("Luxembourg"));
/// assert_eq!(jurisdiction::name("QQ"), None);
/// ```
pub fn name(code: &str) -> Option<&'static str> {
    let country = code.split('-').next().unwrap_or(code);
    let country = country.to_ascii_uppercase();
    let at = BY_CODE.binary_search_by_key(&country.as_str(), |&(known, _)| known).ok()?;
    Some(BY_CODE[at].1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_is_found_in_any_case() {
        assert_eq!(table().count(), 264);
        for (code, known) in table() {
            assert_eq!(code, code.to_ascii_uppercase(), "look-ups are in upper case");
            assert_eq!(name(code), Some(known));
            assert_eq!(name(&format!("{}-XX", code.to_ascii_lowercase())), Some(known));
        }
        assert_eq!([name(""), name("-"), name("ZZZ")], [None; 3]);
    }
}
