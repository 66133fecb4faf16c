//! Deciding which node a text means, or that it is not clear.

use crate::search::index::NameIndex;
use crate::search::normalise::key;
use crate::search::rank::{ALIKE_SCORE, Candidate, Hit, Tier};

/// What a text means.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// One node, clearly.
    One(Hit),
    /// Any of these equally, best first; at most twenty are given.
    Ambiguous(Vec<Hit>),
    /// None.
    None {
        /// What comes near, best first; often empty.
        did_you_mean: Vec<Hit>,
    },
}

impl Resolution {
    /// The node, if it is clear.
    #[must_use]
    pub fn node(&self) -> Option<u32> {
        match self {
            Self::One(hit) => Some(hit.node),
            _ => None,
        }
    }
}

/// Candidates given of an ambiguous text.
const MAX_CANDIDATES: usize = 20;
/// Suggestions given for a text that means nothing.
const MAX_SUGGESTIONS: usize = 5;
/// Letters needed before an unfinished word is enough.
const MIN_LETTERS: usize = 3;
/// Score from which a resemblance is enough.
const CLEAR: f32 = ALIKE_SCORE * 0.8;
/// How far it has to stand before the next node.
const GAP: f32 = ALIKE_SCORE * 0.07;

impl NameIndex {
    /// The node that `text` means, if that is clear.
    ///
    /// 1. Only the best tier in which anything matches counts (see the [module](crate::search)): a whole
    ///    name hides aliases, an alias hides former names, all of these hide names that begin with the text.
    /// 2. One node in that tier is the answer; several are ambiguous, whatever their weights.
    /// 3. Unfinished words need three letters.
    /// 4. Names that merely resemble the text need a resemblance of 80 % and 7 points more than the next
    ///    node; with the 80 % but without the distance they are ambiguous. Numbers resemble nothing.
    /// 5. A name that matches except for another legal form (`Acme GmbH` for `Acme Ltd`) is another party:
    ///    it is suggested, never taken.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Resolution {
        let candidates = self.candidates(text, MAX_CANDIDATES);
        let Some(best) = candidates.first().copied() else {
            return self.none(&[]);
        };
        match best.tier {
            Tier::OtherForm => self.none(&candidates),
            Tier::Alike => self.by_resemblance(&candidates),
            Tier::Start | Tier::AllStarts | Tier::Moved if too_short(text) => self.none(&candidates),
            tier => self.one_or_several(&candidates, |candidate| candidate.tier == tier),
        }
    }

    /// The node whose whole name, alias or former name is `text`, the legal form perhaps left aside.
    ///
    /// For lists that nobody watches being matched, such as those of sanctioned parties: nothing is
    /// completed and nothing corrected.
    #[must_use]
    pub fn resolve_whole(&self, text: &str) -> Resolution {
        let candidates = self.candidates(text, MAX_CANDIDATES);
        match candidates.first().map(|best| best.tier) {
            Some(tier @ (Tier::Whole(_) | Tier::Bare(_))) => {
                self.one_or_several(&candidates, |candidate| candidate.tier == tier)
            }
            _ => self.none(&candidates),
        }
    }

    fn by_resemblance(&self, candidates: &[Candidate]) -> Resolution {
        let best = candidates.first().map_or(0.0, |best| best.score);
        if best < CLEAR {
            return self.none(candidates);
        }
        self.one_or_several(candidates, |candidate| candidate.score > best - GAP)
    }

    fn one_or_several(&self, candidates: &[Candidate], is_equal: impl Fn(&Candidate) -> bool) -> Resolution {
        let equal = candidates.iter().take_while(|candidate| is_equal(candidate));
        let hits: Vec<Hit> = equal.map(|candidate| candidate.hit(&self.sections)).collect();
        match hits.as_slice() {
            [one] => Resolution::One(*one),
            _ => Resolution::Ambiguous(hits),
        }
    }

    fn none(&self, candidates: &[Candidate]) -> Resolution {
        let near = candidates.iter().take(MAX_SUGGESTIONS);
        Resolution::None { did_you_mean: near.map(|candidate| candidate.hit(&self.sections)).collect() }
    }
}

