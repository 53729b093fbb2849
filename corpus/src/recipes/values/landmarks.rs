//! The elements of wide dtypes at which decoders go wrong: ends of ranges, neighbours of powers of
//! two, subnormal numbers, infinities, and NaNs bit by bit.

use super::of;
use crate::recipe::{Recipe, accepts};
use spec::Dtype;
use spec::RuleId::{Val2, Val3, Val6, Val7};
use std::collections::BTreeSet;

pub(super) fn recipes() -> Vec<Recipe> {
    let mut recipes: Vec<Recipe> = INTEGERS.iter().copied().map(around_powers_of_two).collect();
    recipes.extend([
        accepts(
            "values/single-precision-landmarks",
            "The ends of the ranges of F32, one and its neighbours, zeros and infinities, of both signs.",
            [Val7, Val6, Val2],
            of_codes(Dtype::F32, signed(32, SINGLE)),
        ),
        accepts(
            "values/single-precision-nan-bits",
            "NaNs of F32 of both signs, with each bit of the payload alone, and with all.",
            [Val7, Val6, Val2],
            of_codes(Dtype::F32, signed(32, &nans(0x7f80_0000, 23))),
        ),
        accepts(
            "values/double-precision-landmarks",
            "The ends of the ranges of F64, one and its neighbours, zeros and infinities, of both signs.",
            [Val7, Val6, Val2],
            of_codes(Dtype::F64, signed(64, DOUBLE)),
        ),
        accepts(
            "values/double-precision-nan-bits",
            "NaNs of F64 of both signs, with each bit of the payload alone, and with all.",
            [Val7, Val6, Val2],
            of_codes(Dtype::F64, signed(64, &nans(0x7ff0_0000_0000_0000, 52))),
        ),
        accepts(
            "values/complex-landmarks",
            "C64 elements with each special float once as real and once as imaginary part.",
            [Val3, Val7, Val6],
            of_codes(Dtype::C64, complex()),
        )
        .since(Dtype::C64.since())
        .twin("values/doubles-in-pair"),
    ]);
    recipes
}

static INTEGERS: &[Dtype] =
    &[Dtype::U16, Dtype::I16, Dtype::U32, Dtype::I32, Dtype::U64, Dtype::I64];

/// Floats of F32 without their sign, by their bits.
static SINGLE: &[u64] = &[
    0x0000_0000, // zero
    0x0000_0001, // the smallest subnormal number
    0x007f_ffff, // the greatest subnormal number
    0x0080_0000, // the smallest normal number
    0x3dcc_cccd, // the nearest to 0.1
    0x3f7f_ffff, // the last below 1
    0x3f80_0000, // 1
    0x3f80_0001, // the first above 1
    0x4b80_0000, // 2^24, the first whose odd neighbour is missing
    0x7f7f_ffff, // the greatest finite number
    0x7f80_0000, // infinity
];

/// Floats of F64 without their sign, by their bits.
static DOUBLE: &[u64] = &[
    0x0000_0000_0000_0000, // zero
    0x0000_0000_0000_0001, // the smallest subnormal number
    0x000f_ffff_ffff_ffff, // the greatest subnormal number
    0x0010_0000_0000_0000, // the smallest normal number
    0x36a0_0000_0000_0000, // 2^-149, the smallest number of F32
    0x3fb9_9999_9999_999a, // the nearest to 0.1
    0x3fef_ffff_ffff_ffff, // the last below 1
    0x3ff0_0000_0000_0000, // 1
    0x3ff0_0000_0000_0001, // the first above 1
    0x4340_0000_0000_0000, // 2^53, the first whose odd neighbour is missing
    0x47ef_ffff_e000_0000, // the greatest finite number of F32
    0x47f0_0000_0000_0000, // 2^128, beyond F32
    0x7fef_ffff_ffff_ffff, // the greatest finite number
    0x7ff0_0000_0000_0000, // infinity
];

/// A vector of the integers one below, at, and one above each power of two, and their negatives in
/// two's complement: the ends of every narrower type, and all numbers around 2^24, 2^31 and 2^53.
fn around_powers_of_two(dtype: Dtype) -> Recipe {
    let mask = u64::MAX >> (64 - dtype.bits());
    let powers = (0..dtype.bits()).map(|exponent| 1_u64 << exponent);
    let near = powers.flat_map(|power| [power - 1, power, power + 1]);
    let codes: BTreeSet<u64> =
        near.flat_map(|code| [code & mask, code.wrapping_neg() & mask]).collect();
    accepts(
        &format!("values/{}-around-powers-of-two", dtype.name().to_ascii_lowercase()),
        &format!("The elements of {dtype} beside every power of two, and their complements."),
        [Val7, Val2],
        of_codes(dtype, codes),
    )
}

/// The bit patterns, each without and with the sign bit of a width.
fn signed(width: u64, codes: &[u64]) -> Vec<u64> {
    codes.iter().flat_map(|code| [*code, *code | 1 << (width - 1)]).collect()
}

/// NaNs with each bit of the payload alone, the highest of which makes the one that is quiet, and
/// with all of them.
fn nans(infinity: u64, payload_bits: u64) -> Vec<u64> {
    let alone = (0..payload_bits).map(|bit| infinity | 1 << bit);
    alone.chain([infinity | ((1 << payload_bits) - 1)]).collect()
}

/// Each special float of F32 beside a plain one, in either place.
fn complex() -> Vec<u64> {
    let specials = [SINGLE, &[0x7fc0_0000, 0x7f80_0001, 0x7fff_ffff]].concat();
    let numbered = signed(32, &specials).into_iter().zip(0x4000_0000_u64..);
    numbered.flat_map(|(special, plain)| [special | plain << 32, plain | special << 32]).collect()
}

/// A tensor of elements by their bits.
fn of_codes(dtype: Dtype, codes: impl IntoIterator<Item = u64>) -> crate::draft::Draft {
    let width = usize::try_from(dtype.bits() / 8).unwrap_or(8);
    let elements: Vec<[u8; 8]> = codes.into_iter().map(u64::to_le_bytes).collect();
    let bytes: Vec<u8> =
        elements.iter().flat_map(|element| element.iter().take(width)).copied().collect();
    of(dtype.name(), &[u64::try_from(elements.len()).unwrap_or(u64::MAX)], &bytes)
}
