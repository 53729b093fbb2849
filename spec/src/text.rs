//! The text layer: a strict reader of RFC 8259 tokens over bytes (JSON-1 to JSON-5).
//!
//! It keeps byte ranges and the spelling of numbers, hands out spans instead of values, allocates
//! nothing for a token and never recurses. What the tokens mean is decided in [`crate::parse`].

use crate::fault::{Faults, Stop};
use crate::rules::RuleId;
use std::borrow::Cow;
use std::ops::Range;

/// A string of the header text: the place between its quotation marks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    start: usize,
    end: usize,
    escaped: bool,
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

/// What an open bracket of a skipped value is waiting for.
#[derive(Clone, Copy)]
enum Open {
    Array,
    Object,
}

/// A position in the header text, and what to do at a fault.
pub(crate) struct Lexer<'a, F> {
    text: &'a [u8],
    at: usize,
    pub(crate) faults: F,
}

impl<'a, F: Faults> Lexer<'a, F> {
    pub(crate) fn new(text: &'a [u8], at: usize, faults: F) -> Self {
        Self { text, at, faults }
    }

    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Skips whitespace, and gives the byte after it.
    #[inline]
    pub(crate) fn token(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Steps over one byte that has been looked at.
    pub(crate) fn step(&mut self) {
        self.at += 1;
    }

    /// Skips whitespace and takes the byte if it comes next.
    #[inline]
    pub(crate) fn take(&mut self, wanted: u8) -> bool {
        let found = self.token() == Some(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    /// The grammar cannot go on here (JSON-1).
    #[cold]
    pub(crate) fn unexpected(&mut self, expected: &str) -> Stop {
        let at = self.at;
        let end = self.text.len().min(at + 1);
        let shown = self.peek();
        self.stop(RuleId::Json1, at..end, || match shown {
            None => format!("the end of the header text where {expected} should stand"),
            Some(byte) => format!("{} where {expected} should stand", show_byte(byte)),
        })
    }

    /// After an item of a list: steps over the comma if there is more (`true`), or over the closing
    /// bracket.
    #[inline]
    pub(crate) fn more(&mut self, close: u8) -> Result<bool, Stop> {
        match self.token() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) | None => {
                Err(self.unexpected(if close == b'}' { "`,` or `}`" } else { "`,` or `]`" }))
            }
        }
    }

    /// Reports a fault after which nothing can be judged.
    #[cold]
    fn stop(&mut self, rule: RuleId, at: Range<usize>, found: impl FnOnce() -> String) -> Stop {
        match self.faults.report(rule, at, found) {
            Ok(()) => Stop,
            Err(stop) => stop,
        }
    }

    /// Reads a member's key and the colon after it.
    pub(crate) fn key(&mut self) -> Result<Span, Stop> {
        if self.token() != Some(b'"') {
            return Err(self.unexpected("a string"));
        }
        let key = self.string()?;
        if !self.take(b':') {
            return Err(self.unexpected("`:`"));
        }
        Ok(key)
    }

    /// Reads the string whose opening quotation mark comes next.
    //
    // Inlined around a call that returns a single register: a span returned through memory is
    // written in two halves and read as a whole, and that stall is a tenth of the time on a small
    // header.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<Span, Stop> {
        let start = self.at + 1;
        let escaped = self.rest_of_string()?;
        Ok(Span { start, end: self.at - 1, escaped })
    }

