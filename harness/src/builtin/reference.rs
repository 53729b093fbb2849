//! The `safetensors` crate, as a program calls it that holds the whole file.

use super::{profile, put, with_bytes};
use crate::implementation::{Ask, Implementation, Request};
use corpus::{Digest, Given, MetadataValue, Reading, TensorReading, Text};
use reports::{Description, Observation, Operation};
use safetensors::slice::TensorIndexer;
use safetensors::tensor::{Metadata, TensorView};
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use spec::Span;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::ops::Bound;

pub(super) struct SafetensorsCrate;

impl Implementation for SafetensorsCrate {
    fn describe(&self) -> Description {
        Description {
            build: Some(profile()),
            source: Some("https://crates.io/crates/safetensors/0.8.0".to_owned()),
            operations: vec![
                Operation::Read,
                Operation::Header,
                Operation::Slice,
                Operation::Write,
                Operation::Rewrite,
            ],
            ..Description::new("safetensors", "0.8.0")
        }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let path = &request.path;
        match &request.ask {
            Ask::Read => with_bytes(path, |file| Observation::of(read(file))),
            Ask::Header => with_bytes(path, |file| Observation::of(header(file))),
            Ask::Slice { tensor, spans } => with_bytes(path, |file| slice(file, tensor, spans)),
            Ask::Write { tensors, metadata } => match bytes_of(tensors, metadata.as_deref()) {
                Ok(bytes) => put(path, &bytes),
                Err(observation) => observation,
            },
            Ask::Rewrite { to } => with_bytes(path, |file| match rewritten(file) {
                Ok(bytes) => put(to, &bytes),
                Err(error) => Observation::refused(error),
            }),
            Ask::ReadIndex => Observation::Unsupported { reason: "it reads files".to_owned() },
        }
    }
}

fn read(bytes: &[u8]) -> Result<Reading, SafeTensorError> {
    let file = SafeTensors::deserialize(bytes)?;
    let (_, header) = SafeTensors::read_metadata(bytes)?;
    let tensors = file
        .iter()
        .map(|(name, view)| TensorReading {
            sha256: Some(Digest::of(view.data())),
            ..bare(name, view.dtype(), view.shape())
        })
        .collect();
    Ok(Reading::new(tensors, pairs(&header)))
}

fn header(bytes: &[u8]) -> Result<Reading, SafeTensorError> {
    let (_, header) = SafeTensors::read_metadata(bytes)?;
    let infos = header.tensors();
    let tensors = infos.iter().map(|(name, info)| bare(name, info.dtype, &info.shape)).collect();
    Ok(Reading::new(tensors, pairs(&header)))
}

fn slice(file: &[u8], name: &str, spans: &[Span]) -> Observation {
    let tensors = match SafeTensors::deserialize(file) {
        Ok(tensors) => tensors,
        Err(error) => return Observation::refused(error),
    };
    let view = match tensors.tensor(name) {
        Ok(view) => view,
        Err(error) => return Observation::refused(error),
    };
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let indexers: Vec<TensorIndexer> = spans
        .iter()
        .map(|span| {
            TensorIndexer::Narrow(
                Bound::Included(number(span.start)),
                Bound::Excluded(number(span.stop)),
                NonZeroUsize::new(number(span.step)).unwrap_or(NonZeroUsize::MIN),
            )
        })
        .collect();
    match view.sliced_data(&indexers) {
        Ok(part) => {
            let shape = part.newshape();
            let bytes: Vec<u8> = part.flatten().copied().collect();
            let tensor = TensorReading {
                sha256: Some(Digest::of(&bytes)),
                ..bare(name, view.dtype(), &shape)
            };
            Observation::Accepted(Reading::new(vec![tensor], BTreeMap::new()))
        }
        Err(error) => Observation::refused(error),
    }
}

/// The file of what is handed over, or why there is none.
fn bytes_of(
    tensors: &[Given],
    metadata: Option<&[(String, MetadataValue)]>,
) -> Result<Vec<u8>, Observation> {
    let unsupported = |reason: String| Observation::Unsupported { reason };
    let mut pairs: Option<HashMap<String, String>> = metadata.map(|_| HashMap::new());
    for (key, value) in metadata.unwrap_or_default() {
        match value {
            MetadataValue::Text(text) => {
                pairs.get_or_insert_default().insert(key.clone(), text.clone());
            }
            MetadataValue::Other(json) => {
                return Err(unsupported(format!("metadata is text, and {json} is none")));
            }
        }
    }
    let mut views = Vec::new();
    for given in tensors {
        if given.view.is_some() {
            return Err(unsupported("it takes bytes, and has no arrays".to_owned()));
        }
        // The names of dtypes are those that it reads in a header.
        let dtype: Dtype = serde_json::from_value(given.dtype.clone().into())
            .map_err(|error| unsupported(error.to_string()))?;
        let shape: Result<Vec<usize>, _> =
            given.shape.iter().map(|dim| usize::try_from(*dim)).collect();
        let shape = shape.map_err(|error| unsupported(error.to_string()))?;
        let view = TensorView::new(dtype, shape, &given.bytes).map_err(Observation::refused)?;
        views.push((given.name.as_str(), view));
    }
    safetensors::serialize(views, pairs).map_err(Observation::refused)
}

fn rewritten(file: &[u8]) -> Result<Vec<u8>, SafeTensorError> {
    let tensors = SafeTensors::deserialize(file)?;
    let (_, header) = SafeTensors::read_metadata(file)?;
    safetensors::serialize(tensors.iter(), header.metadata().clone())
}

/// A tensor without its bytes.
fn bare(name: &str, dtype: Dtype, shape: &[usize]) -> TensorReading {
    TensorReading {
        name: name.into(),
        dtype: dtype.to_string(),
        shape: shape.iter().map(|dim| u64::try_from(*dim).unwrap_or(u64::MAX)).collect(),
        sha256: None,
        values: None,
    }
}

fn pairs(header: &Metadata) -> BTreeMap<Text, Text> {
    let pairs = header.metadata().iter().flatten();
    pairs.map(|(key, value)| (Text::from(key.as_str()), Text::from(value.as_str()))).collect()
}
