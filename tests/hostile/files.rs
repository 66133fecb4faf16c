//! Files that are no files, that never end, or that change while they are read.

use crate::run::{Folder, cuibono};
use crate::shared::counts;
use cuibono::error::ErrorKind;
use cuibono::load::Loader;
use cuibono::load::source::Limits;
use std::io::Write;
use std::path::Path;

const EDGES: &str = "owner,owned,share\nA,B,60\n";

/// An input without end stops at the limit of one record, in the formats that have rows and in those that have brackets.
#[cfg(target_os = "linux")]
#[test]
fn endless_devices_end_at_a_limit() {
    let message =
        "/dev/zero: the record is longer than this many bytes: --max-record 1048576 (raise it if you trust the input)";
    cuibono("stats --max-record 1M --data /dev/zero").fails(5, &format!("cuibono: {message}"));
    for format in ["psc", "bods", "ftm", "icij", "edges", "gleif", "tables"] {
        let end =
            cuibono(&format!("stats --max-record 1M --max-unpacked 32M --input-format {format} --data /dev/zero"))
                .end();
        assert!(matches!(end.code, Some(3 | 5)), "{format}: {:?} {}", end.code, end.errors);
    }
    let native = cuibono("stats --max-document 1M --input-format native --data /dev/zero").end().code(5);
    assert!(native.errors.contains("--max-document 1048576"), "{}", native.errors);
}

#[test]
fn every_limit_names_its_option() {
    let folder = Folder::new();
    let trust = "(raise it if you trust the input)";
    folder.write("many/a.csv", EDGES);
    folder.write("many/b.csv", EDGES);
    folder.write("edges.csv", EDGES.to_owned() + &"A,B,1\n".repeat(100));
    folder.write("native.json", crate::fixtures::NATIVE);
    folder.write("two.zip", crate::fixtures::zip(&[("a.csv", EDGES.as_bytes()), ("b.csv", EDGES.as_bytes())]));
    for (option, data, message) in [
        ("--max-members 1", "many", "many: holds more files than this: --max-members 1"),
        ("--max-members 1", "two.zip", "two.zip: holds more members than this: --max-members 1"),
        (
            "--max-unpacked 100",
            "edges.csv",
            "edges.csv: is larger than this many bytes when unpacked: --max-unpacked 100",
        ),
        (
            "--max-document 100",
            "native.json",
            "native.json: must be held whole and is larger than this: --max-document 100",
        ),
    ] {
        cuibono(&format!("stats {option}"))
            .data(data)
            .current_dir(folder.path())
            .fails(5, &format!("cuibono: {message} {trust}"));
    }
    // In lines a record that is too long costs itself.
    let long = format!(
        "{}\n{}\n{}\n",
        crate::fixtures::BODS[0],
        crate::fixtures::BODS[1].replace("Ann", &"Ann".repeat(500)),
        crate::fixtures::BODS[2]
    );
    let mut loader = Loader::new().limits(Limits { record: 1000, ..Limits::default() });
    loader.read_text("b.jsonl", &long).expect("two statements");
    let graph = loader.finish().expect("a graph");
    assert_eq!(counts(&graph), (2, 1));
    assert_eq!(
        graph.problems().iter().next().map(|problem| problem.message.clone()).as_deref(),
        Some("the record is longer than this many bytes: --max-record 1000 (raise it if you trust the input)")
    );
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_and_a_folder_in_its_place_is_listed() {
    let folder = Folder::new();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success());
    assert!(made, "mkfifo");
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::OpenOptions::new().write(true).open(pipe).and_then(|mut pipe| pipe.write_all(EDGES.as_bytes()))
    });
    cuibono("owners-of B --format csv").data(&pipe).answers().has("60");
    writer.join().expect("written").expect("written");
    let named = folder.write("named.csv/e.csv", EDGES);
    cuibono("owners-of B --format csv").data(named.parent().expect("a folder")).answers().quiet().has("60");
}

