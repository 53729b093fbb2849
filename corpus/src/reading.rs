//! What a reader gets from a file: the form in which a vector states it, an implementation
//! returns it, and a record keeps it.

use crate::values::Values;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use spec::{Dtype, Version};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// A name, a metadata key or a metadata value: bytes that should be UTF-8.
///
/// An implementation that misreads may hand out anything, so the type holds any bytes. In JSON it
/// is a string where it can be one, and `{"hex": "…"}` otherwise.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "TextForm", into = "TextForm")]
pub struct Text(pub Vec<u8>);

/// The SHA-256 of the bytes of a tensor; 64 lower-case hexadecimal digits in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

/// One tensor of a reading.
///
/// A vector states the bytes. An implementation may hand out values in their place, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorReading {
    /// The name, unescaped.
    pub name: Text,
    /// The dtype, by its name in the header.
    pub dtype: String,
    /// The dimensions, outermost first; in JSON, those above 2^53 - 1 are strings of digits.
    #[serde(with = "crate::dims")]
    pub shape: Vec<u64>,
    /// The SHA-256 of the tensor's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// The values of the elements, as an implementation told them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Values>,
}

/// Names, dtypes, shapes, bytes and metadata: everything that a reader gets from a file.
///
/// Tensors stand sorted by name, so that readings compare whatever order they were listed in; a
/// name listed twice stays visible. No metadata and empty metadata are the same (META-5). In JSON,
/// metadata is an object, or a list of pairs if a key is not UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ReadingForm", into = "ReadingForm")]
pub struct Reading {
    tensors: Tensors,
    metadata: BTreeMap<Text, Text>,
}

/// The tensors of a reading, sorted.
#[derive(Clone)]
enum Tensors {
    Listed(Vec<TensorReading>),
    /// So many that they are made when they are first looked at.
    Made(Arc<Made>),
}

struct Made {
    bulk: Bulk,
    list: LazyLock<Vec<TensorReading>>,
}

/// What stands for a reading of very many tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// How many tensors there are.
    pub tensor_count: u64,
    /// The digest of the reading as compact JSON, in the form of the manifest.
    pub sha256: Digest,
}

impl Reading {
    /// A reading of the given tensors, in any order, and metadata.
    #[must_use]
    pub fn new(mut tensors: Vec<TensorReading>, metadata: BTreeMap<Text, Text>) -> Self {
        tensors.sort_by(|a, b| a.key().cmp(&b.key()));
        Self { tensors: Tensors::Listed(tensors), metadata }
    }

    /// The same of whatever a library hands out: its tensors, and pairs of text.
    #[must_use]
    pub fn of<K: AsRef<str>, V: AsRef<str>>(
        tensors: impl IntoIterator<Item = TensorReading>,
        metadata: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let pairs = metadata.into_iter();
        let text = |(key, value): (K, V)| (Text::from(key.as_ref()), Text::from(value.as_ref()));
        Self::new(tensors.into_iter().collect(), pairs.map(text).collect())
    }

    /// A reading of very many tensors and no metadata. They are made when they are first looked
    /// at, sorted by name; `bulk` is what is stated of them.
    #[must_use]
    pub(crate) fn made(bulk: Bulk, make: fn() -> Vec<TensorReading>) -> Self {
        let made = Made { bulk, list: LazyLock::new(make) };
        Self { tensors: Tensors::Made(Arc::new(made)), metadata: BTreeMap::new() }
    }

    /// Whether a format version has every dtype that is read.
    #[must_use]
    pub fn fits(&self, version: Version) -> bool {
        let known = |name: &str| Dtype::from_name(name.as_bytes());
        self.tensors().iter().all(|t| known(&t.dtype).is_some_and(|d| d.since() <= version))
    }

    /// What is stated of a reading that is made when it is looked at.
    #[must_use]
    pub fn bulk(&self) -> Option<Bulk> {
        match &self.tensors {
            Tensors::Listed(_) => None,
            Tensors::Made(made) => Some(made.bulk),
        }
    }

