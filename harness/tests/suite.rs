//! The suite as a library meets it in its own `#[test]`: where it ends well, and where it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use harness::builtin::Builtin;
use harness::select::Criteria;
use harness::suite::Suite;
use harness::{
    Access, Ask, Description, Implementation, Leniencies, Observation, Operation, Reading, Request,
    RuleId, Version,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Does with a file what the function says; the function is given what the oracle says.
#[derive(Clone)]
struct Reader<F> {
    description: Description,
    ask: F,
}

impl<F: FnMut(&Request, Observation) -> Observation> Implementation for Reader<F> {
    fn describe(&self) -> Description {
        self.description.clone()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let told = Builtin::Oracle.open(Version::LATEST).ask(request);
        (self.ask)(request, told)
    }
}

fn reader() -> Description {
    Description::new("mine", "1.0.0")
}

fn area(name: &str) -> Suite {
    Suite::new().only(Criteria { areas: vec![name.to_owned()], ..Criteria::default() })
}

/// Runs the suite; why it failed, if it did.
fn failed<F>(suite: &Suite, description: Description, ask: F) -> Option<String>
where
    F: FnMut(&Request, Observation) -> Observation + Clone + Send + Sync + 'static,
{
    let reader = Reader { description, ask };
    let ran = catch_unwind(AssertUnwindSafe(|| suite.run(move || reader.clone())));
    ran.err().map(|payload| *payload.downcast::<String>().unwrap())
}

#[test]
fn what_is_right_about_every_question_of_every_operation_passes() {
    Suite::new().run(|| Builtin::Oracle.open(Version::LATEST));
}

#[test]
fn a_reader_that_accepts_everything_fails_with_the_names_of_the_files() {
    let accepts = |_: &Request, told: Observation| {
        if told.is_accepted() { told } else { Observation::Accepted(Reading::default()) }
    };
    let why = failed(&area("padding"), reader(), accepts).unwrap();
    let (counts, names) = why.split_once(" questions failed: ").unwrap();
    let (failed, all) = counts.split_once(" of ").unwrap();
    assert!(failed.parse::<usize>().unwrap() > 10 && failed != all, "{why}");
    assert!(names.split(", ").take(10).all(|name| name.starts_with("padding/")), "{why}");
    assert!(names.ends_with(", …"), "{why}");
}

#[test]
fn a_reader_that_refuses_everything_fails() {
    let refuses = |_: &Request, _: Observation| Observation::refused("no");
    let rules = vec![RuleId::Lay5];
    let suite = Suite::new().only(Criteria { rules, ..Criteria::default() });
    assert!(failed(&suite, reader(), refuses).unwrap().contains(" questions failed: "));
}

#[test]
fn a_panic_is_a_crash_of_one_question_and_the_run_goes_on_with_another_reader() {
    let made = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&made);
    let make = move || {
        counts.fetch_add(1, Ordering::Relaxed);
        let mut is_broken = false;
        let ask = move |_: &Request, told: Observation| {
            assert!(!is_broken, "asked again after a panic");
            if matches!(told, Observation::Refused { .. }) {
                is_broken = true;
                panic!("cannot be");
            }
            told
        };
        Reader { description: reader(), ask }
    };
    let ran = catch_unwind(AssertUnwindSafe(|| area("truncation").run(make)));
    let why = *ran.unwrap_err().downcast::<String>().unwrap();
    // The valid files of the area pass.
    let failed: usize = why.split(' ').next().unwrap().parse().unwrap();
    let vectors = corpus::vectors().iter().filter(|vector| vector.id.area() == "truncation");
    let rejected = vectors.filter(|vector| vector.reading.is_none()).count();
    assert_eq!(failed, rejected, "{why}");
    assert!(made.load(Ordering::Relaxed) >= failed);
}

#[test]
fn a_known_failure_passes_while_it_is_true_and_fails_when_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.toml");
    let id = "padding/none";
    let row = |vector: &str| {
        format!("[[known]]\nvector = \"{vector}\"\nverdict = \"crash\"\nreason = \"so\"\n")
    };
    let suite = area("padding").known(&file);
    let wanted = corpus::find(&id.parse().unwrap()).unwrap().bytes();
    let panics = move |request: &Request, told: Observation| {
        assert_ne!(std::fs::read(&request.path).unwrap(), wanted);
        told
    };
    std::fs::write(&file, row(id)).unwrap();
    assert_eq!(failed(&suite, reader(), panics), None);
    let why = failed(&suite, reader(), |_, told| told).unwrap();
    assert!(why.ends_with(&format!("questions failed: {id}")), "{why}");
    std::fs::write(&file, row("padding/no-such")).unwrap();
    let why = failed(&suite, reader(), |_, told| told).unwrap();
    assert!(why.contains("`padding/no-such` is in no question to this implementation"), "{why}");
    std::fs::write(&file, row(id).replace("crash", "bang")).unwrap();
    let why = failed(&suite, reader(), |_, told| told).unwrap();
    assert!(why.contains("known.toml:3: "), "{why}");
    std::fs::remove_file(&file).unwrap();
    let why = failed(&suite, reader(), |_, told| told).unwrap();
    assert!(why.starts_with("cannot read the known failures in "), "{why}");
}

#[test]
fn where_nothing_is_selected_the_test_fails() {
    let write = Criteria { operations: vec![Operation::Write], ..Criteria::default() };
    let why = failed(&Suite::new().only(write), reader(), |_, told| told).unwrap();
    assert_eq!(why, "nothing was selected, so nothing is shown; mine offers read");
    let why = failed(&area("pading"), reader(), |_, told| told).unwrap();
    assert!(why.starts_with("nothing has an id like `pading`; "), "{why}");
    let filters = vec!["padding/*".to_owned(), "pading/*".to_owned()];
    let suite = Suite::new().only(Criteria { filters, ..Criteria::default() });
    let why = failed(&suite, reader(), |_, told| told).unwrap();
    assert!(why.starts_with("nothing has an id like `pading/*`; "), "{why}");
}

#[test]
fn a_leniency_that_is_declared_passes_if_it_is_read_as_it_says() {
    let lenient = |request: &Request, told: Observation| {
        if told.is_accepted() {
            return told;
        }
        Builtin::Safetensors.open(Version::LATEST).ask(request)
    };
    assert!(failed(&area("metadata"), reader(), lenient).is_some());
    let declared = Description { leniencies: Leniencies::all(), ..reader() };
    assert_eq!(failed(&area("metadata"), declared, lenient), None);
}

#[test]
fn ways_of_access_that_disagree_fail() {
    let access = vec![Access::Buffer, Access::Stream];
    let description = Description { access, ..reader() };
    assert_eq!(failed(&area("values"), description.clone(), |_, told| told), None);
    let differs = |request: &Request, told: Observation| match (&request.ask, request.access) {
        (Ask::Read, Some(Access::Stream)) => Observation::Accepted(Reading::default()),
        _ => told,
    };
    let why = failed(&area("values"), description, differs).unwrap();
    assert!(why.contains(" stream"), "{why}");
}
