//! Spelling and range of dimensions and offsets.

use super::{one, tensor};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Int1, Int2, Int3, Lim1, Rd6, Shp2, Wr9};

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    [large(), no_number(), spelling(), range()].into_iter().flatten().collect()
}

/// A tensor without elements that has one large dimension.
fn dimension(id: &str, summary: &str, dimension: u64) -> Recipe {
    let draft = Draft::of([tensor("z", "U8", &[0, dimension], 0)]);
    accepts(id, summary, [Int3, Int2, Int1, Rd6], draft).also([Shp2])
}

fn large() -> Vec<Recipe> {
    vec![
        dimension("integers/two-to-the-31-less-one", "A dimension of 2^31 - 1.", (1 << 31) - 1),
        dimension("integers/two-to-the-31", "A dimension of 2^31.", 1 << 31).also([Lim1]),
        dimension("integers/two-to-the-32", "A dimension of 2^32.", 1 << 32).also([Lim1]),
        dimension("integers/greatest-in-doubles", "A dimension of 2^53 - 1.", (1 << 53) - 1)
            .also([Lim1]),
        dimension("integers/rounds-in-doubles", "A dimension of 2^53 + 1.", (1 << 53) + 1)
            .also([Lim1, Wr9]),
        dimension(
            "integers/many-digits",
            "A dimension of nineteen digits, all of which count.",
            1_234_567_890_123_456_789,
        )
        .also([Lim1, Wr9]),
    ]
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
        shape("integers/dimension-name", "A dimension is a name.", r#"["batch",4]"#),
        offsets("integers/end-in-quotes", "END is a string of digits.", r#"[0,"4"]"#),
        offsets(
            "integers/offsets-in-quotes",
            "Both offsets are strings of digits.",
            r#"["0","4"]"#,
        ),
        offsets("integers/begin-null", "BEGIN is null.", "[null,4]"),
        offsets("integers/begin-false", "BEGIN is false.", "[false,4]"),
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
        shape("integers/dimensions-negative-twice", "Two dimensions of -2.", "[-2,-2]"),
        shape("integers/dimension-minus-one", "A dimension to be found out, -1.", "[-1]"),
        offsets("integers/begin-negative-zero", "BEGIN is -0.", "[-0,4]"),
        offsets("integers/begin-negative-zero-with-point", "BEGIN is -0.0.", "[-0.0,4]"),
        offsets("integers/begin-with-point", "BEGIN is 0.0.", "[0.0,4]"),
        offsets("integers/begin-zero-with-exponent", "BEGIN is 0e5.", "[0e5,4]"),
        offsets("integers/begin-negative", "BEGIN is -4, and END is 0.", "[-4,0]"),
        offsets("integers/end-with-point", "END is 4.0.", "[0,4.0]"),
        offsets("integers/end-with-exponent", "END is 4e0.", "[0,4e0]"),
        offsets("integers/end-negative", "END is -1, as if counted from the end.", "[0,-1]"),
        rejects(
            "integers/dimension-negative-zero",
            "A dimension of -0.",
            Int2,
            "layout/zero-size-only",
            Draft::of([tensor("z", "U8", &[0], 0)]).swap("[0]", "[-0]"),
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
            "layout/zero-size-only",
            Draft::of([tensor("z", "U8", &[0], 0)])
                .swap("[0,0]", "[18446744073709551616,18446744073709551616]"),
        ),
    ]
}
