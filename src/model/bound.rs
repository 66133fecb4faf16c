//! Bounds as JSON gives them: a text, an object with two dates, or nothing.
//!
//! A record has one or two of them, so they are read where they stand, not copied and tried as one form after the other.

use super::{DateBound, PartialDate};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

impl<'de> Deserialize<'de> for DateBound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Only what was read to its end is judged, so that a fault in the JSON itself is told first.
        let bound = match Value::deserialize(deserializer)? {
            Value::Nothing => Some(DateBound::Missing),
            Value::Text(date) => date.map(DateBound::On),
            Value::Between { not_before, not_after } => Some(DateBound::Between { not_before, not_after }),
            Value::Other => None,
        };
        bound.ok_or_else(|| D::Error::custom("data did not match any variant of untagged enum DateBound"))
    }
}

/// Any value, as far as it may be a bound or one of its dates.
enum Value {
    Nothing,
    /// A text, and the date that it is.
    Text(Option<PartialDate>),
    Between {
        not_before: Option<PartialDate>,
        not_after: Option<PartialDate>,
    },
    Other,
}

impl Value {
    /// A date within a bound; `None` where it is neither a date nor nothing.
    fn date(self) -> Option<Option<PartialDate>> {
        match self {
            Value::Nothing => Some(None),
            Value::Text(Some(date)) => Some(Some(date)),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date or an object with dates")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.parse().ok()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<Value>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (mut not_before, mut not_after, mut fits) = (None, None, true);
        while let Some(member) = members.next_key::<Member>()? {
            let date = members.next_value::<Value>()?.date();
            let place = match member {
                Member::NotBefore => &mut not_before,
                Member::NotAfter => &mut not_after,
                Member::Other => continue,
            };
            fits &= date.is_some() && place.is_none();
            *place = date;
        }
        let (not_before, not_after) = (not_before.flatten(), not_after.flatten());
        Ok(if fits { Value::Between { not_before, not_after } } else { Value::Other })
    }
}

#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Member {
    NotBefore,
    NotAfter,
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same without a word of this file.
    #[derive(Debug, serde::Deserialize)]
    #[serde(untagged)]
    enum Derived {
        On(PartialDate),
        Between {
            #[serde(default)]
            not_before: Option<PartialDate>,
            #[serde(default)]
            not_after: Option<PartialDate>,
        },
        Missing,
    }

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Record<T> {
        start: T,
        #[serde(default)]
        _end: Option<serde::de::IgnoredAny>,
    }

    #[test]
    fn a_bound_is_what_its_forms_tried_in_turn_give_with_the_same_errors_at_the_same_places() {
        let (mut read, mut refused) = (0, 0);
        for start in [
            "null",
            "\"2019-03\"",
            "\"2019-0\\u0033\"",
            "\"2019-13\"",
            "{}",
            "{ \"not_before\": \"2018-05\", \"not_after\": null }",
            "{\"not_after\": \"2019\", \"seen\": [1, {\"a\": -2.5, \"b\": true}]}",
            "{\"not_after\": \"then\"}",
            "{\"not_after\": \"2019\", \"not_after\": \"2019\"}",
            "{\"not_after\": null, \"not_after\": null}",
            "{\"not_after\": 2019}",
            "{\"not_after\": [\"2019\"]}",
            "{\"not_after\": {\"not_after\": \"2019\"}}",
            "[]",
            "[\"2019\", \"2020\"]",
            "2019",
            "-1",
            "1.5",
            "1e999",
            "true",
            "\"\\ud800\"",
            "{\"seen\": \"\\ud800\"}",
            "{\"not_after\"}",
            "[1",
            "nul",
        ] {
            for json in [
                format!("{{\"start\": {start}}}"),
                format!("{{\"start\": {start}\n  , \"_end\": null}}"),
                format!("{{\"start\": {start}, \"more\": 1}}"),
            ] {
                let own = serde_json::from_str::<Record<DateBound>>(&json).map(|record| record.start);
                let derived = serde_json::from_str::<Record<Derived>>(&json).map(|record| match record.start {
                    Derived::On(date) => DateBound::On(date),
                    Derived::Between { not_before, not_after } => DateBound::Between { not_before, not_after },
                    Derived::Missing => DateBound::Missing,
                });
                let own = own.map_err(|error| error.to_string());
                let derived = derived.map_err(|error| error.to_string().replace("enum Derived", "enum DateBound"));
                assert_eq!(own, derived, "{json}");
                *if own.is_ok() { &mut read } else { &mut refused } += 1;
            }
        }
        assert_eq!((read, refused), (12, 63));
    }
}
