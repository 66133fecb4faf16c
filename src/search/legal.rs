//! Legal forms: one spelling for each, and which words of a name are only its form.

use super::intern::start;
use super::normalise::Folded;

/// Words that mean the same as a shorter one, wherever they stand. Sorted.
const SPELLINGS: &[(&str, &str)] = &[
    ("aksjeselskap", "as"),
    ("aktiebolag", "ab"),
    ("aktiengesellschaft", "ag"),
    ("aktieselskab", "as"),
    ("anpartsselskab", "aps"),
    ("berhad", "bhd"),
    ("company", "co"),
    ("corporation", "corp"),
    ("incorporated", "inc"),
    ("kommanditgesellschaft", "kg"),
    ("limitada", "ltda"),
    ("limited", "ltd"),
    ("limitee", "ltd"),
    ("ltee", "ltd"),
    ("osakeyhtio", "oy"),
    ("sendirian", "sdn"),
];

/// Several words that are one form, in the short spelling. Sorted by the last word, longer ones first.
const PHRASES: &[(&[&str], &str)] = &[
    (&["societe", "en", "commandite", "par", "actions"], "sca"),
    (&["sociedad", "anonima"], "sa"),
    (&["sociedade", "anonima"], "sa"),
    (&["societe", "anonyme"], "sa"),
    (&["s", "arl"], "sarl"),
    (&["societa", "per", "azioni"], "spa"),
    (&["sdn", "bhd"], "sdnbhd"),
    (&["joint", "stock", "co"], "jsc"),
    (&["ltd", "liability", "co"], "llc"),
    (&["public", "ltd", "co"], "plc"),
    (&["s", "de", "rl", "de", "cv"], "sderldecv"),
    (&["sa", "de", "cv"], "sadecv"),
    (&["gesellschaft", "mit", "beschraenkter", "haftung"], "gmbh"),
    (&["gesellschaft", "mit", "beschrankter", "haftung"], "gmbh"),
    (&["sp", "k"], "spk"),
    (&["kabushiki", "kaisha"], "kk"),
    (&["fz", "llc"], "fzllc"),
    (&["societe", "a", "responsabilite", "ltd"], "sarl"),
    (&["private", "ltd"], "pvtltd"),
    (&["pte", "ltd"], "pteltd"),
    (&["pty", "ltd"], "ptyltd"),
    (&["pvt", "ltd"], "pvtltd"),
    (&["sociedad", "ltda"], "sl"),
    (&["sp", "z", "oo"], "spzoo"),
    (&["spolka", "z", "oo"], "spzoo"),
    (&["druzhestvo", "s", "ogranichena", "otgovornost"], "ood"),
    (&["obshchestvo", "s", "ogranichennoy", "otvetstvennostyu"], "ooo"),
    (&["ltd", "liability", "partnership"], "llp"),
    (&["ltd", "partnership"], "lp"),
    (&["sa", "rl"], "sarl"),
    (&["societe", "en", "commandite", "simple"], "scs"),
    (&["societe", "par", "actions", "simplifiee"], "sas"),
    (&["anonim", "sirketi"], "as"),
    (&["ltd", "sirketi"], "ltdsti"),
    (&["societe", "en", "commandite", "speciale"], "scsp"),
    (&["ltd", "sti"], "ltdsti"),
    (&["besloten", "vennootschap"], "bv"),
    (&["naamloze", "vennootschap"], "nv"),
];

/// Forms written before the name. Sorted by the first word; the longest of a group first.
const LEADING_PHRASES: &[(&[&str], &str)] = &[
    (&["aktsionernoe", "obshchestvo"], "ao"),
    (&["obshchestvo", "s", "ogranichennoy", "otvetstvennostyu"], "ooo"),
    (&["publichnoe", "aktsionernoe", "obshchestvo"], "pao"),
    (&["tovaristvo", "z", "obmezhenoyu", "vidpovidalnistyu"], "tov"),
    (&["zakrytoe", "aktsionernoe", "obshchestvo"], "zao"),
];

