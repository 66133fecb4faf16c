//! The rules of law as data: which measure, how much of it, `≥` or `>`, whose holdings add up, from which day.
//!
//! Adding a rule is adding a row to [`RULES`]; a new text of a rule is a new [`Version`]. Nothing here is legal advice.
//! Derivations and readings: `reference/theory.md` section 4 of the project's notes.

use super::control::Threshold;
use crate::error::{Error, Result};
use crate::model::{AsOf, InterestKind, Layer, Share};
use serde::Serialize;

/// A rule with all its texts.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// The identifier that `--rule` takes.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it decides.
    pub decides: Decides,
    /// Its texts, oldest first.
    pub versions: &'static [Version],
}

/// What a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decides {
    /// Whether the property of an entity is blocked (`screen`).
    Blocking,
    /// Who is a beneficial owner (`beneficial-owners-of`).
    BeneficialOwner,
    /// Which parent consolidates it (`controllers-of`; the interests of kind `parent`).
    UltimateParent,
    /// Which entities are closely linked (`close-links`).
    CloseLink,
}

/// One text of a rule.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Version {
    /// The day from which it applies, `YYYY-MM-DD`.
    pub from: &'static str,
    /// Any of these suffices.
    pub tests: &'static [Test],
    /// Whose holdings are added up.
    pub adds_up: AddsUp,
    /// The law and where in it.
    pub source: &'static str,
    /// What a reader should know of how the text was turned into tests.
    pub reading: &'static str,
}

/// Whose holdings are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddsUp {
    /// Those of all parties that the rule asks about.
    Everybody,
    /// Those of one party with what it controls, and of parties that act jointly.
    OneParty,
}

/// One condition of a rule.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Test {
    /// What is measured.
    #[serde(flatten)]
    pub measure: Measure,
    /// The layers in which it is measured; the larger figure counts.
    pub layers: &'static [Layer],
    /// How much it takes; of control, how much of the votes.
    pub limit: Limit,
    /// Article or paragraph.
    pub article: &'static str,
}

/// What a condition measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "measure", content = "roles", rename_all = "kebab-case")]
pub enum Measure {
    /// The direct holdings of the set that grows from a list: the entity joins the set.
    Holdings,
    /// The effective share: products along chains, sums over chains.
    Effective,
    /// What a party holds directly and what everything in which it has a majority stake holds directly, each in full.
    Attributed,
    /// What the entities that a party controls hold directly, alone or together.
    HeldByControlled,
    /// The effective share in an entity that controls the subject.
    InController,
    /// Control: the votes of the party and of what it controls, or a right that gives control without a share.
    Control,
    /// A right of the party, or of what it has a majority stake in, that gives control without a share.
    Right,
    /// An office, whatever is held.
    Office(&'static [InterestKind]),
    /// An office that counts only where nobody meets another test.
    OfficeIfNobody(&'static [InterestKind]),
    /// The interests of kind `parent`, followed to their end.
    Consolidation,
}

impl Measure {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Measure::Holdings => "holdings",
            Measure::Effective => "effective",
            Measure::Attributed => "attributed",
            Measure::HeldByControlled => "held-by-controlled",
            Measure::InController => "in-controller",
            Measure::Control => "control",
            Measure::Right => "right",
            Measure::Office(_) => "office",
            Measure::OfficeIfNobody(_) => "office-if-nobody",
            Measure::Consolidation => "consolidation",
        }
    }
}

/// How much a condition takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The figure.
    pub share: Share,
    /// Whether exactly the figure suffices.
    pub or_more: bool,
}

impl Limit {
    /// As a threshold of votes or holdings.
    pub fn threshold(self) -> Threshold {
        if self.or_more { Threshold::AtLeast(self.share) } else { Threshold::MoreThan(self.share) }
    }
}

impl std::fmt::Display for Limit {
    /// `≥ 25 %` or `> 25 %`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} %", if self.or_more { "≥" } else { ">" }, self.share)
    }
}

