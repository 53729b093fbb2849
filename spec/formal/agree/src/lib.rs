//! Holds the machine-checked model against the oracle, the corpus and the grammar.
//!
//! The model is what `spec/formal/` proves things about; its extracted program, the checker, is
//! asked about many files, and every answer is compared with what the others say. Nothing here
//! decides on a file, and nothing here is read by the proofs but what [`coq`] writes.
#![forbid(unsafe_code)]

pub mod answer;
pub mod checker;
pub mod cli;
pub mod compare;
pub mod coq;
mod corpus_scope;
mod exhaustive;
mod generated;
pub mod run;
pub mod sample;
