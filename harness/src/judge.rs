//! The one judge: what was expected and what happened make a verdict. Pure and total; it reads
//! nothing, starts nothing, and no other place decides.

use corpus::{Expectation, LimitValue, Reading, Vector};
use reports::text::first_difference;
use reports::{Description, Detail, Judgement, Observation, Operation, Verdict};
use spec::{DTYPE_FLOOR, Leniency, Limit, RuleId};

/// Decides what an observation means.
///
/// `who` is the implementation with everything that it declares, or that was declared for it.
#[must_use]
pub fn judge(
    vector: &Vector,
    expectation: &Expectation<'_>,
    operation: Operation,
    who: &Description,
    observation: &Observation,
) -> Judgement {
    use Expectation as E;
    use Observation as O;
    match (expectation, observation) {
        (E::Accept(want), O::Accepted(got)) => match first_difference(want, got) {
            None => plain(Verdict::Conforms),
            Some(difference) => because(Verdict::Misread, Detail::Difference(difference)),
        },
        (E::Accept(_), O::Refused { .. }) => plain(Verdict::RefusedValid),
        (E::Accept(_), O::Unsupported { .. }) => excuse(vector, operation, who)
            .unwrap_or_else(|| because(Verdict::RefusedValid, Detail::NoSuchLimit)),

        (E::Reject(_, lenient), O::Accepted(got)) => accepted_invalid(vector, lenient, who, got),
        (E::Reject(..), O::Refused { .. }) => plain(Verdict::Conforms),
        // RD-8: an unknown dtype is best told as unsupported.
        (E::Reject(RuleId::Dt2, _), O::Unsupported { .. }) => plain(Verdict::Conforms),
        // Not accepted, but the fault was not named either: neither a pass nor a failure.
        (E::Reject(..), O::Unsupported { .. }) => excuse(vector, operation, who)
            .unwrap_or_else(|| because(Verdict::Unsupported, Detail::NoSuchLimit)),

        (E::Accept(_) | E::Reject(..), O::Crashed { .. }) => plain(Verdict::Crash),
        (E::Accept(_) | E::Reject(..), O::TimedOut { .. }) => plain(Verdict::Hang),
        (E::Accept(_) | E::Reject(..), O::Garbled { .. }) => plain(Verdict::Garbled),
    }
}

fn plain(verdict: Verdict) -> Judgement {
    Judgement { verdict, detail: None }
}

fn because(verdict: Verdict, detail: Detail) -> Judgement {
    Judgement { verdict, detail: Some(detail) }
}

/// An invalid file was accepted: under a leniency that was declared, and read as it says (RD-9)?
fn accepted_invalid(
    vector: &Vector,
    lenient: &[(Leniency, Reading)],
    who: &Description,
    got: &Reading,
) -> Judgement {
    let has_the_rest = vector.also_needs.iter().all(|leniency| who.leniencies.has(*leniency));
    let mut first_misread = None;
    for (leniency, want) in lenient {
        if !has_the_rest || !who.leniencies.has(*leniency) {
            continue;
        }
        match first_difference(want, got) {
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

/// Why an implementation may leave a file aside; `None` where it may not.
fn excuse(vector: &Vector, operation: Operation, who: &Description) -> Option<Judgement> {
    if !who.operations.contains(&operation) {
        return Some(because(Verdict::Unsupported, Detail::Operation(operation.to_string())));
    }
    who.limits
        .iter()
        .find(|(limit, value)| vector.limit_exceeded(**limit, &at_least_the_floor(**limit, value)))
        .map(|(limit, _)| because(Verdict::Limited, Detail::Limit(limit.to_string())))
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
