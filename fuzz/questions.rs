//! Questions with arguments made of bytes, and what holds for every answer.

use crate::small_graph::SmallGraph;
use arbitrary::Arbitrary;
use cuibono::graph::{NodeId, View};
use cuibono::model::{AsOf, Confidence, Layer, Share};
use cuibono::query::PercentRange;
use cuibono::query::control::Threshold;
use cuibono::query::owners::{Owners, Rows};
use cuibono::query::power::{At, Index};
use cuibono::query::rules::{Decides, Limit, RULES};
use serde::Serialize;

/// Which question is put to which view.
#[derive(Debug, Arbitrary)]
pub struct Question {
    day: u8,
    layer: bool,
    confidence: u8,
    open_world: bool,
    subject: u8,
    other: u8,
    third: u8,
    limit: u32,
    or_more: bool,
    count: u16,
    switches: u8,
    what: u8,
}

/// Half a unit of the last digit that answers print, with room for the rounding of sums.
const TOLERANCE: f64 = 1e-6;

/// Puts a question to a graph and looks whether the answer makes sense.
///
/// # Panics
///
/// Where something does not hold that holds for every answer.
pub fn ask(small: &SmallGraph, question: &Question) {
    let Some(graph) = small.build() else { return };
    let day: AsOf = DAYS[usize::from(question.day) % DAYS.len()].parse().expect("a day");
    let layer = if question.layer { Layer::Votes } else { Layer::Capital };
    let confidence = [Confidence::Low, Confidence::Medium, Confidence::High][usize::from(question.confidence % 3)];
    let view = graph.view(day).layer(layer).min_confidence(confidence).open_world(question.open_world);
    let nodes: Vec<NodeId> = graph.nodes().collect();
    if nodes.is_empty() {
        return;
    }
    let node = |number: u8| nodes[usize::from(number) % nodes.len()];
    let parties = Parties { subject: node(question.subject), other: node(question.other), third: node(question.third) };
    match question.what % 12 {
        0 | 1 => owners(view, parties.subject, small.has_overlaps(), question),
        2 => holdings(view, &parties),
        3 => control(view, &parties, question),
        4 => paths(view, &parties, question),
        5 => rules(view, &parties, question),
        6 => group(view, &parties),
        7 => explain(view, &parties, question),
        8 => power(view, &parties, question),
        9 => links(view, &parties, question),
        10 => overview(view, &parties),
        _ => rows(view, parties.subject, question),
    }
}

const DAYS: [&str; 8] =
    ["2018-01-01", "2015-06-15", "2019-06-30", "2022-06-15", "0001-01-01", "9999-12-31", "2020-02-29", "all"];

struct Parties {
    subject: NodeId,
    other: NodeId,
    third: NodeId,
}

/// A range is the right way up and within the whole.
fn sound(range: &PercentRange) {
    assert!(range.min.is_finite() && range.max.is_finite(), "{range:?}");
    assert!(0.0 <= range.min && range.min <= range.max && range.max <= 100.0, "{range:?}");
    assert!(range.min < range.max || !(range.min_open || range.max_open), "{range:?}");
}

/// Every answer can be written down.
fn written(answer: &impl Serialize) {
    serde_json::to_string(answer).expect("an answer in JSON");
}

/// The answer of a question that needs one day; nothing where the view has none.
fn answered<T: Serialize>(view: View<'_>, answer: cuibono::error::Result<T>) -> Option<T> {
    match answer {
        Ok(answer) => {
            written(&answer);
            Some(answer)
        }
        Err(error) => {
            assert_eq!(view.as_of(), AsOf::All, "{error}");
            None
        }
    }
}

fn owners(view: View<'_>, subject: NodeId, overlaps: bool, question: &Question) {
    let Some(answer) = answered(view, view.owners_of(subject, Rows::default())) else { return };
    sound(&answer.unaccounted.range);
    answer.unaccounted.unknown_parties.iter().for_each(sound);
    for row in &answer.owners {
        sound(&row.effective);
        assert!(row.entity.node() != subject, "nobody is among its own owners");
        assert!(row.distance > 0);
        assert_eq!(row.control_only, row.effective.max == 0.0);
    }
    answer.closed_groups.iter().for_each(|group| sound(&group.share));
    if !overlaps {
        nothing_is_made(&answer);
    }
    let others = others(view, subject, question);
    for row in answer.owners.iter().filter(|row| others.contains(&row.entity.node())) {
        let alone = view.group_share(&[row.entity.node()], subject).expect("a view of one day");
        assert_same(&alone.effective, &row.effective, "of a group of one");
    }
}

