//! Golden safetensors files, each with what is expected of it and which rule decides.
#![forbid(unsafe_code)]

mod demands;
mod id;
mod reading;
mod vector;
mod shim;
pub use demands::{Demands, LimitValue};
pub use id::{InvalidVectorId, VectorId};
pub use reading::{Digest, InvalidHex, Reading, TensorReading, Text};
pub use vector::{Content, Expectation, Outcome, Tier, Vector, Piece};
pub use shim::{vectors, find, digest};
