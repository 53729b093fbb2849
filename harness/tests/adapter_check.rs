//! Runs `stconform adapter check` against adapters that are wrong in ways in which first adapters are,
//! and holds what it says is behind it against what is. `adapters/fake` has the ways that any language
//! knows; the rest is written here, in Python.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{root, stconform_in, stderr, stdout};
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

const FAKE: &str = env!("CARGO_BIN_EXE_fake-adapter");
const STCONFORM: &str = env!("CARGO_BIN_EXE_stconform");

/// A small adapter, whose first argument names what is wrong with it. The others are the operations
/// that it offers, and the number of the question from which on nothing is wrong any more.
const ADAPTER: &str = r#"
import hashlib, json, os, struct, sys, time

FAULT = sys.argv[1]
OPERATIONS = [sys.argv[2]]
UNTIL = int(sys.argv[3])
out = sys.stdout.buffer
held = []

def say(reply):
    if FAULT == "python-dict":
        line = repr(reply)
    elif FAULT == "indented":
        line = json.dumps(reply, indent=2)
    else:
        line = json.dumps(reply, ensure_ascii=False)
    if FAULT == "no-flush":
        held.append(line)
        return
    out.write(line.encode() + b"\n")
    if FAULT == "blank-line":
        out.write(b"\n")
    out.flush()

def digest(data, file):
    if FAULT == "digest-of-nothing":
        data = b""
    elif FAULT == "digest-of-file":
        data = file
    elif FAULT == "digest-of-digits":
        data = data.hex().encode()
    elif FAULT == "other-bytes":
        data += b"x"
    return hashlib.sha256(data).hexdigest()

def tensor(name, entry, file, start):
    begin, end = entry["data_offsets"]
    data, dtype, shape = file[start + begin : start + end], entry["dtype"], entry["shape"]
    if FAULT == "latin-1":
        name = name.encode().decode("latin-1")
    elif FAULT == "ascii":
        name = name.encode("ascii", "replace").decode()
    elif FAULT == "reversed-shape":
        shape = shape[::-1]
    elif FAULT == "shape-as-text":
        shape = str(shape)
    elif FAULT == "shape-of-doubles":
        shape = [int(float(dim)) for dim in shape]
    elif FAULT == "shape-of-floats":
        shape = [float(dim) for dim in shape]
    elif FAULT == "other-dtype-names":
        dtype = dtype.lower()
    told = {"name": name, "dtype": dtype, "shape": shape}
    if OPERATIONS == ["header"]:
        return told
    if FAULT == "base64":
        told["hex"] = "AQIDBA=="
    elif FAULT == "misspelt-in-tensor":
        told["sha_256"] = digest(data, file)
    elif FAULT == "big-endian":
        width = {"U16": 2, "U32": 4, "U64": 8}.get(dtype, 1)
        parts = [data[at : at + width][::-1] for at in range(0, len(data), width)]
        told["hex"] = b"".join(parts).hex()
    elif FAULT == "values-of-doubles" and dtype == "U64":
        told["values"] = [float(value) for (value,) in struct.iter_unpack("<Q", data)]
    elif FAULT == "nested-values":
        told["values"] = [list(data)]
    elif FAULT == "no-data":
        pass
    else:
        told["sha256"] = digest(data, file)
    return told

def read(path):
    if FAULT == "refuses-all":
        raise ValueError("no such file: " + os.path.basename(path)[6:])
    with open(path, "rb") as opened:
        file = opened.read()
    length = int.from_bytes(file[:8], "little")
    header = json.loads(file[8 : 8 + length])
    metadata = header.get("__metadata__")
    if FAULT != "metadata-as-tensor":
        header.pop("__metadata__", None)
    else:
        header = {name: {"dtype": "U8", "shape": [], "data_offsets": [0, 1], **entry}
                  for name, entry in header.items()}
    tensors = [tensor(name, entry, file, 8 + length) for name, entry in header.items()]
    if FAULT == "metadata-as-tensor":
        for told in tensors:
            for key in set(told) - {"name", "dtype", "shape", "sha256"}:
                del told[key]
    told = {"tensors": tensors, "metadata": None if FAULT == "no-metadata" else metadata}
    if FAULT == "metadata-left-out":
        del told["metadata"]
    if FAULT == "tensor-left-out":
        del tensors[1:]
    return told

