//! The command line with checkers that are shell scripts: how it ends, and what it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A checker that is this script.
fn script(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checker");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, path)
}

/// The exit code, the standard output and the standard error of a command.
fn agree(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_agree")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn generated_with(script_text: &str) -> (Option<i32>, String, String) {
    let (_folder, path) = script(script_text);
    agree(&["generated", "--count", "20", "--checker", path.to_str().unwrap()])
}

/// Reads all requests, and then answers each alike.
const ALWAYS_LEN_2: &str = "\
    n=$(LC_ALL=C grep -ao 'check 1\\.' | wc -l); i=0; \
    while [ $i -lt $n ]; do echo refused LEN-2; i=$((i+1)); done";

#[test]
fn a_checker_that_is_wrong_is_shown_with_the_rule_and_counted() {
    let (code, out, error) = generated_with(ALWAYS_LEN_2);
    assert_eq!(code, Some(1), "{error}");
    let first = out.lines().next().unwrap();
    assert_eq!(first, "error: LEN-2: the model finds it broken, the oracle does not");
    assert_eq!(out.matches("  model:  refused: LEN-2\n").count(), 10, "{out}");
    assert_eq!(out.matches("  file:   file 0 of seed 0").count(), 3, "{out}");
    assert!(out.ends_with("the first 10 disagreements are shown\n"), "{out}");
    assert!(out.contains("generated, seed 0: 20 files, "), "{out}");
}

#[test]
fn a_checker_that_dies_is_no_disagreement() {
    let (code, out, error) = generated_with("exit 3");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        error.contains("died (exit status: 3) after 0 answers, at file 0 of seed 0"),
        "{error}"
    );
    let (code, _, error) = generated_with("kill -9 $$");
    assert_eq!(code, Some(2));
    assert!(error.contains("died (signal: 9"), "{error}");
}

#[test]
fn a_checker_that_fails_at_the_end_is_no_success() {
    let (code, _, error) = generated_with(&format!("{ALWAYS_LEN_2}; exit 4"));
    assert_eq!(code, Some(2));
    assert!(error.contains("answered everything, and then failed (exit status: 4)"), "{error}");
}

#[test]
fn a_checker_that_chatters_or_is_not_there_is_told() {
    let (code, _, error) = generated_with("echo hello; exec cat >/dev/null");
    assert_eq!(code, Some(2));
    assert!(error.contains("neither `accepted` nor `refused` in `hello`"), "{error}");
    let (code, _, error) = agree(&["generated", "--checker", "/nowhere/checker"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("cannot start the checker `/nowhere/checker`"), "{error}");
}

#[test]
fn nothing_asked_is_no_success() {
    let (_folder, path) = script("exec cat >/dev/null");
    let checker = path.to_str().unwrap();
    let (code, _, error) = agree(&["generated", "--count", "0", "--checker", checker]);
    assert_eq!(code, Some(2));
    assert!(error.contains("nothing was asked"), "{error}");
}

#[test]
fn the_files_for_coq_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new");
    let (code, said, error) = agree(&["coq", "--out", out.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{error}");
    assert!(said.contains(" vectors, "), "{said}");
    let layout = fs::read_to_string(out.join("Corpus_layout.v")).unwrap();
    assert!(layout.contains("Theorem corpus_layout_holds : failures cases = [].\n"));
    assert!(layout.contains("Case \"layout/gap-of-two-to-the-32\" "));
}
