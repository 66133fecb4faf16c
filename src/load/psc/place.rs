//! Places and nationalities as filers word them, and whose register a number belongs to.

use super::row::{Identification, text};
use crate::model::identifier::{COMPANIES_HOUSE, company_number};
use crate::model::text::trim;
use crate::model::{Identifier, jurisdiction};
use foldhash::quality::RandomState;
use std::collections::HashMap;

/// The code of the United Kingdom.
pub(super) const UK: &str = "GB";

/// Nationalities as the register words them most often, without the names of countries, which are looked up.
const DEMONYMS: [(&str, &str); 84] = [
    ("british", UK),
    ("english", UK),
    ("scottish", UK),
    ("welsh", UK),
    ("northern irish", UK),
    ("irish", "IE"),
    ("french", "FR"),
    ("german", "DE"),
    ("italian", "IT"),
    ("spanish", "ES"),
    ("portuguese", "PT"),
    ("dutch", "NL"),
    ("belgian", "BE"),
    ("luxembourger", "LU"),
    ("swiss", "CH"),
    ("austrian", "AT"),
    ("danish", "DK"),
    ("swedish", "SE"),
    ("norwegian", "NO"),
    ("finnish", "FI"),
    ("icelandic", "IS"),
    ("polish", "PL"),
    ("czech", "CZ"),
    ("slovak", "SK"),
    ("slovenian", "SI"),
    ("hungarian", "HU"),
    ("romanian", "RO"),
    ("bulgarian", "BG"),
    ("greek", "GR"),
    ("cypriot", "CY"),
    ("maltese", "MT"),
    ("croatian", "HR"),
    ("serbian", "RS"),
    ("bosnian", "BA"),
    ("albanian", "AL"),
    ("kosovan", "XK"),
    ("moldovan", "MD"),
    ("lithuanian", "LT"),
    ("latvian", "LV"),
    ("estonian", "EE"),
    ("ukrainian", "UA"),
    ("belarusian", "BY"),
    ("russian", "RU"),
    ("georgian", "GE"),
    ("armenian", "AM"),
    ("azerbaijani", "AZ"),
    ("kazakh", "KZ"),
    ("turkish", "TR"),
    ("israeli", "IL"),
    ("lebanese", "LB"),
    ("syrian", "SY"),
    ("iraqi", "IQ"),
    ("iranian", "IR"),
    ("saudi arabian", "SA"),
    ("emirati", "AE"),
    ("kuwaiti", "KW"),
    ("qatari", "QA"),
    ("egyptian", "EG"),
    ("moroccan", "MA"),
    ("algerian", "DZ"),
    ("nigerian", "NG"),
    ("ghanaian", "GH"),
    ("kenyan", "KE"),
    ("zimbabwean", "ZW"),
    ("south african", "ZA"),
    ("indian", "IN"),
    ("pakistani", "PK"),
    ("bangladeshi", "BD"),
    ("sri lankan", "LK"),
    ("nepalese", "NP"),
    ("chinese", "CN"),
    ("hong konger", "HK"),
    ("taiwanese", "TW"),
    ("japanese", "JP"),
    ("south korean", "KR"),
    ("malaysian", "MY"),
    ("singaporean", "SG"),
    ("thai", "TH"),
    ("vietnamese", "VN"),
    ("american", "US"),
    ("canadian", "CA"),
    ("brazilian", "BR"),
    ("australian", "AU"),
    ("new zealander", "NZ"),
];

