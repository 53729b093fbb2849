//! The scores of implementations that look at nothing or are wrong by one bit, by the same judge:
//! what a real score stands beside.

use crate::judge::judge;
use crate::plan::{Expectation, Question};
use corpus::{Digest, Reading, TensorReading};
use reports::{Claim, Death, Description, Found, Observation, Operation, Verdict, Written};

/// How many questions each control answers as it should.
#[must_use]
pub fn controls(questions: &[Question]) -> Vec<(&'static str, u64)> {
    let scored = |answer: fn(&Question) -> Observation| {
        let conforms = questions.iter().filter(|question| {
            let judgement = judge(question, &nobody(), false, &answer(question));
            judgement.verdict == Verdict::Conforms
        });
        u64::try_from(conforms.count()).unwrap_or(u64::MAX)
    };
    vec![
        ("accept-everything", scored(accept)),
        ("reject-everything", scored(|_| Observation::refused(""))),
        ("misread-one-bit", scored(misread)),
        ("crash-always", scored(|_| crash())),
    ]
}

/// Generous: valid files are read as they should be, so only the missing refusals count.
fn accept(question: &Question) -> Observation {
    match &question.expectation {
        Expectation::Accept(wanted) | Expectation::Optional(wanted, _) => {
            accepted(question.operation, wanted.reading.clone().into_owned())
        }
        Expectation::Reject(..) => accepted(question.operation, Reading::default()),
    }
}

/// Right in everything but one bit of the first tensor that has any.
fn misread(question: &Question) -> Observation {
    match &question.expectation {
        Expectation::Accept(wanted) | Expectation::Optional(wanted, _) => {
            accepted(question.operation, wrong(&wanted.reading))
        }
        Expectation::Reject(..) => Observation::refused(""),
    }
}

fn wrong(reading: &Reading) -> Reading {
    let mut tensors: Vec<TensorReading> = reading.tensors().to_vec();
    let nothing = Digest::of(&[]);
    // Which bit it was does not show in a digest.
    let first = tensors.iter_mut().find(|tensor| tensor.sha256.is_some_and(|of| of != nothing));
    if let Some(tensor) = first {
        tensor.sha256 = Some(nothing);
    }
    Reading::new(tensors, reading.metadata().clone())
}

fn accepted(operation: Operation, reading: Reading) -> Observation {
    match operation {
        Operation::Write | Operation::Rewrite => Observation::Wrote(Written {
            found: Found::Valid(reading),
            read_back: None,
            canonical: true,
            same_again: None,
        }),
        Operation::Header => Observation::Accepted(reading.without_data()),
        Operation::Read | Operation::Slice | Operation::ReadIndex => Observation::Accepted(reading),
    }
}

fn crash() -> Observation {
    Observation::Crashed { death: Death::Exit { code: 1 }, stderr: String::new() }
}

fn nobody() -> Description {
    let operations = Operation::ALL.to_vec();
    Description { operations, claims: vec![Claim::Canonical], ..Description::new("control", "") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::plan;
    use crate::select::Criteria;
    use spec::Version;

    #[test]
    fn each_control_conforms_on_its_own_kind_of_files_alone() {
        let operations = vec![Operation::Read];
        let criteria = Criteria { operations, ..Criteria::default() };
        let questions = plan(&criteria, &nobody(), Version::LATEST).unwrap();
        let is_valid =
            |question: &&Question| matches!(question.expectation, Expectation::Accept(_));
        let has_data = |question: &&Question| match &question.expectation {
            Expectation::Accept(wanted) => wrong(&wanted.reading) != *wanted.reading,
            Expectation::Optional(..) | Expectation::Reject(..) => false,
        };
        let valid = questions.iter().filter(is_valid).count();
        let with_data = questions.iter().filter(has_data).count();
        assert!(with_data > 100);
        let count = |count: usize| u64::try_from(count).unwrap();
        assert_eq!(
            controls(&questions),
            [
                ("accept-everything", count(valid)),
                ("reject-everything", count(questions.len() - valid)),
                ("misread-one-bit", count(questions.len() - with_data)),
                ("crash-always", 0),
            ]
        );
    }
}
