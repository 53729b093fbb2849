//! The member `__metadata__`.

use super::{one, two};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::{DuplicateMetadataLastWins, NullMetadata};
use spec::RuleId::{Json7, Meta1, Meta2, Meta3, Meta4, Meta5, Meta6, Name3, Ver2};

const PAIR: &str = "metadata/one-pair";
const ALONE: &str = "metadata/without-tensors";

pub(super) fn recipes() -> Vec<Recipe> {
    [valid(), keys_and_values(), member(), values(), keys_twice()].into_iter().flatten().collect()
}

fn pair() -> Draft {
    one().metadata(&[("format", "pt")])
}

fn valid() -> Vec<Recipe> {
    vec![
        accepts(PAIR, "Metadata of one pair.", [Meta1, Meta2, Meta3, Meta4, Name3], pair()),
        accepts(
            ALONE,
            "Metadata of one pair, and no tensor.",
            [Meta2, Meta6],
            Draft::default().metadata(&[("format", "pt")]),
        ),
        accepts("metadata/empty", "Metadata without a pair.", [Meta5, Meta2], one().metadata(&[])),
        accepts(
            "metadata/empty-without-tensors",
            "Metadata without a pair, and no tensor.",
            [Meta5],
            Draft::default().metadata(&[]),
        ),
        accepts(
            "metadata/one-pair-last",
            "Metadata of one pair, behind the tensor.",
            [Name3, Meta4],
            pair().metadata_last(),
        ),
        accepts(
            "metadata/last-member",
            "The metadata stands behind the tensors.",
            [Name3, Meta6],
            two().metadata(&[("format", "pt")]).metadata_last(),
        ),
        accepts(
            "metadata/between-tensors",
            "The metadata stands between two tensors.",
            [Name3],
            two().metadata(&[("k", "v")]).object(
                r#"{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"__metadata__":{"k":"v"},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}"#,
            ),
        ),
        accepts(
            "metadata/name-escaped",
            "The reserved name is spelled with an escape.",
            [Name3, Json7],
            pair().swap("__metadata__", r"\u005f_metadata__"),
        ),
        accepts(
            "metadata/name-escaped-whole",
            "Every character of the reserved name is an escape.",
            [Name3, Json7],
            pair().swap("__metadata__", NAME_ESCAPED),
        ),
    ]
}

const NAME_ESCAPED: &str =
    r"\u005F\u005f\u006d\u0065\u0074\u0061\u0064\u0061\u0074\u0061\u005f\u005F";

/// Odd metadata in an otherwise plain file.
fn odd(id: &str, summary: &str, pairs: &[(&str, &str)]) -> Recipe {
    accepts(id, summary, [Meta3, Meta4, Meta6], one().metadata(pairs))
}

