//! Whitespace between tokens and escapes in strings, as they may stand.

use super::{Draft, Recipe, accepts, one, spelled, two};
use spec::RuleId::{Json1, Json2, Json3, Json4, Json6, Json7, Name2};

pub(super) fn recipes() -> Vec<Recipe> {
    [free_spelling(), one_kind_of_whitespace(), twins()].into_iter().flatten().collect()
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
            "json/escaped-ends-of-each-length",
            "The first and the last characters of one, two and three bytes, as escapes.",
            [Json7],
            spelled(
                "\0\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}",
                r"\u0000\u007f\u0080\u07ff\u0800\uffff",
            ),
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

/// Each whitespace character that is not the space, alone between all tokens.
fn one_kind_of_whitespace() -> Vec<Recipe> {
    let between = |id: &str, summary: &str, whitespace: &str| {
        accepts(id, summary, [Json6, Json1], one().object(SPACED.replace(' ', whitespace)))
    };
    vec![
        between("json/tab-between-tokens", "A tab stands between all tokens.", "\t"),
        between("json/line-feed-between-tokens", "Each token has a line of its own.", "\n"),
        between("json/carriage-return-between-tokens", "CR stands between all tokens.", "\r"),
        between("json/line-end-between-tokens", "CR and LF stand between all tokens.", "\r\n"),
    ]
}

const SPACED: &str =
    r#"{ "w" : { "dtype" : "U8" , "shape" : [ 4 ] , "data_offsets" : [ 0 , 4 ] } }"#;

/// A character, and the ways to spell it: the end of the id, and the text.
type Spellings = (&'static str, &'static str, char, &'static [(&'static str, &'static str)]);

/// Characters with every spelling that they have, one vector each; they mean the same name.
static SPELLINGS: &[Spellings] = &[
    (
        "quotation-mark",
        "a quotation mark",
        '"',
        &[("escaped-short", r#"\""#), ("escaped-by-number", r"\u0022")],
    ),
    (
        "reverse-solidus",
        "a reverse solidus",
        '\\',
        &[("escaped-short", r"\\"), ("escaped-by-number", r"\u005c")],
    ),
    (
        "solidus",
        "a solidus",
        '/',
        &[("escaped-short", r"\/"), ("escaped-by-number", r"\u002f"), ("raw", "/")],
    ),
    (
        "backspace",
        "a backspace",
        '\u{8}',
        &[("escaped-short", r"\b"), ("escaped-by-number", r"\u0008")],
    ),
    (
        "form-feed",
        "a form feed",
        '\u{c}',
        &[("escaped-short", r"\f"), ("escaped-by-number", r"\u000c")],
    ),
    (
        "line-feed",
        "a line feed",
        '\n',
        &[("escaped-short", r"\n"), ("escaped-by-number", r"\u000a")],
    ),
    (
        "carriage-return",
        "a carriage return",
        '\r',
        &[("escaped-short", r"\r"), ("escaped-by-number", r"\u000d")],
    ),
    ("tab", "a tab", '\t', &[("escaped-short", r"\t"), ("escaped-by-number", r"\u0009")]),
    ("letter", "the letter A", 'A', &[("escaped-by-number", r"\u0041"), ("raw", "A")]),
    ("nul", "U+0000", '\0', &[("escaped-by-number", r"\u0000")]),
    ("delete-character", "U+007F", '\u{7f}', &[("escaped-by-number", r"\u007f")]),
    (
        "two-byte-character",
        "an e with acute accent",
        'é',
        &[("escaped-by-number", r"\u00e9"), ("raw", "é")],
    ),
    ("three-byte-character", "a euro sign", '€', &[("escaped-by-number", r"\u20ac"), ("raw", "€")]),
    (
        "four-byte-character",
        "a character beyond U+FFFF",
        '😀',
        &[("escaped-by-pair", r"\ud83d\ude00"), ("raw", "😀")],
    ),
    ("byte-order-mark", "U+FEFF", '\u{feff}', &[("escaped-by-number", r"\ufeff")]),
    ("replacement-character", "U+FFFD", '\u{fffd}', &[("escaped-by-number", r"\ufffd")]),
    (
        "noncharacter",
        "U+FFFF",
        '\u{ffff}',
        &[("escaped-by-number", r"\uffff"), ("raw", "\u{ffff}")],
    ),
];

fn twins() -> Vec<Recipe> {
    let mut twins = Vec::new();
    for (word, what, character, spellings) in SPELLINGS {
        for (spelling, text) in *spellings {
            let id = format!("json/{word}-{spelling}");
            let how = spelling.replace('-', " ");
            let summary = format!("A name ends in {what}, {how}.");
            let draft = spelled(&format!("w{character}"), &format!("w{text}"));
            let rule = if *spelling == "raw" { Json2 } else { Json3 };
            twins.push(accepts(&id, &summary, [Json7, rule], draft));
        }
    }
    twins
}
