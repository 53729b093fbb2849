//! The rules of the safetensors format, and an executable oracle of them.
//!
//! The text of the rules is `spec/safetensors.md`; [`RULES`] is the same list in code, [`DTYPES`],
//! [`LENIENCIES`] and [`LIMITS`] are the tables that the text carries, and [`examine`] decides on
//! a file, [`examine_index`] on a sharded model; [`values()`] says what the elements of a tensor
//! mean, [`slice()`] what a part of one is, and [`canonical()`] writes the canonical form. Nothing
//! here reads a file system, and nothing here knows of an implementation.
#![forbid(unsafe_code)]

mod advice;
mod canonical;
mod coq;
mod dtype;
mod examine;
mod fault;
mod file;
mod formal;
mod index;
mod layout;
mod leniency;
mod limit;
mod names;
mod parse;
mod reading;
mod rules;
mod size;
mod slice;
pub mod tables;
mod text;
mod values;
mod version;

pub use advice::advice;
pub use canonical::{NewTensor, Refusal, canonical, canonical_form, is_canonical};
pub use coq::coq_tables;
pub use dtype::{DTYPES, Dtype, DtypeRow};
pub use examine::{Examination, broken_without, examine, minimum_version};
pub use fault::{KEPT_PER_RULE, Violation};
pub use file::{File, PrefixTooShort};
pub use formal::{GRAMMAR_BLIND, SCHEMA_BLIND, blind_spots};
pub use index::{Entry, Folder, IndexExamination, IndexReading, Shard, examine_index, shard_paths};
pub use leniency::{LENIENCIES, Leniencies, Leniency, LeniencyRow, UnknownLeniency};
pub use limit::{DTYPE_FLOOR, LIMITS, Limit, LimitRow, MAX_HEADER_LEN, UnknownLimit};
pub use reading::{Reading, Tensor};
pub use rules::{Level, RULES, Rule, RuleId, Subject, UnknownRule, file_musts, index_rules};
pub use slice::{SliceError, Sliced, Span, ranks, slice};
pub use values::{Value, values};
pub use version::{REVISION, UnknownVersion, Version};
