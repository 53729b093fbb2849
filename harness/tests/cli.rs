//! The command line from end to end: what it prints, and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use reports::{Observation, Record, Verdict};
use std::path::Path;
use std::process::Output;

const FAKE: &str = env!("CARGO_BIN_EXE_fake-adapter");

#[test]
fn the_oracle_conforms_on_every_vector_in_every_version() {
    for version in ["1.0", "1.1", "1.2", "1.3", "1.4"] {
        let output = stconform(&["run", "--impl", "oracle", "--format-version", version]);
        assert_eq!(output.status.code(), Some(0), "{version}:\n{}", stdout(&output));
    }
}

#[test]
fn a_process_of_its_own_and_the_runner_itself_give_the_same_verdicts() {
    for name in ["oracle", "safetensors"] {
        let outside = recorded(&["--impl", name]);
        let inside = recorded(&["--impl", name, "--in-process"]);
        assert_eq!(outside.rows.len(), inside.rows.len());
        for (out, within) in outside.rows.iter().zip(&inside.rows) {
            assert_eq!(out.verdict, within.verdict, "{name}: {}", out.vector);
            match (&out.observed, &within.observed) {
                // A death looks different from inside, and the `safetensors` crate names now one
                // and now another of several faulty tensors.
                (Observation::Crashed { .. }, Observation::Crashed { .. })
                | (Observation::Refused { .. }, Observation::Refused { .. }) => {}
                // It writes metadata in the order of a map, which is never the same.
                (Observation::Wrote(out), Observation::Wrote(within)) => {
                    assert_eq!(out.found, within.found, "{name}");
                }
                (out_observed, within_observed) => {
                    assert_eq!(out_observed, within_observed, "{name}: {}", out.vector);
                }
            }
        }
    }
}

#[test]
fn what_a_panic_leaves_in_a_record_names_no_place_and_no_thread() {
    let record = recorded(&["--impl", "safetensors"]);
    let crashes: Vec<&Observation> = record
        .rows
        .iter()
        .map(|row| &row.observed)
        .filter(|observed| matches!(observed, Observation::Crashed { .. }))
        .collect();
    // A release build goes on where a number overflows.
    assert!(!cfg!(debug_assertions) || !crashes.is_empty());
    for crash in crashes {
        let text = crash.stderr().unwrap_or_default();
        assert!(text.starts_with("panicked: "), "{text}");
        assert!(!text.contains(".rs") && !text.contains("thread"), "{text}");
    }
}

#[test]
fn two_runs_differ_in_their_time_alone() {
    let arguments = ["--impl", "oracle"];
    let (mut first, second) = (recorded(&arguments), recorded(&arguments));
    first.header.when.clone_from(&second.header.when);
    assert_eq!(first.to_lines().unwrap(), second.to_lines().unwrap());
}

#[test]
fn the_reference_needs_its_leniencies_to_be_declared() {
    let strict = recorded(&["--impl", "safetensors", "--in-process"]);
    let lenient = recorded(&["--impl", "safetensors", "--in-process", "--lenient", "all"]);
    let count =
        |record: &Record, verdict| record.rows.iter().filter(|row| row.verdict == verdict).count();
    assert!(count(&strict, Verdict::AcceptedInvalid) > 0);
    assert_eq!(count(&strict, Verdict::Lenient), 0);
    assert!(count(&lenient, Verdict::Lenient) > 0);
    assert_eq!(
        count(&strict, Verdict::Conforms),
        count(&lenient, Verdict::Conforms),
        "a leniency adds no conforming row"
    );
}

#[test]
fn a_run_without_names_runs_every_built_in_implementation() {
    let output = stconform(&["run", "--area", "framing"]);
    let text = stdout(&output);
    assert!(text.contains("oracle 0.1.0 (Rust"), "{text}");
    assert!(text.contains("safetensors 0.8.0 (Rust"), "{text}");
}

