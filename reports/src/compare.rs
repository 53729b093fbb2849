//! Readings in words: one in short, and where two of them differ.

use crate::shown::shown;
use corpus::{Payloads, Reading, TensorReading, Text, ValuesDifference};

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

/// The first difference between a reading that a vector states and one that came, in words; `None`
/// where they are equal.
///
/// `payloads` are the bytes of the tensors that the vector states. Values are compared with what
/// they mean.
#[must_use]
pub fn first_difference(want: &Reading, got: &Reading, payloads: &Payloads) -> Option<String> {
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
        if let Some(difference) = elements_differ(want, got, payloads) {
            return Some(difference);
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

/// How the elements of two tensors of one dtype and shape differ: their bytes, or what they mean.
/// Where both came, both have to be right.
fn elements_differ(
    want: &TensorReading,
    got: &TensorReading,
    payloads: &Payloads,
) -> Option<String> {
    let of = name(&want.name);
    if got.sha256.is_some() && got.sha256 != want.sha256 {
        return Some(format!("the bytes of {of} are others"));
    }
    let Some(told) = &got.values else {
        return got.sha256.is_none().then(|| format!("neither bytes nor values of {of}"));
    };
    let Some(right) = payloads.values(want) else {
        return Some(format!("the values of {of} are not known to the corpus"));
    };
    Some(match told.difference(&right)? {
        ValuesDifference::Count { told, right } => format!("{told} values of {of}, not {right}"),
        ValuesDifference::Element { place, told, right } => {
            let told = shown(told.as_bytes(), SHOWN);
            format!("element {place} of {of} is {told}, not {right}")
        }
        ValuesDifference::Somewhere => format!("the values of {of} are others"),
    })
}

fn name(text: &Text) -> String {
    match text.as_str() {
        Some(text) => format!("\"{}\"", shown(text.as_bytes(), 64)),
        None => format!("bytes {}", shown(&text.0, 64)),
    }
}
