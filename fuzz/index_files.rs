//! An index whose files were changed, with checksums that fit the change, so that what lies behind them is reached.

use arbitrary::Arbitrary;
use cuibono::graph::OwnershipGraph;
use cuibono::index;
use cuibono::load::{self, Loader};
use cuibono::query::owners::Rows;
use cuibono::search::EntityNames;
use serde_json::Value;
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What is done to an index.
#[derive(Debug, Arbitrary)]
pub struct Damage {
    edits: Vec<Edit>,
    /// Whether lengths and checksums are put right again.
    sealed: bool,
    /// Which of the two indexes.
    larger: bool,
}

/// One change of one file.
#[derive(Debug, Arbitrary)]
enum Edit {
    Put { file: u8, at: u32, bytes: [u8; 4] },
    PutFromEnd { file: u8, at: u16, bytes: [u8; 4] },
    Flip { file: u8, at: u32, bit: u8 },
    Cut { file: u8, at: u32 },
    Swap { file: u8, other: u8 },
    Head { at: u16, text: String },
    Number { key: u8, value: u64 },
}

/// The most changes at once.
const MOST: usize = 6;

/// An index as it was written, and the folder where damaged ones are put.
struct Sound {
    folder: TempDir,
    tables: PathBuf,
    manifest: Value,
    files: Vec<(String, Vec<u8>)>,
}

thread_local! {
    static INDEXES: RefCell<[Sound; 2]> = RefCell::new([
        Sound::of(&small()),
        Sound::of(&load::built_in().expect("the dataset that is compiled in")),
    ]);
}

fn small() -> OwnershipGraph {
    let mut loader = Loader::new();
    let rows =
        "owner,owned,share,start\nAnn,Hold,60,2019\nBob,Hold,>25,\nHold,Acme Ltd,50-75,2020-01\nAcme Ltd,Hold,3,\n";
    loader.read_text("edges.csv", rows).expect("rows");
    loader.finish().expect("a graph")
}

/// Damages an index, opens it, and asks it a few questions where it opens.
///
/// # Panics
///
/// Where the program would.
pub fn check(damage: &Damage) {
    INDEXES.with_borrow(|indexes| indexes[usize::from(damage.larger)].try_out(damage));
}

impl Sound {
    fn of(graph: &OwnershipGraph) -> Self {
        // In memory where there is such a place: thousands of files are written in a second.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        let folder = folder.expect("a folder");
        index::write(graph, &[], folder.path()).expect("an index");
        let head = fs::read_to_string(folder.path().join(index::HEAD)).expect("a head");
        let manifest: Value = serde_json::from_str(&head).expect("JSON");
        let manifest = manifest["index"].clone();
        let tables = folder.path().join(manifest["folder"].as_str().expect("a folder"));
        let names = manifest["files"].as_array().expect("files").iter();
        let names = names.map(|file| file["name"].as_str().expect("a name").to_owned());
        let files = names.map(|name| (name.clone(), fs::read(tables.join(name)).expect("a file"))).collect();
        Self { folder, tables, manifest, files }
    }

    fn try_out(&self, damage: &Damage) {
        let mut files: Vec<Vec<u8>> = self.files.iter().map(|(_, bytes)| bytes.clone()).collect();
        let mut manifest = self.manifest.clone();
        damage.edits.iter().take(MOST).for_each(|edit| edit.make(&mut files, &mut manifest));
        for (number, bytes) in files.iter().enumerate().filter(|(number, bytes)| **bytes != self.files[*number].1) {
            fs::write(self.tables.join(&self.files[number].0), bytes).expect("a written file");
            if damage.sealed {
                let entry = &mut manifest["files"][number];
                entry["bytes"] = bytes.len().into();
                entry["crc32"] = crc32fast::hash(bytes).into();
            }
        }
        let mut text = manifest.to_string();
        damage.edits.iter().take(MOST).for_each(|edit| edit.make_in_head(&mut text));
        let sum = crc32fast::hash(text.as_bytes());
        let head = format!("{{\"crc32\":\"{sum:08x}\",\"index\":{text}}}\n");
        fs::write(self.folder.path().join(index::HEAD), head).expect("a written head");
        examine(self.folder.path());
        for (number, bytes) in files.iter().enumerate().filter(|(number, bytes)| **bytes != self.files[*number].1) {
            assert!(!bytes.is_empty() || number < files.len());
            fs::write(self.tables.join(&self.files[number].0), &self.files[number].1).expect("a written file");
        }
    }
}

