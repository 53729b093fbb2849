//! Replies that no adapter should give: whatever comes, the runner says what it is, within its time
//! and its memory, and does not panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use harness::process::{Limits, Process};
use harness::protocol::{parse_hello, parse_reply};
use harness::{Ask, Implementation, Request};
use proptest::prelude::*;
use reports::{Observation, Operation};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

fn operations() -> impl Strategy<Value = Operation> {
    prop::sample::select(Operation::ALL)
}

/// A reply that was right before something in it was changed.
fn doctored() -> impl Strategy<Value = Vec<u8>> {
    let lines = [
        r#"{"seq":1,"accepted":{"tensors":[{"name":"w","dtype":"U8","shape":[2,"3"],"hex":"0102"}],"metadata":{"k":"v"}}}"#,
        r#"{"seq":1,"accepted":{"tensors":[{"name_hex":"ff","dtype":"F32","shape":[],"values":[1e400,"nan"]}],"metadata_hex":[["6b","76"]]}}"#,
        r#"{"seq":1,"refused":"no","category":"kind"}"#,
        r#"{"seq":1,"unsupported":"no"}"#,
        r#"{"seq":1,"accepted":{"other":"what"}}"#,
        r#"{"seq":1,"accepted":{}}"#,
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..6);
    (prop::sample::select(lines.to_vec()), edits).prop_map(|(line, edits)| {
        let mut bytes = line.as_bytes().to_vec();
        for (place, byte, kind) in edits {
            let at = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match kind {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ if !bytes.is_empty() => drop(bytes.remove(at)),
                _ => {}
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_line_is_read_or_refused_and_never_a_panic(
        line in prop::collection::vec(any::<u8>(), 0..200), operation in operations(),
    ) {
        let _ = parse_reply(1, operation, &line);
        let _ = parse_hello(&line);
    }

    #[test]
    fn a_doctored_reply_is_read_or_refused(line in doctored(), operation in operations()) {
        if let Ok(observed) = parse_reply(1, operation, &line) {
            prop_assert!(!observed.is_fault());
        }
    }
}

#[test]
fn json_as_deep_as_a_line_is_long_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = 1 << 20;
        let line =
            format!("{{\"seq\":1,\"accepted\":{}1{}}}", open.repeat(depth), close.repeat(depth));
        assert!(parse_reply(1, Operation::Read, line.as_bytes()).is_err());
        let values = format!(
            "{{\"seq\":1,\"accepted\":{{\"tensors\":[{{\"name\":\"a\",\"dtype\":\"U8\",\"shape\":[1],\"values\":[{}1{}]}}],\"metadata\":null}}}}",
            open.repeat(depth),
            close.repeat(depth)
        );
        assert!(parse_reply(1, Operation::Read, values.as_bytes()).is_err());
    }
}

/// Asks a program in Python, which says hello and then does `body` with each `line`, one question.
fn asked(body: &str, deadline: Duration) -> (Observation, Duration) {
    let mut script = String::from("import sys, os, signal, time, json\n");
    script += "out = sys.stdout.buffer\n";
    let hello = r#"{"protocol":1,"name":"n","version":"v","language":"l","operations":["read"],"leniencies":[],"limits":{}}"#;
    let _ = writeln!(script, "out.write(b'{hello}\\n'); out.flush()");
    let _ = writeln!(script, "for line in sys.stdin:");
    for line in body.lines() {
        let _ = writeln!(script, "    {line}");
    }
    let command = vec!["python3".into(), "-c".into(), script.into()];
    let limits = Limits { deadline, ..Limits::default() };
    let mut process = Process::start(command, limits).unwrap();
    let start = Instant::now();
    let request = Request { seq: 1, path: "/none".into(), access: None, ask: Ask::Read };
    let observed = process.ask(&request);
    (observed, start.elapsed())
}

#[test]
fn a_line_of_gigabytes_is_cut_off_and_not_kept() {
    let body = "while True: out.write(b'x' * (1 << 20))";
    let (observed, took) = asked(body, Duration::from_secs(60));
    assert!(matches!(observed, Observation::Garbled { .. }), "{observed}");
    assert!(took < Duration::from_secs(60));
}

#[test]
fn a_flood_of_lines_is_stopped_at_the_first() {
    let body = "while True: out.write(b'{\"seq\":2}\\n' * 100000)";
    let (observed, took) = asked(body, Duration::from_secs(30));
    assert!(matches!(observed, Observation::Garbled { .. }), "{observed}");
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn an_adapter_that_ignores_signals_and_its_input_is_killed_at_its_deadline() {
    let body = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n\
                signal.signal(signal.SIGINT, signal.SIG_IGN)\n\
                sys.stdin.close()\n\
                while True: time.sleep(1)";
    let (observed, took) = asked(body, Duration::from_secs(1));
    assert!(matches!(observed, Observation::TimedOut { .. }), "{observed}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_flood_on_the_error_output_changes_nothing() {
    let body = "os.write(2, b'noise ' * 2000000)\n\
                out.write(b'{\"seq\":1,\"refused\":\"no\"}\\n'); out.flush()";
    let (observed, _) = asked(body, Duration::from_secs(30));
    assert_eq!(observed, Observation::refused("no"));
}

#[test]
fn a_child_that_holds_the_pipes_open_holds_up_nobody() {
    let body = "if os.fork() == 0:\n    time.sleep(300)\nos._exit(3)";
    let (observed, took) = asked(body, Duration::from_secs(20));
    assert!(matches!(observed, Observation::Crashed { .. }), "{observed}");
    assert!(took < Duration::from_secs(15), "{took:?}");
}
