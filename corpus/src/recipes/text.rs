//! The first byte of the header, and its encoding.

use super::{made_up, one, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::LeadingWhitespace;
use spec::RuleId::{Ent4, Json1, Json7, Name2, Snf1, Txt1, Txt2};

const ONE: &str = "layout/one-tensor";
const NAMED: &str = "text/name-in-two-byte-characters";

pub(super) fn recipes() -> Vec<Recipe> {
    [leading_whitespace(), first_byte(), well_formed(), ill_formed(), ill_formed_elsewhere()]
        .into_iter()
        .flatten()
        .collect()
}

/// Whitespace before the object, which a lenient reader skips.
fn led_by(id: &str, summary: &str, whitespace: &str) -> Recipe {
    rejects(id, summary, Txt1, ONE, one().before(whitespace))
        .also([Snf1])
        .forgiven(LeadingWhitespace)
}

fn leading_whitespace() -> Vec<Recipe> {
    vec![
        led_by("text/space-before-object", "A space stands before the object.", " "),
        led_by("text/tab-before-object", "A tab stands before the object.", "\t"),
        led_by("text/line-feed-before-object", "A line feed stands before the object.", "\n"),
        led_by(
            "text/carriage-return-before-object",
            "A carriage return stands before the object.",
            "\r",
        ),
        led_by(
            "text/mixed-whitespace-before-object",
            "Space, tab, carriage return and line feed stand before the object.",
            " \t\r\n",
        ),
        led_by(
            "text/padding-before-object",
            "The spaces that pad the header stand before the object instead of after it.",
            "   ",
        ),
        led_by(
            "text/page-of-spaces-before-object",
            "Some thousand spaces stand before the object, to align it.",
            &" ".repeat(4088),
        ),
    ]
}

fn first_byte() -> Vec<Recipe> {
    vec![
        before("text/byte-order-mark", "A byte order mark stands before the object.", "\u{feff}"),
        before("text/form-feed-before-object", "A form feed stands before the object.", "\x0c"),
        before("text/vertical-tab-before-object", "A vertical tab precedes the object.", "\x0b"),
        before("text/nul-before-object", "A zero byte stands before the object.", "\0"),
        before(
            "text/no-break-space-before-object",
            "A no-break space, U+00A0, stands before the object.",
            "\u{a0}",
        ),
        before(
            "text/comment-before-object",
            "A comment stands before the object.",
            "/* one tensor */",
        ),
        before("text/separator-before-object", "A record separator precedes the object.", "\x1e"),
        top_level("text/top-level-array", "The header is an empty array.", "[]"),
        top_level("text/top-level-null", "The header is null.", "null"),
        top_level("text/top-level-string", "The header is an empty string.", "\"\""),
        top_level("text/top-level-number", "The header is the number 0.", "0"),
        rejects(
            "text/top-level-array-of-object",
            "The header is an array that holds the object.",
            Txt1,
            ONE,
            one().before("[").after("]"),
        ),
        rejects(
            "text/object-in-quotes",
            "The header is a string that holds the object.",
            Txt1,
            "framing/no-tensors",
            Draft::default().object("\"{}\""),
        ),
        rejects(
            "text/two-byte-encoding-big-end-first",
            "The header is UTF-16, big-endian.",
            Txt1,
            "framing/no-tensors",
            Draft::default().object(b"\0{\0}\0 \0 ").no_padding(),
        ),
        rejects(
            "text/two-byte-encoding-little-end-first",
            "The header is UTF-16, little-endian.",
            Json1,
            "framing/no-tensors",
            Draft::default().object(b"{\0}\0 \0 \0").no_padding(),
        ),
        rejects(
            "text/four-byte-encoding-big-end-first",
            "The header is UTF-32, big-endian.",
            Txt1,
            "framing/no-tensors",
            Draft::default().object(b"\0\0\0{\0\0\0}").no_padding(),
        ),
        rejects(
            "text/four-byte-encoding-little-end-first",
            "The header is UTF-32, little-endian.",
            Json1,
            "framing/no-tensors",
            Draft::default().object(b"{\0\0\0}\0\0\0").no_padding(),
        ),
        rejects(
            "text/two-byte-encoding-of-whole-header",
            "The header of one tensor is UTF-16, little-endian, and so are the spaces that pad it.",
            Json1,
            ONE,
            one().object(wide(OBJECT)).no_padding(),
        ),
        rejects(
            "text/opening-brace-missing",
            "The header begins with the first name instead of a brace.",
            Txt1,
            ONE,
            one().swap("{\"w\"", "\"w\""),
        ),
        top_level("text/top-level-true", "The header is true.", "true"),
        top_level("text/top-level-false", "The header is false.", "false"),
        before("text/letter-before-object", "A letter stands before the object.", "x"),
        before("text/delete-before-object", "U+007F stands before the object.", "\x7f"),
        before(
            "text/zero-width-space-before-object",
            "A zero-width space, U+200B, stands before the object.",
            "\u{200b}",
        ),
        before("text/array-before-object", "An empty array stands before the object.", "[]"),
    ]
}

fn before(id: &str, summary: &str, text: &str) -> Recipe {
    rejects(id, summary, Txt1, ONE, one().before(text))
}

fn top_level(id: &str, summary: &str, text: &str) -> Recipe {
    rejects(id, summary, Txt1, "framing/no-tensors", Draft::default().object(text))
}

/// The object of one tensor, in as many characters as make a multiple of four.
const OBJECT: &str = r#"{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}   "#;

/// ASCII as UTF-16, little-endian.
fn wide(text: &str) -> Vec<u8> {
    text.bytes().flat_map(|byte| [byte, 0]).collect()
}

fn named(name: &str) -> Draft {
    Draft::of([u8s(name, &[4])])
}

fn well_formed() -> Vec<Recipe> {
    vec![
        accepts(NAMED, "A name of two-byte characters.", [Txt2, Name2], named("poids-éß-µ")),
        accepts(
            "text/name-in-three-byte-characters",
            "A name of three-byte characters.",
            [Txt2],
            named("重み"),
        ),
        accepts(
            "text/name-in-four-byte-characters",
            "A name of characters beyond U+FFFF.",
            [Txt2],
            named("😀𝒘"),
        ),
        accepts(
            "text/name-at-encoding-boundaries",
            "A name of the first and last characters of each length in UTF-8.",
            [Txt2],
            named("\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}"),
        ),
        accepts(
            "text/name-around-surrogates",
            "A name of the characters right below and above the surrogates.",
            [Txt2, Json7],
            named("\u{d7ff}\u{e000}"),
        ),
        accepts(
            "text/name-of-noncharacters",
            "A name of code points that are no characters and are allowed all the same.",
            [Txt2, Name2],
            named("\u{fdd0}\u{fffe}\u{1fffe}"),
        ),
        accepts(
            "text/byte-order-mark-inside-name",
            "A name that begins with U+FEFF.",
            [Txt2, Name2],
            named("\u{feff}w"),
        ),
        accepts(
            "text/replacement-character-in-name",
            "A name that holds U+FFFD, which a repairing decoder makes of ill-formed bytes.",
            [Txt2],
            named("w\u{fffd}"),
        ),
        accepts(
            "text/metadata-in-several-scripts",
            "Metadata in several scripts, keys and values.",
            [Txt2],
            one().metadata(&[("автор", "作者"), ("é", "e\u{301}"), ("🔑", "\u{202e}abc")]),
        ),
    ]
}

/// Bytes that are no UTF-8, in place of the second half of a name.
fn bytes(id: &str, summary: &str, bytes: &[u8]) -> Recipe {
    let spelled = [b"\"w", bytes, b"\""].concat();
    let tensor = Tensor::new("w", "U8", &[4], &made_up("w", 4)).name_text(spelled);
    rejects(id, summary, Txt2, NAMED, Draft::of([tensor]))
}

fn ill_formed() -> Vec<Recipe> {
    vec![
        bytes("text/lone-continuation-byte", "A continuation byte with no lead byte.", b"\x80"),
        bytes("text/byte-of-all-ones", "The byte 0xFF, which UTF-8 never has.", b"\xff"),
        bytes("text/single-byte-encoding", "An e with acute accent in Latin-1.", b"\xe9"),
        bytes("text/lead-byte-before-quote", "A two-byte character cut after its lead.", b"\xc3"),
        bytes("text/three-byte-character-cut", "A three-byte character cut.", b"\xe2\x82"),
        bytes("text/four-byte-character-cut", "A four-byte character cut.", b"\xf0\x9f\x98"),
        bytes("text/overlong-solidus", "A solidus in two bytes.", b"\xc0\xaf"),
        bytes("text/overlong-nul", "U+0000 in two bytes.", b"\xc0\x80"),
        bytes("text/overlong-in-three-bytes", "A solidus in three bytes.", b"\xe0\x80\xaf"),
        bytes("text/overlong-in-four-bytes", "A solidus in four bytes.", b"\xf0\x80\x80\xaf"),
        bytes("text/encoded-high-surrogate", "U+D800 in three bytes.", b"\xed\xa0\x80"),
        bytes(
            "text/encoded-surrogate-pair",
            "A character beyond U+FFFF as two surrogates of three bytes each.",
            b"\xed\xa0\xbd\xed\xb8\x80",
        ),
        bytes("text/beyond-last-code-point", "U+110000 in four bytes.", b"\xf4\x90\x80\x80"),
        bytes("text/five-byte-form", "A character in five bytes.", b"\xf8\x88\x80\x80\x80"),
        bytes("text/six-byte-form", "A character in six bytes.", b"\xfc\x84\x80\x80\x80\x80"),
        bytes("text/byte-of-all-ones-but-the-last", "The byte 0xFE.", b"\xfe"),
        bytes("text/lead-byte-beyond-code-points", "Four bytes led by 0xF5.", b"\xf5\x80\x80\x80"),
        bytes("text/lead-byte-twice", "A lead byte follows a lead byte.", b"\xc3\xc3\xa9"),
        bytes("text/lead-byte-for-continuation-byte", "A lead byte ends a character.", b"\xc3\xc3"),
        bytes("text/continuation-byte-too-many", "A byte follows a character.", b"\xc3\xa9\xa9"),
        bytes("text/letter-for-continuation-byte", "A letter inside a character.", b"\xe2a\x82"),
        bytes("text/overlong-letter", "The letter w in two bytes.", b"\xc1\xb7"),
        bytes("text/overlong-quotation-mark", "A quotation mark in two bytes.", b"\xc0\xa2"),
        bytes("text/overlong-reverse-solidus", "A reverse solidus in two bytes.", b"\xc1\x9c"),
        bytes("text/greatest-overlong-in-two-bytes", "U+007F in two bytes.", b"\xc1\xbf"),
        bytes("text/greatest-overlong-in-three-bytes", "U+07FF in three bytes.", b"\xe0\x9f\xbf"),
        bytes("text/greatest-overlong-in-four-bytes", "U+FFFF in four bytes.", b"\xf0\x8f\xbf\xbf"),
        bytes("text/encoded-last-high-surrogate", "U+DBFF in three bytes.", b"\xed\xaf\xbf"),
        bytes("text/encoded-low-surrogate", "U+DC00 in three bytes.", b"\xed\xb0\x80"),
        bytes("text/encoded-last-surrogate", "U+DFFF in three bytes.", b"\xed\xbf\xbf"),
    ]
}

fn ill_formed_elsewhere() -> Vec<Recipe> {
    vec![
        rejects(
            "text/ill-formed-metadata-value",
            "A metadata value with the byte 0xFF.",
            Txt2,
            "metadata/one-pair",
            one().metadata_text(b"{\"format\":\"pt\xff\"}"),
        ),
        rejects(
            "text/ill-formed-metadata-key",
            "A metadata key with a continuation byte that nothing leads.",
            Txt2,
            "metadata/one-pair",
            one().metadata_text(b"{\"format\xbf\":\"pt\"}"),
        ),
        rejects(
            "text/ill-formed-behind-hundreds-of-bytes",
            "The byte 0xFF at the end of a metadata value of some hundred characters.",
            Txt2,
            "metadata/one-pair",
            one().metadata_text([&b"{\"format\":\""[..], &[b'x'; 300], b"\xff\"}"].concat()),
        ),
        rejects(
            "text/ill-formed-between-tokens",
            "The byte 0xFF between two tokens.",
            Txt2,
            ONE,
            one().swap("[4]", b"\xff[4]"),
        ),
        rejects(
            "text/ill-formed-padding",
            "The byte 0xA0, a no-break space in Latin-1, as padding.",
            Txt2,
            ONE,
            one().after(b"\xa0"),
        ),
        rejects(
            "text/ill-formed-dtype",
            "A dtype and the byte 0xFF.",
            Txt2,
            ONE,
            one().swap("\"U8\"", b"\"U8\xff\""),
        ),
        rejects(
            "text/ill-formed-field-name",
            "The name of a field and the byte 0xFF.",
            Txt2,
            ONE,
            one().swap("\"shape\"", b"\"shape\xff\""),
        ),
        rejects(
            "text/ill-formed-unknown-field",
            "A field that no reader needs holds the byte 0xFF.",
            Txt2,
            ONE,
            one().swap("[4]", b"[4],\"note\":\"\xff\""),
        )
        .also([Ent4]),
        rejects(
            "text/encoded-surrogate-pair-in-metadata-value",
            "A metadata value of a character beyond U+FFFF as two surrogates of three bytes each.",
            Txt2,
            "metadata/one-pair",
            one().metadata_text(b"{\"format\":\"pt\xed\xa0\xbd\xed\xb8\x80\"}"),
        ),
        rejects(
            "text/overlong-nul-in-metadata-value",
            "A metadata value with U+0000 in two bytes, as some virtual machines write it.",
            Txt2,
            "metadata/one-pair",
            one().metadata_text(b"{\"format\":\"pt\xc0\x80\"}"),
        ),
        rejects(
            "text/character-cut-by-end-of-header",
            "N ends between the two bytes of a character in a name.",
            Txt2,
            NAMED,
            named("wwwwwé").declare(8),
        ),
    ]
}
