//! `stconform diff` from end to end: two records, what is said of them, and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use reports::diff::Kind;
use reports::{Access, Known, Record, Verdict};
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::sync::LazyLock;
use tempfile::TempDir;

/// A folder of records.
struct Records(TempDir);

impl Records {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a built-in implementation, and keeps the record under a name.
    fn run(&self, name: &str, arguments: &[&str]) -> &Self {
        let path = self.path(name);
        let record = ["run", "--in-process", "--record", path.to_str().unwrap()];
        let output = stconform_in(&root(), &[record.as_slice(), arguments].concat());
        assert!(path.is_file(), "{}", stderr(&output));
        self
    }

    /// Keeps a record in which everything is as expected under a name.
    fn good(&self, name: &str) -> &Self {
        fs::write(self.path(name), &*GOOD).unwrap();
        self
    }

    /// Keeps a record that was changed under another name.
    fn change(&self, name: &str, to: &str, change: impl FnOnce(&mut Record)) {
        let mut record = Record::read(&self.path(name)).unwrap();
        change(&mut record);
        fs::write(self.path(to), record.to_lines().unwrap()).unwrap();
    }

    fn diff(&self, arguments: &[&str]) -> Output {
        let folder = self.0.path();
        stconform_in(folder, &[&["diff"], arguments].concat())
    }
}

const SMALL: [&str; 4] = ["--impl", "oracle", "--area", "framing"];

/// The record of such a run, made once.
static GOOD: LazyLock<String> = LazyLock::new(|| {
    let records = Records::new();
    fs::read_to_string(records.run("good", &SMALL).path("good")).unwrap()
});

