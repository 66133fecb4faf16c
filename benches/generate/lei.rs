//! Legal entity identifiers (ISO 17442).

use super::random::mix;

/// The prefix of an issuer, then two zeros that the standard keeps.
const HEAD: &str = "894500";

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The identifier of the company with a rank: the rank in the last seven of twelve places, so that each is there once.
pub fn of(rank: u64) -> String {
    let mut lei = HEAD.to_owned();
    let (mut filler, mut number) = (mix(rank), rank);
    let mut places = [0u8; 12];
    for place in places[..5].iter_mut() {
        *place = DIGITS[(filler % 36) as usize];
        filler /= 36;
    }
    for place in places[5..].iter_mut().rev() {
        *place = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    lei.extend(places.map(char::from));
    let check = 98 - remainder(lei.bytes().chain(*b"00"));
    lei.push(char::from(b'0' + (check / 10) as u8));
    lei.push(char::from(b'0' + (check % 10) as u8));
    lei
}

/// ISO/IEC 7064, MOD 97-10: letters are the numbers from 10 to 35.
pub fn remainder(characters: impl Iterator<Item = u8>) -> u64 {
    characters.fold(0, |remainder, character| match character {
        b'0'..=b'9' => (remainder * 10 + u64::from(character - b'0')) % 97,
        _ => (remainder * 100 + u64::from(character - b'A' + 10)) % 97,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standard() {
        // Identifiers that GLEIF has published: of itself and of Apple Inc.
        for known in ["506700GE1G29325QX363", "HWUPKR0MPOU8FGXBT394"] {
            assert_eq!(remainder(known.bytes()), 1, "{known}");
        }
        assert_ne!(remainder("506700GE1G29325QX364".bytes()), 1);
    }

    #[test]
    fn every_company_has_one_of_its_own() {
        let mut all: Vec<String> = (0..1_000).chain([123_456_789]).map(of).collect();
        assert!(all.iter().all(|lei| lei.len() == 20 && remainder(lei.bytes()) == 1));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 1_001);
    }
}
