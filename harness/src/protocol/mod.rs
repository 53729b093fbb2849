//! The lines of the process protocol: hello, request, reply. The contract for people is
//! `adapters/PROTOCOL.md`; a test reads its transcript with the functions here.
//!
//! No process lives here; see [`crate::process`] and [`crate::serve`].

mod wire;

use crate::implementation::Request;
use corpus::{Reading, TensorReading};
use reports::{Description, Observation, Operation, ProtocolFault, shown};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use wire::{WireReply, hex};

/// The version of the protocol that the runner speaks.
pub const PROTOCOL: u64 = 1;

/// The longest line that the runner takes, in bytes.
pub const MAX_LINE: usize = 256 << 20;

/// How much of a foreign line is kept, in bytes.
const KEPT: usize = 400;
/// The greatest integer that every JSON reader takes exactly; greater ones are written as strings.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

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
        Some(Value::Number(number)) if number.as_u64() == Some(PROTOCOL) => {}
        Some(other) => return Err(HelloError::Protocol(other.to_string())),
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRequest {
    seq: u64,
    op: Operation,
    path: String,
}

/// The line of a request, without the line feed; `None` where the path is not UTF-8.
#[must_use]
pub fn request_line(request: &Request) -> Option<String> {
    let path = request.path.to_str()?.to_owned();
    serde_json::to_string(&WireRequest { seq: request.seq, op: request.operation, path }).ok()
}

/// Reads the line of a request.
///
/// # Errors
///
/// The line is no request.
pub fn parse_request(line: &str) -> Result<Request, serde_json::Error> {
    let wire: WireRequest = serde_json::from_str(line)?;
    Ok(Request { seq: wire.seq, operation: wire.op, path: PathBuf::from(wire.path) })
}

/// The line of a reply, without the line feed; `None` for what is no reply: a crash, a hang, noise.
#[must_use]
pub fn reply_line(seq: u64, observation: &Observation) -> Option<String> {
    let reply = match observation {
        Observation::Accepted(reading) => json!({"seq": seq, "accepted": wire_reading(reading)}),
        Observation::AcceptedOther { what } => json!({"seq": seq, "accepted": {"other": what}}),
        Observation::Refused { message } => json!({"seq": seq, "refused": message}),
        Observation::Unsupported { reason } => json!({"seq": seq, "unsupported": reason}),
        Observation::Crashed { .. }
        | Observation::TimedOut { .. }
        | Observation::Garbled { .. } => return None,
    };
    Some(reply.to_string())
}

