//! Finding names: from the best kind of match to the weakest, within a bounded amount of work.

use std::ops::Range;

use crate::search::index::NameIndex;
use crate::search::normalise::MAX_TOKENS;
use crate::search::query::{Query, Word};
use crate::search::rank::{Best, Candidate, Hit, Tier};
use crate::search::sections::{BLOCK, Place, Sections};

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
/// Words whose lists are read along.
const MAX_ALONG: usize = 64;
/// Names compared as a whole with a misspelt text, found through its rarest words.
const MAX_COMPARED: usize = 5_000;
/// Matches from which on no names that merely resemble the text are looked for.
const ENOUGH: usize = 3;
/// Words of a misspelt text that are looked for.
const MAX_WORDS: usize = 12;
/// Resemblance below which a name is not a match.
const LEAST: f32 = 0.45;

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
        for &name in sections.with_core(&core).iter().take(MAX_SAME) {
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
        let mut left = self.sections.postings.items.len() + 1;
        for range in ranges {
            let mut token = range.start;
            while token < range.end {
                let is_block = token.is_multiple_of(BLOCK) && range.end - token >= BLOCK;
                if is_block && !self.may_have(place, token / BLOCK, tier) {
                    token += BLOCK;
                    continue;
                }
                for &name in self.sections.at(place, token) {
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
        self.sections.block_best(place, block).is_some_and(|best| !self.refuses(tier, best))
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
        let names = sections.at(place, token);
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

/// The lists of all names with a word, read along with another list in order: what is in none of them need not be looked up
/// one by one all over the memory.
struct Along<'s> {
    lists: Vec<&'s [u32]>,
}

impl<'s> Along<'s> {
    /// `None` where there are so many lists that looking up is faster.
    fn new(sections: &'s Sections, word: &Word) -> Option<Self> {
        let tokens = || word.range.clone().chain(word.also.iter().copied());
        if word.range.len() + word.also.len() > MAX_ALONG {
            return None;
        }
        let of_token = |token| [Place::First, Place::Later].map(|place| sections.at(place, token));
        Some(Self { lists: tokens().flat_map(of_token).collect() })
    }

    /// Keeps those of `names` that are in one of the lists; all must lie behind those asked for before.
    fn keep(&mut self, names: &mut Vec<u32>) {
        let (Some(first), Some(last)) = (names.first().copied(), names.last().copied()) else {
            return;
        };
        let mut found: Vec<u32> = Vec::with_capacity(names.len());
        for list in &mut self.lists {
            *list = &list[ahead(list, first)..];
            let between = &list[..ahead(list, last.saturating_add(1))];
            found.extend_from_slice(between);
        }
        // Stable, and so one pass over lists that are each in order.
        found.sort();
        let mut rest = found.as_slice();
        names.retain(|name| {
            rest = &rest[ahead(rest, *name)..];
            rest.first() == Some(name)
        });
    }
}

/// How many items of an ascending list are smaller than `item`, where these are likely few.
fn ahead(list: &[u32], item: u32) -> usize {
    let mut step = 1;
    while list.get(step - 1).is_some_and(|other| *other < item) {
        step *= 2;
    }
    let from = step / 2;
    let to = list.len().min(step);
    from + list[from..to].partition_point(|other| *other < item)
}

/// Names with a word that begins with `word`, in no particular order.
fn with_word<'s>(sections: &'s Sections, word: &'s Word) -> impl Iterator<Item = u32> + 's {
    let also = word.also.iter().flat_map(|token| sections.with_token(*token));
    sections.with_any(&word.range).iter().chain(also).copied()
}

/// The tier of a name whose core is that of the text.
fn whole_tier(sections: &Sections, query: &Query, name: u32) -> Tier {
    let kind = sections.kind(name);
    let tokens = sections.name(name);
    let same = tokens.len() == query.words.len() && query.words.iter().zip(tokens).all(|(word, token)| word.is(*token));
    if same {
        Tier::Whole(kind)
    } else if forms_agree(sections, query, name) {
        Tier::Bare(kind)
    } else {
        Tier::OtherForm
    }
}

/// True unless text and name both have a legal form and neither holds the other.
fn forms_agree(sections: &Sections, query: &Query, name: u32) -> bool {
    let core = sections.core(name);
    let tokens = sections.name(name);
    let outside = || (0..tokens.len()).filter(|i| !core.contains(i)).map(|i| tokens[i]);
    query.forms().all(|form| outside().any(|token| token == form))
        || outside().all(|token| query.forms().any(|form| form == token))
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

/// A word of a misspelt text with the words it may stand for.
struct AskedWord<'q> {
    word: &'q Word,
    /// The last word may be unfinished.
    unfinished: bool,
    alike: Vec<(u32, f32)>,
    /// Entries in the lists of all of them.
    spread: usize,
    weight: f32,
}

impl<'q> AskedWord<'q> {
    fn new(index: &NameIndex, word: &'q Word, unfinished: bool) -> Self {
        let sections = &index.sections;
        let alike = index.resemblance().alike(sections, word.text.as_bytes(), unfinished);
        let spread = alike.iter().map(|(token, _)| frequency(sections, *token)).sum::<usize>() + word.spread(sections);
        let weight = weight(sections, word.token().map_or(1, |token| frequency(sections, token)));
        Self { word, unfinished, alike, spread, weight }
    }

    /// Names with the word or one of those it may stand for, the likeliest word first.
    fn names<'s>(&self, sections: &'s Sections) -> impl Iterator<Item = u32> + use<'s> {
        let mut alike = self.alike.clone();
        alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let own = self.word.token().map_or(self.word.range.clone(), |token| token..token + 1);
        let ranges = std::iter::once(own).chain(alike.into_iter().map(|(token, _)| token..token + 1));
        ranges.flat_map(|range| sections.with_any(&range).iter().copied())
    }

    /// From 0 to 1: how well `token` stands for the word.
    fn resemblance(&self, token: u32) -> f32 {
        if self.word.is(token) {
            return 1.0;
        }
        let alike = self.alike.binary_search_by_key(&token, |(other, _)| *other).map_or(0.0, |at| self.alike[at].1);
        let begun = if self.unfinished { 0.95 } else { 0.8 };
        if self.word.begins(token) { alike.max(begun) } else { alike }
    }
}

/// A text whose words need not be right.
struct Asked<'q> {
    words: Vec<AskedWord<'q>>,
    weight: f32,
}

