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
    /// The implementation died and does not come back.
    #[error("the run was given up at `{vector}`, and nothing is recorded: {why}")]
    GivenUp {
        /// The vector that was asked about last.
        vector: VectorId,
        /// What came of the starts.
        why: String,
    },
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
    let operation = Operation::Read;
    let mut came: Vec<Observation> = Vec::with_capacity(vectors.len());
    for (seq, vector) in (1..).zip(vectors) {
        if !who.operations.contains(&operation) {
            came.push(Observation::Unsupported { reason: format!("not asked to {operation}") });
            continue;
        }
        amend(&mut came, implementation.look_back(false));
        let staged = stage.put(seq, vector)?;
        let request = Request { seq, operation, path: staged.path().to_owned() };
        came.push(implementation.ask(&request).bounded());
        if let Some(why) = implementation.given_up() {
            return Err(RunError::GivenUp { vector: vector.id.clone(), why });
        }
    }
    amend(&mut came, implementation.look_back(true));
    let mut rows = Vec::with_capacity(vectors.len());
    for (vector, observed) in vectors.iter().zip(came) {
        let expectation = vector
            .expectation(version)
            .ok_or_else(|| RunError::NoExpectation(vector.id.clone()))?;
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
    note_twins(&mut rows, vectors, version);
    Ok(rows)
}

/// A fault that came after an answer takes the place of that answer.
fn amend(came: &mut [Observation], late: Option<Observation>) {
    if let (Some(last), Some(late)) = (came.last_mut(), late) {
        *last = late.bounded();
    }
}

/// Says on each rejecting row what became of the valid file that differs in the one fault.
///
/// A file that this format version rejects too has the fault or another one, and proves nothing.
fn note_twins(rows: &mut [Row], vectors: &[&Vector], version: Version) {
    let accepted: BTreeMap<VectorId, bool> =
        rows.iter().map(|row| (row.vector.clone(), row.observed.is_accepted())).collect();
    let is_valid = |twin: &&VectorId| {
        let expectation = corpus::find(twin).and_then(|twin| twin.expectation(version));
        matches!(expectation, Some(Expectation::Accept(_)))
    };
    for (row, vector) in rows.iter_mut().zip(vectors) {
        row.twin = match (row.expected, vector.twin.as_ref().filter(is_valid)) {
            (Expected::Reject(_), Some(twin)) => Some(match accepted.get(twin) {
                Some(true) => Twin::Accepted,
                Some(false) => Twin::NotAccepted,
                None => Twin::NotRun,
            }),
            (Expected::Reject(_), None) | (Expected::Accept, _) => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use corpus::Outcome;
    use reports::Verdict;
    use spec::Leniencies;

    /// Answers every question alike, and keeps the questions.
    struct Alike {
        answer: Observation,
        asked: Vec<Request>,
    }

    impl Implementation for Alike {
        fn describe(&self) -> Description {
            Description {
                name: "alike".to_owned(),
                version: "1".to_owned(),
                language: "Rust".to_owned(),
                build: None,
                source: None,
                operations: vec![Operation::Read],
                leniencies: Leniencies::none(),
                limits: BTreeMap::new(),
            }
        }

        fn ask(&mut self, request: &Request) -> Observation {
            self.asked.push(request.clone());
            self.answer.clone()
        }
    }

    #[test]
    fn refusing_everything_proves_nothing() {
        let rows = rows_of(&mut alike(), |who| who);
        let refusals: Vec<&Row> =
            rows.iter().filter(|row| matches!(row.expected, Expected::Reject(_))).collect();
        assert!(!refusals.is_empty());
        assert!(refusals.iter().all(|row| row.verdict == Verdict::Conforms));
        assert!(refusals.iter().all(|row| row.twin != Some(Twin::Accepted)));
        assert!(refusals.iter().any(|row| row.twin == Some(Twin::NotAccepted)));
    }

    #[test]
    fn a_twin_that_was_not_selected_is_not_run() {
        let (vector, twin) = pair();
        let version = Version::LATEST;
        let who = alike().describe();
        let alone = run(&mut alike(), &who, &[vector], version).unwrap();
        assert_eq!(alone.first().unwrap().twin, Some(Twin::NotRun));
        let both = run(&mut alike(), &who, &[vector, twin], version).unwrap();
        assert_eq!(both.first().unwrap().twin, Some(Twin::NotAccepted));
        let accepting = Observation::Accepted(twin.reading.clone().unwrap());
        let mut accepting = Alike { answer: accepting, asked: Vec::new() };
        let both = run(&mut accepting, &who, &[vector, twin], version).unwrap();
        assert_eq!(both.first().unwrap().twin, Some(Twin::Accepted));
        assert_eq!(both.get(1).unwrap().twin, None);
    }

    #[test]
    fn a_twin_on_which_the_implementation_crashed_was_not_accepted() {
        let (vector, twin) = pair();
        let who = alike().describe();
        let death = reports::Death::EarlyExit;
        let crash = Observation::Crashed { death, stderr: String::new() };
        let mut dead = Alike { answer: crash, asked: Vec::new() };
        let rows = run(&mut dead, &who, &[vector, twin], Version::LATEST).unwrap();
        assert_eq!(rows.first().unwrap().twin, Some(Twin::NotAccepted));
    }

    #[test]
    fn what_is_not_declared_is_not_asked_for() {
        let mut alike = alike();
        let rows = rows_of(&mut alike, |who| Description { operations: Vec::new(), ..who });
        assert!(alike.asked.is_empty());
        assert!(rows.iter().all(|row| row.verdict == Verdict::Unsupported));
    }

    #[test]
    fn questions_are_numbered_and_their_files_differ_in_the_number_alone() {
        let mut alike = alike();
        rows_of(&mut alike, |who| who);
        for (seq, request) in (1..).zip(&alike.asked) {
            assert_eq!(request.seq, seq);
            assert!(request.path.ends_with(format!("{seq:06}.safetensors")), "{request:?}");
        }
    }

    fn alike() -> Alike {
        Alike { answer: Observation::Refused { message: String::new() }, asked: Vec::new() }
    }

    fn rows_of(alike: &mut Alike, declare: fn(Description) -> Description) -> Vec<Row> {
        let vectors: Vec<&Vector> =
            corpus::vectors().iter().filter(|vector| vector.id.area() == "framing").collect();
        let vectors: Vec<&Vector> =
            vectors.into_iter().filter(|vector| vector.tier == corpus::Tier::Stored).collect();
        let who = declare(alike.describe());
        run(alike, &who, &vectors, Version::LATEST).unwrap()
    }

    /// A vector that is invalid, and its twin.
    fn pair() -> (&'static Vector, &'static Vector) {
        let vector = corpus::vectors()
            .iter()
            .find(|vector| matches!(vector.outcome(Version::LATEST), Some(Outcome::Reject(_))))
            .unwrap();
        (vector, corpus::find(vector.twin.as_ref().unwrap()).unwrap())
    }
}
