//! Where the header and the tensors stand in the file; a reader accepts any place.

use super::{tensor, u8s};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts};
use spec::RuleId::{Aln1, Aln2, Pad1};

pub(super) fn recipes() -> Vec<Recipe> {
    let floats = || tensor("w", "F32", &[2], 8);
    vec![
        accepts(
            "alignment/header-length-odd",
            "N is odd, and so is the place of every F32.",
            [Aln1, Aln2],
            Draft::of([floats()]).no_padding().ending(" "),
        ),
        accepts(
            "alignment/header-length-multiple-of-four",
            "N is a multiple of 4 and not of 8.",
            [Aln1],
            Draft::of([tensor("w", "F64", &[1], 8)]).ending(" ".repeat(6)).no_padding(),
        ),
        accepts(
            "alignment/data-on-page-boundary",
            "The header is padded until the data buffer begins at byte 4096.",
            [Aln1, Pad1],
            Draft::of([floats()]).ending(" ".repeat(4034)),
        ),
        accepts(
            "alignment/wide-after-narrow",
            "A tensor of one byte stands before one of F64, which so begins at an odd place.",
            [Aln2],
            Draft::of([u8s("w", &[1]), tensor("b", "F64", &[2], 16)]),
        ),
        accepts(
            "alignment/wide-before-narrow",
            "Tensors of F64, F32, F16 and U8, each at a multiple of its width.",
            [Aln2],
            Draft::of([
                tensor("z", "F64", &[1], 8),
                tensor("y", "F32", &[1], 4),
                tensor("x", "F16", &[1], 2),
                tensor("w", "U8", &[1], 1),
            ]),
        ),
    ]
}
