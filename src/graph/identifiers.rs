//! The official numbers of all entities: which entity has which, and who has a given one.

use super::NodeId;
use super::by_hash::{ByHash, Entry};
use super::column::{ColumnBuilder, at};
use super::prefixed::Prefixed;
use super::repeated::Repeated;
use super::side_by_side::side_by_side;
use super::texts::{Texts, TextsBuilder};
use crate::model::{Identifier, identifier};
use arrow_buffer::ScalarBuffer;
use std::borrow::Cow;
use std::collections::HashSet;
use std::num::NonZeroU64;
use std::ops::Range;
use std::sync::OnceLock;
use twox_hash::XxHash3_64;

/// Up to so many numbers of one entity are compared with one another; more are hashed.
const FEW: usize = 16;

/// Numbers ordered by entity, and a column for looking one up by its value.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    pub(super) schemes: Vec<String>,
    pub(super) nodes: ScalarBuffer<u32>,
    pub(super) numbers: ScalarBuffer<u16>,
    pub(super) values: Texts,
    /// Where the numbers of each entity begin.
    pub(super) offsets: ScalarBuffer<u32>,
    /// Under which values each number is found: the [forms](each_form) of its own. Made when somebody asks: a graph that is only
    /// walked does without.
    by_value: OnceLock<ByHash>,
}

/// A number, borrowed.
#[derive(Debug, Clone, Copy)]
struct Row<'t> {
    node: NodeId,
    scheme: &'t str,
    value: &'t str,
}

impl Row<'_> {
    fn identifier(self) -> Identifier {
        Identifier { scheme: self.scheme.to_owned(), id: self.value.to_owned() }
    }
}

impl Identifiers {
    /// Numbers that lie ready in columns.
    pub(super) fn of_columns(
        schemes: Vec<String>,
        (nodes, numbers, values): (ScalarBuffer<u32>, ScalarBuffer<u16>, Texts),
        (offsets, by_value): (ScalarBuffer<u32>, ByHash),
    ) -> Self {
        Self { schemes, nodes, numbers, values, offsets, by_value: by_value.into() }
    }

    /// Under which values each number is found.
    pub(super) fn by_value(&self) -> &ByHash {
        self.by_value.get_or_init(|| {
            let (mut entries, mut key) = (Vec::with_capacity(self.nodes.len()), String::new());
            for row in 0..self.nodes.len() as u32 {
                each_form(self.row(row as usize), &mut key, |form| entries.push(Entry::new(form, row)));
            }
            entries.into_iter().collect()
        })
    }

