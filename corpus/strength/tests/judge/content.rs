//! The bytes of a vector, as the manifest says where they come from.

use super::sha256;
use serde_json::Value as Json;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// A file of the corpus, by its path from the manifest.
pub(crate) fn corpus_file(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The longest tensor that is hashed, in bytes.
const MAX_HASHED: u64 = 1 << 20;

/// The bytes of a file.
pub(crate) enum Bytes {
    /// All of them.
    Whole(Vec<u8>),
    /// Runs of bytes, each so many times.
    Runs(Vec<(Vec<u8>, u64)>),
}

impl Bytes {
    /// What `content` of the manifest says.
    pub(crate) fn of(content: &Json) -> Self {
        match content["path"].as_str() {
            Some(path) => Self::Whole(corpus_file(path)),
            None => Self::Runs(content["pieces"].as_array().unwrap().iter().map(run).collect()),
        }
    }

    /// The bytes, if the file is stored.
    pub(crate) fn whole(&self) -> Option<&[u8]> {
        match self {
            Self::Whole(bytes) => Some(bytes),
            Self::Runs(_) => None,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Whole(bytes) => len_of(bytes),
            Self::Runs(runs) => runs.iter().map(|(bytes, count)| len_of(bytes) * count).sum(),
        }
    }

    /// The bytes of a range, as far as the file has it.
    pub(crate) fn range(&self, range: Range<u64>) -> Vec<u8> {
        match self {
            Self::Whole(bytes) => cut(bytes, &range).to_vec(),
            Self::Runs(runs) => {
                let (mut start, mut found) = (0, Vec::new());
                for (bytes, count) in runs {
                    let len = len_of(bytes);
                    let first = range.start.saturating_sub(start) / len.max(1);
                    let last = range.end.saturating_sub(start).div_ceil(len.max(1)).min(*count);
                    if first < last {
                        let at = start + first * len;
                        let own = range.start.saturating_sub(at)..range.end.saturating_sub(at);
                        let turns = bytes.repeat(usize::try_from(last - first).unwrap());
                        found.extend_from_slice(cut(&turns, &own));
                    }
                    start += len * count;
                }
                found
            }
        }
    }

    /// The SHA-256 of a range; `None` if it is too long to hash.
    pub(crate) fn digest(&self, range: Range<u64>) -> Option<String> {
        (range.end - range.start <= MAX_HASHED).then(|| sha256(&self.range(range)))
    }
}

/// The bytes of a piece.
pub(crate) fn run(piece: &Json) -> (Vec<u8>, u64) {
    let hex = |text: &Json| {
        let digits = text.as_str().unwrap().as_bytes().chunks(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        digits.map(byte).collect::<Vec<u8>>()
    };
    if let Some(repeat) = piece.get("repeat") {
        return (hex(&repeat["hex"]), repeat["count"].as_u64().unwrap());
    }
    let Some(series) = piece.get("series") else { return (hex(&piece["hex"]), 1) };
    let mut bytes = Vec::new();
    for turn in 0..series["count"].as_u64().unwrap() {
        for part in series["parts"].as_array().unwrap() {
            match part.as_str() {
                Some(text) => bytes.extend_from_slice(text.as_bytes()),
                None => {
                    let number = turn + part["plus"].as_u64().unwrap();
                    let digits = usize::try_from(part["digits"].as_u64().unwrap()).unwrap();
                    bytes.extend_from_slice(format!("{number:0digits$}").as_bytes());
                }
            }
        }
    }
    (bytes, 1)
}

fn cut<'a>(bytes: &'a [u8], range: &Range<u64>) -> &'a [u8] {
    let within = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
    bytes.get(within(range.start)..within(range.end)).unwrap_or_default()
}

fn len_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}
