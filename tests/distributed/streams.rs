//! Answers that are kept current against fresh ones; `CUIBONO_CHANGES=100000` takes more changes.

use crate::machines::sight;
use crate::random::Random;
use cuibono::distributed::Cluster;
use cuibono::distributed::changes::{Change, What};
use cuibono::distributed::stream::{self, Answered, Blocked, Source, Turn};
use cuibono::error::Location;
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::model::{InterestKind, Layer, ShareRange};
use cuibono::query::control::{Certainty, Threshold};
use cuibono::query::matrix::ControlMatrix;
use cuibono::query::rules::{Decides, Rule};
use cuibono::query::screen::Status;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A row of a table of edges: owner, owned, share in percent, start, end.
type Row = (u64, u64, u64, String, String);

fn table(rows: &[Row]) -> OwnershipGraph {
    let mut text = "owner,owned,share,start,end\n".to_owned();
    for (owner, owned, share, start, end) in rows {
        text.push_str(&format!("n{owner},n{owned},{share},{start},{end}\n"));
    }
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &text).expect("edges");
    loader.finish().expect("a graph")
}

/// Pairs of controllers and entities, and who is blocked how.
type Answers = (BTreeSet<(String, String)>, BTreeMap<String, Blocked>);

fn fresh(graph: &OwnershipGraph, day: &str, listed: &[String]) -> Answers {
    let view = graph.view(day.parse().expect("a day"));
    let mut matrix = ControlMatrix::new(view, Threshold::default());
    let id = |node| graph.entity(node).id().to_owned();
    let control = graph.nodes().flat_map(|node| {
        let below = matrix.controlled_by(node, Certainty::Certain);
        below.into_iter().filter(move |&entity| entity != node).map(move |entity| (id(node), id(entity)))
    });
    let control = control.collect();
    let listed: Vec<_> = listed.iter().filter_map(|id| graph.node_by_id(id)).collect();
    let rule = Rule::find("ofac", Decides::Blocking).expect("a rule");
    let screened = view.screen(&listed, &[], rule).expect("an answer");
    let of = |status| match status {
        Status::Certain => Some(Blocked::Certainly),
        Status::Possible => Some(Blocked::Possibly),
        Status::Listed => None,
    };
    let blocked = screened.blocked.iter().filter_map(|row| Some((row.entity.id().to_owned(), of(row.status)?)));
    (control, blocked.collect())
}

/// What the stream told so far.
#[derive(Default)]
struct Kept {
    control: BTreeSet<(String, String)>,
    blocked: BTreeMap<String, Blocked>,
    told: Vec<(u64, String, Answers)>,
    took: Vec<Duration>,
}

impl Kept {
    fn hear(&mut self, answered: &Answered, is_point: bool) {
        for turn in answered.turns.clone() {
            match turn {
                Turn::Control { controller, entity, gained: true } => {
                    assert!(self.control.insert((controller, entity)), "gained twice");
                }
                Turn::Control { controller, entity, gained: false } => {
                    assert!(self.control.remove(&(controller, entity)), "lost what it had not");
                }
                Turn::Blocked { entity, now: Blocked::No } => assert!(self.blocked.remove(&entity).is_some()),
                Turn::Blocked { entity, now } => _ = self.blocked.insert(entity, now),
            }
        }
        if answered.batch > 0 {
            self.took.push(answered.took);
        }
        if is_point {
            let answers = (self.control.clone(), self.blocked.clone());
            self.told.push((answered.batch, answered.day.to_string(), answers));
        }
    }
}

/// Random changes of a table, in batches; the table after each batch at which answers are compared.
struct Plan {
    batches: Vec<Vec<Change>>,
    points: BTreeMap<u64, Vec<Row>>,
}

const FIRST: &str = "2024-01-01";

fn day(of: u64) -> String {
    format!("2024-{:02}-{:02}", 1 + of / 28 % 12, 1 + of % 28)
}

