//! Strings that are no dtypes: names that are nearly one, and names from elsewhere.

use super::{ELEMENTS, dtype, id, row};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, rejects};
use crate::recipes::one;
use spec::Dtype;
use spec::RuleId::{Dt2, Rd7};

/// A tensor whose dtype is this string.
fn name(id: &str, summary: &str, name: &str) -> Recipe {
    dtype(id, summary, Dt2, &format!("\"{name}\""))
}

/// A row of elements of a dtype, under another name: its size is right if the name is understood.
fn renamed(name_id: &str, summary: &str, meant: Dtype, name: &str) -> Recipe {
    let elements = ELEMENTS.iter().find(|(dtype, _)| *dtype == meant);
    let bytes = elements.map_or(&[][..], |(_, bytes)| bytes);
    let tensor = Tensor::new("w", meant.name(), &[row(meant)], bytes);
    let draft = Draft::of([tensor.dtype_text(format!("\"{name}\""))]);
    rejects(name_id, summary, Dt2, &id(meant, "row"), draft)
}

pub(super) fn near_misses() -> Vec<Recipe> {
    vec![
        name("dtypes/lower-case", "A dtype in lower case.", "u8"),
        name("dtypes/mixed-case", "BOOL in mixed case.", "Bool"),
        name("dtypes/lower-case-suffix", "An F8 dtype with its suffix in lower case.", "F8_e4m3"),
        renamed("dtypes/bool-in-lower-case", "BOOL in lower case.", Dtype::Bool, "bool"),
        renamed("dtypes/float-in-lower-case", "F32 in lower case.", Dtype::F32, "f32"),
        renamed("dtypes/brain-float-in-lower-case", "BF16 in lower case.", Dtype::Bf16, "bf16"),
        renamed("dtypes/complex-in-lower-case", "C64 in lower case.", Dtype::C64, "c64"),
        renamed(
            "dtypes/eight-bit-float-in-lower-case",
            "F8_E5M2 in lower case.",
            Dtype::F8E5m2,
            "f8_e5m2",
        ),
        renamed(
            "dtypes/fnuz-in-lower-case",
            "F8_E5M2FNUZ with its end in lower case.",
            Dtype::F8E5m2Fnuz,
            "F8_E5M2fnuz",
        ),
        name("dtypes/tab-after", "A dtype with a tab behind it.", r"U8\t"),
        name("dtypes/space-inside", "A dtype with a space in it.", "U 8"),
        name("dtypes/byte-order-mark-before", "A dtype with U+FEFF before it.", "\u{feff}U8"),
        name("dtypes/zero-width-space-after", "A dtype with U+200B behind it.", "U8\u{200b}"),
        name(
            "dtypes/look-alike",
            "A dtype whose first letter is U+054D, which looks like U.",
            "\u{54d}8",
        ),
        name("dtypes/underscore-after", "A dtype with an underscore behind it.", "U8_"),
        renamed(
            "dtypes/byte-order-suffix",
            "A dtype with an order of bytes behind it.",
            Dtype::U16,
            "U16LE",
        ),
        name("dtypes/length-suffix", "A dtype with a length behind it.", "U8[4]"),
        renamed(
            "dtypes/split-cut",
            "An F8 dtype without the last digit of its split.",
            Dtype::F8E4m3,
            "F8_E4M",
        ),
        renamed(
            "dtypes/suffix-cut",
            "F8_E4M3FNUZ without its last letter.",
            Dtype::F8E4m3Fnuz,
            "F8_E4M3FNU",
        ),
        renamed(
            "dtypes/suffix-too-long",
            "F8_E4M3FNUZ with a letter more.",
            Dtype::F8E4m3Fnuz,
            "F8_E4M3FNUZZ",
        ),
        renamed("dtypes/split-alone", "An F8 dtype without its width.", Dtype::F8E4m3, "E4M3"),
        name("dtypes/two-bit-unsigned", "The dtype U2, unsigned integers of 2 bits.", "U2"),
        renamed(
            "dtypes/nineteen-bit-float",
            "The dtype TF32, floats of 19 bits.",
            Dtype::F32,
            "TF32",
        ),
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

/// Names of dtypes in other libraries and formats: where it is from, what follows `dtypes/` in the
/// id, the dtype whose elements it could stand for, and the name.
static ELSEWHERE: &[(&str, &str, Dtype, &str)] = &[
    ("NumPy", "array-library-bytes", Dtype::U8, "|u1"),
    ("NumPy", "array-library-big-end-first", Dtype::F32, ">f4"),
    ("NumPy", "array-library-float-like-f4", Dtype::F32, "f4"),
    ("NumPy", "array-library-letter", Dtype::U8, "B"),
    ("NumPy", "array-library-truth-value", Dtype::Bool, "bool_"),
    ("NumPy", "array-library-half", Dtype::F16, "float16"),
    ("PyTorch", "tensor-library-float", Dtype::F32, "torch.float32"),
    ("PyTorch", "tensor-library-brain-float", Dtype::Bf16, "bfloat16"),
    ("PyTorch", "tensor-library-eight-bit-float", Dtype::F8E4m3, "float8_e4m3fn"),
    ("PyTorch", "tensor-library-pairs-of-four-bits", Dtype::F4, "float4_e2m1fn_x2"),
    ("TensorFlow", "graph-library-enumeration", Dtype::U8, "DT_UINT8"),
    ("XLA", "compiler-truth-value", Dtype::Bool, "pred"),
    ("XLA", "compiler-signed", Dtype::I8, "s8"),
    ("GGUF", "block-format-four-bits", Dtype::U8, "Q4_0"),
    ("GGUF", "block-format-nested-scales", Dtype::U8, "Q4_K"),
    ("GGUF", "block-format-shared-scale", Dtype::F4, "MXFP4"),
    ("ONNX", "exchange-format-float", Dtype::F32, "FLOAT"),
    ("ONNX", "exchange-format-half", Dtype::F16, "FLOAT16"),
    ("ONNX", "exchange-format-eight-bit-float", Dtype::F8E4m3, "FLOAT8E4M3FN"),
    ("ONNX", "exchange-format-four-bits", Dtype::F4, "UINT4"),
    ("ONNX", "exchange-format-type", Dtype::U8, "tensor(uint8)"),
    ("Arrow", "column-format-bytes", Dtype::U8, "UInt8"),
    ("Arrow", "column-format-half", Dtype::F16, "halffloat"),
    ("Arrow", "column-format-text", Dtype::U8, "utf8"),
];

pub(super) fn of_other_libraries() -> Vec<Recipe> {
    let recipe = |(from, what, meant, name): &(&str, &str, Dtype, &str)| {
        let summary = format!("The dtype {name}, a name of {from}.");
        renamed(&format!("dtypes/{what}"), &summary, *meant, name)
    };
    ELSEWHERE.iter().map(recipe).collect()
}
