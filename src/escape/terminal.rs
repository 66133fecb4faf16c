//! Lines on a terminal.

use super::bidi::isolated;
use super::visible::{brief, disturbs, spelled};
use std::fmt;

/// Most graphemes of one line; a name that is longer is cut.
const LONGEST: usize = 2_000;

/// A line that commands no terminal: whatever it was made of, it holds no control characters, no line breaks, nothing
/// invisible, and nothing that turns the direction of writing of what stands beside it.
///
/// ```
/// use cuibono::escape::terminal::TerminalLine;
///
/// assert_eq!(TerminalLine::new("a\x1b[2Jb\nc").to_string(), "a⟦U+001B⟧[2Jb c");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TerminalLine(String);

impl TerminalLine {
    /// A line of a message. Blanks at its start and two in a row stay, since the program sets them.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = brief(text, LONGEST);
        let indent = text.len() - text.trim_start_matches(' ').len();
        let parts = text[indent..].split("  ").filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.map(spelled).filter(|part| !part.is_empty()).collect();
        Self(format!("{}{}", &text[..indent.min(8)], isolated(&parts.join("  "))))
    }

    /// A finished line of a table, whose cells were made visible by [`spelled`] and padded with blanks.
    #[must_use]
    pub fn of_table(line: &str) -> Self {
        let line = line.trim_end();
        if line.chars().all(is_ordinary) {
            return Self(line.to_owned());
        }
        let harmless: String = line.chars().filter(|c| !disturbs(*c)).collect();
        Self(isolated(&harmless))
    }
}

/// Latin letters, signs and the rules of tables: what most lines consist of, and what needs no closer look.
const fn is_ordinary(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{C0}'..='\u{24F}' | '\u{2500}'..='\u{257F}' | '–' | '…')
}

impl fmt::Display for TerminalLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        TerminalLine::new(text).to_string()
    }

    #[test]
    fn what_is_ordinary_neither_disturbs_nor_turns() {
        let ordinary: Vec<char> = ('\0'..=char::MAX).filter(|c| is_ordinary(*c)).collect();
        assert!(ordinary.len() > 600, "{}", ordinary.len());
        let odd = ordinary.iter().find(|c| disturbs(**c) || crate::escape::bidi::is_rtl(**c));
        assert_eq!(odd, None);
    }

    #[test]
    fn one_harmless_line() {
        assert_eq!(line("    id  name\r\ncuibono: all is well\u{7}"), "    id  name cuibono: all is well⟦U+0007⟧");
        assert_eq!(line("\u{9b}31m\u{202e}x\u{2028}y"), "⟦U+009B⟧31m⟦U+202E⟧x y");
        assert_eq!(line(&format!("a{}b", " ".repeat(500))), "a  b");
        assert_eq!(line(&"é".repeat(3_000)), format!("{}… +1000 characters", "é".repeat(2_000)));
    }
}
