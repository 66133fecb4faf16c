//! Finding names: from the best kind of match to the weakest, within a bounded amount of work.

use std::ops::Range;

use crate::search::along::Along;
use crate::search::asked::{Asked, AskedWord, LEAST, frequency};
use crate::search::index::NameIndex;
use crate::search::name_lists::BLOCK;
use crate::search::query::{Query, Word};
use crate::search::rank::{Best, Candidate, Hit, Tier};
use crate::search::sections::{Place, Sections};

/// Most matches one search gives.
const MAX_LIMIT: usize = 1000;
/// Names with the same core looked at.
const MAX_SAME: usize = 10_000;
/// Names looked at in no particular order.
const MAX_SCATTERED: usize = 50_000;
/// Names looked at from the best on.
const MAX_IN_ORDER: usize = 100_000;
/// Names checked in one go.
const PART: usize = 1024;
/// Names compared as a whole with a misspelt text, found through its rarest words.
const MAX_COMPARED: usize = 5_000;
/// Matches from which on no names that merely resemble the text are looked for.
const ENOUGH: usize = 3;

impl NameIndex {
    /// The best matches for `text`, at most `limit` (and never more than 1000), one for each node.
    ///
    /// Made for texts that are still being typed: the last word may be unfinished. Names that merely
    /// resemble the text are looked for only where hardly any name has it as it stands.
    ///
    /// ```
    /// use cuibono::search::{NameIndex, NameKind, Reason};
    ///
    /// let names = [(0, "Novalpina Capital LLP", NameKind::Name), (1, "Triangle Holdings S.A.", NameKind::Name)];
    /// let index = NameIndex::build(names, |_| 1);
    ///
    /// let hits = index.find("novap", 5);
    /// assert_eq!((hits[0].node, hits[0].reason), (0, Reason::Inexact));
    /// assert_eq!(index.find("trian", 5)[0].reason, Reason::Prefix);
    /// assert!(index.find("", 5).is_empty());
    /// ```
    #[must_use]
    pub fn find(&self, text: &str, limit: usize) -> Vec<Hit> {
        let candidates = self.candidates(text, limit);
        candidates.iter().map(|candidate| candidate.hit(&self.sections)).collect()
    }

    /// As [`find`](Self::find), with the tiers.
    pub(super) fn candidates(&self, text: &str, limit: usize) -> Vec<Candidate> {
        let query = Query::parse(&self.sections, text);
        let best = Best::new(limit.min(MAX_LIMIT));
        if query.words.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut search = Search { index: self, sections: &self.sections, best };
        search.run(&query);
        search.best.into_vec()
    }
}

struct Search<'i> {
    index: &'i NameIndex,
    sections: &'i Sections,
    best: Best,
}

