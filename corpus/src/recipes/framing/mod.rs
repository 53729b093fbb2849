//! The length field, and whether the header lies in the file. Values of the length field that the
//! file does not bear out are in [`length`].

mod length;

use super::{one, u8s};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Lay4, Lay5, Len1, Len2, Len3, Pad1, Txt1};

const EMPTY: &str = "framing/no-tensors";
const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    [too_short(), padding(), length::recipes(), other_formats()].into_iter().flatten().collect()
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
            "framing/length-field-half",
            "The first four bytes of a file.",
            Len1,
            EMPTY,
            empty().cut_to(4),
        ),
        rejects(
            "framing/header-cut-behind-first-byte",
            "The length field and the first byte of the header text: nine bytes.",
            Len3,
            EMPTY,
            empty().cut_to(9),
        ),
    ]
}

fn padding() -> Vec<Recipe> {
    vec![
        rejects(
            "framing/padding-outside-header",
            "The spaces that pad the header stand behind N, in the data buffer.",
            Lay5,
            "framing/smallest-file",
            empty().no_padding().append(b"      "),
        )
        .also([Pad1]),
        accepts(
            "framing/padding-to-no-multiple-of-eight",
            "One space pads the header, to a length that is no multiple of 8.",
            [Pad1, Len3],
            one().after(" ").no_padding(),
        ),
        rejects(
            "framing/padding-partly-outside-header",
            "N counts the first of three spaces that pad the header, and the data buffer begins with \
             the others.",
            Lay5,
            "framing/padding-to-no-multiple-of-eight",
            one().declare(54),
        )
        .also([Pad1]),
        rejects(
            "framing/padding-outside-header-before-tensor",
            "Three spaces stand between the object, which N ends with, and the bytes of the tensor.",
            Lay5,
            "framing/padding-to-no-multiple-of-eight",
            one().no_padding().insert(0, "   "),
        )
        .also([Pad1]),
        rejects(
            "framing/padding-outside-header-counted-in-offsets",
            "Three spaces stand behind N, and the offsets of the tensor begin after them.",
            Lay4,
            "framing/padding-to-no-multiple-of-eight",
            Draft::of([u8s("w", &[4]).at(3, 7)]).no_padding().insert(0, "   "),
        )
        .also([Pad1]),
        rejects(
            "framing/padding-outside-header-after-tensor",
            "Spaces behind the only tensor bring the file to a multiple of eight bytes.",
            Lay5,
            ONE,
            one().append("    "),
        )
        .also([Pad1]),
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
