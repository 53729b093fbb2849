//! Arithmetic on dimensions, and its agreement with the offsets.

mod agreement;
mod edges;
mod overflow;
mod part_bytes;
mod zeros;

use crate::recipe::Recipe;

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    [
        zeros::zeros_that_fit(),
        zeros::absorbed(),
        zeros::absorbed_at_the_sign(),
        edges::products(),
        edges::widths(),
        overflow::overflow(),
        overflow::wrapping(),
        part_bytes::part_bytes(),
        part_bytes::whole_bytes(),
        agreement::agreement(),
        agreement::disagreement(),
        agreement::off_by_a_little(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
