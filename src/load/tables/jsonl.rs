//! The program's JSON Lines: `{"cuibono":1,"type":"entity",…}`.

use super::rows::Rows;
use super::{Cells, Table, Wrong};
use crate::error::Result;
use crate::load::intake::Intake;
use crate::load::keys::{self, Unique};
use crate::load::records::Records;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io::BufRead;

/// Whether the first bytes of an input are a record and not a document of the native format.
pub(in crate::load) fn recognises(head: &str) -> bool {
    let members = head.trim_start().strip_prefix('{').map(str::trim_start);
    let version = members.and_then(|text| text.strip_prefix("\"cuibono\"")).map(str::trim_start);
    let rest = version.and_then(|text| text.strip_prefix(':')).map(str::trim_start);
    rest.and_then(|text| text.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().strip_prefix(','))
        .is_some_and(|text| text.trim_start().starts_with("\"type\""))
}

/// Reads one input, record by record.
pub(in crate::load) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut records = Records::new(intake.name, head, reader, (intake.limits.record, intake.keys));
    let mut rows = Rows::new(intake.builder, "native");
    let read = read_all(intake, &mut records, &mut rows);
    // Also where the input breaks off: what was read may be wanted alone.
    rows.finish(intake.builder);
    read
}

fn read_all(intake: &mut Intake<'_>, records: &mut Records<'_>, rows: &mut Rows) -> Result<()> {
    while let Some(record) = records.next()? {
        let text = match record.text {
            Ok(text) => text,
            Err(broken) => {
                intake.reject(intake.at(record.line), broken.reason, &broken.text)?;
                continue;
            }
        };
        match parse(text) {
            Ok((table, cells)) => rows.add(intake, table, &cells, record.line, || text.to_owned())?,
            Err(wrong) => intake.reject(intake.at(record.line), wrong, text)?,
        }
    }
    Ok(())
}

fn parse(text: &str) -> Result<(Table, Map<String, Value>), Wrong> {
    let cells = serde_json::from_str(text)
        .map_err(|error| keys::reason(&error, text).unwrap_or_else(|| format!("is no JSON object: {error}")))?;
    let Unique(Value::Object(cells)) = cells else { return Err("is no JSON object".to_owned()) };
    match cells.get("cuibono") {
        Some(version) if *version == 1 => {}
        Some(version) => return Err(format!("is of version {version}; this program reads version 1")),
        None => return Err("has no member \"cuibono\" that gives the version".to_owned()),
    }
    let table = match cells.get("type").and_then(Value::as_str) {
        Some("entity") => Table::Entities,
        Some("interest") => Table::Interests,
        Some("source") => Table::Sources,
        Some("jurisdiction") => Table::Jurisdictions,
        _ => return Err("has a type that is none of entity, interest, source, jurisdiction".to_owned()),
    };
    Ok((table, cells))
}

impl Cells for Map<String, Value> {
    fn text(&self, column: &str) -> Result<Option<Cow<'_, str>>, Wrong> {
        match self.get(column) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(Cow::Borrowed(text))),
            Some(_) => Err(format!("{column} is no text")),
        }
    }

    fn list(&self, column: &str) -> Result<Vec<String>, Wrong> {
        let text =
            |item: &Value| item.as_str().map(str::to_owned).ok_or_else(|| format!("{column} is no list of texts"));
        match self.get(column) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(text).collect(),
            Some(_) => Err(format!("{column} is no list of texts")),
        }
    }

    fn number(&self, column: &str) -> Result<Option<f64>, Wrong> {
        match self.get(column) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or_else(|| format!("{column} is no number")),
        }
    }

    fn flag(&self, column: &str) -> Result<bool, Wrong> {
        match self.get(column) {
            None | Some(Value::Null) => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| format!("{column} is neither true nor false")),
        }
    }

    fn parts<T: DeserializeOwned + Default>(&self, column: &str) -> Result<T, Wrong> {
        match self.get(column) {
            None | Some(Value::Null) => Ok(T::default()),
            Some(value) => T::deserialize(value).map_err(|error| format!("{column}: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::recognises;

    #[test]
    fn records_are_told_from_documents() {
        assert!(recognises("{\"cuibono\":1,\"type\":\"entity\",\"id\":\"a\"}"));
        assert!(recognises(" { \"cuibono\" : 2 , \"type\" : "));
        assert!(!recognises("{\"cuibono\": 1, \"title\": \"x\", \"type\": 1}"));
        assert!(!recognises("{\"type\":\"entity\",\"cuibono\":1}"));
    }
}
