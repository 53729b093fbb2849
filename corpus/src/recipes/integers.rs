//! Spelling and range of dimensions and offsets.

use super::{one, tensor, u8s};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Int1, Int2, Int3, Lim1, Rd6, Shp2, Wr9};

const ONE: &str = "layout/one-tensor";
const ZERO: &str = "layout/zero-size-only";

pub(super) fn recipes() -> Vec<Recipe> {
    [large(), no_number(), spelling(), range()].into_iter().flatten().collect()
}

/// Dimensions at which some machine's numbers end: what the id calls it, what the summary calls it,
/// and the dimension.
static LARGE: &[(&str, &str, u64)] = &[
    ("two-to-the-31-less-one", "2^31 - 1", (1 << 31) - 1),
    ("two-to-the-31", "2^31", 1 << 31),
    ("two-to-the-31-and-one", "2^31 + 1", (1 << 31) + 1),
    ("two-to-the-32-less-one", "2^32 - 1", (1 << 32) - 1),
    ("two-to-the-32", "2^32", 1 << 32),
    ("two-to-the-32-and-one", "2^32 + 1", (1 << 32) + 1),
    ("greatest-in-doubles", "2^53 - 1", GREATEST_IN_DOUBLES),
    ("two-to-the-53", "2^53", 1 << 53),
    ("rounds-in-doubles", "2^53 + 1", (1 << 53) + 1),
];

const GREATEST_IN_DOUBLES: u64 = (1 << 53) - 1;

/// A tensor without elements that has this large dimension.
fn dimension(id: &str, summary: &str, dimension: u64, shape: &[u64]) -> Recipe {
    let draft = Draft::of([tensor("z", "U8", shape, 0)]);
    let mut recipe = accepts(id, summary, [Int3, Int2, Int1, Rd6], draft).also([Shp2]);
    if dimension >= 1 << 31 {
        recipe = recipe.also([Lim1]);
    }
    if dimension > GREATEST_IN_DOUBLES {
        recipe = recipe.also([Wr9]);
    }
    recipe
}

/// Each large dimension after a 0, before it, and around it with a third.
fn large() -> Vec<Recipe> {
    let orders = |(name, text, large): &(&str, &str, u64)| {
        [
            dimension(
                &format!("integers/{name}"),
                &format!("A dimension of {text}."),
                *large,
                &[0, *large],
            ),
            dimension(
                &format!("integers/{name}-before-zero"),
                &format!("A dimension of {text} before one of 0."),
                *large,
                &[*large, 0],
            ),
            dimension(
                &format!("integers/{name}-before-zero-and-one"),
                &format!("A dimension of {text} before one of 0 and one of 1."),
                *large,
                &[*large, 0, 1],
            ),
        ]
    };
    let many_digits = 1_234_567_890_123_456_789;
    let many_digits = dimension(
        "integers/many-digits",
        "A dimension of nineteen digits, all of which count.",
        many_digits,
        &[0, many_digits],
    );
    LARGE.iter().flat_map(orders).chain([many_digits]).collect()
}

/// The only tensor, without bytes.
fn zero() -> Draft {
    Draft::of([u8s("z", &[0])])
}

/// One tensor, with its shape or its offsets spelled like this.
fn spelled(id: &str, summary: &str, rule: spec::RuleId, from: &str, to: &str) -> Recipe {
    rejects(id, summary, rule, ONE, one().swap(from, to))
}

