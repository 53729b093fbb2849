//! Asks one implementation about vectors, one after the other, and makes the rows of the record.
//!
//! The runner hands out a number, an operation and a path, and nothing else; what is expected
//! meets what happened in the judge alone.

use crate::implementation::{Implementation, Request};
use crate::judge::judge;
use crate::stage::{Stage, StageError};
use corpus::{Expectation, Vector, VectorId};
use reports::{Description, Expected, Observation, Operation, Row, Twin};
use spec::Version;
use std::collections::BTreeMap;

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file could not be laid out.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// A vector has no expectation, so there is nothing to judge by.
    #[error("the vector `{0}` states no expectation for this format version; the corpus is broken")]
    NoExpectation(VectorId),
}

/// Asks an implementation to read each vector.
///
/// `who` is what it declares, together with what was declared on its behalf.
///
/// # Errors
///
/// A file cannot be laid out, or the corpus is broken. What the implementation does is never an
/// error, but an observation.
pub fn run(
    implementation: &mut dyn Implementation,
    who: &Description,
    vectors: &[&Vector],
    version: Version,
) -> Result<Vec<Row>, RunError> {
    let stage = Stage::new()?;
    let mut rows = Vec::with_capacity(vectors.len());
    for (seq, vector) in (1..).zip(vectors) {
        let expectation = vector
            .expectation(version)
            .ok_or_else(|| RunError::NoExpectation(vector.id.clone()))?;
        let operation = Operation::Read;
        let observed = if who.operations.contains(&operation) {
            let staged = stage.put(seq, vector)?;
            implementation.ask(&Request { seq, operation, path: staged.path().to_owned() })
        } else {
            Observation::Unsupported { reason: format!("not asked to {operation}") }
        };
        let judgement = judge(vector, &expectation, operation, who, &observed);
        rows.push(Row {
            vector: vector.id.clone(),
            rules: vector.rules.clone(),
            operation,
            expected: match expectation {
                Expectation::Accept(_) => Expected::Accept,
                Expectation::Reject(rule, _) => Expected::Reject(rule),
            },
            observed,
            verdict: judgement.verdict,
            detail: judgement.detail,
            twin: None,
            known: None,
        });
    }
    note_twins(&mut rows, vectors);
    Ok(rows)
}

/// Says on each rejecting row what became of the valid file that differs in the one fault.
fn note_twins(rows: &mut [Row], vectors: &[&Vector]) {
    let accepted: BTreeMap<VectorId, bool> = rows
        .iter()
        .map(|row| (row.vector.clone(), matches!(row.observed, Observation::Accepted(_))))
        .collect();
    for (row, vector) in rows.iter_mut().zip(vectors) {
        row.twin = match (row.expected, &vector.twin) {
            (Expected::Reject(_), Some(twin)) => Some(match accepted.get(twin) {
                Some(true) => Twin::Accepted,
                Some(false) => Twin::NotAccepted,
                None => Twin::NotRun,
            }),
            (Expected::Reject(_), None) => Some(Twin::NotRun),
            (Expected::Accept, _) => None,
        };
    }
}
