//! What differs between two records, why, and in which words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use anstream::adapter::strip_str;
use corpus::{Digest, LimitValue, Reading, TensorReading};
use proptest::prelude::*;
use reports::diff::text::differences;
use reports::diff::{Aspect, Cause, Kind, Rows};
use reports::record::{FORMAT, FORMAT_VERSION};
use reports::{
    Access, Claim, Death, Description, Detail, Diff, Expected, Header, Isolation, Known,
    Observation, Operation, Record, Row, Selection, Verdict,
};
use spec::{Leniency, Limit, RuleId, Version};
use std::collections::BTreeMap;

fn header() -> Header {
    Header {
        budgets: reports::Budgets::default(),
        format: FORMAT.to_owned(),
        version: FORMAT_VERSION,
        tool: "0.1.0".to_owned(),
        revision: "r1".to_owned(),
        format_version: Version::V1_4,
        corpus: Digest::of(b"a corpus").to_string(),
        implementation: Description {
            build: Some("release build".to_owned()),
            operations: vec![Operation::Read, Operation::Write],
            ..Description::new("example", "1.2.3")
        },
        declared_for_it: Vec::new(),
        isolation: Isolation::Process,
        when: "2000-01-01T00:00:00Z".to_owned(),
        selection: Selection { tier: "stored".to_owned(), of: 20, ..Selection::default() },
    }
}

/// A row about a valid file that was read as it should be.
fn row(id: &str) -> Row {
    Row {
        vector: id.parse().unwrap(),
        rules: vec![RuleId::Rd1],
        operation: Operation::Read,
        case: None,
        access: None,
        digest: Digest::of(id.as_bytes()),
        expected: Expected::Accept,
        observed: accepted(1),
        verdict: Verdict::Conforms,
        detail: None,
        twin: None,
        alone: None,
        disagrees: Vec::new(),
        known: None,
    }
}

fn with(id: &str, observed: Observation, verdict: Verdict) -> Row {
    Row { observed, verdict, ..row(id) }
}

fn accepted(byte: u8) -> Observation {
    let tensor = TensorReading::of("w", "U8", &[1], &[byte]);
    Observation::Accepted(Reading::new(vec![tensor], BTreeMap::new()))
}

fn refused() -> Observation {
    Observation::refused("bad \u{1b}[31mheader")
}

fn unsupported() -> Observation {
    Observation::Unsupported { reason: "not here".to_owned() }
}

fn crashed() -> Observation {
    let death = Death::Signal { number: 11, name: "SIGSEGV".to_owned() };
    Observation::Crashed { death, stderr: "first line\nlast line".to_owned() }
}

fn known() -> Option<Known> {
    Some(Known { reason: "a map keeps the last".to_owned(), issue: None })
}

fn record(rows: Vec<Row>) -> Record {
    Record::new(header(), rows)
}

/// The kind and the cause of the one difference between two records.
fn only(old: &Record, new: &Record) -> (Kind, Cause) {
    let diff = Diff::of(old, new);
    let [change] = diff.changes.as_slice() else { panic!("{:#?}", diff.changes) };
    (change.kind, change.cause)
}

/// What makes a header another.
type Change = fn(&mut Header);

/// The cause of a regression from one row to another, under these headers.
fn cause(old: Row, new: Row, change: impl Fn(&mut Header)) -> Cause {
    let mut new = record(vec![new]);
    change(&mut new.header);
    only(&record(vec![old]), &new).1
}

