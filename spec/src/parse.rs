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

/// A member that is not metadata.
//
// The fields are boxed because a hostile header has a member every seven bytes, and not one of
// them has a field that can be used.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: Span,
    /// Its fields, if one of them can be used.
    pub(crate) fields: Option<Box<Fields>>,
}

/// The fields of an entry as far as they can be used, and where they stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
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

impl Fields {
    fn usable(&self) -> bool {
        self.dtype.value().is_some()
            || self.shape.value().is_some()
            || self.offsets.value().is_some()
    }
}

impl<T: Copy> Field<T> {
    fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

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
}

/// The fields of an entry.
#[derive(Clone, Copy)]
enum FieldName {
    Dtype,
    Shape,
    Offsets,
}

impl FieldName {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Dtype => "dtype",
            Self::Shape => "shape",
            Self::Offsets => "data_offsets",
        }
    }

    fn of(name: &[u8]) -> Option<Self> {
        [Self::Dtype, Self::Shape, Self::Offsets]
            .into_iter()
            .find(|field| field.as_str().as_bytes() == name)
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
            self.lexer.faults.report_unless(Leniency::TrailingWhitespace, place, found)?;
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
                if !self.lexer.more(b'}')? {
                    break;
                }
            }
        }
        self.header.metadata = Some(pairs);
        Ok(())
    }

    /// Takes an entry spelled as nearly every writer spells it, without whitespace and with the
    /// fields in the usual order; leaves anything else, and any fault, to [`Parser::entry`].
    fn common_entry(&mut self, name: Span) -> Option<TensorSpan> {
        let first = self.header.dims.len();
        let tensor = self.lexer.attempt(|lexer| {
            lexer.literal("{\"dtype\":\"").then_some(())?;
            let dtype = Dtype::from_name(lexer.word()?)?;
            lexer.literal("\",\"shape\":[").then_some(())?;
            let mut shape = Shape::scalar(first);
            if !lexer.literal("]") {
                loop {
                    let dim = lexer.short_integer()?;
                    self.header.dims.push(dim);
                    shape.add(dim);
                    if !lexer.literal(",") {
                        break;
                    }
                }
                lexer.literal("]").then_some(())?;
            }
            lexer.literal(",\"data_offsets\":[").then_some(())?;
            let begin = lexer.short_integer()?;
            lexer.literal(",").then_some(())?;
            let end = lexer.short_integer()?;
            lexer.literal("]}").then_some(())?;
            (dtype.since() <= self.version).then_some(TensorSpan { name, dtype, shape, begin, end })
        });
        if tensor.is_none() {
            self.header.dims.truncate(first);
        }
        tensor
    }

    fn member(&mut self, name: Span) -> Result<(), Stop> {
        if !F::COLLECTS
            && let Some(tensor) = self.common_entry(name)
        {
            self.header.tensors.push(tensor);
            return Ok(());
        }
        let mut fields = Fields::default();
        match self.lexer.token() {
            Some(b'{') => self.entry(&mut fields)?,
            Some(b'[') => self.sequence(&mut fields)?,
            Some(_) | None => {
                let place = self.lexer.skip_value()?;
                self.not_an_entry(place)?;
            }
        }
        let values = (fields.dtype.value(), fields.shape.value(), fields.offsets.value());
        if let (Some(dtype), Some(shape), Some((begin, end))) = values {
            self.header.tensors.push(TensorSpan { name, dtype, shape, begin, end });
        }
        if F::COLLECTS {
            let fields = fields.usable().then(|| Box::new(fields));
            self.lexer.faults.keep(Member { name, fields });
        }
        Ok(())
    }

    fn not_an_entry(&mut self, place: Range<usize>) -> Result<(), Stop> {
        let value = self.lexer.text().get(place.clone()).unwrap_or_default();
        self.report(RuleId::Ent1, place, || format!("{} as an entry", show(value)))
    }

    fn entry(&mut self, fields: &mut Fields) -> Result<(), Stop> {
        let start = self.lexer.position();
        self.lexer.step();
        if !self.lexer.take(b'}') {
            loop {
                self.field(fields)?;
                if !self.lexer.more(b'}')? {
                    break;
                }
            }
        }
        let place = start..self.lexer.position();
        let missing = [
            (FieldName::Dtype, fields.dtype.is_missing()),
            (FieldName::Shape, fields.shape.is_missing()),
            (FieldName::Offsets, fields.offsets.is_missing()),
        ];
        for (field, is_missing) in missing {
            if is_missing {
                let found = || format!("an entry without `{}`", field.as_str());
                self.report(RuleId::Ent2, place.clone(), found)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, fields: &mut Fields) -> Result<(), Stop> {
        self.lexer.token();
        let start = self.lexer.position();
        let name = match self.common_key() {
            Some(name) => name,
            None => {
                let key = self.lexer.key()?;
                let Some(name) = FieldName::of(&key.unescaped(self.lexer.text())) else {
                    let text = self.lexer.text();
                    let found = || format!("the field {}", show(&key.unescaped(text)));
                    let leniency = Leniency::UnknownFields;
                    self.lexer.faults.report_unless(leniency, key.quoted(), found)?;
                    return self.lexer.skip_value().map(drop);
                };
                name
            }
        };
        let seen = match name {
            FieldName::Dtype => !fields.dtype.is_missing(),
            FieldName::Shape => !fields.shape.is_missing(),
            FieldName::Offsets => !fields.offsets.is_missing(),
        };
        if seen {
            let place = start..self.lexer.position() - 1;
            self.report(RuleId::Ent3, place, || format!("`{}` again", name.as_str()))?;
            self.lexer.skip_value()?;
        }
        match (name, seen) {
            (FieldName::Dtype, true) => fields.dtype = Field::Unusable,
            (FieldName::Shape, true) => fields.shape = Field::Unusable,
            (FieldName::Offsets, true) => fields.offsets = Field::Unusable,
            (FieldName::Dtype, false) => self.dtype(fields)?,
            (FieldName::Shape, false) => self.shape(fields)?,
            (FieldName::Offsets, false) => self.offsets(fields)?,
        }
        Ok(())
    }

    /// Takes a key and its colon if they are spelled as nearly every writer spells them.
    #[inline]
    fn common_key(&mut self) -> Option<FieldName> {
        if self.lexer.literal("\"dtype\":") {
            Some(FieldName::Dtype)
        } else if self.lexer.literal("\"shape\":") {
            Some(FieldName::Shape)
        } else if self.lexer.literal("\"data_offsets\":") {
            Some(FieldName::Offsets)
        } else {
            None
        }
    }

    /// An array where an entry should stand: invalid, unless it has the three values of an entry
    /// and the leniency for it is switched on.
    fn sequence(&mut self, fields: &mut Fields) -> Result<(), Stop> {
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
        self.dtype(fields)?;
        self.lexer.take(b',');
        self.shape(fields)?;
        self.lexer.take(b',');
        self.offsets(fields)?;
        self.lexer.take(b']');
        Ok(())
    }

    fn dtype(&mut self, fields: &mut Fields) -> Result<(), Stop> {
        let start = self.lexer.position();
        let (name, place) = match self.lexer.token() {
            Some(b'"') => {
                let name = self.lexer.string()?;
                (name, name.quoted())
            }
            Some(_) | None => {
                fields.dtype = Field::Unusable;
                let place = self.lexer.skip_value()?;
                let text = self.lexer.text();
                let value = text.get(place.clone()).unwrap_or_default();
                let found = || format!("{} as a dtype", show(value));
                let Some(key) = unit_map_key(text, start) else {
                    return self.report(RuleId::Dt1, place, found);
                };
                let leniency = Leniency::EnumMapDtype;
                if !self.lexer.faults.report_unless(leniency, place.clone(), found)? {
                    return Ok(());
                }
                (key, place)
            }
        };
        let text = self.lexer.text();
        let meant = name.unescaped(text);
        let version = self.version;
        match Dtype::from_name(&meant) {
            Some(dtype) if dtype.since() <= version => {
                fields.dtype = Field::Is(dtype, place);
                Ok(())
            }
            dtype => {
                fields.dtype = Field::Unusable;
                self.report(RuleId::Dt2, place, || match dtype {
                    Some(newer) => format!(
                        "the dtype `{newer}` of format version {}, under format version {version}",
                        newer.since()
                    ),
                    None => format!("{} as a dtype", show(&meant)),
                })
            }
        }
    }

    fn shape(&mut self, fields: &mut Fields) -> Result<(), Stop> {
        let mut shape = Shape::scalar(self.header.dims.len());
        let place = self.integers(RuleId::Shp1, "a shape", |header, dim| {
            header.dims.push(dim);
            shape.add(dim);
        })?;
        fields.shape = place.map_or(Field::Unusable, |place| Field::Is(shape, place));
        Ok(())
    }

    fn offsets(&mut self, fields: &mut Fields) -> Result<(), Stop> {
        fields.offsets = Field::Unusable;
        self.lexer.token();
        let start = self.lexer.position();
        let mut pair = (0, 0);
        let mut count = 0_u64;
        let place = self.integers(RuleId::Off1, "data offsets", |_, offset| {
            pair = (pair.1, offset);
            count += 1;
        })?;
        match place {
            Some(place) if count == 2 => {
                fields.offsets = Field::Is(pair, place);
                Ok(())
            }
            // Some element may be no integer, so the elements are counted again.
            Some(_) | None => match count_elements(self.lexer.text(), start) {
                None | Some(2) => Ok(()),
                Some(count) => {
                    let place = start..self.lexer.position();
                    self.report(RuleId::Off2, place, || plural(count, "element"))
                }
            },
        }
    }

    /// Reads an array of integers, and gives its place; `None` stands for something that is not an
    /// array (`rule`), or that has other elements.
    fn integers(
        &mut self,
        rule: RuleId,
        what: &str,
        mut each: impl FnMut(&mut Header, u64),
    ) -> Result<Option<Range<usize>>, Stop> {
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
                if !self.lexer.more(b']')? {
                    break;
                }
            }
        }
        Ok(usable.then(|| start..self.lexer.position()))
    }

    /// Reads one element that should be an integer (INT-1 to INT-3).
    fn integer(&mut self) -> Result<Option<u64>, Stop> {
        let first = self.lexer.token();
        if let Some(value) = self.lexer.short_integer() {
            return Ok(Some(value));
        }
        if !first.is_some_and(Lexer::<F>::begins_number) {
            let place = self.lexer.skip_value()?;
            let value = self.lexer.text().get(place.clone()).unwrap_or_default();
            self.report(RuleId::Int1, place, || {
                format!("{} where an integer should stand", show(value))
            })?;
            return Ok(None);
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
