//! The questions, each as far as possible on all workers at once.

use super::directory::Directory;
use super::engine::{Crew, Exchange, Message};
use super::gathered::{Gathered, Numbered, Numbers, Reach};
use super::links::{Links, may_hold};
use super::majorities::Majorities;
use super::part::Part;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{NodeId, View};
use crate::query::control::Threshold;
use crate::query::one_day;
use crate::query::rules::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A question about the whole graph, and who writes its rows.
pub enum Question {
    /// Who ultimately controls every entity.
    UltimateControllers(RowScribe),
    /// Whom a list blocks, by the ids of those who stand on it and the lines on which they stand.
    Screen(Vec<(usize, String)>, &'static Rule, Scribe),
    /// Entities that own one another in a circle.
    Circular(Scribe),
    /// Every pair of an owner and what it holds.
    EffectiveShares(Scribe),
}

/// Writes the rows about some entities of a view.
pub type Scribe = Arc<dyn Fn(View<'_>, &dyn Fn(NodeId) -> bool) -> Result<Vec<u8>> + Send + Sync>;

/// Writes rows of ultimate controllers.
pub type RowScribe = Arc<dyn Fn(&[UltimateRow]) -> Result<Vec<u8>> + Send + Sync>;

/// One ultimate controller of one entity, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UltimateRow {
    /// The controlled entity.
    pub entity: String,
    /// Its ultimate controller.
    pub controller: String,
    /// Whether the controller stands for a class of entities that control one another.
    pub mutual: bool,
}

/// The rows of one worker.
pub(super) fn answer(crew: &mut Crew<'_>, part: &Part, question: &Question) -> Result<Vec<u8>> {
    crew.agree(one_day(part.view()))?;
    let directory = Directory::gather(crew, part)?;
    match question {
        Question::UltimateControllers(scribe) => scribe(&ultimate(crew, part, &directory)?),
        Question::Screen(listed, rule, scribe) => screen(crew, (part, &directory), listed, rule, scribe),
        Question::Circular(scribe) => circular(crew, part, &directory, scribe),
        Question::EffectiveShares(scribe) => effective(crew, part, &directory, scribe),
    }
}

/// Whose class a root stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Label {
    id: String,
    mutual: bool,
}

impl Message for Label {
    fn bytes(&self) -> usize {
        9 + self.id.len()
    }
}

fn ultimate(crew: &mut Crew<'_>, part: &Part, directory: &Directory) -> Result<Vec<UltimateRow>> {
    let count = directory.parties.len();
    let found = Majorities::find(crew, part, count);
    let affected = affected(crew, part, &found.irregular);
    let mut rows = Vec::new();
    let mut labels = labels_of_rings(crew, directory, &found);
    let from_below: Vec<u64> = (0..count)
        .filter(|&slot| found.controlled_from_below[slot] && !affected[slot])
        .map(|slot| crew.number(slot))
        .collect();
    for (number, label) in ask(crew, part, directory, from_below)? {
        labels.insert(crew.slot(number), label);
    }
    let wanted = (0..count).filter(|&slot| !affected[slot]).map(|slot| found.root[slot]).collect();
    let answers = crew.look_up("labels", wanted, |slot| {
        let plain = || Label { id: directory.parties[slot].id.clone(), mutual: false };
        labels.get(&slot).cloned().unwrap_or_else(plain)
    });
    for slot in (0..count).filter(|&slot| !affected[slot]) {
        let label = &answers[&found.root[slot]];
        if found.root[slot] != crew.number(slot) || label.mutual {
            let (entity, controller) = (directory.parties[slot].id.clone(), label.id.clone());
            rows.push(UltimateRow { entity, controller, mutual: label.mutual });
        }
    }
    let numbers = (0..count).filter(|&slot| affected[slot]).map(|slot| crew.number(slot)).collect();
    for (number, Label { id, mutual }) in ask(crew, part, directory, numbers)? {
        rows.push(UltimateRow { entity: directory.parties[crew.slot(number)].id.clone(), controller: id, mutual });
    }
    Ok(rows)
}

