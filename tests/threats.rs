//! The page on threats names a test for each row; here is seen to it that each of them exists.

use std::path::Path;

/// Rows of the page: number and the cell of tests.
fn rows() -> Vec<(usize, String)> {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/threats.md")).expect("the page");
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let number = cells.first()?.parse().ok()?;
        assert_eq!(cells.len(), 4, "{line}");
        Some((number, cells[3].to_owned()))
    });
    rows.collect()
}

#[test]
fn every_threat_has_its_row_and_every_named_test_exists() {
    let rows = rows();
    assert_eq!(rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=52).collect::<Vec<_>>());
    let mut named = 0;
    for (number, tests) in &rows {
        let references: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!references.is_empty() || tests.starts_with("–"), "row {number} names no test and gives no reason");
        for reference in references {
            let (file, function) = reference.split_once("::").unwrap_or((reference, ""));
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("row {number}: {file}: {error}"));
            let is_there = function.is_empty() || text.contains(&format!("fn {function}("));
            assert!(is_there, "row {number}: {file} has no test {function}");
            named += 1;
        }
    }
    assert!(named >= 90, "{named} tests named");
}