/// Two records with a difference of every kind, and rows without one.
fn two() -> (Record, Record) {
    let by = |access| Row { access: Some(access), ..row("shapes/by-two-ways") };
    let mut old = record(vec![
        row("json/same"),
        with("json/read-otherwise", accepted(2), Verdict::Misread),
        row("shapes/plain"),
        row("shapes/crashes-now"),
        row("shapes/known"),
        Row { digest: Digest::of(b"old"), ..row("shapes/mended") },
        Row { expected: Expected::Accept, ..row("shapes/now-invalid") },
        Row {
            detail: Some(Detail::Leniency("null-metadata".to_owned())),
            expected: Expected::Reject(RuleId::Meta2),
            ..with("metadata/null", accepted(1), Verdict::Lenient)
        },
        with("shapes/worse", refused(), Verdict::RefusedValid),
        with("shapes/good-now", crashed(), Verdict::Crash),
        with("shapes/good-too", accepted(2), Verdict::Misread),
        by(Access::Mmap),
        row("retired/vector"),
        row("shapes/aside-now"),
    ]);
    let mut new = record(vec![
        row("json/same"),
        with("json/read-otherwise", accepted(3), Verdict::Misread),
        with("shapes/plain", refused(), Verdict::RefusedValid),
        with("shapes/crashes-now", crashed(), Verdict::Crash),
        Row { known: known(), ..with("shapes/known", accepted(2), Verdict::Misread) },
        with("shapes/mended", refused(), Verdict::RefusedValid),
        Row {
            expected: Expected::Reject(RuleId::Shp1),
            ..with("shapes/now-invalid", accepted(1), Verdict::AcceptedInvalid)
        },
        Row {
            expected: Expected::Reject(RuleId::Meta2),
            ..with("metadata/null", accepted(1), Verdict::AcceptedInvalid)
        },
        with("shapes/worse", crashed(), Verdict::Crash),
        row("shapes/good-now"),
        row("shapes/good-too"),
        Row { disagrees: vec![Access::Pread], ..by(Access::Mmap) },
        with("new/vector", refused(), Verdict::RefusedValid),
        Row { operation: Operation::Header, ..row("json/same") },
        with("shapes/left-aside", unsupported(), Verdict::Unsupported),
        with("shapes/aside-now", unsupported(), Verdict::Unsupported),
    ]);
    new.header.corpus = Digest::of(b"another corpus").to_string();
    new.header.when = "2001-01-01T00:00:00Z".to_owned();
    let who = &mut new.header.implementation;
    who.version = "1.3.0".to_owned();
    who.operations.push(Operation::Header);
    old.header.implementation.leniencies = [Leniency::NullMetadata].into_iter().collect();
    old.header.implementation.limits = [(Limit::Rank, LimitValue::Number(2))].into();
    new.header.implementation.limits = [(Limit::Rank, LimitValue::Number(3))].into();
    (old, new)
}

fn text(old: &Record, new: &Record, most: Option<usize>) -> String {
    strip_str(&differences(&Diff::of(old, new), most)).to_string()
}

#[test]
fn differences_of_every_kind_read_like_this() {
    let (old, new) = two();
    insta::assert_snapshot!(text(&old, &new, None));
}

#[test]
fn the_other_way_round_they_read_like_this() {
    let (old, new) = two();
    insta::assert_snapshot!(text(&new, &old, None));
}

#[test]
fn records_that_differ_in_their_time_alone_read_like_this() {
    let (old, mut new) = (record(vec![row("json/same")]), record(vec![row("json/same")]));
    new.header.when = "2001-01-01T00:00:00Z".to_owned();
    insta::assert_snapshot!(text(&old, &new, None));
}

#[test]
fn two_implementations_can_be_compared_and_it_is_said() {
    let (old, mut new) = (record(vec![row("json/same")]), record(vec![row("json/same")]));
    let said = "these are two implementations, and not two versions of one";
    assert!(!text(&old, &new, None).contains(said));
    new.header.implementation.name = "\u{1b}[31mother".to_owned();
    let told = text(&old, &new, None);
    assert!(told.contains(said), "{told}");
    assert!(told.contains(r"implementation  example -> \u{1b}[31mother"), "{told}");
}

#[test]
fn colours_are_all_that_the_text_has_of_control_characters() {
    let (old, new) = two();
    assert!(differences(&Diff::of(&old, &new), None).contains('\u{1b}'), "there are colours");
    let plain = text(&old, &new, None);
    assert!(!plain.contains(|c: char| c.is_control() && c != '\n'), "{plain}");
}

#[test]
fn the_first_rows_of_each_kind_are_shown_worst_first_and_the_rest_is_counted() {
    let (old, new) = two();
    let told = text(&old, &new, Some(1));
    assert!(told.contains("\nregressed: 1 of 7 (--all shows all)\n"), "{told}");
    // A misreading is the worst of all verdicts.
    assert!(told.contains("\n  shapes/known  conforms -> misread, known\n"), "{told}");
    assert!(!told.contains("shapes/plain"), "{told}");
    assert!(
        told.contains("\nfixed: 1 of 2 (--all shows all)\n  shapes/good-too  misread"),
        "{told}"
    );
    let zero = text(&old, &new, Some(0));
    assert!(zero.contains("\nregressed: 0 of 7 (--all shows all)\n\nchanged: 0 of 1"), "{zero}");
}

