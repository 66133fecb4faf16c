//! The same records as CSV, XML and API answers, and what each spelling must survive.

use super::{CHILD, FUND, LEI_HEADER, MIDDLE, REPEX_HEADER, RR_HEADER, TOP};
use super::{csv, entity, facts, full, problems, relationship};
use crate::shared::{counts, read_text};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;

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
    assert_eq!(counts(&graph), (2, 5));
    assert_eq!(entity(&graph, TOP).name(), "Top");
    assert_eq!(
        problems(&graph),
        [
            "2 rejected-record: &lol; is no reference that XML itself defines; it is not expanded",
            "3 rejected-record: elements lie more than 128 deep",
            "4 rejected-record: the record is not closed: its end tag is missing",
            "6 rejected-record: start and end tags do not match within the record",
            "7 rejected-record: start and end tags do not match within the record",
        ]
    );
    let broken = format!("<LEIData>\n{}<LEIRecord><LEI>x<!", record(TOP, "Top"));
    let error = Loader::new().read_text("lei.xml", &broken).expect_err("it is cut off");
    assert_eq!(
        error.to_string(),
        "lei.xml:3: the input ends before the element around all records is closed: it is cut off; the one record before that \
         was read; give --keep-going for an answer from them alone"
    );
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
