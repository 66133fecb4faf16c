//! The members that nearly all statements of 0.4 consist of, for lines that look like lines before them.

use super::schema::{
    Country, Details, EntityType, IdentifierObject, InterestObject, List, Name, Number, ShareObject, Statement, Str,
    TextOr,
};
use crate::load::shapes::{Kind, Members, Use};
use std::borrow::Cow;

/// Puts a value into its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    put: for<'t> fn(&mut Statement<'t>, usize, &'t str),
    index: u8,
}

impl Place {
    pub(super) fn fill<'t>(self, statement: &mut Statement<'t>, value: &'t str) {
        (self.put)(statement, usize::from(self.index), value);
    }
}

/// Entries of a list beyond which a statement is none of the common ones.
const MOST_ENTRIES: usize = 8;

/// Members of a statement up to its provenance.
#[derive(Debug)]
pub(super) struct CommonMembers;

impl Members for CommonMembers {
    type Field = Place;

    fn container(path: &str) -> Use<()> {
        match path {
            "" | "recordDetails" | "recordDetails.entityType" | "recordDetails.jurisdiction" => Use::Take(()),
            "recordDetails.identifiers" | "recordDetails.identifiers[]" => Use::Take(()),
            "recordDetails.names" | "recordDetails.names[]" => Use::Take(()),
            "recordDetails.nationalities" | "recordDetails.nationalities[]" => Use::Take(()),
            "recordDetails.interests" | "recordDetails.interests[]" | "recordDetails.interests[].share" => {
                Use::Take(())
            }
            "recordDetails.addresses" | "recordDetails.placeOfBirth" | "recordDetails.taxResidencies" => Use::Ignore,
            _ => Use::LeaveAll,
        }
    }

    fn value(path: &str, index: usize, kind: Kind) -> Use<Place> {
        if matches!(path, "declarationSubject" | "declaration" | "recordDetails.isComponent") {
            return Use::Ignore;
        }
        let put = match kind {
            Kind::Text => text(path),
            Kind::Number => share(path),
            Kind::Flag => flag(path),
        };
        match (put, u8::try_from(index)) {
            (Some(put), Ok(place)) if index < MOST_ENTRIES => Use::Take(Place { put, index: place }),
            _ => Use::LeaveAll,
        }
    }
}

type Put = for<'t> fn(&mut Statement<'t>, usize, &'t str);

fn text(path: &str) -> Option<Put> {
    Some(match path {
        "statementId" | "statementID" => |statement, _, value| statement.statement_id = plain(value),
        "statementDate" => |statement, _, value| statement.statement_date = plain(value),
        "recordId" => |statement, _, value| statement.record_id = plain(value),
        "recordType" => |statement, _, value| statement.record_type = plain(value),
        "recordStatus" => |statement, _, value| statement.record_status = plain(value),
        _ => match path.strip_prefix("recordDetails.")? {
            "subject" => |statement, _, value| details(statement).subject = text_of(value),
            "interestedParty" => |statement, _, value| details(statement).interested_party = text_of(value),
            "name" => |statement, _, value| details(statement).name = plain(value),
            "personType" => |statement, _, value| details(statement).person_type = plain(value),
            "foundingDate" => |statement, _, value| details(statement).founding_date = plain(value),
            "dissolutionDate" => |statement, _, value| details(statement).dissolution_date = plain(value),
            "birthDate" => |statement, _, value| details(statement).birth_date = plain(value),
            "entityType.type" => |statement, _, value| entity_type(statement).kind = plain(value),
            "entityType.details" => |statement, _, value| entity_type(statement).details = plain(value),
            "jurisdiction.code" => |statement, _, value| jurisdiction(statement).code = plain(value),
            "jurisdiction.name" => |statement, _, value| jurisdiction(statement).name = plain(value),
            path => return part(path),
        },
    })
}