#[test]
fn what_was_known_before_or_is_known_now_makes_no_difference_by_itself() {
    let failing = || with("shapes/plain", refused(), Verdict::RefusedValid);
    let (old, new) = (record(vec![Row { known: known(), ..failing() }]), record(vec![failing()]));
    assert_eq!(Diff::of(&old, &new).changes, []);
    assert_eq!(Diff::of(&new, &old).changes, []);
}

#[test]
fn another_reading_or_message_under_one_verdict_is_no_difference() {
    for (old, new, verdict) in [
        (accepted(1), accepted(2), Verdict::Misread),
        (Observation::refused("a"), Observation::refused("b"), Verdict::Conforms),
        (refused(), unsupported(), Verdict::RefusedValid),
    ] {
        let (old, new) = (with("a/b", old, verdict), with("a/b", new, verdict));
        let old = record(vec![Row { detail: Some(Detail::Unseen), ..old }]);
        let new = record(vec![Row { alone: Some(reports::Alone::Same), ..new }]);
        let diff = Diff::of(&old, &new);
        assert_eq!((diff.changes.len(), diff.same), (0, 1));
    }
}

#[test]
fn a_kind_follows_from_what_was_expected_then_and_now() {
    let disagreeing = || Row { disagrees: vec![Access::Mmap], ..row("a/b") };
    let good = || row("a/b");
    let bad = |verdict| with("a/b", crashed(), verdict);
    let aside = || with("a/b", unsupported(), Verdict::Unsupported);
    for (old, new, kind) in [
        (good(), bad(Verdict::Crash), Some(Kind::Regressed)),
        (bad(Verdict::Hang), good(), Some(Kind::Fixed)),
        (bad(Verdict::Hang), bad(Verdict::Crash), Some(Kind::Changed)),
        (bad(Verdict::Hang), bad(Verdict::Hang), None),
        (good(), aside(), Some(Kind::Shifted)),
        (good(), good(), None),
        (good(), disagreeing(), Some(Kind::Regressed)),
        (disagreeing(), aside(), Some(Kind::Fixed)),
        (disagreeing(), bad(Verdict::Crash), Some(Kind::Changed)),
        (disagreeing(), disagreeing(), None),
    ] {
        let (old, new) = (record(vec![old]), record(vec![new]));
        let kinds: Vec<Kind> =
            Diff::of(&old, &new).changes.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, kind.into_iter().collect::<Vec<_>>(), "{old:?}\n{new:?}");
    }
}

#[test]
fn worse_is_only_what_regressed_or_was_added_and_is_not_known() {
    let bad = |id: &str| with(id, crashed(), Verdict::Crash);
    let is_known = |row: Row| Row { known: known(), ..row };
    let disagreeing = || Row { disagrees: vec![Access::Mmap], ..row("a/b") };
    for (old, new, is_worse) in [
        (vec![row("a/b")], vec![bad("a/b")], true),
        (vec![row("a/b")], vec![is_known(bad("a/b"))], false),
        (vec![row("a/b")], vec![disagreeing()], true),
        (vec![row("a/b")], vec![is_known(disagreeing())], false),
        (vec![], vec![bad("a/b")], true),
        (vec![], vec![is_known(bad("a/b"))], false),
        (vec![], vec![row("a/b")], false),
        (vec![bad("a/b")], vec![], false),
        (vec![bad("a/b")], vec![row("a/b")], false),
        (vec![bad("a/b")], vec![with("a/b", refused(), Verdict::RefusedValid)], false),
        (vec![row("a/b")], vec![with("a/b", unsupported(), Verdict::Unsupported)], false),
    ] {
        let (old, new) = (record(old), record(new));
        assert_eq!(Diff::of(&old, &new).is_worse(), is_worse, "{old:?}\n{new:?}");
    }
}

