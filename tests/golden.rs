//! Every golden case through the program.
//!
//! `cargo test --test golden` prints one line per case (also when all is well): `ok`, `differs` with both values, or what of
//! the case is not applicable and why. `GOLDEN=CTL-07` runs one case. Each case runs twice: as it stands, and with other
//! names and the interests in reverse order.

mod oracle;
mod support;

use oracle::{Certainty, Graph, HALF, Layer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use support::plan::{Check, Plan, Set};
use support::{Engine, Range, Scratch, array, cases, certainty, id, run};

/// A billionth of a percent. The tolerances of the file are wider or equal; the exact values of the file are used.
const TOLERANCE: f64 = 1e-9;

fn close(got: f64, want: f64) -> bool {
    (got - want).abs() <= TOLERANCE
}

/// The program with one graph loaded, and the rest of the questions that only golden cases put.
struct Asked<'a> {
    graph: &'a Graph,
    engine: Engine,
    file: Scratch,
}

impl<'a> Asked<'a> {
    fn new(graph: &'a Graph) -> Self {
        let plain = support::plain(graph);
        let text = if plain { support::csv(graph) } else { support::native(graph) };
        Asked { graph, engine: Engine::load(graph), file: Scratch::new(if plain { "csv" } else { "json" }, &text) }
    }

    fn name(&self, i: usize) -> &str {
        &self.graph.names[i]
    }
    fn set(&self, names: impl IntoIterator<Item = String>) -> Set {
        names.into_iter().map(|n| self.graph.index(&n)).collect()
    }
    fn show(&self, set: &Set) -> String {
        format!("{{{}}}", set.iter().map(|&i| self.name(i)).collect::<Vec<_>>().join(" "))
    }
    fn same(&self, what: String, got: &Set, want: &Set) -> Result<(), String> {
        if got == want { Ok(()) } else { Err(format!("{what}: {} instead of {}", self.show(got), self.show(want))) }
    }
    fn json(&self, args: &[&str]) -> Result<Value, String> {
        let mut all = vec!["--data", self.file.path(), "--format", "json"];
        all.extend(args);
        serde_json::from_str(&run(&all)?).map_err(|e| format!("{}: {e}", args.join(" ")))
    }

