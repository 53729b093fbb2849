//! Readings in words: one in short, and where two of them differ.

use crate::shown::shown;
use corpus::{Reading, Text};

/// How many tensors are told.
const TENSORS: usize = 3;
/// How much of a foreign text is told, in bytes.
const SHOWN: usize = 160;

/// A reading in one line: the first tensors, and how many pairs of metadata.
#[must_use]
pub fn reading_in_short(reading: &Reading) -> String {
    let tensors = reading.tensors();
    let mut parts: Vec<String> = tensors
        .iter()
        .take(TENSORS)
        .map(|tensor| {
            let dims = tensor.shape.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
            let dtype = shown(tensor.dtype.as_bytes(), 32);
            format!("{} {dtype} [{}]", name(&tensor.name), shown(dims.as_bytes(), 48))
        })
        .collect();
    if tensors.len() > TENSORS {
        parts.push(format!("{} tensors more", tensors.len() - TENSORS));
    }
    if tensors.is_empty() {
        parts.push("no tensor".to_owned());
    }
    match reading.metadata().len() {
        0 => {}
        1 => parts.push("1 pair of metadata".to_owned()),
        count => parts.push(format!("{count} pairs of metadata")),
    }
    parts.join("; ")
}

/// The first difference between two readings, in words; `None` where they are equal.
#[must_use]
pub fn first_difference(want: &Reading, got: &Reading) -> Option<String> {
    if want == got {
        return None;
    }
    let (wanted, found) = (want.tensors(), got.tensors());
    if wanted.len() != found.len() {
        return Some(format!("{} tensors, not {}", found.len(), wanted.len()));
    }
    for (want, got) in wanted.iter().zip(found) {
        if want.name != got.name {
            return Some(format!("a tensor named {}, not {}", name(&got.name), name(&want.name)));
        }
        let of = name(&want.name);
        if want.dtype != got.dtype {
            let got = shown(got.dtype.as_bytes(), SHOWN);
            return Some(format!("the dtype of {of} is {got}, not {}", want.dtype));
        }
        if want.shape != got.shape {
            let shape = |shape: &[u64]| shown(format!("{shape:?}").as_bytes(), SHOWN);
            return Some(format!(
                "the shape of {of} is {}, not {}",
                shape(&got.shape),
                shape(&want.shape)
            ));
        }
        if want.sha256 != got.sha256 {
            return Some(format!("the bytes of {of} are others"));
        }
    }
    let (wanted, found) = (want.metadata(), got.metadata());
    for (key, value) in wanted {
        match found.get(key) {
            None => return Some(format!("no metadata for the key {}", name(key))),
            Some(got) if got != value => {
                return Some(format!(
                    "the metadata for {} is {}, not {}",
                    name(key),
                    name(got),
                    name(value)
                ));
            }
            Some(_) => {}
        }
    }
    found
        .keys()
        .find(|key| !wanted.contains_key(*key))
        .map(|key| format!("metadata for {}, which has none", name(key)))
}

fn name(text: &Text) -> String {
    match text.as_str() {
        Some(text) => format!("\"{}\"", shown(text.as_bytes(), 64)),
        None => format!("bytes {}", shown(&text.0, 64)),
    }
}
