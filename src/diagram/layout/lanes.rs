//! Lanes: with clusters, each one is a column of the chart.

use crate::diagram::Diagram;

/// Which lane each box stands in, and which cluster each lane shows.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// Lane of each box.
    pub of_box: Vec<usize>,
    /// Cluster of each lane, from left to right; `None` for the lane of boxes outside all clusters.
    pub cluster: Vec<Option<usize>>,
}

/// Orders the clusters so that lines between them are short. Without clusters there is one lane.
pub(super) fn lanes(diagram: &Diagram) -> Lanes {
    let count = diagram.clusters.len();
    let mut of_box = vec![count; diagram.boxes.len()];
    for (number, cluster) in diagram.clusters.iter().enumerate() {
        for index in &cluster.boxes {
            if of_box.get(*index) == Some(&count) {
                of_box[*index] = number;
            }
        }
    }
    let mut used: Vec<usize> = of_box.clone();
    used.sort_unstable();
    used.dedup();
    let order = arrange(diagram, &of_box, used);
    let place = |cluster: usize| order.iter().position(|other| *other == cluster).unwrap_or(0);
    Lanes {
        of_box: of_box.iter().map(|cluster| place(*cluster)).collect(),
        cluster: order.iter().map(|cluster| (*cluster < count).then_some(*cluster)).collect(),
    }
}

/// Moves single clusters while that shortens the lines between clusters.
fn arrange(diagram: &Diagram, of_box: &[usize], mut order: Vec<usize>) -> Vec<usize> {
    let mut between: std::collections::BTreeMap<(usize, usize), i64> = std::collections::BTreeMap::new();
    for line in &diagram.lines {
        let (a, b) = (of_box[line.owner], of_box[line.owned]);
        if a != b {
            *between.entry((a.min(b), a.max(b))).or_default() += 1;
        }
    }
    let cost = |order: &[usize]| {
        let mut place = vec![0i64; diagram.clusters.len() + 1];
        order.iter().enumerate().for_each(|(at, cluster)| place[*cluster] = at as i64);
        between.iter().map(|((a, b), weight)| (place[*a] - place[*b]).abs() * weight).sum::<i64>()
    };
    let mut best = cost(&order);
    for _ in 0..if order.len() > 40 { 1 } else { 8 } {
        let before = best;
        for from in 0..order.len() {
            for to in 0..order.len() {
                let mut tried = order.clone();
                let cluster = tried.remove(from);
                tried.insert(to, cluster);
                let now = cost(&tried);
                if now < best {
                    (best, order) = (now, tried);
                }
            }
        }
        if best == before {
            break;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::{Cluster, Line, PartyBox};

    #[test]
    fn linked_clusters_stand_side_by_side() {
        let cluster = |boxes: &[usize]| Cluster { boxes: boxes.to_vec(), ..Cluster::default() };
        let line = |owner, owned| Line { owner, owned, ..Line::default() };
        let diagram = Diagram {
            boxes: vec![PartyBox::default(); 4],
            clusters: vec![cluster(&[0]), cluster(&[1]), cluster(&[2, 0])],
            lines: vec![line(0, 2), line(0, 2), line(2, 1)],
            ..Diagram::default()
        };
        let lanes = lanes(&diagram);
        assert_eq!(lanes.of_box[0].abs_diff(lanes.of_box[2]), 1);
        assert_eq!(lanes.of_box[1].abs_diff(lanes.of_box[2]), 1);
        assert_eq!(lanes.cluster.iter().filter(|cluster| cluster.is_none()).count(), 1);
    }

    #[test]
    fn one_lane_without_clusters() {
        let diagram = Diagram { boxes: vec![PartyBox::default(); 2], ..Diagram::default() };
        assert_eq!(lanes(&diagram).cluster, [None]);
    }
}
