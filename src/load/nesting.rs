//! How deep values may lie within one another. What is read is bounded by the library; what is passed over is bounded here.

/// So many brackets may be open at once, as in the library.
const DEEPEST: usize = 127;

/// What is wrong with a record whose values lie deeper than that; to be asked once of each new kind of record.
pub(super) fn check<E: serde::de::Error>(json: &str) -> Result<(), E> {
    let brackets = memchr::memchr2_iter(b'{', b'[', json.as_bytes());
    // Most records have not even so many.
    if brackets.take(DEEPEST + 1).count() <= DEEPEST || depth(json.as_bytes()) <= DEEPEST {
        return Ok(());
    }
    Err(E::custom("recursion limit exceeded"))
}

/// The most brackets that are open at once.
fn depth(json: &[u8]) -> usize {
    let (mut open, mut deepest, mut at) = (0usize, 0, 0);
    while let Some(&byte) = json.get(at) {
        match byte {
            b'{' | b'[' => open += 1,
            b'}' | b']' => open = open.saturating_sub(1),
            b'"' => {
                at += 1;
                while json.get(at).is_some_and(|&byte| byte != b'"') {
                    at += if json[at] == b'\\' { 2 } else { 1 };
                }
            }
            _ => {}
        }
        deepest = deepest.max(open);
        at += 1;
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_brackets_that_are_open_at_once_count() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let check = |json: &str| check::<serde_json::Error>(json).is_ok();
        assert!(check(&nested(DEEPEST)) && !check(&nested(DEEPEST + 1)));
        assert!(check(&nested(1).repeat(1000)));
        assert!(check(&format!("\"{}\\\"{}\"", "[".repeat(500), "{".repeat(500))));
        // The library draws the line at the same depth for what it reads.
        let library = |json: &str| serde_json::from_str::<serde_json::Value>(json).is_ok();
        assert!(library(&nested(DEEPEST)) && !library(&nested(DEEPEST + 1)));
    }
}
