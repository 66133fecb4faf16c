//! How many slips of the finger lie between two words.

/// Longest word compared letter by letter.
pub(super) const MAX_LEN: usize = 64;

/// The number of letters inserted, left out, changed or swapped with their neighbour between `typed` and
/// `word`, if that is at most `limit` (optimal string alignment).
///
/// With `unfinished`, `typed` may also stop before the end of `word`.
pub(super) fn slips(typed: &[u8], word: &[u8], limit: usize, unfinished: bool) -> Option<usize> {
    let word = if unfinished { &word[..word.len().min(typed.len() + limit)] } else { word };
    if typed.len() > MAX_LEN || word.len() > MAX_LEN || word.len().abs_diff(typed.len()) > limit {
        return None;
    }
    let mut rows = [[0u8; MAX_LEN + 1]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j as u8;
    }
    for i in 1..=typed.len() {
        rows.rotate_right(1);
        if fill_row(&mut rows, typed, word, i) > limit {
            return None;
        }
    }
    let last = &rows[0][..=word.len()];
    let slips = if unfinished { *last.iter().min()? } else { *last.last()? };
    Some(usize::from(slips)).filter(|slips| *slips <= limit)
}

/// Fills row `i`, the first of `rows`, from the two before; its smallest cell.
fn fill_row(rows: &mut [[u8; MAX_LEN + 1]; 3], typed: &[u8], word: &[u8], i: usize) -> usize {
    let [row, above, two_above] = rows;
    row[0] = i as u8;
    let mut smallest = row[0];
    for j in 1..=word.len() {
        let same = typed[i - 1] == word[j - 1];
        let mut cell = (above[j - 1] + u8::from(!same)).min(above[j] + 1).min(row[j - 1] + 1);
        if i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1] {
            cell = cell.min(two_above[j - 2] + 1);
        }
        row[j] = cell;
        smallest = smallest.min(cell);
    }
    usize::from(smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (typed, word, slips_between) in [
            ("novalpina", "novalpina", Some(0)),
            ("novaplina", "novalpina", Some(1)),
            ("nvalpina", "novalpina", Some(1)),
            ("novalpinna", "novalpina", Some(1)),
            ("movalpima", "novalpina", Some(2)),
            ("abcdefgh", "novalpina", None),
            ("", "ab", Some(2)),
            ("ab", "", Some(2)),
        ] {
            assert_eq!(slips(typed.as_bytes(), word.as_bytes(), 2, false), slips_between, "{typed} {word}");
        }
    }

    #[test]
    fn unfinished_words_need_not_reach_the_end() {
        assert_eq!(slips(b"novapl", b"novalpina", 1, true), Some(1));
        assert_eq!(slips(b"novapl", b"novalpina", 1, false), None);
        assert_eq!(slips(b"techn", b"technologies", 0, true), Some(0));
    }

    #[test]
    fn long_words_are_refused() {
        assert_eq!(slips(&[b'a'; 65], &[b'a'; 65], 3, false), None);
    }
}
