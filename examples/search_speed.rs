//! How fast names are indexed and found: `cargo run --release --example search_speed -- [NAMES [FILE]]`.
//!
//! With a file of one name a line, its names; beyond as many as it has, made of its words in their places.
//!
//! The names are made up, the same each time: invented words with a skewed frequency, one in four of them
//! unlike any other, trade words, legal forms, one in eight an alias, some in Cyrillic. Prints time to fold, build and
//! prepare, bytes a name, and for each kind of text the median, 99th percentile and worst time, each
//! text at the best of three to keep other work on the machine out.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cuibono::search::{Folded, Hit, NameIndex, NameKind, core_key};

const SYLLABLES: [&str; 40] = [
    "no", "val", "pi", "na", "ter", "ra", "mon", "do", "lux", "ka", "zen", "ti", "gor", "fal", "be", "ri", "san",
    "mar", "el", "dor", "vik", "to", "lan", "ber", "gu", "sta", "wil", "ham", "cor", "ne", "qua", "sil", "ver", "ox",
    "ford", "bri", "dge", "cam", "hol", "ste",
];
const TRADE: [&str; 24] = [
    "Holdings",
    "Group",
    "Capital",
    "Services",
    "Management",
    "Properties",
    "Investments",
    "Consulting",
    "Trading",
    "Solutions",
    "International",
    "Technologies",
    "Construction",
    "Estates",
    "Partners",
    "Media",
    "Energy",
    "Logistics",
    "Care",
    "Foods",
    "Design",
    "UK",
    "London",
    "& Sons",
];
const FORMS: [&str; 10] = ["Limited", "Ltd", "LIMITED", "LLP", "GmbH", "S.à r.l.", "S.A.", "Inc.", "B.V.", "PLC"];
const CYRILLIC: [&str; 12] =
    ["Ромаш", "ка", "Газ", "пром", "Нефть", "строй", "Сев", "ер", "Вос", "ток", "инвест", "снаб"];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    /// Small numbers far more often than large ones.
    fn skewed(&mut self, limit: u64) -> u64 {
        let bits = self.below(64 - u64::from(limit.leading_zeros())) + 1;
        self.below(1 << bits).min(limit - 1)
    }
}

/// The word with this number: always the same.
fn word(number: u64) -> String {
    let mut random = Random(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    random.below(2);
    (0..2 + random.below(3)).map(|_| SYLLABLES[random.below(40) as usize]).collect()
}

fn name(random: &mut Random, words: u64) -> String {
    if random.below(25) == 0 {
        let stem: String = (0..3).map(|_| CYRILLIC[random.below(12) as usize]).collect();
        return format!("ООО «{stem}»");
    }
    let mut name = String::new();
    for _ in 0..=random.below(2) {
        let rare = random.below(4) == 0;
        name.push_str(&word(if rare { random.below(1 << 40) } else { random.skewed(words) }));
        name.push(' ');
    }
    if random.below(4) > 0 {
        name.push_str(TRADE[random.skewed(24) as usize]);
        name.push(' ');
    }
    name.push_str(FORMS[random.skewed(10) as usize]);
    name
}

/// The names of a text; beyond as many as it has, each word from another name of as many words.
fn names_like(text: &str, count: usize, random: &mut Random) -> Vec<String> {
    let given: Vec<&str> = text.lines().collect();
    let mut by_words: Vec<Vec<Vec<&str>>> = Vec::new();
    for name in &given {
        let words: Vec<&str> = name.split(' ').collect();
        by_words.resize_with(by_words.len().max(words.len() + 1), Vec::new);
        by_words[words.len()].push(words);
    }
    let mut made = |model: &str| {
        let same = &by_words[model.split(' ').count()];
        let word = |i| same[random.below(same.len() as u64) as usize][i];
        (0..same[0].len()).map(word).collect::<Vec<_>>().join(" ")
    };
    (0..count).map(|i| given.get(i).map_or_else(|| made(given[i % given.len()]), |name| (*name).to_owned())).collect()
}

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let mut random = Random(42);
    let names: Vec<String> = match std::env::args().nth(2) {
        Some(file) => names_like(&std::fs::read_to_string(file).expect("a file of names"), count, &mut random),
        None => (0..count).map(|_| name(&mut random, count as u64 / 3 + 10)).collect(),
    };
    let count = names.len();
    let text: usize = names.iter().map(String::len).sum();
    println!("{count} names, {:.1} bytes each", text as f64 / count as f64);

    let begun = Instant::now();
    let mut folded = Folded::new();
    let letters: usize = names
        .iter()
        .map(|name| {
            folded.fold(name);
            folded.len()
        })
        .sum();
    println!("fold     {:>8.1} ms ({:.2} words a name)", ms(begun.elapsed()), letters as f64 / count as f64);

    let begun = Instant::now();
    let triples = names.iter().enumerate().map(|(i, name)| (i as u32 - i as u32 / 8, name.as_str(), kind(i)));
    let index = NameIndex::build(triples, |node| node.trailing_zeros() * 2);
    println!("build    {:>8.1} ms", ms(begun.elapsed()));
    let plain = index.bytes();
    let begun = Instant::now();
    let index = index.prepared();
    println!("prepare  {:>8.1} ms", ms(begun.elapsed()));
    let each = |bytes: usize| bytes as f64 / count as f64;
    println!(
        "memory   {:>8.1} bytes a name, {:.1} prepared; {} words",
        each(plain),
        each(index.bytes()),
        index.token_count()
    );
    measure_small(&names[..count.min(250)]);
    measure_all(&index, &names, &mut random);
}

