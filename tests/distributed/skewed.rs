//! Graphs that lean to one side: a holder of a great many companies, and a long ring.

use crate::machines::{Asked, ask, cut};
use cuibono::load::Loader;
use cuibono::model::Layer;
use std::fmt::Write;

fn parts(rows: &str, count: usize) -> Vec<cuibono::graph::OwnershipGraph> {
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &format!("owner,owned,share\n{rows}")).expect("edges");
    cut(&loader.finish().expect("a graph"), count)
}

#[test]
fn one_holder_of_a_hundred_thousand_companies_and_a_ring_of_ten_thousand() {
    let mut rows = String::new();
    for company in 0..100_000 {
        let _ = writeln!(rows, "holder,c{company},60");
    }
    for member in 0..10_000 {
        let _ = writeln!(rows, "r{member},r{},51", (member + 1) % 10_000);
    }
    rows.push_str("r77,holder,51\n");
    let parts = parts(&rows, 2);
    for asked in [Asked::Ultimate, Asked::Circular(Layer::Capital)] {
        let (several, alone) = (ask(&asked, &parts, 2), asked.alone(&parts));
        assert_eq!(several.len(), alone.len());
        assert!(several == alone, "{asked:?}");
    }
    let all = ask(&Asked::Ultimate, &parts, 1);
    assert_eq!(all.len(), 110_001);
    assert!(all.iter().all(|row| row.ends_with(" r0 true\n")));
}

/// Were everything judged anew for every layer, this would not end.
#[test]
fn a_list_is_followed_down_a_long_row_beside_a_holder_of_very_many() {
    let mut rows = String::new();
    for company in 0..50_000 {
        let _ = writeln!(rows, "holder,c{company},60");
    }
    for member in 0..2_000 {
        let _ = writeln!(rows, "r{member},r{},{}", member + 1, 50 + member % 50);
        // Held by somebody else, and so not blocked.
        let _ = writeln!(rows, "r{member},free{member},49");
    }
    rows.push_str("c77,r0,51\n");
    let parts = parts(&rows, 2);
    let asked = Asked::Screen("ofac", vec!["holder".to_owned()]);
    let (several, alone) = (ask(&asked, &parts, 2), asked.alone(&parts));
    assert_eq!(alone.len(), 1 + 50_000 + 2_001);
    assert!(several == alone);
}
