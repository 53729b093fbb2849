//! The grammar of the header: tokens, strings, escapes, numbers.
//!
//! Each production of RFC 8259 is broken somewhere here: what encloses and separates in
//! [`structure`], literals and whitespace in [`tokens`], the rest under its own name. The
//! outermost braces are the business of the areas `text` and `padding` as well.

mod depth;
mod numbers;
mod spellings;
mod strings;
mod structure;
mod tokens;

use super::{made_up, one, two, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};

const ONE: &str = "layout/one-tensor";
const TWO: &str = "layout/two-tensors";
const ONE_PAIR: &str = "metadata/one-pair";
const EMPTY: &str = "framing/no-tensors";

pub(super) fn recipes() -> Vec<Recipe> {
    let parts = [
        spellings::recipes(),
        structure::recipes(),
        tokens::recipes(),
        strings::recipes(),
        numbers::recipes(),
        depth::recipes(),
    ];
    parts.into_iter().flatten().collect()
}

/// A U8 tensor whose name is spelled like this, quotes excluded.
fn spelled(name: &str, text: &str) -> Draft {
    let tensor = Tensor::new(name, "U8", &[4], &made_up(name, 4));
    Draft::of([tensor.name_text(format!("\"{text}\""))])
}

/// One tensor, with a text of its header swapped for another.
fn bent(id: &str, summary: &str, rule: spec::RuleId, from: &str, to: impl AsRef<[u8]>) -> Recipe {
    rejects(id, summary, rule, ONE, one().swap(from, to))
}