fn keys_and_values() -> Vec<Recipe> {
    vec![
        odd("metadata/empty-key", "A key without characters.", &[("", "v")]),
        odd("metadata/empty-value", "A value without characters.", &[("k", "")]),
        odd("metadata/key-of-tensor", "A key that is also the name of a tensor.", &[("w", "v")]),
        odd("metadata/key-reserved", "A key that is the reserved name.", &[("__metadata__", "v")]),
        odd("metadata/key-prototype", "A key that objects may have.", &[("__proto__", "v")]),
        odd("metadata/nul-in-value", "A value with U+0000.", &[("k", "a\0b")]),
        odd(
            "metadata/nul-in-key",
            "Two keys that are equal up to U+0000.",
            &[("k\0b", "1"), ("k\0a", "2")],
        ),
        odd("metadata/json-in-value", "A value that is JSON text.", &[("k", r#"{"a":[1,null]}"#)]),
        odd("metadata/null-as-text", "A value that is the word null.", &[("k", "null")]),
        odd("metadata/long-value", "A value of 40,000 characters.", &[("k", &"v".repeat(40_000))]),
        odd(
            "metadata/keys-descending",
            "The keys stand in descending order.",
            &[("z", "1"), ("m", "2"), ("a", "3")],
        ),
        odd(
            "metadata/keys-differ-in-case",
            "Two keys that differ in case.",
            &[("k", "1"), ("K", "2")],
        ),
        odd(
            "metadata/keys-differ-in-normalisation",
            "A composed and a decomposed key.",
            &[("é", "1"), ("e\u{301}", "2")],
        ),
        odd(
            "metadata/version-claimed",
            "A pair that looks like a version of the format.",
            &[("format_version", "9.9")],
        )
        .also([Ver2]),
        odd(
            "metadata/shared-tensors",
            "A pair that some libraries write for shared tensors.",
            &[("lm_head.weight", "w")],
        ),
        accepts(
            "metadata/many-pairs",
            "Some hundred pairs, scattered.",
            [Meta4],
            one().metadata(
                &many().iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(),
            ),
        ),
    ]
}

fn many() -> Vec<(String, String)> {
    (0..300_u32).map(|place| (format!("key.{}", (place * 211) % 307), place.to_string())).collect()
}

/// One tensor, and metadata whose value is spelled like this.
fn value(id: &str, summary: &str, rule: spec::RuleId, text: &str) -> Recipe {
    rejects(id, summary, rule, PAIR, one().metadata_text(text))
}

fn member() -> Vec<Recipe> {
    let again = |text: &str| pair().last_member(format!("\"__metadata__\":{text}"));
    vec![
        rejects(
            "metadata/twice",
            "The metadata occurs twice, with different pairs.",
            Meta1,
            PAIR,
            again(r#"{"other":"np"}"#),
        ),
        rejects(
            "metadata/twice-alike",
            "The metadata occurs twice, with the same pair.",
            Meta1,
            PAIR,
            again(r#"{"format":"pt"}"#),
        ),
        rejects(
            "metadata/twice-empty",
            "The metadata occurs twice, without pairs.",
            Meta1,
            "metadata/empty",
            one().metadata(&[]).last_member(r#""__metadata__":{}"#),
        ),
        rejects(
            "metadata/twice-one-escaped",
            "The metadata occurs twice, once under an escaped name.",
            Meta1,
            PAIR,
            pair().last_member(r#""\u005f_metadata__":{"other":"np"}"#),
        )
        .also([Json7]),
        rejects(
            "metadata/object-then-null",
            "The metadata occurs twice, as an object and as null.",
            Meta1,
            PAIR,
            again("null"),
        ),
        rejects(
            "metadata/object-then-entry",
            "The metadata occurs again as if it were a tensor without bytes.",
            Meta1,
            PAIR,
            again(r#"{"dtype":"U8","shape":[0],"data_offsets":[4,4]}"#),
        )
        .also([Meta3]),
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
    ]
}

const PAIRS: &str = r#"[["format","pt"]]"#;

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
    ]
}

fn keys_twice() -> Vec<Recipe> {
    let twice = |id, summary, text: &str, last: &[(&str, &str)]| {
        value(id, summary, Meta4, text).reads(DuplicateMetadataLastWins, one().metadata(last))
    };
    vec![
        twice(
            "metadata/key-twice",
            "A key occurs twice, with two values.",
            r#"{"format":"pt","format":"np"}"#,
            &[("format", "np")],
        ),
        twice(
            "metadata/key-twice-alike",
            "A key occurs twice, with one value.",
            r#"{"format":"pt","format":"pt"}"#,
            &[("format", "pt")],
        ),
        twice(
            "metadata/key-twice-around-another",
            "A key occurs first and last, with another between.",
            r#"{"format":"pt","a":"b","format":"np"}"#,
            &[("format", "np"), ("a", "b")],
        ),
        twice(
            "metadata/key-twice-one-escaped",
            "A key occurs twice, once spelled with an escape.",
            r#"{"format":"pt","\u0066ormat":"np"}"#,
            &[("format", "np")],
        )
        .also([Json7]),
        twice(
            "metadata/key-three-times",
            "A key occurs three times.",
            r#"{"format":"pt","format":"np","format":"tf"}"#,
            &[("format", "tf")],
        ),
        twice(
            "metadata/empty-key-twice",
            "The empty key occurs twice.",
            r#"{"":"pt","":"np"}"#,
            &[("", "np")],
        ),
        value(
            "metadata/key-twice-and-metadata-twice",
            "A key occurs once in each of two members of the reserved name.",
            Meta1,
            r#"{"format":"pt"},"__metadata__":{"format":"np"}"#,
        )
        .also([Meta4]),
        rejects(
            "metadata/key-twice-without-tensors",
            "A key occurs twice, and there is no tensor.",
            Meta4,
            ALONE,
            Draft::default().metadata_text(r#"{"format":"pt","format":"np"}"#),
        )
        .reads(DuplicateMetadataLastWins, Draft::default().metadata(&[("format", "np")])),
        rejects(
            "metadata/key-twice-last-member",
            "A key occurs twice, in metadata behind the tensor.",
            Meta4,
            "metadata/one-pair-last",
            one().metadata_text(r#"{"format":"pt","format":"np"}"#).metadata_last(),
        )
        .reads(DuplicateMetadataLastWins, one().metadata(&[("format", "np")])),
    ]
}
