//! Runs `spec/header.abnf`, the grammar of the header text, as it stands.
//!
//! Nothing here knows of JSON, of the rules or of the oracle: what is held against them is the
//! grammar and nothing else.
#![forbid(unsafe_code)]

mod matcher;

pub use matcher::{GrammarError, Matcher};

/// The grammar of the header text, in ABNF.
pub const HEADER: &str = include_str!("../../header.abnf");

/// The stack in bytes on which [`Matcher::accepts`] takes a header text of 64 KiB that is nothing
/// but opening brackets.
pub const STACK: usize = 1 << 30;