#[test]
fn two_runs_of_the_same_have_no_differences() {
    let records = Records::new();
    records.good("a").run("b", &SMALL);
    let output = records.diff(&["a", "b"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.ends_with("\nno differences\n"), "{text}");
    assert!(!text.contains("not the same"), "{text}");
}

#[test]
fn only_what_became_worse_and_is_not_known_is_a_failure() {
    let records = Records::new();
    records.good("good");
    records.change("good", "bad", |record| record.rows[0].verdict = Verdict::Crash);
    records.change("bad", "known", |record| {
        record.rows[0].known = Some(Known { reason: "it is old".to_owned(), issue: None });
    });
    records.change("good", "disagreeing", |record| {
        record.rows[0].disagrees = vec![Access::Mmap];
    });
    records.change("good", "fewer", |record| drop(record.rows.remove(0)));
    for (old, new, code, said) in [
        ("good", "bad", 1, "worse: 1 regressed\n"),
        ("bad", "good", 0, "nothing became worse\n"),
        ("good", "known", 0, "nothing became worse; regressed and known: 1\n"),
        ("good", "disagreeing", 1, "worse: 1 regressed\n"),
        ("good", "fewer", 0, "nothing became worse\n"),
        ("fewer", "good", 0, "nothing became worse\n"),
        ("fewer", "bad", 1, "worse: 1 added and not as expected\n"),
        ("fewer", "known", 0, "nothing became worse\n"),
        ("bad", "bad", 0, "no differences\n"),
    ] {
        let output = records.diff(&[old, new]);
        assert_eq!(output.status.code(), Some(code), "{old} {new}: {}", stdout(&output));
        assert!(stdout(&output).ends_with(said), "{old} {new}: {}", stdout(&output));
    }
}

#[test]
fn leniencies_that_are_no_longer_declared_are_told_apart_from_the_implementation() {
    let records = Records::new();
    let run = ["--impl", "safetensors", "--filter", "metadata/*", "--operation", "read"];
    records.run("strict", &run).run("lenient", &[&run[..], &["--lenient", "all"]].concat());
    let output = records.diff(&["lenient", "strict", "--all"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("  declarations  no longer leniency "), "{text}");
    assert!(text.contains("(declared by the caller)"), "{text}");
    assert!(text.contains("\nkind       declarations  all\n"), "no other cause: {text}");
    assert!(text.contains("lenient -> accepted-invalid\n    cause     declarations\n"), "{text}");
    assert_eq!(records.diff(&["strict", "lenient"]).status.code(), Some(0));
}

#[test]
fn what_was_not_asked_for_is_told_apart_from_what_is_not_offered() {
    let records = Records::new();
    records.good("all");
    records.run("read", &[&SMALL[..], &["--operation", "read"]].concat());
    let text = stdout(&records.diff(&["all", "read"]));
    assert!(text.contains("  selection  now operation read\n"), "{text}");
    assert!(text.contains("\nkind     selection  all\nremoved"), "no other cause: {text}");
    records.change("read", "only-read", |record| {
        record.header.selection.operations.clear();
        record.header.implementation.operations = vec![reports::Operation::Read];
    });
    let text = stdout(&records.diff(&["all", "only-read"]));
    assert!(text.contains("\nkind     offer  all\nremoved"), "no other cause: {text}");
}

#[test]
fn another_format_version_is_a_change_of_the_spec() {
    let records = Records::new();
    let run = ["--impl", "oracle", "--area", "dtypes", "--format-version"];
    records.run("old", &[&run[..], &["1.0"]].concat()).run("new", &[&run[..], &["1.4"]].concat());
    let output = records.diff(&["old", "new"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("  format version  1.0 -> 1.4\n"), "{text}");
    assert!(text.contains("\nkind   spec  all\nadded "), "no other cause: {text}");
}

#[test]
fn two_implementations_can_be_compared() {
    let records = Records::new();
    records.good("a").run("b", &["--impl", "safetensors", "--area", "framing"]);
    let text = stdout(&records.diff(&["a", "b"]));
    assert!(text.contains("\nthese are two implementations, and not two versions"), "{text}");
    assert!(text.contains("\n  implementation  oracle -> safetensors\n"), "{text}");
}

#[test]
fn ten_rows_of_a_kind_are_shown_unless_all_are_asked_for() {
    let records = Records::new();
    records.good("good");
    records.change("good", "bad", |record| {
        for row in record.rows.iter_mut().take(11) {
            row.verdict = Verdict::Crash;
        }
    });
    let shown = |arguments: &[&str]| {
        let text = stdout(&records.diff(arguments));
        (text.matches("conforms -> crash").count(), text.contains("10 of 11 (--all shows all)"))
    };
    assert_eq!(shown(&["good", "bad"]), (10, true));
    assert_eq!(shown(&["good", "bad", "--all"]), (11, false));
}

#[test]
fn a_record_that_cannot_be_read_says_which_and_why() {
    let records = Records::new();
    records.good("good");
    let whole = GOOD.as_str();
    let without_footer = whole.lines().count() - 1;
    let cut: Vec<&str> = whole.lines().take(without_footer).collect();
    fs::write(records.path("cut"), cut.join("\n") + "\n").unwrap();
    fs::write(records.path("newer"), whole.replacen("\"version\":1,", "\"version\":9,", 1))
        .unwrap();
    fs::write(records.path("model"), [8, 0, 0, 0]).unwrap();
    for (name, said) in [
        ("cut", "the record has no footer, so its run was interrupted"),
        ("newer", "newer:1: the record has version 9"),
        ("model", "model:1: this is no record"),
        ("missing", "missing: cannot read the record"),
    ] {
        for arguments in [["good", name], [name, "good"]] {
            let output = records.diff(&arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            assert_eq!(stdout(&output), "");
            let error = stderr(&output);
            assert!(error.starts_with(&format!("error: {name}:")), "{error}");
            assert!(error.contains(said), "{error}");
        }
    }
}

#[test]
fn the_help_is_this_and_names_every_kind() {
    let help = stdout(&stconform_in(&root(), &["diff", "--help"]));
    for kind in Kind::ALL {
        assert!(help.contains(&format!("\n  {:<9}  it ", kind.name())), "{kind:?}: {help}");
    }
    insta::assert_snapshot!(help);
}