/// The entities that stand below one where votes alone do not decide.
fn affected(crew: &mut Crew<'_>, part: &Part, irregular: &[bool]) -> Vec<bool> {
    if crew.sum(irregular.iter().filter(|&&is| is).count() as u64) == 0 {
        return irregular.to_vec();
    }
    let links = Links::gather(crew, part, irregular.len(), |_| true);
    links.below(crew, irregular.to_vec())
}

/// The classes of rings of single majorities, under the smallest id of their members, each at its root.
fn labels_of_rings(crew: &mut Crew<'_>, directory: &Directory, found: &Majorities) -> HashMap<usize, Label> {
    #[derive(Debug, Clone, Serialize, Deserialize)]
    struct Member(u64, String);
    impl Message for Member {
        fn bytes(&self) -> usize {
            16 + self.1.len()
        }
    }
    let mut exchange = Exchange::<Member>::new(crew, "labels");
    let members: Vec<(usize, Member)> = (0..found.root.len())
        .filter(|&slot| found.in_ring[slot])
        .map(|slot| (crew.home(found.root[slot]), Member(found.root[slot], directory.parties[slot].id.clone())))
        .collect();
    let mut labels: HashMap<usize, Label> = HashMap::new();
    for Member(root, id) in exchange.round(crew, members).messages {
        let label = labels.entry(crew.slot(root)).or_insert_with(|| Label { id: id.clone(), mutual: true });
        if id < label.id {
            label.id = id;
        }
    }
    labels
}

/// The ultimate controllers of some entities of this worker, from everything above them.
fn ask(crew: &mut Crew<'_>, part: &Part, directory: &Directory, wanted: Vec<u64>) -> Result<Vec<(u64, Label)>> {
    let mut gathered = Gathered::default();
    gathered.bring(crew, (part, directory), wanted.iter().copied(), (Reach::Everybody, false));
    let answer = if wanted.is_empty() { Ok(Vec::new()) } else { controllers(&gathered, part, &wanted) };
    crew.agree(answer)
}

fn controllers(gathered: &Gathered, part: &Part, wanted: &[u64]) -> Result<Vec<(u64, Label)>> {
    let graph = gathered.graph()?;
    let wanted: HashSet<NodeId> = wanted.iter().filter_map(|&number| graph.node(number)).collect();
    let answer = graph.view(part.sight).ultimate_controllers(Threshold::default())?;
    let rows = answer.rows.into_iter().filter(|row| wanted.contains(&row.entity.node()));
    let label = |id: &str, mutual: bool| Label { id: id.to_owned(), mutual };
    Ok(rows.map(|row| (graph.number(row.entity.node()), label(row.controller.id(), row.mutual))).collect())
}

fn circular(crew: &mut Crew<'_>, part: &Part, directory: &Directory, scribe: &Scribe) -> Result<Vec<u8>> {
    let links = Links::gather(crew, part, directory.parties.len(), may_hold(part.sight.layer));
    let core = links.core(crew);
    drop(links);
    // What is left is small: circles, and what lies between two of them.
    let left: Vec<(usize, u64)> =
        (0..core.len()).filter(|&slot| core[slot]).map(|slot| (0, crew.number(slot))).collect();
    let wanted = Exchange::<u64>::new(crew, "circles").round(crew, left).messages;
    let mut gathered = Gathered::default();
    gathered.bring(crew, (part, directory), wanted, (Reach::OwnersAndChains, false));
    write_all(crew, part, &gathered, scribe)
}

/// What the worker that gathered everything writes; the others write nothing.
fn write_all(crew: &Crew<'_>, part: &Part, gathered: &Gathered, scribe: &Scribe) -> Result<Vec<u8>> {
    if crew.index() > 0 {
        return Ok(Vec::new());
    }
    let graph = gathered.graph()?;
    scribe(graph.view(part.sight), &|_| true)
}

