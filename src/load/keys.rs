//! Keys that stand twice in one object of JSON: which of the values counts is nobody's guess.
//!
//! Typed readers find such keys themselves, [`Unique`] finds them in values of any form. Only then is the text looked at
//! again, to say where they stand. Who wants the first or the last value gets records rewritten before they are read.

use crate::error::{Error, Result};
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// What becomes of an object in which a key stands twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DuplicateKeys {
    /// Its record is wrong.
    #[default]
    Error,
    /// The first value of the key counts.
    First,
    /// The last value of the key counts.
    Last,
}

impl FromStr for DuplicateKeys {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "error" => Ok(Self::Error),
            "first" => Ok(Self::First),
            "last" => Ok(Self::Last),
            _ => Err(Error::usage(format!("{text:?} says nothing of duplicate keys: give first, last or error"))),
        }
    }
}

impl DuplicateKeys {
    /// A JSON text in which no key stands twice in one object; `None` where that is the case already, where nothing was
    /// chosen, or where it is no JSON.
    pub(super) fn settle(self, text: &str) -> Option<String> {
        if self == Self::Error {
            return None;
        }
        let mut cuts: Vec<Range<usize>> = Vec::new();
        each_object(text, |members| {
            for [earlier, later] in repeated(members) {
                cuts.push(match self {
                    Self::Last => members[earlier].start..members[earlier + 1].start,
                    Self::First | Self::Error => members[later - 1].end..members[later].end,
                });
            }
        });
        if cuts.is_empty() || serde_json::from_str::<IgnoredAny>(text).is_err() {
            return None;
        }
        cuts.sort_by_key(|cut| (cut.start, cut.end));
        let (mut settled, mut at) = (String::with_capacity(text.len()), 0);
        for cut in cuts {
            settled.push_str(text.get(at..cut.start).unwrap_or_default());
            at = at.max(cut.end);
        }
        settled.push_str(&text[at..]);
        Some(settled)
    }

    /// The same for each of many lines.
    pub(super) fn settle_lines(self, lines: &[u8]) -> Option<Vec<u8>> {
        if self == Self::Error {
            return None;
        }
        let mut settled = Vec::with_capacity(lines.len());
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            match std::str::from_utf8(line).ok().and_then(|line| self.settle(line)) {
                Some(line) => settled.extend_from_slice(line.as_bytes()),
                None => settled.extend_from_slice(line),
            }
        }
        Some(settled)
    }
}

/// What to say of the key that stands twice in a record; `None` where none does.
pub(super) fn twice(text: &str) -> Option<String> {
    let mut found: Option<(usize, String)> = None;
    each_object(text, |members| {
        for [_, later] in repeated(members) {
            let Member { key, start, .. } = &members[later];
            if found.as_ref().is_none_or(|(first, _)| start < first) {
                found = Some((*start, key.to_string()));
            }
        }
    });
    found.map(|(at, key)| {
        let key: String = key.chars().take(80).collect();
        format!(
            "the key {key:?} stands twice in one object (byte {at} of the record); say which counts by --duplicate-keys"
        )
    })
}

/// The reason that an error of the library gives, told with its place where it is a key that stands twice.
pub(super) fn reason(error: &serde_json::Error, text: &str) -> Option<String> {
    let message = error.to_string();
    (message.starts_with("duplicate ") || message.starts_with("a member stands twice")).then(|| twice(text)).flatten()
}

/// A member of an object: where its key begins, and where its value and the blanks behind it end.
struct Member<'t> {
    key: Cow<'t, str>,
    start: usize,
    end: usize,
}

/// Pairs of members, by place, with the same key: each that has an earlier one beside the nearest of these.
fn repeated(members: &[Member<'_>]) -> Vec<[usize; 2]> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|&one, &other| members[one].key.cmp(&members[other].key));
    order.windows(2).filter(|two| members[two[0]].key == members[two[1]].key).map(|two| [two[0], two[1]]).collect()
}

/// Hands over the members of each object, the inner ones first. Of what is no JSON it hands over what it can.
fn each_object<'t>(text: &'t str, mut take: impl FnMut(&[Member<'t>])) {
    let bytes = text.as_bytes();
    // Nothing is collected of an array.
    let mut open: Vec<Option<Vec<Member<'t>>>> = Vec::new();
    let (mut at, mut expects_key) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => open.push(Some(Vec::new())),
            b'[' => open.push(None),
            b'}' | b']' | b',' => {
                if let Some(Some(members)) = open.last_mut() {
                    members.iter_mut().last().into_iter().for_each(|last| last.end = last.end.min(at));
                }
                if byte != b','
                    && let Some(Some(members)) = open.pop()
                {
                    take(&members);
                }
            }
            b'"' => {
                let end = string_end(bytes, at);
                if let (true, Some(Some(members))) = (expects_key, open.last_mut()) {
                    let key = key(text.get(at..end).unwrap_or_default());
                    members.push(Member { key, start: at, end: usize::MAX });
                }
                (at, expects_key) = (end, false);
                continue;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            expects_key = matches!(byte, b'{' | b',') && matches!(open.last(), Some(Some(_)));
        }
        at += 1;
    }
}

/// The place behind a string that begins here.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while bytes.get(at).is_some_and(|&byte| byte != b'"') {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// What a key in quotes says.
fn key(quoted: &str) -> Cow<'_, str> {
    let plain = quoted.strip_prefix('"').map_or(quoted, |rest| rest.strip_suffix('"').unwrap_or(rest));
    match plain.contains('\\').then(|| serde_json::from_str(quoted)) {
        Some(Ok(key)) => Cow::Owned(key),
        Some(Err(_)) | None => Cow::Borrowed(plain),
    }
}

