//! A whole view as arrays, for many questions in a row.
//!
//! [`View::owners_of`](crate::graph::View) gathers what one question needs and forgets it. A [`ViewMatrix`] gathers the
//! whole view once, in one linear pass, and answers thousands of questions from it.

use super::PercentRange;
use super::control::{Certainty, Threshold};
use super::control_forest::ControlForest;
use super::forest;
use super::integrated::Integrated;
use super::reach::Reach;
use super::region::Region;
use super::votes::VoteMatrix;
use crate::error::Result;
use crate::graph::{NodeId, View, scc};

/// The whole view in one layer, prepared for many questions.
///
/// ```
/// use cuibono::load::Loader;
/// use cuibono::query::matrix::ViewMatrix;
/// let mut loader = Loader::new();
/// loader.read_text("edges.csv", "owner,owned,share\nAnn,Hold,60\nHold,Acme,50\n")?;
/// let graph = loader.finish()?;
/// let mut matrix = ViewMatrix::new(graph.view("2024-01-01".parse().expect("a date")));
/// let acme = graph.node_by_id("Acme").expect("read above");
/// let owners = matrix.effective_owners(acme)?;
/// let ann = graph.node_by_id("Ann").expect("read above");
/// assert!(owners.iter().any(|(owner, share)| *owner == ann && share.min == 30.0));
/// # Ok::<(), cuibono::error::Error>(())
/// ```
pub struct ViewMatrix<'g> {
    integrated: Integrated<'g>,
    marked: Vec<bool>,
}

impl<'g> ViewMatrix<'g> {
    /// Gathers the whole view; linear in its interests.
    pub fn new(view: View<'g>) -> Self {
        Self::of(Region::whole(view))
    }

    /// The same, where the order in which shares are added up is decided by the order of the entities alone. From a part of
    /// the data that holds everybody above an entity, its shares are then the same to the last digit.
    pub fn in_order(view: View<'g>) -> Self {
        Self::of(Region::whole(view).in_order())
    }

    fn of(region: Region<'g>) -> Self {
        let marked = vec![false; region.len()];
        Self { integrated: Integrated::new(region), marked }
    }

    /// The effective share of every owner of `subject` whose share can be more than nothing, exact at both ends.
    pub fn effective_owners(&mut self, subject: NodeId) -> Result<Vec<(NodeId, PercentRange)>> {
        let shares = self.integrated.owners_of(subject.0)?;
        Ok(shares.into_iter().map(|(owner, share)| (NodeId(owner), share)).collect())
    }

    /// Calls for every pair of an owner and what it holds whose effective share can reach `min_share` (in percent), what
    /// is owned in the order of the graph. The shares are exact at both ends; the work is that of one question for each
    /// entity.
    pub fn effective_pairs(&mut self, min_share: f64, call: impl FnMut(NodeId, NodeId, PercentRange)) -> Result<()> {
        self.effective_pairs_in(|_| true, min_share, call)
    }

    /// The same for what is owned among some entities only.
    pub fn effective_pairs_in(
        &mut self,
        among: impl Fn(NodeId) -> bool,
        min_share: f64,
        mut call: impl FnMut(NodeId, NodeId, PercentRange),
    ) -> Result<()> {
        for owned in (0..self.marked.len() as u32).map(NodeId).filter(|&node| among(node)) {
            if self.integrated.region().owners(owned.0).is_empty() && self.integrated.region().floors().is_empty() {
                continue;
            }
            let mut owners = self.effective_owners(owned)?;
            owners.retain(|(_, share)| share.max > 0.0 && share.max >= min_share);
            owners.sort_by_key(|(owner, _)| *owner);
            owners.into_iter().for_each(|(owner, share)| call(owner, owned, share));
        }
        Ok(())
    }

    /// Everybody from whom a chain of shares leads to `subject`, nearest first, without the subject itself.
    pub fn owners_above(&mut self, subject: NodeId) -> Vec<NodeId> {
        let region = self.integrated.region();
        let mut found = vec![subject.0];
        self.marked[subject.index()] = true;
        let mut next = 0;
        while next < found.len() {
            for &owner in region.owners(found[next]) {
                if !std::mem::replace(&mut self.marked[owner as usize], true) {
                    found.push(owner);
                }
            }
            next += 1;
        }
        found.iter().for_each(|&entity| self.marked[entity as usize] = false);
        found.into_iter().skip(1).map(NodeId).collect()
    }

    /// The members of every circular group: entities that own one another, and those that hold themselves.
    pub fn circular_groups(&self) -> Vec<Vec<NodeId>> {
        let region = self.integrated.region();
        let groups = scc::circular_components(region.len(), |entity| region.owners(entity));
        groups.iter().map(|members| members.iter().copied().map(NodeId).collect()).collect()
    }
}

/// Control in a whole view, prepared for many questions.
pub struct ControlMatrix {
    reach: Reach,
}

impl ControlMatrix {
    /// Gathers the votes and rights of the whole view; linear in its interests.
    pub fn new(view: View<'_>, threshold: Threshold) -> Self {
        Self { reach: Reach::new(VoteMatrix::new(view, threshold)) }
    }

    /// Everything that `controller` controls, certainly or at least possibly, by votes and by rights.
    pub fn controlled_by(&mut self, controller: NodeId, wanted: Certainty) -> Vec<NodeId> {
        self.reach.closure(controller.0, wanted).into_iter().map(NodeId).collect()
    }

    /// For each entity the root of its certain controllers, itself where nobody controls it. `None` where control is no
    /// forest in this view: another threshold than a strict half, rights without a share, over-subscribed or complete
    /// columns.
    pub fn controlling_roots(&self) -> Option<Vec<NodeId>> {
        let votes = self.reach.votes();
        votes.is_forest().then(|| forest::roots(votes).into_iter().map(NodeId).collect())
    }

    /// Certain control between all pairs, in an index of linear size that answers in constant time. `None` where control
    /// is no forest in this view, as for [`ControlMatrix::controlling_roots`].
    ///
    /// ```
    /// use cuibono::load::Loader;
    /// use cuibono::query::{control::Threshold, matrix::ControlMatrix};
    /// let mut loader = Loader::new();
    /// loader.read_text("edges.csv", "owner,owned,share\nAnn,Hold,60\nHold,Acme,51\n")?;
    /// let graph = loader.finish()?;
    /// let mut matrix = ControlMatrix::new(graph.view("2024-01-01".parse().expect("a date")), Threshold::default());
    /// let forest = matrix.forest().expect("votes alone decide here");
    /// let node = |id| graph.node_by_id(id).expect("read above");
    /// assert!(forest.controls(node("Ann"), node("Acme")));
    /// assert_eq!(forest.immediate_controller(node("Acme")), Some(node("Hold")));
    /// # Ok::<(), cuibono::error::Error>(())
    /// ```
    pub fn forest(&mut self) -> Option<ControlForest> {
        self.reach.votes().is_forest().then(|| ControlForest::of(&mut self.reach))
    }
}
