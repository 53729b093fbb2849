//! The frame of a file: eight bytes of length, header text, data buffer (LEN-1 to LEN-3).
//!
//! Nothing here reads a file system: a [`File`] is bytes that the caller holds, whole or in part.

use crate::fault::Violation;
use crate::limit::MAX_HEADER_LEN;
use crate::rules::RuleId;
use std::fmt;

/// The number of bytes that hold N.
pub(crate) const PREFIX_LEN: usize = 8;

/// The bytes of a file as far as the oracle needs them, and the length of the whole.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    prefix: &'a [u8],
    len: u64,
}

/// A prefix that ends before the header text does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefixTooShort {
    /// How many bytes from the start of the file the oracle needs; at most 100,000,008, and at
    /// most the length of the file.
    pub needed: u64,
}

impl fmt::Display for PrefixTooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the first {} bytes of the file are needed to decide on it", self.needed)
    }
}

impl std::error::Error for PrefixTooShort {}

impl<'a> File<'a> {
    /// A file that is held whole.
    #[must_use]
    pub fn whole(bytes: &'a [u8]) -> Self {
        Self { prefix: bytes, len: widen(bytes.len()) }
    }

    /// A file of `len` bytes that begins with `prefix`. The data buffer is never looked at, so
    /// the prefix need not reach into it.
    ///
    /// # Errors
    ///
    /// The prefix ends before the header text; the error says how many bytes are needed. Asking
    /// with an empty prefix first, and again with what is needed, reads no byte in vain.
    pub fn prefix(prefix: &'a [u8], len: u64) -> Result<Self, PrefixTooShort> {
        // A prefix longer than the file is a whole file that the caller measured too early.
        let len = len.max(widen(prefix.len()));
        let needed = match declared_len(prefix) {
            None => len.min(widen(PREFIX_LEN)),
            Some(n) if n <= MAX_HEADER_LEN && n <= len - widen(PREFIX_LEN) => n + widen(PREFIX_LEN),
            Some(_) => widen(PREFIX_LEN),
        };
        if widen(prefix.len()) < needed {
            return Err(PrefixTooShort { needed });
        }
        Ok(Self { prefix, len })
    }

    /// Cuts the header text out of the file.
    pub(crate) fn frame(self) -> Result<Frame<'a>, Violation> {
        let Some(n) = declared_len(self.prefix) else {
            return Err(Violation {
                rule: RuleId::Len1,
                bytes: 0..self.len,
                found: plural(self.len, "byte"),
            });
        };
        let prefix_len = widen(PREFIX_LEN);
        if n > MAX_HEADER_LEN {
            return Err(Violation {
                rule: RuleId::Len2,
                bytes: 0..prefix_len,
                found: format!("N = {n}"),
            });
        }
        let left = self.len - prefix_len;
        let text = usize::try_from(n)
            .ok()
            .and_then(|n| self.prefix.get(PREFIX_LEN..)?.get(..n))
            .filter(|_| n <= left);
        match text {
            Some(text) => Ok(Frame { text, data_len: left - n }),
            None => Err(Violation {
                rule: RuleId::Len3,
                bytes: 0..prefix_len,
                found: format!("N = {n} with {} after it", plural(left, "byte")),
            }),
        }
    }
}

/// A file cut into its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    /// The header text: N bytes.
    pub(crate) text: &'a [u8],
    /// The length of the data buffer in bytes.
    pub(crate) data_len: u64,
}

/// N, as far as the file is long enough to have it.
fn declared_len(prefix: &[u8]) -> Option<u64> {
    prefix.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// A length in memory as a length in a file; lossless wherever Rust runs.
pub(crate) fn widen(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// A count with its noun.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_n(n: u64, rest: usize) -> Vec<u8> {
        let mut bytes = n.to_le_bytes().to_vec();
        bytes.resize(PREFIX_LEN + rest, b' ');
        bytes
    }

    fn rule(bytes: &[u8]) -> Option<RuleId> {
        File::whole(bytes).frame().err().map(|violation| violation.rule)
    }

    #[test]
    fn the_frame_is_cut_where_n_says_and_nowhere_else() {
        let bytes = with_n(3, 5);
        let frame = File::whole(&bytes).frame().unwrap();
        assert_eq!((frame.text.len(), frame.data_len), (3, 2));
        assert_eq!(rule(&[0; 7]), Some(RuleId::Len1));
        assert_eq!(rule(&with_n(5, 5)), None);
        assert_eq!(rule(&with_n(6, 5)), Some(RuleId::Len3));
        for n in [MAX_HEADER_LEN + 1, 1 << 31, 1 << 32, (1 << 32) + 5, 1 << 63, u64::MAX] {
            assert_eq!(rule(&with_n(n, 5)), Some(RuleId::Len2), "N = {n}");
        }
    }

    #[test]
    fn a_prefix_says_how_many_bytes_it_lacks_and_then_suffices() {
        let bytes = with_n(3, 5);
        let file = |len| File::prefix(bytes.get(..len).unwrap(), 1 << 40);
        assert_eq!(file(0).err(), Some(PrefixTooShort { needed: 8 }));
        assert_eq!(file(8).err(), Some(PrefixTooShort { needed: 11 }));
        assert_eq!(file(11).unwrap().frame().unwrap().data_len, (1 << 40) - 11);
        assert_eq!(File::prefix(&[], 5).err(), Some(PrefixTooShort { needed: 5 }));
    }

    #[test]
    fn a_header_that_breaks_the_frame_is_never_asked_for() {
        for n in [MAX_HEADER_LEN + 1, u64::MAX, 100] {
            assert!(File::prefix(&n.to_le_bytes(), 50).is_ok(), "N = {n}");
        }
    }
}
