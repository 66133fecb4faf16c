//! XML that was made to explode, to reach outside, or to be misread.

use crate::fixtures::lei_xml;
use crate::shared::counts;
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;

fn read(text: &str) -> Result<OwnershipGraph, String> {
    let mut loader = Loader::new();
    loader.read_text("l.xml", text).and_then(|()| loader.finish()).map_err(|error| error.to_string())
}

fn refused(text: &str, message: &str) {
    let said = read(text).map(|graph| counts(&graph)).expect_err(text);
    assert_eq!(said, format!("{message}; none of the 1 records of this input could be read"));
}

/// A document with a document type before its root, whose one record is named by a reference.
fn with_type(doctype: &str, name: &str) -> String {
    let text = lei_xml(&format!("<lei:LegalName>{name}</lei:LegalName>"));
    text.replacen("?>\n", &format!("?>\n{doctype}\n"), 1)
}

#[test]
fn nothing_that_a_document_type_defines_is_expanded() {
    let lol: String = (1..10)
        .map(|level| format!("<!ENTITY lol{level} \"{}\">\n", format!("&lol{};", level - 1).repeat(10)))
        .collect();
    let laughs = format!("<!DOCTYPE lolz [\n<!ENTITY lol0 \"lol\">\n{lol}]>");
    let not_expanded = |name: &str| format!("&{name}; is no reference that XML itself defines; it is not expanded");
    let place = |lines: usize| format!("l.xml:{} (9999TESTCHILD0000011): ", lines);
    refused(&with_type(&laughs, "&lol9;"), &(place(17) + &not_expanded("lol9")));
    let blowup = format!("<!DOCTYPE x [<!ENTITY a \"{}\">]>", "a".repeat(1 << 20));
    refused(&with_type(&blowup, &"&a;".repeat(1000)), &(place(6) + &not_expanded("a")));
    for (system, name) in [
        ("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>", "f"),
        ("<!DOCTYPE x [<!ENTITY f PUBLIC \"-//X\" \"http://127.0.0.1:1/x\">]>", "f"),
    ] {
        refused(&with_type(system, &format!("a &{name};")), &(place(6) + &not_expanded(name)));
    }
    // Types and parameters that nothing refers to are passed over, and nobody is asked for them.
    for doctype in [
        "<!DOCTYPE LEIData SYSTEM \"http://127.0.0.1:1/lei.dtd\">",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>",
        "<!DOCTYPE x [<!ENTITY lol \"&lol;\">]>",
        "<!DOCTYPE x [<!ATTLIST y z CDATA \"]>\">]>",
    ] {
        let graph = read(&with_type(doctype, "Smith &amp; S&#xf6;hne &lt;&gt;&quot;&apos;")).expect(doctype);
        assert_eq!(counts(&graph), (1, 0), "{doctype}");
        let node = graph.node_by_id("9999TESTCHILD0000011").expect("a party");
        assert_eq!(graph.entity(node).name(), "Smith & Söhne <>\"'", "{doctype}");
    }
}

#[test]
fn references_to_no_character_are_refused() {
    for reference in ["&#0;", "&#xD800;", "&#x110000;", "&#99999999999;", "&#x;", "&;", "& "] {
        let read = read(&with_type("", &format!("a{reference}b")));
        match read {
            Err(error) => assert!(error.contains("none of the 1 records"), "{reference}: {error}"),
            Ok(graph) => {
                let node = graph.node_by_id("9999TESTCHILD0000011").expect("a party");
                assert_eq!((reference, graph.entity(node).name()), ("& ", "a& b"));
            }
        }
    }
}

#[test]
fn elements_without_end_are_bounded() {
    for depth in [200, 100_000] {
        let deep = "<x>".repeat(depth) + &"</x>".repeat(depth);
        let text = lei_xml(&format!("<lei:LegalName>A</lei:LegalName>{deep}"));
        refused(&text, "l.xml:5 (9999TESTCHILD0000011): elements lie more than 128 deep");
        let text = lei_xml(&format!("<lei:LegalName>A</lei:LegalName>{}", "<x>".repeat(depth)));
        assert!(read(&text).is_err());
    }
    let fine = "<x>".repeat(100) + &"</x>".repeat(100);
    let graph = read(&lei_xml(&format!("<lei:LegalName>A</lei:LegalName>{fine}"))).expect("a record");
    assert_eq!(counts(&graph), (1, 0));
}

#[test]
fn what_a_record_states_once_must_not_stand_twice() {
    let twice = "<lei:LegalName>Good</lei:LegalName><lei:LegalName>Evil</lei:LegalName>";
    refused(&lei_xml(twice), "l.xml:5 (9999TESTCHILD0000011): the element LegalName stands twice in the record");
    let hidden = lei_xml("<lei:LegalName>A</lei:LegalName>")
        .replace("<lei:Entity>", "<lei:LEI>9999TESTTOP000000076</lei:LEI><lei:Entity>");
    refused(&hidden, "l.xml:5 (9999TESTCHILD0000011): the element LEI stands twice in the record");
}
