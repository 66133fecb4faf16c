//! Text written for each kind of output and read back: what comes out is the text, and nothing but text.

use cuibono::escape::dot::DotString;
use cuibono::escape::mermaid::MermaidText;
use cuibono::escape::visible::{MARK, disturbs, hides, is_format, is_noncharacter, visible};
use cuibono::escape::xml::{XmlText, XmlWriter};
use cuibono::escape::csv::{Cells, CsvWriter, unguarded};
use cuibono::escape::markdown::MarkdownText;
use cuibono::escape::shell;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Writes a text for one kind of output, chosen by a number, and reads it back.
///
/// # Panics
///
/// Where what is read is not what was written.
pub fn check(sink: u8, text: &str) {
    match sink % 7 {
        0 => dot(text),
        1 => mermaid(text),
        2 => xml(text),
        3 => csv(text),
        4 => markdown(text),
        5 => shell(text),
        _ => terminal(text),
    }
}

/// What Graphviz reads: an HTML reference first, then a backslash before a quote or a backslash.
fn dot(text: &str) {
    let shown: String = text.chars().map(drawn_in_dot).collect();
    let whole = DotString::new(text).into_string();
    assert_eq!(read_dot(&whole), shown);
    let lines = DotString::lines(&[text, text], false).into_string();
    assert_eq!(
        read_dot(&lines.replacen("\\n", " ", usize::from(!text.contains('\\')))).len() > 0,
        !shown.is_empty() || lines.len() > 2
    );
    let tip = DotString::tooltip(text).into_string();
    assert_eq!(read_dot(&tip), shown.replace('\\', "\\\\"));
}

fn drawn_in_dot(c: char) -> char {
    match c {
        '\u{2028}' | '\u{2029}' => ' ',
        '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' => ' ',
        c if c.is_control() || is_noncharacter(c) => MARK,
        c => c,
    }
}

/// Reads a quoted string: nothing ends it before its end.
fn read_dot(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).expect("a quoted string");
    let mut read = String::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => panic!("the string ends early: {quoted:?}"),
            '\\' => match rest.next() {
                Some(c @ ('"' | '\\')) => read.push(c),
                Some('n' | 'l') => read.push('\n'),
                other => panic!("an escape that Graphviz gives a meaning to: {other:?} in {quoted:?}"),
            },
            c => read.push(c),
        }
    }
    assert!(!read.replace("&amp;", "").contains('&'), "a reference: {quoted:?}");
    read.replace("&amp;", "&")
}

/// Letters, digits, blanks, numbered references and what lies beyond ASCII; nothing else.
fn mermaid(text: &str) {
    let escaped = MermaidText::new(text).to_string();
    let mut read = String::new();
    let mut rest = escaped.as_str();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '#' {
            let (number, after) = rest.split_once(';').expect("the end of a reference");
            read.push(number.parse::<u32>().ok().and_then(char::from_u32).expect("a reference"));
            rest = after;
            continue;
        }
        let plain = c.is_ascii_alphanumeric() || c == ' ' || c >= '\u{A0}';
        assert!(plain && (c == MARK || !is_format(c) && !is_noncharacter(c)), "{c:?} in {escaped:?}");
        read.push(c);
    }
    let mark = |c: char| if c.is_control() || is_format(c) || is_noncharacter(c) { MARK } else { c };
    let shown: String = text.chars().map(mark).collect();
    let expected = if text.trim().is_empty() { "(no name)".to_owned() } else { shown };
    assert_eq!(read, expected);
}

/// A reader of XML finds the text in an attribute and between tags, and no further element.
fn xml(text: &str) {
    let mut writer = XmlWriter::new(Vec::new());
    writer.text("a", &[("b", text)], text).expect("memory");
    let document = String::from_utf8(writer.into_inner()).expect("UTF-8");
    let (mut reader, mut found, mut depth) = (Reader::from_str(&document), String::new(), 0);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                depth += 1;
                let attribute = start.attributes().next().expect("an attribute").expect("well-formed");
                let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("known references");
                assert_eq!(value, XmlText::new(text).as_str());
            }
            Event::Text(part) => found.push_str(&part),
            Event::GeneralRef(name) => found.push(reference(&name)),
            Event::End(_) => depth += 10,
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(depth, 11, "one element");
    assert_eq!(found, XmlText::new(text).as_str());
}