#[test]
fn every_part_of_a_key_tells_rows_apart() {
    for other in [
        Row { operation: Operation::Write, ..row("a/b") },
        Row { case: Some("\"w\"[0:1]".to_owned()), ..row("a/b") },
        Row { access: Some(Access::Mmap), ..row("a/b") },
        row("a/c"),
    ] {
        let (old, new) = (record(vec![row("a/b")]), record(vec![other]));
        let kinds: Vec<Kind> =
            Diff::of(&old, &new).changes.iter().map(|change| change.kind).collect();
        assert!(matches!(kinds[..], [Kind::Added, Kind::Removed] | [Kind::Removed, Kind::Added]));
    }
}

#[test]
fn the_cause_is_the_implementation_where_it_answers_otherwise() {
    let crash = || with("a/b", crashed(), Verdict::Crash);
    assert_eq!(cause(row("a/b"), crash(), |_| {}), Cause::Implementation);
    // Neither of these makes a reader crash.
    let all = |header: &mut Header| {
        header.revision = "r2".to_owned();
        header.corpus = "another".to_owned();
        header.implementation.leniencies = spec::Leniencies::all();
        header.tool = "0.2.0".to_owned();
    };
    assert_eq!(cause(row("a/b"), crash(), all), Cause::Implementation);
    let disagreeing = Row { disagrees: vec![Access::Mmap], ..row("a/b") };
    assert_eq!(cause(row("a/b"), disagreeing, all), Cause::Implementation);
}

#[test]
fn the_cause_is_the_corpus_or_the_spec_where_something_else_was_asked_or_expected() {
    let crash = || with("a/b", crashed(), Verdict::Crash);
    let other = |row| Row { digest: Digest::of(b"other"), ..row };
    let invalid = |row| Row { expected: Expected::Reject(RuleId::Shp1), ..row };
    assert_eq!(cause(row("a/b"), other(crash()), |_| {}), Cause::Corpus);
    assert_eq!(cause(row("a/b"), other(invalid(crash())), |_| {}), Cause::Corpus);
    assert_eq!(cause(row("a/b"), invalid(crash()), |_| {}), Cause::Spec);
}

#[test]
fn one_answer_with_two_verdicts_is_never_because_of_the_implementation() {
    let misread = || with("a/b", accepted(1), Verdict::Misread);
    let cases: [(Change, Cause); 8] = [
        (|_| {}, Cause::Untold),
        (|header| header.implementation.version = "2".to_owned(), Cause::Untold),
        (|header| header.tool = "0.2.0".to_owned(), Cause::Tool),
        (|header| header.selection.canonical = true, Cause::Selection),
        (|header| header.implementation.claims = vec![Claim::Canonical], Cause::Declarations),
        (|header| header.corpus = "another".to_owned(), Cause::Corpus),
        (|header| header.revision = "r2".to_owned(), Cause::Spec),
        (|header| header.format_version = Version::V1_0, Cause::Spec),
    ];
    for (change, expected) in cases {
        assert_eq!(cause(row("a/b"), misread(), change), expected);
    }
    // Its own words are no part of an answer.
    let (old, new) = (Observation::refused("a"), Observation::refused("b"));
    let (old, new) = (with("a/b", old, Verdict::Conforms), with("a/b", new, Verdict::RefusedValid));
    assert_eq!(cause(old, new, |header| header.tool = "2".to_owned()), Cause::Tool);
}

#[test]
fn the_cause_is_a_declaration_where_the_verdict_rests_on_it() {
    let detailed =
        |verdict, detail| Row { detail: Some(detail), ..with("a/b", accepted(2), verdict) };
    let leniency = || Detail::Leniency("null-metadata".to_owned());
    let misread = || Detail::LeniencyMisread {
        leniency: "null-metadata".to_owned(),
        difference: "another".to_owned(),
    };
    let limit = || Detail::Limit("rank".to_owned());
    let dtype = || Detail::WriteDtype("F4".to_owned());
    let was = || with("a/b", refused(), Verdict::RefusedValid);
    type Declare = fn(&mut Description);
    let cases: [(Detail, Declare); 6] = [
        (leniency(), |who| who.leniencies = [Leniency::NullMetadata].into_iter().collect()),
        (misread(), |who| who.leniencies = [Leniency::NullMetadata].into_iter().collect()),
        (limit(), |who| who.limits = [(Limit::Rank, LimitValue::Number(2))].into()),
        (dtype(), |who| who.write_dtypes = Some(vec!["U8".to_owned()])),
        (Detail::NotDeterministic, |who| who.claims = vec![Claim::Deterministic]),
        (Detail::NotCanonical, |who| who.claims = vec![Claim::Canonical]),
    ];
    for (detail, change) in cases {
        let now = || detailed(Verdict::Misread, detail.clone());
        assert_eq!(
            cause(was(), now(), |header| change(&mut header.implementation)),
            Cause::Declarations
        );
        assert_eq!(cause(was(), now(), |_| {}), Cause::Implementation);
        // Another declaration is not what it rests on.
        let other = |header: &mut Header| header.implementation.claims = Vec::new();
        assert_eq!(cause(was(), now(), other), Cause::Implementation);
    }
    let held = |header: &mut Header| header.selection.canonical = true;
    let now = detailed(Verdict::Misread, Detail::NotCanonical);
    assert_eq!(cause(was(), now, held), Cause::Selection);
}

