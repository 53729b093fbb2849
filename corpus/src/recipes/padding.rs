//! What follows the object in the header.

use super::{one, u8s};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::TrailingWhitespace;
use spec::RuleId::{Lay4, Lay5, Pad1};

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    [spaces(), whitespace(), other_bytes(), more_bytes(), outside()].into_iter().flatten().collect()
}

fn spaces() -> Vec<Recipe> {
    vec![
        accepts(
            "padding/none",
            "The object fills the header text to its last byte.",
            [Pad1],
            Draft::of([u8s("w.0.", &[4])]),
        ),
        accepts(
            "padding/a-word-of-spaces",
            "Eight spaces more than the header needs.",
            [Pad1],
            one().after(" ".repeat(8)),
        ),
        accepts(
            "padding/thousands-of-spaces",
            "Some thousand spaces, room for a longer header to be written in place.",
            [Pad1],
            one().after(" ".repeat(4096)),
        ),
    ]
}

/// Whitespace other than spaces, which a lenient reader skips.
fn lenient(id: &str, summary: &str, draft: Draft) -> Recipe {
    rejects(id, summary, Pad1, ONE, draft).forgiven(TrailingWhitespace)
}

fn whitespace() -> Vec<Recipe> {
    vec![
        lenient("padding/tab", "A tab follows the object.", one().after("\t")),
        lenient("padding/line-feed", "A line feed follows the object.", one().after("\n")),
        lenient(
            "padding/carriage-return",
            "A carriage return follows the object.",
            one().after("\r"),
        ),
        lenient("padding/line-end", "CR and LF follow the object.", one().after("\r\n")),
        lenient(
            "padding/line-feed-behind-spaces",
            "The last byte of the header text is a line feed.",
            one().ending("\n"),
        ),
        lenient("padding/tabs-only", "Nothing but tabs pads the header.", one().after("\t\t\t")),
        lenient(
            "padding/tab-behind-spaces",
            "The last byte of the header text is a tab.",
            one().ending("\t"),
        ),
        lenient(
            "padding/carriage-return-behind-spaces",
            "The last byte of the header text is a carriage return.",
            one().ending("\r"),
        ),
        lenient(
            "padding/tab-between-spaces",
            "A tab stands in the middle of the spaces that pad the header.",
            one().after(" \t "),
        ),
        lenient(
            "padding/mixed-whitespace",
            "Tabs, line feeds, carriage returns and spaces pad the header.",
            one().after("\t \n \r "),
        ),
    ]
}

/// Bytes that nobody may skip, right after the object.
fn other(id: &str, summary: &str, bytes: impl AsRef<[u8]>) -> Recipe {
    rejects(id, summary, Pad1, ONE, one().after(bytes))
}

fn other_bytes() -> Vec<Recipe> {
    vec![
        other("padding/nul", "A zero byte follows the object.", "\0"),
        other("padding/nul-only", "Nothing but zero bytes pads the header.", "\0\0\0"),
        rejects(
            "padding/nul-behind-spaces",
            "The last byte of the header text is zero.",
            Pad1,
            ONE,
            one().ending("\0"),
        ),
        other("padding/form-feed", "A form feed follows the object.", "\x0c"),
        other("padding/vertical-tab", "A vertical tab follows the object.", "\x0b"),
        other("padding/no-break-space", "A no-break space, U+00A0, follows the object.", "\u{a0}"),
        other(
            "padding/line-separator",
            "A line separator, U+2028, follows the object.",
            "\u{2028}",
        ),
        other("padding/byte-order-mark", "A byte order mark follows the object.", "\u{feff}"),
        other("padding/letter", "A letter follows the object.", "x"),
        other("padding/comma", "A comma follows the object.", ","),
        other("padding/closing-brace", "A second closing brace follows the object.", "}"),
        other("padding/second-object", "A second, empty object follows the object.", "{}"),
        other("padding/second-object-on-next-line", "An object follows on a line below.", "\n{}"),
        other("padding/line-comment", "A comment follows the object.", "//"),
        rejects(
            "padding/members-behind-object",
            "The metadata stands behind the closed object, as a faulty writer put it.",
            Pad1,
            "metadata/without-tensors",
            Draft::default().after(r#","__metadata__":{"format":"pt"}}"#),
        ),
    ]
}

/// Bytes that may be taken for padding or for more of the header, each right after the object.
static BYTES: &[(&str, &str, &str)] = &[
    ("first-control-character", "The byte 0x01", "\x01"),
    ("end-of-file-character", "The byte 0x1A, which ends files on some systems,", "\x1a"),
    ("last-control-character", "The byte 0x1F", "\x1f"),
    ("delete-character", "The byte 0x7F", "\x7f"),
    ("digit", "A digit", "0"),
    ("minus-sign", "A minus sign", "-"),
    ("quotation-mark", "A quotation mark", "\""),
    ("apostrophe", "An apostrophe", "'"),
    ("colon", "A colon", ":"),
    ("semicolon", "A semicolon", ";"),
    ("reverse-solidus", "A reverse solidus", "\\"),
    ("opening-brace", "An opening brace", "{"),
    ("opening-bracket", "An opening bracket", "["),
    ("closing-bracket", "A closing bracket", "]"),
    ("null", "The word null", "null"),
    ("string", "A string", "\"\""),
    ("block-comment", "A comment in two marks", "/**/"),
    ("hash-comment", "A comment after a number sign", "#"),
    ("next-line", "A next line, U+0085,", "\u{85}"),
    ("zero-width-space", "A zero-width space, U+200B,", "\u{200b}"),
    ("ideographic-space", "An ideographic space, U+3000,", "\u{3000}"),
];

fn more_bytes() -> Vec<Recipe> {
    let row = |(word, what, bytes): &(&str, &str, &str)| {
        other(&format!("padding/{word}"), &format!("{what} follows the object."), bytes)
    };
    let mut rows: Vec<Recipe> = BYTES.iter().map(row).collect();
    rows.push(rejects(
        "padding/nul-between-spaces",
        "A zero byte stands in the middle of the spaces that pad the header.",
        Pad1,
        ONE,
        one().after(" \0 "),
    ));
    rows
}

/// What pads inside N, put behind N instead, where it belongs to the data buffer.
static OUTSIDE: &[(&str, &str, u8)] = &[
    ("space", "spaces", b' '),
    ("tab", "tabs", b'\t'),
    ("line-feed", "line feeds", b'\n'),
    ("carriage-return", "carriage returns", b'\r'),
    ("nul", "zero bytes", 0),
    ("letter", "letters", b'x'),
];

fn outside() -> Vec<Recipe> {
    let mut rows = Vec::new();
    for (word, what, byte) in OUTSIDE {
        let row = |place: &str, summary: String, rule, twin, draft| {
            let id = format!("padding/{word}-outside-header-{place}");
            rejects(&id, &summary, rule, twin, draft).also([Pad1])
        };
        rows.push(row(
            "without-tensors",
            format!("Eight {what} follow the header, and there is no tensor."),
            Lay5,
            "framing/no-tensors",
            Draft::default().append([*byte; 8]),
        ));
        rows.push(row(
            "before-tensor",
            format!("Eight {what} stand between N and the tensor, whose offsets leave them out."),
            Lay5,
            ONE,
            one().insert(0, [*byte; 8]),
        ));
        rows.push(row(
            "counted-in-offsets",
            format!("Eight {what} stand between N and the tensor, whose offsets begin after them."),
            Lay4,
            ONE,
            Draft::of([u8s("w", &[4]).at(8, 12)]).insert(0, [*byte; 8]),
        ));
    }
    rows
}
