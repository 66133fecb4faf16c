//! Text inside a Markdown document.

use super::visible::spelled;
use std::fmt;

/// Text that renders as itself, in a cell of a table or as a paragraph: no markup, no link, no image, no further column, no
/// list, no formula.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarkdownText(String);

impl MarkdownText {
    /// Escapes a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = spelled(text);
        let mut out = String::with_capacity(text.len() + 8);
        // What makes a list or a heading at the start of a paragraph: `- x`, `12. x`, a line of `=`.
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        for (at, c) in text.char_indices() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                ':' => out.push_str("&#58;"),
                '-' | '+' | '=' if at == 0 => out.extend(['\\', c]),
                '.' if at == digits && at > 0 => out.push_str("\\."),
                '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '@' | '$'
                | '^' => {
                    out.extend(['\\', c]);
                }
                // `www.` makes a link by itself, also behind `(`, `*` and others.
                'w' | 'W' if starts_address(&text[at..]) => out.push_str(if c == 'w' { "&#119;" } else { "&#87;" }),
                _ => out.push(c),
            }
        }
        Self(out)
    }
}

fn starts_address(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
}

impl fmt::Display for MarkdownText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_links_stay_text() {
        let cases = [
            ("a|b", "a\\|b"),
            ("<b>&", "&lt;b&gt;&amp;"),
            ("![x](http://e)", "\\!\\[x\\]\\(http&#58;//e\\)"),
            ("(www.e.org WWW.e", "\\(&#119;ww.e.org &#87;WW.e"),
            ("- a - b", "\\- a - b"),
            ("12. a 1.5", "12\\. a 1.5"),
            ("1.5", "1\\.5"),
            ("a\n# b\u{200b}", "a \\# b⟦U+200B⟧"),
            ("$x$", "\\$x\\$"),
        ];
        for (text, escaped) in cases {
            assert_eq!(MarkdownText::new(text).to_string(), escaped);
        }
    }
}
