//! Fakes that answer every question and are wrong in one way: each has exactly the score that it
//! must have, on everything that is stored.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use reports::{Access, Detail, Observation, Operation, Record, Row, Verdict};
use spec::Leniency;
use std::process::{Command, Output};

const FAKE: &str = env!("CARGO_BIN_EXE_fake-adapter");

struct Run {
    record: Record,
    output: Output,
}

fn run(fake: &str, more: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let arguments = [&["run", "--record", path.to_str().unwrap()], more, &["--", FAKE, fake]];
    let output = stconform_in(&root(), &arguments.concat());
    let record = Record::read(&path).unwrap_or_else(|error| panic!("{error}; {}", stderr(&output)));
    Run { record, output }
}

impl Run {
    fn conforming(&self) -> usize {
        self.record.rows.iter().filter(|row| row.verdict == Verdict::Conforms).count()
    }

    /// The score of a control in the report of the run.
    fn control(&self, name: &str) -> usize {
        let text = stdout(&self.output);
        let line = text.lines().find(|line| line.starts_with("controls,")).unwrap();
        let behind = line.split_once(name).unwrap().1;
        let digits = behind.trim_start().split(|c: char| !c.is_ascii_digit()).next().unwrap();
        digits.parse().unwrap()
    }

    fn verdicts(&self, of: impl Fn(&Row) -> Verdict) {
        for row in &self.record.rows {
            assert_eq!(row.verdict, of(row), "{}: {}", row.title(), row.observed);
        }
    }
}

fn is_reject(row: &Row) -> bool {
    matches!(row.expected, reports::Expected::Reject(_))
}

#[test]
fn a_fake_that_is_right_conforms_in_everything() {
    let run = run("right", &[]);
    assert_eq!(run.output.status.code(), Some(0), "{}", stdout(&run.output));
    run.verdicts(|_| Verdict::Conforms);
    for operation in Operation::ALL {
        assert!(run.record.rows.iter().any(|row| row.operation == *operation), "{operation}");
    }
}

#[test]
fn accepting_everything_has_the_score_of_its_control() {
    let run = run("accept-all", &[]);
    assert_eq!(run.conforming(), run.control("accept-everything"));
    run.verdicts(|row| if is_reject(row) { Verdict::AcceptedInvalid } else { Verdict::Conforms });
}

#[test]
fn rejecting_everything_has_the_score_of_its_control_and_proves_nothing() {
    let run = run("reject-all", &[]);
    assert_eq!(run.conforming(), run.control("reject-everything"));
    run.verdicts(|row| match row.expected {
        reports::Expected::Reject(_) => Verdict::Conforms,
        reports::Expected::Accept => Verdict::RefusedValid,
        // A writer may refuse it, and a reader may leave it aside.
        reports::Expected::Optional if row.operation == Operation::Write => Verdict::Conforms,
        reports::Expected::Optional => Verdict::Unsupported,
    });
    assert!(run.record.rows.iter().all(|row| row.twin != Some(reports::Twin::Accepted)));
}

#[test]
fn one_wrong_bit_has_the_score_of_its_control() {
    let run = run("misread", &[]);
    assert_eq!(run.conforming(), run.control("misread-one-bit"));
    for row in &run.record.rows {
        let verdict = row.verdict;
        assert!(matches!(verdict, Verdict::Conforms | Verdict::Misread), "{}", row.title());
        assert!(!is_reject(row) || verdict == Verdict::Conforms, "{}", row.title());
    }
}

/// Whether a vector is about members that occur twice, under one of these leniencies alone.
fn is_duplicate(row: &Row) -> bool {
    corpus::find(&row.vector).is_some_and(|vector| {
        vector.also_needs.is_empty()
            && vector.lenient.iter().any(|(leniency, _)| {
                let lasts = [Leniency::DuplicateLastWins, Leniency::DuplicateMetadataLastWins];
                lasts.contains(leniency)
            })
    })
}

#[test]
fn the_last_of_two_members_is_lenient_where_that_is_declared() {
    let run = run("last-wins", &[]);
    run.verdicts(|row| if is_duplicate(row) { Verdict::Lenient } else { Verdict::Conforms });
    assert!(run.record.rows.iter().any(is_duplicate));
    assert_eq!(run.output.status.code(), Some(0));
}

#[test]
fn the_first_of_two_members_is_not_what_the_declared_leniency_says() {
    let run = run("first-wins", &["--area", "names", "--area", "metadata"]);
    let (mut wrong, mut alike) = (0, 0);
    for row in run.record.rows.iter().filter(|row| is_duplicate(row)) {
        match (row.verdict, &row.detail) {
            (Verdict::AcceptedInvalid, Some(Detail::LeniencyMisread { .. })) => wrong += 1,
            // Both members say the same, or the file does not fit the first of them.
            (Verdict::Lenient | Verdict::Conforms, _) => alike += 1,
            other => panic!("{}: {other:?}", row.title()),
        }
    }
    assert!(wrong > 3 && alike > 0, "{wrong} and {alike}");
}

