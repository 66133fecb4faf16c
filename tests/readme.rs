//! Every command of the README runs, ends with the exit code it promises, and prints what stands below it.

#[path = "support/run.rs"]
mod run;

use run::{Folder, Run};

const README: &str = include_str!("../README.md");

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    README.split(opening.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

struct Example {
    command: String,
    code: i32,
    output: Vec<String>,
}

fn examples() -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    for line in blocks("console").into_iter().flat_map(str::lines) {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => {
                let (command, code) = command.split_once("  # exit code ").unwrap_or((command, "0"));
                let code = code.parse().expect("a number");
                found.push(Example { command: command.to_owned(), code, output: Vec::new() });
            }
            (None, Some(example)) => example.output.push(line.to_owned()),
            (None, None) => panic!("output before a command: {line}"),
        }
    }
    found
}

/// The words of a command; double quotes hold words together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("one word at least").push(c),
        }
    }
    words
}

#[test]
fn every_command_does_what_stands_there() {
    let folder = Folder::new();
    folder.write("edges.csv", blocks("csv")[0]);
    let examples = examples();
    assert!(examples.len() > 30, "only {} commands found", examples.len());
    for example in examples {
        let words = words(&example.command);
        assert_eq!(words[0], "cuibono", "{}", example.command);
        let end = Run::new().args(&words[1..]).columns(80).current_dir(folder.path()).end();
        assert_eq!(end.code, Some(example.code), "{}: {}", example.command, end.errors);
        let printed: Vec<&str> = end.text().lines().collect();
        let shown = example.output.split(|line| line == "…").next().unwrap_or_default();
        assert!(printed.iter().zip(shown).all(|(a, b)| a == b), "{} prints\n{}", example.command, end.text());
        assert!(shown.len() <= printed.len());
        for file in words.windows(2).filter(|pair| pair[0] == "-o").map(|pair| &pair[1]) {
            assert!(folder.path().join(file).metadata().is_ok_and(|file| file.len() > 100), "{file}");
        }
    }
}

#[test]
fn files_that_it_links_to_exist() {
    let links = README.match_indices("](").map(|(at, _)| &README[at + 2..]).filter_map(|rest| rest.split(')').next());
    for link in links.filter(|link| !link.starts_with("http") && !link.starts_with('#')) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(link);
        assert!(path.exists(), "{link}");
    }
}

#[test]
fn every_column_and_every_kind_of_its_own_is_named() {
    let mut header = "owner owned share min max kind start end source owner_name owned_name owner_kind owned_kind \
                      owner_jurisdiction owned_jurisdiction"
        .split_whitespace();
    assert!(header.all(|column| README.contains(&format!("`{column}`"))));
    for kind in ["parent", "generalPartner", "limitedPartner", "manager", "founder", "affiliate", "lender", "adviser"] {
        assert!(README.contains(&format!("`{kind}`")), "{kind}");
        assert!(kind.parse::<cuibono::model::InterestKind>().is_ok(), "{kind}");
    }
}
