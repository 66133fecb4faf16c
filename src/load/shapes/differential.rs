//! For tests: what is read of a line by its shape against what the library reads of it.

use super::Fit;
use serde_json::{Value, json};

/// Numbers from 0 below `count` by chance.
pub(crate) fn chances(mut state: u64, count: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % count
    }
}

/// Reads each record, and the same record with other values, after its line was learned. What is read by shape must be
/// what the library reads. Tells how many lines were read by shape, and how many records the library could read.
pub(crate) fn compare<S>(
    records: impl Iterator<Item = Value>,
    learned: impl Fn(&str) -> S,
    by_shape: impl Fn(&S, &str) -> (Option<Fit>, String),
    by_library: impl Fn(&str) -> Result<String, String>,
) -> (usize, usize) {
    let (mut known, mut readable) = (0, 0);
    for record in records {
        let line = record.to_string();
        if by_library(&line).is_err() {
            continue;
        }
        readable += 1;
        let shapes = learned(&line);
        for line in [line, with_other_values(&record).to_string()] {
            let (fit, read) = by_shape(&shapes, &line);
            if fit == Some(Fit::Known) {
                assert_eq!(Ok(read), by_library(&line), "{line}");
                known += 1;
            }
        }
    }
    (known, readable)
}

/// The same value with other texts, numbers and flags.
fn with_other_values(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(format!(" {text} é {}", text.len())),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => json!(whole + 1),
            None => json!(number.as_f64().unwrap_or_default() / 3.0 * 4.0),
        },
        Value::Bool(flag) => Value::Bool(!flag),
        Value::Array(values) => values.iter().map(with_other_values).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), with_other_values(value))).collect())
        }
        Value::Null => Value::Null,
    }
}
