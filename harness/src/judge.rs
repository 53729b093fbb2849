//! The one judge: what was expected and what happened make a verdict. Pure and total; it reads
//! nothing, starts nothing, and no other place decides.

use crate::plan::{Expectation, Question, Subject, Wanted};
use corpus::{Demands, LimitValue, Payloads, Reading, Task, TensorReading};
use reports::{
    Claim, Description, Detail, Found, Judgement, Observation, Operation, Verdict, Written,
    first_difference,
};
use spec::{DTYPE_FLOOR, Leniency, Limit};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// Decides what an observation means.
///
/// `who` is the implementation with everything that it declares, or that was declared for it.
/// `canonical` says that what it writes has to be in the canonical form.
#[must_use]
pub fn judge(
    question: &Question,
    who: &Description,
    canonical: bool,
    observation: &Observation,
) -> Judgement {
    use Expectation as E;
    use Observation as O;
    match (&question.expectation, observation) {
        (E::Accept(want) | E::Optional(want, _), O::Accepted(got)) => {
            match differs(question.operation, &want.reading, got, &want.payloads) {
                None => plain(Verdict::Conforms),
                Some(difference) => because(Verdict::Misread, Detail::Difference(difference)),
            }
        }
        (E::Accept(_) | E::Optional(..), O::AcceptedUnseen) => match question.operation {
            // Nobody looked at what was written, which the runner always does.
            Operation::Write | Operation::Rewrite => {
                because(Verdict::Misread, Detail::WroteNothing)
            }
            Operation::Read | Operation::Header | Operation::Slice | Operation::ReadIndex => {
                because(Verdict::Conforms, Detail::Unseen)
            }
        },
        (E::Accept(want) | E::Optional(want, _), O::Wrote(written)) => {
            wrote(question, want, who, canonical, written)
        }
        (E::Accept(_) | E::Optional(..), O::AcceptedOther { .. }) => plain(Verdict::Misread),
        (E::Accept(_), O::Refused { .. }) => plain(Verdict::RefusedValid),
        (E::Accept(_), O::Unsupported { .. }) => excused(question, who)
            .unwrap_or_else(|| because(Verdict::RefusedValid, Detail::NoSuchLimit)),
        (E::Optional(_, why @ Detail::MayRefuse(_)), O::Refused { .. }) => {
            because(Verdict::Conforms, why.clone())
        }
        (E::Optional(_, why), O::Refused { .. } | O::Unsupported { .. }) => {
            because(Verdict::Unsupported, why.clone())
        }

        (E::Reject(_, needed, lenient, payloads), O::Accepted(got)) => {
            let reads = |want: &Reading| differs(question.operation, want, got, payloads);
            accepted_invalid(who, needed, lenient, reads)
        }
        (E::Reject(_, needed, lenient, _), O::AcceptedUnseen) => {
            // It may have read what the leniency says; nothing shows that it has not.
            accepted_invalid(who, needed, lenient, |_| None)
        }
        // No reading comes out of what nothing is known of, so no leniency can say it; and no
        // leniency is one of writers.
        (E::Reject(..), O::AcceptedOther { .. } | O::Wrote(_)) => plain(Verdict::AcceptedInvalid),
        (E::Reject(..), O::Refused { .. }) => plain(Verdict::Conforms),
        (E::Reject(..), O::Unsupported { .. }) => match question.operation {
            // What cannot be handed over was not refused.
            Operation::Write => because(Verdict::Unsupported, Detail::NotSayable),
            // The file was not taken, whatever that is called; RD-8 even asks for it where a dtype
            // is not known. Whether the fault was seen is for the twin to show.
            Operation::Read
            | Operation::Header
            | Operation::Slice
            | Operation::Rewrite
            | Operation::ReadIndex => plain(Verdict::Conforms),
        },

        (E::Accept(_) | E::Optional(..) | E::Reject(..), O::Crashed { .. }) => {
            plain(Verdict::Crash)
        }
        (E::Accept(_) | E::Optional(..) | E::Reject(..), O::OverMemory { .. }) => {
            plain(Verdict::Memory)
        }
        (E::Accept(_) | E::Optional(..) | E::Reject(..), O::TimedOut { .. }) => {
            plain(Verdict::Hang)
        }
        (E::Accept(_) | E::Optional(..) | E::Reject(..), O::Garbled { .. }) => {
            plain(Verdict::Garbled)
        }
    }
}

fn plain(verdict: Verdict) -> Judgement {
    Judgement { verdict, detail: None }
}

fn because(verdict: Verdict, detail: Detail) -> Judgement {
    Judgement { verdict, detail: Some(detail) }
}

/// How what was read differs from what is there; of a header, but for the data.
fn differs(
    operation: Operation,
    want: &Reading,
    got: &Reading,
    payloads: &Payloads,
) -> Option<String> {
    match operation {
        Operation::Header => {
            let (want, got) = (want.without_data(), got.without_data());
            (want != got).then(|| {
                first_difference(&want, &got, payloads)
                    .unwrap_or_else(|| "the header is another".to_owned())
            })
        }
        Operation::Read
        | Operation::Slice
        | Operation::Write
        | Operation::Rewrite
        | Operation::ReadIndex => first_difference(want, got, payloads),
    }
}

