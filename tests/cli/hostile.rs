//! Names that were made to break things pass through every format and disturb no terminal.

use crate::run::{Folder, Run, width};
use serde_json::json;

/// Names from the list of naughty strings, and some that are worse for terminals and tables.
fn names() -> Vec<String> {
    let list = include_str!("../fixtures/naughty-strings/blns.json");
    let mut names: Vec<String> = serde_json::from_str(list).expect("a list of texts");
    let more = [
        "\u{1b}]0;title\u{7}",
        "\u{1b}[2J",
        "a\u{202e}b",
        "a\u{2066}b\u{2069}",
        "\u{200b}\u{feff}x",
        "a\nb",
        "a\r\nb",
        "a\tb",
        "|a|b|",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "+1",
        "-1",
        "\"",
        "'",
        "`x`",
        "<script>alert(1)</script>",
        "]]>",
        "\\",
        "\u{85}",
        "\u{9b}31m",
    ];
    names.extend(more.map(str::to_owned));
    names.retain(|name| !name.trim().is_empty());
    names
}

/// A graph in which each of the names is a person who owns a bit of one company.
fn file(folder: &Folder, names: &[String]) -> std::path::PathBuf {
    let entity = |(number, name): (usize, &String)| json!({"id": format!("p{number}"), "name": name, "kind": "person"});
    let interest = |number: usize| {
        json!({"id": format!("i{number}"), "owner": format!("p{number}"), "owned": "company", "kind": "shareholding",
               "share": 0.1, "sources": ["S1"]})
    };
    let mut entities: Vec<_> = names.iter().enumerate().map(entity).collect();
    entities.push(json!({"id": "company", "name": "Company", "kind": "company"}));
    let document = json!({
        "cuibono": 1,
        "sources": [{"id": "S1", "title": "\u{1b}[31mred\u{202e}", "url": "javascript:alert(1)"}],
        "entities": entities,
        "interests": (0..names.len()).map(interest).collect::<Vec<_>>(),
    });
    folder.write("hostile.json", document.to_string())
}

fn run(path: &std::path::Path, command: &str, format: &str) -> crate::run::End {
    Run::new().args(command.split(' ')).args(["--format", format]).data(path).columns(100).answers().quiet()
}

const COMMANDS: [&str; 8] = [
    "owners-of company",
    "controllers-of company --threshold 0",
    "timeline company",
    "show company",
    "search script",
    "check",
    "sources",
    "stats",
];

/// Characters that move a cursor, change a colour or turn the direction of writing.
fn commands_a_terminal(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn tables_command_no_terminal_and_keep_their_width() {
    let folder = Folder::new();
    let path = file(&folder, &names());
    for command in COMMANDS {
        for format in ["table", "markdown"] {
            let end = run(&path, command, format);
            let bad: Vec<_> = end.text().lines().filter(|line| line.chars().any(commands_a_terminal)).collect();
            assert!(bad.is_empty(), "{command} as {format}: {bad:?}");
            if format == "table" {
                let wide: Vec<_> = end.text().lines().filter(|line| width(line) > 100).collect();
                assert!(wide.is_empty(), "{command}: {wide:?}");
            }
        }
    }
}

#[test]
fn markdown_keeps_its_columns_and_links_nowhere() {
    let folder = Folder::new();
    let names = names();
    let path = file(&folder, &names);
    let end = run(&path, "owners-of company", "markdown");
    let rows: Vec<&str> = end.text().lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), names.len() + 2);
    for row in &rows {
        let bars = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
        assert_eq!(bars, rows[0].matches('|').count(), "{row}");
        assert!(!row.contains('<'), "{row}");
    }
}

#[test]
fn json_and_raw_csv_give_back_the_exact_names() {
    let folder = Folder::new();
    let names = names();
    let path = file(&folder, &names);
    let answer = run(&path, "owners-of company", "json").json();
    let mut found: Vec<&str> =
        answer["owners"].as_array().expect("rows").iter().filter_map(|row| row["entity"]["name"].as_str()).collect();
    let mut expected: Vec<&str> = names.iter().map(String::as_str).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);

    let csv_names = |flag: &str| {
        let end = Run::new().args(["owners-of", "company", "--format", "csv", "--csv", flag]).data(&path).answers();
        let mut reader = csv::Reader::from_reader(end.bytes.as_slice());
        let column = reader.headers().expect("a header").iter().position(|name| name == "name").expect("a column");
        let mut names: Vec<String> =
            reader.records().map(|row| row.expect("a row").get(column).expect("a cell").to_owned()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(csv_names("raw"), expected);
    // What a spreadsheet would run is disarmed unless the exact text is asked for.
    let armed: Vec<_> =
        csv_names("safe").into_iter().filter(|name| name.starts_with(['=', '+', '-', '@', '\t', '\r'])).collect();
    assert_eq!(armed, [""; 0]);
}

#[test]
fn every_name_can_be_asked_for() {
    let folder = Folder::new();
    let names = names();
    let path = file(&folder, &names);
    for name in names.iter().step_by(9) {
        let end = Run::new().arg("show").arg(format!("--data={}", path.display())).arg("--").arg(name).end();
        assert!(matches!(end.code, Some(0 | 1 | 4)), "{name:?}: {}", end.errors);
        let said = format!("{}{}", end.errors, end.text());
        assert!(!said.chars().any(commands_a_terminal), "{name:?}: {said:?}");
    }
}

#[test]
fn pictures_of_them_are_whole() {
    let folder = Folder::new();
    let names = names();
    let path = file(&folder, &names[..60]);
    let svg = Run::new().args(["diagram", "company", "--to", "svg"]).data(&path).answers();
    let mut reader = quick_xml::Reader::from_str(svg.text());
    loop {
        match reader.read_event().expect("well-formed XML") {
            quick_xml::events::Event::Eof => break,
            event => drop(event),
        }
    }
    svg.lacks("<script>alert").lacks("\u{1b}").lacks("\u{202e}");
    for format in ["dot", "mmd", "html"] {
        let end = Run::new().args(["diagram", "company", "--to", format]).data(&path).answers();
        assert!(!end.text().contains(['\u{1b}', '\u{202e}']), "{format}");
    }
}
