//! What a correct reader gets from a valid file, except the bytes of the tensors: the oracle says
//! where they stand and never looks at them.

use crate::dtype::Dtype;
use crate::file::{PREFIX_LEN, widen};
use crate::parse::{Header, TensorSpan};
use crate::text::Span;
use crate::version::Version;
use std::borrow::Cow;
use std::ops::Range;

/// The names, dtypes, shapes, places and metadata of an accepted file.
#[derive(Debug)]
pub struct Reading<'a> {
    text: &'a [u8],
    data_len: u64,
    header: Header,
}

/// One tensor of a reading.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'r> {
    text: &'r [u8],
    dims: &'r [u64],
    span: &'r TensorSpan,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(text: &'a [u8], data_len: u64, header: Header) -> Self {
        Self { text, data_len, header }
    }

    /// N: the length of the header text in bytes.
    #[must_use]
    pub fn header_len(&self) -> u64 {
        widen(self.text.len())
    }

    /// Where the data buffer begins, in bytes from the start of the file: 8 + N.
    #[must_use]
    pub fn data_start(&self) -> u64 {
        widen(PREFIX_LEN) + self.header_len()
    }

    /// The length of the data buffer in bytes.
    #[must_use]
    pub fn data_len(&self) -> u64 {
        self.data_len
    }

    /// The tensors, in the order of the header.
    pub fn tensors(&self) -> impl ExactSizeIterator<Item = Tensor<'_>> {
        let Header { tensors, dims, metadata: _ } = &self.header;
        tensors.iter().map(|span| Tensor { text: self.text, dims, span })
    }

    /// The metadata, in the order of the header; `None` where the file has no `__metadata__`.
    /// None and no pairs mean the same (META-5).
    pub fn metadata(&self) -> Option<impl ExactSizeIterator<Item = (Cow<'_, str>, Cow<'_, str>)>> {
        let meant = |span: &Span| string(span.unescaped(self.text));
        let pairs = self.header.metadata.as_ref()?;
        Some(pairs.iter().map(move |(key, value)| (meant(key), meant(value))))
    }

    /// The lowest format version whose vocabulary holds every dtype of the file (VER-2).
    #[must_use]
    pub fn minimum_version(&self) -> Version {
        self.tensors().map(|tensor| tensor.dtype().since()).max().unwrap_or(Version::V1_0)
    }
}

impl<'r> Tensor<'r> {
    /// The name, unescaped.
    #[must_use]
    pub fn name(&self) -> Cow<'r, str> {
        string(self.span.name.unescaped(self.text))
    }

    /// Where the name stands in the file, with its quotation marks.
    pub(crate) fn name_place(&self) -> Range<u64> {
        let Range { start, end } = self.span.name.quoted();
        let prefix = widen(PREFIX_LEN);
        prefix + widen(start)..prefix + widen(end)
    }

    /// The dtype.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        self.span.dtype
    }

    /// The dimensions, outermost first; empty for a scalar.
    #[must_use]
    pub fn shape(&self) -> &'r [u64] {
        self.span.shape.of(self.dims)
    }

    /// BEGIN: where the tensor's bytes begin, counted from the start of the data buffer.
    #[must_use]
    pub fn begin(&self) -> u64 {
        self.span.begin
    }

    /// END: where they end, excluded.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.span.end
    }
}

/// Bytes of a header text, which is known to be UTF-8, as a string.
fn string(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