fn plan(random: &mut Random, rows: &mut Vec<Row>, (entities, count, batch): (u64, usize, usize)) -> Plan {
    let (mut batches, mut points) = (Vec::new(), BTreeMap::new());
    let all = count / batch;
    for number in 1..=all {
        let date = day(1 + number as u64 * 300 / all as u64);
        let change = |what, owner: u64, owned: u64, share: u64| Change {
            what,
            date: date.parse().expect("a date"),
            owner: format!("n{owner}"),
            owned: format!("n{owned}"),
            kind: InterestKind::Shareholding,
            share: ShareRange::parse(&share.to_string()).expect("a share"),
            location: Location::default(),
        };
        let mut changes = Vec::new();
        while changes.len() < batch {
            let open: Vec<usize> =
                (0..8).map(|_| random.below(rows.len() as u64) as usize).filter(|&at| rows[at].4.is_empty()).collect();
            match (random.below(3), open.first()) {
                (0, Some(&at)) => {
                    let (owner, owned, ..) = rows[at].clone();
                    end(rows, owner, owned, &date);
                    changes.push(change(What::Ended, owner, owned, 0));
                }
                (1, Some(&at)) => {
                    let (owner, owned, ..) = rows[at].clone();
                    let share = *random.pick(&[10, 30, 50, 51, 100]);
                    end(rows, owner, owned, &date);
                    rows.push((owner, owned, share, date.clone(), String::new()));
                    changes.push(change(What::Changed, owner, owned, share));
                }
                _ => {
                    let (owner, owned) = (random.below(entities), random.below(entities));
                    let share = *random.pick(&[20, 30, 40, 50, 51, 60]);
                    rows.push((owner, owned, share, date.clone(), String::new()));
                    changes.push(change(What::Added, owner, owned, share));
                }
            }
        }
        batches.push(changes);
        if number % (all / 10).max(1) == 0 {
            points.insert(number as u64, rows.clone());
        }
    }
    Plan { batches, points }
}

/// Ends all rows of a pair that have not ended by then, as an ended right is ended as a whole.
fn end(rows: &mut [Row], owner: u64, owned: u64, date: &str) {
    for row in
        rows.iter_mut().filter(|row| (row.0, row.1) == (owner, owned) && (row.4.is_empty() || row.4.as_str() > date))
    {
        row.4 = date.to_owned();
    }
}

fn check(seed: u64, workers: usize, (entities, first, count, batch): (u64, usize, usize, usize)) -> Vec<Duration> {
    let random = &mut Random(seed);
    let mut rows: Vec<Row> = (0..first)
        .map(|_| {
            let share = *random.pick(&[20, 30, 50, 51, 100]);
            // Some begin or end while the stream runs, without any change.
            let start = if random.one_in(6) { day(random.below(300)) } else { String::new() };
            let end = if start.is_empty() && random.one_in(6) { day(30 + random.below(270)) } else { String::new() };
            (random.below(entities), random.below(entities), share, start, end)
        })
        .collect();
    let base = table(&rows);
    let listed: Vec<String> = base.nodes().take(3).map(|node| base.entity(node).id().to_owned()).collect();
    let Plan { batches, points } = plan(random, &mut rows, (entities, count, batch));
    let kept = Arc::new(Mutex::new(Kept::default()));
    let (ear, at): (_, BTreeSet<u64>) = (Arc::clone(&kept), points.keys().copied().collect());
    let mut batches = batches.into_iter();
    let source = Source {
        base,
        listed: listed.clone(),
        batches: Box::new(move || Ok(batches.next())),
        listener: Box::new(move |answered| {
            ear.lock().expect("no panic").hear(answered, at.contains(&answered.batch));
            Ok(())
        }),
    };
    let cluster = Cluster { hosts: Vec::new(), process: 0, workers, fingerprint: 0, patience: Duration::from_secs(10) };
    let connected = cluster.connect().expect("one process");
    let mut first_day = sight(Layer::Capital);
    first_day.as_of = FIRST.parse().expect("a day");
    stream::keep(&cluster, connected, Ok(Some(source)), first_day).expect("a stream");
    let kept = std::mem::take(&mut *kept.lock().expect("no panic"));
    assert_eq!(kept.told.len(), points.len());
    let mut seen = 0;
    for (batch, day, (control, blocked)) in &kept.told {
        let (fresh_control, fresh_blocked) = fresh(&table(&points[batch]), day, &listed);
        assert_eq!(blocked, &fresh_blocked, "seed {seed}, batch {batch}");
        assert!(control == &fresh_control, "seed {seed}, batch {batch}: {} and {}", control.len(), fresh_control.len());
        seen += control.len() + blocked.len();
    }
    assert!(seen > 0, "seed {seed}: nobody controls anybody");
    kept.took
}

#[test]
fn small_graphs_stay_equal_to_fresh_answers() {
    for seed in 0..20 {
        check(seed, 1 + seed as usize % 3, (12 + seed * 4, 30, 200, 10));
    }
}

#[test]
fn ten_thousand_changes_stay_equal_to_fresh_answers_at_ten_points() {
    let changes = std::env::var("CUIBONO_CHANGES").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let mut took = check(77, 2, (20_000, 20_000, changes, 100));
    took.sort_unstable();
    println!("{} batches of 100 changes, median {:?}", took.len(), took[took.len() / 2]);
    assert!(took[took.len() / 2] < Duration::from_secs(2), "{:?}", took[took.len() / 2]);
}
