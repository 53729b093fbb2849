//! Golden safetensors files, each with what is expected of it and which rule decides.
#![forbid(unsafe_code)]

mod id;
mod reading;
mod vector;

pub use id::{InvalidVectorId, VectorId};
pub use reading::{Digest, InvalidHex, Reading, TensorReading, Text};
pub use vector::{Content, Expectation, Outcome, Tier, Vector};
