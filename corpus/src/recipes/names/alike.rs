//! Two names that a reader could take for one, by normalising, folding, cutting or repairing.

use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::u8s;
use spec::RuleId::{Json4, Name1, Name4, Txt2};

pub(super) fn recipes() -> Vec<Recipe> {
    [nearly_equal(), equal_after_repair()].into_iter().flatten().collect()
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
        distinct("names/differ-in-last-letter", "One name begins the other.", ["w.0", "w.01"]),
        distinct("names/differ-in-empty", "One name is empty.", ["", "w"]),
        distinct(
            "names/differ-in-singleton",
            "The letter and the unit of length, which look alike.",
            ["\u{c5}", "\u{212b}"],
        ),
        distinct(
            "names/differ-in-order-of-marks",
            "A letter with two marks, in both orders.",
            ["a\u{323}\u{307}", "a\u{307}\u{323}"],
        ),
        distinct(
            "names/differ-in-syllable",
            "A syllable in one character and in three.",
            ["\u{ac01}", "\u{1100}\u{1161}\u{11a8}"],
        ),
        distinct("names/differ-in-sharp-s", "A sharp s and two letters s.", ["ß", "ss"]),
        distinct("names/differ-in-case-of-sharp-s", "A sharp s in both cases.", ["ß", "ẞ"]),
        distinct("names/differ-in-dotless-i", "A capital I and a dotless i.", ["I", "ı"]),
        distinct(
            "names/differ-in-dot-of-capital-i",
            "A capital I with a dot and an i.",
            ["İ", "i"],
        ),
        distinct("names/differ-in-final-sigma", "Two forms of one small letter.", ["σ", "ς"]),
        distinct("names/differ-in-kelvin-sign", "A letter and a unit.", ["k", "\u{212a}"]),
        distinct("names/differ-in-script", "A Latin and a Cyrillic letter.", ["a", "\u{430}"]),
        distinct("names/differ-in-width", "A letter and its wide form.", ["w", "\u{ff57}"]),
        distinct(
            "names/differ-in-joiner",
            "Two pictures with a joiner between them and without.",
            ["\u{1f468}\u{200d}\u{1f469}", "\u{1f468}\u{1f469}"],
        ),
        distinct(
            "names/differ-in-variation-selector",
            "A sign as text and as a picture.",
            ["\u{2764}\u{fe0e}", "\u{2764}\u{fe0f}"],
        ),
        distinct(
            "names/differ-in-low-surrogate",
            "Two characters beyond U+FFFF that have one high surrogate.",
            ["\u{1f600}", "\u{1f601}"],
        ),
        distinct(
            "names/differ-in-plane",
            "Two characters that are equal in their low 16 bits.",
            ["\u{1f600}", "\u{f600}"],
        ),
        distinct(
            "names/ordered-by-code-point-not-by-surrogate",
            "U+FF5E and U+10000, which sort differently in UTF-8 and in UTF-16.",
            ["\u{10000}", "\u{ff5e}"],
        ),
        distinct("names/differ-in-sign", "The names 0 and -0.", ["0", "-0"]),
        distinct(
            "names/differ-in-direction-mark",
            "One name has a mark of writing direction.",
            ["w\u{200f}", "w"],
        ),
    ]
}

const ONE_REPLACED: &str = "names/differ-in-replacement-character";

/// Two tensors of which the first has a name that is spelled like this; the second is `w` and what
/// a decoder makes of it.
fn repaired(id: &str, summary: &str, rule: spec::RuleId, text: &[u8], second: &str) -> Recipe {
    let spelled = [b"\"", text, b"\""].concat();
    let draft = Draft::of([u8s("w", &[4]).name_text(spelled), u8s(second, &[2])]);
    rejects(id, summary, rule, ONE_REPLACED, draft).also([Name4])
}

/// Names that are equal once bad bytes are replaced or dropped, each with its valid lookalike.
fn equal_after_repair() -> Vec<Recipe> {
    vec![
        distinct(ONE_REPLACED, "One name has U+FFFD at its end.", ["w", "w\u{fffd}"]),
        distinct(
            "names/differ-in-number-of-replacement-characters",
            "One name has U+FFFD once, the other twice.",
            ["w\u{fffd}", "w\u{fffd}\u{fffd}"],
        ),
        repaired(
            "names/equal-after-replacement",
            "One name has the byte 0xFF where the other has U+FFFD.",
            Txt2,
            b"w\xff",
            "w\u{fffd}",
        ),
        repaired(
            "names/equal-after-dropping-byte",
            "One name is the other and the byte 0xFF.",
            Txt2,
            b"w\xff",
            "w",
        ),
        repaired(
            "names/equal-after-replacing-surrogate",
            "One name has an escaped surrogate alone where the other has U+FFFD.",
            Json4,
            br"w\ud800",
            "w\u{fffd}",
        ),
        repaired(
            "names/equal-after-dropping-surrogate",
            "One name is the other and an escaped surrogate alone.",
            Json4,
            br"w\ud800",
            "w",
        ),
        repaired(
            "names/equal-after-taking-overlong-form",
            "One name spells a letter of the other in two bytes.",
            Txt2,
            b"\xc1\xb7",
            "w",
        ),
        repaired(
            "names/equal-after-joining-surrogates",
            "One name has two surrogates of three bytes each where the other has the character.",
            Txt2,
            b"\xed\xa0\xbd\xed\xb8\x80",
            "😀",
        ),
        rejects(
            "names/both-replaced",
            "Two names that differ in a byte that no encoding of UTF-8 has.",
            Txt2,
            ONE_REPLACED,
            Draft::of([
                u8s("w", &[4]).name_text(b"\"w\xfe\""),
                u8s("b", &[2]).name_text(b"\"w\xff\""),
            ]),
        )
        .also([Name4]),
    ]
}
