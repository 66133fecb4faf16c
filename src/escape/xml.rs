//! XML: SVG, and the markup inside HTML.

use std::borrow::Cow;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;

/// Text that holds only characters XML 1.0 allows; the writer does the quoting of markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlText<'a>(Cow<'a, str>);

impl<'a> XmlText<'a> {
    /// Replaces characters that no XML document may hold by U+FFFD.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        if text.chars().all(allowed) {
            return Self(Cow::Borrowed(text));
        }
        Self(Cow::Owned(text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect()))
    }

    /// The cleaned text, not yet quoted.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters of XML 1.0 (fifth edition, production 2), without U+FFFE and U+FFFF.
const fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// Quotes an attribute value; tabs and line breaks become references, since readers would turn them to blanks.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 8);
    for c in XmlText::new(text).as_str().chars() {
        match c {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            '\'' => quoted.push_str("&apos;"),
            '\t' => quoted.push_str("&#9;"),
            '\n' => quoted.push_str("&#10;"),
            '\r' => quoted.push_str("&#13;"),
            c => quoted.push(c),
        }
    }
    quoted
}

/// Element writer on top of quick-xml; whatever is handed to it comes out as text, never as markup.
#[allow(missing_debug_implementations)]
pub struct XmlWriter<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> XmlWriter<W> {
    /// Writes to `inner`, indented by one blank for each level.
    pub fn new(inner: W) -> Self {
        Self { writer: Writer::new_with_indent(inner, b' ', 1) }
    }

    /// Opens an element. Element and attribute names are part of the program, never data.
    ///
    /// # Errors
    /// If `inner` cannot be written to.
    pub fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) -> io::Result<()> {
        self.writer.write_event(Event::Start(start(name, attributes)))
    }

    /// Closes the element `name`.
    ///
    /// # Errors
    /// If `inner` cannot be written to.
    pub fn close(&mut self, name: &'static str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// Writes an element without content.
    ///
    /// # Errors
    /// If `inner` cannot be written to.
    pub fn empty(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) -> io::Result<()> {
        self.writer.write_event(Event::Empty(start(name, attributes)))
    }

    /// Writes an element that holds only text.
    ///
    /// # Errors
    /// If `inner` cannot be written to.
    pub fn text(&mut self, name: &'static str, attributes: &[(&'static str, &str)], text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        self.writer.write_event(Event::Text(BytesText::from_escaped(quoted(text))))?;
        self.close(name)
    }

    /// Gives the inner writer back.
    pub fn into_inner(self) -> W {
        self.writer.into_inner()
    }
}

fn start(name: &'static str, attributes: &[(&'static str, &str)]) -> BytesStart<'static> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute(Attribute { key: QName(key), value: Cow::Owned(quoted(value)) });
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_stays_text() {
        let mut writer = XmlWriter::new(Vec::new());
        writer.text("a", &[("b", "\"><x/>&\n\u{0}")], "</a>]]>&amp;\u{FFFE}").expect("memory");
        let text = String::from_utf8(writer.into_inner()).expect("utf-8");
        assert_eq!(text, "<a b=\"&quot;&gt;&lt;x/&gt;&amp;&#10;\u{FFFD}\">&lt;/a&gt;]]&gt;&amp;amp;\u{FFFD}</a>");
    }
}
