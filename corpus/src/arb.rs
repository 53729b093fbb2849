//! The generator of files: well-formed ones, with the reading that they were made from, and ones
//! that break exactly one named rule.
//!
//! Every byte of entropy is a choice, so that anything that hands out bytes can drive it: a fuzzer,
//! a property test, a seed. No input makes it fail: where entropy runs out, the plainest choice is
//! taken. What is expected of a file is known from how it was made; the oracle has no say in it,
//! since it is what the generated files test.

mod agreement;
mod dice;
mod faults;
mod model;
mod tree;

use crate::reading::Reading;
use arbitrary::Unstructured;
use dice::Dice;
use faults::Fault;
use model::Model;
use spec::{RuleId, file_musts};

pub use agreement::{Disagreement, judged};

/// A file, and what is known of it from how it was made.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// What a correct reader of the newest format version makes of it.
    pub expected: Expected,
}

/// What is known of a generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The file is valid, and this is what is in it.
    Valid(Reading),
    /// The file breaks this rule, in one place or more, and no other.
    Breaks(RuleId),
}

/// A well-formed file: up to eight tensors of any dtypes, shapes and names, with or without
/// metadata, in any order and any spelling.
#[must_use]
pub fn well_formed(entropy: &mut Unstructured<'_>) -> Generated {
    make(&mut Dice::new(entropy), None)
}

/// A well-formed file with one rule broken. `None` for a rule that no single file can break, which
/// is every rule that is not among [`spec::file_musts`].
#[must_use]
pub fn broken(entropy: &mut Unstructured<'_>, rule: RuleId) -> Option<Generated> {
    let mut dice = Dice::new(entropy);
    let fault = faults::way(&mut dice, rule)?;
    Some(make(&mut dice, Some((rule, fault))))
}

/// A well-formed file, or one with any rule broken.
#[must_use]
pub fn any_file(entropy: &mut Unstructured<'_>) -> Generated {
    let rules: Vec<RuleId> = file_musts().map(|rule| rule.id).collect();
    let mut dice = Dice::new(entropy);
    let rule = if dice.one_in(3) { None } else { dice.pick_from(&rules) };
    let fault = rule.and_then(|rule| Some((rule, faults::way(&mut dice, rule)?)));
    make(&mut dice, fault)
}

/// Entropy grown from a seed, for callers without any of their own: the same files in every run.
#[must_use]
pub fn entropy(seed: u64) -> Vec<u8> {
    // splitmix64: short, and its constants are public knowledge.
    let mut state = seed;
    let words = std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    });
    // Every eighth supply is so small that it runs out in the middle of a file.
    let len = if seed % 8 == 7 { 4 } else { 100 };
    words.take(len).flat_map(u64::to_le_bytes).collect()
}

/// A header text in its two parts.
struct Padded {
    object: Vec<u8>,
    padding: Vec<u8>,
}

/// A file in its parts.
struct Framed {
    declared: u64,
    text: Vec<u8>,
    buffer: Vec<u8>,
    /// Where the file ends early, if it does.
    cut: Option<usize>,
}

/// Makes a file, stage by stage, with at most one fault at one of the stages.
fn make(dice: &mut Dice<'_, '_>, fault: Option<(RuleId, Fault)>) -> Generated {
    let mut model = Model::any(dice);
    let (rule, fault) = fault.unzip();
    // What a fault returns is no news: it says whether there was anything to break.
    match fault {
        Some(Fault::Meaning(spoil)) => spoil(dice, &mut model),
        Some(Fault::Header(_) | Fault::Entry(_) | Fault::Piece(_) | Fault::Pieces(_)) => {
            model.some_tensor(dice, 0);
            None
        }
        Some(Fault::Text(_) | Fault::Frame(_)) | None => None,
    };
    let expected = match rule {
        None => Expected::Valid(model.reading()),
        Some(rule) => Expected::Breaks(rule),
    };
    let mut members = tree::members(&model, dice);
    if let Some(Fault::Header(spoil)) = fault {
        spoil(dice, &mut members);
    } else if let Some(Fault::Entry(spoil)) = fault {
        faults::entry(dice, &mut members).and_then(|entry| spoil(dice, entry));
    }
    let mut pieces = tree::render(members, dice);
    if let Some(Fault::Pieces(spoil)) = fault {
        spoil(dice, &mut pieces);
    } else if let Some(Fault::Piece(spoil)) = fault {
        spoil(dice, &mut pieces);
    }
    let mut text = pad(dice, tree::join(&pieces));
    if let Some(Fault::Text(spoil)) = fault {
        spoil(dice, &mut text);
    }
    let mut framed = frame(text, model.buffer);
    if let Some(Fault::Frame(spoil)) = fault {
        spoil(dice, &mut framed);
    }
    Generated { bytes: framed.into_bytes(), expected }
}

/// Padding to a multiple of eight, or any other, or none.
fn pad(dice: &mut Dice<'_, '_>, object: Vec<u8>) -> Padded {
    let to_eight = object.len().next_multiple_of(8) - object.len();
    let len = match dice.below(8) {
        0 => 0,
        1 => dice.below(40),
        _ => to_eight,
    };
    Padded { object, padding: vec![b' '; len] }
}

fn frame(text: Padded, buffer: Vec<u8>) -> Framed {
    let Padded { object: mut text, padding } = text;
    text.extend(padding);
    let declared = u64::try_from(text.len()).unwrap_or(u64::MAX);
    Framed { declared, text, buffer, cut: None }
}

impl Framed {
    fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.declared.to_le_bytes().to_vec();
        bytes.extend(self.text);
        bytes.extend(self.buffer);
        bytes.truncate(self.cut.unwrap_or(bytes.len()));
        bytes
    }
}
