//! Where a vector comes from: a recipe of this repository, or a released writer.

use std::panic::Location;

/// Where a vector comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// A recipe.
    Recipe {
        /// The file with the recipe, relative to the folder of the corpus, with `/`.
        file: String,
        /// The public report that the vector re-creates, if there is one: an address.
        report: Option<String>,
    },
}

impl Provenance {
    /// The recipe that stands at a place of this crate's source.
    pub(crate) fn at(place: &Location<'_>) -> Self {
        let path = place.file().replace('\\', "/");
        // What stands before depends on where the crate is built.
        let start = path.rfind("src/recipes/").unwrap_or(0);
        let file = path.get(start..).unwrap_or(&path).to_owned();
        Self::Recipe { file, report: None }
    }
}
