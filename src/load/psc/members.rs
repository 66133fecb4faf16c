//! The members of rows about people with significant control, for lines that look like lines before them.

use super::row::{Birth, Data, Envelope, Identification, Links, NameElements, Text};
use crate::load::nesting;
use crate::load::shapes::{Fit, Kind, Members, Shapes, Use};
use std::borrow::Cow;

/// Reads rows by their shapes.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    shapes: Shapes<RowMembers>,
}

impl Rows {
    /// Reads a row into an empty one.
    pub(super) fn row<'t>(&mut self, json: &'t str, row: &mut Envelope<'t>) -> serde_json::Result<()> {
        let fit = scan(&self.shapes, json, row);
        if fit == Some(Fit::Known) {
            return Ok(());
        }
        if fit != Some(Fit::Left) {
            nesting::check::<serde_json::Error>(json)?;
        }
        *row = serde_json::from_str(json)?;
        if fit == Some(Fit::New) {
            self.shapes.learn(json);
        }
        Ok(())
    }
}

/// How a line stands to the shapes; `None` where a value of it is not what its member takes.
fn scan<'t>(shapes: &Shapes<RowMembers>, json: &'t str, row: &mut Envelope<'t>) -> Option<Fit> {
    let mut fits = true;
    let fit = shapes.scan(json, |put: Put, value| fits &= put(row, value).is_some());
    fits.then_some(fit)
}

/// Puts a value into its place; `None` where it does not fit there.
type Put = for<'t> fn(&mut Envelope<'t>, &'t str) -> Option<()>;

/// Members of the rows of a snapshot.
#[derive(Debug)]
struct RowMembers;

impl Members for RowMembers {
    type Field = Put;

    fn container(path: &str) -> Use<()> {
        match path {
            "" | "data" => Use::Take(()),
            "data.links" | "data.name_elements" | "data.date_of_birth" | "data.identification" => Use::Take(()),
            "data.natures_of_control" => Use::Take(()),
            "data.exemptions" => Use::LeaveAll,
            _ if is_told_apart_by(path) => Use::LeaveAll,
            _ => Use::Ignore,
        }
    }

    fn value(path: &str, _: usize, kind: Kind) -> Use<Put> {
        let put = match kind {
            Kind::Text => text(path),
            Kind::Number => number(path),
            Kind::Flag => flag(path),
        };
        match put {
            Some(put) => Use::Take(put),
            None if is_read(path) || is_told_apart_by(path) => Use::LeaveAll,
            None => Use::Ignore,
        }
    }
}

/// Whether a member by being there makes another kind of record of a row.
fn is_told_apart_by(path: &str) -> bool {
    let members = [
        "ContentDate",
        "resource_uri",
        "resource_kind",
        "event",
        "links",
        "items",
        "profile",
        "pscs",
        "persons_with_significant_control",
        "psc_statements",
        "persons_with_significant_control_statements",
        "natures_of_control",
        "kind",
        "statement",
        "company_name",
        "CompanyNumber",
    ];
    members.contains(&path)
}

/// Whether a member is read where it holds the right kind of value.
fn is_read(path: &str) -> bool {
    let totals = ["persons_of_significant_control_count", "statements_count", "exemptions_count"];
    let within = |path| ["data.links", "data.name_elements", "data.identification", "data.exemptions"].contains(&path);
    text(path).or(number(path)).or(flag(path)).is_some()
        || matches!(path, "data" | "data.date_of_birth" | "data.natures_of_control")
        || within(path)
        || path.strip_prefix("data.").is_some_and(|member| totals.contains(&member))
}

fn text(path: &str) -> Option<Put> {
    Some(match path {
        "company_number" => |row, value| plain(&mut row.company_number, value),
        _ => match path.strip_prefix("data.")? {
            "kind" => |row, value| plain(&mut data(row).kind, value),
            "etag" => |row, value| plain(&mut data(row).etag, value),
            "name" => |row, value| plain(&mut data(row).name, value),
            "nationality" => |row, value| plain(&mut data(row).nationality, value),
            "notified_on" => |row, value| plain(&mut data(row).notified_on, value),
            "ceased_on" => |row, value| plain(&mut data(row).ceased_on, value),
            "statement" => |row, value| plain(&mut data(row).statement, value),
            "linked_psc_name" => |row, value| plain(&mut data(row).linked_psc_name, value),
            "links.self" => |row, value| plain(&mut links(row).this, value),
            "natures_of_control[]" => |row, value| {
                data(row).natures_of_control.get_or_insert_default().push(Text(Cow::Borrowed(value)));
                Some(())
            },
            "name_elements.title" => |row, value| plain(&mut elements(row).title, value),
            "name_elements.forename" => |row, value| plain(&mut elements(row).forename, value),
            "name_elements.middle_name" => |row, value| plain(&mut elements(row).middle_name, value),
            "name_elements.surname" => |row, value| plain(&mut elements(row).surname, value),
            "identification.legal_form" => |row, value| plain(&mut identification(row).legal_form, value),
            "identification.legal_authority" => |row, value| plain(&mut identification(row).legal_authority, value),
            "identification.country_registered" => {
                |row, value| plain(&mut identification(row).country_registered, value)
            }
            "identification.place_registered" => |row, value| plain(&mut identification(row).place_registered, value),
            "identification.registration_number" => {
                |row, value| plain(&mut identification(row).registration_number, value)
            }
            _ => return None,
        },
    })
}

fn number(path: &str) -> Option<Put> {
    Some(match path {
        "data.date_of_birth.month" => |row, value| digits(&mut birth(row).month, value),
        "data.date_of_birth.year" => |row, value| digits(&mut birth(row).year, value),
        _ => return None,
    })
}

