//! Values of the length field that the file does not bear out, or that no file may have.

use super::{EMPTY, ONE, empty, one};
use crate::recipe::{Recipe, rejects};
use spec::MAX_HEADER_LEN;
use spec::RuleId::{Json1, Lay5, Len2, Len3, Txt1, Txt2};

pub(super) fn recipes() -> Vec<Recipe> {
    [around_zero(), around_the_end(), bounds(), words(), swapped()].into_iter().flatten().collect()
}

/// A row about a length field that has this value, in an otherwise valid file without tensors.
fn declares(id: &str, summary: &str, rule: spec::RuleId, header_len: u64) -> Recipe {
    rejects(id, summary, rule, EMPTY, empty().declare(header_len))
}

fn around_zero() -> Vec<Recipe> {
    vec![
        rejects(
            "framing/header-length-zero",
            "A length field of 0, and nothing behind it.",
            Txt1,
            EMPTY,
            empty().object("").no_padding(),
        ),
        declares(
            "framing/header-length-zero-before-object",
            "A length field of 0 in front of an object, which so stands in the data buffer.",
            Txt1,
            0,
        ),
        rejects(
            "framing/header-length-one-in-matching-file",
            "N is 1, and the only byte behind it is an opening brace.",
            Json1,
            "framing/smallest-file",
            empty().object("{").no_padding(),
        ),
        rejects(
            "framing/header-length-one-before-closing-brace",
            "N is 1, between the two braces of an empty object.",
            Json1,
            "framing/smallest-file",
            empty().no_padding().declare(1),
        ),
        rejects(
            "framing/header-length-one-alone",
            "A length field of 1, and nothing behind it.",
            Len3,
            "framing/smallest-file",
            empty().no_padding().declare(1).cut_to(8),
        ),
        rejects(
            "framing/header-length-two-of-three",
            "N is 2, the length of the object, and one space stands behind it.",
            Lay5,
            "framing/smallest-file",
            empty().no_padding().append(b" "),
        ),
        rejects(
            "framing/header-length-two-cut",
            "N is 2, and the file ends after one byte of the object.",
            Len3,
            "framing/smallest-file",
            empty().no_padding().cut_to(9),
        ),
        rejects(
            "framing/header-length-two-alone",
            "A length field of 2, and nothing behind it.",
            Len3,
            "framing/smallest-file",
            empty().no_padding().cut_to(8),
        ),
    ]
}

fn around_the_end() -> Vec<Recipe> {
    vec![
        rejects(
            "framing/header-length-inside-object",
            "N ends before the object does.",
            Json1,
            ONE,
            one().declare(48),
        )
        .also([Len3]),
        declares(
            "framing/header-length-one-past-end",
            "N is one more than the number of bytes that follow.",
            Len3,
            9,
        ),
        declares(
            "framing/header-length-counts-itself",
            "N counts the eight bytes of the length field as well.",
            Len3,
            16,
        ),
        rejects(
            "framing/header-length-past-data",
            "N is more than the header text and the data buffer together.",
            Len3,
            ONE,
            one().declare(64),
        ),
        declares(
            "framing/header-length-one-before-end",
            "N is one less than the number of bytes that follow, and the last of them is a space.",
            Lay5,
            7,
        ),
        rejects(
            "framing/header-length-one-before-object-end",
            "N ends before the last brace of the object.",
            Json1,
            ONE,
            one().declare(52),
        )
        .also([Len3]),
        rejects(
            "framing/header-length-one-before-end-of-data",
            "N ends before the last byte of the data buffer, whose bytes are no UTF-8.",
            Txt2,
            ONE,
            one().declare(59),
        )
        .also([Len3]),
        rejects(
            "framing/header-length-over-data",
            "N counts the data buffer as well, whose bytes are no UTF-8.",
            Txt2,
            ONE,
            one().declare(60),
        )
        .also([Len3]),
        rejects(
            "framing/header-length-one-past-end-of-data",
            "N is one more than header text and data buffer together.",
            Len3,
            ONE,
            one().declare(61),
        ),
    ]
}

/// Around what the rules and the limits name, and a bound that somebody may take for theirs.
fn bounds() -> Vec<Recipe> {
    vec![
        declares(
            "framing/header-length-at-portable-floor-in-short-file",
            "N is 25,000,000, in a file of a few bytes.",
            Len3,
            25_000_000,
        ),
        declares(
            "framing/header-length-at-maximum-in-short-file",
            "N is the greatest that is allowed, in a file of a few bytes.",
            Len3,
            MAX_HEADER_LEN,
        )
        .also([Len2]),
        declares(
            "framing/header-length-over-maximum-in-short-file",
            "N is one more than the greatest that is allowed, in a file of a few bytes.",
            Len2,
            MAX_HEADER_LEN + 1,
        ),
        declares(
            "framing/header-length-of-hundred-binary-megabytes",
            "N is 104,857,600, a hundred times 2^20.",
            Len2,
            100 << 20,
        ),
    ]
}

