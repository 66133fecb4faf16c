//! Names that hide something, or that can be taken for others.

use super::Finding;
use crate::graph::{Entity, NodeId, OwnershipGraph};
use crate::model::lookalike::{is_disguised, look, look_alike as looks_like, mixed_script_word};
use crate::problem::Rule;
use std::collections::HashMap;

/// Most letters of a name that are looked at.
const LONGEST: usize = 400;

/// What is suspicious in one name by itself.
pub(super) fn findings(entity: Entity<'_>) -> impl Iterator<Item = Finding> {
    hidden_characters(entity).into_iter().chain(mixed_scripts(entity))
}

/// Characters that change how a name looks without being seen: they can hide one party behind another.
fn hidden_characters(entity: Entity<'_>) -> Option<Finding> {
    let found = hidden(entity.name())?;
    let message = format!("the name of {} holds the hidden character U+{:04X}", entity.id(), u32::from(found));
    Some(Finding::new(Rule::HiddenCharacter, entity.id().to_owned(), message))
}

/// The first character of a name that is not seen: controls, format characters, letters without ink. Joiners count where they
/// join nothing; scripts from Arabic on, and emoji, need them.
fn hidden(name: &str) -> Option<char> {
    let mut before = None;
    name.chars().find(|&c| {
        let idle = before.replace(c).is_none_or(|before| before < '\u{600}');
        match c {
            '\u{200c}' | '\u{200d}' => idle,
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' => true,
            c => c.is_control(),
        }
    })
}

fn mixed_scripts(entity: Entity<'_>) -> Option<Finding> {
    let word = mixed_script_word(beginning(entity.name()))?;
    let message = format!("the word {word} in the name of {} mixes scripts", entity.id());
    Some(Finding::new(Rule::MixedScriptName, entity.id().to_owned(), message))
}

fn beginning(name: &str) -> &str {
    name.char_indices().nth(LONGEST).map_or(name, |(end, _)| &name[..end])
}

/// Those who have one look: somebody, and somebody whose name is made of other letters.
struct Look {
    one: NodeId,
    other: Option<NodeId>,
}

/// Names in which one letter stands for another, where somebody else has the name that they look like. The names in question
/// are few, so that only their looks are kept, and all others are held against these.
pub(super) fn look_alike(graph: &OwnershipGraph) -> Vec<Finding> {
    let name = |node: NodeId| beginning(graph.entity(node).name());
    let disguised: Vec<NodeId> = graph.nodes().filter(|&node| is_disguised(name(node))).collect();
    if disguised.is_empty() {
        return Vec::new();
    }
    let keys = disguised.iter().flat_map(|&node| look(name(node)).map(|key| (key, Look { one: node, other: None })));
    let mut looks: HashMap<String, Look> = keys.collect();
    for node in graph.nodes() {
        for key in look(name(node)) {
            if let Some(same) = looks.get_mut(&key)
                && same.other.is_none()
                && looks_like(name(same.one), name(node))
            {
                same.other = Some(node);
            }
        }
    }
    let twin = |node: NodeId| {
        let same = look(name(node)).into_iter().filter_map(|key| looks.get(&key));
        let two = same.flat_map(|look| [Some(look.one), look.other]).flatten();
        two.into_iter().find(|&other| looks_like(name(node), name(other)))
    };
    let pairs = disguised.iter().filter_map(|&node| Some((node, twin(node)?)));
    pairs.map(|(node, other)| finding(graph.entity(node), graph.entity(other))).collect()
}

fn finding(entity: Entity<'_>, other: Entity<'_>) -> Finding {
    let message = format!("the name of {} looks like that of {} and is made of other letters", entity.id(), other.id());
    Finding::new(Rule::LooksLikeAnotherName, entity.id().to_owned(), message)
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn joiners_hide_only_where_they_join_nothing() {
        for name in ["نامه\u{200c}ای", "क्\u{200d}ष", "👩\u{200d}🚀", "Zoë", "銀行 Ltd"] {
            assert_eq!(hidden(name), None, "{name}");
        }
        for (name, found) in [
            ("Ac\u{200d}me", '\u{200d}'),
            ("\u{3164}", '\u{3164}'),
            ("a\u{ad}b", '\u{ad}'),
            ("a\u{2060}", '\u{2060}'),
            ("a\nb", '\n'),
        ] {
            assert_eq!(hidden(name), Some(found), "{name:?}");
        }
    }
}
