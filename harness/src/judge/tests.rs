//! Each kind of observation against each kind of expectation.

use super::*;
use crate::plan::plan;
use crate::select::Criteria;
use corpus::Vector;
use corpus::{Content, Demands, Digest, Outcome, Payloads, TensorReading, Tier, Values};
use reports::{Death, ProtocolFault};
use spec::{Leniencies, RuleId, Version};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What each kind of observation comes to, for a file that is valid and for one that is not.
#[test]
fn every_pair_of_expectation_and_observation_has_its_verdict() {
    let stderr = String::new;
    for (observed, valid, invalid) in [
        (accepted(&right()), Verdict::Conforms, Verdict::AcceptedInvalid),
        (accepted(&wrong()), Verdict::Misread, Verdict::AcceptedInvalid),
        (other(), Verdict::Misread, Verdict::AcceptedInvalid),
        (refused(), Verdict::RefusedValid, Verdict::Conforms),
        (unsupported(), Verdict::RefusedValid, Verdict::Conforms),
        (
            Observation::Crashed { death: Death::EarlyExit, stderr: stderr() },
            Verdict::Crash,
            Verdict::Crash,
        ),
        (
            Observation::TimedOut { after_ms: 1, unfinished: None, stderr: stderr() },
            Verdict::Hang,
            Verdict::Hang,
        ),
        (
            Observation::OverMemory { taken: None, budget: 1, stderr: stderr() },
            Verdict::Memory,
            Verdict::Memory,
        ),
        (
            Observation::Garbled { fault: ProtocolFault::Closed, stderr: stderr() },
            Verdict::Garbled,
            Verdict::Garbled,
        ),
    ] {
        assert_eq!(judged(&valid_vector(), &nobody(), &observed).verdict, valid, "{observed}");
        assert_eq!(judged(&invalid_vector(), &nobody(), &observed).verdict, invalid, "{observed}");
    }
}

#[test]
fn a_death_is_never_a_refusal_however_it_came() {
    for death in [
        Death::Signal { number: 11, name: "SIGSEGV".to_owned() },
        Death::Exit { code: 1 },
        Death::EarlyExit,
        Death::Panic { message: "index out of bounds".to_owned() },
        Death::Unreadable { why: "gone".to_owned() },
        Death::NoRestart { why: "gone".to_owned() },
        Death::AfterReply { how: "gone".to_owned() },
    ] {
        let crash = Observation::Crashed { death, stderr: String::new() };
        assert_eq!(judged(&invalid_vector(), &all_lenient(), &crash).verdict, Verdict::Crash);
    }
}

#[test]
fn a_misread_names_the_first_difference() {
    let judgement = judged(&valid_vector(), &nobody(), &accepted(&wrong()));
    let difference = "the dtype of \"a\" is I8, not U8".to_owned();
    assert_eq!(judgement.detail, Some(Detail::Difference(difference)));
}

#[test]
fn values_alone_are_judged_by_what_they_mean() {
    for (values, verdict) in [
        (&["7"][..], Verdict::Conforms),
        (&["+007"], Verdict::Conforms),
        (&["8"], Verdict::Misread),
        (&["7.0"], Verdict::Misread),
        (&["seven"], Verdict::Misread),
        (&[], Verdict::Misread),
        (&["7", "7"], Verdict::Misread),
    ] {
        let observed = accepted(&told(None, values));
        assert_eq!(judged(&valid_vector(), &nobody(), &observed).verdict, verdict, "{values:?}");
    }
    let judgement = judged(&valid_vector(), &nobody(), &accepted(&told(None, &["8"])));
    let difference = "element 0 of \"a\" is 8, not 7".to_owned();
    assert_eq!(judgement.detail, Some(Detail::Difference(difference)));
}

#[test]
fn where_bytes_and_values_come_both_have_to_be_right() {
    let (right, wrong) = (Some(Digest::of(&[7])), Some(Digest::of(&[8])));
    for (sha256, value, verdict) in [
        (right, "7", Verdict::Conforms),
        (right, "8", Verdict::Misread),
        (wrong, "7", Verdict::Misread),
    ] {
        let observed = accepted(&told(sha256, &[value]));
        assert_eq!(judged(&valid_vector(), &nobody(), &observed).verdict, verdict);
    }
    let nothing = TensorReading { sha256: None, ..TensorReading::of("a", "U8", &[1], &[]) };
    let nothing = accepted(&Reading::new(vec![nothing], [].into()));
    assert_eq!(judged(&valid_vector(), &nobody(), &nothing).verdict, Verdict::Misread);
}

