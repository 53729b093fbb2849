//! The oracle of sharded models: an index and what stands around it in; the reading with advice,
//! or every violation out (IDX-1 to IDX-18).
//!
//! Nothing here reads a file system: a [`Folder`] is asked what stands at a path, and never for a
//! path that IDX-5 forbids. How far the judgement goes is said in section 25.1 of the text.

mod advice;
mod map;
mod path;
mod text;

use crate::examine::{Examination, examine};
use crate::fault::{Kept, Violation};
use crate::file::{File, widen};
use crate::leniency::Leniencies;
use crate::reading::{Reading, Tensor};
use crate::rules::RuleId;
use crate::text::show;
use crate::version::Version;
use advice::Subject;
use map::{Map, Named};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What stands around an index. The caller looks; the oracle asks.
///
/// A path leads from the directory of the index downwards: components with `/` between them, none
/// of which is empty, `.` or `..`.
pub trait Folder {
    /// What stands at a path.
    fn look(&self, path: &str) -> Entry<'_>;

    /// The names of the regular files in a directory, in any order; the empty path is the
    /// directory of the index. Files that are reached through a link count.
    fn files(&self, directory: &str) -> Vec<String>;
}

/// What stands at a path.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    /// Nothing, or a link that leads to nothing.
    Nothing,
    /// Something that is no regular file, such as `a directory`, `a pipe` or `a device`.
    NoFile(&'static str),
    /// A regular file.
    File {
        /// The file.
        file: File<'a>,
        /// Whether a symbolic link on the way leads out of the directory of the index.
        leads_out: bool,
    },
}

/// What the oracle says of a sharded model.
#[derive(Debug)]
pub enum IndexExamination<'a> {
    /// The model breaks no rule of the level MUST.
    Accepted {
        /// What is in it.
        reading: IndexReading<'a>,
        /// What it could do better: each rule of the level SHOULD that it does not follow, once,
        /// in the order of [`crate::RULES`].
        advice: Vec<Violation>,
    },
    /// The model breaks a rule.
    Refused {
        /// Every violation (at most [`crate::KEPT_PER_RULE`] of one rule): at least one, by rule
        /// in the order of [`crate::RULES`], then by place. Places are in the text of the index.
        violations: Vec<Violation>,
        /// How many more violations there are than were kept.
        omitted: u64,
    },
}

/// What is in a sharded model that is accepted.
#[derive(Debug)]
pub struct IndexReading<'a> {
    shards: Vec<Shard<'a>>,
}

/// One of the named shards.
#[derive(Debug)]
pub struct Shard<'a> {
    name: String,
    path: String,
    reading: Reading<'a>,
    /// The mapped tensors, as positions in the header of the shard, sorted.
    mapped: Vec<usize>,
}

impl<'a> IndexExamination<'a> {
    /// The violations; empty for a model that is accepted.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Accepted { .. } => &[],
            Self::Refused { violations, omitted: _ } => violations,
        }
    }

    /// The reading of a model that is accepted.
    #[must_use]
    pub fn reading(&self) -> Option<&IndexReading<'a>> {
        match self {
            Self::Accepted { reading, advice: _ } => Some(reading),
            Self::Refused { .. } => None,
        }
    }
}

impl<'a> IndexReading<'a> {
    /// The named shards, in the order in which the index first names them. Their mapped tensors
    /// are the tensors of the model.
    #[must_use]
    pub fn shards(&self) -> &[Shard<'a>] {
        &self.shards
    }

    /// The lowest format version in which every shard is valid.
    #[must_use]
    pub fn minimum_version(&self) -> Version {
        let shards = self.shards.iter().map(|shard| shard.reading.minimum_version());
        shards.max().unwrap_or(Version::V1_0)
    }
}

impl<'a> Shard<'a> {
    /// The name, as the index has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the name leads, from the directory of the index; see [`Folder`].
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is in the file.
    #[must_use]
    pub fn reading(&self) -> &Reading<'a> {
        &self.reading
    }

    /// The tensors that are mapped to the shard, in the order of its header.
    pub fn tensors(&self) -> impl Iterator<Item = Tensor<'_>> {
        self.chosen(true)
    }

    /// The tensors of the shard that are not mapped.
    fn unmapped(&self) -> impl Iterator<Item = Tensor<'_>> {
        self.chosen(false)
    }

    fn chosen(&self, mapped: bool) -> impl Iterator<Item = Tensor<'_>> {
        let tensors = self.reading.tensors().enumerate();
        tensors
            .filter(move |(position, _)| self.mapped.binary_search(position).is_ok() == mapped)
            .map(|(_, tensor)| tensor)
    }
}