    /// How many tensors there are; nothing is made to find out.
    pub(crate) fn tensors_stated(&self) -> u64 {
        match &self.tensors {
            Tensors::Listed(list) => u64::try_from(list.len()).unwrap_or(u64::MAX),
            Tensors::Made(made) => made.bulk.tensor_count,
        }
    }

    /// What can stand for the reading: as it is stated, or else as it is found.
    pub(crate) fn as_bulk(&self) -> Option<Bulk> {
        self.bulk().or_else(|| self.found_bulk())
    }

    /// What can stand for the reading, from its tensors; `None` if it cannot be written as JSON.
    pub(crate) fn found_bulk(&self) -> Option<Bulk> {
        let tensor_count = u64::try_from(self.tensors().len()).unwrap_or(u64::MAX);
        let sha256 = Digest::of(&serde_json::to_vec(self).ok()?);
        Some(Bulk { tensor_count, sha256 })
    }

    /// What the oracle read from a file, with the bytes of the tensors taken from that file.
    #[must_use]
    pub fn of_file(read: &spec::Reading<'_>, file: &[u8]) -> Self {
        Self::of_header(read, |tensor| Digest::of(cut_out(file, read, tensor)))
    }

    /// What the oracle read from a header, with the digests of the tensors taken from elsewhere.
    pub(crate) fn of_header(
        read: &spec::Reading<'_>,
        digest: impl Fn(&spec::Tensor<'_>) -> Digest,
    ) -> Self {
        let tensors =
            read.tensors().map(|tensor| TensorReading::of_header(&tensor, digest(&tensor)));
        let metadata = read.metadata().into_iter().flatten();
        Self::new(
            tensors.collect(),
            metadata.map(|(key, value)| (Text::from(&*key), Text::from(&*value))).collect(),
        )
    }

    /// What the oracle read from a sharded model: its mapped tensors, and no metadata. The bytes of
    /// each shard are asked for by its path.
    #[must_use]
    pub fn of_model<'f>(
        read: &spec::IndexReading<'_>,
        file: impl Fn(&str) -> Option<&'f [u8]>,
    ) -> Self {
        let tensors = read.shards().iter().flat_map(|shard| {
            let bytes = file(shard.path()).unwrap_or_default();
            shard.tensors().map(move |tensor| {
                let digest = Digest::of(cut_out(bytes, shard.reading(), &tensor));
                TensorReading::of_header(&tensor, digest)
            })
        });
        Self::new(tensors.collect(), BTreeMap::new())
    }

    /// The same without bytes and values: what a header says.
    #[must_use]
    pub fn without_data(&self) -> Self {
        let bare =
            |tensor: &TensorReading| TensorReading { sha256: None, values: None, ..tensor.clone() };
        Self::new(self.tensors().iter().map(bare).collect(), self.metadata.clone())
    }

    /// The tensors, sorted by name.
    #[must_use]
    pub fn tensors(&self) -> &[TensorReading] {
        self.tensors.list()
    }

    /// The metadata; empty where the file has none.
    #[must_use]
    pub fn metadata(&self) -> &BTreeMap<Text, Text> {
        &self.metadata
    }
}

impl Default for Tensors {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl Tensors {
    fn list(&self) -> &[TensorReading] {
        match self {
            Self::Listed(list) => list,
            Self::Made(made) => &made.list,
        }
    }

    fn into_list(self) -> Vec<TensorReading> {
        match self {
            Self::Listed(list) => list,
            Self::Made(made) => made.list.clone(),
        }
    }
}

impl PartialEq for Tensors {
    fn eq(&self, other: &Self) -> bool {
        self.list() == other.list()
    }
}

impl Eq for Tensors {}

impl fmt::Debug for Tensors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed(list) => list.fmt(f),
            Self::Made(made) => write!(f, "{} tensors", made.bulk.tensor_count),
        }
    }
}

