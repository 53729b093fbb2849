//! Runs the command line against adapters that misbehave, and holds what the record says of each
//! against what was done. The adapters are in `adapters/fake`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr};
use reports::{Death, Expected, Observation, ProtocolFault, Record, Verdict};
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

const FAKE: &str = env!("CARGO_BIN_EXE_fake-adapter");

#[test]
fn an_adapter_that_is_right_conforms_everywhere() {
    let run = against("right");
    assert_eq!(run.output.status.code(), Some(0), "{}", run.stderr());
    assert!(run.record.rows.iter().all(|row| row.verdict == Verdict::Conforms));
}

#[test]
fn death_by_a_signal_names_the_signal() {
    let run = against("segfault");
    let Observation::Crashed { death: Death::Signal { name, .. }, stderr } = run.second() else {
        panic!("{:?}", run.second());
    };
    assert_eq!(name, "SIGSEGV");
    assert_eq!(stderr, "about to misbehave");
    run.fails_as(Verdict::Crash);
}

#[test]
fn an_abort_is_a_crash() {
    let run = against("abort");
    let Observation::Crashed { death: Death::Signal { name, .. }, .. } = run.second() else {
        panic!("{:?}", run.second());
    };
    assert_eq!(name, "SIGABRT");
    run.fails_as(Verdict::Crash);
}

#[test]
fn an_exit_code_is_a_crash() {
    let run = against("exit-3");
    assert!(matches!(run.second(), Observation::Crashed { death: Death::Exit { code: 3 }, .. }));
    run.fails_as(Verdict::Crash);
}

#[test]
fn an_end_without_an_answer_is_a_crash_even_with_exit_code_0() {
    let run = against("exit-0");
    assert!(matches!(run.second(), Observation::Crashed { death: Death::EarlyExit, .. }));
    run.fails_as(Verdict::Crash);
}

#[test]
fn a_crash_is_seen_at_once_even_if_a_child_holds_the_output_open() {
    let start = Instant::now();
    let run = against("leaves-a-child");
    assert!(matches!(run.second(), Observation::Crashed { death: Death::Signal { .. }, .. }));
    assert!(start.elapsed() < Duration::from_secs(30), "the child's minute was waited for");
    run.fails_as(Verdict::Crash);
}

#[test]
fn silence_is_a_hang() {
    let run = against("hang");
    assert!(matches!(run.second(), Observation::TimedOut { after_ms: 2000, .. }));
    run.fails_as(Verdict::Hang);
}

#[test]
fn noise_before_the_answer_is_garbled_and_shown_without_its_control_characters() {
    let run = against("noise-before");
    let Observation::Garbled { fault: ProtocolFault::Noise { line, .. }, .. } = run.second() else {
        panic!("{:?}", run.second());
    };
    assert_eq!(line, r"loading \u{1b}[31mplugins\u{1b}[0m ...");
    run.fails_as(Verdict::Garbled);
}

#[test]
fn noise_instead_of_an_answer_is_garbled() {
    for mode in ["noise-instead", "bytes", "number"] {
        let run = against(mode);
        assert!(
            matches!(run.second(), Observation::Garbled { fault: ProtocolFault::Noise { .. }, .. }),
            "{mode}: {:?}",
            run.second()
        );
        run.fails_as(Verdict::Garbled);
    }
}

#[test]
fn the_answer_to_another_question_is_garbled() {
    let run = against("wrong-seq");
    assert!(matches!(
        run.second(),
        Observation::Garbled { fault: ProtocolFault::WrongSeq { asked: 2, answered: 42 }, .. }
    ));
    run.fails_as(Verdict::Garbled);
}

#[test]
fn a_reply_that_says_too_much_or_nothing_or_misspells_it_is_garbled() {
    for mode in ["two-answers", "no-answer", "misspelt"] {
        let run = against(mode);
        assert!(
            matches!(
                run.second(),
                Observation::Garbled { fault: ProtocolFault::Malformed { .. }, .. }
            ),
            "{mode}: {:?}",
            run.second()
        );
        run.fails_as(Verdict::Garbled);
    }
}

