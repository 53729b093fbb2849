//! Holds vectors against the oracle and against what a corpus owes its readers.
//!
//! A pure function from vectors to findings; it repairs nothing and reads no file. The recipes
//! are authored, the oracle is computed: a finding says that the two disagree, not which is right.

mod folder;

use crate::content::Content;
use crate::demands::Demands;
use crate::folder::Folder;
use crate::golden;
use crate::id::VectorId;
use crate::provenance::Provenance;
use crate::reading::{Digest, Reading, Text, place_of};
use crate::recipes::{AREAS, RETIRED};
use crate::vector::{Expectation, Outcome, Tier, Vector};
use spec::{
    DTYPES, Dtype, Examination, File, LENIENCIES, Leniencies, Leniency, RuleId, Version, examine,
    file_musts,
};
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes that a stored vector has.
pub const MAX_STORED_LEN: u64 = 64 * 1024;

/// The longest tensor that the lint hashes itself, in bytes.
const MAX_HASHED: u64 = 1 << 20;

/// The areas whose files may have an N that is no multiple of 8.
const UNALIGNED_AREAS: [&str; 3] = ["framing", "alignment", golden::AREA];

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
    /// The id was another vector's once.
    #[error("`{0}` was the id of a vector that is no longer there")]
    RetiredId(VectorId),
    /// The summary is not one sentence.
    #[error("`{0}`: the summary is not one sentence")]
    Summary(VectorId),
    /// The vector names no rule, one twice, or not first the rule for which it is rejected.
    #[error("`{0}`: the rules are not a list that opens with the one that decides")]
    Rules(VectorId),
    /// Nobody has said what goes wrong where a reader gets the file wrong.
    #[error("`{0}`: no consequence; `consequence.rs` has none for its deciding rule")]
    Consequence(VectorId),
    /// The report that the vector re-creates is no address.
    #[error("`{0}`: the report `{1}` is no address that opens with https://")]
    Report(VectorId, String),
    /// Two vectors are the same file.
    #[error("`{0}` and `{1}` are the same bytes")]
    SameBytes(VectorId, VectorId),
    /// The digest that is stated of a giant is not that of its bytes.
    #[error("`{id}`: the stated digest is {stated}, the file has {found}")]
    Digest {
        /// The vector.
        id: VectorId,
        /// The digest that the recipe states.
        stated: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
    /// What stands for a long reading is not what the reading gives.
    #[error("`{id}`: the reading has {listed} tensors and the digest {}", shown(found.as_ref()))]
    Bulk {
        /// The vector.
        id: VectorId,
        /// How many tensors the reading has.
        listed: usize,
        /// The digest of the reading as JSON; `None` if it cannot be written.
        found: Option<Digest>,
    },
    /// A golden file is not what its index says.
    #[error("golden/{0}")]
    Golden(String),
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
    /// The demands are not those of the reading and the lengths.
    #[error("`{0}`: the demands are not those of its reading")]
    Demands(VectorId),
    /// There is a reading or there are demands without an accepting version, or the reverse.
    #[error("`{0}`: reading and demands stand on accepted files, and on no others")]
    Evidence(VectorId),
    /// The bytes of a tensor of a reading are not at hand, so that values could not be judged.
    #[error("`{0}`: the bytes of a tensor that a reading states are not there")]
    Payload(VectorId),
    /// Values are to be written down of a file that is not stored, or has no reading.
    #[error("`{0}`: values are written down of stored files with a reading, and of no others")]
    Values(VectorId),
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

fn shown(digest: Option<&Digest>) -> String {
    digest.map_or_else(|| "of nothing".to_owned(), Digest::to_string)
}

/// Everything that is wrong with these vectors, as a corpus.
///
/// Vectors of the giant tier are held against the newest version only, and only against the
/// leniencies that are stated of them; their stated digests are believed, and [`hashed`] checks
/// those.
#[must_use]
pub fn lint(vectors: &[Vector]) -> Vec<Finding> {
    lint_with(vectors, oracle)
}

/// The lint, with what takes time handed in: to hold a vector alone against the oracle.
fn lint_with(vectors: &[Vector], oracle: impl Fn(&Vector, &mut Vec<Finding>)) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let mut contents = BTreeMap::new();
    let mut folders: BTreeMap<&Folder, &VectorId> = BTreeMap::new();
    for vector in vectors {
        if !seen.insert(&vector.id) {
            findings.push(Finding::RepeatedId(vector.id.clone()));
        }
        if is_retired(&vector.id, RETIRED) {
            findings.push(Finding::RetiredId(vector.id.clone()));
        }
        statements(vector, &mut findings);
        twin(vector, vectors, &mut findings);
        payloads(vector, &mut findings);
        oracle(vector, &mut findings);
        let same = match &vector.content {
            Content::Folder(folder) => folders.insert(folder, &vector.id),
            Content::Bytes(_) | Content::OnDemand { .. } => {
                // What a writer wrote may well be what a recipe makes.
                let key = (vector.id.area() == golden::AREA, vector.content.digest());
                contents.insert(key, &vector.id)
            }
        };
        if let Some(other) = same {
            findings.push(Finding::SameBytes(other.clone(), vector.id.clone()));
        }
    }
    coverage(vectors, &mut findings);
    findings.extend(golden::faults().into_iter().map(Finding::Golden));
    findings
}

