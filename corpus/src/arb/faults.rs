//! The table of faults: for every rule that a file can break, the ways in which a well-formed file
//! is made to break it, and nothing else.
//!
//! A fault does its work at one stage of the making of a file: on the meaning, on the header as a
//! tree, on its pieces, on the text, or on the frame. The ways live in [`meaning`], [`header`] and
//! [`text`].

mod header;
mod meaning;
mod text;

use super::dice::Dice;
use super::model::Model;
use super::tree::{Member, Piece};
use super::{Framed, Padded};
use spec::RuleId;

pub(super) use header::entry;

/// What a way of breaking a rule returns: `None` if there was nothing to break, which the
/// preparations rule out and the tests would notice.
type Done = Option<()>;

/// One way to break a rule, by the stage at which it works.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    /// On tensors, metadata and buffer.
    Meaning(fn(&mut Dice<'_, '_>, &mut Model) -> Done),
    /// On the members of the header, of which at least one is an entry.
    Header(fn(&mut Dice<'_, '_>, &mut Vec<Member>) -> Done),
    /// On one of the entries.
    Entry(fn(&mut Dice<'_, '_>, &mut Member) -> Done),
    /// On one of the tokens of the header, which has at least one entry.
    Piece(fn(&mut Dice<'_, '_>, &mut [Piece]) -> Done),
    /// On the sequence of the tokens.
    Pieces(fn(&mut Dice<'_, '_>, &mut Vec<Piece>) -> Done),
    /// On the header text.
    Text(fn(&mut Dice<'_, '_>, &mut Padded) -> Done),
    /// On the frame around it.
    Frame(fn(&mut Dice<'_, '_>, &mut Framed) -> Done),
}

/// One of the ways to break a rule; `None` for a rule that no single file can break.
pub(super) fn way(dice: &mut Dice<'_, '_>, rule: RuleId) -> Option<Fault> {
    let ways: Vec<Fault> =
        FAULTS.iter().filter(|(broken, _)| *broken == rule).map(|(_, fault)| *fault).collect();
    dice.pick_from(&ways)
}

static FAULTS: &[(RuleId, Fault)] = &[
    (RuleId::Len1, Fault::Frame(text::fewer_than_eight_bytes)),
    (RuleId::Len2, Fault::Frame(text::declare_too_much)),
    (RuleId::Len2, Fault::Frame(text::declare_in_big_endian)),
    (RuleId::Len3, Fault::Frame(text::declare_more_than_there_is)),
    (RuleId::Len3, Fault::Frame(text::cut_inside_the_header)),
    (RuleId::Txt1, Fault::Text(text::whitespace_first)),
    (RuleId::Txt1, Fault::Text(text::something_else_first)),
    (RuleId::Txt1, Fault::Text(text::something_else_instead)),
    (RuleId::Txt2, Fault::Text(text::no_utf8_in_the_object)),
    (RuleId::Txt2, Fault::Text(text::no_utf8_in_the_padding)),
    (RuleId::Json1, Fault::Piece(text::lose_a_mark)),
    (RuleId::Json1, Fault::Piece(text::change_a_mark)),
    (RuleId::Json1, Fault::Pieces(text::a_comma_too_many)),
    (RuleId::Json1, Fault::Piece(text::a_word_that_is_none)),
    (RuleId::Json1, Fault::Pieces(text::junk_between_tokens)),
    (RuleId::Json1, Fault::Pieces(text::stop_early)),
    (RuleId::Json2, Fault::Piece(text::a_raw_control_character)),
    (RuleId::Json3, Fault::Piece(text::an_escape_that_is_none)),
    (RuleId::Json3, Fault::Piece(text::an_escape_cut_short)),
    (RuleId::Json4, Fault::Piece(text::a_lone_surrogate)),
    (RuleId::Json5, Fault::Piece(text::a_number_that_is_none)),
    (RuleId::Pad1, Fault::Text(text::pad_with_something_else)),
    (RuleId::Name1, Fault::Header(header::an_entry_twice)),
    (RuleId::Name1, Fault::Header(header::another_entry_under_a_name)),
    (RuleId::Meta1, Fault::Header(header::metadata_twice)),
    (RuleId::Meta2, Fault::Header(header::metadata_of_another_type)),
    (RuleId::Meta3, Fault::Header(header::a_metadata_value_of_another_type)),
    (RuleId::Meta4, Fault::Header(header::a_metadata_key_twice)),
    (RuleId::Ent1, Fault::Entry(header::an_entry_of_another_type)),
    (RuleId::Ent1, Fault::Entry(header::an_entry_as_an_array)),
    (RuleId::Ent2, Fault::Entry(header::fields_missing)),
    (RuleId::Ent3, Fault::Entry(header::a_field_twice)),
    (RuleId::Ent4, Fault::Entry(header::a_field_too_many)),
    (RuleId::Dt1, Fault::Entry(header::a_dtype_of_another_type)),
    (RuleId::Dt2, Fault::Entry(header::a_dtype_nearly)),
    (RuleId::Dt2, Fault::Entry(header::a_dtype_unheard_of)),
    (RuleId::Shp1, Fault::Entry(header::a_shape_of_another_type)),
    (RuleId::Off1, Fault::Entry(header::offsets_of_another_type)),
    (RuleId::Off2, Fault::Entry(header::offsets_in_another_number)),
    (RuleId::Int1, Fault::Entry(header::an_integer_of_another_type)),
    (RuleId::Int2, Fault::Entry(header::an_integer_spelled_otherwise)),
    (RuleId::Int3, Fault::Entry(header::an_integer_too_great)),
    (RuleId::Off3, Fault::Meaning(meaning::offsets_swapped)),
    (RuleId::Off3, Fault::Meaning(meaning::begin_far_beyond)),
    (RuleId::Size1, Fault::Meaning(meaning::a_shape_that_overflows)),
    (RuleId::Size2, Fault::Meaning(meaning::a_fraction_of_a_byte)),
    (RuleId::Size3, Fault::Meaning(meaning::another_shape)),
    (RuleId::Size3, Fault::Meaning(meaning::another_dtype)),
    (RuleId::Lay1, Fault::Meaning(meaning::data_cut_off)),
    (RuleId::Lay1, Fault::Meaning(meaning::a_tensor_past_the_end)),
    (RuleId::Lay2, Fault::Meaning(meaning::bytes_claimed_twice)),
    (RuleId::Lay2, Fault::Meaning(meaning::neighbours_pushed_together)),
    (RuleId::Lay3, Fault::Meaning(meaning::nothing_in_the_middle)),
    (RuleId::Lay4, Fault::Meaning(meaning::a_hole)),
    (RuleId::Lay4, Fault::Meaning(meaning::a_tensor_forgotten)),
    (RuleId::Lay4, Fault::Meaning(meaning::a_hole_before_nothing)),
    (RuleId::Lay5, Fault::Meaning(meaning::data_goes_on)),
    (RuleId::Lay5, Fault::Meaning(meaning::data_of_no_tensor)),
    (RuleId::Lay5, Fault::Meaning(meaning::the_last_tensor_forgotten)),
];
