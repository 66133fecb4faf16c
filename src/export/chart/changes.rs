//! Two charts of one structure on two days, as one: what came, what went, what became different.

use super::ChartOptions;
use crate::diagram::{Change, Cluster, Diagram, Footnote, Line, LineMarks, LineStyle, PartyBox};
use crate::error::Result;
use crate::graph::{NodeId, View};
use std::collections::HashMap;

/// One chart of what stands around `subject`, or of everything, on the days of two views: what is on either, marked where
/// they differ.
///
/// A line is the same on both days when it leads between the same parties and is of the same sort (a share, or control
/// without one). A party came, or went, when all of its lines did.
///
/// # Errors
/// If only lines of control are asked for and a view is of all days.
pub fn changes(views: [View<'_>; 2], subject: Option<NodeId>, options: &ChartOptions) -> Result<Diagram> {
    let [earlier, later] = super::on_two_days(views, subject, options)?;
    let days = views.map(|view| view.as_of().to_string());
    let subtitle = super::subtitle(format!("changes from {} to {}", days[0], days[1]), views[1], &options.cut);
    Ok(Diagram { subtitle, ..merged(&earlier, &later) })
}

/// The charts of both days on one sheet, a frame around each.
///
/// # Errors
/// As with [`changes`].
pub fn side_by_side(views: [View<'_>; 2], subject: Option<NodeId>, options: &ChartOptions) -> Result<Diagram> {
    let on = |view| super::of_one_day(view, subject, options);
    Ok(framed(&on(views[0])?, &on(views[1])?))
}

fn merged(earlier: &Diagram, later: &Diagram) -> Diagram {
    let mut sheet = Sheet::of(later);
    let places = sheet.add_boxes(earlier);
    let known: HashMap<Key<'_>, usize> = keys(later).into_iter().zip(0..).collect();
    let mut lines: Vec<Line> = later.lines.iter().map(|line| Line { change: Change::Added, ..line.clone() }).collect();
    for (line, key) in earlier.lines.iter().zip(keys(earlier)) {
        match known.get(&key) {
            Some(&at) => lines[at] = sheet.on_both_days(line, &later.lines[at], earlier),
            None => lines.push(sheet.moved(line, &places, earlier, Change::Removed)),
        }
    }
    let mut diagram = Diagram { lines, omissions: omissions(earlier, later), ..sheet.diagram };
    mark_boxes(&mut diagram);
    diagram
}

fn framed(earlier: &Diagram, later: &Diagram) -> Diagram {
    let mut sheet = Sheet::of(earlier);
    let first = sheet.diagram.boxes.len();
    sheet.diagram.boxes.extend(later.boxes.iter().cloned());
    let places: Vec<usize> = (first..sheet.diagram.boxes.len()).collect();
    for line in &later.lines {
        let moved = sheet.moved(line, &places, later, Change::None);
        sheet.diagram.lines.push(moved);
    }
    let frame = |day: &Diagram, boxes| Cluster { id: day.subtitle.clone(), label: day.subtitle.clone(), boxes };
    let clusters = vec![frame(earlier, (0..first).collect()), frame(later, places)];
    Diagram { subtitle: String::new(), clusters, omissions: omissions(earlier, later), ..sheet.diagram }
}

/// What is left out on either day; the day is named where it differs.
fn omissions(earlier: &Diagram, later: &Diagram) -> Vec<String> {
    let of_day = |diagram: &Diagram, other: &Diagram| -> Vec<String> {
        let only_here = diagram.omissions.iter().filter(|words| !other.omissions.contains(words));
        only_here.map(|words| format!("{words} ({})", diagram.subtitle)).collect()
    };
    let both = later.omissions.iter().filter(|words| earlier.omissions.contains(words)).cloned();
    both.chain(of_day(earlier, later)).chain(of_day(later, earlier)).collect()
}

/// What makes a line the same on both days: its ends, its sort, and which of several of this sort it is.
type Key<'d> = (&'d str, &'d str, bool, usize);

fn keys(diagram: &Diagram) -> Vec<Key<'_>> {
    let mut counts: HashMap<(&str, &str, bool), usize> = HashMap::new();
    let id = |place: usize| diagram.boxes.get(place).map_or("", |party| party.id.as_str());
    let key = |line: &Line| {
        let (owner, owned, control) = (id(line.owner), id(line.owned), line.style == LineStyle::Control);
        let count = counts.entry((owner, owned, control)).or_default();
        *count += 1;
        (owner, owned, control, *count)
    };
    diagram.lines.iter().map(key).collect()
}

/// The chart that grows, and the numbers of its footnotes by their text.
struct Sheet {
    diagram: Diagram,
    numbers: HashMap<String, u32>,
}

impl Sheet {
    fn of(diagram: &Diagram) -> Self {
        let numbers = diagram.footnotes.iter().map(|note| (note.text.clone(), note.number)).collect();
        Self { diagram: diagram.clone(), numbers }
    }

    /// Adds the parties that are not there; where each of the other chart now stands.
    fn add_boxes(&mut self, other: &Diagram) -> Vec<usize> {
        let known: HashMap<String, usize> =
            self.diagram.boxes.iter().enumerate().map(|(place, party)| (party.id.clone(), place)).collect();
        let mut places = Vec::with_capacity(other.boxes.len());
        for (old, party) in other.boxes.iter().enumerate() {
            let place = known.get(&party.id).copied().unwrap_or_else(|| {
                self.diagram.boxes.push(PartyBox { footnotes: Vec::new(), ..party.clone() });
                self.diagram.boxes.len() - 1
            });
            if let Some(cluster) = other.clusters.iter().find(|cluster| cluster.boxes.contains(&old)) {
                self.join_cluster(cluster, place);
            }
            places.push(place);
        }
        places
    }

    fn join_cluster(&mut self, cluster: &Cluster, place: usize) {
        let clusters = &mut self.diagram.clusters;
        if clusters.iter().any(|known| known.boxes.contains(&place)) {
            return;
        }
        match clusters.iter_mut().find(|known| known.id == cluster.id) {
            Some(known) => known.boxes.push(place),
            None => clusters.push(Cluster { boxes: vec![place], ..cluster.clone() }),
        }
    }

    /// A line of another chart on this one.
    fn moved(&mut self, line: &Line, places: &[usize], from: &Diagram, change: Change) -> Line {
        let (owner, owned) = (places[line.owner], places[line.owned]);
        Line { owner, owned, change, footnotes: self.footnotes(line, from), ..line.clone() }
    }

    /// A line that stands on both.
    fn on_both_days(&mut self, earlier: &Line, later: &Line, from: &Diagram) -> Line {
        let words = [earlier, later].map(|line| match line.mark_words().join(", ") {
            words if words.is_empty() => "certain".to_owned(),
            words => words,
        });
        if earlier.label == later.label && words[0] == words[1] {
            return later.clone();
        }
        let before_and_after = |before: &str, after: &str| format!("{before} → {after}");
        let mut label = later.label.clone();
        if earlier.label != later.label {
            label = before_and_after(&earlier.label, &later.label);
        }
        let mut marks = later.marks;
        if words[0] != words[1] {
            // The words of both days stand in the label.
            marks = LineMarks { in_circle: later.marks.in_circle, ..LineMarks::default() };
            label = format!("{label}, {}", before_and_after(&words[0], &words[1]));
        }
        let mut footnotes = self.footnotes(earlier, from);
        footnotes.extend(&later.footnotes);
        footnotes.sort_unstable();
        footnotes.dedup();
        let mut evidence = earlier.evidence.clone();
        evidence.extend(later.evidence.iter().filter(|words| !earlier.evidence.contains(words)).cloned());
        let mut statements = earlier.statements.clone();
        statements.extend(later.statements.iter().filter(|id| !earlier.statements.contains(id)).cloned());
        Line { label, marks, footnotes, statements, evidence, change: Change::Changed, ..later.clone() }
    }

    /// The numbers that the footnotes of a line of another chart have on this one.
    fn footnotes(&mut self, line: &Line, from: &Diagram) -> Vec<u32> {
        let mut numbers = Vec::new();
        for number in &line.footnotes {
            let Some(note) = from.footnotes.iter().find(|note| note.number == *number) else { continue };
            let next = self.diagram.footnotes.iter().map(|note| note.number).max().unwrap_or(0) + 1;
            let number = *self.numbers.entry(note.text.clone()).or_insert(next);
            if number == next {
                self.diagram.footnotes.push(Footnote { number, ..note.clone() });
            }
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

fn mark_boxes(diagram: &mut Diagram) {
    for (place, party) in diagram.boxes.iter_mut().enumerate() {
        let of_party = |line: &&Line| line.owner == place || line.owned == place;
        let mut changes = diagram.lines.iter().filter(of_party).map(|line| line.change);
        let Some(first) = changes.next() else { continue };
        if matches!(first, Change::Added | Change::Removed) && changes.all(|change| change == first) {
            party.change = first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(names: &[&str], lines: &[(usize, usize, &str)]) -> Diagram {
        let party = |name: &&str| PartyBox { id: (*name).into(), name: (*name).into(), ..PartyBox::default() };
        let line = |&(owner, owned, label): &(usize, usize, &str)| Line {
            owner,
            owned,
            label: label.into(),
            footnotes: vec![1],
            ..Line::default()
        };
        let note = Footnote { number: 1, text: format!("source of {}", names[0]), url: None };
        Diagram {
            boxes: names.iter().map(party).collect(),
            lines: lines.iter().map(line).collect(),
            footnotes: vec![note],
            ..Diagram::default()
        }
    }

    #[test]
    fn what_came_went_and_changed_is_marked_with_its_own_sources() {
        let earlier = day(&["X", "Old", "Stays"], &[(1, 0, "70 %"), (2, 0, "30 %"), (2, 1, "1 %")]);
        let mut later = day(&["X", "New", "Stays"], &[(1, 0, "60 %"), (2, 0, "40 %")]);
        later.footnotes[0].text = "another".into();
        let chart = merged(&earlier, &later);
        let lines: Vec<_> =
            chart.lines.iter().map(|line| (line.label.as_str(), line.change, line.footnotes.clone())).collect();
        let expected = [
            ("60 %", Change::Added, vec![1]),
            ("30 % → 40 %", Change::Changed, vec![1, 2]),
            ("70 %", Change::Removed, vec![2]),
            ("1 %", Change::Removed, vec![2]),
        ];
        assert_eq!(lines, expected);
        let boxes: Vec<_> = chart.boxes.iter().map(|party| (party.name.as_str(), party.change)).collect();
        let expected = [("X", Change::None), ("New", Change::Added), ("Stays", Change::None), ("Old", Change::Removed)];
        assert_eq!(boxes, expected);
        let notes: Vec<_> = chart.footnotes.iter().map(|note| (note.number, note.text.as_str())).collect();
        assert_eq!(notes, [(1, "another"), (2, "source of X")]);
    }

    #[test]
    fn a_line_that_became_certain_says_so() {
        let mut earlier = day(&["X", "A"], &[(1, 0, "?")]);
        earlier.lines[0].marks.possible = true;
        let later = day(&["X", "A"], &[(1, 0, "?")]);
        let chart = merged(&earlier, &later);
        assert_eq!(chart.lines[0].label, "?, possible → certain");
        assert_eq!(chart.lines[0].change, Change::Changed);
        assert!(merged(&later, &later).lines.iter().all(|line| line.change == Change::None));
    }

    #[test]
    fn both_days_stand_in_frames_of_their_own() {
        let mut earlier = day(&["X", "A"], &[(1, 0, "?")]);
        earlier.subtitle = "as of 2019-01-01".into();
        let chart = framed(&earlier, &day(&["X"], &[]));
        assert_eq!(chart.boxes.len(), 3);
        assert_eq!(chart.clusters[0].boxes, [0, 1]);
        assert_eq!(chart.clusters[1].boxes, [2]);
        assert_eq!(chart.clusters[0].label, "as of 2019-01-01");
    }
}
