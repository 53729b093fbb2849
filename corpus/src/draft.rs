//! A writer of files that may lie in any field.
//!
//! A [`Draft`] is what somebody meant to write, and any number of ways in which the file says
//! something else. It checks nothing and never asks the oracle: [`Draft::reading`] is the model
//! that was handed in, not what the bytes turned out to be.

use crate::reading::{Reading, TensorReading, Text};
use std::collections::BTreeMap;

/// One tensor of a draft: what it is meant to be, and how the header spells it.
#[derive(Clone, Debug)]
pub struct Tensor {
    name: String,
    dtype: String,
    shape: Vec<u64>,
    bytes: Vec<u8>,
    offsets: Option<(u64, u64)>,
    name_text: Option<Vec<u8>>,
    dtype_text: Option<Vec<u8>>,
    shape_text: Option<Vec<u8>>,
    offsets_text: Option<Vec<u8>>,
    fields: Vec<Vec<u8>>,
    entry_text: Option<Vec<u8>>,
}

/// A file in the making.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    tensors: Vec<Tensor>,
    header_order: Vec<String>,
    metadata: Option<Vec<(String, String)>>,
    metadata_text: Option<Vec<u8>>,
    metadata_last: bool,
    first_members: Vec<Vec<u8>>,
    last_members: Vec<Vec<u8>>,
    object: Option<Vec<u8>>,
    swaps: Vec<(Vec<u8>, Vec<u8>)>,
    before: Vec<u8>,
    after: Vec<u8>,
    ending: Vec<u8>,
    no_padding: bool,
    declared: Option<u64>,
    buffer_edits: Vec<BufferEdit>,
    cut: Option<usize>,
    whole: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
enum BufferEdit {
    Insert(usize, Vec<u8>),
    Append(Vec<u8>),
    CutOff(usize),
}

impl Tensor {
    /// A tensor of these elements; its offsets follow from its place among the others.
    #[must_use]
    pub fn new(name: &str, dtype: &str, shape: &[u64], bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            dtype: dtype.to_owned(),
            shape: shape.to_vec(),
            bytes: bytes.to_vec(),
            offsets: None,
            name_text: None,
            dtype_text: None,
            shape_text: None,
            offsets_text: None,
            fields: Vec::new(),
            entry_text: None,
        }
    }

    /// Declares other offsets than those at which the bytes stand.
    #[must_use]
    pub fn at(mut self, begin: u64, end: u64) -> Self {
        self.offsets = Some((begin, end));
        self
    }

    /// Spells the name, quotes included.
    #[must_use]
    pub fn name_text(mut self, text: impl AsRef<[u8]>) -> Self {
        self.name_text = Some(text.as_ref().to_vec());
        self
    }

    /// Spells the value of `dtype`.
    #[must_use]
    pub fn dtype_text(mut self, text: impl AsRef<[u8]>) -> Self {
        self.dtype_text = Some(text.as_ref().to_vec());
        self
    }

    /// Spells the value of `shape`.
    #[must_use]
    pub fn shape_text(mut self, text: impl AsRef<[u8]>) -> Self {
        self.shape_text = Some(text.as_ref().to_vec());
        self
    }

    /// Spells the value of `data_offsets`.
    #[must_use]
    pub fn offsets_text(mut self, text: impl AsRef<[u8]>) -> Self {
        self.offsets_text = Some(text.as_ref().to_vec());
        self
    }

    /// Adds a field, key and value as they are to stand, at the end of the entry.
    #[must_use]
    pub fn field(mut self, text: impl AsRef<[u8]>) -> Self {
        self.fields.push(text.as_ref().to_vec());
        self
    }

    /// Spells the whole entry.
    #[must_use]
    pub fn entry_text(mut self, text: impl AsRef<[u8]>) -> Self {
        self.entry_text = Some(text.as_ref().to_vec());
        self
    }

    fn member(&self, place: (u64, u64)) -> Vec<u8> {
        let mut text = self.name_text.clone().unwrap_or_else(|| quoted(&self.name));
        text.push(b':');
        text.extend(self.entry_text.clone().unwrap_or_else(|| self.entry(place)));
        text
    }

    fn entry(&self, place: (u64, u64)) -> Vec<u8> {
        let (begin, end) = self.offsets.unwrap_or(place);
        let dtype = self.dtype_text.clone().unwrap_or_else(|| quoted(&self.dtype));
        let shape = self.shape_text.clone().unwrap_or_else(|| integers(&self.shape));
        let offsets = self.offsets_text.clone().unwrap_or_else(|| integers(&[begin, end]));
        let mut fields = vec![
            [b"\"dtype\":", dtype.as_slice()].concat(),
            [b"\"shape\":", shape.as_slice()].concat(),
            [b"\"data_offsets\":", offsets.as_slice()].concat(),
        ];
        fields.extend(self.fields.iter().cloned());
        [b"{", fields.join(&b","[..]).as_slice(), b"}"].concat()
    }
}

