//! ICIJ Offshore Leaks: all files of a set in any order, links, guesses that say so, bearers that join nobody.

use super::shared::{counts, interests, read_text};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::model::EntityKind;
use cuibono::problem::Rule;

const ENTITIES: &str = "\
node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,address,internal_id,\
incorporation_date,inactivation_date,struck_off_date,dorm_date,status,service_provider,ibcRUC,country_codes,countries,\
sourceID,valid_until,note
10,\"TIAN \\\"\"A\\\"\" LTD\\\",Tian,OLD TIAN,SAM,Samoa,Business Company,\"1 Road\nTown\",1001,23-MAR-2006,,18-FEB-2013,,Defaulted,\
Mossack Fonseca,25221,HKG,Hong Kong,Panama Papers,The Panama Papers data is current through 2015,
11,R&amp;D TRUST,,,XXX,Nowhere,Trust,,,\"Mar 5, 1999\",,,,,,,,,Panama Papers,,
";
const OFFICERS: &str = "\
node_id,name,countries,country_codes,sourceID,valid_until,note
20,John Doe,Panama;France,PAN;FRA,Panama Papers,,
21,PORTCULLIS NOMINEES S.A.,,,Panama Papers,,
22,EL PORTADOR,,,Panama Papers,,
10,TIAN \"A\" LTD,,,Paradise Papers - Appleby,,
";
const INTERMEDIARIES: &str = "\
node_id,name,status,internal_id,address,countries,country_codes,sourceID,valid_until,note
30,Orion House Services,ACTIVE,,,Hong Kong,HKG,Panama Papers,,
";
const ADDRESSES: &str = "\
node_id,address,name,countries,country_codes,sourceID,valid_until,note
40,1 Road,,Samoa,WSM,Panama Papers,,
";
const OTHERS: &str = "\
node_id,name,type,incorporation_date,struck_off_date,closed_date,jurisdiction,jurisdiction_description,countries,\
country_codes,sourceID,valid_until,note
50,Blue,LIMITED PARTNERSHIP,2001,,31/12/2010,,,,,Paradise Papers - Appleby,,
";
const RELATIONS: &str = "\
node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID
20,10,officer_of,Shareholder of,,23.03.2006,13/05/2010,Panama Papers
20,11,officer_of,trust settlor of,,,,Panama Papers
21,10,officer_of,Nominee Shareholder of,,,,Panama Papers
22,10,officer_of,shareholder of,,,,Panama Papers
22,11,officer_of,beneficial owner of,,,,Panama Papers
10,50,officer_of,\"director and shareholder of\",Resigned,,,Paradise Papers - Appleby
20,50,officer_of,records & registers of,,someday,,Paradise Papers - Appleby
30,10,intermediary_of,intermediary of,,,,Panama Papers
10,40,registered_address,registered address,,,,Panama Papers
20,21,same_name_as,same name as,,,,Panama Papers
10,11,similar,similar name and address as,,,,Panama Papers
10,11,same_company_as,,,,,Panama Papers
20,99,officer_of,secretary of,,,,Panama Papers
,99,officer_of,secretary of,,,,Panama Papers
20,99,officer_of
";
const FILES: [&str; 6] = [ENTITIES, OFFICERS, INTERMEDIARIES, ADDRESSES, OTHERS, RELATIONS];

fn graph_of(order: [usize; 6]) -> OwnershipGraph {
    let mut loader = Loader::new();
    for file in order {
        loader.read_text(&format!("{file}.csv"), FILES[file]).expect("every file can be read");
    }
    loader.finish().expect("a graph")
}

fn messages(graph: &OwnershipGraph, rule: Rule) -> Vec<String> {
    let of_rule = graph.problems().iter().filter(|problem| problem.rule == rule);
    of_rule.map(|problem| format!("{}: {}", problem.location, problem.message)).collect()
}

const INTERESTS: [&str; 11] = [
    "10 boardMember ? 50",
    "10 shareholding ? 50",
    "20 seniorManagingOfficial ? 99",
    "20 settlor ? 11",
    "20 shareholding ? 10",
    "20 unknownInterest ? 50",
    "21 nominee ? 10",
    "22/4 shareholding ? 10",
    "22/5 shareholding ? 11",
    "30 adviser ? 10",
    "",
];

#[test]
fn the_files_of_a_set_are_read_in_any_order() {
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [1, 5, 0, 2, 4, 3]] {
        let graph = graph_of(order);
        assert_eq!(interests(&graph), INTERESTS[..10], "{order:?}");
        assert_eq!(counts(&graph), (22, 2), "{order:?}");
        assert!(graph.inputs().iter().all(|input| input.format == "icij"));
        let kind = |id: &str| graph.entity(graph.node_by_id(id).expect("a node")).kind();
        let kinds = ["10", "11", "20", "21", "22", "30", "50", "22/4"].map(kind);
        use EntityKind::{Arrangement, Company, Person, Unknown};
        assert_eq!(kinds, [Company, Arrangement, Person, Company, Unknown, Company, Arrangement, Unknown], "{order:?}");
        assert_eq!(messages(&graph, Rule::DanglingParty), [" (99): 99 is referred to, but no record describes it"]);
        assert_eq!(
            messages(&graph, Rule::RejectedRecord),
            ["5.csv:15: has no node_id_start", "5.csv:16: has 3 cells where the header has 8"]
        );
        assert_eq!(
            messages(&graph, Rule::UnreadableValue),
            ["5.csv:8: start_date \"someday\" is no date that can be read; the day is left open"]
        );
    }
}

