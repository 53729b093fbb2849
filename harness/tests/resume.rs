//! A run that was interrupted and goes on, parts of a run, the simple tier, the file with flags, and
//! profiles: what a person who runs this every day relies on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use reports::{Record, Row, Verdict};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const FAKE: &str = env!("CARGO_BIN_EXE_fake-adapter");

fn stconform(arguments: &[&str]) -> Output {
    stconform_in(&root(), arguments)
}

/// Without the time, which is the only thing that differs.
fn timeless(path: &Path) -> Record {
    let mut record = Record::read(path).unwrap();
    record.header.when = String::new();
    record
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

#[test]
fn an_interrupted_run_keeps_what_it_has_and_goes_on_to_the_same_record() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, broken) = (folder.path().join("whole"), folder.path().join("broken"));
    let arguments = |record: &Path, more: &[&str]| -> Vec<String> {
        let common = ["run", "--area", "integers", "--record", record.to_str().unwrap()];
        [&common, more, &["--", FAKE, "slow"]].concat().iter().map(ToString::to_string).collect()
    };
    let run = |record: &Path, more: &[&str]| {
        let arguments = arguments(record, more);
        stconform(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(run(&whole, &[]).status.code(), Some(0));
    for signal in [Signal::INT, Signal::TERM] {
        let _ = fs::remove_file(&broken);
        let mut child = Command::new(env!("CARGO_BIN_EXE_stconform"))
            .current_dir(root())
            .args(arguments(&broken, &[]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let late = Instant::now() + Duration::from_secs(60);
        while lines(&broken) < 20 {
            assert!(Instant::now() < late, "no rows come");
            std::thread::sleep(Duration::from_millis(2));
        }
        kill_process(Pid::from_child(&child), signal).unwrap();
        child.wait().unwrap();
        let kept = lines(&broken);
        assert!(kept < lines(&whole), "it was at its end");
        let report = stconform(&["report", broken.to_str().unwrap()]);
        assert_eq!(report.status.code(), Some(2));
        assert!(stderr(&report).contains("--resume"), "{}", stderr(&report));
        // A line that was not written to its end is asked again.
        let text = fs::read_to_string(&broken).unwrap();
        fs::write(&broken, &text[..text.len() - 10]).unwrap();
        assert_eq!(run(&broken, &["--resume"]).status.code(), Some(0));
        assert_eq!(timeless(&broken), timeless(&whole));
    }
}

#[test]
fn a_record_of_another_run_is_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let path = record.to_str().unwrap();
    let run = |area: &str, more: &[&str]| {
        let common = ["run", "--impl", "oracle", "--area", area, "--record", path];
        stconform(&[&common, more].concat())
    };
    assert_eq!(run("shapes", &[]).status.code(), Some(0));
    let before = fs::read_to_string(&record).unwrap();
    let other = run("json", &["--resume"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("its selection is another"), "{}", stderr(&other));
    assert_eq!(fs::read_to_string(&record).unwrap(), before, "nothing is lost");
    // A whole record has nothing to go on with, and stays what it is.
    assert_eq!(run("shapes", &["--resume"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&record).unwrap(), before);
}

fn recorded(arguments: &[&str]) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let (front, command) = match arguments.iter().position(|word| *word == "--") {
        Some(at) => arguments.split_at(at),
        None => (arguments, &[][..]),
    };
    let record = ["--record", path.to_str().unwrap()];
    let output = stconform(&[&["run"], front, &record, command].concat());
    Record::read(&path).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)))
}

#[test]
fn many_jobs_and_one_come_to_the_same_record() {
    let with = |jobs: &str| {
        let mut record = recorded(&["--area", "names", "--jobs", jobs, "--", FAKE, "right"]);
        record.header.when = String::new();
        record
    };
    assert_eq!(with("1"), with("4"));
}

#[test]
fn the_parts_of_a_run_are_the_whole() {
    let rows = |more: &[&str]| {
        let record = recorded(&[&["--impl", "oracle", "--area", "integers"], more].concat());
        record.rows
    };
    let key = |row: &Row| (row.vector.clone(), row.operation, row.case.clone());
    let mut parts: Vec<Row> =
        ["1/3", "2/3", "3/3"].iter().flat_map(|part| rows(&["--shard", part])).collect();
    parts.sort_by_key(key);
    assert_eq!(
        parts.iter().map(key).collect::<Vec<_>>(),
        rows(&[]).iter().map(key).collect::<Vec<_>>()
    );
}

#[test]
fn an_exit_code_alone_gives_the_same_verdicts_of_reading() {
    let binary = env!("CARGO_BIN_EXE_stconform");
    let area = ["--area", "padding", "--area", "shapes"];
    let simple =
        recorded(&[&area[..], &["--simple", "--", binary, "validate", "--json", "{}"]].concat());
    let oracle = recorded(&[&area[..], &["--operation", "read", "--impl", "oracle"]].concat());
    let verdicts = |record: &Record| -> Vec<_> {
        record.rows.iter().map(|row| (row.vector.clone(), row.verdict)).collect()
    };
    assert_eq!(verdicts(&simple), verdicts(&oracle));
}

#[test]
fn any_other_exit_code_is_a_crash_and_a_silent_program_a_hang() {
    let of = |script: &str, verdict: Verdict| {
        let filter = ["--filter", "shapes/matrix", "--timeout-ms", "700"];
        let record = recorded(&[&filter[..], &["--simple", "--", "sh", "-c", script]].concat());
        assert_eq!(
            record.rows.iter().map(|row| row.verdict).collect::<Vec<_>>(),
            [verdict],
            "{script}"
        );
    };
    of("exit 0", Verdict::Conforms);
    of("exit 1", Verdict::RefusedValid);
    of("exit 2", Verdict::Crash);
    of("kill -SEGV $$", Verdict::Crash);
    of("sleep 30", Verdict::Hang);
}

