//! Names that occur twice: of tensors, and of fields that are spelled in two ways.

use super::ONE;
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::{one, tensor, two, u8s};
use spec::Leniency::DuplicateLastWins;
use spec::RuleId::{Ent3, Json7, Lay2, Lay4, Name1};

const TWO: &str = "layout/two-tensors";

pub(super) fn recipes() -> Vec<Recipe> {
    [twice(), twice_and_broken(), fields()].into_iter().flatten().collect()
}

/// The tensor `w` as the last entry gives it.
fn survivor() -> Tensor {
    u8s("w", &[4])
}

/// Two entries of one name; the last fits the data buffer alone.
fn last_fits(id: &str, summary: &str, twin: &str, first: Tensor) -> Recipe {
    let draft = Draft::of([first, survivor().at(0, 4)]);
    rejects(id, summary, Name1, twin, draft).reads(DuplicateLastWins, Draft::of([survivor()]))
}

fn twice() -> Vec<Recipe> {
    let nothing = |dtype: &str, shape: &[u64]| Tensor::new("w", dtype, shape, &[]);
    vec![
        last_fits(
            "names/same-entry-twice",
            "The same name with the same entry, twice.",
            ONE,
            nothing("U8", &[4]).at(0, 4),
        ),
        last_fits(
            "names/twice-with-different-dtype",
            "The same name twice, over the same bytes, with two dtypes.",
            ONE,
            nothing("F32", &[1]).at(0, 4),
        ),
        last_fits(
            "names/twice-with-different-shape",
            "The same name twice, over the same bytes, with two shapes.",
            ONE,
            nothing("U8", &[2, 2]).at(0, 4),
        ),
        last_fits(
            "names/twice-second-fits",
            "The same name twice; the first takes half of the data buffer, the second all.",
            ONE,
            nothing("U8", &[2]).at(0, 2),
        ),
        last_fits(
            "names/twice-first-past-end",
            "The same name twice; the first ends behind the data buffer.",
            ONE,
            nothing("U8", &[9]).at(0, 9),
        ),
        last_fits(
            "names/twice-first-zero-size",
            "The same name twice; the first has no bytes.",
            "layout/zero-size-at-start",
            nothing("U8", &[0]).at(0, 0),
        ),
        last_fits(
            "names/twice-one-escaped",
            "The same name twice, the first spelled as an escape.",
            ONE,
            nothing("U8", &[4]).at(0, 4).name_text(r#""\u0077""#),
        )
        .also([Json7]),
        rejects(
            "names/twice-second-zero-size",
            "The same name twice, both without bytes, with two shapes.",
            Name1,
            "layout/zero-size-only",
            Draft::of([nothing("U8", &[0]), nothing("U8", &[0, 3])]),
        )
        .reads(DuplicateLastWins, Draft::of([nothing("U8", &[0, 3])])),
        rejects(
            "names/three-times",
            "The same name three times; the last fits the data buffer.",
            Name1,
            ONE,
            Draft::of([
                nothing("U8", &[1]).at(0, 1),
                nothing("U8", &[2]).at(0, 2),
                survivor().at(0, 4),
            ]),
        )
        .reads(DuplicateLastWins, Draft::of([survivor()])),
        rejects(
            "names/eight-times-and-no-other",
            "Eight tensors side by side, all of one name.",
            Name1,
            TWO,
            Draft::of((0..8).map(|_| u8s("w", &[1]))),
        ),
        rejects(
            "names/twice-around-another",
            "The same name first and last in the header, and another between.",
            Name1,
            "names/around-another-distinct",
            Draft::of([nothing("U8", &[3]).at(0, 3), u8s("b", &[2]), u8s("w", &[1]).at(2, 3)]),
        )
        .reads(DuplicateLastWins, Draft::of([u8s("b", &[2]), u8s("w", &[1])])),
        accepts(
            "names/around-another-distinct",
            "Three tensors, the first without bytes.",
            [Name1],
            Draft::of([u8s("v", &[0]), u8s("b", &[2]), u8s("w", &[1])]),
        ),
        rejects(
            "names/empty-twice",
            "The empty name twice.",
            Name1,
            "names/empty",
            Draft::of([tensor("", "I8", &[4], 0).at(0, 4), u8s("", &[4]).at(0, 4)]),
        )
        .reads(DuplicateLastWins, Draft::of([u8s("", &[4])])),
        rejects(
            "names/twice-raw-and-surrogate-pair",
            "The same name as a character and as a pair of escaped surrogates.",
            Name1,
            "json/escaped-surrogate-pair",
            Draft::of([
                tensor("😀", "I8", &[4], 0).at(0, 4),
                u8s("😀", &[4]).at(0, 4).name_text(r#""\ud83d\ude00""#),
            ]),
        )
        .also([Json7])
        .reads(DuplicateLastWins, Draft::of([u8s("😀", &[4])])),
        last_fits(
            "names/twice-with-different-dtype-one-escaped",
            "The same name twice, over the same bytes, with two dtypes, the first under an escape.",
            ONE,
            nothing("I8", &[4]).at(0, 4).name_text(r#""\u0077""#),
        )
        .also([Json7]),
        rejects(
            "names/twice-with-different-dtype-last-escaped",
            "The same name twice, over the same bytes, with two dtypes, the last under an escape.",
            Name1,
            ONE,
            Draft::of([nothing("I8", &[4]).at(0, 4), survivor().at(0, 4).name_text(r#""\u0077""#)]),
        )
        .also([Json7])
        .reads(DuplicateLastWins, Draft::of([survivor()])),
        rejects(
            "names/twice-escaped-in-both-cases",
            "The same name twice, over the same bytes, with two dtypes, spelled with escapes of \
             upper-case and of lower-case digits.",
            Name1,
            ONE,
            Draft::of([
                tensor("\u{ab}", "I8", &[4], 0).at(0, 4).name_text(r#""\u00AB""#),
                u8s("\u{ab}", &[4]).at(0, 4).name_text(r#""\u00ab""#),
            ]),
        )
        .also([Json7])
        .reads(DuplicateLastWins, Draft::of([u8s("\u{ab}", &[4])])),
        rejects(
            "names/twice-first-over-another",
            "The same name twice: the first owns the bytes of another tensor, the last its own.",
            Name1,
            "layout/two-of-a-size",
            Draft::of([
                u8s("b", &[4]),
                nothing("I8", &[4]).at(0, 4),
                u8s("w", &[4]).at(4, 8),
            ]),
        )
        .reads(DuplicateLastWins, Draft::of([u8s("b", &[4]), u8s("w", &[4])])),
        rejects(
            "names/twice-last-escaped-first-over-another",
            "The same name twice: the first owns the bytes of another tensor, and the last, under an \
             escape, its own.",
            Name1,
            "layout/two-of-a-size",
            Draft::of([
                u8s("b", &[4]),
                nothing("I8", &[4]).at(0, 4),
                u8s("w", &[4]).at(4, 8).name_text(r#""\u0077""#),
            ]),
        )
        .also([Json7])
        .reads(DuplicateLastWins, Draft::of([u8s("b", &[4]), u8s("w", &[4])])),
        rejects(
            "names/two-names-twice",
            "Two names twice each; the first of each has the bytes that the last of the other has.",
            Name1,
            "layout/two-of-a-size",
            Draft::of([
                nothing("I8", &[4]).at(4, 8),
                u8s("b", &[4]).at(0, 4),
                u8s("w", &[4]).at(4, 8),
            ])
            .first_member(r#""b":{"dtype":"I8","shape":[4],"data_offsets":[4,8]}"#),
        )
        .reads(DuplicateLastWins, Draft::of([u8s("b", &[4]), u8s("w", &[4])])),
    ]
}

fn twice_and_broken() -> Vec<Recipe> {
    vec![
        rejects(
            "names/twice-with-own-bytes",
            "The same name twice, each with bytes of its own.",
            Name1,
            TWO,
            two().swap("\"b\"", "\"w\""),
        )
        .also([Lay4]),
        rejects(
            "names/twice-in-offset-order-reversed",
            "The same name twice, each with bytes of its own; the later bytes are listed first.",
            Name1,
            "layout/header-order-reversed",
            two().listed(&["b", "w"]).swap("\"b\"", "\"w\""),
        )
        .also([Lay4]),
        rejects(
            "names/twice-last-past-end",
            "The same name twice; the last ends behind the data buffer.",
            Name1,
            ONE,
            Draft::of([survivor(), Tensor::new("w", "U8", &[9], &[]).at(0, 9)]),
        ),
        rejects(
            "names/twice-last-zero-size",
            "The same name twice; the last has no bytes, and the data buffer has four.",
            Name1,
            "layout/zero-size-at-end",
            Draft::of([survivor(), u8s("w", &[0])]),
        ),
        rejects(
            "names/twice-over-another",
            "The same name twice; the last owns bytes of a third tensor.",
            Name1,
            "layout/three-tensors",
            Draft::of([u8s("w", &[2]), u8s("b", &[2]), Tensor::new("w", "U8", &[2], &[]).at(1, 3)]),
        )
        .also([Lay2]),
        rejects(
            "names/twice-with-different-length",
            "The same name twice; the last is shorter than the data buffer.",
            Name1,
            ONE,
            one().last_member(r#""w":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}"#),
        ),
        rejects(
            "names/twice-last-over-another",
            "The same name twice: the first has its own bytes, the last those of another tensor.",
            Name1,
            "layout/two-of-a-size",
            Draft::of([u8s("b", &[4]), u8s("w", &[4]), Tensor::new("w", "I8", &[4], &[]).at(0, 4)]),
        )
        .also([Lay2]),
        rejects(
            "names/twice-with-own-bytes-one-escaped",
            "The same name twice, once under an escape, each with bytes of its own.",
            Name1,
            TWO,
            two().swap("\"b\"", r#""\u0077""#),
        )
        .also([Lay4, Json7]),
        rejects(
            "names/twice-with-own-bytes-before-another",
            "The same name twice, each with bytes of its own, and a third tensor behind both.",
            Name1,
            "layout/three-tensors",
            Draft::of([u8s("w", &[4]), u8s("v", &[2]), u8s("b", &[1])]).swap("\"v\"", "\"w\""),
        )
        .also([Lay4]),
    ]
}

/// Two tensors of a size; a field of the first occurs again. A reader that
/// keeps the first field and one that keeps the last read different tensors.
fn fields() -> Vec<Recipe> {
    let again = |id, summary, field: &str| {
        let draft = Draft::of([u8s("w", &[4]).field(field), u8s("b", &[4])]);
        rejects(id, summary, Ent3, "layout/two-of-a-size", draft)
    };
    vec![
        again(
            "names/field-dtype-twice-one-escaped",
            "An entry gives two dtypes of one width, the last under an escaped name.",
            r#""\u0064type":"I8""#,
        )
        .also([Json7]),
        again(
            "names/field-shape-twice-one-escaped",
            "An entry gives two shapes of one size, the last under an escaped name.",
            r#""shap\u0065":[2,2]"#,
        )
        .also([Json7]),
        again(
            "names/field-offsets-twice-one-escaped",
            "An entry gives its own offsets, and those of another tensor under an escaped name.",
            r#""data\u005foffsets":[4,8]"#,
        )
        .also([Json7]),
        again(
            "names/field-offsets-twice",
            "An entry gives its own offsets, and then those of another tensor.",
            r#""data_offsets":[4,8]"#,
        ),
    ]
}
