//! Values of other types, in place of the map and in it.

use super::value;
use crate::draft::Draft;
use crate::recipe::{Recipe, rejects};
use crate::recipes::{one, two};
use spec::Leniency::NullMetadata;
use spec::RuleId::{Meta2, Meta3, Name3};

pub(super) fn recipes() -> Vec<Recipe> {
    [member(), values()].into_iter().flatten().collect()
}

fn member() -> Vec<Recipe> {
    vec![
        rejects(
            "metadata/null",
            "The metadata is null.",
            Meta2,
            "metadata/empty",
            one().metadata_text("null"),
        )
        .forgiven(NullMetadata),
        rejects(
            "metadata/null-without-tensors",
            "The metadata is null, and there is no tensor.",
            Meta2,
            "metadata/empty-without-tensors",
            Draft::default().metadata_text("null"),
        )
        .forgiven(NullMetadata),
        rejects(
            "metadata/null-last",
            "The metadata is null, behind two tensors.",
            Meta2,
            "metadata/last-member",
            two().metadata_text("null").metadata_last(),
        )
        .forgiven(NullMetadata),
        value("metadata/array", "The metadata is an empty array.", Meta2, "[]"),
        value("metadata/array-of-pairs", "The metadata is an array of pairs.", Meta2, PAIRS),
        value("metadata/string", "The metadata is a string.", Meta2, r#""format=pt""#),
        value("metadata/number", "The metadata is a number.", Meta2, "0"),
        value("metadata/false", "The metadata is false.", Meta2, "false"),
        value("metadata/true", "The metadata is true.", Meta2, "true"),
        value("metadata/empty-string", "The metadata is an empty string.", Meta2, r#""""#),
        value("metadata/fraction", "The metadata is a number with a fraction.", Meta2, "-1.5e3"),
        value("metadata/json-in-string", "The metadata is a string of JSON.", Meta2, JSON_TEXT),
        value(
            "metadata/array-of-object",
            "The metadata is an array that holds the map.",
            Meta2,
            r#"[{"format":"pt"}]"#,
        ),
        value(
            "metadata/array-of-strings",
            "The metadata is an array of a key and a value.",
            Meta2,
            r#"["format","pt"]"#,
        ),
    ]
}

const PAIRS: &str = r#"[["format","pt"]]"#;

const JSON_TEXT: &str = r#""{\"format\":\"pt\"}""#;

fn values() -> Vec<Recipe> {
    vec![
        value("metadata/value-number", "A metadata value is a number.", Meta3, r#"{"format":1}"#),
        value("metadata/value-null", "A metadata value is null.", Meta3, r#"{"format":null}"#),
        value("metadata/value-true", "A metadata value is true.", Meta3, r#"{"format":true}"#),
        value(
            "metadata/value-array",
            "A metadata value is an array.",
            Meta3,
            r#"{"format":["pt"]}"#,
        ),
        value(
            "metadata/value-object",
            "A metadata value is an object.",
            Meta3,
            r#"{"format":{"a":"pt"}}"#,
        ),
        value(
            "metadata/value-number-among-strings",
            "The second of three metadata values is a number.",
            Meta3,
            r#"{"format":"pt","step":1000,"note":"x"}"#,
        ),
        rejects(
            "metadata/entry-of-tensor",
            "The reserved name is given to a tensor without bytes.",
            Meta3,
            "layout/zero-size-at-end",
            one().last_member(r#""__metadata__":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}"#),
        )
        .also([Name3]),
        value("metadata/value-false", "A metadata value is false.", Meta3, r#"{"format":false}"#),
        value("metadata/value-zero", "A metadata value is 0.", Meta3, r#"{"format":0}"#),
        value("metadata/value-fraction", "A metadata value is -1.5e3.", Meta3, r#"{"k":-1.5e3}"#),
        value(
            "metadata/value-of-many-digits",
            "A metadata value is an integer of 22 digits.",
            Meta3,
            r#"{"k":1234567890123456789012}"#,
        ),
        value("metadata/value-empty-array", "A value is an empty array.", Meta3, r#"{"k":[]}"#),
        value("metadata/value-empty-object", "A value is an empty object.", Meta3, r#"{"k":{}}"#),
        value(
            "metadata/value-null-of-empty-key",
            "The value of the empty key is null.",
            Meta3,
            r#"{"":null}"#,
        ),
        value(
            "metadata/value-null-among-strings",
            "The last of two metadata values is null.",
            Meta3,
            r#"{"format":"pt","note":null}"#,
        ),
    ]
}