/// Around the bounds of machine words, where a conversion changes the value.
fn words() -> Vec<Recipe> {
    vec![
        declares(
            "framing/header-length-two-to-the-31-less-one",
            "N is 2^31 - 1, the greatest signed 32-bit integer.",
            Len2,
            (1 << 31) - 1,
        ),
        declares("framing/header-length-two-to-the-31", "N is 2^31.", Len2, 1 << 31),
        declares(
            "framing/header-length-two-to-the-31-and-one",
            "N is 2^31 + 1.",
            Len2,
            (1 << 31) + 1,
        ),
        declares(
            "framing/header-length-right-below-bit-31",
            "N is right but for bit 31, the sign of a 32-bit integer.",
            Len2,
            (1 << 31) + 8,
        ),
        declares(
            "framing/header-length-two-to-the-32-less-one",
            "N is 2^32 - 1, which is -1 as a signed 32-bit integer.",
            Len2,
            (1 << 32) - 1,
        ),
        declares(
            "framing/header-length-two-to-the-32",
            "N is 2^32, which is 0 in its low 32 bits.",
            Len2,
            1 << 32,
        ),
        declares(
            "framing/header-length-low-half-right",
            "The low 32 bits of N are right, and bit 32 is set.",
            Len2,
            (1 << 32) + 8,
        ),
        rejects(
            "framing/header-length-low-half-right-without-padding",
            "The low 32 bits of N are 2, the length of the object, and bit 32 is set.",
            Len2,
            "framing/smallest-file",
            empty().no_padding().declare((1 << 32) + 2),
        ),
        rejects(
            "framing/header-length-low-half-right-before-tensor",
            "The low 32 bits of N are right, bit 32 is set, and a tensor follows.",
            Len2,
            ONE,
            one().declare((1 << 32) + 56),
        ),
        declares(
            "framing/header-length-two-to-the-53-less-one",
            "N is 2^53 - 1, up to which a double holds every integer.",
            Len2,
            (1 << 53) - 1,
        ),
        declares("framing/header-length-two-to-the-53", "N is 2^53.", Len2, 1 << 53),
        declares(
            "framing/header-length-rounds-in-a-double",
            "N is 2^53 + 1, which a double cannot hold.",
            Len2,
            (1 << 53) + 1,
        ),
        declares(
            "framing/header-length-greatest-signed",
            "N is 2^63 - 1, the greatest signed 64-bit integer.",
            Len2,
            (1 << 63) - 1,
        ),
        declares(
            "framing/header-length-two-to-the-63",
            "N is 2^63, the least signed 64-bit integer.",
            Len2,
            1 << 63,
        ),
        declares(
            "framing/header-length-sign-bit",
            "N is right but for its highest bit, so that it is negative as a signed integer.",
            Len2,
            (1 << 63) + 8,
        ),
        rejects(
            "framing/header-length-sign-bit-before-tensor",
            "N is right but for its highest bit, and a tensor follows.",
            Len2,
            ONE,
            one().declare((1 << 63) + 56),
        ),
        declares(
            "framing/header-length-all-bits",
            "N is 2^64 - 1, which is -1 as a signed integer.",
            Len2,
            u64::MAX,
        ),
        declares(
            "framing/header-length-wraps-to-file-start",
            "N is 2^64 - 8, so that 8 + N wraps to 0.",
            Len2,
            u64::MAX - 7,
        ),
        declares(
            "framing/header-length-wraps-to-file-length",
            "N is 2^64 + 8 - 16 of a file of 16 bytes, so that 16 + N wraps into the file.",
            Len2,
            u64::MAX - 15,
        ),
    ]
}

fn swapped() -> Vec<Recipe> {
    vec![
        declares(
            "framing/header-length-big-endian",
            "N is written with its most significant byte first.",
            Len2,
            8_u64.swap_bytes(),
        ),
        rejects(
            "framing/header-length-big-endian-before-tensor",
            "N is written with its most significant byte first, and a tensor follows.",
            Len2,
            ONE,
            one().declare(56_u64.swap_bytes()),
        ),
        declares(
            "framing/header-length-halves-swapped",
            "The two halves of N, of 32 bits each, stand in the wrong order.",
            Len2,
            8_u64.rotate_left(32),
        ),
        declares(
            "framing/header-length-bytes-of-halves-swapped",
            "N is right, but the bytes of each of its 32-bit halves are reversed.",
            Len2,
            8_u64.swap_bytes().rotate_left(32),
        ),
        declares(
            "framing/header-length-bytes-of-pairs-swapped",
            "N is right, but the two bytes of each pair are swapped, which makes it 2,048.",
            Len3,
            8 << 8,
        ),
    ]
}
