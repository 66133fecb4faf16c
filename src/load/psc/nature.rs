//! Natures of control: the register's codes, read by their pieces.
//!
//! A code is a right, then a band, a way through which it is held, and the body of rules, each where there is one:
//! `voting-rights-25-to-50-percent-as-trust-limited-liability-partnership`.

use crate::model::{InterestKind, Share, ShareRange};
use foldhash::quality::RandomState;
use std::collections::HashMap;

/// What one code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nature {
    pub kind: InterestKind,
    pub share: ShareRange,
    /// Whether the right by itself is certain control: most of the board.
    pub controlling: bool,
    /// What a reader should know of how the right is held.
    pub note: Option<&'static str>,
}

/// The size of a right in the code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// A band in percent.
    Band,
    /// None: the right is held whole.
    Whole,
    /// None, but the part of the country whose land is meant.
    Land,
}

struct Right {
    code: &'static str,
    kind: InterestKind,
    size: Size,
    controlling: bool,
}

const fn right(code: &'static str, kind: InterestKind, size: Size, controlling: bool) -> Right {
    Right { code, kind, size, controlling }
}

/// The register words every right to appoint as one over a majority of the board.
///
/// Where an overseas entity owns land as a nominee, the party is the one *for whom* it does. That makes the party neither
/// a nominee nor the owner of the entity itself, only somebody who may have a say in it.
const RIGHTS: [Right; 10] = [
    right("ownership-of-shares", InterestKind::Shareholding, Size::Band, false),
    right("voting-rights", InterestKind::VotingRights, Size::Band, false),
    right("right-to-share-surplus-assets", InterestKind::RightsToSurplusAssetsOnDissolution, Size::Band, false),
    right("part-right-to-share-surplus-assets", InterestKind::RightsToSurplusAssetsOnDissolution, Size::Band, false),
    right("right-to-appoint-and-remove-directors", InterestKind::AppointmentOfBoard, Size::Whole, true),
    right("right-to-appoint-and-remove-members", InterestKind::AppointmentOfBoard, Size::Whole, true),
    right("right-to-appoint-and-remove-person", InterestKind::AppointmentOfBoard, Size::Whole, true),
    right("significant-influence-or-control", InterestKind::OtherInfluenceOrControl, Size::Whole, false),
    right("registered-owner-as-nominee-person", InterestKind::OtherInfluenceOrControl, Size::Land, false),
    right("registered-owner-as-nominee-another-entity", InterestKind::OtherInfluenceOrControl, Size::Land, false),
];

/// Bands with their ends in percent and whether the lower one is open. The register's texts disagree on whether exactly
/// 75 % lies in the second or in the third: it is let into both.
const BANDS: [(&str, u32, u32, bool); 4] = [
    ("-25-to-50-percent", 25, 50, true),
    ("-50-to-75-percent", 50, 75, true),
    ("-75-to-100-percent", 75, 100, false),
    ("-more-than-25-percent", 25, 100, true),
];

/// How a right is held, with what that means for a body of the United Kingdom and for a registered overseas entity: in
/// the first case the party controls the trust or firm, in the second it is a trustee or a member of the firm.
const THROUGH: [(&str, &str, &str); 4] = [
    ("-as-control-over-trust", THROUGH_TRUST, THROUGH_TRUST),
    ("-as-control-over-firm", THROUGH_FIRM, THROUGH_FIRM),
    ("-as-trust", THROUGH_TRUST, "Held as a trustee of a trust."),
    ("-as-firm", THROUGH_FIRM, "Held as a member of a firm that is no legal person."),
];

const THROUGH_TRUST: &str = "Held through a trust that the party controls.";
const THROUGH_FIRM: &str = "Held through a firm that the party controls and that is no legal person.";

/// The land that an overseas entity owns as a nominee.
const LAND: [(&str, &str); 3] = [
    ("-england-wales", "The entity is the registered owner of land in England and Wales as a nominee for this party."),
    ("-scotland", "The entity is the registered owner of land in Scotland as a nominee for this party."),
    (
        "-northern-ireland",
        "The entity is the registered owner of land in Northern Ireland as a nominee for this party.",
    ),
];

const OVERSEAS: &str = "-registered-overseas-entity";
const BODIES: [&str; 2] = ["-limited-liability-partnership", OVERSEAS];

/// Codes that were read before: few stand in millions of records.
#[derive(Debug, Clone, Default)]
pub(super) struct Natures(HashMap<String, Nature, RandomState>);