impl Draft {
    /// A file of these tensors, back to back in this order, and listed in it.
    #[must_use]
    pub fn of(tensors: impl IntoIterator<Item = Tensor>) -> Self {
        Self { tensors: tensors.into_iter().collect(), ..Self::default() }
    }

    /// A file that is no safetensors file at all: these bytes.
    #[must_use]
    pub fn raw(bytes: impl AsRef<[u8]>) -> Self {
        Self { whole: Some(bytes.as_ref().to_vec()), ..Self::default() }
    }

    /// Lists the tensors of these names first, in this order, wherever their bytes stand.
    #[must_use]
    pub fn listed(mut self, names: &[&str]) -> Self {
        self.header_order = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Gives the file metadata, as its first member.
    #[must_use]
    pub fn metadata(mut self, pairs: &[(&str, &str)]) -> Self {
        let owned = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        self.metadata = Some(owned.collect());
        self
    }

    /// Spells the value of `__metadata__`.
    #[must_use]
    pub fn metadata_text(mut self, text: impl AsRef<[u8]>) -> Self {
        self.metadata_text = Some(text.as_ref().to_vec());
        self
    }

    /// Moves the metadata behind the tensors.
    #[must_use]
    pub fn metadata_last(mut self) -> Self {
        self.metadata_last = true;
        self
    }

    /// Adds a member of the header, as it is to stand, before all others.
    #[must_use]
    pub fn first_member(mut self, text: impl AsRef<[u8]>) -> Self {
        self.first_members.push(text.as_ref().to_vec());
        self
    }

    /// Adds a member of the header, as it is to stand, after all others.
    #[must_use]
    pub fn last_member(mut self, text: impl AsRef<[u8]>) -> Self {
        self.last_members.push(text.as_ref().to_vec());
        self
    }

    /// Spells the whole object of the header.
    #[must_use]
    pub fn object(mut self, text: impl AsRef<[u8]>) -> Self {
        self.object = Some(text.as_ref().to_vec());
        self
    }

    /// Replaces the first occurrence of a text in the object; later swaps see earlier ones.
    #[must_use]
    pub fn swap(mut self, from: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> Self {
        self.swaps.push((from.as_ref().to_vec(), to.as_ref().to_vec()));
        self
    }

    /// Puts bytes of header text before the object.
    #[must_use]
    pub fn before(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.before = bytes.as_ref().to_vec();
        self
    }

    /// Puts bytes of header text right after the object; the padding follows them.
    #[must_use]
    pub fn after(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.after = bytes.as_ref().to_vec();
        self
    }

    /// Puts bytes at the very end of the header text, behind the padding.
    #[must_use]
    pub fn ending(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.ending = bytes.as_ref().to_vec();
        self
    }

    /// Leaves out the spaces that make N a multiple of 8.
    #[must_use]
    pub fn no_padding(mut self) -> Self {
        self.no_padding = true;
        self
    }

    /// Declares an N, whatever the length of the header text is.
    #[must_use]
    pub fn declare(mut self, header_len: u64) -> Self {
        self.declared = Some(header_len);
        self
    }

    /// Inserts bytes into the data buffer; the offsets stay.
    #[must_use]
    pub fn insert(mut self, place: usize, bytes: impl AsRef<[u8]>) -> Self {
        self.buffer_edits.push(BufferEdit::Insert(place, bytes.as_ref().to_vec()));
        self
    }

    /// Appends bytes to the data buffer.
    #[must_use]
    pub fn append(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.buffer_edits.push(BufferEdit::Append(bytes.as_ref().to_vec()));
        self
    }

    /// Takes this many bytes off the end of the data buffer.
    #[must_use]
    pub fn cut_off(mut self, count: usize) -> Self {
        self.buffer_edits.push(BufferEdit::CutOff(count));
        self
    }

    /// Keeps the first bytes of the file, and no others.
    #[must_use]
    pub fn cut_to(mut self, len: usize) -> Self {
        self.cut = Some(len);
        self
    }

    /// What the file is meant to hold.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let tensors = self.tensors.iter();
        let tensors = tensors.map(|t| TensorReading::of(&t.name, &t.dtype, &t.shape, &t.bytes));
        let pairs = self.metadata.iter().flatten();
        let metadata: BTreeMap<Text, Text> =
            pairs.map(|(key, value)| (key.as_str().into(), value.as_str().into())).collect();
        Reading::new(tensors.collect(), metadata)
    }

    /// The bytes of each tensor, as they were handed in.
    pub(crate) fn payloads(&self) -> impl Iterator<Item = &[u8]> {
        self.tensors.iter().map(|tensor| tensor.bytes.as_slice())
    }

    /// The bytes of the tensors that were handed in, without those of these names.
    pub(crate) fn tensors_len(&self, except: &[String]) -> usize {
        let counted = self.tensors.iter().filter(|tensor| !except.contains(&tensor.name));
        counted.map(|tensor| tensor.bytes.len()).sum()
    }

    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = self.whole.clone().unwrap_or_else(|| self.assemble());
        if let Some(len) = self.cut {
            file.truncate(len);
        }
        file
    }

