//! What ties two parties on a chart: shares, rights that may give control, nominees; and interests that have ended.

use crate::graph::{EdgeId, Interest, NodeId, View};
use crate::model::date::Presence;
use crate::model::interest::ControlRight;
use crate::model::{AsOf, InterestKind, Layer, Share, ShareRange};
use crate::query::column;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

/// Everything that one party holds in another on the day, taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// Who holds.
    pub owner: NodeId,
    /// In whom.
    pub owned: NodeId,
    /// What the sources state of the capital, or of the votes where there is no capital; nothing where neither is held.
    pub share: Option<ShareRange>,
    /// The most of the votes that it can be.
    pub votes: Share,
    /// Whether something goes with it that is drawn as a line of its own rather than as a share.
    pub right: bool,
    /// Whether a right goes with it that may give control without a share.
    pub controls: bool,
    /// Whether all of it has ended.
    pub ended: bool,
}

/// The order in which ties deserve room: what exists before what has ended, rights first, then the larger certain share.
pub(super) type Rank = (bool, bool, Reverse<(Share, Share)>, NodeId, NodeId);

impl Tie {
    fn none(owner: NodeId, owned: NodeId) -> Self {
        Self { owner, owned, share: None, votes: Share::ZERO, right: false, controls: false, ended: false }
    }

    pub(super) fn rank(&self) -> Rank {
        let ends = self.share.map_or((Share::ZERO, Share::ZERO), |share| (share.min(), share.max()));
        (self.ended, !self.right, Reverse(ends), self.owner, self.owned)
    }
}

/// Whether an interest belongs on a chart of ownership and control: it is a share, or may give control.
pub fn is_drawn(interest: Interest) -> bool {
    let kind = interest.kind();
    let share = Layer::Capital.counts(kind) || Layer::Votes.counts(kind);
    share && interest.share().max() > Share::ZERO || is_drawn_right(interest)
}

/// Whether an interest is drawn as a line of its own kind rather than as a share.
pub fn is_drawn_right(interest: Interest) -> bool {
    interest.kind().control_right() > ControlRight::None || interest.kind() == InterestKind::Nominee
}

impl View<'_> {
    /// The drawn interests in `owned` that were over before the day of the view.
    pub fn ended_in(self, owned: NodeId) -> impl Iterator<Item = (EdgeId, Interest)> {
        let graph = self.graph();
        let over = move |edge: EdgeId| match self.as_of() {
            AsOf::All => false,
            AsOf::Day(day) => {
                self.on_all_days().presence(edge) != Presence::Out && graph.dates(edge).1.lasts(day) == Presence::Out
            }
        };
        graph
            .held_in(owned)
            .filter(move |&edge| over(edge))
            .map(|edge| (edge, graph.interest(edge)))
            .filter(|&(_, interest)| is_drawn(interest))
    }
}

/// The ties of a view, each party's owners gathered once.
pub(super) struct Ties<'g> {
    view: View<'g>,
    with_ended: bool,
    known: HashMap<NodeId, Rc<[Tie]>>,
}

impl<'g> Ties<'g> {
    pub(super) fn new(view: View<'g>, with_ended: bool) -> Self {
        Self { view, with_ended, known: HashMap::new() }
    }

    /// The ties into `owned`, in the order of their owners.
    pub(super) fn owners_of(&mut self, owned: NodeId) -> Rc<[Tie]> {
        match self.known.entry(owned) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => place.insert(gather(self.view, owned, self.with_ended)).clone(),
        }
    }

    /// The ties of `owner`, in the order of what is held.
    pub(super) fn holdings_of(&mut self, owner: NodeId) -> Vec<Tie> {
        let graph = self.view.graph();
        let mut held: Vec<NodeId> = graph.held_by(owner).map(|edge| graph.interest(edge).owned()).collect();
        held.sort_unstable();
        held.dedup();
        let of_owner = |ties: Rc<[Tie]>| ties.iter().find(|tie| tie.owner == owner).copied();
        held.into_iter().filter_map(|owned| of_owner(self.owners_of(owned))).collect()
    }
}

fn gather(view: View<'_>, owned: NodeId, with_ended: bool) -> Rc<[Tie]> {
    let mut ties: HashMap<NodeId, Tie> = HashMap::new();
    let mut tie = |owner: NodeId, change: &dyn Fn(&mut Tie)| {
        change(ties.entry(owner).or_insert_with(|| Tie::none(owner, owned)));
    };
    for holder in column::column(view.layer(Layer::Capital), owned).holders.iter().filter(|holder| holder.high > 0) {
        tie(holder.owner, &|tie| tie.share = Some(holder.stated));
    }
    for holder in column::column(view.layer(Layer::Votes), owned).holders.iter().filter(|holder| holder.high > 0) {
        tie(holder.owner, &|tie| {
            tie.votes = Share::from_ppb(holder.high);
            tie.share = tie.share.or(Some(holder.stated));
        });
    }
    for (_, interest, _) in view.interests_in(owned).filter(|&(_, interest, _)| is_drawn_right(interest)) {
        let controls = interest.kind().control_right() > ControlRight::None;
        tie(interest.owner(), &|tie| (tie.right, tie.controls) = (true, tie.controls || controls));
    }
    if with_ended {
        for (_, interest) in view.ended_in(owned) {
            let ended = Tie { share: Some(interest.share()), ended: true, ..Tie::none(interest.owner(), owned) };
            ties.entry(interest.owner()).or_insert(ended);
        }
    }
    let mut ties: Vec<Tie> = ties.into_values().collect();
    ties.sort_unstable_by_key(|tie| tie.owner);
    ties.into()
}
