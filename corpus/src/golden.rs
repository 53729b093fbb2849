//! Files that released writers wrote: `golden/golden.json` and the files beside it, as vectors.
//!
//! What is expected of them was written down by the script that made them, from what the writers
//! were handed; nothing here changes a byte.

use crate::consequence::Consequence;
use crate::content::Content;
use crate::demands::Demands;
use crate::id::VectorId;
use crate::manifest::Named;
use crate::provenance::{Provenance, Writer};
use crate::reading::{Digest, Reading, cut_out};
use crate::values::Payloads;
use crate::vector::{Outcome, Tier, Vector};
use serde::Deserialize;
use spec::{File, Leniencies, Leniency, RuleId, Version, examine};
use std::sync::LazyLock;

/// The area of the vectors.
pub(crate) const AREA: &str = "golden";

/// Every golden file by its path below `golden/`.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/golden.rs"));

/// The file `golden.json`.
pub(crate) const INDEX_TEXT: &str = include_str!("../golden/golden.json");

static INDEX: LazyLock<Result<Index, serde_json::Error>> =
    LazyLock::new(|| serde_json::from_str(INDEX_TEXT));

/// The form of `golden.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    format: String,
    format_version: u32,
    files: Vec<Entry>,
    /// What a writer was asked for and did not write; for people.
    #[serde(rename = "left_out")]
    _left_out: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    sha256: Digest,
    size: u64,
    model: String,
    summary: String,
    written_by: Vec<Writer>,
    since: Named<Version>,
    expect: Expect,
    #[serde(default)]
    reading: Option<Reading>,
    #[serde(default)]
    lenient: Vec<Lenient>,
    #[serde(default)]
    twin: Option<String>,
    #[serde(default, rename = "reason")]
    _reason: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Accept,
    Reject(Named<RuleId>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lenient {
    leniency: Named<Leniency>,
    reading: Reading,
}

/// The vectors; none if the index is no index, which [`faults`] says.
pub(crate) fn vectors() -> Vec<Vector> {
    let Ok(index) = &*INDEX else { return Vec::new() };
    index.files.iter().map(|entry| vector(entry, &index.files)).collect()
}

/// What is wrong with the files and their index, apart from what the vectors say.
pub(crate) fn faults() -> Vec<String> {
    let index = match &*INDEX {
        Ok(index) => index,
        Err(error) => return vec![format!("golden.json is no index of golden files: {error}")],
    };
    let mut faults = Vec::new();
    if (index.format.as_str(), index.format_version) != ("safetensors-golden-files", 1) {
        faults.push(format!("golden.json is `{}` {}", index.format, index.format_version));
    }
    for entry in &index.files {
        let bytes = bytes(&entry.path);
        match bytes.map(Digest::of) {
            None => faults.push(format!("{}: there is no such file", entry.path)),
            Some(found) if found != entry.sha256 => {
                faults.push(format!("{}: other bytes than golden.json says", entry.path));
            }
            Some(_) => {}
        }
        if bytes.is_some_and(|bytes| u64::try_from(bytes.len()) != Ok(entry.size)) {
            faults.push(format!("{}: another size than golden.json says", entry.path));
        }
    }
    for (path, _) in FILES {
        if !index.files.iter().any(|entry| entry.path == *path) {
            faults.push(format!("{path}: golden.json does not know it"));
        }
    }
    faults
}

fn bytes(path: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, bytes)| *bytes)
}

/// `candle/0.11.1/dtypes.safetensors` is `golden/candle-0-11-1-dtypes`.
fn id(path: &str) -> VectorId {
    let name = path.strip_suffix(".safetensors").unwrap_or(path);
    VectorId::of_recipe(&format!("{AREA}/{}", name.replace(['/', '.', '_'], "-")))
}

