//! Lines of JSON that look like lines before them.
//!
//! Registers write millions of lines with the same members in the same order. Once a line was read by the library, the
//! bytes between its values are known; where the same bytes stand in another line, with plain values between them, that
//! line has the same members, and its values are found without reading its JSON again. The shapes of all lines form a
//! tree: after each value, one of a few texts follows. Whatever differs is left to the library.

#[cfg(test)]
pub(super) mod differential;
mod values;
mod walk;

use values::value_end;
use walk::Walk;

/// Most texts that are kept in all, and after one value: more are no shapes but data.
const MOST_NODES: usize = 8192;
const MOST_BRANCHES: usize = 24;

/// What a value is. Strings have no escapes, numbers no exponent and few digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
}

/// What becomes of a member of a line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use<F> {
    /// Its value is handed over.
    Take(F),
    /// It is of no use, whatever it holds.
    Ignore,
    /// Only the library reads lines that have it.
    LeaveAll,
}

/// What is known of the members of a format.
pub(super) trait Members {
    /// What stands for a member.
    type Field: Copy;

    /// What becomes of an object or an array: `Take` where the fate of its parts decides.
    fn container(path: &str) -> Use<()>;

    /// What becomes of a value: the names of the members around it, with `[]` for a place in an array, as in
    /// `recordDetails.interests[].type`; `index` is that place.
    fn value(path: &str, index: usize, kind: Kind) -> Use<Self::Field>;
}

/// The shapes that were seen.
#[derive(Debug)]
pub(super) struct Shapes<M: Members> {
    text: String,
    nodes: Vec<Node<M::Field>>,
}

/// A text and what follows it.
#[derive(Debug)]
struct Node<F> {
    /// The text, in that of all nodes.
    start: u32,
    len: u32,
    then: Then<F>,
    /// The first of the texts that may follow the value.
    child: u32,
    /// Another text that may stand in the place of this one.
    sibling: u32,
}

#[derive(Debug, Clone, Copy)]
enum Then<F> {
    Value(Kind, Option<F>),
    /// The line ends, and was read well or left to the library.
    End(bool),
}

impl<F> Then<F> {
    /// Whether both are the same kind of value, or the end. What becomes of it follows from the texts before it.
    fn is_like(&self, other: Self) -> bool {
        match (self, other) {
            (Then::Value(one, _), Then::Value(other, _)) => *one == other,
            (one, other) => matches!((one, other), (Then::End(_), Then::End(_))),
        }
    }
}

/// Stands for no node; the first node is the root, which is nobody's child.
const NONE: u32 = 0;

impl<M: Members> Default for Shapes<M> {
    fn default() -> Self {
        Self {
            text: String::new(),
            nodes: vec![Node { start: 0, len: 0, then: Then::End(false), child: NONE, sibling: NONE }],
        }
    }
}

impl<M: Members> Clone for Shapes<M> {
    /// Without any shape: those of one piece of an input are soon learned again, and a copy of many would cost more.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// How a line stands to the shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// All its values were handed over.
    Known,
    /// The library is to read it, as it read others of this shape.
    Left,
    /// Nothing like it was seen.
    New,
}

impl<M: Members> Shapes<M> {
    /// Hands over the values of a line that has a known shape. What was handed over counts only where it fits.
    pub(super) fn scan<'t>(&self, line: &'t str, mut take: impl FnMut(M::Field, &'t str)) -> Fit {
        let bytes = line.as_bytes();
        let (mut at, mut child) = (0, self.nodes[0].child);
        loop {
            let Some((node, end)) = self.branch(child, &bytes[at..]) else { return Fit::New };
            let start = at + node.len as usize;
            at = start + end;
            match node.then {
                Then::End(known) => return if known { Fit::Known } else { Fit::Left },
                Then::Value(_, field) => {
                    if let Some(field) = field {
                        let Some(value) = line.get(start..at) else { return Fit::New };
                        take(field, value);
                    }
                    child = node.child;
                }
            }
        }
    }

    /// The node, among siblings, whose text and value the rest of a line begins with, and the length of that value.
    fn branch(&self, mut number: u32, rest: &[u8]) -> Option<(&Node<M::Field>, usize)> {
        while number != NONE {
            let node = &self.nodes[number as usize];
            if let Some(after) = strip(rest, self.text_of(node)) {
                let end = match node.then {
                    Then::Value(kind, _) => value_end(kind, after),
                    Then::End(_) => after.is_empty().then_some(0),
                };
                if let Some(end) = end {
                    return Some((node, end));
                }
            }
            number = node.sibling;
        }
        None
    }

