//! The one thin layer between the randomised tests and the thing they test.
//!
//! Everything that `properties` asks goes through [`Engine`]: write the graph, ask, compare. It is implemented over the
//! program (a file, a process, its JSON answer); an implementation over the library only has to keep the signatures of
//! `Engine` and of the types it returns. Percent everywhere, as in the answers.
#![allow(dead_code, clippy::needless_range_loop)]

pub mod cases;
pub mod plan;

use crate::oracle::{Certainty, Graph, Interest, Layer, ONE, Test};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

// ----------------------------------------------------------------------------------------------------------- answers

/// A range in percent as an answer prints it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub min: f64,
    pub max: f64,
    pub min_open: bool,
    pub max_open: bool,
}

impl Range {
    pub fn parse(v: &Value) -> Result<Range, String> {
        let end = |k: &str| v[k].as_f64().ok_or_else(|| format!("no number `{k}` in the range {v}"));
        Ok(Range {
            min: end("min")?,
            max: end("max")?,
            min_open: v["min_open"].as_bool().unwrap_or(false),
            max_open: v["max_open"].as_bool().unwrap_or(false),
        })
    }
}

/// One row of `owners-of` or `holdings-of`.
#[derive(Clone, Debug)]
pub struct Held {
    pub direct: Option<Range>,
    pub effective: Range,
    pub control: Certainty,
    pub ultimate: Option<bool>,
    pub distance: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct Owners {
    pub owners: BTreeMap<String, Held>,
    pub unaccounted: Range,
    pub circular_groups: BTreeSet<BTreeSet<String>>,
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Controller {
    pub control: Certainty,
    pub ultimate: Option<bool>,
}

#[derive(Clone, Debug)]
pub struct Blocked {
    /// `listed`, `certain` or `possible`
    pub status: String,
    pub aggregate: Option<Range>,
}

pub fn certainty(v: &Value) -> Result<Certainty, String> {
    match v.as_str() {
        Some("certain") => Ok(Certainty::Certain),
        Some("possible") => Ok(Certainty::Possible),
        Some("none") => Ok(Certainty::None),
        _ => Err(format!("control is {v}")),
    }
}

// ------------------------------------------------------------------------------------------------------------- engine

/// A loaded graph that answers questions.
pub struct Engine {
    file: Scratch,
}

impl Engine {
    /// As a plain edges file where that can say everything, else in the native format.
    pub fn load(g: &Graph) -> Engine {
        if plain(g) { Engine::load_csv(g) } else { Engine::load_native(g) }
    }
    pub fn load_csv(g: &Graph) -> Engine {
        Engine { file: Scratch::new("csv", &csv(g)) }
    }
    pub fn load_native(g: &Graph) -> Engine {
        Engine::load_json(&native_value(g))
    }
    /// A document in the native format as it is, for what a `Graph` cannot say.
    pub fn load_json(document: &Value) -> Engine {
        Engine { file: Scratch::new("json", &document.to_string()) }
    }

    pub fn owners_of(&self, subject: &str, layer: Layer, day: Option<&str>) -> Result<Owners, String> {
        let v = self.ask(layer, day, &["owners-of", subject])?;
        let mut owners = BTreeMap::new();
        for row in array(&v, "owners")? {
            if owners.insert(id(row)?, held(row)?).is_some() {
                return Err(format!("{} twice among the owners", id(row)?));
            }
        }
        Ok(Owners {
            owners,
            unaccounted: Range::parse(&v["unaccounted"])?,
            circular_groups: array(&v, "circular_groups")?
                .iter()
                .map(|g| {
                    g.as_array().into_iter().flatten().map(|m| m.as_str().unwrap_or_default().to_string()).collect()
                })
                .collect(),
            warnings: v["warnings"].as_array().into_iter().flatten().map(Value::to_string).collect(),
        })
    }

    pub fn holdings_of(&self, owner: &str, layer: Layer) -> Result<BTreeMap<String, Held>, String> {
        let v = self.ask(layer, None, &["holdings-of", owner])?;
        array(&v, "holdings")?.iter().map(|row| Ok((id(row)?, held(row)?))).collect()
    }

    pub fn controlled_by(&self, owner: &str, test: Test) -> Result<BTreeMap<String, Certainty>, String> {
        let v = self.ask_control("controlled-by", owner, test)?;
        array(&v, "controlled")?.iter().map(|row| Ok((id(row)?, certainty(&row["control"])?))).collect()
    }

    pub fn controllers_of(&self, entity: &str, test: Test) -> Result<BTreeMap<String, Controller>, String> {
        let v = self.ask_control("controllers-of", entity, test)?;
        array(&v, "controllers")?
            .iter()
            .map(|row| {
                let ultimate = row["ultimate"].as_bool();
                Ok((id(row)?, Controller { control: certainty(&row["control"])?, ultimate }))
            })
            .collect()
    }

    /// `(entity, controller)` over the whole graph.
    pub fn ultimate_controllers(&self) -> Result<BTreeSet<(String, String)>, String> {
        let out = run(&["--data", self.path(), "--format", "jsonl", "ultimate-controllers"])?;
        out.lines()
            .filter(|l| !l.trim().is_empty())
            .map(|line| {
                let v: Value = serde_json::from_str(line).map_err(|e| format!("{e} in {line}"))?;
                // Either plain ids or entity objects.
                let one = |k: &str| {
                    let id = v[k].as_str().or_else(|| v[k]["id"].as_str());
                    id.map(str::to_string).ok_or_else(|| format!("no `{k}` in {line}"))
                };
                Ok((one("entity")?, one("controller")?))
            })
            .collect()
    }

    pub fn screen(&self, listed: &[&str], rule: &str, day: Option<&str>) -> Result<BTreeMap<String, Blocked>, String> {
        let list = Scratch::new("txt", &(listed.join("\n") + "\n"));
        let v = self.ask(Layer::Capital, day, &["screen", "--listed", list.path(), "--rule", rule])?;
        array(&v, "blocked")?
            .iter()
            .map(|row| {
                let status = row["status"].as_str().ok_or_else(|| format!("no status in {row}"))?.to_string();
                Ok((id(row)?, Blocked { status, aggregate: Range::parse(&row["aggregate"]).ok() }))
            })
            .collect()
    }

    /// All circular groups of the graph.
    pub fn circular(&self) -> Result<BTreeSet<BTreeSet<String>>, String> {
        let v = self.ask(Layer::Capital, None, &["circular"])?;
        array(&v, "groups")?.iter().map(|g| array(g, "members")?.iter().map(id).collect()).collect()
    }

    fn path(&self) -> &str {
        self.file.path()
    }
    fn ask_control(&self, command: &str, entity: &str, test: Test) -> Result<Value, String> {
        let (flag, p) = match test {
            Test::MoreThan(p) => ("--threshold", p),
            Test::AtLeast(p) => ("--at-least", p),
        };
        self.ask(Layer::Capital, None, &[command, entity, flag, &percent(p)])
    }
    fn ask(&self, layer: Layer, day: Option<&str>, command: &[&str]) -> Result<Value, String> {
        let mut args = vec!["--data", self.path(), "--format", "json"];
        if layer == Layer::Votes {
            args.extend(["--layer", "votes"]);
        }
        if let Some(day) = day {
            args.extend(["--as-of", day]);
        }
        args.extend(command);
        let out = run(&args)?;
        serde_json::from_str(&out).map_err(|e| format!("{}: no JSON: {e}\n{out}", command.join(" ")))
    }
}

fn held(row: &Value) -> Result<Held, String> {
    Ok(Held {
        direct: if row["direct"].is_null() { None } else { Some(Range::parse(&row["direct"])?) },
        effective: Range::parse(&row["effective"])?,
        control: certainty(&row["control"])?,
        ultimate: row["ultimate"].as_bool(),
        distance: row["distance"].as_u64(),
    })
}

pub fn array<'a>(v: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    v[key].as_array().ok_or_else(|| format!("no list `{key}` in {v}"))
}

pub fn id(row: &Value) -> Result<String, String> {
    let entity = if row["entity"].is_object() { &row["entity"] } else { row };
    entity["id"].as_str().map(str::to_string).ok_or_else(|| format!("no entity id in {row}"))
}

// ------------------------------------------------------------------------------------------------------------ program

/// Runs the program; standard output when it answers (exit 0), else what went wrong.
pub fn run(args: &[&str]) -> Result<String, String> {
    let out = Command::new(env!("CARGO_BIN_EXE_cuibono"))
        .args(args)
        .env("NO_COLOR", "1")
        .output()
        .map_err(|e| format!("the program does not start: {e}"))?;
    if !out.status.success() {
        return Err(format!(
            "exit {:?} of `cuibono {}`: {}",
            out.status.code(),
            args.join(" "),
            String::from_utf8_lossy(&out.stderr).trim()
        ));
    }
    String::from_utf8(out.stdout).map_err(|e| e.to_string())
}

/// A file that goes when it is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(extension: &str, text: &str) -> Scratch {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("t{}-{}.{extension}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, text).expect("writing a scratch file");
        Scratch(path)
    }
    pub fn path(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

// ------------------------------------------------------------------------------------------------------------ writing

/// Parts per billion as percent, exactly.
pub fn percent(ppb: i64) -> String {
    let unit = ONE / 100;
    let (whole, rest) = (ppb / unit, ppb % unit);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{:07}", rest).trim_end_matches('0').to_string() }
}

/// Whether a plain edges file can say all of the graph: also that everybody has an interest. Two kinds of money rights of one pair go to the native format:
/// there they are one statement, of which the larger counts.
pub fn plain(g: &Graph) -> bool {
    let mut kinds = BTreeMap::new();
    let one_kind = |i: &Interest| *kinds.entry((i.owner, i.owned)).or_insert(i.kind) == i.kind;
    let named = |e: usize| g.interests.iter().any(|i| i.owner == e || i.owned == e);
    g.interests.iter().filter(|i| i.kind != "votingRights").all(one_kind)
        && (0..g.len()).all(named)
        && !g.complete.contains(&true)
        && g.interests.iter().all(|i| !i.indirect && !i.contested && !i.decisive && !bounded(i))
}

/// Whether a date is only bounded (`outer~inner`).
fn bounded(i: &Interest) -> bool {
    [&i.start, &i.end].iter().any(|d| d.as_ref().is_some_and(|d| d.contains('~')))
}

fn date(text: &str, outer_name: &str, inner_name: &str) -> Value {
    let Some((outer, inner)) = text.split_once('~') else {
        return json!(text);
    };
    if outer.is_empty() { json!({inner_name: inner}) } else { json!({outer_name: outer, inner_name: inner}) }
}

/// A plain edges file. Exact shares as `share`, closed ranges as `min,max`, open ends in interval notation.
pub fn csv(g: &Graph) -> String {
    let open = g.interests.iter().any(|i| i.min_open || i.max_open);
    let ranges = g.interests.iter().any(|i| !i.is_point());
    let dates = g.interests.iter().any(|i| i.start.is_some() || i.end.is_some());
    let mut out = String::from(if ranges && !open { "owner,owned,min,max,kind" } else { "owner,owned,share,kind" });
    let kinds = g.kinds.iter().any(|&k| k != "company");
    out.push_str(if dates { ",start,end" } else { "" });
    out.push_str(if kinds { ",owner_kind,owned_kind\n" } else { "\n" });
    for i in &g.interests {
        let (owner, owned) = (&g.names[i.owner], &g.names[i.owned]);
        let (min, max) = (percent(i.min), percent(i.max));
        let share = if ranges && !open {
            format!("{min},{max}")
        } else if i.is_point() {
            min
        } else {
            let (left, right) = (if i.min_open { '(' } else { '[' }, if i.max_open { ')' } else { ']' });
            format!("\"{left}{min},{max}{right}\"")
        };
        let _ = write!(out, "{owner},{owned},{share},{}", i.kind);
        if dates {
            let _ = write!(out, ",{},{}", i.start.as_deref().unwrap_or(""), i.end.as_deref().unwrap_or(""));
        }
        if kinds {
            let _ = write!(out, ",{},{}", g.kinds[i.owner], g.kinds[i.owned]);
        }
        out.push('\n');
    }
    out
}

pub fn native_share(i: &Interest) -> Option<Value> {
    if i.is_point() {
        return Some(json!(percent(i.min).parse::<f64>().unwrap()));
    }
    if (i.min, i.max, i.min_open, i.max_open) == (0, ONE, false, false) {
        return None;
    }
    let mut range = json!({
        "min": percent(i.min).parse::<f64>().unwrap(),
        "max": percent(i.max).parse::<f64>().unwrap(),
    });
    if i.min_open {
        range["min_open"] = json!(true);
    }
    if i.max_open {
        range["max_open"] = json!(true);
    }
    Some(range)
}

/// The native format. The rows of one pair are one statement.
pub fn native(g: &Graph) -> String {
    native_value(g).to_string()
}

pub fn native_value(g: &Graph) -> Value {
    let entities: Vec<Value> = g
        .names
        .iter()
        .zip(&g.kinds)
        .zip(&g.complete)
        .map(|((name, kind), &complete)| {
            let mut e = json!({"id": name, "name": name, "kind": kind});
            if complete {
                e["owners_complete"] = json!(true);
            }
            e
        })
        .collect();
    let interests: Vec<Value> = g
        .interests
        .iter()
        .enumerate()
        .map(|(x, i)| {
            let (owner, owned) = (&g.names[i.owner], &g.names[i.owned]);
            let mut v = json!({
                "id": format!("i{x}"), "owner": owner, "owned": owned, "kind": i.kind,
                "statement": format!("s-{owner}-{owned}"), "sources": ["source"],
            });
            if let Some(share) = native_share(i) {
                v["share"] = share;
            }
            if i.indirect {
                v["directness"] = json!("indirect");
            }
            if i.contested {
                v["contested"] = json!(true);
            }
            if i.decisive {
                v[if i.kind == "manager" { "controlling" } else { "majority" }] = json!(true);
            }
            if let Some(start) = &i.start {
                v["start"] = date(start, "not_before", "not_after");
            }
            if let Some(end) = &i.end {
                v["end"] = date(end, "not_after", "not_before");
            }
            v
        })
        .collect();
    json!({
        "cuibono": 1,
        "title": "made for a test",
        "sources": [{"id": "source", "title": "made for a test"}],
        "entities": entities,
        "interests": interests,
    })
}
