//! Names of tensors: odd ones, ones that are nearly alike, and the two that cannot be.

use super::{Making, given, made, refuses, writes};
use spec::Dtype;
use spec::RuleId::{Json7, Name1, Name2, Name3, Name4, Wr1, Wr2, Wr3, Wr14};

pub(super) fn tasks() -> Vec<Making> {
    let mut tasks = odd();
    tasks.extend(alike());
    tasks.extend(reserved());
    tasks.extend(twice());
    tasks
}

/// Names that need an escape, or look as if they did, or break what takes a name for more.
fn odd() -> Vec<Making> {
    let case = |id: &str, summary: &str, name: &str| {
        writes(id, summary, [Name2, Wr1, Json7], [made(name, Dtype::U8, &[2])])
    };
    let controls: String = ('\u{1}'..' ').collect();
    vec![
        case("write/name-empty", "A name of no character.", ""),
        case("write/name-of-one-space", "A name of one space.", " "),
        case("write/name-with-quotation-marks", "A name with quotation marks.", "say \"w\""),
        case("write/name-with-apostrophe", "A name with an apostrophe.", "w's"),
        case(
            "write/name-with-reverse-solidus",
            "A name with reverse solidi, single and in pairs, and one at its end.",
            "a\\b\\\\c\\",
        ),
        case(
            "write/name-that-spells-an-escape",
            "A name of the six characters that spell an escape.",
            "\\u0041",
        ),
        case(
            "write/name-of-control-characters",
            "A name of the control characters U+0001 to U+001F.",
            &controls,
        ),
        case("write/name-with-nul", "A name with U+0000 inside.", "a\0b"),
        case("write/name-of-nul", "A name that is U+0000.", "\0"),
        case("write/name-with-delete", "A name with U+007F and U+0080.", "a\u{7f}b\u{80}c"),
        case("write/name-of-lines", "A name of two lines.", "first\r\nsecond\n"),
        case(
            "write/name-with-line-separators",
            "A name with U+2028 and U+2029, which are no line ends in JSON.",
            "a\u{2028}b\u{2029}c",
        ),
        case("write/name-accented", "A name with letters of two bytes.", "gewicht.größe.café"),
        case("write/name-chinese", "A name with characters of three bytes.", "权重.偏置"),
        case(
            "write/name-emoji",
            "A name with characters beyond U+FFFF, joined and coloured.",
            "👩🏽\u{200d}🔬🧪",
        ),
        case(
            "write/name-right-to-left",
            "A name in Hebrew and Arabic letters, with a mark of direction.",
            "משקל\u{200f}.وزن",
        ),
        case(
            "write/name-with-byte-order-mark",
            "A name that begins with U+FEFF.",
            "\u{feff}weight",
        ),
        case(
            "write/name-of-noncharacters",
            "A name of U+FFFE, U+FFFF and U+10FFFF.",
            "\u{fffe}\u{ffff}\u{10ffff}",
        ),
        case("write/name-with-replacement", "A name with U+FFFD.", "a\u{fffd}b"),
        case("write/name-of-slashes", "A name with solidi.", "a/b//c/"),
        case("write/name-of-dots", "A name that leads elsewhere as a path.", "../../w"),
        case(
            "write/name-of-a-place",
            "A name that is a path from the root of a system.",
            "C:\\w.bin",
        ),
        case("write/name-of-format", "A name that a format string could be.", "%s%n{0}${w}"),
        case("write/name-of-object", "A name that is an object in JSON.", "{\"dtype\":\"U8\"}"),
        case("write/name-of-number", "A name of digits.", "0"),
        case("write/name-of-null", "A name that is a word of JSON.", "null"),
        case("write/name-of-prototype", "A name that objects of a language have.", "__proto__"),
        case("write/name-of-constructor", "A name that objects have.", "constructor"),
        case("write/name-of-255-bytes", "A name of 255 bytes.", &"layer.weight.".repeat(20)[..255]),
        writes(
            "write/names-of-fields",
            "Tensors with the names of the fields of an entry.",
            [Name2, Wr1, Wr14],
            ["dtype", "shape", "data_offsets"].map(|name| made(name, Dtype::U8, &[2])),
        ),
    ]
}

