//! The structure of a header: its members and its metadata (META rules), over the tokens of
//! [`crate::text`]. The entries of tensors are parsed in [`entry`].
//!
//! One parser serves both looks; see [`crate::fault`]. Names are compared, sizes computed and the
//! layout judged afterwards, in [`crate::names`], [`crate::size`] and [`crate::layout`].

mod entry;
mod field;

pub(crate) use entry::{Fields, Member};

use crate::dtype::Dtype;
use crate::fault::{Faults, Stop};
use crate::leniency::Leniency;
use crate::rules::RuleId;
use crate::size::Shape;
use crate::text::{Lexer, Span, show, show_byte};
use crate::version::Version;
use std::ops::Range;

/// The key of the member that holds metadata.
pub(crate) const METADATA: &str = "__metadata__";

/// A tensor whose entry keeps every rule on entries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TensorSpan {
    pub(crate) name: Span,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Shape,
    pub(crate) begin: u64,
    pub(crate) end: u64,
}

/// All that the parser takes from a header.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) tensors: Vec<TensorSpan>,
    /// The dimensions of all tensors, one after the other.
    pub(crate) dims: Vec<u64>,
    pub(crate) metadata: Option<Vec<(Span, Span)>>,
}

/// A header being parsed.
pub(crate) struct Parser<'a, F> {
    lexer: Lexer<'a, F>,
    version: Version,
    header: Header,
    seen_metadata: bool,
    /// The tensor whose entry is being parsed, for what is told of a fault.
    tensor: Option<Span>,
}

impl<'a, F: Faults> Parser<'a, F> {
    /// A parser of header text that is UTF-8, from the position of its object on.
    pub(crate) fn new(text: &'a [u8], at: usize, version: Version, faults: F) -> Self {
        // An entry of the common kind takes 60 to 120 bytes; a wrong guess costs a growth.
        let guess = text.len() / 80 + 1;
        Self {
            lexer: Lexer::new(text, at, faults),
            version,
            header: Header {
                tensors: Vec::with_capacity(guess),
                dims: Vec::with_capacity(2 * guess),
                metadata: None,
            },
            seen_metadata: false,
            tensor: None,
        }
    }

    /// Parses the header. `None` stands for a text that could not be read to its end.
    pub(crate) fn parse(mut self) -> (Option<Header>, F) {
        let outcome = self.object().and_then(|()| self.padding());
        (outcome.ok().map(|()| self.header), self.lexer.faults)
    }

    fn report(
        &mut self,
        rule: RuleId,
        at: Range<usize>,
        found: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        let (tensor, text) = (self.tensor, self.lexer.text());
        self.lexer.faults.report(rule, at, || named(found(), tensor, text))
    }

    /// Reports a fault unless a leniency covers it; says whether it does.
    fn report_unless(
        &mut self,
        leniency: Leniency,
        at: Range<usize>,
        found: impl Fn() -> String,
    ) -> Result<bool, Stop> {
        let (tensor, text) = (self.tensor, self.lexer.text());
        self.lexer.faults.report_unless(leniency, at, || named(found(), tensor, text))
    }

    fn object(&mut self) -> Result<(), Stop> {
        if !self.lexer.take(b'{') {
            return Err(self.lexer.unexpected("`{`"));
        }
        if self.lexer.take(b'}') {
            return Ok(());
        }
        loop {
            let name = self.lexer.key()?;
            if name.is(self.lexer.text(), METADATA) {
                self.metadata(name)?;
            } else {
                self.tensor = F::COLLECTS.then_some(name);
                self.member(name)?;
                self.tensor = None;
            }
            if !self.lexer.more(b'}')? {
                return Ok(());
            }
        }
    }

    /// Checks what follows the object (PAD-1).
    fn padding(&mut self) -> Result<(), Stop> {
        let start = self.lexer.position();
        let rest = self.lexer.text().get(start..).unwrap_or_default();
        let Some(first) = rest.iter().position(|byte| *byte != b' ') else { return Ok(()) };
        let last = rest.iter().rposition(|byte| *byte != b' ').unwrap_or(first);
        let place = start + first..start + last + 1;
        let strange = rest.get(first..=last).unwrap_or_default();
        let found = || format!("{} after the object", describe(strange));
        if strange.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.report_unless(Leniency::TrailingWhitespace, place, found)?;
            return Ok(());
        }
        self.report(RuleId::Pad1, place, found)
    }

    fn metadata(&mut self, name: Span) -> Result<(), Stop> {
        if self.seen_metadata {
            self.report(RuleId::Meta1, name.quoted(), || "a second `__metadata__`".to_owned())?;
            return self.lexer.skip_value().map(drop);
        }
        self.seen_metadata = true;
        if self.lexer.token() != Some(b'{') {
            let place = self.lexer.skip_value()?;
            let value = self.lexer.text().get(place.clone()).unwrap_or_default();
            let found = || format!("{} as metadata", show(value));
            if value == b"null" {
                self.report_unless(Leniency::NullMetadata, place, found)?;
                return Ok(());
            }
            return self.report(RuleId::Meta2, place, found);
        }
        self.lexer.step();
        let mut pairs = Vec::new();
        if !self.lexer.take(b'}') {
            loop {
                let key = self.lexer.key()?;
                let mut value = Span::default();
                if self.lexer.token() == Some(b'"') {
                    value = self.lexer.string()?;
                } else {
                    let place = self.lexer.skip_value()?;
                    let value = self.lexer.text().get(place.clone()).unwrap_or_default();
                    self.report(RuleId::Meta3, place, || {
                        format!("{} as a metadata value", show(value))
                    })?;
                }
                pairs.push((key, value));
                if !self.lexer.more(b'}')? {
                    break;
                }
            }
        }
        self.header.metadata = Some(pairs);
        Ok(())
    }
}

/// What was found, with the tensor that it is about.
fn named(found: String, tensor: Option<Span>, text: &[u8]) -> String {
    match tensor {
        Some(name) => format!("{found}, tensor {}", show(&name.unescaped(text))),
        None => found,
    }
}

/// Bytes after the object, in few words.
fn describe(bytes: &[u8]) -> String {
    match bytes {
        [byte] => show_byte(*byte),
        many if many.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0)) => {
            let kinds = bytes.iter().copied().collect::<std::collections::BTreeSet<_>>();
            let names: Vec<String> = kinds.iter().map(|byte| format!("0x{byte:02X}")).collect();
            format!("{} bytes, all of them {}", many.len(), names.join(" or "))
        }
        many => show(many),
    }
}
