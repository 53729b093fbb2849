//! Names of tensors, and names that occur twice.

use super::{one, tensor, two, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::DuplicateLastWins;
use spec::RuleId::{Json7, Lay2, Lay4, Lim1, Name1, Name2, Name3, Name4, Sec1};

const ONE: &str = "layout/one-tensor";
const TWO: &str = "layout/two-tensors";

pub(super) fn recipes() -> Vec<Recipe> {
    [odd_names(), long_names(), nearly_equal(), twice(), twice_and_broken()]
        .into_iter()
        .flatten()
        .collect()
}

/// A tensor of an odd name; the payload follows from the name.
fn odd(id: &str, summary: &str, name: &str) -> Recipe {
    accepts(id, summary, [Name2], Draft::of([u8s(name, &[4])]))
}

fn odd_names() -> Vec<Recipe> {
    vec![
        odd("names/empty", "A name without characters.", "").also([Name1]),
        odd("names/space", "A name that is a space.", " "),
        odd("names/spaces-around", "A name with spaces on both sides.", " w "),
        odd("names/nul-alone", "A name that is U+0000.", "\0").also([Lim1]),
        odd("names/nul-inside", "A name with U+0000 in its middle.", "w\0b").also([Lim1]),
        odd("names/line-feed", "A name of two lines.", "w\nb"),
        odd("names/path-up", "A name that leads out of a folder.", "../../etc/passwd").also([Sec1]),
        odd("names/absolute-path", "A name that is an absolute path.", "/dev/null").also([Sec1]),
        odd("names/windows-device", "A name that is a device on some systems.", r"C:\NUL")
            .also([Sec1]),
        odd("names/dots-and-slashes", "A name with dots and slashes, as models have.", "a.0/b.c"),
        odd("names/prototype", "A name that objects of some languages have.", "__proto__")
            .also([Sec1]),
        odd("names/constructor", "A name that objects of some languages have too.", "constructor")
            .also([Sec1]),
        odd("names/class", "A name that is an attribute in some languages.", "__class__")
            .also([Sec1]),
        odd("names/markup", "A name that is markup of a page.", "<script>alert(1)</script>")
            .also([Sec1]),
        odd("names/format-directive", "A name of format directives.", "%s%n{0}").also([Sec1]),
        odd("names/number", "A name that is a number.", "0"),
        odd("names/null-as-text", "A name that is the word null.", "null"),
        odd("names/quote", "A name that is a quotation mark.", "\""),
        odd("names/reverse-solidus", "A name that is a reverse solidus.", "\\"),
        odd("names/right-to-left", "A name with marks of writing direction.", "w\u{202e}b\u{2066}"),
        odd("names/zero-width", "A name of a character without width.", "\u{200b}"),
        odd("names/field-dtype", "A name that is the name of a field.", "dtype"),
        odd("names/field-data-offsets", "A name that is another field's name.", "data_offsets"),
        odd("names/metadata-in-upper-case", "The reserved name in upper case.", "__METADATA__")
            .also([Name3, Name4]),
        odd("names/metadata-with-space", "The reserved name and a space.", "__metadata__ ")
            .also([Name3, Name4]),
        odd(
            "names/metadata-without-underscore",
            "The reserved name without its first underscore.",
            "_metadata__",
        )
        .also([Name3]),
        odd("names/metadata-with-nul", "The reserved name and U+0000.", "__metadata__\0")
            .also([Name3, Name4, Lim1]),
        odd("names/metadata-with-prefix", "The reserved name behind a dot.", "m.__metadata__")
            .also([Name3]),
        odd(
            "names/metadata-in-fullwidth-signs",
            "The reserved name with signs that a compatible normalisation makes equal.",
            "\u{ff3f}\u{ff3f}metadata\u{ff3f}\u{ff3f}",
        )
        .also([Name3, Name4]),
    ]
}

fn long_names() -> Vec<Recipe> {
    vec![
        odd("names/length-at-portable-floor", "A name of 255 bytes.", &"w".repeat(255)),
        odd("names/length-over-portable-floor", "A name of 256 bytes.", &"w".repeat(256))
            .also([Lim1]),
        odd(
            "names/length-over-portable-floor-in-bytes",
            "A name of 128 characters in 256 bytes.",
            &"é".repeat(128),
        )
        .also([Lim1]),
        odd("names/length-near-whole-header", "A name of 60,000 bytes.", &"w".repeat(60_000))
            .also([Lim1]),
    ]
}

/// Two tensors whose names differ, though some reader may take them for one.
fn distinct(id: &str, summary: &str, names: [&str; 2]) -> Recipe {
    let [first, second] = names;
    let draft = Draft::of([u8s(first, &[4]), u8s(second, &[2])]);
    accepts(id, summary, [Name4, Name1], draft)
}

fn nearly_equal() -> Vec<Recipe> {
    vec![
        distinct("names/differ-in-case", "Two names that differ in case.", ["w", "W"]),
        distinct(
            "names/differ-in-normalisation",
            "One name in composed form, one in decomposed form.",
            ["é", "e\u{301}"],
        ),
        distinct(
            "names/differ-in-compatibility",
            "Two names that are equal under compatible normalisation.",
            ["\u{fb01}", "fi"],
        ),
        distinct("names/differ-in-last-space", "One name has a space at its end.", ["w ", "w"]),
        distinct("names/differ-behind-nul", "Two names equal up to U+0000.", ["w\0b", "w\0a"]),
        distinct("names/differ-in-nul", "One name is the other and U+0000.", ["w\0", "w"]),
        distinct(
            "names/differ-in-zero-width",
            "One name has a character without width.",
            ["w\u{200b}", "w"],
        ),
        distinct("names/differ-in-number-spelling", "The names 1 and 01.", ["1", "01"]),
        distinct("names/differ-in-separator", "Two paths to one file.", ["a/./b", "a/b"]),
        distinct(
            "names/differ-in-escape-that-is-none",
            "One name is what the other would be with an escape taken twice.",
            [r"\u0077", "w"],
        ),
        distinct(
            "names/differ-behind-long-prefix",
            "Two names of some hundred characters that differ in the last.",
            [&["n".repeat(300), "b".into()].concat(), &["n".repeat(300), "a".into()].concat()],
        ),
    ]
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
    ]
}
