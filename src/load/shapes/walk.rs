//! Finds the values of a line that the library has read, and what the format has for each.

use super::{Kind, Members, Use};
use std::ops::Range;

/// A value of a line.
#[derive(Debug, Clone)]
pub(super) struct Found<F> {
    /// Where it stands, without quotes.
    pub bytes: Range<usize>,
    pub kind: Kind,
    pub field: Option<F>,
}

/// An object or an array that is open.
#[derive(Debug)]
struct Container {
    is_array: bool,
    /// Bytes of the path that lead to it, and to what is in it.
    path: usize,
    inner: usize,
    /// The place of the value at hand, in an array.
    index: usize,
    ignored: bool,
    /// Whether a value in it is of use.
    used: bool,
    empty: bool,
}

/// A walk through a line, or through its beginning. It relies on the JSON being well formed.
pub(super) struct Walk<'t, M: Members> {
    line: &'t str,
    at: usize,
    open: Vec<Container>,
    path: String,
    expects_key: bool,
    values: Vec<Found<M::Field>>,
    plain: bool,
}

impl<'t, M: Members> Walk<'t, M> {
    /// The values of a line, and whether those that are of use are all that it says.
    pub(super) fn through(line: &'t str) -> (Vec<Found<M::Field>>, bool) {
        let (open, path, values) = (Vec::new(), String::new(), Vec::new());
        let mut walk = Walk::<M> { line, at: 0, open, path, expects_key: false, values, plain: true };
        while let Some(&byte) = line.as_bytes().get(walk.at) {
            walk.step(byte);
        }
        (walk.values, walk.plain)
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'{' | b'[' => self.enter(byte == b'['),
            b'}' | b']' => self.leave(),
            b',' => self.go_on(),
            b'"' => self.string(),
            b't' => self.value(self.at..self.at + "true".len(), Kind::Flag),
            b'f' => self.value(self.at..self.at + "false".len(), Kind::Flag),
            b'n' => self.null(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.at += 1,
        }
    }

    fn enter(&mut self, is_array: bool) {
        self.at += 1;
        let outer = self.open.last_mut();
        let mut ignored = outer.is_some_and(|outer| {
            outer.empty = false;
            outer.ignored
        });
        if !ignored {
            let fate = M::container(&self.path);
            ignored = !matches!(fate, Use::Take(()));
            self.plain &= !matches!(fate, Use::LeaveAll);
        }
        let path = self.path.len();
        if is_array {
            self.path.push_str("[]");
        }
        let inner = self.path.len();
        self.open.push(Container { is_array, path, inner, index: 0, ignored, used: false, empty: true });
        self.expects_key = !is_array;
    }

    /// An object in which nothing is of use may still say something by being there.
    fn leave(&mut self) {
        self.at += 1;
        self.expects_key = false;
        let Some(left) = self.open.pop() else { return };
        self.path.truncate(left.path);
        if left.ignored {
            return;
        }
        self.plain &= left.used || (left.is_array && left.empty);
        if let Some(outer) = self.open.last_mut() {
            outer.used |= left.used;
        }
    }

    fn go_on(&mut self) {
        self.at += 1;
        let Some(container) = self.open.last_mut() else { return };
        container.index += 1;
        self.path.truncate(container.inner);
        self.expects_key = !container.is_array;
    }

    fn string(&mut self) {
        let bytes = self.line.as_bytes();
        let start = self.at + 1;
        let mut end = start;
        while bytes.get(end).is_some_and(|&byte| byte != b'"') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let end = end.min(bytes.len());
        if std::mem::take(&mut self.expects_key) {
            self.key(start..end);
        } else {
            self.value(start..end, Kind::Text);
        }
        self.at = end + 1;
    }

    fn key(&mut self, bytes: Range<usize>) {
        if let Some(container) = self.open.last() {
            self.path.truncate(container.inner);
        }
        if !self.path.is_empty() {
            self.path.push('.');
        }
        match self.line.get(bytes) {
            Some(key) if !key.contains(['.', '[', '\\']) => self.path.push_str(key),
            // A name that could be taken for a way through several: no format knows it.
            _ => self.path.push('\0'),
        }
    }

    fn null(&mut self) {
        self.at += "null".len();
        if let Some(container) = self.open.last_mut() {
            container.empty = false;
            // As a member it says what a missing one says; in a list it may stand for something.
            self.plain &= container.ignored || !container.is_array;
        }
    }

    fn number(&mut self) {
        let rest = &self.line.as_bytes()[self.at..];
        let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
        let len = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        self.value(self.at..self.at + len, Kind::Number);
    }

    fn value(&mut self, bytes: Range<usize>, kind: Kind) {
        self.at = bytes.end;
        let ignored = self.open.last().is_none_or(|container| container.ignored);
        let index = self.index();
        let fate = if ignored { Use::Ignore } else { M::value(&self.path, index, kind) };
        self.plain &= !matches!(fate, Use::LeaveAll);
        let field = match fate {
            Use::Take(field) => Some(field),
            Use::Ignore | Use::LeaveAll => None,
        };
        if let Some(container) = self.open.last_mut() {
            container.empty = false;
            container.used |= field.is_some();
        }
        self.values.push(Found { bytes, kind, field });
    }

    /// The place in the outermost array; of an array within it, only the first place is told from none.
    fn index(&mut self) -> usize {
        let mut indices = self.open.iter().filter(|container| container.is_array).map(|container| container.index);
        let first = indices.next().unwrap_or(0);
        if indices.any(|index| index > 0) {
            self.plain = false;
        }
        first
    }
}