fn too_short(text: &str) -> bool {
    key(text).len() < MIN_LETTERS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::NameKind::{self, Alias, Former, Name};

    /// Names around one company group; the number is the node.
    const GROUP: &[(u32, &str, NameKind)] = &[
        (0, "NSO Group Technologies Ltd", Name),
        (0, "N.S.O. Group Technologies Ltd", Alias),
        (0, "NSO Group", Alias),
        (0, "NSO", Alias),
        (1, "Q Cyber Technologies Ltd", Name),
        (1, "Q Cyber", Alias),
        (2, "Q Cyber Technologies S.à r.l.", Name),
        (3, "NOAL SCSp", Name),
        (3, "Novalpina Capital Partners I SCSp", Former),
        (4, "Novalpina Capital Partners I GP S.à r.l.", Name),
        (5, "Novalpina Capital Group S.à r.l.", Name),
        (6, "Novalpina Capital LLP", Name),
        (7, "NorthPole Bidco S.à r.l.", Name),
        (8, "NorthPole Holdco S.à r.l.", Name),
        (9, "Dufresne Holding", Name),
        (10, "Omri Lavie", Name),
        (11, "Shalev Hulio", Name),
        (12, "NSO Holdings Inc", Name),
        (13, "Circles", Name),
        (14, "Circles Bulgaria EOOD", Name),
        (14, "Danida", Former),
        (15, "Berkeley Research Group LLC", Name),
        (15, "BRG", Alias),
        (16, "BRG NOAL GP S.à r.l.", Name),
        (17, "ООО «Ромашка»", Name),
        (18, "华为技术有限公司", Name),
        (19, "שלו חוליו", Name),
        (20, "شركة الجزيرة ش.م.م", Name),
        (21, "Twin Ltd", Name),
        (22, "Twin Ltd", Name),
        (23, "J.P. Morgan Chase & Co.", Name),
    ];

    fn index() -> NameIndex {
        NameIndex::build(GROUP.iter().copied(), |node| 100 - node)
    }

    fn nodes(resolution: &Resolution) -> Vec<u32> {
        let hits = match resolution {
            Resolution::One(hit) => return vec![hit.node],
            Resolution::Ambiguous(hits) => hits,
            Resolution::None { did_you_mean } => did_you_mean,
        };
        let mut nodes: Vec<u32> = hits.iter().map(|hit| hit.node).collect();
        nodes.sort_unstable();
        nodes
    }

    #[test]
    fn one_clear_match_is_taken() {
        let index = index();
        for (text, node) in [
            ("NSO", 0),
            ("n.s.o.", 0),
            ("nso group", 0),
            ("NSO Group Technologies", 0),
            ("NSO Group Technologies Limited", 0),
            ("nso group tech", 0),
            ("technologies nso", 0),
            ("Q Cyber", 1),
            ("q cyber technologies limited", 1),
            ("Q Cyber Technologies SARL", 2),
            ("Q Cyber Technologies S.a r.l.", 2),
            ("noal", 3),
            ("Novalpina Capital Partners I", 3),
            ("Novalpina Capital", 6),
            ("novalpina capital partners i gp", 4),
            ("north pole bidco", 7),
            ("Dufresne Holdings", 9),
            ("dufrense holding", 9),
            ("dufresne", 9),
            ("Omry Lavie", 10),
            ("Lavie, Omri", 10),
            ("Circles", 13),
            ("danida", 14),
            ("circles bulgaria ltd eood", 14),
            ("BRG", 15),
            ("berkley research", 15),
            ("brg noal", 16),
            ("Romashka", 17),
            ("ромашка", 17),
            ("OOO Romashka", 17),
            ("Huawei", 18),
            ("华为", 18),
            ("华为技术", 18),
            ("שלו", 19),
            ("الجزيرة", 20),
            ("\u{202e}Dan\u{200b}ida\u{202c}", 14),
            ("JP Morgan Chase and Company", 23),
            ("jpmorgan chase", 23),
        ] {
            let resolution = index.resolve(text);
            assert_eq!(resolution.node(), Some(node), "{text}: {resolution:?}");
        }
    }

    #[test]
    fn several_equals_are_never_guessed() {
        let index = index();
        for (text, expected) in [
            ("novalpina", &[3, 4, 5, 6][..]),
            ("novaplina", &[3, 4, 5, 6]),
            ("Q Cyber Technologies", &[1, 2]),
            ("Twin", &[21, 22]),
            ("TWIN LIMITED", &[21, 22]),
            ("northpole", &[7, 8]),
        ] {
            let resolution = index.resolve(text);
            assert!(matches!(resolution, Resolution::Ambiguous(_)), "{text}: {resolution:?}");
            assert_eq!(nodes(&resolution), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let index = index();
        for text in ["", " ", "???", "\u{200b}", "Shell", "xyzzy plugh", "zz", "ns"] {
            let resolution = index.resolve(text);
            assert!(!matches!(resolution, Resolution::One(_)), "{text}: {resolution:?}");
        }
    }

    #[test]
    fn what_comes_near_is_suggested() {
        let index = index();
        for (text, node) in [("Omri Levi", 10), ("Dufresne Limo", 9), ("Shalev Hulyo Levin", 11)] {
            let resolution = index.resolve(text);
            assert!(matches!(resolution, Resolution::None { .. }), "{text}: {resolution:?}");
            assert_eq!(nodes(&resolution), [node], "{text}");
        }
    }

    #[test]
    fn another_legal_form_is_another_party() {
        let index = index();
        for text in ["Novalpina Capital Group GmbH", "Circles Bulgaria Ltd", "Berkeley Research Group plc"] {
            let resolution = index.resolve(text);
            let Resolution::None { did_you_mean } = &resolution else { panic!("{text}: {resolution:?}") };
            assert!(!did_you_mean.is_empty(), "{text}");
        }
    }

    #[test]
    fn whole_names_only_when_asked() {
        let index = index();
        assert_eq!(index.resolve_whole("nso group").node(), Some(0));
        assert_eq!(index.resolve_whole("Danida").node(), Some(14));
        assert_eq!(index.resolve_whole("dufresne").node(), None);
        assert_eq!(index.resolve_whole("Dufresne Holdings").node(), None);
        assert!(matches!(index.resolve_whole("twin"), Resolution::Ambiguous(hits) if hits.len() == 2));
    }

    #[test]
    fn two_letters_do_not_complete() {
        let index = NameIndex::build([(0, "Zebra", Name), (1, "华", Name)], |_| 0);
        assert!(matches!(index.resolve("ze"), Resolution::None { did_you_mean } if did_you_mean.len() == 1));
        assert_eq!(index.resolve("zeb").node(), Some(0));
        assert_eq!(index.resolve("华").node(), Some(1));
    }
}
