//! The text layer: a strict reader of RFC 8259 tokens over bytes (JSON-1 to JSON-5).
//!
//! It keeps byte ranges and the spelling of numbers, hands out spans instead of values, allocates
//! nothing for a token and never recurses. What the tokens mean is decided in [`crate::parse`].

mod numbers;
mod shown;
mod strings;

pub(crate) use shown::{show, show_byte};
pub(crate) use strings::Span;

use crate::fault::{Faults, Stop};
use crate::rules::RuleId;
use numbers::is_number;
use std::ops::Range;
use strings::{Unit, hex4, low_after, plain_end};

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
            None => format!("the end of the {} where {expected} should stand", F::TEXT),
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

#[cfg(test)]
mod tests;
