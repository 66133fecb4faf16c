//! Judges the candidates of one subject, test by test.

use super::{BeneficialOwners, Candidate, Finding, OwnerRow, overall, row};
use crate::error::Result;
use crate::graph::{Entity, NodeId, View};
use crate::model::{EntityKind, InterestKind, Layer, Share};
use crate::query::cascade::{Cascade, Joining};
use crate::query::control::{Certainty, ControlGraph, Threshold};
use crate::query::controllers::{Because, because};
use crate::query::integrated::Integrated;
use crate::query::owners::controllers;
use crate::query::region::Region;
use crate::query::rules::{Limit, Measure, Test};
use crate::query::verdict::{SettledBy, Verdict, settled_by, strongest_chain};
use crate::query::{NodeMap, NodeSet};
use crate::query::{PercentRange, paths};
use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

/// In what capacity a party is a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Capacity {
    /// It is one.
    Certain,
    /// It may be one: nothing says whether it is a natural person, or a registrable company.
    Possible,
}

/// What it takes to judge the candidates of one subject.
pub(super) struct Judge<'g, 't> {
    view: View<'g>,
    subject: NodeId,
    tests: &'t [Test],
    regions: Vec<(Layer, Region<'g>)>,
    control: ControlGraph<'g>,
    /// Who controls the subject.
    controllers: NodeMap<Certainty>,
    /// The effective shares of the owners of the entities that were asked for.
    shares: NodeMap<NodeMap<PercentRange>, (NodeId, Layer)>,
    /// Holdings as they are, or as the bands state them where the rule attributes.
    cascade: Cascade<'g>,
    above: Vec<NodeId>,
    attributes: bool,
}

const VOTES: &[Layer] = &[Layer::Votes];

impl<'g, 't> Judge<'g, 't> {
    pub(super) fn new(view: View<'g>, subject: NodeId, tests: &'t [Test]) -> Result<Self> {
        let attributes = tests.iter().any(|test| test.measure == Measure::Attributed);
        let threshold = tests
            .iter()
            .find(|test| matches!(test.measure, Measure::Control | Measure::Right))
            .map_or(Threshold::default(), |test| test.limit.threshold());
        let mut control = ControlGraph::new(view, threshold);
        let joining = Joining { layers: VOTES, threshold, rights: true, as_stated: attributes };
        let layers = [Layer::Capital, Layer::Votes];
        let regions = layers.map(|layer| (layer, Region::above(view.layer(layer), subject))).into();
        let above = control.above(subject);
        let controllers = controllers(&mut control, subject)?;
        let cascade = Cascade::new(view, joining);
        let shares = NodeMap::default();
        Ok(Self { view, subject, tests, regions, control, controllers, shares, cascade, above, attributes })
    }

    pub(super) fn warnings(&mut self) -> Vec<String> {
        let mut over: BTreeSet<NodeId> = BTreeSet::new();
        for (_, region) in &self.regions {
            let locals = (0..region.len() as u32).filter(|&local| region.is_over_subscribed(local));
            over.extend(locals.map(|local| region.node(local)));
        }
        over.into_iter().map(|node| format!("over-subscribed: {}", self.view.graph().entity(node).id())).collect()
    }

    /// Everybody above the subject, and who holds an office that counts.
    pub(super) fn parties(&self) -> Vec<NodeId> {
        let mut parties: BTreeSet<NodeId> = self.above.iter().copied().collect();
        for (_, region) in &self.regions {
            parties.extend((0..region.len() as u32).map(|local| region.node(local)));
        }
        for test in self.tests {
            if let Measure::Office(roles) | Measure::OfficeIfNobody(roles) = test.measure {
                parties.extend(self.officers(roles).map(|(owner, _)| owner));
            }
        }
        parties.remove(&self.subject);
        parties.into_iter().collect()
    }