fn wire_reading(reading: &Reading) -> Value {
    let tensors: Vec<Value> = reading.tensors().iter().map(wire_tensor).collect();
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
    let shape: Vec<Value> = tensor
        .shape
        .iter()
        .map(|dim| if *dim > MAX_SAFE_INTEGER { dim.to_string().into() } else { (*dim).into() })
        .collect();
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

/// Why a line is no JSON object. A line has one line, so only the byte in it is told.
fn no_object(error: &serde_json::Error) -> String {
    if error.is_data() {
        "it is JSON, and no object".to_owned()
    } else {
        error.to_string().replace(" at line 1 column ", " at byte ")
    }
}

/// Reads the line of a reply to a question.
///
/// # Errors
///
/// The line is no reply, or the reply to another question.
pub fn parse_reply(asked: u64, line: &[u8]) -> Result<Observation, ProtocolFault> {
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
        .answer()
        .map_err(|why| ProtocolFault::Malformed { why: why.to_owned(), line: shown(line, KEPT) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use corpus::{Text, Values};
    use spec::{Leniency, Limit};

    #[test]
    fn every_line_of_the_published_transcript_is_read() {
        let page = include_str!("../../adapters/PROTOCOL.md");
        let (mut hellos, mut requests, mut replies) = (0, 0, Vec::new());
        let mut asked = 0;
        for line in page.lines() {
            if let Some(line) = line.strip_prefix("> ") {
                let request = parse_request(line).unwrap();
                asked = request.seq;
                requests += 1;
                assert_eq!(request_line(&request).unwrap(), line);
            } else if let Some(line) = line.strip_prefix("< ") {
                if line.contains("\"protocol\"") {
                    let hello = parse_hello(line.as_bytes()).unwrap();
                    assert!(hello.leniencies.has(Leniency::UnknownFields));
                    assert!(hello.limits.contains_key(&Limit::Rank));
                    hellos += 1;
                } else {
                    replies.push(parse_reply(asked, line.as_bytes()).unwrap());
                }
            }
        }
        assert_eq!((hellos, requests, replies.len()), (1, 7, 7));
        assert!(replies.iter().any(|reply| matches!(reply, Observation::Refused { .. })));
        assert!(replies.iter().any(|reply| matches!(reply, Observation::Unsupported { .. })));
    }

    #[test]
    fn a_reply_is_read_as_it_was_meant() {
        let reading = Reading::new(
            vec![
                TensorReading::of("a\0\u{1f600}", "F32", &[u64::MAX, 0, MAX_SAFE_INTEGER], &[]),
                TensorReading { name: Text(vec![0xff]), ..TensorReading::of("", "U8", &[], &[1]) },
                TensorReading {
                    sha256: None,
                    values: Some(Values::told("F32", vec!["1".to_owned(), "nan".to_owned()])),
                    ..TensorReading::of("v", "F32", &[2], &[])
                },
            ],
            [("k".into(), "v".into())].into(),
        );
        let bytes = Reading::new(Vec::new(), [(Text(vec![0xfe]), Text(Vec::new()))].into());
        for observation in [
            Observation::Accepted(reading),
            Observation::Accepted(bytes),
            Observation::Accepted(Reading::default()),
            Observation::AcceptedOther { what: "a dimension of -1".to_owned() },
            Observation::Refused { message: "no\n\u{7}".to_owned() },
            Observation::Unsupported { reason: String::new() },
        ] {
            let line = reply_line(9, &observation).unwrap();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(parse_reply(9, line.as_bytes()), Ok(observation));
        }
    }

    #[test]
    fn what_is_no_answer_has_no_line() {
        let hang = Observation::TimedOut { after_ms: 1, unfinished: None, stderr: String::new() };
        assert_eq!(reply_line(1, &hang), None);
    }

    #[test]
    fn an_integer_that_a_double_cannot_hold_is_written_as_a_string() {
        let reading =
            |dim| Reading::new(vec![TensorReading::of("a", "U8", &[dim], &[])], [].into());
        let line = |dim| reply_line(1, &Observation::Accepted(reading(dim))).unwrap();
        assert!(line((1 << 53) - 1).contains("[9007199254740991]"));
        assert!(line(1 << 53).contains("[\"9007199254740992\"]"));
    }

    #[test]
    fn a_reply_with_a_fault_says_which() {
        let tensor = |fields: &str| {
            format!("{{\"seq\":1,\"accepted\":{{\"tensors\":[{{{fields}}}],\"metadata\":null}}}}")
        };
        for (line, said) in [
            (tensor(r#""name":"a","name_hex":"61","dtype":"U8","shape":[],"hex":"""#), "`name`"),
            (tensor(r#""dtype":"U8","shape":[],"hex":"""#), "`name`"),
            (tensor(r#""name":"a","dtype":"U8","shape":[]"#), "`sha256`"),
            (
                tensor(
                    r#""name":"a","dtype":"U8","shape":[],"hex":"","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#,
                ),
                "only one",
            ),
            (
                tensor(r#""name":"a","dtype":"U8","shape":[1],"values":[true]"#),
                "a string or a number",
            ),
            (
                tensor(r#""name":"a","dtype":"U8","shape":[1],"values":[null]"#),
                "a string or a number",
            ),
            (
                tensor(r#""name":"a","dtype":"U8","shape":[1],"values":[[1]]"#),
                "a string or a number",
            ),
            (tensor(r#""name":"a","dtype":"U8","shape":[1],"values":1"#), "a sequence"),
            (tensor(r#""name":"a","dtype":"U8","shape":[],"hex":"0""#), "hexadecimal"),
            (tensor(r#""name":"a","dtype":"U8","shape":[],"hex":"0+""#), "hexadecimal"),
            (tensor(r#""name":"a","dtype":"U8","shape":[],"sha256":"00""#), "SHA-256"),
            (
                tensor(r#""name":"a","dtype":"U8","shape":[-1],"hex":"""#),
                "a dimension is an integer from 0 to 2^64 - 1",
            ),
            (tensor(r#""name":"a","dtype":"U8","shape":["+1"],"hex":"""#), "digits"),
            (
                tensor(r#""name":"a","dtype":"U8","shape":["18446744073709551616"],"hex":"""#),
                "2^64",
            ),
            (r#"{"seq":1,"accepted":{"tensors":[]}}"#.to_owned(), "metadata"),
            (
                r#"{"seq":1,"accepted":{"tensors":[],"metadata":{"a":"1","a":"2"}}}"#.to_owned(),
                "twice",
            ),
            (r#"{"seq":1,"accepted":{"tensors":[],"metadata":{"a":1}}}"#.to_owned(), "string"),
            (
                r#"{"seq":1,"accepted":{"other":"x","tensors":[]}}"#.to_owned(),
                "`other` stands alone",
            ),
            (r#"{"seq":1,"accepted":{"metadata":null}}"#.to_owned(), "`tensors`"),
            (r#"{"seq":1,"accepted":7}"#.to_owned(), "`accepted` is an object"),
            (r#"{"seq":1,"seq":1,"refused":""}"#.to_owned(), "duplicate field `seq`"),
            (r#"{"seq":1}"#.to_owned(), "none of"),
            (r#"{"refused":"no"}"#.to_owned(), "seq"),
        ] {
            match parse_reply(1, line.as_bytes()) {
                Err(ProtocolFault::Malformed { why, .. }) => {
                    assert!(why.contains(said), "{line}: {why}");
                }
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn values_come_as_texts_and_as_numbers_and_no_number_is_rounded() {
        let told = |dtype: &str, values: &str| {
            let line = format!(
                "{{\"seq\":1,\"accepted\":{{\"tensors\":[{{\"name\":\"a\",\"dtype\":\"{dtype}\",\"shape\":[1],\"values\":{values}}}],\"metadata\":null}}}}"
            );
            match parse_reply(1, line.as_bytes()) {
                Ok(Observation::Accepted(reading)) => reading.tensors()[0].values.clone().unwrap(),
                other => panic!("{line}: {other:?}"),
            }
        };
        let texts = |dtype: &str, values: &str| told(dtype, values).texts().to_vec();
        assert_eq!(texts("U64", "[18446744073709551615]"), ["18446744073709551615"]);
        assert_eq!(texts("F64", r#"[-0, 1e-400, 0.1, "nan"]"#), ["-0", "1e-400", "0.1", "nan"]);
        assert_eq!(texts("U8", "[]"), [""; 0]);
        assert_eq!(told("F32", "[1, -0.0]"), told("F32", r#"["1.0", "-0"]"#));
        assert_ne!(told("F32", "[1, -0.0]"), told("F32", "[1, 0.0]"));
        assert_ne!(told("U64", "[9007199254740992]"), told("U64", "[9007199254740993]"));
    }

    #[test]
    fn a_long_line_of_noise_is_kept_in_part() {
        let noise = vec![b'x'; 1 << 20];
        let Err(ProtocolFault::Noise { line, .. }) = parse_reply(1, &noise) else {
            panic!("noise is noise");
        };
        assert!(line.len() < 1000, "{} bytes kept", line.len());
    }

    #[test]
    fn a_line_that_is_no_reply_says_where_it_stops_being_one() {
        for (line, said) in [
            ("\u{feff}{\"seq\":1}", r"(expected value at byte 1): \u{feff}{"),
            ("", "(EOF while parsing a value at byte 0): "),
            ("42", "(it is JSON, and no object): 42"),
            ("{\"seq\":01}", "(invalid number at byte 9): {"),
            ("{\"seq\":NaN}", "(expected value at byte 8): {"),
        ] {
            let fault = parse_reply(1, line.as_bytes()).unwrap_err().to_string();
            assert!(fault.contains(said), "{line}: {fault}");
        }
    }

    #[test]
    fn what_the_page_says_of_spelling_is_so() {
        let dim = |text: &str| {
            format!(
                "{{\"seq\":1,\"accepted\":{{\"tensors\":[{{\"name\":\"a\",\"dtype\":\"U8\",\"shape\":[{text}],\"hex\":\"\"}}],\"metadata\":null}}}}\r"
            )
        };
        let parsed = |text: &str| parse_reply(1, dim(text).as_bytes());
        assert_eq!(parsed("\"007\""), parsed("7"), "leading zeros, and CRLF");
        assert!(parsed("7").is_ok());
        assert!(parse_reply(1, b"\r").is_err(), "a blank line is no reply");
    }

    #[test]
    fn a_hello_with_a_fault_says_which() {
        let hello = |change: (&str, &str)| {
            r#"{"protocol":1,"name":"n","version":"v","language":"l","operations":["read"],"leniencies":[],"limits":{}}"#
                .replacen(change.0, change.1, 1)
        };
        assert!(parse_hello(hello(("", "")).as_bytes()).is_ok());
        for (change, said) in [
            ((r#""protocol":1,"#, ""), "`protocol`"),
            ((r#""protocol":1"#, r#""protocol":2"#), "protocol 2"),
            ((r#""version":"v","#, ""), "`version`"),
            (("\"read\"", "\"fly\""), "fly"),
            (("[]", "[\"generous\"]"), "there is no leniency `generous`"),
            (("{}", "{\"size\":1}"), "there is no limit `size`"),
            (("{}", "{\"rank\":[\"U8\"]}"), "`rank` has a number"),
            (("{}", "{\"dtype\":1}"), "`dtype` has a list"),
            (("{}", "{\"rank\":-1}"), "the value of a limit is a number, or a list of names"),
            (("\"name\"", "\"colour\":1,\"name\""), "colour"),
        ] {
            let error = parse_hello(hello(change).as_bytes()).unwrap_err().to_string();
            assert!(error.contains(said), "{change:?}: {error}");
        }
    }
}
