//! What this program kept in annotations, where the standard has no place for it.

use super::schema::{Annotation, List, text};
use crate::model::{InterestKind, Remark};

/// The remarks of one statement.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// On the party that it describes.
    pub party: Remark,
    /// On its interests, by position.
    interests: Vec<(usize, Remark)>,
}

const DETAILS: &str = "/recordDetails";

/// What stands before a kind of interest that the standard has not.
const OWN_KIND: &str = "cuibono:";

impl Remarks {
    pub(super) fn of(annotations: &List<Annotation<'_>>) -> Self {
        let mut remarks = Remarks::default();
        for annotation in &annotations.0 {
            let Some(remark) = text(&annotation.description).and_then(Remark::parse) else { continue };
            let target = text(&annotation.statement_pointer_target).and_then(|target| target.strip_prefix(DETAILS));
            let position = target.and_then(|target| target.strip_prefix("/interests/")?.parse().ok());
            match (target, position) {
                (Some(""), _) => remarks.party = remark,
                (_, Some(position)) => remarks.interests.push((position, remark)),
                _ => {}
            }
        }
        remarks
    }

    /// The remark on an interest.
    pub(super) fn interest(&self, position: usize) -> Option<&Remark> {
        self.interests.iter().find(|(own, _)| *own == position).map(|(_, remark)| remark)
    }
}

/// The kind that details begin with, and what follows it.
pub(super) fn own_kind(details: &str) -> Option<(InterestKind, &str)> {
    let rest = details.strip_prefix(OWN_KIND)?;
    let (code, note) = rest.split_once(' ').unwrap_or((rest, ""));
    Some((code.parse().ok()?, note))
}