HELLO = {"protocol": 1, "name": "first", "version": "1", "language": "Python",
         "operations": OPERATIONS, "leniencies": [], "limits": {}}

def requests():
    if FAULT == "by-blocks":
        # So late that more than one request is there.
        while not time.sleep(0.2) and (block := os.read(0, 1 << 16)):
            yield block.split(b"\n")[0]
    else:
        yield from sys.stdin.buffer

out.write(json.dumps(HELLO).encode() + b"\n")
out.flush()
last = {}
for number, line in enumerate(requests()):
    request = json.loads(line)
    seq = request["seq"]
    if seq >= UNTIL:
        FAULT = "none"
    if FAULT == "counts-from-0":
        seq = number
    elif FAULT == "seq-as-text":
        seq = str(seq)
    if FAULT == "prints":
        print("loading", flush=True)
    try:
        reply = {"seq": seq, "accepted": {} if request["op"] == "write" else read(request["path"])}
    except Exception as error:
        if FAULT == "uncaught":
            raise
        if FAULT == "accepts-all":
            reply = {"seq": seq, "accepted": {"tensors": [], "metadata": None}}
        else:
            reply = {"seq": seq, "refused": str(error)}
    if FAULT == "no-seq":
        del reply["seq"]
    elif FAULT == "accepted-is-true" and "accepted" in reply:
        reply["accepted"] = True
    say(reply)
    if FAULT == "answers-once":
        break
    if FAULT == "prints-behind":
        print("done", flush=True)
if FAULT == "prints-at-end":
    print("bye")
if FAULT == "fails-at-end":
    sys.exit("no more input")
"#;

/// A folder with the adapter in it.
struct Python(TempDir);

impl Python {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("adapter.py"), ADAPTER).unwrap();
        Self(folder)
    }

    /// Checks the adapter with a fault.
    fn check(&self, fault: &str) -> Output {
        self.check_until(fault, "read", "1000", 10_000)
    }

    fn check_until(&self, fault: &str, operation: &str, until: &str, timeout_ms: u32) -> Output {
        let script = self.0.path().join("adapter.py");
        let python = ["python3", "-I", "-S", "-B", script.to_str().unwrap()];
        check_within(timeout_ms, &[&python[..], &[fault, operation, until]].concat())
    }
}

fn check(command: &[&str]) -> Output {
    check_within(10_000, command)
}

fn check_within(timeout_ms: u32, command: &[&str]) -> Output {
    let timeout = timeout_ms.to_string();
    let arguments = ["adapter", "check", "--timeout-ms", &timeout, "--"];
    stconform_in(Path::new("/"), &[&arguments, command].concat())
}

/// What stands below the line of a check that is wrong.
fn wrong<'a>(said: &'a str, what: &str) -> &'a str {
    let line = format!("WRONG  {what}\n");
    let (_, below) = said.split_once(&line).unwrap_or_else(|| panic!("no {line}{said}"));
    let end =
        ["\nok ", "\nWRONG ", "\n- ", "\n\n"].iter().filter_map(|next| below.find(next)).min();
    &below[..end.unwrap_or(below.len())]
}

/// How many checks are told as wrong.
fn count_wrong(said: &str) -> usize {
    said.lines().filter(|line| line.starts_with("WRONG  ")).count()
}

