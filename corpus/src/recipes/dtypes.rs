//! Every dtype, and names that are nearly one.

use super::one;
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::EnumMapDtype;
use spec::RuleId::{Dt1, Dt2, Rd7, Shp2, Size2, Size3, Val6, Val7, Ver1};
use spec::{Dtype, Version};

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    let known = ELEMENTS.iter().flat_map(|(dtype, bytes)| of_dtype(*dtype, bytes));
    known.chain(near_misses()).chain(other_types()).collect()
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

/// The vectors of one dtype: a row of elements, one element alone, and none.
fn of_dtype(dtype: Dtype, bytes: &[u8]) -> Vec<Recipe> {
    let name = dtype.name();
    let of = |shape: &[u64], bytes: &[u8]| Draft::of([Tensor::new("w", name, shape, bytes)]);
    let row = if dtype == Dtype::F4 { 16 } else { 8 };
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
    let id = |dtype: Dtype| {
        format!("dtypes/{}-{what}", dtype.name().to_ascii_lowercase().replace('_', "-"))
    };
    let recipe = accepts(&id(dtype), summary, [Dt2, Dt1, Size2], draft);
    if dtype.since() == Version::V1_0 {
        return recipe;
    }
    let old = if dtype.bits() == 64 { Dtype::F64 } else { Dtype::U8 };
    recipe.also([Rd7, Ver1]).since(dtype.since()).twin(&id(old))
}

/// A tensor whose dtype is spelled like this, quotes included.
fn dtype(id: &str, summary: &str, rule: spec::RuleId, text: &str) -> Recipe {
    rejects(id, summary, rule, ONE, one().swap("\"U8\"", text))
}