/// Places under other names than those of the table of jurisdictions.
const PLACES: [(&str, &str); 41] = [
    ("usa", "US"),
    ("us", "US"),
    ("u.s.a.", "US"),
    ("united states of america", "US"),
    ("delaware", "US-DE"),
    ("state of delaware", "US-DE"),
    ("california", "US-CA"),
    ("new york", "US-NY"),
    ("texas", "US-TX"),
    ("florida", "US-FL"),
    ("nevada", "US-NV"),
    ("wyoming", "US-WY"),
    ("massachusetts", "US-MA"),
    ("illinois", "US-IL"),
    ("new jersey", "US-NJ"),
    ("pennsylvania", "US-PA"),
    ("ohio", "US-OH"),
    ("minnesota", "US-MN"),
    ("connecticut", "US-CT"),
    ("ontario", "CA-ON"),
    ("british columbia", "CA-BC"),
    ("republic of ireland", "IE"),
    ("eire", "IE"),
    ("the netherlands", "NL"),
    ("holland", "NL"),
    ("czech republic", "CZ"),
    ("grand duchy of luxembourg", "LU"),
    ("russian federation", "RU"),
    ("people's republic of china", "CN"),
    ("p.r. china", "CN"),
    ("prc", "CN"),
    ("hong kong sar", "HK"),
    ("bvi", "VG"),
    ("virgin islands, british", "VG"),
    ("uae", "AE"),
    ("dubai", "AE"),
    ("the bahamas", "BS"),
    ("turkey", "TR"),
    ("viet nam", "VN"),
    ("korea, republic of", "KR"),
    ("kingdom of saudi arabia", "SA"),
];

/// Words that name the United Kingdom, a part of it or its register; the first six do so by themselves.
const UK_WORDS: [&str; 22] = [
    "england",
    "wales",
    "scotland",
    "britain",
    "uk",
    "gb",
    "kingdom",
    "house",
    "united",
    "great",
    "northern",
    "ireland",
    "companies",
    "cardiff",
    "edinburgh",
    "belfast",
    "london",
    "registrar",
    "registry",
    "and",
    "of",
    "the",
];

/// Letters before the digits of a company number that only Companies House gives.
const UK_PREFIXES: [&str; 14] = ["SC", "NI", "OC", "SO", "NC", "OE", "LP", "SL", "NL", "IP", "SP", "RS", "RC", "CE"];

/// A country, the code of its register, and whether a number has the form of that register.
type ForeignRegister = (&'static str, &'static str, fn(&str) -> bool);

/// Registers whose numbers are known by country and form, so that they may join records of other sources.
const REGISTERS: [ForeignRegister; 5] = [
    ("NL", "NL-KVK", |number| digits(number, 8..=8)),
    ("DK", "DK-CVR", |number| digits(number, 8..=8)),
    ("NO", "NO-BRC", |number| digits(number, 9..=9)),
    ("IE", "IE-CRO", |number| digits(number, 5..=6)),
    ("LU", "LU-RCS", |number| number.strip_prefix('B').is_some_and(|rest| digits(rest, 3..=6))),
];

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

/// Codes of texts that were looked up before: the same few stand in millions of records.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    nationalities: Remembered,
    places: Remembered,
}

type Remembered = HashMap<String, Option<&'static str>, RandomState>;

/// Texts that are remembered; free text beyond them is looked up each time.
const REMEMBERED: usize = 10_000;

fn remembered(known: &mut Remembered, text: &str, find: fn(&str) -> Option<&'static str>) -> Option<&'static str> {
    if let Some(&code) = known.get(text) {
        return code;
    }
    let code = find(text);
    if known.len() < REMEMBERED {
        known.insert(text.to_owned(), code);
    }
    code
}

/// A party's own country and number, as far as they are sure.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Registration {
    pub jurisdiction: Option<&'static str>,
    /// Whether only the form of the number or the law named tells the jurisdiction.
    pub inferred: bool,
    pub identifier: Option<Identifier>,
}

impl Places {
    /// The code of the nationality that is named first; `None` where it is not known for sure.
    pub(super) fn nationality(&mut self, text: &str) -> Option<&'static str> {
        remembered(&mut self.nationalities, text, nationality)
    }

    /// The code of a place.
    pub(super) fn place(&mut self, text: &str) -> Option<&'static str> {
        remembered(&mut self.places, text, place)
    }

    /// Where a legal entity is registered and under which number.
    pub(super) fn registration(&mut self, of: &Identification<'_>) -> Registration {
        let [country, place, authority] = [&of.country_registered, &of.place_registered, &of.legal_authority].map(text);
        let stated = [country, place, authority].into_iter().flatten().find_map(|text| self.place(text));
        let number = text(&of.registration_number).filter(|number| !is_placeholder(number));
        let is_uk = match stated {
            Some(code) => code == UK,
            None => speaks_of_uk_law(of) || number.is_some_and(has_uk_form),
        };
        Registration {
            jurisdiction: stated.or(is_uk.then_some(UK)),
            inferred: stated.is_none() && is_uk,
            identifier: number.map(|number| identifier(number, stated, is_uk, country.or(place))),
        }
    }
}

