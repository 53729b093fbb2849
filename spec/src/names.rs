//! Strings that occur twice (NAME-1, META-4), found by sorted 64-bit hashes.
//!
//! Equal hashes only send two strings to be compared; they decide nothing. Strings with equal
//! hashes made on purpose cost a sort by name, never a quadratic search.

use crate::text::Span;

/// Up to this many strings are compared pair by pair, which needs no hash and no memory.
const FEW: usize = 6;

/// An odd number without a pattern, 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A string that has stood before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    /// Its position in the list.
    pub(crate) at: usize,
    /// The position of the one before it that is equal, which loses where the last one wins.
    pub(crate) replaced: usize,
}

/// Whether the names of any two items are equal after unescaping.
pub(crate) fn any_repeat<T>(text: &[u8], items: &[T], name: impl Fn(&T) -> Span) -> bool {
    if items.len() <= FEW {
        return items.iter().enumerate().any(|(position, item)| {
            let mut earlier = items.iter().take(position);
            earlier.any(|earlier| name(earlier).means_same(name(item), text))
        });
    }
    let mut hashes: Vec<u64> = items.iter().map(|item| hash(&name(item).unescaped(text))).collect();
    hashes.sort_unstable();
    let suspect = hashes.windows(2).any(|pair| pair.first() == pair.last());
    suspect && !repeats(text, items, name).is_empty()
}

/// Every item whose name has stood before, in the order in which they stand.
pub(crate) fn repeats<T>(text: &[u8], items: &[T], name: impl Fn(&T) -> Span) -> Vec<Repeat> {
    let mut hashed: Vec<(u64, usize)> = items
        .iter()
        .enumerate()
        .map(|(position, item)| (hash(&name(item).unescaped(text)), position))
        .collect();
    hashed.sort_unstable();
    let meant = |position: usize| items.get(position).map(|item| name(item).unescaped(text));
    let mut repeats = Vec::new();
    for run in hashed.chunk_by_mut(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        // Stable, so that equal names stay in the order in which they stand; and each name is
        // unescaped once, however many there are to compare it with.
        run.sort_by_cached_key(|(_, position)| meant(*position));
        for pair in run.windows(2) {
            if let [(_, replaced), (_, at)] = *pair
                && meant(replaced) == meant(at)
            {
                repeats.push(Repeat { at, replaced });
            }
        }
    }
    repeats.sort_unstable_by_key(|repeat| repeat.at);
    repeats
}

/// A hash that spreads names well; it need not resist anyone.
fn hash(name: &[u8]) -> u64 {
    let mix = |state: u64, word: u64| (state ^ word).wrapping_mul(SPREAD).rotate_left(29);
    let mut state = mix(SPREAD, u64::try_from(name.len()).unwrap_or(u64::MAX));
    let (words, rest) = name.as_chunks::<8>();
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    let mut tail = [0; 8];
    for (slot, byte) in tail.iter_mut().zip(rest) {
        *slot = *byte;
    }
    mix(mix(state, u64::from_le_bytes(tail)), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::First;
    use crate::text::Lexer;
    use std::collections::HashSet;

    /// The spans of the strings of a JSON array of strings.
    fn spans(text: &[u8]) -> Vec<Span> {
        let mut lexer = Lexer::new(text, 1, First);
        let mut spans = Vec::new();
        while lexer.token() == Some(b'"') {
            spans.push(lexer.string().unwrap());
            lexer.take(b',');
        }
        spans
    }

    #[test]
    fn a_repeat_is_found_whatever_its_spelling_and_however_many_strings_there_are() {
        for filler in [0, FEW, 1000] {
            let others: String = (0..filler).map(|number| format!("\"n{number}\",")).collect();
            let text = format!(r#"["a",{others}"b","\u0061","A"]"#);
            let spans = spans(text.as_bytes());
            assert!(any_repeat(text.as_bytes(), &spans, |span| *span));
            let found = repeats(text.as_bytes(), &spans, |span| *span);
            assert_eq!(found, [Repeat { at: filler + 2, replaced: 0 }]);
        }
    }

    #[test]
    fn the_last_of_three_replaces_the_second_and_the_second_the_first() {
        let text = br#"["x","x","x"]"#;
        let found = repeats(text, &spans(text), |span| *span);
        assert_eq!(found, [Repeat { at: 1, replaced: 0 }, Repeat { at: 2, replaced: 1 }]);
    }

    #[test]
    fn different_names_are_no_repeat_even_if_one_is_the_prefix_of_the_other() {
        let text = format!(
            "[{}\"\"]",
            (1..200).map(|n| format!("\"{}\",", "a".repeat(n))).collect::<String>()
        );
        let spans = spans(text.as_bytes());
        assert_eq!(spans.len(), 200);
        assert!(!any_repeat(text.as_bytes(), &spans, |span| *span));
        assert!(repeats(text.as_bytes(), &spans, |span| *span).is_empty());
    }

    #[test]
    fn the_hash_tells_short_names_apart() {
        let hashes: HashSet<u64> =
            (0..100_000_u32).map(|number| hash(number.to_string().as_bytes())).collect();
        assert_eq!(hashes.len(), 100_000);
    }

    /// Two strings of sixteen printable characters with one hash: the second half is chosen so
    /// that it undoes the difference that the first half made.
    fn colliding() -> (String, String) {
        let mix = |state: u64, word: u64| (state ^ word).wrapping_mul(SPREAD).rotate_left(29);
        let after = |word: &str| {
            mix(mix(SPREAD, 16), u64::from_le_bytes(word.as_bytes().try_into().unwrap()))
        };
        let second = "abcdefgh";
        let second_word = u64::from_le_bytes(second.as_bytes().try_into().unwrap());
        (0_u32..10_000_000)
            .find_map(|number| {
                // Every character has to vary, the first ones above all.
                let other = format!("{:08x}", number.wrapping_mul(0x9E37_79B1));
                let undone = (after("firstone") ^ after(&other) ^ second_word).to_le_bytes();
                let printable =
                    |byte: &u8| (0x20..0x7F).contains(byte) && !matches!(byte, b'"' | b'\\');
                let tail = std::str::from_utf8(&undone).ok()?;
                undone
                    .iter()
                    .all(printable)
                    .then(|| (format!("firstone{second}"), format!("{other}{tail}")))
            })
            .unwrap()
    }

    #[test]
    fn equal_hashes_are_only_a_reason_to_compare() {
        let (one, other) = colliding();
        assert_ne!(one, other);
        assert_eq!(hash(one.as_bytes()), hash(other.as_bytes()));
        let fillers: String = (0..20).map(|number| format!("\"n{number}\",")).collect();
        let distinct = format!("[{fillers}\"{one}\",\"{other}\"]");
        let names = spans(distinct.as_bytes());
        assert!(!any_repeat(distinct.as_bytes(), &names, |span| *span));
        assert!(repeats(distinct.as_bytes(), &names, |span| *span).is_empty());
        let repeated = format!("[{fillers}\"{one}\",\"{other}\",\"{one}\"]");
        let names = spans(repeated.as_bytes());
        assert!(any_repeat(repeated.as_bytes(), &names, |span| *span));
        let found = repeats(repeated.as_bytes(), &names, |span| *span);
        assert_eq!(found, [Repeat { at: 22, replaced: 20 }]);
    }
}
