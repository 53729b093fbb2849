//! The values of the fields of an entry (DT, SHP, OFF and INT rules).

use super::entry::Fields;
use super::{Header, Parser};
use crate::dtype::Dtype;
use crate::fault::{Faults, First, Stop};
use crate::file::plural;
use crate::leniency::Leniency;
use crate::rules::RuleId;
use crate::size::Shape;
use crate::text::{Lexer, Span, show};
use std::ops::Range;

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
    pub(super) fn is_missing(&self) -> bool {
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

impl<F: Faults> Parser<'_, F> {
    pub(super) fn dtype(&mut self, fields: &mut Fields) -> Result<(), Stop> {
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
                if !self.report_unless(leniency, place.clone(), found)? {
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

    pub(super) fn shape(&mut self, fields: &mut Fields) -> Result<(), Stop> {
        let mut shape = Shape::scalar(self.header.dims.len());
        let place = self.integers(RuleId::Shp1, "a shape", |header, dim| {
            header.dims.push(dim);
            shape.add(dim);
        })?;
        fields.shape = place.map_or(Field::Unusable, |place| Field::Is(shape, place));
        Ok(())
    }

    pub(super) fn offsets(&mut self, fields: &mut Fields) -> Result<(), Stop> {
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
pub(super) fn count_elements(text: &[u8], at: usize) -> Option<u64> {
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
