//! Ids of FollowTheMoney: letters, digits, points and hyphens, the first and the last a letter or digit.

use std::fmt::Write;

const BEGIN: &str = "cuibono.";
const END: &str = ".id";

/// The id itself where FollowTheMoney admits it, else one that [`original`] turns back: every other character as its
/// number between points.
///
/// ```
/// use cuibono::model::ftm_id;
/// assert_eq!(ftm_id::admitted("nso-group"), "nso-group");
/// assert_eq!(ftm_id::admitted("GB-COH:01234567"), "cuibono.GB-COH.3A.01234567.id");
/// assert_eq!(ftm_id::original("cuibono.GB-COH.3A.01234567.id").as_deref(), Some("GB-COH:01234567"));
/// ```
pub fn admitted(id: &str) -> String {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = id.as_bytes();
    let plain = edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if plain && !(id.starts_with(BEGIN) && id.ends_with(END)) {
        return id.to_owned();
    }
    let mut text = BEGIN.to_owned();
    for c in id.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            text.push(c);
        } else {
            // Writing to a text cannot fail.
            let _ = write!(text, ".{:X}.", u32::from(c));
        }
    }
    text + END
}

/// The id that was changed to be admitted; `None` for one that never was.
pub fn original(id: &str) -> Option<String> {
    let inner = id.strip_prefix(BEGIN)?.strip_suffix(END)?;
    let mut text = String::with_capacity(inner.len());
    for (position, part) in inner.split('.').enumerate() {
        if position % 2 == 0 {
            text.push_str(part);
        } else {
            text.push(char::from_u32(u32::from_str_radix(part, 16).ok()?)?);
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_comes_back() {
        for id in
            ["", "a", "-a", "a b", "GB-COH:1", "é", "a.", "..", "cuibono.x.id", "\u{202e}\"\n", "data/e.csv:2", "a''"]
        {
            let written = admitted(id);
            assert_eq!(original(&written).unwrap_or(written), id);
        }
        assert_eq!((original("cuibono.a.ZZ.id"), original("NK-1")), (None, None));
    }
}
