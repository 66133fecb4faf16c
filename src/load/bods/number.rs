//! Numbers and flags of statements, and the texts that some publishers write in their place.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A number or a flag, or what stands in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Number {
    Value(f64),
    Flag(bool),
    Text(String),
}

impl Number {
    /// Whether it is the flag `true`.
    pub fn is_true(member: &Option<Number>) -> bool {
        *member == Some(Number::Flag(true))
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Number::Value(value) => value.to_bits().hash(state),
            Number::Flag(flag) => flag.hash(state),
            Number::Text(text) => text.hash(state),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Number, E> {
        Ok(Number::Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        Ok(Number::Value(number as f64))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
        Ok(Number::Value(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        Ok(Number::Value(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        let number = text.trim().trim_end_matches('%').trim_end();
        Ok(number.parse().map_or_else(|_| Number::Text(text.to_owned()), Number::Value))
    }
}
