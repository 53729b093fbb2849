//! Sizes of 64 bits and more, and what they wrap to.

use super::ONE;
use crate::draft::Draft;
use crate::recipe::{Recipe, rejects};
use crate::recipes::tensor;
use spec::RuleId::{Rd6, Size1};
use spec::Version;

/// A tensor whose size overflows, and so seems to fit the few bytes of its twin.
fn overflows(id: &str, summary: &str, twin: &str, dtype: &str, shape: &[u64], len: u64) -> Recipe {
    rejects(id, summary, Size1, twin, Draft::of([tensor("w", dtype, shape, len)])).also([Rd6])
}

pub(super) fn overflow() -> Vec<Recipe> {
    let none = |id: &str, summary: &str, shape: &[u64]| {
        overflows(id, summary, "dtypes/u8-zero-size", "U8", shape, 0)
    };
    vec![
        none("sizes/one-too-many", "One element of U8 too many.", &[1 << 61]),
        overflows(
            "sizes/one-too-many-of-two-bytes",
            "One element of F16 too many.",
            "dtypes/f16-zero-size",
            "F16",
            &[1 << 60],
            0,
        ),
        overflows(
            "sizes/one-too-many-of-four-bytes",
            "One element of F32 too many.",
            "dtypes/f32-zero-size",
            "F32",
            &[1 << 59],
            0,
        ),
        overflows(
            "sizes/bytes-of-floats-wrap-to-zero",
            "2^62 elements of F32, whose bytes wrap to 0.",
            "dtypes/f32-zero-size",
            "F32",
            &[1 << 62],
            0,
        ),
        overflows(
            "sizes/one-too-many-of-eight-bytes",
            "One element of F64 too many.",
            "dtypes/f64-zero-size",
            "F64",
            &[1 << 58],
            0,
        ),
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
        overflows(
            "sizes/product-wraps-to-four",
            "Dimensions of 4 and 2^62 + 1, whose product wraps to the four bytes that are there.",
            ONE,
            "U8",
            &[4, (1 << 62) + 1],
            4,
        ),
        overflows(
            "sizes/factors-wrap-to-one",
            "Two dimensions whose product is 2^64 + 1, which wraps to the one byte that is there.",
            "shapes/one-element",
            "U8",
            &[274_177, 67_280_421_310_721],
            1,
        ),
        overflows(
            "sizes/factors-wrap-to-one-of-four-bytes",
            "Two dimensions whose product is 2^64 + 1, of F32, in the four bytes of one element.",
            "sizes/float-alone",
            "F32",
            &[67_280_421_310_721, 274_177],
            4,
        ),
        none(
            "sizes/product-negative-as-signed",
            "Dimensions of 2^31 and 2^32, whose product is negative as a signed integer.",
            &[1 << 31, 1 << 32],
        ),
        overflows(
            "sizes/dimensions-negative-as-signed",
            "Two dimensions of 2^64 - 2, as signed integers -2 times -2, in four bytes.",
            ONE,
            "U8",
            &[u64::MAX - 1, u64::MAX - 1],
            4,
        ),
    ]
}

/// A dtype, and a file of it that a size of 64 bits could be taken for.
struct Wrap {
    /// What the ids call the width.
    width: &'static str,
    dtype: &'static str,
    since: Version,
    /// The number of elements whose bits come to 2^64.
    around: u64,
    /// The elements of the valid file, and their bytes.
    count: u64,
    len: u64,
    twin: &'static str,
}

static WRAPS: &[Wrap] = &[
    Wrap {
        width: "four-bits",
        dtype: "F4",
        since: Version::V1_2,
        around: 1 << 62,
        count: 2,
        len: 1,
        twin: "sizes/four-bits-even",
    },
    Wrap {
        width: "two-bytes",
        dtype: "F16",
        since: Version::V1_0,
        around: 1 << 60,
        count: 2,
        len: 4,
        twin: "sizes/halves-in-pair",
    },
    Wrap {
        width: "four-bytes",
        dtype: "F32",
        since: Version::V1_0,
        around: 1 << 59,
        count: 1,
        len: 4,
        twin: "sizes/float-alone",
    },
    Wrap {
        width: "eight-bytes",
        dtype: "F64",
        since: Version::V1_0,
        around: 1 << 58,
        count: 1,
        len: 8,
        twin: "sizes/double-alone",
    },
];

/// Sizes of each width that wrap to the bytes that are there.
pub(super) fn wrapping() -> Vec<Recipe> {
    let row = |wrap: &Wrap| {
        let id = format!("sizes/bits-of-{}-wrap-to-data", wrap.width);
        let summary =
            format!("Elements of {} whose bits wrap to the bytes that are there.", wrap.dtype);
        let shape = [wrap.around + wrap.count];
        overflows(&id, &summary, wrap.twin, wrap.dtype, &shape, wrap.len).since(wrap.since)
    };
    WRAPS.iter().map(row).collect()
}
