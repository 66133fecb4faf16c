//! GLEIF: what Level 1, Level 2 and reporting exceptions mean, on small CSV files.

mod pieces;
mod real_files;
mod spellings;

use crate::run::Run;
use crate::shared::{counts, interests, read_text};
use cuibono::error::Error;
use cuibono::graph::{Entity, OwnershipGraph};
use cuibono::load::Loader;

const CHILD: &str = "9999TESTCHILD0000011";
const MIDDLE: &str = "9999TESTMIDDLE000014";
const TOP: &str = "9999TESTTOP000000076";
const FUND: &str = "9999TESTFUND00000044";

const LEI_HEADER: &str = "LEI,Entity.LegalName,Entity.OtherEntityNames.OtherEntityName.1,\
    Entity.OtherEntityNames.OtherEntityName.1.type,Entity.OtherEntityNames.OtherEntityName.2,\
    Entity.OtherEntityNames.OtherEntityName.2.type,\
    Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1,\
    Entity.RegistrationAuthority.RegistrationAuthorityID,Entity.RegistrationAuthority.RegistrationAuthorityEntityID,\
    Entity.LegalJurisdiction,Entity.EntityCategory,Entity.LegalForm.EntityLegalFormCode,Entity.EntityStatus,\
    Entity.EntityCreationDate,Entity.EntityExpirationDate,Entity.SuccessorEntity.1.SuccessorLEI,\
    Registration.LastUpdateDate,Registration.RegistrationStatus";

const RR_HEADER: &str = "Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType,Relationship.EndNode.NodeID,\
    Relationship.EndNode.NodeIDType,Relationship.RelationshipType,Relationship.RelationshipStatus,\
    Relationship.Period.1.startDate,Relationship.Period.1.endDate,Relationship.Period.1.periodType,\
    Relationship.Period.2.startDate,Relationship.Period.2.endDate,Relationship.Period.2.periodType,\
    Relationship.Quantifiers.1.QuantifierAmount,Relationship.Quantifiers.1.QuantifierUnits,\
    Registration.LastUpdateDate,Registration.RegistrationStatus,Registration.ValidationSources";

const REPEX_HEADER: &str = "LEI,Exception.Category,Exception.Reason.1,Exception.Reason.2,Exception.Reference.1";

/// A file of a header and rows.
fn csv(header: &str, rows: &[String]) -> String {
    let header: String = header.split_whitespace().collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

/// A relationship with both kinds of period.
fn relationship(child: &str, kind: &str, parent: &str) -> String {
    format!(
        "\"{child}\",\"LEI\",\"{parent}\",\"LEI\",\"{kind}\",\"ACTIVE\",\"2019-01-01T00:00:00Z\",\"2019-12-31 \",\
         \"ACCOUNTING_PERIOD\",\"2015-03-08T00:00:00.000Z\",,\"RELATIONSHIP_PERIOD\",,,\"2021-08-07T08:00:00+02:00\",\
         \"PUBLISHED\",\"FULLY_CORROBORATED\""
    )
}

fn entity<'g>(graph: &'g OwnershipGraph, id: &str) -> Entity<'g> {
    graph.entity(graph.node_by_id(id).unwrap_or_else(|| panic!("no entity {id}")))
}

/// Interests with ids, directness, dates, confidence, and when they were stated.
fn full(graph: &OwnershipGraph) -> Vec<String> {
    let line = |edge| {
        let stake = graph.stake(edge);
        let interest = stake.interest();
        let stated = stake.stated().map_or_else(String::new, |date| date.to_string());
        format!(
            "{} | {} {} {} {} | {:?} {:?} | {}..{} | {stated}",
            stake.id(),
            stake.owner().id(),
            interest.kind(),
            interest.share(),
            stake.owned().id(),
            interest.directness(),
            interest.confidence(),
            stake.start(),
            stake.end(),
        )
    };
    let mut lines: Vec<String> = graph.edges().map(line).collect();
    lines.sort();
    lines
}