impl Serialize for Limit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Rule {
    /// The rule with this identifier, which must decide `what`.
    pub fn find(id: &str, what: Decides) -> Result<&'static Rule> {
        let of_kind = || RULES.iter().filter(|rule| rule.decides == what);
        of_kind().find(|rule| rule.id.eq_ignore_ascii_case(id)).ok_or_else(|| {
            let known: Vec<&str> = of_kind().map(|rule| rule.id).collect();
            Error::usage(format!(
                "no such rule: {id:?}; there are {} (`cuibono rules` explains them)",
                known.join(", ")
            ))
        })
    }

    /// The text that applies on a day; before the first one the first, and a caution that says so.
    pub fn on(&self, day: AsOf) -> (&'static Version, Option<String>) {
        let day = day.to_string();
        let applies = self.versions.iter().rev().find(|version| version.from <= day.as_str());
        match (applies, self.versions) {
            (Some(version), _) => (version, None),
            (None, [first, ..]) => {
                let caution =
                    format!("{} applies only from {}; its text is used as if it applied", self.id, first.from);
                (first, Some(caution))
            }
            (None, []) => unreachable!("a rule has a text"),
        }
    }
}

const HALF: Share = Share::from_ppb(500_000_000);
const QUARTER: Share = Share::from_ppb(250_000_000);
const FIFTH: Share = Share::from_ppb(200_000_000);

const HALF_OR_MORE: Limit = Limit { share: HALF, or_more: true };
const MORE_THAN_HALF: Limit = Limit { share: HALF, or_more: false };
const QUARTER_OR_MORE: Limit = Limit { share: QUARTER, or_more: true };
const MORE_THAN_QUARTER: Limit = Limit { share: QUARTER, or_more: false };

const CAPITAL: &[Layer] = &[Layer::Capital];
const VOTES: &[Layer] = &[Layer::Votes];
const BOTH: &[Layer] = &[Layer::Capital, Layer::Votes];

const SENIOR_MANAGERS: &[InterestKind] = &[InterestKind::SeniorManagingOfficial];

const fn test(measure: Measure, layers: &'static [Layer], limit: Limit, article: &'static str) -> Test {
    Test { measure, layers, limit, article }
}

