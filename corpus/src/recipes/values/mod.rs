//! Bytes of elements that a reader hands on as they are.

mod landmarks;
mod packed;
mod patterns;

use super::u8s;
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts};
use spec::RuleId::{Lay5, Val1, Val2, Val6, Val7, Val8};

/// Too many bytes for their values to be worth a list.
const NOT_VALUED: &str = "values/some-thousand-bytes";

pub(super) fn recipes() -> Vec<Recipe> {
    let all = [bytes(), packed::recipes(), patterns::recipes(), landmarks::recipes()];
    let all = all.into_iter().flatten();
    all.map(|recipe| if recipe.id() == NOT_VALUED { recipe } else { recipe.valued() }).collect()
}

fn of(dtype: &str, shape: &[u64], bytes: &[u8]) -> Draft {
    Draft::of([Tensor::new("w", dtype, shape, bytes)])
}

/// Elements narrower than a byte, from the least significant bit of the first byte on.
fn pack(width: u32, codes: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let (mut bytes, mut waiting, mut bits) = (Vec::new(), 0, 0);
    for code in codes {
        waiting |= code << bits;
        bits += width;
        while bits >= 8 {
            bytes.push(u8::try_from(waiting & 0xff).unwrap_or(u8::MAX));
            waiting >>= 8;
            bits -= 8;
        }
    }
    bytes
}

fn bytes() -> Vec<Recipe> {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    vec![
        accepts(
            "values/every-byte",
            "All bytes from 0 to 255, in order.",
            [Val7],
            of("U8", &[256], &all),
        ),
        accepts("values/zeros", "A tensor of zero bytes.", [Val7], of("U8", &[16], &[0; 16])),
        accepts(
            "values/bool-other-than-one",
            "BOOL bytes of 02, FF and 80 beside 00 and 01.",
            [Val6, Val8, Val7],
            of("BOOL", &[5], &[0x02, 0xff, 0x00, 0x80, 0x01]),
        ),
        accepts(
            "values/single-precision-nans",
            "NaNs of F32, quiet and signalling, of both signs, with payloads.",
            [Val6, Val7],
            of("F32", &[2, 2], b"\x01\0\x80\x7f\x45\x23\xc1\x7f\x67\x45\xa3\xff\xff\xff\xff\xff"),
        ),
        accepts(
            "values/double-precision-nans",
            "NaNs of F64, quiet and signalling, with payloads.",
            [Val6, Val7],
            of("F64", &[2], b"\x01\0\0\0\0\0\xf0\x7f\xef\xcd\xab\x90\x78\x56\xfc\xff"),
        ),
        accepts(
            "values/half-precision-nans",
            "Signalling NaNs of F16, which a detour through F32 would change.",
            [Val6, Val7],
            of("F16", &[3], b"\x01\x7c\x55\xfd\xff\x7d"),
        ),
        accepts(
            "values/zeros-of-both-signs",
            "Zeros of F32, positive and negative in turn.",
            [Val7],
            of("F32", &[4], b"\0\0\0\0\0\0\0\x80\0\0\0\x80\0\0\0\0"),
        ),
        accepts(
            "values/subnormals",
            "Subnormal numbers of F64, which some arithmetic flushes to zero.",
            [Val7],
            of("F64", &[2], b"\x01\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\x0f\x80"),
        ),
        accepts(
            "values/little-end-first",
            "Numbers of U16, U32 and U64 whose bytes all differ.",
            [Val2],
            Draft::of([
                Tensor::new("z", "U64", &[1], &[1, 2, 3, 4, 5, 6, 7, 8]),
                Tensor::new("y", "U32", &[1], &[9, 10, 11, 12]),
                Tensor::new("x", "U16", &[1], &[13, 14]),
            ]),
        ),
        accepts(
            "values/row-major",
            "Twenty-four elements in three dimensions, numbered in order of their bytes.",
            [Val1],
            of("U8", &[2, 3, 4], &(1..=24).collect::<Vec<u8>>()),
        ),
        accepts(
            "values/header-inside-data",
            "The bytes of a tensor are themselves a safetensors file.",
            [Val7, Lay5],
            {
                let inner = super::one().to_bytes();
                of("U8", &[u64::try_from(inner.len()).unwrap_or(0)], &inner)
            },
        ),
        accepts(
            "values/text-inside-data",
            "The bytes of a tensor are JSON text.",
            [Val7],
            of("U8", &[8], b"{\"a\":[]}"),
        ),
        accepts(
            "values/first-and-last-byte-apart",
            "Two tensors that differ in their first and last byte only.",
            [Val7, Val1],
            Draft::of([
                Tensor::new("w", "U8", &[5], &[1, 7, 7, 7, 2]),
                Tensor::new("b", "U8", &[5], &[3, 7, 7, 7, 4]),
            ]),
        ),
        accepts(
            "values/some-thousand-bytes",
            "A tensor of some thousand bytes, to be read in more than one piece.",
            [Val7],
            Draft::of([u8s("w", &[20_000])]),
        ),
    ]
}
