//! Elements of four and six bits, which fill whole bytes or do not.

use super::ONE;
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::tensor;
use spec::RuleId::{Lim1, Rd14, Shp2, Size2, Size3, Val4, Val5};
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
        part("sizes/four-bits-odd-rows", "Three rows of five F4 in eight bytes.", "F4", &[3, 5], 8),
        part(
            "sizes/four-bits-odd-rows-cut",
            "Three rows of five F4 in seven bytes.",
            "F4",
            &[3, 5],
            7,
        ),
        part(
            "sizes/four-bits-odd-rows-filled",
            "Three rows of three F4, each row in two bytes.",
            "F4",
            &[3, 3],
            6,
        ),
        part(
            "sizes/six-bits-alone-without-byte",
            "One element of F6_E2M3 in no byte.",
            "F6_E2M3",
            &[1],
            0,
        ),
        part("sizes/six-bits-by-two-cut", "Two elements of F6_E3M2 in a byte.", "F6_E3M2", &[2], 1),
        part(
            "sizes/six-bits-by-three-cut",
            "Three elements of F6_E3M2 in two bytes.",
            "F6_E3M2",
            &[3],
            2,
        ),
        part(
            "sizes/six-bits-by-five-cut",
            "Five elements of F6_E2M3 in three bytes.",
            "F6_E2M3",
            &[5],
            3,
        ),
        part("sizes/six-bits-by-six", "Six elements of F6_E3M2 in five bytes.", "F6_E3M2", &[6], 5),
        part(
            "sizes/six-bits-odd-matrix",
            "Nine elements of F6_E2M3 in seven bytes.",
            "F6_E2M3",
            &[3, 3],
            7,
        ),
        part(
            "sizes/six-bits-scalar-without-byte",
            "A scalar of F6_E3M2 in no byte.",
            "F6_E3M2",
            &[],
            0,
        ),
    ]
}

/// Shapes of elements of a few bits whose total is a number of whole bytes, though a part is not.
pub(super) fn whole_bytes() -> Vec<Recipe> {
    let whole = |id: &str, summary: &str, dtype: &str, shape: &[u64], len: u64, twin: &str| {
        accepts(id, summary, [Size2, Size3, Shp2], Draft::of([tensor("w", dtype, shape, len)]))
            .since(Version::V1_2)
            .twin(twin)
    };
    let none = "dtypes/u8-zero-size";
    vec![
        whole(
            "sizes/four-bits-by-eight",
            "Eight elements of F4 in four bytes.",
            "F4",
            &[8],
            4,
            ONE,
        ),
        whole(
            "sizes/four-bits-odd-times-zero",
            "Three rows of no F4, in no byte.",
            "F4",
            &[3, 0],
            0,
            none,
        ),
        whole(
            "sizes/four-bits-zero-times-odd",
            "No row of three F4, in no byte.",
            "F4",
            &[0, 3],
            0,
            none,
        )
        .also([Lim1, Rd14]),
        whole(
            "sizes/six-bits-zero-times-odd",
            "No row of three F6_E2M3, in no byte.",
            "F6_E2M3",
            &[0, 3],
            0,
            none,
        ),
    ]
}
