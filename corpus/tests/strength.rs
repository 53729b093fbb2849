//! What the corpus is worth: with the check of any one rule taken out of the oracle, it notices.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use corpus::{Outcome, Tier, Vector, vectors};
use spec::{File, RuleId, Version, broken_without, file_musts};

/// The stored files; a sharded model is no single file.
fn stored() -> Vec<&'static Vector> {
    let is_file = |vector: &&Vector| vector.tier == Tier::Stored && vector.operation().is_read();
    vectors().iter().filter(is_file).collect()
}

/// The invalid files that an oracle accepts from which the check of this rule was taken out.
fn slip_through<'v>(vectors: &[&'v Vector], rule: RuleId) -> Vec<&'v Vector> {
    let decided =
        |vector: &&&Vector| vector.outcome(Version::LATEST) == Some(&Outcome::Reject(rule));
    let accepted = |vector: &&&Vector| {
        broken_without(File::whole(&vector.bytes()), Version::LATEST, rule).is_empty()
    };
    vectors.iter().filter(decided).filter(accepted).copied().collect()
}

#[test]
fn the_corpus_notices_every_check_that_is_taken_out() {
    let stored = stored();
    for rule in file_musts() {
        let slipped = slip_through(&stored, rule.id);
        assert!(!slipped.is_empty(), "{}: no file shows that its check is gone", rule.id);
    }
}

#[test]
fn a_corpus_without_the_files_of_a_rule_does_not_notice() {
    for rule in file_musts() {
        let about =
            |vector: &&&Vector| vector.outcome(Version::LATEST) != Some(&Outcome::Reject(rule.id));
        let weakened: Vec<&Vector> = stored().iter().filter(about).copied().collect();
        assert!(slip_through(&weakened, rule.id).is_empty(), "{}", rule.id);
    }
}

#[test]
fn taking_out_a_check_lets_nothing_else_through() {
    for vector in stored() {
        let Some(Outcome::Reject(broken)) = vector.outcome(Version::LATEST) else { continue };
        let bytes = vector.bytes();
        for other in file_musts().map(|rule| rule.id).filter(|other| other != broken) {
            let found = broken_without(File::whole(&bytes), Version::LATEST, other);
            assert_eq!(found, [*broken], "{} without {other}", vector.id);
        }
    }
}