impl Edit {
    fn make(&self, files: &mut [Vec<u8>], manifest: &mut Value) {
        let count = files.len();
        match *self {
            Edit::Put { file, at, bytes } => put(&mut files[usize::from(file) % count], at as usize, &bytes),
            Edit::PutFromEnd { file, at, bytes } => {
                let file = &mut files[usize::from(file) % count];
                let at = file.len().saturating_sub(usize::from(at));
                put(file, at, &bytes);
            }
            Edit::Flip { file, at, bit } => {
                let file = &mut files[usize::from(file) % count];
                if let Some(length) = std::num::NonZero::new(file.len()) {
                    file[at as usize % length] ^= 1 << (bit % 8);
                }
            }
            Edit::Cut { file, at } => {
                let file = &mut files[usize::from(file) % count];
                file.truncate(at as usize % (file.len() + 1));
            }
            Edit::Swap { file, other } => files.swap(usize::from(file) % count, usize::from(other) % count),
            Edit::Number { key, value } => {
                let Some(head) = manifest["head"].as_object_mut() else { return };
                let keys: Vec<String> = head.keys().cloned().collect();
                if let Some(old) = head.get_mut(&keys[usize::from(key) % keys.len()])
                    && old.is_number()
                {
                    *old = value.into();
                }
            }
            Edit::Head { .. } => {}
        }
    }

    fn make_in_head(&self, head: &mut String) {
        if let Edit::Head { at, text } = self {
            let mut at = usize::from(*at) % (head.len() + 1);
            while !head.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + text.len()).min(head.len());
            while !head.is_char_boundary(end) {
                end += 1;
            }
            head.replace_range(at..end, text);
        }
    }
}

fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(length) = std::num::NonZero::new(file.len()) {
        let at = at % length;
        let count = bytes.len().min(file.len() - at);
        file[at..at + count].copy_from_slice(&bytes[..count]);
    }
}

/// Asks what is asked of an index; the answers may be anything.
fn examine(folder: &Path) {
    let _ = index::verify(folder);
    let Ok(index) = index::open(folder) else { return };
    let graph = index.graph;
    for node in graph.nodes().take(300) {
        let entity = graph.entity(node);
        let _ = (graph.node_by_id(entity.id()), entity.name(), entity.jurisdiction(), entity.identifiers().count());
        let _ = (entity.details(), entity.founded(), entity.joined());
    }
    for edge in graph.edges().take(300) {
        let stake = graph.stake(edge);
        let _ = (stake.id(), stake.owner().id(), stake.owned().id(), stake.source_ids(), stake.details());
        let _ = (stake.start(), stake.end(), stake.input(), stake.record(), stake.stated());
    }
    let names = EntityNames::of(&graph);
    for text in ["nso", "acme", "Novalpina Capital", "hodl"] {
        let _ = names.find(&graph, text, 5);
        let _ = names.index().resolve(text);
    }
    let view = graph.view("2021-05-31".parse().expect("a day"));
    let _ = (view.check(), view.stats(), view.circular_groups());
    for node in graph.nodes().take(6) {
        let _ = (view.owners_of(node, Rows::default()), view.holdings_of(&[node], Rows::default()));
        let _ = (view.card(node), graph.timeline(node), view.controllers_of(node, Default::default()));
    }
    let mut loader = Loader::new();
    let _ = loader.read(folder).and_then(|()| loader.read_text("more.csv", "owner,owned,share\nAnn,Acme,60\n"));
    let _ = loader.finish();
}
