//! The members of entities, for lines that look like lines before them.

use super::parties::KnownDetails;
use super::record::{Property, Record, Text};
use crate::load::nesting;
use crate::load::shapes::{Fit, Kind, Members, Shapes, Use};
use std::borrow::Cow;

/// Reads entities by themselves.
#[derive(Debug, Clone, Default)]
pub(super) struct Parser {
    shapes: Shapes<EntityMembers>,
    /// Details that were written before.
    pub details: KnownDetails,
}

impl Parser {
    /// Reads an entity into an empty one.
    pub(super) fn record<'t>(&mut self, json: &'t str, record: &mut Record<'t>) -> serde_json::Result<()> {
        let fit = self.shapes.scan(json, |member, value| member.fill(record, value));
        if fit == Fit::Known {
            return Ok(());
        }
        if fit == Fit::New {
            nesting::check::<serde_json::Error>(json)?;
        }
        *record = serde_json::from_str(json)?;
        if fit == Fit::New {
            self.shapes.learn(json);
        }
        Ok(())
    }
}

/// A member of an entity that is read.
#[derive(Debug, Clone, Copy)]
enum Member {
    Id,
    Schema,
    Caption,
    Dataset,
    Referent,
    LastSeen,
    LastChange,
    Property(Property),
}

impl Member {
    fn fill<'t>(self, record: &mut Record<'t>, value: &'t str) {
        let text = Cow::Borrowed(value);
        match self {
            Member::Id => record.id = text,
            Member::Schema => record.schema = text,
            Member::Caption => record.caption = Some(Text(text)),
            Member::Dataset => record.datasets.push(Text(text)),
            Member::Referent => record.referents.push(Text(text)),
            Member::LastSeen => record.last_seen = Some(Text(text)),
            Member::LastChange => record.last_change = Some(Text(text)),
            Member::Property(property) => record.properties.push(property, text),
        }
    }
}

/// Members of an entity without other entities in it.
#[derive(Debug)]
struct EntityMembers;

impl Members for EntityMembers {
    type Field = Member;

    fn container(path: &str) -> Use<()> {
        match (path, property(path)) {
            ("" | "properties" | "datasets" | "referents", _) => Use::Take(()),
            (_, Some((_, ""))) => Use::Take(()),
            // An entity within this one, or values in brackets of their own.
            (_, Some(_)) => Use::LeaveAll,
            (_, None) => Use::Ignore,
        }
    }

    fn value(path: &str, _: usize, kind: Kind) -> Use<Member> {
        let member = match (path, property(path)) {
            ("id", _) => Member::Id,
            ("schema", _) => Member::Schema,
            ("caption", _) => Member::Caption,
            ("datasets[]", _) => Member::Dataset,
            ("referents[]", _) => Member::Referent,
            ("last_seen", _) => Member::LastSeen,
            ("last_change", _) => Member::LastChange,
            // Also of one that is not read: that it is a text, and no entity, is of use.
            (_, Some((property, "" | "[]"))) => Member::Property(property),
            (_, Some(_)) | ("properties" | "datasets" | "referents", _) => return Use::LeaveAll,
            (_, None) => return Use::Ignore,
        };
        if kind == Kind::Text { Use::Take(member) } else { Use::LeaveAll }
    }
}

