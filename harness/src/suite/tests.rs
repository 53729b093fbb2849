use super::*;
use crate::builtin::Builtin;
use crate::implementation::{Ask, Request};
use corpus::Reading;
use reports::{Access, Description, Observation, Operation};
use std::collections::BTreeSet;

/// Gives out no elements that are more than one index apart, as no reader has to.
struct NoSteps;

impl Implementation for NoSteps {
    fn describe(&self) -> Description {
        let operations = vec![Operation::Slice];
        Description { operations, ..Description::new("no-steps", "1.0.0") }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        if let Ask::Slice { spans, .. } = &request.ask
            && spans.iter().any(|span| span.step > 1)
        {
            return Observation::Unsupported { reason: "one after the other".to_owned() };
        }
        Builtin::Oracle.open(Version::LATEST).ask(request)
    }
}

/// Reads nothing from a stream.
struct NoStream;

impl Implementation for NoStream {
    fn describe(&self) -> Description {
        let access = vec![Access::Buffer, Access::Stream];
        Description { access, ..Description::new("no-stream", "1.0.0") }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        match request.access {
            Some(Access::Stream) => Observation::Accepted(Reading::default()),
            _ => Builtin::Oracle.open(Version::LATEST).ask(request),
        }
    }
}

fn areas_of(names: &[&str]) -> Suite {
    let areas = names.iter().map(|name| (*name).to_owned()).collect();
    Suite::new().only(Criteria { areas, ..Criteria::default() })
}

/// What a test target with `harness = false` comes to, and what it prints.
fn concluded(suite: &Suite, pool: Pool, arguments: &[&str]) -> (Conclusion, String) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let all = ["questions", "--logfile", log.to_str().unwrap()].into_iter();
    let arguments = Arguments::from_iter(all.chain(arguments.iter().copied()));
    let conclusion = suite.conclude(pool, &arguments).unwrap();
    (conclusion, std::fs::read_to_string(&log).unwrap())
}

fn oracle() -> Pool {
    Pool::of(|| Builtin::Oracle.open(Version::LATEST))
}

#[test]
fn each_question_is_a_test_that_the_arguments_of_tests_select() {
    let suite = areas_of(&["padding"]);
    let (conclusion, text) = concluded(&suite, oracle(), &["padding/none", "--exact"]);
    assert!(text.contains("\ntest padding/none ... ok\n"), "{text}");
    assert_eq!((conclusion.num_passed, conclusion.num_failed), (1, 0));
    assert!(conclusion.num_filtered_out > 50);
    let (_, text) = concluded(&suite, oracle(), &["none", "--list"]);
    assert!(text.contains("padding/none: test\n"), "{text}");
    assert!(text.contains("padding/none rewrite: test\n"), "{text}");
    let (all, _) = concluded(&suite, oracle(), &["-q", "--test-threads", "2"]);
    assert_eq!(all.num_passed, conclusion.num_filtered_out + 1);
}

#[test]
fn what_is_wrong_fails_with_rule_expectation_and_answer() {
    let make = || Builtin::Safetensors.open(Version::LATEST);
    let arguments = ["metadata/null", "--exact"];
    let (conclusion, text) = concluded(&areas_of(&["metadata"]), Pool::of(make), &arguments);
    assert!(conclusion.has_failed());
    let shown = "---- metadata/null ----\n\
        metadata/null  accepted-invalid\n  \
          rule      META-2: The value of `__metadata__` MUST be an object.\n  \
          expected  refuse (META-2)\n  \
          came      accepted: \"w\" U8 [4]\n  \
          more      stconform explain metadata/null\n  \
          on purpose? declare in `describe` the leniency `null-metadata`\n";
    assert!(text.contains(shown), "{text}");
}

#[test]
fn what_is_left_aside_is_ignored_and_not_passed() {
    let suite = areas_of(&["dtypes"]);
    let (conclusion, text) = concluded(&suite, Pool::of(|| NoSteps), &[]);
    assert!(text.contains("... ignored (the elements are more than one index apart)\n"));
    let count = u64::try_from(text.matches("... ignored (").count()).unwrap();
    assert!(count > 10);
    assert_eq!((conclusion.num_ignored, conclusion.num_failed), (count, 0));
    let (all, _) = concluded(&suite, oracle(), &["slice", "-q"]);
    assert_eq!((all.num_passed, all.num_ignored), (conclusion.num_passed + count, 0));
}

#[test]
fn a_question_is_asked_by_every_way_of_access_so_that_it_is_seen_where_they_disagree() {
    let arguments = ["padding/none buffer", "--exact"];
    let (conclusion, text) = concluded(&areas_of(&["padding"]), Pool::of(|| NoStream), &arguments);
    assert_eq!((conclusion.num_failed, conclusion.num_passed), (1, 0));
    assert!(text.contains("padding/none buffer  disagreement\n"), "{text}");
    assert!(text.contains("by stream something else came\n"), "{text}");
}

#[test]
fn lines_are_those_of_tests_and_a_part_of_a_name_selects_them() {
    let asked = || areas_of(&["padding"]).asked(oracle()).unwrap();
    let text = lines(asked(), "padding/none").unwrap();
    assert!(text.starts_with("\nrunning "), "{text}");
    assert!(text.contains("\ntest padding/none ... ok\n"), "{text}");
    assert!(text.contains("\ntest padding/none header ... ok\n"), "{text}");
    assert!(text.contains("\ntest result: ok. "), "{text}");
    assert!(!text.contains("test padding/tab"), "{text}");
    let why = lines(asked(), "padding/no-such").unwrap_err();
    assert!(why.starts_with("nothing has `padding/no-such` in its name"), "{why}");
}

#[test]
fn no_two_names_are_the_same_and_none_is_long() {
    let asked = Suite::new().asked(oracle()).unwrap();
    let names: BTreeSet<String> = asked.questions.iter().map(name).collect();
    assert_eq!(names.len(), asked.questions.len());
    assert_eq!(names.iter().map(|name| name.chars().count()).max(), Some(120));
    assert!(names.contains("padding/none"));
}

#[test]
fn a_number_of_threads_that_is_none_is_one_a_core() {
    let cores = jobs(None);
    assert!(cores > 0);
    assert_eq!(jobs(Some(OsStr::new("3"))), 3);
    assert_eq!(jobs(Some(OsStr::new("0"))), cores);
    assert_eq!(jobs(Some(OsStr::new("many"))), cores);
}