impl Natures {
    /// What a code means, as [`parse`] tells it.
    pub(super) fn of(&mut self, code: &str) -> Option<Nature> {
        if let Some(&known) = self.0.get(code) {
            return Some(known);
        }
        // Only as many codes have a meaning as there are ways to put their pieces together.
        let nature = parse(code)?;
        self.0.insert(code.to_owned(), nature);
        Some(nature)
    }
}

/// What a code means; `None` where a piece of it is not known, stands twice or is missing.
fn parse(code: &str) -> Option<Nature> {
    let (right, mut rest) = RIGHTS.iter().find_map(|right| Some((right, code.strip_prefix(right.code)?)))?;
    let (mut band, mut through, mut land, mut body) = (None, None, None, None);
    while !rest.is_empty() {
        rest = piece(rest, &BANDS, |band| band.0, &mut band)
            .or_else(|| piece(rest, &THROUGH, |through| through.0, &mut through))
            .or_else(|| piece(rest, &LAND, |land| land.0, &mut land))
            .or_else(|| piece(rest, &BODIES, |body| body, &mut body))?;
    }
    let fits = band.is_some() == (right.size == Size::Band) && land.is_some() == (right.size == Size::Land);
    let overseas = body == Some(&OVERSEAS);
    let through = through.map(|&(_, domestic, abroad)| if overseas { abroad } else { domestic });
    fits.then(|| Nature {
        kind: right.kind,
        share: band.map_or(ShareRange::UNKNOWN, range),
        controlling: right.controlling,
        note: through.or(land.map(|&(_, note)| note)),
    })
}

/// Takes one piece of a group from the front, once.
fn piece<'c, T>(
    rest: &'c str,
    group: &'static [T],
    code: fn(&T) -> &str,
    found: &mut Option<&'static T>,
) -> Option<&'c str> {
    let (item, rest) = group.iter().find_map(|item| Some((item, rest.strip_prefix(code(item))?)))?;
    found.replace(item).is_none().then_some(rest)
}

