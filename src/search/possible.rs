//! Records that may be one party although no identifier says so.
//!
//! Names never join anybody by themselves: what is found here is a list for a person to decide. Records are compared only
//! within groups of one folded name, so that the work stays near-linear; a name that very many records carry is compared
//! only where a birth month or a year of foundation splits it further.

use super::Folded;
use crate::graph::{Entity, NodeId, OwnershipGraph};
use crate::model::{EntityKind, Identifier, PartialDate};
use std::collections::HashMap;

/// Two records that may be one party.
#[derive(Debug, Clone, PartialEq)]
pub struct PossibleMatch {
    /// The one, with the smaller number.
    pub a: NodeId,
    /// The other.
    pub b: NodeId,
    /// From 0 to 1: how much speaks for it.
    pub score: f64,
    /// What speaks for and against it, in words.
    pub reasons: Vec<&'static str>,
}

/// Records of one name beyond which they are compared only with a date in common.
const CROWD: usize = 40;

/// Words before a person's name that are no part of it.
const TITLES: [&str; 12] = ["mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "lord", "lady", "dame", "rev"];

/// The pairs of records whose score is at least `least`, best first.
///
/// | what | counts |
/// |---|---|
/// | the whole name is the same | 0.55 |
/// | the name is the same but for its legal form, its titles or the order of its words | 0.45 |
/// | the same jurisdiction or nationality | + 0.25, another one − 0.3 |
/// | the same day or month of birth or foundation | + 0.35, another one − 0.5 |
///
/// Not offered: a person and a company, parties that carry different numbers of one register, a pair that the user keeps
/// apart, parties without a name of their own.
///
/// ```
/// use cuibono::load::Loader;
/// let mut loader = Loader::new();
/// loader.read_text("a.csv", "owner,owned,owned_name,owned_jurisdiction\nx,a1,Acme Limited,GB\ny,a2,ACME Ltd,GB\n")?;
/// let graph = loader.finish()?;
/// let found = cuibono::search::possible_matches(&graph, 0.5);
/// assert_eq!(graph.entity(found[0].a).id(), "a1");
/// assert!(found[0].score >= 0.79);
/// # Ok::<(), cuibono::error::Error>(())
/// ```
pub fn possible_matches(graph: &OwnershipGraph, least: f64) -> Vec<PossibleMatch> {
    let mut found = Vec::new();
    let mut keys = Vec::with_capacity(graph.node_count());
    let mut folded = Folded::new();
    for node in graph.nodes() {
        keys.extend(key_of(graph.entity(node), &mut folded).map(|key| (key, node)));
    }
    keys.sort_unstable();
    for group in keys.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
        let nodes: Vec<NodeId> = group.iter().map(|(_, node)| *node).collect();
        if nodes.len() <= CROWD {
            compare(graph, &nodes, least, &mut found);
            continue;
        }
        let mut by_date: HashMap<String, Vec<NodeId>> = HashMap::new();
        for node in nodes {
            if let Some(date) = graph.entity(node).founded() {
                by_date.entry(month(date)).or_default().push(node);
            }
        }
        let mut dated: Vec<_> = by_date.into_values().filter(|nodes| nodes.len() <= CROWD).collect();
        dated.sort_unstable();
        dated.iter().for_each(|nodes| compare(graph, nodes, least, &mut found));
    }
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then((one.a, one.b).cmp(&(other.a, other.b))));
    found
}

/// The name under which records are compared: for persons without titles and in any order of words, for others without
/// the legal form.
fn key_of(entity: Entity<'_>, folded: &mut Folded) -> Option<String> {
    if entity.kind() == EntityKind::Unknown || entity.name() == entity.id() {
        return None;
    }
    folded.fold(entity.name());
    let key = match entity.kind() {
        EntityKind::Person => {
            let mut words: Vec<&str> = folded.tokens().filter(|word| !TITLES.contains(word)).collect();
            words.sort_unstable();
            format!("person {}", words.join(" "))
        }
        _ => folded.core_key(),
    };
    (key.len() > 1).then_some(key)
}

/// Year and month, or the year alone where no month is known.
fn month(date: PartialDate) -> String {
    date.to_string().chars().take("2000-01".len()).collect()
}

fn compare(graph: &OwnershipGraph, nodes: &[NodeId], least: f64, found: &mut Vec<PossibleMatch>) {
    for (position, &b) in nodes.iter().enumerate() {
        for &a in &nodes[..position] {
            let (a, b) = (a.min(b), a.max(b));
            if graph.are_kept_apart(a, b) {
                continue;
            }
            if let Some((score, reasons)) = judge(graph.entity(a), graph.entity(b))
                && score >= least
            {
                found.push(PossibleMatch { a, b, score, reasons });
            }
        }
    }
}

/// What speaks for two records of one name being one party; `None` where a register says they are two.
fn judge(a: Entity<'_>, b: Entity<'_>) -> Option<(f64, Vec<&'static str>)> {
    let own: Vec<_> = a.identifiers().collect();
    let differ = |other: &Identifier| {
        let Some(wanted) = other.key() else { return false };
        let mut keys = own.iter().filter(|known| known.scheme == other.scheme).filter_map(Identifier::key);
        keys.any(|key| key != wanted)
    };
    if b.identifiers().any(|other| differ(&other)) {
        return None;
    }
    let (mut score, mut reasons): (f64, _) = if same_text(a.name(), b.name()) {
        (0.55, vec!["same name"])
    } else {
        (0.45, vec!["same name in another form"])
    };
    match (a.jurisdiction(), b.jurisdiction()) {
        (Some(one), Some(other)) if one == other => {
            score += 0.25;
            reasons.push(if a.kind() == EntityKind::Person { "same nationality" } else { "same jurisdiction" });
        }
        (Some(_), Some(_)) => {
            score -= 0.3;
            reasons.push("but different jurisdictions");
        }
        _ => {}
    }
    match (a.founded(), b.founded()) {
        (Some(one), Some(other)) if month(one) == month(other) => {
            score += 0.35;
            reasons.push(if a.kind() == EntityKind::Person {
                "same month of birth"
            } else {
                "founded in the same month"
            });
        }
        (Some(_), Some(_)) => {
            score -= 0.5;
            reasons.push("but different dates");
        }
        _ => {}
    }
    Some((score.clamp(0.0, 1.0), reasons))
}

fn same_text(one: &str, other: &str) -> bool {
    super::key(one) == super::key(other)
}