/// Decides on a sharded model by the rules of a format version.
///
/// `file_name` is the last component of the path of the index. Every shard name is checked before
/// the folder is asked for any of them (IDX-19).
#[must_use]
pub fn examine_index<'f>(
    file_name: &str,
    text: &[u8],
    folder: &'f dyn Folder,
    version: Version,
) -> IndexExamination<'f> {
    let mut faults = Kept::default();
    let Some(map) = Map::read(text, &mut faults) else { return refused(faults) };
    let mut lead_out = HashSet::new();
    let mut valid: Vec<(&Named, Reading<'f>)> = Vec::new();
    for shard in &map.shards {
        if let Some((reading, leads_out)) = open(shard, folder, version, &mut faults) {
            if leads_out {
                lead_out.insert(shard.name.clone());
            }
            valid.push((shard, reading));
        }
    }
    let mapped = judge_tensors(&valid, &mut faults);
    if !faults.is_empty() {
        return refused(faults);
    }
    let shards = valid.into_iter().zip(mapped).map(|((named, reading), mapped)| Shard {
        name: named.name.clone(),
        path: named.path.clone().unwrap_or_default(),
        reading,
        mapped,
    });
    let reading = IndexReading { shards: shards.collect() };
    let len = widen(text.len());
    let lead_out = &lead_out;
    let subject = Subject { file_name, len, map: &map, reading: &reading, lead_out, folder };
    let advice = subject.advice();
    IndexExamination::Accepted { reading, advice }
}

/// The paths that the oracle will ask for: those of the shard names that keep IDX-5, sorted, each
/// once. For a caller that has to open the files beforehand.
#[must_use]
pub fn shard_paths(index: &[u8]) -> Vec<String> {
    let map = Map::read(index, &mut Kept::default());
    let shards = map.into_iter().flat_map(|map| map.shards);
    let mut paths: Vec<String> = shards.filter_map(|shard| shard.path).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn refused<'a>(faults: Kept) -> IndexExamination<'a> {
    let omitted = faults.omitted();
    IndexExamination::Refused { violations: faults.into_sorted(), omitted }
}

/// Looks a shard up (IDX-7) and judges it (IDX-9). Gives the reading of a valid one, and whether a
/// link leads out on the way to it.
fn open<'f>(
    shard: &Named,
    folder: &'f dyn Folder,
    version: Version,
    faults: &mut Kept,
) -> Option<(Reading<'f>, bool)> {
    let name = || show(shard.name.as_bytes());
    let (file, leads_out) = match folder.look(shard.path.as_deref()?) {
        Entry::File { file, leads_out } => (file, leads_out),
        Entry::Nothing => {
            let found = || format!("the shard {}, which is not there", name());
            faults.add_at(RuleId::Idx7, shard.place.clone(), found);
            return None;
        }
        Entry::NoFile(kind) => {
            let found = || format!("the shard {}, which is {kind}", name());
            faults.add_at(RuleId::Idx7, shard.place.clone(), found);
            return None;
        }
    };
    match examine(file, version, &Leniencies::none()) {
        Examination::Accepted { reading, tolerated: _ } => Some((reading, leads_out)),
        Examination::Refused { violations, omitted: _ } => {
            let why = violations.first().map(|first| format!(": {first}")).unwrap_or_default();
            let found = || format!("the shard {}, which is invalid{why}", name());
            faults.add_at(RuleId::Idx9, shard.place.clone(), found);
            None
        }
    }
}

/// Holds the map against the shards (IDX-10), and the shards against each other (IDX-12). Gives
/// for each shard the positions of its mapped tensors, sorted.
fn judge_tensors(shards: &[(&Named, Reading<'_>)], faults: &mut Kept) -> Vec<Vec<usize>> {
    let held: Vec<HashMap<Cow<'_, str>, usize>> = shards
        .iter()
        .map(|(_, reading)| {
            let tensors = reading.tensors().enumerate();
            tensors.map(|(position, tensor)| (tensor.name(), position)).collect()
        })
        .collect();
    judge_homes(shards, faults);
    let mut mapped = Vec::with_capacity(shards.len());
    for ((named, _), held_here) in shards.iter().zip(&held) {
        let mut positions = Vec::with_capacity(named.tensors.len());
        for tensor in &named.tensors {
            if let Some(position) = held_here.get(tensor.name.as_str()) {
                positions.push(*position);
                continue;
            }
            let elsewhere = || {
                let all = shards.iter().zip(&held);
                all.filter(|(_, held)| held.contains_key(tensor.name.as_str()))
                    .map(|((other, _), _)| format!(" but in {}", show(other.name.as_bytes())))
                    .next()
                    .unwrap_or_default()
            };
            faults.add_at(RuleId::Idx10, tensor.place.clone(), || {
                format!(
                    "the tensor {}, which is not in {}{}",
                    show(tensor.name.as_bytes()),
                    show(named.name.as_bytes()),
                    elsewhere()
                )
            });
        }
        positions.sort_unstable();
        mapped.push(positions);
    }
    mapped
}

/// Finds the names that occur in two shards (IDX-12).
fn judge_homes(shards: &[(&Named, Reading<'_>)], faults: &mut Kept) {
    let mut homes: HashMap<Cow<'_, str>, &Named> = HashMap::new();
    for (named, reading) in shards {
        for tensor in reading.tensors() {
            let name = tensor.name();
            if let Some(home) = homes.get(&name) {
                faults.add_at(RuleId::Idx12, named.place.clone(), || {
                    format!(
                        "the tensor {} in {} and in {}",
                        show(name.as_bytes()),
                        show(home.name.as_bytes()),
                        show(named.name.as_bytes())
                    )
                });
            } else {
                homes.insert(name, named);
            }
        }
    }
}

#[cfg(test)]
mod tests;
