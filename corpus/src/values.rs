//! Values of elements: the text that goes with a valued vector, and the values that an
//! implementation tells in place of bytes, or beside them.
//!
//! What an element means is decided in [`spec::values`]; nothing here reads a float.

use crate::reading::{Digest, TensorReading};
use crate::vector::Vector;
use serde::{Deserialize, Serialize};
use spec::{Dtype, Value};
use std::collections::BTreeMap;
use std::fmt;

/// The text of a valued vector: for each tensor of the reading, in its order, a line
/// `# NAME DTYPE COUNT` with the name as a JSON string, and then one element a line.
///
/// `None` for other vectors.
#[must_use]
pub fn values_text(vector: &Vector) -> Option<String> {
    let reading = vector.reading.as_ref().filter(|_| vector.valued)?;
    let texts = reading.tensors().iter().map(|tensor| {
        let values = vector.payloads.values(tensor)?;
        let name = serde_json::to_string(&tensor.name).ok()?;
        Some(format!("# {name} {} {}\n{}", tensor.dtype, values.len(), lines(&values)))
    });
    texts.collect()
}

fn lines<T: fmt::Display>(values: &[T]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

/// The bytes of the tensors that a vector states, by the digests that its readings state.
#[derive(Clone, Default)]
pub struct Payloads(BTreeMap<Digest, Vec<u8>>);

impl Payloads {
    /// The bytes of some tensors.
    #[must_use]
    pub fn of<'a>(tensors: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut payloads = Self::default();
        payloads.add(tensors);
        payloads
    }

    /// Adds the bytes of more tensors.
    pub fn add<'a>(&mut self, tensors: impl IntoIterator<Item = &'a [u8]>) {
        self.0.extend(tensors.into_iter().map(|bytes| (Digest::of(bytes), bytes.to_vec())));
    }

    /// The bytes of a tensor; `None` where they are not there.
    #[must_use]
    pub fn bytes(&self, tensor: &TensorReading) -> Option<&[u8]> {
        self.0.get(&tensor.sha256?).map(Vec::as_slice)
    }

    /// The values of the elements of a tensor, in the order of the elements; `None` for a tensor
    /// whose bytes are not there, or whose dtype is none.
    #[must_use]
    pub fn values(&self, tensor: &TensorReading) -> Option<Vec<Value>> {
        let (dtype, bytes) = self.elements(tensor)?;
        Some(spec::values(dtype, bytes).collect())
    }

    /// Whether there are [values](Self::values) of a tensor; none is decoded to find out.
    #[must_use]
    pub fn has(&self, tensor: &TensorReading) -> bool {
        self.elements(tensor).is_some()
    }

    fn elements(&self, tensor: &TensorReading) -> Option<(Dtype, &[u8])> {
        let bytes = self.bytes(tensor)?;
        Some((Dtype::from_name(tensor.dtype.as_bytes())?, bytes))
    }
}

impl fmt::Debug for Payloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} payloads", self.0.len())
    }
}

/// The values of a tensor in the words of an implementation.
///
/// Their digest is made from each text in its one form, so that spelling is nothing: `1.0` and `1`
/// are the same float. The texts themselves are there to name the first that is wrong. A record
/// does not keep them, and they are no part of what is equal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    count: u64,
    sha256: Digest,
    #[serde(skip)]
    texts: Vec<String>,
}

/// How values that were told differ from those that are right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuesDifference {
    /// There are too many or too few.
    Count {
        /// How many were told.
        told: u64,
        /// How many there are.
        right: usize,
    },
    /// An element is another.
    Element {
        /// The place of the first such element, from 0 on.
        place: usize,
        /// What was told.
        told: String,
        /// What it is.
        right: String,
    },
    /// Some element is another, and the texts are no longer there.
    Somewhere,
}

impl Values {
    /// The values that were told of a tensor of a dtype, by its name; any name and any text will do.
    #[must_use]
    pub fn told(dtype: &str, texts: Vec<String>) -> Self {
        let dtype = Dtype::from_name(dtype.as_bytes());
        let one_form = |text: &String| {
            let value = dtype.and_then(|dtype| Value::read(dtype, text));
            value.map_or_else(|| text.clone(), |value| value.to_string())
        };
        let one_form: Vec<String> = texts.iter().map(one_form).collect();
        let count = u64::try_from(texts.len()).unwrap_or(u64::MAX);
        Self { count, sha256: Digest::of(lines(&one_form).as_bytes()), texts }
    }

