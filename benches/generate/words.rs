//! Word lists: countries with their registers and legal forms, names of companies and places.

use super::names::*;

/// A country as registers speak of it.
#[derive(Debug)]
pub struct Country {
    pub code: &'static str,
    pub name: &'static str,
    pub nationality: &'static str,
    /// How many of a thousand companies are registered here.
    pub companies: u64,
    /// How many of a thousand persons are nationals.
    pub persons: u64,
    /// The register: its scheme as org-id.guide lists it, its code in GLEIF's list, its name.
    pub register: [&'static str; 3],
    pub forms: &'static [&'static str],
    pub given: &'static [&'static str],
    pub family: &'static [&'static str],
    pub cities: &'static [&'static str],
}

/// The weights follow who turns up in a European register of owners: most of the companies at home, holdings elsewhere.
pub const COUNTRIES: &[Country] = &[
    Country {
        code: "GB",
        name: "United Kingdom",
        nationality: "British",
        companies: 580,
        persons: 640,
        register: ["GB-COH", "RA000585", "Companies House"],
        forms: &["LIMITED", "LIMITED", "LIMITED", "LTD", "LTD", "PLC", "HOLDINGS LIMITED"],
        given: ENGLISH_GIVEN,
        family: ENGLISH_FAMILY,
        cities: &["London", "Manchester", "Leeds", "Bristol", "Glasgow", "Cardiff", "Belfast", "Exeter", "York"],
    },
    Country {
        code: "DE",
        name: "Germany",
        nationality: "German",
        companies: 90,
        persons: 70,
        register: ["DE-CR", "RA000242", "Handelsregister"],
        forms: &["GmbH", "GmbH", "GmbH", "AG", "GmbH & Co. KG", "UG (haftungsbeschränkt)", "SE"],
        given: GERMAN_GIVEN,
        family: GERMAN_FAMILY,
        cities: &["Berlin", "Hamburg", "München", "Köln", "Düsseldorf", "Leipzig"],
    },
    Country {
        code: "FR",
        name: "France",
        nationality: "French",
        companies: 75,
        persons: 60,
        register: ["FR-RCS", "RA000189", "Registre du commerce et des sociétés"],
        forms: &["SAS", "SAS", "SARL", "SARL", "SA", "SCI"],
        given: FRENCH_GIVEN,
        family: FRENCH_FAMILY,
        cities: &["Paris", "Lyon", "Marseille", "Orléans", "Nîmes", "Lille"],
    },
    Country {
        code: "IT",
        name: "Italy",
        nationality: "Italian",
        companies: 50,
        persons: 50,
        register: ["IT-RI", "RA000407", "Registro delle imprese"],
        forms: &["S.r.l.", "S.r.l.", "S.p.A.", "S.a.s."],
        given: SOUTHERN_GIVEN,
        family: SOUTHERN_FAMILY,
        cities: &["Milano", "Roma", "Torino", "Napoli", "Forlì"],
    },
    Country {
        code: "ES",
        name: "Spain",
        nationality: "Spanish",
        companies: 40,
        persons: 40,
        register: ["ES-RMC", "RA000533", "Registro Mercantil"],
        forms: &["S.L.", "S.L.", "S.A.", "S.L.U."],
        given: SOUTHERN_GIVEN,
        family: SOUTHERN_FAMILY,
        cities: &["Madrid", "Barcelona", "València", "Málaga", "A Coruña"],
    },
    Country {
        code: "NL",
        name: "Netherlands",
        nationality: "Dutch",
        companies: 40,
        persons: 30,
        register: ["NL-KVK", "RA000463", "Kamer van Koophandel"],
        forms: &["B.V.", "B.V.", "B.V.", "N.V.", "Holding B.V."],
        given: NORTHERN_GIVEN,
        family: NORTHERN_FAMILY,
        cities: &["Amsterdam", "Rotterdam", "Utrecht", "Eindhoven"],
    },
    Country {
        code: "US",
        name: "United States",
        nationality: "American",
        companies: 30,
        persons: 40,
        register: ["US-DOS", "RA000602", "Division of Corporations"],
        forms: &["Inc.", "LLC", "LLC", "Corp.", "L.P."],
        given: ENGLISH_GIVEN,
        family: ENGLISH_FAMILY,
        cities: &["Wilmington", "New York", "Boston", "Houston", "Chicago"],
    },
    Country {
        code: "LU",
        name: "Luxembourg",
        nationality: "Luxembourger",
        companies: 25,
        persons: 5,
        register: ["LU-RCS", "RA000432", "Registre de commerce et des sociétés"],
        forms: &["S.à r.l.", "S.à r.l.", "S.A.", "SCSp"],
        given: FRENCH_GIVEN,
        family: FRENCH_FAMILY,
        cities: &["Luxembourg", "Esch-sur-Alzette"],
    },
    Country {
        code: "IE",
        name: "Ireland",
        nationality: "Irish",
        companies: 20,
        persons: 20,
        register: ["IE-CRO", "RA000402", "Companies Registration Office"],
        forms: &["Limited", "DAC", "Unlimited Company", "PLC"],
        given: ENGLISH_GIVEN,
        family: ENGLISH_FAMILY,
        cities: &["Dublin", "Cork", "Galway"],
    },
    Country {
        code: "DK",
        name: "Denmark",
        nationality: "Danish",
        companies: 15,
        persons: 15,
        register: ["DK-CVR", "RA000170", "Det Centrale Virksomhedsregister"],
        forms: &["ApS", "ApS", "A/S", "Holding ApS"],
        given: NORTHERN_GIVEN,
        family: NORTHERN_FAMILY,
        cities: &["København", "Aarhus", "Odense"],
    },
    Country {
        code: "PL",
        name: "Poland",
        nationality: "Polish",
        companies: 10,
        persons: 20,
        register: ["PL-KRS", "RA000484", "Krajowy Rejestr Sądowy"],
        forms: &["sp. z o.o.", "sp. z o.o.", "S.A.", "sp. k."],
        given: EASTERN_GIVEN,
        family: EASTERN_FAMILY,
        cities: &["Warszawa", "Kraków", "Łódź"],
    },
    Country {
        code: "CY",
        name: "Cyprus",
        nationality: "Cypriot",
        companies: 10,
        persons: 5,
        register: ["CY-DRCOR", "RA000161", "Department of Registrar of Companies"],
        forms: &["Limited", "Ltd"],
        given: SOUTHERN_GIVEN,
        family: SOUTHERN_FAMILY,
        cities: &["Nicosia", "Limassol"],
    },
    Country {
        code: "SG",
        name: "Singapore",
        nationality: "Singaporean",
        companies: 5,
        persons: 5,
        register: ["SG-ACRA", "RA000523", "Accounting and Corporate Regulatory Authority"],
        forms: &["Pte. Ltd.", "Pte. Ltd.", "LLP"],
        given: EASTERN_GIVEN,
        family: EASTERN_FAMILY,
        cities: &["Singapore"],
    },
    Country {
        code: "JE",
        name: "Jersey",
        nationality: "British",
        companies: 5,
        persons: 0,
        register: ["JE-FSC", "RA000413", "Jersey Financial Services Commission"],
        forms: &["Limited", "Limited", "LP"],
        given: ENGLISH_GIVEN,
        family: ENGLISH_FAMILY,
        cities: &["St Helier"],
    },
    Country {
        code: "VG",
        name: "British Virgin Islands",
        nationality: "British",
        companies: 5,
        persons: 0,
        register: ["VG-FSC", "RA000062", "Registry of Corporate Affairs"],
        forms: &["Limited", "Inc.", "Corp."],
        given: ENGLISH_GIVEN,
        family: ENGLISH_FAMILY,
        cities: &["Road Town"],
    },
];