/// Names that one or another way of comparing takes for one name.
fn alike() -> Vec<Making> {
    let case = |id: &str, summary: &str, names: &[&str]| {
        let tensors = names.iter().zip(1..).map(|(name, byte)| given(name, "U8", &[1], [byte]));
        writes(id, summary, [Wr14, Name4, Name1], tensors)
    };
    vec![
        case(
            "write/names-composed-and-not",
            "One letter with its accent, composed and decomposed.",
            &["\u{e9}", "e\u{301}"],
        ),
        case(
            "write/names-of-two-cases",
            "Names that differ in case alone.",
            &["Weight", "weight", "WEIGHT"],
        ),
        case(
            "write/names-of-two-widths",
            "A letter, and its form of full width.",
            &["w", "\u{ff57}"],
        ),
        case(
            "write/names-with-spaces-around",
            "Names that differ in spaces before and after.",
            &["w", " w", "w ", "w\t"],
        ),
        case(
            "write/names-cut-at-nul",
            "Names that are one if they are cut at U+0000.",
            &["w", "w\0", "w\0x"],
        ),
        case(
            "write/names-of-zero-width",
            "A name, and the same with a character that nobody sees.",
            &["w", "w\u{200b}"],
        ),
        case(
            "write/names-of-one-beginning",
            "Names of which one is the beginning of the next.",
            &["w", "w.", "w.w", ""],
        ),
        case(
            "write/names-by-code-point",
            "Names whose order by code point and by UTF-16 unit differ.",
            &["\u{1f600}", "\u{ff5e}", "\u{e000}", "z", "B", "a"],
        ),
    ]
}

/// The name that is taken.
fn reserved() -> Vec<Making> {
    let case = |id: &str, summary: &str, twin: &str, tensors: Vec<_>| {
        refuses(id, summary, (Wr2, [Name3]), twin, tensors)
    };
    let near = |name: &str| made(name, Dtype::U8, &[2]);
    vec![
        writes(
            "write/names-near-metadata",
            "Names that are nearly that of the metadata.",
            [Name3, Wr2, Wr1],
            [
                "__METADATA__",
                " __metadata__",
                "__metadata__ ",
                "_metadata_",
                "metadata",
                "__metadata__\0",
                "\\u005f_metadata__",
            ]
            .map(near),
        ),
        writes(
            "write/name-near-metadata",
            "A name in capitals that is that of the metadata otherwise.",
            [Name3, Wr2],
            [near("__METADATA__")],
        ),
        writes(
            "write/name-near-metadata-beside-it",
            "A name in capitals that is that of the metadata otherwise, beside metadata.",
            [Name3, Wr2],
            [near("w"), near("__METADATA__")],
        )
        .metadata([("made by", "hand")]),
        writes(
            "write/name-near-metadata-of-zero-size",
            "A zero-size tensor with a name in capitals that is that of the metadata otherwise.",
            [Name3, Wr2],
            [made("__METADATA__", Dtype::U8, &[0])],
        ),
        case(
            "write/name-of-the-metadata",
            "A tensor with the name of the metadata.",
            "write/name-near-metadata",
            vec![near("__metadata__")],
        ),
        case(
            "write/name-of-the-metadata-beside-it",
            "A tensor with the name of the metadata, beside another one and metadata.",
            "write/name-near-metadata-beside-it",
            vec![near("w"), near("__metadata__")],
        )
        .metadata([("made by", "hand")]),
        case(
            "write/name-of-the-metadata-of-zero-size",
            "A zero-size tensor with the name of the metadata.",
            "write/name-near-metadata-of-zero-size",
            vec![made("__metadata__", Dtype::U8, &[0])],
        ),
    ]
}

/// One name for two tensors.
fn twice() -> Vec<Making> {
    let first = || made("w", Dtype::U8, &[4]);
    let third = |name: &str| given(name, "F32", &[1], [1, 2, 3, 4]);
    let three = |name: &str| [first(), made("b", Dtype::U8, &[2]), third(name)];
    let alike =
        |name: &str| [given("a", "U8", &[3], [7, 8, 9]), given(name, "U8", &[3], [7, 8, 9])];
    let empty = |name: &str| [made("", Dtype::U8, &[0]), made(name, Dtype::U8, &[0])];
    let case = |id: &str, summary: &str, twin: &str, tensors: Vec<_>| {
        refuses(id, summary, (Wr3, [Name1]), twin, tensors)
    };
    vec![
        writes(
            "write/names-of-three",
            "Three tensors, of which the last has another dtype.",
            [Wr14, Wr3],
            three("c"),
        ),
        writes(
            "write/name-empty-beside-another",
            "Two zero-size tensors, of which the first has a name of no character.",
            [Name2, Wr3],
            empty("b"),
        ),
        case(
            "write/name-twice",
            "Two tensors with one name, of other shapes and bytes.",
            "write/two-tensors",
            vec![first(), made("w", Dtype::U8, &[2])],
        ),
        case(
            "write/name-twice-and-all-alike",
            "Two tensors with one name, one dtype, one shape and the same bytes.",
            "write/bytes-alike",
            alike("a").into(),
        ),
        case(
            "write/name-twice-apart",
            "Two tensors with one name and of two dtypes, with another tensor between them.",
            "write/names-of-three",
            three("w").into(),
        ),
        case(
            "write/name-twice-and-empty",
            "Two zero-size tensors, both with the name of no character.",
            "write/name-empty-beside-another",
            empty("").into(),
        ),
    ]
}
