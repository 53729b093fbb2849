//! Strings that occur twice (NAME-1, META-4), found by sorted 64-bit hashes.
//!
//! Equal hashes only send two strings to be compared; they decide nothing. Strings with equal
//! hashes made on purpose cost a sort by name, never a quadratic search.

use crate::text::Span;
use std::borrow::Cow;

/// Up to this many strings are compared pair by pair, which needs no hash and no memory.
const FEW: usize = 6;

/// A string that has stood before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    /// Its position in the list.
    pub(crate) at: usize,
    /// The position of the one before it that is equal, which loses where the last one wins.
    pub(crate) replaced: usize,
}

/// Whether any two of the strings are equal after unescaping.
pub(crate) fn any_repeat<I>(text: &[u8], names: I) -> bool
where
    I: ExactSizeIterator<Item = Span> + Clone,
{
    if names.len() <= FEW {
        return names.clone().enumerate().any(|(position, name)| {
            names.clone().take(position).any(|earlier| earlier.means_same(name, text))
        });
    }
    let mut hashes: Vec<u64> = names.clone().map(|name| hash(&name.unescaped(text))).collect();
    hashes.sort_unstable();
    let suspect = hashes.windows(2).any(|pair| pair.first() == pair.last());
    suspect && !repeats(text, names).is_empty()
}

/// Every string that has stood before, in the order in which they stand.
pub(crate) fn repeats(text: &[u8], names: impl Iterator<Item = Span>) -> Vec<Repeat> {
    let mut hashed: Vec<(u64, usize, Span)> = names
        .enumerate()
        .map(|(position, name)| (hash(&name.unescaped(text)), position, name))
        .collect();
    hashed.sort_unstable_by_key(|(hash, position, _)| (*hash, *position));
    let mut repeats = Vec::new();
    for run in hashed.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        let mut meant: Vec<(Cow<'_, [u8]>, usize)> =
            run.iter().map(|(_, position, name)| (name.unescaped(text), *position)).collect();
        meant.sort_unstable();
        for same in meant.chunk_by(|a, b| a.0 == b.0) {
            let pairs = same.iter().zip(same.iter().skip(1));
            repeats.extend(
                pairs.map(|((_, replaced), (_, at))| Repeat { at: *at, replaced: *replaced }),
            );
        }
    }
    repeats.sort_unstable_by_key(|repeat| repeat.at);
    repeats
}

/// A hash that spreads names well; it need not resist anyone.
fn hash(name: &[u8]) -> u64 {
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
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
            assert!(any_repeat(text.as_bytes(), spans.iter().copied()));
            let found = repeats(text.as_bytes(), spans.iter().copied());
            assert_eq!(found, [Repeat { at: filler + 2, replaced: 0 }]);
        }
    }

    #[test]
    fn the_last_of_three_replaces_the_second_and_the_second_the_first() {
        let text = br#"["x","x","x"]"#;
        let found = repeats(text, spans(text).into_iter());
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
        assert!(!any_repeat(text.as_bytes(), spans.iter().copied()));
        assert!(repeats(text.as_bytes(), spans.into_iter()).is_empty());
    }

    #[test]
    fn the_hash_tells_short_names_apart() {
        let hashes: HashSet<u64> =
            (0..100_000_u32).map(|number| hash(number.to_string().as_bytes())).collect();
        assert_eq!(hashes.len(), 100_000);
    }
}
