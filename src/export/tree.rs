//! A chart as an indented tree of text, for a terminal.

use crate::diagram::{Diagram, Line};
use crate::escape::visible::spelled as visible;

/// In which direction a tree grows from its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// Below a party stand those who hold it.
    Owners,
    /// Below a party stands what it holds.
    Holdings,
}

/// The tree of a chart from the box `root`, a line of text for each line of the chart.
///
/// A party that is met again is named and not unfolded again: `(above)` where its own branches stand further up, `↺` where
/// it is one of those from which the branch comes, as in a circle.
///
/// ```
/// use cuibono::diagram::{Diagram, Line, PartyBox};
/// use cuibono::export::tree::{Growth, to_string};
///
/// let party = |name: &str| PartyBox { name: name.into(), ..PartyBox::default() };
/// let chart = Diagram {
///     boxes: vec![party("Acme"), party("Holding")],
///     lines: vec![Line { owner: 1, owned: 0, label: "60 %".into(), ..Line::default() }],
///     ..Diagram::default()
/// };
/// assert_eq!(to_string(&chart, 0, Growth::Owners), "Acme (company · ?)\n└─ 60 %  Holding (company · ?)\n");
/// ```
#[must_use]
pub fn to_string(diagram: &Diagram, root: usize, growth: Growth) -> String {
    let mut tree = Tree { diagram, growth, unfolded: vec![false; diagram.boxes.len()], text: String::new() };
    tree.grow(root);
    tree.text
}

struct Tree<'d> {
    diagram: &'d Diagram,
    growth: Growth,
    unfolded: Vec<bool>,
    text: String,
}

/// A branch that is yet to be written: its line, the party it leads to, and whether it is the last of its siblings.
struct Branch<'d> {
    line: &'d Line,
    party: usize,
    last: bool,
    depth: usize,
}

impl<'d> Tree<'d> {
    /// Depth first with a stack of its own, since a chain may be longer than the program's stack is deep.
    fn grow(&mut self, root: usize) {
        self.text = format!("{}\n", self.party(root));
        let mut waiting = self.branches(root, 0);
        let mut trunk: Vec<(usize, bool)> = vec![(root, true)];
        while let Some(branch) = waiting.pop() {
            trunk.truncate(branch.depth + 1);
            let circle = trunk.iter().any(|&(party, _)| party == branch.party);
            for &(_, last) in &trunk[1..] {
                self.text.push_str(if last { "   " } else { "│  " });
            }
            self.text.push_str(if branch.last { "└─ " } else { "├─ " });
            self.text.push_str(&self.words(branch.line));
            self.text.push_str("  ");
            self.text.push_str(&self.party(branch.party));
            match (circle, self.unfolded[branch.party]) {
                (true, _) => self.text.push_str(" ↺"),
                (false, true) => self.text.push_str(" (above)"),
                (false, false) => {
                    trunk.push((branch.party, branch.last));
                    waiting.extend(self.branches(branch.party, branch.depth + 1));
                }
            }
            self.text.push('\n');
        }
    }

    /// The branches of a party, the first of them last, so that it is taken first. A party without any may be met again.
    fn branches(&mut self, of: usize, depth: usize) -> Vec<Branch<'d>> {
        let leads = |line: &&'d Line| match self.growth {
            Growth::Owners => line.owned == of,
            Growth::Holdings => line.owner == of,
        };
        let lines: Vec<&Line> = self.diagram.lines.iter().filter(leads).collect();
        self.unfolded[of] = !lines.is_empty();
        let other = |line: &Line| match self.growth {
            Growth::Owners => line.owner,
            Growth::Holdings => line.owned,
        };
        let last = lines.len().saturating_sub(1);
        let branch = |(at, line): (usize, &'d Line)| Branch { line, party: other(line), last: at == last, depth };
        lines.into_iter().enumerate().map(branch).rev().collect()
    }

    /// `60 %, possible`
    fn words(&self, line: &Line) -> String {
        let mut words = vec![visible(&line.label)];
        words.extend(line.mark_words().into_iter().map(str::to_owned));
        words.retain(|word| !word.is_empty());
        words.join(", ")
    }

    /// `Acme (company · LU, listed)`
    fn party(&self, index: usize) -> String {
        let party = &self.diagram.boxes[index];
        let mut words = vec![party.meta()];
        words.extend(party.notes.iter().map(|note| visible(note)));
        words.extend(party.flag_words().into_iter().map(str::to_owned));
        format!("{} ({})", party.drawn_name(), words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::PartyBox;

    fn chart(lines: &[(usize, usize, &str)]) -> Diagram {
        let party = |name: &str| PartyBox { name: name.into(), jurisdiction: Some("GB".into()), ..PartyBox::default() };
        let line = |&(owner, owned, label): &(usize, usize, &str)| Line {
            owner,
            owned,
            label: label.into(),
            ..Line::default()
        };
        Diagram {
            boxes: ["A", "B", "C", "D"].map(party).into(),
            lines: lines.iter().map(line).collect(),
            ..Diagram::default()
        }
    }

    #[test]
    fn a_party_met_again_is_not_unfolded_again() {
        let chart = chart(&[(1, 0, "60 %"), (2, 0, "40 %"), (3, 1, "?"), (3, 2, "100 %"), (1, 3, "5 %")]);
        let expected = "A (company · GB)\n\
                        ├─ 60 %  B (company · GB)\n\
                        │  └─ ?  D (company · GB)\n\
                        │     └─ 5 %  B (company · GB) ↺\n\
                        └─ 40 %  C (company · GB)\n\
                        \u{20}  └─ 100 %  D (company · GB) (above)\n";
        assert_eq!(to_string(&chart, 0, Growth::Owners), expected);
        assert_eq!(to_string(&chart, 2, Growth::Holdings), "C (company · GB)\n└─ 40 %  A (company · GB)\n");
    }

    #[test]
    fn names_cannot_forge_lines() {
        let mut chart = chart(&[(1, 0, "1 %")]);
        chart.boxes[1].name = "X\n└─ 100 %  Evil\u{1b}[2J".into();
        let text = to_string(&chart, 0, Growth::Owners);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(!text.contains('\u{1b}'));
    }
}
