//! Files that are cut off: every prefix of a small file of each format ends with an error, a counted reject, or at a place
//! where nobody can tell that something is missing.

use crate::fixtures::{Cut, Fixture, all};
use crate::shared::counts;
use crate::tally::tally;
use cuibono::error::ErrorKind;
use cuibono::load::Loader;

/// How the reading of a prefix ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Refused,
    Counted,
    /// Whole by its format: cut where a record ends, or behind all that is said.
    Whole,
    /// A table whose last row has lost the end of its last cell and is a row all the same.
    LastCell,
    /// A table whose header is cut, or whose rows are all gone.
    HeaderAlone,
}

/// Whether a prefix ends where a line does, or where nothing but the end of a line follows.
fn ends_a_line(prefix: &[u8], rest: &[u8]) -> bool {
    let ends = |bytes: Option<&u8>| matches!(bytes, Some(b'\n' | b'\r'));
    ends(prefix.last()) || ends(rest.first()) || rest.is_empty()
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
}

/// What is to be made of a prefix that is read without any complaint; `None` where it must not be.
fn without_complaint(fixture: &Fixture, prefix: &[u8], rest: &[u8], records: u64) -> Option<End> {
    let whole = ends_a_line(prefix, rest) || is_blank(rest);
    match fixture.cut {
        Cut::Lines => whole.then_some(End::Whole),
        Cut::Document => is_blank(rest).then_some(End::Whole),
        Cut::Packed => rest.is_empty().then_some(End::Whole),
        Cut::Rows if records == 0 => Some(End::HeaderAlone),
        Cut::Rows if whole => Some(End::Whole),
        Cut::Rows => {
            let tail = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
            let delimiter = match fixture.name.as_str() {
                "edges.tsv" => b'\t',
                "edges-semicolon.csv" | "edges-sep.csv" => b';',
                _ => b',',
            };
            (!tail.contains(&delimiter)).then_some(End::LastCell)
        }
    }
}

fn end_of(fixture: &Fixture, len: usize) -> End {
    let (prefix, rest) = fixture.bytes.split_at(len);
    let mut loader = fixture.loader();
    let read = loader.read_bytes(&fixture.name, prefix).and_then(|()| loader.finish());
    let place = format!("{} cut at byte {len}", fixture.name);
    match read {
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Data, "{place}: {error}");
            let location = error.location().unwrap_or_else(|| panic!("{place}: {error}"));
            assert!(location.source.starts_with(&fixture.name), "{place}: {error}");
            End::Refused
        }
        Ok(graph) => match fixture.counts(&graph) {
            (_, 1..) => End::Counted,
            (records, 0) => without_complaint(fixture, prefix, rest, records)
                .unwrap_or_else(|| panic!("{place} is read as if it were whole: {records} records")),
        },
    }
}

#[test]
fn every_prefix_of_every_format_is_refused_counted_or_whole() {
    let fixtures = all();
    let ends: Vec<End> =
        fixtures.iter().flat_map(|fixture| (0..fixture.bytes.len()).map(move |len| end_of(fixture, len))).collect();
    let count = |end: End| ends.iter().filter(|&&found| found == end).count();
    tally(
        "Prefixes of small files of every format",
        ends.len(),
        &[
            ("refused with file and reason", count(End::Refused)),
            ("records before the cut read, the cut one rejected and counted", count(End::Counted)),
            ("cut where a record ends: a whole file by its format", count(End::Whole)),
            ("cut within the last cell of a table, which nobody can tell", count(End::LastCell)),
            ("cut within a table's header or right behind it", count(End::HeaderAlone)),
        ],
    );
    assert!(fixtures.len() >= 44, "{}", fixtures.len());
    assert!(count(End::Refused) > 3 * ends.len() / 5, "{} of {}", count(End::Refused), ends.len());
    assert!(count(End::LastCell) < ends.len() / 50, "{} of {}", count(End::LastCell), ends.len());
    for fixture in &fixtures {
        assert_ne!(end_of(fixture, fixture.bytes.len()), End::Refused, "{} itself", fixture.name);
    }
}

/// With `keep_going`, what stands before a cut is kept, and no more than that; who asks is told.
#[test]
fn what_is_kept_of_a_prefix_is_a_beginning_and_says_so() {
    let (mut tried, mut kept, mut nothing) = (0, 0, 0);
    for fixture in all() {
        let mut most = 0;
        for len in 0..fixture.bytes.len() {
            let refused = end_of(&fixture, len) == End::Refused;
            let mut loader = fixture.loader().keep_going(true);
            let read = loader.read_bytes(&fixture.name, &fixture.bytes[..len]).and_then(|()| loader.finish());
            let place = format!("{} cut at byte {len}", fixture.name);
            tried += 1;
            let Ok(graph) = read else {
                assert!(refused, "{place}");
                nothing += 1;
                continue;
            };
            let broken = graph.inputs().iter().any(|input| input.broken.is_some());
            assert_eq!(broken, refused, "{place}: {:?}", graph.inputs());
            let records = fixture.counts(&graph).0;
            // A row that is cut right before its last cell looks whole with that cell empty.
            assert!(records + 1 >= most || fixture.cut == Cut::Packed, "{place}: {records} after {most}");
            most = records;
            kept += usize::from(broken);
        }
    }
    tally(
        "Prefixes of small files of every format, with --keep-going",
        tried,
        &[
            ("the records before the cut, told as partial", kept),
            ("nothing to keep: refused", nothing),
            ("as without it", tried - kept - nothing),
        ],
    );
    assert!(kept > 1000, "{kept} of {tried}");
}

/// Cuts at random places of a file of some hundred rows: the records that are kept are those before the cut.
#[test]
fn large_packed_files_keep_the_records_before_the_cut() {
    let mut edges = String::from("owner,owned,share\n");
    let mut seed = 1u64;
    for row in 0..100_000 {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        edges += &format!("owner {},company {row},{}.{}\n", seed >> 40, seed % 100, seed % 7);
    }
    for (name, packed) in [
        ("edges.csv.gz", crate::fixtures::gzip(edges.as_bytes())),
        ("edges.csv.zst", crate::fixtures::zstd(edges.as_bytes())),
    ] {
        for part in 2..20 {
            let len = packed.len() * part / 20;
            let mut loader = Loader::new().keep_going(true);
            loader.read_bytes(name, &packed[..len]).unwrap_or_else(|error| panic!("{name} cut at {len}: {error}"));
            let graph = loader.finish().expect("a graph");
            let (records, rejected) = counts(&graph);
            // Blocks of zstd are large: what stands in one that is cut is lost.
            let expected = 100_000 * part as u64 / 20;
            assert!(records.abs_diff(expected) < 12_000 && rejected == 0, "{name}: {records} of about {expected}");
            let last = graph.edges().last().map(|edge| graph.stake(edge).owned().id().to_owned());
            assert_eq!(last, Some(format!("company {}", records - 1)), "{name} cut at {len}");
            let broken = graph.inputs()[0].broken.as_deref().unwrap_or_default();
            assert!(broken.contains(&format!("; the {records} records before that were read")), "{broken}");
        }
    }
}