/// One-word forms that end a name. Sorted.
const FORMS: &[&str] = &[
    "ab",
    "ad",
    "ae",
    "ag",
    "ao",
    "aps",
    "as",
    "asa",
    "bhd",
    "bsc",
    "bv",
    "bvba",
    "cjsc",
    "co",
    "corp",
    "cv",
    "cvba",
    "dac",
    "dd",
    "dmcc",
    "doo",
    "ead",
    "eirl",
    "eood",
    "epe",
    "eurl",
    "ev",
    "fzco",
    "fze",
    "fzllc",
    "gk",
    "gmbh",
    "ike",
    "inc",
    "jsc",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "kkt",
    "lda",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "ltdsti",
    "mbh",
    "nv",
    "nyrt",
    "oao",
    "ohg",
    "ojsc",
    "ood",
    "ooo",
    "ou",
    "oy",
    "oyj",
    "pao",
    "pjsc",
    "plc",
    "pllc",
    "pteltd",
    "ptyltd",
    "pvtltd",
    "sa",
    "sadecv",
    "sal",
    "saog",
    "sapa",
    "sarl",
    "sas",
    "sasu",
    "sca",
    "scs",
    "scsp",
    "sderldecv",
    "sdn",
    "sdnbhd",
    "se",
    "sgps",
    "sia",
    "sicar",
    "sicav",
    "sl",
    "slu",
    "snc",
    "spa",
    "spk",
    "sprl",
    "spzoo",
    "srl",
    "sro",
    "tbk",
    "tov",
    "uab",
    "ug",
    "ulc",
    "vof",
    "wll",
    "yk",
    "zao",
    "zrt",
];

/// Words that may stand before a name without belonging to it. Sorted.
const LEADING: &[&str] =
    &["eurl", "gmbh", "kk", "oao", "ojsc", "ooo", "pao", "pjsc", "sarl", "stichting", "the", "tov", "yk", "zao"];

/// Forms written without spaces in scripts of their own, and the form they stand for.
static SCRIPT_FORMS: &[(&str, &str)] = &[
    ("股份有限公司", "ltd"),
    ("有限责任公司", "ltd"),
    ("有限責任公司", "ltd"),
    ("有限公司", "ltd"),
    ("株式会社", "kk"),
    ("株式會社", "kk"),
    ("㈱", "kk"),
    ("有限会社", "yk"),
    ("㈲", "yk"),
    ("合同会社", "gk"),
    ("주식회사", "ltd"),
    ("㈜", "ltd"),
    ("유한회사", "llc"),
    ("בע\"מ", "ltd"),
    ("בע״מ", "ltd"),
    ("בע''מ", "ltd"),
    ("ش.ذ.م.م", "llc"),
    ("ذ.م.م", "llc"),
    ("ش.م.م", "llc"),
    ("ش.م.ع", "pjsc"),
];

/// Lengths of words by first letter: a quick "no" for most words that are not in a table.
struct Lengths([u32; 26]);

impl Lengths {
    const NONE: Self = Self([0; 26]);

    const fn with(mut self, word: &str) -> Self {
        let word = word.as_bytes();
        self.0[(word[0] - b'a') as usize] |= 1 << word.len();
        self
    }

    fn may_have(&self, word: &str) -> bool {
        let first = word.bytes().next().unwrap_or(0).wrapping_sub(b'a');
        self.0.get(usize::from(first)).is_some_and(|lengths| word.len() < 32 && lengths & (1 << word.len()) != 0)
    }
}

static SPELLING_LENGTHS: Lengths = {
    let (mut lengths, mut i) = (Lengths::NONE, 0);
    while i < SPELLINGS.len() {
        lengths = lengths.with(SPELLINGS[i].0);
        i += 1;
    }
    lengths
};

static FORM_LENGTHS: Lengths = {
    let (mut lengths, mut i) = (Lengths::NONE, 0);
    while i < FORMS.len() {
        lengths = lengths.with(FORMS[i]);
        i += 1;
    }
    lengths
};

/// Of the last words of phrases.
static PHRASE_LENGTHS: Lengths = {
    let (mut lengths, mut i) = (Lengths::NONE, 0);
    while i < PHRASES.len() {
        let words = PHRASES[i].0;
        lengths = lengths.with(words[words.len() - 1]);
        i += 1;
    }
    lengths
};

/// Of the first words of what stands before a name.
static LEADING_LENGTHS: Lengths = {
    let (mut lengths, mut i) = (Lengths::NONE, 0);
    while i < LEADING.len() {
        lengths = lengths.with(LEADING[i]);
        i += 1;
    }
    i = 0;
    while i < LEADING_PHRASES.len() {
        lengths = lengths.with(LEADING_PHRASES[i].0[0]);
        i += 1;
    }
    lengths
};

/// What [`FORMS`] begin with: numbers are compared faster than words. No two begin alike.
static FORM_STARTS: [u64; FORMS.len()] = {
    let (mut starts, mut i) = ([0; FORMS.len()], 0);
    while i < FORMS.len() {
        starts[i] = start(FORMS[i].as_bytes());
        i += 1;
    }
    starts
};

