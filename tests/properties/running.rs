//! Puts properties to many graphs, and makes one that fails smaller.

use super::*;

pub type Verdict = Result<(), String>;

/// Puts a property to many graphs; `make` may say that a seed does not fit.
pub fn hold(allow: Allow, property: impl Fn(&Graph, u64) -> Verdict) {
    let number = |k: &str| std::env::var(k).ok().and_then(|v| v.parse::<u64>().ok());
    let seeds = match number("CUIBONO_SEED") {
        Some(one) => one..one + 1,
        None => 0..number("CUIBONO_CASES").unwrap_or(60),
    };
    for seed in seeds {
        let mut g = random(seed, allow);
        let Err(mut why) = property(&g, seed) else {
            continue;
        };
        // Smaller while it still fails.
        let mut smaller = true;
        while smaller {
            smaller = false;
            for x in 0..g.interests.len() {
                let mut less = g.clone();
                less.interests.remove(x);
                if !fits(&less) {
                    continue;
                }
                if let Err(e) = property(&less, seed) {
                    (g, why, smaller) = (less, e, true);
                    break;
                }
            }
        }
        panic!("CUIBONO_SEED={seed}\n{}\n{why}", show(&g));
    }
}

pub fn show(g: &Graph) -> String {
    let mut out = String::new();
    for i in &g.interests {
        let (left, right) = (if i.min_open { '(' } else { '[' }, if i.max_open { ')' } else { ']' });
        out += &format!(
            "  {} -> {} {left}{}, {}{right} {}{}{}{}{}\n",
            g.names[i.owner],
            g.names[i.owned],
            support::percent(i.min),
            support::percent(i.max),
            i.kind,
            if i.indirect { " indirect" } else { "" },
            if i.contested { " contested" } else { "" },
            if i.decisive { " decisive" } else { "" },
            match (&i.start, &i.end) {
                (None, None) => String::new(),
                (a, b) => format!(" {}..{}", a.as_deref().unwrap_or(""), b.as_deref().unwrap_or("")),
            },
        );
    }
    let complete: Vec<&str> = (0..g.len()).filter(|&j| g.complete[j]).map(|j| g.names[j].as_str()).collect();
    out + &format!("  owners complete: {}", complete.join(" "))
}

pub fn that(ok: bool, why: impl FnOnce() -> String) -> Verdict {
    if ok { Ok(()) } else { Err(why()) }
}

pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE
}

/// `(min, max)` of the effective share of every owner, absent ones 0.
pub fn shares(g: &Graph, o: &Owners) -> Vec<(f64, f64)> {
    g.names.iter().map(|n| o.owners.get(n).map_or((0.0, 0.0), |h| (h.effective.min, h.effective.max))).collect()
}

pub fn verdicts(g: &Graph, c: &BTreeMap<String, Certainty>) -> Vec<Certainty> {
    g.names.iter().map(|n| c.get(n).copied().unwrap_or(Certainty::None)).collect()
}