/// A file was written where one was to be: what is in it, and does it keep what was claimed?
fn wrote(
    question: &Question,
    want: &Wanted,
    who: &Description,
    canonical: bool,
    written: &Written,
) -> Judgement {
    match &written.found {
        Found::Nothing => return because(Verdict::Misread, Detail::WroteNothing),
        Found::Invalid(violation) => {
            return because(Verdict::Misread, Detail::WroteInvalid(violation.clone()));
        }
        Found::Valid(got) => {
            if let Some(difference) = first_difference(&want.reading, got, &want.payloads) {
                return because(Verdict::Misread, Detail::Difference(difference));
            }
        }
    }
    match written.read_back.as_deref() {
        Some(Observation::Accepted(back)) => {
            if let Some(difference) = first_difference(&want.reading, back, &want.payloads) {
                return because(Verdict::Misread, Detail::ReadBack(difference));
            }
        }
        Some(other @ Observation::AcceptedOther { .. }) => {
            return because(Verdict::Misread, Detail::ReadBack(other.to_string()));
        }
        // A reader may have limits where the writer has none.
        Some(Observation::Unsupported { .. }) if beyond_limit(question, who).is_some() => {}
        Some(other) if !other.is_accepted() => {
            return because(Verdict::RefusedValid, Detail::ReadBack(other.to_string()));
        }
        Some(_) | None => {}
    }
    if written.same_again == Some(false) && who.claims(Claim::Deterministic) {
        return because(Verdict::Misread, Detail::NotDeterministic);
    }
    if !written.canonical && (canonical || who.claims(Claim::Canonical)) {
        return because(Verdict::Misread, Detail::NotCanonical);
    }
    plain(Verdict::Conforms)
}

/// Something invalid was accepted: under a leniency that was declared, and read as it says (RD-9)?
fn accepted_invalid(
    who: &Description,
    needed: &[Leniency],
    lenient: &[(Leniency, Reading)],
    differs: impl Fn(&Reading) -> Option<String>,
) -> Judgement {
    let has_the_rest = needed.iter().all(|leniency| who.leniencies.has(*leniency));
    let mut first_misread = None;
    for (leniency, want) in lenient {
        if !has_the_rest || !who.leniencies.has(*leniency) {
            continue;
        }
        match differs(want) {
            None => return because(Verdict::Lenient, Detail::Leniency(leniency.to_string())),
            Some(difference) => {
                first_misread.get_or_insert(Detail::LeniencyMisread {
                    leniency: leniency.to_string(),
                    difference,
                });
            }
        }
    }
    Judgement { verdict: Verdict::AcceptedInvalid, detail: first_misread }
}

/// The judgement where something valid was left aside for a reason that is declared.
fn excused(question: &Question, who: &Description) -> Option<Judgement> {
    let writes = matches!(question.operation, Operation::Write | Operation::Rewrite);
    let known = who.write_dtypes.as_ref().filter(|_| writes);
    let lacking = known.and_then(|known| {
        let (Expectation::Accept(want) | Expectation::Optional(want, _)) = &question.expectation
        else {
            return None;
        };
        let mut dtypes = want.reading.tensors().iter().map(|tensor| &tensor.dtype);
        dtypes.find(|dtype| !known.contains(dtype)).cloned()
    });
    if let Some(dtype) = lacking {
        return Some(because(Verdict::Unsupported, Detail::WriteDtype(dtype)));
    }
    let limit = beyond_limit(question, who)
        .map(|limit| because(Verdict::Limited, Detail::Limit(limit.to_string())));
    let has_views = match question.subject {
        Subject::Task(task) => task.tensors.iter().any(|tensor| tensor.view.is_some()),
        Subject::Vector(_) => false,
    };
    limit.or_else(|| has_views.then(|| because(Verdict::Unsupported, Detail::NotSayable)))
}

/// The declared limit that what is asked about is beyond.
fn beyond_limit(question: &Question, who: &Description) -> Option<Limit> {
    let exceeds = |limit: Limit, value: &LimitValue| match question.subject {
        Subject::Vector(vector) => vector.limit_exceeded(limit, value),
        Subject::Task(task) => demands(task).exceeds(limit, value),
    };
    let mut limits = who.limits.iter();
    limits
        .find(|(limit, value)| exceeds(**limit, &at_least_the_floor(**limit, value)))
        .map(|(limit, _)| *limit)
}

/// What a task asks of an implementation with limits.
fn demands(task: &Task) -> Demands {
    let tensor = |given: &corpus::Given| {
        TensorReading::of(&given.name, &given.dtype, &given.shape, &given.bytes)
    };
    let reading = Reading::new(task.tensors.iter().map(tensor).collect(), BTreeMap::new());
    Demands::of(&reading, 0, 0)
}

/// A limit excuses nothing below its floor (LIM-2).
fn at_least_the_floor(limit: Limit, value: &LimitValue) -> LimitValue {
    match value {
        LimitValue::Number(number) => {
            LimitValue::Number((*number).max(limit.row().floor.unwrap_or(0)))
        }
        LimitValue::Dtypes(names) => LimitValue::Dtypes(
            names.iter().cloned().chain(DTYPE_FLOOR.iter().map(ToString::to_string)).collect(),
        ),
    }
}
