//! Generated files through the process protocol: an adapter that is right says of each what its
//! construction says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use arbitrary::Unstructured;
use corpus::arb::{self, Expected, entropy};
use harness::process::{Limits, Process};
use harness::{Ask, Implementation, Request};
use reports::Observation;
use std::fs;

#[test]
fn a_fake_that_is_right_answers_about_generated_files_as_they_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let command = vec![env!("CARGO_BIN_EXE_fake-adapter").into(), "right".into()];
    let mut fake = Process::start(command, Limits::default()).unwrap();
    let (mut valid, mut broken) = (0, 0);
    for seed in 1..=500 {
        let file = arb::any_file(&mut Unstructured::new(&entropy(seed)));
        let path = folder.path().join(format!("{seed}.safetensors"));
        fs::write(&path, &file.bytes).unwrap();
        let observed = fake.ask(&Request { seq: seed, path, access: None, ask: Ask::Read });
        match file.expected {
            Expected::Valid(reading) => {
                assert_eq!(observed, Observation::Accepted(reading), "seed {seed}");
                valid += 1;
            }
            Expected::Breaks(rule) => {
                assert!(!observed.is_accepted(), "seed {seed}, {rule}: {observed}");
                broken += 1;
            }
        }
    }
    assert!(valid > 50 && broken > 50, "{valid} and {broken}");
}
