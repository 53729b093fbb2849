//! The report for people, and the counts in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub)]

mod sample;

use anstream::adapter::strip_str;
use corpus::{Payloads, Reading, TensorReading, Values};
use reports::text::{Extras, report};
use reports::{Observation, Proof, Record, Tally, Verdict, first_difference};

#[test]
fn a_report_with_every_kind_of_row_reads_like_this() {
    let text = report(&sample::record(), &extras());
    insta::assert_snapshot!(strip_str(&text).to_string());
}

#[test]
fn a_report_without_surprises_is_short() {
    let mut record = sample::record();
    record.rows.retain(|row| !row.is_surprise());
    record.header.implementation.limits.clear();
    record.header.implementation.leniencies = spec::Leniencies::none();
    record.header.declared_for_it.clear();
    let text = report(&record, &extras());
    insta::assert_snapshot!(strip_str(&text).to_string());
}

#[test]
fn the_first_surprises_are_shown_and_the_rest_is_counted() {
    let text = report(&sample::record(), &Extras { most: Some(1), ..extras() });
    assert!(text.contains("1 of 10 surprises (--all shows all):"), "{text}");
    assert!(!text.contains("explain faults/signal"), "{text}");
}

#[test]
fn known_failures_that_are_no_longer_true_are_shown() {
    let stale = vec!["known.toml:3: `a/b` is `conforms` now; remove the row".to_owned()];
    let text = report(&sample::record(), &Extras { stale, ..extras() });
    let text = strip_str(&text).to_string();
    assert!(
        text.ends_with("stale known.toml:3: `a/b` is `conforms` now; remove the row\n"),
        "{text}"
    );
}

#[test]
fn colours_are_all_that_a_report_has_of_control_characters() {
    let text = report(&sample::record(), &extras());
    assert!(text.contains('\u{1b}'), "there are colours");
    let plain = strip_str(&text).to_string();
    assert!(!plain.contains(|c: char| c.is_control() && c != '\n'), "{plain}");
}

#[test]
fn every_row_is_counted_once() {
    let record = sample::record();
    let tally = Tally::of(&record.rows);
    let by_area: u64 = tally.areas.values().map(reports::Counts::rows).sum();
    let by_operation: u64 = tally.operations.values().map(reports::Counts::rows).sum();
    assert_eq!(tally.total.rows(), u64::try_from(record.rows.len()).unwrap());
    assert_eq!(by_operation, tally.total.rows());
    assert_eq!(by_area, tally.operations[&reports::Operation::Read].rows());
    let by_verdict: u64 = Verdict::ALL.iter().map(|v| tally.total.count(*v)).sum();
    assert_eq!(by_verdict, tally.total.rows());
}

#[test]
fn a_refusal_is_proven_only_by_an_accepted_twin() {
    let record: Record = sample::record();
    let proof = Tally::of(&record.rows).total.proof;
    assert_eq!(proof, Proof { proven: 1, unproven: 1, unknown: 1, twinless: 0 });
    assert_eq!(proof.refused(), 3);
}

#[test]
fn a_refusal_without_a_twin_is_not_counted_among_those_that_could_be_proven() {
    let mut record = sample::record();
    record.rows.retain(|row| row.vector.as_str() == "json/comma");
    record.rows[0].twin = None;
    let proof = Tally::of(&record.rows).total.proof;
    assert_eq!((proof.twinless, proof.refused()), (1, 0));
    let text = report(&record, &extras());
    assert!(text.contains("has no valid file without the fault: 1"), "{text}");
}

#[test]
fn of_a_long_error_output_the_first_and_the_last_lines_are_shown() {
    let mut record = sample::record();
    let row = record.rows.iter_mut().find(|row| row.vector.as_str() == "faults/signal").unwrap();
    let Observation::Crashed { stderr, .. } = &mut row.observed else { panic!("a crash") };
    *stderr = (1..=8).map(|number| format!("line {number}\n")).collect();
    let text = strip_str(&report(&record, &extras())).to_string();
    let shown: Vec<&str> =
        text.lines().filter(|text| text.contains("line")).map(str::trim).collect();
    assert_eq!(
        shown[..7],
        [
            "stderr    line 1",
            "stderr    line 2",
            "stderr    line 3",
            "… 2 lines more in the record …",
            "stderr    line 6",
            "stderr    line 7",
            "stderr    line 8",
        ]
    );
}

#[test]
fn each_difference_between_readings_is_told() {
    let tensor = || TensorReading::of("a", "U8", &[2], &[1, 2]);
    let want = Reading::new(vec![tensor()], [("k".into(), "v".into())].into());
    let with = |tensors, pairs: &[(&str, &str)]| {
        Reading::new(tensors, pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
    };
    let pair: &[(&str, &str)] = &[("k", "v")];
    let valued = |values: &[&str]| {
        let texts = values.iter().map(|text| (*text).to_owned()).collect();
        TensorReading { sha256: None, values: Some(Values::told("U8", texts)), ..tensor() }
    };
    let payloads = Payloads::of([&[1, 2][..]]);
    for (got, difference) in [
        (with(vec![], pair), "0 tensors, not 1"),
        (
            with(vec![TensorReading { name: "b".into(), ..tensor() }], pair),
            "a tensor named \"b\", not \"a\"",
        ),
        (
            with(vec![TensorReading { dtype: "I8".to_owned(), ..tensor() }], pair),
            "the dtype of \"a\" is I8, not U8",
        ),
        (
            with(vec![TensorReading { shape: vec![1, 2], ..tensor() }], pair),
            "the shape of \"a\" is [1, 2], not [2]",
        ),
        (
            with(vec![TensorReading::of("a", "U8", &[2], &[2, 1])], pair),
            "the bytes of \"a\" are others",
        ),
        (with(vec![valued(&["1", "3"])], pair), "element 1 of \"a\" is 3, not 2"),
        (with(vec![valued(&["1", "\u{1b}"])], pair), "element 1 of \"a\" is \\u{1b}, not 2"),
        (with(vec![valued(&["1", "2", "3"])], pair), "3 values of \"a\", not 2"),
        (
            with(vec![TensorReading { sha256: None, ..tensor() }], pair),
            "neither bytes nor values of \"a\"",
        ),
        (
            with(vec![TensorReading { values: valued(&["1", "3"]).values, ..tensor() }], pair),
            "element 1 of \"a\" is 3, not 2",
        ),
        (
            with(
                vec![TensorReading {
                    values: valued(&["1", "2"]).values,
                    ..TensorReading::of("a", "U8", &[2], &[2, 1])
                }],
                pair,
            ),
            "the bytes of \"a\" are others",
        ),
        (with(vec![tensor()], &[]), "no metadata for the key \"k\""),
        (with(vec![tensor()], &[("k", "w")]), "the metadata for \"k\" is \"w\", not \"v\""),
        (with(vec![tensor()], &[("k", "v"), ("l", "")]), "metadata for \"l\", which has none"),
    ] {
        assert_eq!(first_difference(&want, &got, &payloads).as_deref(), Some(difference));
    }
    assert_eq!(first_difference(&want, &want.clone(), &payloads), None);
    assert_eq!(first_difference(&want, &with(vec![valued(&["1", "2"])], pair), &payloads), None);
    let unknown =
        first_difference(&want, &with(vec![valued(&["1", "2"])], pair), &Payloads::default());
    assert_eq!(unknown.as_deref(), Some("the values of \"a\" are not known to the corpus"));
}

fn extras() -> Extras {
    Extras {
        controls: vec![("accept-everything", 6), ("reject-everything", 8), ("crash-always", 0)],
        most: None,
        stale: Vec::new(),
    }
}
