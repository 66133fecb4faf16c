//! Where output goes: as a whole or not at all, and never over an input.

use crate::data::rich;
use crate::run::{Folder, Run, cuibono};
use std::fs;
use std::path::Path;

const FORMATS: &str = "bods, ftm, csv, jsonl, graphml, gexf, neo4j, parquet";

fn leftovers(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.ends_with(".part")).collect()
}

#[test]
fn the_format_comes_from_the_flag_or_the_ending() {
    let folder = Folder::new();
    let run = |arguments: &str| cuibono(arguments).current_dir(folder.path());
    run("convert -q -o out.graphml").answers();
    run("convert -q --to graphml -o other.txt").answers();
    let [one, two] = ["out.graphml", "other.txt"].map(|name| fs::read(folder.path().join(name)).expect("written"));
    assert!(one == two && one == run("convert --to graphml -o -").answers().bytes);
    run("convert").fails(2, &format!("cuibono: into which format? give --to {FORMATS}"));
    run("convert -o x.txt")
        .fails(2, &format!("cuibono: the ending of x.txt stands for no format: give --to {FORMATS}"));
    for name in ["csv", "neo4j", "parquet"] {
        let message = format!("cuibono: {name} is several files: give a folder, for example -o {name}-out");
        run(&format!("convert --to {name}")).fails(2, &message);
    }
    run("convert --to jsonl --limit 3").fails(2, "cuibono: convert writes all or nothing: --limit has no meaning here");
    run("convert --to jsonl -o no/such/out.jsonl")
        .fails(2, "cuibono: cannot write no/such/out.jsonl: there is no folder no/such");
    run("convert --to csv -o no/out").fails(2, "cuibono: cannot write no/out: there is no folder no");
    run("convert -q --to csv -o out.graphml").end().code(2);
    assert!(fs::read(folder.path().join("out.graphml")).expect("kept") == one);
    assert_eq!(leftovers(folder.path()), [""; 0]);
}

#[test]
fn no_input_is_written_over() {
    let folder = Folder::new();
    let data = rich(&folder);
    let before = fs::read(&data).expect("there");
    let said = |end: crate::run::End| {
        assert!(end.errors.contains("is an input of this run; give another place"), "{}", end.errors);
    };
    let convert = |to: &str| Run::new().args(["convert", "-q", "--to", to, "-o"]);
    said(convert("jsonl").arg(&data).data(&data).end().code(2));
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    said(convert("jsonl").arg(folder.path().join("sub/../rich.json")).data(&data).end().code(2));
    said(convert("jsonl").arg(&data).data(folder.path()).end().code(2));
    assert!(fs::read(&data).expect("kept") == before);

    let tables = folder.path().join("tables");
    convert("csv").arg(&tables).data(&data).answers();
    let before = fs::read(tables.join("entities.csv")).expect("there");
    said(convert("csv").arg(&tables).data(&tables).end().code(2));
    said(convert("neo4j").arg(&tables).data(tables.join("entities.csv")).data(&data).end().code(2));
    said(Run::new().args(["diagram", "--all", "--to", "dot", "-o"]).arg(&data).data(&data).end().code(2));
    assert!(fs::read(tables.join("entities.csv")).expect("kept") == before);
    assert_eq!(leftovers(folder.path()), [""; 0]);
}

#[test]
fn a_folder_keeps_its_other_files() {
    let folder = Folder::new();
    folder.write("out/mine.txt", "mine");
    folder.write("out/entities.csv", "old");
    let out = folder.path().join("out");
    Run::new().args(["convert", "--to", "csv", "-o"]).arg(&out).answers().quiet();
    assert_eq!(fs::read_to_string(out.join("mine.txt")).expect("kept"), "mine");
    let entities = fs::read_to_string(out.join("entities.csv")).expect("written");
    assert_eq!(entities.lines().next().map(|header| header.starts_with("id,name,kind,")), Some(true));
    assert_eq!(leftovers(folder.path()), [""; 0]);
}

/// A disk that is full after 8 KiB: what was there before stays, and nothing else is left.
#[cfg(unix)]
#[test]
fn a_failing_write_leaves_everything_as_it_was() {
    let folder = Folder::new();
    let full = |to: &str, path: &Path| {
        let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
        let program = env!("CARGO_BIN_EXE_cuibono");
        let output = std::process::Command::new("sh")
            .args(["-c", script, "sh", program, "convert", "-q", "--to", to, "-o"])
            .arg(path)
            .output()
            .expect("a shell");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{to}: {errors}");
        assert!(errors.starts_with(&format!("cuibono: cannot write {}", path.display())), "{errors}");
    };
    for to in ["jsonl", "graphml", "gexf"] {
        let path = folder.write(&format!("kept.{to}"), "before");
        full(to, &path);
        assert_eq!(fs::read_to_string(&path).expect("kept"), "before");
        full(to, &folder.path().join(format!("new.{to}")));
        assert!(!folder.path().join(format!("new.{to}")).exists());
    }
    for to in ["csv", "neo4j", "parquet"] {
        let name = format!("{to}/entities.{}", if to == "parquet" { "parquet" } else { "csv" });
        let path = folder.write(&name, "before");
        full(to, &folder.path().join(to));
        assert_eq!(fs::read_to_string(&path).expect("kept"), "before");
        assert_eq!(fs::read_dir(folder.path().join(to)).expect("a folder").count(), 1);
        full(to, &folder.path().join(format!("new-{to}")));
        assert!(!folder.path().join(format!("new-{to}")).exists());
    }
    assert_eq!(leftovers(folder.path()), [""; 0]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_devices_stay_devices() {
    let folder = Folder::new();
    let file = folder.write("file.jsonl", "old");
    let link = folder.path().join("link.jsonl");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    Run::new().args(["convert", "-o"]).arg(&link).answers().quiet();
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    assert!(fs::metadata(&file).expect("there").len() > 1000);
    cuibono("convert --to jsonl -o /dev/null").answers().quiet();
    cuibono("convert --to jsonl -o /dev/full").end().code(2);
}

#[test]
fn equal_data_give_equal_bytes() {
    let folder = Folder::new();
    for to in ["jsonl", "graphml", "gexf"] {
        let write = || cuibono(&format!("convert --to {to}")).answers().bytes;
        assert!(write() == write(), "{to}");
    }
    for to in ["csv", "neo4j", "parquet"] {
        let [one, two] = ["1", "2"].map(|number| {
            let path = folder.path().join(format!("{to}{number}"));
            Run::new().args(["convert", "-q", "--to", to, "-o"]).arg(&path).answers();
            let mut files: Vec<_> =
                fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
            files.sort();
            files.iter().map(|file| fs::read(file).expect("a file")).collect::<Vec<_>>()
        });
        assert!(one.len() >= 4 && one == two, "{to}");
    }
}