fn effective(crew: &mut Crew<'_>, part: &Part, directory: &Directory, scribe: &Scribe) -> Result<Vec<u8>> {
    let own: Vec<u64> = part.companies(crew).map(|node| part.number(node)).collect();
    let mut gathered = Gathered::default();
    gathered.bring(crew, (part, directory), own.iter().copied(), (Reach::Everybody, false));
    let graph = gathered.graph()?;
    let own: HashSet<NodeId> = own.into_iter().filter_map(|number| graph.node(number)).collect();
    scribe(graph.view(part.sight), &|node| own.contains(&node))
}

/// Walks down from the list, layer by layer, as far as anybody may be blocked.
fn screen(
    crew: &mut Crew<'_>,
    (part, directory): (&Part, &Directory),
    listed: &[(usize, String)],
    rule: &'static Rule,
    scribe: &Scribe,
) -> Result<Vec<u8>> {
    let listed = on_the_list(crew, directory, listed)?;
    let mut gathered = Gathered::default();
    gathered.introduce(crew, directory, listed.clone());
    let mut verdict = Verdict::of(&listed, rule);
    let mut new = listed;
    let mut walked: HashSet<u64> = HashSet::new();
    for judged in 0.. {
        if crew.sum(new.len() as u64) == 0 {
            break;
        }
        let mut candidates = walk_down(crew, (part, directory), &new, (stride(judged), &mut walked));
        // What blocked parties hold of the listed ones themselves is told too.
        candidates.append(&mut new);
        gathered.bring(crew, (part, directory), candidates.iter().copied(), (Reach::OwnersAndChains, true));
        let blocked = if crew.index() == 0 { verdict.judge(&gathered, part, candidates) } else { Ok(Vec::new()) };
        new = crew.agree(blocked)?;
        new.retain(|number| !walked.contains(number));
    }
    write_all(crew, part, &gathered, scribe)
}

/// How many layers are walked before they are judged: one each at the beginning, when few are blocked, then more, lest a long
/// row of companies takes as many rounds as it is long.
fn stride(judged: u32) -> u32 {
    1 << judged.saturating_sub(3).min(20)
}

/// What some entities hold, and what that holds, so many layers down; those whose holdings are known are walked.
fn walk_down(
    crew: &mut Crew<'_>,
    (part, directory): (&Part, &Directory),
    from: &[u64],
    (layers, walked): (u32, &mut HashSet<u64>),
) -> Vec<u64> {
    let mut front = from.to_vec();
    let mut below = Vec::new();
    for layer in 0..layers {
        if layer > 0 && crew.sum(front.len() as u64) == 0 {
            break;
        }
        walked.extend(&front);
        let held = held_by(crew, part, directory, &front);
        below.extend(&held);
        front = held;
        front.retain(|number| !walked.contains(number));
    }
    below.sort_unstable();
    below.dedup();
    below
}

/// Who is possibly blocked by what has been gathered so far.
struct Verdict {
    rule: &'static Rule,
    /// Those on the list, and those that they block.
    blocked: Numbers,
    /// Who has been gathered as held by whom.
    holdings: Numbered<Vec<u64>>,
    seen: Numbers,
}

impl Verdict {
    fn of(listed: &[u64], rule: &'static Rule) -> Self {
        let blocked = listed.iter().copied().collect();
        Self { rule, blocked, holdings: Numbered::default(), seen: Numbers::default() }
    }

