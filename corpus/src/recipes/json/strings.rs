//! Strings: quotation marks, raw control characters, escapes, surrogates.

use super::{Draft, EMPTY, ONE_PAIR, Recipe, accepts, bent, one, rejects, spelled};
use spec::RuleId::{Ent4, Json1, Json2, Json3, Json4, Meta3};

pub(super) fn recipes() -> Vec<Recipe> {
    let parts = [
        quotation_marks(),
        control_characters(),
        every_control_character(),
        escapes(),
        surrogates(),
    ];
    parts.into_iter().flatten().collect()
}

fn quotation_marks() -> Vec<Recipe> {
    let name = |id, summary, text: &str| bent(id, summary, Json1, "\"w\"", text);
    vec![
        name("json/begin-quotation-mark-missing", "A name has no quotation mark before it.", "w\""),
        name("json/end-quotation-mark-missing", "A name has no mark behind it.", "\"w"),
        name("json/quotation-mark-inside-name", "A raw quotation mark in a name.", "\"w\"w\""),
        name("json/two-strings-for-name", "A name in two strings.", "\"w\" \"w\""),
        name("json/three-quotation-marks", "Three marks on each side.", "\"\"\"w\"\"\""),
        name("json/backticks", "A name in backticks.", "`w`"),
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
        bent("json/nul-in-dtype", "A raw zero byte in a dtype.", Json2, "\"U8\"", "\"U8\0\""),
        rejects(
            "json/last-control-near-end-of-header",
            "A raw U+001F four bytes before the header ends, which has no padding.",
            Json2,
            EMPTY,
            Draft::default().object("{\"__metadata__\":{\"comment\":\"\x1f\"}}").no_padding(),
        ),
        rejects(
            "json/nul-near-end-of-header",
            "A raw zero byte four bytes before the header ends, which has no padding.",
            Json2,
            EMPTY,
            Draft::default().object("{\"__metadata__\":{\"comment\":\"\0\"}}").no_padding(),
        ),
        rejects(
            "json/nul-in-metadata-value",
            "A raw zero byte in a metadata value.",
            Json2,
            ONE_PAIR,
            value("pt\0"),
        ),
        rejects(
            "json/tab-in-metadata-key",
            "A raw tab in a metadata key.",
            Json2,
            ONE_PAIR,
            one().metadata_text("{\"format\t\":\"pt\"}"),
        ),
        accepts(
            "json/second-control-block-raw",
            "The control characters U+0080 to U+009F stand unescaped in a name.",
            [Json2],
            spelled(&second_controls(), &second_controls()),
        ),
    ]
}

fn second_controls() -> String {
    ('\u{80}'..='\u{9f}').collect()
}

/// U+0001 to U+001E. U+0000, tab, line feed and U+001F have rows above.
static CONTROLS: &[(char, &str)] = &[
    ('\u{1}', "start-of-heading"),
    ('\u{2}', "start-of-text"),
    ('\u{3}', "end-of-text"),
    ('\u{4}', "end-of-transmission"),
    ('\u{5}', "enquiry"),
    ('\u{6}', "acknowledge"),
    ('\u{7}', "bell"),
    ('\u{8}', "backspace"),
    ('\u{b}', "vertical-tab"),
    ('\u{c}', "form-feed"),
    ('\u{d}', "carriage-return"),
    ('\u{e}', "shift-out"),
    ('\u{f}', "shift-in"),
    ('\u{10}', "data-link-escape"),
    ('\u{11}', "device-control-one"),
    ('\u{12}', "device-control-two"),
    ('\u{13}', "device-control-three"),
    ('\u{14}', "device-control-four"),
    ('\u{15}', "negative-acknowledge"),
    ('\u{16}', "synchronous-idle"),
    ('\u{17}', "end-of-transmission-block"),
    ('\u{18}', "cancel"),
    ('\u{19}', "end-of-medium"),
    ('\u{1a}', "substitute"),
    ('\u{1b}', "escape"),
    ('\u{1c}', "file-separator"),
    ('\u{1d}', "group-separator"),
    ('\u{1e}', "record-separator"),
];

