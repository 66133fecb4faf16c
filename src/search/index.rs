//! The index of names: how it is built.

use std::ops::Range;
use std::sync::OnceLock;

use crate::search::fuzzy::Resemblance;
use crate::search::intern::Interner;
use crate::search::normalise::Folded;
use crate::search::sections::{Lists, Sections, core_lists, pack};

/// What a name is to its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NameKind {
    /// The name in use.
    Name = 0,
    /// Another name in use: a short form, a spelling, a translation.
    Alias = 1,
    /// A name no longer in use.
    Former = 2,
}

/// Names of nodes, ready to be searched.
///
/// About 50 bytes a name for names of three to four words, ten more for what finds misspellings; building takes time linear in
/// the names but for sorting numbers. The part that finds misspellings is made when it is first needed.
#[derive(Debug, Default)]
pub struct NameIndex {
    pub(super) sections: Sections,
    resemblance: OnceLock<Resemblance>,
}

impl NameIndex {
    /// Indexes names given as `(node, name, kind)`.
    ///
    /// `weight` says how much there is to a node, such as its number of interests; it decides between
    /// matches that are equally good as text. Names that fold to nothing are left out. A node may have
    /// any number of names, and names may come in any order.
    pub fn build<'n, N, W>(names: N, weight: W) -> Self
    where
        N: IntoIterator<Item = (u32, &'n str, NameKind)>,
        W: Fn(u32) -> u32,
    {
        let mut reader = Reader::new();
        for (node, name, kind) in names {
            reader.add(node, name, kind, &weight);
        }
        Self { sections: reader.finish(), resemblance: OnceLock::new() }
    }

    /// Makes now what would otherwise be made by the first search that needs it.
    #[must_use]
    pub fn prepared(self) -> Self {
        self.resemblance();
        self
    }

    /// How many names are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sections.name_count()
    }

    /// True when no name is indexed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many distinct words the names have.
    #[must_use]
    pub fn token_count(&self) -> usize {
        self.sections.token_count()
    }

    /// Bytes held, what finds misspellings included if it was made.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.sections.bytes() + self.resemblance.get().map_or(0, Resemblance::bytes)
    }

    pub(super) fn resemblance(&self) -> &Resemblance {
        self.resemblance.get_or_init(|| Resemblance::build(&self.sections))
    }
}

/// A name as read, before names and tokens have their final numbers.
#[derive(Clone, Copy)]
struct Raw {
    /// Quality class, weight and node: names in ascending order of this are names with the best first.
    order: u64,
    ordinal: u32,
    first_token: u32,
    shape: u16,
    tokens: u8,
}

/// Takes names in.
struct Reader {
    folded: Folded,
    interner: Interner,
    tokens: Vec<u32>,
    names: Vec<Raw>,
    ordinal: u32,
}

/// Arrays are addressed with 32 bits; names beyond that are left out.
const MAX_TOTAL: usize = u32::MAX as usize - 4096;

impl Reader {
    fn new() -> Self {
        let (folded, interner) = (Folded::new(), Interner::new());
        Self { folded, interner, tokens: Vec::new(), names: Vec::new(), ordinal: 0 }
    }

    fn add(&mut self, node: u32, name: &str, kind: NameKind, weight: &impl Fn(u32) -> u32) {
        let ordinal = self.ordinal;
        self.ordinal = ordinal.saturating_add(1);
        self.folded.fold(name);
        if self.folded.is_empty() || self.tokens.len().max(self.interner.text_bytes()) > MAX_TOTAL {
            return;
        }
        let first_token = self.tokens.len() as u32;
        for token in self.folded.tokens() {
            self.tokens.push(self.interner.intern(token.as_bytes()));
        }
        let shape = pack(kind, &self.folded.core());
        let weight = weight(node);
        let class = quality_class(weight, kind, self.folded.tokens().map(str::len).sum());
        let order = u64::from(class) << 56 | u64::from(0xff_ffff - weight.min(0xff_ffff)) << 32 | u64::from(node);
        let tokens = self.folded.len() as u8;
        self.names.push(Raw { order, ordinal, first_token, shape, tokens });
    }

