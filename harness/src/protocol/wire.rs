//! Replies as they are written, and how they become readings; and the values that requests share
//! with them. Anything that is not in the protocol is a fault here; nothing is guessed.

use corpus::{Digest, Reading, TensorReading, Text, Values};
use reports::{Observation, Operation};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A reply as it is written. Unknown fields are a fault: a misspelt field would otherwise be an
/// absent one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireReply {
    pub(super) seq: u64,
    accepted: Option<WireReading>,
    refused: Option<String>,
    unsupported: Option<String>,
    category: Option<String>,
}

impl WireReply {
    /// What the reply says of an operation that was asked for.
    pub(super) fn answer(self, asked: Operation) -> Result<Observation, &'static str> {
        if self.category.is_some() && self.refused.is_none() {
            return Err("`category` stands beside `refused` alone");
        }
        match (self.accepted, self.refused, self.unsupported) {
            (Some(reading), None, None) => reading.answer(asked),
            (None, Some(message), None) => {
                Ok(Observation::Refused { message, category: self.category })
            }
            (None, None, Some(reason)) => Ok(Observation::Unsupported { reason }),
            (None, None, None) => Err("none of `accepted`, `refused` and `unsupported` is there"),
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
                Err("more than one of `accepted`, `refused` and `unsupported` is there")
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "`accepted` is an object")]
struct WireReading {
    other: Option<String>,
    tensors: Option<Vec<WireTensor>>,
    #[serde(default, deserialize_with = "present")]
    metadata: Option<Option<Pairs<String>>>,
    metadata_hex: Option<Vec<(Hex, Hex)>>,
}

/// Keeps `null` apart from an absent field.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl WireReading {
    fn answer(self, asked: Operation) -> Result<Observation, &'static str> {
        match (asked, self) {
            (
                Operation::Write | Operation::Rewrite,
                Self { other: None, tensors: None, metadata: None, metadata_hex: None },
            ) => Ok(Observation::AcceptedUnseen),
            (Operation::Write | Operation::Rewrite, _) => {
                Err("`accepted` is an empty object where a file was to be written")
            }
            (
                Operation::Read | Operation::Header | Operation::Slice | Operation::ReadIndex,
                Self { other: Some(what), tensors: None, metadata: None, metadata_hex: None },
            ) => Ok(Observation::AcceptedOther { what }),
            (_, Self { other: Some(_), .. }) => Err("`other` stands alone"),
            (_, told @ Self { other: None, .. }) => told.read(asked).map(Observation::Accepted),
        }
    }

    fn read(self, asked: Operation) -> Result<Reading, &'static str> {
        let tensors = self.tensors.ok_or("there is no field `tensors`")?;
        let tensors = tensors.into_iter().map(|tensor| tensor.read(asked));
        let tensors = tensors.collect::<Result<Vec<_>, _>>()?;
        if asked == Operation::Slice && tensors.len() != 1 {
            return Err("a slice is one element of `tensors`");
        }
        let pairs: Vec<(Text, Text)> = match (self.metadata, self.metadata_hex) {
            (None, None) if asked == Operation::Slice => Vec::new(),
            (Some(_), _) | (_, Some(_)) if asked == Operation::Slice => {
                return Err("a slice has no metadata");
            }
            (Some(pairs), None) => {
                let text = |text: String| Text(text.into_bytes());
                let pairs = pairs.map(|pairs| pairs.0).unwrap_or_default();
                pairs.into_iter().map(|(key, value)| (text(key), text(value))).collect()
            }
            (None, Some(pairs)) => {
                pairs.into_iter().map(|(key, value)| (Text(key.0), Text(value.0))).collect()
            }
            (None, None) => return Err("neither `metadata` nor `metadata_hex` is there"),
            (Some(_), Some(_)) => return Err("both `metadata` and `metadata_hex` are there"),
        };
        let mut metadata = BTreeMap::new();
        for (key, value) in pairs {
            if metadata.insert(key, value).is_some() {
                return Err("a key of the metadata occurs twice");
            }
        }
        Ok(Reading::new(tensors, metadata))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an element of `tensors` is an object")]
