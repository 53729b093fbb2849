//! The schemas in `adapters/schema` and the functions that read the lines agree: on every line of the
//! transcript of the page, and on each of these lines doctored in every place, but for what is listed
//! here.
//!
//! A schema sees one line, and values, not their spelling. So a reply is right here if it is the right
//! reply to some operation; and where the functions let pass what the page does not allow, since they
//! have no use for it, the schemas follow the page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use harness::protocol::{parse_hello, parse_reply, parse_request};
use jsonschema::Validator;
use reports::{Access, Claim, Operation};
use serde_json::{Value, json};
use spec::{DTYPES, LENIENCIES, LIMITS, Limit};
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../adapters/PROTOCOL.md");
const HELLO: &str = include_str!("../adapters/schema/hello.schema.json");
const REQUEST: &str = include_str!("../adapters/schema/request.schema.json");
const REPLY: &str = include_str!("../adapters/schema/reply.schema.json");

/// A kind of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Hello,
    Request,
    Reply,
}

const KINDS: [Kind; 3] = [Kind::Hello, Kind::Request, Kind::Reply];

impl Kind {
    fn schema(self) -> Value {
        let text = match self {
            Self::Hello => HELLO,
            Self::Request => REQUEST,
            Self::Reply => REPLY,
        };
        serde_json::from_str(text).unwrap()
    }

    fn compiled(self) -> Validator {
        jsonschema::draft202012::new(&self.schema()).unwrap()
    }

    /// Whether the line can be read; a reply as one to any operation.
    fn is_read(self, line: &str) -> bool {
        match self {
            Self::Hello => parse_hello(line.as_bytes()).is_ok(),
            Self::Request => parse_request(line).is_ok(),
            Self::Reply => {
                let value: Value = serde_json::from_str(line).unwrap();
                let asked = value.get("seq").and_then(Value::as_u64).unwrap_or(1);
                let read = |operation| parse_reply(asked, operation, line.as_bytes()).is_ok();
                Operation::ALL.iter().copied().any(read)
            }
        }
    }
}

/// The lines of the transcript.
fn transcript() -> Vec<(Kind, &'static str)> {
    let kind = |line: &'static str| match line.split_at_checked(2)? {
        ("> ", line) => Some((Kind::Request, line)),
        ("< ", line) if line.contains("\"protocol\"") => Some((Kind::Hello, line)),
        ("< ", line) => Some((Kind::Reply, line)),
        _ => None,
    };
    PAGE.lines().filter_map(kind).collect()
}

#[test]
fn every_line_of_the_transcript_is_as_its_schema_says() {
    for kind in KINDS {
        let schema = kind.compiled();
        let lines: Vec<_> = transcript().into_iter().filter(|line| line.0 == kind).collect();
        assert!(!lines.is_empty(), "{kind:?}");
        for (_, line) in lines {
            let value: Value = serde_json::from_str(line).unwrap();
            let wrong: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
            assert_eq!(wrong, [""; 0], "{line}");
        }
    }
}

#[test]
fn the_schemas_are_of_the_draft_that_they_name() {
    for kind in KINDS {
        let schema = kind.schema();
        jsonschema::draft202012::meta::validate(&schema).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{kind:?}");
    }
}

/// The names at a place of a schema: of an `enum`, or of the members of an object.
fn names_at(schema: &Value, place: &str) -> BTreeSet<String> {
    let found = schema.pointer(place).unwrap_or_else(|| panic!("nothing at {place}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match found {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(list) => {
            let names: BTreeSet<_> = list.iter().map(text).collect();
            assert_eq!(names.len(), list.len(), "a name occurs twice at {place}");
            names
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            panic!("{other} at {place}")
        }
    }
}

