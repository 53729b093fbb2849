//! What the page says of each line, held against the functions that read and write them.

use super::*;
use crate::implementation::{Ask, Request};
use corpus::{Given, MetadataValue, Reading, TensorReading, Text, Values, View, ViewKind};
use reports::{Access, Claim, Description, Observation, Operation, ProtocolFault};
use spec::{Leniency, Limit, Span};

#[test]
fn every_line_of_the_published_transcript_is_read() {
    let page = include_str!("../../adapters/PROTOCOL.md");
    let (mut hellos, mut requests, mut replies) = (0, 0, Vec::new());
    let mut asked = (0, Operation::Read);
    let mut operations = Vec::new();
    for line in page.lines() {
        if let Some(line) = line.strip_prefix("> ") {
            let request = parse_request(line).unwrap();
            asked = (request.seq, request.operation());
            operations.push(request.operation());
            requests += 1;
            assert_eq!(request_line(&request).unwrap(), line);
        } else if let Some(line) = line.strip_prefix("< ") {
            if line.contains("\"protocol\"") {
                let hello = parse_hello(line.as_bytes()).unwrap();
                assert!(hello.leniencies.has(Leniency::UnknownFields));
                assert!(hello.limits.contains_key(&Limit::Rank));
                hellos += 1;
            } else {
                replies.push(parse_reply(asked.0, asked.1, line.as_bytes()).unwrap());
            }
        }
    }
    assert_eq!((hellos, requests, replies.len()), (1, 12, 12));
    assert!(Operation::ALL.iter().all(|operation| operations.contains(operation)));
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
        Observation::refused("no\n\u{7}"),
        Observation::Refused { message: String::new(), category: Some("kind".to_owned()) },
        Observation::Unsupported { reason: String::new() },
    ] {
        let line = reply_line(9, Operation::Read, &observation).unwrap();
        assert!(!line.contains('\n'), "{line}");
        assert_eq!(parse_reply(9, Operation::Read, line.as_bytes()), Ok(observation));
    }
}

#[test]
fn what_is_no_answer_has_no_line() {
    let hang = Observation::TimedOut { after_ms: 1, unfinished: None, stderr: String::new() };
    assert_eq!(reply_line(1, Operation::Read, &hang), None);
}

