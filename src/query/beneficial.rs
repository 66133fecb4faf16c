//! Who is a beneficial owner of an entity under a rule of law.
//!
//! A rule is a row of tests ([`rules`](super::rules)); each test of each candidate is judged in three values: met with all
//! shares that the sources allow, with some, or with none. Test by test the bounds are exact; where a rule joins two
//! questions (a share *in an entity that controls* the subject), "cannot tell" may include cases that no single world
//! realises, never the other way round.

use super::cascade::{Cascade, Joining};
use super::control::{Certainty, ControlGraph, Threshold};
use super::controllers::{Because, because};
use super::integrated::Integrated;
use super::owners::controllers;
use super::region::Region;
use super::rules::{Limit, Measure, Rule, Test, Version};
use super::verdict::{SettledBy, Verdict, settled_by, strongest_chain};
use super::{PercentRange, one_day};
use crate::error::Result;
use crate::graph::{Entity, NodeId, View};
use crate::model::{AsOf, EntityKind, InterestKind, Layer, Share};
use serde::Serialize;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The answer to "who is a beneficial owner of X?".
#[derive(Debug, Clone, Serialize)]
pub struct BeneficialOwners<'g> {
    /// The entity asked about.
    pub subject: Entity<'g>,
    /// The rule.
    pub rule: &'static str,
    /// The text of it that was used.
    pub version: Version,
    /// The day.
    pub as_of: AsOf,
    /// One row for each candidate and test that is met, or may be; certain ones first.
    pub owners: Vec<OwnerRow<'g>>,
    /// Every candidate with its verdict.
    pub candidates: Vec<Candidate<'g>>,
    /// Parties that would qualify but are no natural persons and have no stated owner: somebody stands behind them.
    pub unresolved: Vec<OwnerRow<'g>>,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// A test that a candidate meets, or may meet.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerRow<'g> {
    /// The candidate.
    pub entity: Entity<'g>,
    /// What is measured.
    pub measure: &'static str,
    /// Article or paragraph.
    pub article: &'static str,
    /// How much it takes.
    pub threshold: Limit,
    /// The share that was measured, in percent; for control the votes that the candidate and what it controls hold.
    pub share: PercentRange,
    /// How sure it is that the test is met.
    pub status: Certainty,
    /// Whether the party is to be entered in the register itself (`uk-psc`): not where a registrable company stands between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registrable: Option<bool>,
    /// The steps that show it.
    pub because: Vec<Because<'g>>,
}

/// A party that may be a beneficial owner.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate<'g> {
    /// The party.
    pub entity: Entity<'g>,
    /// Whether it meets any of the tests.
    pub verdict: Verdict,
    /// Test by test.
    pub tests: Vec<Finding<'g>>,
}

/// The verdict of one test.
#[derive(Debug, Clone, Serialize)]
pub struct Finding<'g> {
    /// What is measured.
    pub measure: &'static str,
    /// Article or paragraph.
    pub article: &'static str,
    /// How much it takes.
    pub threshold: Limit,
    /// The share that was measured, in percent.
    pub share: PercentRange,
    /// Whether it is met.
    pub verdict: Verdict,
    /// What would settle it, where it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<SettledBy<'g>>,
    #[serde(skip)]
    because: Vec<Because<'g>>,
}

impl<'g> View<'g> {
    /// Who is a beneficial owner of `subject` under `rule`; `ownership` replaces the rule's threshold of ownership.
    pub fn beneficial_owners_of(
        self,
        subject: NodeId,
        rule: &'static Rule,
        ownership: Option<Limit>,
    ) -> Result<BeneficialOwners<'g>> {
        one_day(self)?;
        let (version, caution) = rule.on(self.as_of());
        let tests: Vec<Test> = version.tests.iter().map(|test| with_limit(*test, ownership)).collect();
        let mut judge = Judge::new(self, subject, &tests)?;
        let mut answer = BeneficialOwners {
            subject: self.graph().entity(subject),
            rule: rule.id,
            version: *version,
            as_of: self.as_of(),
            owners: Vec::new(),
            candidates: Vec::new(),
            unresolved: Vec::new(),
            warnings: caution.into_iter().collect(),
        };
        answer.warnings.extend(judge.warnings());
        for party in judge.parties() {
            let entity = self.graph().entity(party);
            let Some(capacity) = judge.capacity(entity) else {
                answer.unresolved.extend(judge.unresolved(entity)?);
                continue;
            };
            answer.candidates.push(judge.candidate(entity, capacity)?);
        }
        judge.fallback(&mut answer.candidates);
        judge.registrable(&mut answer);
        answer.candidates.sort_by(|a, b| b.verdict.cmp(&a.verdict).then(a.entity.id().cmp(b.entity.id())));
        Ok(answer)
    }
}

/// A test of ownership with another threshold.
fn with_limit(test: Test, ownership: Option<Limit>) -> Test {
    let of_ownership = matches!(
        test.measure,
        Measure::Effective | Measure::Attributed | Measure::HeldByControlled | Measure::InController
    );
    Test { limit: ownership.filter(|_| of_ownership).unwrap_or(test.limit), ..test }
}