#[test]
fn a_declared_leniency_excuses_right_values_and_no_others() {
    let verdict =
        |values| judged(&lenient_vector(), &all_lenient(), &accepted(&told(None, values))).verdict;
    assert_eq!(verdict(&["7"]), Verdict::Lenient);
    assert_eq!(verdict(&["8"]), Verdict::AcceptedInvalid);
}

#[test]
fn the_values_of_every_valued_vector_are_the_lines_of_its_text() {
    for vector in corpus::vectors() {
        let Some(text) = corpus::values_text(vector) else { continue };
        let mut lines = text.lines();
        let stated = vector.reading.clone().unwrap();
        let tensors = stated.tensors().iter().cloned().map(|tensor| {
            let count = lines.next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
            let texts = lines.by_ref().take(count).map(str::to_owned).collect();
            let values = Some(Values::told(&tensor.dtype, texts));
            TensorReading { sha256: None, values, ..tensor }
        });
        let got = accepted(&Reading::new(tensors.collect(), stated.metadata().clone()));
        assert_eq!(judged(vector, &nobody(), &got), plain(Verdict::Conforms), "{}", vector.id);
    }
}

#[test]
fn a_declared_leniency_excuses_the_reading_that_it_implies() {
    let judgement = judged(&lenient_vector(), &all_lenient(), &accepted(&right()));
    assert_eq!(judgement.verdict, Verdict::Lenient);
    assert_eq!(judgement.detail, Some(Detail::Leniency("null-metadata".to_owned())));
}

#[test]
fn a_leniency_that_is_not_declared_excuses_nothing() {
    let verdict = judged(&lenient_vector(), &nobody(), &accepted(&right())).verdict;
    assert_eq!(verdict, Verdict::AcceptedInvalid);
    let other =
        Description { leniencies: [Leniency::UnknownFields].into_iter().collect(), ..nobody() };
    let verdict = judged(&lenient_vector(), &other, &accepted(&right())).verdict;
    assert_eq!(verdict, Verdict::AcceptedInvalid);
}

#[test]
fn a_declared_leniency_excuses_no_other_reading_and_the_row_says_so() {
    let judgement = judged(&lenient_vector(), &all_lenient(), &accepted(&wrong()));
    assert_eq!(judgement.verdict, Verdict::AcceptedInvalid);
    assert!(matches!(judgement.detail, Some(Detail::LeniencyMisread { .. })), "{judgement:?}");
}

#[test]
fn a_leniency_that_needs_another_excuses_nothing_alone() {
    let vector = Vector { also_needs: vec![Leniency::UnknownFields], ..lenient_vector() };
    let one =
        Description { leniencies: [Leniency::NullMetadata].into_iter().collect(), ..nobody() };
    let verdict = judged(&vector, &one, &accepted(&right())).verdict;
    assert_eq!(verdict, Verdict::AcceptedInvalid);
    let verdict = judged(&vector, &all_lenient(), &accepted(&right())).verdict;
    assert_eq!(verdict, Verdict::Lenient);
}

#[test]
fn a_leniency_does_not_excuse_the_refusal_of_a_valid_file() {
    let verdict = judged(&valid_vector(), &all_lenient(), &refused()).verdict;
    assert_eq!(verdict, Verdict::RefusedValid);
}

#[test]
fn a_declared_limit_excuses_what_is_beyond_it_if_it_is_told_as_unsupported() {
    let vector = with_rank(9);
    let judgement = judged(&vector, &with_rank_limit(8), &unsupported());
    assert_eq!(judgement.verdict, Verdict::Limited);
    assert_eq!(judgement.detail, Some(Detail::Limit("rank".to_owned())));
    let verdict = judged(&vector, &with_rank_limit(8), &refused()).verdict;
    assert_eq!(verdict, Verdict::RefusedValid, "RD-10");
}

#[test]
fn a_declared_limit_excuses_nothing_within_it() {
    let judgement = judged(&with_rank(8), &with_rank_limit(8), &unsupported());
    assert_eq!(judgement.verdict, Verdict::RefusedValid);
    assert_eq!(judgement.detail, Some(Detail::NoSuchLimit));
}

