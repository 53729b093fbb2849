//! The manifest: every vector and its expectation, for readers in any language.
//!
//! `corpus/manifest.schema.json` describes the same form. Nothing here reads or writes files;
//! see [`crate::bake`].

use crate::budget::MemoryBudget;
use crate::consequence::Consequence;
use crate::content::{Content, Part, Piece};
use crate::demands::Demands;
use crate::folder::{FolderEntry, FolderItem};
use crate::id::VectorId;
use crate::provenance::{Provenance, Writer};
use crate::reading::{Bulk, Digest, Reading, to_hex};
use crate::values::values_text;
use crate::vector::{Operation, Outcome, Tier, Vector};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use spec::{Leniency, Limit, REVISION, RuleId, Version};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// What the manifest calls its form.
pub const FORMAT: &str = "safetensors-conformance-corpus";

/// The version of the form; it grows when a reader of the manifest has to change.
pub const FORMAT_VERSION: u32 = 1;

/// The most tensors that a reading lists in the manifest; of a longer one, the digest stands there.
pub const LISTED: u64 = 100;

/// The whole manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The revision of the spec that the expectations follow.
    pub spec_revision: String,
    /// The format versions that have expectations, oldest first.
    pub versions: Vec<Named<Version>>,
    /// How much memory an answer about a file may take, by its `size`.
    pub memory: MemoryBudget,
    /// One row a vector, sorted by id.
    pub vectors: Vec<Row>,
}

/// One vector in the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The permanent id.
    pub id: VectorId,
    /// Where the bytes come from.
    pub content: RowContent,
    /// The path of the index in the folder, where the content is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// What is asked of an implementation; where nothing is said, to read the file.
    #[serde(default, skip_serializing_if = "Operation::is_read")]
    pub operation: Operation,
    /// The length of the file in bytes; in a folder, each file has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The SHA-256 of the file; in a folder, each file has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// One sentence: what is in the file.
    pub summary: String,
    /// The rules that the file is about, the deciding one first.
    pub rules: Vec<Named<RuleId>>,
    /// What goes wrong where a reader gets the file wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consequence: Option<Named<Consequence>>,
    /// Where the file comes from.
    pub provenance: RowProvenance,
    /// The valid file that differs in the one fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<VectorId>,
    /// The recommendations that an accepted sharded model does not follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advises: Vec<Named<RuleId>>,
    /// What each format version says.
    pub expect: BTreeMap<Named<Version>, Expect>,
    /// The correct reading, where some version accepts the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<RowReading>,
    /// What a reader with a leniency gets, where the file is rejected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lenient: Vec<Lenient>,
    /// What the file asks of a reader with limits, where some version accepts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demands: Option<Demands>,
    /// The limits under which a reader may refuse the file: those whose floor it passes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Named<Limit>>,
    /// Where the values of the elements are written down, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<RowValues>,
}

/// A file with the values of the elements of a vector, one a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowValues {
    /// The file, beside the manifest.
    pub path: String,
    /// The SHA-256 of the file.
    pub sha256: Digest,
}

/// Where a vector comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum RowProvenance {
    /// A recipe.
    Recipe {
        /// The file with the recipe, relative to the folder of the corpus.
        recipe: String,
        /// The public report that it re-creates.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<String>,
    },
    /// Released writers.
    Golden {
        /// What they were asked to write, by its name in `golden/models.py`.
        model: String,
        /// Who wrote the file, each as `NAME VERSION`; `golden/golden.json` has the calls.
        written_by: Vec<String>,
    },
}

/// Where the bytes of a vector come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum RowContent {
    /// A stored file, beside the manifest.
    Path(String),
    /// Pieces to be put together: the file is too large to store.
    Pieces(Vec<RowPiece>),
    /// Files and links, to be laid out in a folder of their own.
    Folder(Vec<RowEntry>),
}

/// A file or a link of a folder. `path` is where it has to lie, from the root of that folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, untagged)]
pub enum RowEntry {
    /// A file that is stored.
    Stored {
        /// Where it has to lie.
        path: String,
        /// Where it is stored, from the folder of the manifest.
        file: String,
        /// Its SHA-256.
        sha256: Digest,
        /// Its length in bytes.
        size: u64,
    },
    /// A file that is too large to store.
    Made {
        /// Where it has to lie.
        path: String,
        /// The pieces to be put together.
        pieces: Vec<RowPiece>,
        /// Its SHA-256.
        sha256: Digest,
        /// Its length in bytes.
        size: u64,
    },
    /// A symbolic link.
    Link {
        /// Where it has to lie.
        path: String,
        /// Its target.
        link: String,
    },
}