fn flag(path: &str) -> Option<Put> {
    Some(match path {
        "data.ceased" => |row, value| said(&mut data(row).ceased, value),
        "data.is_sanctioned" => |row, value| said(&mut data(row).is_sanctioned, value),
        _ => return None,
    })
}

fn plain<'t>(field: &mut Option<Text<'t>>, value: &'t str) -> Option<()> {
    *field = Some(Text(Cow::Borrowed(value)));
    Some(())
}

/// A number of the register: one with a sign or a fraction is for the library to refuse.
fn digits(field: &mut Option<u32>, value: &str) -> Option<()> {
    *field = Some(value.parse().ok()?);
    Some(())
}

fn said(field: &mut Option<bool>, value: &str) -> Option<()> {
    *field = Some(value == "true");
    Some(())
}

fn data<'r, 't>(row: &'r mut Envelope<'t>) -> &'r mut Data<'t> {
    row.data.get_or_insert_default()
}

fn links<'r, 't>(row: &'r mut Envelope<'t>) -> &'r mut Links<'t> {
    data(row).links.get_or_insert_default()
}

fn elements<'r, 't>(row: &'r mut Envelope<'t>) -> &'r mut NameElements<'t> {
    data(row).name_elements.get_or_insert_default()
}

fn identification<'r, 't>(row: &'r mut Envelope<'t>) -> &'r mut Identification<'t> {
    data(row).identification.get_or_insert_default()
}

fn birth<'r>(row: &'r mut Envelope<'_>) -> &'r mut Birth {
    data(row).date_of_birth.get_or_insert_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::shapes::differential::{chances, compare};
    use serde_json::{Map, Value, json};

    fn read_by_shape(shapes: &Shapes<RowMembers>, line: &str) -> (Option<Fit>, String) {
        let mut row = Envelope::default();
        let fit = scan(shapes, line, &mut row);
        (fit, format!("{row:?}"))
    }

    /// What the library reads; a list of no rights says the same as none.
    fn read_by_library(line: &str) -> Result<String, String> {
        let read = serde_json::from_str::<Envelope<'_>>(line);
        read.map(|row| format!("{row:?}").replace("control: Some([])", "control: None"))
            .map_err(|error| error.to_string())
    }

    /// Rows with members of all kinds, common ones and others.
    fn row(seed: u64) -> Value {
        let members = json!({
            "address": {"locality": "Bath", "premises": "1", "none": null}, "country_of_residence": "Spain",
            "ceased": true, "ceased_on": "2022-05-17", "date_of_birth": {"month": 6, "year": 1999}, "etag": "d4",
            "kind": "individual-person-with-significant-control", "links": {"self": "/company/1/p/x", "other": "y"},
            "name": "A B", "name_elements": {"forename": "A", "surname": "B", "title": null, "middle_name": "C"},
            "nationality": "British", "natures_of_control": ["voting-rights-25-to-50-percent", "x"], "notified_on": "2018",
            "identification": {
                "country_registered": "England", "legal_authority": "Law", "legal_form": "Ltd", "place_registered": "P",
                "registration_number": "5",
            },
            "is_sanctioned": false, "statement": "s", "linked_psc_name": "n", "unread": [1],
        });
        let rare = json!({
            "date_of_birth": {"year": 19.5}, "exemptions": {"x": {"items": []}}, "statements_count": 1, "ceased": 1,
            "natures_of_control": [], "identification": {}, "links": "l", "name": 5, "name_elements": {"other": "x"},
        });
        let rare_outside = json!({
            "items": [], "kind": "k", "company_name": null, "resource_kind": "r", "links": {"self": "l"}, "data": null,
            "event": {"type": "t"}, "ContentDate": "2020", "CompanyNumber": 1, "pscs": {"items": []}, "unread": {"a": 1},
        });
        let mut next = chances(seed, 24);
        let mut some = |object: &Value, of: u64, most: u64| -> Map<String, Value> {
            let mut chance = |_: &(String, Value)| next() % of < most;
            object.as_object().cloned().unwrap_or_default().into_iter().filter(&mut chance).collect()
        };
        let mut data = some(&members, 6, 5);
        data.append(&mut some(&rare, 24, 1));
        let mut row = Map::from_iter([("company_number".to_owned(), json!("1")), ("data".to_owned(), data.into())]);
        row.append(&mut some(&rare_outside, 24, 1));
        Value::Object(row)
    }

    #[test]
    fn a_row_read_by_its_shape_is_the_one_that_the_library_reads() {
        let learned = |line: &str| {
            let mut shapes = Shapes::default();
            shapes.learn(line);
            shapes
        };
        let (known, _) = compare((0..3000).map(row), learned, read_by_shape, read_by_library);
        assert!(known > 1000, "only {known} rows were read by their shapes");
        assert!(known < 5000, "{known} rows were read by their shapes, also those with rare members");
    }

    #[test]
    fn a_number_that_the_register_does_not_give_is_for_the_library() {
        let mut shapes = Shapes::default();
        shapes.learn(r#"{"company_number":"1","data":{"date_of_birth":{"month":6,"year":1999}}}"#);
        for (birth, fit) in [
            (r#"{"month":12,"year":1950}"#, Some(Fit::Known)),
            (r#"{"month":6.5,"year":1950}"#, None),
            (r#"{"month":-6,"year":1950}"#, None),
            (r#"{"month":6,"year":99999999999}"#, None),
            (r#"{"month":"6","year":1950}"#, Some(Fit::New)),
        ] {
            let line = format!(r#"{{"company_number":"1","data":{{"date_of_birth":{birth}}}}}"#);
            assert_eq!(read_by_shape(&shapes, &line).0, fit, "{birth}");
        }
    }
}