    fn row(&self, position: usize) -> Row<'_> {
        let scheme = self.schemes.get(usize::from(at(&self.numbers, position))).map_or("", String::as_str);
        Row { node: NodeId(at(&self.nodes, position)), scheme, value: self.values.get(position) }
    }

    /// The numbers of an entity.
    pub(crate) fn of(&self, node: NodeId) -> impl Iterator<Item = Identifier> + use<'_> {
        let range = match self.offsets.get(node.index()..node.index().saturating_add(2)) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        };
        range.map(|position| self.row(position).identifier())
    }

    /// Who carries a number, given as `scheme:value` or as the bare value.
    pub(crate) fn find(&self, wanted: &str) -> Vec<NodeId> {
        let parsed = Identifier::parse(wanted).and_then(|identifier| identifier.key());
        let mut forms = vec![bare(wanted).into_owned()];
        forms.extend(parsed.as_deref().map(|key| bare(key).into_owned()));
        let mut found = Vec::new();
        for form in &forms {
            for value in [Some(form.as_str()), form.split_once(':').map(|(_, value)| value)].into_iter().flatten() {
                for position in self.by_value().rows(value) {
                    let row = self.row(position as usize);
                    if goes_by(&row.identifier(), form) {
                        found.push(row.node);
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A key with an entity that carries it.
pub(super) type Keyed<'k> = (Prefixed<'k>, u32);

/// Keys of numbers, each with its entity.
#[derive(Debug, Default)]
pub(super) struct Keys {
    texts: TextsBuilder,
    nodes: Vec<u32>,
}

impl Keys {
    /// Each key with each entity that carries it once, in order.
    pub(super) fn in_order(&self) -> Vec<Keyed<'_>> {
        let key = |(at, &node): (usize, &u32)| (Prefixed::new(self.texts.get(at)), node);
        let mut keyed: Vec<Keyed<'_>> = self.nodes.iter().enumerate().map(key).collect();
        let half = keyed.len() / 2;
        let (one, other) = keyed.split_at_mut(half);
        side_by_side(8 * half, || one.sort_unstable(), || other.sort_unstable());
        // Two runs in order, which a stable sort only merges.
        keyed.sort();
        keyed.dedup();
        keyed
    }
}

/// Numbers while they are gathered, in the order of the data.
#[derive(Debug, Default)]
pub(crate) struct IdentifiersBuilder {
    schemes: Vec<String>,
    nodes: Vec<u32>,
    numbers: Vec<u16>,
    values: TextsBuilder,
    /// The entities whose id was added as a number.
    by_id: ColumnBuilder<bool>,
}

impl IdentifiersBuilder {
    /// Adds a number; one that the entity carries already is passed over in the end. `None` when there are too many schemes.
    pub(crate) fn push(&mut self, node: NodeId, scheme: &str, value: &str) -> Option<()> {
        let number = self.scheme(scheme)?;
        self.nodes.push(node.0);
        self.numbers.push(number);
        self.values.push(value);
        Some(())
    }

    /// Adds the number that an entity has for an id, unless that was done before: for ids that are numbers of one scheme alone.
    pub(crate) fn push_once(&mut self, node: NodeId, scheme: &str, value: &str) -> Option<()> {
        if self.by_id.get(node.index()) {
            return Some(());
        }
        self.by_id.set(node.index(), true);
        self.push(node, scheme, value)
    }

    fn scheme(&mut self, scheme: &str) -> Option<u16> {
        if let Some(known) = self.schemes.iter().rposition(|known| known == scheme) {
            return Some(known as u16);
        }
        let number = u16::try_from(self.schemes.len()).ok()?;
        self.schemes.push(scheme.to_owned());
        Some(number)
    }

    fn row(&self, position: usize) -> Row<'_> {
        let scheme = self.schemes[usize::from(self.numbers[position])].as_str();
        Row { node: NodeId(self.nodes[position]), scheme, value: self.values.get(position) }
    }

    /// The keys by which records can be joined: of all numbers, or of those that stand more than once and of a few others.
    pub(super) fn keys(&self, all: bool) -> Keys {
        let hashes = self.key_hashes();
        let repeated = if all { None } else { Some(Repeated::among(hashes.iter().flatten().map(|hash| hash.get()))) };
        let (mut keys, mut key) = (Keys::default(), String::new());
        for (position, hash) in hashes.iter().enumerate() {
            let Some(hash) = *hash else { continue };
            if repeated.as_ref().is_none_or(|repeated| repeated.may_hold(hash.get()))
                && self.write_key(position, &mut key)
            {
                keys.texts.push(&key);
                keys.nodes.push(self.nodes[position]);
            }
        }
        keys
    }

    /// Writes the key of a number, if it has one.
    fn write_key(&self, position: usize, key: &mut String) -> bool {
        let row = self.row(position);
        key.clear();
        Identifier::write_key(row.scheme, row.value, key)
    }

    /// Hashes of the keys of all numbers that may have one. Most values are written as they are compared, and hashed as they
    /// stand; whether such a value tells parties apart is asked where its key is written.
    fn key_hashes(&self) -> Vec<Option<NonZeroU64>> {
        let hash = |text: &str| XxHash3_64::oneshot(text.as_bytes());
        let code = |scheme: &String| identifier::scheme_code(scheme).map(|code| (hash(&code), code));
        let codes: Vec<Option<(u64, String)>> = self.schemes.iter().map(code).collect();
        let hashes = |positions: Range<usize>| -> Vec<Option<NonZeroU64>> {
            let mut key = String::new();
            let mut hash = |position: usize| {
                let (of_code, code) = codes[usize::from(self.numbers[position])].as_ref()?;
                let value = self.values.get(position);
                let of_value = if Identifier::is_written_as_compared(code, value) {
                    hash(value)
                } else {
                    self.write_key(position, &mut key).then(|| hash(&key[code.len() + 1..]))?
                };
                Some(NonZeroU64::MIN | (of_code ^ of_value))
            };
            positions.map(&mut hash).collect()
        };
        let (count, half) = (self.nodes.len(), self.nodes.len() / 2);
        let (mut first, second) = side_by_side(count, || hashes(0..half), || hashes(half..count));
        first.extend(second);
        first
    }

    /// Orders the numbers by entity, after each entity got its final node.
    pub(super) fn finish(mut self, nodes: usize, node_of: impl Fn(NodeId) -> NodeId) -> Identifiers {
        self.nodes.iter_mut().for_each(|node| *node = node_of(NodeId(*node)).0);
        let mut order = self.by_node(nodes);
        let all = order.len();
        self.drop_doubles(&mut order);
        let in_order = order.len() == all && order.is_sorted();
        let kept = |position: &u32| *position as usize;
        let numbered: Vec<u32> = order.iter().map(|position| self.nodes[kept(position)]).collect();
        let mut offsets = vec![0u32; if order.is_empty() { 0 } else { nodes + 1 }];
        numbered.iter().for_each(|&node| offsets[node as usize + 1] += 1);
        (1..offsets.len()).for_each(|index| offsets[index] += offsets[index - 1]);
        Identifiers {
            numbers: order.iter().map(|position| self.numbers[kept(position)]).collect::<Vec<_>>().into(),
            nodes: numbered.into(),
            by_value: OnceLock::new(),
            values: match in_order {
                true => self.values.finish(),
                false => order.iter().map(|position| self.values.get(kept(position))).collect(),
            },
            offsets: offsets.into(),
            schemes: self.schemes,
        }
    }

    /// All numbers, entity by entity; those of one keep the order of the data. A counting sort.
    fn by_node(&self, nodes: usize) -> Vec<u32> {
        if self.nodes.is_sorted() {
            return (0..self.nodes.len() as u32).collect();
        }
        let mut places = vec![0u32; nodes + 1];
        self.nodes.iter().for_each(|&node| places[node as usize + 1] += 1);
        (1..places.len()).for_each(|index| places[index] += places[index - 1]);
        let mut order = vec![0; self.nodes.len()];
        for (&node, position) in self.nodes.iter().zip(0..) {
            let place = &mut places[node as usize];
            order[*place as usize] = position;
            *place += 1;
        }
        order
    }

    /// Leaves out what an entity says more than once; the first stays. `order` names the numbers, entity by entity.
    fn drop_doubles(&self, order: &mut Vec<u32>) {
        let (mut kept, mut start) = (0, 0);
        while let Some(&first) = order.get(start) {
            let node = self.nodes[first as usize];
            let own = order[start..].iter().take_while(|&&position| self.nodes[position as usize] == node).count();
            let end = start + own;
            kept = self.keep_once(order, start..end, kept);
            start = end;
        }
        order.truncate(kept);
    }

    /// Moves the numbers of one entity, each once, to `first` and tells where they end.
    fn keep_once(&self, order: &mut [u32], own: Range<usize>, first: usize) -> usize {
        let many = own.len() > FEW;
        let (mut known, mut kept) = (HashSet::new(), first);
        for place in own {
            let said = self.said(order[place]);
            let is_new = if many {
                known.insert(said)
            } else {
                !order[first..kept].iter().any(|&known| self.said(known) == said)
            };
            if is_new {
                order[kept] = order[place];
                kept += 1;
            }
        }
        kept
    }

    fn said(&self, position: u32) -> (u16, &str) {
        (self.numbers[position as usize], self.values.get(position as usize))
    }
}

/// The forms of a value under which a number is filed: as written and, where that differs, as compared. `key` is room to
/// write in.
fn each_form(row: Row<'_>, key: &mut String, mut file: impl FnMut(&str)) {
    let written = bare(row.value);
    file(&written);
    key.clear();
    if Identifier::write_key(row.scheme, row.value, key)
        && let Some((_, compared)) = key.split_once(':')
        && compared != written
    {
        let compared = bare(compared);
        if compared != written {
            file(&compared);
        }
    }
}

/// Whether a number is known under a form: as written or as compared, with its scheme or without.
fn goes_by(identifier: &Identifier, form: &str) -> bool {
    let compared = identifier.key();
    let short = compared.as_deref().and_then(|key| key.split_once(':')).map(|(_, value)| value);
    *bare(&identifier.to_string()) == *form
        || *bare(&identifier.id) == *form
        || compared.as_deref().is_some_and(|key| *bare(key) == *form)
        || short.is_some_and(|value| *bare(value) == *form)
}

fn bare(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_bare = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_bare { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(numbers: impl Iterator<Item = (u32, &'static str, String)>, nodes: usize) -> Identifiers {
        let mut builder = IdentifiersBuilder::default();
        for (node, scheme, value) in numbers {
            builder.push(NodeId(node), scheme, &value).expect("few schemes");
        }
        builder.finish(nodes, |node| node)
    }

    /// Registers write "n/a" where they know no number.
    #[test]
    fn any_number_of_entities_may_carry_one_value() {
        let count = 200_000u32;
        let numbers =
            (0..count).map(|node| (node, if node.is_multiple_of(2) { "tax" } else { "reg" }, "n/a".to_owned()));
        let identifiers = finished(numbers.chain([(7, "reg", "77".to_owned())]), count as usize);
        let all: Vec<NodeId> = (0..count).map(NodeId).collect();
        assert_eq!(identifiers.find("N/A"), all);
        let even: Vec<NodeId> = (0..count).step_by(2).map(NodeId).collect();
        assert_eq!(identifiers.find("tax:n/a"), even);
        assert_eq!(identifiers.find("reg:77"), [NodeId(7)]);
        assert_eq!(identifiers.find("n/b"), []);
    }

    #[test]
    fn any_number_of_values_may_belong_to_one_entity_each_once() {
        let values = |node: u32, count: u32| (0..count).map(move |number| (node, "reg", format!("R-{number}")));
        let doubled = |node: u32, count: u32| values(node, count).chain(values(node, count));
        let of = |identifiers: &Identifiers, node: u32| -> Vec<String> {
            identifiers.of(NodeId(node)).map(|identifier| identifier.id).collect()
        };
        let expected = |count: u32| -> Vec<String> { (0..count).map(|number| format!("R-{number}")).collect() };
        for few in [1, 8, 9, 16, 17] {
            let identifiers = finished(doubled(0, few).chain(doubled(1, 20_000)).chain(doubled(2, few)), 3);
            assert_eq!(identifiers.nodes.len(), 20_000 + 2 * few as usize);
            assert_eq!([0, 2].map(|node| of(&identifiers, node)), [expected(few), expected(few)]);
            assert_eq!(of(&identifiers, 1), expected(20_000));
            assert_eq!(identifiers.find("R-0"), [0, 1, 2].map(NodeId));
            assert_eq!(identifiers.find("reg:r-19999"), [NodeId(1)]);
        }
    }

    #[test]
    fn one_value_under_two_schemes_is_two_numbers() {
        let numbers =
            [(0, "a", "1"), (0, "b", "1"), (0, "a", "1")].map(|(node, scheme, id)| (node, scheme, id.to_owned()));
        let own: Vec<String> = finished(numbers.into_iter(), 1).of(NodeId(0)).map(|own| own.to_string()).collect();
        assert_eq!(own, ["a:1", "b:1"]);
    }

    #[test]
    fn keys_that_stand_more_than_once_are_found_and_few_others() {
        let mut builder = IdentifiersBuilder::default();
        for node in 0..4000 {
            let number = (12_345_678 + node % 3000).to_string();
            assert!(builder.push(NodeId(node), "NL-KVK", &number).is_some());
        }
        let (keys, all) = (builder.keys(false), builder.keys(true));
        let keyed = keys.in_order();
        let pairs = keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() == 2);
        assert_eq!(pairs.count(), 1000);
        assert!(keyed.len() < 2300, "{} keys, nearly all stand once", keyed.len());
        assert_eq!(all.in_order().len(), 4000);
    }

    /// Most values are hashed as they stand; those that are written in another way meet them all the same.
    #[test]
    fn one_number_has_one_key_however_it_is_written() {
        let mut builder = IdentifiersBuilder::default();
        let pairs = [
            [("GB-COH", "01234567"), ("COH", "1234567")],
            [("GB-COH", "SC012345"), ("uk_coh", "sc 12345")],
            [("NL-KVK", "AB12"), ("nl_kvk", "ab 12")],
            [("XI-LEI", "5493001KJTIIGC8Y1R12"), ("lei", "5493001kjtiigc8y1r12")],
        ];
        for (node, (scheme, value)) in (0..).zip(pairs.into_iter().flatten()) {
            assert!(builder.push(NodeId(node), scheme, value).is_some());
        }
        for (node, wrong) in (100..).zip(["5493001KJTIIGC8Y1R13", "N/A"]) {
            for node in [node, node + 100] {
                assert!(builder.push(NodeId(node), "XI-LEI", wrong).is_some());
            }
        }
        let keys = builder.keys(false);
        let keyed = keys.in_order();
        let nodes: Vec<Vec<u32>> =
            keyed.chunk_by(|a, b| a.0 == b.0).map(|group| group.iter().map(|(_, node)| *node).collect()).collect();
        assert_eq!(nodes, [[0, 1], [2, 3], [4, 5], [6, 7]]);
    }

    #[test]
    fn keys_are_in_order_however_many_there_are() {
        let mut builder = IdentifiersBuilder::default();
        for number in 0..40_000u32 {
            let value = number.wrapping_mul(2_654_435_761) % 10_007;
            assert!(builder.push(NodeId(number % 20_000), "NL-KVK", &value.to_string()).is_some());
        }
        let keys = builder.keys(true);
        let keyed = keys.in_order();
        assert!(keyed.is_sorted_by(|a, b| a < b), "in order, each once");
        assert!(keyed.len() > 30_000);
    }
}
