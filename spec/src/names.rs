//! Strings that occur twice (NAME-1, META-4), found by sorted 64-bit hashes.
//!
//! Equal hashes only send two strings to be compared; they decide nothing. Strings with equal
//! hashes made on purpose cost a sort by name, never a quadratic search.

use crate::text::Span;
use std::borrow::Cow;

/// Up to this many hashes are compared pair by pair, which needs no memory.
const FEW: usize = 16;

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
    let hashes = names.clone().map(|name| hash(&name.unescaped(text)));
    let suspect = if hashes.len() <= FEW {
        let mut few = [0; FEW];
        for (slot, hash) in few.iter_mut().zip(hashes) {
            *slot = hash;
        }
        let few = few.get(..names.len()).unwrap_or_default();
        few.iter().enumerate().any(|(position, hash)| few.iter().take(position).any(|x| x == hash))
    } else {
        let mut sorted: Vec<u64> = hashes.collect();
        sorted.sort_unstable();
        sorted.windows(2).any(|pair| pair.first() == pair.last())
    };
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
