//! How tensors cover the data buffer.

use super::{one, tensor, two, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Lay1, Lay2, Lay3, Lay4, Lay5, Lay6, Len3, Off3, Size1, Size3, Txt1};

const ONE: &str = "layout/one-tensor";
const TWO: &str = "layout/two-tensors";
const ZERO_FIRST: &str = "layout/zero-size-at-start";

pub(super) fn recipes() -> Vec<Recipe> {
    [covered(), past_the_end(), shared(), holes(), left_over()].into_iter().flatten().collect()
}

fn zero_between() -> Draft {
    Draft::of([u8s("w", &[4]), u8s("z", &[0]), u8s("b", &[2])])
}

fn covered() -> Vec<Recipe> {
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
            "layout/many-tensors",
            "Some hundred tensors of two bytes, listed neither by name nor by offset.",
            [Lay2, Lay4],
            many(250),
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

/// So many tensors, with scattered names; the second half is listed first.
fn many(count: u8) -> Draft {
    let name = |place: u8| format!("t{}", (u32::from(place) * 211) % 251);
    let tensor = |place| Tensor::new(&name(place), "U8", &[2], &[place + 1, 255 - place]);
    let listed: Vec<String> = (count / 2..count).map(name).collect();
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    Draft::of((0..count).map(tensor)).listed(&listed)
}

fn past_the_end() -> Vec<Recipe> {
    vec![
        rejects(
            "layout/last-byte-missing",
            "The data buffer is one byte shorter than the tensor.",
            Lay1,
            ONE,
            one().cut_off(1),
        ),
        rejects("layout/no-data", "The file ends with its header.", Lay1, ONE, one().cut_off(4)),
        rejects(
            "layout/second-tensor-missing",
            "The data buffer ends with the first of two tensors.",
            Lay1,
            TWO,
            two().cut_off(2),
        ),
        rejects(
            "layout/one-byte-past-end",
            "The second tensor ends one byte after the data buffer.",
            Lay1,
            TWO,
            Draft::of([u8s("w", &[4]), tensor("b", "U8", &[3], 2).at(4, 7)]),
        ),
        rejects(
            "layout/zero-size-past-end",
            "A tensor without bytes stands one byte after the end of the data buffer.",
            Lay1,
            "layout/zero-size-at-end",
            Draft::of([u8s("w", &[4]), u8s("b", &[0]).at(5, 5)]),
        ),
        rejects(
            "layout/zero-size-at-greatest-offset",
            "A tensor without bytes stands at offset 2^64 - 1.",
            Lay1,
            "layout/zero-size-at-end",
            Draft::of([u8s("w", &[4]), u8s("b", &[0]).at(u64::MAX, u64::MAX)]),
        ),
        rejects(
            "layout/end-right-in-low-half",
            "A tensor of 2^32 + 4 bytes in a data buffer of 4: right in 32 bits.",
            Lay1,
            ONE,
            Draft::of([tensor("w", "U8", &[(1 << 32) + 4], 4).at(0, (1 << 32) + 4)]),
        ),
        rejects(
            "layout/end-negative-as-signed-half",
            "A tensor of 2^31 bytes in a data buffer of 4.",
            Lay1,
            ONE,
            Draft::of([tensor("w", "U8", &[1 << 31], 4).at(0, 1 << 31)]),
        ),
        rejects(
            "layout/end-far-past-file",
            "A tensor of 2^61 - 1 bytes, the most that one can have, in a data buffer of 4.",
            Lay1,
            ONE,
            Draft::of([tensor("w", "U8", &[(1 << 61) - 1], 4).at(0, (1 << 61) - 1)]),
        )
        .also([Size1]),
        rejects(
            "layout/chain-to-greatest-offset",
            "Nine tensors back to back end at 2^64 - 1, so that END + 8 + N wraps.",
            Lay1,
            "layout/chain-of-nine",
            chain((1 << 61) - 1),
        ),
        accepts(
            "layout/chain-of-nine",
            "Nine tensors of I8 back to back.",
            [Lay1, Lay2, Lay4],
            chain(1),
        ),
    ]
}

/// Nine tensors: eight of a length, and one of seven; bytes for the first few only.
fn chain(each: u64) -> Draft {
    let names = ["r", "q", "p", "o", "n", "m", "l", "k"];
    let stored = u64::from(each < 16);
    let mut tensors: Vec<_> = (0..)
        .zip(names)
        .map(|(place, name)| {
            tensor(name, "I8", &[each], stored).at(place * each, (place + 1) * each)
        })
        .collect();
    tensors.push(tensor("j", "I8", &[7], 7).at(8 * each, 8 * each + 7));
    Draft::of(tensors)
}

fn shared() -> Vec<Recipe> {
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
            "layout/three-tensors",
            Draft::of([u8s("x", &[5]).at(0, 5), u8s("w", &[2]).at(1, 3), u8s("b", &[2]).at(4, 6)])
                .cut_off(3),
        ),
        accepts(
            "layout/three-tensors",
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
            "layout/zero-size-inside-the-last",
            "A tensor without bytes stands inside the last of two tensors.",
            Lay3,
            "layout/zero-size-between",
            Draft::of([u8s("w", &[4]), u8s("z", &[0]).at(5, 5), u8s("b", &[2])]),
        ),
    ]
}

fn holes() -> Vec<Recipe> {
    vec![
        rejects(
            "layout/gap-before-first",
            "The first tensor begins at byte 1 of the data buffer.",
            Lay4,
            ONE,
            Draft::of([u8s("w", &[4]).at(1, 5)]).insert(0, [0xEE]),
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

fn left_over() -> Vec<Recipe> {
    vec![
        rejects(
            "layout/byte-after-last",
            "One byte follows the last tensor.",
            Lay5,
            ONE,
            one().append([0xEE]),
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
