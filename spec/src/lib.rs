//! The rules of the safetensors format, and an executable oracle of them.
//!
//! The text of the rules is `spec/safetensors.md`; [`RULES`] is the same list in code, [`DTYPES`],
//! [`LENIENCIES`] and [`LIMITS`] are the tables that the text carries, and [`examine`] decides on
//! a file. Nothing here reads a file system, and nothing here knows of an implementation.
#![forbid(unsafe_code)]

mod dtype;
mod leniency;
mod limit;
mod rules;
mod version;

pub use dtype::{DTYPES, Dtype, DtypeRow};
pub use leniency::{LENIENCIES, Leniencies, Leniency, LeniencyRow, UnknownLeniency};
pub use limit::{DTYPE_FLOOR, LIMITS, Limit, LimitRow, MAX_HEADER_LEN, UnknownLimit};
pub use rules::{Level, RULES, Rule, RuleId, Subject, UnknownRule, file_musts};
pub use version::{REVISION, UnknownVersion, Version};
