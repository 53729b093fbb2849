//! The three fields: in any order, missing, and repeated.

use super::{ONE, entry, with};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::{one, tensor};
use spec::RuleId::{Dt2, Ent1, Ent2, Ent3, Ent4, Ent5, Json7};

pub(super) fn valid() -> Vec<Recipe> {
    let order =
        |id, summary, text: &str| accepts(id, summary, [Ent5, Ent1, Ent2, Ent3, Ent4], entry(text));
    vec![
        order(
            "entries/offsets-first",
            "The fields in the order offsets, shape, dtype.",
            r#"{"data_offsets":[0,4],"shape":[4],"dtype":"U8"}"#,
        ),
        order(
            "entries/offsets-between",
            "The fields in the order dtype, offsets, shape.",
            r#"{"dtype":"U8","data_offsets":[0,4],"shape":[4]}"#,
        ),
        order(
            "entries/shape-first",
            "The fields in the order shape, dtype, offsets.",
            r#"{"shape":[4],"dtype":"U8","data_offsets":[0,4]}"#,
        ),
        order(
            "entries/shape-first-dtype-last",
            "The fields in the order shape, offsets, dtype.",
            r#"{"shape":[4],"data_offsets":[0,4],"dtype":"U8"}"#,
        ),
        order(
            "entries/offsets-first-shape-last",
            "The fields in the order offsets, dtype, shape.",
            r#"{"data_offsets":[0,4],"dtype":"U8","shape":[4]}"#,
        ),
        accepts(
            "entries/field-name-escaped",
            "The name of a field is spelled with an escape.",
            [Json7, Ent2],
            one().swap("\"shape\"", r#""\u0073hape""#),
        ),
        accepts(
            "entries/dtype-escaped",
            "The dtype is spelled with escapes.",
            [Json7, Dt2],
            one().swap("\"U8\"", r#""\u0055\u0038""#),
        ),
    ]
}

pub(super) fn missing() -> Vec<Recipe> {
    let lacks = |id, summary, text: &str| rejects(id, summary, Ent2, ONE, entry(text));
    vec![
        lacks(
            "entries/dtype-missing",
            "An entry without a dtype.",
            r#"{"shape":[4],"data_offsets":[0,4]}"#,
        ),
        lacks(
            "entries/shape-missing",
            "An entry without a shape.",
            r#"{"dtype":"U8","data_offsets":[0,4]}"#,
        ),
        lacks(
            "entries/offsets-missing",
            "An entry without offsets.",
            r#"{"dtype":"U8","shape":[4]}"#,
        ),
        lacks("entries/dtype-alone", "An entry of a dtype only.", r#"{"dtype":"U8"}"#),
        lacks("entries/shape-alone", "An entry of a shape only.", r#"{"shape":[4]}"#),
        lacks("entries/offsets-alone", "An entry of offsets only.", r#"{"data_offsets":[0,4]}"#),
        lacks("entries/empty", "An entry without a field.", "{}"),
        rejects(
            "entries/empty-beside-another",
            "Of two entries, the second has no field.",
            Ent2,
            "layout/zero-size-at-end",
            one().last_member(r#""b":{}"#),
        ),
        rejects(
            "entries/offsets-missing-of-zero-size",
            "A tensor without bytes has no offsets either.",
            Ent2,
            "layout/zero-size-only",
            Draft::default().last_member(r#""z":{"dtype":"U8","shape":[0]}"#),
        ),
        rejects(
            "entries/shape-missing-of-scalar",
            "A scalar has no shape, as if none were an empty one.",
            Ent2,
            "shapes/scalar",
            Draft::of([tensor("w", "F32", &[], 4)]).swap(r#""shape":[],"#, ""),
        ),
    ]
}

/// One more field before the three: one of them, which so comes twice.
fn first(id: &str, summary: &str, field: &str) -> Recipe {
    rejects(id, summary, Ent3, ONE, one().swap("\"dtype\"", format!("{field},\"dtype\"")))
}

pub(super) fn twice() -> Vec<Recipe> {
    vec![
        with(
            "entries/dtype-twice",
            "An entry gives the same dtype twice.",
            Ent3,
            r#""dtype":"U8""#,
        ),
        with(
            "entries/dtype-twice-different",
            "An entry gives two different dtypes of one width.",
            Ent3,
            r#""dtype":"I8""#,
        ),
        with("entries/shape-twice", "An entry gives the same shape twice.", Ent3, r#""shape":[4]"#),
        with(
            "entries/shape-twice-different",
            "An entry gives two shapes of one size.",
            Ent3,
            r#""shape":[2,2]"#,
        ),
        with(
            "entries/offsets-twice",
            "An entry gives the same offsets twice.",
            Ent3,
            r#""data_offsets":[0,4]"#,
        ),
        with(
            "entries/offsets-twice-different",
            "An entry gives two different pairs of offsets.",
            Ent3,
            r#""data_offsets":[0,2]"#,
        ),
        with(
            "entries/shape-twice-one-escaped",
            "An entry gives two shapes, one under an escaped name.",
            Ent3,
            r#""\u0073hape":[1,4]"#,
        )
        .also([Json7]),
        first(
            "entries/dtype-twice-wider-first",
            "An entry gives two dtypes, of which the last is that of its bytes.",
            r#""dtype":"U16""#,
        ),
        first(
            "entries/shape-twice-wrong-first",
            "An entry gives two shapes, of which the last is that of its bytes.",
            r#""shape":[2]"#,
        ),
        first(
            "entries/offsets-twice-wrong-first",
            "An entry gives two pairs of offsets, of which the last spans its bytes.",
            r#""data_offsets":[0,2]"#,
        ),
        with(
            "entries/shape-three-times",
            "An entry gives three shapes of one size.",
            Ent3,
            r#""shape":[2,2],"shape":[1,4]"#,
        ),
        rejects(
            "entries/offsets-twice-trading-places",
            "Each of two entries gives its own offsets, and then those of the other.",
            Ent3,
            "layout/two-of-a-size",
            Draft::of([
                tensor("w", "U8", &[4], 4).field(r#""data_offsets":[4,8]"#),
                tensor("b", "U8", &[4], 4).field(r#""data_offsets":[0,4]"#),
            ]),
        ),
        with(
            "entries/dtype-twice-one-escaped",
            "An entry gives two dtypes, one under an escaped name.",
            Ent3,
            r#""dtyp\u0065":"I8""#,
        )
        .also([Json7]),
        with(
            "entries/offsets-twice-one-escaped",
            "An entry gives two pairs of offsets, one under an escaped name.",
            Ent3,
            r#""data\u005foffsets":[0,2]"#,
        )
        .also([Json7]),
        with(
            "entries/shape-twice-last-null",
            "An entry gives a shape, and then null for it.",
            Ent3,
            r#""shape":null"#,
        ),
        with(
            "entries/offsets-twice-last-null",
            "An entry gives offsets, and then null for them.",
            Ent3,
            r#""data_offsets":null"#,
        ),
        with(
            "entries/dtype-twice-last-null",
            "An entry gives a dtype, and then null for it.",
            Ent3,
            r#""dtype":null"#,
        ),
    ]
}
