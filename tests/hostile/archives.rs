//! Archives that explode, nest, overlap or want to be written somewhere.

use crate::fixtures::{EDGES, gzip, zip, zstd};
use crate::run::{Folder, cuibono};
use crate::shared::counts;
use cuibono::error::ErrorKind;
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::load::source::Limits;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// Reads packed bytes within limits; the message where they are refused.
fn read(name: &str, bytes: &[u8], limits: Limits) -> Result<OwnershipGraph, (ErrorKind, String)> {
    let mut loader = Loader::new().limits(limits);
    let read = loader.read_bytes(name, bytes).and_then(|()| loader.finish());
    read.map_err(|error| (error.kind(), error.to_string()))
}

#[track_caller]
fn refused(name: &str, bytes: &[u8], limits: Limits, kind: ErrorKind, message: &str) {
    let (found, said) = read(name, bytes, limits).map(|graph| counts(&graph)).expect_err(name);
    assert_eq!((found, said.as_str()), (kind, message));
}

/// Sixteen megabytes that say nothing.
fn blank_lines() -> Vec<u8> {
    (" ".repeat(4095) + "\n").repeat(4096).into_bytes()
}

/// A table whose packed rows become some thousand times larger.
fn zeros() -> Vec<u8> {
    [b"owner,owned\n".as_slice(), &blank_lines()].concat()
}

const TRUST: &str = "(raise it if you trust the input)";

/// Ten gigabytes of blank lines in ten megabytes: read until the first limit, in bounded memory and time.
#[test]
fn bombs_of_gzip_and_zstd_end_at_the_limit_of_expansion() {
    let bombs = [
        ("bomb.csv.gz", [gzip(b"owner,owned\n"), gzip(&blank_lines()).repeat(640)].concat()),
        ("bomb.csv.zst", [zstd(b"owner,owned\n"), zstd(&blank_lines()).repeat(640)].concat()),
    ];
    for (name, bomb) in bombs {
        assert!(bomb.len() < 20 << 20, "{}", bomb.len());
        let message =
            format!("{name}: becomes more than so many times larger when it is unpacked: --max-expansion 400 {TRUST}");
        refused(name, &bomb, Limits::default(), ErrorKind::Limit, &message);
        let limits = Limits { ratio: u64::MAX, bytes: 100 << 20, ..Limits::default() };
        let message = format!("{name}: is larger than this many bytes when unpacked: --max-unpacked 104857600 {TRUST}");
        refused(name, &bomb, limits, ErrorKind::Limit, &message);
    }
}

#[test]
fn an_archive_is_bounded_as_a_whole() {
    let zeros = zeros();
    let names: Vec<String> = (0..12).map(|number| format!("{number}.csv")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let bomb = zip(&members);
    let message = format!(
        "bomb.zip!3.csv: becomes more than so many times larger when it is unpacked: --max-expansion 400 {TRUST}"
    );
    refused("bomb.zip", &bomb, Limits::default(), ErrorKind::Limit, &message);
    let limits = Limits { members: 11, ..Limits::default() };
    let message = format!("bomb.zip: holds more members than this: --max-members 11 {TRUST}");
    refused("bomb.zip", &bomb, limits, ErrorKind::Limit, &message);
    let small: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), EDGES.as_bytes())).collect();
    let whole = read("small.zip", &zip(&small), Limits::default()).expect("twelve tables");
    assert_eq!((whole.inputs().len(), counts(&whole)), (12, (36, 0)));
}

#[test]
fn members_that_share_their_bytes_are_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("0.csv", SimpleFileOptions::default()).expect("memory");
    archive.write_all(EDGES.as_bytes()).expect("memory");
    for copy in 1..50 {
        archive.shallow_copy_file("0.csv", &format!("{copy}.csv")).expect("a copy");
    }
    let bytes = archive.finish().expect("memory").into_inner();
    let message = "overlap.zip: is a zip whose members share their bytes, as those of a bomb do: pack them again";
    refused("overlap.zip", &bytes, Limits::default(), ErrorKind::Data, message);
}

#[test]
fn what_is_packed_twice_is_not_unpacked() {
    let edges = EDGES.as_bytes();
    let twice = "is packed, and what it is packed in is packed again: unpack it once and give what comes out";
    for (name, bytes, place) in [
        ("a.zip", zip(&[("b.zip", &zip(&[("e.csv", edges)]))]), "a.zip!b.zip"),
        ("a.zip", zip(&[("e.csv.gz", &gzip(edges))]), "a.zip!e.csv.gz"),
        ("a.zip", zip(&[("e.csv.zst", &zstd(edges))]), "a.zip!e.csv.zst"),
        ("a.csv.gz", gzip(&gzip(edges)), "a.csv.gz"),
        ("a.zip.zst", zstd(&zip(&[("e.csv", edges)])), "a.zip.zst"),
    ] {
        refused(name, &bytes, Limits::default(), ErrorKind::Data, &format!("{place}: {twice}"));
    }
}

