//! Names that look like others: words of several scripts, and what can be taken for what (Unicode Technical Standard 39).
//!
//! For people to be warned and to search by. Parties are never joined by it.

use unicode_security::restriction_level::{RestrictionLevel, RestrictionLevelDetection};
use unicode_security::{MixedScript, skeleton};

/// A word of the name whose letters come from scripts that are not written together, such as a Cyrillic а among Latin
/// letters. Latin beside Han, Kana or Hangul is usual, and so are words of different scripts side by side.
#[must_use]
pub fn mixed_script_word(name: &str) -> Option<&str> {
    if name.is_ascii() {
        return None;
    }
    let mixed =
        |word: &str| !word.is_single_script() && !word.check_restriction_level(RestrictionLevel::ModeratelyRestrictive);
    words(name).find(|word| !word.is_ascii() && mixed(&word.chars().map(usual_width).collect::<String>()))
}

/// Letters of half or full width as those that they stand for, as far as their script goes.
fn usual_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        'ｦ'..='ﾝ' => 'ア',
        c => c,
    }
}

/// Whether the name holds a letter that stands for another: of an alphabet that has some letters of ASCII in other places, a
/// digit for a letter, a capital I for an l.
#[must_use]
pub fn is_disguised(name: &str) -> bool {
    words(name)
        .any(|word| if word.is_ascii() { odd_ascii(word.as_bytes()) } else { word.chars().any(stands_for_ascii) })
}

fn odd_ascii(word: &[u8]) -> bool {
    let digit = word.iter().any(|byte| matches!(byte, b'0' | b'1'));
    digit && word.iter().any(u8::is_ascii_alphabetic)
        || word.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1] == b'I')
}

fn stands_for_ascii(c: char) -> bool {
    let mut buffer = [0; 4];
    !c.is_ascii() && skeleton(c.encode_utf8(&mut buffer)).all(|c| c.is_ascii_alphanumeric())
}

/// Two keys of a name: whoever shares one of them looks alike, as it is written or in capitals. Signs and blanks play no part.
#[must_use]
pub fn look(name: &str) -> [String; 2] {
    let key = |name: &str| skeleton(name).filter(|c| is_letter(*c)).collect();
    [key(name), key(&name.to_uppercase())]
}

/// Whether two names differ in letters, not only in their case or in signs, and look alike.
#[must_use]
pub fn look_alike(a: &str, b: &str) -> bool {
    let letters =
        |name: &str| -> String { name.chars().filter(|c| is_letter(*c)).flat_map(char::to_lowercase).collect() };
    letters(a) != letters(b) && look(a).iter().zip(&look(b)).any(|(a, b)| a == b && !a.is_empty())
}

/// Words with their accents.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c| !is_letter(c)).filter(|word| !word.is_empty())
}

/// Letters, digits and the accents that stand on them.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_several_scripts() {
        for (name, word) in
            [("Аcme Ltd", "Аcme"), ("Bank Οne", "Οne"), ("ООO Ромашка", "ООO"), ("Ze\u{301}nіth", "Ze\u{301}nіth")]
        {
            assert_eq!(mixed_script_word(name), Some(word));
        }
        let usual = [
            "Acme Ltd",
            "Müller & Söhne",
            "ООО Ромашка Ltd",
            "三菱UFJ銀行",
            "トヨタ自動車株式会社",
            "LGジャパン合同会社",
            "삼성SDS",
            "α-Tech",
            "שלום Ltd",
            "ﬁnance",
            "ＡＢＣ株式会社",
            "Đorđe Šešelj",
            "Company№1",
            "نفت24",
        ];
        for name in usual {
            assert_eq!(mixed_script_word(name), None, "{name}");
        }
    }

    #[test]
    fn what_can_be_taken_for_what() {
        for (a, b) in [
            ("Alpha", "Аlpha"),
            ("ACME", "АСМЕ"),
            ("Acme", "АСМЕ"),
            ("Paypal", "PaypaI"),
            ("GOOGLE", "G00GLE"),
            ("A-B", "А–В"),
        ] {
            assert!(look_alike(a, b), "{a} {b}");
            assert!(is_disguised(b), "{b}");
        }
        for (a, b) in [("Acme", "ACME"), ("O'Neil", "O’Neil"), ("Fund 1", "Fund 2"), ("Zoe", "Zoë"), ("", "-")] {
            assert!(!look_alike(a, b), "{a} {b}");
        }
        for name in ["Acme Holdings II", "Fund 1", "Müller", "Zoë", "銀行", "3M"] {
            assert!(!is_disguised(name), "{name}");
        }
    }
}
