//! Text inside a Markdown table.

use super::visible::visible;

/// Text that renders as itself: no markup, no link, no image, no further column.
pub fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            ':' => out.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '@' => {
                out.push('\\');
                out.push(c);
            }
            'w' | 'W' if out.is_empty() || out.ends_with(' ') => {
                out.push_str(if c == 'w' { "&#119;" } else { "&#87;" })
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_links_stay_text() {
        assert_eq!(cell("a|b"), "a\\|b");
        assert_eq!(cell("<b>&"), "&lt;b&gt;&amp;");
        assert_eq!(cell("![x](http://e)"), "\\!\\[x\\]\\(http&#58;//e\\)");
    }
}