impl Search<'_> {
    fn run(&mut self, query: &Query) {
        self.whole(query, |tier| tier);
        self.words(query.words_from_core(), None);
        if self.best.is_full() || self.best.best_tier().is_some_and(|tier| tier <= Tier::WordStart) {
            return;
        }
        for variant in query.respaced(self.sections) {
            self.whole(&variant, |tier| if tier == Tier::OtherForm { tier } else { Tier::Spacing });
            self.words(variant.words_from_core(), Some(Tier::Moved));
        }
        if query.core.end < query.words.len() && self.best.best_tier().is_none() {
            self.words(query.core_words(), Some(Tier::OtherForm));
        }
        let is_weak = |tier| tier > Tier::WordStart;
        if self.best.len() < ENOUGH && self.best.best_tier().is_none_or(is_weak) {
            self.alike(query);
        }
    }

    /// Names that are the text, their legal form perhaps left aside.
    fn whole(&mut self, query: &Query, tier: impl Fn(Tier) -> Tier) {
        let Some(core) = query.core_words().iter().map(Word::token).collect::<Option<Vec<u32>>>() else {
            return;
        };
        let sections = self.sections;
        for &name in sections.cores().with(&core).iter().take(MAX_SAME) {
            if sections.core_tokens(name) == core {
                let tier = tier(whole_tier(sections, query, name));
                self.offer(tier, name);
            }
        }
    }

    /// False when the name stands behind a full list, and so does every later name of the same tier.
    fn offer(&mut self, tier: Tier, name: u32) -> bool {
        Candidate::of_tier(self.sections, tier, name).is_none_or(|candidate| self.best.offer(candidate))
    }

    fn refuses(&self, tier: Tier, name: u32) -> bool {
        self.best.refuses(tier.score(self.sections, name), name)
    }

    /// Names that have all `words`, of any tier or all of one.
    fn words(&mut self, words: &[Word], tier: Option<Tier>) {
        match words {
            [] => {}
            [word] => self.one_word(word, tier),
            several if several.iter().any(Word::is_lost) => {}
            several => self.several_words(several, tier),
        }
    }

    fn one_word(&mut self, word: &Word, tier: Option<Tier>) {
        let exact = || word.token().into_iter().map(|token| token..token + 1);
        let longer = || std::iter::once(word.longer()).chain(word.also.iter().map(|token| *token..token + 1));
        self.in_order(exact(), Place::First, tier.unwrap_or(Tier::WordStart));
        self.in_order(longer(), Place::First, tier.unwrap_or(Tier::Start));
        self.in_order(exact(), Place::Later, tier.unwrap_or(Tier::AllWords));
        self.in_order(longer(), Place::Later, tier.unwrap_or(Tier::AllStarts));
    }

    /// The best names of the lists of some tokens.
    fn in_order(&mut self, ranges: impl Iterator<Item = Range<u32>>, place: Place, tier: Tier) {
        if self.best.is_settled(tier) {
            return;
        }
        // As many as all lists together have: more are only read where damaged offsets make lists overlap.
        let mut left = self.sections.lists().len() + 1;
        for range in ranges {
            let mut token = range.start;
            while token < range.end {
                let is_block = token.is_multiple_of(BLOCK) && range.end - token >= BLOCK;
                if is_block && !self.may_have(place, token / BLOCK, tier) {
                    token += BLOCK;
                    continue;
                }
                for &name in self.sections.lists().at(place, token) {
                    left = left.saturating_sub(1);
                    if left == 0 || !self.offer(tier, name) {
                        break;
                    }
                }
                token += 1;
            }
        }
    }

    /// False when no name of a block of tokens gets in.
    fn may_have(&self, place: Place, block: u32, tier: Tier) -> bool {
        self.sections.lists().block_best(place, block).is_some_and(|best| !self.refuses(tier, best))
    }

    fn several_words(&mut self, words: &[Word], tier: Option<Tier>) {
        self.finished_words(words, tier);
        let is_whole = |tier| tier < Tier::Spacing;
        if !self.best.is_full() && !self.best.best_tier().is_some_and(is_whole) {
            self.begun_words(words, tier);
        }
    }

    /// Names that have all words but the last as they stand: by the rarest of them, or by what the last may
    /// become if that is rarer.
    fn finished_words(&mut self, words: &[Word], tier: Option<Tier>) {
        let sections = self.sections;
        let Some((last, before)) = words.split_last() else {
            return;
        };
        let Some(tokens) = before.iter().map(Word::token).collect::<Option<Vec<u32>>>() else {
            return;
        };
        let size = |token: &u32| frequency(sections, *token);
        let Some(&rarest) = tokens.iter().min_by_key(|token| size(token)) else {
            return;
        };
        if last.spread(sections) < MAX_SCATTERED.min(size(&rarest) / 4) {
            return self.check_all(with_word(sections, last), words, tier);
        }
        // Names that begin with the words have the first of them first; where the last is no word yet, it is unfinished.
        let start = if last.token().is_some() { Tier::WordStart } else { Tier::Start };
        let (beginning, holding) = if tokens[0] == rarest { (start, Tier::AllWords) } else { (Tier::AllWords, start) };
        self.check_in_order(Place::First, rarest, words, tier, beginning);
        self.check_in_order(Place::Later, rarest, words, tier, holding);
    }

    /// Names in which words begin with all `words`.
    fn begun_words(&mut self, words: &[Word], tier: Option<Tier>) {
        let sections = self.sections;
        let Some(rarest) = words.iter().min_by_key(|word| word.spread(sections)) else {
            return;
        };
        if rarest.spread(sections) <= MAX_SCATTERED {
            self.check_all(with_word(sections, rarest), words, tier);
        } else {
            self.check_all((0..sections.name_count() as u32).take(MAX_IN_ORDER), words, tier);
        }
    }

    fn check_all(&mut self, names: impl Iterator<Item = u32>, words: &[Word], tier: Option<Tier>) {
        let sections = self.sections;
        let Some(telling) = words.iter().min_by_key(|word| word.spread(sections)) else {
            return;
        };
        for name in names {
            if !sections.name(name).iter().any(|token| telling.begins(*token)) {
                continue;
            }
            if let Some(found) = words_tier(sections, words, name) {
                self.offer(tier.unwrap_or(found), name);
            }
        }
    }

    /// Checks the names of a token in order until even a match of tier `highest` would come too late.
    fn check_in_order(&mut self, place: Place, token: u32, words: &[Word], tier: Option<Tier>, highest: Tier) {
        let sections = self.sections;
        let names = sections.lists().at(place, token);
        let names = &names[..names.len().min(MAX_IN_ORDER)];
        // A word that many more names have leaves out too few to be worth reading its lists.
        let tells = |word: &&Word| !word.begins(token) && word.spread(sections) / 4 <= names.len();
        let mut along: Vec<Along> = words.iter().filter(tells).filter_map(|word| Along::new(sections, word)).collect();
        for part in names.chunks(PART) {
            if self.refuses(tier.unwrap_or(highest), part[0]) {
                return;
            }
            let mut kept = part.to_vec();
            along.iter_mut().for_each(|along| along.keep(&mut kept));
            self.check_all(kept.into_iter(), words, tier);
        }
    }

    /// Names that resemble the text.
    fn alike(&mut self, query: &Query) {
        let asked = Asked::new(self.index, query);
        let mut leads: Vec<&AskedWord> = asked.words.iter().filter(|word| word.spread > 0).collect();
        leads.sort_by_key(|word| word.spread);
        let mut left = MAX_COMPARED;
        for lead in leads {
            let names = lead.names(self.sections).take(left);
            left = left.saturating_sub(lead.spread);
            for name in names {
                let resemblance = asked.resemblance(self.sections, query, name);
                let candidate = Candidate::alike(self.sections, resemblance, name);
                if let Some(candidate) = candidate.filter(|_| resemblance >= LEAST) {
                    self.best.offer(candidate);
                }
            }
        }
    }
}

