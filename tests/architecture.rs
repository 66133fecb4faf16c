//! The rules of DESIGN.md that can be read off the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.to_string_lossy().ends_with(ending) => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

/// The sources of the crate: the module at the top, the file, its text without tests and comments.
fn sources() -> Vec<(String, String, String)> {
    let read = |path: PathBuf| {
        let name = path.strip_prefix(root().join("src")).expect("below src").to_string_lossy().replace('\\', "/");
        let module = name.split(['/', '.']).next().expect("a name").to_owned();
        let text = std::fs::read_to_string(&path).expect("a source file");
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (module, name, lines.join("\n"))
    };
    files("src", ".rs").into_iter().map(read).collect()
}

/// The modules at the top that a text uses by `crate::…`.
fn used(code: &str) -> BTreeSet<&str> {
    code.match_indices("crate::")
        .map(|(at, found)| &code[at + found.len()..])
        .map(|rest| &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())])
        .collect()
}

/// Which module may use which. `search::EntityNames` is the one bridge from names to the graph.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("error", &["problem"]),
    ("problem", &["error"]),
    ("escape", &[]),
    ("model", &["error", "problem"]),
    ("columnar", &[]),
    ("mapped", &[]),
    ("graph", &["error", "problem", "model", "columnar", "mapped"]),
    ("search", &["error", "problem", "model", "graph", "columnar"]),
    ("index", &["error", "graph", "search", "columnar", "mapped"]),
    ("load", &["error", "problem", "model", "graph", "index", "escape"]),
    ("query", &["error", "problem", "model", "graph"]),
    ("distributed", &["error", "model", "graph", "query"]),
    ("diagram", &["escape"]),
    ("export", &["error", "model", "graph", "query", "diagram", "escape"]),
    ("serve", &["error", "model", "graph", "search", "query", "diagram", "export", "escape"]),
];

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut wrong = Vec::new();
    for (module, file, code) in sources() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            assert!(
                ["lib", "main", "cli"].contains(&module.as_str()),
                "{file}: a module that DESIGN.md does not place"
            );
            continue;
        };
        let beyond = used(&code).into_iter().filter(|other| *other != module && !allowed.contains(other));
        wrong.extend(beyond.map(|other| format!("src/{file} uses {other}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints_exits_or_looks_around() {
    let mut wrong = Vec::new();
    let library = |module: &str, file: &str| !["cli", "main"].contains(&module) && !file.ends_with("tests.rs");
    for (module, file, code) in sources().into_iter().filter(|(module, file, _)| library(module, file)) {
        for word in
            ["println!", "print!(", "eprint", "dbg!", "process::exit", "env::", "stdout()", "stderr()", "IsTerminal"]
        {
            if code.contains(word) {
                wrong.push(format!("src/{file}: {word}"));
            }
        }
        let touches_files = ["fs::", "File::open", "File::create"].iter().any(|word| code.contains(word));
        let may =
            ["load/source.rs", "graph/spool.rs", "mapped.rs"].contains(&file.as_str()) || file.starts_with("index/");
        if touches_files && !may {
            wrong.push(format!("src/{file} of {module} touches the file system"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Text from outside goes to a terminal through one place, which makes it harmless: nobody else writes there.
#[test]
fn one_place_for_each_sink() {
    let places = [
        ("print!(", &[][..]),
        ("println!", &[]),
        ("dbg!", &[]),
        ("stderr()", &["cli/terminal.rs", "cli/progress.rs"]),
        ("stdout()", &["cli/terminal.rs", "cli/output.rs", "cli/files.rs"]),
        ("set_message(", &["cli/progress.rs"]),
        // Cells for spreadsheets, markup: one writer each.
        ("csv::Writer", &["escape/csv.rs"]),
        ("quick_xml::Writer", &["escape/xml.rs"]),
    ];
    let mut wrong = Vec::new();
    for (_, file, code) in sources().into_iter().filter(|(_, file, _)| !file.ends_with("tests.rs")) {
        for (word, _) in places.iter().filter(|(word, may)| code.contains(word) && !may.contains(&file.as_str())) {
            wrong.push(format!("src/{file}: {word}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page puts what it is told into the document as text: no word of it can make markup or code of a text.
#[test]
fn the_page_makes_no_markup_of_texts() {
    let makers = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "DOMParser",
        "createContextualFragment",
        "setHTMLUnsafe",
        "srcdoc",
        "javascript:",
        "setTimeout(\"",
    ];
    let mut wrong = Vec::new();
    let pages = [files("src/serve/page", ""), files("src/export", ".js")].concat();
    assert!(pages.len() > 10, "{pages:?}");
    for path in pages {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        wrong.extend(
            makers.iter().filter(|word| text.contains(**word)).map(|word| format!("{}: {word}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_unsafe_code_and_no_panics_on_input() {
    let mut wrong = Vec::new();
    for (_, file, code) in sources() {
        for word in ["unsafe ", "unsafe_code", "todo!(", "unimplemented!("] {
            // One statement maps a file: there is no other way, and there is no other place.
            let allowed = file == "mapped.rs" && code.matches("unsafe").count() == 2;
            if code.contains(word) && !allowed {
                wrong.push(format!("src/{file}: {word}"));
            }
        }
        if file.starts_with("load/") {
            for word in [".unwrap()", ".expect(", "panic!("] {
                if code.contains(word) {
                    wrong.push(format!("src/{file}: {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    assert!(manifest.contains("unsafe_code = \"deny\""));
}

#[test]
fn petgraph_is_met_in_one_file() {
    // So that a new major version of petgraph's traits is the work of one file.
    let users: Vec<String> =
        sources().into_iter().filter(|(.., code)| code.contains("petgraph::")).map(|(_, file, _)| file).collect();
    let impls: Vec<&String> = users.iter().filter(|file| file.starts_with("graph/")).collect();
    assert_eq!(impls, ["graph/petgraph.rs"], "{users:?}");
}

#[test]
fn the_engines_of_several_machines_are_met_in_one_module() {
    // They break their interfaces with every release.
    for (module, file, code) in sources() {
        let met = ["timely::", "differential_dataflow::"].iter().any(|name| code.contains(name));
        assert!(!met || module == "distributed", "src/{file} meets timely or differential dataflow");
    }
}

#[test]
fn nobodys_machine_stands_in_the_repository() {
    let homes = [["/ho", "me/"], ["/ro", "ot/"], ["/Us", "ers/"], ["\"/wo", "rk/"]].map(|parts| parts.concat());
    for folder in ["src", "tests", "examples", "docs", "data", ".ci"] {
        for path in files(folder, "") {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let naughty = path.components().any(|part| part.as_os_str() == "naughty-strings");
            for home in homes.iter().filter(|_| !naughty) {
                assert!(!text.contains(home.as_str()), "{} contains {home}", path.display());
            }
        }
    }
}