/// The lists of the schemas that differ from the tables.
fn stale_lists(hello: &Value, request: &Value) -> Vec<String> {
    fn all<T: Copy>(list: &[T], name: fn(T) -> &'static str) -> BTreeSet<String> {
        list.iter().map(|one| name(*one).to_owned()).collect()
    }
    let leniencies = all(LENIENCIES, |row| row.name);
    let limits = all(LIMITS, |row| row.name);
    let dtypes = all(DTYPES, |row| row.name);
    let operations = all(Operation::ALL, Operation::name);
    let access = all(Access::ALL, Access::name);
    let claims = all(Claim::ALL, Claim::name);
    let asked: BTreeSet<_> = request["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["properties"]["op"]["const"].as_str().unwrap().to_owned())
        .collect();
    [
        ("leniencies of the hello", names_at(hello, "/$defs/leniency/enum"), leniencies),
        ("limits of the hello", names_at(hello, "/$defs/limits/properties"), limits),
        ("dtypes of the hello", names_at(hello, "/$defs/dtype/enum"), dtypes),
        ("operations of the hello", names_at(hello, "/$defs/operation/enum"), operations.clone()),
        ("access of the hello", names_at(hello, "/$defs/access/enum"), access.clone()),
        ("claims of the hello", names_at(hello, "/$defs/claim/enum"), claims),
        ("operations of requests", asked, operations),
        ("access of requests", names_at(request, "/$defs/access/enum"), access),
    ]
    .into_iter()
    .filter(|(_, listed, known)| listed != known)
    .map(|(list, listed, known)| {
        let differing: Vec<_> = listed.symmetric_difference(&known).collect();
        format!("the {list} and the table differ in {differing:?}; mend adapters/schema")
    })
    .collect()
}

#[test]
fn the_names_in_the_schemas_are_those_of_the_tables() {
    assert_eq!(stale_lists(&Kind::Hello.schema(), &Kind::Request.schema()), [""; 0]);
    let schema = Kind::Hello.schema();
    for row in LIMITS {
        let is_list = schema["$defs"]["limits"]["properties"][row.name]["type"] == "array";
        assert_eq!(is_list, row.limit == Limit::Dtype, "{}", row.name);
    }
}

#[test]
fn a_name_more_or_less_is_noticed() {
    let (hello, request) = (Kind::Hello.schema(), Kind::Request.schema());
    for list in ["leniency", "dtype", "operation", "access", "claim"] {
        let mut doctored = hello.clone();
        doctored["$defs"][list]["enum"].as_array_mut().unwrap().pop();
        assert_eq!(stale_lists(&doctored, &request).len(), 1, "{list}");
    }
    let mut doctored = hello.clone();
    doctored["$defs"]["limits"]["properties"]["size"] = json!({});
    assert_eq!(stale_lists(&doctored, &request).len(), 1);
    let mut doctored = request.clone();
    doctored["oneOf"].as_array_mut().unwrap().pop();
    assert_eq!(stale_lists(&hello, &doctored).len(), 1);
}

#[test]
fn what_is_no_line_of_the_protocol_is_refused() {
    let tensor = |fields: &str| {
        format!(r#"{{"seq":1,"accepted":{{"tensors":[{{{fields}}}],"metadata":null}}}}"#)
    };
    let hello = |change: (&str, &str)| {
        r#"{"protocol":1,"name":"n","version":"v","language":"l","operations":["read"],"leniencies":[],"limits":{}}"#
            .replacen(change.0, change.1, 1)
    };
    let table = [
        (Kind::Hello, hello(("\"protocol\":1", "\"protocol\":2"))),
        (Kind::Hello, hello(("\"protocol\":1", "\"protocol\":[2,3]"))),
        (Kind::Hello, hello(("\"protocol\":1", "\"protocol\":[0,0]"))),
        (Kind::Hello, hello(("\"read\"", "\"fly\""))),
        (Kind::Hello, hello(("[]", "[\"generous\"]"))),
        (Kind::Hello, hello(("{}", "{\"size\":1}"))),
        (Kind::Hello, hello(("{}", "{\"rank\":-1}"))),
        (Kind::Hello, hello(("{}", "{\"rank\":[\"U8\"]}"))),
        (Kind::Hello, hello(("{}", "{\"dtype\":1}"))),
        (Kind::Hello, hello(("\"name\"", "\"colour\":1,\"name\""))),
        (Kind::Request, r#"{"seq":1,"op":"fly","path":"/f"}"#.to_owned()),
        (Kind::Request, r#"{"seq":1,"op":"read"}"#.to_owned()),
        (Kind::Request, r#"{"seq":-1,"op":"read","path":"/f"}"#.to_owned()),
        (
            Kind::Request,
            r#"{"seq":1,"op":"slice","path":"/f","tensor":"w","slices":[[0,1]]}"#.to_owned(),
        ),
        (Kind::Request, r#"{"seq":1,"op":"write","path":"/f","tensors":[]}"#.to_owned()),
        (Kind::Request, r#"{"seq":1,"op":"rewrite","path":"/f"}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1}"#.to_owned()),
        (Kind::Reply, r#"{"refused":"no"}"#.to_owned()),
        (Kind::Reply, r#"{"seq":"1","refused":"no"}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1,"refussed":"no"}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1,"refused":"no","unsupported":"no"}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1,"accepted":{},"category":"c"}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1,"accepted":true}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1,"accepted":{"metadata":null}}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1,"accepted":{"tensors":[],"metadata":{"a":1}}}"#.to_owned()),
        (Kind::Reply, r#"{"seq":1,"accepted":{"other":"x","tensors":[]}}"#.to_owned()),
        (Kind::Reply, tensor(r#""dtype":"U8","shape":[],"hex":"00""#)),
        (Kind::Reply, tensor(r#""name":"a","name_hex":"61","dtype":"U8","shape":[],"hex":"00""#)),
        (Kind::Reply, tensor(r#""name":"a","dtype":"U8","shape":"[1]","hex":"00""#)),
        (Kind::Reply, tensor(r#""name":"a","dtype":"U8","shape":[-1],"hex":"00""#)),
        (Kind::Reply, tensor(r#""name":"a","dtype":"U8","shape":["+1"],"hex":"00""#)),
        (Kind::Reply, tensor(r#""name":"a","dtype":"U8","shape":[],"hex":"0""#)),
        (Kind::Reply, tensor(r#""name":"a","dtype":"U8","shape":[],"sha256":"00""#)),
        (Kind::Reply, tensor(r#""name":"a","dtype":"U8","shape":[],"values":[true]"#)),
        (Kind::Reply, tensor(r#""name":"a","dtype":"U8","shape":[],"values":1"#)),
    ];
    for (kind, line) in table {
        let value: Value = serde_json::from_str(&line).unwrap();
        assert!(!kind.compiled().is_valid(&value), "{line}");
        assert!(!kind.is_read(&line), "{line}");
    }
}

/// One change of a line.
#[derive(Debug)]
struct Change {
    /// The place in the line, as a JSON pointer.
    place: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Drop,
    Double,
    Add(&'static str),
    Put(Value),
}

/// What takes the place of any value, one after the other.
fn values() -> Vec<Value> {
    let texts = ["", "x", "12", "ff", "read", "U8", "w", "18446744073709551616"];
    let mut values: Vec<Value> = texts.into_iter().map(Value::from).collect();
    values.extend([json!(null), json!(true), json!(0), json!(1), json!(9), json!(-1), json!(1.5)]);
    values.extend([json!(u64::MAX), json!(1e300), json!([]), json!({}), json!([1]), json!(["x"])]);
    values.extend([json!([[0, 1, 1]]), json!({"x": "y"}), json!([1, 1]), json!([["6b", "76"]])]);
    values
}

/// Fields of the protocol, and one that is none.
const FIELDS: &[&str] = &[
    "unheard",
    "access",
    "category",
    "other",
    "tensors",
    "metadata",
    "metadata_hex",
    "to",
    "view",
    "base",
    "hex",
    "sha256",
    "values",
    "name_hex",
    "write_dtypes",
    "build",
    "refused",
];

/// Every place in a value, as JSON pointers.
fn places(value: &Value, here: &str, into: &mut Vec<String>) {
    into.push(here.to_owned());
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                places(
                    value,
                    &format!("{here}/{}", key.replace('~', "~0").replace('/', "~1")),
                    into,
                );
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, &format!("{here}/{index}"), into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn changes(line: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    places(line, "", &mut found);
    let mut changes = Vec::new();
    for place in found {
        let mut add = |what| changes.push(Change { place: place.clone(), what });
        if !place.is_empty() {
            add(What::Drop);
            add(What::Double);
        }
        if line.pointer(&place).unwrap().is_object() {
            FIELDS.iter().for_each(|field| add(What::Add(field)));
        }
        values().into_iter().for_each(|value| add(What::Put(value)));
    }
    changes
}

/// The line with a change; `None` where the change makes no sense there.
fn changed(line: &Value, change: &Change) -> Option<Value> {
    let mut line = line.clone();
    match &change.what {
        What::Put(value) => *line.pointer_mut(&change.place)? = value.clone(),
        What::Add(field) => {
            let object = line.pointer_mut(&change.place)?.as_object_mut()?;
            if object.contains_key(*field) {
                return None;
            }
            object.insert((*field).to_owned(), "00".into());
        }
        What::Drop | What::Double => {
            let (parent, key) = change.place.rsplit_once('/')?;
            match line.pointer_mut(parent)? {
                Value::Array(list) => {
                    let index: usize = key.parse().ok()?;
                    let value = list.remove(index);
                    if matches!(change.what, What::Double) {
                        list.insert(index, value.clone());
                        list.insert(index, value);
                    }
                }
                Value::Object(members) if matches!(change.what, What::Drop) => {
                    members.remove(key)?;
                }
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Object(_) => return None,
            }
        }
    }
    Some(line)
}

/// What a schema cannot see, or does not say.
const UNSEEN: &[&str] = &[
    "a string of digits that is 2^64 or more",
    "a key of the metadata that occurs twice in `metadata_hex`",
];

/// What the page does not allow, and the functions let pass.
const LET_PASS: &[&str] = &[
    "null in the place of a field that is not there",
    "a dtype that no table has, in the hello",
    "a field of another operation in a request",
];

/// Why the schema accepts a line that the functions do not read, if that is known.
fn unseen(change: &Change, line: &Value) -> Option<&'static str> {
    let text = line.to_string();
    if text.contains("18446744073709551616") {
        return Some(UNSEEN[0]);
    }
    let is_pair_twice =
        change.place.contains("/metadata_hex") && matches!(change.what, What::Double);
    is_pair_twice.then_some(UNSEEN[1])
}

/// Why the functions read a line that the schema does not accept, if that is known.
fn let_pass(kind: Kind, change: &Change) -> Option<&'static str> {
    let is_null = matches!(change.what, What::Put(Value::Null));
    let names_dtype =
        ["/limits/dtype", "/write_dtypes"].iter().any(|list| change.place.contains(list));
    let last = change.place.rsplit('/').next().unwrap_or_default();
    let added = match change.what {
        What::Add(field) => field,
        What::Drop | What::Double | What::Put(_) => "",
    };
    match kind {
        Kind::Hello if names_dtype && !is_null => Some(LET_PASS[1]),
        Kind::Hello | Kind::Reply => is_null.then_some(LET_PASS[0]),
        Kind::Request if is_null => Some(LET_PASS[0]),
        Kind::Request if last == "op" || (change.place.is_empty() && !added.is_empty()) => {
            Some(LET_PASS[2])
        }
        Kind::Request => None,
    }
}

#[test]
fn on_doctored_lines_the_schemas_and_the_functions_agree() {
    let mut lines = transcript();
    lines.extend([
        (Kind::Hello, r#"{"protocol":[1,2],"name":"n","version":"v","language":"l","build":"b","source":"s","operations":[],"leniencies":[],"limits":{},"write_dtypes":["U8"]}"#),
        (Kind::Reply, r#"{"seq":1,"accepted":{"tensors":[{"name":"w","dtype":"U8","shape":["4"],"values":["1",2]}],"metadata_hex":[["6b","76"],["6c","76"]]}}"#),
    ]);
    let (mut compared, mut reasons, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for (kind, line) in lines {
        let schema = kind.compiled();
        let value: Value = serde_json::from_str(line).unwrap();
        for change in changes(&value) {
            let Some(doctored) = changed(&value, &change) else { continue };
            compared += 1;
            let (seen, read) = (schema.is_valid(&doctored), kind.is_read(&doctored.to_string()));
            let reason = match (seen, read) {
                (true, false) => unseen(&change, &doctored),
                (false, true) => let_pass(kind, &change),
                (true, true) | (false, false) => continue,
            };
            match reason {
                Some(reason) => {
                    reasons.insert(reason);
                }
                None => wrong.push(format!("schema {seen}, function {read}: {doctored}")),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    assert!(compared > 5000, "{compared} lines compared");
    let listed: BTreeSet<_> = UNSEEN.iter().chain(LET_PASS).copied().collect();
    assert_eq!(reasons, listed, "what is listed has to be met with");
}

#[test]
fn what_only_the_text_of_a_line_shows_no_schema_sees() {
    for (kind, line) in [
        (Kind::Reply, r#"{"seq":1,"seq":1,"refused":""}"#),
        (Kind::Reply, r#"{"seq":1.0,"refused":""}"#),
        (Kind::Reply, r#"{"seq":1,"accepted":{"tensors":[],"metadata":{"a":"1","a":"2"}}}"#),
        (Kind::Request, r#"{"seq":1,"op":"read","op":"read","path":"/f"}"#),
        (
            Kind::Hello,
            r#"{"protocol":1.0,"name":"n","version":"v","language":"l","operations":[],"leniencies":[],"limits":{}}"#,
        ),
    ] {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(kind.compiled().is_valid(&value), "{line}");
        assert!(!kind.is_read(line), "{line}");
    }
    // In the hello the last of two equal keys counts, so there both agree.
    let twice = r#"{"protocol":9,"protocol":1,"name":"n","version":"v","language":"l","operations":[],"leniencies":[],"limits":{}}"#;
    assert!(Kind::Hello.is_read(twice));
}

#[test]
fn which_operation_a_reply_answers_and_which_request_no_schema_sees() {
    let schema = Kind::Reply.compiled();
    for (operation, line) in [
        (Operation::Write, r#"{"seq":1,"accepted":{"tensors":[],"metadata":null}}"#),
        (Operation::Read, r#"{"seq":1,"accepted":{}}"#),
        (Operation::Slice, r#"{"seq":1,"accepted":{"tensors":[],"metadata":null}}"#),
        (
            Operation::Read,
            r#"{"seq":1,"accepted":{"tensors":[{"name":"w","dtype":"U8","shape":[0],"hex":""}]}}"#,
        ),
        (
            Operation::Read,
            r#"{"seq":1,"accepted":{"tensors":[{"name":"w","dtype":"U8","shape":[]}],"metadata":null}}"#,
        ),
        (Operation::Read, r#"{"seq":2,"refused":"no"}"#),
    ] {
        assert!(schema.is_valid(&serde_json::from_str(line).unwrap()), "{line}");
        assert!(parse_reply(1, operation, line.as_bytes()).is_err(), "{line}");
    }
}
