//! Entities, officers, intermediaries and others.

use super::table::Nodes;
use super::{Reading, Refusal, Row, dates, source_id};
use crate::error::{Location, Result};
use crate::load::intake::Intake;
use crate::model::entity::EntityDetails;
use crate::model::{EntityKind, EntityRecord, Identifier, PartialDate, jurisdiction};
use crate::problem::Rule;

/// Words of which one in a name tells a company or arrangement from a person.
const ARTIFICIAL: [&str; 62] = [
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "llp",
    "lp",
    "plc",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "sl",
    "slu",
    "gmbh",
    "ag",
    "kg",
    "ab",
    "as",
    "oy",
    "bv",
    "nv",
    "pte",
    "pty",
    "sdn",
    "bhd",
    "ltda",
    "lda",
    "ooo",
    "oao",
    "zao",
    "pao",
    "trust",
    "trustees",
    "foundation",
    "fundacion",
    "stiftung",
    "stichting",
    "anstalt",
    "fund",
    "partnership",
    "partners",
    "holding",
    "holdings",
    "group",
    "bank",
    "nominees",
    "services",
    "management",
    "investments",
    "enterprises",
    "associates",
    "international",
    "estate",
    "university",
    "ministry",
    "government",
];

/// Words of which one makes it a trust or the like.
const ARRANGEMENT: [&str; 4] = ["trust", "partnership", "fund", "settlement"];

/// Names that stand for whoever holds the paper.
const BEARER: [&str; 10] = [
    "the bearer",
    "bearer",
    "to bearer",
    "to the bearer",
    "bearer share",
    "bearer shares",
    "el portador",
    "al portador",
    "portador",
    "acciones al portador",
];

/// Names of places other than in the list of jurisdictions.
const PLACES: [(&str, &str); 12] = [
    ("british virgin islands", "VG"),
    ("us virgin islands", "VI"),
    ("hong kong", "HK"),
    ("macao", "MO"),
    ("russia", "RU"),
    ("united states", "US"),
    ("united kingdom", "GB"),
    ("south korea", "KR"),
    ("taiwan", "TW"),
    ("nevada", "US-NV"),
    ("wyoming", "US-WY"),
    ("ras al khaimah", "AE-RK"),
];

/// What stands on an officer or intermediary, of whom the source says neither person nor company.
const INFERRED: &str = "Kind inferred from the name.";

/// Adds a node.
pub(super) fn node(
    reading: &mut Reading,
    intake: &mut Intake<'_>,
    row: &Row<'_>,
    nodes: Nodes,
    location: &Location,
) -> Result<Result<(), Refusal>> {
    let id = row.get("node_id");
    if id.is_empty() {
        return Ok(Err("has no node_id".to_owned()));
    }
    let name = row.text("name");
    reading.source(intake, row, location);
    let words = words(&name);
    let stated = matches!(nodes, Nodes::Entities | Nodes::Others);
    let bearer = !stated && BEARER.contains(&words.as_str());
    let (jurisdiction, jurisdiction_inferred) = place(reading, row);
    let listed = |column: &str| -> Vec<String> {
        Some(row.text(column).into_owned()).filter(|text| !text.is_empty() && *text != name).into_iter().collect()
    };
    let details = EntityDetails {
        legal_form: [row.get("company_type"), row.get("type")]
            .into_iter()
            .find(|form| !form.is_empty())
            .map(str::to_owned),
        aliases: listed("original_name"),
        former_names: listed("former_name"),
        note: (!stated && !bearer).then(|| INFERRED.to_owned()),
        sources: Some(row.get("sourceid")).filter(|leak| !leak.is_empty()).map(source_id).into_iter().collect(),
        ..EntityDetails::default()
    };
    let mut day = |columns: &[&str]| day(intake, row, columns, location);
    let record = EntityRecord {
        id: id.to_owned(),
        name: if bearer { "Bearer shares (holder not named)".to_owned() } else { name.clone().into_owned() },
        kind: if stated { stated_kind(&details) } else { inferred_kind(&words) },
        jurisdiction,
        jurisdiction_inferred,
        identifiers: identifiers(row),
        founded: day(&["incorporation_date"]),
        dissolved: day(&["struck_off_date", "closed_date", "inactivation_date"]),
        owners_complete: false,
        details,
    };
    let node = match stated {
        true => intake.builder.entity(record, location)?,
        false => intake.builder.presumed(record, location)?,
    };
    if bearer {
        intake.builder.placeholder(node);
    }
    Ok(Ok(()))
}

