//! Every file in `regressions/TARGET` keeps the property of its target.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use fuzz::PROPERTIES;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn names(folder: &Path) -> BTreeSet<String> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn what_was_once_found_is_mended() {
    for (target, property) in PROPERTIES {
        let folder = here("regressions").join(target);
        let files = names(&folder);
        assert!(!files.is_empty(), "nothing to replay in {}", folder.display());
        for name in files {
            let bytes = fs::read(folder.join(&name)).unwrap();
            // The test's own output names the file if the property panics.
            println!("{target}/{name}");
            property(&bytes);
        }
    }
}

#[test]
fn every_target_has_a_property_and_a_folder_of_its_name() {
    let properties: BTreeSet<String> =
        PROPERTIES.iter().map(|(target, _)| (*target).to_owned()).collect();
    let targets: BTreeSet<String> = names(&here("fuzz_targets"))
        .into_iter()
        .map(|file| file.strip_suffix(".rs").expect("a target is a Rust file").to_owned())
        .collect();
    assert_eq!(targets, properties);
    assert_eq!(names(&here("regressions")), properties);
}
