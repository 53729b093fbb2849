//! What a record keeps, and what is not taken for a record.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub)]

mod sample;

use reports::record::RecordErrorKind;
use reports::{Record, RecordError};
use std::path::Path;

#[test]
fn a_record_is_read_as_it_was_written() {
    let record = sample::record();
    assert_eq!(parse(&record.to_lines().unwrap()).unwrap(), record);
}

#[test]
fn rows_are_written_sorted_whatever_their_order_was() {
    let record = sample::record();
    let mut rows = record.rows.clone();
    rows.reverse();
    let again = Record::new(record.header.clone(), rows);
    assert_eq!(again.to_lines().unwrap(), record.to_lines().unwrap());
}

#[test]
fn the_lines_of_a_record_have_this_form() {
    insta::assert_snapshot!(sample::record().to_lines().unwrap());
}

#[test]
fn a_record_without_its_footer_is_cut_off() {
    let mut lines = lines();
    lines.pop();
    let error = parse(&lines.join("\n")).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::Truncated));
    assert_eq!(
        error.to_string(),
        "run.jsonl:20: the record has no footer, so its run was interrupted; the same command with --resume goes on"
    );
}

#[test]
fn a_row_that_is_missing_does_not_fit_the_footer() {
    let mut lines = lines();
    lines.remove(3);
    let error = parse(&lines.join("\n")).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::FooterMismatch), "{error}");
}

#[test]
fn a_verdict_that_was_changed_does_not_fit_the_footer() {
    let text = sample::record().to_lines().unwrap();
    let changed = text.replacen("\"verdict\":\"misread\"", "\"verdict\":\"conforms\"", 1);
    assert_ne!(text, changed);
    let error = parse(&changed).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::FooterMismatch), "{error}");
}

#[test]
fn rows_out_of_order_or_twice_are_refused() {
    let mut swapped = lines();
    swapped.swap(1, 2);
    let error = parse(&swapped.join("\n")).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::Unsorted(_)), "{error}");
    assert_eq!(error.line, Some(3));
    let mut twice = lines();
    twice.insert(1, twice[1].clone());
    let error = parse(&twice.join("\n")).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::Unsorted(_)), "{error}");
}

#[test]
fn a_line_that_is_garbage_is_named() {
    let mut lines = lines();
    lines[4] = "{\"row\":{}}".to_owned();
    let error = parse(&lines.join("\n")).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::Garbage(_)), "{error}");
    assert_eq!(error.line, Some(5));
}

#[test]
fn a_field_that_is_not_known_is_garbage() {
    let text = sample::record().to_lines().unwrap();
    let changed = text.replacen("\"verdict\":", "\"colour\":1,\"verdict\":", 1);
    let error = parse(&changed).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::Garbage(_)), "{error}");
}

#[test]
fn a_line_after_the_footer_is_out_of_place() {
    let mut lines = lines();
    lines.push(lines[1].clone());
    let error = parse(&lines.join("\n")).unwrap_err();
    assert!(matches!(error.kind, RecordErrorKind::OutOfPlace), "{error}");
}

#[test]
fn another_version_is_named_before_anything_else_is_looked_at() {
    let error = parse("{\"header\":{\"format\":\"stconform-record\",\"version\":2,\"new\":1}}");
    assert_eq!(
        error.unwrap_err().to_string(),
        "run.jsonl:1: the record has version 2, this tool reads version 1; make it again"
    );
}

#[test]
fn what_is_no_record_is_not_taken_for_one() {
    for text in ["", "hello", "{}", "{\"header\":{\"format\":\"other\",\"version\":1}}"] {
        let error = parse(text).unwrap_err();
        assert!(matches!(error.kind, RecordErrorKind::NotARecord), "{text}: {error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Record::read(Path::new("no/such/record.jsonl")).unwrap_err();
    assert!(error.to_string().starts_with("no/such/record.jsonl: cannot read the record"));
}

fn lines() -> Vec<String> {
    sample::record().to_lines().unwrap().lines().map(str::to_owned).collect()
}

fn parse(text: &str) -> Result<Record, RecordError> {
    Record::parse(Path::new("run.jsonl"), text)
}
