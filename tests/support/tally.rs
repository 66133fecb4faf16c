//! Counts of what a test tried, from which the page on testing is made (`docs/how-it-is-tested.md`).

use std::path::Path;

/// Writes down how many cases of a corpus a test tried and how each ended: every case in exactly one way.
///
/// # Panics
///
/// Where the ways do not add up to the cases.
pub fn tally(corpus: &str, tried: usize, ends: &[(&str, usize)]) {
    assert_eq!(ends.iter().map(|(_, count)| count).sum::<usize>(), tried, "{corpus}: {ends:?}");
    assert!(tried > 0, "{corpus}: nothing was tried");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tally");
    std::fs::create_dir_all(&folder).expect("a folder for counts");
    let ends: Vec<_> = ends.iter().map(|(end, count)| serde_json::json!({"end": end, "count": count})).collect();
    let counted = serde_json::json!({"corpus": corpus, "tried": tried, "ends": ends});
    let name: String = corpus.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    std::fs::write(folder.join(name + ".json"), counted.to_string()).expect("counts written down");
}
