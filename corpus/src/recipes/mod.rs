//! The catalogue of what goes wrong with safetensors files, and of what must not: one row a
//! vector, one file an area.
//!
//! The rows state what the rules say, never what a library does. Bytes of tensors are distinct,
//! not zero, and the same on every machine; no row uses a clock or chance.

mod alignment;
mod dtypes;
mod entries;
mod framing;
mod giants;
mod integers;
mod json;
mod layout;
mod metadata;
mod names;
mod offsets;
mod padding;
mod reports;
mod retired;
mod shapes;
mod sharded;
mod sizes;
mod text;
mod truncation;
mod values;
mod versions;

use self::reports::REPORTS;
pub(crate) use self::retired::RETIRED;
use crate::draft::{Draft, Tensor};
use crate::id::VectorId;
use crate::recipe::Recipe;
use crate::vector::Vector;
use std::sync::LazyLock;

/// A part of the corpus: the first half of its vectors' ids, and their folder.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// The name.
    pub name: &'static str,
    /// What its vectors are about.
    pub about: &'static str,
    recipes: fn() -> Vec<Recipe>,
}

const fn area(name: &'static str, about: &'static str, recipes: fn() -> Vec<Recipe>) -> Area {
    Area { name, about, recipes }
}

/// Every area, in the order in which a reader meets its matter.
pub static AREAS: &[Area] = &[
    area("framing", "the length field, and whether the header lies in the file", framing::recipes),
    area("text", "the first byte of the header, and its encoding", text::recipes),
    area("json", "the grammar of the header: tokens, strings, escapes, numbers", json::recipes),
    area("padding", "what follows the object in the header", padding::recipes),
    area("names", "names of tensors, and names that occur twice", names::recipes),
    area("metadata", "the member `__metadata__`", metadata::recipes),
    area("entries", "the fields of an entry", entries::recipes),
    area("dtypes", "every dtype, and names that are nearly one", dtypes::recipes),
    area("integers", "spelling and range of dimensions and offsets", integers::recipes),
    area("shapes", "rank and dimensions", shapes::recipes),
    area("offsets", "form and order of a tensor's two offsets", offsets::recipes),
    area("sizes", "arithmetic on dimensions, and its agreement with the offsets", sizes::recipes),
    area("layout", "how tensors cover the data buffer", layout::recipes),
    area("truncation", "a valid file of several tensors, cut", truncation::recipes),
    area("alignment", "where header and tensors stand in the file", alignment::recipes),
    area("values", "bytes of elements that a reader hands on as they are", values::recipes),
    area("versions", "files of several format versions", versions::recipes),
    area("sharded", "sharded models: an index and its shards", sharded::recipes),
    area(crate::golden::AREA, "files that released writers wrote, as they wrote them", Vec::new),
];

static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| {
    let recipes = AREAS.iter().flat_map(|area| (area.recipes)()).chain(giants::recipes());
    let mut vectors: Vec<Vector> =
        recipes.map(with_report).map(Recipe::build).chain(crate::golden::vectors()).collect();
    // Sorted, not collected into a map: an id that occurs twice must stay visible to the lint.
    vectors.sort_by(|a, b| a.id.cmp(&b.id));
    vectors
});

fn with_report(recipe: Recipe) -> Recipe {
    match REPORTS.iter().find(|(id, _)| *id == recipe.id()) {
        Some((_, address)) => recipe.report(address),
        None => recipe,
    }
}

/// Every vector, sorted by id.
#[must_use]
pub fn vectors() -> &'static [Vector] {
    &VECTORS
}

/// The vector of an id.
#[must_use]
pub fn find(id: &VectorId) -> Option<&'static Vector> {
    vectors().binary_search_by(|vector| vector.id.cmp(id)).ok().and_then(|at| vectors().get(at))
}

/// The file that most twins are: one tensor `w` of four bytes.
fn one() -> Draft {
    Draft::of([u8s("w", &[4])])
}

/// Two tensors, the first of which has the later name.
fn two() -> Draft {
    Draft::of([u8s("w", &[4]), u8s("b", &[2])])
}

/// A U8 tensor of made-up bytes; the shape is honest.
fn u8s(name: &str, shape: &[u64]) -> Tensor {
    tensor(name, "U8", shape, shape.iter().product())
}

/// A tensor of a number of made-up bytes.
fn tensor(name: &str, dtype: &str, shape: &[u64], len: u64) -> Tensor {
    Tensor::new(name, dtype, shape, &made_up(name, len))
}

/// Bytes from 1 to 251 that differ from place to place and from name to name.
fn made_up(seed: &str, len: u64) -> Vec<u8> {
    let start = seed.bytes().fold(len, |sum, byte| (sum * 31 + u64::from(byte)) % 251);
    let bytes = (0..len).map(|place| (start + place * 7) % 251 + 1);
    bytes.map(|byte| u8::try_from(byte).unwrap_or(u8::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_report_is_re_created_by_a_vector() {
        assert!(REPORTS.is_sorted_by(|a, b| a.0 < b.0));
        for (id, _) in REPORTS {
            assert!(find(&id.parse().unwrap()).is_some(), "{id}");
        }
    }
}
