//! Words of a command line, for people who copy it into the shell of their system.

use super::visible::hides;

/// A command line of these words for the shell that users of this system have; nothing where a word holds what cannot be
/// copied and seen alike, such as control characters and those that turn the direction of writing.
#[must_use]
pub fn command<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    if cfg!(windows) { powershell(words) } else { posix(words) }
}

/// A command line for a POSIX shell.
///
/// ```
/// use cuibono::escape::shell::posix;
///
/// assert_eq!(posix(["cuibono", "show", "it's"]).as_deref(), Some("cuibono show 'it'\\''s'"));
/// assert_eq!(posix(["cuibono", "show", "a\nb"]), None);
/// ```
#[must_use]
pub fn posix<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let quoted = |word: &str| {
        let bare = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c));
        Some(if bare { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) })
    };
    line(words, quoted)
}

/// A command line for PowerShell, which takes typographic quotes for quotes. Nothing where a word is empty, holds a double quote or ends in
/// a backslash: Windows PowerShell 5.1 hands these on as something else, and later versions as they are.
///
/// ```
/// use cuibono::escape::shell::powershell;
///
/// assert_eq!(powershell(["cuibono", "show", "it's $x"]).as_deref(), Some("cuibono show 'it''s $x'"));
/// assert_eq!(powershell(["cuibono", "show", "say \"x\""]), None);
/// ```
#[must_use]
pub fn powershell<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let quoted = |word: &str| {
        if word.is_empty() || word.contains('"') || word.ends_with('\\') {
            return None;
        }
        // A dot or colon parts what begins like a parameter.
        let bare = word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_/=\\".contains(c) || ".:".contains(c) && !word.starts_with('-'));
        let doubled = |c: char| if is_quote(c) { vec![c, c] } else { vec![c] };
        Some(if bare { word.to_owned() } else { format!("'{}'", word.chars().flat_map(doubled).collect::<String>()) })
    };
    line(words, quoted)
}

/// What PowerShell takes for a single quote.
const fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '‚' | '‛')
}

fn line<'w>(words: impl IntoIterator<Item = &'w str>, quoted: impl Fn(&str) -> Option<String>) -> Option<String> {
    let seen = |word: &'w str| if hides(word) { None } else { quoted(word) };
    let quoted = words.into_iter().map(seen).collect::<Option<Vec<String>>>()?;
    Some(quoted.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 16] = [
        "it's",
        "$(rm -rf x)",
        "`x`",
        "a b",
        "--hide=-x",
        "Ж 陳",
        "\\n",
        "*?[",
        "!x",
        "~",
        "a;b|c&d>e",
        "-a.b",
        "O’Neil ‘x‚‛",
        "@x",
        "a,b",
        "%PATH%",
    ];

    /// What a shell makes of the words is what they were.
    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_words_back() {
        let words = WORDS.into_iter().chain([""]);
        let line = posix(["printf", "%s|"].into_iter().chain(words.clone())).expect("nothing hidden");
        let output = std::process::Command::new("sh").args(["-c", &line]).output().expect("a shell");
        let expected: String = words.map(|word| format!("{word}|")).collect();
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    }

    /// Words of a line by PowerShell's rules for single quotes: a quote of any kind begins and ends, two stand for one.
    fn read(line: &str) -> Vec<String> {
        let (mut words, mut inside) = (vec![String::new()], false);
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                c if is_quote(c) && inside && chars.peek().is_some_and(|next| is_quote(*next)) => {
                    chars.next();
                    words.last_mut().expect("a word").push(c);
                }
                c if is_quote(c) => inside = !inside,
                ' ' if !inside => words.push(String::new()),
                c => {
                    assert!(inside || c.is_ascii_alphanumeric() || "-_/=\\.:".contains(c), "{c} stands bare in {line}");
                    words.last_mut().expect("a word").push(c);
                }
            }
        }
        words
    }

    #[test]
    fn powershell_reads_the_words_back() {
        assert_eq!(read(&powershell(WORDS).expect("nothing hidden")), WORDS);
        for word in ["", "\"", "a b\\"] {
            assert_eq!(powershell(["x", word]), None, "{word:?}");
        }
    }

    #[test]
    fn what_hides_or_turns_is_refused() {
        for word in ["a\nb", "\u{1b}[2J", "a\u{202e}b", "\u{200b}", "Ac\u{200d}me"] {
            assert_eq!((posix(["x", word]), powershell(["x", word])), (None, None), "{word:?}");
        }
    }
}
