//! A small file of every format that is read, and some of them packed.

use crate::run::{Folder, cuibono};
use crate::shared::{counts, shared};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use std::io::Write;

/// How a file is cut into records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// By lines: whoever cuts it behind a line leaves a whole file.
    Lines,
    /// The same of a table, whose last row may have lost the end of its last cell, and nobody can tell.
    Rows,
    /// Not at all: it ends where its text says so.
    Document,
    /// Packed.
    Packed,
}

/// A small file.
pub struct Fixture {
    pub name: String,
    pub bytes: Vec<u8>,
    pub cut: Cut,
}

impl Fixture {
    /// A loader that has read what this file refers to.
    pub fn loader(&self) -> Loader {
        let mut loader = Loader::new();
        if self.name == "interests.csv" {
            loader.read_text("native.json", NATIVE).expect("a whole file");
        }
        loader
    }

    /// Records of this file that were read and rejected.
    pub fn counts(&self, graph: &OwnershipGraph) -> (u64, u64) {
        let (records, rejected) = counts(graph);
        (records - if self.name == "interests.csv" { 3 } else { 0 }, rejected)
    }
}

fn fixture(name: &str, cut: Cut, bytes: impl Into<Vec<u8>>) -> Fixture {
    Fixture { name: name.to_owned(), bytes: bytes.into(), cut }
}

pub const NATIVE: &str = r#"{"cuibono": 1,
 "sources": [{"id": "S1", "title": "A \"register\""}],
 "entities": [
  {"id": "ann", "name": "Ann Ünal", "kind": "person"},
  {"id": "acme", "name": "Acme", "kind": "company", "jurisdiction": "GB", "identifiers": [{"scheme": "GB-COH", "id": "01234567"}]}],
 "interests": [
  {"id": "i1", "owner": "ann", "owned": "acme", "kind": "shareholding", "share": {"min": 25, "max": 60}, "start": "2019-03", "sources": ["S1"]}]}
"#;

pub const EDGES: &str =
    "owner,owned,share,start\nAnn,Acme,60,2019-03-14\n\"Böhm, \"\"B\"\"\",Acme,25-40,\nAcme,Baker,100,2020\n";

pub const BODS: [&str; 3] = [
    r#"{"statementId":"s-1","statementDate":"2020-01-02","declarationSubject":"r-1","recordId":"r-1","recordType":"entity","recordStatus":"new","recordDetails":{"isComponent":false,"entityType":{"type":"registeredEntity"},"name":"Acme","identifiers":[{"id":"01234567","scheme":"GB-COH"}]},"publicationDetails":{"publicationDate":"2020-01-03","bodsVersion":"0.4","publisher":{"name":"P"}}}"#,
    r#"{"statementId":"s-2","statementDate":"2020-01-02","declarationSubject":"r-1","recordId":"r-2","recordType":"person","recordStatus":"new","recordDetails":{"isComponent":false,"personType":"knownPerson","names":[{"type":"legal","fullName":"Ann \u00dcnal"}]},"publicationDetails":{"publicationDate":"2020-01-03","bodsVersion":"0.4","publisher":{"name":"P"}}}"#,
    r#"{"statementId":"s-3","statementDate":"2020-01-02","declarationSubject":"r-1","recordId":"r-3","recordType":"relationship","recordStatus":"new","recordDetails":{"isComponent":false,"subject":"r-1","interestedParty":"r-2","interests":[{"type":"shareholding","directOrIndirect":"direct","share":{"exact":60},"startDate":"2019-03-14"}]},"publicationDetails":{"publicationDate":"2020-01-03","bodsVersion":"0.4","publisher":{"name":"P"}}}"#,
];

const BODS_OLD: &str = r#"[{"statementID":"e-1","statementType":"entityStatement","entityType":"registeredEntity","name":"Acme"},
{"statementID":"p-1","statementType":"personStatement","personType":"knownPerson","names":[{"fullName":"Ann"}]},
{"statementID":"o-1","statementType":"ownershipOrControlStatement","subject":{"describedByEntityStatement":"e-1"},
 "interestedParty":{"describedByPersonStatement":"p-1"},"interests":[{"type":"shareholding","share":{"exact":60}}]}]
"#;

