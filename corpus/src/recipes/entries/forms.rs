//! Entries that are no objects, arrays that stand for one included.

use super::{ONE, entry};
use crate::draft::Draft;
use crate::recipe::{Recipe, rejects};
use crate::recipes::{one, tensor};
use spec::Leniency::{EnumMapDtype, SequenceEntry, ZeroAbsorbsOverflow};
use spec::RuleId::{Dt1, Dt2, Ent1, Int2, Off1, Off2, Size1, Size3};

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

pub(super) fn not_an_object() -> Vec<Recipe> {
    vec![
        kind("entries/null", "An entry is null.", "null"),
        kind("entries/number", "An entry is a number.", "0"),
        kind("entries/string", "An entry is a string.", r#""U8""#),
        kind("entries/false", "An entry is false.", "false"),
        kind("entries/true", "An entry is true.", "true"),
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

pub(super) fn sequences() -> Vec<Recipe> {
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
        rejects(
            "entries/sequence-of-zero-size",
            "An entry of a tensor without bytes is an array of dtype, shape and offsets.",
            Ent1,
            "layout/zero-size-only",
            Draft::of([tensor("z", "U8", &[0], 0).entry_text(r#"["U8",[0],[0,0]]"#)]),
        )
        .forgiven(SequenceEntry),
        rejects(
            "entries/sequences-only",
            "Both of two entries are arrays of dtype, shape and offsets.",
            Ent1,
            "layout/two-of-a-size",
            Draft::of([
                tensor("w", "U8", &[4], 4).entry_text(r#"["U8",[4],[0,4]]"#),
                tensor("b", "U8", &[4], 4).entry_text(r#"["U8",[4],[4,8]]"#),
            ]),
        )
        .forgiven(SequenceEntry),
        sequence("entries/sequence-of-one", "An array of a dtype.", r#"["U8"]"#),
        sequence("entries/sequence-of-nulls", "An array of three nulls.", "[null,null,null]"),
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
            "entries/sequence-with-named-offsets",
            "An array of dtype, shape and an object of offsets.",
            r#"["U8",[4],{"begin":0,"end":4}]"#,
        )
        .also([Off1]),
        sequence(
            "entries/sequence-with-point",
            "An array of dtype, shape and offsets, with a dimension of 4.0.",
            r#"["U8",[4.0],[0,4]]"#,
        )
        .also([Int2]),
        sequence(
            "entries/sequence-with-element-too-many",
            "An array of dtype, a shape of one element more than bytes, and offsets.",
            r#"["U8",[5],[0,4]]"#,
        )
        .also([Size3]),
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
