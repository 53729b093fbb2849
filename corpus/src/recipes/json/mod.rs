//! The grammar of the header: tokens, strings, escapes, numbers.

use super::{made_up, one, two, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Ent4, Int2, Json1, Json2, Json3, Json4, Json5, Json6, Json7, Meta3, Name2};

const ONE: &str = "layout/one-tensor";
const TWO: &str = "layout/two-tensors";
const ONE_PAIR: &str = "metadata/one-pair";

pub(super) fn recipes() -> Vec<Recipe> {
    let parts = [
        free_spelling(),
        structure(),
        tokens(),
        between_tokens(),
        control_characters(),
        escapes(),
        surrogates(),
        numbers(),
    ];
    parts.into_iter().flatten().collect()
}

/// A U8 tensor whose name is spelled like this, quotes excluded.
fn spelled(name: &str, text: &str) -> Draft {
    let tensor = Tensor::new(name, "U8", &[4], &made_up(name, 4));
    Draft::of([tensor.name_text(format!("\"{text}\""))])
}

fn free_spelling() -> Vec<Recipe> {
    vec![
        accepts(
            "json/spaces-between-tokens",
            "A space stands between all tokens.",
            [Json6, Json1],
            one().object(
                r#"{ "w" : { "dtype" : "U8" , "shape" : [ 4 ] , "data_offsets" : [ 0 , 4 ] } }"#,
            ),
        ),
        accepts(
            "json/all-whitespace-between-tokens",
            "Spaces, tabs, line feeds and carriage returns stand between the tokens.",
            [Json6],
            one().object(
                "{\r\n\t\"w\"\t:\r{\n\"dtype\"\t:\n\"U8\",\"shape\":[\t4\n]\r,\"data_offsets\":[0,\n4\t]}\n}",
            ),
        ),
        accepts(
            "json/indented",
            "The object is laid out in lines, as for people.",
            [Json6],
            two().object(INDENTED),
        ),
        accepts(
            "json/space-in-empty-object",
            "The only whitespace is inside an object without members.",
            [Json6],
            Draft::default().object("{ \n }"),
        ),
        accepts(
            "json/short-escapes-in-name",
            "A name spelled with each of the two-character escapes.",
            [Json3, Json7, Name2],
            spelled("\"\\/\u{8}\u{c}\n\r\t", r#"\"\\\/\b\f\n\r\t"#),
        ),
        accepts(
            "json/letters-escaped",
            "Every letter of every string is an escape.",
            [Json7, Json3],
            one().object(LETTERS_ESCAPED),
        ),
        accepts(
            "json/hexadecimal-in-both-cases",
            "Escapes with upper-case and lower-case digits.",
            [Json7, Json3],
            spelled("\u{abcd}\u{abcd}\u{ef}", r"\uabcd\uABCD\u00eF"),
        ),
        accepts(
            "json/escaped-surrogate-pair",
            "A character beyond U+FFFF as a pair of escapes.",
            [Json4, Json7],
            spelled("😀", r"\ud83d\uDE00"),
        ),
        accepts(
            "json/escaped-last-code-point",
            "U+10000 and U+10FFFF as pairs of escapes.",
            [Json4, Json7],
            spelled("\u{10000}\u{10ffff}", r"\ud800\udc00\udbff\udfff"),
        ),
        accepts(
            "json/escapes-around-surrogates",
            "U+D7FF, U+E000 and U+FFFF as single escapes.",
            [Json4, Json7],
            spelled("\u{d7ff}\u{e000}\u{ffff}", r"\ud7ff\ue000\uffff"),
        ),
        accepts(
            "json/escaped-reverse-solidus-before-u",
            "An escaped reverse solidus in front of what then is no escape.",
            [Json3, Json7],
            spelled(r"\ud800", r"\\ud800"),
        ),
        accepts(
            "json/delete-character-raw",
            "U+007F stands unescaped in a name; only U+0000 to U+001F must be escaped.",
            [Json2],
            spelled("w\u{7f}", "w\u{7f}"),
        ),
        accepts(
            "json/line-separators-raw",
            "U+0085, U+2028 and U+2029 stand unescaped in a name.",
            [Json2],
            spelled("\u{85}\u{2028}\u{2029}", "\u{85}\u{2028}\u{2029}"),
        ),
        accepts(
            "json/every-control-character-escaped",
            "A metadata value of all control characters, each an escape.",
            [Json2, Json7],
            one().metadata(&[("all", &('\0'..' ').collect::<String>())]),
        ),
    ]
}

const INDENTED: &str = r#"{
  "w": {
    "dtype": "U8",
    "shape": [4],
    "data_offsets": [0, 4]
  },
  "b": {
    "dtype": "U8",
    "shape": [2],
    "data_offsets": [4, 6]
  }
}"#;

