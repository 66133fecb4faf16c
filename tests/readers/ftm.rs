//! FollowTheMoney: entities, links, free-text shares, nested neighbours, and the real files.

use super::shared::{counts, interests, read, read_text, shared};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::model::EntityKind;
use cuibono::problem::Rule;

fn lines(lines: &[&str]) -> OwnershipGraph {
    read_text("e.json", &(lines.join("\n") + "\n"))
}

fn problems(graph: &OwnershipGraph, rule: Rule) -> Vec<String> {
    let of_rule = graph.problems().iter().filter(|problem| problem.rule == rule);
    of_rule.map(|problem| format!("{}: {}", problem.location, problem.message)).collect()
}

const ANN: &str = r#"{"id":"ann","schema":"Person","properties":{"name":["Ann"]}}"#;
const ACME: &str = r#"{"id":"acme","schema":"Company","properties":{"name":["Acme"]}}"#;

fn ownership(properties: &str) -> OwnershipGraph {
    let link = format!(
        r#"{{"id":"o","schema":"Ownership","properties":{{"owner":["ann"],"asset":["acme"]{properties}}},"last_change":"2024-02-03T04:05:06","last_seen":"2024-06-01T00:00:00"}}"#
    );
    lines(&[ANN, ACME, &link])
}

#[test]
fn shares_of_every_wording_are_read() {
    for (text, share) in [
        ("50", "50 %"),
        ("50%", "50 %"),
        (">25", "> 25 %"),
        ("25-50", "25–50 %"),
        ("51,5 %", "51.5 %"),
        ("(25,50]", ">25–50 %"),
        ("more than 25 percent", "> 25 %"),
        ("At least 75%", "75–100 %"),
        ("up to 10", "0–10 %"),
        ("25 to 50 %", "25–50 %"),
        ("about 33,3", "33.3 %"),
    ] {
        let graph = ownership(&format!(r#","percentage":["{text}"]"#));
        assert_eq!(interests(&graph), [format!("ann shareholding {share} acme")], "{text}");
        assert_eq!((counts(&graph), problems(&graph, Rule::UnreadableValue).len()), ((3, 0), 0), "{text}");
    }
    let several = ownership(r#","percentage":["49,5","50"]"#);
    assert_eq!(interests(&several), ["ann shareholding 49.5–50 % acme"]);
}

#[test]
fn a_share_without_a_number_is_unknown_and_one_that_cannot_be_is_refused() {
    let graph = ownership(r#","percentage":["controlling stake"]"#);
    assert_eq!(interests(&graph), ["ann shareholding ? acme"]);
    assert_eq!(
        problems(&graph, Rule::UnreadableValue),
        ["e.json:3 (o): the percentage \"controlling stake\" states no number: the share counts as unknown"]
    );
    for (text, reason) in [
        ("150", "percentage \"150\" is above 100 %"),
        ("-1", "percentage \"-1\" is below 0 %"),
        ("50-25", "percentage \"50-25\" is upside down: its lower end is above its upper end"),
    ] {
        let graph = ownership(&format!(r#","percentage":["{text}"]"#));
        assert_eq!((interests(&graph).len(), counts(&graph)), (0, (2, 1)), "{text}");
        assert_eq!(problems(&graph, Rule::RejectedRecord), [format!("e.json:3 (o): {reason}")]);
    }
    let counted = ownership(r#","sharesCount":["37000"],"role":["subsidiary of"]"#);
    assert_eq!(interests(&counted), ["ann shareholding ? acme"]);
    let edge = counted.edges().next().expect("one");
    assert_eq!(
        counted.stake(edge).details().and_then(|details| details.note.as_deref()),
        Some("role: subsidiary of; number of shares: 37000; of how many is not stated")
    );
}

#[test]
fn dates_are_bounds_where_they_are_only_sightings() {
    let dates = |properties: &str| {
        let graph = ownership(properties);
        let stake = graph.stake(graph.edges().next().expect("one"));
        (stake.start().to_string(), stake.end().to_string())
    };
    let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    assert_eq!(dates(r#","startDate":["2019-03"],"endDate":["2020-01-01T00:00:00"]"#), pair("2019-03", "2020-01-01"));
    assert_eq!(dates(r#","startDate":["2019","2019-03-14"]"#), pair("2019-03-14", ""));
    assert_eq!(dates(r#","startDate":["2018","2019-03-14"]"#), pair("2018…2019-03-14", ""));
    assert_eq!(dates(r#","date":["2021-05-06"]"#), pair("≤ 2021-05-06", "≥ 2021-05-06"));
    assert_eq!(dates(r#","status":["Former"],"startDate":["2001"]"#), pair("2001", "≤ 2024-06-01"));
    assert_eq!(dates(""), pair("", ""));
    let graph = ownership(r#","endDate":["soon"]"#);
    assert_eq!(
        problems(&graph, Rule::UnreadableValue),
        ["e.json:3 (o): the date \"soon\" cannot be read: give 2019, 2019-03 or 2019-03-14"]
    );
}

#[test]
fn kinds_follow_the_words_of_the_source() {
    let link = |schema: &str, ends: [&str; 2], more: &str| {
        let text = format!(
            r#"{{"id":"l","schema":"{schema}","properties":{{"{}":["ann"],"{}":["acme"]{more}}}}}"#,
            ends[0], ends[1]
        );
        let graph = lines(&[ANN, ACME, &text]);
        let kinds: Vec<String> = graph.edges().map(|edge| graph.stake(edge).interest().kind().to_string()).collect();
        let directness = graph.edges().next().map(|edge| format!("{:?}", graph.interest(edge).directness()));
        (kinds.join("+"), directness.unwrap_or_default().to_lowercase())
    };
    let own = |more: &str| link("Ownership", ["owner", "asset"], more);
    let pair = |kind: &str, directness: &str| (kind.to_owned(), directness.to_owned());
    assert_eq!(own(r#","ownershipType":["indirect"]"#), pair("shareholding", "indirect"));
    assert_eq!(own(r#","ownershipType":["direct","indirect"]"#), pair("shareholding", "unknown"));
    assert_eq!(own(r#","ownershipType":["beneficial"]"#), pair("shareholding", "unknown"));
    assert_eq!(own(r#","ownershipType":["direct, beneficial"]"#), pair("shareholding", "direct"));
    assert_eq!(own(r#","ownershipType":["nominee"]"#), pair("nominee", "direct"));
    assert_eq!(own(r#","role":["Limited partner"]"#), pair("limitedPartner", "direct"));
    assert_eq!(own(r#","role":["IS_ULTIMATELY_CONSOLIDATED_BY"]"#), pair("parent", "indirect"));
    let director = |role: &str| link("Directorship", ["director", "organization"], &format!(r#","role":["{role}"]"#)).0;
    assert_eq!(director("Director"), "boardMember");
    assert_eq!(director("Chairman of the Board"), "boardChair");
    assert_eq!(director("Vice-chairman"), "boardMember");
    assert_eq!(director("General Director"), "seniorManagingOfficial");
    let control = |kind: &str| link("Control", ["controller", "controlled"], &format!(r#","controlType":["{kind}"]"#));
    assert_eq!(control("voting"), pair("votingRights", "direct"));
    assert_eq!(control("appointment").0, "appointmentOfBoard");
    assert_eq!(control("management").0, "manager");
    assert_eq!(control("contractual").0, "rightsGrantedByContract");
    assert_eq!(control("trust").0, "otherInfluenceOrControl");
    assert_eq!(control("nominee").0, "otherInfluenceOrControl");
    assert_eq!(control("indirect"), pair("otherInfluenceOrControl", "indirect"));
    assert_eq!(control("voting\",\"appointment").0, "votingRights+appointmentOfBoard");
    assert_eq!(link("UnknownLink", ["subject", "object"], "").0, "unknownInterest");
    for beside in ["Membership", "Representation", "Family", "Succession", "Payment"] {
        assert_eq!(link(beside, ["member", "organization"], "").0, "", "{beside}");
    }
}

#[test]
fn every_owner_holds_every_asset() {
    let link = r#"{"id":"o","schema":"Ownership","properties":{"owner":["ann","ben"],"asset":["acme","best"],"percentage":["10"]}}"#;
    let graph = lines(&[link, ANN, ACME]);
    assert_eq!(
        interests(&graph),
        [
            "ann shareholding 10 % acme",
            "ann shareholding 10 % best",
            "ben shareholding 10 % acme",
            "ben shareholding 10 % best"
        ]
    );
    assert_eq!(
        problems(&graph, Rule::DanglingParty),
        [
            " (best): best is referred to, but no record describes it",
            " (ben): ben is referred to, but no record describes it"
        ]
    );
    let many: Vec<String> = (0..101).map(|number| format!("\"p{number}\"")).collect();
    let crowd =
        format!(r#"{{"id":"o","schema":"Ownership","properties":{{"owner":[{0}],"asset":[{0}]}}}}"#, many.join(","));
    let graph = lines(&[ANN, &crowd]);
    assert_eq!(
        problems(&graph, Rule::RejectedRecord),
        ["e.json:2 (o): joins 101 with 101 parties: that is no statement"]
    );
}

#[test]
fn what_a_source_says_of_a_party_is_kept() {
    let party = r#"{"id":"NK-1","caption":"Acme Ltd","schema":"Company","datasets":["gb_list"],"referents":["old-1"],
        "properties":{"name":["ACME LIMITED","Acme Ltd"],"alias":["Acme"],"weakAlias":["A"],"previousName":["Bcme"],
        "jurisdiction":["gb"],"registrationNumber":["01234567","7654321"],"leiCode":["5493001KJTIIGC8Y1R12"],
        "opencorporatesUrl":["https://opencorporates.com/companies/gb/01234567"],"topics":["sanction","corp.shell"],
        "incorporationDate":["2001-02-03"],"dissolutionDate":["2020"],"legalForm":["Private limited company"]}}"#
        .replace('\n', " ");
    let person =
        r#"{"id":"p","schema":"Person","properties":{"firstName":["Ann"],"lastName":["Lee"],"nationality":["ru"],
        "birthDate":["1970","1970-05"],"innCode":["183116181362"],"topics":["role.pep","sanction.linked"]}}"#
            .replace('\n', " ");
    let others = [
        r#"{"id":"b","schema":"PublicBody","properties":{"name":["Ministry"],"country":["gb-sct"]}}"#,
        r#"{"id":"v","schema":"Vessel","properties":{"name":["Boat"],"imoNumber":["IMO9999999"]}}"#,
    ];
    let graph = lines(&[&party, &person, others[0], others[1]]);
    let entity = |id: &str| graph.entity(graph.node_by_id(id).unwrap_or_else(|| panic!("no {id}")));
    let acme = entity("NK-1");
    let numbers: Vec<String> = acme.identifiers().map(|identifier| identifier.to_string()).collect();
    assert_eq!(
        numbers,
        [
            "XI-LEI:5493001KJTIIGC8Y1R12",
            "GB-COH:01234567",
            "registration number:7654321",
            "OPENCORPORATES:gb/01234567",
            "earlier id:old-1"
        ]
    );
    assert_eq!((acme.name(), acme.kind(), acme.jurisdiction()), ("Acme Ltd", EntityKind::Company, Some("GB")));
    let details = acme.details();
    assert_eq!(details.aliases, ["ACME LIMITED", "Acme", "A"]);
    assert_eq!((details.former_names.as_slice(), details.listed), (&["Bcme".to_owned()][..], true));
    assert_eq!((details.topics.len(), details.sources.as_slice()), (2, &["gb_list".to_owned()][..]));
    let dates = [acme.founded(), acme.dissolved()].map(|date| date.expect("a date").to_string());
    assert_eq!(dates, ["2001-02-03", "2020"]);
    let ann = entity("p");
    assert_eq!((ann.name(), ann.kind(), ann.jurisdiction()), ("Ann Lee", EntityKind::Person, Some("RU")));
    assert!(!ann.details().listed, "linked to somebody on a list is not on the list");
    assert_eq!(ann.founded().map(|date| date.to_string()).as_deref(), Some("1970-05"));
    assert_eq!((entity("b").kind(), entity("b").jurisdiction()), (EntityKind::StateBody, Some("GB-SCT")));
    assert_eq!(entity("v").details().note.as_deref(), Some("An asset, not a legal entity (Vessel)."));
}

#[test]
fn nested_neighbours_are_read_once() {
    let link = |ends: &str| format!(r#"{{"id":"o","schema":"Ownership","properties":{{{ends},"percentage":["60"]}}}}"#);
    let ann = format!(
        r#"{{"id":"ann","schema":"Person","properties":{{"name":["Ann"],"ownershipOwner":[{}]}}}}"#,
        link(&format!(r#""owner":["ann"],"asset":[{ACME}]"#))
    );
    let acme = format!(
        r#"{{"id":"acme","schema":"Company","properties":{{"name":["Acme"],"ownershipAsset":[{}]}}}}"#,
        link(&format!(r#""owner":[{ANN}],"asset":["acme"]"#))
    );
    let graph = lines(&[&ann, &acme]);
    assert_eq!(interests(&graph), ["ann shareholding 60 % acme"]);
    assert_eq!((graph.node_count(), counts(&graph), graph.problems().len()), (2, (2, 0), 0));
    let twice =
        lines(&[ANN, ACME, &link(r#""owner":["ann"],"asset":["acme"]"#), &link(r#""owner":["ann"],"asset":["acme"]"#)]);
    assert_eq!(twice.edge_count(), 1);
    assert_eq!(
        problems(&twice, Rule::ConflictingDescription),
        ["e.json:4: Ownership o stands twice in this file; the first counts"]
    );
}

#[test]
fn a_broken_record_costs_only_itself() {
    let graph = lines(&[
        ANN,
        r#"{"id":"x","schema":"Person","properties":{"name":["#,
        r#"{"schema":"Person","properties":{"name":["Nobody"]}}"#,
        r#"{"id":"y","properties":{"name":["Formless"]}}"#,
        r#"{"id":"z","schema":"Ownership","properties":{"owner":["ann"]}}"#,
        r#"{"id":"w","schema":"Wormhole","properties":{"name":["W"]}}"#,
        ACME,
    ]);
    assert_eq!((counts(&graph), graph.node_count()), ((3, 4), 2));
    assert_eq!(
        problems(&graph, Rule::RejectedRecord),
        [
            "e.json:2: is no FollowTheMoney entity: EOF while parsing a list at line 1 column 50",
            "e.json:3: is no FollowTheMoney entity: missing field `id` at line 1 column 52",
            "e.json:4 (y): names no schema",
            "e.json:5 (z): names no asset"
        ]
    );
    assert_eq!(
        problems(&graph, Rule::UnreadableValue),
        ["e.json:6: the schema \"Wormhole\" is not known; its entities are passed over"]
    );
    let deep = format!(r#"{{"id":"d","schema":"Person","properties":{{"name":{}"#, "[".repeat(100_000));
    assert_eq!(counts(&lines(&[ANN, &deep])), (1, 1));
}

#[test]
fn only_its_own_files_are_recognised() {
    for (text, format) in [
        (r#"[{"id":"a","properties":{"name":["A"]},"schema":"Person"}]"#, "ftm"),
        (r#"{"id":"a","schema":"Person"}"#, "native"),
        (r#"{"id":"a","schema":"Wormhole","properties":{}}"#, "native"),
        (r#"{"cuibono":1,"title":"\"schema\": \"Person\", \"properties\": {}"}"#, "native"),
    ] {
        let mut loader = Loader::new();
        let read = loader.read_text("x", text);
        assert_eq!(read.is_ok(), format == "ftm" || text.contains("cuibono"), "{text}");
        if read.is_ok() {
            assert_eq!(loader.finish().expect("a graph").inputs()[0].format, format, "{text}");
        }
    }
}

#[test]
fn the_zala_group_is_read_whole() {
    let Some(file) = shared("ftm/yente/zala/entities.ftm.json") else { return };
    let graph = read(&file);
    assert_eq!((counts(&graph), graph.node_count(), graph.edge_count()), ((91, 0), 17, 17));
    let kinds = |wanted: &str| interests(&graph).iter().filter(|line| line.contains(wanted)).count();
    assert_eq!((kinds(" shareholding "), kinds(" shareholding ? "), kinds(" board")), (14, 4, 1));
    let rivals: Vec<String> = interests(&graph)
        .into_iter()
        .filter(|line| {
            line.starts_with("NK-aU5ybkbRFJucf8YMwsJvDw shareholding") && line.ends_with(" NK-abdzbEBkqyT29GyREbiURZ")
        })
        .collect();
    let stake = |share: u32| format!("NK-aU5ybkbRFJucf8YMwsJvDw shareholding {share} % NK-abdzbEBkqyT29GyREbiURZ");
    assert_eq!(rivals, [stake(48), stake(50), stake(51)]);
    let listed = graph.nodes().filter(|&node| graph.entity(node).details().listed).count();
    assert_eq!((listed, problems(&graph, Rule::DanglingParty).len()), (13, 0));
}

#[test]
fn donations_have_parties_and_no_interests() {
    for (path, records, entities) in [
        ("ftm/yente/parteispenden/entities.ftm.json", 475, 96),
        ("ftm/nomenklatura/donations.ijson", 474, 95),
        ("ftm/yente/t1/entities.ftm.json", 7, 6),
    ] {
        let Some(file) = shared(path) else { return };
        let graph = read(&file);
        assert_eq!((counts(&graph), graph.node_count(), graph.edge_count()), ((records, 0), entities, 0), "{path}");
    }
}
