//! Asks implementations of the safetensors format about the corpus, and judges what they do.
//!
//! An [`Implementation`] is asked about one file at a time; [`process`] puts one that speaks the
//! protocol of `adapters/PROTOCOL.md` behind the same trait. [`judge`](judge::judge) decides, and
//! nothing else does. No logic of the format lives here; that is the crate `spec`.
#![deny(unsafe_code)]

pub mod builtin;
pub mod check;
pub mod cli;
mod clock;
pub mod controls;
pub mod implementation;
mod interrupt;
pub mod judge;
pub mod known;
pub mod plan;
mod proc;
pub mod process;
pub mod profile;
pub mod protocol;
pub mod runner;
pub mod select;
pub mod serve;
mod slices;
pub mod stage;
pub mod suite;
pub mod validate;

pub use implementation::{Answer, Ask, Feed, Implementation, Request};

// What an implementation is written with, so that a library needs no other crate to be tested.
pub use corpus::{Given, LimitValue, MetadataValue, Reading, TensorReading, Text};
pub use reports::{Access, Claim, Description, Observation, Operation};
pub use spec::{Leniencies, Leniency, Limit, RuleId, Span, Version};
