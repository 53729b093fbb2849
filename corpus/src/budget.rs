//! How much memory an answer about a file may take.

use serde::{Deserialize, Serialize};

/// How much memory an implementation may take for an answer about a file, beyond what it has when
/// it is asked: a base, and so many bytes for each byte of the file.
///
/// The base is what any runtime gets along with; the rest is room for a file that is read whole,
/// copied, and parsed into a tree. A reader that sizes an allocation by a number from the file, which
/// RD-5 forbids, is far beyond both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryBudget {
    /// For any file, in bytes.
    pub base: u64,
    /// For each byte of the file, in bytes.
    pub per_byte: u64,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self { base: 512 << 20, per_byte: 32 }
    }
}

impl MemoryBudget {
    /// The budget of a file of this length, in bytes.
    #[must_use]
    pub const fn of(self, len: u64) -> u64 {
        self.base.saturating_add(self.per_byte.saturating_mul(len))
    }
}
