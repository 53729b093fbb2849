//! Which slices of a file are asked for, with what the oracle says of each.
//!
//! Of every valid file its first tensor is asked for whole, as a lazy reader gets it. Each pair of a
//! dtype and a shape is cut in every way once, in the first file that has it, so that a run asks about
//! every kind of cut and about none a hundred times.

use crate::plan::{Expectation, Slice, Wanted};
use corpus::{Payloads, Reading, TensorReading, Tier, Vector, VectorId};
use reports::Detail;
use spec::{Dtype, Span};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How many elements a tensor may have that is cut in every way, and how many axes.
const MOST: u64 = 1 << 16;
const MOST_AXES: usize = 16;

/// A dtype and a shape.
type Kind = (String, Vec<u64>);

/// The file that stands for each kind of tensor, and the tensor in it.
static FIRST: LazyLock<BTreeMap<Kind, (&VectorId, usize)>> = LazyLock::new(|| {
    let mut first = BTreeMap::new();
    for vector in corpus::vectors().iter().filter(|vector| vector.tier == Tier::Stored) {
        for (place, tensor) in vector.reading.iter().flat_map(listed).enumerate() {
            let kind = (tensor.dtype.clone(), tensor.shape.clone());
            first.entry(kind).or_insert((&vector.id, place));
        }
    }
    first
});

/// The tensors of a reading; none where there are so many that they are made on demand.
fn listed(reading: &Reading) -> &[TensorReading] {
    if reading.bulk().is_some() { &[] } else { reading.tensors() }
}

/// The slices of a valid file.
pub(crate) fn slices(vector: &'static Vector) -> Vec<(Slice, Expectation)> {
    let mut found = Vec::new();
    let tensors = vector.reading.as_ref().map(listed).unwrap_or_default();
    for (place, tensor) in tensors.iter().enumerate() {
        let kind = (tensor.dtype.clone(), tensor.shape.clone());
        let cuts = if FIRST.get(&kind) == Some(&(&vector.id, place)) {
            cuts(&tensor.shape)
        } else if place == 0 {
            BTreeSet::from([whole(&tensor.shape)])
        } else {
            continue;
        };
        let bytes = vector.payloads.bytes(tensor);
        let (Some(name), Some(bytes)) = (tensor.name.as_str(), bytes) else { continue };
        let Some(dtype) = Dtype::from_name(tensor.dtype.as_bytes()) else { continue };
        for cut in cuts {
            let spans: Vec<Span> = cut.into_iter().map(span).collect();
            // Elements that do not fill whole bytes are no tensor, so nothing can be expected.
            let Ok(part) = spec::slice(dtype, &tensor.shape, bytes, &spans) else { continue };
            let reading = TensorReading::of(name, &tensor.dtype, &part.shape, &part.bytes);
            let wanted = Wanted {
                reading: Cow::Owned(Reading::new(vec![reading], BTreeMap::new())),
                payloads: Cow::Owned(Payloads::of([part.bytes.as_slice()])),
            };
            let is_whole = part.shape == tensor.shape;
            let expectation = if !is_whole && !dtype.bits().is_multiple_of(8) {
                Expectation::Optional(wanted, Detail::PartByte)
            } else if spans.iter().any(|span| span.step > 1) {
                Expectation::Optional(wanted, Detail::Steps)
            } else {
                Expectation::Accept(wanted)
            };
            found.push((Slice { tensor: name.to_owned(), spans }, expectation));
        }
    }
    found
}

/// Start, stop and step.
type Cut = (u64, u64, u64);

const fn span((start, stop, step): Cut) -> Span {
    Span { start, stop, step }
}

fn whole(shape: &[u64]) -> Vec<Cut> {
    shape.iter().map(|dim| (0, *dim, 1)).collect()
}

/// Every kind of cut through a tensor of a shape, none of them twice.
fn cuts(shape: &[u64]) -> BTreeSet<Vec<Cut>> {
    let mut cuts = BTreeSet::from([whole(shape)]);
    let count = shape.iter().try_fold(1_u64, |count, dim| count.checked_mul(*dim));
    if shape.is_empty()
        || shape.len() > MOST_AXES
        || count.is_none_or(|count| count == 0 || count > MOST)
    {
        return cuts;
    }
    let last = shape.len().saturating_sub(1);
    // One axis is cut, and all others are whole.
    let mut one = |axis: usize, cut: fn(u64) -> Cut| {
        let of = |(place, dim): (usize, &u64)| if place == axis { cut(*dim) } else { (0, *dim, 1) };
        cuts.insert(shape.iter().enumerate().map(of).collect());
    };
    for axis in [0, last] {
        one(axis, |_| (0, 0, 1));
        one(axis, |_| (0, 1, 1));
        one(axis, |dim| (dim - 1, dim, 1));
        one(axis, |dim| (dim / 2, dim, 1));
        one(axis, |dim| (0, dim, 2.min(dim)));
        // What each rank of a tensor-parallel pair or trio gets; their union is the tensor.
        one(axis, |dim| cut(spec::ranks(dim, 2, 0)));
        one(axis, |dim| cut(spec::ranks(dim, 2, 1)));
        one(axis, |dim| cut(spec::ranks(dim, 3, 0)));
        one(axis, |dim| cut(spec::ranks(dim, 3, 1)));
        one(axis, |dim| cut(spec::ranks(dim, 3, 2)));
    }
    // All axes are cut.
    let mut every = |cut: fn(u64) -> Cut| cuts.insert(shape.iter().map(|dim| cut(*dim)).collect());
    every(|dim| (1.min(dim), dim, 1));
    every(|dim| (0, dim, 2));
    every(|dim| (1.min(dim), dim, 2));
    every(|dim| (1.min(dim), dim.max(2) - 1, 1));
    every(|dim| (0, dim, 3));
    cuts
}

const fn cut(span: Span) -> Cut {
    (span.start, span.stop, span.step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dtype_is_cut_in_every_way() {
        let cut: BTreeSet<&str> = FIRST
            .keys()
            .filter(|(_, shape)| cuts(shape).len() > 5)
            .map(|(dtype, _)| dtype.as_str())
            .collect();
        let all: BTreeSet<&str> = spec::DTYPES.iter().map(|row| row.name).collect();
        assert_eq!(cut, all);
    }

    #[test]
    fn all_cuts_are_inside_the_tensor() {
        for shape in [&[][..], &[0], &[1], &[2], &[5], &[2, 3], &[1, 4, 0], &[3, 1, 4]] {
            for cut in cuts(shape) {
                for ((start, stop, step), dim) in cut.into_iter().zip(shape) {
                    assert!(start <= stop && stop <= *dim && step > 0, "{shape:?}: {start} {stop}");
                }
            }
        }
    }

    #[test]
    fn ranks_of_a_pair_and_of_a_trio_are_among_the_cuts_of_a_matrix() {
        let cuts = cuts(&[4, 6]);
        for part in [[(0, 2, 1), (0, 6, 1)], [(2, 4, 1), (0, 6, 1)], [(0, 4, 1), (4, 6, 1)]] {
            assert!(cuts.contains(part.as_slice()), "{part:?}");
        }
    }
}