/// A text in one of the lists.
fn part(path: &str) -> Option<Put> {
    Some(match path {
        "identifiers[].id" => |statement, index, value| identifier(statement, index).id = plain(value),
        "identifiers[].scheme" => |statement, index, value| identifier(statement, index).scheme = plain(value),
        "identifiers[].schemeName" => |statement, index, value| identifier(statement, index).scheme_name = plain(value),
        "identifiers[].uri" => |statement, index, value| identifier(statement, index).uri = plain(value),
        "names[].type" => |statement, index, value| name(statement, index).kind = plain(value),
        "names[].fullName" => |statement, index, value| name(statement, index).full_name = plain(value),
        "names[].givenName" => |statement, index, value| name(statement, index).given_name = plain(value),
        "names[].patronymicName" => |statement, index, value| name(statement, index).patronymic_name = plain(value),
        "names[].familyName" => |statement, index, value| name(statement, index).family_name = plain(value),
        "nationalities[].code" => |statement, index, value| nationality(statement, index).code = plain(value),
        "nationalities[].name" => |statement, index, value| nationality(statement, index).name = plain(value),
        "interests[].type" => |statement, index, value| interest(statement, index).kind = plain(value),
        "interests[].directOrIndirect" => {
            |statement, index, value| interest(statement, index).direct_or_indirect = plain(value)
        }
        "interests[].details" => |statement, index, value| interest(statement, index).details = plain(value),
        "interests[].startDate" => |statement, index, value| interest(statement, index).start_date = plain(value),
        "interests[].endDate" => |statement, index, value| interest(statement, index).end_date = plain(value),
        _ => return None,
    })
}

fn share(path: &str) -> Option<Put> {
    Some(match path.strip_prefix("recordDetails.interests[].share.")? {
        "exact" => |statement, index, value| share_of(statement, index).exact = number(value),
        "minimum" => |statement, index, value| share_of(statement, index).minimum = number(value),
        "maximum" => |statement, index, value| share_of(statement, index).maximum = number(value),
        "exclusiveMinimum" => |statement, index, value| share_of(statement, index).exclusive_minimum = number(value),
        "exclusiveMaximum" => |statement, index, value| share_of(statement, index).exclusive_maximum = number(value),
        _ => return None,
    })
}

fn flag(path: &str) -> Option<Put> {
    Some(match path.strip_prefix("recordDetails.interests[].")? {
        "beneficialOwnershipOrControl" => {
            |statement, index, value| interest(statement, index).beneficial_ownership_or_control = flag_of(value)
        }
        "share.exclusiveMinimum" => {
            |statement, index, value| share_of(statement, index).exclusive_minimum = flag_of(value)
        }
        "share.exclusiveMaximum" => {
            |statement, index, value| share_of(statement, index).exclusive_maximum = flag_of(value)
        }
        _ => return None,
    })
}

fn plain(value: &str) -> Option<Str<'_>> {
    Some(Str(Cow::Borrowed(value)))
}

fn text_of<T>(value: &str) -> Option<TextOr<'_, T>> {
    Some(TextOr::Text(Cow::Borrowed(value)))
}

fn number(value: &str) -> Option<Number> {
    value.parse().ok().map(Number::Value)
}

fn flag_of(value: &str) -> Option<Number> {
    Some(Number::Flag(value == "true"))
}

fn details<'s, 't>(statement: &'s mut Statement<'t>) -> &'s mut Details<'t> {
    statement.record_details.get_or_insert_default()
}

fn entity_type<'s, 't>(statement: &'s mut Statement<'t>) -> &'s mut EntityType<'t> {
    object(&mut details(statement).entity_type)
}

fn jurisdiction<'s, 't>(statement: &'s mut Statement<'t>) -> &'s mut Country<'t> {
    object(&mut details(statement).jurisdiction)
}

fn identifier<'s, 't>(statement: &'s mut Statement<'t>, index: usize) -> &'s mut IdentifierObject<'t> {
    entry(&mut details(statement).identifiers, index)
}