    fn text_of(&self, node: &Node<M::Field>) -> &[u8] {
        &self.text.as_bytes()[node.start as usize..(node.start + node.len) as usize]
    }

    /// Learns the shape of a line, or of its beginning up to a comma, that the library has read without complaint.
    pub(super) fn learn(&mut self, line: &str) {
        let (values, plain) = Walk::<M>::through(line);
        let (mut parent, mut at) = (0, 0);
        for value in &values {
            let Some(text) = line.get(at..value.bytes.start) else { return };
            let Some(node) = self.child_with(parent, text, Then::Value(value.kind, value.field)) else { return };
            (parent, at) = (node, value.bytes.end);
        }
        self.child_with(parent, &line[at..], Then::End(plain));
    }

    /// The child of a node with a text and a kind of value after it, which is added where it is missing and there is room.
    fn child_with(&mut self, parent: u32, text: &str, then: Then<M::Field>) -> Option<u32> {
        let (mut last, mut count) = (NONE, 0);
        let mut child = self.nodes[parent as usize].child;
        while child != NONE {
            let node = &self.nodes[child as usize];
            if node.then.is_like(then) && self.text_of(node) == text.as_bytes() {
                return Some(child);
            }
            (last, child, count) = (child, node.sibling, count + 1);
        }
        if count == MOST_BRANCHES || self.nodes.len() == MOST_NODES {
            return None;
        }
        let number = self.nodes.len() as u32;
        let start = u32::try_from(self.text.len()).ok()?;
        let len = u32::try_from(text.len()).ok().filter(|len| start.checked_add(*len).is_some())?;
        self.text.push_str(text);
        self.nodes.push(Node { start, len, then, child: NONE, sibling: NONE });
        match last {
            NONE => self.nodes[parent as usize].child = number,
            last => self.nodes[last as usize].sibling = number,
        }
        Some(number)
    }
}

