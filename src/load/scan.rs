//! Where a value of JSON ends, by its brackets.

/// Follows brackets and strings through a value.
#[derive(Default)]
pub(super) struct Scan {
    open: Vec<u8>,
    in_string: bool,
    escaped: bool,
    /// A string without an end, or a bracket that closes another kind.
    pub broken: bool,
}

impl Scan {
    /// Whether the value ends with this byte.
    pub(super) fn ends(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                // No string goes on over a line end: an unclosed one does not swallow the following records.
                b'\n' => (self.in_string, self.broken) = (false, true),
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' => self.open.push(b'}'),
            b'[' => self.open.push(b']'),
            b'}' | b']' => {
                let fits = self.open.pop() == Some(byte);
                self.broken |= !fits;
                return !fits || self.open.is_empty();
            }
            b',' | b'\n' => return self.open.is_empty(),
            _ => {}
        }
        false
    }
}
