//! What the reference implementation is known to do, in every test run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stdout};
use reports::{Observation, Record, Row, Verdict};
use spec::{LENIENCIES, RuleId};
use std::collections::BTreeSet;

/// The file on which `safetensors` 0.8.0 overflows: refused, or a panic where overflows are checked.
const OVERFLOWING: &str = "layout/chain-to-greatest-offset";

fn recorded(more: &[&str]) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let reads = ["run", "--impl", "safetensors", "--operation", "read"];
    let arguments = [&reads[..], &["--record", path.to_str().unwrap()]].concat();
    stconform_in(&root(), &[arguments.as_slice(), more].concat());
    Record::read(&path).unwrap()
}

fn crashes(record: &Record) -> Vec<&str> {
    let crashed = |row: &&Row| matches!(row.observed, Observation::Crashed { .. });
    record.rows.iter().filter(crashed).map(|row| row.vector.as_str()).collect()
}

/// The crash that a build with overflow checks shows, and a release build does not.
fn expected_crashes() -> Vec<&'static str> {
    if cfg!(debug_assertions) { vec![OVERFLOWING] } else { Vec::new() }
}

#[test]
fn its_deviations_are_those_that_leniencies_have_names_for_and_no_other() {
    let record = recorded(&[]);
    let surprises = record.rows.iter().filter(|row| row.is_surprise());
    let (crashed, accepted): (Vec<&Row>, Vec<&Row>) =
        surprises.partition(|row| row.verdict == Verdict::Crash);
    assert_eq!(crashes(&record), expected_crashes());
    assert_eq!(crashed.len(), expected_crashes().len());
    assert!(accepted.iter().all(|row| row.verdict == Verdict::AcceptedInvalid));
    let rules: BTreeSet<RuleId> = accepted.iter().map(|row| row.rules[0]).collect();
    let relaxed: BTreeSet<RuleId> = LENIENCIES.iter().map(|row| row.relaxes).collect();
    assert_eq!(rules, relaxed);
}

#[test]
fn with_its_leniencies_declared_it_conforms_and_reads_what_each_says() {
    let record = recorded(&["--lenient", "all"]);
    assert_eq!(crashes(&record), expected_crashes());
    for row in record.rows.iter().filter(|row| row.vector.as_str() != OVERFLOWING) {
        let expected = matches!(row.verdict, Verdict::Conforms | Verdict::Lenient);
        assert!(expected, "{}: {:?}", row.vector, row.verdict);
    }
}

#[test]
fn the_file_of_its_known_failures_is_true() {
    let output = stconform_in(
        &root(),
        &["run", "--impl", "safetensors", "--known", "reports/known/safetensors-0.8.0.toml"],
    );
    let text = stdout(&output);
    assert!(!text.contains("stale"), "{text}");
    let code = if expected_crashes().is_empty() { 0 } else { 1 };
    assert_eq!(output.status.code(), Some(code), "{text}");
}

#[test]
fn the_worst_of_several_implementations_decides_the_exit_code() {
    for order in [["oracle", "safetensors"], ["safetensors", "oracle"]] {
        let arguments = ["run", "--area", "names", "--impl", order[0], "--impl", order[1]];
        assert_eq!(stconform_in(&root(), &arguments).status.code(), Some(1), "{order:?}");
    }
}

#[test]
fn a_record_keeps_under_which_conditions_the_run_was_made() {
    let more = ["--format-version", "1.1", "--lenient", "null-metadata", "--area", "metadata"];
    let record = recorded(&more);
    assert_eq!(record.header.format_version.as_str(), "1.1");
    assert_eq!(record.header.declared_for_it, ["null-metadata"]);
    assert_eq!(record.header.selection.areas, ["metadata"]);
}

#[test]
fn all_shows_every_surprise_in_a_run_and_in_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let path = path.to_str().unwrap();
    let run = ["run", "--impl", "safetensors", "--area", "entries", "--record", path];
    let shown = |arguments: &[&str]| {
        stdout(&stconform_in(&root(), arguments)).matches("stconform explain ").count()
    };
    assert_eq!(shown(&run), 10);
    let all = shown(&[&run[..], &["--all"]].concat());
    assert!(all > 10, "{all}");
    assert_eq!(shown(&["report", path]), 10);
    assert_eq!(shown(&["report", path, "--all"]), all);
}