#[test]
fn a_row_is_in_one_record_alone_for_a_reason() {
    let by = |access| Row { access, ..row("a/b") };
    let of = |operation| Row { operation, ..row("a/b") };
    // The change is one of the header of the record that lacks the row.
    let cases: [(Row, Change, Cause); 21] = [
        (row("a/b"), |_| {}, Cause::Untold),
        (row("a/b"), |header| header.tool = "0.2.0".to_owned(), Cause::Tool),
        (row("a/b"), |header| header.revision = "r2".to_owned(), Cause::Spec),
        (row("a/b"), |header| header.format_version = Version::V1_0, Cause::Spec),
        (row("a/b"), |header| header.corpus = "another".to_owned(), Cause::Corpus),
        (of(Operation::Slice), |header| header.corpus = "another".to_owned(), Cause::Offer),
        (
            of(Operation::Write),
            |header| header.implementation.access = vec![Access::Mmap],
            Cause::Untold,
        ),
        (row("a/b"), |header| header.implementation.access = vec![Access::Mmap], Cause::Offer),
        (by(Some(Access::Mmap)), |_| {}, Cause::Offer),
        (
            by(Some(Access::Mmap)),
            |header| header.implementation.access = vec![Access::Mmap],
            Cause::Untold,
        ),
        (row("a/b"), |header| header.selection.areas = vec!["c".to_owned()], Cause::Selection),
        (row("a/b"), |header| header.selection.areas = vec!["a".to_owned()], Cause::Untold),
        (row("a/b"), |header| header.selection.rules = vec!["LAY-1".to_owned()], Cause::Selection),
        (row("a/b"), |header| header.selection.rules = vec!["RD-1".to_owned()], Cause::Untold),
        (
            row("a/b"),
            |header| header.selection.operations = vec![Operation::Write],
            Cause::Selection,
        ),
        (row("a/b"), |header| header.selection.operations = vec![Operation::Read], Cause::Untold),
        (row("a/b"), |header| header.selection.filters = vec!["c/*".to_owned()], Cause::Selection),
        (
            row("a/b"),
            |header| header.selection.consequences = vec!["crash".to_owned()],
            Cause::Selection,
        ),
        (row("a/b"), |header| header.selection.shard = Some("1/2".to_owned()), Cause::Selection),
        (row("a/b"), |header| header.selection.tier = "giants".to_owned(), Cause::Selection),
        // A selection of everything leaves nothing out.
        (row("a/b"), |header| header.selection.tier = "all".to_owned(), Cause::Untold),
    ];
    for (lacking, change, expected) in cases {
        let mut lacks = record(vec![]);
        change(&mut lacks.header);
        let has = record(vec![lacking.clone()]);
        assert_eq!(only(&has, &lacks), (Kind::Removed, expected), "{lacking:?} {lacks:?}");
        assert_eq!(only(&lacks, &has), (Kind::Added, expected), "{lacking:?} {lacks:?}");
    }
}

#[test]
fn another_question_about_the_same_file_shows_that_both_corpora_have_it() {
    let slice = Row { case: Some("\"w\"[0:1]".to_owned()), ..row("a/b") };
    let has = record(vec![row("a/b"), slice.clone()]);
    let mut lacks = record(vec![row("a/b")]);
    lacks.header.corpus = "another".to_owned();
    assert_eq!(only(&has, &lacks).1, Cause::Corpus);
    lacks.header.format_version = Version::V1_0;
    assert_eq!(only(&has, &lacks).1, Cause::Spec);
    assert_eq!(only(&record(vec![slice]), &Record { rows: vec![], ..lacks }).1, Cause::Corpus);
}

