//! Plain edges CSV: many names for columns, separators, numbers, quotes, and what is refused.

use super::shared::{counts, interests, read_text, shared, told_in_any_pieces};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::problem::Rule;

fn refused(text: &str) -> String {
    let mut loader = Loader::new();
    match loader.read_text("e.csv", text) {
        Ok(()) => panic!("was read: {text:?}"),
        Err(error) => error.to_string(),
    }
}

fn problems(graph: &OwnershipGraph) -> Vec<(Rule, String)> {
    graph
        .problems()
        .iter()
        .map(|problem| (problem.rule, format!("{}: {}", problem.location, problem.message)))
        .collect()
}

const ONE: [&str; 2] = ["ann shareholding 33.3 % acme", "bob shareholding >25–50 % acme"];

#[test]
fn one_graph_from_every_way_to_write_it() {
    for text in [
        "owner,owned,share\nann,acme,33.3\nbob,acme,\"(25,50]\"\n",
        "Parent,Subsidiary,Percent\nann,acme,33.3%\nbob,acme,\"(25,50]\"\n",
        "from;to;stake\nann;acme;33,3\nbob;acme;(25;50]\n".replace("(25;50]", "\"(25;50]\"").as_str(),
        "source\ttarget\t%\nann\tacme\t33,3 %\nbob\tacme\t(25,50]\n",
        "shareholder_id,company_id,ownership\r\nann,acme,\"33,3\"\r\n\r\nbob,acme,\"(25,50]\"\r\n",
        "sep=;\nowner;owned;share\nann;acme;33,3\nbob;acme;(25,50]\n",
        "owner;owned;share;;\nann;acme;33,3;;\n;;;;\nbob;acme;(25,50];;\n",
        "\n \nholder,asset,share (%)\nann,acme,33.30\n , \nbob,acme,\"(25,50]\"",
        "owner,owned,share\rann,acme,33.3\rbob,acme,\"(25,50]\"\r",
    ] {
        let graph = read_text("e.csv", text);
        assert_eq!(interests(&graph), ONE, "{text}");
        assert_eq!(counts(&graph), (2, 0), "{text}");
        assert_eq!(graph.problems().len(), 0, "{text}: {:?}", problems(&graph));
    }
}

#[test]
fn minimum_and_maximum_under_other_names() {
    let graph = read_text("e.csv", "parent,child,low,high\na,b,\"12,5\",50%\nc,b,,10\nd,b,75,\n");
    assert_eq!(
        interests(&graph),
        ["a shareholding 12.5–50 % b", "c shareholding 0–10 % b", "d shareholding 75–100 % b"]
    );
}

#[test]
fn quoted_line_breaks_and_quotes_are_part_of_a_name() {
    let text =
        "owner,owned,share,owner_name\na,b,10,\"Two\nLines\"\nc,b,20,\"says \"\"so\"\"\"\nd,b,30,5\" pipes\ne,b,x,\n";
    assert_eq!(
        refused(text),
        "e.csv:6: share \"x\" is not a share: give percent such as 25, 33.3, 25-50, >50, <=10 or (25,50]"
    );
    let graph = read_text("e.csv", &text.replace(",x,", ",40,"));
    let names: Vec<_> = graph.nodes().map(|node| graph.entity(node).name().to_owned()).collect();
    assert_eq!(names, ["Two\nLines", "b", "says \"so\"", "5\" pipes", "e"]);
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    let text = "owner,owned,share\na,b,1\n\nc,b,-1\n";
    for ending in ["\n", "\r\n"] {
        assert_eq!(refused(&text.replace('\n', ending)), "e.csv:4: share \"-1\" is below 0 %", "{ending:?}");
    }
}

#[test]
fn an_unclosed_quote_is_found_far_from_its_end() {
    let rows = |range: std::ops::Range<u32>| range.map(|n| format!("a{n},b,0\n")).collect::<String>();
    let text = format!("owner,owned,share\n{}\"open,b,0\n{}", rows(0..20_000), rows(0..20_000));
    assert_eq!(
        refused(&text),
        "e.csv:20002: a quote that opens in this row is never closed: the rest of the file would be one cell; the 20000 \
         records before that were read; give --keep-going for an answer from them alone"
    );
}

