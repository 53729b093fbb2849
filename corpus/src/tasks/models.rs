//! Which tensors there are, of which shapes, and in which order they are handed over.

use super::{Making, given, made, writes};
use spec::RuleId::{Aln1, Aln2, Lay3, Lay5, Meta5, Shp2, Size2, Wr1, Wr5, Wr13, Wr14};
use spec::{DTYPES, Dtype};

pub(super) fn tasks() -> Vec<Making> {
    let mut tasks = vec![
        writes("write/no-tensors", "No tensor and no metadata.", [Wr1, Lay5, Wr13], []),
        writes(
            "write/no-tensors-and-empty-metadata",
            "No tensor, and metadata without a key.",
            [Wr1, Meta5, Lay5],
            [],
        )
        .metadata([]),
        writes(
            "write/no-tensors-and-metadata",
            "No tensor, and metadata of one pair.",
            [Wr1, Lay5],
            [],
        )
        .metadata([("made by", "hand")]),
        writes(
            "write/one-tensor",
            "One tensor of four bytes and no metadata.",
            [Wr1, Wr5, Wr13],
            [made("w", Dtype::U8, &[4])],
        ),
        writes(
            "write/two-tensors",
            "Two tensors, the first of which has the later name.",
            [Wr1, Wr14],
            [made("w", Dtype::U8, &[4]), made("b", Dtype::U8, &[2])],
        ),
        writes(
            "write/hundred-tensors",
            "A hundred tensors of several dtypes, whose names end in numbers without leading zeros.",
            [Wr14, Wr1],
            (0..100)
                .zip([Dtype::U8, Dtype::F32, Dtype::F16, Dtype::I64].into_iter().cycle())
                .map(|(number, dtype)| made(&format!("layer.{number}"), dtype, &[1 + number % 3])),
        ),
        writes(
            "write/zero-size-row",
            "One tensor of the shape [0].",
            [Shp2, Wr1, Lay5],
            [made("w", Dtype::F32, &[0])],
        ),
        writes(
            "write/zero-size-in-three-dimensions",
            "One tensor of the shape [2, 0, 3].",
            [Shp2, Wr1],
            [made("w", Dtype::F32, &[2, 0, 3])],
        ),
        writes(
            "write/zero-size-of-four-bits",
            "No row of three F4 elements: no bits are whole bytes.",
            [Size2, Shp2],
            [made("w", Dtype::F4, &[0, 3])],
        ),
        writes(
            "write/zero-size-among-others",
            "Zero-size tensors before, between and after others, by order and by name.",
            [Lay3, Shp2, Wr14],
            [
                made("a", Dtype::U8, &[0]),
                made("b", Dtype::U8, &[3]),
                made("c", Dtype::F64, &[0, 2]),
                made("d", Dtype::F64, &[2]),
                made("e", Dtype::U8, &[2]),
                made("f", Dtype::F32, &[4, 0]),
            ],
        ),
        writes(
            "write/zero-beside-large-dimensions",
            "A zero-size tensor whose other dimensions, with the width, make up 2^63 bits.",
            [Wr1, Shp2],
            [given("w", "U8", &[0, 1 << 32, 1 << 28], [])],
        ),
        writes(
            "write/zero-after-large-dimensions",
            "A zero-size tensor whose other dimensions, which stand first, make up 2^63 bits.",
            [Wr1, Shp2],
            [given("w", "U8", &[1 << 32, 1 << 28, 0], [])],
        ),
        writes(
            "write/scalar",
            "One tensor without dimensions.",
            [Shp2, Wr5],
            [made("w", Dtype::F32, &[])],
        ),
        writes(
            "write/scalar-beside-row-of-one",
            "A scalar and a row of one element, which have the same bytes and other shapes.",
            [Shp2, Wr14],
            [made("scalar", Dtype::I32, &[]), made("row", Dtype::I32, &[1])],
        ),
        writes(
            "write/unit-dimensions",
            "Dimensions of 1 in every place, none of which is left out.",
            [Shp2, Wr5],
            [made("w", Dtype::U16, &[1, 3, 1, 2, 1])],
        ),
        writes(
            "write/bytes-alike",
            "Two tensors of the same dtype, shape and bytes.",
            [Wr14],
            [given("a", "U8", &[3], [7, 8, 9]), given("b", "U8", &[3], [7, 8, 9])],
        ),
        writes(
            "write/bytes-alike-of-other-dtypes",
            "Three tensors of the same bytes, as three dtypes.",
            [Wr14],
            [
                given("a", "F32", &[1], [1, 2, 3, 4]),
                given("b", "I32", &[1], [1, 2, 3, 4]),
                given("c", "U8", &[4], [1, 2, 3, 4]),
            ],
        ),
        writes(
            "write/bytes-alike-as-part",
            "A tensor, and another one of the same bytes as its first half.",
            [Wr14],
            [given("whole", "U8", &[4], [1, 2, 3, 4]), given("half", "U8", &[2], [1, 2])],
        ),
        writes(
            "write/zero-size-alike",
            "Two zero-size tensors of the same dtype and shape.",
            [Wr14, Lay3],
            [made("a", Dtype::F32, &[0]), made("b", Dtype::F32, &[0])],
        ),
        writes(
            "write/narrow-before-wide",
            "Three bytes before a double, by order and by name.",
            [Aln2, Aln1, Wr1],
            [made("a", Dtype::U8, &[3]), made("b", Dtype::F64, &[1])],
        ),
        writes(
            "write/widths-by-turns",
            "Elements of one, eight, two and four bytes by turns, in odd numbers.",
            [Aln2, Aln1, Wr1],
            [
                made("a", Dtype::I8, &[1]),
                made("b", Dtype::I64, &[1]),
                made("c", Dtype::Bf16, &[3]),
                made("d", Dtype::U32, &[1]),
                made("e", Dtype::Bool, &[5]),
                made("f", Dtype::C64, &[1]),
                made("g", Dtype::I16, &[1]),
                made("h", Dtype::F4, &[2]),
                made("i", Dtype::F32, &[3]),
            ],
        ),
        writes(
            "write/every-dtype",
            "A tensor of every dtype, by the order of the table.",
            [Wr1, Aln2],
            DTYPES.iter().map(|row| made(row.name, row.dtype, &[4])),
        ),
    ];
    tasks.extend((1..=8).map(|rank: u64| {
        let shape: Vec<u64> = (0..rank).map(|axis| 1 + (axis + 1) % 3).collect();
        writes(
            &format!("write/rank-{rank}"),
            &format!("One tensor of rank {rank}."),
            [Shp2, Wr5],
            [made("w", Dtype::I16, &shape)],
        )
    }));
    tasks
}
