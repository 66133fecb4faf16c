//! What a cut leaves out, in words, with the totals that a table gives.

use super::stacks::counted;
use crate::graph::View;
use crate::model::ShareRange;
use crate::query::neighbourhood::{Cut, LeftOut, Reason, Side};

/// Parties of which the chart says what is left out at each.
const ONE_BY_ONE: usize = 8;

/// What is left out, a sentence each.
pub(super) fn words(view: View<'_>, left_out: &[LeftOut], cut: &Cut) -> Vec<String> {
    let small: Vec<&LeftOut> = left_out.iter().filter(|left| left.reason == Reason::BelowShare).collect();
    let least = ShareRange::exact(cut.min_share);
    let mut words: Vec<String> = small.iter().take(ONE_BY_ONE).map(|left| below_share(view, left, least)).collect();
    let others = small.get(ONE_BY_ONE..).unwrap_or_default();
    if !others.is_empty() {
        let interests = others.iter().map(|left| left.count).sum();
        let parties = if others.len() == 1 { "party" } else { "parties" };
        words.push(format!("{} below {least} at {} other {parties}", counted(interests, "interest"), others.len()));
    }
    for (reason, why) in [
        (Reason::NoControl, "that give nobody control".to_owned()),
        (Reason::Hidden, "of parties that are hidden".to_owned()),
        (Reason::OffPath, cut.path_to.map_or(String::new(), |party| on_no_chain(view, party))),
    ] {
        let interests: usize = left_out.iter().filter(|left| left.reason == reason).map(|left| left.count).sum();
        if interests > 0 {
            words.push(format!("{} {why}", counted(interests, "interest")));
        }
    }
    words
}

fn on_no_chain(view: View<'_>, party: crate::graph::NodeId) -> String {
    format!("on no chain between the subject and {}", view.graph().entity(party).name())
}

/// `3 owners of Acme below 5 %, 4.2 % in total`
fn below_share(view: View<'_>, left: &LeftOut, least: ShareRange) -> String {
    let name = view.graph().entity(left.of).name();
    let (word, together) = match left.side {
        Side::Owners => ("owner", "in total"),
        Side::Holdings => ("holding", "each"),
    };
    let head = format!("{} of {name} below {least}", counted(left.count, word));
    match left.share {
        Some(share) if left.count > 1 => format!("{head}, {share} {together}"),
        Some(share) => format!("{head}, {share}"),
        None => head,
    }
}
