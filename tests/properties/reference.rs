//! The reference by other means.

use super::*;

/// The reference by other means: value iteration from zero with the greedy choice in every company (free share to the best,
/// or to the worst, first), in floats.
#[test]
fn the_reference_agrees_with_value_iteration() {
    hold(Allow { indirect: true, ..ALL }, |g, _| {
        let cols = columns(g, Layer::Capital, Ends::Stated, false);
        let exact = effective(g, Layer::Capital);
        for i in 0..g.len() {
            for high in [false, true] {
                let mut h = vec![0.0; g.len()];
                h[i] = 1.0;
                for _ in 0..4000 {
                    let mut next = h.clone();
                    for j in (0..g.len()).filter(|&j| j != i) {
                        let c = &cols.of[j];
                        let mut holders: Vec<(f64, i64, i64)> = c.holders.iter().map(|x| (h[x.0], x.1, x.2)).collect();
                        holders.push((0.0, c.rest.0, c.rest.1));
                        holders.sort_by(|a, b| if high { b.0.total_cmp(&a.0) } else { a.0.total_cmp(&b.0) });
                        let mut free = ONE - holders.iter().map(|x| x.1).sum::<i64>();
                        next[j] = 0.0;
                        for (value, low, most) in holders {
                            let more = free.min(most - low);
                            free -= more;
                            next[j] += value * (low + more) as f64 / ONE as f64;
                        }
                        for f in cols.floors.iter().filter(|f| (f.0, f.1) == (i, j)) {
                            next[j] = next[j].max(if high { f.3 } else { f.2 } as f64 / ONE as f64);
                        }
                    }
                    h = next;
                }
                for j in (0..g.len()).filter(|&j| j != i) {
                    let want = if high { exact[i][j].max } else { exact[i][j].min }.percent();
                    that((h[j] * 100.0 - want).abs() < 1e-6, || {
                        format!("{} in {}, high {high}: {} by iteration, {want}", g.names[i], g.names[j], h[j] * 100.0)
                    })?;
                }
            }
        }
        Ok(())
    });
}