#[test]
fn a_file_with_flags_stands_in_for_them_and_the_command_line_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("stconform.toml");
    let text = format!(
        "command = [{FAKE:?}, \"right\"]\narea = [\"shapes\"]\noperation = [\"header\"]\nrecord = \"out.jsonl\"\n"
    );
    fs::write(&config, text).unwrap();
    let output = stconform_in(folder.path(), &["run"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let record = Record::read(&folder.path().join("out.jsonl")).unwrap();
    assert!(record.rows.iter().all(|row| row.operation == reports::Operation::Header));
    assert!(record.rows.iter().all(|row| row.vector.area() == "shapes"));
    let output = stconform_in(folder.path(), &["run", "--area", "padding"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let record = Record::read(&folder.path().join("out.jsonl")).unwrap();
    assert!(record.rows.iter().all(|row| row.vector.area() == "padding"));
    for (text, said) in [
        ("aera = [\"shapes\"]\n", "stconform.toml:1: unknown field `aera`"),
        ("\ntier = \"huge\"\n", "stconform.toml:2: `huge` is none of stored, giants, all"),
        ("jobs = 0\n", "stconform.toml:1: "),
        ("lenient = [\"generous\"]\n", "there is no leniency `generous`"),
        ("area = [\n", "stconform.toml:"),
    ] {
        fs::write(&config, text).unwrap();
        let output = stconform_in(folder.path(), &["run"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains(said), "{text}: {}", stderr(&output));
        let output = stconform_in(
            folder.path(),
            &["run", "--no-config", "--impl", "oracle", "--area", "shapes"],
        );
        assert_eq!(output.status.code(), Some(0), "{text}");
    }
}

#[test]
fn a_profile_decides_the_exit_code() {
    let run = |profile: &str, more: &[&str]| {
        let arguments = [&["run", "--area", "metadata", "--profile", profile], more].concat();
        let output = stconform(&arguments);
        let last = stdout(&output).lines().last().unwrap_or_default().to_owned();
        (output.status.code(), last)
    };
    let fake = |mode: &'static str| ["--", FAKE, mode];
    let met = |profile: &str| (Some(0), format!("profile {profile}: met"));
    for profile in ["reader", "header-reader", "lazy-reader", "rewriter", "strict-reader"] {
        assert_eq!(run(profile, &fake("right")), met(profile));
    }
    assert_eq!(run("reader", &fake("last-wins")), met("reader"));
    let (code, said) = run("strict-reader", &fake("last-wins"));
    assert_eq!(code, Some(1));
    assert!(said.starts_with("profile strict-reader: not met: "), "{said}");
    let (code, said) = run("rewriter", &fake("last-wins"));
    assert_eq!(
        (code, said.as_str()),
        (Some(1), "profile rewriter: not met: rewrite is not offered")
    );
    // What the profile does not count does not fail it.
    let some = ["--operation", "read", "--operation", "header"];
    let all = [&some[..], &fake("lies-about-operations")].concat();
    assert_eq!(run("reader", &all), met("reader"));
}

#[test]
fn the_first_surprise_ends_a_run_that_is_to_fail_fast() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let path = record.to_str().unwrap();
    let arguments = ["run", "--area", "shapes", "--jobs", "1", "--fail-fast", "--record", path];
    let output = stconform(&[&arguments[..], &["--", FAKE, "reject-all"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains("stopped at the first surprise, after "),
        "{}",
        stdout(&output)
    );
    let kept = Record::parse_partial(&record, &fs::read_to_string(&record).unwrap()).unwrap();
    assert_eq!(kept.rows.iter().filter(|row| row.is_surprise()).count(), 1);
}

#[test]
fn the_list_that_a_run_drafts_makes_the_next_run_clean() {
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.toml");
    let path = known.to_str().unwrap();
    for mode in ["reject-all", "other-by-mmap", "segfault"] {
        let run = |more: &[&str]| {
            let common = ["run", "--area", "shapes", "--jobs", "1"];
            stconform(&[&common, more, &["--", FAKE, mode]].concat())
        };
        assert_eq!(run(&["--write-known", path]).status.code(), Some(1), "{mode}");
        let again = run(&["--known", path]);
        assert_eq!(again.status.code(), Some(0), "{mode}: {}", stdout(&again));
        // Reasons that a person gave stay.
        let text = fs::read_to_string(&known).unwrap();
        let told = text.lines().find(|line| line.starts_with("reason = ")).unwrap().to_owned();
        fs::write(&known, text.replacen(&told, "reason = \"because\"", 1)).unwrap();
        run(&["--known", path, "--write-known", path]);
        let text = fs::read_to_string(&known).unwrap();
        assert!(text.contains("reason = \"because\""), "{mode}: {text}");
    }
}

/// Every combination of conditions that a person would try selects something, and the counts fit.
#[test]
fn consequences_and_operations_select_what_their_names_say() {
    let mut counts = BTreeMap::new();
    for name in ["memory-safety", "wrong-weights", "readers-disagree", "portability", "hygiene"] {
        let record = recorded(&["--impl", "oracle", "--operation", "read", "--consequence", name]);
        counts.insert(name, record.rows.len());
        assert!(!record.rows.is_empty(), "{name}");
    }
    let all = recorded(&["--impl", "oracle", "--operation", "read"]).rows.len();
    assert_eq!(counts.values().sum::<usize>(), all, "{counts:?}");
}
