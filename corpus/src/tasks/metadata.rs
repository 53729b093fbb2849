//! Metadata: what strings it may hold, and values that are no strings.

use super::{Making, MetadataValue, made, refuses, writes};
use spec::Dtype;
use spec::RuleId::{Json7, Meta3, Meta5, Meta6, Wr1, Wr7, Wr13};

pub(super) fn tasks() -> Vec<Making> {
    let mut tasks = strings();
    tasks.extend(others());
    tasks
}

fn one<const COUNT: usize>(id: &str, summary: &str, rules: [spec::RuleId; COUNT]) -> Making {
    writes(id, summary, rules, [made("w", Dtype::U8, &[4])])
}

fn strings() -> Vec<Making> {
    let case = |id: &str, summary: &str, pairs: &[(&str, &str)]| {
        one(id, summary, [Wr1, Json7, Meta6]).metadata(pairs.iter().copied())
    };
    let controls: String = ('\0'..' ').collect();
    let many: Vec<(String, String)> =
        (0..100).map(|number| (format!("key {number}"), number.to_string())).collect();
    let long = "long ".repeat(2_000);
    vec![
        one("write/metadata-empty", "A tensor, and metadata without a key.", [Wr1, Meta5, Wr13])
            .metadata([]),
        case("write/metadata-of-one-pair", "Metadata of one pair.", &[("made by", "hand")]),
        case("write/metadata-with-format", "Metadata with the key `format`.", &[("format", "pt")]),
        case(
            "write/metadata-with-unknown-format",
            "Metadata with the key `format`, and a value that names no framework.",
            &[("format", "none of them")],
        ),
        case(
            "write/metadata-with-empty-strings",
            "Metadata with a pair of an empty key, and one of an empty value.",
            &[("", "value"), ("key", "")],
        ),
        case("write/metadata-of-nothing", "Metadata of an empty key and value.", &[("", "")]),
        case(
            "write/metadata-beyond-ascii",
            "Metadata with keys and values of two, three and four bytes a character.",
            &[("größe", "né"), ("权重", "偏置"), ("🧪", "👩🏽\u{200d}🔬"), ("וזן", "\u{200f}وزن")],
        ),
        case(
            "write/metadata-composed-and-not",
            "Metadata with a key composed, and the same one decomposed.",
            &[("\u{e9}", "composed"), ("e\u{301}", "decomposed")],
        ),
        case(
            "write/metadata-with-escapes",
            "Metadata with quotation marks, reverse solidi and line ends.",
            &[("\"key\"", "a\\b"), ("c\\", "\r\n\t\u{8}\u{c}"), ("\\u0041", "\\n")],
        ),
        case(
            "write/metadata-of-control-characters",
            "Metadata whose key and value are the control characters U+0000 to U+001F.",
            &[(&controls, &controls)],
        ),
        case(
            "write/metadata-of-raw-characters",
            "Metadata with characters that need no escape: U+007F, U+2028, solidus, U+FEFF.",
            &[("a/b", "\u{7f}\u{2028}\u{2029}"), ("\u{feff}", "\u{fffe}\u{fffd}")],
        ),
        case(
            "write/metadata-of-json",
            "Metadata whose value is JSON text.",
            &[("config", r#"{"layers":[1,2.50,null],"name":"w"}"#)],
        ),
        case(
            "write/metadata-of-spelled-values",
            "Metadata of strings that spell numbers and words of JSON.",
            &[("a", "1"), ("b", "null"), ("c", "true"), ("d", "[]"), ("e", "{}"), ("f", "01.0")],
        ),
        case(
            "write/metadata-with-keys-of-entries",
            "Metadata with the keys of an entry, of a tensor, and of itself.",
            &[("dtype", "U8"), ("shape", "[4]"), ("w", "w"), ("__metadata__", "__metadata__")],
        ),
        case(
            "write/metadata-with-spaces-around",
            "Metadata with spaces at the ends of keys and values.",
            &[(" a ", "  "), ("a", " a")],
        ),
        case(
            "write/metadata-by-code-point",
            "Metadata whose keys have another order by code point than by UTF-16 unit.",
            &[("\u{1f600}", "1"), ("\u{ff5e}", "2"), ("z", "3"), ("B", "4"), ("a", "5")],
        ),
        case("write/metadata-long", "Metadata with a value of 10,000 bytes.", &[("text", &long)]),
        one("write/metadata-of-hundred-pairs", "Metadata of a hundred pairs.", [Wr1, Meta6])
            .metadata(many.iter().map(|(key, value)| (key.as_str(), value.as_str()))),
    ]
}

/// One value that is no string. The twin has the same text as a string.
fn others() -> Vec<Making> {
    let values = [
        ("number", "a number", "1"),
        ("fraction", "a number with a fraction", "1.5"),
        ("null", "null", "null"),
        ("truth", "a truth value", "true"),
        ("list", "an empty list", "[]"),
        ("list-of-strings", "a list of strings", r#"["hand"]"#),
        ("object", "an empty object", "{}"),
        ("object-of-strings", "an object of strings", r#"{"by":"hand"}"#),
    ];
    let task = |(word, what, json): (&str, &str, &str)| {
        let summary = format!("Metadata of one pair, whose value is {what}.");
        let id = format!("write/metadata-value-{word}");
        refused(&id, &summary, "write/metadata-of-one-pair")
            .any_metadata([("made by", MetadataValue::Other(json.to_owned()))])
    };
    let mut tasks: Vec<Making> = values.into_iter().map(task).collect();
    let text = |text: &str| MetadataValue::Text(text.to_owned());
    tasks.extend([
        one("write/metadata-of-three-pairs", "Metadata of three pairs.", [Wr1, Meta3]).metadata([
            ("a", "1"),
            ("b", "2"),
            ("c", "3"),
        ]),
        refused(
            "write/metadata-value-number-among-strings",
            "Metadata of three pairs, of which the second has a number as its value.",
            "write/metadata-of-three-pairs",
        )
        .any_metadata([
            ("a", text("1")),
            ("b", MetadataValue::Other("2".to_owned())),
            ("c", text("3")),
        ]),
    ]);
    tasks
}

fn refused(id: &str, summary: &str, twin: &str) -> Making {
    refuses(id, summary, (Wr7, [Meta3]), twin, [made("w", Dtype::U8, &[4])])
}
