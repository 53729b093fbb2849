//! Golden safetensors files, each with what is expected of it and which rule decides.
//!
//! [`vectors`] is the corpus; [`Draft`] writes files that lie; [`lint`] holds the corpus against
//! the oracle; [`bake`] writes it down for readers in other languages, or checks what is written.
//! [`tasks()`] is the same for writers: what they are handed, and what has to come of it.
#![forbid(unsafe_code)]

pub mod arb;
mod bake;
mod budget;
mod consequence;
mod content;
mod demands;
mod dims;
mod draft;
mod export;
mod folder;
mod golden;
mod id;
mod lint;
pub mod manifest;
mod model;
mod provenance;
mod reading;
mod recipe;
mod recipes;
mod tasks;
mod values;
mod vector;

pub use bake::{BakeError, Difference, FIX, Mode, Report, bake, digest};
pub use budget::MemoryBudget;
pub use consequence::{Consequence, UnknownConsequence};
pub use content::{Content, Part, Piece, Run};
pub use demands::{Demands, LimitValue};
pub use draft::{Draft, Tensor};
pub use export::{ExportError, Exported, export};
pub use folder::{AroundIndex, Folder, FolderEntry, FolderItem};
pub use id::{InvalidVectorId, VectorId};
pub use lint::{Finding, MAX_STORED_LEN, hashed, lint};
pub use provenance::{Provenance, Writer};
pub use reading::{Bulk, Digest, InvalidHex, Reading, TensorReading, Text};
pub use recipes::{AREAS, Area, find, vectors};
pub use tasks::{Given, MetadataValue, Task, TaskOutcome, View, ViewKind, tasks};
pub use values::{Payloads, Values, ValuesDifference, values_text};
pub use vector::{Expectation, Operation, Outcome, Tier, Vector};
