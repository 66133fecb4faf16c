//! One test for each exit code, with everything that a script may see beside it.

use crate::run::{Folder, Run, cuibono};
use std::io::Read;
use std::process::{Command, Stdio};

/// Two companies of one name, in two places.
const NAMESAKES: &str = "owner,owned,share,owner_name,owner_jurisdiction\n\
                         acme-il,target,60,Acme Holdings,IL\n\
                         acme-lu,target,40,Acme Holdings,LU\n";

#[test]
fn an_empty_answer_is_an_answer() {
    let answer = cuibono("owners-of A").stdin("owner,owned,share\nA,B,60\n").json();
    assert_eq!(answer["owners"], serde_json::json!([]));
    cuibono("owners-of A").stdin("owner,owned,share\nA,B,60\n").answers().quiet().has("(nothing)");
    cuibono("circular").answers().quiet().has("(nothing)");
    let rows = cuibono("circular --format jsonl").answers().quiet();
    assert_eq!(rows.text(), "");
}

#[test]
fn nobody_of_that_name_is_1() {
    cuibono("owners-of qqqqzzzz").fails(1, "cuibono: no entity answers to \"qqqqzzzz\"");
    let near = cuibono("owners-of Trangle").end();
    assert!([0, 1].contains(&near.code.unwrap_or(-1)), "{}", near.errors);
    assert!(near.errors.contains("Triangle Holdings") || near.text().contains("Triangle Holdings"));
}

/// A number with another digit is that of somebody else, however much it looks like one that is there.
#[test]
fn a_number_that_is_not_there_is_nobodys() {
    let edges = "owner,owned,share\nP-03411393,FR-50245057,50\nfund 2021,X,20\n\
                 HRB1024,Y,50\nalpha beta gamma delta epsilon 2021,Z,50\n";
    let ask = |id: &str| cuibono("owners-of").arg(id).stdin(edges).end();
    for id in ["FR-50245057", "fr 50245057", "50245057", "FR-502450"] {
        ask(id).code(0).has("P-03411393");
    }
    for id in ["FR-50245058", "FR-5024507", "50245058", "fund 2012", "HRB124", "alpha beta gamma delta epsilon 2022"] {
        assert!(ask(id).code(1).errors.contains("no entity answers to"), "{id}");
    }
    assert!(ask("FR-50245058").errors.contains("did you mean\n    FR-50245057"));
    assert!(ask("alpha beta gamma delta epsilon 2022").errors.contains("did you mean\n    alpha"));
    ask("alpha beta gama delta epsilon 2021").code(0);
}

#[test]
fn findings_are_1_only_where_asked_for() {
    let over = "owner,owned,share\nA,B,60\nC,B,60\n";
    cuibono("check").stdin(over).answers().has("over-subscribed");
    cuibono("check --fail-on error").stdin(over).end().code(1).has("over-subscribed");
    cuibono("check --fail-on error").stdin("owner,owned,share\nA,B,60\n").answers();
}

#[test]
fn usage_and_files_are_2() {
    cuibono("owners-of").end().code(2);
    cuibono("owners-of NSO --as-of 2021-13-01").end().code(2);
    cuibono("owners-of NSO --format yaml").end().code(2);
    cuibono("no-such-command").end().code(2);
    cuibono("controllers-of NSO --threshold 250").fails(2, "cuibono: --threshold 250 is above 100 %");
    cuibono("stats --input-format xlsx").stdin("owner,owned\nA,B\n").fails(
        2,
        "cuibono: unknown input format \"xlsx\": give one of native, tables, bods, psc, gleif, ftm, icij, edges",
    );
    cuibono("diagram NSO -o picture.bmp")
        .fails(2, "cuibono: unknown picture format .bmp: give .dot, .svg, .png, .pdf, .mmd, .html, .csv or .json");
    let folder = Folder::new();
    let path = folder.path().join("none/here.svg");
    let end = cuibono("diagram NSO -o").arg(&path).end().code(2);
    assert!(end.errors.contains(&path.display().to_string()), "{}", end.errors);
}

#[test]
fn a_question_for_numbers_needs_one_day() {
    let refused = "cuibono: a question for numbers needs one day: give --as-of a date instead of all";
    for question in [
        "owners-of NSO",
        "holdings-of noal-scsp",
        "controllers-of NSO",
        "controlled-by noal-scsp",
        "paths operf NSO",
        "circular",
    ] {
        cuibono(question).arg("--as-of").arg("all").fails(2, refused);
    }
    for question in
        ["show NSO", "timeline NSO", "check", "stats", "diagram NSO", "search NSO", "sources", "jurisdictions"]
    {
        cuibono(question).arg("--as-of").arg("all").answers().quiet();
    }
}

#[test]
fn bad_data_is_3() {
    cuibono("stats").stdin("owner,owned,share\nA,B,250\n").fails(3, "cuibono: <stdin>:2: share \"250\" is above 100 %");
}

