//! Arrays whose elements do not lie in row-major order in memory (WR-5).
//!
//! Dtypes narrower than a byte are left out: strides count bytes.

use super::{Given, Making, View, ViewKind, made, made_up, writes};
use spec::Dtype::{self, Bf16, Bool, C64, F8E4m3, F16, F32, F64, I16, I32, I64, U8, U16};
use spec::RuleId::{Shp2, Val1, Wr5, Wr14};

pub(super) fn tasks() -> Vec<Making> {
    let kinds = [
        (ViewKind::Transposed, "transposed", TRANSPOSED),
        (ViewKind::Strided, "strided", STRIDED),
        (ViewKind::Reversed, "reversed", REVERSED),
        (ViewKind::Broadcast, "broadcast", BROADCAST),
    ];
    let each = kinds.into_iter().flat_map(|(kind, word, rows)| {
        rows.iter().map(move |(situation, what, dtype, base, shape)| {
            writes(
                &format!("write/{word}-{situation}"),
                &format!("{what}, of the dtype {dtype}."),
                [Wr5, Val1, Shp2],
                [view("w", *dtype, kind, base, shape)],
            )
        })
    });
    each.chain(several()).map(|task| task.or_refused(Wr5)).collect()
}

/// One view: the situation, what it is, the dtype, the shape of the memory, and that of the view.
type Row = (&'static str, &'static str, Dtype, &'static [u64], &'static [u64]);

const TRANSPOSED: &[Row] = &[
    ("matrix", "A matrix as its transpose", F32, &[2, 3], &[3, 2]),
    ("square", "A square matrix as its transpose", F32, &[3, 3], &[3, 3]),
    ("bytes", "A matrix as its transpose", U8, &[3, 4], &[4, 3]),
    ("truth-values", "A matrix as its transpose", Bool, &[2, 4], &[4, 2]),
    ("halves", "A matrix as its transpose", F16, &[4, 2], &[2, 4]),
    ("bfloats", "A matrix as its transpose", Bf16, &[2, 3], &[3, 2]),
    ("doubles", "A square matrix as its transpose", F64, &[2, 2], &[2, 2]),
    ("complex", "A matrix as its transpose", C64, &[2, 3], &[3, 2]),
    ("small-floats", "A matrix as its transpose", F8E4m3, &[2, 3], &[3, 2]),
    ("rank-3", "Three axes in reverse order", I16, &[2, 3, 4], &[4, 3, 2]),
    ("rank-4", "Four axes in reverse order", I32, &[1, 2, 3, 2], &[2, 3, 2, 1]),
    ("row", "A row as a column, whose elements lie in order", F32, &[1, 4], &[4, 1]),
    ("nothing", "A matrix without elements as its transpose", F32, &[0, 3], &[3, 0]),
];

const STRIDED: &[Row] = &[
    ("row", "Every second element of a row of odd length", F32, &[5], &[3]),
    ("even-row", "Every second element of a row of even length", I64, &[6], &[3]),
    ("bytes", "Every second element of each row", U8, &[3, 4], &[3, 2]),
    ("odd-rows", "Every second element of each row of odd length", U16, &[2, 5], &[2, 3]),
    ("rank-3", "Every second element along the last of three axes", F16, &[2, 2, 3], &[2, 2, 2]),
    ("complex", "Every second element of each row", C64, &[2, 2], &[2, 1]),
    ("pair", "The first of two elements", F64, &[2], &[1]),
];

const REVERSED: &[Row] = &[
    ("bytes", "A row backwards", U8, &[4], &[4]),
    ("row", "A row backwards, but not the bytes of its elements", F32, &[3], &[3]),
    ("matrix", "A matrix backwards along both axes", F32, &[2, 3], &[2, 3]),
    ("truth-values", "A row backwards", Bool, &[5], &[5]),
    ("rank-3", "Three axes backwards", I64, &[2, 2, 2], &[2, 2, 2]),
    ("one", "A row of one element, backwards", F32, &[1], &[1]),
];

const BROADCAST: &[Row] = &[
    ("scalar", "A scalar as a matrix", F32, &[], &[2, 2]),
    ("one", "A row of one element as a longer one", U8, &[1], &[4]),
    ("row", "A row as two equal rows", I32, &[3], &[2, 3]),
    ("column", "A column as three equal columns", F64, &[2, 1], &[2, 3]),
    ("middle", "Three axes, of which the middle one is repeated", F16, &[2, 1, 2], &[2, 3, 2]),
    ("both-ways", "A column as three equal columns, twice", U16, &[2, 1], &[2, 2, 3]),
];

/// Views beside each other, and beside what they look at.
fn several() -> [Making; 2] {
    let base: &[u64] = &[2, 3];
    let transposed = || view("transposed", F32, ViewKind::Transposed, base, &[3, 2]);
    [
        writes(
            "write/view-beside-its-base",
            "A matrix, and the same memory as its transpose.",
            [Wr5, Wr14, Val1],
            [made("matrix", F32, base), transposed()],
        ),
        writes(
            "write/views-of-every-kind",
            "Views of one memory, of every kind, and the memory as it is.",
            [Wr5, Wr14, Val1],
            [
                view("backwards", F32, ViewKind::Reversed, base, base),
                transposed(),
                made("matrix", F32, base),
                view("repeated", F32, ViewKind::Broadcast, base, &[2, 2, 3]),
                view("halved", F32, ViewKind::Strided, base, &[2, 2]),
            ],
        ),
    ]
}

fn view(name: &str, dtype: Dtype, kind: ViewKind, base: &[u64], shape: &[u64]) -> Given {
    Given {
        name: name.to_owned(),
        dtype: dtype.name().to_owned(),
        shape: shape.to_vec(),
        bytes: made_up(dtype, base.iter().product()),
        view: Some(View { kind, base: base.to_vec() }),
    }
}
