//! Primary statements sum up a chain, component statements are its links.
//!
//! A primary statement is read as an indirect interest and its components as direct ones, so that the chain carries the
//! shares and the primary is a floor beneath them. Often a component only says that there is a link ("related, kind not
//! given"), or names a right without a share. The chain that the primary calls a shareholding would then be broken, and
//! the share would count twice: for the intermediary and for whoever stands behind it. Such a link therefore gets an
//! inferred interest of the primary's kind, whose share is not known.

use super::series::{Key, Version, versions_of};
use crate::error::Result;
use crate::graph::GraphBuilder;
use crate::graph::columns::InterestParts;
use crate::model::{Directness, InterestKind, Layer, Mark, ShareRange};
use std::collections::HashSet;

/// A statement that sums up others.
#[derive(Debug)]
pub(super) struct Primary {
    /// Its id, as the reason of what is inferred.
    pub statement: String,
    /// What it says is held through the chain, of the kinds that shares lead through.
    pub kinds: Vec<InterestKind>,
    /// Its components: records or statements.
    pub components: Vec<Key>,
}

/// Whether shares lead through interests of this kind.
pub(super) fn carries_shares(kind: InterestKind) -> bool {
    [Layer::Capital, Layer::Votes].into_iter().any(|layer| layer.counts(kind))
}

/// Completes the chains of primary statements.
pub(super) fn link(builder: &mut GraphBuilder, primaries: &[Primary], versions: &[Version]) -> Result<()> {
    let mut inferred: HashSet<(u32, InterestKind)> = HashSet::new();
    for primary in primaries {
        for version in primary.components.iter().flat_map(|&key| versions_of(versions, key)) {
            for &kind in &primary.kinds {
                if version.count > 0 && !leads(builder, version, kind) && inferred.insert((version.first, kind)) {
                    infer(builder, version.first, kind, &primary.statement)?;
                }
            }
        }
    }
    Ok(())
}

/// Whether a link has an interest of its own in every layer in which this kind counts.
fn leads(builder: &GraphBuilder, version: &Version, kind: InterestKind) -> bool {
    let layers = [Layer::Capital, Layer::Votes].into_iter().filter(|layer| layer.counts(kind));
    let kinds = || (version.first..version.first + version.count).map(|number| builder.stated_interest(number).kind());
    layers.into_iter().all(|layer| kinds().any(|kind| layer.counts(kind)))
}

fn infer(builder: &mut GraphBuilder, like: u32, kind: InterestKind, statement: &str) -> Result<()> {
    let parts = builder.interest_like(like);
    let directness = match parts.directness {
        Directness::Indirect => Directness::Unknown,
        stated => stated,
    };
    let marks = parts.marks.with(Mark::Inferred, true);
    let number = builder.interest(&InterestParts { kind, share: ShareRange::UNKNOWN, directness, marks, ..parts })?;
    let note = format!("A link of the chain through which statement {statement} says that {} is held", kind.words());
    builder.interest_id(number, &format!("{statement}#component-{number}"));
    builder.interest_note(number, &note);
    Ok(())
}