/// Every rule that the program knows.
pub const RULES: &[Rule] = &[
    Rule {
        id: "ofac",
        title: "US OFAC 50 Percent Rule",
        decides: Decides::Blocking,
        versions: &[
            Version {
                from: "2008-02-14",
                tests: &[test(Measure::Holdings, BOTH, HALF_OR_MORE, "guidance of 2008-02-14")],
                adds_up: AddsUp::OneParty,
                source: "US Treasury, OFAC, Guidance on Entities Owned by Persons Whose Property and Interests in Property Are Blocked, 14 February 2008",
                reading: "Half or more, held by a single blocked person, directly or through entities that are blocked for that reason.",
            },
            Version {
                from: "2014-08-13",
                tests: &[test(Measure::Holdings, BOTH, HALF_OR_MORE, "guidance of 2014-08-13; FAQ 398-402")],
                adds_up: AddsUp::Everybody,
                source: "US Treasury, OFAC, Revised Guidance on Entities Owned by Persons Whose Property and Interests in Property Are Blocked, 13 August 2014; FAQ 398-402",
                reading: "Half or more in the aggregate, directly or through entities that are themselves blocked; no multiplication; control alone never blocks; the larger of capital and votes.",
            },
        ],
    },
    Rule {
        id: "eu",
        title: "EU asset freeze: owned or controlled by listed persons",
        decides: Decides::Blocking,
        versions: &[
            Version {
                from: "2008-04-24",
                tests: &[
                    test(Measure::Holdings, BOTH, MORE_THAN_HALF, "Best Practices, ownership"),
                    test(Measure::Control, VOTES, MORE_THAN_HALF, "Best Practices, control"),
                ],
                adds_up: AddsUp::Everybody,
                source: "Council of the EU, Best Practices for the effective implementation of restrictive measures (8666/08 and later texts before 3 July 2024)",
                reading: "More than half of the proprietary rights in the aggregate, or control. Control may be rebutted: a step by a right is a flag.",
            },
            Version {
                from: "2024-07-03",
                tests: &[
                    test(Measure::Holdings, BOTH, HALF_OR_MORE, "Best Practices 2024, ownership"),
                    test(Measure::Control, VOTES, MORE_THAN_HALF, "Best Practices 2024, control"),
                ],
                adds_up: AddsUp::Everybody,
                source: "Council of the EU, update of the EU Best Practices for the effective implementation of restrictive measures, 3 July 2024 (11623/24)",
                reading: "Half or more of the proprietary rights in the aggregate, or control. Control may be rebutted: a step by a right is a flag.",
            },
        ],
    },
    Rule {
        id: "uk",
        title: "UK OFSI: owned or controlled directly or indirectly",
        decides: Decides::Blocking,
        versions: &[Version {
            from: "2018-11-22",
            tests: &[
                test(Measure::Holdings, BOTH, MORE_THAN_HALF, "reg. 7, condition 1(a), (b)"),
                test(Measure::Control, VOTES, MORE_THAN_HALF, "reg. 7, condition 1(c) and condition 2"),
            ],
            adds_up: AddsUp::OneParty,
            source: "Sanctions and Anti-Money Laundering Act 2018, section 62; the regulations made under it, regulation 7 and Schedule 1; OFSI general guidance, Ownership and Control",
            reading: "More than half of shares or votes, or control, by one designated person with what it controls; holdings of unrelated designated persons are not added unless they act jointly (--jointly).",
        }],
    },
    Rule {
        id: "eu-amlr",
        title: "EU Anti-Money-Laundering Regulation: beneficial owners of legal entities",
        decides: Decides::BeneficialOwner,
        versions: &[Version {
            from: "2027-07-10",
            tests: &[
                test(Measure::Effective, BOTH, QUARTER_OR_MORE, "art. 52"),
                test(Measure::Control, VOTES, MORE_THAN_HALF, "art. 53"),
                test(Measure::HeldByControlled, BOTH, QUARTER_OR_MORE, "art. 54(a)"),
                test(Measure::InController, BOTH, QUARTER_OR_MORE, "art. 54(b)"),
                test(Measure::OfficeIfNobody(SENIOR_MANAGERS), VOTES, QUARTER_OR_MORE, "art. 63(4)"),
            ],
            adds_up: AddsUp::OneParty,
            source: "Regulation (EU) 2024/1624, arts 51-55",
            reading: "25 % or more by multiplication along chains and addition over them; or control (50 % plus one, or other means); or the two combinations of art. 54. Trusts are looked through by the interests stated in them (art. 55).",
        }],
    },
    Rule {
        id: "fincen",
        title: "US FinCEN beneficial ownership information",
        decides: Decides::BeneficialOwner,
        versions: &[Version {
            from: "2024-01-01",
            tests: &[
                test(Measure::Effective, BOTH, QUARTER_OR_MORE, "(d)(2)"),
                test(Measure::Control, VOTES, MORE_THAN_HALF, "(d)(1)"),
                test(Measure::Office(SENIOR_MANAGERS), VOTES, QUARTER_OR_MORE, "(d)(1)(i)(A)"),
            ],
            adds_up: AddsUp::OneParty,
            source: "31 CFR 1010.380",
            reading: "25 % or more of the ownership interests, the greater of capital and votes, multiplied through intermediates; or substantial control, of which a senior officer has it by office. Since March 2025 only foreign reporting companies report.",
        }],
    },
    Rule {
        id: "uk-psc",
        title: "UK register of people with significant control",
        decides: Decides::BeneficialOwner,
        versions: &[Version {
            from: "2016-04-06",
            tests: &[
                test(Measure::Attributed, CAPITAL, MORE_THAN_QUARTER, "Sch. 1A para. 2"),
                test(Measure::Attributed, VOTES, MORE_THAN_QUARTER, "Sch. 1A para. 3"),
                test(Measure::Right, VOTES, MORE_THAN_HALF, "Sch. 1A paras 4-6"),
            ],
            adds_up: AddsUp::OneParty,
            source: "Companies Act 2006, Part 21A and Schedule 1A",
            reading: "More than 25 %, held directly or through entities in which the person has a majority stake, each holding in full and nothing multiplied; stated bands are judged as they stand, each holder whole. Companies that keep such a register themselves (UK companies) are registrable in place of those behind them.",
        }],
    },
    Rule {
        id: "fatf",
        title: "FATF Recommendation 24: beneficial owners of legal persons",
        decides: Decides::BeneficialOwner,
        versions: &[Version {
            from: "2012-02-16",
            tests: &[
                test(Measure::Effective, BOTH, MORE_THAN_QUARTER, "INR.24 and INR.10 para. 5(b)(i.i)"),
                test(Measure::Control, VOTES, MORE_THAN_HALF, "INR.10 para. 5(b)(i.ii)"),
                test(Measure::OfficeIfNobody(SENIOR_MANAGERS), VOTES, MORE_THAN_QUARTER, "INR.10 para. 5(b)(i.iii)"),
            ],
            adds_up: AddsUp::OneParty,
            source: "FATF Recommendations 10 and 24 with their interpretive notes",
            reading: "A controlling ownership interest, for example more than 25 % (countries set the figure: --at-least, --threshold); control by other means; else the senior managing official.",
        }],
    },
    Rule {
        id: "gleif-ultimate-parent",
        title: "GLEIF level 2: ultimate accounting consolidating parent",
        decides: Decides::UltimateParent,
        versions: &[Version {
            from: "2017-05-01",
            tests: &[test(Measure::Consolidation, VOTES, MORE_THAN_HALF, "ROC, LEI relationship data")],
            adds_up: AddsUp::OneParty,
            source: "Regulatory Oversight Committee, Collecting data on direct and ultimate parents of legal entities in the Global LEI System, Phase 1, 10 March 2016; LEI-CDF level 2",
            reading: "The highest entity whose consolidated statements include the child: no test of shares; the reported parents are interests of kind `parent`, which certainly control.",
        }],
    },
    Rule {
        id: "ecb-close-links",
        title: "ECB monetary policy: close links",
        decides: Decides::CloseLink,
        versions: &[Version {
            from: "2015-05-01",
            tests: &[test(Measure::Effective, CAPITAL, Limit { share: FIFTH, or_more: true }, "art. 138(2)")],
            adds_up: AddsUp::OneParty,
            source: "Guideline (EU) 2015/510 (ECB/2014/60), art. 138",
            reading: "20 % or more of the capital, directly or through other undertakings, in either direction, or a third party with 20 % or more of both. The exceptions of the article (public bodies, covered bonds) are left to the reader.",
        }],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn on(id: &str, day: &str) -> (&'static Version, Option<String>) {
        RULES.iter().find(|rule| rule.id == id).expect(id).on(day.parse().expect("day"))
    }

    #[test]
    fn the_text_follows_from_the_day() {
        assert_eq!(on("eu", "2024-07-02").0.tests[0].limit, MORE_THAN_HALF);
        assert_eq!(on("eu", "2024-07-03").0.tests[0].limit, HALF_OR_MORE);
        assert_eq!(on("ofac", "2014-08-12").0.adds_up, AddsUp::OneParty);
        assert_eq!(on("ofac", "2014-08-13").0.adds_up, AddsUp::Everybody);
        assert!(on("eu-amlr", "2026-01-01").1.is_some_and(|caution| caution.contains("2027-07-10")));
        assert!(on("eu-amlr", "2027-07-10").1.is_none());
    }

    #[test]
    fn texts_stand_in_order_and_every_day_is_one() {
        for rule in RULES {
            assert!(!rule.versions.is_empty() && rule.versions.is_sorted_by_key(|version| version.from), "{}", rule.id);
            assert!(
                rule.versions.iter().all(|version| version.from.parse::<crate::model::Day>().is_ok()),
                "{}",
                rule.id
            );
        }
    }
}
