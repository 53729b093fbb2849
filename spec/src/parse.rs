//! The structure of a header: members, metadata, entries and their fields (META, ENT, DT, SHP, OFF
//! and INT rules), over the tokens of [`crate::text`].
//!
//! One parser serves both looks; see [`crate::fault`]. Names are compared, sizes computed and the
//! layout judged afterwards, in [`crate::names`], [`crate::size`] and [`crate::layout`].

use crate::dtype::Dtype;
use crate::fault::{Faults, First, Stop};
use crate::file::plural;
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

/// A member that is not metadata, as far as its fields can be used, and where they stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    pub(crate) name: Span,
    pub(crate) dtype: Field<Dtype>,
    pub(crate) shape: Field<Shape>,
    pub(crate) offsets: Field<(u64, u64)>,
}

/// A field of an entry.
#[derive(Clone, Debug, Default)]
pub(crate) enum Field<T> {
    /// It has not been seen.
    #[default]
    Missing,
    /// It has been seen, and what depends on it cannot be judged.
    Unusable,
    /// Its value and its place.
    Is(T, Range<usize>),
}

impl<T: Copy> Field<T> {
    pub(crate) fn value(&self) -> Option<T> {
        match self {
            Self::Missing | Self::Unusable => None,
            Self::Is(value, _) => Some(*value),
        }
    }

    /// The value and its place, if the field can be used.
    pub(crate) fn known(&self) -> Option<(T, Range<usize>)> {
        match self {
            Self::Missing | Self::Unusable => None,
            Self::Is(value, place) => Some((*value, place.clone())),
        }
    }

