//! What the oracle says of every stored file and of every sharded model, word for word: rule, place and finding, what the
//! leniencies cover, and the advice on what is valid.
//!
//! The expectations of the corpus decide which rule it is; here a change of a place or of a
//! sentence shows, so that a person looks at it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use corpus::{Content, Tier, Vector, vectors};
use spec::{
    Examination, File, IndexExamination, Leniencies, Version, Violation, advice, examine,
    examine_index,
};
use std::fmt::Write as _;

#[test]
fn the_oracle_finds_this_in_every_stored_file() {
    let mut text = String::new();
    let is_file = |vector: &&Vector| vector.operation().is_read();
    let stored = vectors().iter().filter(|vector| vector.tier == Tier::Stored);
    for vector in stored.filter(is_file) {
        describe(&mut text, vector);
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_oracle_finds_this_in_every_sharded_model() {
    let mut text = String::new();
    for vector in vectors() {
        let Content::Folder(folder) = &vector.content else { continue };
        let around = folder.around_index();
        let name = folder.index_place().1;
        let index = around.bytes(name).unwrap();
        let mut list = |what: &str, violations: &[Violation]| {
            for violation in violations {
                writeln!(text, "{} {what} {violation}", vector.id).unwrap();
            }
        };
        match examine_index(name, index, &around, Version::LATEST) {
            IndexExamination::Accepted { advice, .. } => list("advice", &advice),
            IndexExamination::Refused { violations, omitted: _ } => list("breaks", &violations),
        }
    }
    insta::assert_snapshot!(text);
}

fn describe(text: &mut String, vector: &Vector) {
    let bytes = vector.bytes();
    let file = File::whole(&bytes);
    let mut list = |what: &str, violations: &[Violation]| {
        for violation in violations {
            writeln!(text, "{} {what} {violation}", vector.id).unwrap();
        }
    };
    match examine(file, Version::LATEST, &Leniencies::none()) {
        Examination::Accepted { reading, tolerated } => {
            assert!(tolerated.is_empty(), "{}", vector.id);
            list("advice", &advice(&reading));
        }
        Examination::Refused { violations, omitted } => {
            assert_eq!(omitted, 0, "{}", vector.id);
            list("breaks", &violations);
            if let Examination::Accepted { tolerated, .. } =
                examine(file, Version::LATEST, &Leniencies::all())
            {
                // Not the other way round: a leniency opens what is inside a value to be judged.
                let is_covered = violations.iter().all(|violation| tolerated.contains(violation));
                assert!(is_covered, "{}: {tolerated:?}", vector.id);
            }
        }
    }
}