/// Links and devices in a folder are passed over, and that is said; the same link as an argument is followed.
#[cfg(unix)]
#[test]
fn links_in_a_folder_are_not_followed_and_that_is_said() {
    use std::os::unix::fs::symlink;
    let (folder, outside) = (Folder::new(), Folder::new());
    let secret = outside.write("secret.csv", "owner,owned,share\nX,Y,1\n");
    folder.write("data/a.csv", EDGES);
    symlink(&secret, folder.path().join("data/link.csv")).expect("a link");
    symlink(outside.path(), folder.path().join("data/more")).expect("a link");
    symlink("nowhere", folder.path().join("data/readme")).expect("a link");
    let status = std::process::Command::new("mkfifo").arg(folder.path().join("data/pipe.csv")).status();
    assert!(status.is_ok_and(|status| status.success()));
    let end = cuibono("stats").data("data").current_dir(folder.path()).answers();
    assert_eq!(
        end.errors,
        "cuibono: warning: data/link.csv: is a symbolic link within a folder or an archive: it is not followed and not read\n\
         cuibono: 2 more warnings about the data; `cuibono check` lists them\n"
    );
    let findings = cuibono("check -q").data("data").current_dir(folder.path()).json();
    let unread: Vec<_> = findings["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["rule"] == "unread-input")
        .map(|finding| finding["message"].as_str().unwrap_or_default().split(':').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        unread,
        [
            "is a symbolic link within a folder or an archive",
            "is a symbolic link within a folder or an archive",
            "is no regular file"
        ]
    );
    cuibono("owners-of Y --format csv").data(folder.path().join("data/link.csv")).answers().quiet().has("X");
}

/// What breaks a file of a folder is told with its name.
#[test]
fn a_broken_file_of_a_folder_is_named() {
    let folder = Folder::new();
    folder.write("data/a.csv", EDGES);
    folder.write("data/b.csv", "owner,owned,share\nA,B,x\n");
    let end = cuibono("stats").data("data").current_dir(folder.path()).end().code(3);
    assert!(end.errors.starts_with("cuibono: data/b.csv:2: share \"x\" is not a share"), "{}", end.errors);
}

/// Gives a file that grows, or is written over, between two reads of it.
fn read_while(path: &Path, change: impl Fn(&Path) + Sync) -> Result<(u64, u64), (ErrorKind, String)> {
    let size = std::fs::metadata(path).expect("a file").len();
    let progress = std::sync::Arc::default();
    let mut loader = Loader::new().progress(std::sync::Arc::clone(&progress));
    let read = std::thread::scope(|scope| {
        scope.spawn(|| {
            while progress.bytes() == 0 {
                std::thread::yield_now();
            }
            change(path);
        });
        loader.read(path)
    });
    assert!(size > 0);
    let graph = read.and_then(|()| loader.finish()).map_err(|error| (error.kind(), error.to_string()))?;
    Ok(counts(&graph))
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let folder = Folder::new();
    let rows: String = (0..400_000).map(|row| format!("owner {},company {row},{}\n", row % 1000, row % 100)).collect();
    let path = folder.write("e.csv", format!("owner,owned,share\n{rows}"));
    assert_eq!(read_while(&path, |_| {}), Ok((400_000, 0)));
    let message = format!("{}: changed while it was read; run again when nobody writes to it", path.display());
    let grown = read_while(&path, |path| {
        let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("a file");
        file.write_all(b"late,company 1,1\n").expect("written");
    });
    assert_eq!(grown, Err((ErrorKind::Data, message.clone())));
    let replaced = read_while(&path, |path| {
        // Another file of the same name: what was opened stays as it was.
        let other = path.with_extension("new");
        std::fs::write(&other, EDGES).and_then(|()| std::fs::rename(&other, path)).expect("renamed");
    });
    assert_eq!(replaced, Ok((400_001, 0)));
}