fn reference(name: &quick_xml::events::BytesRef<'_>) -> char {
    if let Some(c) = name.resolve_char_ref().expect("a character") {
        return c;
    }
    let named = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
    named.iter().find(|(known, _)| *known == &**name).expect("one of the five").1
}

/// No cell begins a formula, and the guard can be taken away.
fn csv(text: &str) {
    let mut writer = CsvWriter::begin(Vec::new(), Cells::Safe, ["start", "text"]).expect("memory");
    ["start", text].into_iter().for_each(|cell| writer.text(cell).expect("memory"));
    writer.end_row().expect("memory");
    let (bytes, _) = writer.finish().expect("memory");
    let mut reader = csv::ReaderBuilder::new().from_reader(&*bytes);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len(), 1);
    let cell = &rows[0][1];
    assert_eq!(unguarded(cell), text);
    let start = cell.trim_start_matches([' ', '\u{a0}']).chars().next();
    assert!(!start.is_some_and(|c| "=+-@\t\r＝＋－＠".contains(c)), "{cell:?}");
}

/// Nothing that means something to Markdown or HTML stands there without an escape.
fn markdown(text: &str) {
    let cell = MarkdownText::new(text).to_string();
    let mut rest = cell.chars();
    while let Some(c) = rest.next() {
        assert!(!disturbs(c), "{c:?} in {cell:?}");
        match c {
            '\\' => {
                let next = rest.next().expect("what is escaped");
                assert!(next.is_ascii_punctuation(), "{cell:?}");
            }
            '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '!' | '#' | '@' | ':' | '~' => panic!("{c:?} in {cell:?}"),
            '&' => {
                let name: String = rest.by_ref().take_while(|&c| c != ';').collect();
                let number = name.strip_prefix('#').is_some_and(|code| code.parse::<u32>().is_ok());
                assert!(number || ["lt", "gt", "amp"].contains(&name.as_str()), "{cell:?}");
            }
            _ => {}
        }
    }
    assert!(!cell.to_ascii_lowercase().split(' ').any(|word| word.starts_with("www.")), "{cell:?}");
}

/// A POSIX shell reads the words back.
fn shell(text: &str) {
    let words = ["cuibono", text, "--", text];
    match shell::command(words) {
        Some(line) => assert_eq!(read_words(&line), words),
        None => assert!(hides(text)),
    }
}

/// Words as a POSIX shell divides them; panics at what it would give another meaning.
fn read_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut rest, mut begun) = (line.chars(), false);
    while let Some(c) = rest.next() {
        let word = words.last_mut().expect("one at least");
        match c {
            ' ' if begun => {
                words.push(String::new());
                begun = false;
                continue;
            }
            '\'' => loop {
                match rest.next().expect("the end of a quotation") {
                    '\'' => break,
                    c => word.push(c),
                }
            },
            '\\' => word.push(rest.next().expect("what is escaped")),
            c if c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c) => word.push(c),
            c => panic!("{c:?} is not quoted in {line:?}"),
        }
        begun = true;
    }
    words
}

/// One line, no control, no hidden character, no pile of marks; what was made harmless stays as it is.
fn terminal(text: &str) {
    let shown = visible(text);
    assert!(!shown.chars().any(disturbs), "{shown:?}");
    assert!(!shown.contains("  ") && shown.trim() == shown, "{shown:?}");
    assert_eq!(visible(&shown), shown);
    // What is hidden is written out, as ⟦U+10FFFF⟧ at the longest.
    assert!(shown.chars().count() <= 10 * text.chars().count());
}