    /// Those of the candidates, and of everybody known below them, that are blocked and were not before. Who is blocked stays
    /// so, and blocks with the list: neither is judged again.
    fn judge(&mut self, gathered: &Gathered, part: &Part, candidates: Vec<u64>) -> Result<Vec<u64>> {
        for &number in candidates.iter().filter(|&&number| self.seen.insert(number)) {
            for row in gathered.rows(number) {
                self.holdings.entry(row.owner).or_default().push(number);
            }
        }
        let graph = gathered.graph_about(self.open_below(candidates))?;
        let seeds: Vec<NodeId> = self.blocked.iter().filter_map(|&number| graph.node(number)).collect();
        let joined = graph.view(part.sight).possibly_blocked(&seeds, self.rule)?;
        let new: Vec<u64> = joined.into_iter().map(|node| graph.number(node)).collect();
        self.blocked.extend(&new);
        Ok(new)
    }

    /// Candidates and everybody known below them, as far as they are not blocked.
    fn open_below(&self, mut waiting: Vec<u64>) -> Numbers {
        let mut open = Numbers::default();
        while let Some(number) = waiting.pop() {
            if !self.blocked.contains(&number) && open.insert(number) {
                waiting.extend(self.holdings.get(&number).into_iter().flatten());
            }
        }
        open
    }
}

/// The numbers of those who stand on the list, at the first worker.
fn on_the_list(crew: &mut Crew<'_>, directory: &Directory, listed: &[(usize, String)]) -> Result<Vec<u64>> {
    let lines: HashMap<&str, usize> = listed.iter().map(|(line, id)| (id.as_str(), *line)).collect();
    let of_line = |(slot, party): (usize, &super::directory::Party)| {
        lines.get(party.id.as_str()).map(|&line| (0, (crew.number(slot), line as u64)))
    };
    let here: Vec<(usize, (u64, u64))> = directory.parties.iter().enumerate().filter_map(of_line).collect();
    let mut found = Exchange::<(u64, u64)>::new(crew, "list").round(crew, here).messages;
    found.sort_unstable();
    let lines: HashSet<u64> = found.iter().map(|&(_, line)| line).collect();
    let named: HashMap<&str, usize> = lines_of(listed);
    let missing = named.into_iter().filter(|(_, line)| !lines.contains(&(*line as u64))).min_by_key(|&(_, line)| line);
    let all = match missing.filter(|_| crew.index() == 0) {
        Some((id, line)) => {
            let message =
                format!("line {line} of the list: no entity has the id {id:?}; on several machines a list holds ids");
            Err(Error::plain(ErrorKind::NotFound, message))
        }
        None => Ok(found.into_iter().map(|(number, _)| number).collect()),
    };
    crew.agree(all)
}

fn lines_of(listed: &[(usize, String)]) -> HashMap<&str, usize> {
    listed.iter().map(|(line, id)| (id.as_str(), *line)).collect()
}

/// Who asks what an entity of a part holds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Holder {
    node: u32,
    from: u32,
}

impl Message for Holder {}

/// What some entities hold, by whatever right: their homes know which parts mention them.
fn held_by(crew: &mut Crew<'_>, part: &Part, directory: &Directory, holders: &[u64]) -> Vec<u64> {
    let own = crew.index() as u32;
    let asked: Vec<_> = holders.iter().map(|&number| (crew.home(number), (number, own))).collect();
    let heard = Exchange::<(u64, u32)>::new(crew, "walking down").round(crew, asked).messages;
    let mut passed_on = Vec::new();
    for (number, from) in heard {
        let mentions = &directory.mentions[crew.slot(number)];
        passed_on.extend(mentions.iter().map(|seat| (seat.reader as usize, Holder { node: seat.node, from })));
    }
    let heard = Exchange::<Holder>::new(crew, "walking down").round(crew, passed_on).messages;
    let mut held = Vec::new();
    for Holder { node, from } in heard {
        let interests = part.view().interests_of(NodeId(node));
        held.extend(interests.map(|(_, interest, _)| (from as usize, part.number(interest.owned()))));
    }
    let mut candidates = Exchange::<u64>::new(crew, "walking down").round(crew, held).messages;
    candidates.sort_unstable();
    candidates.dedup();
    candidates
}