    fn officers(&self, roles: &'static [InterestKind]) -> impl Iterator<Item = (NodeId, Certainty)> + use<'g> {
        let offices = self.view.interests_in(self.subject).filter(|(_, interest, _)| roles.contains(&interest.kind()));
        offices.map(|(_, interest, presence)| {
            let possible = View::is_only_possible(interest, presence);
            (interest.owner(), if possible { Certainty::Possible } else { Certainty::Certain })
        })
    }

    /// Natural persons are candidates; for the UK register also states, and companies that keep such a register.
    pub(super) fn capacity(&self, entity: Entity<'_>) -> Option<Capacity> {
        match entity.kind() {
            EntityKind::Person => Some(Capacity::Certain),
            EntityKind::Unknown => Some(Capacity::Possible),
            EntityKind::State | EntityKind::StateBody if self.attributes => Some(Capacity::Certain),
            EntityKind::Company if self.attributes => match entity.jurisdiction() {
                Some(code) if code == "GB" || code.starts_with("GB-") => Some(Capacity::Certain),
                Some(_) => None,
                None => Some(Capacity::Possible),
            },
            _ => None,
        }
    }

    pub(super) fn candidate(&mut self, entity: Entity<'g>, capacity: Capacity) -> Result<Candidate<'g>> {
        let mut findings = Vec::new();
        for test in self.tests {
            let Some(mut finding) = self.finding(entity.node(), test)? else {
                continue;
            };
            if capacity == Capacity::Possible && finding.verdict == Verdict::Met {
                finding.verdict = Verdict::CannotTell;
                let subject = self.view.graph().entity(self.subject);
                let note = match entity.kind() {
                    EntityKind::Unknown => "who the party is",
                    _ => "whether it keeps such a register itself: its jurisdiction is not stated",
                };
                finding.settled_by = Some(SettledBy { note: Some(note), ..SettledBy::link(entity, subject, None) });
            }
            findings.push(finding);
        }
        let verdict = overall(&findings);
        Ok(Candidate { entity, verdict, tests: findings })
    }

    /// A party that would qualify, is no candidate, and has nobody stated above it.
    pub(super) fn unresolved(&mut self, entity: Entity<'g>) -> Result<Vec<OwnerRow<'g>>> {
        let node = entity.node();
        let has_owner = self
            .regions
            .iter()
            .any(|(_, region)| region.local(node).is_some_and(|local| !region.owners(local).is_empty()))
            || self.control.above(node).len() > 1;
        if has_owner {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        for test in self.tests {
            let finding = self.finding(node, test)?.filter(|finding| finding.verdict > Verdict::NotMet);
            rows.extend(finding.map(|finding| row(entity, finding, Certainty::Possible)));
        }
        Ok(rows)
    }

    /// One test of one candidate; none for offices that somebody does not hold.
    fn finding(&mut self, party: NodeId, test: &Test) -> Result<Option<Finding<'g>>> {
        let (share, verdict, because, settled_by) = match test.measure {
            Measure::Effective => self.effective(party, test)?,
            Measure::InController => self.in_controller(party, test)?,
            Measure::HeldByControlled => self.held_by_controlled(party, test),
            Measure::Attributed => self.attributed(party, test),
            Measure::Control => self.controls(party),
            Measure::Right => self.right(party),
            Measure::Office(roles) => match self.officers(roles).find(|&(owner, _)| owner == party) {
                Some((_, certainty)) => (PercentRange::default(), of_certainty(certainty), Vec::new(), None),
                None => return Ok(None),
            },
            Measure::OfficeIfNobody(_) | Measure::Holdings | Measure::Consolidation => return Ok(None),
        };
        let settled_by = settled_by.filter(|_| verdict == Verdict::CannotTell);
        Ok(Some(Finding {
            measure: test.measure.as_str(),
            article: test.article,
            threshold: test.limit,
            share,
            verdict,
            settled_by,
            because,
        }))
    }

    /// The effective share, the larger layer at each end.
    fn effective(&mut self, party: NodeId, test: &Test) -> Result<Judged<'g>> {
        let share = self.share_in(party, self.subject, test.layers)?;
        let verdict = Verdict::of(&share, test.limit);
        if verdict == Verdict::NotMet {
            return Ok((share, verdict, Vec::new(), None));
        }
        let layer = self.larger_layer(party, test.layers)?;
        let (chain, only) = strongest_chain(self.view.layer(layer), party, self.subject)?;
        let settled = chain.as_ref().and_then(|chain| settled_by(chain, only, test.limit));
        let steps = chain.map_or(Vec::new(), |chain| self.steps(&chain, layer));
        Ok((share, verdict, steps, settled))
    }

    /// The steps of a chain as reasons.
    fn steps(&mut self, chain: &paths::Path<'g>, layer: Layer) -> Vec<Because<'g>> {
        let pairs = chain.entities.windows(2).map(|pair| (pair[0].node(), pair[1].node()));
        pairs.map(|(owner, owned)| self.cascade.holding(owner, owned, layer)).collect()
    }

    /// The layer in which the party's effective share in the subject is larger.
    fn larger_layer(&mut self, party: NodeId, layers: &[Layer]) -> Result<Layer> {
        let mut best = (layers[0], -1.0);
        for &layer in layers {
            let share = self.share_in(party, self.subject, &[layer])?;
            if share.min + share.max > best.1 {
                best = (layer, share.min + share.max);
            }
        }
        Ok(best.0)
    }

    /// The effective share of a party in an entity, the larger layer at each end.
    fn share_in(&mut self, party: NodeId, entity: NodeId, layers: &[Layer]) -> Result<PercentRange> {
        let mut larger = PercentRange::default();
        for &layer in layers {
            let share = self.shares_in(entity, layer)?.get(&party).copied().unwrap_or_default();
            larger = larger.larger(share);
        }
        Ok(larger)
    }

    /// The effective shares of all owners of an entity in a layer; found once.
    fn shares_in(&mut self, entity: NodeId, layer: Layer) -> Result<&NodeMap<PercentRange>> {
        match self.shares.entry((entity, layer)) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(vacant) => {
                let mut integrated = Integrated::new(Region::above(self.view.layer(layer), entity));
                let shares = match integrated.region().local(entity) {
                    Some(local) => integrated.owners_of(local)?,
                    None => Vec::new(),
                };
                let region = integrated.region();
                Ok(vacant.insert(shares.into_iter().map(|(owner, share)| (region.node(owner), share)).collect()))
            }
        }
    }

    /// The effective share in whichever controller of the subject serves best.
    fn in_controller(&mut self, party: NodeId, test: &Test) -> Result<Judged<'g>> {
        let mut best: Judged<'g> = (PercentRange::default(), Verdict::NotMet, Vec::new(), None);
        let mut known: Vec<(NodeId, Certainty)> = self.controllers.iter().map(|(&node, &how)| (node, how)).collect();
        known.sort_unstable_by_key(|&(node, _)| node);
        for (controller, how) in known.into_iter().filter(|&(node, _)| node != party) {
            let share = self.share_in(party, controller, test.layers)?;
            let verdict = Verdict::of(&share, test.limit).min(of_certainty(how));
            if (verdict, share.min, share.max) <= (best.1, best.0.min, best.0.max) {
                continue;
            }
            let (mut steps, mut settled) = (Vec::new(), None);
            if verdict > Verdict::NotMet {
                let (chain, only) = strongest_chain(self.view, party, controller)?;
                settled = chain.as_ref().and_then(|chain| settled_by(chain, only, test.limit));
                steps = chain.map_or(Vec::new(), |chain| self.steps(&chain, self.view.current_layer()));
                let closure = self.control.closure(&[controller], how);
                let proof = because(&mut self.control, &[controller], &closure, self.subject);
                settled = settled.or_else(|| first_uncertain(&proof));
                steps.extend(proof);
            }
            best = (share, verdict, steps, settled);
        }
        Ok(best)
    }

    /// Control of the subject, with the votes that the party and what it controls hold in it.
    fn controls(&mut self, party: NodeId) -> Judged<'g> {
        let how = self.controllers.get(&party).copied().unwrap_or(Certainty::None);
        let (sure, maybe) = self.controlled(party, true);
        let share = self.cascade.aggregate(self.subject, VOTES, &sure, &maybe);
        if how == Certainty::None {
            return (share, Verdict::NotMet, Vec::new(), None);
        }
        let closure = self.control.closure(&[party], how);
        let steps = because(&mut self.control, &[party], &closure, self.subject);
        let settled = first_uncertain(&steps);
        (share, of_certainty(how), steps, settled)
    }

