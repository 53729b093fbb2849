//! Products at the edges of 32, 53, 63 and 64 bits, and the most elements of each width, beside a 0.
//!
//! Only a dimension of 0 lets a small file have them. They fit, or overflow but for that 0; what
//! overflows without one is in `overflow`.

use super::zeros::{ZERO, absorbs, fits};
use crate::recipe::Recipe;
use spec::Version;

/// Two dimensions and what they come to: what the id calls it, what the summary calls it, the dtype,
/// and the dimensions.
static FITTING: &[(&str, &str, &str, [u64; 2])] = &[
    ("bytes-below-two-to-the-32", "2^32 - 1 bytes", "U8", [(1 << 16) - 1, (1 << 16) + 1]),
    ("bytes-at-two-to-the-32", "2^32 bytes", "U8", [1 << 16, 1 << 16]),
    ("bytes-below-two-to-the-53", "2^53 - 1 bytes", "U8", [441_650_591, 20_394_401]),
    ("bytes-at-two-to-the-53", "2^53 bytes", "U8", [1 << 26, 1 << 27]),
    ("bits-below-two-to-the-32", "2^32 - 8 bits", "U8", [233, 2_304_167]),
    ("bits-at-two-to-the-32", "2^32 bits", "U8", [1 << 14, 1 << 15]),
    ("bits-below-two-to-the-53", "2^53 - 8 bits", "U8", [(1 << 25) - 1, (1 << 25) + 1]),
    ("bits-at-two-to-the-53", "2^53 bits", "U8", [1 << 25, 1 << 25]),
    ("bits-below-two-to-the-63", "2^63 - 8 bits", "U8", [(1 << 30) - 1, (1 << 30) + 1]),
    ("bits-at-two-to-the-63", "2^63 bits", "U8", [1 << 30, 1 << 30]),
    ("bits-below-two-to-the-64", "2^64 - 16 bits", "U16", [(1 << 30) - 1, (1 << 30) + 1]),
];

/// The same for products of 2^64 bits and more.
static OVERFLOWING: &[(&str, &str, &str, [u64; 2])] = &[
    ("bits-at-two-to-the-64", "2^64 bits", "U16", [1 << 30, 1 << 30]),
    ("bytes-below-two-to-the-63", "2^63 - 1 bytes", "U8", [153_092_023, 60_247_241_209]),
    ("bytes-at-two-to-the-63", "2^63 bytes", "U8", [1 << 31, 1 << 32]),
    ("bytes-below-two-to-the-64", "2^64 - 1 bytes", "U8", [(1 << 32) - 1, (1 << 32) + 1]),
];

/// A 0 before two dimensions.
pub(super) fn products() -> Vec<Recipe> {
    let summary = |text: &str| format!("A dimension of 0 before two that come to {text}.");
    let id = |what: &str| format!("sizes/zero-times-{what}");
    let fitting = FITTING
        .iter()
        .map(|(what, text, dtype, [a, b])| fits(&id(what), &summary(text), dtype, &[0, *a, *b]));
    let overflowing = OVERFLOWING.iter().map(|(what, text, dtype, [a, b])| {
        let twin =
            if *dtype == "U16" { "bits-below-two-to-the-64" } else { "bits-at-two-to-the-63" };
        absorbs(&id(what), &summary(text), dtype, &[0, *a, *b], &id(twin))
    });
    fitting.chain(overflowing).collect()
}

/// The most elements of a width: what the id calls the width, the dtype, its version, and how many.
static MOST: &[(&str, &str, Version, u64)] = &[
    ("four-bits", "F4", Version::V1_2, (1 << 62) - 1),
    ("six-bits", "F6_E3M2", Version::V1_2, 3_074_457_345_618_258_602),
    ("two-bytes", "U16", Version::V1_0, (1 << 60) - 1),
    ("four-bytes", "F32", Version::V1_0, (1 << 59) - 1),
    ("eight-bytes", "F64", Version::V1_0, (1 << 58) - 1),
];

/// A 0 before and after the most elements of a width, and one more than these.
pub(super) fn widths() -> Vec<Recipe> {
    // A 0 before the most of four bits and of eight bytes is in `zeros`.
    let before = MOST.iter().filter(|(width, ..)| !matches!(*width, "four-bits" | "eight-bytes"));
    let before = before.flat_map(|(width, dtype, since, most)| {
        let ids =
            [format!("zero-times-most-of-{width}"), format!("zero-times-too-many-of-{width}")];
        around(&ids, "before", dtype, *since, [&[0, *most], &[0, most + 1]])
    });
    let after = MOST.iter().flat_map(|(width, dtype, since, most)| {
        let ids =
            [format!("most-of-{width}-times-zero"), format!("too-many-of-{width}-times-zero")];
        around(&ids, "after", dtype, *since, [&[*most, 0], &[most + 1, 0]])
    });
    before.chain(after).collect()
}

/// A shape that just fits, and one that just does not.
fn around(
    ids: &[String; 2],
    side: &str,
    dtype: &str,
    since: Version,
    [most, too_many]: [&[u64]; 2],
) -> [Recipe; 2] {
    let [fitting, overflowing] = ids.each_ref().map(|id| format!("sizes/{id}"));
    let summary = format!("A dimension of 0 {side} the most elements of {dtype}.");
    let fits = fits(&fitting, &summary, dtype, most).since(since);
    let summary = format!("A dimension of 0 {side} one element of {dtype} too many.");
    let absorbs = absorbs(&overflowing, &summary, dtype, too_many, &fitting).since(since);
    [if since == Version::V1_0 { fits } else { fits.twin(ZERO) }, absorbs]
}
