//! Elements that are narrower than a byte, and the parts of complex numbers: which bits are whose.

use super::{of, pack};
use crate::recipe::{Recipe, accepts};
use spec::RuleId::{Lim1, Rd14, Val1, Val2, Val3, Val4, Val5, Wr10};
use spec::Version;

pub(super) fn recipes() -> Vec<Recipe> {
    vec![
        accepts(
            "values/four-bits-low-half-first",
            "The first of two F4 elements stands in the low four bits.",
            [Val4],
            of("F4", &[2, 2], &[0x21, 0x43]),
        )
        .since(Version::V1_2)
        .twin("shapes/one-element"),
        accepts(
            "values/four-bits-across-rows",
            "Rows of three F4 elements, so that a byte belongs to two rows.",
            [Val4, Lim1, Rd14, Wr10],
            of("F4", &[2, 3], &[0x21, 0x43, 0x65]),
        )
        .since(Version::V1_2)
        .twin("shapes/matrix"),
        accepts(
            "values/four-bits-in-a-column",
            "Two rows of one F4 element, in one byte.",
            [Val4, Lim1, Rd14, Wr10],
            of("F4", &[2, 1], &[0x5a]),
        )
        .since(Version::V1_2)
        .twin("shapes/one-element"),
        accepts(
            "values/six-bits-as-stream",
            "Four F6_E2M3 elements of the codes 1, 2, 3 and 4.",
            [Val5],
            of("F6_E2M3", &[4], &[0x81, 0x30, 0x10]),
        )
        .since(Version::V1_2)
        .twin("layout/one-tensor"),
        accepts(
            "values/six-bits-across-rows",
            "Rows of two F6_E3M2 elements, so that a byte belongs to two rows.",
            [Val5],
            of("F6_E3M2", &[2, 2], &[0x42, 0x31, 0x14]),
        )
        .since(Version::V1_2)
        .twin("layout/one-tensor"),
        accepts(
            "values/four-bits-in-three-dimensions",
            "Eighteen F4 elements in rows of three, so that no two rows end at the same place in a byte.",
            [Val4, Val1, Lim1, Rd14, Wr10],
            of("F4", &[2, 3, 3], &pack(4, (1..=18).map(|place| place * 5 % 16))),
        )
        .since(Version::V1_2)
        .twin("shapes/matrix"),
        accepts(
            "values/four-bits-down-a-column",
            "The sixteen codes of F4 in descending order, one a row.",
            [Val4, Lim1, Rd14, Wr10],
            of("F4", &[16, 1], &pack(4, (0..16).rev())),
        )
        .since(Version::V1_2)
        .twin("shapes/one-element"),
        accepts(
            "values/four-bits-in-a-row",
            "Ten F4 elements in one row, in descending order.",
            [Val4, Val1],
            of("F4", &[1, 10], &pack(4, (1..=10).rev())),
        )
        .since(Version::V1_2)
        .twin("shapes/one-element"),
        accepts(
            "values/six-bits-in-three-dimensions",
            "Twelve F6_E2M3 elements in rows of three, so that rows begin at every place in a group of bytes.",
            [Val5, Val1],
            of("F6_E2M3", &[2, 2, 3], &pack(6, (1..=12).map(|place| place * 23 % 64))),
        )
        .since(Version::V1_2)
        .twin("layout/one-tensor"),
        accepts(
            "values/six-bits-down-a-column",
            "Eight F6_E3M2 elements in descending order, one a row.",
            [Val5, Val1],
            of("F6_E3M2", &[8, 1], &pack(6, (1..=8).rev().map(|place| place * 7))),
        )
        .since(Version::V1_2)
        .twin("layout/one-tensor"),
        accepts(
            "values/complex-real-first",
            "C64 elements whose real and imaginary parts differ.",
            [Val3],
            of("C64", &[2], b"\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40"),
        )
        .since(Version::V1_3)
        .twin("values/doubles-in-pair"),
        accepts(
            "values/doubles-in-pair",
            "The bytes of two complex numbers, as two of F64.",
            [Val2],
            of("F64", &[2], b"\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40"),
        ),
    ]
}
