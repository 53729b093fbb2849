//! What a row means to a test: it passes, fails, or is left aside. What the judge said is not
//! changed by it.

use crate::known::KnownFailures;
use crate::plan::{Expectation, Question};
use reports::text::failure;
use reports::{Description, Row, Verdict};
use spec::Leniency;

/// What becomes of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is as it should be.
    Passed,
    /// It neither passed nor failed, and this is why.
    LeftAside(String),
    /// It is not as it should be, and this is what came.
    Failed(String),
}

impl Outcome {
    pub(super) fn of(
        question: &Question,
        row: Row,
        who: &Description,
        known: &KnownFailures,
    ) -> Self {
        let mut rows = [row];
        // Whether a claim is about nothing was found out before.
        let stale = known.apply(&who.name, &mut rows, None);
        let [row] = rows;
        let stale = stale.iter().map(|stale| format!("known failure: {stale}"));
        let surprise = row.is_surprise().then(|| failure(&row) + &hint(question, &row, who));
        let told: Vec<String> = stale.chain(surprise).collect();
        match (row.verdict, &row.known) {
            _ if !told.is_empty() => Self::Failed(told.join("\n")),
            (_, Some(known)) => Self::LeftAside(format!("known failure: {}", known.reason)),
            (Verdict::Limited | Verdict::Unsupported, None) => {
                let why = row.detail.as_ref().map(ToString::to_string);
                Self::LeftAside(why.unwrap_or_else(|| row.observed.to_string()))
            }
            (Verdict::Lenient | Verdict::Conforms, None) => Self::Passed,
            (
                Verdict::Misread
                | Verdict::Crash
                | Verdict::Memory
                | Verdict::Hang
                | Verdict::AcceptedInvalid
                | Verdict::RefusedValid
                | Verdict::Garbled,
                None,
            ) => Self::Failed(failure(&row)),
        }
    }
}

/// What a reader declares that accepts this on purpose.
fn hint(question: &Question, row: &Row, who: &Description) -> String {
    let lacks = |leniency: &Leniency| !who.leniencies.has(*leniency);
    let (Expectation::Reject(_, needed, lenient, _), Verdict::AcceptedInvalid) =
        (&question.expectation, row.verdict)
    else {
        return String::new();
    };
    let names = |all: Vec<Leniency>, between: &str| {
        let names: Vec<String> = all.iter().map(|leniency| format!("`{leniency}`")).collect();
        Some(names.join(between)).filter(|names| !names.is_empty())
    };
    let any: Vec<Leniency> = lenient.iter().map(|(leniency, _)| *leniency).collect();
    let any = if any.iter().all(lacks) { any } else { Vec::new() };
    let all: Vec<Leniency> = needed.iter().copied().filter(lacks).collect();
    let parts: Vec<String> =
        [names(all, " and "), names(any, " or ")].into_iter().flatten().collect();
    if parts.is_empty() {
        return String::new();
    }
    format!("\n  on purpose? declare in `describe` the leniency {}", parts.join(", and "))
}