/// A run of bytes of a file that is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum RowPiece {
    /// These bytes, in hexadecimal digits.
    Hex(String),
    /// These bytes, many times.
    Repeat {
        /// The bytes, in hexadecimal digits.
        hex: String,
        /// How many times.
        count: u64,
    },
    /// These parts, many times, numbered from 0.
    Series {
        /// The parts of one turn.
        parts: Vec<RowPart>,
        /// How many times.
        count: u64,
    },
}

/// A part of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum RowPart {
    /// This text, as UTF-8.
    Text(String),
    /// The number of the turn and `plus`, in at least `digits` decimal digits.
    Number {
        /// What is added to the number of the turn.
        plus: u64,
        /// The least number of digits.
        digits: usize,
    },
}

/// The correct reading of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RowReading {
    /// All of it.
    Full(Reading),
    /// What stands for it, where it has too many tensors to list.
    Bulk(Bulk),
}

/// What one format version says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// The file is valid.
    Accept,
    /// The file breaks this rule and no other.
    Reject(Named<RuleId>),
}

/// What a reader with a leniency gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lenient {
    /// The leniency.
    pub leniency: Named<Leniency>,
    /// Leniencies that the reader must have besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_needs: Vec<Named<Leniency>>,
    /// The reading that it implies.
    pub reading: Reading,
}

/// Something from a closed list, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named<T>(pub T);

impl<T: Display> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        name.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl Manifest {
    /// The manifest of some vectors, in their order.
    #[must_use]
    pub fn of(vectors: &[Vector]) -> Self {
        Self {
            format: FORMAT.to_owned(),
            format_version: FORMAT_VERSION,
            spec_revision: REVISION.to_owned(),
            versions: Version::ALL.map(Named).to_vec(),
            memory: MemoryBudget::default(),
            vectors: vectors.iter().map(Row::of).collect(),
        }
    }

    /// The file `manifest.json`: one line a vector, so that a change is one line of a diff.
    ///
    /// # Errors
    ///
    /// None that a manifest is known to cause; the writer of JSON declares them.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let format = serde_json::to_string(&self.format)?;
        let revision = serde_json::to_string(&self.spec_revision)?;
        let versions = serde_json::to_string(&self.versions)?;
        let memory = serde_json::to_string(&self.memory)?;
        let rows: Vec<String> =
            self.vectors.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        let text = format!(
            "{{\n\"format\":{format},\n\"format_version\":{},\n\"spec_revision\":{revision},\n\
             \"versions\":{versions},\n\"memory\":{memory},\n\"vectors\":[\n{}\n]}}\n",
            self.format_version,
            rows.join(",\n"),
        );
        Ok(text.into_bytes())
    }
}

impl Row {
    fn of(vector: &Vector) -> Self {
        let is_file = vector.operation().is_read();
        let expect = Version::ALL.into_iter().zip(&vector.outcomes);
        let also_needs = vector.also_needs.iter().copied().map(Named);
        let also_needs: Vec<_> = also_needs.collect();
        let lenient = vector.lenient.iter().map(|(leniency, reading)| Lenient {
            leniency: Named(*leniency),
            also_needs: also_needs.clone(),
            reading: reading.clone(),
        });
        Self {
            id: vector.id.clone(),
            content: RowContent::of(vector),
            index: vector.index().map(str::to_owned),
            operation: vector.operation(),
            size: is_file.then(|| vector.content.len()),
            sha256: is_file.then(|| vector.content.digest()),
            summary: vector.summary.clone(),
            rules: vector.rules.iter().copied().map(Named).collect(),
            consequence: vector.consequence.map(Named),
            provenance: (&vector.provenance).into(),
            twin: vector.twin.clone(),
            advises: vector.advises.iter().copied().map(Named).collect(),
            expect: expect.map(|(version, outcome)| (Named(version), outcome.into())).collect(),
            reading: vector.reading.as_ref().map(RowReading::from),
            lenient: lenient.collect(),
            demands: vector.demands.clone(),
            limits: vector.limits().into_iter().map(Named).collect(),
            values: values_text(vector).map(|text| RowValues {
                path: format!("values/{}.txt", vector.id),
                sha256: Digest::of(text.as_bytes()),
            }),
        }
    }

