//! Faults of the header text and of the frame around it (LEN, TXT, JSON, PAD).

use super::Done;
use crate::arb::dice::Dice;
use crate::arb::tree::Piece;
use crate::arb::{Framed, Padded};
use spec::MAX_HEADER_LEN;

pub(super) fn fewer_than_eight_bytes(dice: &mut Dice<'_, '_>, framed: &mut Framed) -> Done {
    framed.cut = Some(dice.below(8));
    Some(())
}

pub(super) fn declare_too_much(dice: &mut Dice<'_, '_>, framed: &mut Framed) -> Done {
    let great = dice.between(MAX_HEADER_LEN + 1..=u64::MAX);
    framed.declared =
        dice.pick([MAX_HEADER_LEN + 1, 1 << 31, 1 << 32, 1 << 53, 1 << 63, u64::MAX, great]);
    Some(())
}

pub(super) fn declare_in_big_endian(_: &mut Dice<'_, '_>, framed: &mut Framed) -> Done {
    // N is less than 2^32 here and not 0, so that it becomes 2^32 or more.
    framed.declared = framed.declared.swap_bytes();
    Some(())
}

pub(super) fn declare_more_than_there_is(dice: &mut Dice<'_, '_>, framed: &mut Framed) -> Done {
    let there = u64::try_from(framed.text.len() + framed.buffer.len()).ok()?;
    framed.declared = dice.pick([there + 1, there + 8, 65_536, MAX_HEADER_LEN]);
    Some(())
}

pub(super) fn cut_inside_the_header(dice: &mut Dice<'_, '_>, framed: &mut Framed) -> Done {
    framed.cut = Some(8 + dice.below(framed.text.len()));
    Some(())
}

pub(super) fn whitespace_first(dice: &mut Dice<'_, '_>, text: &mut Padded) -> Done {
    let space = dice.pick([" ", "\t", "\n", "\r", "\r\n\t  "]);
    text.object.splice(0..0, space.bytes());
    Some(())
}

pub(super) fn something_else_first(dice: &mut Dice<'_, '_>, text: &mut Padded) -> Done {
    let other = dice.pick(["\u{feff}", "\0", "\u{c}", "\u{a0}", "x", "[", "\"\":", "//\n", "}"]);
    text.object.splice(0..0, other.bytes());
    Some(())
}

pub(super) fn something_else_instead(dice: &mut Dice<'_, '_>, text: &mut Padded) -> Done {
    let other = dice.pick(["", "[]", "null", "\"{}\"", "0", "[{}]"]);
    text.object = other.as_bytes().to_vec();
    if text.object.is_empty() {
        // Nothing but padding would be whitespace before an object that never comes.
        text.padding.clear();
    }
    Some(())
}

/// Sequences that no neighbour can complete.
const NO_UTF8: [&[u8]; 9] = [
    b"\x80",             // a continuation of nothing
    b"\xFF",             // never a byte of UTF-8
    b"\xC0\x80",         // U+0000, overlong
    b"\xE0\x82\xA2",     // U+00A2, overlong
    b"\xED\xA0\x80",     // the surrogate U+D800
    b"\xED\xB0\x80",     // the surrogate U+DC00
    b"\xF4\x90\x80\x80", // above U+10FFFF
    b"\xF8\x88\x80\x80\x80",
    b"\xE2\x82", // cut short
];

pub(super) fn no_utf8_in_the_object(dice: &mut Dice<'_, '_>, text: &mut Padded) -> Done {
    // The first byte stays what it is.
    let at = 1 + dice.below(text.object.len());
    text.object.splice(at..at, dice.pick(NO_UTF8).iter().copied());
    Some(())
}

pub(super) fn no_utf8_in_the_padding(dice: &mut Dice<'_, '_>, text: &mut Padded) -> Done {
    let at = dice.below(text.padding.len() + 1);
    text.padding.splice(at..at, dice.pick(NO_UTF8).iter().copied());
    Some(())
}

pub(super) fn pad_with_something_else(dice: &mut Dice<'_, '_>, text: &mut Padded) -> Done {
    let other = dice.pick([
        "\0", "\t", "\n", "\r", "\u{b}", "\u{c}", "\u{7f}", "\u{a0}", "\u{feff}", "x", "}", ",",
        "{}", "null", "0",
    ]);
    for _ in 0..=dice.below(3) {
        let at = dice.below(text.padding.len() + 1);
        // A character of several bytes may be split by the next one.
        let at = (0..=at).rev().find(|at| is_boundary(&text.padding, *at))?;
        text.padding.splice(at..at, other.bytes());
    }
    Some(())
}

fn is_boundary(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|byte| !(0x80..0xC0).contains(byte))
}

/// Where the marks are, except the brace that opens the header.
fn marks(pieces: &[Piece]) -> Vec<usize> {
    let is_mark = |at: &usize| matches!(pieces.get(*at), Some(Piece::Mark(_)));
    (1..pieces.len()).filter(is_mark).collect()
}

/// Where the scalars are that begin with such a byte.
fn scalars(pieces: &[Piece], begins: impl Fn(u8) -> bool) -> Vec<usize> {
    let fits = |at: &usize| match pieces.get(*at) {
        Some(Piece::Scalar(bytes)) => bytes.first().is_some_and(|first| begins(*first)),
        Some(Piece::Mark(_) | Piece::Space(_)) | None => false,
    };
    (0..pieces.len()).filter(fits).collect()
}

