//! Holds vectors against the oracle and against what a corpus owes its readers.
//!
//! A pure function from vectors to findings; it repairs nothing and reads no file. The recipes
//! are authored, the oracle is computed: a finding says that the two disagree, not which is right.

mod folder;

use crate::folder::Folder;
use crate::id::VectorId;
use crate::reading::Reading;
use crate::recipes::AREAS;
use crate::vector::{Content, Outcome, Tier, Vector};
use spec::{
    DTYPES, Dtype, Examination, File, LENIENCIES, Leniencies, Leniency, RuleId, Version, examine,
    file_musts,
};
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes that a stored vector has.
pub const MAX_STORED_LEN: u64 = 64 * 1024;

/// The areas whose files may have an N that is no multiple of 8.
const UNALIGNED_AREAS: [&str; 2] = ["framing", "alignment"];

/// Something that is wrong with the corpus.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The id does not parse.
    #[error("`{0}` is not a vector id")]
    MalformedId(VectorId),
    /// The first half of the id is no area.
    #[error("`{0}` is in no area")]
    UnknownArea(VectorId),
    /// Two vectors have this id.
    #[error("`{0}` is the id of two vectors")]
    RepeatedId(VectorId),
    /// The summary is not one sentence.
    #[error("`{0}`: the summary is not one sentence")]
    Summary(VectorId),
    /// The vector names no rule, one twice, or not first the rule for which it is rejected.
    #[error("`{0}`: the rules are not a list that opens with the one that decides")]
    Rules(VectorId),
    /// Two vectors are the same file.
    #[error("`{0}` and `{1}` are the same bytes")]
    SameBytes(VectorId, VectorId),
    /// Two tensors of one file have the same bytes, so that a reader could swap them unseen.
    #[error("`{0}`: two tensors have the same bytes")]
    SamePayload(VectorId),
    /// A stored file is too large, or a large one is stored.
    #[error("`{0}`: {1} bytes do not fit the tier")]
    Size(VectorId, u64),
    /// N is no multiple of 8, and alignment is not what the vector is about.
    #[error("`{0}`: N is {1}, no multiple of 8, outside the areas that are about it")]
    Unaligned(VectorId, u64),
    /// The oracle does not say what the vector says.
    #[error("`{id}` under {version}: stated {stated:?}, the oracle finds {found:?}")]
    Outcome {
        /// The vector.
        id: VectorId,
        /// The format version.
        version: Version,
        /// What the vector states.
        stated: Outcome,
        /// The rules that the oracle finds broken; none if it accepts.
        found: Vec<RuleId>,
    },
    /// The oracle accepts the file and reads something else.
    #[error("`{0}` under {1}: the oracle reads something else")]
    Reading(VectorId, Version),
    /// There is a reading or there are demands without an accepting version, or the reverse.
    #[error("`{0}`: reading and demands stand on accepted files, and on no others")]
    Evidence(VectorId),
    /// The file is rejected and has no twin, or is accepted everywhere and has one.
    #[error("`{0}`: a twin stands on files that some version rejects, and on no others")]
    Twin(VectorId),
    /// The twin does not exist, is the vector itself, or is not accepted where it has to be.
    #[error("`{0}`: the twin `{1}` is not a file that is valid where this one is not")]
    UselessTwin(VectorId, VectorId),
    /// A listed leniency does not accept the file, or reads something else.
    #[error("`{0}`: under `{1}` the oracle does not read what is stated")]
    Lenient(VectorId, Leniency),
    /// A leniency that is not listed accepts the file.
    #[error("`{0}`: `{1}` accepts the file and is not listed")]
    Unlisted(VectorId, Leniency),
    /// The folder of a sharded model is not of the form.
    #[error("`{0}`: {1}")]
    Folder(VectorId, &'static str),
    /// The oracle gives other advice on a sharded model.
    #[error("`{id}` under {version}: stated advice {stated:?}, the oracle gives {found:?}")]
    Advice {
        /// The vector.
        id: VectorId,
        /// The format version.
        version: Version,
        /// The recommendations that the vector says are not followed.
        stated: Vec<RuleId>,
        /// Those that the oracle names.
        found: Vec<RuleId>,
    },
    /// No vector that names the rule is accepted.
    #[error("{0}: no accepting vector")]
    NoAccept(RuleId),
    /// No vector is rejected for the rule.
    #[error("{0}: no rejecting vector")]
    NoReject(RuleId),
    /// No sharded model is accepted with advice on this rule.
    #[error("{0}: no accepting vector that does not follow it")]
    NoAdvice(RuleId),
    /// No vector shows the dtype in the version: accepted, or refused as unknown.
    #[error("{0} under {1}: no vector")]
    NoDtype(Dtype, Version),
    /// No vector has a reading under the leniency.
    #[error("`{0}`: no vector")]
    NoLenient(Leniency),
}