#[test]
fn every_aspect_but_the_time_is_seen() {
    let cases: [(Change, Aspect); 22] = [
        (|header| header.implementation.name += "x", Aspect::Name),
        (|header| header.implementation.version += "x", Aspect::Version),
        (|header| header.implementation.build = None, Aspect::Build),
        (|header| header.implementation.operations = vec![], Aspect::Offer),
        (|header| header.implementation.access = vec![Access::Mmap], Aspect::Offer),
        (|header| header.implementation.leniencies = spec::Leniencies::all(), Aspect::Declarations),
        (
            |header| {
                header.implementation.limits = [(Limit::Rank, LimitValue::Number(2))].into();
            },
            Aspect::Declarations,
        ),
        (|header| header.implementation.write_dtypes = Some(vec![]), Aspect::Declarations),
        (|header| header.implementation.claims = vec![Claim::Canonical], Aspect::Declarations),
        (|header| header.corpus += "x", Aspect::Corpus),
        (|header| header.revision += "x", Aspect::Revision),
        (|header| header.format_version = Version::V1_0, Aspect::FormatVersion),
        (|header| header.selection.tier = "all".to_owned(), Aspect::Selection),
        (|header| header.selection.filters = vec!["x".to_owned()], Aspect::Selection),
        (|header| header.selection.areas = vec!["x".to_owned()], Aspect::Selection),
        (|header| header.selection.rules = vec!["x".to_owned()], Aspect::Selection),
        (|header| header.selection.consequences = vec!["x".to_owned()], Aspect::Selection),
        (|header| header.selection.operations = vec![Operation::Read], Aspect::Selection),
        (|header| header.selection.shard = Some("1/2".to_owned()), Aspect::Selection),
        (|header| header.selection.canonical = true, Aspect::Selection),
        (|header| header.tool += "x", Aspect::Tool),
        (|header| header.isolation = Isolation::InProcess, Aspect::Isolation),
    ];
    for (change, aspect) in cases {
        let (old, mut new) = (record(vec![]), record(vec![]));
        change(&mut new.header);
        assert_eq!(Diff::of(&old, &new).aspects(), [aspect]);
        let told = text(&old, &new, None);
        assert!(told.contains(&format!("\nnot the same:\n  {}  ", aspect.name())), "{told}");
    }
    let (old, mut new) = (record(vec![]), record(vec![]));
    new.header.when = "2001-01-01T00:00:00Z".to_owned();
    // It follows from the corpus.
    new.header.selection.of += 1;
    assert_eq!(Diff::of(&old, &new).aspects(), []);
}

#[test]
fn who_declared_a_leniency_is_told() {
    let lenient = |declared_for_it: &[&str]| {
        let mut record = record(vec![]);
        record.header.implementation.leniencies = [Leniency::NullMetadata].into_iter().collect();
        record.header.declared_for_it = declared_for_it.iter().map(ToString::to_string).collect();
        record
    };
    let told = text(&lenient(&[]), &lenient(&["null-metadata"]), None);
    let said =
        "no longer leniency null-metadata; now leniency null-metadata (declared by the caller)";
    assert!(told.contains(said), "{told}");
}

/// Any row of a few vectors, with whatever can decide about a difference.
fn any_row() -> impl Strategy<Value = Row> {
    let observed = prop_oneof![
        Just(accepted(1)),
        Just(accepted(2)),
        Just(refused()),
        Just(Observation::refused("other words")),
        Just(unsupported()),
        Just(crashed()),
    ];
    let detail = prop_oneof![
        Just(None),
        Just(Some(Detail::Leniency("null-metadata".to_owned()))),
        Just(Some(Detail::Limit("rank".to_owned()))),
        Just(Some(Detail::NotCanonical)),
    ];
    let key = (
        prop_oneof![Just("a/b"), Just("a/c"), Just("d/e")],
        prop_oneof![Just(Operation::Read), Just(Operation::Slice)],
        prop_oneof![Just(None), Just(Some(Access::Mmap))],
    );
    let expected =
        prop_oneof![4 => Just(Expected::Accept), 1 => Just(Expected::Reject(RuleId::Shp1))];
    let rest = (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.2));
    (key, observed, detail, expected, prop::sample::select(Verdict::ALL), rest).prop_map(
        |((id, operation, access), observed, detail, expected, verdict, rest)| {
            let (is_old_file, disagrees, is_known) = rest;
            let file: &[u8] = if is_old_file { b"old" } else { b"new" };
            Row {
                operation,
                access,
                digest: Digest::of(file),
                expected,
                detail,
                disagrees: if disagrees { vec![Access::Pread] } else { Vec::new() },
                known: if is_known { known() } else { None },
                ..with(id, observed, verdict)
            }
        },
    )
}

