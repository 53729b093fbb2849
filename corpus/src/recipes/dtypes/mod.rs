//! Every dtype, and names that are nearly one.

mod names;
mod types;

use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::one;
use spec::RuleId::{Dt1, Dt2, Rd7, Shp2, Size2, Size3, Val6, Val7, Ver1};
use spec::{Dtype, Version};

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    let known = ELEMENTS.iter().flat_map(|(dtype, bytes)| of_dtype(*dtype, bytes));
    known
        .chain(names::near_misses())
        .chain(names::of_other_libraries())
        .chain(types::other_types())
        .collect()
}

/// Eight elements of each dtype (of F4: all sixteen), as bytes: the smallest and greatest values,
/// subnormals, a negative zero, infinities and NaNs with payloads, where the dtype has them.
static ELEMENTS: &[(Dtype, &[u8])] = &[
    (Dtype::Bool, &[1, 0, 1, 1, 0, 0, 1, 0]),
    (Dtype::U8, &[0x01, 0x7f, 0x80, 0xff, 0x00, 0x55, 0xaa, 0x10]),
    (Dtype::I8, &[0x02, 0x7f, 0x80, 0xff, 0x00, 0x56, 0xab, 0xf0]),
    (Dtype::U16, b"\x01\x00\xff\x00\x00\xff\xff\xff\x00\x80\xff\x7f\x34\x12\x00\x01"),
    (Dtype::I16, b"\x02\x00\xff\x00\x00\xff\xff\xff\x00\x80\xff\x7f\x35\x12\x00\x01"),
    (Dtype::F16, b"\x00\x3c\x00\x80\x01\x00\xff\x7b\x00\x7c\x00\xfc\x01\x7e\x02\x7d"),
    (Dtype::Bf16, b"\x80\x3f\x00\x80\x01\x00\x7f\x7f\x80\x7f\x80\xff\xc1\x7f\xa2\x7f"),
    (
        Dtype::U32,
        b"\x01\0\0\0\xff\xff\xff\xff\0\0\0\x80\xff\xff\xff\x7f\x78\x56\x34\x12\0\x01\0\0\0\0\x01\0\0\0\0\x01",
    ),
    (
        Dtype::I32,
        b"\x02\0\0\0\xff\xff\xff\xff\0\0\0\x80\xff\xff\xff\x7f\x79\x56\x34\x12\0\x01\0\0\0\0\x01\0\0\0\0\x01",
    ),
    (
        Dtype::F32,
        b"\0\0\x80\x3f\0\0\0\x80\x01\0\0\0\xff\xff\x7f\x7f\0\0\x80\x7f\0\0\x80\xff\x01\0\xc0\x7f\x02\0\xa0\xff",
    ),
    (
        Dtype::U64,
        b"\x01\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x80\xff\xff\xff\xff\xff\xff\xff\x7f\
          \x01\0\0\0\0\0\x20\0\xef\xcd\xab\x89\x67\x45\x23\x01\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\x01",
    ),
    (
        Dtype::I64,
        b"\x02\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x80\xff\xff\xff\xff\xff\xff\xff\x7f\
          \x01\0\0\0\0\0\x20\0\xee\xcd\xab\x89\x67\x45\x23\x01\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\x01",
    ),
    (
        Dtype::F64,
        b"\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x80\x01\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xef\x7f\
          \0\0\0\0\0\0\xf0\x7f\0\0\0\0\0\0\xf0\xff\x01\0\0\0\0\0\xf8\x7f\x02\0\0\0\0\0\xf4\xff",
    ),
    (Dtype::F8E5m2, &[0x3c, 0x80, 0x01, 0x7b, 0x7c, 0xfc, 0x7e, 0xfd]),
    (Dtype::F8E4m3, &[0x38, 0x80, 0x01, 0x7e, 0xfe, 0x7f, 0xff, 0x08]),
    (Dtype::F4, &[0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe]),
    // The codes 01 02 3f 20 and 15 2a 1f 0c, as a little-endian bit stream.
    (Dtype::F6E2m3, &[0x81, 0xf0, 0x83, 0x95, 0xfa, 0x31]),
    // The codes 03 04 3e 21 and 16 29 1e 0d, as a little-endian bit stream.
    (Dtype::F6E3m2, &[0x03, 0xe1, 0x87, 0x56, 0xea, 0x35]),
    (Dtype::F8E8m0, &[0x7f, 0x00, 0x01, 0xfe, 0xff, 0x80, 0x7e, 0x55]),
    (
        Dtype::C64,
        b"\0\0\x80\x3f\0\0\0\x80\x01\0\0\0\xff\xff\x7f\x7f\0\0\x80\x7f\0\0\x80\xff\x01\0\xc0\x7f\x02\0\xa0\xff\
          \0\0\0\x40\0\0\0\xc0\0\0\x40\x40\0\0\x40\xc0\0\0\x80\x40\0\0\x80\xc0\0\0\xa0\x40\0\0\xa0\xc0",
    ),
    (Dtype::F8E4m3Fnuz, &[0x40, 0x80, 0x01, 0x7f, 0xff, 0x81, 0x08, 0x77]),
    (Dtype::F8E5m2Fnuz, &[0x41, 0x80, 0x02, 0x7e, 0xfe, 0x82, 0x04, 0x76]),
];

/// How many elements of a dtype there are in [`ELEMENTS`].
fn row(dtype: Dtype) -> u64 {
    if dtype == Dtype::F4 { 16 } else { 8 }
}

/// The id of a vector that shows a dtype.
fn id(dtype: Dtype, what: &str) -> String {
    format!("dtypes/{}-{what}", dtype.name().to_ascii_lowercase().replace('_', "-"))
}

/// The vectors of one dtype: a row of elements, one element alone, and none.
fn of_dtype(dtype: Dtype, bytes: &[u8]) -> Vec<Recipe> {
    let name = dtype.name();
    let of = |shape: &[u64], bytes: &[u8]| Draft::of([Tensor::new("w", name, shape, bytes)]);
    let row = row(dtype);
    let mut recipes = vec![
        known(
            dtype,
            "row",
            &format!("{row} elements of {name} with distinct bit patterns."),
            of(&[row], bytes),
        )
        .also([Size3, Val6, Val7])
        .valued(),
        known(dtype, "zero-size", &format!("A tensor of {name} without elements."), of(&[0], &[]))
            .also([Shp2]),
    ];
    let element = usize::try_from(dtype.alignment()).ok().and_then(|width| bytes.get(..width));
    if let Some(element) = element.filter(|_| dtype.bits() >= 8) {
        let summary = format!("One element of {name}, without dimensions.");
        let scalar = known(dtype, "scalar", &summary, of(&[], element));
        recipes.push(scalar.also([Shp2]).valued());
    }
    recipes
}

/// An accepting vector of a dtype; older versions get its twin of a first dtype.
fn known(dtype: Dtype, what: &str, summary: &str, draft: Draft) -> Recipe {
    let recipe = accepts(&id(dtype, what), summary, [Dt2, Dt1, Size2], draft);
    if dtype.since() == Version::V1_0 {
        return recipe;
    }
    let old = if dtype.bits() == 64 { Dtype::F64 } else { Dtype::U8 };
    recipe.also([Rd7, Ver1]).since(dtype.since()).twin(&id(old, what))
}

/// A tensor whose dtype is spelled like this, quotes included.
fn dtype(id: &str, summary: &str, rule: spec::RuleId, text: &str) -> Recipe {
    rejects(id, summary, rule, ONE, one().swap("\"U8\"", text))
}
