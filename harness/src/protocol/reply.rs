//! The line of a reply.

use super::wire::{WireReply, hex};
use super::{KEPT, integer, no_object};
use corpus::{Reading, TensorReading};
use reports::{Observation, Operation, ProtocolFault, shown};
use serde_json::{Map, Value, json};

/// The line of a reply, without the line feed; `None` for what is no reply: a crash, a hang, noise.
#[must_use]
pub fn reply_line(seq: u64, asked: Operation, observation: &Observation) -> Option<String> {
    let reply = match observation {
        Observation::Accepted(reading) => {
            json!({"seq": seq, "accepted": wire_reading(asked, reading)})
        }
        Observation::AcceptedOther { what } => json!({"seq": seq, "accepted": {"other": what}}),
        Observation::AcceptedUnseen => json!({"seq": seq, "accepted": {}}),
        Observation::Refused { message, category: None } => json!({"seq": seq, "refused": message}),
        Observation::Refused { message, category: Some(category) } => {
            json!({"seq": seq, "refused": message, "category": category})
        }
        Observation::Unsupported { reason } => json!({"seq": seq, "unsupported": reason}),
        Observation::Wrote(_)
        | Observation::Crashed { .. }
        | Observation::TimedOut { .. }
        | Observation::OverMemory { .. }
        | Observation::Garbled { .. } => return None,
    };
    Some(reply.to_string())
}

fn wire_reading(asked: Operation, reading: &Reading) -> Value {
    let tensors: Vec<Value> = reading.tensors().iter().map(wire_tensor).collect();
    if asked == Operation::Slice {
        return json!({"tensors": tensors});
    }
    let pairs: Option<Map<String, Value>> = reading
        .metadata()
        .iter()
        .map(|(key, value)| Some((key.as_str()?.to_owned(), value.as_str()?.into())))
        .collect();
    match pairs {
        Some(pairs) => json!({"tensors": tensors, "metadata": pairs}),
        None => {
            let pairs: Vec<[String; 2]> = reading
                .metadata()
                .iter()
                .map(|(key, value)| [hex(&key.0), hex(&value.0)])
                .collect();
            json!({"tensors": tensors, "metadata_hex": pairs})
        }
    }
}

fn wire_tensor(tensor: &TensorReading) -> Value {
    let shape: Vec<Value> = tensor.shape.iter().copied().map(integer).collect();
    let mut fields = Map::new();
    match tensor.name.as_str() {
        Some(name) => fields.insert("name".to_owned(), name.into()),
        None => fields.insert("name_hex".to_owned(), hex(&tensor.name.0).into()),
    };
    fields.insert("dtype".to_owned(), tensor.dtype.clone().into());
    fields.insert("shape".to_owned(), shape.into());
    if let Some(digest) = tensor.sha256 {
        fields.insert("sha256".to_owned(), digest.to_string().into());
    }
    if let Some(values) = &tensor.values {
        fields.insert("values".to_owned(), values.texts().into());
    }
    Value::Object(fields)
}

/// Reads the line of a reply to a question.
///
/// # Errors
///
/// The line is no reply, or the reply to another question.
pub fn parse_reply(
    asked: u64,
    operation: Operation,
    line: &[u8],
) -> Result<Observation, ProtocolFault> {
    let reply: WireReply = serde_json::from_slice(line).map_err(|error| {
        let kept = shown(line, KEPT);
        let is_object = line.trim_ascii_start().first() == Some(&b'{');
        if error.is_data() && is_object {
            let why = error.to_string().replace(" at line 1 column ", " at byte ");
            ProtocolFault::Malformed { why, line: kept }
        } else {
            ProtocolFault::Noise { why: no_object(&error), line: kept }
        }
    })?;
    if reply.seq != asked {
        return Err(ProtocolFault::WrongSeq { asked, answered: reply.seq });
    }
    reply
        .answer(operation)
        .map_err(|why| ProtocolFault::Malformed { why: why.to_owned(), line: shown(line, KEPT) })
}