/// In what capacity a party is a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capacity {
    /// It is one.
    Certain,
    /// It may be one: nothing says whether it is a natural person, or a registrable company.
    Possible,
}

/// What it takes to judge the candidates of one subject.
struct Judge<'g, 't> {
    view: View<'g>,
    subject: NodeId,
    tests: &'t [Test],
    regions: Vec<(Layer, Region<'g>)>,
    control: ControlGraph<'g>,
    /// Who controls the subject.
    controllers: HashMap<NodeId, Certainty>,
    /// The effective shares of the owners of the entities that were asked for.
    shares: HashMap<(NodeId, Layer), HashMap<NodeId, PercentRange>>,
    /// Holdings as they are, or as the bands state them where the rule attributes.
    cascade: Cascade<'g>,
    above: Vec<NodeId>,
    attributes: bool,
}

const VOTES: &[Layer] = &[Layer::Votes];

impl<'g, 't> Judge<'g, 't> {
    fn new(view: View<'g>, subject: NodeId, tests: &'t [Test]) -> Result<Self> {
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
        let controllers = controllers(&mut control, subject);
        let cascade = Cascade::new(view, joining);
        let shares = HashMap::new();
        Ok(Self { view, subject, tests, regions, control, controllers, shares, cascade, above, attributes })
    }

    fn warnings(&mut self) -> Vec<String> {
        let mut over: BTreeSet<NodeId> = BTreeSet::new();
        for (_, region) in &self.regions {
            let locals = (0..region.len() as u32).filter(|&local| region.is_over_subscribed(local));
            over.extend(locals.map(|local| region.node(local)));
        }
        over.into_iter().map(|node| format!("over-subscribed: {}", self.view.graph().entity(node).id())).collect()
    }