fn facts(graph: &OwnershipGraph, id: &str) -> Vec<String> {
    let facts = &entity(graph, id).details().facts;
    facts.iter().map(|fact| format!("{} {} {}", fact.date, fact.kind, fact.text)).collect()
}

fn problems(graph: &OwnershipGraph) -> Vec<String> {
    let shown = |problem: &cuibono::problem::Problem| {
        let line = problem.location.line.unwrap_or(0);
        format!("{line} {}: {}", problem.rule.id(), problem.message)
    };
    graph.problems().iter().map(shown).collect()
}

fn error(name: &str, text: &str) -> Error {
    Loader::new().read_text(name, text).expect_err("cannot be read")
}

#[test]
fn a_level_1_row_becomes_an_entity() {
    let row = format!(
        "\"{CHILD}\",\"Smith \"\"&\"\" Söhne, Ltd\",\"OLD NAME LTD\",\"PREVIOUS_LEGAL_NAME\",\"Smithy\",\
         \"TRADING_OR_OPERATING_NAME\",\"Smith Soehne\",\"RA000585\",\"1234567\",\"GB\",\"GENERAL\",\"H0PO\",\"ACTIVE\",\
         \"1999-05-01T00:00:00Z\",,,\"2024-01-02T03:04:05Z\",\"ISSUED\""
    );
    let graph = read_text("lei.csv", &csv(LEI_HEADER, &[row]));
    let found = entity(&graph, CHILD);
    assert_eq!(found.name(), "Smith \"&\" Söhne, Ltd");
    assert_eq!(found.kind().as_str(), "company");
    assert_eq!(found.jurisdiction(), Some("GB"));
    assert_eq!(found.founded().map(|date| date.to_string()).as_deref(), Some("1999-05-01"));
    let numbers: Vec<_> = found.identifiers().map(|number| number.to_string()).collect();
    assert_eq!(numbers, ["GB-COH:1234567".to_owned(), format!("XI-LEI:{CHILD}")]);
    let details = found.details();
    assert_eq!(details.former_names, ["OLD NAME LTD"]);
    assert_eq!(details.aliases, ["Smithy", "Smith Soehne"]);
    assert_eq!(details.legal_form.as_deref(), Some("H0PO"));
    assert_eq!((details.facts.len(), counts(&graph)), (0, (1, 0)));
    assert_eq!(graph.nodes_by_identifier("GB-COH:01234567").len(), 1, "joins the UK register");
}

#[test]
fn categories_say_what_kind_of_party_it_is() {
    let row = |lei: &str, category: &str, number: &str| {
        format!("{lei},Name,,,,,,RA000432,{number},LU,{category},9999,ACTIVE,,,,,ISSUED")
    };
    let rows = [
        row(CHILD, "SOLE_PROPRIETOR", "B1"),
        row(MIDDLE, "RESIDENT_GOVERNMENT_ENTITY", ""),
        row(TOP, "FUND", "B7"),
        row(FUND, "FUND", "B7"),
    ];
    let graph = read_text("lei.csv", &csv(LEI_HEADER, &rows));
    let kinds = [CHILD, MIDDLE, TOP, FUND].map(|lei| entity(&graph, lei).kind().as_str());
    assert_eq!(kinds, ["person", "state-body", "arrangement", "arrangement"]);
    // Two funds under the number of their umbrella are two funds.
    assert_eq!(graph.node_count(), 4);
    let numbers: Vec<_> = entity(&graph, FUND).identifiers().map(|number| number.to_string()).collect();
    assert_eq!(numbers, ["number at RA000432:B7".to_owned(), format!("XI-LEI:{FUND}")]);
    assert_eq!(entity(&graph, FUND).details().legal_form, None);
}

