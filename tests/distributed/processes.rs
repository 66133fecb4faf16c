//! Whole processes of the program, with files and exit codes.

use crate::machines::addresses;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A folder that goes away.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cuibono-cluster-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).expect("a file");
        self.path(name)
    }

    /// What stands in it now.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    program
}

/// The rows of an edges file in parts by owned company.
pub fn parts(folder: &Folder, edges: &str, count: usize) -> Vec<PathBuf> {
    let mut lines = edges.lines();
    let head = lines.next().expect("a head");
    let mut texts = vec![format!("{head}\n"); count];
    for line in lines {
        let owned = line.split(',').nth(1).expect("an owned entity");
        let part = owned.bytes().fold(7usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % count;
        texts[part].push_str(line);
        texts[part].push('\n');
    }
    texts.iter().enumerate().map(|(part, text)| folder.write(&format!("part-{part}.csv"), text)).collect()
}

/// Starts a process for each part.
pub fn start(folder: &Folder, question: &[&str], parts: &[PathBuf], more: &[&str]) -> Vec<Child> {
    let hosts = folder.write("hosts", &addresses(parts.len()).join("\n"));
    let start = |(process, part): (usize, &PathBuf)| {
        let mut program = program();
        program.arg("cluster").args(question).arg("--hosts").arg(&hosts).arg("--process").arg(process.to_string());
        program.arg("--data").arg(part).arg("-o").arg(folder.path(&format!("out-{process}")));
        program.args(["--as-of", "2024-06-01", "--patience", "30s"]).args(more).spawn().expect("a process")
    };
    parts.iter().enumerate().map(start).collect()
}

pub fn ends(children: Vec<Child>) -> Vec<Output> {
    children.into_iter().map(|child| child.wait_with_output().expect("an end")).collect()
}

/// The sorted rows of all outputs; those of CSV without their heads.
fn rows(outputs: impl Iterator<Item = Vec<u8>>, csv: bool) -> Vec<String> {
    let texts: Vec<String> = outputs.map(|bytes| String::from_utf8(bytes).expect("text")).collect();
    let mut rows: Vec<String> =
        texts.iter().flat_map(|text| text.lines().skip(usize::from(csv))).map(str::to_owned).collect();
    rows.sort();
    rows
}

fn same(folder: &Folder, question: &[&str], parts: &[PathBuf], format: &str) -> usize {
    let ended = ends(start(folder, question, parts, &["--format", format, "--workers", "2"]));
    for output in &ended {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let outputs = (0..parts.len()).map(|part| std::fs::read(folder.path(&format!("out-{part}"))).expect("an output"));
    let several = rows(outputs, format == "csv");
    let mut alone = program();
    alone.args(question).args(["--as-of", "2024-06-01", "--format", format, "--quiet"]);
    parts.iter().for_each(|part| _ = alone.arg("--data").arg(part));
    let alone = alone.output().expect("an answer");
    assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
    let alone = rows(std::iter::once(alone.stdout), format == "csv");
    assert!(several == alone, "{question:?} {format}: {} rows and {}", several.len(), alone.len());
    alone.len()
}

/// Edges that look like those of a register.
pub fn generated(interests: usize) -> String {
    let mut random = crate::random::Random(interests as u64);
    let mut text = "owner,owned,share\n".to_owned();
    let entities = interests as u64;
    for company in 0..interests as u64 * 2 / 3 {
        let owners = [1, 1, 1, 2, 2, 3][random.below(6) as usize];
        let mut left = 1000;
        for _ in 0..owners {
            let share = if owners == 1 { 1000 } else { random.below(left) };
            left -= share;
            // A third is held by companies, of which a few hold a great many.
            let owner = if random.one_in(3) {
                random.below(1 + company) * random.below(1 + company) / (1 + company)
            } else {
                entities + random.below(entities)
            };
            text.push_str(&format!("e{owner},e{company},{}.{}\n", share / 10, share % 10));
        }
    }
    text
}

#[test]
fn the_rows_are_those_of_one_machine_byte_for_byte() {
    let folder = Folder::new("same");
    let edges = generated(3_000);
    let list = folder.write("list", "# listed\ne0\ne1\ne7\n").display().to_string();
    for count in [2, 4] {
        let parts = parts(&folder, &edges, count);
        let mut compared = 0;
        for format in ["jsonl", "csv"] {
            compared += same(&folder, &["ultimate-controllers"], &parts, format);
            compared += same(&folder, &["circular"], &parts, format);
            compared += same(&folder, &["effective-shares", "--min-share", "10"], &parts, format);
            compared += same(&folder, &["screen", "--listed", &list], &parts, format);
        }
        assert!(compared > 10_000, "{compared}");
    }
}

#[test]
fn an_index_is_a_part_too() {
    let folder = Folder::new("index");
    let edges = parts(&folder, &generated(500), 2);
    let shards: Vec<PathBuf> = (0..2)
        .map(|part| {
            let shard = folder.path(&format!("shard-{part}"));
            let built =
                program().args(["index", "build", "--output"]).arg(&shard).arg("--data").arg(&edges[part]).output();
            let built = built.expect("an end");
            assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
            shard
        })
        .collect();
    assert!(same(&folder, &["ultimate-controllers"], &shards, "jsonl") > 100);
}

#[test]
fn other_arguments_are_refused_on_both_sides() {
    let folder = Folder::new("others");
    let parts = parts(&folder, "owner,owned,share\nAnn,Acme,60\nAcme,Beta,60\n", 2);
    let hosts = folder.write("hosts", &addresses(2).join("\n"));
    let start = |process: &str, question: &str, more: &[&Path]| {
        let mut program = program();
        program.args(["cluster", question, "--process", process, "--hosts"]).arg(&hosts).arg("--data").args(more);
        program.args(["--patience", "20s"]).spawn().expect("a process")
    };
    let refused = |started: Vec<Child>| {
        for (output, other) in ends(started).iter().zip([1, 0]) {
            assert_eq!(output.status.code(), Some(2));
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(error.contains(&format!("process {other} was started with other arguments")), "{error}");
            assert!(output.stdout.is_empty());
        }
    };
    refused(vec![start("0", "circular", &[&parts[0]]), start("1", "ultimate-controllers", &[&parts[1]])]);
    let matches = Path::new("--matches");
    let [one, another] = ["same", "different"]
        .map(|verdict| folder.write(&format!("{verdict}.csv"), &format!("a,b,verdict\nAnn,Acme,{verdict}\n")));
    refused(vec![
        start("0", "circular", &[&parts[0], matches, &one]),
        start("1", "circular", &[&parts[1], matches, &another]),
    ]);
}

#[test]
fn who_does_not_come_is_named() {
    let folder = Folder::new("alone");
    let part = parts(&folder, "owner,owned,share\nAnn,Acme,60\n", 1);
    let addresses = addresses(2);
    let hosts = folder.write("hosts", &addresses.join("\n"));
    let mut program = program();
    program.args(["cluster", "circular", "--process", "0", "--patience", "1s", "--hosts"]).arg(&hosts);
    let output = program.arg("--data").arg(&part[0]).output().expect("an end");
    assert_eq!(output.status.code(), Some(2));
    let error = format!("cuibono: process 1 ({}) was not there within 1 seconds\n", addresses[1]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), error);
}
