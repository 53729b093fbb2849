//! Shape and dtype against the offsets: what goes together, and what does not.

use super::ONE;
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::{tensor, two, u8s};
use spec::RuleId::{Lay1, Rd6, Size3};
use spec::Version;

/// A tensor of a shape that does not go with its bytes.
fn off(id: &str, summary: &str, twin: &str, dtype: &str, shape: &[u64], len: u64) -> Recipe {
    rejects(id, summary, Size3, twin, Draft::of([tensor("w", dtype, shape, len)]))
}

pub(super) fn agreement() -> Vec<Recipe> {
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

pub(super) fn disagreement() -> Vec<Recipe> {
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
        off(
            "sizes/bits-right-in-low-half",
            "2^29 + 4 elements of U8 in four bytes: in bits, right in 32 bits.",
            ONE,
            "U8",
            &[(1 << 29) + 4],
            4,
        )
        .also([Rd6]),
        off(
            "sizes/bytes-right-in-low-half",
            "2^30 + 1 elements of F32 in four bytes: in bytes, right in 32 bits.",
            "sizes/float-alone",
            "F32",
            &[(1 << 30) + 1],
            4,
        )
        .also([Rd6]),
        off(
            "sizes/factors-right-in-low-half",
            "Dimensions of 4 and 2^30 + 1 in four bytes: their product is right in 32 bits.",
            ONE,
            "U8",
            &[4, (1 << 30) + 1],
            4,
        )
        .also([Rd6]),
        off(
            "sizes/dimension-right-in-low-half",
            "Dimensions of 2^32 + 2 and 2 in four bytes: each is right in 32 bits.",
            ONE,
            "U8",
            &[(1 << 32) + 2, 2],
            4,
        )
        .also([Rd6]),
        off(
            "sizes/bits-negative-as-signed",
            "2^60 elements of U8 in no bytes: 2^63 bits, negative as a signed integer.",
            none,
            "U8",
            &[1 << 60],
            0,
        )
        .also([Rd6]),
        off(
            "sizes/size-right-in-sixteen-bits",
            "2^16 + 4 elements in four bytes: right in 16 bits.",
            ONE,
            "U8",
            &[(1 << 16) + 4],
            4,
        )
        .also([Rd6]),
        off(
            "sizes/matrix-in-few-bytes",
            "A matrix of 1,000 by 1,000 elements of F32 in four bytes.",
            "sizes/float-alone",
            "F32",
            &[1000, 1000],
            4,
        ),
        off(
            "sizes/many-bytes-for-few-elements",
            "Two elements of F32 in 1,024 bytes.",
            "sizes/floats-in-pair",
            "F32",
            &[2],
            1024,
        ),
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
        rejects(
            "sizes/four-bits-rows-filled",
            "Two rows of three F4, each row in two bytes.",
            Size3,
            "values/four-bits-across-rows",
            Draft::of([tensor("w", "F4", &[2, 3], 4)]),
        )
        .since(Version::V1_2),
        rejects(
            "sizes/six-bits-rows-filled",
            "Two rows of two F6_E3M2, each row in two bytes.",
            Size3,
            "values/six-bits-across-rows",
            Draft::of([tensor("w", "F6_E3M2", &[2, 2], 4)]),
        )
        .since(Version::V1_2),
    ]
}

/// A valid file, to be missed by the fewest elements that fill whole bytes.
struct Fit {
    /// What the ids call the width.
    width: &'static str,
    dtype: &'static str,
    since: Version,
    count: u64,
    len: u64,
    /// The bytes of those fewest elements: one, but two of F4 and four of F6.
    step: u64,
    twin: &'static str,
}

/// A few elements of each width but eight bits, which have rows of their own.
static FITS: &[Fit] = &[
    Fit {
        width: "four-bits",
        dtype: "F4",
        since: Version::V1_2,
        count: 8,
        len: 4,
        step: 1,
        twin: "sizes/four-bits-by-eight",
    },
    Fit {
        width: "six-bits",
        dtype: "F6_E2M3",
        since: Version::V1_2,
        count: 8,
        len: 6,
        step: 3,
        twin: "dtypes/f6-e2m3-row",
    },
    Fit {
        width: "two-bytes",
        dtype: "BF16",
        since: Version::V1_0,
        count: 8,
        len: 16,
        step: 2,
        twin: "dtypes/bf16-row",
    },
    Fit {
        width: "four-bytes",
        dtype: "I32",
        since: Version::V1_0,
        count: 8,
        len: 32,
        step: 4,
        twin: "dtypes/i32-row",
    },
    Fit {
        width: "eight-bytes",
        dtype: "I64",
        since: Version::V1_0,
        count: 8,
        len: 64,
        step: 8,
        twin: "dtypes/i64-row",
    },
    Fit {
        width: "complex",
        dtype: "C64",
        since: Version::V1_3,
        count: 8,
        len: 64,
        step: 8,
        twin: "dtypes/c64-row",
    },
];

/// Each of these in fewer bytes, and in more.
pub(super) fn off_by_a_little() -> Vec<Recipe> {
    FITS.iter().flat_map(off_around).collect()
}

fn off_around(fit: &Fit) -> [Recipe; 2] {
    let row = |what: &str, len: u64| {
        let id = format!("sizes/{}-in-{what}-bytes", fit.width);
        let summary = format!("{} elements of {} in {len} bytes.", fit.count, fit.dtype);
        off(&id, &summary, fit.twin, fit.dtype, &[fit.count], len).since(fit.since)
    };
    [row("fewer", fit.len - fit.step), row("more", fit.len + fit.step)]
}
