//! Every string of the big list of naughty strings as a name: drawn, and read back unchanged.

use cuibono::diagram::layout::{LayoutOptions, layout};
use cuibono::diagram::{Diagram, Line, PartyBox};
use cuibono::escape::visible::{MARK, is_format, is_noncharacter, visible};
use cuibono::export::fonts::Fonts;
use cuibono::export::{dot, html, mermaid, png, svg};
use quick_xml::events::Event;

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
        let wanted: String = visible(name).chars().map(mark).collect();
        let wanted = if wanted.trim().is_empty() { "(no name)" } else { wanted.trim() };
        assert_eq!(shown, wanted, "{name:?}");
        assert!(label.chars().all(|c| c.is_ascii_alphanumeric() || " #;<>/".contains(c) || c >= '\u{A0}'), "{label}");
    }
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
