//! A vector: one file with a permanent id, what is expected of it, and which rule decides.

use crate::id::VectorId;
use crate::reading::Reading;
use spec::{Leniency, RuleId, Version};

/// One file of the corpus and all that is known of it.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The permanent id; it names the situation, never the answer.
    pub id: VectorId,
    /// One sentence: what is in the file.
    pub summary: String,
    /// The rules that the file is about, the deciding one first.
    pub rules: Vec<RuleId>,
    /// The valid file that differs from this one in its one fault; on every vector that some
    /// version rejects, and on no other.
    pub twin: Option<VectorId>,
    /// What each format version says, in the order of [`Version::ALL`].
    pub outcomes: [Outcome; 5],
    /// The correct reading, if some version accepts the file.
    pub reading: Option<Reading>,
    /// For each leniency that accepts the file although it is invalid: the reading that it implies.
    pub lenient: Vec<(Leniency, Reading)>,
    /// When the vector is run.
    pub tier: Tier,
    /// The bytes.
    pub content: Content,
}

/// What one format version says of a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The file is valid.
    Accept,
    /// The file breaks this rule and no other.
    Reject(RuleId),
}

/// What a run expects of one vector under one format version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation<'a> {
    /// The file is valid, and this is what is in it.
    Accept(&'a Reading),
    /// The file breaks this one rule; under the leniencies, these are the readings.
    Reject(RuleId, &'a [(Leniency, Reading)]),
}

/// When a vector is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Stored in the repository and run by default.
    Stored,
    /// Too large to store: made on demand, and run when asked for.
    Giant,
}

/// Where the bytes of a vector come from.
#[derive(Clone)]
pub enum Content {
    /// The bytes themselves, at most 64 KiB.
    Bytes(Vec<u8>),
    /// A recipe that makes the bytes.
    OnDemand(fn() -> Vec<u8>),
}

impl Vector {
    /// What a run expects of the vector under a format version; `None` where the version accepts
    /// the file and the vector states no reading, which the lint refuses.
    #[must_use]
    pub fn expectation(&self, version: Version) -> Option<Expectation<'_>> {
        let position = Version::ALL.iter().position(|known| *known == version)?;
        match self.outcomes.get(position)? {
            Outcome::Accept => self.reading.as_ref().map(Expectation::Accept),
            Outcome::Reject(rule) => Some(Expectation::Reject(*rule, &self.lenient)),
        }
    }

    /// The bytes, made if they are not stored.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match &self.content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::OnDemand(recipe) => recipe(),
        }
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::OnDemand(_) => f.write_str("made on demand"),
        }
    }
}