    /// When the vector is run: a file that is not stored is a giant.
    #[must_use]
    pub fn tier(&self) -> Tier {
        let made = |entry: &RowEntry| matches!(entry, RowEntry::Made { .. });
        match &self.content {
            RowContent::Pieces(_) => Tier::Giant,
            RowContent::Folder(entries) if entries.iter().any(made) => Tier::Giant,
            RowContent::Path(_) | RowContent::Folder(_) => Tier::Stored,
        }
    }
}

impl RowContent {
    fn of(vector: &Vector) -> Self {
        match &vector.content {
            Content::Bytes(_) => Self::Path(vector.path().unwrap_or_default()),
            Content::OnDemand { pieces, .. } => {
                Self::Pieces(pieces.iter().map(RowPiece::from).collect())
            }
            Content::Folder(folder) => {
                let entries = folder.entries.iter();
                Self::Folder(entries.map(|entry| RowEntry::of(&vector.id, entry)).collect())
            }
        }
    }
}

impl From<&Provenance> for RowProvenance {
    fn from(provenance: &Provenance) -> Self {
        match provenance {
            Provenance::Recipe { file, report } => {
                Self::Recipe { recipe: file.clone(), report: report.clone() }
            }
            Provenance::Golden { file: _, model, written_by } => {
                let name = |by: &Writer| format!("{} {}", by.writer, by.version);
                Self::Golden {
                    model: model.clone(),
                    written_by: written_by.iter().map(name).collect(),
                }
            }
        }
    }
}

impl RowEntry {
    fn of(id: &VectorId, entry: &FolderEntry) -> Self {
        let path = entry.path.clone();
        let size = entry.item.len();
        let sha256 = || Digest::of(&entry.item.bytes());
        match &entry.item {
            FolderItem::Bytes(_) => {
                Self::Stored { path, file: stored_path(id, &entry.path), sha256: sha256(), size }
            }
            FolderItem::OnDemand(pieces) => {
                let pieces = pieces.iter().map(RowPiece::from).collect();
                Self::Made { path, pieces, sha256: sha256(), size }
            }
            FolderItem::Link(link) => Self::Link { path, link: link.clone() },
        }
    }
}

/// Where a file of a folder is stored, from the folder of the manifest. A path that not every
/// system takes is stored under a name that every system does.
pub(crate) fn stored_path(id: &VectorId, path: &str) -> String {
    let plain = |character: char| {
        let kept = character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
        if kept { character } else { '_' }
    };
    let component = |name: &str| {
        let name: String = name.chars().map(plain).collect();
        name.strip_suffix('.').map(|rest| format!("{rest}_")).unwrap_or(name)
    };
    let components: Vec<String> = path.split('/').map(component).collect();
    format!("vectors/{id}/{}", components.join("/"))
}

impl From<&Piece> for RowPiece {
    fn from(piece: &Piece) -> Self {
        match piece {
            Piece::Bytes(bytes) => Self::Hex(to_hex(bytes)),
            Piece::Repeat(bytes, count) => Self::Repeat { hex: to_hex(bytes), count: *count },
            Piece::Series(parts, count) => {
                Self::Series { parts: parts.iter().map(RowPart::from).collect(), count: *count }
            }
        }
    }
}

impl From<&Part> for RowPart {
    fn from(part: &Part) -> Self {
        match part {
            Part::Text(text) => Self::Text(text.clone()),
            Part::Number { plus, digits } => Self::Number { plus: *plus, digits: *digits },
        }
    }
}

impl From<&Reading> for RowReading {
    fn from(reading: &Reading) -> Self {
        // Only a long one is hashed.
        let long = Some(reading).filter(|reading| reading.tensors_stated() > LISTED);
        match long.and_then(Reading::as_bulk) {
            Some(bulk) => Self::Bulk(bulk),
            None => Self::Full(reading.clone()),
        }
    }
}

impl From<&Outcome> for Expect {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Accept => Self::Accept,
            Outcome::Reject(rule) => Self::Reject(Named(*rule)),
        }
    }
}
