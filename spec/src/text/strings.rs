//! Strings of the header text: where they stand, and what their escapes mean (JSON-3, JSON-4).

use std::borrow::Cow;
use std::ops::Range;

/// A string of the header text: the place between its quotation marks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) escaped: bool,
}

impl Span {
    /// The place of the string with its quotation marks.
    pub(crate) fn quoted(self) -> Range<usize> {
        self.start.saturating_sub(1)..self.end.saturating_add(1)
    }

    /// The bytes between the quotation marks, escapes as they are spelled.
    fn spelled(self, text: &[u8]) -> &[u8] {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// The string that is meant; borrowed where nothing is escaped.
    pub(crate) fn unescaped(self, text: &[u8]) -> Cow<'_, [u8]> {
        let spelled = self.spelled(text);
        if self.escaped { Cow::Owned(unescape(spelled)) } else { Cow::Borrowed(spelled) }
    }

    /// Whether the string that is meant is this one.
    #[inline]
    pub(crate) fn is(self, text: &[u8], wanted: &str) -> bool {
        if self.escaped {
            unescape(self.spelled(text)) == wanted.as_bytes()
        } else {
            self.spelled(text) == wanted.as_bytes()
        }
    }

    /// Whether two strings mean the same.
    #[inline]
    pub(crate) fn means_same(self, other: Self, text: &[u8]) -> bool {
        if self.escaped || other.escaped {
            self.unescaped(text) == other.unescaped(text)
        } else {
            self.spelled(text) == other.spelled(text)
        }
    }
}

/// What a UTF-16 code unit is.
pub(super) enum Unit {
    Scalar,
    High,
    Low,
}

impl Unit {
    pub(super) fn of(unit: u32) -> Self {
        match unit {
            0xD800..=0xDBFF => Self::High,
            0xDC00..=0xDFFF => Self::Low,
            _ => Self::Scalar,
        }
    }
}

/// The first position from `at` on that holds a quotation mark, a reverse solidus or a control
/// character, or the end of the text. Looks at eight bytes at a time.
pub(super) fn plain_end(text: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // A zero byte of `word` gives a set high bit at its place, and bytes above the lowest such
    // place are not relied on.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    while let Some(chunk) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let special = zeros(word ^ (ONES * 0x22))
            | zeros(word ^ (ONES * 0x5C))
            | (word.wrapping_sub(ONES * 0x20) & !word & HIGHS);
        if special != 0 {
            let bits = special.trailing_zeros();
            return at + usize::try_from(bits / 8).unwrap_or(0);
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\')).unwrap_or(rest.len())
}

/// The value of the four hexadecimal digits at a place.
pub(super) fn hex4(text: &[u8], at: usize) -> Option<u32> {
    let digits = text.get(at..at.checked_add(4)?)?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

/// The escaped low surrogate at a place.
pub(super) fn low_after(text: &[u8], at: usize) -> Option<u32> {
    let unit = text.get(at..)?.starts_with(b"\\u").then(|| hex4(text, at + 2)).flatten()?;
    matches!(Unit::of(unit), Unit::Low).then_some(unit)
}

/// Resolves the escapes of a string that the lexer has accepted.
pub(super) fn unescape(spelled: &[u8]) -> Vec<u8> {
    let mut meant = Vec::with_capacity(spelled.len());
    let mut at = 0;
    while let Some(&byte) = spelled.get(at) {
        if byte != b'\\' {
            meant.push(byte);
            at += 1;
            continue;
        }
        at += 2;
        match spelled.get(at - 1) {
            Some(b'b') => meant.push(0x08),
            Some(b'f') => meant.push(0x0C),
            Some(b'n') => meant.push(b'\n'),
            Some(b'r') => meant.push(b'\r'),
            Some(b't') => meant.push(b'\t'),
            Some(b'u') => {
                let high = hex4(spelled, at).unwrap_or_default();
                at += 4;
                let scalar = match (Unit::of(high), low_after(spelled, at)) {
                    (Unit::High, Some(low)) => {
                        at += 6;
                        0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
                    }
                    (Unit::High | Unit::Low | Unit::Scalar, _) => high,
                };
                let scalar = char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER);
                meant.extend_from_slice(scalar.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Some(other) => meant.push(*other),
            None => {}
        }
    }
    meant
}
