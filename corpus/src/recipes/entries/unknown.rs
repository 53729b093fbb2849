//! Other fields than the three, some of which are nearly one of them.

use super::{ONE, with};
use crate::draft::Draft;
use crate::recipe::{Recipe, rejects};
use crate::recipes::{one, tensor};
use spec::Leniency::UnknownFields;
use spec::RuleId::{Ent4, Int3, Rd11};

/// A field that a lenient reader skips.
fn skipped(id: &str, summary: &str, field: &str) -> Recipe {
    with(id, summary, Ent4, field).also([Rd11]).forgiven(UnknownFields)
}

pub(super) fn unknown() -> Vec<Recipe> {
    let nested = format!("\"x\":{}{}", "[".repeat(100), "]".repeat(100));
    let deep = format!("\"x\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let digits = format!("\"x\":1{}", "0".repeat(400));
    vec![
        skipped("entries/unknown-null", "An unknown field is null.", r#""x":null"#),
        skipped("entries/unknown-true", "An unknown field is true.", r#""x":true"#),
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
            "entries/unknown-prototype",
            "A field `__proto__` holds another shape.",
            r#""__proto__":{"shape":[2,2]}"#,
        ),
        skipped(
            "entries/unknown-data",
            "A field holds the bytes of the tensor as text.",
            r#""data":"//79/A==""#,
        ),
        skipped(
            "entries/unknown-metadata",
            "The reserved name is a field of an entry.",
            r#""__metadata__":{"format":"pt"}"#,
        ),
        before(
            "entries/unknown-first",
            "An unknown field stands before the three.",
            "\"dtype\"",
            "\"x\":[0,9]",
        ),
        before(
            "entries/unknown-between",
            "An unknown field stands between shape and offsets.",
            "\"data_offsets\"",
            "\"x\":[0,9]",
        ),
    ]
}

/// A field in front of one of the three.
fn before(id: &str, summary: &str, known: &str, field: &str) -> Recipe {
    rejects(id, summary, Ent4, ONE, one().swap(known, format!("{field},{known}")))
        .forgiven(UnknownFields)
}

/// Two tensors of one size; each has one more field of this name, with the offsets of the other.
fn trades(id: &str, field: &str) -> Recipe {
    let entry =
        |name: &str, other: &str| tensor(name, "U8", &[4], 4).field(format!("\"{field}\":{other}"));
    let summary =
        format!("Each of two entries has a field `{field}` with the offsets of the other.");
    let draft = Draft::of([entry("w", "[4,8]"), entry("b", "[0,4]")]);
    rejects(id, &summary, Ent4, "layout/two-of-a-size", draft).also([Rd11]).forgiven(UnknownFields)
}

pub(super) fn nearly_known() -> Vec<Recipe> {
    vec![
        skipped("entries/nearly-dtype", "A field is named `Dtype`.", r#""Dtype":"I8""#),
        skipped("entries/nearly-dtype-in-capitals", "A field is named `DTYPE`.", r#""DTYPE":"I8""#),
        skipped("entries/nearly-dtype-as-type", "A field is named `type`.", r#""type":"I8""#),
        skipped(
            "entries/nearly-shape-capitalised",
            "A field is named `Shape`.",
            r#""Shape":[2,2]"#,
        ),
        skipped(
            "entries/nearly-shape-in-capitals",
            "A field is named `SHAPE`.",
            r#""SHAPE":[2,2]"#,
        ),
        skipped("entries/nearly-shape-as-dims", "A field is named `dims`.", r#""dims":[2,2]"#),
        before(
            "entries/nearly-shape-in-capitals-first",
            "A field named `SHAPE` stands before the three.",
            "\"dtype\"",
            "\"SHAPE\":[2,2]",
        ),
        trades("entries/nearly-offsets-capitalised", "Data_Offsets"),
        trades("entries/nearly-offsets-in-capitals", "DATA_OFFSETS"),
        trades("entries/nearly-offsets-in-camel-case", "dataOffsets"),
        trades("entries/nearly-offsets-hyphenated", "data-offsets"),
        trades("entries/nearly-offsets-spaced", "data offsets"),
        trades("entries/nearly-offsets-singular", "data_offset"),
        trades("entries/nearly-offsets-shortened", "offsets"),
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