/// What follows a text. Texts are short: comparing words at hand takes less than a call.
fn strip<'b>(bytes: &'b [u8], text: &[u8]) -> Option<&'b [u8]> {
    let (start, rest) = bytes.split_at_checked(text.len())?;
    let same = match (start.last_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(one), Some(other)) => one == other && start.as_chunks::<8>().0.iter().eq(text.as_chunks::<8>().0),
        _ => start == text,
    };
    same.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_stripped_only_where_it_stands() {
        let text: String = ('a'..='z').collect();
        for end in 0..text.len() {
            let text = &text[..end];
            assert_eq!(strip(format!("{text}rest").as_bytes(), text.as_bytes()), Some(b"rest".as_slice()));
            for at in 0..end {
                let mut other = text.as_bytes().to_vec();
                other[at] = b'-';
                assert_eq!(strip(&other, text.as_bytes()), None, "{end} {at}");
            }
            assert_eq!(strip(&text.as_bytes()[..end.saturating_sub(1)], text.as_bytes()).is_some(), end == 0);
        }
    }

    /// Knows a text, a number, a flag, and a list of texts and objects.
    #[derive(Debug)]
    struct Sample;

    impl Members for Sample {
        type Field = (&'static str, usize);

        fn container(path: &str) -> Use<()> {
            match path {
                "" | "list" | "list[]" | "inner" => Use::Take(()),
                "more" => Use::Ignore,
                _ => Use::LeaveAll,
            }
        }

        fn value(path: &str, index: usize, kind: Kind) -> Use<Self::Field> {
            let name = match (path, kind) {
                ("text", Kind::Text) => "text",
                ("number", Kind::Number) => "number",
                ("flag", Kind::Flag) => "flag",
                ("list[]", Kind::Text) => "list",
                ("list[].a", Kind::Text) => "list a",
                ("inner.b", Kind::Number) => "inner b",
                ("unread", _) => return Use::Ignore,
                _ => return Use::LeaveAll,
            };
            Use::Take((name, index))
        }
    }

    fn scan<'t>(shapes: &Shapes<Sample>, line: &'t str) -> (Fit, Vec<(&'static str, usize, &'t str)>) {
        let mut values = Vec::new();
        let fit = shapes.scan(line, |(name, index), value| values.push((name, index, value)));
        (fit, values)
    }

    fn after(lines: &[&str]) -> Shapes<Sample> {
        let mut shapes = Shapes::default();
        lines.iter().for_each(|line| shapes.learn(line));
        shapes
    }

    #[test]
    fn a_line_like_one_before_gives_its_own_values() {
        let shapes = after(&[
            r#"{"text":"a","unread":[1],"number":1,"flag":true}"#,
            r#"{"text":"a","number":1, "flag":true,"list":["x",{"a":"y"}],"more":{"text":["z",null]},"inner":{"b":2}}"#,
        ]);
        assert_eq!(scan(&shapes, r#"{"text":"a","unread":[1],"number":1,"flag":true}"#).0, Fit::Left, "a list in it");
        let (fit, values) = scan(
            &shapes,
            r#"{"text":"é ü","number":-20.5, "flag":false,"list":["",{"a":"yy"}],"more":{"text":["",null]},"inner":{"b":0}}"#,
        );
        assert_eq!(fit, Fit::Known);
        let expected = [
            ("text", 0, "é ü"),
            ("number", 0, "-20.5"),
            ("flag", 0, "false"),
            ("list", 0, ""),
            ("list a", 1, "yy"),
            ("inner b", 0, "0"),
        ];
        assert_eq!(values, expected);
    }

    #[test]
    fn whatever_differs_is_new() {
        let shapes = after(&[r#"{"text":"a","number":1}"#, r#"{"text":"a","flag":true}"#, r#"{"text":"a"}"#]);
        for known in [r#"{"text":"b","number":2}"#, r#"{"text":"b","flag":false}"#, r#"{"text":""}"#] {
            assert_eq!(scan(&shapes, known).0, Fit::Known, "{known}");
        }
        for other in [
            "",
            "{}",
            r#"{"text":"b\n"}"#,
            r#"{"text":"b\""}"#,
            r#"{"text":"b"} "#,
            r#"{"text":"b"},"#,
            r#"{"text" :"b"}"#,
            r#"{"text":null}"#,
            r#"{"text":1}"#,
            r#"{"text":"b","number":"2"}"#,
            r#"{"text":"b","number":02}"#,
            r#"{"text":"b","number":2e1}"#,
            r#"{"text":"b","flag":nope}"#,
            r#"{"text":"b","flag":true"#,
            "{\"text\":\"b\u{1}\"}",
        ] {
            assert_eq!(scan(&shapes, other).0, Fit::New, "{other}");
        }
    }

    #[test]
    fn lines_that_say_more_than_their_values_are_left_to_the_library() {
        for line in [
            r#"{"text":"a","other":1}"#,
            r#"{"text":1}"#,
            r#"{"text":"a","list":[null]}"#,
            r#"{"text":"a","list":[{}]}"#,
            r#"{"text":"a","inner":{}}"#,
            r#"{"text":"a","inner":{"b":null}}"#,
            r#"{"text":"a","inner.b":2}"#,
            r#"{"t\u0065xt":"a"}"#,
            r#"{"text":"a","x":{"text":"b"}}"#,
            r#"{"unread":1}"#,
            "{}",
        ] {
            assert_eq!(scan(&after(&[line]), line).0, Fit::Left, "{line}");
        }
        for line in [r#"{"text":"a","list":[]}"#, r#"{"text":"a","flag":null,"unread":0}"#, r#"{"text":"a","more":{}}"#]
        {
            assert_eq!(scan(&after(&[line]), line).0, Fit::Known, "{line}");
        }
    }

    #[test]
    fn a_beginning_is_a_shape_of_its_own() {
        let shapes = after(&[r#"{"text":"a","flag":true,"#]);
        assert_eq!(
            scan(&shapes, r#"{"text":"b","flag":false,"#),
            (Fit::Known, vec![("text", 0, "b"), ("flag", 0, "false")])
        );
        assert_eq!(scan(&shapes, r#"{"text":"b","flag":false}"#).0, Fit::New);
    }

    #[test]
    fn shapes_without_end_are_not_kept() {
        let mut shapes = after(&[]);
        for number in 0..1000 {
            shapes.learn(&format!(r#"{{"text":"a","x{number}":{{"y":[1,2,3]}}}}"#));
        }
        assert_eq!(shapes.nodes.len(), 2 + 4 * MOST_BRANCHES);
        let long = [r#"{"text":"a","list":["#, &r#""x","#.repeat(9000), "1]}"].concat();
        shapes.learn(&long);
        assert_eq!(shapes.nodes.len(), 2 + 4 * MOST_BRANCHES, "after the text there is no room for another branch");
        shapes.learn(&long.replace("text", "unread"));
        assert_eq!(shapes.nodes.len(), MOST_NODES);
        assert_eq!(scan(&shapes, r#"{"text":"a","x1":{"y":[1,2,3]}}"#).0, Fit::Left);
    }
}
