//! An index on disk: the graph of any inputs, with its names ready to be searched, opened by mapping memory.
//!
//! An index is a folder. `index.json` says what it was made from and names one further folder with the tables, each an
//! [Arrow IPC file](https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format) that polars, pandas, DuckDB and others
//! read as well (`entities.arrow`, `interests.arrow`, …; what the columns mean stands in `docs/index.md`). Opening reads `index.json` and
//! the heads of the tables; an answer then touches the pages that it needs and no others.
//!
//! ```
//! use cuibono::{index, load::Loader};
//! # let folder = std::env::temp_dir().join(format!("cuibono-index-doc-{}", std::process::id()));
//! let mut loader = Loader::new();
//! loader.read_text("edges.csv", "owner,owned,share\nAnn,Acme,60\n")?;
//! index::write(loader.finish()?, &[], &folder)?;
//! let index = index::open(&folder)?;
//! assert_eq!(index.graph.edge_count(), 1);
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok::<(), cuibono::error::Error>(())
//! ```
//!
//! # What may go wrong
//!
//! A build writes a folder of its own beside the one in use and replaces `index.json` last, in one step: whatever interrupts it, the
//! old index answers. Every file has a checksum. Those of a small index (16 MiB) are all looked at when it is opened, those of a large one only as
//! far as the heads of its tables; [`verify`] looks at everything. The files must not be changed while they are open: memory is mapped.

mod arrow;
mod manifest;
mod open;
mod sources;
mod write;

pub use manifest::{FileEntry, Manifest, Origin};
pub use open::{Index, info, open, verify};
pub(crate) use sources::Stamp;
pub use sources::{Source, sources};
pub use write::write;

use std::path::Path;

/// The file by which an index is known: what it holds and what it was made from.
pub const HEAD: &str = "index.json";

/// Whether a path is an index, sound or not.
pub fn is_index(path: &Path) -> bool {
    path.join(HEAD).is_file() && manifest::claims(&path.join(HEAD))
}

/// Whether a path is the head of an index and not its folder.
pub(crate) fn is_head(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == HEAD) && path.is_file() && manifest::claims(path)
}