fn every_control_character() -> Vec<Recipe> {
    let row = |(control, word): &(char, &str)| {
        let id = format!("json/control-in-name-{word}");
        let summary =
            format!("A raw U+{:04X}, {}, in a name.", u32::from(*control), word.replace('-', " "));
        bent(&id, &summary, Json2, "\"w\"", format!("\"w{control}\""))
    };
    CONTROLS.iter().map(row).collect()
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
        escape("json/escape-b-in-upper-case", "An escape of a capital B.", Json3, r"\B"),
        escape("json/escape-f-in-upper-case", "An escape of a capital F.", Json3, r"\F"),
        escape("json/escape-n-in-upper-case", "An escape of a capital N.", Json3, r"\N"),
        escape("json/escape-r-in-upper-case", "An escape of a capital R.", Json3, r"\R"),
        escape("json/escape-t-in-upper-case", "An escape of a capital T.", Json3, r"\T"),
        escape("json/escape-in-braces", "An escape with its digits in braces.", Json3, r"\u{77}"),
        escape("json/escape-too-short", "An escape of three digits.", Json3, r"\u077"),
        escape(
            "json/escape-cut-by-line-feed",
            "A raw line feed after two of the four digits of an escape.",
            Json3,
            "\\u00\n",
        ),
        escape("json/escape-with-wrong-digit", "An escape with a letter G.", Json3, r"\u00G7"),
        escape("json/escape-with-letter-behind-f", "An escape with a g.", Json3, r"\u00g7"),
        escape("json/escape-with-sign-before-digits", "An escape with a `/`.", Json3, r"\u00/7"),
        escape("json/escape-with-colon", "An escape with a colon.", Json3, r"\u00:7"),
        escape("json/escape-with-at-sign", "An escape with an `@`.", Json3, r"\u00@7"),
        escape("json/escape-with-backtick", "An escape with a backtick.", Json3, r"\u00`7"),
        escape("json/escape-with-sign", "An escape with a sign among digits.", Json3, r"\u+077"),
        escape("json/escape-of-non-ascii", "An escape of a letter with accent.", Json3, "\\é"),
        escape(
            "json/escape-of-nothing",
            "A reverse solidus escapes the closing mark.",
            Json1,
            r"\",
        ),
        rejects(
            "json/reverse-solidus-at-end-of-header",
            "The header ends with a reverse solidus in a name.",
            Json1,
            EMPTY,
            Draft::default().object(r#"{"wwwww\"#).no_padding(),
        ),
        rejects(
            "json/escape-cut-by-end-of-header",
            "The header ends after two of the four digits of an escape.",
            Json3,
            EMPTY,
            Draft::default().object(r#"{"ww\u00"#).no_padding(),
        ),
        rejects(
            "json/surrogate-pair-cut-by-end-of-header",
            "The header ends between the two escapes of a surrogate pair.",
            Json4,
            EMPTY,
            Draft::default().object(r#"{"\ud83d"#).no_padding(),
        ),
        rejects(
            "json/surrogate-pair-cut-after-reverse-solidus",
            "The header ends with the reverse solidus of the second escape of a surrogate pair.",
            Json4,
            EMPTY,
            Draft::default().object(r#"{"wwwwwww\ud83d\"#).no_padding(),
        ),
        rejects(
            "json/surrogate-pair-cut-inside-second",
            "The header ends inside the second escape of a surrogate pair.",
            Json4,
            EMPTY,
            Draft::default().object(r#"{"wwwww\ud83d\ud"#).no_padding(),
        ),
        rejects(
            "json/unknown-escape-in-metadata-value",
            "A metadata value with an escape of a plain letter.",
            Json3,
            ONE_PAIR,
            one().metadata_text(r#"{"format":"C:\models"}"#),
        ),
        bent(
            "json/unknown-escape-in-unknown-field",
            "A field that no reader needs holds an escape of a plain letter.",
            Json3,
            "[4]",
            r#"[4],"note":"\q""#,
        )
        .also([Ent4]),
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
        escape(
            "json/high-surrogate-before-raw-line-feed",
            "A high surrogate, and a raw line feed.",
            Json4,
            "\\ud83d\n",
        ),
        escape(
            "json/high-surrogate-before-unknown-escape",
            "A high surrogate, and an escape of a plain letter.",
            Json4,
            r"\ud83d\q",
        ),
        escape(
            "json/high-surrogate-before-escape-too-short",
            "A high surrogate, and an escape of three digits.",
            Json4,
            r"\ud83d\ude0",
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
