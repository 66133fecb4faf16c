//! Entities that are closely linked by capital: one holds enough of the other, or a third party of both.
//!
//! Measure and threshold come from the rule `ecb-close-links` (Guideline (EU) 2015/510, art. 138) of
//! [`rules`](super::rules): the effective share, at least 20 %.

use super::effective::{End, Target, chances};
use super::integrated::Integrated;
use super::region::Region;
use super::rules::{Decides, Limit, Rule, Version};
use super::verdict::Verdict;
use super::{PercentRange, one_day};
use crate::error::{Error, Result};
use crate::graph::{Entity, NodeId, View};
use crate::model::AsOf;
use serde::Serialize;
use std::collections::BTreeMap;

/// The answer to "who is closely linked with X?".
#[derive(Debug, Clone, Serialize)]
pub struct CloseLinks<'g> {
    /// The entity asked about.
    pub subject: Entity<'g>,
    /// The rule.
    pub rule: &'static str,
    /// The text of it that was used.
    pub version: Version,
    /// The share that makes a close link.
    pub threshold: Limit,
    /// The day.
    pub as_of: AsOf,
    /// One row for each linked entity and way; certain ones first.
    pub links: Vec<CloseLink<'g>>,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// One close link.
#[derive(Debug, Clone, Serialize)]
pub struct CloseLink<'g> {
    /// The other entity.
    pub entity: Entity<'g>,
    /// Which way it is linked.
    pub link: Way,
    /// The third party that holds enough of both.
    pub via: Option<Entity<'g>>,
    /// The effective share: of the subject in the entity (`holds`), of the entity in the subject (`held-by`), of the third
    /// party in the entity (`common-owner`).
    pub share: PercentRange,
    /// The effective share of the third party in the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_in_subject: Option<PercentRange>,
    /// `certain` or `possible`: with all shares that the sources allow, or with some.
    pub status: &'static str,
}

/// Which way two entities are linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The subject holds the other.
    Holds,
    /// The other holds the subject.
    HeldBy,
    /// A third party holds both.
    CommonOwner,
}

impl Way {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Holds => "holds",
            Way::HeldBy => "held-by",
            Way::CommonOwner => "common-owner",
        }
    }
}

impl<'g> View<'g> {
    /// Who is closely linked with `subject`; `limit` replaces the rule's threshold.
    pub fn close_links(self, subject: NodeId, limit: Option<Limit>) -> Result<CloseLinks<'g>> {
        one_day(self)?;
        let rule = Rule::find("ecb-close-links", Decides::CloseLink)?;
        let (version, caution) = rule.on(self.as_of());
        let [test] = version.tests else {
            return Err(Error::usage("the rule of close links has one test"));
        };
        let view = self.layer(test.layers[0]);
        let limit = limit.unwrap_or(test.limit);
        let search = Search { view, subject, limit };
        let owners = search.owners()?;
        let mut links = search.held(subject, |entity, share| search.row(entity, Way::Holds, share, None))?;
        for (&owner, &share) in &owners {
            links.extend(search.row(owner, Way::HeldBy, share, None));
            links.extend(
                search.held(owner, |entity, of_both| {
                    search.row(entity, Way::CommonOwner, of_both, Some((owner, share)))
                })?,
            );
        }
        let order = |link: &CloseLink<'_>| (link.status, link.link);
        links.sort_by(|a, b| {
            let via = |link: &CloseLink<'g>| link.via.map(Entity::id);
            order(a).cmp(&order(b)).then(a.entity.id().cmp(b.entity.id())).then(via(a).cmp(&via(b)))
        });
        Ok(CloseLinks {
            subject: self.graph().entity(subject),
            rule: rule.id,
            version: *version,
            threshold: limit,
            as_of: self.as_of(),
            links,
            warnings: caution.into_iter().collect(),
        })
    }
}

