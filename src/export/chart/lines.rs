//! The lines of a chart and what stands on them.

use super::{Chart, evidence};
use crate::diagram::{Line, LineMarks, LineStyle};
use crate::graph::{EdgeId, NodeId, View};
use crate::model::date::Presence;
use crate::model::{InterestKind, Layer, Mark, Marks, ShareRange};
use crate::query::column::{self, Holder};
use crate::query::neighbourhood::is_drawn_right;
use std::collections::BTreeMap;

impl Chart<'_> {
    /// All lines into one party.
    pub(super) fn add_lines(&mut self, owned: NodeId) {
        self.add_stakes(owned);
        self.add_rights(owned);
        if self.with_ended {
            self.add_ended(owned);
        }
    }

    /// One line for each owner with a share, all its interests taken together.
    fn add_stakes(&mut self, owned: NodeId) {
        let capital = column::column(self.view.layer(Layer::Capital), owned);
        let votes = column::column(self.view.layer(Layer::Votes), owned);
        let drawn = |holder: &&Holder| holder.high > 0 && self.pairs.contains(&(holder.owner, owned));
        let capital_of = |owner| capital.holder(owner).filter(|holder| holder.high > 0);
        let of_capital: Vec<&Holder> = capital.holders.iter().filter(drawn).collect();
        let of_votes: Vec<&Holder> =
            votes.holders.iter().filter(drawn).filter(|holder| capital_of(holder.owner).is_none()).collect();
        for holder in of_capital {
            let edges = column::evidence(self.view.layer(Layer::Capital), holder.owner, owned);
            let label = self.stake_label(holder, votes.holder(holder.owner), &edges);
            let style = share_style(shown_share(self.view, holder, &edges));
            self.add_line(holder.owner, owned, label, style, holder.marks, &edges);
        }
        for holder in of_votes {
            let edges = column::evidence(self.view.layer(Layer::Votes), holder.owner, owned);
            let label = format!("votes {}", figure(self.view, holder, &edges));
            self.add_line(holder.owner, owned, label, LineStyle::Control, holder.marks, &edges);
        }
    }

    fn stake_label(&self, holder: &Holder, vote: Option<&Holder>, edges: &[EdgeId]) -> String {
        let kinds = edges.iter().map(|&edge| self.view.graph().interest(edge).kind());
        let mut label = match kinds.clone().next() {
            Some(kind)
                if kind != InterestKind::Shareholding && !kinds.clone().any(|k| k == InterestKind::Shareholding) =>
            {
                format!("{} {}", kind.words(), figure(self.view, holder, edges))
            }
            _ => figure(self.view, holder, edges),
        };
        if let Some(vote) = vote.filter(|vote| vote.stated != holder.stated) {
            label = format!("{label} (votes {})", vote.stated);
        }
        label
    }

    /// One line for each owner with rights that may give control without a share.
    fn add_rights(&mut self, owned: NodeId) {
        let mut rights: BTreeMap<NodeId, Vec<(EdgeId, Presence)>> = BTreeMap::new();
        for (edge, interest, presence) in self.view.interests_in(owned) {
            if is_drawn_right(interest) && self.pairs.contains(&(interest.owner(), owned)) {
                rights.entry(interest.owner()).or_default().push((edge, presence));
            }
        }
        let graph = self.view.graph();
        for (owner, found) in rights {
            let edges: Vec<EdgeId> = found.iter().map(|&(edge, _)| edge).collect();
            let mut words: Vec<&str> = edges.iter().map(|&edge| graph.interest(edge).kind().words()).collect();
            words.dedup();
            let marks = edges.iter().fold(Marks::NONE, |marks, &edge| marks.union(graph.interest(edge).marks()));
            let certain = found.iter().any(|&(edge, presence)| !View::is_only_possible(graph.interest(edge), presence));
            let marks = marks.with(Mark::PossibleOnDay, !certain && !marks.has(Mark::Contested));
            self.add_line(owner, owned, words.join(", "), LineStyle::Control, marks, &edges);
        }
    }

    fn add_line(
        &mut self,
        owner: NodeId,
        owned: NodeId,
        label: String,
        style: LineStyle,
        marks: Marks,
        edges: &[EdgeId],
    ) {
        let (Some(&from), Some(&to)) = (self.index.get(&owner), self.index.get(&owned)) else {
            return;
        };
        if !self.pairs.contains(&(owner, owned)) {
            return;
        }
        let graph = self.view.graph();
        let ids: Vec<_> = edges.iter().map(|&edge| graph.stake(edge).id().into_owned()).collect();
        let nominee = edges.iter().any(|&edge| graph.interest(edge).kind() == InterestKind::Nominee);
        let share = edges.iter().map(|&edge| graph.interest(edge).share().max().ppb()).max().unwrap_or(0);
        let footnotes = self.footnote_numbers(edges);
        self.lines.push(Line {
            id: ids.join("+"),
            statements: ids,
            owner: from,
            owned: to,
            label,
            style,
            marks: LineMarks {
                possible: marks.has(Mark::PossibleOnDay),
                contested: marks.has(Mark::Contested),
                nominee,
                ended: false,
                in_circle: self.in_circle.contains(&(owner, owned)),
            },
            strength: (share / 1_000_000) as u16,
            footnotes,
            evidence: edges.iter().map(|&edge| evidence::of_interest(graph.stake(edge))).collect(),
            ..Line::default()
        });
    }

    /// One line for each drawn interest that was over before the day.
    fn add_ended(&mut self, owned: NodeId) {
        let ended: Vec<_> = self.view.ended_in(owned).collect();
        for (edge, interest) in ended {
            let share = match interest.marks().has(Mark::Approximate) {
                true => format!("≈ {}", interest.share()),
                false => interest.share().to_string(),
            };
            let what = match interest.kind() {
                InterestKind::Shareholding => share,
                kind if is_drawn_right(interest) => kind.words().to_owned(),
                kind => format!("{} {share}", kind.words()),
            };
            let label = match self.view.graph().dates(edge).1.to_string() {
                end if end.is_empty() => what,
                end => format!("{what} until {end}"),
            };
            let style = match is_drawn_right(interest) {
                true => LineStyle::Control,
                false => share_style(interest.share()),
            };
            let before = self.lines.len();
            self.add_line(interest.owner(), owned, label, style, interest.marks(), &[edge]);
            self.lines[before..].iter_mut().for_each(|line| line.marks.ended = true);
        }
    }
}

/// The share as it stands on a line. That an interest may not exist on the day is said in a word of its own, so that a
/// single one keeps the figure that its source states.
fn shown_share(view: View<'_>, holder: &Holder, edges: &[EdgeId]) -> ShareRange {
    match edges {
        [edge] if holder.marks.has(Mark::PossibleOnDay) => view.graph().interest(*edge).share(),
        _ => holder.stated,
    }
}

/// `≈ 70 %`, `25–50 %`, `?`
fn figure(view: View<'_>, holder: &Holder, edges: &[EdgeId]) -> String {
    let share = shown_share(view, holder, edges);
    if holder.marks.has(Mark::Approximate) { format!("≈ {share}") } else { share.to_string() }
}

fn share_style(share: ShareRange) -> LineStyle {
    if share.is_unknown() { LineStyle::Unknown } else { LineStyle::Ownership }
}