impl<'q> Asked<'q> {
    fn new(index: &NameIndex, query: &'q Query) -> Self {
        let core = query.core_words();
        let is_last = |i: usize| query.core.start + i + 1 == query.words.len();
        let words: Vec<AskedWord> =
            core.iter().take(MAX_WORDS).enumerate().map(|(i, word)| AskedWord::new(index, word, is_last(i))).collect();
        let weight = words.iter().map(|word| word.weight).sum();
        Self { words, weight }
    }

    /// From 0 to 1: mostly how well the words of the text are found, and a little how much of the name
    /// they make up. Rare words count for more.
    fn resemblance(&self, sections: &Sections, query: &Query, name: u32) -> f32 {
        let tokens = sections.core_tokens(name);
        let mut by_word = [0f32; MAX_WORDS];
        let mut by_token = [0f32; 2 * MAX_TOKENS];
        for (token, of_token) in tokens.iter().zip(&mut by_token) {
            for (word, of_word) in self.words.iter().zip(&mut by_word) {
                let resemblance = word.resemblance(*token);
                *of_word = of_word.max(resemblance);
                *of_token = of_token.max(resemblance);
            }
        }
        let found = self.words.iter().zip(by_word).map(|(word, best)| word.weight * best).sum::<f32>() / self.weight;
        if found < LEAST {
            return 0.0;
        }
        let resemblance = 0.85 * found + 0.15 * covered(sections, tokens, &by_token);
        if forms_agree(sections, query, name) { resemblance } else { 0.78 * resemblance }
    }
}

/// How much of a name is found, rare words counting for more.
fn covered(sections: &Sections, tokens: &[u32], found: &[f32]) -> f32 {
    let (mut covered, mut all) = (0.0, 0.0);
    for (token, found) in tokens.iter().zip(found) {
        let weight = weight(sections, frequency(sections, *token));
        all += weight;
        covered += weight * found;
    }
    covered / f32::max(all, 1.0)
}

/// In how many names a token occurs.
fn frequency(sections: &Sections, token: u32) -> usize {
    sections.with_token(token).len()
}

/// What a word that is this frequent tells.
fn weight(sections: &Sections, frequency: usize) -> f32 {
    let names = sections.name_count();
    ((names + 1) / (frequency + 1)).max(1).ilog2() as f32 + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::NameKind::{self, Alias, Former, Name};
    use crate::search::{Reason, Resolution, key};

    const SYLLABLES: [&str; 16] =
        ["no", "val", "pi", "na", "ter", "ra", "mon", "do", "lux", "ka", "zen", "ti", "gor", "fal", "be", "ri"];
    const COMMON: [&str; 8] = ["Group", "Holdings", "Capital", "Ltd", "S.à r.l.", "GmbH", "Partners", "Limited"];

    /// Made-up names, the same each time; nodes may have several and may share one.
    fn made_up(count: u32) -> Vec<(u32, String, NameKind)> {
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

    fn build(names: &[(u32, String, NameKind)]) -> NameIndex {
        NameIndex::build(names.iter().map(|(node, name, kind)| (*node, name.as_str(), *kind)), |node| node % 50)
    }

    #[test]
    fn few_items_lie_ahead() {
        let list = [2, 3, 5, 7, 11, 13, 17];
        let found: Vec<usize> = [0, 2, 3, 4, 11, 16, 17, 18].iter().map(|item| ahead(&list, *item)).collect();
        assert_eq!(found, [0, 0, 1, 2, 4, 6, 6, 7]);
        assert_eq!(ahead(&[], 3), 0);
    }

    #[test]
    fn lists_read_along_keep_what_the_names_tell() {
        let index = build(&made_up(3000));
        for text in ["no", "group", "gorfal", "te"] {
            let word = Word::new(&index.sections, text);
            let Some(mut along) = Along::new(&index.sections, &word) else { continue };
            for part in (0..3000u32).collect::<Vec<_>>().chunks(700) {
                let mut kept = part.to_vec();
                along.keep(&mut kept);
                let has = |name: &&u32| index.sections.name(**name).iter().any(|token| word.begins(*token));
                assert_eq!(kept, part.iter().filter(has).copied().collect::<Vec<u32>>(), "{text}");
            }
        }
        assert!(Along::new(&index.sections, &Word::new(&index.sections, "group")).is_some());
    }

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