fn range(&(_, min, max, min_open): &(&str, u32, u32, bool)) -> ShareRange {
    let percent = |value: u32| Share::from_ppb(value * 10_000_000);
    ShareRange::new(percent(min), percent(max), min_open, false).unwrap_or(ShareRange::UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The combinations that exist, as the register's own list counts them.
    fn every_code() -> Vec<String> {
        let bands = ["25-to-50-percent", "50-to-75-percent", "75-to-100-percent"];
        let through = ["", "-as-trust", "-as-firm"];
        let abroad = ["", "-as-trust", "-as-firm", "-as-control-over-trust", "-as-control-over-firm"];
        let mut codes = Vec::new();
        for way in through {
            for band in bands {
                codes.push(format!("ownership-of-shares-{band}{way}"));
                codes.push(format!("voting-rights-{band}{way}"));
                codes.push(format!("voting-rights-{band}{way}-limited-liability-partnership"));
                codes.push(format!("right-to-share-surplus-assets-{band}{way}-limited-liability-partnership"));
                codes.push(format!("part-right-to-share-surplus-assets-{band}{way}"));
            }
            codes.push(format!("right-to-appoint-and-remove-directors{way}"));
            codes.push(format!("right-to-appoint-and-remove-person{way}"));
            codes.push(format!("right-to-appoint-and-remove-members{way}-limited-liability-partnership"));
            codes.push(format!("significant-influence-or-control{way}"));
            codes.push(format!("significant-influence-or-control{way}-limited-liability-partnership"));
        }
        for way in abroad {
            for right in [
                "ownership-of-shares-more-than-25-percent",
                "voting-rights-more-than-25-percent",
                "right-to-appoint-and-remove-directors",
                "significant-influence-or-control",
            ] {
                codes.push(format!("{right}{way}-registered-overseas-entity"));
            }
        }
        for whom in ["person", "another-entity"] {
            for land in ["england-wales", "scotland", "northern-ireland"] {
                codes.push(format!("registered-owner-as-nominee-{whom}-{land}-registered-overseas-entity"));
            }
        }
        codes
    }

    #[test]
    fn all_86_codes_are_known_and_none_is_the_same_twice() {
        let mut codes = every_code();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 86);
        let (mut tally, mut natures) = (std::collections::BTreeMap::new(), Natures::default());
        for code in &codes {
            let nature = natures.of(code).unwrap_or_else(|| panic!("{code}"));
            assert_eq!((Some(nature), natures.of(code)), (parse(code), Some(nature)), "{code}");
            *tally.entry(format!("{} {}", nature.kind, nature.share)).or_insert(0) += 1;
            let through = code.contains("-as-trust")
                || code.contains("-as-firm")
                || code.contains("-as-control-over-")
                || code.contains("-as-nominee-");
            assert_eq!(nature.note.is_some(), through, "{code}");
            assert_eq!(nature.controlling, code.contains("appoint"), "{code}");
        }
        let tally: Vec<_> = tally.iter().map(|(what, count)| format!("{count} {what}")).collect();
        assert_eq!(
            tally,
            [
                "14 appointmentOfBoard ?",
                "17 otherInfluenceOrControl ?",
                "6 rightsToSurplusAssetsOnDissolution 75–100 %",
                "6 rightsToSurplusAssetsOnDissolution >25–50 %",
                "6 rightsToSurplusAssetsOnDissolution >50–75 %",
                "3 shareholding 75–100 %",
                "5 shareholding > 25 %",
                "3 shareholding >25–50 %",
                "3 shareholding >50–75 %",
                "6 votingRights 75–100 %",
                "5 votingRights > 25 %",
                "6 votingRights >25–50 %",
                "6 votingRights >50–75 %",
            ]
        );
    }

    #[test]
    fn a_code_of_each_shape_means_what_the_register_says() {
        let domestic_trust = "Held through a trust that the party controls.";
        let domestic_firm = "Held through a firm that the party controls and that is no legal person.";
        for (code, kind, share, controlling, note) in [
            ("ownership-of-shares-25-to-50-percent", "shareholding", "(25,50]", false, ""),
            ("ownership-of-shares-50-to-75-percent-as-trust", "shareholding", "(50,75]", false, domestic_trust),
            ("voting-rights-75-to-100-percent-as-firm", "votingRights", "[75,100]", false, domestic_firm),
            ("voting-rights-75-to-100-percent-limited-liability-partnership", "votingRights", "[75,100]", false, ""),
            (
                "right-to-share-surplus-assets-25-to-50-percent-as-firm-limited-liability-partnership",
                "rightsToSurplusAssetsOnDissolution",
                "(25,50]",
                false,
                domestic_firm,
            ),
            (
                "part-right-to-share-surplus-assets-50-to-75-percent",
                "rightsToSurplusAssetsOnDissolution",
                "(50,75]",
                false,
                "",
            ),
            ("right-to-appoint-and-remove-directors", "appointmentOfBoard", "", true, ""),
            ("right-to-appoint-and-remove-person-as-trust", "appointmentOfBoard", "", true, domestic_trust),
            ("right-to-appoint-and-remove-members-limited-liability-partnership", "appointmentOfBoard", "", true, ""),
            ("significant-influence-or-control-as-firm", "otherInfluenceOrControl", "", false, domestic_firm),
            (
                "ownership-of-shares-more-than-25-percent-as-trust-registered-overseas-entity",
                "shareholding",
                ">25",
                false,
                "Held as a trustee of a trust.",
            ),
            (
                "voting-rights-more-than-25-percent-as-control-over-trust-registered-overseas-entity",
                "votingRights",
                ">25",
                false,
                domestic_trust,
            ),
            (
                "significant-influence-or-control-as-firm-registered-overseas-entity",
                "otherInfluenceOrControl",
                "",
                false,
                "Held as a member of a firm that is no legal person.",
            ),
            (
                "right-to-appoint-and-remove-directors-as-control-over-firm-registered-overseas-entity",
                "appointmentOfBoard",
                "",
                true,
                domestic_firm,
            ),
            (
                "registered-owner-as-nominee-another-entity-scotland-registered-overseas-entity",
                "otherInfluenceOrControl",
                "",
                false,
                "The entity is the registered owner of land in Scotland as a nominee for this party.",
            ),
            // Seen in a stream: all pieces, in another order.
            ("ownership-of-shares-as-trust-25-to-50-percent", "shareholding", "(25,50]", false, domestic_trust),
        ] {
            let nature = parse(code).unwrap_or_else(|| panic!("{code}"));
            let expected = (kind, ShareRange::parse(share).expect(share), controlling, note);
            assert_eq!((nature.kind.as_str(), nature.share, nature.controlling, nature.note.unwrap_or("")), expected);
        }
    }

    #[test]
    fn codes_with_unknown_or_missing_pieces_are_not_guessed() {
        for code in [
            "",
            "ownership-of-shares",
            "ownership-of-shares-10-to-25-percent",
            "ownership-of-shares-25-to-50-percent-as-bank",
            "ownership-of-shares-25-to-50-percent-50-to-75-percent",
            "right-to-appoint-and-remove-directors-25-to-50-percent",
            "registered-owner-as-nominee-person",
            "significant-influence-or-control-scotland",
            "golden-share",
        ] {
            assert_eq!(parse(code), None, "{code}");
            assert_eq!(Natures::default().of(code), None, "{code}");
        }
    }
}