#[test]
fn several_of_one_name_are_4_with_the_candidates() {
    let end = cuibono("owners-of").arg("Acme Holdings").stdin(NAMESAKES).end().code(4);
    assert_eq!(end.text(), "", "a table has no place for candidates");
    assert_eq!(
        end.errors,
        "cuibono: \"Acme Holdings\" fits several entities:\n    \
         acme-il  Acme Holdings (company, IL)\n    \
         acme-lu  Acme Holdings (company, LU)\n  \
         say which one by its id, for example\n    \
         cuibono owners-of acme-il --data -\n"
    );
    for format in ["json", "jsonl"] {
        let end = cuibono("owners-of").arg("Acme Holdings").args(["--format", format]).stdin(NAMESAKES).end().code(4);
        assert_eq!(
            end.json(),
            serde_json::json!({"query": "Acme Holdings", "candidates": [
                {"id": "acme-il", "name": "Acme Holdings", "kind": "company", "jurisdiction": "IL"},
                {"id": "acme-lu", "name": "Acme Holdings", "kind": "company", "jurisdiction": "LU"},
            ]})
        );
    }
    cuibono("owners-of acme-il").stdin(NAMESAKES).answers().quiet();
}

#[test]
fn a_limit_is_5_and_says_so() {
    let end = cuibono("owners-of NSO --as-of 2021-05-31 --limit 3 --format json").end().code(5);
    let answer = end.json();
    assert_eq!((answer["owners"].as_array().map(Vec::len), &answer["partial"]), (Some(3), &true.into()));
    assert!(end.errors.starts_with("cuibono: stopped at --limit: "), "{}", end.errors);
    let whole = cuibono("owners-of NSO --as-of 2021-05-31 --limit 1000").answers();
    whole.quiet();
    for _ in 0..20 {
        let stopped = "cuibono: stopped at --timeout before the answer was complete; nothing was written";
        cuibono("stats --timeout 0s").fails(5, stopped);
    }
    cuibono("stats --timeout 10m --max-memory 2G").answers().quiet();
    for (command, rows) in [("owners-of NSO", "owners"), ("holdings-of noal-scsp", "holdings")] {
        let whole = cuibono(&format!("{command} --as-of 2021-05-31")).json();
        let end = cuibono(&format!("{command} --as-of 2021-05-31 --format json --timeout 0s")).end().code(5);
        let answer = end.json();
        assert_eq!(answer["partial"], true, "{command}");
        assert!(end.errors.starts_with("cuibono: stopped at --timeout: "), "{}", end.errors);
        assert!(answer["warnings"].to_string().contains("stopped at the time limit"), "{command}");
        let range = |row: &serde_json::Value| {
            let end = |name: &str| row["effective"][name].as_f64().expect("a number");
            (row["entity"]["id"].to_string(), (end("min"), end("max")))
        };
        let rows_of = |answer: &serde_json::Value| -> std::collections::BTreeMap<_, _> {
            answer[rows].as_array().expect("rows").iter().map(range).collect()
        };
        let outer = rows_of(&answer);
        for (owner, (min, max)) in rows_of(&whole) {
            let (least, most) = outer[&owner];
            assert!(least <= min && max <= most, "{command}: {owner} {least}-{most} around {min}-{max}");
        }
    }
    let many = cuibono("paths noal-scsp NSO --as-of 2021-05-31 --max 1").json();
    assert_eq!(many["complete"], false);
}

#[test]
fn help_and_version_are_answers() {
    cuibono("--help").answers().quiet().has("Exit codes:");
    cuibono("--version").answers().quiet().has(concat!("cuibono ", env!("CARGO_PKG_VERSION")));
    cuibono("owners-of --help").answers().quiet().has("--min-share");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        cuibono(&format!("completions {shell}")).answers().quiet().has("owners-of");
    }
    cuibono("man").answers().quiet().has(".TH cuibono 1");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cuibono"))
        .args(["sources", "--format", "json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // More than a pipe holds is on its way when the reader leaves.
    let mut first = [0; 1];
    let mut pipe = child.stdout.take().expect("a pipe");
    pipe.read_exact(&mut first).expect("a byte");
    drop(pipe);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn same_question_same_bytes() {
    for question in
        ["owners-of NSO", "stats", "check", "search novalpina", "diagram NSO --to svg", "diagram --all --to dot"]
    {
        let run = |format: &str| {
            let arguments = question.split_whitespace().chain(["--as-of", "2021-05-31", "--format", format]);
            Run::new().args(arguments).answers().bytes
        };
        for format in ["table", "json"] {
            assert!(run(format) == run(format), "{question} --format {format}");
        }
    }
}

/// Run by the test below in a process of its own, where it stands for the program; by itself it does nothing.
#[test]
fn stands_for_a_program_with_a_bug() {
    if std::env::var_os("CUIBONO_TEST_WITH_A_BUG").is_some() {
        let exit = cuibono::cli::told(|| panic!("index {} of \u{1b}]0;x\u{7}\r\nAcme", 7));
        std::process::exit(exit as i32);
    }
}

#[test]
fn a_bug_of_the_program_is_101() {
    let end = Command::new(std::env::current_exe().expect("this test"))
        .args(["exit_codes::stands_for_a_program_with_a_bug", "--exact", "--nocapture"])
        .env("CUIBONO_TEST_WITH_A_BUG", "1")
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("this test can be run");
    assert_eq!(end.status.code(), Some(101));
    let errors = String::from_utf8(end.stderr).expect("text").replace('\\', "/");
    let place = errors.split(['(', ')']).nth(1).expect("a place");
    assert!(place.starts_with("tests/cli/exit_codes.rs:"), "{errors}");
    let expected = format!(
        "cuibono: this is a bug, and no answer was given: index 7 of ⟦U+001B⟧]0;x⟦U+0007⟧ Acme ({place}); please report it with the command \
         line and, where they may be shown, the data\n"
    );
    assert_eq!(errors, expected);
}
