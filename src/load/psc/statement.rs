//! What a company states instead of a person, or beside one, and why some need not state anything.

/// A statement in plain English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement {
    pub text: &'static str,
    /// The name of the party that exists by this statement and is not named anywhere.
    pub somebody: Option<&'static str>,
}

const fn fact(code: &'static str, text: &'static str) -> (&'static str, Statement) {
    (code, Statement { text, somebody: None })
}

const fn party(code: &'static str, text: &'static str, somebody: &'static str) -> (&'static str, Statement) {
    (code, Statement { text, somebody: Some(somebody) })
}

const UNIDENTIFIED: &str = "Person not named (not identified by the company)";
const UNCONFIRMED: &str = "Person not named (details not confirmed)";
const SILENT: &str = "Person not named (did not answer the company)";
const UNKNOWN_OWNER: &str = "Beneficial owner not named (not identified by the entity)";
const WITHHELD_OWNER: &str = "Beneficial owner not named (information not provided)";

/// The statements of companies (each also with `-partnership`) and of overseas entities. The first one stands in the data
/// with its misspelling.
const STATEMENTS: [(&str, Statement); 22] = [
    fact(
        "no-individual-or-entity-with-signficant-control",
        "The company states that it has no registrable person with significant control.",
    ),
    fact(
        "no-individual-or-entity-with-significant-control",
        "The company states that it has no registrable person with significant control.",
    ),
    party(
        "psc-exists-but-not-identified",
        "The company states that it has a person with significant control whom it has not identified.",
        UNIDENTIFIED,
    ),
    party(
        "psc-details-not-confirmed",
        "The company states that it has identified a person with significant control whose details are not confirmed.",
        UNCONFIRMED,
    ),
    fact(
        "steps-to-find-psc-not-yet-completed",
        "The company states that it has not yet finished finding out whether it has a person with significant control.",
    ),
    party(
        "psc-contacted-but-no-response",
        "The company states that somebody whom it asked about significant control has not answered.",
        SILENT,
    ),
    fact(
        "psc-has-failed-to-confirm-changed-details",
        "The company states that a person with significant control has not confirmed changed details.",
    ),
    party(
        "restrictions-notice-issued-to-psc",
        "The company states that it has restricted the interest of somebody who has not answered it.",
        SILENT,
    ),
    party(
        "awaiting-confirmation-from-psc",
        "The company states that it awaits the confirmation of a person with significant control.",
        UNCONFIRMED,
    ),
    fact(
        "all-beneficial-owners-identified",
        "The entity states that it has identified all beneficial owners and can give all information on them.",
    ),
    fact("no-beneficial-owner-identified", "The entity states that it has identified no beneficial owner."),
    party(
        "at-least-one-beneficial-owner-unidentified",
        "The entity states that it has not identified all beneficial owners.",
        UNKNOWN_OWNER,
    ),
    party(
        "information-not-provided-for-at-least-one-beneficial-owner",
        "The entity states that it cannot give all information on at least one beneficial owner.",
        WITHHELD_OWNER,
    ),
    party(
        "at-least-one-beneficial-owner-unidentified-and-information-not-provided-for-at-least-one-beneficial-owner",
        "The entity states that it has not identified all beneficial owners and cannot give all information on at least \
         one.",
        UNKNOWN_OWNER,
    ),
    fact(
        "nobody-has-become-or-ceased-to-be-a-beneficial-owner",
        "The entity states that nobody became or ceased to be a beneficial owner in the period of its update.",
    ),
    fact(
        "somebody-has-become-or-ceased-to-be-a-beneficial-owner",
        "The entity states that somebody became or ceased to be a beneficial owner in the period of its update.",
    ),
    fact(
        "no-change-beneficial-owner-relevant-period",
        "The entity states that nobody became or ceased to be a beneficial owner in the relevant period.",
    ),
    fact(
        "change-beneficial-owner-relevant-period",
        "The entity states that somebody became or ceased to be a beneficial owner in the relevant period.",
    ),
    fact(
        "no-trust-involved-relevant-period",
        "The entity states that no beneficial owner was a trustee in the relevant period.",
    ),
    fact(
        "trust-involved-relevant-period",
        "The entity states that a beneficial owner was a trustee in the relevant period.",
    ),
    fact(
        "no-change-beneficiary-relevant-period",
        "The entity states that nobody became or ceased to be a beneficiary of a trust in the relevant period.",
    ),
    fact(
        "change-beneficiary-relevant-period",
        "The entity states that somebody became or ceased to be a beneficiary of a trust in the relevant period.",
    ),
];

/// Why a company need not keep a register of persons with significant control.
const EXEMPTIONS: [(&str, &str); 5] = [
    ("disclosure_transparency_rules_chapter_five_applies", "the disclosure rules for listed companies apply to it"),
    ("psc_exempt_as_shares_admitted_on_market", "its shares are admitted to a listed market"),
    ("psc_exempt_as_trading_on_regulated_market", "its shares are traded on a regulated market"),
    (
        "psc_exempt_as_trading_on_uk_regulated_market",
        "its shares are traded on a regulated market of the United Kingdom",
    ),
    (
        "psc_exempt_as_trading_on_eu_regulated_market",
        "its shares are traded on a regulated market of the European Union",
    ),
];

/// What a code says; `None` where it is not known.
pub(super) fn statement(code: &str) -> Option<Statement> {
    let code = code.strip_suffix("-partnership").unwrap_or(code);
    STATEMENTS.iter().find(|(known, _)| *known == code).map(|&(_, statement)| statement)
}

/// The reason of an exemption; `None` where it is not known.
pub(super) fn exemption(code: &str) -> Option<&'static str> {
    EXEMPTIONS.iter().find(|(known, _)| *known == code).map(|&(_, reason)| reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_28_statements_are_known() {
        let companies = STATEMENTS.iter().filter(|(code, _)| {
            (code.contains("psc") || code.starts_with("no-individual")) && *code != "awaiting-confirmation-from-psc"
        });
        let companies: Vec<_> = companies.filter(|(code, _)| !code.contains("-significant-")).collect();
        assert_eq!(companies.len(), 7);
        for (code, known) in &companies {
            assert_eq!(statement(&format!("{code}-partnership")), Some(*known));
        }
        let overseas = STATEMENTS.iter().filter(|(code, _)| code.contains("benefici") || code.contains("trust-"));
        assert_eq!(overseas.count(), 13);
        assert_eq!(statement("awaiting-confirmation-from-psc").and_then(|known| known.somebody), Some(UNCONFIRMED));
        assert_eq!(statement("something-else"), None);
    }

    #[test]
    fn only_statements_of_somebody_who_is_not_named_make_a_party() {
        let with_party = STATEMENTS.iter().filter(|(_, statement)| statement.somebody.is_some());
        assert_eq!(
            with_party.map(|(code, _)| *code).collect::<Vec<_>>(),
            [
                "psc-exists-but-not-identified",
                "psc-details-not-confirmed",
                "psc-contacted-but-no-response",
                "restrictions-notice-issued-to-psc",
                "awaiting-confirmation-from-psc",
                "at-least-one-beneficial-owner-unidentified",
                "information-not-provided-for-at-least-one-beneficial-owner",
                "at-least-one-beneficial-owner-unidentified-and-information-not-provided-for-at-least-one-beneficial-owner",
            ]
        );
    }
}