#[test]
fn half_a_line_is_garbled_and_kept() {
    let run = against("half-line");
    let Observation::Garbled { fault: ProtocolFault::HalfLine { line }, .. } = run.second() else {
        panic!("{:?}", run.second());
    };
    assert_eq!(line, r#"{"seq":2,"refu"#);
    run.fails_as(Verdict::Garbled);
}

#[test]
fn half_a_line_before_an_abort_is_a_crash() {
    let run = against("half-line-and-abort");
    assert!(matches!(run.second(), Observation::Crashed { death: Death::Signal { .. }, .. }));
    run.fails_as(Verdict::Crash);
}

#[test]
fn a_line_without_end_is_cut_off() {
    let run = against_within("endless-line", 30_000);
    assert!(matches!(
        run.second(),
        Observation::Garbled { fault: ProtocolFault::TooLong { .. }, .. }
    ));
    run.fails_as(Verdict::Garbled);
}

#[test]
fn an_output_that_is_closed_by_a_living_adapter_is_garbled() {
    let run = against("closes-output");
    assert!(matches!(run.second(), Observation::Garbled { fault: ProtocolFault::Closed, .. }));
    run.fails_as(Verdict::Garbled);
}

#[test]
fn what_an_adapter_writes_to_its_error_output_changes_nothing() {
    let run = against("chatty-stderr");
    assert_eq!(run.output.status.code(), Some(0), "{}", run.stderr());
}

#[test]
fn a_start_that_fails_costs_the_questions_that_it_had_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let starts = folder.path().join("starts");
    let run = against_with("starts-every-third-time", 2000, &[starts.to_str().unwrap()]);
    assert_eq!(run.output.status.code(), Some(1));
    let verdicts: Vec<Verdict> = run.record.rows.iter().map(|row| row.verdict).collect();
    let (first, rest) = verdicts.split_at(4);
    // One of the two starts that fail was to ask the second question again, alone.
    assert_eq!(first, [Verdict::Conforms, Verdict::Crash, Verdict::Crash, Verdict::Conforms]);
    assert!(rest.iter().all(|verdict| *verdict == Verdict::Conforms), "{rest:?}");
    let Observation::Crashed { death: Death::NoRestart { why }, .. } = &run.record.rows[2].observed
    else {
        panic!("{:?}", run.record.rows[2].observed);
    };
    assert!(why.contains("cannot start now"), "{why}");
}

#[test]
fn an_adapter_that_does_not_come_back_ends_the_run_and_what_was_answered_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mark, record) = (folder.path().join("started"), folder.path().join("record"));
    let (mark, path) = (mark.to_str().unwrap(), record.to_str().unwrap());
    let arguments = ["run", "--jobs", "1", "--record", path, "--", FAKE, "starts-once", mark];
    let output = stconform(&arguments);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("3 starts in a row failed"), "{said}");
    assert!(said.contains("cannot start twice"), "{said}");
    let kept = Record::parse_partial(&record, &std::fs::read_to_string(&record).unwrap()).unwrap();
    assert!(!kept.rows.is_empty());
    let report = stconform(&["report", path]);
    assert_eq!(report.status.code(), Some(2));
    assert!(stderr(&report).contains("--resume"), "{}", stderr(&report));
}

#[test]
fn a_death_after_the_answer_belongs_to_the_question_that_was_answered() {
    let run = against("abort-after-answer");
    assert!(matches!(run.second(), Observation::Crashed { death: Death::AfterReply { .. }, .. }));
    run.fails_as(Verdict::Crash);
}

#[test]
fn a_death_at_the_end_belongs_to_the_last_question() {
    let run = against("dies-at-the-end");
    assert_eq!(run.output.status.code(), Some(1));
    let (last, before) = run.record.rows.split_last().unwrap();
    assert_eq!(last.observed.to_string(), "ended with exit code 3, after its reply");
    assert_eq!(last.verdict, Verdict::Crash);
    assert!(before.iter().all(|row| row.verdict == Verdict::Conforms));
}

#[test]
fn a_line_after_the_answer_belongs_to_the_question_that_was_answered() {
    let run = against("two-lines");
    assert_eq!(run.second().to_string(), "one more line after the reply: and more");
    run.fails_as(Verdict::Garbled);
}

#[test]
fn an_answer_without_a_line_feed_is_a_hang_that_says_what_stands_there() {
    let run = against("no-line-feed");
    let said = run.second().to_string();
    let want = "no answer after 2000 ms; an unfinished line of 24 bytes stands there \
                (is its line feed or a flush missing?): {\"seq\":2,\"refused\":\"no\"}";
    assert_eq!(said, want);
    run.fails_as(Verdict::Hang);
}

#[test]
fn what_is_accepted_and_is_no_reading_is_a_misread_or_an_invalid_file_that_was_accepted() {
    let run = against("other");
    let row = &run.record.rows[1];
    let want = match row.expected {
        Expected::Accept | Expected::Optional => Verdict::Misread,
        Expected::Reject(_) => Verdict::AcceptedInvalid,
    };
    run.fails_as(want);
    assert_eq!(
        row.observed.to_string(),
        "accepted, and read what is no reading: a dimension of -1"
    );
}

