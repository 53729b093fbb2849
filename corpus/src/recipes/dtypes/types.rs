//! Dtypes that are no strings, objects that stand for one included.

use super::dtype;
use crate::draft::Draft;
use crate::recipe::{Recipe, rejects};
use crate::recipes::tensor;
use spec::Leniency::EnumMapDtype;
use spec::RuleId::{Dt1, Dt2};

pub(super) fn other_types() -> Vec<Recipe> {
    let value = |id: &str, summary: &str, text: &str| dtype(id, summary, Dt1, text);
    vec![
        value("dtypes/null", "The dtype is null.", "null"),
        value("dtypes/number", "The dtype is a number.", "0"),
        value("dtypes/false", "The dtype is false.", "false"),
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
            Draft::of([tensor("w", "F32", &[], 4).dtype_text(r#"{"F32": null}"#)]),
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
        value("dtypes/map-to-true", "The dtype is an object of true.", r#"{"U8":true}"#),
        value("dtypes/map-to-number", "The dtype is an object of 0.", r#"{"U8":0}"#),
        value(
            "dtypes/map-to-array-of-null",
            "The dtype is an object of an array of null.",
            r#"{"U8":[null]}"#,
        ),
        value(
            "dtypes/map-to-map",
            "The dtype is an object of an object of null.",
            r#"{"U8":{"U8":null}}"#,
        ),
        value(
            "dtypes/map-with-name-as-value",
            "The dtype is an object that holds the name under a key.",
            r#"{"name":"U8"}"#,
        ),
        rejects(
            "dtypes/map-of-newer",
            "The dtype is an object of null whose key is a dtype of a later version.",
            Dt1,
            "dtypes/f8-e4m3-row",
            Draft::of([tensor("w", "F8_E4M3", &[8], 8).dtype_text(r#"{"F8_E4M3":null}"#)]),
        )
        .forgiven(EnumMapDtype),
        value("dtypes/array-empty", "The dtype is an empty array.", "[]"),
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
