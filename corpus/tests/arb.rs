//! The generator and the oracle know of each other only what the rules say; over a hundred
//! thousand files they agree. Bytes from anywhere else hold the oracle to what it promises.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use arbitrary::Unstructured;
use corpus::arb::{self, Expected, Generated, entropy, judged};
use corpus::{Reading, TensorReading};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use spec::{Dtype, Leniencies, RuleId, Version, file_musts};
use std::collections::{BTreeMap, BTreeSet};

const SEEDS: u64 = 20_000;

/// Fails with the whole file if the oracle and the way it was made disagree.
fn assert_agreement(file: &Generated, what: &str) {
    if let Err(disagreement) = file.check() {
        panic!("{what}: {disagreement}: {:?}", String::from_utf8_lossy(&file.bytes));
    }
}

#[test]
fn every_rule_is_broken_often_in_a_large_sample_and_valid_files_are_not_rare() {
    let mut broken: BTreeMap<RuleId, u64> = BTreeMap::new();
    let mut valid = 0;
    for seed in 0..SEEDS {
        let file = arb::any_file(&mut Unstructured::new(&entropy(seed)));
        assert_agreement(&file, &format!("seed {seed}"));
        match file.expected {
            Expected::Valid(_) => valid += 1,
            Expected::Breaks(rule) => *broken.entry(rule).or_default() += 1,
        }
    }
    for rule in file_musts() {
        assert!(broken.get(&rule.id).is_some_and(|count| *count > 20), "{} is spared", rule.id);
    }
    assert!(valid > SEEDS / 5, "only {valid} of {SEEDS} files are valid");
}

#[test]
fn every_rule_is_broken_on_demand_and_no_other_with_it() {
    for (rule, seed) in file_musts().flat_map(|rule| (0..500).map(move |seed| (rule.id, seed))) {
        let file = arb::broken(&mut Unstructured::new(&entropy(seed)), rule).unwrap();
        assert_eq!(file.expected, Expected::Breaks(rule));
        assert_agreement(&file, &format!("{rule}, seed {seed}"));
    }
}

#[test]
fn a_rule_that_binds_no_file_cannot_be_broken() {
    let of_a_reader = arb::broken(&mut Unstructured::new(&[]), RuleId::Name4);
    assert!(of_a_reader.is_none());
}

#[test]
fn no_entropy_at_all_makes_a_file_all_the_same() {
    let plainest = arb::well_formed(&mut Unstructured::new(&[]));
    assert_agreement(&plainest, "a valid file");
    for rule in file_musts() {
        let file = arb::broken(&mut Unstructured::new(&[]), rule.id).unwrap();
        assert_agreement(&file, rule.id.as_str());
    }
}

/// Whether a file, with its reading, is of some form.
type Form = fn(&[u8], &Reading) -> bool;

#[test]
fn the_files_are_of_every_dtype_and_of_many_forms() {
    let (mut dtypes, mut texts) = (BTreeSet::new(), Vec::new());
    for seed in 0..2_000 {
        let file = arb::well_formed(&mut Unstructured::new(&entropy(seed)));
        let Expected::Valid(reading) = &file.expected else { panic!("made to be valid") };
        dtypes.extend(reading.tensors().iter().map(|tensor| tensor.dtype.clone()));
        texts.push((file.bytes, reading.clone()));
    }
    let all = spec::DTYPES.iter().map(|row| row.name.to_owned()).collect();
    assert_eq!(dtypes, all);
    let forms: [(&str, Form); 7] = [
        ("no tensor", |_, read| read.tensors().is_empty()),
        ("eight tensors", |_, read| read.tensors().len() == 8),
        ("metadata", |_, read| !read.metadata().is_empty()),
        ("a scalar", |_, read| read.tensors().iter().any(|tensor| tensor.shape.is_empty())),
        ("a dimension of 0", |_, read| read.tensors().iter().any(|t| t.shape.contains(&0))),
        ("an escaped surrogate pair", |file, _| {
            String::from_utf8_lossy(file).to_lowercase().contains("\\ud83d\\ude00")
        }),
        ("whitespace in the object", |file, _| file[8..].contains(&b'\t')),
    ];
    for (name, form) in forms {
        assert!(texts.iter().any(|(file, read)| form(file, read)), "no file has {name}");
    }
}

