//! The record of a conformance run, and the texts made from it.
//!
//! What an implementation did ([`Observation`]), what that means ([`Verdict`]), the record that
//! keeps both ([`record`]), the counts ([`Tally`]), the differences between
//! two records ([`diff`]) and the writers. Nothing here decides a verdict; that is the judge of the harness.
#![forbid(unsafe_code)]

mod compare;
mod describe;
pub mod diff;
mod observation;
pub mod record;
mod shown;
mod tally;
pub mod text;
mod verdict;

pub use compare::{first_difference, reading_in_short};
pub use describe::{Access, Claim, Description, Operation, UnknownName};
pub use diff::Diff;
pub use observation::{Death, Found, Observation, ProtocolFault, Unfinished, Written};
pub use record::{
    Alone, Budgets, Expected, Footer, Header, Isolation, Known, Record, RecordError, Row,
    Selection, Twin,
};
pub use shown::{ends, shown};
pub use tally::{Counts, Proof, Tally};
pub use verdict::{Detail, Judgement, Verdict};
