//! Elements of four and six bits, which fill whole bytes or do not.

use super::ONE;
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::tensor;
use spec::RuleId::{Size2, Size3, Val4, Val5};
use spec::Version;

/// Elements of a few bits that do not fill whole bytes.
fn part(id: &str, summary: &str, dtype: &str, shape: &[u64], len: u64) -> Recipe {
    let twin = if dtype == "F4" { "sizes/four-bits-even" } else { "sizes/six-bits-by-four" };
    rejects(id, summary, Size2, twin, Draft::of([tensor("w", dtype, shape, len)]))
        .since(Version::V1_2)
}

pub(super) fn part_bytes() -> Vec<Recipe> {
    vec![
        accepts(
            "sizes/four-bits-even",
            "Two elements of F4 in a byte.",
            [Size2, Size3, Val4],
            Draft::of([tensor("w", "F4", &[2], 1)]),
        )
        .since(Version::V1_2)
        .twin("shapes/one-element"),
        accepts(
            "sizes/six-bits-by-four",
            "Four elements of F6_E3M2 in three bytes.",
            [Size2, Size3, Val5],
            Draft::of([tensor("w", "F6_E3M2", &[4], 3)]),
        )
        .since(Version::V1_2)
        .twin(ONE),
        part("sizes/four-bits-alone", "One element of F4 in a byte.", "F4", &[1], 1),
        part("sizes/four-bits-alone-without-byte", "One element of F4 in no byte.", "F4", &[1], 0),
        part("sizes/four-bits-odd", "Three elements of F4 in two bytes.", "F4", &[3], 2),
        part("sizes/four-bits-odd-cut", "Three elements of F4 in one byte.", "F4", &[3], 1),
        part("sizes/four-bits-odd-matrix", "Nine elements of F4 in five bytes.", "F4", &[3, 3], 5),
        part("sizes/four-bits-scalar", "A scalar of F4 in a byte.", "F4", &[], 1),
        part("sizes/four-bits-scalar-without-byte", "A scalar of F4 in no byte.", "F4", &[], 0),
        part("sizes/six-bits-alone", "One element of F6_E2M3 in a byte.", "F6_E2M3", &[1], 1),
        part("sizes/six-bits-by-two", "Two elements of F6_E3M2 in two bytes.", "F6_E3M2", &[2], 2),
        part(
            "sizes/six-bits-by-three",
            "Three elements of F6_E3M2 in three bytes.",
            "F6_E3M2",
            &[3],
            3,
        ),
        part(
            "sizes/six-bits-by-five",
            "Five elements of F6_E2M3 in four bytes.",
            "F6_E2M3",
            &[5],
            4,
        ),
        part("sizes/six-bits-scalar", "A scalar of F6_E3M2 in a byte.", "F6_E3M2", &[], 1),
    ]
}