    /// The party, and what it certainly and at least possibly controls, without the subject.
    fn controlled(&mut self, party: NodeId, itself: bool) -> (NodeSet, NodeSet) {
        let [sure, maybe] = [Certainty::Certain, Certainty::Possible].map(|wanted| {
            let closure = self.control.closure(&[party], wanted);
            let own = itself.then_some(party);
            let all = closure.iter().map(|entry| entry.node).chain(own);
            all.filter(|&node| node != self.subject).collect()
        });
        (sure, maybe)
    }

    /// What the entities that the party controls hold of the subject.
    fn held_by_controlled(&mut self, party: NodeId, test: &Test) -> Judged<'g> {
        let (sure, maybe) = self.controlled(party, false);
        let share = self.cascade.aggregate(self.subject, test.layers, &sure, &maybe);
        let verdict = Verdict::of(&share, test.limit);
        if verdict == Verdict::NotMet {
            return (share, verdict, Vec::new(), None);
        }
        let wanted = if verdict == Verdict::Met { Certainty::Certain } else { Certainty::Possible };
        let closure = self.control.closure(&[party], wanted);
        let holders = if verdict == Verdict::Met { &sure } else { &maybe };
        let holdings = self.holdings(holders, test.layers);
        let mut steps = Vec::new();
        for holder in holdings.iter().map(|step| step.owner.node()) {
            for step in because(&mut self.control, &[party], &closure, holder) {
                if !steps.iter().any(|known: &Because<'_>| {
                    (known.owner.node(), known.owned.node()) == (step.owner.node(), step.owned.node())
                }) {
                    steps.push(step);
                }
            }
        }
        steps.extend(holdings);
        let settled = first_uncertain(&steps);
        (share, verdict, steps, settled)
    }

    /// The direct holdings of a set in the subject.
    fn holdings(&mut self, holders: &NodeSet, layers: &[Layer]) -> Vec<Because<'g>> {
        for &layer in layers {
            let column = self.cascade.column(self.subject, layer);
            let held: Vec<NodeId> =
                column.holders.iter().map(|holder| holder.owner).filter(|owner| holders.contains(owner)).collect();
            if !held.is_empty() {
                return held.into_iter().map(|owner| self.cascade.holding(owner, self.subject, layer)).collect();
            }
        }
        Vec::new()
    }

    /// The party and everything in which it has a majority stake, certainly and at least possibly, without the subject.
    fn stakes(&mut self, party: NodeId, without: &NodeSet) -> (NodeSet, NodeSet) {
        let [sure, maybe] = [Certainty::Certain, Certainty::Possible].map(|wanted| {
            let closure = self.cascade.closure_without(&[party], wanted, without);
            let all = closure.iter().map(|entry| entry.node).chain([party]);
            all.filter(|&node| node != self.subject).collect()
        });
        (sure, maybe)
    }

    /// What the party holds directly, and what everything in which it has a majority stake holds directly, each in full.
    fn attributed(&mut self, party: NodeId, test: &Test) -> Judged<'g> {
        let (sure, maybe) = self.stakes(party, &NodeSet::default());
        let mut share = self.cascade.aggregate(self.subject, test.layers, &sure, &maybe);
        for &layer in test.layers {
            let floors = &self.cascade.column(self.subject, layer).floors;
            for floor in floors.iter().filter(|floor| floor.owner == party) {
                share = share.larger(PercentRange::from(floor.stated));
            }
        }
        let verdict = Verdict::of(&share, test.limit);
        if verdict == Verdict::NotMet {
            return (share, verdict, Vec::new(), None);
        }
        let (wanted, holders) =
            if verdict == Verdict::Met { (Certainty::Certain, &sure) } else { (Certainty::Possible, &maybe) };
        let closure = self.cascade.closure(&[party], wanted);
        let holdings = self.holdings(holders, test.layers);
        let mut steps = Vec::new();
        for holder in holdings.iter().map(|step| step.owner.node()) {
            steps.extend(self.cascade.because(&[party], &closure, holder));
        }
        steps.extend(holdings);
        let settled = first_uncertain(&steps);
        (share, verdict, steps, settled)
    }

    /// A right in the subject that gives control without a share, held by the party or by what it has a majority stake in.
    fn right(&mut self, party: NodeId) -> Judged<'g> {
        let (sure, maybe) = self.stakes(party, &NodeSet::default());
        let mut best: Judged<'g> = (PercentRange::default(), Verdict::NotMet, Vec::new(), None);
        for (owner, certainty, edge) in self.cascade.rights(self.subject) {
            let verdict = match certainty {
                Certainty::Certain if sure.contains(&owner) => Verdict::Met,
                _ if maybe.contains(&owner) => Verdict::CannotTell,
                _ => Verdict::NotMet,
            };
            if verdict > best.1 {
                let kind = self.view.graph().interest(edge).kind().as_str();
                let step = Because::new(self.view, owner, self.subject, kind, None, &[edge]);
                let settled = SettledBy::link(step.owner, step.owned, None);
                best = (PercentRange::default(), verdict, vec![step], Some(settled));
            }
        }
        best
    }

    /// Offices that count only where nobody meets another test.
    pub(super) fn fallback(&self, candidates: &mut [Candidate<'g>]) {
        let Some((test, roles)) = self.tests.iter().find_map(|test| match test.measure {
            Measure::OfficeIfNobody(roles) => Some((test, roles)),
            _ => None,
        }) else {
            return;
        };
        let others = candidates.iter().map(|candidate| candidate.verdict).max().unwrap_or(Verdict::NotMet);
        let reached = match others {
            Verdict::Met => return,
            Verdict::CannotTell => Certainty::Possible,
            Verdict::NotMet => Certainty::Certain,
        };
        for (owner, certainty) in self.officers(roles) {
            let Some(candidate) = candidates.iter_mut().find(|candidate| candidate.entity.node() == owner) else {
                continue;
            };
            candidate.tests.push(Finding {
                measure: test.measure.as_str(),
                article: test.article,
                threshold: Limit { share: Share::ZERO, or_more: true },
                share: PercentRange::default(),
                verdict: of_certainty(certainty.min(reached)),
                settled_by: None,
                because: Vec::new(),
            });
            candidate.verdict = overall(&candidate.tests);
        }
    }

    /// The rows of what is met, and for the UK register who is to be entered.
    pub(super) fn registrable(&mut self, answer: &mut BeneficialOwners<'g>) {
        let is_company = |candidate: &&Candidate<'_>| candidate.entity.kind() == EntityKind::Company;
        let met = answer.candidates.iter().filter(is_company).filter(|candidate| candidate.verdict == Verdict::Met);
        let companies: NodeSet = met.map(|candidate| candidate.entity.node()).collect();
        for candidate in &answer.candidates {
            let open = candidate.tests.iter().filter(|finding| finding.verdict > Verdict::NotMet);
            let mut rows: Vec<OwnerRow<'g>> =
                open.map(|finding| row(candidate.entity, finding.clone(), Certainty::Certain)).collect();
            if self.attributes && !rows.is_empty() {
                let registrable = self.reaches_without(candidate.entity.node(), &companies);
                rows.iter_mut().for_each(|row| row.registrable = Some(registrable));
            }
            answer.owners.extend(rows);
        }
        answer.owners.sort_by(|a, b| {
            b.status.cmp(&a.status).then(b.share.min.total_cmp(&a.share.min)).then(a.entity.id().cmp(b.entity.id()))
        });
    }

    /// Whether a party has anything in the subject otherwise than through registrable companies.
    fn reaches_without(&mut self, party: NodeId, companies: &NodeSet) -> bool {
        let mut others = companies.clone();
        others.remove(&party);
        let (_, maybe) = self.stakes(party, &others);
        let held = self.cascade.aggregate(self.subject, &[Layer::Capital, Layer::Votes], &NodeSet::default(), &maybe);
        held.max > 0.0 || self.cascade.rights(self.subject).iter().any(|(owner, _, _)| maybe.contains(owner))
    }
}

/// Share, verdict, reasons, what would settle it.
type Judged<'g> = (PercentRange, Verdict, Vec<Because<'g>>, Option<SettledBy<'g>>);

fn of_certainty(certainty: Certainty) -> Verdict {
    match certainty {
        Certainty::None => Verdict::NotMet,
        Certainty::Possible => Verdict::CannotTell,
        Certainty::Certain => Verdict::Met,
    }
}

/// The first step that is not certain: a share that is not exact, or a right whose weight is not known.
fn first_uncertain<'g>(steps: &[Because<'g>]) -> Option<SettledBy<'g>> {
    let of = |step: &Because<'g>| SettledBy::link(step.owner, step.owned, step.share);
    let unknown = steps.iter().find(|step| step.share.is_none_or(|share| share.is_unknown()));
    let inexact = || steps.iter().find(|step| step.share.is_some_and(|share| !share.is_exact()));
    unknown.or_else(inexact).map(of)
}
