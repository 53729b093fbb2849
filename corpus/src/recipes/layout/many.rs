//! Files of more tensors than a person counts, and one fault deep inside them.

use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts};
use spec::RuleId::{Lay2, Lay4};

pub(super) fn many() -> Vec<Recipe> {
    vec![accepts(
        "layout/many-tensors",
        "Some hundred tensors of two bytes, listed neither by name nor by offset.",
        [Lay2, Lay4],
        shuffled(250),
    )]
}

/// So many tensors, with scattered names; the second half is listed first.
fn shuffled(count: u8) -> Draft {
    let name = |place: u8| format!("t{}", (u32::from(place) * 211) % 251);
    let tensor = |place| Tensor::new(&name(place), "U8", &[2], &[place + 1, 255 - place]);
    let listed: Vec<String> = (count / 2..count).map(name).collect();
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    Draft::of((0..count).map(tensor)).listed(&listed)
}