#[test]
fn a_declared_limit_excuses_nothing_below_its_floor() {
    let judgement = judged(&with_rank(4), &with_rank_limit(1), &unsupported());
    assert_eq!(judgement.verdict, Verdict::RefusedValid, "LIM-2");
    let no_dtypes = BTreeMap::from([(Limit::Dtype, LimitValue::Dtypes(Vec::new()))]);
    let nothing = Description { limits: no_dtypes, ..nobody() };
    let judgement = judged(&valid_vector(), &nothing, &unsupported());
    assert_eq!(judgement.verdict, Verdict::RefusedValid, "U8 is in the floor");
}

#[test]
fn a_dtype_outside_the_declared_set_is_limited() {
    let mut vector = valid_vector();
    let demands = vector.demands.as_mut().unwrap();
    demands.dtype = ["C64".to_owned()].into();
    let some = LimitValue::Dtypes(vec!["U8".to_owned()]);
    let who = Description { limits: BTreeMap::from([(Limit::Dtype, some)]), ..nobody() };
    assert_eq!(judged(&vector, &who, &unsupported()).verdict, Verdict::Limited);
}

#[test]
fn an_unknown_dtype_is_rightly_told_as_unsupported() {
    let vector = Vector { outcomes: reject(RuleId::Dt2), ..invalid_vector() };
    assert_eq!(judged(&vector, &nobody(), &unsupported()).verdict, Verdict::Conforms);
}

#[test]
fn any_other_fault_told_as_unsupported_is_a_refusal_too() {
    for who in [nobody(), with_rank_limit(8)] {
        let judgement = judged(&invalid_vector(), &who, &unsupported());
        assert_eq!(judgement, plain(Verdict::Conforms));
    }
}

#[test]
fn what_was_read_and_is_no_reading_is_never_lenient() {
    let verdict = judged(&lenient_vector(), &all_lenient(), &other()).verdict;
    assert_eq!(verdict, Verdict::AcceptedInvalid);
}

#[test]
fn any_declared_leniency_that_fits_the_reading_will_do() {
    static LENIENT: LazyLock<Vec<(Leniency, Reading)>> = LazyLock::new(|| {
        vec![(Leniency::NullMetadata, wrong()), (Leniency::UnknownFields, right())]
    });
    static NOTHING: LazyLock<Payloads> = LazyLock::new(Payloads::default);
    let expectation = Expectation::Reject(RuleId::Meta2, &[], &LENIENT, &NOTHING);
    let question = Question { expectation, ..question(Operation::Read, &invalid_vector()) };
    let judgement = judge(&question, &all_lenient(), false, &accepted(&right()));
    assert_eq!(judgement.verdict, Verdict::Lenient);
}

fn judged(vector: &Vector, who: &Description, observed: &Observation) -> Judgement {
    judged_as(Operation::Read, vector, who, observed)
}

fn judged_as(
    operation: Operation,
    vector: &Vector,
    who: &Description,
    observed: &Observation,
) -> Judgement {
    judge(&question(operation, vector), who, false, observed)
}

fn question(operation: Operation, vector: &Vector) -> Question {
    let vector: &'static Vector = Box::leak(Box::new(vector.clone()));
    let expectation = crate::plan::expectation(vector, Version::LATEST).unwrap();
    let subject = Subject::Vector(vector);
    Question { subject, operation, access: None, slice: None, expectation }
}

fn right() -> Reading {
    Reading::new(vec![TensorReading::of("a", "U8", &[1], &[7])], [].into())
}

/// The tensor of the vectors here, with these values.
fn told(sha256: Option<Digest>, values: &[&str]) -> Reading {
    let texts = values.iter().map(|text| (*text).to_owned()).collect();
    let values = Some(Values::told("U8", texts));
    let tensor = TensorReading::of("a", "U8", &[1], &[7]);
    Reading::new(vec![TensorReading { sha256, values, ..tensor }], [].into())
}

fn wrong() -> Reading {
    Reading::new(vec![TensorReading::of("a", "I8", &[1], &[7])], [].into())
}

fn accepted(reading: &Reading) -> Observation {
    Observation::Accepted(reading.clone())
}

fn other() -> Observation {
    Observation::AcceptedOther { what: "a dimension of -1".to_owned() }
}

