//! What the formal forms of the rules do not see.
//!
//! The grammar is `spec/header.abnf`, the schema is `spec/header.schema.json`. Each decides on some
//! of the rules that a file can break and is blind to the others; the lists here name the blind
//! spots, with the reason of each. The forms themselves do not live here, nor do the programs that
//! run them: those are tests of the corpus, which hold every list to what the vectors show.

use crate::rules::{RuleId, file_musts};

/// A rule that a formal form does not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BlindSpot {
    /// The rule.
    rule: RuleId,
    /// Why the form lets a file pass that breaks it.
    why: &'static str,
}

macro_rules! blind_spots {
    ($(#[$doc:meta])* $rules:ident, $rows:ident; $($variant:ident $why:literal;)*) => {
        $(#[$doc])*
        ///
        /// In the order of the table of rules:
        ///
        $(#[doc = concat!("- [`RuleId::", stringify!($variant), "`]: ", $why)])*
        pub static $rules: &[RuleId] = &[$(RuleId::$variant,)*];

        static $rows: &[BlindSpot] = &[$(BlindSpot { rule: RuleId::$variant, why: $why },)*];
    };
}

blind_spots! {
    /// The rules that the grammar does not see: it reads one header text, and knows no meanings.
    GRAMMAR_BLIND, GRAMMAR_ROWS;
    Len1 "the length of the file is outside the header text";
    Len2 "N is outside the header text";
    Len3 "a header text that is cut off cannot be handed to the grammar";
    Name1 "no context-free grammar compares two strings";
    Meta1 "a member's name is one string among others, which may be spelled in many ways";
    Meta2 "a value may be of any type, whatever its name means";
    Meta3 "a value may be of any type, whatever its name means";
    Meta4 "no context-free grammar compares two strings";
    Ent1 "a value may be of any type, whatever its name means";
    Ent2 "an object may have any members";
    Ent3 "an object may have any members, in any number";
    Ent4 "an object may have any members";
    Dt1 "a value may be of any type, whatever its name means";
    Dt2 "a string may hold any characters";
    Shp1 "a value may be of any type, whatever its name means";
    Off1 "a value may be of any type, whatever its name means";
    Off2 "an array may have any number of elements";
    Int1 "an element may be of any type";
    Int2 "a number may have a sign, a fraction and an exponent";
    Int3 "a number may have any number of digits";
    Off3 "the grammar does not compute";
    Size1 "the grammar does not compute";
    Size2 "the grammar does not compute";
    Size3 "the grammar does not compute";
    Lay1 "the data buffer is outside the header text";
    Lay2 "the grammar does not compute";
    Lay3 "the grammar does not compute";
    Lay4 "the grammar does not compute";
    Lay5 "the data buffer is outside the header text";
}

blind_spots! {
    /// The rules that the schema does not see: it reads what an ordinary JSON parser made of the
    /// header text, and compares no two values.
    SCHEMA_BLIND, SCHEMA_ROWS;
    Len1 "the length of the file is outside the header text";
    Len2 "N is outside the header text";
    Len3 "a header text that is cut off cannot be handed to the parser";
    Txt1 "the parser skips whitespace before the object";
    Pad1 "the parser skips tabs, line feeds and carriage returns after the object";
    Name1 "the parser keeps one of two members with the same name";
    Meta1 "the parser keeps one of two members with the same name";
    Meta4 "the parser keeps one of two members with the same name";
    Ent3 "the parser keeps one of two members with the same name";
    Int2 "1.0, 1e0 and -0 are integers to the schema; only a value below 0 or with a fraction is seen";
    Off3 "a schema compares no two values";
    Size1 "a schema does not compute";
    Size2 "a schema does not compute";
    Size3 "a schema does not compute";
    Lay1 "the data buffer is outside the header text";
    Lay2 "a schema compares no two values";
    Lay3 "a schema compares no two values";
    Lay4 "a schema compares no two values";
    Lay5 "the data buffer is outside the header text";
}

/// The two lists for people, in Markdown: the text of `spec/blind-spots.md`.
#[must_use]
pub fn blind_spots() -> String {
    let mut text = String::from(
        "# What the formal forms do not see\n\n\
         `header.abnf` decides on the bytes of the header text; `header.schema.json` decides on what\n\
         an ordinary JSON parser makes of them. Neither decides whether a file is valid: a file that\n\
         breaks one of the rules below may pass. No valid file of format version 1.4 is refused by\n\
         either. Generated from the lists in `src/formal.rs`; the vectors hold both lists to be exact.\n",
    );
    section(&mut text, "The grammar, `header.abnf`", GRAMMAR_ROWS);
    section(&mut text, "The schema, `header.schema.json`", SCHEMA_ROWS);
    text
}

fn section(text: &mut String, title: &str, blind: &[BlindSpot]) {
    let seen: Vec<&str> = file_musts()
        .filter(|rule| blind.iter().all(|spot| spot.rule != rule.id))
        .map(|rule| rule.id.as_str())
        .collect();
    text.push_str(&format!("\n## {title}\n\nSees: {}.\n\n", seen.join(", ")));
    text.push_str("| blind to | because |\n|---|---|\n");
    for BlindSpot { rule, why } in blind {
        text.push_str(&format!("| {rule} | {why} |\n"));
    }
}
