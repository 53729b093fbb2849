//! Choices out of a finite supply of entropy. No choice can fail: where the supply has run out,
//! every one of them falls on the first and plainest possibility.

use arbitrary::Unstructured;
use std::ops::RangeInclusive;

/// Choices out of the bytes of an [`Unstructured`].
pub(super) struct Dice<'d, 'a>(&'d mut Unstructured<'a>);

impl<'d, 'a> Dice<'d, 'a> {
    pub(super) fn new(entropy: &'d mut Unstructured<'a>) -> Self {
        Self(entropy)
    }

    /// A number of the range; its start for an empty one.
    pub(super) fn between(&mut self, range: RangeInclusive<u64>) -> u64 {
        let start = *range.start();
        if range.is_empty() { start } else { self.0.int_in_range(range).unwrap_or(start) }
    }

    /// A position in a list of this length; 0 for an empty one.
    pub(super) fn below(&mut self, len: usize) -> usize {
        if len == 0 { 0 } else { self.0.int_in_range(0..=len - 1).unwrap_or(0) }
    }

    /// True about once in `n` times, and never out of an empty supply.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) + 1 == n
    }

    /// One of a fixed list.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        const { assert!(N > 0, "there is something to pick") };
        from[self.below(N)]
    }

    /// One of a list; `None` for an empty one.
    pub(super) fn pick_from<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).copied()
    }

    /// Bytes that differ from each other, grown from one draw: what is in a data buffer decides
    /// nothing, and is not worth more entropy.
    pub(super) fn filling(&mut self, len: usize) -> Vec<u8> {
        let step = self.0.arbitrary::<u8>().unwrap_or(0) | 1;
        std::iter::successors(Some(step), |last| Some(last.wrapping_add(step))).take(len).collect()
    }

    /// Puts a list into any order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, last - self.below(last + 1));
        }
    }
}
