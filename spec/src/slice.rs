//! What a correct reader gives out when it is asked for a part of a tensor.
//!
//! A slice follows from the bytes of the tensor and the order of its elements (VAL-1, VAL-4,
//! VAL-5) and from nothing else: what the elements mean plays no part, nor does the file.

use crate::dtype::Dtype;
use crate::file::{plural, widen};
use crate::size::{NoSize, Shape};
use std::fmt;

/// The indices start, start + step, … below stop, along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first index, unless it is `stop`.
    pub start: u64,
    /// The end, excluded: at least `start`, at most the dimension.
    pub stop: u64,
    /// From one index to the next: at least 1.
    pub step: u64,
}

/// Part of a tensor, as a tensor of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sliced {
    /// The dimensions: as many as the whole has.
    pub shape: Vec<u64>,
    /// The elements, in the order in which a file would hold them.
    pub bytes: Vec<u8>,
}

/// Why a part of a tensor cannot be given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceError {
    /// There is not one span for each axis.
    Spans {
        /// The rank of the tensor.
        axes: usize,
        /// How many spans there are.
        spans: usize,
    },
    /// A span leads out of its axis, or ends before it begins.
    Outside {
        /// The axis, counted from 0.
        axis: usize,
        /// The span.
        span: Span,
        /// The dimension of the axis.
        dim: u64,
    },
    /// A span has a step of 0.
    NoStep {
        /// The axis, counted from 0.
        axis: usize,
    },
    /// The bytes are not those of a tensor of this dtype and shape.
    Misfit {
        /// The size in bytes of such a tensor; `None` if none can be (SIZE-1, SIZE-2).
        size: Option<u64>,
        /// How many bytes there are.
        found: u64,
    },
    /// The chosen elements do not fill whole bytes, so they are no tensor (SIZE-2).
    PartByte {
        /// How many bits they take.
        bits: u64,
    },
}

impl Span {
    /// All of an axis.
    #[must_use]
    pub const fn full(dim: u64) -> Self {
        Self { start: 0, stop: dim, step: 1 }
    }

    /// How many indices there are; none if the step is 0 or the span ends before it begins.
    #[must_use]
    pub const fn count(self) -> u64 {
        match self.step {
            0 => 0,
            step => self.stop.saturating_sub(self.start).div_ceil(step),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, stop, step } = self;
        write!(f, "{start}..{stop}")?;
        if *step == 1 { Ok(()) } else { write!(f, " by {step}") }
    }
}

impl fmt::Display for SliceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spans { axes, spans } => {
                write!(f, "{} for a tensor of rank {axes}", plural(widen(*spans), "span"))
            }
            Self::Outside { axis, span, dim } => {
                write!(f, "span {span} is not within axis {axis}, which is {dim} long")
            }
            Self::NoStep { axis } => write!(f, "the span of axis {axis} has a step of 0"),
            Self::Misfit { size: Some(size), found } => {
                write!(f, "{} where shape and dtype give {size}", plural(*found, "byte"))
            }
            Self::Misfit { size: None, found } => {
                write!(f, "{} where shape and dtype give no size", plural(*found, "byte"))
            }
            Self::PartByte { bits } => {
                write!(f, "the chosen elements take {bits} bits, which fill no whole bytes")
            }
        }
    }
}

impl std::error::Error for SliceError {}

/// The part of a tensor that one span for each axis chooses; of a scalar, its one element.
///
/// # Errors
///
/// The spans do not belong to the shape, the bytes do not, or the chosen elements do not fill
/// whole bytes.
pub fn slice(
    dtype: Dtype,
    shape: &[u64],
    bytes: &[u8],
    spans: &[Span],
) -> Result<Sliced, SliceError> {
    let runs = Runs::new(shape, spans)?;
    let (size, found) = (size_of(dtype, shape).ok(), widen(bytes.len()));
    if size != Some(found) {
        return Err(SliceError::Misfit { size, found });
    }
    // No sum or product of places in bytes that exist wraps, not even in bits (SIZE-1).
    let bits = runs.elements() * dtype.bits();
    if !bits.is_multiple_of(8) {
        return Err(SliceError::PartByte { bits });
    }
    let mut packer = Packer::new(bits / 8);
    runs.each(|first| packer.copy(bytes, first * dtype.bits(), runs.len * dtype.bits()));
    Ok(Sliced { shape: spans.iter().map(|span| span.count()).collect(), bytes: packer.bytes })
}

