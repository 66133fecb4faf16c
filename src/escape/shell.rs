//! Words of a command line, for people who copy it into a POSIX shell.

use super::visible::disturbs;

/// A command line of these words; nothing where a word holds what cannot be copied and seen alike, such as control
/// characters and those that turn the direction of writing.
///
/// ```
/// use cuibono::escape::shell::command;
///
/// assert_eq!(command(["cuibono", "show", "it's"]).as_deref(), Some("cuibono show 'it'\\''s'"));
/// assert_eq!(command(["cuibono", "show", "a\nb"]), None);
/// ```
#[must_use]
pub fn command<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let quoted = words.into_iter().map(quoted).collect::<Option<Vec<String>>>()?;
    Some(quoted.join(" "))
}

fn quoted(word: &str) -> Option<String> {
    if word.chars().any(disturbs) {
        return None;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    let bare = !word.is_empty() && word.chars().all(plain);
    Some(if bare { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a shell makes of the words is what they were.
    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_words_back() {
        let words =
            ["it's", "$(rm -rf x)", "`x`", "", "a b", "--hide=-x", "Ж 陳", "\\n", "*?[", "!x", "~", "a;b|c&d>e"];
        let line = command(["printf", "%s|"].into_iter().chain(words)).expect("nothing hidden");
        let output = std::process::Command::new("sh").args(["-c", &line]).output().expect("a shell");
        let expected: String = words.iter().map(|word| format!("{word}|")).collect();
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    }

    #[test]
    fn what_hides_or_turns_is_refused() {
        for word in ["a\nb", "\u{1b}[2J", "a\u{202e}b", "\u{200b}"] {
            assert_eq!(command(["x", word]), None, "{word:?}");
        }
    }
}