fn name<'s, 't>(statement: &'s mut Statement<'t>, index: usize) -> &'s mut Name<'t> {
    entry(&mut details(statement).names, index)
}

fn nationality<'s, 't>(statement: &'s mut Statement<'t>, index: usize) -> &'s mut Country<'t> {
    let nationalities = &mut details(statement).nationalities.0;
    if nationalities.len() <= index {
        nationalities.resize_with(index + 1, || TextOr::Object(Country::default()));
    }
    as_object(&mut nationalities[index])
}

fn interest<'s, 't>(statement: &'s mut Statement<'t>, index: usize) -> &'s mut InterestObject<'t> {
    entry(&mut details(statement).interests, index)
}

fn share_of<'s>(statement: &'s mut Statement<'_>, index: usize) -> &'s mut ShareObject {
    object(&mut interest(statement, index).share)
}

fn entry<T: Default>(list: &mut List<T>, index: usize) -> &mut T {
    if list.0.len() <= index {
        list.0.resize_with(index + 1, T::default);
    }
    &mut list.0[index]
}

fn object<'s, T: Default>(member: &'s mut Option<TextOr<'_, T>>) -> &'s mut T {
    as_object(member.get_or_insert_with(|| TextOr::Object(T::default())))
}

fn as_object<'s, T: Default>(member: &'s mut TextOr<'_, T>) -> &'s mut T {
    if let TextOr::Text(_) = member {
        *member = TextOr::Object(T::default());
    }
    match member {
        TextOr::Object(object) => object,
        TextOr::Text(_) => unreachable!("it was replaced"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::shapes::differential::{chances, compare};
    use crate::load::shapes::{Fit, Shapes};
    use serde_json::{Map, Value, json};

    fn read_by_shape(shapes: &Shapes<CommonMembers>, line: &str) -> (Fit, String) {
        let mut statement = Statement::default();
        let fit = shapes.scan(line, |place, value| place.fill(&mut statement, value));
        (fit, format!("{statement:?}"))
    }

    fn read_by_library(line: &str) -> Result<String, String> {
        let read = serde_json::from_str::<Statement<'_>>(line);
        read.map(|read| format!("{read:?}")).map_err(|error| error.to_string())
    }

    /// Statements with members of all kinds, common ones and others.
    fn statement(seed: u64) -> Value {
        let party = json!({
            "isComponent": false, "entityType": {"type": "registeredEntity", "details": "GmbH"}, "name": "A",
            "jurisdiction": {"name": "France", "code": "FR"}, "foundingDate": "2020-01-02", "dissolutionDate": "2021",
            "identifiers": [{"id": "1", "scheme": "FR-RCS", "schemeName": "S", "uri": "u"}, {"id": "2"}],
            "addresses": [{"type": "registered", "country": {"code": "FR"}}], "personType": "knownPerson",
            "names": [{"type": "legal", "fullName": "N", "givenName": "G", "familyName": "F", "patronymicName": "P"}],
            "nationalities": [{"name": "France", "code": "FR"}, {"code": "DE"}], "birthDate": "1960-05",
        });
        let relationship = json!({
            "isComponent": true, "subject": "S", "interestedParty": "P",
            "interests": [
                {"type": "shareholding", "directOrIndirect": "direct", "beneficialOwnershipOrControl": true,
                 "share": {"exact": 7.57, "minimum": 25, "maximum": 50.0, "exclusiveMinimum": true, "exclusiveMaximum": 50},
                 "startDate": "2013-04-02", "endDate": "2014", "details": "d d"},
                {"type": "votingRights", "share": {"minimum": 0}},
            ],
        });
        let rare = json!({
            "alternateNames": ["B"], "publicListing": {"hasPublicListing": true}, "componentRecords": [], "x": {"y": 1},
            "interestedParty": {"reason": "unknown"}, "interests": [{"share": {"exact": "5 %"}}, {}], "name": 5,
            "subject": null, "jurisdiction": "FR", "entityType": {}, "identifiers": {"id": "1"}, "names": [[]],
        });
        let head = json!({
            "statementId": "s", "declarationSubject": "S", "statementDate": "2020", "recordId": "r",
            "recordType": "entity", "recordStatus": "new", "annotations": [],
        });
        let mut next = chances(seed, 6);
        let mut fates = || (0..24).map(|_| next()).collect::<Vec<u64>>();
        let details = if seed.is_multiple_of(2) { &party } else { &relationship };
        let mut statement = some_of(&head, &fates());
        statement["recordDetails"] = some_of(details, &fates());
        for (member, fate) in rare.as_object().into_iter().flatten().zip(fates().into_iter().zip(fates())) {
            if fate == (0, 0) {
                statement["recordDetails"][member.0] = member.1.clone();
            }
        }
        statement
    }

    /// An object with most of its members, some of them with nothing or with something else in them.
    fn some_of(object: &Value, fates: &[u64]) -> Value {
        let members = object.as_object().cloned().unwrap_or_default();
        let mut kept = Map::new();
        for ((key, value), fate) in members.into_iter().zip(fates) {
            match fate {
                0 => {}
                1 if value.is_string() => drop(kept.insert(key, Value::Null)),
                _ => drop(kept.insert(key, value)),
            }
        }
        Value::Object(kept)
    }

    #[test]
    fn a_statement_read_by_its_shape_is_the_one_that_the_library_reads() {
        let learned = |line: &str| {
            let mut shapes = Shapes::default();
            shapes.learn(line);
            shapes
        };
        let by_shape = |shapes: &Shapes<CommonMembers>, line: &str| {
            let (fit, read) = read_by_shape(shapes, line);
            (Some(fit), read)
        };
        let (known, _) = compare((0..4000).map(statement), learned, by_shape, read_by_library);
        assert!(known > 300, "only {known} statements were read by their shapes");
    }

    #[test]
    fn common_statements_are_read_by_their_shapes() {
        let mut shapes = Shapes::default();
        for (first, second) in [
            (
                r#"{"statementId":"1","declarationSubject":"X","statementDate":"2020-08-28","recordId":"E","recordType":"entity","recordStatus":"new","recordDetails":{"isComponent":false,"entityType":{"type":"registeredEntity"},"name":"A","jurisdiction":{"name":"France","code":"FR"},"identifiers":[{"id":"5","scheme":"FR-RCS","schemeName":"R"}],"addresses":[{"type":"registered","country":{"code":"FR"}}]}}"#,
                r#"{"statementId":"2","declarationSubject":"Y","statementDate":"2021-08-28","recordId":"É","recordType":"entity","recordStatus":"closed","recordDetails":{"isComponent":true,"entityType":{"type":"state"},"name":"B B","jurisdiction":{"name":"","code":"DE"},"identifiers":[{"id":"","scheme":"DE-HRB","schemeName":"Q"}],"addresses":[{"type":"x","country":{"code":"DE"}}]}}"#,
            ),
            (
                r#"{"recordType":"relationship","recordDetails":{"subject":"S","interestedParty":"P","interests":[{"type":"shareholding","beneficialOwnershipOrControl":false,"share":{"exact":7.57},"startDate":"2013-04-02"}]}}"#,
                r#"{"recordType":"relationship","recordDetails":{"subject":"T","interestedParty":"Q","interests":[{"type":"votingRights","beneficialOwnershipOrControl":true,"share":{"exact":100},"startDate":""}]}}"#,
            ),
        ] {
            shapes.learn(first);
            let (fit, read) = read_by_shape(&shapes, second);
            assert_eq!((fit, Ok(read)), (Fit::Known, read_by_library(second)));
        }
    }
}
