//! A reply as it is written, and how it becomes a reading. Anything that is not in the protocol is
//! a fault here; nothing is guessed.

use corpus::{Digest, Reading, TensorReading, Text, Values};
use reports::Observation;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// A reply as it is written. Unknown fields are a fault: a misspelt field would otherwise be an
/// absent one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireReply {
    pub(super) seq: u64,
    accepted: Option<WireReading>,
    refused: Option<String>,
    unsupported: Option<String>,
}

impl WireReply {
    pub(super) fn answer(self) -> Result<Observation, &'static str> {
        match (self.accepted, self.refused, self.unsupported) {
            (Some(reading), None, None) => reading.answer(),
            (None, Some(message), None) => Ok(Observation::Refused { message }),
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
    metadata: Option<Option<Pairs>>,
    metadata_hex: Option<Vec<(Hex, Hex)>>,
}

/// Keeps `null` apart from an absent field.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl WireReading {
    fn answer(self) -> Result<Observation, &'static str> {
        match self {
            Self { other: Some(what), tensors: None, metadata: None, metadata_hex: None } => {
                Ok(Observation::AcceptedOther { what })
            }
            Self { other: Some(_), .. } => Err("`other` stands alone"),
            Self { other: None, .. } => self.read().map(Observation::Accepted),
        }
    }

    fn read(self) -> Result<Reading, &'static str> {
        let tensors = self.tensors.ok_or("there is no field `tensors`")?;
        let tensors = tensors.into_iter().map(WireTensor::read).collect::<Result<_, _>>()?;
        let pairs: Vec<(Text, Text)> = match (self.metadata, self.metadata_hex) {
            (Some(pairs), None) => pairs.map(|pairs| pairs.0).unwrap_or_default(),
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
    values: Option<Vec<Box<RawValue>>>,
}

impl WireTensor {
    fn read(self) -> Result<TensorReading, &'static str> {
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
            (None, None) if self.values.is_some() => None,
            (None, None) => return Err("a tensor has one of `sha256`, `hex` and `values`"),
            (Some(_), Some(_)) => return Err("a tensor has only one of `sha256` and `hex`"),
        };
        let texts = self.values.map(|values| values.iter().map(|value| text_of(value)).collect());
        let values = texts.transpose()?.map(|texts| Values::told(&self.dtype, texts));
        let shape = self.shape.into_iter().map(|dim| dim.0).collect();
        Ok(TensorReading { name, dtype: self.dtype, shape, sha256, values })
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

/// The members of an object of strings, each of them once.
struct Pairs(Vec<(Text, Text)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, String>()? {
                    pairs.push((Text(key.into_bytes()), Text(value.into_bytes())));
                }
                Ok(Pairs(pairs))
            }
        }
        from.deserialize_map(Members)
    }
}

/// An integer below 2^64, as a number or as a string of digits.
#[derive(Deserialize)]
#[serde(try_from = "IntegerForm")]
struct Integer(u64);

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
struct Hex(Vec<u8>);

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
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