/// Paths of members are labels: nothing is written, whatever they say.
#[test]
fn members_are_labels_and_nothing_is_written() {
    let folder = Folder::new();
    let inner = folder.path().join("data");
    std::fs::create_dir_all(&inner).expect("a folder");
    let names = [
        "../outside.csv",
        "/tmp/../absolute.csv",
        "C:\\windows.csv",
        "A.csv",
        "a.csv",
        "\u{1b}[2J\u{202e}.csv",
        "CON",
        "x/../../y.csv",
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (number, name) in names.iter().enumerate() {
        archive.start_file(*name, SimpleFileOptions::default()).expect("memory");
        write!(archive, "owner,owned,share\nAnn {number},Acme,{number}\n").expect("memory");
    }
    archive.add_symlink("link.csv", "../../secret.csv", SimpleFileOptions::default()).expect("memory");
    let path = folder.write("data/odd.zip", archive.finish().expect("memory").into_inner());
    let list = |folder: &std::path::Path| {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    let before = (list(folder.path()), list(&inner));
    let end = cuibono("stats").data(&path).current_dir(&inner).answers();
    assert!(!end.errors.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'), "{:?}", end.errors);
    let said = end.errors.trim_end();
    assert!(
        said.ends_with(
            "odd.zip!link.csv: is a symbolic link within a folder or an archive: it is not followed and not read"
        ),
        "{said}"
    );
    assert_eq!((list(folder.path()), list(&inner)), before);
    let stats = cuibono("stats -q").data(&path).json();
    assert_eq!(stats["interests"], names.len(), "{stats}");
    let inputs: Vec<_> = stats["inputs"].as_array().expect("inputs").iter().filter_map(|name| name.as_str()).collect();
    assert!(inputs[3].ends_with("odd.zip!A.csv") && inputs[4].ends_with("odd.zip!a.csv"), "{inputs:?}");
}

/// A member that says it is a device is a few bytes like any other.
#[test]
fn a_device_in_an_archive_is_only_bytes() {
    let mut bytes = zip(&[("tty", EDGES.as_bytes())]);
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").expect("a directory");
    // Made on Unix; a character device that all may use.
    bytes[central + 5] = 3;
    bytes[central + 38..central + 42].copy_from_slice(&(0o020666u32 << 16).to_le_bytes());
    let graph = read("device.zip", &bytes, Limits::default()).expect("rows");
    assert_eq!(counts(&graph), (3, 0));
}

/// Several frames or members in one file are one stream.
#[test]
fn streams_of_several_parts_are_read_to_their_ends() {
    let (head, tail) = EDGES.split_at(30);
    for (name, bytes) in [
        ("e.csv.gz", [gzip(head.as_bytes()), gzip(tail.as_bytes())].concat()),
        ("e.csv.zst", [zstd(head.as_bytes()), zstd(tail.as_bytes())].concat()),
    ] {
        let graph = read(name, &bytes, Limits::default()).expect(name);
        assert_eq!((counts(&graph), graph.edge_count()), ((3, 0), 3), "{name}");
    }
}

/// A bit that flips in a packed file is found by its checksum, if not before.
#[test]
fn packed_files_with_a_flipped_bit_are_refused() {
    let (mut tried, mut same) = (0, 0);
    for (name, packed) in [("e.csv.gz", gzip(EDGES.as_bytes())), ("e.csv.zst", zstd(EDGES.as_bytes()))] {
        let whole = crate::shared::told(name, &packed, usize::MAX);
        for place in 0..packed.len() * 8 {
            let mut flipped = packed.clone();
            flipped[place / 8] ^= 1 << (place % 8);
            let told = crate::shared::told(name, &flipped, usize::MAX);
            let refused = told.starts_with("error: ");
            // Bits of a header that say nothing of the content: time, system, a name.
            assert!(refused || told == whole, "{name}, bit {place}: {told}");
            tried += 1;
            same += usize::from(!refused);
        }
    }
    crate::tally::tally(
        "Packed files with one flipped bit",
        tried,
        &[("refused", tried - same), ("the bit says nothing of the content, which is read exactly", same)],
    );
    assert!(same < tried / 10, "{same} of {tried}");
}