    fn check(&self, check: &Check) -> Result<(), String> {
        match check {
            Check::Effective { owner, owned, layer, min, max } => {
                let up = self.engine.owners_of(self.name(*owned), *layer, None)?;
                let down = self.engine.holdings_of(self.name(*owner), *layer)?;
                let up = up.owners.get(self.name(*owner)).map(|h| h.effective);
                let down = down.get(self.name(*owned)).map(|h| h.effective);
                for (what, got) in [("owners-of", up), ("holdings-of", down)] {
                    let got = got.unwrap_or(Range { min: 0.0, max: 0.0, min_open: false, max_open: false });
                    if !close(got.min, *min) || !close(got.max, *max) {
                        return Err(format!(
                            "{what}: {} in {}: {}..{} instead of {min}..{max}",
                            self.name(*owner),
                            self.name(*owned),
                            got.min,
                            got.max
                        ));
                    }
                }
                Ok(())
            }
            Check::Unaccounted { owned, min, max } => {
                let got = self.engine.owners_of(self.name(*owned), Layer::Capital, None)?.unaccounted;
                if close(got.min, *min) && close(got.max, *max) {
                    return Ok(());
                }
                Err(format!("unaccounted of {}: {}..{} instead of {min}..{max}", self.name(*owned), got.min, got.max))
            }
            Check::Controls { owner, test, certain, possible } => {
                let all = self.engine.controlled_by(self.name(*owner), *test)?;
                let sure = all.iter().filter(|r| *r.1 == Certainty::Certain).map(|r| r.0.clone());
                let what = format!("controlled-by {} {test:?}", self.name(*owner));
                self.same(format!("{what}, certain"), &self.set(sure), certain)?;
                self.same(format!("{what}, at least possible"), &self.set(all.keys().cloned()), possible)
            }
            Check::Control { owner, owned, test, is } => {
                let down = self.engine.controlled_by(self.name(*owner), *test)?;
                let up = self.engine.controllers_of(self.name(*owned), *test)?;
                let down = down.get(self.name(*owned)).copied().unwrap_or(Certainty::None);
                let up = up.get(self.name(*owner)).map_or(Certainty::None, |c| c.control);
                if down == *is && up == *is {
                    return Ok(());
                }
                let (owner, owned) = (self.name(*owner), self.name(*owned));
                Err(format!("{owner} controls {owned}: {down:?} downwards, {up:?} upwards, instead of {is:?}"))
            }
            Check::Controllers { owned, test, certain } => {
                let all = self.engine.controllers_of(self.name(*owned), *test)?;
                let sure = all.into_iter().filter(|c| c.1.control == Certainty::Certain).map(|c| c.0);
                self.same(format!("controllers-of {} {test:?}", self.name(*owned)), &self.set(sure), certain)
            }
            Check::UltimateControllers { owned, test, are } => {
                let all = self.engine.controllers_of(self.name(*owned), *test)?;
                let top = all.into_iter().filter(|c| c.1.control == Certainty::Certain && c.1.ultimate == Some(true));
                let what = format!("ultimate controllers of {}", self.name(*owned));
                self.same(format!("{what}, controllers-of {test:?}"), &self.set(top.map(|c| c.0)), are)?;
                if *test == HALF {
                    let rows = self.engine.ultimate_controllers()?;
                    let rows = rows.into_iter().filter(|r| r.0 == self.name(*owned)).map(|r| r.1);
                    self.same(format!("{what}, ultimate-controllers"), &self.set(rows), are)?;
                }
                Ok(())
            }
            Check::Screen { rule, day, listed, certain, possible } => {
                let names: Vec<&str> = listed.iter().map(|&l| self.name(l)).collect();
                let rows = self.engine.screen(&names, rule, *day)?;
                let of = |status: &[&str]| {
                    let those = rows.iter().filter(|r| status.contains(&r.1.status.as_str()));
                    self.set(those.map(|r| r.0.clone()))
                };
                let what = format!("screen {rule} {}", day.unwrap_or(""));
                self.same(format!("{what}, listed"), &of(&["listed"]), &listed.iter().copied().collect())?;
                self.same(format!("{what}, certain"), &of(&["certain"]), certain)?;
                self.same(format!("{what}, at least possible"), &of(&["certain", "possible"]), possible)
            }
            Check::Beneficial { rule, owned, owner, is, attributed } => {
                let v = self.json(&["beneficial-owners-of", self.name(*owned), "--rule", rule])?;
                let mut rows = Vec::new();
                for row in array(&v, "owners")? {
                    if id(row)? == self.name(*owner) {
                        rows.push(row);
                    }
                }
                let what = format!("{} under {rule} of {}", self.name(*owner), self.name(*owned));
                let sure = rows.iter().any(|r| certainty(&r["status"]) == Ok(Certainty::Certain));
                if *is != sure || !is && !rows.is_empty() {
                    return Err(format!("{what}: {} instead of {is}: {rows:?}", sure || !rows.is_empty()));
                }
                let Some(share) = attributed else {
                    return Ok(());
                };
                let shares: Vec<Range> = rows.iter().filter_map(|r| Range::parse(&r["share"]).ok()).collect();
                if shares.iter().any(|r| close(r.min, *share) && close(r.max, *share)) {
                    return Ok(());
                }
                Err(format!("{what}: no row with the share {share}: {shares:?}"))
            }
            Check::MinShare { owned, owner, least, shown } => {
                let v = self.json(&["owners-of", self.name(*owned), "--min-share", &least.to_string()])?;
                let ids: Result<Vec<String>, String> = array(&v, "owners")?.iter().map(id).collect();
                if ids?.iter().any(|i| i == self.name(*owner)) == *shown {
                    return Ok(());
                }
                Err(format!("--min-share {least}: {} shown is not {shown}", self.name(*owner)))
            }
            Check::Power { body, index, quota, expected } => {
                let v = self.json(&["power", self.name(*body), "--index", index, "--quota", &quota.to_string()])?;
                let mut got = BTreeMap::new();
                for row in array(&v, "holders")? {
                    got.insert(id(row)?, row["index"].as_f64().ok_or_else(|| format!("no index in {row}"))?);
                }
                // As a part of 1 or in percent: the sum tells.
                let scale = if got.values().sum::<f64>() > 2.0 { 1.0 } else { 100.0 };
                for (holder, want) in expected {
                    let have = got.get(self.name(*holder)).copied().unwrap_or(0.0) * scale;
                    if !close(have, *want) {
                        return Err(format!("{index} of {}: {have} instead of {want}", self.name(*holder)));
                    }
                }
                Ok(())
            }
            Check::CloseLink { a, b, is } => {
                for (one, other) in [(*a, *b), (*b, *a)] {
                    let v = self.json(&["close-links", self.name(one)])?;
                    let mut ids = Vec::new();
                    for row in array(&v, "links")? {
                        ids.push(id(row)?);
                    }
                    if ids.iter().any(|i| i == self.name(other)) != *is {
                        return Err(format!("close link {} - {} is not {is}", self.name(one), self.name(other)));
                    }
                }
                Ok(())
            }
            Check::OverSubscribed { entity } => {
                let got = self.engine.owners_of(self.name(*entity), Layer::Capital, None)?.warnings;
                if got.iter().any(|w| w.contains("over-subscribed") && w.contains(self.name(*entity))) {
                    return Ok(());
                }
                Err(format!("no warning `over-subscribed: {}`: {got:?}", self.name(*entity)))
            }
        }
    }
}