#[test]
fn an_adapter_that_is_right_has_nothing_wrong() {
    let output = check(&[STCONFORM, "serve", "oracle"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(count_wrong(&stdout(&output)), 0);
    let said =
        stdout(&output).replace("debug build", "(profile)").replace("release build", "(profile)");
    insta::assert_snapshot!(said);
}

#[test]
fn an_adapter_that_is_wrong_is_told_so_like_this() {
    let output = Python::new().check("no-metadata");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn the_adapter_of_this_test_is_right_and_may_accept_what_is_invalid() {
    let python = Python::new();
    let output = python.check("none");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let output = python.check("accepts-all");
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("ok     read: an empty file (accepted, though it is invalid"), "{said}");
}

#[test]
fn what_is_wrong_with_every_reply_of_first_adapters_is_called_by_its_name() {
    let python = Python::new();
    for (fault, likely) in [
        ("prints", "something else writes to standard output"),
        ("python-dict", "as Python prints it"),
        ("indented", "spread over several lines"),
        ("counts-from-0", "counts from 0"),
        ("seq-as-text", "`seq` is no number"),
        ("no-seq", "is not echoed"),
        ("accepted-is-true", "something else than what was read"),
        ("metadata-left-out", "says nothing of the metadata"),
        ("misspelt-in-tensor", "Did you mean `sha256`?"),
        ("no-data", "without its bytes"),
        ("base64", "base64"),
        ("shape-as-text", "a list is written as a string"),
        ("shape-of-floats", "a dimension is no integer"),
        ("reversed-shape", "in reverse order"),
        ("other-dtype-names", "Give the name as the header has it: \"U8\""),
        ("digest-of-nothing", "of no bytes at all"),
        ("digest-of-file", "of the whole file"),
        ("digest-of-digits", "hexadecimal digits as text"),
        ("other-bytes", "the bytes are others"),
        ("nested-values", "a list in a list"),
        ("refuses-all", "tells every error as `refused`"),
    ] {
        // The first question shows it; the others only cost a start each.
        told(&python.check_until(fault, "read", "2", 10_000), fault, "read: a small file", likely);
    }
}

#[test]
fn what_is_wrong_with_some_replies_of_first_adapters_is_called_by_its_name() {
    let python = Python::new();
    for (fault, what, likely) in [
        ("no-metadata", "read: metadata", "the metadata of the file is not reported"),
        ("metadata-as-tensor", "read: metadata", "reported as a tensor"),
        ("latin-1", "read: a name that is not ASCII", "as Latin-1"),
        ("ascii", "read: a name that is not ASCII", "were replaced"),
        ("big-endian", "read: large integers", "big-endian"),
        ("values-of-doubles", "read: large integers", "went through a double"),
        ("tensor-left-out", "read: large integers", "not every tensor"),
        ("shape-of-doubles", "read: a large dimension", "went through a double"),
        ("uncaught", "read: an empty file", "is caught by nobody"),
        ("prints-at-end", "its end, when its input ends", "printed on the way out"),
        ("fails-at-end", "its end, when its input ends", "taken for an error"),
    ] {
        told(&python.check(fault), fault, what, likely);
    }
}

#[test]
fn an_adapter_that_takes_what_it_reads_at_once_for_one_line_is_told_so() {
    let output = Python::new().check_until("by-blocks", "header", "1000", 3000);
    told(&output, "by-blocks", "4 of these questions, all in the pipe at once", "with one read");
}

#[test]
fn what_comes_behind_a_reply_is_told_there_or_at_the_next_question() {
    let python = Python::new();
    let first = |fault| python.check_until(fault, "read", "2", 10_000);
    // Which of them is a matter of time, and so are the words.
    for (output, question, likely) in [
        (first("prints-behind"), 0, "something else writes to standard output"),
        (first("blank-line"), 0, "a second line feed"),
        (first("answers-once"), 0, "answers one request and"),
        (check(&[FAKE, "two-lines"]), 1, "something else writes to standard output"),
        (check(&[FAKE, "abort-after-answer"]), 1, "killed by signal 6 (SIGABRT)"),
    ] {
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let of_reads: Vec<&str> = said.lines().filter(|line| line.contains("  read: ")).collect();
        let place = of_reads.iter().position(|line| line.starts_with("WRONG  ")).expect(&said);
        assert!((question..=question + 1).contains(&place), "{said}");
        assert!(said.contains(likely), "{said}");
    }
}

fn told(output: &Output, fault: &str, what: &str, likely: &str) {
    let said = stdout(output);
    assert_eq!(output.status.code(), Some(1), "{fault}: {said}{}", stderr(output));
    assert!(wrong(&said, what).contains(likely), "{fault}: {said}");
    assert!(said.contains("its end, when its input ends"), "{fault} stopped it: {said}");
}

#[test]
fn what_was_not_written_is_missed() {
    let output = Python::new().check_until("none", "write", "1000", 10_000);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(wrong(&said, "write: a small model").contains("is not closed yet"), "{said}");
    assert!(said.contains("ok     write: a byte too few (accepted, though"), "{said}");
    assert!(said.contains("-      read: not tried"), "{said}");
}

#[test]
fn a_reply_that_waits_in_a_buffer_is_told_as_such() {
    let said = stdout(&Python::new().check_until("no-flush", "write", "1000", 3000));
    assert!(wrong(&said, "write: a small model").contains("waits in a buffer"), "{said}");
    assert!(said.contains("all in the pipe at once: not tried"), "{said}");
}

#[test]
fn an_adapter_that_offers_nothing_is_told_so() {
    let hello = r#"{"protocol":1,"name":"n","version":"v","language":"sh","operations":[],"leniencies":[],"limits":{"rank":1}}"#;
    let output = check(&["sh", "-c", &format!("echo '{hello}'; cat >/dev/null")]);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(wrong(&said, "what it offers").contains("the list was left empty"), "{said}");
    assert!(said.contains("rank 1, counts as its floor, 4"), "{said}");
}

#[test]
fn a_hello_with_a_fault_ends_it_with_the_way_out() {
    let hello = |change: (&str, &str)| {
        let right = r#"{"protocol":1,"name":"n","version":"v","language":"sh","operations":["read"],"leniencies":[],"limits":{}}"#;
        format!("echo '{}'", right.replacen(change.0, change.1, 1))
    };
    for (script, helps) in [
        (hello(("\"operations\"", "\"operation\"")), "Did you mean `operations`?"),
        (hello(("\"read\"", "\"raed\"")), "Did you mean `read`?"),
        (hello(("[]", "[\"unknown_field\"]")), "Did you mean `unknown-fields`?"),
        (hello(("{}", "{\"ranks\":8}")), "Did you mean `rank`?"),
        (hello(("{}", "{\"colour\":8}")), "what there is here: header-length"),
        (hello(("\"version\":\"v\",", "")), "a field is left out"),
        (hello(("\"protocol\":1", "\"protocol\":2")), "Write \"protocol\":1."),
        (hello(("\"protocol\":1,", "")), "as the first line"),
        ("echo loading".to_owned(), "point descriptor 1 at descriptor 2"),
        ("exit 3".to_owned(), "Run it by hand"),
    ] {
        let output = check(&["sh", "-c", &script]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{script}: {said}");
        assert!(said.contains(helps), "{script}: {said}");
    }
    let output = check_within(300, &["sh", "-c", "sleep 5"]);
    assert!(stderr(&output).contains("waits in a buffer"), "{}", stderr(&output));
    let output = check_within(300, &["sh", "-c", "printf '{\"protocol\":1'; sleep 5"]);
    assert!(stderr(&output).contains("line feed of the hello"), "{}", stderr(&output));
}

#[test]
fn an_adapter_that_cannot_be_started_is_told_with_the_reason() {
    let output = check(&["/nowhere/adapter"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no program"), "{}", stderr(&output));
    let output = stconform_in(&root(), &["adapter", "check"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn one_bad_answer_is_one_line_and_the_rest_is_asked_all_the_same() {
    for (mode, likely) in [
        ("noise-before", "something else writes to standard output"),
        ("wrong-seq", "counts for itself"),
        ("misspelt", "Did you mean `refused`?"),
        ("no-answer", "says nothing of what happened"),
        ("number", "and no object"),
        ("half-line", "line feed at the end of the reply"),
        ("no-line-feed", "line feed at the end of the reply"),
        ("hang", "waits in a buffer"),
        ("exit-3", "an error that nobody catches"),
        ("exit-0", "ends without a reply"),
        ("segfault", "the implementation crashed"),
        ("closes-output", "is closed or pointed elsewhere"),
        ("refuses", "refuses what is valid"),
    ] {
        let output = check_within(2000, &[FAKE, mode]);
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(1), "{mode}: {said}{}", stderr(&output));
        assert!(wrong(&said, "read: metadata").contains(likely), "{mode}: {said}");
        let told = said.lines().filter(|line| line.contains("read: "));
        assert_eq!(told.count(), 9, "{mode}: {said}");
    }
    let said = stdout(&check(&[FAKE, "dies-at-the-end"]));
    assert_eq!(count_wrong(&said), 1, "{said}");
    assert!(wrong(&said, "its end, when its input ends").contains("exit code 3"), "{said}");
    let said = stderr(&check(&[FAKE, "other-protocol"]));
    assert!(said.contains("written for another version"), "{said}");
}

#[test]
fn the_help_teaches() {
    insta::assert_snapshot!(stdout(&stconform_in(&root(), &["adapter", "check", "--help"])));
}