const PSC_DATA: [&str; 2] = [
    r#"{"kind":"individual-person-with-significant-control","name":"Ms Ann Lee","links":{"self":"/company/01234567/persons-with-significant-control/individual/a1"},"date_of_birth":{"month":7,"year":1985},"natures_of_control":["ownership-of-shares-25-to-50-percent"],"notified_on":"2016-04-06"}"#,
    r#"{"kind":"corporate-entity-person-with-significant-control","name":"Top Ltd","links":{"self":"/company/01234567/persons-with-significant-control/corporate-entity/b2"},"identification":{"legal_form":"Limited","registration_number":"07654321"},"natures_of_control":["voting-rights-50-to-75-percent"],"notified_on":"2017-01-31"}"#,
];

pub const FTM: [&str; 3] = [
    r#"{"id":"ann","schema":"Person","properties":{"name":["Ann \"A\" Ünal"]},"datasets":["d"]}"#,
    r#"{"id":"acme","schema":"Company","properties":{"name":["Acme"],"registrationNumber":["01234567"]}}"#,
    r#"{"id":"o","schema":"Ownership","properties":{"owner":["ann"],"asset":["acme"],"percentage":["60"]}}"#,
];

const CHILD: &str = "9999TESTCHILD0000011";
const TOP: &str = "9999TESTTOP000000076";

pub fn lei_xml(entity: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<lei:LEIData xmlns:lei=\"http://www.gleif.org/data/schema/leidata/2016\">\n<lei:LEIHeader>\
         <lei:ContentDate>2024-01-02T00:00:00Z</lei:ContentDate></lei:LEIHeader>\n<lei:LEIRecords>\n<lei:LEIRecord>\
         <lei:LEI>{CHILD}</lei:LEI><lei:Entity>{entity}</lei:Entity></lei:LEIRecord>\n</lei:LEIRecords>\n</lei:LEIData>\n"
    )
}

fn xml() -> [Fixture; 3] {
    let name = "<lei:LegalName xml:lang=\"de\">Smith &amp; S&#xf6;hne</lei:LegalName><lei:OtherEntityNames>\
                <lei:OtherEntityName type=\"PREVIOUS_LEGAL_NAME\"><![CDATA[OLD <LTD>]]></lei:OtherEntityName>\
                </lei:OtherEntityNames><lei:EntityStatus>ACTIVE</lei:EntityStatus>";
    let relationship = format!(
        "<RelationshipData>\n<RelationshipRecords>\n<RelationshipRecord><Relationship><StartNode><NodeID>{CHILD}</NodeID>\
         <NodeIDType>LEI</NodeIDType></StartNode><EndNode><NodeID>{TOP}</NodeID><NodeIDType>LEI</NodeIDType></EndNode>\
         <RelationshipType>IS_DIRECTLY_CONSOLIDATED_BY</RelationshipType><RelationshipStatus>ACTIVE</RelationshipStatus>\
         </Relationship></RelationshipRecord>\n</RelationshipRecords>\n</RelationshipData>\n"
    );
    let exception = format!(
        "<r:ReportingExceptionData xmlns:r=\"x\"><r:ReportingExceptions><r:Exception><r:LEI>{TOP}</r:LEI>\
         <r:ExceptionCategory>DIRECT_ACCOUNTING_CONSOLIDATION_PARENT</r:ExceptionCategory><r:ExceptionReason>NO_LEI\
         </r:ExceptionReason></r:Exception></r:ReportingExceptions></r:ReportingExceptionData>"
    );
    [
        fixture("gleif-lei.xml", Cut::Document, lei_xml(name)),
        fixture("gleif-rr.xml", Cut::Document, relationship),
        fixture("gleif-repex.xml", Cut::Document, exception),
    ]
}