const LETTERS_ESCAPED: &str = r#"{"\u0077":{"\u0064\u0074\u0079\u0070\u0065":"\u0055\u0038","\u0073\u0068\u0061\u0070\u0065":[4],"\u0064\u0061\u0074\u0061\u005f\u006f\u0066\u0066\u0073\u0065\u0074\u0073":[0,4]}}"#;

/// One tensor, with a text of its header swapped for another.
fn bent(id: &str, summary: &str, rule: spec::RuleId, from: &str, to: impl AsRef<[u8]>) -> Recipe {
    rejects(id, summary, rule, ONE, one().swap(from, to))
}

fn structure() -> Vec<Recipe> {
    vec![
        bent(
            "json/comma-before-closing-brace",
            "A comma stands before the closing brace of an object.",
            Json1,
            "}}",
            "},}",
        ),
        bent(
            "json/comma-before-closing-bracket",
            "A comma stands before the closing bracket of an array.",
            Json1,
            "[4]",
            "[4,]",
        ),
        bent(
            "json/comma-first-in-object",
            "A comma follows the opening brace of the object.",
            Json1,
            "{\"w\"",
            "{,\"w\"",
        ),
        bent(
            "json/comma-first-in-array",
            "A comma follows the opening bracket of an array.",
            Json1,
            "[0,4]",
            "[,0,4]",
        ),
        bent("json/comma-twice", "Two commas separate two numbers.", Json1, "0,4", "0,,4"),
        bent("json/comma-missing-in-array", "A space separates two numbers.", Json1, "0,4", "0 4"),
        rejects(
            "json/comma-missing-between-members",
            "Nothing separates two members.",
            Json1,
            TWO,
            two().swap("},\"b\"", "}\"b\""),
        ),
        bent("json/colon-missing", "No colon follows the name.", Json1, "\"w\":", "\"w\""),
        bent("json/colon-twice", "Two colons follow the name.", Json1, "\"w\":", "\"w\"::"),
        bent(
            "json/equals-sign-for-colon",
            "An equals sign for a colon.",
            Json1,
            "\"w\":",
            "\"w\"=",
        ),
        bent("json/value-missing", "Nothing follows a colon.", Json1, "[4]", ""),
        bent("json/two-values", "Two values follow a colon.", Json1, "[4]", "[4][4]"),
        bent("json/name-alone", "A member is a name without a value.", Json1, "[4],", "[4],\"x\","),
        bent("json/bracket-for-brace", "A bracket closes the entry.", Json1, "[0,4]}", "[0,4]]"),
        bent("json/parentheses", "Parentheses enclose the shape.", Json1, "[4]", "(4)"),
        rejects(
            "json/object-not-closed",
            "The header ends before the object does.",
            Json1,
            ONE,
            one().swap("}}", "}"),
        ),
        rejects(
            "json/empty-object-not-closed",
            "The header is an opening brace and spaces.",
            Json1,
            "framing/no-tensors",
            Draft::default().object("{"),
        ),
        bent("json/array-not-closed", "An array is never closed.", Json1, "4]}}", "4"),
        bent("json/string-not-closed", "A string is never closed.", Json1, "[4]", "\"4"),
        rejects(
            "json/nesting-not-closed",
            "Ten thousand brackets open, and none closes.",
            Json1,
            ONE,
            one().swap("[4]", "[".repeat(10_000)),
        ),
        rejects(
            "json/braces-not-closed",
            "Thousands of objects open inside each other, and none closes.",
            Json1,
            "framing/no-tensors",
            Draft::default().object("{\"\":".repeat(5_000)),
        ),
    ]
}

fn tokens() -> Vec<Recipe> {
    vec![
        bent("json/single-quotes", "A name in single quotes.", Json1, "\"w\"", "'w'"),
        bent("json/name-without-quotes", "A name without quotes.", Json1, "\"w\"", "w"),
        bent(
            "json/typographic-quotes",
            "A name in curly quotes.",
            Json1,
            "\"w\"",
            "\u{201c}w\u{201d}",
        ),
        bent("json/number-for-name", "A number in place of a name.", Json1, "\"w\"", "0"),
        bent("json/null-for-name", "A null in place of a name.", Json1, "\"w\"", "null"),
        bent("json/not-a-number", "NaN in a shape.", Json1, "[4]", "[NaN]"),
        bent("json/infinity", "Infinity in a shape.", Json1, "[4]", "[Infinity]"),
        bent("json/undefined", "A shape that is undefined.", Json1, "[4]", "undefined"),
        bent("json/literal-in-upper-case", "True with a capital letter.", Json1, "[4]", "True"),
        bent("json/literal-cut", "A null without its last letter.", Json1, "[4]", "nul"),
        bent("json/literal-too-long", "A null with a letter more.", Json1, "[4]", "nulll"),
        bent("json/hexadecimal-number", "A dimension in hexadecimal.", Json1, "[4]", "[0x4]"),
        bent("json/digits-grouped", "An underscore between digits.", Json1, "[4]", "[0_4]"),
        bent("json/number-with-suffix", "A dimension with a suffix.", Json1, "[4]", "[4u]"),
        bent(
            "json/non-ascii-digit",
            "A dimension in fullwidth digits.",
            Json1,
            "[4]",
            "[\u{ff14}]",
        ),
    ]
}

