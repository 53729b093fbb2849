//! The member `__metadata__`. Its keys and values are in [`pairs`], what occurs twice in [`twice`],
//! values of other types in [`types`].

mod pairs;
mod twice;
mod types;

use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::{one, two};
use spec::RuleId::{self, Json7, Meta1, Meta2, Meta3, Meta4, Meta5, Meta6, Name3};

const PAIR: &str = "metadata/one-pair";
const ALONE: &str = "metadata/without-tensors";

pub(super) fn recipes() -> Vec<Recipe> {
    [valid(), pairs::recipes(), types::recipes(), twice::recipes()].into_iter().flatten().collect()
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

/// One tensor, and metadata whose value is spelled like this.
fn value(id: &str, summary: &str, rule: RuleId, text: &str) -> Recipe {
    rejects(id, summary, rule, PAIR, one().metadata_text(text))
}