#[test]
fn an_operation_that_is_offered_and_not_there_is_no_skip() {
    let run = run("lies-about-operations", &[]);
    run.verdicts(|row| match (row.operation, row.expected) {
        (Operation::Read, _) => Verdict::Conforms,
        (Operation::Write, reports::Expected::Reject(_)) => Verdict::Unsupported,
        (_, reports::Expected::Reject(_)) => Verdict::Conforms,
        (_, reports::Expected::Optional) => Verdict::Unsupported,
        // Only what the task itself excuses is.
        (Operation::Write, reports::Expected::Accept) => row.verdict,
        (_, reports::Expected::Accept) => Verdict::RefusedValid,
    });
    let writes = run.record.rows.iter().filter(|row| row.operation == Operation::Write);
    assert!(writes.filter(|row| row.verdict == Verdict::RefusedValid).count() > 50);
}

#[test]
fn ways_of_access_that_disagree_are_a_finding_of_their_own() {
    let run = run("other-by-mmap", &["--area", "shapes"]);
    let mut disagreements = 0;
    for row in &run.record.rows {
        let access = row.access.unwrap();
        let is_wrong = row.verdict == Verdict::Misread;
        assert!(!is_wrong || access == Access::Mmap, "{}", row.title());
        let others: &[Access] = match (access, row.disagrees.is_empty()) {
            (_, true) => &[],
            (Access::Mmap, false) => &[Access::Buffer],
            (_, false) => &[Access::Mmap],
        };
        assert_eq!(row.disagrees, others, "{}", row.title());
        disagreements += others.len();
    }
    assert!(disagreements > 0 && disagreements % 2 == 0);
    assert_eq!(run.output.status.code(), Some(1));
    let text = stdout(&run.output);
    assert!(text.contains("by buffer something else came"), "{text}");
}

#[test]
fn files_that_are_never_the_same_are_told_and_fail_only_who_claims_otherwise() {
    let run = run("never-the-same", &["--filter", "write/f*"]);
    for row in &run.record.rows {
        let Observation::Wrote(written) = &row.observed else { continue };
        assert_eq!(written.same_again, Some(false), "{}", row.title());
        assert_eq!(row.detail, Some(Detail::NotDeterministic), "{}", row.title());
        assert_eq!(row.verdict, Verdict::Misread);
    }
    assert!(stdout(&run.output).contains("written twice with the same bytes: 0 of "));
}

#[test]
fn a_writer_that_writes_nothing_is_found_out() {
    for mode in ["writes-nothing", "writes-a-pipe"] {
        let run = run(mode, &["--filter", "write/f*"]);
        run.verdicts(
            |row| if is_reject(row) { Verdict::AcceptedInvalid } else { Verdict::Misread },
        );
    }
}

/// All of them at once, in runs side by side: everything ends, and nothing is left.
#[test]
fn a_run_of_every_fake_ends_and_leaves_no_process_and_no_file() {
    let modes = [
        "right",
        "accept-all",
        "reject-all",
        "misread",
        "last-wins",
        "first-wins",
        "segfault",
        "abort",
        "stack-overflow",
        "hang",
        "slow",
        "memory-hog",
        "exit-0",
        "exit-3",
        "noise-before",
        "noise-instead",
        "bytes",
        "random-bytes",
        "deep-json",
        "empty-line",
        "no-answer",
        "wrong-seq",
        "half-line",
        "endless-line",
        "lies-about-operations",
        "leaves-a-child",
        "forks",
        "escapes",
        "closes-input",
        "closes-output",
        "two-lines",
        "abort-after-answer",
        "dies-at-the-end",
    ];
    let stage = tempfile::tempdir().unwrap();
    let mark = format!("all-fakes-{}", std::process::id());
    let runs: Vec<_> = modes
        .iter()
        .map(|mode| {
            let child = Command::new(env!("CARGO_BIN_EXE_stconform"))
                .current_dir(root())
                .args(["run", "--area", "shapes", "--timeout-ms", "1500", "--jobs", "2", "--"])
                .args([FAKE, mode, &mark])
                .env("TMPDIR", stage.path())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            (mode, child)
        })
        .collect();
    for (mode, child) in runs {
        let output = child.wait_with_output().unwrap();
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{mode}: {code:?}: {}", stderr(&output));
    }
    assert_eq!(std::fs::read_dir(stage.path()).unwrap().count(), 0, "files are left");
    let left: Vec<String> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read_to_string(entry.path().join("cmdline")).ok())
        .filter(|line| line.contains(&mark))
        .collect();
    assert!(left.is_empty(), "processes are left: {left:?}");
}