#[test]
fn nothing_selected_is_not_success() {
    for arguments in [["--area", "no-such-area"], ["--filter", "no/such-*"]] {
        let output = stconform(&[&["run"], arguments.as_slice()].concat());
        assert_eq!(output.status.code(), Some(4), "{arguments:?}");
        assert!(stderr(&output).contains("nothing was selected; the areas are"), "{output:?}");
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn conditions_of_different_kinds_all_have_to_hold() {
    let by_area = recorded(&["--impl", "oracle", "--area", "framing"]);
    let by_rule = recorded(&["--impl", "oracle", "--area", "framing", "--rule", "len-2"]);
    assert!(by_rule.rows.len() < by_area.rows.len());
    assert!(by_rule.rows.iter().all(|row| row.vector.area() == "framing"));
    assert_eq!(by_rule.header.selection.rules, ["LEN-2"]);
    let id = by_area.rows[0].vector.as_str();
    let one = recorded(&["--impl", "oracle", "--filter", id, "--operation", "header"]);
    assert_eq!(one.rows.len(), 1);
}

#[test]
fn what_the_command_line_does_not_know_is_told_with_what_it_knows() {
    for (arguments, said) in [
        (["--lenient", "generous"], "there is no leniency `generous`; known: leading-whitespace"),
        (["--format-version", "2.0"], "there is no format version `2.0`; known: 1.0"),
        (["--rule", "LEN-99"], "there is no rule `LEN-99`"),
        (["--impl", "nobody"], "possible values: oracle, safetensors"),
        (["--filter", "a["], "is no pattern of ids"),
        (["--known", "no/such.toml"], "cannot read the known failures in `no/such.toml`"),
        (["--timeout-ms", "0"], "0 is not in 1.."),
    ] {
        let output = stconform(&[&["run"], arguments.as_slice()].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_record_of_two_implementations_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let output = stconform(&["run", "--record", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("a record holds one implementation"), "{output:?}");
    assert!(!path.exists());
}

#[test]
fn a_record_that_could_not_be_written_is_told_before_anything_runs() {
    let folder = tempfile::Builder::new().prefix("records-").tempdir().unwrap();
    let missing = folder.path().join("none/run.jsonl");
    for path in [folder.path(), &missing] {
        let arguments = ["run", "--record", path.to_str().unwrap(), "--", "./no-such-adapter"];
        let output = stconform(&arguments);
        assert_eq!(output.status.code(), Some(2));
        let said = stderr(&output);
        assert!(said.contains(&format!("the record `{}`: ", path.display())), "{said}");
        assert!(!said.contains("no-such-adapter") && !said.contains(".tmp"), "{said}");
    }
}

#[test]
fn a_pattern_that_matches_nothing_beside_others_is_told() {
    let output =
        stconform(&["run", "--impl", "oracle", "--filter", "framing/*", "--filter", "framming/*"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "warning: nothing has an id like `framming/*`\n");
}

#[test]
fn a_twin_that_the_format_version_rejects_proves_nothing() {
    let record = recorded(&["--impl", "oracle", "--format-version", "1.0"]);
    let proof = reports::Tally::of(&record.rows).total.proof;
    assert_eq!((proof.unproven, proof.unknown), (0, 0));
    assert!(proof.twinless > 0 && proof.proven > 0, "{proof:?}");
    let record = recorded(&["--impl", "oracle"]);
    assert_eq!(reports::Tally::of(&record.rows).total.proof.twinless, 0);
}

#[test]
fn a_known_failure_is_no_surprise_until_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let record = recorded_against("refuses", &[]);
    let id = record.rows[1].vector.as_str();
    let verdict = record.rows[1].verdict;
    assert!(!verdict.is_as_expected(), "the second vector has to be a valid one");
    let known = folder.path().join("known.toml");
    let text =
        format!("[[known]]\nvector = \"{id}\"\nverdict = \"{verdict}\"\nreason = \"fake\"\n");
    std::fs::write(&known, text).unwrap();
    let with = |mode| {
        let known = known.to_str().unwrap();
        stconform(&[
            "run",
            "--filter",
            VALID,
            "--jobs",
            "1",
            "--operation",
            "read",
            "--known",
            known,
            "--",
            FAKE,
            mode,
        ])
    };
    let output = with("refuses");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("known failures: 1"), "{}", stdout(&output));
    let output = with("right");
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("is `conforms` now; remove the row"), "{}", stdout(&output));
}

#[test]
fn a_file_of_known_failures_with_a_fault_is_no_result() {
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.toml");
    std::fs::write(&known, "[[known]]\nvector = \"a/b\"\n").unwrap();
    let output = stconform(&["run", "--known", known.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("known.toml:1: missing field"), "{}", stderr(&output));
}

#[test]
fn a_valid_file_told_as_unsupported_without_a_limit_is_a_failure() {
    for (mode, verdict) in [
        ("unsupported", Verdict::RefusedValid),
        ("refuses", Verdict::RefusedValid),
        ("accepts", Verdict::Misread),
    ] {
        let record = recorded_against(mode, &[]);
        assert_eq!(record.rows[1].verdict, verdict, "{mode}");
    }
}

#[test]
fn there_are_no_colours_where_nobody_looks() {
    let output = stconform(&["run", "--area", "framing"]);
    assert!(!stdout(&output).contains('\u{1b}'));
}

#[test]
fn the_help_of_run_is_this() {
    insta::assert_snapshot!(stdout(&stconform(&["run", "--help"])));
}

#[test]
fn the_help_of_serve_is_this() {
    insta::assert_snapshot!(stdout(&stconform(&["serve", "--help"])));
}

/// At least two valid files.
const VALID: &str = "values/*";

fn recorded_against(mode: &str, more: &[&str]) -> Record {
    let reads = ["--filter", VALID, "--operation", "read", "--jobs", "1"];
    recorded(&[&reads, more, &["--", FAKE, mode]].concat())
}

fn recorded(arguments: &[&str]) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let output = stconform(&[&["run", "--record", path.to_str().unwrap()], arguments].concat());
    Record::read(Path::new(&path)).unwrap_or_else(|error| panic!("{error}; {}", stderr(&output)))
}

fn stconform(arguments: &[&str]) -> Output {
    stconform_in(&root(), arguments)
}
