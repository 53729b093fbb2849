//! Tensors without elements whose other dimensions are large: they fit, or overflow but for a 0.

use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::tensor;
use spec::Leniency::ZeroAbsorbsOverflow;
use spec::RuleId::{Lim1, Rd6, Shp2, Size1};
use spec::Version;

pub(super) const ZERO: &str = "sizes/zero-times-most";

fn zero_size(dtype: &str, shape: &[u64]) -> Draft {
    Draft::of([tensor("z", dtype, shape, 0)])
}

/// A product that fits, beside a dimension of 0.
pub(super) fn fits(id: &str, summary: &str, dtype: &str, shape: &[u64]) -> Recipe {
    accepts(id, summary, [Size1, Shp2, Lim1], zero_size(dtype, shape))
}

pub(super) fn zeros_that_fit() -> Vec<Recipe> {
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
            "sizes/most-times-zero-times-one",
            "The most bytes that a tensor may have, and dimensions of 0 and 1 behind them.",
            "U8",
            &[(1 << 61) - 1, 0, 1],
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
pub(super) fn absorbs(id: &str, summary: &str, dtype: &str, shape: &[u64], twin: &str) -> Recipe {
    rejects(id, summary, Size1, twin, zero_size(dtype, shape))
        .also([Rd6])
        .forgiven(ZeroAbsorbsOverflow)
}

pub(super) fn absorbed() -> Vec<Recipe> {
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
            "sizes/too-many-times-zero-times-one",
            "One element of U8 too many, and dimensions of 0 and 1 behind it.",
            "U8",
            &[1 << 61, 0, 1],
            "sizes/most-times-zero-times-one",
        ),
        absorbs(
            "sizes/zero-times-greatest",
            "A dimension of 0 before one of 2^64 - 1.",
            "U8",
            &[0, most],
            ZERO,
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

/// Dimensions at the edge of signed integers: what the id calls it, what the summary calls it, and
/// the dimension.
static AT_THE_SIGN: &[(&str, &str, u64)] = &[
    ("two-to-the-63-less-one", "2^63 - 1", (1 << 63) - 1),
    ("two-to-the-63", "2^63", 1 << 63),
    ("two-to-the-63-and-one", "2^63 + 1", (1 << 63) + 1),
];

/// Each such dimension after a 0, before it, and around it with a third.
pub(super) fn absorbed_at_the_sign() -> Vec<Recipe> {
    let orders = |(name, text, dimension): &(&str, &str, u64)| {
        let dimension = *dimension;
        [
            absorbs(
                &format!("sizes/zero-times-{name}"),
                &format!("A dimension of 0 before one of {text}."),
                "U8",
                &[0, dimension],
                ZERO,
            ),
            absorbs(
                &format!("sizes/{name}-times-zero"),
                &format!("A dimension of {text} before one of 0."),
                "U8",
                &[dimension, 0],
                "sizes/most-times-zero",
            ),
            absorbs(
                &format!("sizes/{name}-times-zero-times-one"),
                &format!("A dimension of {text} before one of 0 and one of 1."),
                "U8",
                &[dimension, 0, 1],
                "sizes/most-times-zero-times-one",
            ),
        ]
    };
    AT_THE_SIGN.iter().flat_map(orders).collect()
}