fn near_misses() -> Vec<Recipe> {
    let name =
        |id: &str, summary: &str, name: &str| dtype(id, summary, Dt2, &format!("\"{name}\""));
    vec![
        name("dtypes/lower-case", "A dtype in lower case.", "u8"),
        name("dtypes/mixed-case", "BOOL in mixed case.", "Bool"),
        name("dtypes/lower-case-suffix", "An F8 dtype with its suffix in lower case.", "F8_e4m3"),
        name("dtypes/space-after", "A dtype with a space behind it.", "U8 "),
        name("dtypes/space-before", "A dtype with a space before it.", " U8"),
        name("dtypes/nul-after", "A dtype with U+0000 behind it.", r"U8\u0000"),
        name("dtypes/line-feed-after", "A dtype with a line feed behind it.", r"U8\n"),
        name("dtypes/empty", "A dtype of no characters.", ""),
        name("dtypes/cut", "A dtype without its last character.", "U"),
        name("dtypes/too-long", "A dtype with a digit more.", "U80"),
        name("dtypes/fullwidth", "A dtype in fullwidth characters.", "\u{ff35}\u{ff18}"),
        name("dtypes/byte-order-prefix", "A dtype as array libraries write it.", "<u1"),
        name("dtypes/array-library-name", "A dtype under an array library's name.", "uint8"),
        name("dtypes/float-library-name", "The dtype float32, as libraries call it.", "float32"),
        name("dtypes/qualified-name", "A dtype behind the name of a library.", "torch.uint8"),
        name("dtypes/unsigned-alias", "The dtype UINT8, a longer name for U8.", "UINT8"),
        name("dtypes/boolean-alias", "The dtype BOOLEAN, a longer name for BOOL.", "BOOLEAN"),
        name("dtypes/hyphen-in-name", "The dtype BF16 with a hyphen in it.", "BF-16"),
        name("dtypes/hyphen-for-underscore", "An F8 dtype with a hyphen.", "F8-E4M3"),
        name("dtypes/underscore-missing", "An F8 dtype without its underscore.", "F8E4M3"),
        name(
            "dtypes/eight-bit-float-plain",
            "The dtype F8, which leaves the split of bits open.",
            "F8",
        ),
        name("dtypes/eight-bit-float-finite", "F8_E4M3 under its longer name.", "F8_E4M3FN"),
        name("dtypes/eight-bit-float-other-split", "An F8 dtype that is not known.", "F8_E3M4"),
        name("dtypes/eight-bit-float-other-bias", "An F8 dtype by its bias.", "F8_E4M3B11FNUZ"),
        name("dtypes/scale-long-name", "F8_E8M0 under its longer name.", "F8_E8M0FNU"),
        name("dtypes/four-bit-float-by-split", "F4 under its longer name.", "F4_E2M1"),
        name(
            "dtypes/six-bit-float-plain",
            "The dtype F6, which leaves the split of bits open.",
            "F6",
        ),
        name("dtypes/four-bit-signed", "The dtype I4, signed integers of 4 bits.", "I4"),
        name("dtypes/four-bit-unsigned", "The dtype U4, unsigned integers of 4 bits.", "U4"),
        name("dtypes/three-bit-unsigned", "The dtype U3, unsigned integers of 3 bits.", "U3"),
        name("dtypes/one-bit", "The dtype U1, single bits.", "U1"),
        name("dtypes/wide-integer", "The dtype I128, integers of 128 bits.", "I128"),
        name("dtypes/wide-float", "The dtype F128, floats of 128 bits.", "F128"),
        name("dtypes/wide-complex", "The dtype C128, complex numbers of two doubles.", "C128"),
        name("dtypes/narrow-complex", "The dtype C32, complex numbers of two half floats.", "C32"),
        name("dtypes/quantised-block", "The dtype Q8_0, blocks of scaled integers.", "Q8_0"),
        name("dtypes/text", "The dtype STRING.", "STRING"),
        name("dtypes/wild-card", "The dtype is a star, as if for any.", "*"),
        name("dtypes/two-names", "Two dtypes in one string.", "U8,I8"),
        name("dtypes/number-in-quotes", "The number of a dtype, as text.", "0"),
        rejects(
            "dtypes/unknown-of-zero-size",
            "A tensor without elements has an unknown dtype.",
            Dt2,
            "layout/zero-size-at-end",
            one().last_member(r#""b":{"dtype":"U9","shape":[0],"data_offsets":[4,4]}"#),
        )
        .also([Rd7]),
    ]
}

fn other_types() -> Vec<Recipe> {
    let value = |id: &str, summary: &str, text: &str| dtype(id, summary, Dt1, text);
    vec![
        value("dtypes/null", "The dtype is null.", "null"),
        value("dtypes/number", "The dtype is a number.", "0"),
        value("dtypes/true", "The dtype is true.", "true"),
        value("dtypes/array", "The dtype is an array of a name.", r#"["U8"]"#),
        value("dtypes/map-to-null", "The dtype is an object of null.", r#"{"U8":null}"#)
            .forgiven(EnumMapDtype),
        value(
            "dtypes/map-with-name-escaped",
            "The dtype is an object of null, its key spelled with escapes.",
            r#"{"\u0055\u0038":null}"#,
        )
        .forgiven(EnumMapDtype),
        rejects(
            "dtypes/map-of-float",
            "The dtype of a scalar is an object of null.",
            Dt1,
            "shapes/scalar",
            Draft::of([super::tensor("w", "F32", &[], 4).dtype_text(r#"{"F32": null}"#)]),
        )
        .forgiven(EnumMapDtype),
        value(
            "dtypes/map-to-empty-array",
            "The dtype is an object of an empty array.",
            r#"{"U8":[]}"#,
        ),
        value(
            "dtypes/map-to-empty-object",
            "The dtype is an object of an empty object.",
            r#"{"U8":{}}"#,
        ),
        value("dtypes/map-to-false", "The dtype is an object of false.", r#"{"U8":false}"#),
        value("dtypes/map-to-string", "The dtype is an object of a text.", r#"{"U8":""}"#),
        value("dtypes/map-empty", "The dtype is an empty object.", "{}"),
        value(
            "dtypes/map-of-two",
            "The dtype is an object of two members.",
            r#"{"U8":null,"I8":null}"#,
        ),
        value(
            "dtypes/map-of-one-twice",
            "The dtype is an object with one key twice.",
            r#"{"U8":null,"U8":null}"#,
        ),
        value(
            "dtypes/map-of-unknown",
            "The dtype is an object of null whose key is no dtype.",
            r#"{"u8":null}"#,
        )
        .also([Dt2]),
    ]
}
