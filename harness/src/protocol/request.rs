//! The line of a request.

use super::integer;
use super::wire::{Hex, Integer, Pairs, hex, present};
use crate::implementation::{Ask, Request};
use corpus::{Given, MetadataValue, View, ViewKind};
use reports::{Access, Operation};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use spec::Span;
use std::path::PathBuf;

/// A line that is no request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The line is no JSON object with the fields of a request.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// There is no such view.
    #[error("there is no view `{0}`")]
    View(String),
    /// A view without its base, or a base without a view.
    #[error("`view` and `base` stand together")]
    ViewAlone,
    /// The operation lacks a field.
    #[error("`{operation}` needs the field `{field}`")]
    Lacks {
        /// The operation.
        operation: Operation,
        /// What it lacks.
        field: &'static str,
    },
}

/// The line of a request, without the line feed; `None` where a path is not UTF-8.
#[must_use]
pub fn request_line(request: &Request) -> Option<String> {
    let mut fields = Members::default();
    fields.add("seq", integer(request.seq));
    fields.add("op", request.operation().name());
    fields.add("path", request.path.to_str()?);
    if let Some(access) = request.access {
        fields.add("access", access.name());
    }
    match &request.ask {
        Ask::Read | Ask::Header | Ask::ReadIndex => {}
        Ask::Slice { tensor, spans } => {
            fields.add("tensor", tensor.as_str());
            let span = |span: &Span| -> Value {
                [span.start, span.stop, span.step].into_iter().map(integer).collect()
            };
            fields.add("slices", spans.iter().map(span).collect::<Value>());
        }
        Ask::Write { tensors, metadata } => {
            let tensors: Vec<String> = tensors.iter().map(given).collect();
            fields.put("tensors", &format!("[{}]", tensors.join(",")));
            fields.put("metadata", &metadata.as_ref().map_or("null".to_owned(), |all| object(all)));
        }
        Ask::Rewrite { to } => fields.add("to", to.to_str()?),
    }
    Some(fields.object())
}

/// The members of an object in the order in which they are added, and as often: a map would sort
/// them, and keep one of two keys.
#[derive(Default)]
struct Members(Vec<String>);

impl Members {
    fn add(&mut self, key: &str, value: impl Into<Value>) {
        self.put(key, &value.into().to_string());
    }

    /// Adds a value as it is spelled.
    fn put(&mut self, key: &str, json: &str) {
        self.0.push(format!("{}:{json}", Value::from(key)));
    }

    fn object(&self) -> String {
        format!("{{{}}}", self.0.join(","))
    }
}

fn object(pairs: &[(String, MetadataValue)]) -> String {
    let mut members = Members::default();
    for (key, value) in pairs {
        match value {
            MetadataValue::Text(text) => members.add(key, text.as_str()),
            MetadataValue::Other(json) => members.put(key, json),
        }
    }
    members.object()
}

fn given(given: &Given) -> String {
    let shape = |dims: &[u64]| -> Value { dims.iter().copied().map(integer).collect() };
    let mut fields = Members::default();
    fields.add("name", given.name.as_str());
    fields.add("dtype", given.dtype.as_str());
    fields.add("shape", shape(&given.shape));
    fields.add("hex", hex(&given.bytes));
    if let Some(view) = &given.view {
        fields.add("view", view_name(view.kind));
        fields.add("base", shape(&view.base));
    }
    fields.object()
}

const VIEWS: [ViewKind; 4] =
    [ViewKind::Transposed, ViewKind::Strided, ViewKind::Reversed, ViewKind::Broadcast];

const fn view_name(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Transposed => "transposed",
        ViewKind::Strided => "strided",
        ViewKind::Reversed => "reversed",
        ViewKind::Broadcast => "broadcast",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRequest {
    seq: Integer,
    op: Operation,
    path: PathBuf,
    access: Option<Access>,
    tensor: Option<String>,
    slices: Option<Vec<[Integer; 3]>>,
    tensors: Option<Vec<WireGiven>>,
    #[serde(default, deserialize_with = "present")]
    metadata: Option<Option<Pairs<Box<RawValue>>>>,
    to: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireGiven {
    name: String,
    dtype: String,
    shape: Vec<Integer>,
    hex: Hex,
    view: Option<String>,
    base: Option<Vec<Integer>>,
}

/// Reads the line of a request.
///
/// # Errors
///
/// The line is no request.
pub fn parse_request(line: &str) -> Result<Request, RequestError> {
    let wire: WireRequest = serde_json::from_str(line)?;
    let operation = wire.op;
    let lacks = |field| RequestError::Lacks { operation, field };
    let ask = match operation {
        Operation::Read => Ask::Read,
        Operation::Header => Ask::Header,
        Operation::ReadIndex => Ask::ReadIndex,
        Operation::Slice => Ask::Slice {
            tensor: wire.tensor.ok_or_else(|| lacks("tensor"))?,
            spans: wire
                .slices
                .ok_or_else(|| lacks("slices"))?
                .into_iter()
                .map(|[start, stop, step]| Span { start: start.0, stop: stop.0, step: step.0 })
                .collect(),
        },
        Operation::Write => Ask::Write {
            tensors: wire
                .tensors
                .ok_or_else(|| lacks("tensors"))?
                .into_iter()
                .map(WireGiven::read)
                .collect::<Result<_, _>>()?,
            metadata: wire.metadata.ok_or_else(|| lacks("metadata"))?.map(values),
        },
        Operation::Rewrite => Ask::Rewrite { to: wire.to.ok_or_else(|| lacks("to"))? },
    };
    Ok(Request { seq: wire.seq.0, path: wire.path, access: wire.access, ask })
}

fn values(pairs: Pairs<Box<RawValue>>) -> Vec<(String, MetadataValue)> {
    let value = |raw: &RawValue| match serde_json::from_str::<String>(raw.get()) {
        Ok(text) => MetadataValue::Text(text),
        Err(_) => MetadataValue::Other(raw.get().to_owned()),
    };
    pairs.0.into_iter().map(|(key, raw)| (key, value(&raw))).collect()
}

impl WireGiven {
    fn read(self) -> Result<Given, RequestError> {
        let dims = |list: Vec<Integer>| list.into_iter().map(|dim| dim.0).collect::<Vec<_>>();
        let kind = |name: &str| VIEWS.into_iter().find(|kind| view_name(*kind) == name);
        let view = match (self.view, self.base) {
            (None, None) => None,
            (Some(view), Some(base)) => {
                let kind = kind(&view).ok_or(RequestError::View(view))?;
                Some(View { kind, base: dims(base) })
            }
            (Some(_), None) | (None, Some(_)) => return Err(RequestError::ViewAlone),
        };
        Ok(Given {
            name: self.name,
            dtype: self.dtype,
            shape: dims(self.shape),
            bytes: self.hex.0,
            view,
        })
    }
}
