//! Mermaid flowcharts.

use std::fmt;

use super::visible::{MARK, is_format, is_noncharacter};

/// Label text for a Mermaid flowchart, without the quotes around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MermaidText(String);

impl MermaidText {
    /// Keeps ASCII letters, digits, blanks and everything from U+00A0 on; writes other printable ASCII as
    /// `#NN;`; replaces controls, format characters and noncharacters by `␦`. Blank text becomes "(no name)".
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::new("(no name)");
        }
        let mut escaped = String::with_capacity(text.len() + 8);
        for c in text.chars() {
            match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => escaped.push(c),
                '!'..='~' => escaped.push_str(&format!("#{};", u32::from(c))),
                c if c.is_control() || is_format(c) || is_noncharacter(c) => escaped.push(MARK),
                c => escaped.push(c),
            }
        }
        Self(escaped)
    }

    /// Joins lines with Mermaid's line break.
    #[must_use]
    pub fn lines<S: AsRef<str>>(lines: &[S]) -> Self {
        let lines: Vec<String> = lines.iter().map(|line| Self::new(line.as_ref()).0).collect();
        Self(lines.join("<br/>"))
    }
}

impl fmt::Display for MermaidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        assert_eq!(MermaidText::new("A&B \"x\"").to_string(), "A#38;B #34;x#34;");
        assert_eq!(MermaidText::new("é陳🚀").to_string(), "é陳🚀");
        assert_eq!(MermaidText::new(" \t").to_string(), "#40;no name#41;");
        assert_eq!(MermaidText::new("a\u{200D}b\u{7}").to_string(), "a␦b␦");
        assert_eq!(MermaidText::lines(&["a", "b"]).to_string(), "a<br/>b");
    }
}