#[test]
fn the_end_of_an_entity_is_a_fact_and_its_successor_is_not_followed() {
    let rows = [
        format!("{CHILD},Child,,,,,,,,DE,GENERAL,,INACTIVE,,2020-06-30,{TOP},2020-07-01,MERGED"),
        format!("{MIDDLE},Middle,,,,,,,,DE,GENERAL,,INACTIVE,,,{TOP},2021-07-01,DUPLICATE"),
        format!("{TOP},Top,,,,,,,,DE,GENERAL,,ACTIVE,,,,2021-07-01,LAPSED"),
    ];
    let graph = read_text("lei.csv", &csv(LEI_HEADER, &rows));
    let merged = "2020-06-30 register-statement The LEI was retired: the entity was merged into another. Successor:";
    assert_eq!(facts(&graph, CHILD), [format!("{merged} {TOP}.")]);
    let duplicate = "2021-07-01 register-statement The LEI is a duplicate: another LEI identifies the same entity. \
                     Successor:";
    assert_eq!(facts(&graph, MIDDLE), [format!("{duplicate} {TOP}.")]);
    assert_eq!(facts(&graph, TOP), [""; 0]);
    assert_eq!(entity(&graph, CHILD).dissolved().map(|date| date.to_string()).as_deref(), Some("2020-06-30"));
    assert_eq!(graph.node_count(), 3);
}

#[test]
fn what_is_wrong_is_told_and_costs_nothing_else() {
    let wrong = "9999TESTCHILD0000012";
    let rows = [
        format!("{wrong},Wrong digits,,,,,,,,DE,GENERAL,,ACTIVE,31.12.1999,,,,ISSUED"),
        "\"\",No LEI,,,,,,,,DE,GENERAL,,ACTIVE,,,,,ISSUED".to_owned(),
        format!("{TOP},Too short"),
        format!("\"{MIDDLE}\",\"never closed,,,,,,,,DE,GENERAL,,ACTIVE,,,,,ISSUED"),
        format!("\"{FUND}\",Fund,,,,,,,,DE,FUND,,ACTIVE,,,,,ISSUED"),
    ];
    let graph = read_text("lei.csv", &csv(LEI_HEADER, &rows));
    assert_eq!((graph.node_count(), counts(&graph)), (2, (2, 3)));
    assert_eq!(entity(&graph, wrong).name(), "Wrong digits");
    let date = "is no date: the record is read without it; give 2019-03-14";
    assert_eq!(
        problems(&graph),
        [
            format!("2 unreadable-value: EntityCreationDate \"31.12.1999\" {date}"),
            "3 rejected-record: the record has no LEI: nothing says whom it describes".to_owned(),
            "4 rejected-record: the row has 2 cells where the header has 18".to_owned(),
            "5 rejected-record: a quote that opens in this row is never closed".to_owned(),
        ]
    );
    let nothing = error("lei.csv", &csv(LEI_HEADER, &[",x".to_owned()])).to_string();
    assert!(nothing.contains("none of the 1 records of this input could be read"), "{nothing}");
}

