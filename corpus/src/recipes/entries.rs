//! The fields of an entry.

use super::{made_up, one, tensor};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::{EnumMapDtype, SequenceEntry, UnknownFields, ZeroAbsorbsOverflow};
use spec::RuleId::{Dt1, Dt2, Ent1, Ent2, Ent3, Ent4, Ent5, Int3, Json7, Off2, Rd11, Size1};

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    [valid(), not_an_object(), sequences(), missing(), twice(), unknown(), nearly_known()]
        .into_iter()
        .flatten()
        .collect()
}

/// The tensor `w`, with its entry spelled like this.
fn entry(text: &str) -> Draft {
    Draft::of([Tensor::new("w", "U8", &[4], &made_up("w", 4)).entry_text(text)])
}

fn valid() -> Vec<Recipe> {
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

/// An entry of another kind than an object.
fn kind(id: &str, summary: &str, text: &str) -> Recipe {
    rejects(
        id,
        summary,
        Ent1,
        "layout/zero-size-at-end",
        one().last_member(format!("\"b\":{text}")),
    )
}

fn not_an_object() -> Vec<Recipe> {
    vec![
        kind("entries/null", "An entry is null.", "null"),
        kind("entries/number", "An entry is a number.", "0"),
        kind("entries/string", "An entry is a string.", r#""U8""#),
        kind("entries/false", "An entry is false.", "false"),
        kind("entries/empty-array", "An entry is an empty array.", "[]"),
        rejects(
            "entries/only-null",
            "The only entry is null.",
            Ent1,
            "framing/no-tensors",
            Draft::default().last_member(r#""w":null"#),
        ),
    ]
}

fn sequences() -> Vec<Recipe> {
    let sequence = |id, summary, text: &str| rejects(id, summary, Ent1, ONE, entry(text));
    vec![
        sequence(
            "entries/sequence",
            "An entry is an array of dtype, shape and offsets.",
            r#"["U8",[4],[0,4]]"#,
        )
        .forgiven(SequenceEntry),
        rejects(
            "entries/sequence-beside-object",
            "Of two entries, the second is an array of dtype, shape and offsets.",
            Ent1,
            "layout/two-of-a-size",
            Draft::of([
                tensor("w", "U8", &[4], 4),
                tensor("b", "U8", &[4], 4).entry_text(r#"["U8",[4],[4,8]]"#),
            ]),
        )
        .forgiven(SequenceEntry),
        rejects(
            "entries/sequence-of-scalar",
            "An entry of a scalar is an array of dtype, shape and offsets.",
            Ent1,
            "shapes/scalar",
            Draft::of([tensor("w", "F32", &[], 4).entry_text(r#"["F32",[],[0,4]]"#)]),
        )
        .forgiven(SequenceEntry),
        sequence("entries/sequence-of-two", "An array of dtype and shape.", r#"["U8",[4]]"#),
        sequence(
            "entries/sequence-of-four",
            "An array of dtype, shape, offsets and null.",
            r#"["U8",[4],[0,4],null]"#,
        ),
        sequence(
            "entries/sequence-in-another-order",
            "An array of shape, dtype and offsets.",
            r#"[[4],"U8",[0,4]]"#,
        ),
        sequence(
            "entries/sequence-with-offsets-apart",
            "An array of dtype, shape, BEGIN and END.",
            r#"["U8",[4],0,4]"#,
        ),
        sequence(
            "entries/sequence-of-pairs",
            "An array of three pairs of field and value.",
            r#"[["dtype","U8"],["shape",[4]],["data_offsets",[0,4]]]"#,
        ),
        sequence(
            "entries/sequence-in-sequence",
            "An array of an array of dtype, shape and offsets.",
            r#"[["U8",[4],[0,4]]]"#,
        ),
        sequence(
            "entries/sequence-with-unknown-dtype",
            "An array of an unknown dtype, shape and offsets.",
            r#"["u8",[4],[0,4]]"#,
        )
        .also([Dt2]),
        sequence(
            "entries/sequence-with-one-offset",
            "An array of dtype, shape and one offset.",
            r#"["U8",[4],[4]]"#,
        )
        .also([Off2]),
        sequence(
            "entries/sequence-with-map-dtype",
            "An array of a dtype as an object of null, shape and offsets.",
            r#"[{"U8":null},[4],[0,4]]"#,
        )
        .also([Dt1])
        .forgiven(SequenceEntry)
        .also_needs(EnumMapDtype),
        rejects(
            "entries/sequence-with-overflow",
            "An array of dtype, a shape whose product overflows but for a 0, and offsets.",
            Ent1,
            "layout/zero-size-only",
            Draft::of([tensor("z", "U8", &[0, 1 << 32, 1 << 32], 0)
                .entry_text(r#"["U8",[0,4294967296,4294967296],[0,0]]"#)]),
        )
        .also([Size1])
        .forgiven(SequenceEntry)
        .also_needs(ZeroAbsorbsOverflow),
    ]
}

fn missing() -> Vec<Recipe> {
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

/// One more field behind the three.
fn with(id: &str, summary: &str, rule: spec::RuleId, field: &str) -> Recipe {
    let tensor = Tensor::new("w", "U8", &[4], &made_up("w", 4)).field(field);
    rejects(id, summary, rule, ONE, Draft::of([tensor]))
}

fn twice() -> Vec<Recipe> {
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
        with(
            "entries/dtype-twice-last-null",
            "An entry gives a dtype, and then null for it.",
            Ent3,
            r#""dtype":null"#,
        ),
    ]
}

/// A field that a lenient reader skips.
fn skipped(id: &str, summary: &str, field: &str) -> Recipe {
    with(id, summary, Ent4, field).also([Rd11]).forgiven(UnknownFields)
}

fn unknown() -> Vec<Recipe> {
    let nested = format!("\"x\":{}{}", "[".repeat(100), "]".repeat(100));
    let deep = format!("\"x\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let digits = format!("\"x\":1{}", "0".repeat(400));
    vec![
        skipped("entries/unknown-null", "An unknown field is null.", r#""x":null"#),
        skipped("entries/unknown-string", "An unknown field is a string.", r#""x":"y""#),
        skipped("entries/unknown-number", "An unknown field is a number.", r#""x":-1.5e-3"#),
        skipped("entries/unknown-huge-number", "An unknown field beyond doubles.", r#""x":1e999"#),
        skipped("entries/unknown-many-digits", "An unknown field of 401 digits.", &digits),
        skipped("entries/unknown-array", "An unknown field is an array.", r#""x":[[],[0,{}]]"#),
        skipped("entries/unknown-object", "An unknown field is an object.", r#""x":{"y":{"z":0}}"#),
        skipped("entries/unknown-nested", "An unknown field a hundred arrays deep.", &nested),
        skipped("entries/unknown-nested-deeply", "A field 10,000 arrays deep.", &deep),
        skipped("entries/unknown-empty-name", "A field whose name is empty.", r#""":0"#),
        skipped("entries/unknown-twice", "An unknown field occurs twice.", r#""x":1,"x":2"#),
        skipped(
            "entries/unknown-object-with-key-twice",
            "An unknown field is an object with one key twice.",
            r#""x":{"y":1,"y":2}"#,
        ),
        skipped(
            "entries/unknown-strides",
            "A field gives strides, which would turn the elements around.",
            r#""strides":[-1]"#,
        ),
        skipped(
            "entries/unknown-order",
            "A field asks for another order of the elements.",
            r#""order":"F""#,
        ),
        skipped(
            "entries/unknown-byte-order",
            "A field asks for another order of bytes.",
            r#""byteorder":"big""#,
        ),
        skipped(
            "entries/unknown-scale",
            "A field gives a factor for the elements.",
            r#""scale":0.5"#,
        ),
        skipped(
            "entries/unknown-offsets",
            "A field `offsets` gives other offsets.",
            r#""offsets":[0,2]"#,
        ),
        skipped(
            "entries/unknown-metadata",
            "The reserved name is a field of an entry.",
            r#""__metadata__":{"format":"pt"}"#,
        ),
        rejects(
            "entries/unknown-first",
            "An unknown field stands before the three.",
            Ent4,
            ONE,
            one().swap("\"dtype\"", "\"x\":[0,9],\"dtype\""),
        )
        .forgiven(UnknownFields),
    ]
}

fn nearly_known() -> Vec<Recipe> {
    vec![
        skipped("entries/nearly-dtype", "A field is named `Dtype`.", r#""Dtype":"I8""#),
        skipped("entries/nearly-shape", "A field is named `shape` and a space.", r#""shape ":[1]"#),
        skipped(
            "entries/nearly-offsets",
            "A field is named `data-offsets`.",
            r#""data-offsets":[0,2]"#,
        ),
        skipped(
            "entries/nearly-dtype-nul",
            "A field is named `dtype` and U+0000.",
            r#""dtype\u0000":"I8""#,
        ),
        with(
            "entries/unknown-beside-big-dimension",
            "An unknown field looks like a shape beyond 64 bits.",
            Ent4,
            r#""shape2":[18446744073709551616]"#,
        )
        .also([Int3])
        .forgiven(UnknownFields),
    ]
}