fn identifier(number: &str, stated: Option<&'static str>, is_uk: bool, place: Option<&str>) -> Identifier {
    let of_charities = place.is_some_and(|place| place.to_ascii_lowercase().contains("charity"));
    let compact = || number.split_whitespace().collect::<String>();
    if let Some(id) = (is_uk && !of_charities).then(|| company_number(&compact())).flatten() {
        return Identifier { scheme: COMPANIES_HOUSE.to_owned(), id };
    }
    let register = REGISTERS.iter().find(|(country, _, fits)| Some(*country) == stated && fits(number));
    let scheme = match (register, place) {
        (Some((_, scheme, _)), _) => (*scheme).to_owned(),
        // No code of a register: the number is shown and joins nothing.
        (None, Some(place)) => format!("registration number ({place})"),
        (None, None) => "registration number (register not stated)".to_owned(),
    };
    Identifier { scheme, id: number.to_owned() }
}

/// Whether a text stands where a number is missing (`N/A`, `000`).
fn is_placeholder(number: &str) -> bool {
    // No word that stands for a missing number holds a digit.
    let counts = number.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    !counts && Identifier { scheme: "NUMBER".to_owned(), id: number.to_owned() }.key().is_none()
}

/// A number whose form only Companies House gives: known letters, or eight digits of which the first is 0.
fn has_uk_form(number: &str) -> bool {
    let number = trim(number).to_ascii_uppercase();
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    number.len() == 8
        && (number.starts_with('0') && all_digits(&number)
            || UK_PREFIXES.iter().any(|prefix| number.strip_prefix(prefix).is_some_and(all_digits)))
}

/// Whether the form or the law is one of the United Kingdom: its acts are known by their years.
fn speaks_of_uk_law(of: &Identification<'_>) -> bool {
    let acts = ["companies act 2006", "companies act 1985", "english law", "united kingdom", "england", "uk law"];
    [&of.legal_authority, &of.legal_form].into_iter().filter_map(text).any(|text| {
        let text = text.to_ascii_lowercase();
        acts.iter().any(|act| text.contains(act)) && !text.contains("new england")
    })
}

fn nationality(text: &str) -> Option<&'static str> {
    let first = text.split([',', '/', ';', '&']).next().unwrap_or(text).trim();
    let found = DEMONYMS.iter().find(|(name, _)| name.eq_ignore_ascii_case(first)).map(|&(_, code)| code);
    found.or_else(|| place(first))
}

fn place(text: &str) -> Option<&'static str> {
    // A country or a state of another one: the word alone does not tell.
    if text.trim().eq_ignore_ascii_case("georgia") {
        return None;
    }
    let code = |text: &str| if is_uk(text) { Some(UK) } else { named(text) };
    code(text).or_else(|| {
        let (first, _) = text.split_once(',')?;
        let (_, last) = text.rsplit_once(',')?;
        match (named(first), code(last)) {
            (Some(part), Some(country)) if part.starts_with(country) => Some(part),
            (first, country) => country.or(first),
        }
    })
}

fn named(text: &str) -> Option<&'static str> {
    let text = trim(text);
    let found = PLACES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|&(_, code)| code);
    found.or_else(|| jurisdiction::code(text)).map(|code| if code == "UK" { UK } else { code })
}

