//! Text in one piece, found by where it stands.

/// A text in an [`Arena`]; by default the empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    start: u32,
    len: u32,
}

/// Texts one after the other.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    text: String,
}

impl Arena {
    /// Appends a text; `None` when the arena is full (4 GiB).
    pub(crate) fn push(&mut self, text: &str) -> Option<Span> {
        let start = u32::try_from(self.text.len()).ok()?;
        let len = u32::try_from(text.len()).ok()?;
        start.checked_add(len)?;
        self.text.push_str(text);
        Some(Span { start, len })
    }

    /// The bytes of all texts.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text at a span.
    pub(crate) fn get(&self, span: Span) -> &str {
        let start = span.start as usize;
        &self.text[start..start + span.len as usize]
    }
}
