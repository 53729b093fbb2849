//! The adapter for the Python package, where it is installed: `adapters/python/install.sh`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use reports::{Observation, Record, Verdict};
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_python_package_decides_as_the_crate_that_it_wraps() {
    let adapter = Path::new(env!("CARGO_MANIFEST_DIR")).join("adapters/python");
    let python = adapter.join(".venv/bin/python");
    if !python.exists() {
        eprintln!("not run: there is no {}; make it with install.sh", python.display());
        return;
    }
    let script = adapter.join("adapter.py");
    let python = record(&["--", python.to_str().unwrap(), script.to_str().unwrap()]);
    let native = record(&["--impl", "safetensors"]);
    assert_eq!(python.rows.len(), native.rows.len());
    for (python, native) in python.rows.iter().zip(&native.rows) {
        match python.observed {
            Observation::Crashed { .. }
            | Observation::TimedOut { .. }
            | Observation::OverMemory { .. }
            | Observation::Wrote(_)
            | Observation::AcceptedUnseen
            | Observation::Garbled { .. } => panic!("{}: {}", python.vector, python.observed),
            // What numpy cannot hold says nothing of the package.
            Observation::Unsupported { .. } => {}
            // The package is a release build; a debug build of the crate dies where it goes on.
            Observation::Accepted(_) | Observation::Refused { .. }
                if native.verdict == Verdict::Crash => {}
            Observation::Accepted(_)
            | Observation::AcceptedOther { .. }
            | Observation::Refused { .. } => {
                assert_eq!(python.verdict, native.verdict, "{}", python.vector);
            }
        }
    }
}

fn record(arguments: &[&str]) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("run.jsonl");
    let output = Command::new(env!("CARGO_BIN_EXE_stconform"))
        .args(["run", "--operation", "read", "--record", path.to_str().unwrap()])
        .args(arguments)
        .output()
        .unwrap();
    Record::read(&path)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}
