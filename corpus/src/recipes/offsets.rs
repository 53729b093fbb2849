//! Form and order of a tensor's two offsets.

use super::{one, two, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Lay1, Off1, Off2, Off3};

const ONE: &str = "layout/one-tensor";
const ZERO: &str = "layout/zero-size-only";

pub(super) fn recipes() -> Vec<Recipe> {
    [form(), order()].into_iter().flatten().collect()
}

/// One tensor whose offsets are spelled like this.
fn value(id: &str, summary: &str, rule: spec::RuleId, text: &str) -> Recipe {
    rejects(id, summary, rule, ONE, one().swap("[0,4]", text))
}

fn form() -> Vec<Recipe> {
    vec![
        value("offsets/null", "The offsets are null.", Off1, "null"),
        value("offsets/number", "The offsets are one number.", Off1, "4"),
        value("offsets/string", "The offsets are a string.", Off1, r#""0,4""#),
        value("offsets/range-as-string", "The offsets are a range in quotes.", Off1, r#""0..4""#),
        value("offsets/false", "The offsets are false.", Off1, "false"),
        value(
            "offsets/object",
            "The offsets are an object with names for them.",
            Off1,
            r#"{"begin":0,"end":4}"#,
        ),
        value("offsets/empty-object", "The offsets are an empty object.", Off1, "{}"),
        value("offsets/none", "No offset in the array.", Off2, "[]"),
        value("offsets/end-alone", "One offset in the array.", Off2, "[4]"),
        value("offsets/with-length", "BEGIN, END and a length.", Off2, "[0,4,4]"),
        value("offsets/two-ranges", "Two pairs of offsets in one array.", Off2, "[0,2,2,4]"),
        rejects(
            "offsets/none-of-zero-size",
            "No offset in the array of a tensor without bytes.",
            Off2,
            ZERO,
            Draft::of([u8s("z", &[0])]).swap("[0,0]", "[]"),
        ),
        rejects(
            "offsets/null-of-zero-size",
            "The offsets of a tensor without bytes are null.",
            Off1,
            ZERO,
            Draft::of([u8s("z", &[0])]).swap("[0,0]", "null"),
        ),
    ]
}

fn order() -> Vec<Recipe> {
    let zero = |begin, end| Draft::of([u8s("w", &[4]), u8s("b", &[0]).at(begin, end)]);
    vec![
        accepts(
            "offsets/spaced",
            "The two offsets with space around them.",
            [Off1, Off2, Off3],
            two().swap("[0,4]", "[ 0 , 4 ]"),
        ),
        rejects(
            "offsets/reversed",
            "END stands before BEGIN.",
            Off3,
            ONE,
            one().swap("0,4", "4,0"),
        ),
        rejects(
            "offsets/reversed-by-one",
            "BEGIN is one more than END, of a tensor without bytes.",
            Off3,
            "layout/zero-size-at-end",
            zero(4, 3),
        ),
        rejects(
            "offsets/reversed-zero-size-at-start",
            "BEGIN of a tensor without bytes is 1, and END is 0.",
            Off3,
            ZERO,
            Draft::of([u8s("z", &[0]).at(1, 0)]),
        ),
        rejects(
            "offsets/difference-wraps-to-size",
            "BEGIN is 2^64 - 4 and END is 0, so that END - BEGIN wraps to 4.",
            Off3,
            ONE,
            Draft::of([u8s("w", &[4]).at(u64::MAX - 3, 0)]),
        ),
        rejects(
            "offsets/begin-greatest",
            "BEGIN is 2^64 - 1 and END is 3, so that END - BEGIN wraps to 4.",
            Off3,
            ONE,
            Draft::of([u8s("w", &[4]).at(u64::MAX, 3)]),
        )
        .also([Lay1]),
        rejects(
            "offsets/reversed-past-end",
            "Both offsets lie behind the data buffer, the greater first.",
            Off3,
            "layout/zero-size-at-end",
            zero(9, 8),
        )
        .also([Lay1]),
        rejects(
            "offsets/second-reversed",
            "Of two tensors, the second has END before BEGIN.",
            Off3,
            "layout/two-tensors",
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(6, 4)]),
        ),
        rejects(
            "offsets/length-for-end",
            "Of two tensors, the second gives its length in place of END.",
            Off3,
            "layout/two-tensors",
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(4, 2)]),
        ),
        rejects(
            "offsets/of-whole-shape-reversed",
            "A matrix with END before BEGIN.",
            Off3,
            "shapes/matrix",
            Draft::of([Tensor::new("w", "U8", &[2, 3], &[1, 2, 3, 4, 5, 6]).at(6, 0)]),
        ),
    ]
}
