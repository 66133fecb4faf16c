//! The golden file: cases with shares as fractions of 1.

use crate::oracle::{Graph, Interest, ONE};
use serde_json::Value;
use std::path::Path;

pub struct Case {
    pub id: String,
    pub kind: String,
    pub question: String,
    pub status: String,
    pub edges: Vec<Value>,
    pub params: Value,
    /// `recomputed`: equals `expected` except for published errors and printed roundings.
    pub expected: Value,
    pub tolerance: f64,
}

/// The cases, or why there are none.
pub fn load() -> Result<Vec<Case>, String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [package.join("tests/golden/cases.json"), package.join("../shared/golden/cases.json")];
    let Some(path) = places.iter().find(|p| p.is_file()) else {
        return Err("neither tests/golden/cases.json nor ../shared/golden/cases.json is here".to_string());
    };
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let file: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let cases = file["cases"].as_array().ok_or("no list `cases`")?;
    Ok(cases
        .iter()
        .map(|c| Case {
            id: c["id"].as_str().unwrap().to_string(),
            kind: c["kind"].as_str().unwrap().to_string(),
            question: c["question"].as_str().unwrap_or_default().to_string(),
            status: c["status"].as_str().unwrap_or_default().to_string(),
            edges: c["edges"].as_array().unwrap().clone(),
            params: c["params"].clone(),
            expected: c["recomputed"].clone(),
            tolerance: c["tolerance"].as_f64().unwrap_or(1e-9),
        })
        .collect())
}

/// A number of the file, in percent: a plain fraction of 1, or `{"fraction": "46/47", "decimal": …}`.
pub fn percent_of(v: &Value) -> Option<f64> {
    if let Some(x) = v.as_f64() {
        return Some(x * 100.0);
    }
    let (n, d) = v["fraction"].as_str()?.split_once('/')?;
    Some(n.parse::<f64>().ok()? * 100.0 / d.parse::<f64>().ok()?)
}

/// A share of the file in parts per billion. Fractions that are no whole number of parts are rounded down, so that
/// columns do not pass 100 %.
pub fn ppb(v: &Value) -> i64 {
    if let Some(fraction) = v["fraction"].as_str() {
        let (n, d) = fraction.split_once('/').expect("a fraction");
        return n.parse::<i64>().unwrap() * ONE / d.parse::<i64>().unwrap();
    }
    (v.as_f64().expect("a share") * ONE as f64).round() as i64
}

/// Names as ids: lower case, no spaces.
pub fn plain_name(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// Names of the case in order of appearance.
pub fn names(edges: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for e in edges {
        for k in ["owner", "owned"] {
            let name = plain_name(e[k].as_str().unwrap());
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The case as a graph: `share`, `min`/`max` with open ends, `votes`/`capital`, dates, and the ranges of the remainder from
/// `params.rest` (`[0, 0]`: a complete register; `[0, x]`: a complete register with one unnamed holder of `[0, x]`).
pub fn graph(case: &Case) -> Graph {
    let mut g = Graph::new(names(&case.edges));
    for e in &case.edges {
        let end = |k: &str| g.index(&plain_name(e[k].as_str().unwrap()));
        let (owner, owned) = (end("owner"), end("owned"));
        let date = |k: &str| e[k].as_str().map(str::to_string);
        let with = |i: Interest| Interest { start: date("from"), end: date("to"), ..i };
        if e.get("share").is_some() {
            g.interests.push(with(Interest::exact(owner, owned, ppb(&e["share"]))));
        } else if e.get("min").is_some() {
            g.interests.push(with(Interest {
                min_open: e["min_open"].as_bool().unwrap_or(false),
                max_open: e["max_open"].as_bool().unwrap_or(false),
                ..Interest::range(owner, owned, ppb(&e["min"]), ppb(&e["max"]))
            }));
        } else {
            g.interests.push(with(Interest::exact(owner, owned, ppb(&e["capital"]))));
            let second = if case.id == "INT-03" { "rightsToProfitOrIncome" } else { "votingRights" };
            g.interests.push(with(Interest { kind: second, ..Interest::exact(owner, owned, ppb(&e["votes"])) }));
        }
    }
    for (name, range) in case.params["rest"].as_object().into_iter().flatten() {
        let owned = g.index(&plain_name(name));
        g.complete[owned] = true;
        let (low, high) = (ppb(&range[0]), ppb(&range[1]));
        if high > 0 {
            let unnamed = g.add(format!("rest-of-{}", plain_name(name)));
            g.kinds[unnamed] = "unknown";
            g.interests.push(Interest::range(unnamed, owned, low, high));
        }
    }
    g
}
