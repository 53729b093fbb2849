//! The member that occurs twice, and keys that do.

use super::{ALONE, PAIR, pair, value};
use crate::draft::Draft;
use crate::recipe::{Recipe, rejects};
use crate::recipes::one;
use spec::Leniency::DuplicateMetadataLastWins;
use spec::RuleId::{Json7, Meta1, Meta3, Meta4};

pub(super) fn recipes() -> Vec<Recipe> {
    [members(), keys_twice()].into_iter().flatten().collect()
}

fn members() -> Vec<Recipe> {
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
            "metadata/twice-with-different-value",
            "The metadata occurs twice, with two values of one key.",
            Meta1,
            "metadata/one-pair-last",
            pair().metadata_last().last_member(r#""__metadata__":{"format":"np"}"#),
        ),
        rejects(
            "metadata/twice-first-escaped",
            "The metadata occurs twice, with two values of one key, first under an escaped name.",
            Meta1,
            PAIR,
            pair().first_member(r#""\u005f_metadata__":{"format":"np"}"#),
        )
        .also([Json7]),
        rejects(
            "metadata/twice-both-escaped",
            "The metadata occurs twice, with two values of one key, under two escaped names.",
            Meta1,
            "metadata/name-escaped",
            pair()
                .swap("__metadata__", r"\u005f_metadata__")
                .last_member(r#""_\u005Fmetadata__":{"format":"np"}"#),
        )
        .also([Json7]),
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
        twice(
            "metadata/key-twice-first-escaped",
            "A key occurs twice, first spelled with an escape.",
            r#"{"\u0066ormat":"pt","format":"np"}"#,
            &[("format", "np")],
        )
        .also([Json7]),
        twice(
            "metadata/key-twice-in-escapes-of-both-cases",
            "A key occurs twice, in escapes of upper-case and of lower-case digits.",
            r#"{"\u00AB":"pt","\u00ab":"np"}"#,
            &[("\u{ab}", "np")],
        )
        .also([Json7]),
        twice(
            "metadata/key-twice-raw-and-surrogate-pair",
            "A key occurs twice, as a character and as a pair of escaped surrogates.",
            r#"{"😀":"pt","\ud83d\ude00":"np"}"#,
            &[("😀", "np")],
        )
        .also([Json7]),
        twice(
            "metadata/key-prototype-twice",
            "A key that objects have occurs twice.",
            r#"{"__proto__":"pt","__proto__":"np"}"#,
            &[("__proto__", "np")],
        ),
    ]
}