impl TensorReading {
    /// A tensor with these bytes.
    #[must_use]
    pub fn of(name: &str, dtype: &str, shape: &[u64], bytes: &[u8]) -> Self {
        Self {
            name: name.into(),
            dtype: dtype.to_owned(),
            shape: shape.to_vec(),
            sha256: Some(Digest::of(bytes)),
            values: None,
        }
    }

    /// The same of a library that counts dimensions in `usize`.
    #[must_use]
    pub fn of_usize(name: &str, dtype: &str, shape: &[usize], bytes: &[u8]) -> Self {
        let dim = |dim: &usize| u64::try_from(*dim).unwrap_or(u64::MAX);
        Self::of(name, dtype, &shape.iter().map(dim).collect::<Vec<u64>>(), bytes)
    }

    /// What tensors are sorted by.
    fn key(&self) -> impl Ord {
        let values = self.values.as_ref().map(Values::key);
        (&self.name, &self.dtype, &self.shape, self.sha256, values)
    }

    /// A tensor that the oracle read from a header, with the digest of its bytes.
    fn of_header(tensor: &spec::Tensor<'_>, digest: Digest) -> Self {
        Self {
            name: Text::from(&*tensor.name()),
            dtype: tensor.dtype().name().to_owned(),
            shape: tensor.shape().to_vec(),
            sha256: Some(digest),
            values: None,
        }
    }
}

/// Where the bytes of a tensor stand in the file that it was read from.
pub(crate) fn place_of(read: &spec::Reading<'_>, tensor: &spec::Tensor<'_>) -> Range<u64> {
    let position = |offset: u64| read.data_start().saturating_add(offset);
    position(tensor.begin())..position(tensor.end())
}

/// The bytes of a tensor, cut out of the file that it was read from.
///
/// The oracle accepts no file with a tensor outside it; if it did, that tensor would be read as
/// empty, and the difference would show.
pub(crate) fn cut_out<'f>(
    file: &'f [u8],
    read: &spec::Reading<'_>,
    tensor: &spec::Tensor<'_>,
) -> &'f [u8] {
    let Range { start, end } = place_of(read, tensor);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    range.and_then(|(start, end)| file.get(start..end)).unwrap_or_default()
}

impl Text {
    /// The text, if it is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) => write!(f, "{text:?}"),
            None => write!(f, "hex {}", to_hex(&self.0)),
        }
    }
}

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest that a recipe states. A text that is none becomes one that no file has, so that
    /// whoever hashes the file finds it.
    pub(crate) fn stated(text: &str) -> Self {
        Self::try_from(text.to_owned()).unwrap_or(Self([0; 32]))
    }
}

