//! The program as its users meet it: arguments and input in, exit code and text out.
#![allow(dead_code)]

use serde_json::Value;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A run to come. Environment that would change the output is taken away.
pub struct Run {
    command: Command,
    stdin: Vec<u8>,
}

/// `cuibono` with arguments separated by blanks.
pub fn cuibono(arguments: &str) -> Run {
    Run::new().args(arguments.split_whitespace())
}

impl Run {
    pub fn new() -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cuibono"));
        for variable in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
            command.env_remove(variable);
        }
        Run { command, stdin: Vec::new() }
    }

    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Run {
        self.command.args(arguments);
        self
    }

    pub fn arg(self, argument: impl AsRef<OsStr>) -> Run {
        self.args([argument])
    }

    /// Data from a file.
    pub fn data(self, path: impl AsRef<Path>) -> Run {
        self.arg("--data").arg(path.as_ref())
    }

    /// Data from standard input.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Run {
        self.stdin = text.as_ref().to_vec();
        self.arg("--data").arg("-")
    }

    pub fn columns(mut self, width: usize) -> Run {
        self.command.env("COLUMNS", width.to_string());
        self
    }

    pub fn current_dir(mut self, folder: &Path) -> Run {
        self.command.current_dir(folder);
        self
    }

    /// Runs it.
    pub fn end(mut self) -> End {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let shown = format!("{:?}", self.command);
        let mut child = self.command.spawn().expect("the program starts");
        let mut pipe = child.stdin.take().expect("a pipe");
        let stdin = self.stdin;
        // Written from beside, so that a program that prints before it has read everything cannot block.
        let writer = std::thread::spawn(move || {
            let _ = pipe.write_all(&stdin);
        });
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the input is written");
        End {
            shown,
            code: output.status.code(),
            bytes: output.stdout,
            errors: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }

    /// Runs it and expects an answer.
    pub fn answers(self) -> End {
        self.end().code(0)
    }

    /// Runs it and expects a JSON answer.
    pub fn json(self) -> Value {
        self.args(["--format", "json"]).answers().json()
    }

    /// Runs it and expects this exit code, nothing on standard output, and exactly this message.
    #[track_caller]
    pub fn fails(self, code: i32, message: &str) {
        let end = self.end().code(code);
        assert_eq!(end.errors.trim_end(), message, "{}", end.shown);
        assert!(end.bytes.is_empty(), "{}: printed {:?}", end.shown, end.text());
    }
}

/// A run that ended.
pub struct End {
    pub shown: String,
    pub code: Option<i32>,
    pub bytes: Vec<u8>,
    pub errors: String,
}

impl End {
    #[track_caller]
    pub fn code(self, code: i32) -> End {
        assert_eq!(self.code, Some(code), "{}\n{}", self.shown, self.errors);
        self
    }

    /// Nothing on standard error.
    #[track_caller]
    pub fn quiet(self) -> End {
        assert_eq!(self.errors, "", "{}", self.shown);
        self
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("output is UTF-8")
    }

    #[track_caller]
    pub fn has(self, part: &str) -> End {
        assert!(self.text().contains(part), "{}: no {part:?} in\n{}", self.shown, self.text());
        self
    }

    #[track_caller]
    pub fn lacks(self, part: &str) -> End {
        assert!(!self.text().contains(part), "{}: {part:?} in\n{}", self.shown, self.text());
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{}: {error}\n{}", self.shown, self.text()))
    }

    /// Each line as JSON.
    #[track_caller]
    pub fn lines_of_json(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}: {line}", self.shown));
        self.text().lines().map(parse).collect()
    }
}

/// A folder of this test alone, gone when the test is.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("run-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder for the test");
        }
        std::fs::write(&path, content).expect("a file for the test");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Columns that a line takes on a terminal.
pub fn width(line: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(line)
}