#[test]
fn what_is_known_of_a_node_is_kept_and_guesses_say_so() {
    let graph = graph_of([0, 1, 2, 3, 4, 5]);
    let entity = |id: &str| graph.entity(graph.node_by_id(id).unwrap_or_else(|| panic!("no {id}")));
    let tian = entity("10");
    assert_eq!((tian.name(), tian.jurisdiction(), tian.jurisdiction_inferred()), ("TIAN \"A\" LTD", Some("WS"), false));
    assert_eq!(tian.founded().map(|date| date.to_string()).as_deref(), Some("2006-03-23"));
    assert_eq!(tian.dissolved().map(|date| date.to_string()).as_deref(), Some("2013-02-18"));
    assert_eq!(
        (tian.details().aliases.as_slice(), tian.details().former_names.as_slice()),
        (&["Tian".to_owned()][..], &["OLD TIAN".to_owned()][..])
    );
    assert_eq!(tian.identifiers().map(|number| number.to_string()).collect::<Vec<_>>(), ["company number:25221"]);
    assert_eq!(tian.details().sources, ["icij:Panama Papers", "icij:Paradise Papers - Appleby"]);
    assert_eq!((entity("11").name(), entity("11").jurisdiction()), ("R&D TRUST", Some("XXX")));
    let doe = entity("20");
    assert_eq!((doe.jurisdiction(), doe.jurisdiction_inferred()), (Some("PA"), true));
    assert_eq!(doe.details().note.as_deref(), Some("Kind inferred from the name."));
    assert_eq!(entity("22/5").name(), "Bearer shares (holder not named)");
    assert_eq!(graph.node_by_id("40"), None);
    let panama = graph.source("icij:Panama Papers").expect("a source");
    assert_eq!(panama.title, "ICIJ Offshore Leaks: Panama Papers");
    assert_eq!(panama.note.as_deref(), Some("The Panama Papers data is current through 2015"));
}

#[test]
fn dates_and_links_stand_on_the_interest() {
    let graph = graph_of([5, 0, 1, 2, 3, 4]);
    let described = |line: u32| {
        let of_line = |&edge: &cuibono::graph::EdgeId| graph.stake(edge).record() == line;
        let stake = graph.stake(graph.edges().find(of_line).expect("an interest"));
        let note = stake.details().and_then(|details| details.note.clone()).unwrap_or_default();
        format!("{} {} {:?} {note}", stake.start(), stake.end(), stake.interest().directness())
    };
    assert_eq!(described(2), "2006-03-23 2010-05-13 Direct ");
    assert_eq!(described(4), "  Direct nominee shareholder of");
    assert_eq!(described(6), "  Unknown beneficial owner of");
    assert_eq!(described(8), "  Direct records & registers of");
    let day = "2026-01-01".parse().expect("a day");
    let lasts = |line: u32| {
        let of_line = |&edge: &cuibono::graph::EdgeId| graph.stake(edge).record() == line;
        format!("{:?}", graph.stake(graph.edges().find(of_line).expect("an interest")).end().lasts(day))
    };
    assert_eq!((lasts(2), lasts(3), lasts(7)), ("Out".to_owned(), "Certain".to_owned(), "Possible".to_owned()));
}

#[test]
fn older_releases_are_read_too() {
    for relations in [
        "START_ID,TYPE,END_ID,link,start_date,end_date,sourceID,valid_until\n1,officer_of,2,shareholder of,,,Panama Papers,x\n",
        "\"node_1\",\"rel_type\",\"node_2\"\n\"1\",\"shareholder of\",\"2\"\n",
        "node_1,rel_type,node_2,r.start_date,r.end_date,r.sourceID\n1,shareholder of,2,,,Offshore Leaks\n",
    ] {
        let graph = read_text("edges.csv", relations);
        assert_eq!(interests(&graph), ["1 shareholding ? 2"], "{relations}");
    }
    let graph = read_text("officers.csv", "n.name,n.node_id,n.sourceID\nAnn,7,Bahamas Leaks\n");
    assert_eq!((graph.node_count(), graph.entity(graph.node_by_id("7").expect("7")).name()), (1, "Ann"));
}

#[test]
fn an_unclosed_quote_ends_the_file_and_is_named() {
    let text = OFFICERS.replace("EL PORTADOR", "\"EL PORTADOR").replace("\"A\"", "A");
    let open = "officers.csv:4: a quote that opens in this row is never closed: the rest of the file would be one cell";
    let refused = Loader::new().read_text("officers.csv", &text).expect_err("an open quote").to_string();
    assert!(refused.starts_with(&format!("{open}; the 2 records before that were read")), "{refused}");
    let mut loader = Loader::new().keep_going(true);
    loader.read_text("officers.csv", &text).expect("two rows");
    let graph = loader.finish().expect("a graph");
    assert_eq!(counts(&graph), (2, 0));
    assert!(graph.inputs()[0].broken.as_deref().is_some_and(|broken| broken.starts_with(open)));
}
