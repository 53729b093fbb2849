//! The length field, and whether the header lies in the file.

use super::one;
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::MAX_HEADER_LEN;
use spec::RuleId::{Json1, Lay5, Len1, Len2, Len3, Pad1, Txt1};

const EMPTY: &str = "framing/no-tensors";

pub(super) fn recipes() -> Vec<Recipe> {
    [too_short(), length_field(), other_formats()].into_iter().flatten().collect()
}

fn empty() -> Draft {
    Draft::default()
}

fn too_short() -> Vec<Recipe> {
    vec![
        accepts(EMPTY, "An empty object, padded, and no data buffer.", [Len1, Len2, Len3], empty()),
        accepts(
            "framing/smallest-file",
            "An empty object without padding: ten bytes, the least that a valid file has.",
            [Len1, Len3],
            empty().no_padding(),
        ),
        rejects("framing/no-bytes", "A file without a byte.", Len1, EMPTY, empty().cut_to(0)),
        rejects("framing/one-byte", "The first byte of a file.", Len1, EMPTY, empty().cut_to(1)),
        rejects(
            "framing/length-field-cut",
            "The length field without its last byte.",
            Len1,
            EMPTY,
            empty().cut_to(7),
        ),
        rejects(
            "framing/length-field-alone",
            "A length field of 8, and no header behind it.",
            Len3,
            EMPTY,
            empty().cut_to(8),
        ),
        rejects(
            "framing/header-cut",
            "The file ends in the middle of its header text.",
            Len3,
            "layout/one-tensor",
            one().cut_to(40),
        ),
        rejects(
            "framing/last-header-byte-missing",
            "The file ends one byte before its header text does.",
            Len3,
            EMPTY,
            empty().cut_to(15),
        ),
        rejects(
            "framing/padding-outside-header",
            "The spaces that pad the header stand behind N, in the data buffer.",
            Lay5,
            "framing/smallest-file",
            empty().no_padding().append(b"      "),
        )
        .also([Pad1]),
    ]
}

/// A row about a length field that has this value, in an otherwise valid file without tensors.
fn declares(id: &str, summary: &str, rule: spec::RuleId, header_len: u64) -> Recipe {
    rejects(id, summary, rule, EMPTY, empty().declare(header_len))
}

fn length_field() -> Vec<Recipe> {
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
            "framing/header-length-inside-object",
            "N ends before the object does.",
            Json1,
            "layout/one-tensor",
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
            "layout/one-tensor",
            one().declare(64),
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
        declares("framing/header-length-two-to-the-31", "N is 2^31.", Len2, 1 << 31),
        declares(
            "framing/header-length-low-half-right",
            "The low 32 bits of N are right, and bit 32 is set.",
            Len2,
            (1 << 32) + 8,
        ),
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
            "framing/header-length-sign-bit",
            "N is right but for its highest bit, so that it is negative as a signed integer.",
            Len2,
            (1 << 63) + 8,
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
        declares(
            "framing/header-length-big-endian",
            "N is written with its most significant byte first.",
            Len2,
            8_u64.swap_bytes(),
        ),
    ]
}

fn other_formats() -> Vec<Recipe> {
    vec![
        rejects(
            "framing/length-field-of-four-bytes",
            "The header text starts after a length field of four bytes.",
            Len2,
            EMPTY,
            Draft::raw(b"\x08\0\0\0{}      "),
        ),
        rejects(
            "framing/no-length-field",
            "The object stands at the start of the file.",
            Len2,
            EMPTY,
            Draft::raw(b"{}      "),
        ),
        rejects(
            "framing/pointer-of-large-file-storage",
            "A pointer that stands for a large file in a checkout, instead of the file.",
            Len2,
            EMPTY,
            Draft::raw(
                "version https://git-lfs.github.com/spec/v1\n\
                 oid sha256:0000000000000000000000000000000000000000000000000000000000000000\n\
                 size 16\n",
            ),
        ),
        rejects(
            "framing/web-page",
            "A page of markup that a failed download left behind.",
            Len2,
            EMPTY,
            Draft::raw("<!DOCTYPE html><html><head><title>404</title></head></html>\n"),
        ),
        rejects(
            "framing/archive",
            "An empty ZIP archive.",
            Len2,
            EMPTY,
            Draft::raw(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ),
        rejects(
            "framing/zeros",
            "A file of zero bytes, as an interrupted copy leaves it.",
            Txt1,
            EMPTY,
            Draft::raw([0; 64]),
        ),
    ]
}