    fn assemble(&self) -> Vec<u8> {
        let header = self.header_text();
        let actual = u64::try_from(header.len()).unwrap_or(u64::MAX);
        let declared = self.declared.unwrap_or(actual);
        [&declared.to_le_bytes()[..], &header, &self.buffer()].concat()
    }

    fn header_text(&self) -> Vec<u8> {
        let mut text = self.before.clone();
        text.extend(self.object_text());
        text.extend(&self.after);
        if !self.no_padding {
            let len = (text.len() + self.ending.len()).next_multiple_of(8) - self.ending.len();
            text.resize(len, b' ');
        }
        text.extend(&self.ending);
        text
    }

    fn object_text(&self) -> Vec<u8> {
        let plain = || [b"{", self.members().join(&b","[..]).as_slice(), b"}"].concat();
        let mut text = self.object.clone().unwrap_or_else(plain);
        for (from, to) in &self.swaps {
            if let Some(place) = text.windows(from.len()).position(|window| window == from) {
                text.splice(place..place + from.len(), to.iter().copied());
            }
        }
        text
    }

    fn members(&self) -> Vec<Vec<u8>> {
        let mut tensors = self.tensor_members();
        if let Some(metadata) = self.metadata_member() {
            let place = if self.metadata_last { tensors.len() } else { 0 };
            tensors.insert(place, metadata);
        }
        [self.first_members.clone(), tensors, self.last_members.clone()].concat()
    }

    fn tensor_members(&self) -> Vec<Vec<u8>> {
        let mut begin = 0;
        let mut members: Vec<(usize, Vec<u8>)> = Vec::new();
        for tensor in &self.tensors {
            let end = begin + u64::try_from(tensor.bytes.len()).unwrap_or(u64::MAX);
            let listed = self.header_order.iter().position(|name| *name == tensor.name);
            let rank = listed.unwrap_or(self.header_order.len());
            members.push((rank, tensor.member((begin, end))));
            begin = end;
        }
        members.sort_by_key(|(rank, _)| *rank);
        members.into_iter().map(|(_, member)| member).collect()
    }

    fn metadata_member(&self) -> Option<Vec<u8>> {
        let text = match (&self.metadata_text, &self.metadata) {
            (Some(text), _) => text.clone(),
            (None, Some(pairs)) => string_map(pairs),
            (None, None) => return None,
        };
        Some([b"\"__metadata__\":", text.as_slice()].concat())
    }

    fn buffer(&self) -> Vec<u8> {
        let mut buffer: Vec<u8> = self.tensors.iter().flat_map(|t| t.bytes.clone()).collect();
        for edit in &self.buffer_edits {
            match edit {
                BufferEdit::Insert(place, bytes) => {
                    let place = (*place).min(buffer.len());
                    buffer.splice(place..place, bytes.iter().copied());
                }
                BufferEdit::Append(bytes) => buffer.extend(bytes),
                BufferEdit::CutOff(count) => buffer.truncate(buffer.len().saturating_sub(*count)),
            }
        }
        buffer
    }
}

fn string_map(pairs: &[(String, String)]) -> Vec<u8> {
    let members: Vec<Vec<u8>> =
        pairs.iter().map(|(key, value)| [quoted(key), quoted(value)].join(&b":"[..])).collect();
    [b"{", members.join(&b","[..]).as_slice(), b"}"].concat()
}

/// A JSON string in which only what must be escaped is.
fn quoted(text: &str) -> Vec<u8> {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\0'..='\u{1f}' => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted.into_bytes()
}

fn integers(numbers: &[u64]) -> Vec<u8> {
    let digits: Vec<String> = numbers.iter().map(u64::to_string).collect();
    format!("[{}]", digits.join(",")).into_bytes()
}

#[cfg(test)]
mod tests;