/// Everything that is wrong with these vectors, as a corpus.
///
/// Vectors of the giant tier are held against the newest version only, and without leniencies.
#[must_use]
pub fn lint(vectors: &[Vector]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let mut contents = BTreeMap::new();
    let mut folders: BTreeMap<&Folder, &VectorId> = BTreeMap::new();
    for vector in vectors {
        if !seen.insert(&vector.id) {
            findings.push(Finding::RepeatedId(vector.id.clone()));
        }
        statements(vector, &mut findings);
        twin(vector, vectors, &mut findings);
        payloads(vector, &mut findings);
        if let Content::Folder(model) = &vector.content {
            folder::check(vector, model, &mut findings);
            if let Some(other) = folders.insert(model, &vector.id) {
                findings.push(Finding::SameBytes(other.clone(), vector.id.clone()));
            }
            continue;
        }
        let bytes = vector.bytes();
        file(vector, &bytes, &mut findings);
        outcomes(vector, &bytes, &mut findings);
        if vector.tier == Tier::Stored {
            leniencies(vector, &bytes, &mut findings);
            if let Some(other) = contents.insert(bytes, &vector.id) {
                findings.push(Finding::SameBytes(other.clone(), vector.id.clone()));
            }
        }
    }
    coverage(vectors, &mut findings);
    findings
}

fn statements(vector: &Vector, findings: &mut Vec<Finding>) {
    let id = || vector.id.clone();
    if vector.id.as_str().parse::<VectorId>().is_err() {
        findings.push(Finding::MalformedId(id()));
    }
    if !AREAS.iter().any(|area| area.name == vector.id.area()) {
        findings.push(Finding::UnknownArea(id()));
    }
    let summary = vector.summary.as_str();
    if !summary.ends_with('.') || summary.contains(". ") || summary.contains('\n') {
        findings.push(Finding::Summary(id()));
    }
    let first = vector.rules.first();
    let decided = match vector.outcomes.last() {
        Some(Outcome::Reject(rule)) => first == Some(rule),
        Some(Outcome::Accept) | None => first.is_some(),
    };
    let each_once = vector.rules.iter().collect::<BTreeSet<_>>().len() == vector.rules.len();
    if !decided || !each_once {
        findings.push(Finding::Rules(id()));
    }
    let accepted = vector.outcomes.contains(&Outcome::Accept);
    // No limit is defined for a sharded model as a whole.
    let asks = accepted && vector.operation().is_read();
    if accepted != vector.reading.is_some() || asks != vector.demands.is_some() {
        findings.push(Finding::Evidence(id()));
    }
}

fn twin(vector: &Vector, vectors: &[Vector], findings: &mut Vec<Finding>) {
    let rejecting = newest_rejecting(vector);
    match (&vector.twin, rejecting) {
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => findings.push(Finding::Twin(vector.id.clone())),
        (Some(twin), Some(version)) => {
            let valid = vectors.iter().any(|other| {
                other.id == *twin
                    && other.id != vector.id
                    && other.outcome(version) == Some(&Outcome::Accept)
            });
            if !valid {
                findings.push(Finding::UselessTwin(vector.id.clone(), twin.clone()));
            }
        }
    }
}

/// The newest version that rejects the file.
fn newest_rejecting(vector: &Vector) -> Option<Version> {
    let rejects = |version: &Version| matches!(vector.outcome(*version), Some(Outcome::Reject(_)));
    Version::ALL.into_iter().rev().find(rejects)
}

fn file(vector: &Vector, bytes: &[u8], findings: &mut Vec<Finding>) {
    let len = vector.content.len();
    if (len <= MAX_STORED_LEN) != (vector.tier == Tier::Stored) {
        findings.push(Finding::Size(vector.id.clone(), len));
    }
    let header_len = bytes.first_chunk::<8>().map_or(0, |field| u64::from_le_bytes(*field));
    if !header_len.is_multiple_of(8) && !UNALIGNED_AREAS.contains(&vector.id.area()) {
        findings.push(Finding::Unaligned(vector.id.clone(), header_len));
    }
}