fn between_tokens() -> Vec<Recipe> {
    vec![
        bent("json/line-comment", "A comment to the end of a line.", Json1, "[4]", "//\n[4]"),
        bent("json/block-comment", "A comment between two tokens.", Json1, "[4]", "/**/[4]"),
        bent(
            "json/form-feed-between-tokens",
            "A form feed between tokens.",
            Json1,
            "[4]",
            "\x0c[4]",
        ),
        bent(
            "json/vertical-tab-between-tokens",
            "A vertical tab between two tokens.",
            Json1,
            "[4]",
            "\x0b[4]",
        ),
        bent("json/nul-between-tokens", "A zero byte between tokens.", Json1, "[4]", "\0[4]"),
        bent(
            "json/no-break-space-between-tokens",
            "A no-break space, U+00A0, between two tokens.",
            Json1,
            "[4]",
            "\u{a0}[4]",
        ),
        bent(
            "json/byte-order-mark-between-tokens",
            "A byte order mark between two tokens.",
            Json1,
            "[4]",
            "\u{feff}[4]",
        ),
        bent(
            "json/line-separator-between-tokens",
            "A line separator, U+2028, between two tokens.",
            Json1,
            "[4]",
            "\u{2028}[4]",
        ),
    ]
}

fn control_characters() -> Vec<Recipe> {
    let value = |text: &str| one().metadata_text(format!("{{\"format\":\"{text}\"}}"));
    vec![
        bent("json/line-feed-in-name", "A raw line feed in a name.", Json2, "\"w\"", "\"w\n\""),
        bent("json/tab-in-name", "A raw tab in a name.", Json2, "\"w\"", "\"w\t\""),
        bent("json/nul-in-name", "A raw zero byte in a name.", Json2, "\"w\"", "\"w\0\""),
        bent("json/last-control-in-name", "A raw U+001F in a name.", Json2, "\"w\"", "\"w\x1f\""),
        bent("json/tab-in-dtype", "A raw tab in a dtype.", Json2, "\"U8\"", "\"U8\t\""),
        bent(
            "json/line-feed-in-field-name",
            "A raw line feed in the name of a field.",
            Json2,
            "\"shape\"",
            "\"shape\n\"",
        ),
        rejects(
            "json/line-feed-in-metadata-value",
            "A raw line feed in a metadata value.",
            Json2,
            ONE_PAIR,
            value("pt\n"),
        ),
        rejects(
            "json/escape-character-in-metadata-value",
            "A raw U+001B, as terminals use it, in a metadata value.",
            Json2,
            ONE_PAIR,
            value("\x1b[0m"),
        )
        .also([Meta3]),
    ]
}

/// A name that ends in this escape.
fn escape(id: &str, summary: &str, rule: spec::RuleId, text: &str) -> Recipe {
    bent(id, summary, rule, "\"w\"", format!("\"w{text}\""))
}

fn escapes() -> Vec<Recipe> {
    vec![
        escape("json/escape-of-letter", "An escape of a plain letter.", Json3, r"\a"),
        escape("json/escape-of-digit", "An escape of the digit 0.", Json3, r"\0"),
        escape("json/escape-of-single-quote", "An escape of a single quote.", Json3, r"\'"),
        escape("json/escape-of-space", "An escape of a space.", Json3, r"\ "),
        escape("json/escape-of-line-feed", "A line that goes on on the next.", Json3, "\\\n"),
        escape("json/escape-of-vertical-tab", "The escape of a vertical tab.", Json3, r"\v"),
        escape("json/escape-hexadecimal", "An escape of two digits after x.", Json3, r"\x77"),
        escape("json/escape-in-upper-case", "An escape that begins with U.", Json3, r"\U0077"),
        escape("json/escape-in-braces", "An escape with its digits in braces.", Json3, r"\u{77}"),
        escape("json/escape-too-short", "An escape of three digits.", Json3, r"\u077"),
        escape("json/escape-with-wrong-digit", "An escape with a letter G.", Json3, r"\u00G7"),
        escape("json/escape-with-sign", "An escape with a sign among digits.", Json3, r"\u+077"),
        escape("json/escape-of-non-ascii", "An escape of a letter with accent.", Json3, "\\é"),
    ]
}