#[test]
fn a_generator_that_mistakes_a_file_is_noticed() {
    let valid = arb::well_formed(&mut Unstructured::new(&entropy(1)));
    let mistaken = [
        Expected::Breaks(RuleId::Lay4),
        Expected::Valid(Reading::new(
            vec![TensorReading::of("x", "U8", &[1], &[0])],
            BTreeMap::new(),
        )),
    ];
    for expected in mistaken {
        assert!(Generated { expected, ..valid.clone() }.check().is_err());
    }
    let broken = arb::broken(&mut Unstructured::new(&entropy(1)), RuleId::Size3).unwrap();
    let expected = Expected::Breaks(RuleId::Size1);
    assert!(Generated { expected, ..broken }.check().is_err());
}

/// What is judged of one file, by version and leniencies.
type Judge<'j> = &'j dyn Fn(Version, &Leniencies) -> Result<Reading, Vec<RuleId>>;

/// A promise that is kept for any bytes at all, and is broken here.
fn broken_promise(judge: Judge<'_>) -> Option<&'static str> {
    let (none, all) = (Leniencies::none(), Leniencies::all());
    let mut before: Option<Reading> = None;
    for version in Version::ALL {
        let (strict, lenient) = (judge(version, &none), judge(version, &all));
        if let Err(rules) = &strict
            && rules.is_empty()
        {
            return Some("a refused file breaks a rule");
        }
        if let Ok(reading) = &strict {
            if lenient.as_ref() != Ok(reading) {
                return Some("a leniency changes nothing about a valid file (LNC-2)");
            }
            let dtypes = reading.tensors().iter().map(|tensor| tensor.dtype.as_bytes());
            if dtypes.filter_map(Dtype::from_name).any(|dtype| dtype.since() > version) {
                return Some("a reader takes no dtype of a later version");
            }
        }
        if before.is_some() && before != strict.clone().ok() {
            return Some("a later version reads a valid file as before");
        }
        before = strict.ok();
    }
    None
}

#[test]
fn a_judge_that_breaks_a_promise_is_noticed() {
    let of = |dtype| Reading::new(vec![TensorReading::of("x", dtype, &[0], &[])], BTreeMap::new());
    let (empty, one) = (Reading::default(), of("U8"));
    let liars: [Judge<'_>; 4] = [
        &|_, _| Err(Vec::new()),
        &|_, leniencies| Ok(if leniencies.is_empty() { empty.clone() } else { one.clone() }),
        &|_, _| Ok(of("C64")),
        &|version, _| Ok(if version == Version::V1_2 { empty.clone() } else { one.clone() }),
    ];
    for liar in liars {
        assert!(broken_promise(liar).is_some());
    }
    assert_eq!(broken_promise(&|_, _| Ok(one.clone())), None);
}

fn assert_promises(bytes: &[u8]) {
    let judge: Judge<'_> = &|version, leniencies| judged(bytes, version, leniencies);
    assert_eq!(broken_promise(judge), None, "{:?}", String::from_utf8_lossy(bytes));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x5AFE),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        assert_promises(&bytes);
    }

    #[test]
    fn any_bytes_behind_a_true_length_are_judged(
        text in proptest::collection::vec(any::<u8>(), 0..200),
        buffer in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let mut bytes = u64::try_from(text.len()).unwrap().to_le_bytes().to_vec();
        bytes.push(b'{');
        bytes.extend(text);
        bytes.extend(buffer);
        assert_promises(&bytes);
    }

    #[test]
    fn a_file_with_a_few_bytes_changed_is_judged(
        entropy in proptest::collection::vec(any::<u8>(), 0..400),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = arb::any_file(&mut Unstructured::new(&entropy)).bytes;
        for (at, byte) in edits {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        assert_promises(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x5AFE),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_hundred_thousand_generated_files_are_judged_as_their_construction_says(
        entropy in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let file = arb::any_file(&mut Unstructured::new(&entropy));
        prop_assert_eq!(file.check(), Ok(()));
        assert_promises(&file.bytes);
    }
}