struct WireTensor {
    name: Option<String>,
    name_hex: Option<Hex>,
    dtype: String,
    shape: Vec<Integer>,
    sha256: Option<Digest>,
    hex: Option<Hex>,
    values: Option<ValueTexts>,
}

impl WireTensor {
    fn read(self, asked: Operation) -> Result<TensorReading, &'static str> {
        let name = match (self.name, self.name_hex) {
            (Some(name), None) => Text(name.into_bytes()),
            (None, Some(Hex(name))) => Text(name),
            (None, None) | (Some(_), Some(_)) => {
                return Err("a tensor has exactly one of `name` and `name_hex`");
            }
        };
        let sha256 = match (self.sha256, self.hex) {
            (Some(digest), None) => Some(digest),
            (None, Some(Hex(bytes))) => Some(Digest::of(&bytes)),
            (None, None) if self.values.is_some() || asked == Operation::Header => None,
            (None, None) => return Err("a tensor has one of `sha256`, `hex` and `values`"),
            (Some(_), Some(_)) => return Err("a tensor has only one of `sha256` and `hex`"),
        };
        let values = self.values.map(|values| Values::told(&self.dtype, values.0));
        let shape = self.shape.into_iter().map(|dim| dim.0).collect();
        Ok(TensorReading { name, dtype: self.dtype, shape, sha256, values })
    }
}

/// The most values of one tensor. Of files with more elements bytes are asked for, and a line of
/// values is many times as long in memory.
const MOST_VALUES: usize = 1 << 18;

/// The texts of the elements of a tensor, no more of them than are looked at.
struct ValueTexts(Vec<String>);

impl<'de> Deserialize<'de> for ValueTexts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = ValueTexts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence of elements")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ValueTexts, A::Error> {
                let mut texts = Vec::new();
                while let Some(value) = list.next_element::<&RawValue>()? {
                    if texts.len() == MOST_VALUES {
                        let most = format!("more than {MOST_VALUES} values; give the bytes");
                        return Err(A::Error::custom(most));
                    }
                    texts.push(text_of(value).map_err(A::Error::custom)?);
                }
                Ok(ValueTexts(texts))
            }
        }
        from.deserialize_seq(Elements)
    }
}

/// The text of an element: a string, or a number as it is spelled, which no conversion has rounded.
fn text_of(value: &RawValue) -> Result<String, &'static str> {
    let spelled = value.get();
    match spelled.bytes().next() {
        Some(b'"') => serde_json::from_str(spelled).map_err(|_| NO_ELEMENT),
        Some(b'-' | b'0'..=b'9') => Ok(spelled.to_owned()),
        _ => Err(NO_ELEMENT),
    }
}

const NO_ELEMENT: &str = "an element of `values` is a string or a number";

/// The members of an object, in their order; a key that occurs twice stays visible.
pub(super) struct Pairs<T>(pub(super) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        from.deserialize_map(Members(PhantomData))
    }
}

/// An integer below 2^64, as a number or as a string of digits.
#[derive(Deserialize)]
#[serde(try_from = "IntegerForm")]
pub(super) struct Integer(pub(super) u64);

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a dimension is an integer from 0 to 2^64 - 1, as a number or as a string of digits"
)]
enum IntegerForm {
    Number(u64),
    Digits(String),
}

impl TryFrom<IntegerForm> for Integer {
    type Error = &'static str;

    fn try_from(form: IntegerForm) -> Result<Self, &'static str> {
        match form {
            IntegerForm::Number(number) => Ok(Self(number)),
            IntegerForm::Digits(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().map(Self).map_err(|_| "an integer is below 2^64")
            }
            IntegerForm::Digits(_) => Err("an integer is written in digits alone"),
        }
    }
}

/// Bytes in hexadecimal digits.
pub(super) struct Hex(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.as_bytes();
        let pair = |pair: &[u8]| -> Option<u8> {
            let [high, low] = pair else { return None };
            let value =
                |digit: u8| char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok());
            Some(value(*high)? * 16 + value(*low)?)
        };
        digits
            .chunks(2)
            .map(pair)
            .collect::<Option<_>>()
            .map(Self)
            .ok_or_else(|| D::Error::custom("not an even number of hexadecimal digits"))
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
