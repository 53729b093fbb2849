//! The entries of tensors and their fields (ENT rules). The values of the fields are parsed
//! in [`super::field`].

use super::field::{Field, count_elements};
use super::{Parser, TensorSpan};
use crate::dtype::Dtype;
use crate::fault::{Faults, First, Stop};
use crate::leniency::Leniency;
use crate::rules::RuleId;
use crate::size::Shape;
use crate::text::{Lexer, Span, show};
use std::ops::Range;

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

impl Fields {
    fn usable(&self) -> bool {
        self.dtype.value().is_some()
            || self.shape.value().is_some()
            || self.offsets.value().is_some()
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

impl<F: Faults> Parser<'_, F> {
    /// Parses the value of a member that is not metadata.
    pub(super) fn member(&mut self, name: Span) -> Result<(), Stop> {
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
                    self.report_unless(leniency, key.quoted(), found)?;
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
        if count_elements(self.lexer.text(), start) != Some(3) {
            self.lexer.skip_value()?;
            return self.not_an_entry(place);
        }
        let value = self.lexer.text().get(place.clone()).unwrap_or_default();
        let found = || format!("{} as an entry", show(value));
        if !self.report_unless(Leniency::SequenceEntry, place, found)? {
            return self.lexer.skip_value().map(drop);
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
}
