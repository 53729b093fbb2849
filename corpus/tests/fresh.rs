//! The committed corpus is what the recipes make; `BLESS=1` writes it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use corpus::{BakeError, Difference, Mode, bake};
use std::fs;
use std::path::{Path, PathBuf};

const VECTOR: &str = "corpus/vectors/layout/one-tensor.safetensors";
const MANIFEST: &str = "corpus/manifest.json";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A fresh corpus in a folder of its own.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    bake(folder.path(), Mode::Write).unwrap();
    folder
}

fn differences(root: &Path) -> Vec<Difference> {
    match bake(root, Mode::Check) {
        Err(BakeError::NotFresh(differences)) => differences,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_committed_corpus_is_fresh() {
    let mode = if std::env::var_os("BLESS").is_some() { Mode::Write } else { Mode::Check };
    if let Err(error) = bake(&repository(), mode) {
        panic!("{error}\n(in a test: BLESS=1 cargo test -p corpus --test fresh)");
    }
}

#[test]
fn a_copy_is_fresh_and_has_the_same_digest() {
    let report = bake(copy().path(), Mode::Write).unwrap();
    assert_eq!(report.digest, corpus::digest().unwrap());
    let folder = copy();
    assert_eq!(bake(folder.path(), Mode::Check).unwrap().mended, []);
}

#[test]
fn a_flipped_byte_is_noticed_and_mended() {
    let folder = copy();
    let path = folder.path().join(VECTOR);
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let stale = [Difference::Stale(VECTOR.into())];
    assert_eq!(differences(folder.path()), stale);
    assert_eq!(bake(folder.path(), Mode::Write).unwrap().mended, stale);
    assert_eq!(bake(folder.path(), Mode::Check).unwrap().mended, []);
}

#[test]
fn a_missing_file_is_noticed() {
    let folder = copy();
    fs::remove_file(folder.path().join(VECTOR)).unwrap();
    assert_eq!(differences(folder.path()), [Difference::Missing(VECTOR.into())]);
}

#[test]
fn a_stray_file_is_noticed_wherever_it_lies() {
    let folder = copy();
    let strays = [
        "corpus/values/stray.txt",
        "corpus/vectors/.stray",
        "corpus/vectors/layout/deep/stray.safetensors",
    ];
    for stray in strays {
        let path = folder.path().join(stray);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"").unwrap();
    }
    assert_eq!(differences(folder.path()), strays.map(|stray| Difference::Extra(stray.into())));
    bake(folder.path(), Mode::Write).unwrap();
    assert_eq!(bake(folder.path(), Mode::Check).unwrap().mended, []);
}

#[test]
fn what_checks_the_values_is_no_stray_file() {
    let folder = copy();
    fs::create_dir(folder.path().join("corpus/values/check")).unwrap();
    fs::write(folder.path().join("corpus/values/check/check.py"), b"").unwrap();
    assert_eq!(bake(folder.path(), Mode::Check).unwrap().mended, []);
}

#[test]
fn an_edited_line_of_values_is_noticed() {
    let folder = copy();
    let values = "corpus/values/dtypes/f16-row.txt";
    let path = folder.path().join(values);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("-0", "0", 1)).unwrap();
    assert_eq!(differences(folder.path()), [Difference::Stale(values.into())]);
}

#[test]
fn an_edited_manifest_is_noticed_and_the_error_names_the_fix() {
    let folder = copy();
    let path = folder.path().join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("LEN-1", "LEN-2", 1)).unwrap();
    let error = bake(folder.path(), Mode::Check).unwrap_err().to_string();
    assert!(error.contains("stale: corpus/manifest.json"), "{error}");
    assert!(error.contains("cargo run --release -- check --write"), "{error}");
}

#[test]
fn a_folder_in_the_way_is_an_error_that_names_it() {
    let folder = copy();
    let path = folder.path().join(VECTOR);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let error = bake(folder.path(), Mode::Check).unwrap_err().to_string();
    assert!(error.contains("one-tensor.safetensors"), "{error}");
}
