//! The report on one file as a JSON object; `stconform validate --json` prints one a line.

use super::{Validated, ValidatedModel};
use serde::Serialize;
use spec::{
    Examination, IndexExamination, IndexReading, LENIENCIES, Reading, Tensor, Version, Violation,
};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// The report on one file.
///
/// Integers are exact, and may be greater than 2^53 - 1.
#[derive(Debug, Serialize)]
pub struct FileReport<'a> {
    file: Cow<'a, str>,
    /// `None` if the file could not be read.
    valid: Option<bool>,
    minimum_version: Option<&'static str>,
    violations: Vec<Finding>,
    /// How many violations are not listed; see [`spec::KEPT_PER_RULE`].
    #[serde(skip_serializing_if = "is_zero")]
    violations_omitted: u64,
    warnings: Vec<Finding>,
    reading: Option<ReadingReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[derive(Debug, Serialize)]
struct Finding {
    rule: &'static str,
    level: String,
    start: u64,
    end: u64,
    message: String,
    /// For a violation that a leniency covers: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    leniency: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct ReadingReport<'a> {
    tensors: Vec<TensorReport<'a>>,
    metadata: Option<BTreeMap<Cow<'a, str>, Cow<'a, str>>>,
}

#[derive(Debug, Serialize)]
struct TensorReport<'a> {
    name: Cow<'a, str>,
    dtype: &'static str,
    shape: &'a [u64],
    begin: u64,
    end: u64,
    /// In a sharded model: the shard that holds the tensor, as the index names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<&'a str>,
}

impl<'a> FileReport<'a> {
    /// The report on a file that was judged.
    #[must_use]
    pub fn of(validated: &'a Validated<'a>) -> Self {
        let (tolerated, omitted) = match &validated.examination {
            Examination::Accepted { tolerated, .. } => (&tolerated[..], 0),
            Examination::Refused { omitted, .. } => (&[][..], *omitted),
        };
        let tolerated = tolerated.iter().map(|violation| {
            let relaxed = LENIENCIES.iter().find(|row| row.relaxes == violation.rule);
            Finding { leniency: relaxed.map(|row| row.name), ..Finding::of(violation) }
        });
        Self {
            violations_omitted: omitted,
            warnings: tolerated.chain(validated.advice.iter().map(Finding::of)).collect(),
            reading: validated.examination.reading().map(ReadingReport::of),
            ..Self::judged(
                &validated.path,
                validated.minimum_version,
                validated.examination.violations(),
            )
        }
    }

    /// The report on a sharded model that was judged, under the path of its index.
    #[must_use]
    pub fn of_model(validated: &'a ValidatedModel<'a>) -> Self {
        let (advice, omitted) = match &validated.examination {
            IndexExamination::Accepted { advice, .. } => (&advice[..], 0),
            IndexExamination::Refused { omitted, .. } => (&[][..], *omitted),
        };
        Self {
            violations_omitted: omitted,
            warnings: advice.iter().map(Finding::of).collect(),
            reading: validated.examination.reading().map(ReadingReport::of_model),
            ..Self::judged(
                &validated.path,
                validated.minimum_version,
                validated.examination.violations(),
            )
        }
    }

    /// The report on a file that could not be read.
    #[must_use]
    pub fn unreadable(path: &'a Path, error: String) -> Self {
        Self { error: Some(error), ..Self::nothing(path) }
    }

    /// The verdict on what is at a path, and what it rests on.
    fn judged(path: &'a Path, minimum_version: Option<Version>, violations: &[Violation]) -> Self {
        Self {
            valid: Some(violations.is_empty()),
            minimum_version: minimum_version.map(Version::as_str),
            violations: violations.iter().map(Finding::of).collect(),
            ..Self::nothing(path)
        }
    }

    /// What is known of a path before anything is done with it.
    fn nothing(path: &'a Path) -> Self {
        Self {
            file: path.to_string_lossy(),
            valid: None,
            minimum_version: None,
            violations: Vec::new(),
            violations_omitted: 0,
            warnings: Vec::new(),
            reading: None,
            error: None,
        }
    }
}

impl Finding {
    fn of(violation: &Violation) -> Self {
        Self {
            rule: violation.rule.as_str(),
            level: violation.rule.rule().level.to_string(),
            start: violation.bytes.start,
            end: violation.bytes.end,
            message: format!("found {}", violation.found),
            leniency: None,
        }
    }
}

impl<'a> ReadingReport<'a> {
    fn of(reading: &'a Reading<'a>) -> Self {
        let tensors = reading.tensors().map(|tensor| TensorReport::of(&tensor, None));
        Self { tensors: tensors.collect(), metadata: reading.metadata().map(Iterator::collect) }
    }

    fn of_model(reading: &'a IndexReading<'a>) -> Self {
        let tensors = reading.shards().iter().flat_map(|shard| {
            shard.tensors().map(|tensor| TensorReport::of(&tensor, Some(shard.name())))
        });
        Self { tensors: tensors.collect(), metadata: None }
    }
}

impl<'a> TensorReport<'a> {
    fn of(tensor: &Tensor<'a>, shard: Option<&'a str>) -> Self {
        Self {
            name: tensor.name(),
            dtype: tensor.dtype().name(),
            shape: tensor.shape(),
            begin: tensor.begin(),
            end: tensor.end(),
            shard,
        }
    }
}