#[test]
fn every_type_of_relationship_has_its_kind_and_direction() {
    let types = [
        ("IS_DIRECTLY_CONSOLIDATED_BY", "Direct", TOP, "parent", CHILD),
        ("IS_ULTIMATELY_CONSOLIDATED_BY", "Indirect", TOP, "parent", CHILD),
        ("IS_INTERNATIONAL_BRANCH_OF", "Direct", TOP, "parent", CHILD),
        ("IS_FUND-MANAGED_BY", "Direct", TOP, "manager", CHILD),
        ("IS_SUBFUND_OF", "Direct", TOP, "otherInfluenceOrControl", CHILD),
        // The feeder holds units of its master.
        ("IS_FEEDER_TO", "Direct", CHILD, "rightsToProfitOrIncome", TOP),
    ];
    for (code, directness, owner, kind, owned) in types {
        let graph = read_text("rr.csv", &csv(RR_HEADER, &[relationship(CHILD, code, TOP)]));
        let line =
            format!("{CHILD}-{code}-{TOP} | {owner} {kind} ? {owned} | {directness} High | 2015-03-08.. | 2021-08-07");
        assert_eq!(full(&graph), [line]);
        assert_eq!(graph.stake(graph.edges().next().expect("an interest")).source_ids(), ["GLEIF"]);
    }
    let underscore = read_text("rr.csv", &csv(RR_HEADER, &[relationship(CHILD, "IS_FUND_MANAGED_BY", TOP)]));
    assert_eq!(interests(&underscore), [format!("{TOP} manager ? {CHILD}")]);
    let rows = [relationship(CHILD, "IS_SUBFUND_OF", TOP), relationship(CHILD, "IS_COUSIN_OF", TOP)];
    let unknown = read_text("rr.csv", &csv(RR_HEADER, &rows));
    let known = "IS_DIRECTLY_CONSOLIDATED_BY, IS_ULTIMATELY_CONSOLIDATED_BY, IS_INTERNATIONAL_BRANCH_OF, \
                 IS_FUND-MANAGED_BY, IS_SUBFUND_OF, IS_FEEDER_TO";
    let reason = format!("3 rejected-record: relationship type \"IS_COUSIN_OF\" is none of {known}");
    assert!(problems(&unknown).contains(&reason), "{:?}", problems(&unknown));
}

/// The dates, confidence and reason of a relationship of these statuses and periods.
fn life(status: &str, periods: [&str; 2], updated: &str, registration: &str, validation: &str) -> Vec<String> {
    let [first, second] = periods;
    let row = format!(
        "{CHILD},LEI,{TOP},LEI,IS_DIRECTLY_CONSOLIDATED_BY,{status},{first},{second},,,{updated},{registration},{validation}"
    );
    let graph = read_text("rr.csv", &csv(RR_HEADER, &[row]));
    let shown = |edge| {
        let stake = graph.stake(edge);
        let reason = stake.details().and_then(|details| details.reason.clone()).unwrap_or_default();
        format!("{}..{} {:?} {reason}", stake.start(), stake.end(), stake.interest().confidence()).trim_end().to_owned()
    };
    graph.edges().map(shown).collect()
}

#[test]
fn periods_and_statuses_say_when_a_relationship_held() {
    let relation = "2015-03-08,,RELATIONSHIP_PERIOD";
    let accounting = "2018-01-01,2018-12-31,ACCOUNTING_PERIOD";
    let full = "FULLY_CORROBORATED";
    assert_eq!(life("ACTIVE", [relation, accounting], "2021-08-07", "PUBLISHED", full), ["2015-03-08.. High"]);
    let ended = "2015-03-08,2019-02-01,RELATIONSHIP_PERIOD";
    assert_eq!(life("INACTIVE", [ended, ",,"], "2021-08-07", "RETIRED", full), ["2015-03-08..2019-02-01 High"]);
    // Only accounts: they show that it had begun by the end of their period.
    assert_eq!(life("ACTIVE", [accounting, ",,"], "2021-08-07", "PUBLISHED", full), ["≤ 2018-12-31.. High"]);
    // No longer active, no end: it ended by the last update.
    assert_eq!(
        life("INACTIVE", [relation, ",,"], "2021-08-07", "RETIRED", full),
        ["2015-03-08..2015-03-08…2021-08-07 High"]
    );
    assert_eq!(
        life("INACTIVE", [accounting, ",,"], "2021-08-07", "RETIRED", full),
        ["≤ 2018-12-31..2018-01-01…2021-08-07 High"]
    );
    let twice = ["2001-01-01,2005-01-01,RELATIONSHIP_PERIOD", relation];
    assert_eq!(
        life("ACTIVE", twice, "2021-08-07", "PUBLISHED", full),
        ["2001-01-01..2005-01-01 High", "2015-03-08.. High"]
    );
    assert_eq!(life("ACTIVE", [",,", ",,"], "", "PUBLISHED", full), [".. High"]);
    assert_eq!(
        life("ACTIVE", [relation, ",,"], "2021-08-07", "LAPSED", "ENTITY_SUPPLIED_ONLY"),
        ["2015-03-08.. Medium stated by the entity itself, not corroborated; the record lapsed: it was not renewed"]
    );
    assert_eq!(
        life("NULL", [relation, ",,"], "2021-08-07", "PUBLISHED", "PENDING"),
        ["2015-03-08.. Low not validated yet; whether it is active is not stated"]
    );
}

