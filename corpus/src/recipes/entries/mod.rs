//! The fields of an entry.

mod forms;
mod known;
mod unknown;

use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, rejects};
use crate::recipes::made_up;

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    [
        known::valid(),
        forms::not_an_object(),
        forms::sequences(),
        known::missing(),
        known::twice(),
        unknown::unknown(),
        unknown::nearly_known(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The tensor `w`, with its entry spelled like this.
fn entry(text: &str) -> Draft {
    Draft::of([Tensor::new("w", "U8", &[4], &made_up("w", 4)).entry_text(text)])
}

/// One more field behind the three.
fn with(id: &str, summary: &str, rule: spec::RuleId, field: &str) -> Recipe {
    let tensor = Tensor::new("w", "U8", &[4], &made_up("w", 4)).field(field);
    rejects(id, summary, rule, ONE, Draft::of([tensor]))
}
