//! A vector: one file, or one sharded model, with a permanent id, what is expected of it, and which rule decides.

use crate::consequence::Consequence;
use crate::content::Content;
use crate::demands::{Demands, LimitValue};
use crate::id::VectorId;
use crate::provenance::Provenance;
use crate::reading::Reading;
use crate::values::Payloads;
use serde::{Deserialize, Serialize};
use spec::{File, Leniency, Limit, PrefixTooShort, RuleId, Version};

/// One file of the corpus and all that is known of it.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The permanent id; it names the situation, never the answer.
    pub id: VectorId,
    /// One sentence: what is in the file.
    pub summary: String,
    /// The rules that the file is about, the deciding one first.
    pub rules: Vec<RuleId>,
    /// What goes wrong where a reader gets the file wrong; `None` only where nobody has said it
    /// of the deciding rule, which the lint refuses.
    pub consequence: Option<Consequence>,
    /// Where the file comes from.
    pub provenance: Provenance,
    /// The valid file that differs from this one in its one fault; on every vector that some
    /// version rejects, and on no other.
    pub twin: Option<VectorId>,
    /// What each format version says, in the order of [`Version::ALL`].
    pub outcomes: [Outcome; Version::ALL.len()],
    /// The recommendations that an accepted sharded model does not follow, in the order of
    /// [`spec::RULES`]; of a single file none are stated.
    pub advises: Vec<RuleId>,
    /// The correct reading, if some version accepts the file.
    pub reading: Option<Reading>,
    /// For each leniency that accepts the file although it is invalid: the reading that it implies.
    pub lenient: Vec<(Leniency, Reading)>,
    /// Leniencies that a reader must have besides one of [`Self::lenient`] to accept the file:
    /// empty unless one fault stands inside another.
    pub also_needs: Vec<Leniency>,
    /// What the file asks of a reader with limits, if some version accepts it.
    pub demands: Option<Demands>,
    /// When the vector is run.
    pub tier: Tier,
    /// The bytes.
    pub content: Content,
    /// The bytes of the tensors of every reading that is stated.
    pub payloads: Payloads,
    /// Whether the values of the elements are written down in `corpus/values/`.
    pub valued: bool,
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

/// What a vector asks of an implementation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// To read a file: names, dtypes, shapes, bytes and metadata.
    #[default]
    Read,
    /// To read a sharded model by its index.
    ReadIndex,
}

impl Vector {
    /// What a run expects of the vector under a format version; `None` where the version accepts
    /// the file and the vector states no reading, which the lint refuses.
    #[must_use]
    pub fn expectation(&self, version: Version) -> Option<Expectation<'_>> {
        match self.outcome(version)? {
            Outcome::Accept => self.reading.as_ref().map(Expectation::Accept),
            // A leniency relaxes one rule; in a version in which another decides, or which lacks a
            // dtype of what would be read, it changes nothing.
            Outcome::Reject(rule) => {
                let applies = self.lenient.iter().all(|(leniency, reading)| {
                    leniency.relaxes() == *rule && reading.fits(version)
                });
                Some(Expectation::Reject(*rule, if applies { &self.lenient } else { &[] }))
            }
        }
    }

    /// What one format version says of the file.
    #[must_use]
    pub fn outcome(&self, version: Version) -> Option<&Outcome> {
        let position = Version::ALL.iter().position(|known| *known == version)?;
        self.outcomes.get(position)
    }

    /// Where the file is stored, from the folder of the corpus; `None` for one that is made on
    /// demand, and for a folder, whose files have paths of their own.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match (&self.content, &self.provenance) {
            (Content::Bytes(_), Provenance::Golden { file, .. }) => Some(file.clone()),
            (Content::Bytes(_), Provenance::Recipe { .. }) => {
                Some(format!("vectors/{}.safetensors", self.id))
            }
            (Content::OnDemand { .. } | Content::Folder(_), _) => None,
        }
    }

    /// The limits under which a reader may refuse the file although it is valid.
    #[must_use]
    pub fn limits(&self) -> Vec<Limit> {
        self.demands.as_ref().map(Demands::beyond_floors).unwrap_or_default()
    }

    /// Whether a reader that declares a limit with this value may refuse the file for it; never
    /// so for a file that no version accepts.
    #[must_use]
    pub fn limit_exceeded(&self, limit: Limit, value: &LimitValue) -> bool {
        self.demands.as_ref().is_some_and(|demands| demands.exceeds(limit, value))
    }

    /// What the vector asks of an implementation.
    #[must_use]
    pub fn operation(&self) -> Operation {
        match &self.content {
            Content::Bytes(_) | Content::OnDemand { .. } => Operation::Read,
            Content::Folder(_) => Operation::ReadIndex,
        }
    }

    /// The path of the index in the folder of a sharded model.
    #[must_use]
    pub fn index(&self) -> Option<&str> {
        match &self.content {
            Content::Bytes(_) | Content::OnDemand { .. } => None,
            Content::Folder(folder) => Some(&folder.index),
        }
    }

    /// As much of the file as the oracle looks at: the length field, and the header text if the
    /// file has it.
    #[must_use]
    pub fn head(&self) -> Vec<u8> {
        let (len, mut head) = (self.content.len(), Vec::new());
        while let Err(PrefixTooShort { needed }) = File::prefix(&head, len) {
            head = self.content.range(0..needed);
        }
        head
    }

    /// The bytes, made if they are not stored; of a folder, those of its files one after the
    /// other.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut made = Vec::new();
        self.content.each_block(|block| made.extend_from_slice(block));
        made
    }
}

impl Operation {
    /// Whether it is [`Operation::Read`], which is what a vector asks where nothing is said.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipes::find;

    fn vector(id: &str) -> &'static Vector {
        find(&id.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_expectation_follows_the_version() {
        let f4 = vector("dtypes/f4-row");
        assert_eq!(f4.expectation(Version::V1_1), Some(Expectation::Reject(RuleId::Dt2, &[])));
        let reading = f4.reading.as_ref().unwrap();
        assert_eq!(f4.expectation(Version::V1_2), Some(Expectation::Accept(reading)));
        let unread = Vector { reading: None, ..f4.clone() };
        assert_eq!(unread.expectation(Version::V1_2), None);
    }

    #[test]
    fn a_leniency_gives_no_dtype_that_came_later() {
        let map = vector("dtypes/map-of-newer");
        assert_eq!(map.expectation(Version::V1_0), Some(Expectation::Reject(RuleId::Dt1, &[])));
        let lenient = Expectation::Reject(RuleId::Dt1, &map.lenient);
        assert_eq!(map.expectation(Version::V1_1), Some(lenient));
        assert!(!map.lenient.is_empty());
    }

    #[test]
    fn a_limit_is_exceeded_only_by_files_that_are_accepted() {
        let long = vector("names/length-over-portable-floor");
        assert!(long.limit_exceeded(Limit::NameLength, &LimitValue::Number(255)));
        assert!(!long.limit_exceeded(Limit::NameLength, &LimitValue::Number(256)));
        let rejected = vector("layout/end-far-past-file");
        assert!(!rejected.limit_exceeded(Limit::WordSize, &LimitValue::Number(0)));
        let giant = vector("framing/header-over-portable-floor");
        assert!(giant.limit_exceeded(Limit::HeaderLength, &LimitValue::Number(25_000_000)));
    }
}