fn payloads(vector: &Vector, findings: &mut Vec<Finding>) {
    let tensors = vector.reading.iter().flat_map(Reading::tensors);
    let mut digests: Vec<_> =
        tensors.filter(|tensor| !tensor.shape.contains(&0)).map(|tensor| tensor.sha256).collect();
    digests.sort_unstable();
    if digests.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        findings.push(Finding::SamePayload(vector.id.clone()));
    }
}

fn outcomes(vector: &Vector, bytes: &[u8], findings: &mut Vec<Finding>) {
    for (version, stated) in Version::ALL.into_iter().zip(&vector.outcomes) {
        if vector.tier == Tier::Giant && version != Version::LATEST {
            continue;
        }
        let found = examine(File::whole(bytes), version, &Leniencies::none());
        let rules = broken(&found);
        let agreed = match stated {
            Outcome::Accept => rules.is_empty(),
            Outcome::Reject(rule) => rules == [*rule],
        };
        if !agreed {
            let (id, stated) = (vector.id.clone(), stated.clone());
            findings.push(Finding::Outcome { id, version, stated, found: rules });
        } else if rules.is_empty() && reading(&found, bytes) != vector.reading {
            findings.push(Finding::Reading(vector.id.clone(), version));
        }
    }
}

/// The rules that a strict look finds broken, each once.
fn broken(examination: &Examination<'_>) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> = match examination {
        Examination::Accepted { .. } => Vec::new(),
        Examination::Refused { violations, .. } => violations.iter().map(|v| v.rule).collect(),
    };
    rules.dedup();
    rules
}

fn leniencies(vector: &Vector, bytes: &[u8], findings: &mut Vec<Finding>) {
    let Some(version) = newest_rejecting(vector) else {
        return;
    };
    for row in LENIENCIES {
        let stated = vector.lenient.iter().find(|(leniency, _)| *leniency == row.leniency);
        let alone: Leniencies = [row.leniency].into_iter().collect();
        let got = reading(&examine(File::whole(bytes), version, &alone), bytes);
        match stated {
            Some((leniency, stated)) => {
                let with: Leniencies =
                    vector.also_needs.iter().copied().chain([*leniency]).collect();
                let together = reading(&examine(File::whole(bytes), version, &with), bytes);
                let needed = vector.also_needs.is_empty() || got.is_none();
                if together.as_ref() != Some(stated) || !needed {
                    findings.push(Finding::Lenient(vector.id.clone(), *leniency));
                }
            }
            None if got.is_some() => {
                findings.push(Finding::Unlisted(vector.id.clone(), row.leniency));
            }
            None => {}
        }
    }
}

/// What the oracle read, in the form in which vectors state it.
fn reading(examination: &Examination<'_>, bytes: &[u8]) -> Option<Reading> {
    examination.reading().map(|read| Reading::of_file(read, bytes))
}

fn coverage(vectors: &[Vector], findings: &mut Vec<Finding>) {
    for rule in file_musts() {
        let accepted = vectors.iter().filter(|v| v.outcomes.contains(&Outcome::Accept));
        if !accepted.into_iter().any(|v| v.rules.contains(&rule.id)) {
            findings.push(Finding::NoAccept(rule.id));
        }
        if !vectors.iter().any(|v| v.outcomes.contains(&Outcome::Reject(rule.id))) {
            findings.push(Finding::NoReject(rule.id));
        }
    }
    folder::coverage(vectors, findings);
    for row in DTYPES {
        for version in Version::ALL {
            if !vectors.iter().any(|vector| shows(vector, row.dtype, version)) {
                findings.push(Finding::NoDtype(row.dtype, version));
            }
        }
    }
    for row in LENIENCIES {
        if !vectors.iter().any(|v| v.lenient.iter().any(|(l, _)| *l == row.leniency)) {
            findings.push(Finding::NoLenient(row.leniency));
        }
    }
}

/// Whether a vector shows what a version makes of a dtype: no other dtype is in the file.
fn shows(vector: &Vector, dtype: Dtype, version: Version) -> bool {
    let tensors = vector.reading.as_ref().map_or(&[][..], Reading::tensors);
    let expected =
        if dtype.since() <= version { Outcome::Accept } else { Outcome::Reject(RuleId::Dt2) };
    vector.operation().is_read()
        && !tensors.is_empty()
        && tensors.iter().all(|tensor| tensor.dtype == dtype.name())
        && vector.outcome(version) == Some(&expected)
}

#[cfg(test)]
mod tests;
