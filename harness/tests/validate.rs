//! `stconform validate` from end to end: what it says of files, and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{stconform_in, stderr, stdout, vectors_root};
use corpus::{Content, FolderItem, Outcome, Tier, Vector, vectors};
use serde_json::Value;
use spec::Version;
use std::fs;
use std::path::Path;
use std::process::Output;

fn validate(arguments: &[&str]) -> Output {
    stconform_in(&vectors_root(), &[&["validate"], arguments].concat())
}

fn stored_files() -> impl Iterator<Item = &'static Vector> {
    let stored = vectors().iter().filter(|vector| vector.tier == Tier::Stored);
    stored.filter(|vector| vector.operation().is_read())
}

fn path(vector: &Vector) -> String {
    format!("../{}", vector.path().unwrap())
}

/// The objects that `--json` prints, one for each file.
fn objects(arguments: &[&str]) -> Vec<Value> {
    let output = validate(&[&["--json"], arguments].concat());
    stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_vector_is_judged_as_the_corpus_expects_in_every_version() {
    let stored: Vec<&Vector> = stored_files().collect();
    let paths: Vec<String> = stored.iter().map(|vector| path(vector)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    for version in Version::ALL {
        let reports = objects(&[&["--format-version", version.as_str()], &paths[..]].concat());
        assert_eq!(reports.len(), stored.len());
        for (vector, report) in stored.iter().zip(&reports) {
            let said = format!("{} under {version}: {report}", vector.id);
            let rules: Vec<&str> = report["violations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|violation| violation["rule"].as_str().unwrap())
                .collect();
            match vector.outcome(version).unwrap() {
                Outcome::Accept => {
                    assert_eq!(report["valid"], true, "{said}");
                    let tensors = report["reading"]["tensors"].as_array().unwrap();
                    let reading = vector.reading.as_ref().unwrap();
                    let mut names: Vec<&str> =
                        tensors.iter().map(|tensor| tensor["name"].as_str().unwrap()).collect();
                    names.sort_unstable();
                    let stated = reading.tensors().iter().map(|t| t.name.as_str().unwrap());
                    assert_eq!(names, stated.collect::<Vec<_>>(), "{said}");
                }
                Outcome::Reject(rule) => {
                    assert_eq!(report["valid"], false, "{said}");
                    assert!(!rules.is_empty(), "{said}");
                    assert!(rules.iter().all(|found| *found == rule.as_str()), "{said}");
                    assert_eq!(report["reading"], Value::Null, "{said}");
                }
            }
        }
    }
}

/// A sharded model as files, and the path of its index; `None` for an index that `validate` does
/// not know by its name.
fn laid_out(vector: &Vector) -> Option<(tempfile::TempDir, String)> {
    let Content::Folder(folder) = &vector.content else { return None };
    if !folder.index.ends_with(".index.json") {
        return None;
    }
    let root = tempfile::tempdir().unwrap();
    for entry in &folder.entries {
        let path = root.path().join(&entry.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match &entry.item {
            FolderItem::Link(target) => std::os::unix::fs::symlink(target, path).unwrap(),
            FolderItem::Bytes(_) | FolderItem::OnDemand(_) => {
                fs::write(path, entry.item.bytes()).unwrap();
            }
        }
    }
    let index = root.path().join(&folder.index).to_str().unwrap().to_owned();
    Some((root, index))
}

fn rules_of(report: &Value, list: &str) -> Vec<String> {
    let rules = report[list].as_array().unwrap().iter();
    let mut rules: Vec<String> =
        rules.map(|found| found["rule"].as_str().unwrap().to_owned()).collect();
    rules.dedup();
    rules
}

#[test]
fn every_sharded_model_is_judged_as_the_corpus_expects_in_every_version() {
    let (models, files): (Vec<&Vector>, Vec<_>) =
        vectors().iter().filter_map(|vector| Some((vector, laid_out(vector)?))).unzip();
    assert!(models.len() > 100);
    let paths: Vec<&str> = files.iter().map(|(_, index)| index.as_str()).collect();
    for version in Version::ALL {
        let reports = objects(&[&["--format-version", version.as_str()], &paths[..]].concat());
        assert_eq!(reports.len(), models.len());
        for (vector, report) in models.iter().zip(&reports) {
            let said = format!("{} under {version}: {report}", vector.id);
            let advises: Vec<String> = vector.advises.iter().map(ToString::to_string).collect();
            match vector.outcome(version).unwrap() {
                Outcome::Accept => {
                    assert_eq!(report["valid"], true, "{said}");
                    assert_eq!(rules_of(report, "warnings"), advises, "{said}");
                    let tensors = report["reading"]["tensors"].as_array().unwrap();
                    assert_eq!(tensors.len(), vector.reading.as_ref().unwrap().tensors().len());
                }
                Outcome::Reject(rule) => {
                    assert_eq!(report["valid"], false, "{said}");
                    assert_eq!(rules_of(report, "violations"), [rule.as_str()], "{said}");
                    assert_eq!(report["reading"], Value::Null, "{said}");
                }
            }
        }
    }
}

/// The report on a model, without the place of its folder.
fn report_on(id: &str, arguments: &[&str]) -> String {
    let vector = corpus::find(&id.parse().unwrap()).unwrap();
    let (root, index) = laid_out(vector).unwrap();
    let output = validate(&[arguments, &[index.as_str()]].concat());
    stdout(&output).replace(root.path().to_str().unwrap(), "ROOT")
}

#[test]
fn a_sharded_model_reads_like_this() {
    let text = [
        "sharded/two-shards",
        "sharded/name-climbs-windows",
        "sharded/index-cut-in-a-string",
        "sharded/shard-cut-off",
        "sharded/shards-swapped",
        "sharded/links-into-a-cache",
        "sharded/metadata-absent",
    ];
    let plain = text.map(|id| report_on(id, &[])).join("\n--\n");
    let json = text.map(|id| report_on(id, &["--json"])).concat();
    insta::assert_snapshot!(format!("{plain}\n--\n{json}"));
}

#[test]
fn a_directory_stands_for_the_indexes_in_it() {
    let vector = corpus::find(&"sharded/two-shards".parse().unwrap()).unwrap();
    let (_root, index) = laid_out(vector).unwrap();
    let directory = Path::new(&index).parent().unwrap().to_str().unwrap();
    let report = &objects(&[directory])[0];
    assert_eq!((&report["file"], &report["valid"]), (&Value::from(index.as_str()), &true.into()));
    let other = Path::new(directory).join("other.safetensors.index.json");
    fs::write(&other, "{").unwrap();
    let reports = objects(&[directory]);
    assert_eq!((reports.len(), &reports[1]["valid"]), (2, &Value::from(false)));
    fs::remove_file(&other).unwrap();
    fs::create_dir(&other).unwrap();
    let output = validate(&[other.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("it is a directory"), "{}", stderr(&output));
}

#[test]
fn what_stands_in_the_place_of_a_shard_is_never_waited_for() {
    let vector = corpus::find(&"sharded/shard-missing".parse().unwrap()).unwrap();
    let (_root, index) = laid_out(vector).unwrap();
    let shard = Path::new(&index).with_file_name("model-00002-of-00002.safetensors");
    let made = std::process::Command::new("mkfifo").arg(&shard).status().unwrap();
    assert!(made.success());
    assert!(stdout(&validate(&[&index])).contains("which is a pipe"));
    fs::remove_file(&shard).unwrap();
    std::os::unix::fs::symlink(&shard, &shard).unwrap();
    assert!(stdout(&validate(&[&index])).contains("which is not there"));
}

#[test]
fn a_leniency_accepts_the_files_under_it_and_says_so() {
    for vector in stored_files().filter(|vector| vector.also_needs.is_empty()) {
        for (leniency, _) in &vector.lenient {
            let report = &objects(&["--lenient", leniency.name(), &path(vector)])[0];
            assert_eq!(report["valid"], true, "{}: {report}", vector.id);
            let warning = &report["warnings"][0];
            assert_eq!(warning["leniency"], leniency.name(), "{}: {report}", vector.id);
            assert_eq!(warning["rule"], leniency.relaxes().as_str(), "{}", vector.id);
        }
    }
}

#[test]
fn the_place_of_a_violation_is_a_place_in_the_file() {
    for vector in stored_files() {
        let report = &objects(&[&path(vector)])[0];
        for violation in report["violations"].as_array().unwrap() {
            let (start, end) = (violation["start"].as_u64(), violation["end"].as_u64());
            assert!(
                start <= end && end.unwrap() <= vector.content.len(),
                "{}: {report}",
                vector.id
            );
        }
    }
}

#[test]
fn a_violation_reads_like_this() {
    let of = |id: &str| stdout(&validate(&[&format!("{id}.safetensors")]));
    let text = [
        "framing/one-byte",
        "framing/header-length-all-bits",
        "text/encoded-high-surrogate",
        "json/first-surrogate-alone",
        "layout/gap-before-first",
        "names/same-entry-twice",
    ];
    insta::assert_snapshot!(text.map(of).join("\n--\n"));
}

#[test]
fn a_warning_reads_like_this() {
    let files = ["alignment/wide-after-narrow.safetensors", "entries/sequence.safetensors"];
    let text = stdout(&validate(&[&["--lenient", "all"][..], &files].concat()));
    insta::assert_snapshot!(text);
}

#[test]
fn json_is_one_object_a_file_with_these_fields() {
    let text = stdout(&validate(&[
        "--json",
        "layout/two-tensors.safetensors",
        "layout/gap-before-first.safetensors",
        "no-such-file.safetensors",
    ]));
    insta::assert_snapshot!(text);
}

#[test]
fn the_worst_file_decides_the_exit_code() {
    let (good, bad, gone) =
        ("layout/one-tensor.safetensors", "layout/gap-before-first.safetensors", "gone");
    for (files, code) in [
        (&[good][..], 0),
        (&[good, bad], 1),
        (&[bad, good], 1),
        (&[gone, good], 2),
        (&[bad, gone, good], 2),
    ] {
        assert_eq!(validate(files).status.code(), Some(code), "{files:?}");
    }
}

#[test]
fn what_is_no_file_is_told_apart_in_one_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for (path, said) in [
        (folder.path().join("gone"), "there is no such file"),
        (folder.path().to_owned(), "it is a directory; name the files in it"),
        (pipe, "it is a pipe, not a regular file; save it to a file first"),
        ("/dev/null".into(), "it is a device, not a regular file; save it to a file first"),
    ] {
        let output = validate(&[path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{path:?}");
        let message = stderr(&output);
        assert!(message.starts_with("error: cannot read `"), "{message}");
        assert!(message.contains(said) && message.contains(path.to_str().unwrap()), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn an_empty_file_is_invalid_and_not_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, []).unwrap();
    let output = validate(&[empty.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("error[LEN-1]"), "{output:?}");
}

/// Several GiB of data cost no more than their header: nothing else is mapped.
#[test]
fn of_a_huge_file_only_the_header_is_mapped() {
    let data: u64 = 8 << 30;
    let header = format!(r#"{{"w":{{"dtype":"U8","shape":[{data}],"data_offsets":[0,{data}]}}}} "#);
    let folder = tempfile::tempdir().unwrap();
    let huge = folder.path().join("huge.safetensors");
    let mut bytes = u64::try_from(header.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    fs::write(&huge, &bytes).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&huge).unwrap();
    file.set_len(u64::try_from(bytes.len()).unwrap() + data).unwrap();

    let opened = harness::validate::HeaderBytes::open(&huge).unwrap();
    assert_eq!(opened.prefix(), bytes);
    let report = &objects(&[huge.to_str().unwrap()])[0];
    assert_eq!(report["valid"], true, "{report}");
    assert_eq!(report["reading"]["tensors"][0]["end"], data);
    file.set_len(u64::try_from(bytes.len()).unwrap() + data - 1).unwrap();
    let report = &objects(&[huge.to_str().unwrap()])[0];
    assert_eq!(report["violations"][0]["rule"], "LAY-1", "{report}");
}

#[test]
fn wrong_arguments_are_told_with_what_is_known() {
    let file = "layout/one-tensor.safetensors";
    for (arguments, said) in [
        (&["--format-version", "1.5", file][..], "there is no format version `1.5`; known: 1.0"),
        (&["--lenient", "kind", file], "there is no leniency `kind`; known: leading-whitespace"),
        (&[], "<FILE>"),
    ] {
        let output = validate(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn a_file_of_a_newer_version_says_which_one_it_needs() {
    let newer = stored_files().find(|vector| {
        vector.outcome(Version::V1_3) != Some(&Outcome::Accept)
            && vector.outcome(Version::V1_4) == Some(&Outcome::Accept)
    });
    let report = &objects(&["--format-version", "1.0", &path(newer.unwrap())])[0];
    assert_eq!(report["valid"], false);
    assert_eq!(report["violations"][0]["rule"], "DT-2");
    assert_eq!(report["minimum_version"], "1.4", "{report}");
}

#[test]
fn advice_is_a_warning_in_json_too() {
    let report = &objects(&["alignment/wide-after-narrow.safetensors"])[0];
    assert_eq!(report["valid"], true);
    assert_eq!(report["warnings"][0]["rule"], "ALN-2");
    assert_eq!(report["warnings"][0]["level"], "SHOULD");
}

#[test]
fn of_very_many_violations_the_number_is_told_and_the_rest_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let many = folder.path().join("many");
    let header = format!("{{{}}}", vec!["\"a\\u0000\":1"; 3_000].join(","));
    let mut bytes = u64::try_from(header.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    fs::write(&many, bytes).unwrap();
    let many = many.to_str().unwrap();
    let text = stdout(&validate(&[many]));
    assert!(text.contains("invalid (5999 violations)"), "{text}");
    assert!(text.contains("more, which `--json` lists"), "{text}");
    let report = &objects(&[many])[0];
    assert_eq!(report["violations"].as_array().unwrap().len(), 2_000);
    assert_eq!(report["violations_omitted"], 3_999);
}

#[test]
fn nothing_in_a_file_reaches_the_terminal_as_a_control_character() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile");
    let header = b"{\"a\x1b[31m\xe2\x80\xae\":1}";
    let mut bytes = u64::try_from(header.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(header);
    fs::write(&path, bytes).unwrap();
    let text = stdout(&validate(&[path.to_str().unwrap()]));
    assert!(text.contains("<U+001B>[31m<U+202E>"), "{text}");
    let plain = |character: char| character == '\n' || !character.is_control();
    assert!(text.chars().all(plain) && !text.contains('\u{202e}'), "{text}");
}