/// The contiguous part of an axis that one of `count` ranks gets, counted from 0.
///
/// A part is as long as the quotient of `dim` and `count`, rounded up, as far as there is anything
/// left: the last ranks may get less, or nothing. So most ranks hold tensors of one shape, and a
/// part begins at a multiple of its length. (In parts that differ by at most 1, every place depends
/// on the remainder as well.) A rank that is not below `count` gets nothing.
#[must_use]
pub const fn ranks(dim: u64, count: u64, rank: u64) -> Span {
    if rank >= count {
        return Span { start: dim, stop: dim, step: 1 };
    }
    let len = dim.div_ceil(count);
    let start = len.saturating_mul(rank);
    let start = if start > dim { dim } else { start };
    let stop = if len > dim - start { dim } else { start + len };
    Span { start, stop, step: 1 }
}

/// The size in bytes of a tensor, if it has one.
pub(crate) fn size_of(dtype: Dtype, dims: &[u64]) -> Result<u64, NoSize> {
    let mut shape = Shape::scalar(0);
    dims.iter().for_each(|dim| shape.add(*dim));
    shape.bytes(dtype)
}

/// The chosen elements, as runs of neighbours of one length. Places count elements.
struct Runs {
    /// Where the first run begins.
    first: u64,
    /// How many elements a run has; 0 if nothing is chosen.
    len: u64,
    /// The axes along which runs repeat, outermost first.
    outer: Vec<Axis>,
}

/// An axis along which runs repeat.
struct Axis {
    /// How many times: at least 2.
    count: u64,
    /// How far apart.
    stride: u64,
}

impl Runs {
    fn new(shape: &[u64], spans: &[Span]) -> Result<Self, SliceError> {
        if shape.len() != spans.len() {
            return Err(SliceError::Spans { axes: shape.len(), spans: spans.len() });
        }
        for (axis, (dim, span)) in shape.iter().zip(spans).enumerate() {
            if span.step == 0 {
                return Err(SliceError::NoStep { axis });
            }
            if span.start > span.stop || span.stop > *dim {
                return Err(SliceError::Outside { axis, span: *span, dim: *dim });
            }
        }
        let mut runs = Self { first: 0, len: 1, outer: Vec::new() };
        if spans.iter().any(|span| span.count() == 0) {
            runs.len = 0;
            return Ok(runs);
        }
        // How many elements one index of the axis stands for. A shape that is too large for any
        // tensor makes this wrap, and whoever asks refuses it by its size.
        let mut inner = 1_u64;
        for (dim, span) in shape.iter().zip(spans).rev() {
            runs.first = runs.first.wrapping_add(inner.wrapping_mul(span.start));
            let (count, step) = (span.count(), span.step);
            // As long as all of the inner axes is chosen, neighbours along this one are neighbours.
            if count == 1 || (step == 1 && runs.len == inner) {
                runs.len = runs.len.wrapping_mul(count);
            } else {
                runs.outer.push(Axis { count, stride: inner.wrapping_mul(step) });
            }
            inner = inner.wrapping_mul(*dim);
        }
        runs.outer.reverse();
        Ok(runs)
    }

    /// How many elements are chosen.
    fn elements(&self) -> u64 {
        self.outer.iter().fold(self.len, |product, axis| product.wrapping_mul(axis.count))
    }

    /// Calls with the place of each run, in their order.
    fn each(&self, mut act: impl FnMut(u64)) {
        if self.len == 0 {
            return;
        }
        let mut indices = vec![0; self.outer.len()];
        let mut place = self.first;
        loop {
            act(place);
            // The next one: a step along the innermost axis that is not at its end.
            let mut axes = self.outer.iter().zip(&mut indices).rev();
            let moved = axes.any(|(axis, index)| {
                if *index + 1 < axis.count {
                    *index += 1;
                    place += axis.stride;
                    return true;
                }
                place -= axis.stride * *index;
                *index = 0;
                false
            });
            if !moved {
                return;
            }
        }
    }
}

/// Puts runs of bits one after the other, from the least significant bit of a byte on (VAL-4,
/// VAL-5).
struct Packer {
    bytes: Vec<u8>,
    /// The bits that fill no byte yet, fewer than 8, and how many they are.
    held: u64,
    count: u64,
}

impl Packer {
    fn new(size: u64) -> Self {
        let bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        Self { bytes, held: 0, count: 0 }
    }

    /// Adds `len` bits, from the bit `first` of the source on.
    fn copy(&mut self, source: &[u8], first: u64, len: u64) {
        let (mut at, end) = (first, first + len);
        if self.count == 0 && first.is_multiple_of(8) {
            let range = usize::try_from(first / 8).ok().zip(usize::try_from(end / 8).ok());
            let whole = range.and_then(|(begin, end)| source.get(begin..end));
            self.bytes.extend_from_slice(whole.unwrap_or_default());
            at = end / 8 * 8;
        }
        while at < end {
            let count = (end - at).min(8);
            self.push(bits_at(source, at, count), count);
            at += count;
        }
    }

