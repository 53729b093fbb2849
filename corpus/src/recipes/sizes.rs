//! Arithmetic on dimensions, and its agreement with the offsets.

use super::{tensor, two, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::ZeroAbsorbsOverflow;
use spec::RuleId::{Lay1, Lim1, Rd6, Shp2, Size1, Size2, Size3, Val4, Val5};
use spec::Version;

const ONE: &str = "layout/one-tensor";
const ZERO: &str = "sizes/zero-times-most";

pub(super) fn recipes() -> Vec<Recipe> {
    [zeros_that_fit(), absorbed(), overflow(), part_bytes(), agreement(), disagreement()]
        .into_iter()
        .flatten()
        .collect()
}

fn zero_size(dtype: &str, shape: &[u64]) -> Draft {
    Draft::of([tensor("z", dtype, shape, 0)])
}

fn zeros_that_fit() -> Vec<Recipe> {
    let fits = |id: &str, summary: &str, dtype: &str, shape: &[u64]| {
        accepts(id, summary, [Size1, Shp2, Lim1], zero_size(dtype, shape))
    };
    vec![
        fits(ZERO, "A dimension of 0 before the most bytes.", "U8", &[0, (1 << 61) - 1]),
        fits(
            "sizes/most-times-zero",
            "A dimension of 0 after the most bytes that a tensor may have.",
            "U8",
            &[(1 << 61) - 1, 0],
        ),
        fits(
            "sizes/zero-times-most-of-eight-bytes",
            "A dimension of 0 before the most elements of 64 bits.",
            "F64",
            &[0, (1 << 58) - 1],
        ),
        fits(
            "sizes/zero-between-factors",
            "A dimension of 0 between two whose product fits.",
            "U8",
            &[1 << 30, 0, 1 << 30],
        ),
        fits(
            "sizes/zero-times-most-of-four-bits",
            "A dimension of 0 before the most elements of 4 bits.",
            "F4",
            &[0, (1 << 62) - 1],
        )
        .since(Version::V1_2)
        .twin(ZERO),
    ]
}

/// A product that overflows but for a dimension of 0, which a lenient reader lets count for all.
fn absorbs(id: &str, summary: &str, dtype: &str, shape: &[u64], twin: &str) -> Recipe {
    rejects(id, summary, Size1, twin, zero_size(dtype, shape))
        .also([Rd6])
        .forgiven(ZeroAbsorbsOverflow)
}

fn absorbed() -> Vec<Recipe> {
    let most = u64::MAX;
    vec![
        absorbs(
            "sizes/zero-times-too-many",
            "A dimension of 0 before one element of U8 too many.",
            "U8",
            &[0, 1 << 61],
            ZERO,
        ),
        absorbs(
            "sizes/too-many-times-zero",
            "A dimension of 0 after one element of U8 too many.",
            "U8",
            &[1 << 61, 0],
            "sizes/most-times-zero",
        ),
        absorbs(
            "sizes/zero-before-overflow",
            "A dimension of 0 before two whose product is 2^64.",
            "U8",
            &[0, 1 << 32, 1 << 32],
            ZERO,
        ),
        absorbs(
            "sizes/zero-inside-overflow",
            "A dimension of 0 between two whose product is 2^64.",
            "U8",
            &[1 << 32, 0, 1 << 32],
            "sizes/zero-between-factors",
        ),
        absorbs(
            "sizes/zero-after-overflow",
            "A dimension of 0 after two whose product is 2^64.",
            "U8",
            &[1 << 32, 1 << 32, 0],
            "sizes/most-times-zero",
        ),
        absorbs(
            "sizes/greatest-dimension-before-zero",
            "A dimension of 2^64 - 1 before one of 0.",
            "U8",
            &[most, 0],
            "sizes/most-times-zero",
        ),
        absorbs(
            "sizes/zero-between-greatest-and-two",
            "The dimensions 2^64 - 1, 0 and 2.",
            "U8",
            &[most, 0, 2],
            "sizes/zero-between-factors",
        ),
        absorbs(
            "sizes/zero-times-greatest-of-eight-bytes",
            "A dimension of 0 before 2^64 - 1, of F64.",
            "F64",
            &[0, most],
            "sizes/zero-times-most-of-eight-bytes",
        ),
        absorbs(
            "sizes/zero-times-too-many-of-eight-bytes",
            "A dimension of 0 before one element of F64 too many.",
            "F64",
            &[0, 1 << 58],
            "sizes/zero-times-most-of-eight-bytes",
        ),
        absorbs(
            "sizes/zero-times-too-many-of-four-bits",
            "A dimension of 0 before one element of F4 too many.",
            "F4",
            &[0, 1 << 62],
            "sizes/zero-times-most-of-four-bits",
        )
        .since(Version::V1_2),
        absorbs(
            "sizes/zero-times-overflow-of-128-bits",
            "A dimension of 0 before three of 2^64 - 1.",
            "U8",
            &[0, most, most, most],
            ZERO,
        ),
    ]
}

/// A tensor whose size overflows, and so seems to fit the few bytes of its twin.
fn overflows(id: &str, summary: &str, twin: &str, dtype: &str, shape: &[u64], len: u64) -> Recipe {
    rejects(id, summary, Size1, twin, Draft::of([tensor("w", dtype, shape, len)])).also([Rd6])
}

fn overflow() -> Vec<Recipe> {
    let none = |id: &str, summary: &str, shape: &[u64]| {
        overflows(id, summary, "dtypes/u8-zero-size", "U8", shape, 0)
    };
    vec![
        none("sizes/one-too-many", "One element of U8 too many.", &[1 << 61]),
        overflows(
            "sizes/bits-wrap-to-data",
            "The size in bits wraps to the four bytes that are there.",
            ONE,
            "U8",
            &[(1 << 61) + 4],
            4,
        ),
        none(
            "sizes/product-wraps-to-zero",
            "Two dimensions of 2^32, whose product wraps to 0.",
            &[1 << 32, 1 << 32],
        ),
        overflows(
            "sizes/product-wraps-to-data",
            "Two dimensions of 2^64 - 1, whose product wraps to the one byte that is there.",
            "shapes/one-element",
            "U8",
            &[u64::MAX, u64::MAX],
            1,
        ),
        overflows(
            "sizes/bytes-wrap-to-zero",
            "2^61 elements of F64, whose bytes wrap to 0.",
            "dtypes/f64-zero-size",
            "F64",
            &[1 << 61],
            0,
        ),
        overflows(
            "sizes/bytes-wrap-to-data",
            "2^61 + 1 elements of F64, whose bytes wrap to those of one.",
            "sizes/double-alone",
            "F64",
            &[(1 << 61) + 1],
            8,
        ),
        none(
            "sizes/product-of-three-wraps",
            "Three dimensions of 2^22, of which two fit.",
            &[1 << 22, 1 << 22, 1 << 22],
        ),
        none("sizes/product-of-many-wraps", "Sixty-four dimensions of 2.", &[2; 64]),
        none("sizes/dimension-greatest", "One dimension of 2^64 - 1.", &[u64::MAX]),
        overflows(
            "sizes/dimension-negative-as-signed",
            "One dimension of 2^63, negative as a signed integer.",
            "dtypes/i8-zero-size",
            "I8",
            &[1 << 63],
            0,
        ),
        overflows(
            "sizes/four-bits-too-many",
            "One element of F4 too many.",
            "dtypes/f4-zero-size",
            "F4",
            &[1 << 62],
            0,
        )
        .since(Version::V1_2),
        overflows(
            "sizes/six-bits-too-many",
            "Elements of F6_E2M3 whose bits wrap to 32.",
            "dtypes/f6-e2m3-row",
            "F6_E2M3",
            &[3_074_457_345_618_258_608],
            4,
        )
        .since(Version::V1_2),
    ]
}

/// Elements of a few bits that do not fill whole bytes.
fn part(id: &str, summary: &str, dtype: &str, shape: &[u64], len: u64) -> Recipe {
    let twin = if dtype == "F4" { "sizes/four-bits-even" } else { "sizes/six-bits-by-four" };
    rejects(id, summary, Size2, twin, Draft::of([tensor("w", dtype, shape, len)]))
        .since(Version::V1_2)
}

fn part_bytes() -> Vec<Recipe> {
    vec![
        accepts(
            "sizes/four-bits-even",
            "Two elements of F4 in a byte.",
            [Size2, Size3, Val4],
            Draft::of([tensor("w", "F4", &[2], 1)]),
        )
        .since(Version::V1_2)
        .twin("shapes/one-element"),
        accepts(
            "sizes/six-bits-by-four",
            "Four elements of F6_E3M2 in three bytes.",
            [Size2, Size3, Val5],
            Draft::of([tensor("w", "F6_E3M2", &[4], 3)]),
        )
        .since(Version::V1_2)
        .twin(ONE),
        part("sizes/four-bits-alone", "One element of F4 in a byte.", "F4", &[1], 1),
        part("sizes/four-bits-alone-without-byte", "One element of F4 in no byte.", "F4", &[1], 0),
        part("sizes/four-bits-odd", "Three elements of F4 in two bytes.", "F4", &[3], 2),
        part("sizes/four-bits-odd-cut", "Three elements of F4 in one byte.", "F4", &[3], 1),
        part("sizes/four-bits-odd-matrix", "Nine elements of F4 in five bytes.", "F4", &[3, 3], 5),
        part("sizes/four-bits-scalar", "A scalar of F4 in a byte.", "F4", &[], 1),
        part("sizes/four-bits-scalar-without-byte", "A scalar of F4 in no byte.", "F4", &[], 0),
        part("sizes/six-bits-alone", "One element of F6_E2M3 in a byte.", "F6_E2M3", &[1], 1),
        part("sizes/six-bits-by-two", "Two elements of F6_E3M2 in two bytes.", "F6_E3M2", &[2], 2),
        part(
            "sizes/six-bits-by-three",
            "Three elements of F6_E3M2 in three bytes.",
            "F6_E3M2",
            &[3],
            3,
        ),
        part(
            "sizes/six-bits-by-five",
            "Five elements of F6_E2M3 in four bytes.",
            "F6_E2M3",
            &[5],
            4,
        ),
        part("sizes/six-bits-scalar", "A scalar of F6_E3M2 in a byte.", "F6_E3M2", &[], 1),
    ]
}

/// A tensor of a shape that does not go with its bytes.
fn off(id: &str, summary: &str, twin: &str, dtype: &str, shape: &[u64], len: u64) -> Recipe {
    rejects(id, summary, Size3, twin, Draft::of([tensor("w", dtype, shape, len)]))
}

fn agreement() -> Vec<Recipe> {
    let fits = |id: &str, summary: &str, dtype: &str, shape: &[u64], len: u64| {
        accepts(id, summary, [Size3], Draft::of([tensor("w", dtype, shape, len)]))
    };
    vec![
        fits("sizes/floats", "Four elements of F32 in sixteen bytes.", "F32", &[4], 16),
        fits("sizes/floats-in-pair", "Two elements of F32 in eight bytes.", "F32", &[2], 8),
        fits("sizes/float-alone", "One element of F32 in four bytes.", "F32", &[1], 4),
        fits("sizes/halves-in-pair", "Two elements of F16 in four bytes.", "F16", &[2], 4),
        fits("sizes/double-alone", "One element of F64 in eight bytes.", "F64", &[1], 8),
        fits("sizes/complex-alone", "One element of C64 in eight bytes.", "C64", &[1], 8)
            .since(Version::V1_3)
            .twin("sizes/double-alone"),
    ]
}

fn disagreement() -> Vec<Recipe> {
    let scalar = "shapes/scalar";
    let none = "dtypes/u8-zero-size";
    vec![
        off("sizes/byte-too-few", "Four elements of U8 in three bytes.", ONE, "U8", &[4], 3),
        off("sizes/byte-too-many", "Four elements of U8 in five bytes.", ONE, "U8", &[4], 5),
        off(
            "sizes/elements-for-bytes",
            "Four elements of F32 in four bytes.",
            "sizes/floats",
            "F32",
            &[4],
            4,
        ),
        off(
            "sizes/twice-the-bytes",
            "Two elements of F16 in eight bytes.",
            "sizes/halves-in-pair",
            "F16",
            &[2],
            8,
        ),
        off(
            "sizes/half-the-bytes",
            "Two elements of F32 in four bytes.",
            "sizes/floats-in-pair",
            "F32",
            &[2],
            4,
        ),
        off(
            "sizes/part-of-element",
            "One element of F32 in three bytes.",
            "sizes/float-alone",
            "F32",
            &[1],
            3,
        ),
        off("sizes/no-bytes", "Four elements of U8 in no bytes.", ONE, "U8", &[4], 0),
        off("sizes/scalar-without-bytes", "A scalar of F32 in no bytes.", scalar, "F32", &[], 0),
        off(
            "sizes/scalar-of-two-elements",
            "A scalar of F32 in eight bytes.",
            scalar,
            "F32",
            &[],
            8,
        ),
        off(
            "sizes/zero-size-with-bytes",
            "A tensor without elements has four bytes.",
            none,
            "U8",
            &[0],
            4,
        ),
        off(
            "sizes/sum-for-product",
            "The dimensions 2 and 3 in five bytes.",
            "shapes/matrix",
            "U8",
            &[2, 3],
            5,
        ),
        off(
            "sizes/complex-as-one-float",
            "One element of C64 in four bytes.",
            "sizes/complex-alone",
            "C64",
            &[1],
            4,
        )
        .since(Version::V1_3),
        off(
            "sizes/size-right-in-low-half",
            "2^32 + 4 elements in four bytes: right in 32 bits.",
            ONE,
            "U8",
            &[(1 << 32) + 4],
            4,
        )
        .also([Rd6]),
        off(
            "sizes/product-right-in-low-half",
            "Dimensions whose product is 2^34, in no bytes: right in 32 bits.",
            none,
            "U8",
            &[1 << 16, 1 << 16, 4],
            0,
        )
        .also([Rd6]),
        off("sizes/most-bytes", "2^61 - 1 elements in four bytes.", ONE, "U8", &[(1 << 61) - 1], 4)
            .also([Rd6]),
        rejects(
            "sizes/border-moved",
            "Of two tensors, the second begins one byte early and the first ends there.",
            Size3,
            "layout/two-tensors",
            Draft::of([u8s("w", &[4]).at(0, 3), u8s("b", &[2]).at(3, 6)]),
        ),
        rejects(
            "sizes/four-bits-counted-as-bytes",
            "Two elements of F4 in two bytes.",
            Size3,
            "sizes/four-bits-even",
            Draft::of([Tensor::new("w", "F4", &[2], &[0x21, 0x43])]),
        )
        .since(Version::V1_2),
        rejects(
            "sizes/six-bits-counted-as-bytes",
            "Four elements of F6_E3M2 in four bytes.",
            Size3,
            "sizes/six-bits-by-four",
            Draft::of([Tensor::new("w", "F6_E3M2", &[4], &[1, 2, 3, 4])]),
        )
        .since(Version::V1_2),
        rejects(
            "sizes/second-too-large",
            "Of two tensors, the second has an element more than bytes.",
            Size3,
            "layout/two-tensors",
            two().swap("[2]", "[3]"),
        )
        .also([Lay1]),
    ]
}
