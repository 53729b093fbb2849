//! What the oracle says of every stored file, word for word: rule, place and finding, what the
//! leniencies cover, and the advice on what is valid.
//!
//! The expectations of the corpus decide which rule it is; here a change of a place or of a
//! sentence shows, so that a person looks at it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use corpus::{Tier, Vector, vectors};
use spec::{Examination, File, Leniencies, Version, Violation, advice, examine};
use std::fmt::Write as _;

#[test]
fn the_oracle_finds_this_in_every_stored_file() {
    let mut text = String::new();
    for vector in vectors().iter().filter(|vector| vector.tier == Tier::Stored) {
        describe(&mut text, vector);
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
