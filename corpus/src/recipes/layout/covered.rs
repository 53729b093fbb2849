//! Files whose tensors cover the data buffer, and the places where tensors without bytes may stand.

use super::{ONE, TWO, ZERO_FIRST};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts};
use crate::recipes::{one, tensor, two, u8s};
use spec::RuleId::{Lay1, Lay2, Lay3, Lay4, Lay5, Lay6, Len3, Off3, Size3, Txt1};
use spec::Version;

fn zero_between() -> Draft {
    Draft::of([u8s("w", &[4]), u8s("z", &[0]), u8s("b", &[2])])
}

pub(super) fn covered() -> Vec<Recipe> {
    vec![
        accepts(
            ONE,
            "One tensor that is the whole data buffer.",
            [Txt1, Len3, Lay1, Lay4, Lay5, Off3, Size3],
            one(),
        ),
        accepts(
            TWO,
            "Two tensors back to back, the later name first.",
            [Lay1, Lay2, Lay4, Lay5],
            two(),
        ),
        accepts(
            "layout/header-order-reversed",
            "The header lists first the tensor that stands last in the data buffer.",
            [Lay6, Lay4],
            two().listed(&["b", "w"]),
        ),
        accepts(
            "layout/header-order-shuffled",
            "Five tensors, listed neither by name nor by offset.",
            [Lay6, Lay2],
            scattered().listed(&["k", "m", "a", "x", "c"]),
        ),
        accepts(
            "layout/header-order-by-name",
            "Five tensors, listed by ascending name and not by offset.",
            [Lay6, Lay2],
            scattered().listed(&["a", "c", "k", "m", "x"]),
        ),
        accepts(
            "layout/header-order-by-offset",
            "Five tensors, listed by offset and not by name.",
            [Lay6, Lay2],
            scattered(),
        ),
        accepts(
            "layout/header-order-by-offset-reversed",
            "Five tensors, listed by descending offset.",
            [Lay6, Lay2],
            scattered().listed(&["k", "a", "x", "c", "m"]),
        ),
        accepts(
            "layout/header-order-by-size",
            "Five tensors, listed by ascending size.",
            [Lay6, Lay2],
            scattered().listed(&["c", "a", "m", "k", "x"]),
        ),
    ]
}

/// Five tensors whose order in the data buffer is neither that of their names nor of their sizes.
fn scattered() -> Draft {
    Draft::of([u8s("m", &[3]), u8s("c", &[1]), u8s("x", &[5]), u8s("a", &[2]), u8s("k", &[4])])
}

/// Tensors without bytes, at every place where they may stand.
pub(super) fn without_bytes() -> Vec<Recipe> {
    vec![
        accepts(
            "layout/zero-size-only",
            "The only tensor has no bytes, and there is no data buffer.",
            [Lay3, Lay5],
            Draft::of([u8s("z", &[0])]),
        ),
        accepts(
            ZERO_FIRST,
            "A tensor without bytes at the start of the data buffer.",
            [Lay3],
            Draft::of([u8s("z", &[0]), u8s("w", &[4])]),
        ),
        accepts(
            "layout/zero-size-between",
            "A tensor without bytes where one tensor ends and the next begins.",
            [Lay3],
            zero_between(),
        ),
        accepts(
            "layout/zero-size-at-end",
            "A tensor without bytes at the end of the data buffer.",
            [Lay3, Lay5],
            Draft::of([u8s("w", &[4]), u8s("b", &[0])]),
        ),
        accepts(
            "layout/zero-size-several-at-one-offset",
            "Three tensors without bytes at one offset between two others.",
            [Lay3, Lay2],
            Draft::of([
                u8s("w", &[4]),
                u8s("z", &[0]),
                tensor("y", "F32", &[2, 0], 0),
                tensor("x", "I64", &[0, 5], 0),
                u8s("b", &[2]),
            ]),
        ),
        accepts(
            "layout/zero-size-listed-before-its-place",
            "The header lists the tensor without bytes first; it stands at the end.",
            [Lay6, Lay3],
            Draft::of([u8s("w", &[4]), u8s("b", &[0])]).listed(&["b", "w"]),
        ),
        accepts(
            "layout/zero-size-at-start-listed-last",
            "The header lists the tensor without bytes last; it stands at the start.",
            [Lay6, Lay3],
            Draft::of([u8s("z", &[0]), u8s("w", &[4])]).listed(&["w", "z"]),
        ),
        accepts(
            "layout/zero-size-listed-after-its-neighbour",
            "A tensor without bytes is listed after the one that begins where it stands.",
            [Lay6, Lay3],
            zero_between().listed(&["w", "b", "z"]),
        ),
        accepts(
            "layout/zero-size-listed-before-both-neighbours",
            "A tensor without bytes is listed before the two between which it stands.",
            [Lay6, Lay3],
            zero_between().listed(&["z", "w", "b"]),
        ),
        accepts(
            "layout/zero-size-between-and-all-reversed",
            "A tensor without bytes stands between two others, and all are listed backwards.",
            [Lay6, Lay3],
            zero_between().listed(&["b", "z", "w"]),
        ),
        accepts(
            "layout/zero-size-at-every-border",
            "Tensors without bytes stand before, between and after two others.",
            [Lay3, Lay6],
            Draft::of([
                u8s("z", &[0]),
                u8s("w", &[4]),
                tensor("y", "F16", &[0, 3], 0),
                u8s("b", &[2]),
                tensor("x", "I32", &[3, 0], 0),
            ])
            .listed(&["w", "x", "b", "y", "z"]),
        ),
        accepts(
            "layout/zero-size-tensors-only",
            "None of three tensors has bytes, and there is no data buffer.",
            [Lay3, Lay5],
            Draft::of([
                u8s("z", &[0]),
                tensor("y", "F32", &[2, 0], 0),
                tensor("x", "I64", &[0, 5], 0),
            ]),
        ),
        accepts(
            "layout/zero-size-as-marker",
            "A tensor of F8_E4M3 without elements stands between two others, as a mark.",
            [Lay3],
            Draft::of([u8s("w", &[4]), tensor("scaled_fp8", "F8_E4M3", &[0], 0), u8s("b", &[2])]),
        )
        .since(Version::V1_1)
        .twin("layout/zero-size-between"),
    ]
}