#[test]
fn a_record_that_was_taken_back_is_a_fact_and_no_interest() {
    let row = relationship(CHILD, "IS_DIRECTLY_CONSOLIDATED_BY", TOP).replace("PUBLISHED", "ANNULLED");
    let graph = read_text("rr.csv", &csv(RR_HEADER, &[row]));
    assert_eq!((graph.edge_count(), counts(&graph)), (0, (1, 0)));
    let text = format!("A relationship IS_DIRECTLY_CONSOLIDATED_BY {TOP} was reported and taken back");
    assert_eq!(facts(&graph, CHILD), [format!("2021-08-07 register-statement {text} (record status ANNULLED).")]);
}

#[test]
fn a_stated_amount_is_a_note_and_no_share() {
    for amount in ["1.00", "100"] {
        let row = relationship(CHILD, "IS_DIRECTLY_CONSOLIDATED_BY", TOP)
            .replace("PERIOD\",,,", &format!("PERIOD\",{amount},PERCENTAGE,"));
        let graph = read_text("rr.csv", &csv(RR_HEADER, &[row]));
        let stake = graph.stake(graph.edges().next().expect("an interest"));
        assert!(stake.interest().share().is_unknown());
        let note = format!("Accounting consolidation, stated amount: {amount} PERCENTAGE; not taken as a share.");
        assert_eq!(stake.details().and_then(|details| details.note.clone()), Some(note));
    }
}

#[test]
fn an_ultimate_parent_does_not_count_beside_the_chain() {
    let rows = [
        relationship(CHILD, "IS_DIRECTLY_CONSOLIDATED_BY", MIDDLE),
        relationship(MIDDLE, "IS_DIRECTLY_CONSOLIDATED_BY", TOP),
        relationship(CHILD, "IS_ULTIMATELY_CONSOLIDATED_BY", TOP),
    ];
    let file = csv(RR_HEADER, &rows);
    let ask = |question: &str| {
        let arguments = format!("--as-of 2020-01-01 --format json {question} {CHILD}");
        Run::new().stdin(&file).args(arguments.split_whitespace()).json()
    };
    let controllers = ask("controllers-of");
    let shown: Vec<_> = controllers["controllers"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| {
            let id = row["entity"]["id"].as_str().expect("id");
            format!("{id} {} {}", row["control"], row["ultimate"])
        })
        .collect();
    assert_eq!(shown, [format!("{TOP} \"certain\" true"), format!("{MIDDLE} \"certain\" false")]);
    let owners = ask("owners-of");
    let mut shown: Vec<_> = owners["owners"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| {
            let id = row["entity"]["id"].as_str().expect("id");
            format!("{id} {} {}", row["effective"]["max"], row["control"])
        })
        .collect();
    shown.sort();
    assert_eq!(shown, [format!("{MIDDLE} 0.0 \"certain\""), format!("{TOP} 0.0 \"certain\"")]);
    // Without the chain the ultimate parent is a link like any other.
    let alone = csv(RR_HEADER, &rows[2..]);
    let arguments = format!("--as-of 2020-01-01 --format json controllers-of {CHILD}");
    let answer = Run::new().stdin(&alone).args(arguments.split_whitespace()).json();
    assert_eq!(answer["controllers"][0]["entity"]["id"], TOP);
    assert_eq!(answer["controllers"][0]["control"], "certain");
}

