//! The one trait of everything that is tested.
//!
//! No expectation lives here, and none can: a request has no room for it.

use reports::{Description, Observation, Operation};
use std::path::PathBuf;

/// Something that reads safetensors files and is tested.
///
/// A Rust library implements it in ten lines and needs no adapter: see [`crate::builtin`].
pub trait Implementation {
    /// What it says of itself; the same words on every call.
    fn describe(&self) -> Description;

    /// Does what is asked, and says what came of it.
    fn ask(&mut self, request: &Request) -> Observation;

    /// What went wrong after the last answer was given; it belongs to the question that was
    /// answered. `at_the_end` says that no question follows.
    fn look_back(&mut self, at_the_end: bool) -> Option<Observation> {
        let _ = at_the_end;
        None
    }

    /// Why there is nobody left to ask; the run ends with it.
    fn given_up(&self) -> Option<String> {
        None
    }
}

/// One question about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The number of the question.
    pub seq: u64,
    /// What to do with the file.
    pub operation: Operation,
    /// The file; its name says nothing of what is in it.
    pub path: PathBuf,
}
