//! Tensors that end after the data buffer does, or stand after its end.

use super::{ONE, TWO};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::{one, tensor, two, u8s};
use spec::RuleId::{Lay1, Lay2, Lay4, Size1};

pub(super) fn past_the_end() -> Vec<Recipe> {
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
            "layout/data-cut-inside-first",
            "The data buffer ends inside the first of two tensors.",
            Lay1,
            TWO,
            two().cut_off(3),
        ),
        // Report: ml-explore/mlx#3409: offsets that went with shape and dtype, and not with the file.
        rejects(
            "layout/matrix-far-past-file",
            "A matrix of 1,000 by 1,000 elements of F32 in a data buffer of 4.",
            Lay1,
            "sizes/float-alone",
            Draft::of([tensor("w", "F32", &[1000, 1000], 4).at(0, 4_000_000)]),
        ),
        rejects(
            "layout/zero-size-alone-past-end",
            "The only tensor has no bytes and stands at 1, and there is no data buffer.",
            Lay1,
            "layout/zero-size-only",
            Draft::of([u8s("z", &[0]).at(1, 1)]),
        ),
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
            "layout/overlap-past-end",
            "The bytes that two tensors share all lie after the end of the data buffer.",
            Lay1,
            TWO,
            Draft::of([u8s("w", &[8]), u8s("b", &[4]).at(4, 8)]).cut_off(8),
        ),
        rejects(
            "layout/same-range-without-data",
            "Two tensors stand on one range, and the file ends with its header.",
            Lay1,
            "layout/two-of-a-size",
            Draft::of([u8s("w", &[4]), u8s("b", &[4]).at(0, 4)]).cut_off(8),
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
        // Report: safetensors/safetensors#808: END + 8 + N overflowed, and stopped checked builds.
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