#[test]
fn an_exception_is_an_answer() {
    let direct = "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT";
    let ultimate = "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT";
    let rows = [
        format!("{CHILD},{direct},NO_LEI,,"),
        format!("{CHILD},{ultimate},NATURAL_PERSONS,,"),
        format!("{MIDDLE},{direct},NO_KNOWN_PERSON,,"),
        format!("{TOP},{direct},BINDING_LEGAL_COMMITMENTS,NON_PUBLIC,\"Art. 1, Act\""),
        format!("{FUND},{ultimate},NON_CONSOLIDATING,,"),
        format!("{FUND},{ultimate},BECAUSE,,"),
        format!("{FUND},GRANDPARENT,NO_LEI,,"),
        format!("{FUND},{ultimate},,,"),
    ];
    let graph = read_text("repex.csv", &csv(REPEX_HEADER, &rows));
    assert_eq!(counts(&graph), (5, 3));
    let shown = |id: &str, kind: &str, owned: &str, directness: &str| {
        format!("{id} | {id} {kind} ? {owned} | {directness} High | .. | ")
    };
    assert_eq!(
        full(&graph),
        [
            shown(&format!("{CHILD}-{direct}-NO_LEI"), "parent", CHILD, "Direct"),
            shown(&format!("{CHILD}-{ultimate}-NATURAL_PERSONS"), "unknownInterest", CHILD, "Indirect"),
            shown(&format!("{FUND}-{ultimate}-NON_CONSOLIDATING"), "unknownInterest", FUND, "Indirect"),
            shown(&format!("{TOP}-{direct}-BINDING_LEGAL_COMMITMENTS"), "unpublishedInterest", TOP, "Direct"),
        ]
    );
    let people = entity(&graph, &format!("{CHILD}-{ultimate}-NATURAL_PERSONS"));
    assert_eq!((people.kind().as_str(), people.name()), ("unknown", "Natural persons (not named)"));
    assert_eq!(
        facts(&graph, MIDDLE),
        [
            " register-statement No direct parent is reported (NO_KNOWN_PERSON): no person is known who controls it, for \
          example because its shares are widely held."
        ]
    );
    assert_eq!(
        facts(&graph, TOP),
        [" register-statement No direct parent is reported (BINDING_LEGAL_COMMITMENTS, NON_PUBLIC): binding legal \
          commitments forbid to publish the parent; the parent is not made public. Reference: Art. 1, Act."]
    );
    let rejected: Vec<_> = problems(&graph).into_iter().filter(|text| text.contains("rejected-record")).collect();
    let reasons = "NO_KNOWN_PERSON, NATURAL_PERSONS, NON_CONSOLIDATING, NO_LEI, NON_PUBLIC, BINDING_LEGAL_COMMITMENTS, \
                   LEGAL_OBSTACLES, DISCLOSURE_DETRIMENTAL, DETRIMENT_NOT_EXCLUDED, CONSENT_NOT_OBTAINED";
    assert_eq!(
        rejected,
        [
            format!("7 rejected-record: exception reason \"BECAUSE\" is none of {reasons}"),
            format!("8 rejected-record: exception category \"GRANDPARENT\" is not {direct} or {ultimate}"),
            "9 rejected-record: the exception gives no reason".to_owned(),
        ]
    );
}

#[test]
fn files_of_other_formats_are_left_alone() {
    let edges = read_text("edges.csv", "owner,owned,share\nLEI,Entity.LegalName,5\n");
    assert_eq!(edges.inputs()[0].format, "edges");
    let lei = read_text("lei.csv", &csv(LEI_HEADER, &[format!("{TOP},Top,,,,,,,,DE,GENERAL,,ACTIVE,,,,,ISSUED")]));
    assert_eq!(lei.inputs()[0].format, "gleif");
}
