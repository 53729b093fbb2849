//! Bytes that are not as many as shape and dtype say, in whatever arithmetic.

use super::{Making, given, made, made_up, refuses};
use spec::Dtype;
use spec::RuleId::{Size1, Size2, Wr1, Wr4};

pub(super) fn tasks() -> Vec<Making> {
    let mut tasks = short_or_long();
    tasks.extend(beyond_words());
    tasks.extend(parts_of_bytes());
    tasks
}

fn short_or_long() -> Vec<Making> {
    let u8s = |count| made_up(Dtype::U8, count);
    let case = |id: &str, summary: &str, twin: &str, dtype: &str, shape: &[u64], bytes: Vec<u8>| {
        refuses(id, summary, (Wr4, []), twin, [given("w", dtype, shape, bytes)])
    };
    vec![
        case(
            "write/bytes-one-short",
            "Four elements of one byte each, and three bytes.",
            "write/one-tensor",
            "U8",
            &[4],
            u8s(3),
        ),
        case(
            "write/bytes-one-more",
            "Four elements of one byte each, and five bytes.",
            "write/one-tensor",
            "U8",
            &[4],
            u8s(5),
        ),
        case(
            "write/bytes-missing",
            "Two elements of two bytes each, and no byte.",
            "write/rank-1",
            "I16",
            &[2],
            u8s(0),
        ),
        case(
            "write/bytes-of-half-the-width",
            "Eight elements of four bytes each, and sixteen bytes.",
            "write/dtype-f32",
            "F32",
            &[2, 4],
            u8s(16),
        ),
        case(
            "write/bytes-of-twice-the-width",
            "Eight elements of four bytes each, and 64 bytes.",
            "write/dtype-f32",
            "F32",
            &[2, 4],
            u8s(64),
        ),
        case(
            "write/bytes-as-many-as-elements",
            "Eight elements of four bytes each, and eight bytes.",
            "write/dtype-f32",
            "F32",
            &[2, 4],
            u8s(8),
        ),
        case(
            "write/bytes-beside-no-element",
            "A shape without elements, and four bytes.",
            "write/zero-size-row",
            "F32",
            &[0],
            u8s(4),
        ),
        case(
            "write/scalar-without-bytes",
            "A scalar, and no byte.",
            "write/scalar",
            "F32",
            &[],
            u8s(0),
        ),
        case(
            "write/scalar-with-bytes-of-two",
            "A scalar of four bytes, and eight bytes.",
            "write/scalar",
            "F32",
            &[],
            u8s(8),
        ),
        refuses(
            "write/bytes-short-in-second",
            "Two tensors, of which the second lacks a byte.",
            (Wr4, []),
            "write/two-tensors",
            [made("w", Dtype::U8, &[4]), given("b", "U8", &[2], u8s(1))],
        ),
        refuses(
            "write/bytes-right-in-sum",
            "Two tensors, of which the first has the byte that the second lacks.",
            (Wr4, []),
            "write/two-tensors",
            [given("w", "U8", &[4], u8s(5)), given("b", "U8", &[2], u8s(1))],
        ),
    ]
}

/// Sizes that are another number in 64 or 32 bits.
fn beyond_words() -> Vec<Making> {
    let four = made_up(Dtype::U8, 4);
    let case = |id: &str, summary: &str, twin: &str, dtype: &str, shape: &[u64], bytes: &[u8]| {
        refuses(id, summary, (Wr4, [Size1]), twin, [given("w", dtype, shape, bytes)])
    };
    vec![
        case(
            "write/elements-beyond-64-bits",
            "2^64 elements of one byte each, which is 0 in 64 bits, and no byte.",
            "write/zero-beside-large-dimensions",
            "U8",
            &[1 << 32, 1 << 32],
            &[],
        ),
        case(
            "write/elements-that-wrap-to-four",
            "2^64 + 4 elements of one byte each, which is 4 in 64 bits, and four bytes.",
            "write/one-tensor",
            "U8",
            &[(1 << 63) + 2, 2],
            &four,
        ),
        case(
            "write/bytes-beyond-64-bits",
            "2^62 elements of four bytes each, which is 0 in 64 bits, and no byte.",
            "write/zero-size-row",
            "F32",
            &[1 << 62],
            &[],
        ),
        case(
            "write/bits-that-wrap-to-four-bytes",
            "2^61 + 4 elements of one byte each, whose bits are those of 4 in 64 bits, and four bytes.",
            "write/one-tensor",
            "U8",
            &[(1 << 61) + 4],
            &four,
        ),
        refuses(
            "write/elements-that-wrap-in-32-bits",
            "2^32 + 4 elements of one byte each, which is 4 in 32 bits, and four bytes.",
            (Wr4, []),
            "write/one-tensor",
            [given("w", "U8", &[4, (1 << 30) + 1], &four)],
        ),
        // No byte is the right number here; it is the file that would be wrong.
        refuses(
            "write/zero-beside-dimensions-beyond-64-bits",
            "A dimension of 0 before two of which the product is 2^64, and no byte.",
            (Wr1, [Size1, Wr4]),
            "write/zero-beside-large-dimensions",
            [given("w", "U8", &[0, 1 << 32, 1 << 32], [])],
        ),
        refuses(
            "write/zero-after-dimensions-beyond-64-bits",
            "A dimension of 0 after two of which the product is 2^64, and no byte.",
            (Wr1, [Size1, Wr4]),
            "write/zero-after-large-dimensions",
            [given("w", "U8", &[1 << 32, 1 << 32, 0], [])],
        ),
    ]
}

/// Bits that fill no whole bytes, so that no number of bytes is the right one.
fn parts_of_bytes() -> Vec<Making> {
    let case = |id: &str, summary: &str, twin: &str, dtype: &str, shape: &[u64], bytes: &[u8]| {
        refuses(id, summary, (Wr4, [Size2]), twin, [given("w", dtype, shape, bytes)])
    };
    vec![
        case(
            "write/f4-odd-row-in-more-bytes",
            "Three F4 elements in two bytes.",
            "write/f4-even-row",
            "F4",
            &[3],
            &[0x21, 0x5f],
        ),
        case(
            "write/f4-odd-row-in-fewer-bytes",
            "Three F4 elements in one byte.",
            "write/f4-pair",
            "F4",
            &[3],
            &[0x21],
        ),
        case("write/f4-scalar", "One F4 element in one byte.", "write/f4-pair", "F4", &[], &[0x21]),
        case(
            "write/f6-three-elements",
            "Three F6_E2M3 elements in three bytes.",
            "write/f6-row",
            "F6_E2M3",
            &[3],
            &[0x81, 0xf8, 0xa9],
        ),
        case(
            "write/f6-five-elements",
            "Five F6_E2M3 elements in three bytes.",
            "write/f6-row",
            "F6_E2M3",
            &[5],
            &[0x81, 0xf8, 0xa9],
        ),
    ]
}