#[test]
fn an_integer_that_a_double_cannot_hold_is_written_as_a_string() {
    let reading = |dim| Reading::new(vec![TensorReading::of("a", "U8", &[dim], &[])], [].into());
    let line = |dim| reply_line(1, Operation::Read, &Observation::Accepted(reading(dim))).unwrap();
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
        (tensor(r#""name":"a","dtype":"U8","shape":[1],"values":[true]"#), "a string or a number"),
        (tensor(r#""name":"a","dtype":"U8","shape":[1],"values":[null]"#), "a string or a number"),
        (tensor(r#""name":"a","dtype":"U8","shape":[1],"values":[[1]]"#), "a string or a number"),
        (tensor(r#""name":"a","dtype":"U8","shape":[1],"values":1"#), "a sequence"),
        (tensor(r#""name":"a","dtype":"U8","shape":[],"hex":"0""#), "hexadecimal"),
        (tensor(r#""name":"a","dtype":"U8","shape":[],"hex":"0+""#), "hexadecimal"),
        (tensor(r#""name":"a","dtype":"U8","shape":[],"sha256":"00""#), "SHA-256"),
        (
            tensor(r#""name":"a","dtype":"U8","shape":[-1],"hex":"""#),
            "a dimension is an integer from 0 to 2^64 - 1",
        ),
        (tensor(r#""name":"a","dtype":"U8","shape":["+1"],"hex":"""#), "digits"),
        (tensor(r#""name":"a","dtype":"U8","shape":["18446744073709551616"],"hex":"""#), "2^64"),
        (r#"{"seq":1,"accepted":{"tensors":[]}}"#.to_owned(), "metadata"),
        (r#"{"seq":1,"accepted":{"tensors":[],"metadata":{"a":"1","a":"2"}}}"#.to_owned(), "twice"),
        (r#"{"seq":1,"accepted":{"tensors":[],"metadata":{"a":1}}}"#.to_owned(), "string"),
        (r#"{"seq":1,"accepted":{"other":"x","tensors":[]}}"#.to_owned(), "`other` stands alone"),
        (r#"{"seq":1,"accepted":{"metadata":null}}"#.to_owned(), "`tensors`"),
        (r#"{"seq":1,"accepted":7}"#.to_owned(), "`accepted` is an object"),
        (r#"{"seq":1,"seq":1,"refused":""}"#.to_owned(), "duplicate field `seq`"),
        (r#"{"seq":1}"#.to_owned(), "none of"),
        (r#"{"refused":"no"}"#.to_owned(), "seq"),
    ] {
        match parse_reply(1, Operation::Read, line.as_bytes()) {
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
        match parse_reply(1, Operation::Read, line.as_bytes()) {
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
    let Err(ProtocolFault::Noise { line, .. }) = parse_reply(1, Operation::Read, &noise) else {
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
        let fault = parse_reply(1, Operation::Read, line.as_bytes()).unwrap_err().to_string();
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
    let parsed = |text: &str| parse_reply(1, Operation::Read, dim(text).as_bytes());
    assert_eq!(parsed("\"007\""), parsed("7"), "leading zeros, and CRLF");
    assert!(parsed("7").is_ok());
    assert!(parse_reply(1, Operation::Read, b"\r").is_err(), "a blank line is no reply");
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

#[test]
fn a_request_is_read_as_it_was_meant() {
    let request = |ask| Request { seq: 9, path: "/tmp/x".into(), access: None, ask };
    let given = |name: &str, view| Given {
        name: name.to_owned(),
        dtype: "U8".to_owned(),
        shape: vec![2, u64::MAX],
        bytes: vec![1, 0xff],
        view,
    };
    let base = vec![1, 2];
    let views = [ViewKind::Transposed, ViewKind::Strided, ViewKind::Reversed, ViewKind::Broadcast]
        .map(|kind| given("é\"", Some(View { kind, base: base.clone() })));
    let metadata = vec![
        ("k".to_owned(), MetadataValue::Text("v\n".to_owned())),
        ("k".to_owned(), MetadataValue::Other("[null, 1e3]".to_owned())),
    ];
    for ask in [
        Ask::Read,
        Ask::Header,
        Ask::ReadIndex,
        Ask::Slice {
            tensor: "a\0".to_owned(),
            spans: vec![Span { start: 0, stop: u64::MAX, step: 2 }],
        },
        Ask::Slice { tensor: String::new(), spans: Vec::new() },
        Ask::Write { tensors: Vec::new(), metadata: None },
        Ask::Write {
            tensors: [views.to_vec(), vec![given("a", None), given("a", None)]].concat(),
            metadata: Some(metadata),
        },
        Ask::Rewrite { to: "/tmp/y".into() },
    ] {
        for access in [None, Some(Access::Pread)] {
            let request = Request { access, ..request(ask.clone()) };
            let line = request_line(&request).unwrap();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(parse_request(&line).unwrap(), request);
        }
    }
}

#[test]
fn a_request_that_lacks_what_its_operation_needs_says_so() {
    for (fields, said) in [
        (r#""op":"slice","slices":[]"#, "`slice` needs the field `tensor`"),
        (r#""op":"slice","tensor":"a""#, "`slices`"),
        (r#""op":"write","metadata":null"#, "`tensors`"),
        (r#""op":"write","tensors":[]"#, "`metadata`"),
        (r#""op":"rewrite""#, "`to`"),
        (r#""op":"fly""#, "fly"),
    ] {
        let line = format!("{{\"seq\":1,\"path\":\"/x\",{fields}}}");
        let error = parse_request(&line).unwrap_err().to_string();
        assert!(error.contains(said), "{line}: {error}");
    }
}

#[test]
fn each_operation_has_its_own_form_of_acceptance() {
    let bare = r#"{"seq":1,"accepted":{"tensors":[{"name":"a","dtype":"U8","shape":[]}],"metadata":null}}"#;
    let slice =
        r#"{"seq":1,"accepted":{"tensors":[{"name":"a","dtype":"U8","shape":[],"hex":""}]}}"#;
    let empty = r#"{"seq":1,"accepted":{}}"#;
    let is_read = |operation, line: &str| parse_reply(1, operation, line.as_bytes()).is_ok();
    for operation in Operation::ALL {
        let operation = *operation;
        assert_eq!(is_read(operation, bare), operation == Operation::Header, "{operation}");
        assert_eq!(is_read(operation, slice), operation == Operation::Slice, "{operation}");
        let writes = matches!(operation, Operation::Write | Operation::Rewrite);
        assert_eq!(is_read(operation, empty), writes, "{operation}");
    }
}

#[test]
fn a_range_of_versions_has_to_hold_ours() {
    let hello = |protocol: &str| {
        let line = format!(
            r#"{{"protocol":{protocol},"name":"n","version":"v","language":"l","operations":["read"],"access":["mmap","device"],"leniencies":[],"limits":{{}},"write_dtypes":["U8"],"claims":["canonical"]}}"#
        );
        parse_hello(line.as_bytes())
    };
    for good in ["1", "[1,1]", "[1,7]", "[0,1]"] {
        let told = hello(good).unwrap();
        assert_eq!(told.access, [Access::Mmap, Access::Device]);
        assert!(told.claims(Claim::Canonical));
        assert_eq!(parse_hello(hello_line(&told).unwrap().as_bytes()).unwrap(), told);
    }
    for bad in ["2", "[2,3]", "[3,1]", "[1]", "[]", "\"1\"", "1.0", "null", "[1,2,3]"] {
        assert!(matches!(hello(bad), Err(HelloError::Protocol(_))), "{bad}");
    }
    let _: Description = hello("1").unwrap();
}