/// Ends of chains share nothing: what they certainly hold and what nobody known certainly holds is at most the whole.
fn nothing_is_made(answer: &Owners<'_>) {
    let ends = answer.owners.iter().filter(|row| row.ultimate).map(|row| row.effective.min);
    let groups = answer.closed_groups.iter().map(|group| group.share.min);
    let sum: f64 = ends.chain(groups).sum::<f64>() + answer.unaccounted.range.min;
    assert!(sum <= 100.0 + TOLERANCE, "{sum} % end somewhere");
}

fn others(view: View<'_>, subject: NodeId, question: &Question) -> Vec<NodeId> {
    let chosen = |index: usize| question.count >> (index % 16) & 1 != 0;
    let nodes = view.graph().nodes().enumerate();
    nodes.filter(|&(index, node)| node != subject && chosen(index)).map(|(_, node)| node).collect()
}

#[track_caller]
fn assert_same(one: &PercentRange, other: &PercentRange, what: &str) {
    let same = (one.min - other.min).abs() <= TOLERANCE && (one.max - other.max).abs() <= TOLERANCE;
    assert!(same, "{what}: {one:?} and {other:?}");
}

/// What is held from above is what is held from below.
fn holdings(view: View<'_>, parties: &Parties) {
    let owner = parties.other;
    let Some(answer) = answered(view, view.holdings_of(&[owner], Rows::default())) else { return };
    for row in &answer.holdings {
        sound(&row.effective);
        let above = view.owners_of(row.entity.node(), Rows::default()).expect("a view of one day");
        let above = above.owners.iter().find(|above| above.entity.node() == owner).expect("the same pair from above");
        assert_same(&above.effective, &row.effective, "from above and from below");
        assert_eq!(above.control, row.control);
    }
    let both = [parties.other, parties.third];
    if let Ok(answer) = view.holdings_of(&both, Rows::default()) {
        answer.holdings.iter().for_each(|row| sound(&row.effective));
    }
}

fn threshold(question: &Question) -> Threshold {
    let share = Share::from_ppb(question.limit);
    if question.or_more { Threshold::AtLeast(share) } else { Threshold::MoreThan(share) }
}

fn limit(question: &Question) -> Limit {
    Limit { share: Share::from_ppb(question.limit), or_more: question.or_more }
}

/// Control from above is control from below, whatever it takes.
fn control(view: View<'_>, parties: &Parties, question: &Question) {
    let threshold = threshold(question);
    let Some(above) = answered(view, view.controllers_of(parties.subject, threshold)) else { return };
    for row in &above.controllers {
        let below = view.controlled_by(&[row.entity.node()], threshold).expect("a view of one day");
        written(&below);
        let below = below.controlled.iter().find(|below| below.entity.node() == parties.subject);
        assert_eq!(below.expect("the same pair from below").control, row.control);
    }
    answered(view, view.ultimate_controllers(threshold));
}