/// Words at the head of a company's name, beside those that are coined from [`SYLLABLES`].
pub const HEADS: &[&str] = &[
    "Albion", "Northern", "Harbour", "Meridian", "Kestrel", "Willow", "Granite", "Beacon", "Orchard", "Sterling",
    "Falcon", "Juniper", "Castle", "Silver", "Pioneer", "Cobalt", "Atlas", "Heron", "Summit", "Maple", "Crown",
    "Tidal", "Ember", "Aurora", "Cedar", "Monument", "Quay", "Lantern", "Rowan", "Bridge",
];

/// Two or three make a coined word.
pub const SYLLABLES: &[&str] = &[
    "ba", "cor", "del", "en", "fi", "gal", "ha", "in", "jo", "kal", "lu", "mar", "no", "or", "pra", "qui", "ran",
    "sol", "ta", "ul", "ver", "xa", "yo", "zen", "tri", "bel", "mon", "sta", "dyn", "via", "lex", "tor",
];

/// What a company does.
pub const TRADES: &[&str] = &[
    "Properties",
    "Consulting",
    "Trading",
    "Capital",
    "Logistics",
    "Energy",
    "Foods",
    "Textiles",
    "Software",
    "Estates",
    "Engineering",
    "Marine",
    "Pharma",
    "Investments",
    "Media",
    "Brewery",
    "Construction",
    "Farms",
    "Care",
    "Travel",
    "Ventures",
    "Motors",
    "Printing",
    "Analytics",
    "Shipping",
    "Partners",
    "Mining",
    "Recycling",
    "Hotels",
    "Group",
];

pub const STREETS: &[&str] = &[
    "High Street",
    "Station Road",
    "Bridge Street",
    "Market Place",
    "Park Avenue",
    "Mill Lane",
    "Church Road",
    "Queen Street",
    "Dock Road",
    "Victoria Road",
    "Garden Square",
    "Canal Walk",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_countries_add_up() {
        assert_eq!(COUNTRIES.iter().map(|country| country.companies).sum::<u64>(), 1_000);
        assert_eq!(COUNTRIES.iter().map(|country| country.persons).sum::<u64>(), 1_000);
    }

    #[test]
    fn no_word_must_be_escaped() {
        for country in COUNTRIES {
            let lists = [country.forms, country.given, country.family, country.cities, &country.register];
            for word in lists.into_iter().flatten().chain(HEADS).chain(SYLLABLES).chain(TRADES).chain(STREETS) {
                assert!(!word.contains(['"', '\\', '\n', ',']), "{word}");
            }
        }
    }
}
