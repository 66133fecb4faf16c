//! Text without formatting machinery: parts are put one after the other.

use std::fs::File;
use std::io::{Result, Write};
use std::path::Path;

/// What can be put at the end of a text.
pub trait Put {
    fn put(&self, text: &mut String);
}

impl Put for &str {
    fn put(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Put for &String {
    fn put(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Put for u64 {
    fn put(&self, text: &mut String) {
        digits(*self, 1, text);
    }
}

/// A number with leading zeros.
pub struct Padded(pub u64, pub usize);

impl Put for Padded {
    fn put(&self, text: &mut String) {
        digits(self.0, self.1, text);
    }
}

/// A number of 64 bits in 16 hexadecimal digits.
pub struct Hex(pub u64);

impl Put for Hex {
    fn put(&self, text: &mut String) {
        for place in (0..16).rev() {
            text.push(char::from(b"0123456789abcdef"[(self.0 >> (4 * place) & 15) as usize]));
        }
    }
}

fn digits(mut number: u64, least: usize, text: &mut String) {
    let mut buffer = [b'0'; 20];
    let mut at = buffer.len();
    while number > 0 {
        at -= 1;
        buffer[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    at = at.min(buffer.len() - least);
    buffer[at..].iter().for_each(|&digit| text.push(char::from(digit)));
}

/// Puts every part at the end of the text.
macro_rules! put {
    ($text:expr, $($part:expr),+ $(,)?) => {{
        let text: &mut String = $text;
        $(Put::put(&$part, text);)+
    }};
}
pub(super) use put;

/// A file that is written piece by piece.
#[derive(Debug)]
pub struct Sheet {
    file: File,
    /// What is not written yet.
    pub text: String,
}

/// How much is written at once.
const PIECE: usize = 1 << 20;

impl Sheet {
    pub fn create(path: &Path) -> Result<Self> {
        Ok(Self { file: File::create(path)?, text: String::with_capacity(PIECE + PIECE / 4) })
    }

    /// To be called between records.
    pub fn write_piece(&mut self) -> Result<()> {
        if self.text.len() >= PIECE { self.finish() } else { Ok(()) }
    }

    pub fn finish(&mut self) -> Result<()> {
        self.file.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        let mut text = String::new();
        for number in [0, 7, 10, u64::MAX] {
            number.put(&mut text);
            text.push(' ');
        }
        Padded(42, 8).put(&mut text);
        Hex(0xbeef).put(&mut text);
        assert_eq!(text, "0 7 10 18446744073709551615 00000042000000000000beef");
    }
}
