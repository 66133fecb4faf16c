//! Faults of the machine: full disks, read-only folders, interruptions. What was there before stays, or the new is whole.
#![cfg(unix)]

#[path = "support/run.rs"]
mod run;
#[path = "support/tally.rs"]
mod tally;

use run::{Folder, cuibono};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tally::tally;

const PROGRAM: &str = env!("CARGO_BIN_EXE_cuibono");
const BEFORE: &str = "what was there before";

/// Commands that write a file, by what stands before the file, and its ending.
const FILES: [(&str, &str); 12] = [
    ("convert --to bods -o", "json"),
    ("convert --to ftm -o", "jsonl"),
    ("convert --to jsonl -o", "jsonl"),
    ("convert --to graphml -o", "graphml"),
    ("convert --to gexf -o", "gexf"),
    ("diagram --all -o", "svg"),
    ("diagram --all -o", "png"),
    ("diagram --all -o", "pdf"),
    ("diagram --all -o", "html"),
    ("diagram --all -o", "dot"),
    ("diagram --all -o", "mmd"),
    ("stats --data - --input-format bods --rejects", "jsonl"),
];

/// Commands that write a folder.
const FOLDERS: [&str; 4] =
    ["convert --to csv -o", "convert --to neo4j -o", "convert --to parquet -o", "index build --data edges.csv -o"];

/// Everything in a folder: names and contents, hidden ones included.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.path().is_dir() {
            true => found
                .extend(contents(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes))),
            false => found.push((name, fs::read(entry.path()).expect("a file"))),
        }
    }
    found.sort();
    found
}

