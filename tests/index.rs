//! An index on disk answers as the data do, or is refused; through the program and the library.

#[path = "support/run.rs"]
mod run;

use cuibono::graph::OwnershipGraph;
use cuibono::index;
use cuibono::load::Loader;
use cuibono::query::control::Threshold;
use cuibono::query::owners::Rows;
use run::cuibono;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cuibono-index-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.0.join(name), text).expect("a file");
        self.at(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn root(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

fn build(data: &[&str], folder: &str) {
    let data = data.iter().flat_map(|data| ["--data", data]);
    cuibono("index build").args(data).args(["-o", folder]).answers();
}

const QUESTIONS: [&str; 14] = [
    "owners-of NSO --as-of 2021-05-31",
    "owners-of NSO --as-of 2022-01-01 --layer votes",
    "holdings-of noal-scsp --as-of 2021-05-31",
    "controllers-of NSO --as-of 2021-05-31",
    "ultimate-controllers --as-of 2021-05-31",
    "paths noal-scsp NSO --as-of 2021-05-31",
    "explain operf NSO --as-of 2021-05-31",
    "timeline NSO",
    "diff --from 2021-05-31 --to 2021-09-01 NSO",
    "search novalpina",
    "show noal-scsp",
    "sources",
    "check",
    "stats --as-of all",
];

#[test]
fn an_index_of_the_dataset_gives_every_answer_of_the_dataset() {
    let folder = Folder::new("answers");
    let (data, index) = (root("data/nso-group.json"), folder.at("i"));
    build(&[&data], &index);
    for question in QUESTIONS {
        let answer = |data: &str| cuibono(question).args(["--data", data, "--quiet"]).json();
        assert_eq!(answer(&index), answer(&data), "{question}");
    }
}

#[test]
fn what_is_converted_from_an_index_is_what_is_converted_from_the_data() {
    let folder = Folder::new("convert");
    let (data, index) = (root("data/nso-group.json"), folder.at("i"));
    build(&[&data], &index);
    for target in ["bods", "ftm", "jsonl"] {
        let text = |data: &str| {
            let convert = format!("convert --to {target} --as-of all");
            cuibono(&convert).args(["--data", data, "--quiet"]).answers().bytes
        };
        assert!(text(&index) == text(&data), "{target} differs");
    }
}

#[test]
fn an_index_finds_everybody_by_every_official_number() {
    let folder = Folder::new("numbers");
    let company = |row: u32| {
        let tax = if row.is_multiple_of(3) { "n/a".to_owned() } else { format!("X {row}") };
        format!(
            "{{\"id\":\"c{row}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"C{row}\"],\"jurisdiction\":[\"gb\"],\
             \"registrationNumber\":[\"00{row}\"],\"taxNumber\":[\"{tax}\"]}}}}\n"
        )
    };
    let mut loader = Loader::new();
    loader.read_text("companies.jsonl", &(0..300).map(company).collect::<String>()).expect("companies");
    let graph = loader.finish().expect("a graph");
    index::write(&graph, &[], &folder.0.join("i")).expect("an index");
    let index = index::open(&folder.0.join("i")).expect("an index").graph;
    let mut asked = 0;
    for node in graph.nodes() {
        for identifier in graph.entity(node).identifiers() {
            for wanted in [identifier.to_string(), identifier.id.clone(), identifier.id.to_lowercase()] {
                let found = index.nodes_by_identifier(&wanted);
                assert!(found.contains(&node), "{wanted}");
                assert_eq!(found, graph.nodes_by_identifier(&wanted), "{wanted}");
                asked += 1;
            }
        }
    }
    assert_eq!(asked, 300 * 2 * 3);
    assert_eq!(index.nodes_by_identifier("N/A").len(), 100);
}

const EDGES: &str = "owner,owned,share,start,source,owner_name,owner_kind,owned_jurisdiction\n\
    ann,acme,60,2020,S1,Ann Smith,person,GB\n\
    bob,acme,25-50,2020-02,S2,Bob Jones,person,GB\n\
    acme,lei:5493001KJTIIGC8Y1R13,>50,,S1,Acme Ltd,company,LU\n";

#[test]
fn an_index_and_other_data_form_one_graph() {
    let folder = Folder::new("together");
    let edges = folder.write("edges.csv", EDGES);
    let more = folder.write("more.csv", "owner,owned,share\nzoe,ann-trust,100\nann-trust,acme,10\n");
    let index = folder.at("i");
    build(&[&edges], &index);
    for question in
        ["owners-of acme --as-of 2021-01-01", "stats --as-of all", "sources", "holdings-of ann --as-of 2021-01-01"]
    {
        let ask = |first: &str, second: &str| {
            let mut answer = cuibono(question).args(["--data", first, "--data", second, "--quiet"]).json();
            if let Some(answer) = answer.as_object_mut() {
                answer.remove("inputs");
            }
            answer
        };
        let together = ask(&edges, &more);
        assert_eq!(ask(&index, &more), together, "{question}: index first");
        let other = ask(&more, &edges);
        assert_eq!(ask(&more, &index), other, "{question}: index second");
    }
}

/// More findings of one rule than are kept whole are counted all the same, wherever they come from.
#[test]
fn what_an_index_only_counted_is_counted_beside_other_data() {
    let folder = Folder::new("counted");
    let rows = |from: u32, count: u32| -> String {
        let rows = (from..from + count).map(|row| format!("p{row},c{row},10,Q{row}\n"));
        std::iter::once("owner,owned,share,owned_jurisdiction\n".to_owned()).chain(rows).collect()
    };
    let read = |inputs: &[&str]| {
        let mut loader = Loader::new();
        inputs.iter().for_each(|input| loader.read(Path::new(input)).expect("an input"));
        let graph = loader.finish().expect("a graph");
        let kept: Vec<String> = graph.problems().iter().map(|problem| problem.message.clone()).collect();
        (graph.problems().len(), kept)
    };
    let (many, more) = (folder.write("many.csv", &rows(10_000, 1500)), folder.write("more.csv", &rows(20_000, 30)));
    let index = folder.at("i");
    build(&[&many], &index);
    let (count, kept) = read(&[&many, &more]);
    assert_eq!((count, kept.len()), (1530, 1000));
    assert_eq!(read(&[&index]).0, 1500);
    assert_eq!(read(&[&index, &more]), (count, kept));
    let (count, kept) = read(&[&more, &index]);
    assert_eq!((count, kept.len()), (1530, 1000));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let folder = Folder::new("same");
    let edges = folder.write("edges.csv", EDGES);
    let (one, other) = (folder.at("one"), folder.at("other"));
    build(&[&edges], &one);
    build(&[&edges], &other);
    build(&[&edges], &other);
    let (one, other) = (contents(Path::new(&one)), contents(Path::new(&other)));
    assert!(one.len() > 5, "{:?}", one.iter().map(|(name, _)| name).collect::<Vec<_>>());
    assert!(one == other);
}

/// Interests that went through temporary files, those that later records change too, make the same graph.
#[test]
fn a_graph_that_spilled_is_the_graph_that_did_not() {
    let folder = Folder::new("spilled");
    let rows = (0..5_000).map(|number| format!("p{},c{},{}\n", number % 700, number / 2, number % 100));
    let edges: String = std::iter::once("owner,owned,share\n".to_owned()).chain(rows).collect();
    let statement = |id: &str, status: &str, day: &str, share: u32| {
        format!(
            r#"{{"statementId":"{id}","recordId":"r","recordType":"relationship","recordStatus":"{status}","statementDate":"{day}","recordDetails":{{"isComponent":false,"subject":"a","interestedParty":"b","interests":[{{"type":"shareholding","directOrIndirect":"direct","share":{{"exact":{share}}},"startDate":"2018-01-01"}}]}},"publicationDetails":{{"bodsVersion":"0.4"}}}}"#
        ) + "\n"
    };
    let first = statement("s1", "new", "2019-01-01", 30);
    let last = statement("s2", "updated", "2020-01-01", 40);
    let graph = |bytes: Option<usize>| {
        let mut loader = Loader::new();
        if let Some(bytes) = bytes {
            loader = loader.spill_beyond(bytes, &folder.0);
        }
        loader.read_text("first.jsonl", &first).expect("a statement");
        loader.read_text("edges.csv", &edges).expect("edges");
        loader.read_text("last.jsonl", &last).expect("a statement");
        loader.finish().expect("a graph")
    };
    let written = |name: &str, bytes: Option<usize>| {
        index::write(graph(bytes), &[], &folder.0.join(name)).expect("an index");
        contents(&folder.0.join(name))
    };
    let kept = written("kept", None);
    assert!(kept.iter().any(|(name, bytes)| name.ends_with("interests.arrow") && bytes.len() > 5_000 * 36));
    assert!(written("spilled", Some(10_000)) == kept);
    assert!(written("each", Some(0)) == kept);
}

/// Every file below a folder with its bytes.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => {
                    let name = path.strip_prefix(folder).expect("below it").display().to_string();
                    found.push((name, fs::read(&path).expect("a file")));
                }
            }
        }
    }
    found.sort();
    found
}

