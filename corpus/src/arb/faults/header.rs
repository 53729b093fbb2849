//! Faults of names, metadata and entries, made in the header as a tree (NAME, META, ENT, DT, SHP,
//! OFF-1, OFF-2, INT).

use super::Done;
use crate::arb::dice::Dice;
use crate::arb::model::any_text;
use crate::arb::tree::{Kind, Member, Node};
use spec::Dtype;

const METADATA: &str = "__metadata__";
const FIELDS: [&str; 3] = ["dtype", "shape", "data_offsets"];

pub(super) fn an_entry_twice(dice: &mut Dice<'_, '_>, members: &mut Vec<Member>) -> Done {
    let twice = entry(dice, members)?.clone();
    insert(dice, members, twice);
    Some(())
}

pub(super) fn another_entry_under_a_name(
    dice: &mut Dice<'_, '_>,
    members: &mut Vec<Member>,
) -> Done {
    let name = entry(dice, members)?.key.clone();
    let value = entry(dice, members)?.value.clone();
    insert(dice, members, Member { key: name, value });
    Some(())
}

pub(super) fn metadata_twice(dice: &mut Dice<'_, '_>, members: &mut Vec<Member>) -> Done {
    metadata(dice, members)?;
    // What the second one holds is not judged, so that it may be anything.
    let first = members.iter().position(|member| member.key == METADATA)?;
    let at = first + 1 + dice.below(members.len() - first);
    members.insert(at, Member::new(METADATA, Node::any(dice)));
    Some(())
}

pub(super) fn metadata_of_another_type(dice: &mut Dice<'_, '_>, members: &mut Vec<Member>) -> Done {
    metadata(dice, members)?;
    let member = members.iter_mut().find(|member| member.key == METADATA)?;
    member.value = Node::not(dice, Kind::Object);
    Some(())
}

pub(super) fn a_metadata_value_of_another_type(
    dice: &mut Dice<'_, '_>,
    members: &mut Vec<Member>,
) -> Done {
    let pairs = metadata(dice, members)?;
    let at = dice.below(pairs.len());
    match pairs.get_mut(at) {
        Some(pair) => pair.value = Node::not(dice, Kind::Text),
        None => pairs.push(Member { key: any_text(dice), value: Node::not(dice, Kind::Text) }),
    }
    Some(())
}

pub(super) fn a_metadata_key_twice(dice: &mut Dice<'_, '_>, members: &mut Vec<Member>) -> Done {
    let pairs = metadata(dice, members)?;
    if pairs.is_empty() {
        pairs.push(Member { key: any_text(dice), value: Node::Text(any_text(dice)) });
    }
    let key = pairs.get(dice.below(pairs.len()))?.key.clone();
    let value = Node::Text(any_text(dice));
    insert(dice, pairs, Member { key, value });
    Some(())
}

pub(super) fn an_entry_of_another_type(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    entry.value = Node::not(dice, Kind::Object);
    Some(())
}

pub(super) fn an_entry_as_an_array(_: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let fields = FIELDS.map(|name| field(entry, name).map(|value| value.clone()));
    entry.value = Node::Array(fields.into_iter().flatten().collect());
    Some(())
}

pub(super) fn fields_missing(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let fields = fields(entry)?;
    for _ in 0..=dice.below(3) {
        if !fields.is_empty() {
            fields.remove(dice.below(fields.len()));
        }
    }
    Some(())
}

pub(super) fn a_field_twice(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let fields = fields(entry)?;
    let first = dice.below(fields.len());
    let once = fields.get(first)?.clone();
    // What the second one holds is not judged, so that it may be anything.
    let value = if dice.one_in(2) { Node::any(dice) } else { once.value };
    let at = first + 1 + dice.below(fields.len() - first);
    fields.insert(at, Member { key: once.key, value });
    Some(())
}

pub(super) fn a_field_too_many(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let fields = fields(entry)?;
    let name = match dice.below(8) {
        0 => any_text(dice),
        1 => "strides".to_owned(),
        2 => "offsets".to_owned(),
        3 => "Dtype".to_owned(),
        4 => "shape ".to_owned(),
        5 => String::new(),
        6 => METADATA.to_owned(),
        _ => "data_offsets\0".to_owned(),
    };
    let name = if FIELDS.contains(&&*name) { format!("{name}s") } else { name };
    for _ in 0..=dice.below(2) {
        let value = Node::any(dice);
        insert(dice, fields, Member { key: name.clone(), value });
    }
    Some(())
}

pub(super) fn a_dtype_of_another_type(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let map = dice.one_in(3);
    let dtype = field(entry, "dtype")?;
    *dtype = match dtype.clone() {
        Node::Text(name) if map => Node::Object(vec![Member::new(&name, Node::raw("null"))]),
        Node::Text(_) | Node::Raw(_) | Node::Array(_) | Node::Object(_) => {
            Node::not(dice, Kind::Text)
        }
    };
    Some(())
}