fn any_header() -> impl Strategy<Value = Header> {
    prop::array::uniform8(prop::bool::weighted(0.3)).prop_map(|flags| {
        let mut header = header();
        let [corpus, revision, version, lenient, limited, canonical, tool, narrow] = flags;
        let suffix = |is_other: bool| if is_other { "x" } else { "" };
        header.corpus += suffix(corpus);
        header.revision += suffix(revision);
        header.tool += suffix(tool);
        header.format_version = if version { Version::V1_0 } else { Version::V1_4 };
        header.selection.canonical = canonical;
        if lenient {
            header.implementation.leniencies = spec::Leniencies::all();
        }
        if limited {
            header.implementation.limits = [(Limit::Rank, LimitValue::Number(2))].into();
            header.implementation.access = vec![Access::Mmap];
        }
        if narrow {
            header.selection.areas = vec!["a".to_owned()];
        }
        header
    })
}

fn any_record() -> impl Strategy<Value = Record> {
    (any_header(), prop::collection::vec(any_row(), 0..8)).prop_map(|(header, rows)| {
        let mut record = Record::new(header, rows);
        record.rows.dedup_by(|a, b| a.key() == b.key());
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_record_does_not_differ_from_itself(record in any_record()) {
        let diff = Diff::of(&record, &record);
        prop_assert_eq!(&diff.changes, &[]);
        prop_assert_eq!(diff.same, record.rows.len());
        prop_assert_eq!(diff.aspects(), []);
        prop_assert!(!diff.is_worse());
    }

    #[test]
    fn the_other_way_round_every_difference_is_its_mirror(a in any_record(), b in any_record()) {
        let (there, back) = (Diff::of(&a, &b), Diff::of(&b, &a));
        prop_assert_eq!(there.same, back.same);
        prop_assert_eq!(there.aspects(), back.aspects());
        prop_assert_eq!(there.changes.len(), back.changes.len());
        for (one, other) in there.changes.iter().zip(&back.changes) {
            let mirrored = match one.kind {
                Kind::Regressed => Kind::Fixed,
                Kind::Fixed => Kind::Regressed,
                Kind::Added => Kind::Removed,
                Kind::Removed => Kind::Added,
                Kind::Changed | Kind::Shifted => one.kind,
            };
            let rows = match one.rows {
                Rows::Both { old, new } => Rows::Both { old: new, new: old },
                Rows::Old(row) => Rows::New(row),
                Rows::New(row) => Rows::Old(row),
            };
            prop_assert_eq!((other.rows, other.kind, other.cause), (rows, mirrored, one.cause));
        }
    }

    #[test]
    fn every_row_is_counted_once(a in any_record(), b in any_record()) {
        let diff = Diff::of(&a, &b);
        let count = |holds: fn(&Rows<'_>) -> bool| {
            diff.changes.iter().filter(|change| holds(&change.rows)).count()
        };
        let both = diff.same + count(|rows| matches!(rows, Rows::Both { .. }));
        prop_assert_eq!(both + count(|rows| matches!(rows, Rows::Old(_))), a.rows.len());
        prop_assert_eq!(both + count(|rows| matches!(rows, Rows::New(_))), b.rows.len());
    }

    #[test]
    fn it_is_worse_exactly_where_there_are_surprises_that_were_none(
        a in any_record(),
        b in any_record(),
    ) {
        let was_good = |row: &Row| {
            a.rows.iter().find(|old| old.key() == row.key()).is_none_or(Row::is_as_expected)
        };
        let worse = b.rows.iter().any(|row| row.is_surprise() && was_good(row));
        prop_assert_eq!(Diff::of(&a, &b).is_worse(), worse);
    }
}