/// Runs a line of a shell in a folder; what is read from standard input is broken records.
fn shell(folder: &Path, line: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    let input = fs::File::open(folder.join("broken.jsonl")).expect("the input");
    let output = command.args(["-c", line]).current_dir(folder).stdin(input).stdout(Stdio::null()).output();
    let output = output.expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn prepared() -> Folder {
    let folder = Folder::new();
    let rows: String = (0..40).map(|row| format!("owner {row},owned {},5\n", row / 2)).collect();
    folder.write("edges.csv", format!("owner,owned,share\n{rows}"));
    let sound = r#"{"statementId":"a","recordId":"a","recordType":"entity","declarationSubject":"a","recordDetails":{"entityType":{"type":"registeredEntity"},"name":"A","isComponent":false}}"#;
    folder.write("broken.jsonl", format!("{sound}\n{}", "{\"recordType\": 5}\n".repeat(200)));
    folder
}

/// A disk that is full after so many blocks of 512 bytes stands in as a limit on the size of files, at which writing fails.
fn with_disk(blocks: usize, command: &str) -> String {
    format!("trap '' XFSZ; ulimit -f {blocks}; exec '{PROGRAM}' {command}")
}

/// The message says that the disk is full, and the folder is as it was.
fn assert_full(command: &str, errors: &str, before: &[(String, Vec<u8>)], after: &[(String, Vec<u8>)]) {
    assert!(errors.contains("cannot write") && errors.contains("File too large"), "{command}: {errors}");
    assert_eq!(after, before, "{command}: something was left");
}

#[test]
fn a_full_disk_is_an_error_and_leaves_what_was_there() {
    let folder = prepared();
    let (mut full, mut whole) = (0, 0);
    for (command, ending) in FILES {
        let target = format!("out.{ending}");
        let data = if command.contains("--data") { "" } else { "--data edges.csv" };
        for blocks in [0, 1, 2, 8, 64, 100_000] {
            folder.write(&target, BEFORE);
            let before = contents(folder.path());
            let (code, errors) = shell(folder.path(), &with_disk(blocks, &format!("{command} {target} {data}")));
            match code {
                Some(0) => {
                    whole += 1;
                    assert!(!errors.contains("cannot write"), "{command} {blocks}: {errors}");
                    assert_eq!(contents(folder.path()).len(), before.len(), "{command} {blocks}");
                }
                _ => {
                    full += 1;
                    assert_eq!(code, Some(2), "{command} {blocks}: {errors}");
                    assert_full(command, &errors, &before, &contents(folder.path()));
                }
            }
        }
        assert!(fs::read(folder.path().join(&target)).expect("the file") != BEFORE.as_bytes(), "{command}");
        fs::remove_file(folder.path().join(&target)).expect("the file goes");
    }
    assert!(full >= 24 && whole >= 12, "{full} full, {whole} whole");
    tally("full disk, files", full + whole, &[("error, former file intact", full), ("written whole", whole)]);
}

#[test]
fn a_full_disk_leaves_no_half_folder() {
    let folder = prepared();
    let (mut full, mut whole) = (0, 0);
    for command in FOLDERS {
        let data = if command.contains("--data") { "" } else { "--data edges.csv" };
        for (old, blocks) in [(true, 0), (false, 0), (true, 1), (false, 1), (true, 2), (false, 2), (true, 100_000)] {
            let target = folder.path().join("out");
            if old {
                assert_eq!(shell(folder.path(), &format!("'{PROGRAM}' {command} out {data}")).0, Some(0), "{command}");
            }
            let before = contents(folder.path());
            let (code, errors) = shell(folder.path(), &with_disk(blocks, &format!("{command} out {data}")));
            match code {
                Some(0) => whole += 1,
                _ => {
                    full += 1;
                    assert_eq!(code, Some(2), "{command} {blocks}: {errors}");
                    assert_full(command, &errors, &before, &contents(folder.path()));
                }
            }
            let _ = fs::remove_dir_all(target);
        }
    }
    assert!(full >= 16 && whole >= 4, "{full} full, {whole} whole");
    tally("full disk, folders", full + whole, &[("error, former folder intact", full), ("written whole", whole)]);
}

#[test]
fn standard_output_that_takes_nothing_is_an_error() {
    let commands = [
        "owners-of NSO",
        "holdings-of NSO",
        "stats --format json",
        "check --format csv",
        "diagram NSO --to svg",
        "diagram NSO --to png",
        "convert --to bods",
        "convert --to jsonl",
        "search NSO --format jsonl",
        "show NSO --format markdown",
        "completions bash",
        "man",
        "rules",
        "ultimate-controllers --format csv",
    ];
    let folder = prepared();
    for command in commands {
        let (code, errors) = shell(folder.path(), &format!("'{PROGRAM}' {command} > /dev/full"));
        assert_eq!(code, Some(2), "{command}: {errors}");
        assert!(errors.contains("cannot write") && errors.contains("No space left"), "{command}: {errors}");
    }
    tally("standard output that is full", commands.len(), &[("error", commands.len())]);
}

#[test]
fn an_interrupted_run_leaves_the_former_file_or_the_whole_new_one() {
    let folder = Folder::new();
    let rows: String = (0..60_000).map(|row| format!("p{row},c{},{}\n", row / 2, row % 100)).collect();
    folder.write("edges.csv", format!("owner,owned,share\n{rows}"));
    let start = |target: &str| {
        let mut command = Command::new(PROGRAM);
        command.args(["convert", "--data", "edges.csv", "--to", "bods", "-q", "-o", target]).current_dir(folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run")
    };
    let begun = Instant::now();
    assert!(start("whole.json").wait().expect("an end").success());
    let whole_time = begun.elapsed();
    let whole = fs::read(folder.path().join("whole.json")).expect("the file");
    fs::remove_file(folder.path().join("whole.json")).expect("the file goes");
    let (mut former, mut new, mut while_writing) = (0, 0, 0);
    for moment in 0..20u32 {
        folder.write("out.json", BEFORE);
        let signal = ["INT", "TERM"][moment as usize % 2];
        let mut child = start("out.json");
        std::thread::sleep(whole_time * moment / 20);
        let unfinished = contents(folder.path()).len() > 2;
        let _ = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().expect("kill");
        let status = child.wait().expect("an end");
        let left = contents(folder.path());
        assert_eq!(left.len(), 2, "moment {moment}: {:?}", left.iter().map(|(name, _)| name).collect::<Vec<_>>());
        while_writing += usize::from(unfinished);
        // One that is interrupted after the file has got its name leaves the new one.
        let is_former = left[1].1 == BEFORE.as_bytes();
        assert!(is_former || left[1].1 == whole, "moment {moment}: {} bytes", left[1].1.len());
        assert!(!(is_former && status.success()), "moment {moment}: nothing was written");
        former += usize::from(is_former);
        new += usize::from(!is_former);
    }
    assert!(former >= 5 && while_writing >= 1, "{former} interrupted, {while_writing} of them while writing");
    tally("interrupted while converting (SIGINT, SIGTERM)", 20, &[("former or new file whole", former + new)]);
}

#[test]
fn a_killed_run_leaves_the_former_file_or_the_whole_new_one() {
    let folder = Folder::new();
    let rows: String = (0..20_000).map(|row| format!("p{row},c{},{}\n", row / 2, row % 100)).collect();
    folder.write("edges.csv", format!("owner,owned,share\n{rows}"));
    let start = || {
        let mut command = Command::new(PROGRAM);
        command.args(["convert", "--data", "edges.csv", "--to", "jsonl", "-q", "-o", "out"]).current_dir(folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run")
    };
    let begun = Instant::now();
    assert!(start().wait().expect("an end").success());
    let whole_time = begun.elapsed();
    let whole = fs::read(folder.path().join("out")).expect("the file");
    let mut former = 0;
    for moment in 0..10u32 {
        folder.write("out", BEFORE);
        let mut child = start();
        std::thread::sleep(whole_time * moment / 10);
        let _ = child.kill();
        let _ = child.wait();
        let left = fs::read(folder.path().join("out")).expect("the file");
        assert!(left == whole || left == BEFORE.as_bytes(), "moment {moment}: {} bytes", left.len());
        former += usize::from(left == BEFORE.as_bytes());
    }
    assert!(former >= 3, "{former}");
    tally("killed while converting (SIGKILL)", 10, &[("former or new file whole", 10)]);
}

#[test]
fn a_target_keeps_its_link_and_its_permissions() {
    let folder = Folder::new();
    let real = folder.write("real.svg", BEFORE);
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("real.svg", folder.path().join("link.svg")).expect("a link");
    cuibono("diagram NSO -o link.svg").current_dir(folder.path()).answers();
    assert!(fs::symlink_metadata(folder.path().join("link.svg")).expect("the link").is_symlink());
    assert!(fs::read_to_string(&real).expect("the file").starts_with("<"), "the file behind the link is written");
    assert_eq!(fs::metadata(&real).expect("the file").permissions().mode() & 0o777, 0o640);
    cuibono("diagram NSO -o new.svg").current_dir(folder.path()).answers();
    let plain = folder.write("plain", "");
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("new.svg")), mode(&plain), "a new file is like every other of the user");
}

#[test]
fn places_that_cannot_be_written_are_named() {
    let folder = Folder::new();
    folder.write("file", "");
    for (target, reason) in [
        ("/proc/none/x.svg", "there is no folder /proc/none"),
        ("nowhere/x.svg", "there is no folder nowhere"),
        ("file/x.svg", "Not a directory"),
        (".", "Is a directory"),
    ] {
        let end = cuibono("diagram NSO --to svg -o").arg(target).current_dir(folder.path()).end().code(2);
        assert!(end.errors.contains("cannot write") && end.errors.contains(reason), "{target}: {}", end.errors);
    }
    assert_eq!(contents(folder.path()).len(), 1);
}

#[test]
fn a_run_that_meets_its_time_limit_leaves_no_file() {
    let folder = Folder::new();
    let rows: String = (0..200_000).map(|row| format!("p{row},c{},5\n", row / 2)).collect();
    folder.write("edges.csv", format!("owner,owned,share\n{rows}"));
    let begun = Instant::now();
    let end =
        cuibono("convert --data edges.csv --to bods -q -o out.json --timeout 10ms").current_dir(folder.path()).end();
    assert_eq!(
        end.code(5).errors,
        "cuibono: stopped at --timeout before the answer was complete; nothing was written\n"
    );
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(contents(folder.path()).len(), 1);
}