#[test]
fn a_long_message_is_cut_in_the_record() {
    let run = against("long-message");
    let Observation::Refused { message, .. } = run.second() else { panic!("{:?}", run.second()) };
    assert!(message.len() < 5000, "{} bytes", message.len());
    assert!(message.ends_with(" … and 13904 bytes more"), "{message}");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let output = stconform(&["run", "--", "./no-such-adapter"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no program `./no-such-adapter`"), "{output:?}");
}

#[test]
fn a_file_that_is_no_program_is_told_apart_from_one_that_is_not_there() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = stconform(&["run", "--", file.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("chmod +x"), "{output:?}");
}

#[test]
fn an_adapter_that_does_not_start_is_no_result() {
    for (mode, said) in [
        ("no-hello", "said no hello within 2000 ms"),
        (
            "noise-for-hello",
            "its first line is no JSON object (expected value at byte 1): loading plugins ...",
        ),
        ("half-a-hello", "a flush missing?): {\"build\":"),
        ("other-protocol", "it speaks protocol 99, the runner speaks 1"),
        ("dies-before-hello", "cannot find the library"),
        (
            "dies-before-hello",
            "fake-adapter dies-before-hello` ended with exit code 7 before it said hello",
        ),
        ("ends-before-hello", "` ended with exit code 0 before it said hello"),
    ] {
        let output = stconform(&["run", "--timeout-ms", "2000", "--", FAKE, mode]);
        assert_eq!(output.status.code(), Some(2), "{mode}");
        assert!(stderr(&output).contains(said), "{mode}: {}", stderr(&output));
    }
}

/// A run against one mode of the fake adapter.
struct Run {
    mode: String,
    output: Output,
    record: Record,
}

impl Run {
    /// What came of the question on which the adapter misbehaves.
    fn second(&self) -> &Observation {
        &self.record.rows[1].observed
    }

    /// The second row has the verdict, every other row conforms, and the run says so.
    fn fails_as(&self, verdict: Verdict) {
        assert_eq!(self.output.status.code(), Some(1), "{}", self.mode);
        for (position, row) in self.record.rows.iter().enumerate() {
            let want = if position == 1 { verdict } else { Verdict::Conforms };
            assert_eq!(row.verdict, want, "{}: {}", self.mode, row.vector);
        }
    }

    fn stderr(&self) -> String {
        stderr(&self.output)
    }
}

fn against(mode: &str) -> Run {
    against_within(mode, 2000)
}

fn against_within(mode: &str, timeout_ms: u64) -> Run {
    against_with(mode, timeout_ms, &[])
}

fn against_with(mode: &str, timeout_ms: u64, more: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record.jsonl");
    let path = record.to_str().unwrap();
    let timeout = timeout_ms.to_string();
    let arguments = [
        "run",
        "--area",
        "framing",
        "--operation",
        "read",
        "--jobs",
        "1",
        "--timeout-ms",
        &timeout,
        "--record",
        path,
        "--",
        FAKE,
        mode,
    ];
    let output = stconform(&[&arguments, more].concat());
    let record = Record::read(Path::new(path))
        .unwrap_or_else(|error| panic!("{mode}: {error}; {}", stderr(&output)));
    assert!(record.rows.len() > 3, "too few rows to see that a run goes on");
    Run { mode: mode.to_owned(), output, record }
}

fn stconform(arguments: &[&str]) -> Output {
    stconform_in(&root(), arguments)
}

#[test]
fn more_memory_than_the_budget_is_a_verdict_of_its_own_however_it_is_taken() {
    for mode in ["memory-hog", "slow-memory-hog"] {
        let run = against_within(mode, 30_000);
        let Observation::OverMemory { taken, budget, .. } = run.second() else {
            panic!("{mode}: {:?}", run.second());
        };
        assert!(*budget >= 512 << 20 && taken.is_none_or(|taken| taken > *budget), "{mode}");
        run.fails_as(Verdict::Memory);
    }
}

#[test]
fn a_stack_overflow_is_a_crash() {
    let run = against("stack-overflow");
    assert!(matches!(run.second(), Observation::Crashed { death: Death::Signal { .. }, .. }));
    run.fails_as(Verdict::Crash);
}

#[test]
fn a_slow_adapter_within_its_time_conforms() {
    let run = against("slow");
    assert_eq!(run.output.status.code(), Some(0), "{}", run.stderr());
}

#[test]
fn what_no_json_reader_should_be_given_is_garbled_and_no_more() {
    for mode in ["random-bytes", "deep-json", "empty-line"] {
        let run = against(mode);
        assert!(matches!(run.second(), Observation::Garbled { .. }), "{mode}: {:?}", run.second());
        run.fails_as(Verdict::Garbled);
    }
}

#[test]
fn a_closed_input_is_an_end_without_an_answer_to_the_next_question() {
    let run = against("closes-input");
    assert_eq!(run.record.rows[1].verdict, Verdict::Conforms);
    // What it had read before it closed its input is still answered.
    let failed: Vec<_> = run.record.rows.iter().filter(|row| row.alone.is_some()).collect();
    let [failed] = failed.as_slice() else { panic!("{} rows", failed.len()) };
    assert!(matches!(failed.observed, Observation::Crashed { death: Death::EarlyExit, .. }));
    assert!(matches!(failed.alone, Some(reports::Alone::Other(_))), "{:?}", failed.alone);
}

#[test]
fn a_fault_that_comes_again_alone_says_so() {
    let run = against("segfault");
    assert_eq!(run.record.rows[1].alone, Some(reports::Alone::Same));
}