pub(super) fn a_dtype_nearly(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let near = dice.pick([
        "f32",
        "F32 ",
        " F32",
        "F32\0",
        "",
        "F8",
        "F128",
        "U128",
        "float32",
        "Bool",
        "BOOL8",
        "F8_E4M3FN",
        "F8_E4M3fnuz",
        "F6",
        "F4_E2M1",
        "C128",
        "I4",
        "BFLOAT16",
        "\u{ff26}32",
    ]);
    *field(entry, "dtype")? = Node::Text(near.to_owned());
    Some(())
}

pub(super) fn a_dtype_unheard_of(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let mut name = any_text(dice);
    if Dtype::from_name(name.as_bytes()).is_some() {
        name.push('?');
    }
    *field(entry, "dtype")? = Node::Text(name);
    Some(())
}

pub(super) fn a_shape_of_another_type(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    *field(entry, "shape")? = Node::not(dice, Kind::Array);
    Some(())
}

pub(super) fn offsets_of_another_type(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    *field(entry, "data_offsets")? = Node::not(dice, Kind::Array);
    Some(())
}

pub(super) fn offsets_in_another_number(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let count = dice.pick([0, 1, 3, 4, 9]);
    let offsets: Vec<u64> = (0..count).map(|_| dice.pick([0, 4, u64::MAX])).collect();
    *field(entry, "data_offsets")? = Node::numbers(&offsets);
    Some(())
}

pub(super) fn an_integer_of_another_type(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let quoted = dice.one_in(3);
    let element = element(dice, entry)?;
    *element = match element.clone() {
        Node::Raw(digits) if quoted => Node::Text(String::from_utf8(digits).ok()?),
        Node::Raw(_) | Node::Text(_) | Node::Array(_) | Node::Object(_) => {
            Node::not(dice, Kind::Number)
        }
    };
    Some(())
}

pub(super) fn an_integer_spelled_otherwise(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let otherwise = dice.below(8);
    let element = element(dice, entry)?;
    let Node::Raw(digits) = element else { return None };
    let digits = String::from_utf8_lossy(digits);
    let spelled = match otherwise {
        0 => format!("{digits}.0"),
        1 => format!("{digits}e0"),
        2 => format!("{digits}E+00"),
        3 => format!("-{digits}"),
        4 => format!("{digits}.00E-0"),
        5 => "-0".to_owned(),
        6 => "0.5".to_owned(),
        _ => "1e999".to_owned(),
    };
    *element = Node::raw(&spelled);
    Some(())
}

pub(super) fn an_integer_too_great(dice: &mut Dice<'_, '_>, entry: &mut Member) -> Done {
    let digits = match dice.below(5) {
        0 => "18446744073709551616".to_owned(),
        1 => "18446744073709551620".to_owned(),
        2 => "100000000000000000000".to_owned(),
        3 => format!("{}{}", 1_u128 << 64, dice.between(0..=9)),
        _ => "9".repeat(21 + dice.below(400)),
    };
    *element(dice, entry)? = Node::raw(&digits);
    Some(())
}

/// One of the entries.
pub(in crate::arb) fn entry<'m>(
    dice: &mut Dice<'_, '_>,
    members: &'m mut [Member],
) -> Option<&'m mut Member> {
    let entries = members.iter().filter(|member| member.key != METADATA).count();
    let at = dice.below(entries);
    members.iter_mut().filter(|member| member.key != METADATA).nth(at)
}

fn fields(entry: &mut Member) -> Option<&mut Vec<Member>> {
    if let Node::Object(fields) = &mut entry.value { Some(fields) } else { None }
}

fn field<'m>(entry: &'m mut Member, name: &str) -> Option<&'m mut Node> {
    fields(entry)?.iter_mut().find(|field| field.key == name).map(|field| &mut field.value)
}

/// One of the integers of an entry; a shape without any gets one.
fn element<'e>(dice: &mut Dice<'_, '_>, entry: &'e mut Member) -> Option<&'e mut Node> {
    let name = dice.pick(["shape", "data_offsets"]);
    let Node::Array(elements) = field(entry, name)? else { return None };
    if elements.is_empty() {
        elements.push(Node::number(1));
    }
    let at = dice.below(elements.len());
    elements.get_mut(at)
}

/// The metadata pairs, of which there may be none.
fn metadata<'m>(
    dice: &mut Dice<'_, '_>,
    members: &'m mut Vec<Member>,
) -> Option<&'m mut Vec<Member>> {
    if members.iter().all(|member| member.key != METADATA) {
        insert(dice, members, Member::new(METADATA, Node::Object(Vec::new())));
    }
    fields(members.iter_mut().find(|member| member.key == METADATA)?)
}

fn insert(dice: &mut Dice<'_, '_>, members: &mut Vec<Member>, member: Member) {
    let at = dice.below(members.len() + 1);
    members.insert(at, member);
}