    /// Steps over a string, and says whether it holds an escape.
    #[inline(never)]
    fn rest_of_string(&mut self) -> Result<bool, Stop> {
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at = plain_end(self.text, self.at);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(byte) => {
                    let at = self.at;
                    return Err(self.stop(RuleId::Json2, at..at + 1, || {
                        format!("the control character U+{byte:04X} in a string")
                    }));
                }
                None => return Err(self.unexpected("the end of the string")),
            }
        }
    }

    /// Steps over the escape that begins here.
    fn escape(&mut self) -> Result<(), Stop> {
        let start = self.at;
        match self.text.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at = start + 2;
                return Ok(());
            }
            Some(b'u') => {}
            Some(byte) => {
                let shown = show_byte(*byte);
                return Err(self.stop(RuleId::Json3, start..start + 2, || {
                    format!("a reverse solidus followed by {shown}")
                }));
            }
            None => {
                self.at = self.text.len();
                return Err(self.unexpected("the rest of an escape"));
            }
        }
        let Some(unit) = hex4(self.text, start + 2) else {
            let end = self.text.len().min(start + 6);
            return Err(self.stop(RuleId::Json3, start..end, || {
                "`\\u` without four hexadecimal digits".to_owned()
            }));
        };
        self.at = start + 6;
        match Unit::of(unit) {
            Unit::Scalar => Ok(()),
            Unit::High if low_after(self.text, self.at).is_some() => {
                self.at += 6;
                Ok(())
            }
            Unit::High | Unit::Low => Err(self.stop(RuleId::Json4, start..start + 6, || {
                format!("the lone surrogate U+{unit:04X}")
            })),
        }
    }

    /// Reads the number that begins here, and gives its place.
    pub(crate) fn number(&mut self) -> Result<Range<usize>, Stop> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let len = rest
            .iter()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            .unwrap_or(rest.len());
        let place = start..start + len;
        if !is_number(rest.get(..len).unwrap_or_default()) {
            return Err(self.stop(RuleId::Json5, place.clone(), || {
                format!("{}, which is no JSON number", show(rest.get(..len).unwrap_or_default()))
            }));
        }
        self.at = place.end;
        Ok(place)
    }

    /// Takes the number that begins here if it is a plain integer of at most 19 digits, which is
    /// what nearly every number is; leaves anything else to [`Lexer::number`].
    pub(crate) fn short_integer(&mut self) -> Option<u64> {
        const DIGITS: usize = 19; // 10^19 - 1 is below 2^64
        let rest = self.text.get(self.at..)?;
        let mut value = 0;
        for (len, byte) in rest.iter().take(DIGITS + 1).enumerate() {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                let number_goes_on = matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
                let leading_zero = len > 1 && rest.first() == Some(&b'0');
                if len == 0 || number_goes_on || leading_zero {
                    return None;
                }
                self.at += len;
                return Some(value);
            }
            if len == DIGITS {
                return None;
            }
            value = value * 10 + u64::from(digit);
        }
        None
    }

    /// Tries to read something; if it is not there, stays where it was.
    #[inline]
    pub(crate) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.at;
        let outcome = read(self);
        if outcome.is_none() {
            self.at = start;
        }
        outcome
    }

    /// Takes capital letters, digits and underscores, of which every name of a dtype is made.
    #[inline]
    pub(crate) fn word(&mut self) -> Option<&'a [u8]> {
        let rest = self.text.get(self.at..)?;
        let len = rest.iter().position(|byte| !matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))?;
        self.at += len;
        rest.get(..len)
    }

    /// Whether the byte begins a number token, well-formed or not.
    pub(crate) fn begins_number(byte: u8) -> bool {
        matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.')
    }

    /// Takes the literal if it comes next.
    #[inline]
    pub(crate) fn literal(&mut self, wanted: &str) -> bool {
        let found =
            self.text.get(self.at..).is_some_and(|rest| rest.starts_with(wanted.as_bytes()));
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// Skips one value of any kind, whose bytes must keep the grammar, and gives its place.
    ///
    /// Open brackets are kept in a list, one byte each, so that depth costs no stack.
    pub(crate) fn skip_value(&mut self) -> Result<Range<usize>, Stop> {
        let first = self.token();
        let start = self.at;
        let mut open = Vec::new();
        let mut byte = first;
        loop {
            match byte {
                Some(b'{') => {
                    self.at += 1;
                    if !self.take(b'}') {
                        self.key()?;
                        open.push(Open::Object);
                        byte = self.token();
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    if !self.take(b']') {
                        open.push(Open::Array);
                        byte = self.token();
                        continue;
                    }
                }
                Some(b'"') => {
                    self.string()?;
                }
                Some(digit) if Self::begins_number(digit) => {
                    self.number()?;
                }
                Some(_) | None => {
                    if !["true", "false", "null"].into_iter().any(|word| self.literal(word)) {
                        return Err(self.unexpected("a value"));
                    }
                }
            }
            if self.close(&mut open)? {
                return Ok(start..self.at);
            }
            byte = self.token();
        }
    }

    /// After a value inside open brackets: closes what closes, up to the next value. Says whether
    /// nothing is open any more.
    fn close(&mut self, open: &mut Vec<Open>) -> Result<bool, Stop> {
        while let Some(innermost) = open.last() {
            match innermost {
                Open::Array => {
                    if self.more(b']')? {
                        return Ok(false);
                    }
                }
                Open::Object => {
                    if self.more(b'}')? {
                        self.key()?;
                        return Ok(false);
                    }
                }
            }
            open.pop();
        }
        Ok(true)
    }
}

/// What a UTF-16 code unit is.
enum Unit {
    Scalar,
    High,
    Low,
}

impl Unit {
    fn of(unit: u32) -> Self {
        match unit {
            0xD800..=0xDBFF => Self::High,
            0xDC00..=0xDFFF => Self::Low,
            _ => Self::Scalar,
        }
    }
}

/// The first position from `at` on that holds a quotation mark, a reverse solidus or a control
/// character, or the end of the text. Looks at eight bytes at a time.
fn plain_end(text: &[u8], mut at: usize) -> usize {
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
fn hex4(text: &[u8], at: usize) -> Option<u32> {
    let digits = text.get(at..at.checked_add(4)?)?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

/// The escaped low surrogate at a place.
fn low_after(text: &[u8], at: usize) -> Option<u32> {
    let unit = text.get(at..)?.starts_with(b"\\u").then(|| hex4(text, at + 2)).flatten()?;
    matches!(Unit::of(unit), Unit::Low).then_some(unit)
}

/// Resolves the escapes of a string that the lexer has accepted.
fn unescape(spelled: &[u8]) -> Vec<u8> {
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

/// Whether a token matches the production `number` of RFC 8259.
fn is_number(token: &[u8]) -> bool {
    let unsigned = token.strip_prefix(b"-").unwrap_or(token);
    let Some(mut rest) = after_digits(unsigned) else { return false };
    if unsigned.first() == Some(&b'0') && unsigned.len() - rest.len() > 1 {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let Some(after) = after_digits(fraction) else { return false };
        rest = after;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let power = match exponent {
            [b'+' | b'-', power @ ..] => power,
            power => power,
        };
        let Some(after) = after_digits(power) else { return false };
        rest = after;
    }
    rest.is_empty()
}

/// What follows the digits at the start of a token; `None` if there is no digit.
fn after_digits(token: &[u8]) -> Option<&[u8]> {
    let count = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 { None } else { token.get(count..) }
}

/// A byte of the header text as a person can read it.
pub(crate) fn show_byte(byte: u8) -> String {
    match byte {
        b'`' => "a backtick".to_owned(),
        0x21..0x7F => format!("`{}`", char::from(byte)),
        _ => format!("the byte 0x{byte:02X}"),
    }
}

/// Some bytes of the header text as a person can read them: escaped, and cut to 60 characters.
pub(crate) fn show(bytes: &[u8]) -> String {
    const SHOWN: usize = 60;
    let head = bytes.get(..bytes.len().min(4 * SHOWN + 4)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let more = if text.chars().count() > SHOWN { "…" } else { "" };
    let shown = text.chars().take(SHOWN).map(|character| match character {
        '"' | '\'' | '\\' => character.to_string(),
        other => other.escape_debug().to_string(),
    });
    format!("`{}{more}`", shown.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::First;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_those_of_rfc_8259() {
        for good in ["0", "-0", "10", "1.5", "1e5", "1E+05", "-1.0e-0", "123456789012345678901"] {
            assert!(is_number(good.as_bytes()), "{good}");
        }
        for bad in
            ["", "-", "01", "-01", "1.", ".5", "1e", "1e+", "+1", "1.e1", "0-1", "1..2", "--1"]
        {
            assert!(!is_number(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn escapes_mean_what_rfc_8259_says() {
        let meant = |spelled: &str| String::from_utf8(unescape(spelled.as_bytes())).unwrap();
        assert_eq!(meant(r#"\"\\\/\b\f\n\r\t"#), "\"\\/\u{8}\u{c}\n\r\t");
        assert_eq!(meant(r"\u0041\u00e9\uD83D\uDE00\ud83d\ude00!"), "Aé😀😀!");
    }

    #[test]
    fn depth_costs_no_stack() {
        for (open, close) in [("[", "]"), ("{\"\":", "}")] {
            let text = format!("{}0{}", open.repeat(1_000_000), close.repeat(1_000_000));
            let mut lexer = Lexer::new(text.as_bytes(), 0, First);
            assert_eq!(lexer.skip_value().unwrap(), 0..text.len());
        }
    }

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_find_what_one_at_a_time_finds(
            text in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), 0_u8..0x40], 0..40),
            from in 0_usize..8,
        ) {
            let from = from.min(text.len());
            let one_by_one = (from..text.len())
                .find(|at| matches!(text[*at], 0..0x20 | b'"' | b'\\'))
                .unwrap_or(text.len());
            prop_assert_eq!(plain_end(&text, from), one_by_one);
        }

        #[test]
        fn a_short_integer_is_taken_as_its_value_or_left_alone(token in "[0-9]{1,22}[,.e+\\-]?") {
            let mut lexer = Lexer::new(token.as_bytes(), 0, First);
            let digits = token.trim_end_matches(',');
            let plain = !token.ends_with(['.', 'e', '+', '-']) && (digits == "0" || !digits.starts_with('0'));
            match lexer.short_integer() {
                Some(value) => {
                    prop_assert!(plain);
                    prop_assert_eq!(value.to_string(), digits);
                    prop_assert_eq!(lexer.position(), digits.len());
                }
                None => {
                    prop_assert_eq!(lexer.position(), 0);
                    prop_assert!(!plain || digits.len() > 18 || digits == token);
                }
            }
        }
    }
}
