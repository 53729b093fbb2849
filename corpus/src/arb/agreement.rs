//! Holds generated files against the oracle. How a file is made never depends on what is said here.

use super::{Expected, Generated};
use crate::reading::Reading;
use spec::{Examination, File, Leniencies, RuleId, Version, examine};
use std::collections::BTreeSet;

/// The oracle says something of a file that it was not made to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("made as {expected:?}, judged as {judged:?}; one of the generator and the oracle is wrong")]
pub struct Disagreement {
    /// What the file was made to be.
    pub expected: Expected,
    /// What the oracle says: the reading, or the rules that the file breaks.
    pub judged: Result<Reading, Vec<RuleId>>,
}

impl Generated {
    /// Whether the oracle says of the file what it was made to be: this reading, or this rule and
    /// no other.
    ///
    /// # Errors
    ///
    /// It says something else.
    pub fn check(&self) -> Result<(), Disagreement> {
        let judged = judged(&self.bytes, Version::LATEST, &Leniencies::none());
        let agreed = match (&self.expected, &judged) {
            (Expected::Valid(meant), Ok(read)) => meant == read,
            (Expected::Breaks(rule), Err(rules)) => rules == &[*rule],
            (Expected::Valid(_), Err(_)) | (Expected::Breaks(_), Ok(_)) => false,
        };
        if agreed { Ok(()) } else { Err(Disagreement { expected: self.expected.clone(), judged }) }
    }
}

/// What the oracle says of a file.
///
/// # Errors
///
/// The rules that the file breaks, each once, in the order of the table.
pub fn judged(
    file: &[u8],
    version: Version,
    leniencies: &Leniencies,
) -> Result<Reading, Vec<RuleId>> {
    match examine(File::whole(file), version, leniencies) {
        Examination::Accepted { reading, .. } => Ok(Reading::of_file(&reading, file)),
        Examination::Refused { violations, .. } => {
            let rules: BTreeSet<RuleId> = violations.iter().map(|fault| fault.rule).collect();
            Err(rules.into_iter().collect())
        }
    }
}