#[test]
fn info_names_the_files_behind_an_index_with_their_sums() {
    let folder = Folder::new("info");
    let edges = folder.write("edges.csv", "owner,owned,share\nann,acme,60\n");
    let index = folder.at("i");
    build(&[&edges], &index);
    let info = cuibono("index info").args([&index]).json();
    let origin = &info["origins"][0];
    assert_eq!(origin["name"], edges.as_str());
    assert_eq!(origin["bytes"], 30, "{origin}");
    // Taken with sha256sum.
    assert_eq!(origin["sha256"], "bdd00e60749cad0472104626cc4dd6b855d28a74b9e6a07362ede2cafdce3b72");
    assert!(origin["modified"].as_str().is_some_and(|day| day.starts_with("20") && day.ends_with('Z')), "{origin}");
    assert_eq!((&info["entities"], &info["interests"], &info["version"]), (&2.into(), &1.into(), &6.into()));
    cuibono("index verify").args([&index]).answers();
    // An index of an index was made from its head, which holds the sums of all the rest.
    let second = folder.at("second");
    build(&[&index], &second);
    let info = cuibono("index info").args([&second]).json();
    assert_eq!(info["origins"][0]["name"], Path::new(&index).join("index.json").display().to_string());
    assert_eq!(info["origins"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_head_of_an_index_is_no_input() {
    let folder = Folder::new("head");
    let edges = folder.write("edges.csv", EDGES);
    let index = folder.at("i");
    build(&[&edges], &index);
    let head = Path::new(&index).join("index.json").display().to_string();
    for end in [
        cuibono("stats --data").args([&head]).end(),
        cuibono("index build --data").args([&head, "-o", &folder.at("second")]).end(),
    ] {
        assert!(end.code == Some(2) && end.errors.contains("name the folder that it stands in"), "{}", end.errors);
    }
}

/// An index never names another file than that from which it is made.
#[test]
fn a_file_that_is_written_to_while_its_index_is_built_is_refused() {
    let folder = Folder::new("changed");
    let edges = PathBuf::from(folder.write("edges.csv", EDGES));
    let sources = index::sources(std::slice::from_ref(&edges)).expect("a file");
    let mut loader = Loader::new();
    loader.read(&edges).expect("edges");
    let graph = loader.finish().expect("a graph");
    let place = folder.0.join("i");
    index::write(&graph, &sources, &place).expect("an index");
    fs::write(&edges, format!("{EDGES}new,acme,1\n")).expect("written");
    let error = index::write(&graph, &sources, &folder.0.join("other")).expect_err("another file");
    assert!(error.to_string().contains("edges.csv: changed while the index was built"), "{error}");
    assert!(index::open(&folder.0.join("other")).is_err() && index::open(&place).is_ok());
}

/// A pipe gives its bytes once: to the reader, and not to whoever takes sums of files.
#[cfg(unix)]
#[test]
fn an_index_of_a_pipe_holds_all_that_came_through_it() {
    let folder = Folder::new("pipe");
    let pipe = folder.at("edges.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("a pipe").success());
    let rows: String = (0..50_000).map(|row| format!("owner {row},company,0.001\n")).collect();
    let index = folder.at("i");
    let written = pipe.clone();
    // Nobody waits for it: where nothing is read it would write for ever.
    std::thread::spawn(move || fs::write(written, format!("owner,owned,share\n{rows}")));
    build(&[&pipe], &index);
    let info = cuibono("index info").args([&index]).json();
    assert_eq!((&info["entities"], &info["interests"]), (&50_001.into(), &50_000.into()));
    let origin = &info["origins"][0];
    assert_eq!(origin["name"], pipe.as_str());
    assert!(origin["bytes"].is_null() && origin["sha256"].is_null() && origin["modified"].is_null(), "{origin}");
}

/// Whoever changes a byte of a small index is found out: it is refused, and never answers anything else.
#[test]
fn every_byte_of_a_small_index_counts() {
    let folder = Folder::new("bytes");
    let flip = |part: usize| {
        let index = folder.0.join(part.to_string());
        let mut loader = Loader::new();
        loader.read_text("edges.csv", EDGES).expect("edges");
        index::write(loader.finish().expect("a graph"), &[], &index).expect("an index");
        let counts = flip_every_other(&index, part);
        assert!(index::open(&index).is_ok());
        counts
    };
    let [one, other] = std::thread::scope(|scope| {
        let threads = [0, 1].map(|part| scope.spawn(move || flip(part)));
        threads.map(|thread| thread.join().expect("a count"))
    });
    let (flipped, refused) = (one.0 + other.0, one.1 + other.1);
    let bytes: usize = contents(&folder.0.join("0")).iter().map(|(_, bytes)| bytes.len()).sum();
    assert_eq!(flipped, bytes);
    assert_eq!(refused, flipped);
}

/// Changes one byte after the other, every second of them, and tells how many those were and how often the index was refused.
fn flip_every_other(index: &Path, first: usize) -> (usize, usize) {
    let (mut flipped, mut refused) = (0, 0);
    for (name, bytes) in contents(index) {
        let path = index.join(&name);
        for at in (first..bytes.len()).step_by(2) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at / 2 % 8);
            // A new file, as the old one may still be mapped.
            fs::remove_file(&path).expect("the old one gone");
            fs::write(&path, &damaged).expect("a damaged file");
            flipped += 1;
            refused += usize::from(index::open(index).is_err());
        }
        fs::remove_file(&path).expect("the damaged one gone");
        fs::write(&path, &bytes).expect("the file as it was");
    }
    (flipped, refused)
}

#[test]
fn what_is_no_sound_index_is_refused_with_a_reason() {
    let folder = Folder::new("refused");
    let edges = folder.write("edges.csv", EDGES);
    let index = folder.at("i");
    build(&[&edges], &index);
    let tables = contents(Path::new(&index));
    let entities = tables.iter().find(|(name, _)| name.ends_with("entities.arrow")).expect("a table");
    let path = Path::new(&index).join(&entities.0);
    let ask = || cuibono("owners-of acme").args(["--data", &index]).end();
    let refused = |what: &str| {
        let end = ask();
        assert_eq!(end.code, Some(3), "{what}: {}", end.errors);
        assert!(end.errors.contains("build the index anew"), "{what}: {}", end.errors);
        end.errors
    };
    let replace = |bytes: &[u8]| {
        fs::remove_file(&path).expect("gone");
        fs::write(&path, bytes).expect("written");
    };
    replace(&entities.1[..entities.1.len() / 2]);
    assert!(refused("cut").contains("damaged"));
    replace(b"");
    assert!(refused("empty").contains("damaged"));
    fs::remove_file(&path).expect("gone");
    assert!(refused("missing").contains("entities.arrow"));
    fs::write(&path, &entities.1).expect("written");
    assert_eq!(ask().code, Some(0));
    let head = Path::new(&index).join("index.json");
    let text = fs::read_to_string(&head).expect("a head");
    fs::write(&head, text.replace("cuibono-index", "cuibono-Index")).expect("written");
    assert!(refused("changed").contains("checksum"));
    // An earlier form and a later one, sealed as they should be.
    let own = text.split_once("\"index\":").expect("contents").1.trim_end().strip_suffix('}').expect("an end");
    for form in [5, 7] {
        let other = own.replacen("\"version\":6", &format!("\"version\":{form}"), 1);
        let sum = crc32(other.as_bytes());
        fs::write(&head, format!("{{\"crc32\":\"{sum:08x}\",\"index\":{other}}}\n")).expect("written");
        let message = format!("form \"cuibono-index\" {form}, and this program reads form \"cuibono-index\" 6");
        assert!(refused("another form").contains(&message));
    }
    let accounts = own.split_once("\"accounts\":").expect("a number").1.split_once(['}', ',']).expect("its end").0;
    let other = own.replacen(&format!("\"accounts\":{accounts}"), "\"accounts\":4294967295", 1);
    fs::write(&head, format!("{{\"crc32\":\"{:08x}\",\"index\":{other}}}\n", crc32(other.as_bytes())))
        .expect("written");
    assert!(refused("too many").contains("promises more statements than it has room for"));
    // What is sealed as it should be may still lead elsewhere.
    for name in ["../entities.arrow", "/dev/zero", "a/b.arrow", "..", ".", "", "a\\\\b"] {
        let other = own.replacen("\"entities.arrow\"", &format!("\"{name}\""), 1);
        assert_ne!(other, own);
        let sum = crc32(other.as_bytes());
        fs::write(&head, format!("{{\"crc32\":\"{sum:08x}\",\"index\":{other}}}\n")).expect("written");
        assert!(refused(name).contains("names files that are not its own"), "{name}");
    }
}

/// What lies and is sealed as it should be (nobody but its maker can do that) gives other answers, but breaks nothing.
#[test]
fn an_index_that_names_parties_that_are_not_there_breaks_no_question() {
    let folder = Folder::new("sealed");
    let mut loader = Loader::new();
    loader.read_text("edges.csv", EDGES).expect("edges");
    index::write(loader.finish().expect("a graph"), &[], &folder.0).expect("an index");
    let head = folder.0.join("index.json");
    let text = fs::read_to_string(&head).expect("a head");
    let own = text.split_once("\"index\":").expect("contents").1.trim_end().strip_suffix('}').expect("an end");
    let (mut asked, mut opened) = (0, 0);
    let tables = contents(&folder.0);
    let lying = tables.iter().filter(|(name, _)| name.ends_with("interests.arrow") || name.ends_with("entities.arrow"));
    for ((name, bytes), lie) in lying.flat_map(|table| [(table, 49_601_u32), (table, 1)]) {
        let sum = format!("\"crc32\":{}", crc32(bytes));
        assert_eq!(own.matches(&sum).count(), 1);
        for at in (0..bytes.len() - 4).step_by(4) {
            let mut lying = bytes.clone();
            lying[at..at + 4].copy_from_slice(&lie.to_le_bytes());
            fs::remove_file(folder.0.join(name)).expect("gone");
            fs::write(folder.0.join(name), &lying).expect("written");
            let own = own.replacen(&sum, &format!("\"crc32\":{}", crc32(&lying)), 1);
            let sealed = format!("{{\"crc32\":\"{:08x}\",\"index\":{own}}}\n", crc32(own.as_bytes()));
            fs::write(&head, sealed).expect("written");
            asked += 1;
            let Ok(index) = index::open(&folder.0) else { continue };
            opened += 1;
            ask(&index.graph);
        }
        fs::write(folder.0.join(name), bytes).expect("as it was");
    }
    assert!(opened > asked / 8 && opened < asked, "{opened} of {asked}");
}

/// Asks what is asked of a graph; the answers may be anything.
fn ask(graph: &OwnershipGraph) {
    let view = graph.view("2021-05-31".parse().expect("a day"));
    let _ = (view.stats(), view.check(), view.circular_groups());
    for node in graph.nodes() {
        let _ = (view.owners_of(node, Rows::default()), view.holdings_of(&[node], Rows::default()));
        let _ = (view.card(node), graph.timeline(node), view.controllers_of(node, Threshold::default()));
    }
}

/// CRC-32 of ISO 3309, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc: u32, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| step(crc)))
}

#[test]
fn a_folder_of_other_files_is_left_alone() {
    let folder = Folder::new("occupied");
    let edges = folder.write("edges.csv", EDGES);
    let occupied = folder.0.join("photos");
    fs::create_dir(&occupied).expect("a folder");
    fs::write(occupied.join("holiday.jpg"), "me").expect("a file");
    let end = cuibono("index build").args(["--data", &edges, "-o", &occupied.display().to_string()]).end();
    assert_eq!(end.code, Some(2), "{}", end.errors);
    assert!(end.errors.contains("holds other files and no index"), "{}", end.errors);
    assert_eq!(contents(&occupied), [("holiday.jpg".to_owned(), b"me".to_vec())]);
}

/// Whatever moment a build is killed at, the index that was there answers, and the next build clears away.
#[test]
fn a_killed_build_leaves_the_old_index_answering() {
    let folder = Folder::new("killed");
    let old = folder.write("old.csv", "owner,owned,share\nann,acme,60\n");
    let rows = (0..60_000).map(|number| format!("p{number},c{},{}\n", number / 2, number % 100));
    let large: String = std::iter::once("owner,owned,share\n".to_owned()).chain(rows).collect();
    let large = folder.write("large.csv", &large);
    let index = folder.at("i");
    let start = |output: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cuibono"));
        command.args(["index", "build", "--data", &large, "-o", output]).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("a build")
    };
    let begun = Instant::now();
    assert!(start(&folder.at("other")).wait().expect("an end").success());
    let whole = begun.elapsed();
    build(&[&old], &index);
    let mut killed = 0;
    for moment in 0..10u32 {
        let mut child = start(&index);
        std::thread::sleep(whole * (2 * moment + 1) / 20);
        killed += usize::from(child.try_wait().expect("a state").is_none());
        let _ = child.kill();
        let _ = child.wait();
        let (stats, info) =
            (cuibono("stats").args(["--data", &index]).json(), cuibono("index info").args([&index]).json());
        let interests = stats["interests"].as_u64();
        assert!(interests == Some(1) || interests == Some(60_000), "moment {moment}: {stats}");
        assert_eq!(info["interests"].as_u64(), interests, "moment {moment}");
        cuibono("index verify").args([&index]).answers();
        if interests == Some(60_000) {
            build(&[&old], &index);
        }
    }
    assert!(killed >= 3, "only {killed} builds were killed within {whole:?}");
    build(&[&old], &index);
    let left = fs::read_dir(&index).expect("the index").count();
    assert_eq!(left, 2, "{:?}", contents(Path::new(&index)).iter().map(|(name, _)| name).collect::<Vec<_>>());
    assert!(begun.elapsed() < Duration::from_secs(300));
}