fn refused() -> Observation {
    Observation::refused("no")
}

fn unsupported() -> Observation {
    Observation::Unsupported { reason: "no".to_owned() }
}

fn reject(rule: RuleId) -> [Outcome; Version::ALL.len()] {
    std::array::from_fn(|_| Outcome::Reject(rule))
}

fn valid_vector() -> Vector {
    Vector {
        id: "area/valid".parse().unwrap(),
        summary: String::new(),
        rules: vec![RuleId::Rd1],
        consequence: None,
        provenance: corpus::Provenance::Recipe { file: String::new(), report: None },
        twin: None,
        advises: Vec::new(),
        outcomes: std::array::from_fn(|_| Outcome::Accept),
        reading: Some(right()),
        lenient: Vec::new(),
        also_needs: Vec::new(),
        demands: Some(Demands::of(&right(), 64, 1)),
        tier: Tier::Stored,
        content: Content::Bytes(Vec::new()),
        payloads: Payloads::of([&[7][..]]),
        valued: false,
    }
}

fn invalid_vector() -> Vector {
    Vector {
        id: "area/invalid".parse().unwrap(),
        outcomes: reject(RuleId::Meta2),
        reading: None,
        demands: None,
        ..valid_vector()
    }
}

fn lenient_vector() -> Vector {
    Vector { lenient: vec![(Leniency::NullMetadata, right())], ..invalid_vector() }
}

fn with_rank(rank: u64) -> Vector {
    let mut vector = valid_vector();
    vector.demands.as_mut().unwrap().rank = rank;
    vector
}

fn nobody() -> Description {
    Description::new("nobody", "1")
}

fn all_lenient() -> Description {
    Description { leniencies: Leniencies::all(), ..nobody() }
}

fn with_rank_limit(most: u64) -> Description {
    Description { limits: BTreeMap::from([(Limit::Rank, LimitValue::Number(most))]), ..nobody() }
}

#[test]
fn of_a_header_the_data_plays_no_part_and_everything_else_does() {
    let got = |reading: &Reading| accepted(&reading.without_data());
    let verdict =
        |observed| judged_as(Operation::Header, &valid_vector(), &nobody(), &observed).verdict;
    assert_eq!(verdict(got(&right())), Verdict::Conforms);
    assert_eq!(verdict(accepted(&right())), Verdict::Conforms);
    assert_eq!(verdict(got(&wrong())), Verdict::Misread);
    let read = judged(&valid_vector(), &nobody(), &got(&right()));
    assert_eq!(read.verdict, Verdict::Misread, "a reader has to show the data");
}

#[test]
fn an_acceptance_that_shows_nothing_is_taken_at_its_word() {
    let unseen = || Observation::AcceptedUnseen;
    let valid = judged(&valid_vector(), &nobody(), &unseen());
    assert_eq!(valid, because(Verdict::Conforms, Detail::Unseen));
    assert_eq!(judged(&invalid_vector(), &nobody(), &unseen()).verdict, Verdict::AcceptedInvalid);
    assert_eq!(judged(&lenient_vector(), &nobody(), &unseen()).verdict, Verdict::AcceptedInvalid);
    assert_eq!(judged(&lenient_vector(), &all_lenient(), &unseen()).verdict, Verdict::Lenient);
    let written = judged_as(Operation::Rewrite, &valid_vector(), &nobody(), &unseen());
    assert_eq!(written, because(Verdict::Misread, Detail::WroteNothing));
}

fn optional(why: Detail) -> Question {
    let mut question = question(Operation::Slice, &valid_vector());
    if let Expectation::Accept(wanted) = question.expectation.clone() {
        question.expectation = Expectation::Optional(wanted, why);
    }
    question
}

#[test]
fn what_may_be_left_aside_is_no_pass_and_no_failure_and_a_wrong_answer_is_one() {
    for (why, refused) in [
        (Detail::PartByte, Verdict::Unsupported),
        (Detail::Steps, Verdict::Unsupported),
        (Detail::MayRefuse("WR-5".to_owned()), Verdict::Conforms),
    ] {
        let verdict = |observed| judge(&optional(why.clone()), &nobody(), false, &observed).verdict;
        assert_eq!(verdict(accepted(&right())), Verdict::Conforms);
        assert_eq!(verdict(accepted(&wrong())), Verdict::Misread);
        assert_eq!(verdict(self::refused()), refused, "{why}");
        assert_eq!(verdict(unsupported()), Verdict::Unsupported);
    }
}

