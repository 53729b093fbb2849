//! The header as a tree that can say anything, and its rendering in any spelling: whitespace,
//! escapes and order are drawn, so that one meaning has many texts.

use super::dice::Dice;
use super::model::{Model, any_text};

/// A JSON value, or something that is none.
#[derive(Clone)]
pub(super) enum Node {
    /// Bytes to be written as they are.
    Raw(Vec<u8>),
    /// A string, to be spelled in any way.
    Text(String),
    /// An array.
    Array(Vec<Node>),
    /// An object; a key that occurs twice is written twice.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) value: Node,
}

/// A piece of rendered text: a token or what stands between two.
pub(super) enum Piece {
    /// One of `{ } [ ] : ,`.
    Mark(u8),
    /// A string, a number, or a word.
    Scalar(Vec<u8>),
    /// Whitespace.
    Space(Vec<u8>),
}

/// The types of JSON values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Truth,
    Number,
    Text,
    Array,
    Object,
}

impl Member {
    pub(super) fn new(key: &str, value: Node) -> Self {
        Self { key: key.to_owned(), value }
    }
}

impl Node {
    pub(super) fn raw(text: &str) -> Self {
        Self::Raw(text.as_bytes().to_vec())
    }

    pub(super) fn number(value: u64) -> Self {
        Self::Raw(value.to_string().into_bytes())
    }

    pub(super) fn numbers(values: &[u64]) -> Self {
        Self::Array(values.iter().copied().map(Self::number).collect())
    }

    /// Any JSON value.
    pub(super) fn any(dice: &mut Dice<'_, '_>) -> Self {
        const KINDS: [Kind; 6] =
            [Kind::Null, Kind::Truth, Kind::Number, Kind::Text, Kind::Array, Kind::Object];
        let kind = dice.pick(KINDS);
        Self::of_kind(dice, kind)
    }

    /// Any JSON value of another type.
    pub(super) fn not(dice: &mut Dice<'_, '_>, wrong: Kind) -> Self {
        const KINDS: [Kind; 6] =
            [Kind::Null, Kind::Truth, Kind::Number, Kind::Text, Kind::Array, Kind::Object];
        let others: Vec<Kind> = KINDS.into_iter().filter(|kind| *kind != wrong).collect();
        let kind = dice.pick_from(&others).unwrap_or(Kind::Null);
        Self::of_kind(dice, kind)
    }

    fn of_kind(dice: &mut Dice<'_, '_>, kind: Kind) -> Self {
        const NUMBERS: [&str; 8] =
            ["0", "4", "-1", "-0", "1.5", "1E+2", "1e999", "18446744073709551616"];
        const ARRAYS: [&str; 6] =
            ["[]", "[0]", "[\"F32\",[1],[0,4]]", "[[[]],{}]", "[null]", "[ [0] , 1 ]"];
        const OBJECTS: [&str; 6] = [
            "{}",
            "{\"F32\":null}",
            "{\"a\":{\"b\":[]}}",
            "{\"a\":1,\"a\":2}",
            "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}",
            "{ \"\" : \"\\u0000\" }",
        ];
        match kind {
            Kind::Null => Self::raw("null"),
            Kind::Truth => Self::raw(dice.pick(["true", "false"])),
            Kind::Number => Self::raw(dice.pick(NUMBERS)),
            Kind::Text => Self::Text(any_text(dice)),
            Kind::Array if dice.one_in(8) => Self::Raw(deep_array(1 + dice.below(200))),
            Kind::Array => Self::raw(dice.pick(ARRAYS)),
            Kind::Object => Self::raw(dice.pick(OBJECTS)),
        }
    }
}

/// Arrays in arrays. Many parsers give up beyond a depth of their own; the format has none.
fn deep_array(depth: usize) -> Vec<u8> {
    let mut text = vec![b'['; depth];
    text.resize(2 * depth, b']');
    text
}

/// The members of the header of a model, in any order, the fields of the entries too.
pub(super) fn members(model: &Model, dice: &mut Dice<'_, '_>) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for tensor in &model.tensors {
        let mut fields = vec![
            Member::new("dtype", Node::Text(tensor.dtype.name().to_owned())),
            Member::new("shape", Node::numbers(&tensor.shape)),
            Member::new("data_offsets", Node::numbers(&[tensor.begin, tensor.end])),
        ];
        if dice.one_in(4) {
            dice.shuffle(&mut fields);
        }
        members.push(Member::new(&tensor.name, Node::Object(fields)));
    }
    if let Some(pairs) = &model.metadata {
        let pairs = pairs.iter().map(|(key, value)| Member::new(key, Node::Text(value.clone())));
        members.insert(0, Member::new("__metadata__", Node::Object(pairs.collect())));
    }
    if dice.one_in(2) {
        dice.shuffle(&mut members);
    }
    members
}