    /// The texts, as they were told; none after a record was read.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Where they first differ from the right values; `None` if each means the same.
    #[must_use]
    pub fn difference(&self, right: &[Value]) -> Option<ValuesDifference> {
        if u64::try_from(right.len()) != Ok(self.count) {
            return Some(ValuesDifference::Count { told: self.count, right: right.len() });
        }
        if self.sha256 == Digest::of(lines(right).as_bytes()) {
            return None;
        }
        let mut pairs = self.texts.iter().zip(right).enumerate();
        let wrong = pairs.find(|(_, (told, right))| !right.same(told));
        Some(wrong.map_or(ValuesDifference::Somewhere, |(place, (told, right))| {
            ValuesDifference::Element { place, told: told.clone(), right: right.to_string() }
        }))
    }

    /// What two of them are compared by.
    pub(crate) fn key(&self) -> (u64, Digest) {
        (self.count, self.sha256)
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Values {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipes::find;

    fn text(id: &str) -> Option<String> {
        values_text(find(&id.parse().unwrap()).unwrap())
    }

    #[test]
    fn the_text_has_one_line_a_tensor_and_one_a_value() {
        assert_eq!(text("values/complex-real-first").as_deref(), Some("# \"w\" C64 2\n1 2\n3 4\n"));
        assert_eq!(
            text("values/little-end-first").as_deref(),
            Some(
                "# \"x\" U16 1\n3597\n# \"y\" U32 1\n202050057\n# \"z\" U64 1\n578437695752307201\n"
            )
        );
    }

    #[test]
    fn only_valued_vectors_have_a_text() {
        assert_eq!(text("layout/one-tensor"), None);
        assert_eq!(text("values/some-thousand-bytes"), None);
    }

    #[test]
    fn values_are_there_where_bytes_and_dtype_are() {
        let tensor = TensorReading::of("w", "U8", &[2], &[7, 8]);
        let payloads = Payloads::of([&[7, 8][..]]);
        assert!(payloads.has(&tensor));
        assert_eq!(payloads.values(&tensor), Some([7, 8].map(Value::Integer).to_vec()));
        let unread = [
            TensorReading { dtype: "U9".to_owned(), ..tensor.clone() },
            TensorReading { sha256: None, ..tensor.clone() },
            TensorReading { sha256: Some(Digest::of(&[7])), ..tensor },
        ];
        for tensor in unread {
            assert!(!payloads.has(&tensor), "{tensor:?}");
            assert_eq!(payloads.values(&tensor), None, "{tensor:?}");
        }
    }

    #[test]
    fn every_pattern_of_every_narrow_float_has_its_value_written_down() {
        let texts: Vec<String> = crate::vectors().iter().filter_map(values_text).collect();
        let floats = spec::DTYPES.iter().filter(|row| row.meaning.contains("float"));
        for row in floats.filter(|row| row.bits <= 16) {
            let of_it = texts.iter().filter(|text| text.contains(&format!(" {} ", row.name)));
            let most = of_it.map(|text| text.lines().count() - 1).max();
            assert!(most >= Some(1 << row.bits.min(14)), "{}: {most:?}", row.name);
        }
    }

    fn told(dtype: &str, texts: &[&str]) -> Values {
        Values::told(dtype, texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn told_values_are_compared_by_meaning() {
        let right = [1.0, -0.0, f64::NAN].map(Value::Float);
        assert_eq!(told("F32", &["1", "-0", "nan"]).difference(&right), None);
        assert_eq!(told("F32", &["1e0", "-0.0", "-NaN"]).difference(&right), None);
        let wrong = told("F32", &["1.0", "0.0", "x"]).difference(&right);
        let (told_text, right_text) = ("0.0".to_owned(), "-0".to_owned());
        assert_eq!(
            wrong,
            Some(ValuesDifference::Element { place: 1, told: told_text, right: right_text })
        );
        assert_eq!(
            told("F32", &["1"]).difference(&right),
            Some(ValuesDifference::Count { told: 1, right: 3 })
        );
        assert!(told("F32", &["1", "-0", "not a number"]).difference(&right).is_some());
        // A line feed in a text is not the end of a line.
        assert!(told("F32", &["1\n-0", "nan", ""]).difference(&right).is_some());
        assert_eq!(told("F32", &[]).difference(&[]), None);
    }

    #[test]
    fn of_told_values_a_record_keeps_the_number_and_the_digest() {
        let (told, right) = (told("U8", &["7", "9"]), [7, 8].map(Value::Integer));
        let json = serde_json::to_string(&told).unwrap();
        assert!(json.starts_with(r#"{"count":2,"sha256":""#) && json.len() < 100, "{json}");
        let kept: Values = serde_json::from_str(&json).unwrap();
        assert_eq!(kept, told);
        assert_eq!(kept.difference(&right), Some(ValuesDifference::Somewhere));
        assert_eq!(kept.difference(&[7, 9].map(Value::Integer)), None);
    }
}
