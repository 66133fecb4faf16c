//! The one entity with a whole name, found without an index: a question about little data is answered before there would be one.

use crate::graph::{NodeId, OwnershipGraph};
use crate::search::entities::other_names;
use crate::search::index::NameKind;
use crate::search::normalise::Folded;

/// Names beyond which an index is built faster than they are compared one by one.
const FEW: usize = 1 << 10;

/// The entity that [`resolve`](crate::search::NameIndex::resolve) takes for the text because it is one of its whole names.
/// `None` where that cannot be told without an index: nobody has the name, several have it, or there are many names.
pub fn entity_with_name(graph: &OwnershipGraph, text: &str) -> Option<NodeId> {
    if graph.is_stored() || graph.node_count() > FEW {
        return None;
    }
    let mut asked = Folded::new();
    asked.fold(text);
    let (mut folded, mut count) = (Folded::new(), 0);
    let mut found: Option<(NameKind, NodeId)> = None;
    let mut is_clear = true;
    for node in graph.nodes() {
        let entity = graph.entity(node);
        for (name, kind) in std::iter::once((entity.name(), NameKind::Name)).chain(other_names(entity)) {
            count += 1;
            folded.fold(name);
            if count > FEW || folded.is_empty() || !is_same(&asked, &folded) {
                continue;
            }
            // A name in use hides an alias, an alias a former name.
            match found {
                Some((known, _)) if known < kind => {}
                Some((known, other)) if known == kind => is_clear &= other == node,
                _ => (found, is_clear) = (Some((kind, node)), true),
            }
        }
    }
    found.filter(|_| is_clear && count <= FEW).map(|(_, node)| node)
}

/// Whether two names are the same words with the same legal form.
fn is_same(one: &Folded, other: &Folded) -> bool {
    let core = |name: &Folded| name.core();
    let words = |name| Folded::tokens(name).skip(core(name).start).take(core(name).len());
    one.len() == other.len() && one.tokens().eq(other.tokens()) && words(one).eq(words(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{EntityNames, Resolution};

    #[test]
    fn it_is_the_entity_that_the_index_gives() {
        let graph = crate::load::built_in().expect("the built-in dataset");
        let names = EntityNames::of(&graph);
        let mut clear = 0;
        let mut check = |text: &str| {
            if let Some(node) = entity_with_name(&graph, text) {
                let index = names.index();
                for resolved in [index.resolve(text), index.resolve_whole(text)] {
                    assert_eq!(resolved.node(), Some(node.0), "{text}");
                    assert!(matches!(resolved, Resolution::One(_)), "{text}");
                }
                clear += 1;
            }
        };
        for node in graph.nodes() {
            let entity = graph.entity(node);
            check(entity.name());
            check(&entity.name().to_uppercase());
            check(entity.name().split(' ').next().unwrap_or_default());
            other_names(entity).for_each(|(name, _)| check(name));
        }
        ["", "nso", "n.s.o.", "nobody of this name", "ltd", "Q Cyber", "-"].into_iter().for_each(&mut check);
        assert_eq!(clear, 254);
    }

    #[test]
    fn better_kinds_of_names_hide_others_and_two_owners_of_a_name_are_not_clear() {
        let entity = |id: &str, name: &str, other: &str| {
            format!("{{\"id\": \"{id}\", \"name\": \"{name}\", \"kind\": \"company\"{other}}}")
        };
        let entities = [
            entity("a", "Acme Ltd", ""),
            entity("b", "Nova", ", \"aliases\": [\"Acme Limited\", \"Twin\"]"),
            entity(
                "c",
                "Terra",
                ", \"aliases\": [\"Twin\", \"Terra\"], \"former_names\": [\"Nova\", \"Old\", \"Old\"]",
            ),
        ];
        let text = format!("{{\"cuibono\": 1, \"entities\": [{}]}}", entities.join(","));
        let mut loader = crate::load::Loader::new();
        loader.read_text("a.json", &text).expect("a document");
        let graph = loader.finish().expect("a graph");
        let ids = ["acme ltd.", "ACME", "nova", "twin", "terra", "old"]
            .map(|text| entity_with_name(&graph, text).map(|node| graph.entity(node).id()));
        assert_eq!(ids, [Some("a"), None, Some("b"), None, Some("c"), Some("c")]);
    }
}
