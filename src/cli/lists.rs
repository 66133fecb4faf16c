//! Lists of parties that the user gives: files with one id or name a line.

use crate::error::{Error, Location, Result};
use std::io::Read;
use std::path::Path;

/// A list as it was read.
pub struct List {
    name: String,
    text: String,
}

impl List {
    /// Reads a file, or standard input for `-`.
    ///
    /// # Errors
    /// One that cannot be read, a folder, and bytes that are no UTF-8, with the line.
    pub fn read(name: &str) -> Result<Self> {
        let text = text(Path::new(name), name)?;
        Ok(Self { name: name.to_owned(), text })
    }

    /// What stands on the command line: a file, or ids and names separated by commas.
    ///
    /// # Errors
    /// Like [`List::read`].
    pub fn read_or_split(given: &str) -> Result<Self> {
        let path = Path::new(given);
        // A folder beside the data may well have the name of a company.
        let is_path = path.exists() && (!path.is_dir() || given.contains(['/', '\\']));
        if is_path {
            return Self::read(given);
        }
        Ok(Self { name: String::new(), text: given.replace(',', "\n") })
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        Some(Path::new(&self.name)).filter(|name| name.is_file())
    }

    /// The lines that name somebody, with their numbers from 1; blank ones and those that begin with # say nothing.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    }
}

/// The text of a file, or of standard input for `-`.
///
/// # Errors
/// One that cannot be read, a folder, and bytes that are no UTF-8, with the line.
pub fn text(path: &Path, name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    if name == "-" {
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| Error::io("cannot read", "<stdin>", error))?;
    } else {
        bytes = std::fs::read(path).map_err(|error| Error::io("cannot read", path, error))?;
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
        Error::data(Location::of(name).at_line(line), "is not UTF-8 text")
    })
}
