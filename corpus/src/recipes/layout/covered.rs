//! Files whose tensors cover the data buffer, and the places where tensors without bytes may stand.

use super::{ONE, TWO, ZERO_FIRST};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts};
use crate::recipes::{one, tensor, two, u8s};
use spec::RuleId::{Lay1, Lay2, Lay3, Lay4, Lay5, Lay6, Len3, Off3, Size3, Txt1};

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
            Draft::of([
                u8s("m", &[3]),
                u8s("c", &[1]),
                u8s("x", &[5]),
                u8s("a", &[2]),
                u8s("k", &[4]),
            ])
            .listed(&["k", "m", "a", "x", "c"]),
        ),
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
    ]
}
