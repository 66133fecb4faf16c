//! What matters of the columns of a region for the shares of owners.

use crate::query::block::most;
use crate::query::column::WHOLE;
use crate::query::region::Region;

/// What matters of a column for the high end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// Every share is exact.
    Exact,
    /// Every owner can hold its most at the same time.
    Roomy,
    /// The same, but with an open bound that another owner's room may make up for.
    RoomyOpen,
    /// Two owners or more compete for the free rest.
    Contended,
}

impl ColumnKind {
    /// That of an entity's column.
    pub(super) fn of(region: &Region<'_>, entity: u32) -> Self {
        let links = region.links(entity);
        if links.iter().all(|link| link.low == link.high && !link.low_open && !link.high_open) {
            return ColumnKind::Exact;
        }
        let wanted: u64 = links.iter().map(|link| most(region, entity, link).0).sum();
        let competing = links.iter().filter(|link| link.low != link.high).count();
        match competing {
            0 | 1 => ColumnKind::Roomy,
            _ if wanted > WHOLE => ColumnKind::Contended,
            _ if links.iter().any(|link| link.low_open || link.high_open) => ColumnKind::RoomyOpen,
            _ => ColumnKind::Roomy,
        }
    }

    /// Whether its owners compete, or one may make up for another.
    pub(super) fn competes(self) -> bool {
        matches!(self, ColumnKind::Contended | ColumnKind::RoomyOpen)
    }
}

/// What an answer about an entity needs beyond a walk, because of its column or one above it. Nothing else in the region plays a
/// part: an answer from a part of the data that holds everybody above takes the same way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Needs {
    pub solver: bool,
    pub floors: bool,
}

impl Needs {
    /// For each entity; linear.
    pub(super) fn of(region: &Region<'_>) -> Vec<Self> {
        let mut needs = vec![Self::default(); region.len()];
        for members in region.components() {
            let mut all = Self::default();
            for &member in members {
                all.solver |= needs_solver(region, member);
                all.floors |= !region.floors_in(member).is_empty();
                all = region.owners(member).iter().fold(all, |all, &owner| all.and(needs[owner as usize]));
            }
            members.iter().for_each(|&member| needs[member as usize] = all);
        }
        needs
    }

    fn and(self, other: Self) -> Self {
        Self { solver: self.solver || other.solver, floors: self.floors || other.floors }
    }
}

/// Whether a walk does not give the ends of a column: in a complete register with ranges, where what one owner does not hold
/// another must, and beside a share that is only known to be more than nothing.
fn needs_solver(region: &Region<'_>, entity: u32) -> bool {
    region.has_bound_slack(entity) || region.links(entity).iter().any(|link| link.low == 0 && link.low_open)
}