#[test]
fn what_is_refused_says_why() {
    let header = "the header has no column \"owned\" (found: owner, share); a plain edges file starts with \
                  owner,owned,share or owner,owned,min,max";
    for (text, message) in [
        ("owner,share\na,1\n", format!("e.csv:1: {header}")),
        ("\n\nowner,share\na,1\n", format!("e.csv:3: {header}")),
        ("owner,owned,share\na,b,33,3\n", "e.csv:2: has 4 cells where the header has 3".to_owned()),
        ("owner;owned;share\na;b\n", "e.csv:2: has 2 cells where the header has 3".to_owned()),
        ("owner;owned;share\na;b;101,5\n", "e.csv:2: share \"101,5\" is above 100 %".to_owned()),
        (
            "owner,owned,min\na,b,5-6\n",
            "e.csv:2: min \"5-6\" is not a share: give percent such as 25, 33.3, 25-50, >50, <=10 or (25,50]"
                .to_owned(),
        ),
        (
            "parent,holder,owned\na,b,c\n",
            "e.csv:1: the columns \"parent\" and \"holder\" could both be the owner: rename the one that is meant to \
             \"owner\""
                .to_owned(),
        ),
    ] {
        assert_eq!(refused(text), message);
    }
}

#[test]
fn columns_that_are_not_read_are_named_once() {
    let graph = read_text("e.csv", "owner,owned,share,colour,from\na,b,5,red,2019\nc,b,5,blue,2020\n");
    assert_eq!(
        problems(&graph),
        [(Rule::UnreadColumn, "e.csv:1: what stands in the column colour, from is not read".to_owned())]
    );
}

#[test]
fn fractions_are_not_turned_into_percent_but_noticed() {
    let graph = read_text("e.csv", "owner,owned,share\na,b,0.5\nc,b,0.25\nd,b,1\n");
    assert_eq!(interests(&graph)[0], "a shareholding 0.5 % b");
    assert_eq!(problems(&graph), [(
        Rule::FractionShares,
        "e.csv:1: share looks like a fraction: no value exceeds 1 and 2 lie below it; shares are percent, so 0.5 was \
         read as half a percent"
            .to_owned()
    )]);
    for percent in ["a,b,0.5\nc,b,0.25\nd,b,60\n", "a,b,0.5\nc,b,1\n", "a,b,0.5\nc,b,0.25\nd,b,10-50\n"] {
        let graph = read_text("e.csv", &format!("owner,owned,share\n{percent}"));
        assert_eq!(graph.problems().len(), 0, "{percent}");
    }
}

#[test]
fn an_id_that_is_an_official_number_is_an_identifier() {
    let graph = read_text("e.csv", "owner,owned,share\n5493001KJTIIGC8Y1R12,GB-COH:1234567,5\nann,GB-COH:1234567,5\n");
    let identifiers: Vec<Vec<String>> = graph
        .nodes()
        .map(|node| graph.entity(node).identifiers().map(|identifier| identifier.to_string()).collect())
        .collect();
    assert_eq!(
        identifiers,
        [vec!["XI-LEI:5493001KJTIIGC8Y1R12".to_owned()], vec!["GB-COH:1234567".to_owned()], vec![]]
    );
}

#[test]
fn other_peoples_csv_files_are_refused_by_name() {
    let Some(folder) = shared("hostile/csv-spectrum/csvs") else { return };
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let mut loader = Loader::new();
        let message = loader.read(&path).expect_err("no owners here").to_string();
        assert!(message.contains(":1: the header has no column \"owner\" (found: "), "{message}");
        files += 1;
    }
    assert_eq!(files, 11);
}