/// What one question on a small dataset pays: index all of it, resolve one name.
fn measure_small(names: &[String]) {
    let mut times: Vec<Duration> = (0..200)
        .map(|i| {
            let begun = Instant::now();
            let index =
                NameIndex::build(names.iter().zip(0..).map(|(name, i)| (i, name.as_str(), NameKind::Name)), |_| 1);
            black_box(index.resolve(&names[i % names.len()]));
            begun.elapsed()
        })
        .collect();
    let first = ms(times[0]);
    times.sort_unstable();
    println!("{} names: build and resolve one {:.3} ms ({first:.3} the first time)", names.len(), ms(times[100]));
}

fn kind(i: usize) -> NameKind {
    if i % 8 == 7 { NameKind::Alias } else { NameKind::Name }
}

fn measure_all(index: &NameIndex, names: &[String], random: &mut Random) {
    let picked: Vec<&String> = (0..2000).map(|_| &names[random.below(names.len() as u64) as usize]).collect();
    let starts = |length: usize| picked.iter().map(move |name| name.chars().take(length).collect::<String>());
    println!("{:<18}{:>10}{:>10}{:>10}{:>8}", "text", "p50 ms", "p99 ms", "worst", "hits");
    for length in [1, 2, 3, 4, 6, 8, 12, 16] {
        measure(&format!("first {length}"), index, starts(length));
    }
    measure("whole name", index, picked.iter().map(|name| (*name).clone()));
    measure("one slip", index, picked.iter().map(|name| slip(name, random)));
    measure("two slips", index, picked.iter().map(|name| slip(&slip(name, random), random)));
    measure("spaces left out", index, picked.iter().map(|name| name.replacen(' ', "", 1)));
    let starts_of_words =
        |name: &&String| name.split(' ').map(|w| w.chars().take(2).collect::<String>() + " ").collect();
    measure("starts of words", index, picked.iter().map(starts_of_words));
    let common = (0..2000).map(|i| format!("{} {}", TRADE[i % 24], &TRADE[i / 24 % 24][..1]));
    measure("common words", index, common);
    recall("one slip", index, names, &picked, |name| slip(name, random));
    recall("two slips", index, names, &picked, |name| slip(&slip(name, random), random));
    let begun = Instant::now();
    let resolved = picked.iter().filter(|name| index.resolve(name).node().is_some()).count();
    println!("resolve whole names: {:.4} ms each, {resolved} of 2000 clear", ms(begun.elapsed()) / 2000.0);
}

/// How often the name meant is the first found, and how often among the first ten.
fn recall(what: &str, index: &NameIndex, names: &[String], picked: &[&String], mut spoil: impl FnMut(&str) -> String) {
    let (mut first, mut among) = (0, 0);
    for name in picked {
        let hits = index.find(&spoil(name), 10);
        let meant = |hit: &Hit| core_key(&names[hit.matched.index as usize]) == core_key(name);
        first += usize::from(hits.first().is_some_and(meant));
        among += usize::from(hits.iter().any(meant));
    }
    let share = |count: usize| 100.0 * count as f64 / picked.len() as f64;
    println!("{what}: meant name first {:.1} %, among ten {:.1} %", share(first), share(among));
}

/// Two letters swapped somewhere.
fn slip(name: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = random.below(letters.len().saturating_sub(1).clamp(1, 10) as u64) as usize;
    if at + 1 < letters.len() {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

fn measure(what: &str, index: &NameIndex, texts: impl Iterator<Item = String>) {
    let texts: Vec<String> = texts.collect();
    let mut hits = 0;
    let mut times: Vec<Duration> = texts
        .iter()
        .map(|text| {
            hits += index.find(text, 10).len();
            let timed = |_| {
                let begun = Instant::now();
                black_box(index.find(text, 10));
                begun.elapsed()
            };
            (0..3).map(timed).min().unwrap_or_default()
        })
        .collect();
    times.sort_unstable();
    let at = |share: usize| ms(times[(times.len() - 1) * share / 100]);
    let mean = hits as f64 / texts.len() as f64;
    println!("{what:<18}{:>10.3}{:>10.3}{:>10.3}{mean:>8.1}", at(50), at(99), at(100));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
