//! `stconform export` from end to end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use std::fs;

#[test]
fn the_corpus_is_copied_out_as_it_stands_in_the_checkout() {
    let folder = tempfile::tempdir().unwrap();
    let output = stconform_in(folder.path(), &["export", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let out = folder.path().join("out");
    for file in ["manifest.json", "manifest.schema.json", "README.md", "golden/golden.json"] {
        let copied = fs::read(out.join(file)).unwrap();
        assert!(copied == fs::read(root().join("corpus").join(file)).unwrap(), "{file}");
    }
    let stamp = fs::read_to_string(out.join("VERSION")).unwrap();
    let digest = stamp.lines().next().unwrap().strip_prefix("corpus ").unwrap();
    assert!(stdout(&output).contains(digest), "{stamp}");
    assert!(stamp.contains("\nspec_revision r"), "{stamp}");

    let again = stconform_in(folder.path(), &["export", "out"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("`out` is there already"), "{}", stderr(&again));
}
