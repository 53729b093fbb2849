//! The strict oracle of one format version, and the writer of the canonical form.

use super::{mapped, profile, put, unreadable, with_bytes};
use crate::implementation::{Ask, Implementation, Request};
use crate::validate::ModelFiles;
use corpus::{Given, MetadataValue, Reading, TensorReading};
use reports::{Claim, Description, Observation, Operation};
use spec::Violation;
use spec::{Dtype, Examination, IndexExamination, Leniencies, NewTensor, RuleId, Span, Version};
use std::collections::BTreeMap;
use std::path::Path;

/// The strict oracle of one format version.
pub(super) struct Oracle {
    pub(super) version: Version,
}

impl Implementation for Oracle {
    fn describe(&self) -> Description {
        Description {
            build: Some(profile()),
            operations: Operation::ALL.to_vec(),
            claims: vec![Claim::Deterministic, Claim::Canonical],
            ..Description::new("oracle", env!("CARGO_PKG_VERSION"))
        }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let path = &request.path;
        match &request.ask {
            Ask::Read => with_bytes(path, |file| self.read(file, |reading| reading)),
            Ask::Header => with_bytes(path, |file| self.read(file, |all| all.without_data())),
            Ask::Slice { tensor, spans } => {
                with_bytes(path, |file| self.slice(file, tensor, spans))
            }
            Ask::Write { tensors, metadata } => write(path, tensors, metadata.as_deref()),
            Ask::Rewrite { to } => {
                with_bytes(path, |file| match spec::canonical_form(file, self.version) {
                    Some(form) => put(to, &form),
                    None => self.read(file, |reading| reading),
                })
            }
            Ask::ReadIndex => self.read_index(path),
        }
    }
}

impl Oracle {
    fn examine<'f>(&self, file: &'f [u8]) -> Result<spec::Reading<'f>, Observation> {
        match spec::examine(spec::File::whole(file), self.version, &Leniencies::none()) {
            Examination::Accepted { reading, tolerated: _ } => Ok(reading),
            Examination::Refused { violations, .. } => Err(refusal(&violations)),
        }
    }

    fn read(&self, file: &[u8], part: impl FnOnce(Reading) -> Reading) -> Observation {
        match self.examine(file) {
            Ok(reading) => Observation::Accepted(part(Reading::of_file(&reading, file))),
            Err(refusal) => refusal,
        }
    }

    fn slice(&self, file: &[u8], name: &str, spans: &[Span]) -> Observation {
        let reading = match self.examine(file) {
            Ok(reading) => reading,
            Err(refusal) => return refusal,
        };
        let Some(tensor) = reading.tensors().find(|tensor| tensor.name() == name) else {
            return Observation::refused(format!("there is no tensor {name:?}"));
        };
        let place = |offset: u64| usize::try_from(reading.data_start().saturating_add(offset));
        let bytes = match (place(tensor.begin()), place(tensor.end())) {
            (Ok(begin), Ok(end)) => file.get(begin..end).unwrap_or_default(),
            (Err(_), _) | (_, Err(_)) => &[],
        };
        Observation::of(spec::slice(tensor.dtype(), tensor.shape(), bytes, spans).map(|part| {
            let dtype = tensor.dtype().name();
            Reading::new(
                vec![TensorReading::of(name, dtype, &part.shape, &part.bytes)],
                BTreeMap::new(),
            )
        }))
    }

    fn read_index(&self, path: &Path) -> Observation {
        let files = match ModelFiles::open(path) {
            Ok(files) => files,
            Err(error) => return Observation::refused(error),
        };
        let directory = path.parent().unwrap_or(Path::new("."));
        match spec::examine_index(files.index_name(), files.text(), &files, self.version) {
            IndexExamination::Accepted { reading, .. } => {
                let shards = reading.shards().iter().map(|shard| {
                    let file = mapped(&directory.join(shard.path()))?;
                    Ok((shard.path().to_owned(), file))
                });
                match shards.collect::<std::io::Result<BTreeMap<_, _>>>() {
                    Ok(shards) => {
                        let bytes =
                            |path: &str| Some(shards.get(path)?.as_deref().unwrap_or_default());
                        Observation::Accepted(Reading::of_model(&reading, bytes))
                    }
                    Err(error) => unreadable(&error),
                }
            }
            IndexExamination::Refused { violations, .. } => refusal(&violations),
        }
    }
}

/// A file of a dtype that the version does not know is beyond it, and not invalid (RD-8).
fn refusal(violations: &[Violation]) -> Observation {
    let message = violations.first().map(ToString::to_string).unwrap_or_default();
    if violations.iter().all(|violation| violation.rule == RuleId::Dt2) {
        Observation::Unsupported { reason: message }
    } else {
        let category = violations.first().map(|violation| violation.rule.to_string());
        Observation::Refused { message, category }
    }
}

/// Writes the canonical form. There are no arrays here, so views are made into rows first, as the
/// text has it for whoever has no strides (WR-5).
fn write(
    path: &Path,
    tensors: &[Given],
    metadata: Option<&[(String, MetadataValue)]>,
) -> Observation {
    let mut pairs = BTreeMap::new();
    for (key, value) in metadata.unwrap_or_default() {
        match value {
            MetadataValue::Text(text) => pairs.insert(key.clone(), text.clone()),
            MetadataValue::Other(json) => {
                return Observation::Refused {
                    message: format!("the value of {key:?} is {json}, which is no string"),
                    category: Some(RuleId::Wr7.to_string()),
                };
            }
        };
    }
    let rows: Vec<Vec<u8>> = tensors.iter().map(|given| given.rows().into_owned()).collect();
    let mut all = Vec::new();
    for (given, bytes) in tensors.iter().zip(&rows) {
        let Some(dtype) = Dtype::from_name(given.dtype.as_bytes()) else {
            return Observation::refused(format!("there is no dtype {:?}", given.dtype));
        };
        all.push(NewTensor { name: &given.name, dtype, shape: &given.shape, bytes });
    }
    match spec::canonical(&all, &pairs) {
        Ok(file) => put(path, &file),
        Err(refusal) => Observation::Refused {
            message: refusal.to_string(),
            category: Some(refusal.rule.to_string()),
        },
    }
}
