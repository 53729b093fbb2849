use super::*;
use crate::builtin::Builtin;
use crate::implementation::Request;
use reports::{Description, Observation, Operation};
use std::collections::BTreeSet;

/// Reads as the oracle does, and refuses everything of one rank or more.
struct Scalars;

impl Implementation for Scalars {
    fn describe(&self) -> Description {
        let operations = vec![Operation::Read, Operation::Slice];
        Description { operations, ..Description::new("scalars", "1.0.0") }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        match Builtin::Oracle.open(Version::LATEST).ask(request) {
            Observation::Accepted(reading)
                if reading.tensors().iter().any(|tensor| !tensor.shape.is_empty()) =>
            {
                Observation::Unsupported { reason: "of rank 0 alone".to_owned() }
            }
            other => other,
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
fn what_is_left_aside_is_ignored_with_the_reason_where_it_is_declared_and_fails_where_it_is_not() {
    // No limit is declared, so that to leave a file aside is to refuse it.
    let (conclusion, _) = concluded(&areas_of(&["values"]), Pool::of(|| Scalars), &["-q"]);
    assert!(conclusion.num_failed > 10 && conclusion.num_passed == 0, "{conclusion:?}");
    // Nobody has to give out elements that are more than one index apart, or parts of bytes.
    let ignored = |(_, text): (Conclusion, String)| text.contains("... ignored (");
    let steps = concluded(&areas_of(&["values"]), Pool::of(|| Scalars), &[":2]", "--skip", " 0:"]);
    assert!(ignored(steps));
}

#[test]
fn the_first_question_of_a_group_has_the_others_asked() {
    let suite = areas_of(&["padding"]);
    let make = || {
        let access = vec![reports::Access::Buffer, reports::Access::Stream];
        let description = Description { access, ..Description::new("two", "1.0.0") };
        TwoWays(description)
    };
    let (conclusion, text) = concluded(&suite, Pool::of(make), &["padding/none", "--skip", "rew"]);
    assert_eq!(conclusion.num_failed, 1, "{text}");
    assert!(text.contains("---- padding/none stream ----"), "{text}");
    assert!(text.contains("by buffer something else came"), "{text}");
}

/// Reads nothing by one of its ways.
struct TwoWays(Description);

impl Implementation for TwoWays {
    fn describe(&self) -> Description {
        self.0.clone()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        match request.access {
            Some(reports::Access::Stream) => Observation::Accepted(corpus::Reading::default()),
            _ => Builtin::Oracle.open(Version::LATEST).ask(request),
        }
    }
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