    /// Adds up to 8 bits.
    fn push(&mut self, bits: u64, count: u64) {
        self.held |= bits << self.count;
        self.count += count;
        if self.count >= 8 {
            let [low, ..] = self.held.to_le_bytes();
            self.bytes.push(low);
            self.held >>= 8;
            self.count -= 8;
        }
    }
}

/// Up to 8 bits as a number, from a place in bits on.
fn bits_at(source: &[u8], at: u64, count: u64) -> u64 {
    let byte = |place: u64| {
        usize::try_from(place)
            .ok()
            .and_then(|place| source.get(place))
            .copied()
            .map_or(0, u64::from)
    };
    let two = byte(at / 8) | byte(at / 8 + 1) << 8;
    (two >> (at % 8)) & ((1 << count) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::DTYPES;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    const fn span(start: u64, stop: u64, step: u64) -> Span {
        Span { start, stop, step }
    }

    fn bytes_of(dtype: Dtype, shape: &[u64], spans: &[Span], bytes: &[u8]) -> Vec<u8> {
        slice(dtype, shape, bytes, spans).unwrap().bytes
    }

    #[test]
    fn rows_and_columns_of_a_matrix() {
        let bytes: Vec<u8> = (0..12).collect();
        let of = |spans: [Span; 2]| bytes_of(Dtype::U8, &[3, 4], &spans, &bytes);
        assert_eq!(of([span(1, 2, 1), Span::full(4)]), [4, 5, 6, 7]);
        assert_eq!(of([Span::full(3), span(1, 3, 1)]), [1, 2, 5, 6, 9, 10]);
        assert_eq!(of([span(0, 3, 2), span(1, 4, 2)]), [1, 3, 9, 11]);
        assert_eq!(of([span(2, 3, u64::MAX), span(3, 4, u64::MAX)]), [11]);
        let wide = bytes_of(Dtype::U16, &[3, 2], &[Span::full(3), span(1, 2, 1)], &bytes);
        assert_eq!(wide, [2, 3, 6, 7, 10, 11]);
    }

    #[test]
    fn narrow_elements_move_to_the_bits_of_their_new_places() {
        // The codes 1 to 6, in rows of three, and of these the last two of each row.
        let fours =
            bytes_of(Dtype::F4, &[2, 3], &[Span::full(2), span(1, 3, 1)], &[0x21, 0x43, 0x65]);
        assert_eq!(fours, [0x32, 0x65]);
        // The text works these four out; two of them twice.
        let packed = [0x81, 0xf8, 0xa9, 0x81, 0xf8, 0xa9];
        let sixes = bytes_of(Dtype::F6E2m3, &[8], &[span(0, 8, 2)], &packed);
        assert_eq!(sixes, [0b1100_0001, 0b0001_0111, 0b0111_1100]);
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_reason() {
        let refused = |dtype, shape: &[u64], spans: &[Span], bytes: &[u8]| {
            slice(dtype, shape, bytes, spans).unwrap_err().to_string()
        };
        let (u8, f4) = (Dtype::U8, Dtype::F4);
        assert_eq!(refused(u8, &[2], &[], &[0; 2]), "0 spans for a tensor of rank 1");
        assert_eq!(refused(u8, &[], &[Span::full(1)], &[0]), "1 span for a tensor of rank 0");
        let outside = refused(u8, &[2], &[span(1, 3, 2)], &[0; 2]);
        assert_eq!(outside, "span 1..3 by 2 is not within axis 0, which is 2 long");
        let backwards = refused(u8, &[2, 2], &[Span::full(2), span(2, 1, 1)], &[0; 4]);
        assert_eq!(backwards, "span 2..1 is not within axis 1, which is 2 long");
        assert_eq!(
            refused(u8, &[2], &[span(0, 2, 0)], &[0; 2]),
            "the span of axis 0 has a step of 0"
        );
        let misfit = refused(u8, &[2], &[Span::full(2)], &[0]);
        assert_eq!(misfit, "1 byte where shape and dtype give 2");
        for shape in [&[3][..], &[0, u64::MAX, 3]] {
            let spans: Vec<Span> = shape.iter().map(|dim| Span::full(*dim)).collect();
            let misfit = refused(f4, shape, &spans, &[0; 2]);
            assert_eq!(misfit, "2 bytes where shape and dtype give no size");
        }
        let half = refused(f4, &[4], &[span(0, 3, 1)], &[0; 2]);
        assert_eq!(half, "the chosen elements take 12 bits, which fill no whole bytes");
    }

    #[test]
    fn nothing_is_a_slice_too_and_costs_nothing() {
        let wide = 1 << 60;
        let spans = [Span::full(0), Span::full(wide)];
        let nothing = slice(Dtype::U8, &[0, wide], &[], &spans).unwrap();
        assert_eq!(nothing, Sliced { shape: vec![0, wide], bytes: vec![] });
        let one = [span(1, 1, 1), span(0, 2, 2)];
        let nothing = slice(Dtype::F4, &[2, 2], &[1, 2], &one).unwrap();
        assert_eq!(nothing, Sliced { shape: vec![0, 1], bytes: vec![] });
        let scalar = slice(Dtype::U8, &[], &[7], &[]).unwrap();
        assert_eq!(scalar, Sliced { shape: vec![], bytes: vec![7] });
    }

    #[test]
    fn ranks_get_blocks_of_one_length_as_far_as_there_is_any() {
        let parts = |dim, count| -> Vec<(u64, u64)> {
            (0..count)
                .map(|rank| ranks(dim, count, rank))
                .map(|part| (part.start, part.stop))
                .collect()
        };
        assert_eq!(parts(8, 2), [(0, 4), (4, 8)]);
        assert_eq!(parts(7, 3), [(0, 3), (3, 6), (6, 7)]);
        assert_eq!(parts(5, 4), [(0, 2), (2, 4), (4, 5), (5, 5)]);
        assert_eq!(parts(0, 2), [(0, 0), (0, 0)]);
        assert_eq!(ranks(5, 0, 0), span(5, 5, 1));
        assert_eq!(ranks(5, 2, 2), span(5, 5, 1));
        // A multiple of the length that takes more than 64 bits.
        assert_eq!(ranks(u64::MAX, (1 << 63) + 1, 1 << 63), span(u64::MAX, u64::MAX, 1));
        assert_eq!(ranks(u64::MAX, 2, 1), span(1 << 63, u64::MAX, 1));
        assert_eq!(ranks(u64::MAX, u64::MAX, u64::MAX - 1), span(u64::MAX - 1, u64::MAX, 1));
    }

    /// A tensor of any dtype that is some tensor: narrow dtypes get a last axis that fills bytes.
    fn tensors() -> impl Strategy<Value = (Dtype, Vec<u64>, Vec<u8>)> {
        let dtype = (0..DTYPES.len()).prop_map(|at| DTYPES[at].dtype);
        let narrow = prop_oneof![Just(Dtype::F4), Just(Dtype::F6E2m3), Just(Dtype::F6E3m2)];
        let shape = prop::collection::vec(0_u64..6, 0..4);
        (prop_oneof![narrow, dtype], shape, any::<prop::sample::Index>()).prop_flat_map(
            |(dtype, mut shape, at)| {
                if size_of(dtype, &shape).is_err() {
                    let at = at.index(shape.len() + 1).min(shape.len().saturating_sub(1));
                    match shape.get_mut(at) {
                        Some(dim) => *dim *= 4,
                        None => shape.push(4),
                    }
                }
                let size = usize::try_from(size_of(dtype, &shape).unwrap()).unwrap();
                let bytes = prop::collection::vec(any::<u8>(), size);
                (Just(dtype), Just(shape), bytes)
            },
        )
    }

    /// A span of an axis, from three numbers.
    fn some_span(dim: u64, (a, b, step): (u64, u64, u64)) -> Span {
        let (a, b) = (a % (dim + 1), b % (dim + 1));
        span(a.min(b), a.max(b), step)
    }

    fn choices() -> impl Strategy<Value = Vec<(u64, u64, u64)>> {
        // Beyond the dimensions now and then, so that whole axes are no rarity.
        prop::collection::vec((0_u64..24, 0_u64..24, prop_oneof![Just(1), 1_u64..5]), 4)
    }

    fn chosen(shape: &[u64], choices: &[(u64, u64, u64)]) -> Vec<Span> {
        shape.iter().zip(choices).map(|(dim, choice)| some_span(*dim, *choice)).collect()
    }

    /// The places of the chosen elements, by the formula of VAL-1.
    fn places(shape: &[u64], spans: &[Span]) -> Vec<u64> {
        let mut places = vec![0];
        for (dim, span) in shape.iter().zip(spans) {
            let indices = || {
                (0..*dim).filter(|index| {
                    (span.start..span.stop).contains(index) && (index - span.start) % span.step == 0
                })
            };
            places =
                places.iter().flat_map(|at| indices().map(move |index| at * dim + index)).collect();
        }
        places
    }

    fn bits(bytes: &[u8]) -> Vec<bool> {
        bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).collect()
    }

    /// The bits of the elements at these places, one after the other.
    fn picked(dtype: Dtype, bytes: &[u8], places: &[u64]) -> Vec<bool> {
        let (all, width) = (bits(bytes), usize::try_from(dtype.bits()).unwrap());
        let element = |place: &u64| {
            let at = usize::try_from(*place).unwrap() * width;
            all[at..at + width].to_vec()
        };
        places.iter().flat_map(element).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 4_000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(5),
            ..ProptestConfig::default()
        })]

        #[test]
        fn full_spans_give_the_tensor_back((dtype, shape, bytes) in tensors()) {
            let spans: Vec<Span> = shape.iter().map(|dim| Span::full(*dim)).collect();
            prop_assert_eq!(slice(dtype, &shape, &bytes, &spans), Ok(Sliced { shape, bytes }));
        }

        #[test]
        fn a_slice_is_what_one_element_at_a_time_gives(
            (dtype, shape, bytes) in tensors(), choices in choices(),
        ) {
            let spans = chosen(&shape, &choices);
            let expected = picked(dtype, &bytes, &places(&shape, &spans));
            match slice(dtype, &shape, &bytes, &spans) {
                Ok(sliced) => {
                    prop_assert_eq!(size_of(dtype, &sliced.shape).ok(), Some(widen(sliced.bytes.len())));
                    prop_assert_eq!(bits(&sliced.bytes), expected);
                }
                Err(error) => {
                    prop_assert_eq!(error, SliceError::PartByte { bits: widen(expected.len()) });
                    prop_assert!(!expected.len().is_multiple_of(8));
                }
            }
        }

        #[test]
        fn the_slices_of_all_ranks_make_up_the_tensor(
            (dtype, shape, bytes) in tensors(), axis in any::<prop::sample::Index>(), count in 1_u64..7,
        ) {
            if shape.is_empty() {
                return Ok(());
            }
            let axis = axis.index(shape.len());
            // Where a part fills no whole bytes, no rank can hold it.
            let parts: Result<Vec<Sliced>, SliceError> = (0..count).map(|rank| {
                let mut spans: Vec<Span> = shape.iter().map(|dim| Span::full(*dim)).collect();
                spans[axis] = ranks(shape[axis], count, rank);
                slice(dtype, &shape, &bytes, &spans)
            }).collect();
            let Ok(parts) = parts else { return Ok(()) };
            let outer: u64 = shape[..axis].iter().product();
            let mut whole = Vec::new();
            for row in 0..outer {
                for part in &parts {
                    let len = part.shape[axis..].iter().product::<u64>();
                    let elements: Vec<u64> = (row * len..(row + 1) * len).collect();
                    whole.extend(picked(dtype, &part.bytes, &elements));
                }
            }
            prop_assert_eq!(whole, bits(&bytes));
        }

        #[test]
        fn a_slice_of_a_slice_is_a_slice(
            (dtype, shape, bytes) in tensors(), first in choices(), second in choices(),
        ) {
            let outer = chosen(&shape, &first);
            let Ok(once) = slice(dtype, &shape, &bytes, &outer) else { return Ok(()) };
            let inner = chosen(&once.shape, &second);
            let both: Vec<Span> = outer.iter().zip(&inner).map(|(outer, inner)| Span {
                start: (outer.start + inner.start * outer.step).min(outer.stop),
                stop: (outer.start + inner.stop * outer.step).min(outer.stop),
                step: outer.step * inner.step,
            }).collect();
            prop_assert_eq!(
                slice(dtype, &once.shape, &once.bytes, &inner),
                slice(dtype, &shape, &bytes, &both)
            );
        }

        #[test]
        fn the_parts_of_the_ranks_follow_each_other(dim: u64, count in 1_u64..100, small in 0_u64..100) {
            for dim in [dim, small] {
                let parts: Vec<Span> = (0..count).map(|rank| ranks(dim, count, rank)).collect();
                prop_assert_eq!(parts.first().map(|part| part.start), Some(0));
                prop_assert_eq!(parts.last().map(|part| part.stop), Some(dim));
                for pair in parts.windows(2) {
                    prop_assert_eq!(pair[0].stop, pair[1].start);
                    prop_assert!(pair[0].count() >= pair[1].count());
                }
            }
        }
    }
}
