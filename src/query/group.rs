//! Several owners taken as one.

use super::control::{Certainty, ControlGraph, Threshold};
use super::owners::share_at;
use super::region::Region;
use super::{PercentRange, members, one_day};
use crate::error::{Error, Result};
use crate::graph::{Entity, NodeId, View};
use crate::model::ShareRange;
use serde::Serialize;

/// What several owners together have of an entity.
#[derive(Debug, Clone, Serialize)]
pub struct GroupShare<'g> {
    /// The owners.
    pub members: Vec<Entity<'g>>,
    /// What they hold themselves, as stated; absent where none holds anything itself.
    pub direct: Option<ShareRange>,
    /// Their joint effective share: the chance that a walk up from the entity meets any of them. Never more than the sum of
    /// their single shares, and less where one of them stands above another.
    pub effective: PercentRange,
    /// Whether they control it together.
    pub control: Certainty,
}

impl<'g> View<'g> {
    /// What `group` together has of `subject`.
    pub fn group_share(self, group: &[NodeId], subject: NodeId) -> Result<GroupShare<'g>> {
        one_day(self)?;
        if group.contains(&subject) {
            let id = self.graph().entity(subject).id();
            return Err(Error::usage(format!("{id} cannot stand in the group whose share of it is asked about")));
        }
        let group = &members(group)?;
        let region = Region::above(self, subject);
        let locals: Vec<u32> = group.iter().filter_map(|&member| region.local(member)).collect();
        let effective = if locals.is_empty() { PercentRange::default() } else { share_at(&region, &locals, subject)? };
        let holders = region.local(subject).map_or_else(Vec::new, |local| region.column(local).holders);
        let direct = holders.iter().filter(|holder| group.contains(&holder.owner)).map(|holder| holder.stated);
        let mut control = ControlGraph::new(self, Threshold::default());
        let control = if control.controls(group, subject, Certainty::Certain) {
            Certainty::Certain
        } else if control.controls(group, subject, Certainty::Possible) {
            Certainty::Possible
        } else {
            Certainty::None
        };
        let entities = group.iter().map(|&member| self.graph().entity(member)).collect();
        Ok(GroupShare { members: entities, direct: direct.reduce(ShareRange::plus), effective, control })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Loader;

    #[test]
    fn who_stands_above_another_member_adds_nothing_through_it() {
        let mut loader = Loader::new();
        let rows = "owner,owned,share\nA,B,50\nB,T,40\nA,T,20\nC,T,10\n";
        loader.read_text("edges.csv", rows).expect("edges");
        let graph = loader.finish().expect("graph");
        let view = graph.view("2026-01-01".parse().expect("day"));
        let node = |id: &str| graph.node_by_id(id).expect("an entity");
        let share = |group: &[&str]| {
            let group: Vec<NodeId> = group.iter().map(|id| node(id)).collect();
            view.group_share(&group, node("T")).expect("an answer")
        };
        assert_eq!(share(&["A"]).effective.min, 40.0);
        let both = share(&["A", "B"]);
        assert_eq!((both.effective.min, both.effective.max, both.control), (60.0, 60.0, Certainty::Certain));
        assert_eq!(share(&["A", "C"]).control, Certainty::None);
        assert!(view.group_share(&[node("T")], node("T")).is_err());
        assert!(view.group_share(&[], node("T")).is_err() && view.controlled_by(&[], Threshold::default()).is_err());
        assert!(view.holdings_of(&[], Default::default()).is_err());
        // Who is named twice holds once.
        let twice = share(&["B", "B"]);
        assert_eq!((twice.control, twice.effective.min, twice.members.len()), (Certainty::None, 40.0, 1));
        let controlled = view.controlled_by(&[node("B"), node("B")], Threshold::default()).expect("an answer");
        assert_eq!(controlled.controlled.len(), 0);
        let held = view.holdings_of(&[node("B"), node("B")], Default::default()).expect("an answer").holdings;
        assert_eq!(held[0].direct.map(|share| share.to_string()).as_deref(), Some("40 %"));
    }
}