fn no_number() -> Vec<Recipe> {
    let shape = |id: &str, summary: &str, text: &str| spelled(id, summary, Int1, "[4]", text);
    let offsets = |id: &str, summary: &str, text: &str| spelled(id, summary, Int1, "[0,4]", text);
    vec![
        shape("integers/dimension-in-quotes", "A dimension is a string of digits.", r#"["4"]"#),
        shape("integers/dimension-null", "A dimension of null.", "[null]"),
        shape("integers/dimension-true", "A dimension of true.", "[4,true]"),
        shape("integers/dimension-array", "A dimension that is an array.", "[[4]]"),
        shape("integers/dimension-object", "A dimension that is an object.", "[{}]"),
        rejects(
            "integers/dimension-false",
            "A dimension of false, of a tensor without bytes.",
            Int1,
            ZERO,
            zero().swap("[0]", "[false]"),
        ),
        shape("integers/dimension-name", "A dimension is a name.", r#"["batch",4]"#),
        offsets("integers/end-in-quotes", "END is a string of digits.", r#"[0,"4"]"#),
        offsets(
            "integers/offsets-in-quotes",
            "Both offsets are strings of digits.",
            r#"["0","4"]"#,
        ),
        offsets("integers/begin-in-quotes", "BEGIN is a string of a digit.", r#"["0",4]"#),
        offsets("integers/begin-empty-string", "BEGIN is an empty string.", r#"["",4]"#),
        offsets("integers/begin-array", "BEGIN is an array.", "[[0],4]"),
        offsets("integers/begin-empty-array", "BEGIN is an empty array.", "[[],4]"),
        offsets("integers/begin-object", "BEGIN is an object.", "[{},4]"),
        rejects(
            "integers/begin-true",
            "BEGIN of the second tensor is true, where the first has one byte.",
            Int1,
            "alignment/wide-after-narrow",
            Draft::of([u8s("w", &[1]), tensor("b", "F64", &[2], 16)]).swap("[1,17]", "[true,17]"),
        ),
        offsets("integers/begin-null", "BEGIN is null.", "[null,4]"),
        offsets("integers/begin-false", "BEGIN is false.", "[false,4]"),
        offsets("integers/end-null", "END is null.", "[0,null]"),
        rejects(
            "integers/end-true",
            "END of a tensor of one byte is true.",
            Int1,
            "shapes/one-element",
            Draft::of([u8s("w", &[1])]).swap("[0,1]", "[0,true]"),
        ),
        rejects(
            "integers/end-false",
            "END of a tensor without bytes is false.",
            Int1,
            ZERO,
            zero().swap("[0,0]", "[0,false]"),
        ),
        offsets("integers/end-array", "END is an array.", "[0,[4]]"),
        offsets("integers/end-object", "END is an object.", "[0,{}]"),
    ]
}

fn spelling() -> Vec<Recipe> {
    let shape = |id: &str, summary: &str, text: &str| spelled(id, summary, Int2, "[4]", text);
    let offsets = |id: &str, summary: &str, text: &str| spelled(id, summary, Int2, "[0,4]", text);
    vec![
        shape("integers/dimension-with-point", "A dimension of 4.0.", "[4.0]"),
        shape("integers/dimension-with-exponent", "A dimension of 4e0.", "[4e0]"),
        shape("integers/dimension-in-upper-case-exponent", "A dimension of 4E0.", "[4E0]"),
        shape("integers/dimension-with-negative-exponent", "A dimension of 40e-1.", "[40e-1]"),
        shape("integers/dimension-with-fraction", "A dimension of 4.5.", "[4.5]"),
        shape("integers/dimension-with-huge-exponent", "A dimension of 1e999.", "[1e999]"),
        shape("integers/dimension-negative", "A dimension of -4.", "[-4]"),
        shape(
            "integers/dimension-of-signed-minimum",
            "A dimension of -2^63.",
            "[-9223372036854775808]",
        ),
        shape("integers/dimensions-negative-twice", "Two dimensions of -2.", "[-2,-2]"),
        shape("integers/dimension-minus-one", "A dimension to be found out, -1.", "[-1]"),
        offsets("integers/begin-negative-zero", "BEGIN is -0.", "[-0,4]"),
        offsets("integers/begin-negative-zero-with-point", "BEGIN is -0.0.", "[-0.0,4]"),
        offsets("integers/begin-with-point", "BEGIN is 0.0.", "[0.0,4]"),
        offsets("integers/begin-zero-with-exponent", "BEGIN is 0e5.", "[0e5,4]"),
        offsets("integers/begin-negative", "BEGIN is -4, and END is 0.", "[-4,0]"),
        offsets(
            "integers/offsets-negative-into-header",
            "BEGIN is -8 and END is -4, as if counted back into the header.",
            "[-8,-4]",
        ),
        offsets("integers/begin-minus-one", "BEGIN is -1, and END is 3.", "[-1,3]"),
        offsets(
            "integers/begin-of-signed-minimum",
            "BEGIN is -2^63, and END is 4.",
            "[-9223372036854775808,4]",
        ),
        rejects(
            "integers/end-negative-zero",
            "END of a tensor without bytes is -0.",
            Int2,
            ZERO,
            zero().swap("[0,0]", "[0,-0]"),
        ),
        offsets("integers/end-with-point", "END is 4.0.", "[0,4.0]"),
        offsets("integers/end-with-exponent", "END is 4e0.", "[0,4e0]"),
        offsets("integers/end-negative", "END is -1, as if counted from the end.", "[0,-1]"),
        rejects(
            "integers/dimension-negative-zero",
            "A dimension of -0.",
            Int2,
            ZERO,
            zero().swap("[0]", "[-0]"),
        ),
    ]
}

fn range() -> Vec<Recipe> {
    let shape = |id: &str, summary: &str, text: &str| spelled(id, summary, Int3, "[4]", text);
    let offsets = |id: &str, summary: &str, text: &str| spelled(id, summary, Int3, "[0,4]", text);
    let digits = format!("[4{}]", "0".repeat(400));
    vec![
        shape("integers/dimension-of-65-bits", "A dimension of 2^64.", "[18446744073709551616]"),
        shape(
            "integers/dimension-wraps-to-size",
            "A dimension of 2^64 + 4, which wraps to 4.",
            "[18446744073709551620]",
        ),
        shape(
            "integers/dimension-of-128-bits",
            "A dimension of 2^128 + 4.",
            "[340282366920938463463374607431768211460]",
        ),
        shape("integers/dimension-of-hundreds-of-digits", "A dimension of 401 digits.", &digits),
        rejects(
            "integers/dimension-of-65-bits-beside-zero",
            "A dimension of 2^64 beside a dimension of 0.",
            Int3,
            "integers/rounds-in-doubles",
            Draft::of([tensor("z", "U8", &[0, 0], 0)]).swap("[0,0]", "[0,18446744073709551616]"),
        ),
        rejects(
            "integers/dimension-of-65-bits-before-zero",
            "A dimension of 2^64 before a dimension of 0.",
            Int3,
            "integers/rounds-in-doubles-before-zero",
            Draft::of([tensor("z", "U8", &[0, 0], 0)]).swap("[0,0]", "[18446744073709551616,0]"),
        ),
        rejects(
            "integers/dimension-of-65-bits-before-zero-and-one",
            "A dimension of 2^64 before one of 0 and one of 1.",
            Int3,
            "integers/rounds-in-doubles-before-zero-and-one",
            Draft::of([tensor("z", "U8", &[0, 0, 1], 0)])
                .swap("[0,0,1]", "[18446744073709551616,0,1]"),
        ),
        offsets(
            "integers/begin-of-65-bits",
            "BEGIN is 2^64, which wraps to 0.",
            "[18446744073709551616,4]",
        ),
        offsets(
            "integers/end-of-128-bits",
            "END is 2^128 + 4, which wraps to 4.",
            "[0,340282366920938463463374607431768211460]",
        ),
        offsets("integers/end-of-65-bits", "END is 2^64.", "[0,18446744073709551616]"),
        offsets(
            "integers/end-wraps-to-size",
            "END is 2^64 + 4, which wraps to 4.",
            "[0,18446744073709551620]",
        ),
        offsets(
            "integers/offsets-wrap-together",
            "BEGIN is 2^64 and END is 2^64 + 4.",
            "[18446744073709551616,18446744073709551620]",
        ),
        rejects(
            "integers/offsets-of-zero-size-wrap",
            "Both offsets of a tensor without elements are 2^64.",
            Int3,
            ZERO,
            zero().swap("[0,0]", "[18446744073709551616,18446744073709551616]"),
        ),
    ]
}