/// Other names in another order, interests from the last to the first.
fn turned(g: &Graph) -> Graph {
    let mut t = g.clone();
    let n = t.names.len();
    for (i, name) in t.names.iter_mut().enumerate() {
        *name = format!("entity-{:03}", n - i);
    }
    t.interests.reverse();
    t
}

fn put(plan: &Plan) -> Vec<String> {
    let mut wrong = Vec::new();
    for (graph, which) in [(plan.graph.clone(), ""), (turned(&plan.graph), "renamed and turned round: ")] {
        let asked = Asked::new(&graph);
        for check in &plan.checks {
            if let Err(e) = asked.check(check) {
                wrong.push(format!("{which}{e}"));
            }
        }
        if !wrong.is_empty() {
            break;
        }
    }
    wrong
}

#[test]
fn every_case() {
    let out = std::io::stdout();
    let all = match cases::load() {
        Ok(all) => all,
        Err(why) => {
            let _ = writeln!(out.lock(), "golden cases skipped: {why}");
            return;
        }
    };
    let only = std::env::var("GOLDEN").ok();
    let (mut ok, mut part, mut not, mut checks) = (0, 0, 0, 0);
    let mut differing = Vec::new();
    for case in all.iter().filter(|c| only.as_ref().is_none_or(|o| *o == c.id)) {
        let line = match support::plan::plan(case) {
            Err(e) => {
                differing.push(case.id.clone());
                format!("differs  {e}")
            }
            Ok(plan) => {
                let wrong = put(&plan);
                checks += plan.checks.len();
                match (wrong.is_empty(), plan.checks.is_empty(), plan.left_out) {
                    (false, ..) => {
                        differing.push(case.id.clone());
                        format!("differs  {}", wrong.join("; "))
                    }
                    (true, true, reason) => {
                        not += 1;
                        format!("not applicable: {}", reason.unwrap_or(""))
                    }
                    (true, false, Some(reason)) => {
                        part += 1;
                        format!("ok, in part: {reason}")
                    }
                    (true, false, None) => {
                        ok += 1;
                        "ok".to_string()
                    }
                }
            }
        };
        let error = if case.status == "published-error" { " [source in error, recomputed value]" } else { "" };
        let _ = writeln!(out.lock(), "{:8} {:15} {line}{error}", case.id, case.kind);
    }
    let _ = writeln!(
        out.lock(),
        "golden: {ok} ok, {part} ok in part, {not} not applicable, {} differ; {checks} checks, each put twice",
        differing.len()
    );
    assert!(differing.is_empty(), "cases that differ: {}", differing.join(" "));
}