    /// Everybody above the subject, and who holds an office that counts.
    fn parties(&self) -> Vec<NodeId> {
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
    fn capacity(&self, entity: Entity<'_>) -> Option<Capacity> {
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

    fn candidate(&mut self, entity: Entity<'g>, capacity: Capacity) -> Result<Candidate<'g>> {
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
    fn unresolved(&mut self, entity: Entity<'g>) -> Result<Vec<OwnerRow<'g>>> {
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
    fn steps(&mut self, chain: &super::paths::Path<'g>, layer: Layer) -> Vec<Because<'g>> {
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
    fn shares_in(&mut self, entity: NodeId, layer: Layer) -> Result<&HashMap<NodeId, PercentRange>> {
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
    fn controlled(&mut self, party: NodeId, itself: bool) -> (HashSet<NodeId>, HashSet<NodeId>) {
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
    fn holdings(&mut self, holders: &HashSet<NodeId>, layers: &[Layer]) -> Vec<Because<'g>> {
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
    fn stakes(&mut self, party: NodeId, without: &HashSet<NodeId>) -> (HashSet<NodeId>, HashSet<NodeId>) {
        let [sure, maybe] = [Certainty::Certain, Certainty::Possible].map(|wanted| {
            let closure = self.cascade.closure_without(&[party], wanted, without);
            let all = closure.iter().map(|entry| entry.node).chain([party]);
            all.filter(|&node| node != self.subject).collect()
        });
        (sure, maybe)
    }

    /// What the party holds directly, and what everything in which it has a majority stake holds directly, each in full.
    fn attributed(&mut self, party: NodeId, test: &Test) -> Judged<'g> {
        let (sure, maybe) = self.stakes(party, &HashSet::new());
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
        let (sure, maybe) = self.stakes(party, &HashSet::new());
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
    fn fallback(&self, candidates: &mut [Candidate<'g>]) {
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
    fn registrable(&mut self, answer: &mut BeneficialOwners<'g>) {
        let is_company = |candidate: &&Candidate<'_>| candidate.entity.kind() == EntityKind::Company;
        let met = answer.candidates.iter().filter(is_company).filter(|candidate| candidate.verdict == Verdict::Met);
        let companies: HashSet<NodeId> = met.map(|candidate| candidate.entity.node()).collect();
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
    fn reaches_without(&mut self, party: NodeId, companies: &HashSet<NodeId>) -> bool {
        let mut others = companies.clone();
        others.remove(&party);
        let (_, maybe) = self.stakes(party, &others);
        let held = self.cascade.aggregate(self.subject, &[Layer::Capital, Layer::Votes], &HashSet::new(), &maybe);
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

fn overall(findings: &[Finding<'_>]) -> Verdict {
    findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::NotMet)
}

/// A row, whose status is at most `most`.
fn row<'g>(entity: Entity<'g>, finding: Finding<'g>, most: Certainty) -> OwnerRow<'g> {
    let status = if finding.verdict == Verdict::Met { Certainty::Certain } else { Certainty::Possible };
    OwnerRow {
        entity,
        measure: finding.measure,
        article: finding.article,
        threshold: finding.threshold,
        share: finding.share,
        status: status.min(most),
        registrable: None,
        because: finding.because,
    }
}

/// The first step that is not certain: a share that is not exact, or a right whose weight is not known.
fn first_uncertain<'g>(steps: &[Because<'g>]) -> Option<SettledBy<'g>> {
    let of = |step: &Because<'g>| SettledBy::link(step.owner, step.owned, step.share);
    let unknown = steps.iter().find(|step| step.share.is_none_or(|share| share.is_unknown()));
    let inexact = || steps.iter().find(|step| step.share.is_some_and(|share| !share.is_exact()));
    unknown.or_else(inexact).map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::OwnershipGraph;
    use crate::load::Loader;
    use crate::query::rules::Decides;

    fn graph(rows: &str) -> OwnershipGraph {
        let mut loader = Loader::new();
        let header = "owner,owned,share,kind,owner_kind,owner_jurisdiction\n";
        loader.read_text("edges.csv", &format!("{header}{rows}")).expect("edges");
        loader.finish().expect("graph")
    }

    fn answer<'g>(graph: &'g OwnershipGraph, rule: &str) -> BeneficialOwners<'g> {
        let subject = graph.node_by_id("T").expect("T");
        let rule = Rule::find(rule, Decides::BeneficialOwner).expect("a rule");
        let view = graph.view("2028-01-01".parse().expect("day"));
        view.beneficial_owners_of(subject, rule, None).expect("an answer")
    }

    fn verdict(graph: &OwnershipGraph, rule: &str, party: &str) -> Verdict {
        let answer = answer(graph, rule);
        answer.candidates.iter().find(|candidate| candidate.entity.id() == party).map_or(Verdict::NotMet, |c| c.verdict)
    }

    fn articles(graph: &OwnershipGraph, party: &str) -> Vec<&'static str> {
        let answer = answer(graph, "eu-amlr");
        let rows = answer.owners.iter().filter(|row| row.entity.id() == party && row.status == Certainty::Certain);
        let mut articles: Vec<&str> = rows.map(|row| row.article).collect();
        articles.sort_unstable();
        articles
    }

    /// The matrix of the same graph under different laws.
    #[test]
    fn same_graph_different_law() {
        use Verdict::{Met, NotMet};
        let cases = [
            ("X,A,60,,person,\nA,T,30,,,\n", Met, vec!["art. 54(a)"]),
            ("X,A,50,,person,\nA,T,50,,,\n", NotMet, vec!["art. 52"]),
            ("X,A,40,,person,\nA,T,90,,,\n", NotMet, vec!["art. 52", "art. 54(b)"]),
            ("X,A,30,,person,\nA,T,60,,,\n", NotMet, vec!["art. 54(b)"]),
            ("X,T,25,,person,\nY,T,25,,person,\n", NotMet, vec!["art. 52"]),
        ];
        for (rows, psc, amlr) in cases {
            let graph = graph(rows);
            assert_eq!(verdict(&graph, "uk-psc", "X"), psc, "{rows}");
            assert_eq!(articles(&graph, "X"), amlr, "{rows}");
        }
    }

    #[test]
    fn the_register_attributes_in_full_and_multiplies_nothing() {
        let graph = graph("X,A,51,,person,GB\nA,T,30,,company,GB\n");
        let answer = answer(&graph, "uk-psc");
        let row = answer.owners.iter().find(|row| row.entity.id() == "X").expect("X");
        assert_eq!((row.share.min, row.share.max, row.status), (30.0, 30.0, Certainty::Certain));
        assert_eq!(row.registrable, Some(false), "the company between keeps a register itself");
        let company = answer.owners.iter().find(|row| row.entity.id() == "A").expect("A");
        assert_eq!((company.status, company.registrable), (Certainty::Certain, Some(true)));
    }

    #[test]
    fn joint_holders_count_whole_in_the_register() {
        let graph = graph("X,T,75-100,,person,\nY,T,75-100,,person,\n");
        assert_eq!(verdict(&graph, "uk-psc", "X"), Verdict::Met);
        assert_eq!(verdict(&graph, "uk-psc", "Y"), Verdict::Met);
    }

    #[test]
    fn an_unknown_share_is_named_with_the_figures_that_would_settle_it() {
        let graph = graph("X,A,,,person,\nA,T,40,,,\n");
        let answer = answer(&graph, "fincen");
        let candidate = &answer.candidates[0];
        assert_eq!(candidate.verdict, Verdict::CannotTell);
        let settled = candidate.tests[0].settled_by.as_ref().expect("what would settle it");
        assert_eq!((settled.owner.id(), settled.owned.id()), ("X", "A"));
        assert_eq!((settled.met_from, settled.not_met_below), (Some(62.5), Some(62.5)));
        assert_eq!((candidate.tests[0].share.min, candidate.tests[0].share.max), (0.0, 40.0));
    }

    #[test]
    fn only_natural_persons_qualify_and_what_ends_elsewhere_is_unresolved() {
        let graph = graph("Fund,T,60,,company,\nM,T,0,seniorManagingOfficial,person,\n");
        let amlr = answer(&graph, "eu-amlr");
        assert_eq!(amlr.unresolved[0].entity.id(), "Fund");
        assert_eq!(amlr.owners[0].entity.id(), "M", "the senior manager stands in where nobody qualifies");
        assert_eq!(verdict(&graph, "fincen", "M"), Verdict::Met);
    }
}