    fn of(value: Option<T>, place: Range<usize>) -> Self {
        value.map_or(Self::Unusable, |value| Self::Is(value, place))
    }
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
        self.lexer.faults.report(rule, at, found)
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
                self.member(name)?;
            }
            if self.lexer.take(b'}') {
                return Ok(());
            }
            if !self.lexer.take(b',') {
                return Err(self.lexer.unexpected("`,` or `}`"));
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
            self.lexer.faults.report_unless(Leniency::TrailingWhitespace, place, found)?;
            return Ok(());
        }
        self.report(RuleId::Pad1, place, found)
    }

    fn metadata(&mut self, name: Span) -> Result<(), Stop> {
        if self.seen_metadata {
            self.report(RuleId::Meta1, name.quoted(), || "a second `__metadata__`".to_owned())?;
            self.header.metadata = None;
            return self.lexer.skip_value().map(drop);
        }
        self.seen_metadata = true;
        if self.lexer.token() != Some(b'{') {
            let place = self.lexer.skip_value()?;
            let value = self.lexer.text().get(place.clone()).unwrap_or_default();
            let found = || format!("{} as metadata", show(value));
            if value == b"null" {
                self.lexer.faults.report_unless(Leniency::NullMetadata, place, found)?;
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
                if self.lexer.take(b'}') {
                    break;
                }
                if !self.lexer.take(b',') {
                    return Err(self.lexer.unexpected("`,` or `}`"));
                }
            }
        }
        self.header.metadata = Some(pairs);
        Ok(())
    }

    fn member(&mut self, name: Span) -> Result<(), Stop> {
        let mut member = Member { name, ..Member::default() };
        match self.lexer.token() {
            Some(b'{') => self.entry(&mut member)?,
            Some(b'[') => self.sequence(&mut member)?,
            Some(_) | None => {
                let place = self.lexer.skip_value()?;
                self.not_an_entry(place)?;
            }
        }
        let fields = (member.dtype.value(), member.shape.value(), member.offsets.value());
        if let (Some(dtype), Some(shape), Some((begin, end))) = fields {
            self.header.tensors.push(TensorSpan { name, dtype, shape, begin, end });
        }
        if F::COLLECTS {
            self.lexer.faults.keep(member);
        }
        Ok(())
    }

    fn not_an_entry(&mut self, place: Range<usize>) -> Result<(), Stop> {
        let value = self.lexer.text().get(place.clone()).unwrap_or_default();
        self.report(RuleId::Ent1, place, || format!("{} as an entry", show(value)))
    }

    fn entry(&mut self, member: &mut Member) -> Result<(), Stop> {
        let start = self.lexer.position();
        self.lexer.step();
        if !self.lexer.take(b'}') {
            loop {
                let key = self.lexer.key()?;
                self.field(key, member)?;
                if self.lexer.take(b'}') {
                    break;
                }
                if !self.lexer.take(b',') {
                    return Err(self.lexer.unexpected("`,` or `}`"));
                }
            }
        }
        let place = start..self.lexer.position();
        let missing = [
            ("dtype", matches!(member.dtype, Field::Missing)),
            ("shape", matches!(member.shape, Field::Missing)),
            ("data_offsets", matches!(member.offsets, Field::Missing)),
        ];
        for (field, is_missing) in missing {
            if is_missing {
                self.report(RuleId::Ent2, place.clone(), || format!("an entry without `{field}`"))?;
            }
        }
        Ok(())
    }

    fn field(&mut self, key: Span, member: &mut Member) -> Result<(), Stop> {
        let text = self.lexer.text();
        let name = key.unescaped(text);
        let seen = match name.as_ref() {
            b"dtype" => !matches!(member.dtype, Field::Missing),
            b"shape" => !matches!(member.shape, Field::Missing),
            b"data_offsets" => !matches!(member.offsets, Field::Missing),
            other => {
                let found = || format!("the field {}", show(other));
                let leniency = Leniency::UnknownFields;
                self.lexer.faults.report_unless(leniency, key.quoted(), found)?;
                return self.lexer.skip_value().map(drop);
            }
        };
        if seen {
            self.report(RuleId::Ent3, key.quoted(), || format!("{} again", show(&name)))?;
            self.lexer.skip_value()?;
        }
        match name.as_ref() {
            b"dtype" => member.dtype = if seen { Field::Unusable } else { self.dtype()? },
            b"shape" => member.shape = if seen { Field::Unusable } else { self.shape()? },
            _ => member.offsets = if seen { Field::Unusable } else { self.offsets()? },
        }
        Ok(())
    }

    /// An array where an entry should stand: invalid, unless it has the three values of an entry
    /// and the leniency for it is switched on.
    fn sequence(&mut self, member: &mut Member) -> Result<(), Stop> {
        let start = self.lexer.position();
        let mut ahead = Lexer::new(self.lexer.text(), start, First);
        let place = match ahead.skip_value() {
            Ok(place) => place,
            // The grammar is broken somewhere inside: say so with the faults of this look.
            Err(Stop) => return self.lexer.skip_value().map(drop),
        };
        let found = || "an array as an entry".to_owned();
        let three = count_elements(self.lexer.text(), start) == Some(3);
        if !three || !self.lexer.faults.tolerate(Leniency::SequenceEntry, place.clone(), found) {
            self.lexer.skip_value()?;
            return self.not_an_entry(place);
        }
        self.lexer.step();
        member.dtype = self.dtype()?;
        self.lexer.take(b',');
        member.shape = self.shape()?;
        self.lexer.take(b',');
        member.offsets = self.offsets()?;
        self.lexer.take(b']');
        Ok(())
    }

    fn dtype(&mut self) -> Result<Field<Dtype>, Stop> {
        let start = self.lexer.position();
        let (name, place) = match self.lexer.token() {
            Some(b'"') => {
                let name = self.lexer.string()?;
                (name, name.quoted())
            }
            Some(_) | None => {
                let place = self.lexer.skip_value()?;
                let text = self.lexer.text();
                let value = text.get(place.clone()).unwrap_or_default();
                let found = || format!("{} as a dtype", show(value));
                let Some(key) = unit_map_key(text, start) else {
                    self.report(RuleId::Dt1, place, found)?;
                    return Ok(Field::Unusable);
                };
                let leniency = Leniency::EnumMapDtype;
                if !self.lexer.faults.report_unless(leniency, place.clone(), found)? {
                    return Ok(Field::Unusable);
                }
                (key, place)
            }
        };
        let text = self.lexer.text();
        let meant = name.unescaped(text);
        let dtype = Dtype::from_name(&meant);
        match dtype {
            Some(known) if known.since() <= self.version => Ok(Field::Is(known, place)),
            Some(_) | None => {
                let version = self.version;
                self.report(RuleId::Dt2, place, || match dtype {
                    Some(newer) => format!(
                        "the dtype `{newer}` of format version {}, under format version {version}",
                        newer.since()
                    ),
                    None => format!("{} as a dtype", show(&meant)),
                })?;
                Ok(Field::Unusable)
            }
        }
    }

    fn shape(&mut self) -> Result<Field<Shape>, Stop> {
        let mut shape = Shape::scalar(self.header.dims.len());
        let Some((usable, place)) = self.integers(RuleId::Shp1, "a shape", |header, dim| {
            header.dims.push(dim);
            shape.add(dim);
        })?
        else {
            return Ok(Field::Unusable);
        };
        Ok(Field::of(usable.then_some(shape), place))
    }

    fn offsets(&mut self) -> Result<Field<(u64, u64)>, Stop> {
        let mut pair = (0, 0);
        let mut count = 0_u64;
        let Some((usable, place)) = self.integers(RuleId::Off1, "data offsets", |_, offset| {
            pair = (pair.1, offset);
            count += 1;
        })?
        else {
            return Ok(Field::Unusable);
        };
        if usable && count == 2 {
            return Ok(Field::Is(pair, place));
        }
        let count = count_elements(self.lexer.text(), place.start).unwrap_or_default();
        if count != 2 {
            self.report(RuleId::Off2, place, || plural(count, "element"))?;
        }
        Ok(Field::Unusable)
    }

    /// Reads an array of integers. `None` stands for something that is not an array (`rule`);
    /// otherwise, whether every element was an integer, and the place of the array.
    fn integers(
        &mut self,
        rule: RuleId,
        what: &str,
        mut each: impl FnMut(&mut Header, u64),
    ) -> Result<Option<(bool, Range<usize>)>, Stop> {
        if self.lexer.token() != Some(b'[') {
            let place = self.lexer.skip_value()?;
            let value = self.lexer.text().get(place.clone()).unwrap_or_default();
            self.report(rule, place, || format!("{} as {what}", show(value)))?;
            return Ok(None);
        }
        let start = self.lexer.position();
        self.lexer.step();
        let mut usable = true;
        if !self.lexer.take(b']') {
            loop {
                match self.integer()? {
                    Some(value) => each(&mut self.header, value),
                    None => usable = false,
                }
                if self.lexer.take(b']') {
                    break;
                }
                if !self.lexer.take(b',') {
                    return Err(self.lexer.unexpected("`,` or `]`"));
                }
            }
        }
        Ok(Some((usable, start..self.lexer.position())))
    }

    /// Reads one element that should be an integer (INT-1 to INT-3).
    fn integer(&mut self) -> Result<Option<u64>, Stop> {
        let first = self.lexer.token();
        if !first.is_some_and(Lexer::<F>::begins_number) {
            let place = self.lexer.skip_value()?;
            let value = self.lexer.text().get(place.clone()).unwrap_or_default();
            self.report(RuleId::Int1, place, || {
                format!("{} where an integer should stand", show(value))
            })?;
            return Ok(None);
        }
        if let Some(value) = self.lexer.short_integer() {
            return Ok(Some(value));
        }
        let place = self.lexer.number()?;
        let token = self.lexer.text().get(place.clone()).unwrap_or_default();
        if !token.iter().all(u8::is_ascii_digit) {
            self.report(RuleId::Int2, place, || format!("the spelling {}", show(token)))?;
            return Ok(None);
        }
        let value = token.iter().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        });
        if value.is_none() {
            self.report(RuleId::Int3, place, || format!("the integer {}", show(token)))?;
        }
        Ok(value)
    }
}

