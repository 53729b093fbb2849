//! Each adapter kit with its toy reader, built and run where the toolchain is installed. With
//! `STCONFORM_KITS=all`, which the gate sets, one that is missing is a failure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use reports::{Operation, Record, Verdict};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether the programs are there; says plainly which is not, and does not let that pass in the gate.
fn has(kit: &str, programs: &[&str]) -> bool {
    for program in programs {
        let version = if *program == "go" { "version" } else { "--version" };
        let mut command = Command::new(program);
        let status = command.arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !status.is_ok_and(|status| status.success()) {
            let message = format!("the {kit} kit was not run: there is no {program}");
            assert_ne!(std::env::var("STCONFORM_KITS").as_deref(), Ok("all"), "{message}");
            eprintln!("{message}");
            return false;
        }
    }
    true
}

fn kit(name: &str) -> PathBuf {
    root().join("harness/adapters/kits").join(name)
}

/// Runs `build.sh` of a kit, and returns the folder with what it built.
fn built(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(kit(name).join("build.sh")).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{name}: {}", stderr(&output));
    folder
}

/// The toy conforms on everything that is stored, in every operation that it offers.
fn conforms(command: &[&Path]) {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let mut arguments = vec!["run", "--no-config", "--record", record.to_str().unwrap(), "--"];
    arguments.extend(command.iter().map(|word| word.to_str().unwrap()));
    let output = stconform_in(&root(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let record = Record::read(&record).unwrap();
    let offered = &record.header.implementation.operations;
    for operation in [Operation::Read, Operation::Header] {
        assert!(offered.contains(&operation), "{operation}");
    }
    for operation in offered {
        let conform = record
            .rows
            .iter()
            .filter(|row| row.operation == *operation && row.verdict == Verdict::Conforms);
        assert!(conform.count() > 100, "{operation}");
    }
}

#[test]
fn the_toy_in_python_conforms() {
    if has("Python", &["python3"]) {
        conforms(&[Path::new("python3"), &kit("python").join("toy.py")]);
    }
}

#[test]
fn the_toy_in_javascript_conforms() {
    if has("JavaScript", &["node"]) {
        conforms(&[Path::new("node"), &kit("javascript").join("toy.mjs")]);
    }
}

#[test]
fn the_toy_in_go_conforms() {
    if has("Go", &["go"]) {
        conforms(&[&built("go").path().join("toy")]);
    }
}

#[test]
fn the_toy_in_java_conforms() {
    if has("Java", &["javac", "java"]) {
        conforms(&[&built("java").path().join("toy")]);
    }
}

#[test]
fn the_toy_in_c_conforms() {
    if has("C", &["cc"]) {
        conforms(&[&built("c").path().join("toy")]);
    }
}

#[test]
fn the_toy_in_cpp_conforms() {
    if has("C++", &["c++"]) {
        conforms(&[&built("cpp").path().join("toy")]);
    }
}
