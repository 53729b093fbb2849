//! Where a vector comes from: a recipe of this repository, or a released writer.

use serde::{Deserialize, Serialize};
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
    /// A released writer, or several that wrote the same bytes.
    Golden {
        /// The file, relative to the folder of the corpus, with `/`.
        file: String,
        /// What the writer was asked to write, by its name in `golden/models.py`.
        model: String,
        /// Who wrote it.
        written_by: Vec<Writer>,
    },
}

/// A released writer of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Writer {
    /// Its name.
    pub writer: String,
    /// Its exact version.
    pub version: String,
    /// The language that it is used from.
    pub language: String,
    /// The registry that it was taken from.
    pub registry: String,
    /// The package in that registry.
    pub package: String,
    /// The call that wrote the file.
    pub command: String,
    /// What it was asked to write, where that is another model that gives the same bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
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
