//! Every dtype, and elements whose bits are easily lost or moved.

use super::{Making, given, made, made_up, refuses, writes};
use spec::RuleId::{Dt2, Size2, Val2, Val3, Val4, Val5, Val7, Val9, Wr1, Wr4, Wr5, Wr10};
use spec::{DTYPES, Dtype};

pub(super) fn tasks() -> Vec<Making> {
    let dtypes = DTYPES.iter().map(|row| of_dtype(row.dtype));
    let bytes = [
        Dtype::F8E5m2,
        Dtype::F8E4m3,
        Dtype::F8E8m0,
        Dtype::F8E4m3Fnuz,
        Dtype::F8E5m2Fnuz,
        Dtype::I8,
        Dtype::F4,
    ]
    .into_iter()
    .map(every_byte);
    let rest = [packed(), floats(), integers(), truth_values(), unknown()];
    dtypes.chain(bytes).chain(rest.into_iter().flatten()).collect()
}

/// Two rows of four elements, which are whole bytes at every width.
fn of_dtype(dtype: Dtype) -> Making {
    writes(
        &format!("write/dtype-{}", word(dtype)),
        &format!("Two rows of four elements of the dtype {dtype}."),
        [Wr1, Wr5, Dt2],
        [made("w", dtype, &[2, 4])],
    )
}

fn every_byte(dtype: Dtype) -> Making {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    writes(
        &format!("write/every-byte-as-{}", word(dtype)),
        &format!("The bytes 0x00 to 0xFF, as elements of the dtype {dtype}."),
        [Wr5, Val7],
        [given("w", dtype.name(), &[256 * 8 / dtype.bits()], bytes)],
    )
}

/// A dtype as a part of an id.
fn word(dtype: Dtype) -> String {
    dtype.name().to_ascii_lowercase().replace('_', "-")
}

fn packed() -> Vec<Making> {
    vec![
        writes(
            "write/f4-pair",
            "Two F4 elements, which are one byte.",
            [Wr4, Size2, Val4],
            [given("w", "F4", &[2], [0x21])],
        ),
        writes(
            "write/f4-even-row",
            "Four F4 elements, those that the text works out.",
            [Wr4, Size2, Val4],
            [given("w", "F4", &[4], [0x21, 0x5f])],
        ),
        writes(
            "write/f4-odd-rows",
            "Two rows of three F4 elements, so that a byte belongs to two rows.",
            [Wr10, Size2, Val4],
            [given("w", "F4", &[2, 3], [0x21, 0x43, 0x65])],
        )
        .or_refused(Wr10),
        writes(
            "write/f6-row",
            "Four F6_E2M3 elements, those that the text works out.",
            [Wr4, Size2, Val5],
            [given("w", "F6_E2M3", &[4], [0x81, 0xf8, 0xa9])],
        ),
        writes(
            "write/f6-rows-of-two",
            "Rows of two F6_E3M2 elements, so that a byte belongs to two rows.",
            [Wr5, Size2, Val5],
            [given("w", "F6_E3M2", &[2, 2], [0x42, 0x31, 0x14])],
        ),
    ]
}