/// What the last words of [`PHRASES`] begin with.
static PHRASE_STARTS: [u64; PHRASES.len()] = {
    let (mut starts, mut i) = ([0; PHRASES.len()], 0);
    while i < PHRASES.len() {
        let words = PHRASES[i].0;
        starts[i] = start(words[words.len() - 1].as_bytes());
        i += 1;
    }
    starts
};

/// The short spelling of a word, where it has one.
fn short_spelling(word: &str) -> Option<&'static str> {
    if !SPELLING_LENGTHS.may_have(word) {
        return None;
    }
    let at = SPELLINGS.binary_search_by(|(long, _)| (*long).cmp(word)).ok()?;
    Some(SPELLINGS[at].1)
}

/// True for a word that is a legal form when it ends a name.
pub(super) fn is_form(word: &str) -> bool {
    FORM_LENGTHS.may_have(word) && FORM_STARTS.binary_search(&start(word.as_bytes())).is_ok_and(|at| FORMS[at] == word)
}

/// The form at the start of `rest` that a script without spaces writes, and how many bytes it takes.
pub(super) fn script_form(rest: &str) -> Option<(&'static str, usize)> {
    SCRIPT_FORMS.iter().find(|(native, _)| rest.starts_with(native)).map(|(native, form)| (*form, native.len()))
}

/// The short words that someone who has typed `start` may be about to finish: `lim` → `ltd`, `ltda`.
///
/// Names keep the short spelling only, so the long one has to be foreseen while it is being typed.
pub(super) fn unfinished(start: &str) -> impl Iterator<Item = &'static str> {
    let from = SPELLINGS.partition_point(|(long, _)| *long < start);
    let words = SPELLINGS[from..].iter().take_while(move |(long, _)| long.starts_with(start) && start.len() >= 3);
    words.map(|(_, short)| *short)
}

/// Rewrites the legal forms of a folded name and marks which tokens are its core.
pub(super) fn fold_forms(name: &mut Folded) {
    name.move_script_form();
    for i in 0..name.len() {
        if let Some(short) = short_spelling(name.token(i)) {
            name.replace(i, i + 1, short);
        }
    }
    let start = leading(name);
    let mut end = name.len();
    while end > start {
        match trailing(name, start, end) {
            Some(before) => end = before,
            None => break,
        }
    }
    if start < end {
        name.set_core(start, end);
    } else {
        name.set_core(0, name.len());
    }
}

/// Rewrites forms before the name; where the name itself begins.
fn leading(name: &mut Folded) -> usize {
    let first = name.token(0);
    if name.len() < 2 || !LEADING_LENGTHS.may_have(first) {
        return 0;
    }
    let from = LEADING_PHRASES.partition_point(|(words, _)| words[0] < first);
    let phrase = LEADING_PHRASES[from..]
        .iter()
        .take_while(|(words, _)| words[0] == first)
        .find(|(words, _)| name.len() > words.len() && name.has_at(0, words));
    match phrase {
        Some((words, form)) => {
            name.replace(0, words.len(), form);
            1
        }
        None => usize::from(LEADING.binary_search(&first).is_ok()),
    }
}

/// Rewrites one form that ends the tokens before `end`; where the rest ends.
fn trailing(name: &mut Folded, start: usize, end: usize) -> Option<usize> {
    if let Some(before) = spaced_letters(name, start, end) {
        return Some(before);
    }
    if let Some((words, form)) = phrase(name, start, end) {
        let before = end - words.len();
        name.replace(before, end, form);
        return Some(before);
    }
    let last = name.token(end - 1);
    let joins_forms = last == "and" && end < name.len();
    (is_form(last) || joins_forms).then_some(end - 1)
}

/// The phrase that ends the tokens `start..end`.
fn phrase(name: &Folded, start: usize, end: usize) -> Option<&'static (&'static [&'static str], &'static str)> {
    let last = name.token(end - 1);
    if !PHRASE_LENGTHS.may_have(last) {
        return None;
    }
    let start_of_last = self::start(last.as_bytes());
    let from = PHRASE_STARTS.partition_point(|first| *first < start_of_last);
    let mut with_last = PHRASES[from..].iter().take_while(|(words, _)| words[words.len() - 1] == last);
    with_last.find(|(words, _)| end >= start + words.len() && name.has_at(end - words.len(), words))
}

