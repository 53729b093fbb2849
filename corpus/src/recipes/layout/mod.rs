//! How tensors cover the data buffer.

mod covered;
mod holes;
mod many;
mod past_the_end;
mod shared;

use crate::recipe::Recipe;

const ONE: &str = "layout/one-tensor";
const TWO: &str = "layout/two-tensors";
const ZERO_FIRST: &str = "layout/zero-size-at-start";

pub(super) fn recipes() -> Vec<Recipe> {
    [
        covered::covered(),
        covered::without_bytes(),
        many::many(),
        many::faults_among_many(),
        past_the_end::past_the_end(),
        shared::shared(),
        holes::holes(),
        holes::left_over(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
