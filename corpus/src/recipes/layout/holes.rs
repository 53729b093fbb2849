//! Bytes of the data buffer that belong to no tensor: before, between and after them.

use super::{ONE, TWO};
use crate::draft::Draft;
use crate::recipe::{Recipe, rejects};
use crate::recipes::{made_up, one, u8s};
use spec::RuleId::{Lay4, Lay5};

/// The bytes of a page of memory on most machines.
const PAGE: u64 = 4096;

pub(super) fn holes() -> Vec<Recipe> {
    vec![
        rejects(
            "layout/gap-before-first",
            "The first tensor begins at byte 1 of the data buffer.",
            Lay4,
            ONE,
            Draft::of([u8s("w", &[4]).at(1, 5)]).insert(0, [0xEE]),
        ),
        rejects(
            "layout/gap-before-first-of-eight-bytes",
            "The first tensor begins at byte 8 of the data buffer.",
            Lay4,
            ONE,
            Draft::of([u8s("w", &[4]).at(8, 12)]).insert(0, made_up("gap", 8)),
        ),
        rejects(
            "layout/gap-before-first-of-a-page",
            "The first tensor begins at byte 4,096 of the data buffer.",
            Lay4,
            ONE,
            Draft::of([u8s("w", &[4]).at(PAGE, PAGE + 4)]).insert(0, made_up("gap", PAGE)),
        ),
        rejects(
            "layout/gap-of-eight-bytes",
            "Eight bytes between two tensors belong to neither.",
            Lay4,
            TWO,
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(12, 14)]).insert(4, made_up("gap", 8)),
        ),
        rejects(
            "layout/gap-of-a-page",
            "A page of 4,096 bytes between two tensors belongs to neither.",
            Lay4,
            TWO,
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(PAGE + 4, PAGE + 6)])
                .insert(4, made_up("gap", PAGE)),
        ),
        rejects(
            "layout/gap-listed-backwards",
            "A byte between two tensors belongs to neither, and the later one is listed first.",
            Lay4,
            "layout/header-order-reversed",
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(5, 7)])
                .listed(&["b", "w"])
                .insert(4, [0xEE]),
        ),
        rejects(
            "layout/middle-tensor-unlisted",
            "The bytes of three tensors, of which the header lists the first and the last.",
            Lay4,
            "layout/three-tensors",
            Draft::of([u8s("x", &[2]), u8s("b", &[2]).at(4, 6)]).insert(2, made_up("w", 2)),
        ),
        rejects(
            "layout/gap-for-alignment",
            "Zeros between two tensors put the second on a multiple of 8.",
            Lay4,
            TWO,
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(8, 10)]).insert(4, [0; 4]),
        ),
        rejects(
            "layout/gap-of-one-byte",
            "A byte between two tensors belongs to neither.",
            Lay4,
            TWO,
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(5, 7)]).insert(4, [0xEE]),
        ),
        rejects(
            "layout/gap-bridged-by-zero-size",
            "A tensor without bytes stands in a gap between two others.",
            Lay4,
            "layout/zero-size-between",
            Draft::of([u8s("w", &[4]), u8s("z", &[0]).at(5, 5), u8s("b", &[2]).at(6, 8)])
                .insert(4, [0xEE, 0xED]),
        ),
        rejects(
            "layout/gap-ended-by-zero-size",
            "A tensor without bytes stands at the end of a data buffer that nothing else owns to there.",
            Lay4,
            "layout/zero-size-at-end",
            Draft::of([u8s("w", &[4]), u8s("b", &[0]).at(6, 6)]).append([0xEE, 0xED]),
        ),
        rejects(
            "layout/zero-size-alone-behind-bytes",
            "The only tensor has no bytes, and stands at the end of a data buffer of four.",
            Lay4,
            "layout/zero-size-only",
            Draft::of([u8s("z", &[0]).at(4, 4)]).append([0xEE, 0xED, 0xEC, 0xEB]),
        ),
        rejects(
            "layout/gaps-twice",
            "A gap before the first tensor, and one before the second.",
            Lay4,
            TWO,
            Draft::of([u8s("w", &[4]).at(1, 5), u8s("b", &[2]).at(6, 8)])
                .insert(4, [0xEE])
                .insert(0, [0xED]),
        ),
    ]
}

pub(super) fn left_over() -> Vec<Recipe> {
    vec![
        rejects(
            "layout/byte-after-last",
            "One byte follows the last tensor.",
            Lay5,
            ONE,
            one().append([0xEE]),
        ),
        rejects(
            "layout/eight-bytes-after-last",
            "Eight bytes follow the last tensor.",
            Lay5,
            ONE,
            one().append(made_up("gap", 8)),
        ),
        rejects(
            "layout/page-after-last",
            "A page of 4,096 bytes follows the last tensor.",
            Lay5,
            ONE,
            one().append(made_up("gap", PAGE)),
        ),
        rejects(
            "layout/last-tensor-unlisted",
            "The bytes of three tensors, of which the header lists the first and the second.",
            Lay5,
            "layout/three-tensors",
            Draft::of([u8s("x", &[2]), u8s("w", &[2])]).append(made_up("b", 2)),
        ),
        rejects(
            "layout/newline-after-last",
            "A line feed follows the last tensor, as an editor adds it.",
            Lay5,
            ONE,
            one().append("\n"),
        ),
        rejects(
            "layout/zeros-to-page-after-last",
            "Zeros follow the last tensor up to a round length of the file.",
            Lay5,
            ONE,
            one().append(vec![0; 452]),
        ),
        rejects(
            "layout/archive-after-last",
            "A ZIP archive follows the last tensor, so that the file is two files.",
            Lay5,
            ONE,
            one().append(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ),
        rejects(
            "layout/second-file-after-last",
            "A whole second file follows the last tensor.",
            Lay5,
            ONE,
            one().append(one().to_bytes()),
        ),
        rejects(
            "layout/bytes-without-tensors",
            "An empty object, and a data buffer of eight bytes.",
            Lay5,
            "framing/no-tensors",
            Draft::default().append([0xEE; 8]),
        ),
        rejects(
            "layout/bytes-behind-zero-size",
            "The only tensor has no bytes, and the data buffer has four.",
            Lay5,
            "layout/zero-size-only",
            Draft::of([u8s("z", &[0])]).append([0xEE, 0xED, 0xEC, 0xEB]),
        ),
        rejects(
            "layout/bytes-behind-metadata",
            "Metadata, no tensor, and a data buffer of one byte.",
            Lay5,
            "metadata/without-tensors",
            Draft::default().metadata(&[("format", "pt")]).append([0xEE]),
        ),
    ]
}