/// Names with a word that begins with `word`, in no particular order.
fn with_word<'s>(sections: &'s Sections, word: &'s Word) -> impl Iterator<Item = u32> + 's {
    let also = word.also.iter().flat_map(|token| sections.lists().with_token(*token));
    sections.lists().with_any(&word.range).iter().chain(also).copied()
}

/// The tier of a name whose core is that of the text.
fn whole_tier(sections: &Sections, query: &Query, name: u32) -> Tier {
    let kind = sections.kind(name);
    let tokens = sections.name(name);
    let same = tokens.len() == query.words.len() && query.words.iter().zip(tokens).all(|(word, token)| word.is(*token));
    if same {
        Tier::Whole(kind)
    } else if query.agrees_in_form(sections, name) {
        Tier::Bare(kind)
    } else {
        Tier::OtherForm
    }
}

/// How a name has all words, if it does.
fn words_tier(sections: &Sections, words: &[Word], name: u32) -> Option<Tier> {
    let tokens = sections.name(name);
    let found = |word: &Word| tokens.iter().any(|token| word.begins(*token));
    let (last, before) = words.split_last()?;
    if !found(last) || !before.iter().all(found) {
        return None;
    }
    let start = tokens.get(sections.core(name).start..)?;
    let begins = start.len() >= words.len() && before.iter().zip(start).all(|(word, token)| word.is(*token));
    if begins && last.is(start[before.len()]) {
        return Some(Tier::WordStart);
    }
    if begins && last.begins(start[before.len()]) {
        return Some(Tier::Start);
    }
    let has = |word: &Word| tokens.iter().any(|token| word.is(*token));
    Some(if before.iter().all(has) { Tier::AllWords } else { Tier::AllStarts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::NameKind::{Alias, Former, Name};
    use crate::search::made_up::{build, made_up};
    use crate::search::{Reason, Resolution, key};

    #[test]
    fn every_name_finds_its_node_first() {
        let names = made_up(2000);
        let index = build(&names);
        for (i, (_, name, _)) in names.iter().enumerate().step_by(3) {
            let hits = index.find(name, 10);
            let best = hits[0].matched;
            assert_eq!(key(&names[best.index as usize].1), key(name));
            assert!(names[best.index as usize].2 <= names[i].2, "a better kind of name comes first");
            assert!(hits[0].score >= 0.95);
        }
    }

    #[test]
    fn prefixes_find_what_a_scan_finds() {
        let names = made_up(1500);
        let index = build(&names);
        for text in ["n", "no", "nova", "luxka", "zen ti", "ter g", "val pi h", "mon ltd"] {
            let start = key(text);
            let mut scanned: Vec<u32> =
                names.iter().filter(|(_, name, _)| key(name).starts_with(&start)).map(|(node, _, _)| *node).collect();
            scanned.sort_unstable();
            scanned.dedup();
            let hits = index.find(text, 1000);
            let found: Vec<u32> = hits.iter().filter(|hit| hit.score >= 0.79).map(|hit| hit.node).collect();
            assert!(scanned.iter().all(|node| found.contains(node)), "{text}");
        }
    }

    #[test]
    fn a_shorter_list_is_the_start_of_a_longer_one() {
        let names = made_up(3000);
        let index = build(&names);
        for text in ["n", "te", "nova", "capital", "zen g", "gor ho", "monterra", "lux ltd"] {
            let long = index.find(text, 200);
            for limit in [1, 5, 20] {
                assert_eq!(index.find(text, limit), long[..limit.min(long.len())], "{text} {limit}");
            }
            assert!(long.is_sorted_by(|a, b| a.score >= b.score), "{text}");
        }
    }

    #[test]
    fn the_order_of_building_does_not_matter() {
        let mut names = made_up(1000);
        let before = build(&names);
        let found = |index: &NameIndex| -> Vec<(u32, f32, Reason)> {
            let texts = ["no", "terra", "capital group", "zenn", "val"];
            let hits = texts.iter().flat_map(|text| index.find(text, 20));
            hits.map(|hit| (hit.node, hit.score, hit.reason)).collect()
        };
        let expected = found(&before);
        names.reverse();
        assert_eq!(found(&build(&names)), expected);
    }

    #[test]
    fn tiers_come_in_order() {
        let names = [
            (0, "Alpha Nova Works", Name),
            (1, "Novation", Name),
            (2, "Nova Works", Name),
            (3, "Old Works", Name),
            (3, "Nova", Former),
            (4, "Other Works", Name),
            (4, "Nova", Alias),
            (5, "Nova Ltd", Name),
            (6, "Nova", Name),
            (7, "Alpha Novation", Name),
        ];
        let index = NameIndex::build(names, |node| node * 100);
        let hits = index.find("nova", 20);
        let found: Vec<(u32, Reason)> = hits.iter().map(|hit| (hit.node, hit.reason)).collect();
        let expected = [
            (6, Reason::Exact),
            (4, Reason::Alias),
            (3, Reason::Former),
            (5, Reason::Exact),
            (2, Reason::Prefix),
            (1, Reason::Prefix),
            (0, Reason::AllTokens),
            (7, Reason::AllTokens),
        ];
        assert_eq!(found, expected);
        assert_eq!((hits[2].matched.kind, hits[2].matched.index), (Former, 4));
    }

    #[test]
    fn weight_decides_between_equals_then_the_node() {
        let names = [(5, "Acme", Name), (3, "Acme", Name), (9, "Acme", Name)];
        let index = NameIndex::build(names, |node| u32::from(node == 9));
        let nodes: Vec<u32> = index.find("acme", 9).iter().map(|hit| hit.node).collect();
        assert_eq!(nodes, [9, 3, 5]);
    }

    #[test]
    fn legal_forms_may_be_unfinished() {
        let index = NameIndex::build([(0, "Acme Widgets Limited", Name), (1, "Acme Widgets GmbH", Name)], |_| 0);
        assert_eq!(index.find("acme widgets limi", 5)[0].node, 0);
        assert_eq!(index.find("acme widgets gm", 5)[0].node, 1);
    }

    #[test]
    fn hostile_strings_are_names_like_others() {
        let list = include_str!("../../tests/fixtures/naughty-strings/blns.json");
        let strings: Vec<String> = serde_json::from_str(list).unwrap_or_default();
        assert!(strings.len() > 400);
        let index = NameIndex::build(strings.iter().zip(0..).map(|(text, node)| (node, text.as_str(), Name)), |_| 1);
        for text in &strings {
            let hits = index.find(text, 50);
            assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
            if !key(text).is_empty() {
                assert_eq!(key(&strings[hits[0].matched.index as usize]), key(text), "{text:?}");
            }
            let _ = index.resolve(text);
        }
    }

    #[test]
    fn long_texts_take_bounded_work() {
        let names = made_up(2000);
        let index = build(&names);
        let begun = std::time::Instant::now();
        for text in ["nova ".repeat(100_000), "x".repeat(1_000_000), "a b ".repeat(300_000), "ж".repeat(500_000)] {
            let _ = index.find(&text, 20);
            let _ = index.resolve(&text);
        }
        assert!(begun.elapsed().as_secs() < 5);
    }

    #[test]
    fn nothing_finds_nothing() {
        let empty = NameIndex::build([], |_| 0);
        assert!(empty.is_empty() && empty.find("nso", 5).is_empty());
        assert_eq!(empty.resolve("nso"), Resolution::None { did_you_mean: Vec::new() });
        assert!(NameIndex::default().find("nso group", 5).is_empty());
        let index = build(&made_up(50));
        assert!(index.find("", 5).is_empty() && index.find("\u{200b}", 5).is_empty());
        assert!(index.find("no", 0).is_empty());
        let unnamed = NameIndex::build([(0, "", Name), (1, "\u{feff}", Name), (2, "A", Name)], |_| 0);
        assert_eq!((unnamed.len(), unnamed.find("a", 5)[0].matched.index), (1, 2));
    }
}