impl From<Sha256> for Digest {
    fn from(hasher: Sha256) -> Self {
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

/// A text that should be hexadecimal and is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not {1}")]
pub struct InvalidHex(String, &'static str);

impl TryFrom<String> for Digest {
    type Error = InvalidHex;

    fn try_from(text: String) -> Result<Self, InvalidHex> {
        from_hex(&text)
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(InvalidHex(text, "a SHA-256 in 64 hexadecimal digits"))
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadingForm {
    tensors: Vec<TensorReading>,
    metadata: MetadataForm,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum MetadataForm {
    Object(BTreeMap<String, Text>),
    Pairs(Vec<(Text, Text)>),
}

impl From<ReadingForm> for Reading {
    fn from(form: ReadingForm) -> Self {
        let metadata = match form.metadata {
            MetadataForm::Object(object) => {
                object.into_iter().map(|(key, value)| (Text::from(key.as_str()), value)).collect()
            }
            MetadataForm::Pairs(pairs) => pairs.into_iter().collect(),
        };
        Self::new(form.tensors, metadata)
    }
}

impl From<Reading> for ReadingForm {
    fn from(reading: Reading) -> Self {
        let Reading { tensors, metadata } = reading;
        let object: Option<BTreeMap<String, Text>> = metadata
            .iter()
            .map(|(key, value)| Some((key.as_str()?.to_owned(), value.clone())))
            .collect();
        let metadata = match object {
            Some(object) => MetadataForm::Object(object),
            None => MetadataForm::Pairs(metadata.into_iter().collect()),
        };
        Self { tensors: tensors.into_list(), metadata }
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum TextForm {
    Plain(String),
    Hex(HexForm),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HexForm {
    hex: HexBytes,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct HexBytes(Vec<u8>);

impl TryFrom<String> for HexBytes {
    type Error = InvalidHex;

    fn try_from(text: String) -> Result<Self, InvalidHex> {
        from_hex(&text).map(Self).ok_or(InvalidHex(text, "an even number of hexadecimal digits"))
    }
}

impl From<HexBytes> for String {
    fn from(bytes: HexBytes) -> Self {
        to_hex(&bytes.0)
    }
}

impl From<TextForm> for Text {
    fn from(form: TextForm) -> Self {
        match form {
            TextForm::Plain(text) => Self(text.into_bytes()),
            TextForm::Hex(form) => Self(form.hex.0),
        }
    }
}

impl From<Text> for TextForm {
    fn from(text: Text) -> Self {
        match String::from_utf8(text.0) {
            Ok(plain) => Self::Plain(plain),
            Err(error) => Self::Hex(HexForm { hex: HexBytes(error.into_bytes()) }),
        }
    }
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_utf8_goes_as_hex_and_comes_back() {
        for (text, json) in
            [(Text::from("é\0"), "\"é\\u0000\""), (Text(vec![0xff, 0x41]), r#"{"hex":"ff41"}"#)]
        {
            assert_eq!(serde_json::to_string(&text).unwrap(), json);
            assert_eq!(serde_json::from_str::<Text>(json).unwrap(), text);
        }
        for wrong in [r#"{"hex":"f"}"#, r#"{"hex":"0g"}"#, r#"{"hex":"00","more":0}"#, "1"] {
            assert!(serde_json::from_str::<Text>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn readings_compare_whatever_order_the_tensors_came_in() {
        let a = TensorReading::of("a", "U8", &[1], &[1]);
        let b = TensorReading::of("b", "U8", &[1], &[2]);
        let reading = |tensors| Reading::new(tensors, BTreeMap::new());
        assert_eq!(reading(vec![a.clone(), b.clone()]), reading(vec![b.clone(), a.clone()]));
        assert_ne!(reading(vec![a.clone(), a.clone()]), reading(vec![a]));
    }

    #[test]
    fn a_digest_is_64_digits() {
        let digest = Digest::of(b"");
        assert_eq!(Digest::try_from(digest.to_string()).unwrap(), digest);
        assert!(Digest::try_from("00".to_owned()).is_err());
    }

    #[test]
    fn any_reading_survives_json_whatever_bytes_its_keys_are() {
        let strange = Text(vec![0xFF]);
        for key in [Text::from("k"), strange.clone()] {
            let metadata = BTreeMap::from([(key, strange.clone())]);
            let tensors =
                ["b", "a"].map(|name| TensorReading::of(name, "U8", &[1], name.as_bytes()));
            let reading = Reading::new(tensors.to_vec(), metadata);
            let json = serde_json::to_string(&reading).unwrap();
            assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading, "{json}");
        }
    }

    #[test]
    fn tensors_are_sorted_in_whatever_order_json_lists_them() {
        let tensor =
            |name: &str| serde_json::to_value(TensorReading::of(name, "U8", &[1], b"x")).unwrap();
        let json = serde_json::json!({"tensors": [tensor("b"), tensor("a")], "metadata": {}});
        let reading: Reading = serde_json::from_value(json).unwrap();
        assert_eq!(reading.tensors()[0].name, Text::from("a"));
    }
}