fn gleif() -> [Fixture; 5] {
    let lei = format!(
        "LEI,Entity.LegalName,Entity.LegalJurisdiction,Entity.EntityStatus\n\"{CHILD}\",\"Smith & Söhne\",\"GB\",\"ACTIVE\"\n\
         \"{TOP}\",\"Top, \"\"T\"\"\",\"DE\",\"ACTIVE\"\n"
    );
    let relationships = format!(
        "Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType,Relationship.EndNode.NodeID,\
         Relationship.EndNode.NodeIDType,Relationship.RelationshipType,Relationship.RelationshipStatus\n\
         {CHILD},LEI,{TOP},LEI,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE\n{TOP},LEI,{CHILD},LEI,IS_ULTIMATELY_CONSOLIDATED_BY,INACTIVE\n"
    );
    let exceptions = format!(
        "LEI,Exception.Category,Exception.Reason.1\n\"{TOP}\",\"DIRECT_ACCOUNTING_CONSOLIDATION_PARENT\",\"NO_LEI\"\n"
    );
    let record = format!(
        r#"{{"type":"lei-records","id":"{CHILD}","attributes":{{"lei":"{CHILD}","entity":{{"legalName":{{"name":"Smith & S\u00f6hne"}},"otherNames":[{{"name":"OLD LTD","type":"PREVIOUS_LEGAL_NAME"}}],"jurisdiction":"GB","status":"ACTIVE"}},"registration":{{"status":"ISSUED"}}}}}}"#
    );
    [
        fixture("gleif-lei.csv", Cut::Rows, lei),
        fixture("gleif-rr.csv", Cut::Rows, relationships),
        fixture("gleif-repex.csv", Cut::Rows, exceptions),
        fixture("gleif-answer.json", Cut::Document, format!("{{\"meta\":{{}},\"data\":[{record}]}}\n")),
        fixture("gleif-answers.json", Cut::Lines, format!("{{\"data\":{record}}}\n{{\"data\":[{record}]}}\n")),
    ]
}

fn icij() -> [Fixture; 3] {
    [
        fixture(
            "icij-officers.csv",
            Cut::Rows,
            "node_id,name,countries,country_codes,sourceID,valid_until,note\n20,\"Doe, John\",Panama;France,PAN;FRA,Panama Papers,,\n\
             21,NOMINEES S.A.,,,Panama Papers,,x\n",
        ),
        fixture(
            "icij-entities.csv",
            Cut::Rows,
            "node_id,name,jurisdiction,company_type,incorporation_date,ibcRUC,sourceID\n10,\"TIAN \"\"A\"\" LTD\",SAM,\
             Business Company,23-MAR-2006,25221,Panama Papers\n",
        ),
        fixture(
            "icij-relations.csv",
            Cut::Rows,
            "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n\
             20,10,officer_of,Shareholder of,,23-MAR-2006,,Panama Papers\n21,10,officer_of,nominee of,,,,Panama Papers\n",
        ),
    ]
}

