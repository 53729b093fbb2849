//! Bytes that belong to two tensors, and tensors without bytes that stand inside others.

use super::{TWO, ZERO_FIRST};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::{tensor, u8s};
use spec::RuleId::{Lay2, Lay3, Lay4};

const THREE: &str = "layout/three-tensors";

pub(super) fn shared() -> Vec<Recipe> {
    vec![
        rejects(
            "layout/same-range",
            "Two tensors own the same bytes.",
            Lay2,
            "layout/two-of-a-size",
            Draft::of([u8s("w", &[4]), u8s("b", &[4]).at(0, 4)]).cut_off(4),
        ),
        accepts(
            "layout/two-of-a-size",
            "Two tensors of one size, one behind the other.",
            [Lay2],
            Draft::of([u8s("w", &[4]), u8s("b", &[4])]),
        ),
        rejects(
            "layout/overlap-by-one-byte",
            "The second tensor begins on the last byte of the first.",
            Lay2,
            TWO,
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(3, 5)]).cut_off(1),
        ),
        rejects(
            "layout/overlap-listed-backwards",
            "The tensor that begins later is listed first; both own two bytes.",
            Lay2,
            "layout/header-order-reversed",
            Draft::of([u8s("w", &[4]), u8s("b", &[4]).at(2, 6)]).listed(&["b", "w"]).cut_off(2),
        ),
        rejects(
            "layout/overlap-all-but-one-byte",
            "The second tensor begins on the second byte of the first, and both own four bytes.",
            Lay2,
            "layout/two-of-a-size",
            Draft::of([u8s("w", &[4]), u8s("b", &[4]).at(1, 5)]).cut_off(3),
        ),
        rejects(
            "layout/overlap-from-one-begin",
            "Two tensors begin at 0, and the second ends inside the first.",
            Lay2,
            TWO,
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(0, 2)]).cut_off(2),
        ),
        rejects(
            "layout/overlap-in-a-chain",
            "Each of three tensors begins on the last byte of the one before it.",
            Lay2,
            THREE,
            Draft::of([u8s("x", &[2]), u8s("w", &[2]).at(1, 3), u8s("b", &[2]).at(2, 4)])
                .cut_off(2),
        ),
        rejects(
            "layout/three-on-one-range",
            "Three tensors own the same bytes.",
            Lay2,
            THREE,
            Draft::of([u8s("x", &[2]), u8s("w", &[2]).at(0, 2), u8s("b", &[2]).at(0, 2)])
                .cut_off(4),
        ),
        rejects(
            "layout/two-inside-another",
            "The second and the third tensor lie inside the first, side by side.",
            Lay2,
            THREE,
            Draft::of([u8s("x", &[6]), u8s("w", &[2]).at(1, 3), u8s("b", &[2]).at(3, 5)])
                .cut_off(4),
        ),
        rejects(
            "layout/same-range-in-another-dtype",
            "Two tensors of one size, of I8 and of F16, own the same bytes.",
            Lay2,
            "layout/two-of-a-size",
            Draft::of([tensor("w", "I8", &[4], 4), tensor("b", "F16", &[2], 4).at(0, 4)])
                .cut_off(4),
        ),
        rejects(
            "layout/one-inside-another",
            "The second tensor lies inside the first.",
            Lay2,
            TWO,
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(1, 3)]).cut_off(2),
        ),
        rejects(
            "layout/first-spans-all",
            "The first tensor spans the data buffer, and the second owns its end again.",
            Lay2,
            TWO,
            Draft::of([u8s("w", &[6]), u8s("b", &[2]).at(4, 6)]).cut_off(2),
        ),
        rejects(
            "layout/overlap-of-distant-neighbours",
            "The first tensor reaches over the second into the third.",
            Lay2,
            THREE,
            Draft::of([u8s("x", &[5]).at(0, 5), u8s("w", &[2]).at(1, 3), u8s("b", &[2]).at(4, 6)])
                .cut_off(3),
        ),
        accepts(
            THREE,
            "Three tensors back to back, listed by descending name.",
            [Lay2, Lay4],
            Draft::of([u8s("x", &[2]), u8s("w", &[2]), u8s("b", &[2])]),
        ),
        rejects(
            "layout/zero-size-inside-another",
            "A tensor without bytes stands in the middle of another tensor.",
            Lay3,
            ZERO_FIRST,
            Draft::of([u8s("z", &[0]).at(2, 2), u8s("w", &[4])]),
        ),
        rejects(
            "layout/zero-size-one-byte-inside",
            "A tensor without bytes stands one byte after the start of another.",
            Lay3,
            ZERO_FIRST,
            Draft::of([u8s("z", &[0]).at(1, 1), u8s("w", &[4])]),
        ),
        rejects(
            "layout/zero-size-one-byte-before-end",
            "A tensor without bytes stands one byte before the end of another.",
            Lay3,
            ZERO_FIRST,
            Draft::of([u8s("z", &[0]).at(3, 3), u8s("w", &[4])]),
        ),
        rejects(
            "layout/zero-size-inside-listed-last",
            "A tensor without bytes stands in the middle of the one that is listed before it.",
            Lay3,
            "layout/zero-size-at-start-listed-last",
            Draft::of([u8s("z", &[0]).at(2, 2), u8s("w", &[4])]).listed(&["w", "z"]),
        ),
        rejects(
            "layout/zero-size-several-inside-another",
            "Three tensors without bytes stand at one offset inside the first of two others.",
            Lay3,
            "layout/zero-size-several-at-one-offset",
            Draft::of([
                u8s("w", &[4]),
                u8s("z", &[0]).at(2, 2),
                tensor("y", "F32", &[2, 0], 0).at(2, 2),
                tensor("x", "I64", &[0, 5], 0).at(2, 2),
                u8s("b", &[2]),
            ]),
        ),
        rejects(
            "layout/zero-size-inside-the-last",
            "A tensor without bytes stands inside the last of two tensors.",
            Lay3,
            "layout/zero-size-between",
            Draft::of([u8s("w", &[4]), u8s("z", &[0]).at(5, 5), u8s("b", &[2])]),
        ),
    ]
}