struct Search<'g> {
    view: View<'g>,
    subject: NodeId,
    limit: Limit,
}

impl<'g> Search<'g> {
    /// Who holds, or may hold, enough of the subject.
    fn owners(&self) -> Result<BTreeMap<NodeId, PercentRange>> {
        let mut integrated = Integrated::new(Region::above(self.view, self.subject));
        let Some(subject) = integrated.region().local(self.subject) else {
            return Ok(BTreeMap::new());
        };
        let shares = integrated.owners_of(subject)?;
        let enough = shares.into_iter().filter(|(_, share)| Verdict::of(share, self.limit) > Verdict::NotMet);
        Ok(enough.map(|(owner, share)| (integrated.region().node(owner), share)).collect())
    }

    /// The entities of which an owner holds, or may hold, enough, as rows.
    fn held(
        &self,
        owner: NodeId,
        row: impl Fn(NodeId, PercentRange) -> Option<CloseLink<'g>>,
    ) -> Result<Vec<CloseLink<'g>>> {
        let region = Region::below(self.view, &[owner]);
        let Some(local) = region.local(owner) else {
            return Ok(Vec::new());
        };
        let low = chances(&region, Target::Owners(&[local]), End::Low)?;
        let high = chances(&region, Target::Owners(&[local]), End::High)?;
        let others = (0..region.len() as u32).filter(|&other| ![owner, self.subject].contains(&region.node(other)));
        let share = |other: u32| PercentRange::from_chances(low[other as usize], high[other as usize]);
        Ok(others.filter_map(|other| row(region.node(other), share(other))).collect())
    }

    /// A row where the share, and that of the third party in the subject, are or may be enough.
    fn row(
        &self,
        entity: NodeId,
        link: Way,
        share: PercentRange,
        third: Option<(NodeId, PercentRange)>,
    ) -> Option<CloseLink<'g>> {
        let mut verdict = Verdict::of(&share, self.limit);
        if let Some((_, in_subject)) = &third {
            verdict = verdict.min(Verdict::of(in_subject, self.limit));
        }
        let status = match verdict {
            Verdict::Met => "certain",
            Verdict::CannotTell => "possible",
            Verdict::NotMet => return None,
        };
        Some(CloseLink {
            entity: self.view.graph().entity(entity),
            link,
            via: third.map(|(node, _)| self.view.graph().entity(node)),
            share,
            share_in_subject: third.map(|(_, share)| share),
            status,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::load::Loader;

    fn links(rows: &str) -> Vec<String> {
        let mut loader = Loader::new();
        loader.read_text("edges.csv", &format!("owner,owned,share\n{rows}")).expect("edges");
        let graph = loader.finish().expect("graph");
        let subject = graph.node_by_id("X").expect("X");
        let answer = graph.view("2026-01-01".parse().expect("day")).close_links(subject, None).expect("answer");
        let via = |link: &super::CloseLink<'_>| link.via.map_or(String::new(), |via| format!(" via {}", via.id()));
        answer
            .links
            .iter()
            .map(|link| format!("{} {} {}{}", link.status, link.link.as_str(), link.entity.id(), via(link)))
            .collect()
    }

    #[test]
    fn products_of_exactly_a_fifth_link_and_less_does_not() {
        assert_eq!(links("X,A,50\nA,Y,40\n"), ["certain holds A", "certain holds Y"]);
        assert_eq!(links("X,A,50\nA,Y,39.9\n"), ["certain holds A"]);
    }

    #[test]
    fn a_common_owner_links_when_it_has_enough_of_both() {
        assert_eq!(links("Z,X,20\nZ,Y,90\n"), ["certain held-by Z", "certain common-owner Y via Z"]);
        assert!(links("Z,X,19\nZ,Y,90\n").is_empty());
        assert_eq!(links("Z,X,10-30\nZ,Y,90\n"), ["possible held-by Z", "possible common-owner Y via Z"]);
    }
}
