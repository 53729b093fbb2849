//! A record made by hand, with every kind of row, for the tests of what is made from records.

use corpus::{Digest, LimitValue, Reading, TensorReading, Text};
use reports::record::{FORMAT, FORMAT_VERSION};
use reports::{
    Access, Death, Description, Detail, Expected, Header, Known, Observation, Operation,
    ProtocolFault, Record, Row, Selection, Twin, Verdict,
};
use spec::{Leniency, Limit, RuleId, Version};
use std::collections::BTreeMap;

pub fn record() -> Record {
    Record::new(header(), rows())
}

pub fn header() -> Header {
    Header {
        format: FORMAT.to_owned(),
        version: FORMAT_VERSION,
        tool: "0.1.0".to_owned(),
        revision: "r1".to_owned(),
        format_version: Version::V1_4,
        corpus: Digest::of(b"a corpus").to_string(),
        implementation: Description {
            name: "example".to_owned(),
            version: "1.2.3".to_owned(),
            language: "C".to_owned(),
            build: Some("release build".to_owned()),
            source: Some("https://example.invalid/".to_owned()),
            operations: vec![Operation::Read],
            leniencies: [Leniency::NullMetadata, Leniency::UnknownFields].into_iter().collect(),
            limits: BTreeMap::from([
                (Limit::Rank, LimitValue::Number(2)),
                (Limit::WordSize, LimitValue::Number(63)),
                (Limit::Dtype, LimitValue::Dtypes(vec!["U8".to_owned(), "C64".to_owned()])),
            ]),
        },
        declared_for_it: vec!["unknown-fields".to_owned()],
        access: Access::Process,
        when: "2000-01-01T00:00:00Z".to_owned(),
        selection: Selection {
            filters: vec!["*".to_owned()],
            areas: Vec::new(),
            rules: Vec::new(),
            tier: "stored".to_owned(),
            of: 20,
        },
    }
}

fn rows() -> Vec<Row> {
    let reading = Reading::new(
        vec![
            TensorReading::of("w", "F32", &[2, u64::MAX], &[1, 2]),
            TensorReading {
                name: Text(vec![0xff, 0]),
                dtype: "U8".to_owned(),
                shape: Vec::new(),
                sha256: Some(Digest::of(&[3])),
                values: None,
            },
        ],
        BTreeMap::from([("k".into(), Text(vec![0xfe]))]),
    );
    let accepted = || Observation::Accepted(reading.clone());
    let refused = || Observation::Refused { message: "bad \u{1b}[31mheader".to_owned() };
    let unsupported = || Observation::Unsupported { reason: "rank".to_owned() };
    let stderr = || "first line\nlast line".to_owned();
    vec![
        valid("json/plain", accepted(), Verdict::Conforms),
        invalid("json/comma", RuleId::Json1, refused(), Verdict::Conforms, Twin::Accepted),
        invalid("json/quote", RuleId::Json1, refused(), Verdict::Conforms, Twin::NotAccepted),
        invalid("json/text", RuleId::Txt2, refused(), Verdict::Conforms, Twin::NotRun),
        Row {
            detail: Some(Detail::Leniency("null-metadata".to_owned())),
            ..invalid("metadata/null", RuleId::Meta2, accepted(), Verdict::Lenient, Twin::Accepted)
        },
        invalid(
            "metadata/number",
            RuleId::Meta3,
            accepted(),
            Verdict::AcceptedInvalid,
            Twin::NotAccepted,
        ),
        Row {
            known: Some(Known { reason: "a map keeps the last".to_owned(), issue: None }),
            ..invalid(
                "names/twice",
                RuleId::Name1,
                accepted(),
                Verdict::AcceptedInvalid,
                Twin::Accepted,
            )
        },
        Row {
            detail: Some(Detail::Difference("the shape of \"w\" is [2], not [4]".to_owned())),
            ..valid("shapes/plain", accepted(), Verdict::Misread)
        },
        valid("shapes/refused", refused(), Verdict::RefusedValid),
        Row {
            detail: Some(Detail::Limit("rank".to_owned())),
            ..valid("shapes/deep", unsupported(), Verdict::Limited)
        },
        Row {
            detail: Some(Detail::Operation("read".to_owned())),
            ..invalid(
                "shapes/odd",
                RuleId::Shp1,
                unsupported(),
                Verdict::Unsupported,
                Twin::Accepted,
            )
        },
        valid(
            "faults/signal",
            Observation::Crashed {
                death: Death::Signal { number: 11, name: "SIGSEGV".to_owned() },
                stderr: stderr(),
            },
            Verdict::Crash,
        ),
        valid(
            "faults/silence",
            Observation::TimedOut { after_ms: 10_000, unfinished: None, stderr: String::new() },
            Verdict::Hang,
        ),
        valid(
            "faults/noise",
            Observation::Garbled {
                fault: ProtocolFault::Noise {
                    why: "expected value at byte 1".to_owned(),
                    line: "loading ...".to_owned(),
                },
                stderr: stderr(),
            },
            Verdict::Garbled,
        ),
    ]
}

fn valid(id: &str, observed: Observation, verdict: Verdict) -> Row {
    Row {
        vector: id.parse().unwrap(),
        rules: vec![RuleId::Rd1, RuleId::Json6],
        operation: Operation::Read,
        expected: Expected::Accept,
        observed,
        verdict,
        detail: None,
        twin: None,
        known: None,
    }
}

fn invalid(id: &str, rule: RuleId, observed: Observation, verdict: Verdict, twin: Twin) -> Row {
    Row {
        rules: vec![rule],
        expected: Expected::Reject(rule),
        twin: Some(twin),
        ..valid(id, observed, verdict)
    }
}
