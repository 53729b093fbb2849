//! `explain`, `list`, `report` and `check` from end to end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use corpus::{Tier, Vector, vectors};
use spec::{LENIENCIES, LIMITS, RULES};
use std::fs;
use std::path::Path;
use std::process::Output;
use std::thread;

fn stconform(arguments: &[&str]) -> Output {
    stconform_in(&root(), arguments)
}

#[test]
fn every_rule_leniency_and_limit_can_be_explained() {
    let sentences = RULES.iter().map(|rule| (rule.id.as_str(), rule.sentence));
    let readings = LENIENCIES.iter().map(|row| (row.name, row.reading));
    let refusals = LIMITS.iter().map(|row| (row.name, row.refuses));
    for (id, text) in sentences.chain(readings).chain(refusals) {
        let output = stconform(&["explain", id]);
        assert_eq!(output.status.code(), Some(0), "{id}");
        assert!(stdout(&output).contains(text), "{id}: {}", stdout(&output));
    }
}

#[test]
fn vectors_of_every_kind_can_be_explained_and_show_their_twins() {
    // Each costs a process that opens the corpus: every ninth, and every one made on demand.
    let giant = |vector: &Vector| vector.tier == Tier::Giant;
    let sample = vectors().iter().enumerate().filter(|(at, one)| at % 9 == 0 || giant(one));
    let sample: Vec<&Vector> = sample.map(|(_, vector)| vector).collect();
    let at_once = thread::available_parallelism().unwrap().get();
    thread::scope(|scope| {
        for part in sample.chunks(sample.len().div_ceil(at_once)) {
            scope.spawn(|| part.iter().for_each(|vector| can_be_explained(vector)));
        }
    });
}

fn can_be_explained(vector: &Vector) {
    let output = stconform(&["explain", vector.id.as_str()]);
    assert_eq!(output.status.code(), Some(0), "{}", vector.id);
    let text = stdout(&output);
    assert!(text.contains(&vector.summary), "{text}");
    if let (Some(twin), Tier::Stored) = (&vector.twin, vector.tier) {
        assert!(text.contains(twin.as_str()), "{text}");
    }
}

#[test]
fn explanations_read_like_this() {
    let of = |id| stdout(&stconform(&["explain", id]));
    let text = ["off-3", "layout/gap-before-first", "enum-map-dtype", "rank", "dtype"].map(of);
    insta::assert_snapshot!(text.join("\n----\n"));
}

#[test]
fn an_explanation_of_a_sharded_model_reads_like_this() {
    let of = |id| stdout(&stconform(&["explain", id]));
    let text = ["sharded/name-climbs-mixed", "sharded/links-into-a-cache"].map(of);
    insta::assert_snapshot!(text.join("\n----\n"));
}

#[test]
fn an_unknown_id_is_told_with_the_ones_that_look_like_it() {
    for (id, said) in [
        ("LAY-9", "did you mean `LAY-"),
        ("layout/gap-before-frist", "did you mean `layout/gap-before-first`"),
        ("unknown-field", "did you mean `unknown-fields`"),
        ("?", "`stconform list rules`"),
    ] {
        let output = stconform(&["explain", id]);
        assert_eq!(output.status.code(), Some(2), "{id}");
        assert!(stderr(&output).contains(said), "{id}: {}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1);
    }
}

#[test]
fn lists_read_like_this() {
    let of = |what| stdout(&stconform(&["list", what]));
    insta::assert_snapshot!(["leniencies", "limits", "dtypes"].map(of).join("\n"));
}

#[test]
fn a_list_has_a_line_for_each_thing_that_is_asked_for() {
    let lines =
        |arguments: &[&str]| stdout(&stconform(&[&["list"], arguments].concat())).lines().count();
    assert_eq!(lines(&["rules"]), RULES.len());
    assert_eq!(lines(&[]), vectors().len());
    let in_layout = vectors().iter().filter(|vector| vector.id.area() == "layout");
    assert_eq!(lines(&["--area", "layout"]), in_layout.count());
}

#[test]
fn a_list_says_what_the_format_version_says() {
    let of = |version| {
        let arguments = ["list", "--rule", "DT-2", "--format-version", version];
        stdout(&stconform(&arguments)).matches("reject DT-2").count()
    };
    assert!(of("1.0") > of("1.4"), "{} and {}", of("1.0"), of("1.4"));
}

#[test]
fn nothing_to_list_is_not_success() {
    let output = stconform(&["list", "--area", "framing", "--rule", "IDX-1"]);
    assert_eq!(output.status.code(), Some(4));
    let output = stconform(&["list", "--area", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no area `nowhere`; known: "), "{output:?}");
}

#[test]
fn a_record_is_reported_as_its_run_was_and_a_cut_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let name = path.to_str().unwrap();
    let area = ["run", "--impl", "safetensors", "--area", "names", "--record", name];
    let run = stconform(&area);
    let report = stconform(&["report", name]);
    assert_eq!(stdout(&report), stdout(&run));
    assert_eq!((run.status.code(), report.status.code()), (Some(1), Some(1)));

    let whole = fs::read_to_string(&path).unwrap();
    let cut: Vec<&str> = whole.lines().take(3).collect();
    for (text, said) in [
        (cut.join("\n"), "footer"),
        (String::new(), "run.jsonl:1"),
        ("no record".to_owned(), "run.jsonl:1"),
        (whole.replace("\"version\":1", "\"version\":99"), "99"),
    ] {
        fs::write(&path, &text).unwrap();
        let output = stconform(&["report", name]);
        assert_eq!(output.status.code(), Some(2), "{said}");
        let message = stderr(&output);
        assert!(message.contains(said) && message.contains("run.jsonl"), "{said}: {message}");
    }
}

#[test]
fn the_corpus_of_this_checkout_is_fresh_and_a_changed_one_is_not() {
    assert_eq!(stconform(&["check"]).status.code(), Some(0));

    let folder = tempfile::tempdir().unwrap();
    // Not all of `corpus/values`: what checks the values may have installed things there.
    for part in ["corpus/vectors", "corpus/golden", "corpus/values/dtypes", "corpus/values/values"]
    {
        copy(&root().join(part), &folder.path().join(part));
    }
    let manifest = Path::new("corpus/manifest.json");
    fs::copy(root().join(manifest), folder.path().join(manifest)).unwrap();
    let check = |more: &[&str]| {
        let at = folder.path().to_str().unwrap();
        stconform(&[&["check", "--root", at], more].concat())
    };
    assert_eq!(check(&[]).status.code(), Some(0));
    let vector = folder.path().join("corpus/vectors/layout/one-tensor.safetensors");
    let mut bytes = fs::read(&vector).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&vector, &bytes).unwrap();
    let stale = check(&[]);
    assert_eq!(stale.status.code(), Some(1));
    assert!(stderr(&stale).contains("stale: corpus/vectors/layout/one-tensor"), "{stale:?}");
    assert!(stderr(&stale).contains("check --write"), "{stale:?}");
    assert_eq!(check(&["--write"]).status.code(), Some(0));
    assert_eq!(check(&[]).status.code(), Some(0));
}

#[test]
fn a_folder_that_is_no_checkout_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = stconform(&["check", "--root", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--root"), "{output:?}");
}

#[test]
fn the_help_is_this() {
    let help = [&[][..], &["validate"], &["explain"], &["list"], &["report"], &["check"]]
        .map(|command| stdout(&stconform(&[command, &["--help"]].concat())));
    insta::assert_snapshot!(help.join("\n----\n"));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
