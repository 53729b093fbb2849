//! Counts over the rows of a run: by verdict, by area, by operation, and how much of the refusals
//! is proven.

use crate::describe::Operation;
use crate::record::{Expected, Row, Twin};
use crate::verdict::Verdict;
use std::collections::BTreeMap;

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Over all rows.
    pub total: Counts,
    /// Over the rows of each operation.
    pub operations: BTreeMap<Operation, Counts>,
    /// Over the rows of the first of these operations in each area, by name.
    pub areas: BTreeMap<String, Counts>,
}

/// The counts of some rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many rows have each verdict that occurs.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// What the refusals of invalid files show.
    pub proof: Proof,
}

/// What the refusals of invalid files show.
///
/// An implementation that refuses a file for another reason than its fault refuses the twin too,
/// which has no fault; so a refusal counts for something only where the twin was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Refused, and the twin accepted: the fault was seen.
    pub proven: u64,
    /// Refused, and the twin not accepted: nothing is shown.
    pub unproven: u64,
    /// Refused, and the twin not in the run.
    pub unknown: u64,
    /// Refused, and there is no twin that is valid in the format version of the run.
    pub twinless: u64,
}

impl Tally {
    /// Counts rows.
    #[must_use]
    pub fn of(rows: &[Row]) -> Self {
        let mut tally = Self::default();
        let first = rows.iter().map(|row| row.operation).min();
        for row in rows {
            tally.total.add(row);
            tally.operations.entry(row.operation).or_default().add(row);
            if Some(row.operation) == first {
                tally.areas.entry(row.vector.area().to_owned()).or_default().add(row);
            }
        }
        tally
    }
}

impl Counts {
    /// How many rows have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.verdicts.get(&verdict).copied().unwrap_or(0)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.verdicts.values().sum()
    }

    fn add(&mut self, row: &Row) {
        let count = self.verdicts.entry(row.verdict).or_default();
        *count = count.saturating_add(1);
        match (row.expected, row.verdict == Verdict::Conforms) {
            (Expected::Reject(_), true) => self.proof.add(row.twin),
            (Expected::Reject(_) | Expected::Accept | Expected::Optional, _) => {}
        }
    }
}

impl Proof {
    /// How many invalid files that have a twin were refused.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.proven.saturating_add(self.unproven).saturating_add(self.unknown)
    }

    fn add(&mut self, twin: Option<Twin>) {
        let count = match twin {
            Some(Twin::Accepted) => &mut self.proven,
            Some(Twin::NotAccepted) => &mut self.unproven,
            Some(Twin::NotRun) => &mut self.unknown,
            None => &mut self.twinless,
        };
        *count = count.saturating_add(1);
    }
}