/// How many elements the array at a place has; the text is known to keep the grammar.
fn count_elements(text: &[u8], at: usize) -> Option<u64> {
    let mut lexer = Lexer::new(text, at, First);
    if !lexer.take(b'[') {
        return None;
    }
    if lexer.take(b']') {
        return Some(0);
    }
    let mut count = 1;
    loop {
        lexer.skip_value().ok()?;
        if !lexer.take(b',') {
            return Some(count);
        }
        count += 1;
    }
}

/// The key of the object at a place, if it has one member and that member is `null`.
fn unit_map_key(text: &[u8], at: usize) -> Option<Span> {
    let mut lexer = Lexer::new(text, at, First);
    if !lexer.take(b'{') {
        return None;
    }
    let key = lexer.key().ok()?;
    lexer.token();
    (lexer.literal("null") && lexer.take(b'}')).then_some(key)
}

/// Bytes after the object, in few words.
fn describe(bytes: &[u8]) -> String {
    match bytes {
        [byte] => show_byte(*byte),
        many if many.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0)) => {
            let kinds = bytes.iter().copied().collect::<std::collections::BTreeSet<_>>();
            let names: Vec<String> = kinds.into_iter().map(show_byte).collect();
            format!("{} bytes of {}", many.len(), names.join(", "))
        }
        many => show(many),
    }
}
