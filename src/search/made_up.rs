//! Names for tests.

use crate::search::NameIndex;
use crate::search::NameKind::{self, Alias, Former, Name};

const SYLLABLES: [&str; 16] =
    ["no", "val", "pi", "na", "ter", "ra", "mon", "do", "lux", "ka", "zen", "ti", "gor", "fal", "be", "ri"];
const COMMON: [&str; 8] = ["Group", "Holdings", "Capital", "Ltd", "S.à r.l.", "GmbH", "Partners", "Limited"];

/// Made-up names, the same each time; nodes may have several and may share one.
pub(super) fn made_up(count: u32) -> Vec<(u32, String, NameKind)> {
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let name = |i| {
        let mut name = String::new();
        for _ in 0..=next(3) {
            let syllables = 1 + next(3);
            (0..syllables).for_each(|_| name.push_str(SYLLABLES[next(16) as usize]));
            name.push(' ');
        }
        name.push_str(COMMON[next(8) as usize]);
        (i * 3 / 4, name, [Name, Name, Name, Alias, Former][next(5) as usize])
    };
    (0..count).map(name).collect()
}

pub(super) fn build(names: &[(u32, String, NameKind)]) -> NameIndex {
    NameIndex::build(names.iter().map(|(node, name, kind)| (*node, name.as_str(), *kind)), |node| node % 50)
}
