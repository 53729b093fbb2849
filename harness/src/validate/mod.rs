//! Validation of a person's own files: open, examine, report.
//!
//! The rules are decided by [`spec`]; here is how a file gets to it without being read whole, and
//! how its answer reaches a person ([`render()`]) or a program ([`FileReport`]).

mod file;
mod json;
mod render;

pub use file::{HeaderBytes, OpenError};
pub use json::FileReport;
pub use render::{Style, render};

use spec::{Examination, File, Leniencies, Leniency, RuleId, Version, Violation, advice, examine};
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
    /// For an invalid file, the leniencies of which each alone would accept it.
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
        Examination::Refused { violations } => candidates(violations)
            .filter(|leniency| {
                let with = rules.leniencies.iter().chain([*leniency]).collect();
                examine(file, rules.version, &with).reading().is_some()
            })
            .collect(),
    };
    Validated {
        path: path.to_owned(),
        advice: examination.reading().map(advice).unwrap_or_default(),
        examination,
        minimum_version,
        would_accept,
    }
}

/// The leniencies that relax the one rule that is broken; if several rules are, no single
/// leniency can help.
fn candidates(violations: &[Violation]) -> impl Iterator<Item = Leniency> {
    let broken: Option<RuleId> = match violations {
        [first, rest @ ..] if rest.iter().all(|other| other.rule == first.rule) => Some(first.rule),
        [] | [_, ..] => None,
    };
    spec::LENIENCIES
        .iter()
        .map(|row| row.leniency)
        .filter(move |leniency| Some(leniency.relaxes()) == broken)
}