fn psc() -> [Fixture; 5] {
    let rows = PSC_DATA.map(|data| format!(r#"{{"company_number":"01234567","data":{data}}}"#));
    let companies = "CompanyName, CompanyNumber,RegAddress.PostTown,CompanyCategory,CompanyStatus,CountryOfOrigin,\
                     DissolutionDate,IncorporationDate\n\"ACME \"\"A\"\" LTD\",\"01234567\",\"\",\"Private Limited Company\",\
                     \"Active\",\"United Kingdom\",\"\",\"01/02/1990\"\n";
    let bundle = format!(
        r#"{{"company_number":"01234567","profile":{{"company_name":"ACME","company_number":"01234567"}},"pscs":{{"items":[{}]}}}}"#,
        PSC_DATA[0]
    );
    let list = format!(
        r#"{{"items":[{},{}],"links":{{"self":"/company/01234567/persons-with-significant-control"}}}}"#,
        PSC_DATA[0], PSC_DATA[1]
    );
    [
        fixture("psc.jsonl", Cut::Lines, rows.join("\n") + "\n"),
        fixture("psc-rows.json", Cut::Document, format!("[\n{}\n]\n", rows.join(",\n"))),
        fixture("psc-bundle.json", Cut::Document, bundle),
        fixture("psc-list.json", Cut::Document, list),
        fixture("companies.csv", Cut::Rows, companies),
    ]
}

fn edges() -> [Fixture; 6] {
    [
        fixture("edges.csv", Cut::Rows, EDGES),
        fixture(
            "edges-bounds.csv",
            Cut::Rows,
            "owner,owned,min,max,kind\r\nAnn,Acme,25,50,votingRights\r\nBo,Acme,0,10,shareholding\r\n",
        ),
        fixture("edges-semicolon.csv", Cut::Rows, "\u{feff}owner;owned;share\nAnn;\"Acme; Ltd\";12,5\nBo;Acme;3\n"),
        fixture("edges.tsv", Cut::Rows, "owner\towned\tshare\tsource\nAnn\tAcme\t60\tS1\nBo\tAcme\t3\tS 2\n"),
        fixture("edges-sep.csv", Cut::Rows, "sep=;\nowner;owned;share\nAnn;Acme;60\n"),
        fixture("edges-cr.csv", Cut::Rows, "owner,owned,share\rAnn,Acme,60\rBo,Acme,3\r"),
    ]
}

fn bods() -> [Fixture; 4] {
    let indented: Vec<String> = BODS
        .iter()
        .map(|json| {
            serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(json).expect("JSON")).expect("text")
        })
        .collect();
    [
        fixture("bods.jsonl", Cut::Lines, BODS.join("\n") + "\n"),
        fixture("bods.json", Cut::Document, format!("[{}]\n", BODS.join(","))),
        fixture("bods-indented.json", Cut::Document, format!("[\n{}\n]\n", indented.join(",\n"))),
        fixture("bods-0.2.json", Cut::Document, BODS_OLD),
    ]
}

fn ftm() -> [Fixture; 3] {
    let nested = r#"{"id":"acme","schema":"Company","properties":{"name":["Acme"],"ownershipAsset":[{"id":"o","schema":"Ownership","properties":{"owner":[{"id":"ann","schema":"Person","properties":{"name":["Ann"]}}],"asset":["acme"],"percentage":["60"]}}]}}"#;
    [
        fixture("ftm.json", Cut::Lines, FTM.join("\n") + "\n"),
        fixture("ftm-array.json", Cut::Document, format!("[{}]", FTM.join(",\n"))),
        fixture("ftm-nested.json", Cut::Document, nested),
    ]
}

/// What `convert` writes.
fn converted() -> Vec<Fixture> {
    let folder = Folder::new();
    let data = folder.write("native.json", NATIVE);
    let tables = folder.path().join("tables");
    cuibono("convert --to csv -o").arg(&tables).data(&data).answers();
    let mut found =
        vec![fixture("records.jsonl", Cut::Lines, cuibono("convert --to jsonl").data(&data).answers().bytes)];
    for table in ["entities", "interests", "sources", "jurisdictions"] {
        let name = format!("{table}.csv");
        let bytes = std::fs::read(tables.join(&name)).expect("a table");
        found.push(fixture(&name, Cut::Rows, bytes));
    }
    found
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
        archive.write_all(bytes).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

fn packed() -> Vec<Fixture> {
    let (edges, lines) = (EDGES.as_bytes(), BODS.join("\n") + "\n");
    vec![
        fixture("edges.csv.gz", Cut::Packed, gzip(edges)),
        fixture("bods.jsonl.gz", Cut::Packed, gzip(lines.as_bytes())),
        fixture("native.json.gz", Cut::Packed, gzip(NATIVE.as_bytes())),
        fixture("edges.csv.zst", Cut::Packed, zstd(edges)),
        fixture("bods.jsonl.zst", Cut::Packed, zstd(lines.as_bytes())),
        fixture("edges.zip", Cut::Packed, zip(&[("edges.csv", edges)])),
        fixture("both.zip", Cut::Packed, zip(&[("edges.csv", edges), ("bods.jsonl", lines.as_bytes())])),
    ]
}

/// Files of registers that are small enough, where they are at hand.
fn real() -> Vec<Fixture> {
    let bundles = ["04784127", "05819262", "14213798"].map(|number| format!("uk-psc/api-bundles/{number}.json"));
    let exceptions = "gleif/golden-copy-xml/repex-updates-data2.xml".to_owned();
    let paths = bundles.into_iter().chain([exceptions]);
    paths.filter_map(|path| Some(fixture(&path, Cut::Document, std::fs::read(shared(&path)?).ok()?))).collect()
}

/// All of them.
pub fn all() -> Vec<Fixture> {
    let mut fixtures = vec![fixture("native.json", Cut::Document, NATIVE)];
    fixtures.extend(converted());
    fixtures.extend(edges());
    fixtures.extend(bods());
    fixtures.extend(psc());
    fixtures.extend(gleif());
    fixtures.extend(xml());
    fixtures.extend(ftm());
    fixtures.extend(icij());
    fixtures.extend(packed());
    fixtures.extend(real());
    fixtures
}