/// Whether a text speaks of the United Kingdom and of nothing else: `England & Wales`, `Companies House Cardiff`, but
/// neither `Ireland` nor `New South Wales`.
fn is_uk(text: &str) -> bool {
    let lower = text.to_ascii_lowercase().replace('.', "");
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let position = |word: &str| UK_WORDS.iter().position(|known| *known == word);
    let named = words().any(|word| position(word).is_some_and(|position| position < 6))
        || ["united kingdom", "companies house", "northern ireland"].iter().any(|name| lower.contains(name));
    named && words().all(|word| position(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::row::Text;
    use super::*;
    use std::borrow::Cow;

    fn of<'a>(country: &'a str, place: &'a str, number: &'a str, authority: &'a str) -> Identification<'a> {
        let field = |text: &'a str| (!text.is_empty()).then_some(Text(Cow::Borrowed(text)));
        Identification {
            country_registered: field(country),
            place_registered: field(place),
            registration_number: field(number),
            legal_authority: field(authority),
            legal_form: None,
        }
    }

    #[test]
    fn places_are_known_under_the_names_that_filers_use() {
        for (text, code) in [
            ("England", Some("GB")),
            ("England & Wales", Some("GB")),
            ("UK", Some("GB")),
            ("U.K.", Some("GB")),
            ("United Kingdom (England And Wales)", Some("GB")),
            ("Companies House Cardiff", Some("GB")),
            ("Northern Ireland", Some("GB")),
            ("Ireland", Some("IE")),
            ("Usa", Some("US")),
            ("Minnesota, Usa", Some("US-MN")),
            ("Delaware", Some("US-DE")),
            ("Wilmington, Delaware", Some("US-DE")),
            ("Georgia, Usa", Some("US")),
            ("Georgia", None),
            ("Czech Republic", Some("CZ")),
            ("British Virgin Islands", Some("VG")),
            ("New South Wales", None),
            ("Companies House, Dublin", None),
            ("Kingdom", None),
            ("Companies Act", None),
            ("", None),
        ] {
            assert_eq!(place(text), code, "{text}");
        }
    }

    #[test]
    fn a_nationality_is_known_or_left_out() {
        for (text, code) in [
            ("British", Some("GB")),
            ("British,Irish", Some("GB")),
            ("irish", Some("IE")),
            ("New Zealander", Some("NZ")),
            ("Germany", Some("DE")),
            ("Citizen Of Seychelles", None),
            ("Dominican", None),
            ("", None),
        ] {
            assert_eq!(nationality(text), code, "{text}");
        }
    }

    #[test]
    fn numbers_belong_to_the_register_that_the_record_names() {
        let number = |country, place, number, authority| {
            let found = Places::default().registration(&of(country, place, number, authority));
            found.identifier.map(|identifier| identifier.to_string()).unwrap_or_default()
        };
        for (found, expected) in [
            (number("England", "", "3530981", ""), "GB-COH:03530981"),
            (number("England & Wales", "Companies House Cardiff", "00686734", ""), "GB-COH:00686734"),
            (number("Scotland", "", "sc1234", ""), "GB-COH:SC001234"),
            (number("United Kingdom", "", "OC 301 234", ""), "GB-COH:OC301234"),
            (number("", "Companies House", "1234567", ""), "GB-COH:01234567"),
            (number("", "", "01234567", ""), "GB-COH:01234567"),
            (number("", "", "OC301234", ""), "GB-COH:OC301234"),
            (number("", "", "12345678", "Companies Act 2006"), "GB-COH:12345678"),
            (number("", "", "12345678", ""), "registration number (register not stated):12345678"),
            (number("Denmark", "", "12345678", ""), "DK-CVR:12345678"),
            (number("Germany", "", "HRB 1234", ""), "registration number (Germany):HRB 1234"),
            (number("Jersey", "", "01234567", ""), "registration number (Jersey):01234567"),
            (number("England", "", "HRB 1234", ""), "registration number (England):HRB 1234"),
            (
                number("", "Charity Commission, England", "1234567", ""),
                "registration number (Charity Commission, England):1234567",
            ),
            (number("England", "", "N/A", ""), ""),
            (number("England", "", "", ""), ""),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_country_that_only_a_number_tells_is_inferred() {
        let stated = Places::default().registration(&of("Wales", "", "1", ""));
        assert_eq!((stated.jurisdiction, stated.inferred), (Some("GB"), false));
        let inferred = Places::default().registration(&of("", "", "SC123456", ""));
        assert_eq!((inferred.jurisdiction, inferred.inferred), (Some("GB"), true));
        assert_eq!(Places::default().registration(&of("", "", "", "Limited")), Registration::default());
    }
}
