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

/// The org-id.guide code of the Legal Entity Identifier.
pub const LEI: &str = "XI-LEI";

/// The org-id.guide code of the register at Companies House.
pub const COMPANIES_HOUSE: &str = "GB-COH";

/// Values that stand where a number is missing.
const NO_NUMBER: [&str; 12] =
    ["NA", "NONE", "NIL", "NULL", "UNKNOWN", "TBC", "TBA", "NOTKNOWN", "NOTAPPLICABLE", "NOTREGISTERED", "X", "XX"];

impl Identifier {
    /// The form in which two numbers are compared: `scheme:value`, the scheme under one spelling, the value in capitals
    /// without blanks, company numbers with their leading zeros.
    ///
    /// `None` where the number cannot tell two parties apart: without a scheme, a placeholder, an LEI whose check digits
    /// are wrong.
    ///
    /// ```
    /// use cuibono::model::Identifier;
    /// let identifier = |scheme: &str, id: &str| Identifier { scheme: scheme.into(), id: id.into() }.key();
    /// assert_eq!(identifier("GB-COH", "1234567").as_deref(), Some("GB-COH:01234567"));
    /// assert_eq!(identifier("lei", "5493001KJTIIGC8Y1R12").as_deref(), Some("XI-LEI:5493001KJTIIGC8Y1R12"));
    /// assert_eq!(identifier("lei", "5493001KJTIIGC8Y1R13"), None);
    /// assert_eq!(identifier("GB-COH", "N/A"), None);
    /// ```
    pub fn key(&self) -> Option<String> {
        let mut key = String::new();
        Self::write_key(&self.scheme, &self.id, &mut key).then_some(key)
    }

    /// Writes the key of a number into an empty `key`; `false` where it has none, and then `key` holds anything.
    pub(crate) fn write_key(scheme: &str, id: &str, key: &mut String) -> bool {
        if !write_scheme(scheme, key) {
            return false;
        }
        let (scheme_end, start) = (key.len(), key.len() + 1);
        key.push(':');
        if is_in_capitals(id) {
            key.push_str(id);
        } else if id.is_ascii() {
            key.extend(id.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()));
        } else {
            key.extend(id.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase));
        }
        let value = &key[start..];
        if !tells_apart(value) {
            return false;
        }
        match &key[..scheme_end] {
            LEI => is_lei(value),
            COMPANIES_HOUSE if Self::is_written_as_compared(COMPANIES_HOUSE, value) => true,
            COMPANIES_HOUSE => match company_number(value) {
                Some(number) => {
                    key.truncate(start);
                    key.push_str(&number);
                    true
                }
                None => false,
            },
            _ => true,
        }
    }

    /// Whether a value is written as it is compared in a key, if it has one; `code` is the [one spelling](scheme_code) of its
    /// scheme. Of others it is not known.
    pub(crate) fn is_written_as_compared(code: &str, id: &str) -> bool {
        match code {
            COMPANIES_HOUSE => id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_digit()),
            _ => is_in_capitals(id),
        }
    }

    /// Reads `scheme:value` where the scheme looks like one, and a bare LEI.
    ///
    /// ```
    /// use cuibono::model::Identifier;
    /// assert_eq!(Identifier::parse("GB-COH:01234567").map(|found| found.scheme).as_deref(), Some("GB-COH"));
    /// assert_eq!(Identifier::parse("note: something"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if is_lei(text) {
            return Some(Self { scheme: LEI.to_owned(), id: text.to_owned() });
        }
        let (scheme, id) = text.split_once(':')?;
        let known = scheme_code(scheme).is_some_and(|code| code.contains('-'));
        (known && !id.trim().is_empty()).then(|| Self { scheme: scheme.to_owned(), id: id.trim().to_owned() })
    }
}

/// Whether a value has neither small letters nor blanks, nor anything but ASCII.
fn is_in_capitals(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_lowercase())
}

/// Whether a value, in capitals, is more than zeros and no placeholder. No placeholder has a digit.
fn tells_apart(value: &str) -> bool {
    if value.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return true;
    }
    let plain = || value.chars().filter(|c| c.is_alphanumeric());
    !plain().all(|c| c == '0') && !NO_NUMBER.iter().any(|no| plain().eq(no.chars()))
}

/// Writes the one spelling of a scheme; `false` for what is no code at all (`Company number of …`).
fn write_scheme(scheme: &str, out: &mut String) -> bool {
    if matches!(scheme, LEI | COMPANIES_HOUSE) {
        out.push_str(scheme);
        return true;
    }
    let start = out.len();
    out.extend(scheme.trim().chars().map(|c| if c == '_' { '-' } else { c.to_ascii_uppercase() }));
    let code = &out[start..];
    if code.is_empty() || !code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return false;
    }
    let usual = match code {
        "LEI" | "XI-LEI" | "ISO17442" | "ISO-17442" => LEI,
        "GB-COH" | "COH" | "UK-COH" => COMPANIES_HOUSE,
        _ => return true,
    };
    out.truncate(start);
    out.push_str(usual);
    true
}

/// One spelling for each scheme; `None` for what is no code at all.
pub(crate) fn scheme_code(scheme: &str) -> Option<String> {
    let mut code = String::new();
    write_scheme(scheme, &mut code).then_some(code)
}

/// Whether a text is a Legal Entity Identifier with right check digits (ISO 17442, mod 97-10 of ISO 7064).
pub fn is_lei(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape =
        bytes.len() == 20 && bytes.iter().all(u8::is_ascii_alphanumeric) && bytes[18..].iter().all(u8::is_ascii_digit);
    let append = |rest: u64, &byte: &u8| match byte {
        b'0'..=b'9' => rest * 10 + u64::from(byte - b'0'),
        _ => rest * 100 + u64::from(byte.to_ascii_uppercase() - b'A') + 10,
    };
    // Behind a rest there is room for eight letters.
    shape && bytes.chunks(8).fold(0, |rest, eight| eight.iter().fold(rest, append) % 97) == 1
}

/// A number of Companies House in its eight characters: digits, or one or two letters and digits, with the zeros that
/// spreadsheets drop.
pub fn company_number(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = &text[letters..];
    // The old Northern Irish societies end in a letter (`IP00001R`).
    let core = digits.trim_end_matches('R');
    let fits = letters <= 2
        && text.len() <= 8
        && digits.len() - core.len() <= 1
        && !core.is_empty()
        && core.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("{}{digits:0>width$}", &text[..letters], width = 8 - letters))
}

impl fmt::Display for Identifier {
    /// `GB-COH:01234567`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_numbers_regain_their_zeros() {
        for (written, meant) in
            [("1", "00000001"), ("SC1234", "SC001234"), (" oe000001 ", "OE000001"), ("IP123R", "IP00123R")]
        {
            assert_eq!(company_number(written).as_deref(), Some(meant), "{written}");
        }
        for wrong in ["", "123456789", "HRB 1234", "N/A", "ABC123", "SC", "12A34567"] {
            assert_eq!(company_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_lei_is_known_by_its_check_digits() {
        assert!(is_lei("5493001KJTIIGC8Y1R12"));
        assert!(is_lei("213800WAVVOPS85N2205"));
        assert!(!is_lei("5493001KJTIIGC8Y1R21"));
        assert!(!is_lei("5493001KJTIIGC8Y1R1"));
        assert!(!is_lei("5493001KJTIIGC8Y1RÄ"));
    }
}
