//! The record of a conformance run, and the texts made from it.
//!
//! What an implementation did ([`Observation`]), what that means ([`Verdict`]), the record that
//! keeps both ([`record`]), the counts ([`Tally`]) and the writers. Nothing here decides a verdict;
//! that is the judge of the harness.
#![forbid(unsafe_code)]

mod compare;
mod describe;
mod observation;
pub mod record;
mod shown;
mod tally;
pub mod text;
mod verdict;

pub use compare::{first_difference, reading_in_short};
pub use describe::{Description, Operation};
pub use observation::{Death, Observation, ProtocolFault, Unfinished};
pub use record::{
    Access, Expected, Footer, Header, Known, Record, RecordError, Row, Selection, Twin,
};
pub use shown::{ends, shown};
pub use tally::{Counts, Proof, Tally};
pub use verdict::{Detail, Judgement, Verdict};