/// Holds a vector against what the oracle says of its bytes.
fn oracle(vector: &Vector, findings: &mut Vec<Finding>) {
    if let Content::Folder(folder) = &vector.content {
        folder::check(vector, folder, findings);
        return;
    }
    let held = Held::of(vector);
    file(vector, &held, findings);
    outcomes(vector, &held, findings);
    if vector.tier == Tier::Stored || !vector.lenient.is_empty() {
        leniencies(vector, &held, findings);
    }
}

/// Every stated digest of a file that is not stored, or of a reading that is not listed, that is
/// not what the bytes give. Hashes gigabytes.
#[must_use]
pub fn hashed(vectors: &[Vector]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for vector in vectors.iter().filter(|vector| vector.tier == Tier::Giant) {
        let (stated, found) = (vector.content.digest(), vector.content.hashed());
        if stated != found {
            findings.push(Finding::Digest { id: vector.id.clone(), stated, found });
        }
        let Some(reading) = vector.reading.as_ref().filter(|read| read.bulk().is_some()) else {
            continue;
        };
        let bulk = reading.found_bulk();
        if bulk != reading.bulk() {
            let (listed, found) = (reading.tensors().len(), bulk.map(|bulk| bulk.sha256));
            findings.push(Finding::Bulk { id: vector.id.clone(), listed, found });
        }
    }
    findings
}

/// As much of a file as the oracle looks at, and where the rest is to be had.
struct Held<'a> {
    vector: &'a Vector,
    head: Vec<u8>,
}

impl<'a> Held<'a> {
    fn of(vector: &'a Vector) -> Self {
        Self { vector, head: vector.head() }
    }

    fn examine(&self, version: Version, leniencies: &Leniencies) -> Examination<'_> {
        // The head is as long as the oracle asked for.
        let file = File::prefix(&self.head, self.vector.content.len());
        examine(file.unwrap_or_else(|_| File::whole(&self.head)), version, leniencies)
    }

    /// What the oracle read, in the form in which vectors state it.
    fn reading(&self, examination: &Examination<'_>) -> Option<Reading> {
        examination.reading().map(|read| {
            Reading::of_header(read, |tensor| {
                let place = place_of(read, tensor);
                if place.end - place.start <= MAX_HASHED {
                    return Digest::of(&self.vector.content.range(place));
                }
                let name = Text::from(&*tensor.name());
                let mut tensors = self.vector.reading.iter().flat_map(Reading::tensors);
                let stated = tensors.find(|stated| stated.name == name);
                // No file has the digest of nothing at this length, so the difference shows.
                stated.and_then(|stated| stated.sha256).unwrap_or_else(|| Digest::of(&[]))
            })
        })
    }
}