fn surrogates() -> Vec<Recipe> {
    vec![
        escape(
            "json/high-surrogate-alone",
            "A high surrogate at the end of a name.",
            Json4,
            r"\ud83d",
        ),
        escape(
            "json/low-surrogate-alone",
            "A low surrogate without a high one before it.",
            Json4,
            r"\ude00",
        ),
        escape("json/first-surrogate-alone", "The escape of U+D800 alone.", Json4, r"\uD800"),
        escape("json/last-surrogate-alone", "The escape of U+DFFF alone.", Json4, r"\uDFFF"),
        escape(
            "json/high-surrogate-twice",
            "A name with two high surrogates in a row.",
            Json4,
            r"\ud83d\ud83d",
        ),
        escape(
            "json/surrogates-swapped",
            "A low surrogate in front of a high one.",
            Json4,
            r"\ude00\ud83d",
        ),
        escape(
            "json/high-surrogate-before-letter",
            "A letter between two surrogates.",
            Json4,
            r"\ud83dw\ude00",
        ),
        escape(
            "json/high-surrogate-before-other-escape",
            "A high surrogate, and an escape that is no surrogate.",
            Json4,
            r"\ud83d\u0077",
        ),
        escape(
            "json/high-surrogate-before-short-escape",
            "A high surrogate, and a two-character escape.",
            Json4,
            r"\ud83d\n",
        ),
        rejects(
            "json/lone-surrogate-in-metadata-key",
            "A metadata key with a surrogate alone.",
            Json4,
            ONE_PAIR,
            one().metadata_text(r#"{"format\udc00":"pt"}"#),
        ),
        rejects(
            "json/lone-surrogate-in-metadata-value",
            "A metadata value with a surrogate alone, as file names of old systems give it.",
            Json4,
            ONE_PAIR,
            one().metadata_text(r#"{"format":"pt\udcff"}"#),
        ),
        bent(
            "json/lone-surrogate-in-unknown-field",
            "A field that no reader needs holds a surrogate alone.",
            Json4,
            "[4]",
            r#"[4],"note":"\ud800""#,
        )
        .also([Ent4]),
    ]
}

/// A shape with its number spelled like this.
fn number(id: &str, summary: &str, text: &str) -> Recipe {
    bent(id, summary, Json5, "[4]", format!("[{text}]"))
}

fn numbers() -> Vec<Recipe> {
    vec![
        accepts(
            "json/zero-inside-number",
            "A zero that does not lead its number, and zeros that are alone.",
            [Json5, Int2],
            Draft::of([u8s("w", &[10]), u8s("b", &[0])]),
        ),
        number("json/leading-zero", "A dimension with a leading zero.", "04"),
        number("json/zero-twice", "A dimension of two zeros.", "00"),
        number("json/plus-sign", "A dimension with a plus sign.", "+4"),
        number("json/minus-alone", "A dimension that is a minus sign.", "-"),
        number("json/minus-twice", "A dimension with two minus signs.", "--4"),
        number(
            "json/minus-before-leading-zero",
            "A negative dimension with a leading zero.",
            "-04",
        ),
        number("json/point-last", "A dimension with no digit after its point.", "4."),
        number("json/point-first", "A dimension with no digit before its point.", ".4"),
        number("json/point-twice", "A dimension with two points.", "4.0.0"),
        number("json/exponent-without-digits", "A dimension whose exponent has no digits.", "4e"),
        number("json/exponent-with-sign-alone", "A dimension whose exponent is a sign.", "4e+"),
        number("json/exponent-with-point", "A dimension whose exponent has a point.", "4e0.0"),
        number(
            "json/exponent-after-point",
            "A dimension without digits between point and exponent.",
            "4.e0",
        ),
        bent("json/negative-infinity", "A dimension of -Infinity.", Json5, "[4]", "[-Infinity]"),
        bent("json/leading-zero-in-offset", "END with a leading zero.", Json5, "[0,4]", "[0,04]"),
        bent("json/zero-twice-in-offset", "BEGIN of two zeros.", Json5, "[0,4]", "[00,4]"),
        bent(
            "json/bad-number-in-unknown-field",
            "A field that no reader needs holds a number with a leading zero.",
            Json5,
            "[4]",
            r#"[4],"note":01"#,
        )
        .also([Ent4]),
    ]
}