/// The property that a path leads to, and what follows it.
fn property(path: &str) -> Option<(Property, &str)> {
    let path = path.strip_prefix("properties.")?;
    let (name, rest) = path.split_at(path.find(['[', '.']).unwrap_or(path.len()));
    Some((Property::named(name), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::shapes::differential::{chances, compare};
    use serde_json::{Map, Value, json};

    fn read_by_shape(shapes: &Shapes<EntityMembers>, line: &str) -> (Fit, String) {
        let mut record = Record::default();
        let fit = shapes.scan(line, |member, value| member.fill(&mut record, value));
        (fit, format!("{record:?}"))
    }

    fn read_by_library(line: &str) -> Result<String, String> {
        let read = serde_json::from_str::<Record<'_>>(line);
        read.map(|read| format!("{read:?}")).map_err(|error| error.to_string())
    }

    /// Entities with members of all kinds, common ones and others.
    fn entity(seed: u64) -> Value {
        let properties = json!({
            "name": ["A", "B"], "jurisdiction": ["fr"], "alias": [], "registrationNumber": ["1"], "owner": ["P-1"],
            "asset": "C-1", "percentage": ["13.68"], "startDate": ["2010-09-01"], "unread": ["x", "y"], "topics": null,
            "notes": "of no use", "addressEntity": [],
        });
        let rare = json!({
            "sharesCount": 5, "status": [7.5], "role": [true], "ownershipOwner": [{"id": "O", "schema": "Ownership"}],
            "parent": {"id": "N", "properties": {}}, "country": [["de"]], "unread": [{"id": "U"}], "date": [null],
            "notes": {"id": "V"}, "name.alias": ["Z"],
        });
        let others = json!({
            "caption": "A", "schema": "Company", "referents": ["r"], "datasets": ["d", "e"], "target": true,
            "first_seen": "2020", "last_seen": "2021", "last_change": "2022", "more": {"id": ["x"], "n": 1},
        });
        let rare_others = json!({
            "referents": null, "datasets": [], "caption": 1, "schema": null, "properties": null, "last_seen": ["2021"],
            "id": 5, "datasets ": [null],
        });
        let mut next = chances(seed, 6);
        let mut some = |object: &Value, from: u64, to: u64| -> Map<String, Value> {
            let members = object.as_object().cloned().unwrap_or_default();
            members.into_iter().filter(|_| (from..to).contains(&next()) && (to > 1 || next() == 0)).collect()
        };
        let mut properties = some(&properties, 0, 4);
        properties.append(&mut some(&rare, 0, 1));
        let mut entity = Map::from_iter([("id".to_owned(), json!("E"))]);
        entity.append(&mut some(&others, 0, 5));
        entity.insert("properties".to_owned(), Value::Object(properties));
        entity.append(&mut some(&rare_others, 0, 1));
        Value::Object(entity)
    }

    #[test]
    fn an_entity_read_by_its_shape_is_the_one_that_the_library_reads() {
        let learned = |line: &str| {
            let mut shapes = Shapes::default();
            shapes.learn(line);
            shapes
        };
        let by_shape = |shapes: &Shapes<EntityMembers>, line: &str| {
            let (fit, read) = read_by_shape(shapes, line);
            (Some(fit), read)
        };
        let (known, readable) = compare((0..4000).map(entity), learned, by_shape, read_by_library);
        assert!(known > 1500 && known < 2 * readable, "{known} of {readable} entities were read by their shapes");
    }

    #[test]
    fn common_entities_are_read_by_their_shapes() {
        let mut shapes = Shapes::default();
        for (first, second) in [
            (
                r#"{"id":"E","caption":"A","schema":"Company","properties":{"name":["A"],"jurisdiction":["fr"],"x":["y"]},"referents":[],"datasets":["d"],"first_seen":"2024","target":false}"#,
                r#"{"id":"É","caption":"B","schema":"Person","properties":{"name":["B B"],"jurisdiction":[""],"x":["z"]},"referents":[],"datasets":["e"],"first_seen":"2025","target":true}"#,
            ),
            (
                r#"{"id":"o","schema":"Ownership","properties":{"owner":["P"],"asset":["C"],"percentage":["7"]}}"#,
                r#"{"id":"p","schema":"Control","properties":{"owner":["Q"],"asset":["D"],"percentage":["x"]}}"#,
            ),
        ] {
            shapes.learn(first);
            let (fit, read) = read_by_shape(&shapes, second);
            assert_eq!((fit, Ok(read)), (Fit::Known, read_by_library(second)));
        }
    }

    #[test]
    fn entities_within_entities_are_left_to_the_library() {
        for line in [
            r#"{"id":"E","properties":{"name":["A"],"owner":[{"id":"O"}]}}"#,
            r#"{"id":"E","properties":{"name":["A"],"unread":{"id":"O"}}}"#,
            r#"{"id":"E","properties":{"name":["A"],"unread":[1]}}"#,
        ] {
            let mut shapes = Shapes::default();
            shapes.learn(line);
            assert_eq!(read_by_shape(&shapes, line).0, Fit::Left, "{line}");
        }
    }
}