fn is_retired(id: &VectorId, retired: &[(&str, &str)]) -> bool {
    retired.iter().any(|(old, _)| *old == id.as_str())
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
    if vector.consequence.is_none() {
        findings.push(Finding::Consequence(id()));
    }
    if let Provenance::Recipe { file: _, report: Some(report) } = &vector.provenance
        && !report.starts_with("https://")
    {
        findings.push(Finding::Report(id(), report.clone()));
    }
    let accepted = vector.outcomes.contains(&Outcome::Accept);
    // No limit is defined for a sharded model as a whole.
    let asks = accepted && vector.operation().is_read();
    if accepted != vector.reading.is_some() || asks != vector.demands.is_some() {
        findings.push(Finding::Evidence(id()));
    }
    // Values are there or not; what they are, the lint need not know.
    let has_values = |read: &Reading| read.tensors().iter().all(|t| vector.payloads.has(t));
    let mut readings =
        vector.reading.iter().chain(vector.lenient.iter().map(|(_, reading)| reading));
    // Giants and sharded models are held to bytes alone.
    let is_stored_file = matches!(vector.content, Content::Bytes(_));
    if is_stored_file && !readings.all(has_values) {
        findings.push(Finding::Payload(id()));
    }
    let can_be_valued =
        vector.tier == Tier::Stored && vector.reading.as_ref().is_some_and(has_values);
    if vector.valued && !can_be_valued {
        findings.push(Finding::Values(id()));
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

fn file(vector: &Vector, held: &Held<'_>, findings: &mut Vec<Finding>) {
    let len = vector.content.len();
    if (len <= MAX_STORED_LEN) != (vector.tier == Tier::Stored) {
        findings.push(Finding::Size(vector.id.clone(), len));
    }
    let header_len = held.head.first_chunk::<8>().map_or(0, |field| u64::from_le_bytes(*field));
    if !header_len.is_multiple_of(8) && !UNALIGNED_AREAS.contains(&vector.id.area()) {
        findings.push(Finding::Unaligned(vector.id.clone(), header_len));
    }
    let data_len = len.saturating_sub(8).saturating_sub(header_len);
    let demands = vector.reading.as_ref().map(|read| Demands::of(read, header_len, data_len));
    if vector.reading.is_some() && vector.demands.is_some() && demands != vector.demands {
        findings.push(Finding::Demands(vector.id.clone()));
    }
}

fn payloads(vector: &Vector, findings: &mut Vec<Finding>) {
    // A million tensors take their bytes in turns; neighbours differ.
    let listed = vector.reading.iter().filter(|reading| reading.bulk().is_none());
    let tensors = listed.flat_map(Reading::tensors);
    let mut digests: Vec<_> =
        tensors.filter(|tensor| !tensor.shape.contains(&0)).map(|tensor| tensor.sha256).collect();
    digests.sort_unstable();
    if digests.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        findings.push(Finding::SamePayload(vector.id.clone()));
    }
}

fn outcomes(vector: &Vector, held: &Held<'_>, findings: &mut Vec<Finding>) {
    for (version, stated) in Version::ALL.into_iter().zip(&vector.outcomes) {
        if vector.tier == Tier::Giant && version != Version::LATEST {
            continue;
        }
        let found = held.examine(version, &Leniencies::none());
        let rules = broken(&found);
        let agreed = match stated {
            Outcome::Accept => rules.is_empty(),
            Outcome::Reject(rule) => rules == [*rule],
        };
        if !agreed {
            let (id, stated) = (vector.id.clone(), stated.clone());
            findings.push(Finding::Outcome { id, version, stated, found: rules });
        } else if rules.is_empty() && held.reading(&found) != vector.reading {
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

fn leniencies(vector: &Vector, held: &Held<'_>, findings: &mut Vec<Finding>) {
    let Some(newest) = newest_rejecting(vector) else {
        return;
    };
    let before = findings.len();
    leniencies_in(newest, &vector.lenient, vector, held, findings);
    // The oldest version may lack a dtype that would be read.
    if findings.len() == before
        && vector.tier == Tier::Stored
        && let Some(Expectation::Reject(_, stated)) = vector.expectation(Version::V1_0)
    {
        leniencies_in(Version::V1_0, stated, vector, held, findings);
    }
}

/// Holds what one version is stated to make of the file under each leniency against the oracle.
fn leniencies_in(
    version: Version,
    lenient: &[(Leniency, Reading)],
    vector: &Vector,
    held: &Held<'_>,
    findings: &mut Vec<Finding>,
) {
    for row in LENIENCIES {
        let stated = lenient.iter().find(|(leniency, _)| *leniency == row.leniency);
        let alone: Leniencies = [row.leniency].into_iter().collect();
        let got = held.reading(&held.examine(version, &alone));
        match stated {
            Some((leniency, stated)) => {
                let (together, needed) = if vector.also_needs.is_empty() {
                    (got, true)
                } else {
                    let with = vector.also_needs.iter().copied().chain([*leniency]).collect();
                    (held.reading(&held.examine(version, &with)), got.is_none())
                };
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