#[test]
fn formulas_are_names_like_any_other() {
    let Some(payloads) = shared("hostile/csv-injection/payloads.txt") else { return };
    let payloads = std::fs::read_to_string(payloads).expect("text");
    let quoted = |line: &str| format!("\"{}\",acme,1\n", line.replace('"', "\"\""));
    let rows: String = payloads.lines().map(quoted).collect();
    let graph = read_text("e.csv", &format!("owner,owned,share\n{rows}"));
    let names: Vec<_> =
        graph.nodes().map(|node| graph.entity(node).id().to_owned()).filter(|id| id != "acme").collect();
    assert_eq!(names, payloads.lines().map(str::trim).collect::<Vec<_>>());
}

/// Rows of many kinds: plain, quoted, with line breaks, blank, with descriptions that contradict each other.
fn many_rows(ending: &str) -> String {
    let mut text = ["owner;owned;share;start;owner_name;owned_kind;source;colour", ""].join(ending);
    for n in 0..300 {
        let row = match n % 10 {
            0 => format!("a{n};b{};33,{n};2019-03-14;;;;", n % 7),
            1 => format!("\"a{n}\";\"b;{}\";\"(25,50]\";;\"Two{ending}Lines\"\"{n}\"\"\";;S1;red", n % 7),
            2 => format!("a{n};b{};>50;2019;{n}\" pipes;state;S{};;", n % 7, n % 3),
            3 => String::new(),
            4 => format!("5493001KJTIIGC8Y1R12;GB-COH:{n};1;;Name {n};company;;"),
            5 => " ; ; ; ; ; ; ; ".to_owned(),
            6 => format!(" a{n} ;b{};0.5 %;;\u{a0}é{n}\u{a0};;;blue", n % 7),
            7 => format!("\u{feff}a{n};b1;12.5;;;;;"),
            8 => format!("a{};b1;?;2019-03;\"open{ending}{ending}; \"\" end\";person;;", n % 20),
            _ => format!("a{n};a{};100;;;;;;;", n - 1),
        };
        text.push_str(&row);
        text.push_str(ending);
    }
    text
}

#[test]
fn a_table_says_the_same_in_pieces_of_any_size() {
    for ending in ["\n", "\r\n", "\r"] {
        let text = many_rows(ending);
        let whole = told_in_any_pieces("e.csv", text.as_bytes());
        assert!(whole.starts_with("(240, 0)\n"), "{whole}");
        assert_eq!(whole.matches("ConflictingDescription").count(), 29, "{ending:?}");
        assert_eq!(whole.matches("KindsCollide").count(), 4, "{ending:?}");
        assert_eq!(whole.matches("is not read").count(), 1);
        assert_eq!(told_in_any_pieces("e.csv", text.trim_end().as_bytes()), whole, "without the last line end");
    }
}

#[test]
fn a_fault_late_in_a_table_has_the_same_line_in_pieces_of_any_size() {
    for (row, told, breaks) in [
        (&b"a;b;x;;;;;"[..], "share \"x\" is not a share: give percent such as", true),
        (b"a;b", "has 2 cells where the header has 8", true),
        (b"a;;5;;;;;", "names no owned", true),
        (b"a;b;5;soon;;;;", "start \"soon\" is not a date", true),
        (b"a;b;5;;;robot;;", "owned_kind \"robot\" is none of", true),
        (b"a\xff;b;5;;;;;", "is not UTF-8 text (byte ", true),
        (b"a;\"b;5;;;;;", "a quote that opens in this row is never closed: the rest of the file", false),
    ] {
        for ending in ["\n", "\r\n"] {
            let rows = many_rows(ending);
            let line = rows.matches('\n').count() + 1;
            // Behind the fault stands another one, which is not reached.
            let rest = if breaks { "\na;b;y;;;;;\n" } else { "\na;b;5;;;;;\n" };
            let text = [rows.as_bytes(), row, rest.as_bytes()].concat();
            let whole = told_in_any_pieces("e.csv", &text);
            assert!(whole.starts_with(&format!("error: e.csv:{line}: {told}")), "{whole}");
            if row.contains(&0xff) {
                assert!(whole.contains(&format!("(byte {})", rows.len() + 1)), "{whole}");
            }
        }
    }
}
