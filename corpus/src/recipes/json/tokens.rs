//! Literals and other words, and what stands between tokens.

use super::{ONE_PAIR, Recipe, bent, one, rejects};
use spec::RuleId::{Ent4, Json1, Json5, Meta3};

pub(super) fn recipes() -> Vec<Recipe> {
    [tokens(), tokens_elsewhere(), between_tokens()].into_iter().flatten().collect()
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
        bent(
            "json/leading-zero-for-name",
            "A number with a leading zero in place of a name.",
            Json1,
            "\"w\"",
            "01",
        ),
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
        bent("json/literal-true-cut", "A true without its last letter.", Json1, "[4]", "tru"),
        bent("json/literal-true-too-long", "A true with a letter more.", Json1, "[4]", "truee"),
        bent("json/literal-true-in-capitals", "A true in capitals.", Json1, "[4]", "TRUE"),
        bent(
            "json/literal-false-in-upper-case",
            "False with a capital letter.",
            Json1,
            "[4]",
            "False",
        ),
        bent("json/literal-false-cut", "A false without its last letter.", Json1, "[4]", "fals"),
        bent("json/literal-false-too-long", "A false with a letter more.", Json1, "[4]", "falsee"),
        bent("json/literal-null-in-capitals", "A null in capitals.", Json1, "[4]", "NULL"),
        bent("json/literal-none", "None in place of null.", Json1, "[4]", "None"),
        bent("json/not-a-number-in-lower-case", "A dimension that is nan.", Json1, "[4]", "[nan]"),
        bent("json/infinity-abbreviated", "A dimension that is inf.", Json1, "[4]", "[inf]"),
        bent("json/octal-number", "A dimension in octal.", Json1, "[4]", "[0o4]"),
        bent("json/not-a-number-in-offset", "NaN in the offsets.", Json1, "[0,4]", "[0,NaN]"),
        bent("json/infinity-in-offset", "Infinity in the offsets.", Json1, "[0,4]", "[0,Infinity]"),
    ]
}

/// What is no JSON, where a reader could skip it or take it for text.
fn tokens_elsewhere() -> Vec<Recipe> {
    let unknown = |id, summary, rule, text: &str| {
        bent(id, summary, rule, "[4]", format!("[4],\"note\":{text}")).also([Ent4])
    };
    let metadata = |id, summary, text: &str| {
        let text = format!("{{\"format\":{text}}}");
        rejects(id, summary, Json1, ONE_PAIR, one().metadata_text(text)).also([Meta3])
    };
    vec![
        unknown(
            "json/not-a-number-in-unknown-field",
            "A field that no reader needs is NaN.",
            Json1,
            "NaN",
        ),
        unknown(
            "json/infinity-in-unknown-field",
            "A field that no reader needs is Infinity.",
            Json1,
            "Infinity",
        ),
        unknown(
            "json/negative-infinity-in-unknown-field",
            "A field that no reader needs is -Infinity.",
            Json5,
            "-Infinity",
        ),
        unknown(
            "json/single-quotes-in-unknown-field",
            "A field that no reader needs is a string in single quotes.",
            Json1,
            "'x'",
        ),
        unknown(
            "json/comment-in-unknown-field",
            "A comment stands in an array that no reader needs.",
            Json1,
            "[/**/]",
        ),
        unknown(
            "json/comma-last-in-unknown-field",
            "A comma stands before the bracket of an array that no reader needs.",
            Json1,
            "[0,]",
        ),
        metadata("json/not-a-number-in-metadata-value", "A metadata value is NaN.", "NaN"),
        metadata("json/word-in-metadata-value", "A metadata value has no quotes.", "pt"),
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
        bent("json/hash-comment", "A comment after a number sign.", Json1, "[4]", "#\n[4]"),
        bent(
            "json/comment-inside-array",
            "A comment before a dimension.",
            Json1,
            "[4]",
            "[/*rows*/4]",
        ),
        bent("json/comment-not-closed", "A comment that never ends.", Json1, "[4]", "/*[4]"),
        bent(
            "json/unit-separator-between-tokens",
            "U+001F between two tokens.",
            Json1,
            "[4]",
            "\x1f[4]",
        ),
        bent("json/delete-between-tokens", "U+007F between two tokens.", Json1, "[4]", "\x7f[4]"),
        bent(
            "json/next-line-between-tokens",
            "A next line, U+0085, between two tokens.",
            Json1,
            "[4]",
            "\u{85}[4]",
        ),
        bent(
            "json/zero-width-space-between-tokens",
            "A zero-width space, U+200B, between two tokens.",
            Json1,
            "[4]",
            "\u{200b}[4]",
        ),
        bent(
            "json/ideographic-space-between-tokens",
            "An ideographic space, U+3000, between two tokens.",
            Json1,
            "[4]",
            "\u{3000}[4]",
        ),
    ]
}