/// Puts a form together that is written letter by letter: `S A R L`, `P L C`.
fn spaced_letters(name: &mut Folded, start: usize, end: usize) -> Option<usize> {
    if name.token(end - 1).len() > 1 {
        return None;
    }
    let run = (start..end).rev().take(5).take_while(|i| name.token(*i).len() == 1).count();
    for length in (2..=run).rev() {
        let word: String = (end - length..end).map(|i| name.token(i)).collect();
        if is_form(&word) {
            name.replace(end - length, end, &word);
            return Some(end - length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::normalise::{core_key, key};

    #[test]
    fn tables_are_sorted() {
        assert!(SPELLINGS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(PHRASES.is_sorted_by_key(|(words, _)| words[words.len() - 1]));
        assert!(LEADING_PHRASES.is_sorted_by_key(|(words, _)| words[0]));
        assert!(FORMS.is_sorted_by(|a, b| a < b) && FORM_STARTS.is_sorted_by(|a, b| a < b));
        let last = |phrase: usize| PHRASES[phrase].0.last();
        assert!((1..PHRASES.len()).all(|i| PHRASE_STARTS[i - 1] < PHRASE_STARTS[i] || last(i - 1) == last(i)));
        assert!(LEADING.is_sorted_by(|a, b| a < b));
        assert!(FORMS.iter().all(|form| form.len() <= 9));
    }

    #[test]
    fn every_phrase_ends_in_a_known_form_and_stands_in_short_spelling() {
        for (words, form) in PHRASES.iter().chain(LEADING_PHRASES) {
            assert!(is_form(form), "{form}");
            assert!(words.iter().all(|word| short_spelling(word).is_none()), "{words:?}");
        }
    }

    #[test]
    fn spellings_of_a_form_are_one() {
        let groups: &[&[&str]] = &[
            &["Acme Ltd", "Acme Limited", "ACME LTD.", "Acme, L.T.D.", "acme l t d"],
            &[
                "Acme S.à r.l.",
                "Acme SARL",
                "Acme S.A.R.L.",
                "Acme S.à.r.l",
                "Acme S. à r. l.",
                "Acme Société à responsabilité limitée",
                "Acme S.a r.l.",
            ],
            &["Acme Inc", "Acme, Inc.", "Acme Incorporated"],
            &["Acme SA", "Acme S.A.", "Acme S. A.", "Acme société anonyme", "Acme S/A"],
            &["Acme LLC", "Acme L.L.C.", "Acme Limited Liability Company"],
            &["Acme GmbH", "Acme G.m.b.H.", "Acme Gesellschaft mit beschränkter Haftung"],
            &["Acme PLC", "Acme Public Limited Company", "Acme p.l.c."],
            &["Acme SCSp", "Acme société en commandite spéciale"],
            &["Acme A/S", "Acme AS", "Acme A.S."],
            &["Acme sp. z o.o.", "ACME Sp. z oo", "Acme Spółka z o.o."],
            &["Acme d.o.o.", "Acme DOO"],
            &["Ромашка ЕООД", "Romashka EOOD"],
            &["ООО «Ромашка»", "OOO Romashka", "Общество с ограниченной ответственностью \"Ромашка\""],
            &["Acme B.V.", "Acme BV", "Acme Besloten Vennootschap"],
            &["Acme Pvt. Ltd.", "Acme Private Limited"],
        ];
        for group in groups {
            for name in *group {
                assert_eq!(key(name), key(group[0]), "{name}");
            }
        }
    }

    #[test]
    fn the_core_leaves_the_form_out() {
        for (name, core) in [
            ("NSO Group Technologies Ltd", "nso group technologies"),
            ("Acme GmbH & Co. KG", "acme"),
            ("The Acme Company, Inc.", "acme"),
            ("ООО Ромашка", "romashka"),
            ("Foo & Co", "foo"),
            ("Limited", "ltd"),
            ("S.A.", "sa"),
            ("The", "the"),
            ("SAS Institute Inc.", "sas institute"),
            ("华为技术有限公司", "huaweijishu"),
            ("株式会社トヨタ", "toyota"),
            ("주식회사 삼성전자", "samseongjeonja"),
            ("אלפא בע\"מ", "lf"),
            ("شركة الأمل ش.ذ.م.م", "shrkh lml"),
        ] {
            assert_eq!(core_key(name), core, "{name}");
        }
    }

    #[test]
    fn unfinished_forms_are_foreseen() {
        assert_eq!(unfinished("lim").collect::<Vec<_>>(), ["ltda", "ltd", "ltd"]);
        assert_eq!(unfinished("li").count(), 0);
        assert_eq!(unfinished("nso").count(), 0);
    }
}
