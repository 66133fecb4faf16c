//! Texts to be put in order: where their first bytes tell them apart, no comparison reads memory elsewhere.

/// Bytes that stand beside a text.
const PREFIX: usize = 16;

/// A text beside its first bytes, in the order of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prefixed<'t> {
    prefix: u128,
    /// The text itself.
    pub text: &'t str,
}

impl<'t> Prefixed<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut prefix = [0; PREFIX];
        let len = text.len().min(PREFIX);
        prefix[..len].copy_from_slice(&text.as_bytes()[..len]);
        Self { prefix: u128::from_be_bytes(prefix), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_texts() {
        let texts =
            ["", "\0", "a", "a\0", "a\0b", "ab", "GB-COH-01234567-a", "GB-COH-01234567-b", "GB-COH-0123456", "é"];
        for one in texts {
            for other in texts {
                assert_eq!(Prefixed::new(one).cmp(&Prefixed::new(other)), one.cmp(other), "{one:?} {other:?}");
            }
        }
    }
}