/// How freely a header is spelled.
struct Spelling {
    /// Whitespace between tokens: none, or drawn.
    spaced: bool,
    /// Escapes that are not needed: none, or drawn.
    escaped: bool,
}

/// The pieces of a header, in a spelling that is drawn.
pub(super) fn render(members: Vec<Member>, dice: &mut Dice<'_, '_>) -> Vec<Piece> {
    let spelling = Spelling { spaced: dice.one_in(3), escaped: dice.one_in(3) };
    let mut pieces = Vec::new();
    write(&Node::Object(members), &spelling, dice, &mut pieces);
    pieces
}

/// The bytes of pieces.
pub(super) fn join(pieces: &[Piece]) -> Vec<u8> {
    let mut text = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Mark(byte) => text.push(*byte),
            Piece::Scalar(bytes) | Piece::Space(bytes) => text.extend_from_slice(bytes),
        }
    }
    text
}

/// Writes a node. The depth is that of a header, three; deeper values are written raw.
fn write(node: &Node, spelling: &Spelling, dice: &mut Dice<'_, '_>, pieces: &mut Vec<Piece>) {
    match node {
        Node::Raw(bytes) => pieces.push(Piece::Scalar(bytes.clone())),
        Node::Text(text) => pieces.push(Piece::Scalar(spell(text, spelling, dice))),
        Node::Array(elements) => {
            mark(b'[', spelling, dice, pieces);
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    mark(b',', spelling, dice, pieces);
                }
                write(element, spelling, dice, pieces);
                space(spelling, dice, pieces);
            }
            pieces.push(Piece::Mark(b']'));
        }
        Node::Object(members) => {
            mark(b'{', spelling, dice, pieces);
            for (at, member) in members.iter().enumerate() {
                if at > 0 {
                    mark(b',', spelling, dice, pieces);
                }
                pieces.push(Piece::Scalar(spell(&member.key, spelling, dice)));
                space(spelling, dice, pieces);
                mark(b':', spelling, dice, pieces);
                write(&member.value, spelling, dice, pieces);
                space(spelling, dice, pieces);
            }
            pieces.push(Piece::Mark(b'}'));
        }
    }
}

fn mark(byte: u8, spelling: &Spelling, dice: &mut Dice<'_, '_>, pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Mark(byte));
    space(spelling, dice, pieces);
}

fn space(spelling: &Spelling, dice: &mut Dice<'_, '_>, pieces: &mut Vec<Piece>) {
    if spelling.spaced && dice.one_in(3) {
        let text = dice.pick([" ", "\n", "\t", "\r", "\r\n", "  \t "]);
        pieces.push(Piece::Space(text.as_bytes().to_vec()));
    }
}

/// A string in quotation marks, its characters as they are or escaped.
fn spell(text: &str, spelling: &Spelling, dice: &mut Dice<'_, '_>) -> Vec<u8> {
    let mut spelled = String::from('"');
    for sign in text.chars() {
        let needed = matches!(sign, '"' | '\\' | '\0'..='\u{1f}');
        let wanted = spelling.escaped && dice.one_in(3);
        if !(needed || wanted) {
            spelled.push(sign);
            continue;
        }
        match short_escape(sign) {
            Some(letter) if !(spelling.escaped && dice.one_in(2)) => {
                spelled.push('\\');
                spelled.push(letter);
            }
            Some(_) | None => {
                for unit in sign.encode_utf16(&mut [0; 2]) {
                    let upper = spelling.escaped && dice.one_in(2);
                    spelled.push_str(&if upper {
                        format!("\\u{unit:04X}")
                    } else {
                        format!("\\u{unit:04x}")
                    });
                }
            }
        }
    }
    spelled.push('"');
    spelled.into_bytes()
}

fn short_escape(sign: char) -> Option<char> {
    Some(match sign {
        '"' | '\\' | '/' => sign,
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => return None,
    })
}