fn vector(entry: &Entry, all: &[Entry]) -> Vector {
    let bytes = bytes(&entry.path).unwrap_or_default();
    let since = entry.since.0;
    let (rules, latest) = match entry.expect {
        Expect::Accept => (vec![RuleId::Ver1], Outcome::Accept),
        Expect::Reject(Named(rule)) => (vec![rule], Outcome::Reject(rule)),
    };
    let consequence = match &latest {
        Outcome::Accept => Consequence::of_failing(RuleId::Ver1),
        Outcome::Reject(rule) => Consequence::of_accepting(*rule),
    };
    let outcome = |version| {
        if version < since { Outcome::Reject(RuleId::Dt2) } else { latest.clone() }
    };
    let header_len = bytes.first_chunk().map_or(0, |field| u64::from_le_bytes(*field));
    let data_len = entry.size.saturating_sub(8).saturating_sub(header_len);
    let lenient = entry.lenient.iter();
    Vector {
        id: id(&entry.path),
        summary: entry.summary.clone(),
        rules,
        consequence,
        provenance: Provenance::Golden {
            file: format!("golden/{}", entry.path),
            model: entry.model.clone(),
            written_by: entry.written_by.clone(),
        },
        advises: Vec::new(),
        twin: entry.twin.as_deref().or_else(|| older(entry, all)).map(id),
        outcomes: Version::ALL.map(outcome),
        demands: entry.reading.as_ref().map(|read| Demands::of(read, header_len, data_len)),
        reading: entry.reading.clone(),
        lenient: lenient.map(|one| (one.leniency.0, one.reading.clone())).collect(),
        also_needs: Vec::new(),
        payloads: payloads(bytes),
        valued: false,
        tier: Tier::Stored,
        content: Content::Bytes(bytes.to_vec()),
    }
}

/// The bytes of the tensors. They count only where their digests are those that are stated.
fn payloads(bytes: &[u8]) -> Payloads {
    let examined = examine(File::whole(bytes), Version::LATEST, &Leniencies::all());
    let tensors = examined
        .reading()
        .into_iter()
        .flat_map(|read| read.tensors().map(|tensor| cut_out(bytes, read, &tensor)));
    Payloads::of(tensors)
}

/// A valid file of the first format version for one that needs a later one: of the same writer,
/// and of the same version of it if there is one.
fn older<'e>(entry: &Entry, all: &'e [Entry]) -> Option<&'e str> {
    if entry.since.0 == Version::V1_0 {
        return None;
    }
    let of =
        |entry: &Entry| entry.written_by.first().map(|by| (by.writer.clone(), by.version.clone()));
    let (writer, version) = of(entry)?;
    let old =
        |other: &&Entry| matches!(other.expect, Expect::Accept) && other.since.0 == Version::V1_0;
    let likeness = |other: &&Entry| {
        let own = of(other);
        let is_writer = own.as_ref().is_some_and(|(name, _)| *name == writer);
        (is_writer && own.is_some_and(|(_, number)| number == version), is_writer)
    };
    let best = all.iter().filter(old).max_by_key(likeness)?;
    Some(&best.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_golden_file_is_a_vector_and_nothing_is_wrong_with_them() {
        assert_eq!(faults(), Vec::<String>::new());
        assert_eq!(vectors().len(), FILES.len());
        assert!(FILES.len() > 100);
    }

    #[test]
    fn an_id_is_made_of_writer_version_and_model() {
        assert_eq!(id("candle/0.11.1/dtypes.safetensors").as_str(), "golden/candle-0-11-1-dtypes");
        assert!(vectors().iter().all(|vector| vector.id.as_str().parse::<VectorId>().is_ok()));
    }

    #[test]
    fn a_file_of_a_later_version_has_a_twin_that_older_readers_take() {
        let all = vectors();
        let of = |id: &VectorId| all.iter().find(|vector| vector.id == *id).unwrap();
        let newer = all.iter().filter(|v| v.outcomes[0] == Outcome::Reject(RuleId::Dt2));
        let mut seen = 0;
        for vector in newer {
            assert_eq!(of(vector.twin.as_ref().unwrap()).outcomes[0], Outcome::Accept);
            seen += 1;
        }
        assert!(seen > 5, "{seen}");
    }
}
