//! The scores of readers that look at nothing, by the same judge: what a real score stands beside.

use crate::judge::judge;
use corpus::{Expectation, Reading, Vector};
use reports::{Death, Description, Observation, Operation, Verdict};
use spec::{Leniencies, Version};
use std::collections::BTreeMap;

/// How many vectors conform for each control.
#[must_use]
pub fn controls(vectors: &[&Vector], version: Version) -> Vec<(&'static str, u64)> {
    let scored = |answer: fn(&Expectation<'_>) -> Observation| {
        let conforms = vectors.iter().filter(|vector| {
            vector.expectation(version).is_some_and(|expectation| {
                let came = answer(&expectation);
                let judgement = judge(vector, &expectation, Operation::Read, &nobody(), &came);
                judgement.verdict == Verdict::Conforms
            })
        });
        u64::try_from(conforms.count()).unwrap_or(u64::MAX)
    };
    vec![
        ("accept-everything", scored(accept)),
        ("reject-everything", scored(|_| Observation::Refused { message: String::new() })),
        ("crash-always", scored(|_| crash())),
    ]
}

/// Generous: valid files are read as they should be, so only the missing refusals count.
fn accept(expectation: &Expectation<'_>) -> Observation {
    match expectation {
        Expectation::Accept(reading) => Observation::Accepted((*reading).clone()),
        Expectation::Reject(..) => Observation::Accepted(Reading::default()),
    }
}

fn crash() -> Observation {
    Observation::Crashed { death: Death::Exit { code: 1 }, stderr: String::new() }
}

fn nobody() -> Description {
    Description {
        name: "control".to_owned(),
        version: String::new(),
        language: String::new(),
        build: None,
        source: None,
        operations: vec![Operation::Read],
        leniencies: Leniencies::none(),
        limits: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use corpus::Outcome;

    #[test]
    fn each_control_conforms_on_its_own_kind_of_files_alone() {
        let vectors: Vec<&Vector> = corpus::vectors().iter().collect();
        let valid = vectors
            .iter()
            .filter(|vector| vector.outcome(Version::LATEST) == Some(&Outcome::Accept))
            .count();
        let count = |count: usize| u64::try_from(count).unwrap();
        assert_eq!(
            controls(&vectors, Version::LATEST),
            [
                ("accept-everything", count(valid)),
                ("reject-everything", count(vectors.len() - valid)),
                ("crash-always", 0),
            ]
        );
    }
}
