//! The runner of the conformance suite, and the command line `stconform`.
#![deny(unsafe_code)]

pub mod cli;
pub mod validate;
