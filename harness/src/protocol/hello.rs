//! The first line of an adapter: who answers, and what it can do.

use super::{KEPT, PROTOCOL, no_object};
use reports::{Description, shown};
use serde_json::{Map, Value};

/// A first line that is no hello.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HelloError {
    /// The line is no JSON object.
    #[error("its first line is no JSON object ({why}): {line}")]
    Noise {
        /// Where it stops being one.
        why: String,
        /// The beginning of the line.
        line: String,
    },
    /// The output ended inside the line.
    #[error("its output ended inside its first line: {0}")]
    HalfLine(String),
    /// The hello speaks of another protocol.
    #[error("it speaks protocol {0}, the runner speaks {PROTOCOL}")]
    Protocol(String),
    /// The hello has a fault.
    #[error("its hello has a fault ({why}): {line}")]
    Malformed {
        /// What is wrong with it.
        why: String,
        /// The beginning of the line.
        line: String,
    },
}

/// Reads the first line of an adapter.
///
/// # Errors
///
/// The line is no hello of this protocol.
pub fn parse_hello(line: &[u8]) -> Result<Description, HelloError> {
    let mut fields: Map<String, Value> = serde_json::from_slice(line)
        .map_err(|error| HelloError::Noise { why: no_object(&error), line: shown(line, KEPT) })?;
    match fields.remove("protocol") {
        Some(told) if speaks(&told) => {}
        Some(other) => return Err(HelloError::Protocol(shown(other.to_string().as_bytes(), KEPT))),
        None => {
            return Err(HelloError::Malformed {
                why: "there is no field `protocol`".to_owned(),
                line: shown(line, KEPT),
            });
        }
    }
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| HelloError::Malformed { why: error.to_string(), line: shown(line, KEPT) })
}

/// The first line of an adapter, without the line feed.
///
/// # Errors
///
/// A value cannot be written as JSON, which no value of these types brings about.
pub fn hello_line(description: &Description) -> Result<String, serde_json::Error> {
    let mut fields = Map::new();
    fields.insert("protocol".to_owned(), PROTOCOL.into());
    if let Value::Object(own) = serde_json::to_value(description)? {
        fields.extend(own);
    }
    serde_json::to_string(&fields)
}

/// Whether a version, or a range of them, has the one of the runner.
fn speaks(told: &Value) -> bool {
    let range = match told.as_array().map(Vec::as_slice) {
        Some([least, greatest]) => least.as_u64().zip(greatest.as_u64()),
        Some(_) => None,
        None => told.as_u64().map(|only| (only, only)),
    };
    range.is_some_and(|(least, greatest)| (least..=greatest).contains(&PROTOCOL))
}
