//! Validation of a person's own files: open, examine, report.
//!
//! The rules are decided by [`spec`]; here is how a file or a sharded model gets to it without being read whole, and
//! how its answer reaches a person ([`render()`]) or a program ([`FileReport`]).

mod file;
mod json;
mod model;
mod render;

pub(crate) use file::map;
pub use file::{HeaderBytes, OpenError};
pub use json::FileReport;
pub use model::{ModelFiles, indexes_in, is_index};
pub(crate) use render::shown;
pub use render::{Style, render, render_model};

use spec::{
    Examination, File, Folder, IndexExamination, Leniencies, Leniency, Version, Violation, advice,
    examine, examine_index,
};
use std::path::{Path, PathBuf};

/// By which rules files are judged.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The format version.
    pub version: Version,
    /// The leniencies that are switched on.
    pub leniencies: Leniencies,
}

/// What was found in one file.
#[derive(Debug)]
pub struct Validated<'a> {
    /// The file, as it was named.
    pub path: PathBuf,
    /// What the oracle says.
    pub examination: Examination<'a>,
    /// What a valid file could do better, and nothing for an invalid one.
    pub advice: Vec<Violation>,
    /// The lowest format version that accepts the file under the same leniencies.
    pub minimum_version: Option<Version>,
    /// For an invalid file that leniencies would accept: these leniencies.
    pub would_accept: Vec<Leniency>,
}

/// Judges a file.
#[must_use]
pub fn validate<'a>(path: &Path, file: File<'a>, rules: &Rules) -> Validated<'a> {
    let examination = examine(file, rules.version, &rules.leniencies);
    let minimum_version = match examination.reading() {
        Some(reading) => Some(reading.minimum_version()),
        // The newest version accepts whatever any other does.
        None if rules.version == Version::LATEST => None,
        None => spec::minimum_version(file, &rules.leniencies),
    };
    let would_accept = match &examination {
        Examination::Accepted { .. } => Vec::new(),
        Examination::Refused { violations, .. } => {
            let candidates = relaxing(violations);
            let with = rules.leniencies.iter().chain(candidates.iter().copied()).collect();
            let accepted = examine(file, rules.version, &with).reading().is_some();
            if accepted { candidates } else { Vec::new() }
        }
    };
    Validated {
        path: path.to_owned(),
        advice: examination.reading().map(advice).unwrap_or_default(),
        examination,
        minimum_version,
        would_accept,
    }
}

/// What was found in a sharded model.
#[derive(Debug)]
pub struct ValidatedModel<'a> {
    /// The index, as it was named.
    pub path: PathBuf,
    /// What the oracle says.
    pub examination: IndexExamination<'a>,
    /// The lowest format version in which the model is accepted.
    pub minimum_version: Option<Version>,
}

/// Judges a sharded model by its index. No leniency is defined for one.
#[must_use]
pub fn validate_model<'a>(
    path: &Path,
    text: &[u8],
    folder: &'a dyn Folder,
    version: Version,
) -> ValidatedModel<'a> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let examination = examine_index(&name, text, folder, version);
    let minimum_version = match examination.reading() {
        Some(reading) => Some(reading.minimum_version()),
        // The newest version accepts whatever any other does.
        None if version == Version::LATEST => None,
        None => {
            let newest = examine_index(&name, text, folder, Version::LATEST);
            newest.reading().map(spec::IndexReading::minimum_version)
        }
    };
    ValidatedModel { path: path.to_owned(), examination, minimum_version }
}

/// The leniencies that relax the rules that are broken.
fn relaxing(violations: &[Violation]) -> Vec<Leniency> {
    spec::LENIENCIES
        .iter()
        .filter(|row| violations.iter().any(|violation| violation.rule == row.relaxes))
        .map(|row| row.leniency)
        .collect()
}
