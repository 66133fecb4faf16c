//! Names that were made to break things pass through every format and disturb no terminal.

use crate::run::{Folder, Run, width};
use crate::tally::tally;
use serde_json::json;
use std::collections::BTreeSet;

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

/// Every command of the list in `commands`, asked about the hostile graph.
const COMMANDS: [&str; 25] = [
    "owners-of company",
    "owners-of company --tree",
    "holdings-of p7",
    "controllers-of company --threshold 0",
    "controlled-by p7",
    "ultimate-controllers --threshold 0",
    "effective-shares",
    "beneficial-owners-of company --rule eu-amlr --threshold 0",
    "explain p7 company",
    "close-links p7 --at-least 0.01",
    "power company",
    "paths p7 company",
    "circular",
    "jurisdictions",
    "entities-in \u{1b}",
    "timeline company",
    "diff --from 2021-05-31 --to 2021-09-01 company",
    "search script",
    "search --looks-like admin",
    "show company",
    "matches --min-score 0",
    "sources",
    "check",
    "check --rules",
    "stats",
];

/// What a line for a terminal is made of: printable characters, and isolates that are closed on the line. Written from the standard,
/// not from the program: no Cc, Zl, Zp, nothing of Cf or without ink but the joiners and number signs that scripts need.
fn is_harmless(line: &str) -> bool {
    let printable = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}'
                | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e007f}')
    };
    let mut inside = false;
    line.chars().all(|c| match c {
        '\u{2068}' => !std::mem::replace(&mut inside, true),
        '\u{2069}' => std::mem::take(&mut inside),
        c => printable(c),
    }) && !inside
}