    /// Numbers names and tokens in their final order and lays the arrays out.
    fn finish(mut self) -> Sections {
        self.names.sort_unstable_by_key(|name| (name.order, name.ordinal));
        let mut sections = Sections::default();
        self.lay_out_tokens(&mut sections);
        self.lay_out_names(&mut sections);
        drop(self);
        sections.postings = postings(&sections);
        sections.cores = cores(&sections);
        sections
    }

    /// Sorts the tokens and renumbers the tokens of all names.
    fn lay_out_tokens(&mut self, sections: &mut Sections) {
        let interner = &self.interner;
        let mut order: Vec<(u64, u32)> = (0..interner.len() as u32).map(|t| (sort_key(interner.token(t)), t)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| interner.token(a.1).cmp(interner.token(b.1))));
        let mut renumbered = vec![0u32; order.len()];
        sections.token_text.reserve_exact(interner.text_bytes());
        sections.token_offsets.reserve_exact(order.len() + 1);
        sections.token_offsets.push(0);
        for (number, (_, token)) in order.into_iter().enumerate() {
            renumbered[token as usize] = number as u32;
            sections.token_text.extend_from_slice(interner.token(token));
            sections.token_offsets.push(sections.token_text.len() as u32);
        }
        for token in &mut self.tokens {
            *token = renumbered[*token as usize];
        }
    }

    fn lay_out_names(&self, sections: &mut Sections) {
        let names = &self.names;
        sections.nodes = names.iter().map(|name| name.order as u32).collect();
        sections.ordinals = names.iter().map(|name| name.ordinal).collect();
        sections.shapes = names.iter().map(|name| name.shape).collect();
        let class_start = |class: u64| names.partition_point(|name| name.order >> 56 < class) as u32;
        sections.quality_starts = (0..256).map(class_start).collect();
        sections.names.offsets.reserve_exact(names.len() + 1);
        sections.names.items.reserve_exact(self.tokens.len());
        sections.names.offsets.push(0);
        for name in names {
            let start = name.first_token as usize;
            sections.names.items.extend_from_slice(&self.tokens[start..start + usize::from(name.tokens)]);
            sections.names.offsets.push(sections.names.items.len() as u32);
        }
    }
}

/// The first eight bytes as a number that sorts as they do.
fn sort_key(token: &[u8]) -> u64 {
    let mut first = [0u8; 8];
    let length = token.len().min(8);
    first[..length].copy_from_slice(&token[..length]);
    u64::from_be_bytes(first)
}

/// 0 (best) to 255: by weight in factors of two, then names before aliases and short before long.
fn quality_class(weight: u32, kind: NameKind, letters: usize) -> u8 {
    let heft = (u32::BITS - weight.leading_zeros()).min(15) as u8;
    let length = (letters / 5 + 2 * kind as usize).min(15) as u8;
    (15 - heft) << 4 | length
}

fn postings(sections: &Sections) -> Lists {
    let names = sections.name_count() as u32;
    Lists::collect(sections.token_count() * 2, || (0..names).flat_map(|name| name_postings(sections, name)))
}

/// The lists one name goes to; a token that occurs twice counts once.
fn name_postings(sections: &Sections, name: u32) -> impl Iterator<Item = (u32, u32)> {
    let (tokens, first) = (sections.name(name), sections.core(name).start);
    let is_new = move |i: usize| i == first || (tokens[i] != tokens[first] && !tokens[..i].contains(&tokens[i]));
    (0..tokens.len()).filter(move |i| is_new(*i)).map(move |i| (tokens[i] * 2 + u32::from(i != first), name))
}

fn cores(sections: &Sections) -> Lists {
    let list = |name: u32| sections.core_list(core_tokens(sections, name, sections.core(name))) as u32;
    let lists: Vec<u32> = (0..sections.name_count() as u32).map(list).collect();
    Lists::collect(core_lists(lists.len()), || lists.iter().zip(0..).map(|(list, name)| (*list, name)))
}

fn core_tokens(sections: &Sections, name: u32, core: Range<usize>) -> &[u32] {
    sections.name(name).get(core).unwrap_or(&[])
}