/// What a conversion through another type, or a comparison by value, loses.
fn floats() -> Vec<Making> {
    let halves = |codes: &[u16]| concat(codes, u16::to_le_bytes);
    let singles = |codes: &[u32]| concat(codes, u32::to_le_bytes);
    let doubles = |codes: &[u64]| concat(codes, u64::to_le_bytes);
    let of = |id: &str, summary: &str, dtype: &str, count, bytes: Vec<u8>| {
        writes(id, summary, [Wr5, Val7], [given("w", dtype, &[count], bytes)])
    };
    vec![
        of(
            "write/nans-of-half",
            "F16 NaNs with the least, the greatest and the usual payload, of both signs.",
            "F16",
            6,
            halves(&[0x7c01, 0x7dff, 0x7e00, 0x7fff, 0xfc01, 0xffff]),
        ),
        of(
            "write/nans-of-bfloat",
            "BF16 NaNs with the least, the greatest and the usual payload, of both signs.",
            "BF16",
            6,
            halves(&[0x7f81, 0x7fbf, 0x7fc0, 0x7fff, 0xff81, 0xffff]),
        ),
        of(
            "write/nans-of-single",
            "F32 NaNs, signalling and quiet ones, with payloads, of both signs.",
            "F32",
            6,
            singles(&[
                0x7f80_0001,
                0x7fbf_ffff,
                0x7fc0_0000,
                0x7fd2_3456,
                0xff80_0001,
                0xffff_ffff,
            ]),
        ),
        of(
            "write/nans-of-double",
            "F64 NaNs, signalling and quiet ones, with payloads, of both signs.",
            "F64",
            5,
            doubles(&[
                0x7ff0_0000_0000_0001,
                0x7ff8_0000_0000_0000,
                0x7ffa_bcde_f012_3456,
                0xfff0_0000_0000_0001,
                0xffff_ffff_ffff_ffff,
            ]),
        ),
        of(
            "write/zeros-of-both-signs",
            "F32 zeros of both signs by turns.",
            "F32",
            4,
            singles(&[0, 0x8000_0000, 0x8000_0000, 0]),
        ),
        of(
            "write/half-zeros-of-both-signs",
            "F16 zeros of both signs by turns.",
            "F16",
            4,
            halves(&[0x8000, 0, 0, 0x8000]),
        ),
        of(
            "write/ends-of-single",
            "F32 infinities, the greatest and the least numbers, and subnormal ones.",
            "F32",
            7,
            singles(&[
                0x7f80_0000,
                0xff80_0000,
                0x7f7f_ffff,
                0x0080_0000,
                0x007f_ffff,
                0x0000_0001,
                0x8000_0001,
            ]),
        ),
        writes(
            "write/complex-parts",
            "C64 elements whose parts are a NaN with a payload, a negative zero and an infinity.",
            [Wr5, Val3, Val7],
            [given(
                "w",
                "C64",
                &[2],
                singles(&[0x7fc0_0001, 0x8000_0000, 0xff80_0000, 0x3f80_0000]),
            )],
        ),
    ]
}

fn integers() -> Vec<Making> {
    let wide = |codes: &[u64]| concat(codes, u64::to_le_bytes);
    vec![
        writes(
            "write/unsigned-beyond-doubles",
            "U64 elements that no double holds: 2^53 + 1, 2^63 + 1 and 2^64 - 1.",
            [Wr5, Val2],
            [given("w", "U64", &[3], wide(&[(1 << 53) + 1, (1 << 63) + 1, u64::MAX]))],
        ),
        writes(
            "write/signed-beyond-doubles",
            "I64 elements that no double holds, and the least one.",
            [Wr5, Val2],
            [given(
                "w",
                "I64",
                &[3],
                wide(&[(1 << 53) + 1, (-(1_i64 << 53) - 1).cast_unsigned(), 1 << 63]),
            )],
        ),
        writes(
            "write/order-of-bytes",
            "Elements of two, four and eight bytes, each of which differs from the others.",
            [Wr5, Val2],
            [
                given("two", "U16", &[2], [1, 2, 3, 4]),
                given("four", "U32", &[1], [1, 2, 3, 4]),
                given("eight", "I64", &[1], [1, 2, 3, 4, 5, 6, 7, 8]),
            ],
        ),
    ]
}

fn truth_values() -> Vec<Making> {
    vec![
        writes(
            "write/bool-elements",
            "BOOL elements, 0x00 and 0x01 in no regular order.",
            [Val9],
            [given("w", "BOOL", &[5], [0, 1, 1, 0, 1])],
        ),
        // The text says what may stand in the file, and leaves open whether such bytes are taken.
        writes(
            "write/bool-elements-of-other-bytes",
            "An array of BOOL elements, in whose memory other bytes than 0x00 and 0x01 stand for true.",
            [Val9],
            [given("w", "BOOL", &[5], [0, 1, 2, 0x80, 0xff])],
        )
        .or_refused(Val9),
    ]
}

fn unknown() -> Vec<Making> {
    let cases = [
        ("write/dtype-of-no-table", "F33", Dtype::F32),
        ("write/dtype-of-eight-bits-elsewhere", "F8_E3M4", Dtype::F8E4m3),
        ("write/dtype-of-four-bits-elsewhere", "I4", Dtype::F4),
    ];
    let task = |(id, name, dtype): (&str, &str, Dtype)| {
        let summary = format!("The tensor that could be one of {dtype}, as one of `{name}`.");
        let twin = format!("write/dtype-{}", word(dtype));
        refuses(id, &summary, (Wr1, [Dt2]), &twin, [given("w", name, &[2, 4], made_up(dtype, 8))])
    };
    cases.into_iter().map(task).collect()
}

/// The bytes of numbers, one after the other.
fn concat<T: Copy, const WIDTH: usize>(numbers: &[T], bytes: fn(T) -> [u8; WIDTH]) -> Vec<u8> {
    numbers.iter().flat_map(|number| bytes(*number)).collect()
}