/// The words of a name, in lower case.
fn words(name: &str) -> String {
    // S.A. and B.V. are one word each.
    let joined = name.to_lowercase().replace('.', "");
    joined.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn stated_kind(details: &EntityDetails) -> EntityKind {
    let form = details.legal_form.as_deref().map(words).unwrap_or_default();
    match form.split(' ').any(|word| ARRANGEMENT.contains(&word)) {
        true => EntityKind::Arrangement,
        false => EntityKind::Company,
    }
}

fn inferred_kind(words: &str) -> EntityKind {
    let mut words = words.split(' ');
    match (words.clone().any(|word| ARTIFICIAL.contains(&word)), words.next_back()) {
        (true, Some(last)) if ARRANGEMENT.contains(&last) => EntityKind::Arrangement,
        (true, _) => EntityKind::Company,
        (false, _) => EntityKind::Person,
    }
}

fn identifiers(row: &Row<'_>) -> Vec<Identifier> {
    // A scheme with a blank joins nothing: of which register the number is, is not stated.
    let number = Some(row.get("ibcruc")).filter(|number| !number.is_empty());
    number.map(|id| Identifier { scheme: "company number".to_owned(), id: id.to_owned() }).into_iter().collect()
}

/// The jurisdiction, and whether it is only a country connected with the node.
fn place(reading: &mut Reading, row: &Row<'_>) -> (Option<String>, bool) {
    let name = row.get("jurisdiction_description");
    if !name.is_empty() {
        let code = code(reading, name).map(str::to_owned);
        let own = Some(row.get("jurisdiction")).filter(|own| !own.is_empty()).map(str::to_uppercase);
        return (code.or(own), false);
    }
    let first = row.get("countries").split(';').next().unwrap_or("").trim();
    let code = code(reading, first).map(str::to_owned);
    let inferred = code.is_some();
    (code, inferred)
}

/// The code of a place by its name.
fn code(reading: &mut Reading, name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return None;
    }
    if let Some(&known) = reading.places.get(name) {
        return known;
    }
    let own = PLACES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|&(_, code)| code);
    let code = own.or_else(|| jurisdiction::code(name));
    reading.places.insert(name.to_owned(), code);
    code
}

/// The first of some dates that is stated.
fn day(intake: &mut Intake<'_>, row: &Row<'_>, columns: &[&str], location: &Location) -> Option<PartialDate> {
    let (column, text) = columns.iter().map(|&column| (column, row.get(column))).find(|(_, text)| !text.is_empty())?;
    let date = dates::date(text);
    if date.is_none() {
        let message = format!("{column} {text:?} is no date that can be read; it counts as not stated");
        intake.problem(Rule::UnreadableValue, location.clone(), message);
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_persons_from_companies_as_far_as_it_can() {
        for (name, kind) in [
            ("John Smith", EntityKind::Person),
            ("MOSSFON SUBSCRIBERS LTD.", EntityKind::Company),
            ("Portcullis TrustNet (BVI) Limited", EntityKind::Company),
            ("ACME S.A.", EntityKind::Company),
            ("The Smith Family Trust", EntityKind::Arrangement),
            ("Trust Services Inc", EntityKind::Company),
            ("Marie-Anne Corporan", EntityKind::Person),
            ("", EntityKind::Person),
        ] {
            assert_eq!(inferred_kind(&words(name)), kind, "{name}");
        }
    }
}