/// A value of any form in which no key stands twice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unique(pub Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed.deserialize(deserializer).map(Unique)
    }
}

#[derive(Clone, Copy)]
struct Seed;

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            match map.entry(key) {
                serde_json::map::Entry::Vacant(place) => drop(place.insert(members.next_value_seed(self)?)),
                serde_json::map::Entry::Occupied(_) => return Err(de::Error::custom(TWICE)),
            }
        }
        Ok(Value::Object(map))
    }
}

/// Up to here every whole number is exact as one of floating point.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// What says that [`reason`] has more to tell.
pub(super) const TWICE: &str = "duplicate key";

/// Reads a map in which no key stands twice.
pub(super) fn unique_map<'de, D, K, V>(deserializer: D) -> Result<Option<BTreeMap<K, V>>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    struct Members<K, V>(BTreeMap<K, V>);

    impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Members<K, V> {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Self::Value, A::Error> {
            while let Some(key) = members.next_key()? {
                match self.0.entry(key) {
                    Entry::Vacant(place) => drop(place.insert(members.next_value()?)),
                    Entry::Occupied(_) => return Err(de::Error::custom(TWICE)),
                }
            }
            Ok(self.0)
        }
    }

    struct Optional<K, V>(Members<K, V>);

    impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Optional<K, V> {
        type Value = Option<BTreeMap<K, V>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(f)
        }

        fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_map(self.0).map(Some)
        }
    }

    deserializer.deserialize_option(Optional(Members(BTreeMap::new())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_that_was_chosen_is_kept() {
        for (text, first, last) in [
            (r#"{"a":1,"a":2}"#, r#"{"a":1}"#, r#"{"a":2}"#),
            (
                r#"{ "a" : 1 , "b":{"c":[1,2]} , "a" : "x,}" }"#,
                r#"{ "a" : 1 , "b":{"c":[1,2]} }"#,
                r#"{ "b":{"c":[1,2]} , "a" : "x,}" }"#,
            ),
            (r#"{"a":1,"a":2,"a":3,"b":4}"#, r#"{"a":1,"b":4}"#, r#"{"a":3,"b":4}"#),
            (r#"[{"x":{"a":1,"a":2}},{"a":3}]"#, r#"[{"x":{"a":1}},{"a":3}]"#, r#"[{"x":{"a":2}},{"a":3}]"#),
            (r#"{"a":{"b":1,"b":2},"\u0061":{"b":3,"b":4}}"#, r#"{"a":{"b":1}}"#, r#"{"\u0061":{"b":4}}"#),
            (r#"{"\"":1,"\"":2}"#, r#"{"\"":1}"#, r#"{"\"":2}"#),
        ] {
            let settled = |keep: DuplicateKeys| {
                keep.settle(text).map(|text| text.replace(" }", "}").replace(" , \"a\"", ",\"a\""))
            };
            let plain = |text: &str| Some(text.replace(" }", "}").replace(" , \"a\"", ",\"a\""));
            assert_eq!(settled(DuplicateKeys::First), plain(first), "{text}");
            assert_eq!(settled(DuplicateKeys::Last), plain(last), "{text}");
            assert_eq!(DuplicateKeys::Error.settle(text), None);
            assert!(serde_json::from_str::<Unique>(text).is_err(), "{text}");
        }
        for text in
            [r#"{"a":1,"b":{"a":2},"c":["a","a"]}"#, r#"{"a":"a","b":"a"}"#, r#"{"a":tru,"a":1}"#, "{", "\"", "[1,1]"]
        {
            assert_eq!(DuplicateKeys::Last.settle(text), None, "{text}");
        }
        let lines = DuplicateKeys::Last.settle_lines(b"{\"a\":1,\"a\":2}\n\xff\n{\"b\":1}");
        assert_eq!(lines.as_deref(), Some(&b"{\"a\":2}\n\xff\n{\"b\":1}"[..]));
    }

    #[test]
    fn the_first_repetition_is_told_with_its_place() {
        let told = twice(r#"{"b":{"c":1,"c":2},"b":3}"#).expect("a repetition");
        assert_eq!(
            told,
            "the key \"c\" stands twice in one object (byte 12 of the record); say which counts by --duplicate-keys"
        );
        assert_eq!(twice(r#"{"b":{"c":1},"c":3}"#), None);
    }

    #[test]
    fn what_is_unique_is_the_value_that_the_library_reads() {
        for text in [r#"{"a":[1,-2,2.5,"x",null,true,{"b":{}}],"c":1e300}"#, "[]", "null", "18446744073709551615"] {
            let unique = serde_json::from_str::<Unique>(text).expect("unique").0;
            assert_eq!(unique, serde_json::from_str::<Value>(text).expect("JSON"), "{text}");
        }
    }
}