#[test]
fn the_list_has_every_command() {
    let verb = |command: &str| command.split(' ').next().unwrap_or_default().to_owned();
    let mine: BTreeSet<String> = COMMANDS.iter().map(|command| verb(command)).collect();
    let missing: Vec<&str> = crate::commands::COMMANDS
        .iter()
        .map(|(command, _)| *command)
        .filter(|command| !mine.contains(&verb(command)))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn tables_command_no_terminal_and_keep_their_width() {
    let folder = Folder::new();
    let names = names();
    let path = file(&folder, &names);
    let mut lines = 0;
    for command in COMMANDS {
        for format in ["table", "markdown"] {
            if command.ends_with("--tree") && format == "markdown" {
                continue;
            }
            let end = Run::new().args(command.split(' ')).args(["--format", format]).data(&path).columns(100).end();
            // Nobody sits in a place of such a name.
            let code = if command.starts_with("entities-in") { 1 } else { 0 };
            assert_eq!(end.code, Some(code), "{command}: {}", end.errors);
            let bad: Vec<_> = end.text().lines().chain(end.errors.lines()).filter(|line| !is_harmless(line)).collect();
            assert!(bad.is_empty(), "{command} as {format}: {bad:?}");
            lines += end.text().lines().count() + end.errors.lines().count();
            if format == "table" && !command.ends_with("--tree") {
                let wide: Vec<_> = end.text().lines().filter(|line| width(line) > 100).collect();
                assert!(wide.is_empty(), "{command}: {wide:?}");
            }
        }
    }
    assert!(lines > 5_000, "{lines}");
    tally("lines of 25 commands about hostile names, on a terminal", lines, &[("made of harmless characters", lines)]);
}

/// Messages repeat what was asked, what files are called and what stands in them: each line is still one of the program.
#[test]
fn messages_command_no_terminal_and_forge_no_line() {
    const EVIL: &str = "a\u{1b}[2J\u{1b}]52;c;eA==\u{7}\r\u{8}\u{9b}31m\u{202e}\u{200b}b";
    let folder = Folder::new();
    let good = folder.write("good.csv", "owner,owned,share\na,b,60\n");
    let named = |name: &str, text: String| folder.write(&format!("{EVIL}{name}"), text);
    let twins = format!("owner,owned,owner_name,share\nx1,y,\"{EVIL}\nTwin\",5\nx2,y,\"{EVIL}\nTwin\",5\n");
    let runs = [
        // The command line: names, options and values that nobody knows.
        Run::new().arg("show").arg(EVIL).data(&good),
        Run::new().arg(EVIL).data(&good),
        Run::new().args(["owners-of", "b", "--format"]).arg(EVIL).data(&good),
        Run::new().args(["owners-of", "b", "--as-of"]).arg(EVIL).data(&good),
        Run::new().args(["owners-of", "b"]).arg(format!("--{EVIL}")).data(&good),
        Run::new().args(["owners-of", "b", "--input-format"]).arg(EVIL).data(&good),
        Run::new().args(["convert", "-o"]).arg(folder.path().join(EVIL)).data(&good),
        Run::new().args(["check", "--rules", "--color", "always", "--format"]).arg(EVIL),
        // Files: missing, broken, of unknown format, with bad records, in a folder.
        Run::new().args(["stats"]).data(folder.path().join(format!("{EVIL}missing"))),
        Run::new().args(["stats"]).data(named("share.csv", "owner,owned,share\na,b,101\n".to_owned())),
        Run::new().args(["stats"]).data(named("text.txt", EVIL.to_owned())),
        Run::new().args(["stats"]).data(named("record.csv", format!("owner,owned,share\n\"{EVIL}\",b,\"{EVIL}\"\n"))),
        Run::new().args(["stats"]).data(named("ftm.jsonl", format!("{{\"id\":\"{}\"}}\n", "\\u001b[2J"))),
        Run::new().args(["screen", "--listed"]).arg(named("list", format!("{EVIL}\n"))).data(&good),
        Run::new().args(["show"]).arg(format!("{EVIL}\nTwin")).data(folder.write("twins.csv", twins)),
    ];
    let mut told = 0;
    for run in runs {
        let end = run.end();
        let errors = end.errors.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        // Colours of the program itself, where they were asked for.
        let errors = ["\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m", "\u{1b}[4m"]
            .iter()
            .fold(errors, |text, code| text.replace(code, ""));
        assert_ne!(end.code, Some(0), "{}", end.shown);
        assert_ne!(end.code, Some(101), "{}: {errors}", end.shown);
        assert!(!errors.is_empty(), "{}", end.shown);
        let bad: Vec<&str> = errors.lines().filter(|line| !is_harmless(line)).collect();
        assert!(bad.is_empty(), "{}: {bad:?}", end.shown);
        let forged: Vec<&str> = errors.lines().filter(|line| line.starts_with("Twin")).collect();
        assert!(forged.is_empty(), "{errors}");
        told += 1;
    }
    tally(
        "messages that repeat hostile arguments, file names and records",
        told,
        &[("made of harmless characters", told)],
    );
}

/// Nobody listens on standard error, or the disk behind it is full: the answer is given all the same.
#[cfg(target_os = "linux")]
#[test]
fn messages_that_cannot_be_written_cost_no_answer() {
    let program = env!("CARGO_BIN_EXE_cuibono");
    for closed in ["2>&-", "2>/dev/full"] {
        let line = format!(
            "printf 'owner,owned,share\\na,b,60\\nx,b,\\n' | '{program}' owners-of b --limit 1 --format csv --data - {closed}"
        );
        let output = std::process::Command::new("sh").args(["-c", &line]).output().expect("a shell");
        assert_eq!(output.status.code(), Some(5), "{closed}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("a,"), "{closed}");
    }
}

/// Two parties without ink in their names can be told apart, and one of a million letters is cut with a count.
#[test]
fn blank_and_endless_names_are_told_apart_and_cut() {
    let folder = Folder::new();
    let names = ["\u{200b}".to_owned(), "\u{2060}".to_owned(), "\u{3164}".to_owned(), "x".repeat(1_000_000)];
    let path = file(&folder, &names);
    let begun = std::time::Instant::now();
    let table = run(&path, "owners-of company", "table");
    for mark in ["⟦U+200B⟧", "⟦U+2060⟧", "⟦U+3164⟧"] {
        assert!(table.text().contains(mark), "{mark}");
    }
    // Not broken into lines there.
    assert!(run(&path, "owners-of company", "markdown").text().contains("xxx… +999800 characters"));
    assert!(table.text().len() < 10_000);
    for format in ["svg", "dot", "mmd", "html"] {
        let end = Run::new().args(["diagram", "company", "--to", format]).data(&path).answers();
        assert!(end.text().contains("… +") || end.text().contains("… #43;"), "{format}");
    }
    let answer = run(&path, "owners-of company", "json").json();
    let longest = answer["owners"].as_array().expect("rows").iter().filter_map(|row| row["entity"]["name"].as_str());
    assert_eq!(longest.map(str::len).max(), Some(1_000_000));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
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

/// How many cells are not the exact text is said, for answers and for tables; numbers are never touched.
#[test]
fn marked_cells_are_counted_and_numbers_are_left_alone() {
    let folder = Folder::new();
    let path = file(&folder, &names());
    let cells = |bytes: &[u8]| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(bytes);
        reader.records().flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    let ask =
        |csv: &str| Run::new().args(["owners-of", "company", "--format", "csv", "--csv", csv]).data(&path).answers();
    let (safe, raw) = (ask("safe"), ask("raw"));
    assert_eq!(raw.errors, "");
    let (safe_cells, raw_cells) = (cells(&safe.bytes), cells(&raw.bytes));
    assert_eq!(safe_cells.len(), raw_cells.len());
    let differ: Vec<_> = safe_cells.iter().zip(&raw_cells).filter(|(safe, raw)| safe != raw).collect();
    let said = format!(
        "cuibono: {} cells got an apostrophe, so that no spreadsheet takes them for formulas; --csv raw writes them exactly\n",
        differ.len()
    );
    assert_eq!(safe.errors, said);
    assert!(differ.len() > 30 && differ.iter().all(|(safe, _)| safe.contains('\'')), "{differ:?}");
    // All of them are names, also those that look like numbers; nothing else of the answer is touched.
    let columns = csv::Reader::from_reader(safe.bytes.as_slice()).headers().expect("a header").clone();
    let name = columns.iter().position(|column| column == "name").expect("names");
    let elsewhere = |(index, (safe, raw)): (usize, (&String, &String))| index % columns.len() != name && safe != raw;
    assert!(!safe_cells.iter().zip(&raw_cells).enumerate().any(elsewhere));
    let quiet = Run::new().args(["owners-of", "company", "--format", "csv", "-q"]).data(&path).answers().quiet();
    assert_eq!(quiet.bytes, safe.bytes);

    let tables = folder.path().join("tables");
    let end = Run::new().args(["convert", "--to", "csv", "-o"]).arg(&tables).data(&path).answers();
    assert!(end.errors.contains(" cells got an apostrophe"), "{}", end.errors);
    let back = Run::new().args(["owners-of", "company"]).data(&tables).json();
    let count = back["owners"].as_array().map(Vec::len);
    assert_eq!(count, Some(names().len()));
}

/// Letters that only look alike are told of and searched for, and join nobody.
#[test]
fn letters_that_only_look_alike_are_told_of() {
    let folder = Folder::new();
    let rows = "owner,owned,owner_name,share\nlatin,x,Acme Ltd,10\nmixed,x,\u{410}cme Ltd,10\nother,x,Beta,10\n";
    let path = folder.write("twins.csv", rows);
    let ask = |arguments: &[&str]| Run::new().args(arguments).data(&path);
    ask(&["show", "mixed"]).answers().has("mixed script: the word \u{410}cme holds letters that only look alike");
    ask(&["show", "latin"]).answers().lacks("mixed script");
    assert_eq!(ask(&["show", "mixed"]).json()["mixed_script"], "\u{410}cme");
    let found = |text: &str| -> Vec<String> {
        let answer = ask(&["search", "--looks-like", text]).json();
        let ids = answer["matches"].as_array().expect("matches").iter().map(|row| row["entity"]["id"].as_str());
        ids.map(|id| id.expect("an id").to_owned()).collect()
    };
    assert_eq!(found("Acme Ltd"), ["latin", "mixed"]);
    assert_eq!(found("ACME LTD"), ["latin", "mixed"]);
    assert_eq!(found("Beta Ltd"), [""; 0]);
    ask(&["search", "Acme Ltd"]).answers().has("(mixed script)");
    let counts = &ask(&["check"]).json()["counts"];
    assert_eq!((&counts["mixed-script-name"], &counts["looks-like-another-name"]), (&json!(1), &json!(1)));
    assert_eq!(ask(&["stats"]).json()["entities"], 4);
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
        assert!(said.lines().all(is_harmless), "{name:?}: {said:?}");
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