fn paths(view: View<'_>, parties: &Parties, question: &Question) {
    let most = usize::from(question.count % 20);
    let Some(answer) = answered(view, view.paths(parties.other, parties.subject, most)) else { return };
    assert!(answer.paths.len() <= most);
    for path in &answer.paths {
        sound(&path.product);
        assert_eq!(path.entities.len(), path.interests.len() + 1);
        let (first, last) = (path.entities[0].node(), path.entities[path.entities.len() - 1].node());
        assert_eq!((first, last), (parties.other, parties.subject));
    }
    let falling = |pair: &[cuibono::query::paths::Path<'_>]| pair[0].product.max >= pair[1].product.max - TOLERANCE;
    assert!(answer.paths.windows(2).all(falling), "the strongest stand first");
}

fn rules(view: View<'_>, parties: &Parties, question: &Question) {
    let rule = &RULES[usize::from(question.switches) % RULES.len()];
    if matches!(rule.decides, Decides::Blocking) {
        let jointly = [vec![parties.third, parties.other]];
        let Some(answer) = answered(view, view.screen(&[parties.other], &jointly, rule)) else { return };
        let listed = answer.blocked.iter().any(|row| row.entity.node() == parties.other);
        assert!(listed, "who is listed is blocked");
    } else if matches!(rule.decides, Decides::BeneficialOwner) {
        let ownership = (question.count & 1 != 0).then(|| limit(question));
        answered(view, view.beneficial_owners_of(parties.subject, rule, ownership));
    }
}

/// A group has at least what each of its members has, and at most what they have taken one by one.
fn group(view: View<'_>, parties: &Parties) {
    let group = [parties.other, parties.third];
    if group.contains(&parties.subject) {
        return;
    }
    let Some(both) = answered(view, view.group_share(&group, parties.subject)) else { return };
    sound(&both.effective);
    let mut sum = 0.0;
    for member in group {
        let one = view.group_share(&[member], parties.subject).expect("a view of one day");
        assert!(both.effective.min >= one.effective.min - TOLERANCE, "{both:?} {one:?}");
        assert!(both.effective.max >= one.effective.max - TOLERANCE, "{both:?} {one:?}");
        assert!(both.control >= one.control);
        sum += one.effective.max;
    }
    assert!(both.effective.max <= sum + TOLERANCE, "{} of {sum}", both.effective.max);
}

/// The derivation is of the figure that is answered.
fn explain(view: View<'_>, parties: &Parties, question: &Question) {
    let most = usize::from(question.count % 20);
    if parties.other == parties.subject {
        let _ = view.explain(parties.other, parties.subject, most);
        return;
    }
    let Some(answer) = answered(view, view.explain(parties.other, parties.subject, most)) else { return };
    [&answer.effective, &answer.sum, &answer.votes].into_iter().for_each(|range| {
        assert!(range.min.is_finite() && range.min >= 0.0 && range.min <= range.max, "{range:?}");
    });
    let rows = view.owners_of(parties.subject, Rows::default()).expect("a view of one day").owners;
    let row = rows.iter().find(|row| row.entity.node() == parties.other);
    assert_same(&row.map(|row| row.effective).unwrap_or_default(), &answer.effective, "explained");
}

fn power(view: View<'_>, parties: &Parties, question: &Question) {
    let index = if question.switches & 1 != 0 { Index::ShapleyShubik } else { Index::Banzhaf };
    let at = [None, Some(At::Low), Some(At::Middle), Some(At::High)][usize::from(question.switches >> 1 & 3)];
    let Some(answer) = answered(view, view.power(parties.subject, index, limit(question), at)) else { return };
    let indices: Vec<f64> = answer.holders.iter().filter_map(|holder| holder.index).collect();
    let sum: f64 = indices.iter().sum();
    assert!(indices.iter().all(|index| (-TOLERANCE..=100.0 + TOLERANCE).contains(index)), "{indices:?}");
    assert!(sum.abs() < 1e-3 || (sum - 100.0).abs() < 1e-3, "all say together is the whole or nothing: {sum}");
    answer.holders.iter().for_each(|holder| sound(&holder.share));
    assert!((0.0..=100.0).contains(&answer.not_voting), "{}", answer.not_voting);
}

fn links(view: View<'_>, parties: &Parties, question: &Question) {
    let limit = (question.switches & 1 != 0).then(|| limit(question));
    answered(view, view.close_links(parties.subject, limit));
}

/// Questions that give no numbers, and that admit all days.
fn overview(view: View<'_>, parties: &Parties) {
    let graph = view.graph();
    written(&view.stats());
    written(&view.circular_groups());
    written(&view.check());
    written(&view.card(parties.subject));
    written(&view.jurisdictions(Some(parties.subject)));
    written(&view.jurisdictions(None));
    written(&view.entities_in("GB"));
    written(&graph.timeline(parties.subject));
    let days = ["2016-01-01", "2020-01-01"].map(|day| day.parse().expect("a day"));
    written(&view.difference((days[0], days[1]), Some(parties.subject)).expect("no time limit"));
    written(&view.difference((days[0], days[1]), None).expect("no time limit"));
}

/// Fewer rows are some of the rows, with the same figures.
fn rows(view: View<'_>, subject: NodeId, question: &Question) {
    let rows = Rows {
        direct: question.switches & 1 != 0,
        ultimate: question.switches & 2 != 0,
        min_share: (question.switches & 4 != 0).then(|| f64::from(question.limit % 101)),
        depth: (question.switches & 8 != 0).then(|| u32::from(question.count % 6)),
    };
    let Some(some) = answered(view, view.owners_of(subject, rows)) else { return };
    let all = view.owners_of(subject, Rows::default()).expect("a view of one day").owners;
    assert!(some.owners.len() <= all.len());
    for row in &some.owners {
        let same = all.iter().find(|other| other.entity.node() == row.entity.node()).expect("the same owner");
        assert_eq!((row.effective, row.control), (same.effective, same.control));
        assert!(rows.min_share.is_none_or(|least| row.effective.max >= least));
        assert!(rows.depth.is_none_or(|depth| row.distance <= depth));
    }
}