pub(super) fn lose_a_mark(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let at = dice.pick_from(&marks(pieces))?;
    // A space in its place: without a comma, two numbers would become one.
    *pieces.get_mut(at)? = Piece::Space(b" ".to_vec());
    Some(())
}

pub(super) fn change_a_mark(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let at = dice.pick_from(&marks(pieces))?;
    let Piece::Mark(mark) = pieces.get_mut(at)? else { return None };
    *mark = match *mark {
        b'{' => b'[',
        b'}' => b']',
        b'[' => b'{',
        b']' => b'}',
        b':' => dice.pick([b',', b'=']),
        _ => dice.pick([b':', b';']),
    };
    Some(())
}

pub(super) fn a_comma_too_many(dice: &mut Dice<'_, '_>, pieces: &mut Vec<Piece>) -> Done {
    // Next to any mark, a comma separates nothing from something.
    let at = dice.pick_from(&marks(pieces))?;
    let Piece::Mark(mark) = pieces.get(at)? else { return None };
    let at = if matches!(mark, b'}' | b']') { at } else { at + 1 };
    pieces.insert(at, Piece::Mark(b','));
    Some(())
}

pub(super) fn a_word_that_is_none(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let at = dice.pick_from(&scalars(pieces, |first| first.is_ascii_digit()))?;
    let word = match dice.below(10) {
        0 => "[".repeat(1 + dice.below(300)),
        1 => "{\"\":".repeat(1 + dice.below(300)),
        _ => dice
            .pick([
                "NaN",
                "Infinity",
                "nul",
                "NULL",
                "True",
                "nulll",
                "'a'",
                "undefined",
                "e5",
                "x",
                "0x10",
            ])
            .to_owned(),
    };
    *pieces.get_mut(at)? = Piece::Scalar(word.into_bytes());
    Some(())
}

pub(super) fn junk_between_tokens(dice: &mut Dice<'_, '_>, pieces: &mut Vec<Piece>) -> Done {
    let junk = dice.pick([
        "\0", "\u{b}", "\u{c}", "\u{7f}", "\u{a0}", "\u{feff}", "\u{2028}", "'", "/**/", "//", "#",
        "é", ";", "\\",
    ]);
    // Inside the object: what stands behind it would be padding.
    let at = 1 + dice.below(pieces.len() - 1);
    pieces.insert(at, Piece::Space(junk.as_bytes().to_vec()));
    Some(())
}

pub(super) fn stop_early(dice: &mut Dice<'_, '_>, pieces: &mut Vec<Piece>) -> Done {
    let left = 1 + dice.below(pieces.len() - 1);
    pieces.truncate(left);
    Some(())
}

/// Puts bytes into a string of the header: right at its start or right at its end, where they
/// cannot end up inside an escape.
fn spoil_a_string(
    dice: &mut Dice<'_, '_>,
    pieces: &mut [Piece],
    bytes: &[u8],
    at_the_end: bool,
) -> Done {
    let at = dice.pick_from(&scalars(pieces, |first| first == b'"'))?;
    let Piece::Scalar(string) = pieces.get_mut(at)? else { return None };
    let place = if at_the_end { string.len() - 1 } else { 1 };
    string.splice(place..place, bytes.iter().copied());
    Some(())
}

pub(super) fn a_raw_control_character(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let control = dice.between(0..=0x1f);
    let control = u8::try_from(control).ok()?;
    let at_the_end = dice.one_in(2);
    spoil_a_string(dice, pieces, &[control], at_the_end)
}

pub(super) fn an_escape_that_is_none(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let escape = dice.pick([
        "\\x41", "\\'", "\\0", "\\a", "\\v", "\\U0041", "\\N", "\\ ", "\\\n", "\\é", "\\u12G4",
        "\\u+041", "\\u 041", "\\u{41}", "\\u004", "\\uDE0", "\\u٣٣",
    ]);
    // An escape cut short could be completed by what comes after it; a letter G prevents that.
    let spoiled = format!("{escape}G");
    let at_the_end = dice.one_in(2);
    spoil_a_string(dice, pieces, spoiled.as_bytes(), at_the_end)
}

pub(super) fn an_escape_cut_short(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let escape = dice.pick(["\\u", "\\u0", "\\u00", "\\u004", "\\uD83"]);
    spoil_a_string(dice, pieces, escape.as_bytes(), true)
}

pub(super) fn a_lone_surrogate(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let surrogate = dice.pick([
        "\\uD800",
        "\\udbff",
        "\\uDC00",
        "\\udfff",
        "\\uDE00\\uD83D",
        "\\uD83D\\uD83D\\uDE00",
        "\\uD83D\\u0041",
        "\\uD83Dx",
        "\\uD83D\\n",
        "\\uD83D \\uDE00",
        "\\uD83D\u{1F600}",
    ]);
    let at_the_end = dice.one_in(2);
    spoil_a_string(dice, pieces, surrogate.as_bytes(), at_the_end)
}

pub(super) fn a_number_that_is_none(dice: &mut Dice<'_, '_>, pieces: &mut [Piece]) -> Done {
    let at = dice.pick_from(&scalars(pieces, |first| first.is_ascii_digit()))?;
    let number = dice.pick([
        "00",
        "01",
        "-01",
        "+1",
        "-",
        "+",
        ".",
        ".5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "1E-",
        "--1",
        "1.2.3",
        "1e1.5",
        "1-2",
        "-Infinity",
        "0e",
        "-.5",
        "007",
    ]);
    *pieces.get_mut(at)? = Piece::Scalar(number.as_bytes().to_vec());
    Some(())
}