fn written(found: Found) -> Written {
    Written { found, read_back: None, canonical: false, same_again: None }
}

#[test]
fn what_was_written_has_to_be_valid_and_to_hold_what_was_handed_over() {
    let verdict = |found| {
        let observed = Observation::Wrote(written(found));
        judged_as(Operation::Rewrite, &valid_vector(), &nobody(), &observed)
    };
    assert_eq!(verdict(Found::Valid(right())), plain(Verdict::Conforms));
    assert_eq!(verdict(Found::Valid(wrong())).verdict, Verdict::Misread);
    assert_eq!(verdict(Found::Invalid("LAY-1".to_owned())).verdict, Verdict::Misread);
    assert_eq!(verdict(Found::Nothing), because(Verdict::Misread, Detail::WroteNothing));
    let observed = Observation::Wrote(written(Found::Valid(right())));
    let invalid = judged_as(Operation::Rewrite, &invalid_vector(), &all_lenient(), &observed);
    assert_eq!(invalid.verdict, Verdict::AcceptedInvalid);
}

#[test]
fn what_was_written_has_to_be_read_back() {
    let verdict = |back: Observation| {
        let back = Some(Box::new(back));
        let written = Written { read_back: back, ..written(Found::Valid(right())) };
        let observed = Observation::Wrote(written);
        judged_as(Operation::Rewrite, &valid_vector(), &nobody(), &observed).verdict
    };
    assert_eq!(verdict(accepted(&right())), Verdict::Conforms);
    assert_eq!(verdict(accepted(&wrong())), Verdict::Misread);
    assert_eq!(verdict(refused()), Verdict::RefusedValid);
}

#[test]
fn a_claim_of_a_writer_is_held_against_it_and_nothing_else_is() {
    let verdict = |written: Written, claims: &[Claim], canonical| {
        let who = Description { claims: claims.to_vec(), ..nobody() };
        let question = question(Operation::Rewrite, &valid_vector());
        judge(&question, &who, canonical, &Observation::Wrote(written)).detail
    };
    let differs = || Written { same_again: Some(false), ..written(Found::Valid(right())) };
    assert_eq!(verdict(differs(), &[], false), None);
    let claim = [Claim::Deterministic];
    assert_eq!(verdict(differs(), &claim, false), Some(Detail::NotDeterministic));
    let plain = || written(Found::Valid(right()));
    assert_eq!(verdict(plain(), &[Claim::Canonical], false), Some(Detail::NotCanonical));
    assert_eq!(verdict(plain(), &[], true), Some(Detail::NotCanonical));
    let canonical = Written { canonical: true, ..plain() };
    assert_eq!(verdict(canonical, &[Claim::Canonical], true), None);
}

/// A task by its id.
fn task(id: &str) -> &'static Task {
    corpus::tasks().iter().find(|task| task.id.as_str() == id).unwrap()
}

#[test]
fn what_a_writer_cannot_be_told_is_a_skip_and_a_valid_model_is_none() {
    let judged = |id: &str, who: &Description| {
        let who = Description { operations: Operation::ALL.to_vec(), ..who.clone() };
        let criteria = Criteria { filters: vec![id.to_owned()], ..Criteria::default() };
        let question = plan(&criteria, &who, Version::LATEST).unwrap().pop().unwrap();
        judge(&question, &who, false, &unsupported()).verdict
    };
    let refusing = corpus::tasks().iter().find(|task| task.outcome.reading().is_none()).unwrap();
    assert_eq!(judged(refusing.id.as_str(), &nobody()), Verdict::Unsupported);
    let f4 = corpus::tasks().iter().find(|task| {
        task.outcome.reading().is_some()
            && task.tensors.iter().any(|given| given.dtype == "F4")
            && matches!(task.outcome, corpus::TaskOutcome::Write(_))
    });
    let f4 = task(f4.unwrap().id.as_str());
    assert_eq!(judged(f4.id.as_str(), &nobody()), Verdict::RefusedValid);
    let some = Description { write_dtypes: Some(vec!["U8".to_owned()]), ..nobody() };
    assert_eq!(judged(f4.id.as_str(), &some), Verdict::Unsupported);
}
