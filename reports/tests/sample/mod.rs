//! A record made by hand, with every kind of row, for the tests of what is made from records.

use corpus::{Digest, LimitValue, Reading, TensorReading, Text};
use reports::record::{FORMAT, FORMAT_VERSION};
use reports::{
    Access, Alone, Budgets, Claim, Death, Description, Detail, Expected, Found, Header, Isolation,
    Known, Observation, Operation, ProtocolFault, Record, Row, Selection, Twin, Verdict, Written,
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
            language: "C".to_owned(),
            build: Some("release build".to_owned()),
            source: Some("https://example.invalid/".to_owned()),
            operations: vec![Operation::Read, Operation::Slice, Operation::Write],
            access: vec![Access::Mmap, Access::Buffer],
            claims: vec![Claim::Deterministic],
            leniencies: [Leniency::NullMetadata, Leniency::UnknownFields].into_iter().collect(),
            limits: BTreeMap::from([
                (Limit::Rank, LimitValue::Number(2)),
                (Limit::WordSize, LimitValue::Number(63)),
                (Limit::Dtype, LimitValue::Dtypes(vec!["U8".to_owned(), "C64".to_owned()])),
            ]),
            ..Description::new("example", "1.2.3")
        },
        declared_for_it: vec!["unknown-fields".to_owned()],
        isolation: Isolation::Process,
        budgets: Budgets { timeout_ms: 10_000, memory_base: 512 << 20 },
        when: "2000-01-01T00:00:00Z".to_owned(),
        selection: Selection {
            filters: vec!["*".to_owned()],
            areas: Vec::new(),
            rules: Vec::new(),
            consequences: Vec::new(),
            operations: vec![Operation::Read, Operation::Slice, Operation::Write],
            tier: "stored".to_owned(),
            shard: Some("1/2".to_owned()),
            canonical: false,
            of: 30,
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
    let refused = || Observation::refused("bad \u{1b}[31mheader");
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
            detail: Some(Detail::NotSayable),
            ..invalid(
                "shapes/odd",
                RuleId::Shp1,
                unsupported(),
                Verdict::Unsupported,
                Twin::Accepted,
            )
        },
        Row {
            alone: Some(Alone::Same),
            ..valid(
                "faults/signal",
                Observation::Crashed {
                    death: Death::Signal { number: 11, name: "SIGSEGV".to_owned() },
                    stderr: stderr(),
                },
                Verdict::Crash,
            )
        },
        Row {
            alone: Some(Alone::Other("refused: no".to_owned())),
            ..valid(
                "faults/memory",
                Observation::OverMemory {
                    taken: Some(3 << 30),
                    budget: 512 << 20,
                    stderr: String::new(),
                },
                Verdict::Memory,
            )
        },
        Row {
            operation: Operation::Slice,
            case: Some("\"w\"[0:1]".to_owned()),
            access: Some(Access::Mmap),
            disagrees: vec![Access::Buffer],
            ..valid("shapes/plain", accepted(), Verdict::Conforms)
        },
        Row {
            operation: Operation::Slice,
            case: Some("\"w\"[0:1]".to_owned()),
            access: Some(Access::Buffer),
            disagrees: vec![Access::Mmap],
            detail: Some(Detail::Difference("the bytes of \"w\" are others".to_owned())),
            ..valid("shapes/plain", accepted(), Verdict::Misread)
        },
        Row {
            operation: Operation::Write,
            ..valid("write/plain", wrote(Found::Valid(reading.clone())), Verdict::Conforms)
        },
        Row {
            operation: Operation::Write,
            detail: Some(Detail::WroteInvalid("LAY-1: found a gap".to_owned())),
            ..valid(
                "write/odd",
                wrote(Found::Invalid("LAY-1: found a gap".to_owned())),
                Verdict::Misread,
            )
        },
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

fn wrote(found: Found) -> Observation {
    Observation::Wrote(Written { found, read_back: None, canonical: false, same_again: Some(true) })
}

fn valid(id: &str, observed: Observation, verdict: Verdict) -> Row {
    Row {
        vector: id.parse().unwrap(),
        rules: vec![RuleId::Rd1, RuleId::Json6],
        operation: Operation::Read,
        case: None,
        access: None,
        digest: Digest::of(id.as_bytes()),
        expected: Expected::Accept,
        observed,
        verdict,
        detail: None,
        twin: None,
        alone: None,
        disagrees: Vec::new(),
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
