//! What the runner hands out, and what it makes of the answers.

use super::*;
use crate::implementation::Request;
use crate::plan::plan;
use crate::select::Criteria;
use reports::{Alone, Found, Observation, Verdict};
use std::sync::Arc;

/// Answers every question alike, and keeps the questions.
#[derive(Clone)]
struct Alike {
    who: Description,
    answer: Observation,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Implementation for Alike {
    fn describe(&self) -> Description {
        self.who.clone()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        self.asked.lock().unwrap().push(request.clone());
        self.answer.clone()
    }
}

/// Keeps nothing, and knows nothing.
struct Nowhere;

impl Sink for Nowhere {
    fn take(&mut self, _: &Row) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }

    fn is_known(&self, _: &Row) -> bool {
        false
    }
}

fn alike(answer: Observation) -> Alike {
    let who = Description { operations: Operation::ALL.to_vec(), ..Description::new("alike", "1") };
    Alike { who, answer, asked: Arc::default() }
}

fn criteria(ids: &[&str], operations: &[Operation]) -> Criteria {
    Criteria {
        filters: ids.iter().map(|id| (*id).to_owned()).collect(),
        operations: operations.to_vec(),
        ..Criteria::default()
    }
}

fn rows_of(alike: &Alike, criteria: &Criteria, fail_fast: bool) -> Vec<Row> {
    let questions = plan(criteria, &alike.who, Version::LATEST).unwrap();
    let how = How { who: &alike.who, version: Version::LATEST, canonical: false, fail_fast };
    let implementations: Vec<Box<dyn Implementation + Send>> = vec![Box::new(alike.clone())];
    run(implementations, &questions, Vec::new(), how, &mut Nowhere).unwrap()
}

#[test]
fn refusing_everything_proves_nothing() {
    let alike = alike(Observation::refused(""));
    let rows = rows_of(&alike, &criteria(&["framing/*"], &[Operation::Read]), false);
    let refusals: Vec<&Row> =
        rows.iter().filter(|row| matches!(row.expected, Expected::Reject(_))).collect();
    assert!(!refusals.is_empty());
    assert!(refusals.iter().all(|row| row.verdict == Verdict::Conforms));
    assert!(refusals.iter().all(|row| row.twin != Some(Twin::Accepted)));
    assert!(refusals.iter().any(|row| row.twin == Some(Twin::NotAccepted)));
}

/// A vector that is invalid, and its twin.
fn pair() -> (&'static corpus::Vector, &'static corpus::Vector) {
    let vector = corpus::find(&"layout/gap-before-first".parse().unwrap()).unwrap();
    (vector, corpus::find(vector.twin.as_ref().unwrap()).unwrap())
}

#[test]
fn a_twin_that_was_not_selected_is_not_run() {
    let (vector, twin) = pair();
    let ids = [vector.id.as_str(), twin.id.as_str()];
    let of = |answer: Observation, ids: &[&str]| {
        let rows = rows_of(&alike(answer), &criteria(ids, &[Operation::Read]), false);
        rows.into_iter().find(|row| row.vector == vector.id).unwrap().twin
    };
    let refused = || Observation::refused("");
    assert_eq!(of(refused(), &ids[..1]), Some(Twin::NotRun));
    assert_eq!(of(refused(), &ids), Some(Twin::NotAccepted));
    let reading = twin.reading.clone().unwrap();
    assert_eq!(of(Observation::Accepted(reading), &ids), Some(Twin::Accepted));
    let death = reports::Death::EarlyExit;
    let crash = Observation::Crashed { death, stderr: String::new() };
    assert_eq!(of(crash, &ids), Some(Twin::NotAccepted));
}

#[test]
fn what_is_not_offered_is_not_asked_for() {
    let mut alike = alike(Observation::refused(""));
    alike.who.operations = vec![Operation::Header];
    let rows = rows_of(&alike, &criteria(&["shapes/*"], &[]), false);
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| row.operation == Operation::Header));
    let asked = alike.asked.lock().unwrap();
    assert!(asked.iter().all(|request| request.operation() == Operation::Header));
}

#[test]
fn questions_are_numbered_and_their_files_differ_in_the_number_alone() {
    let alike = alike(Observation::refused(""));
    rows_of(&alike, &criteria(&["framing/*"], &[Operation::Read]), false);
    for (seq, request) in (1..).zip(alike.asked.lock().unwrap().iter()) {
        assert_eq!(request.seq, seq);
        assert!(request.path.ends_with(format!("{seq:06}.safetensors")), "{request:?}");
    }
}

#[test]
fn what_says_that_it_wrote_and_did_not_is_found_out() {
    let alike = alike(Observation::AcceptedUnseen);
    let rows = rows_of(&alike, &criteria(&["write/f*"], &[Operation::Write]), false);
    assert!(rows.len() > 3);
    for row in rows {
        let Observation::Wrote(written) = &row.observed else { panic!("{}", row.observed) };
        assert_eq!(written.found, Found::Nothing);
        let want = match row.expected {
            Expected::Accept | Expected::Optional => Verdict::Misread,
            Expected::Reject(_) => Verdict::AcceptedInvalid,
        };
        assert_eq!(row.verdict, want, "{}", row.vector);
    }
}

#[test]
fn a_run_stops_at_the_first_surprise_if_that_is_asked_for() {
    let alike = alike(Observation::refused(""));
    let criteria = criteria(&["shapes/*"], &[Operation::Read]);
    let all = rows_of(&alike, &criteria, false);
    let some = rows_of(&alike, &criteria, true);
    assert!(some.len() < all.len());
    let surprises = some.iter().filter(|row| row.is_surprise()).count();
    assert_eq!(surprises, 1);
    assert!(some.last().unwrap().is_surprise());
}

#[test]
fn what_an_earlier_run_answered_is_not_asked_again() {
    let alike = alike(Observation::refused(""));
    let criteria = criteria(&["shapes/*"], &[Operation::Read]);
    let mut earlier = rows_of(&alike, &criteria, false);
    let whole = earlier.clone();
    let count = earlier.len();
    earlier.truncate(count / 2);
    for row in &mut earlier {
        row.alone = Some(Alone::Same);
    }
    alike.asked.lock().unwrap().clear();
    let questions = plan(&criteria, &alike.who, Version::LATEST).unwrap();
    let how = How { who: &alike.who, version: Version::LATEST, canonical: false, fail_fast: false };
    let rows = run(vec![Box::new(alike.clone())], &questions, earlier, how, &mut Nowhere).unwrap();
    assert_eq!(alike.asked.lock().unwrap().len(), count - count / 2);
    assert_eq!(rows.len(), whole.len());
    assert!(rows.iter().take(count / 2).all(|row| row.alone == Some(Alone::Same)));
}

#[test]
fn a_sink_that_fails_ends_the_run() {
    struct Full;
    impl Sink for Full {
        fn take(&mut self, _: &Row) -> Result<(), Box<dyn Error + Send + Sync>> {
            Err("the disk is full".into())
        }

        fn is_known(&self, _: &Row) -> bool {
            false
        }
    }
    let alike = alike(Observation::refused(""));
    let criteria = criteria(&["shapes/*"], &[Operation::Read]);
    let questions = plan(&criteria, &alike.who, Version::LATEST).unwrap();
    let how = How { who: &alike.who, version: Version::LATEST, canonical: false, fail_fast: false };
    let error = run(vec![Box::new(alike.clone())], &questions, Vec::new(), how, &mut Full);
    assert_eq!(error.unwrap_err().to_string(), "the disk is full");
    assert_eq!(alike.asked.lock().unwrap().len(), 1);
}
