//! What most likely stands behind a wrong answer, and the way out, for somebody who writes their first
//! adapter.
//!
//! These are guesses that help; nothing is decided by them.

use crate::plan::{Expectation, Question, Subject, Wanted};
use crate::process::{Closing, StartError};
use corpus::{Digest, Reading, TensorReading, ValuesDifference};
use reports::{Claim, Death, Description, Detail, Observation, Operation, ProtocolFault};
use spec::{LENIENCIES, LIMITS};

/// What most likely stands behind something, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What most likely happened.
    pub likely: String,
    /// What to do.
    pub way_out: String,
}

fn cause(likely: impl Into<String>, way_out: impl Into<String>) -> Cause {
    Cause { likely: likely.into(), way_out: way_out.into() }
}

const FLUSH: &str = "End every reply with a line feed and flush standard output after it: \
    print(…, flush=True), fflush(stdout), out.flush().";
const READ_LINES: &str = "Read one line, answer it, flush, and read the next, until the input ends; \
    do not wait for the end of the input first.";
const OWN_DESCRIPTOR: &str = "Keep a copy of descriptor 1 for the replies and point descriptor 1 at \
    descriptor 2 before the library is loaded; print your own messages to standard error. The kits do so.";
const PAGE: &str = "Hold the line against adapters/PROTOCOL.md, or against adapters/schema/ with any \
    validator of JSON Schemas.";

/// The cause of a start that failed, where more is to be said than the error says.
#[must_use]
pub fn of_start(error: &StartError) -> Option<Cause> {
    match error {
        StartError::NoCommand
        | StartError::NotFound { .. }
        | StartError::NotExecutable { .. }
        | StartError::Spawn { .. } => None,
        StartError::Died { .. } => Some(cause(
            "it fails on its way up, or it is a program that wants arguments or a terminal",
            "Run it by hand: it should print one line, the hello, and wait for input.",
        )),
        StartError::Silent { unfinished, .. } => Some(match unfinished {
            Some(_) => cause("the line feed of the hello is missing", FLUSH),
            None => cause(
                "the hello waits in a buffer, or the program waits for a request before it says hello",
                "Write the hello first, before any input is read, and flush standard output after it.",
            ),
        }),
        StartError::NoAdapter { why, .. } => Some(of_hello(why)),
    }
}

fn of_hello(why: &str) -> Cause {
    if let Some(found) = misspelt(why) {
        return found;
    }
    let has = |text| why.contains(text);
    if has("no JSON object") {
        cause("something else is printed before the hello", OWN_DESCRIPTOR)
    } else if has("speaks protocol") {
        cause("the adapter is written for another version", "Write \"protocol\":1.")
    } else if has("field `protocol`") {
        cause(
            "the first line is something other than the hello, a reply perhaps",
            "Write the hello as the first line, with \"protocol\":1 in it.",
        )
    } else if has("missing field") {
        cause(
            "a field is left out that the hello has to have",
            "Give protocol, name, version, language, operations, leniencies and limits; [] and {} for none.",
        )
    } else {
        cause("a field of the hello has another form", PAGE)
    }
}

/// A check that found nothing to ask.
pub(super) fn of_no_operation() -> Cause {
    cause(
        "the list was left empty",
        "Name what the adapter can do: \"operations\":[\"read\"] is a good beginning.",
    )
}

/// An adapter that is right about one question at a time, and not about many.
pub(super) fn of_many_at_once() -> Cause {
    cause(
        "several requests come with one read, and the adapter takes them for one or drops the rest; \
         or it answers them in another order",
        "Read by lines with something that keeps what stands behind the line feed, and answer in the \
         order of the requests. Keep nothing of one question for the next.",
    )
}

/// A bad end.
pub(super) fn of_ending(closing: &Closing) -> Cause {
    match closing {
        Closing::LivesOn { .. } => cause(
            "it does not see the end of its input, or a thread keeps it alive",
            "Leave the loop when a read gives no line any more, and return from main.",
        ),
        Closing::Badly(Observation::Garbled { .. }) => {
            cause("something is printed on the way out", OWN_DESCRIPTOR)
        }
        Closing::Well | Closing::Badly(_) | Closing::NoRestart(_) => cause(
            "the end of the input is taken for an error, or something fails on the way out",
            "Leave the loop when a read gives no line any more, and end with exit code 0.",
        ),
    }
}

/// The cause of a wrong answer.
pub(super) fn of(
    question: &Question,
    who: &Description,
    observed: &Observation,
    detail: Option<&Detail>,
) -> Cause {
    match observed {
        Observation::Garbled { fault, .. } => of_fault(fault),
        Observation::TimedOut { unfinished: Some(_), .. } => {
            cause("the line feed at the end of the reply is missing", FLUSH)
        }
        Observation::TimedOut { unfinished: None, .. } => cause(
            "the reply waits in a buffer, or the adapter waits for more input than one line",
            format!("{FLUSH} {READ_LINES}"),
        ),
        Observation::Crashed { death, .. } => of_death(death, question),
        Observation::OverMemory { .. } => cause(
            "memory is taken by a number that stands in the file, or is not given back",
            "Look at what is allocated before the header is checked.",
        ),
        Observation::Refused { .. } => cause(
            "the implementation refuses what is valid; or the adapter fails itself, and tells every \
             error as `refused`",
            "Look at the message above. Tell as `refused` only what the implementation says of the file.",
        ),
        Observation::Unsupported { .. } => match question.operation {
            Operation::Read | Operation::Header | Operation::ReadIndex => cause(
                "`unsupported` is for what is beyond a limit of the hello",
                "Declare the limit in `limits`, or answer.",
            ),
            operation @ (Operation::Slice | Operation::Write | Operation::Rewrite) => cause(
                format!(
                    "the hello offers `{operation}`, and no limit of it says that this is left out"
                ),
                format!(
                    "Take `{operation}` out of `operations`, or declare the limit in `limits`, or for \
                     writers the dtypes in `write_dtypes`."
                ),
            ),
        },
        Observation::AcceptedOther { .. } => cause(
            "`other` is for what no other field can say, which no valid file holds",
            "Report tensors and metadata.",
        ),
        Observation::AcceptedUnseen | Observation::Wrote(_) => of_written(who, detail),
        Observation::Accepted(got) => of_reading(question, got),
    }
}

fn of_death(death: &Death, question: &Question) -> Cause {
    let is_invalid = matches!(question.expectation, Expectation::Reject(..));
    match death {
        Death::Signal { .. } => cause(
            "the implementation crashed, or the binding to it is wrong: a wrong type or a freed pointer",
            "Run it on the file in a debugger. Do not catch the signal: a crash is told as what it is.",
        ),
        Death::Exit { .. } | Death::Panic { .. } if is_invalid => cause(
            "the error with which the implementation refuses the file is caught by nobody",
            "Catch the errors of the implementation, and reply {\"seq\":N,\"refused\":\"its message\"}.",
        ),
        Death::Exit { .. } | Death::Panic { .. } => cause(
            "the adapter, or what it calls, ends with an error that nobody catches",
            "Look at its error output.",
        ),
        Death::EarlyExit => cause(
            "the adapter ends without a reply: it answers one request and no more, or the reply waits in a \
             buffer",
            format!("{READ_LINES} {FLUSH}"),
        ),
        Death::AfterReply { how } if *how == Death::EarlyExit.to_string() => cause(
            "the adapter answers one request and ends",
            "Answer in a loop, until the input ends.",
        ),
        Death::AfterReply { .. } => cause(
            "the adapter fails behind its reply: something is closed or freed that is in use",
            "Look at what happens between a reply and the next request.",
        ),
        Death::NoRestart { .. } => cause(
            "something is left behind that stops a second start: a lock, a port, a file",
            "Let it start as often as it is asked to, with the same hello each time.",
        ),
        Death::Unreadable { .. } => {
            cause("the folder for temporary files has a name that is not UTF-8", "Set TMPDIR.")
        }
    }
}

fn of_fault(fault: &ProtocolFault) -> Cause {
    match fault {
        ProtocolFault::Noise { why, line } => of_noise(why, line),
        ProtocolFault::ExtraLine { line } if line.trim().is_empty() => cause(
            "a second line feed follows the reply",
            "End a reply with one line feed: many print functions add one of their own.",
        ),
        ProtocolFault::ExtraLine { line } if line.starts_with('{') => cause(
            "the adapter answers a request twice",
            "Write one line for each request: after a refusal, go on to the next request.",
        ),
        ProtocolFault::ExtraLine { .. } => {
            cause("something else writes to standard output after the reply", OWN_DESCRIPTOR)
        }
        ProtocolFault::Malformed { why, .. } => misspelt(why).unwrap_or_else(|| of_form(why)),
        ProtocolFault::WrongSeq { asked, answered } => cause(
            if answered.checked_add(1) == Some(*asked) {
                "the adapter counts from 0, or answers the request before this one once more"
            } else {
                "the adapter counts for itself, or answers in another order"
            },
            "Copy `seq` from the request into its reply.",
        ),
        ProtocolFault::HalfLine { .. } => {
            cause("the line feed at the end of the reply is missing", FLUSH)
        }
        ProtocolFault::TooLong { .. } => cause(
            "the whole data of a large file stands in one line",
            "Give `sha256` in place of `hex` and `values`.",
        ),
        ProtocolFault::Closed => cause(
            "standard output is closed or pointed elsewhere after the hello",
            "Keep it open, or write the replies to a copy of descriptor 1 that was made before.",
        ),
    }
}

fn of_noise(why: &str, line: &str) -> Cause {
    let start = line.trim_start();
    if start.is_empty() {
        cause(
            "a blank line stands before the reply, or a second line feed behind the one before",
            "End a reply with one line feed: many print functions add one of their own.",
        )
    } else if start.starts_with("\\u{feff}") {
        cause("the line begins with a byte order mark", "Write UTF-8 without one.")
    } else if why.contains("no object") {
        cause(
            "the reply is JSON, and no object",
            "Write {\"seq\":N,…} with one of `accepted`, `refused` and `unsupported`.",
        )
    } else if start.starts_with("{'") {
        cause(
            "the line is a dictionary as Python prints it, with single quotes",
            "Write it with json.dumps.",
        )
    } else if ["NaN", "Infinity"].iter().any(|word| start.starts_with('{') && start.contains(word))
    {
        cause(
            "NaN and Infinity stand there as words, and JSON has no such numbers",
            "Write the strings \"nan\", \"inf\" and \"-inf\", or give the bytes.",
        )
    } else if start.starts_with('{') && why.contains("EOF") {
        cause(
            "the reply is spread over several lines",
            "Write it in one line, without indentation, and escape line feeds in strings as \\n.",
        )
    } else if start.starts_with('{') {
        cause(
            "the reply is put together by hand, and a string in it is not escaped",
            "Let a JSON library write the line.",
        )
    } else {
        cause(
            "something else writes to standard output: the library, or a print, for this question or \
             behind the reply to the one before",
            OWN_DESCRIPTOR,
        )
    }
}

/// A reply with known fields that hold something else.
fn of_form(why: &str) -> Cause {
    let has = |text| why.contains(text);
    if has("missing field `seq`") {
        cause(
            "the number of the request is not echoed",
            "Copy `seq` from the request into its reply.",
        )
    } else if has("missing field") {
        cause("a field is left out", "Give every tensor its name, dtype, shape and bytes.")
    } else if has("none of `accepted`") {
        cause(
            "the reply says nothing of what happened",
            "Give one of `accepted`, `refused` and `unsupported`.",
        )
    } else if has("more than one of `accepted`") {
        cause("fields of two answers stand in one reply", "Leave out the fields that do not apply.")
    } else if has("`metadata_hex` is there") || has("`metadata_hex` are there") {
        cause(
            "a reply says nothing of the metadata, or says it twice",
            "Give \"metadata\":{…} with what the implementation hands out, and \"metadata\":null for none.",
        )
    } else if has("a slice has no metadata") {
        cause(
            "the reply to `slice` has metadata",
            "Give `tensors` alone, with the slice as its one element.",
        )
    } else if has("`sha256`, `hex` and `values`") || has("`sha256` and `hex`") {
        cause(
            "a tensor comes without its bytes, or with them twice",
            "Give one of `sha256` and `hex`, or the `values`.",
        )
    } else if has("`name` and `name_hex`") {
        cause(
            "a tensor has no name, or has two",
            "Give `name`, or `name_hex` where it is not UTF-8.",
        )
    } else if has("empty object") {
        cause(
            "the reply to `write` or `rewrite` tells what was written",
            "Reply {\"seq\":N,\"accepted\":{}}; what is in the file is looked at.",
        )
    } else if has("`accepted` is an object") {
        cause(
            "`accepted` holds something else than what was read",
            "Give {\"tensors\":[…],\"metadata\":…}, and {} for `write` and `rewrite`.",
        )
    } else if has("dimension") || has("digits") && !has("hexadecimal") || has("2^64") {
        cause(
            "a dimension is no integer: large ones became floats, or it is a float of its own",
            "Write integers without a point or an exponent, and from 2^53 on as strings of digits.",
        )
    } else if has("expected a sequence") {
        cause(
            "a list is written as a string: `shape` and `tensors` are JSON arrays",
            "Write \"shape\":[2,3], and not \"shape\":\"[2, 3]\".",
        )
    } else if has("SHA-256") {
        cause(
            "`sha256` is no SHA-256 in hexadecimal digits; base64, perhaps, or bytes",
            "Give the 64 hexadecimal digits: hexdigest() in Python.",
        )
    } else if has("hexadecimal") {
        cause(
            "bytes are written in another form: base64, perhaps, or with a leading 0x or spaces",
            "Give two hexadecimal digits for each byte, and nothing between them.",
        )
    } else if has("element of `values`") {
        cause(
            "an element is no number and no string; a list in a list, perhaps, or true and false",
            "Give one flat list in row-major order; a BOOL is 0 or 1.",
        )
    } else if has("expected u64") {
        cause("`seq` is no number", "Copy `seq` from the request as it stands, a number.")
    } else if has("object of strings") || has("expected a string") {
        cause(
            "something else stands where a string has to be: metadata has strings alone",
            "Report what the implementation hands out as strings, and what is no string as `other`.",
        )
    } else {
        cause("a field has another form than the page says", PAGE)
    }
}

/// A name that nobody knows, with the nearest that is known.
fn misspelt(why: &str) -> Option<Cause> {
    let backticked = |text: &str| -> Vec<String> {
        text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let (what, known): (&str, Vec<String>) = if why.contains("unknown field `") {
        ("field", Vec::new())
    } else if why.contains("unknown variant `") {
        ("name", Vec::new())
    } else if why.contains("there is no leniency `") {
        ("leniency", LENIENCIES.iter().map(|row| row.name.to_owned()).collect())
    } else if why.contains("there is no limit `") {
        ("limit", LIMITS.iter().map(|row| row.name.to_owned()).collect())
    } else {
        return None;
    };
    let mut names = backticked(why).into_iter();
    let word = names.next()?;
    let known = if known.is_empty() { names.collect() } else { known };
    let way_out = match nearest(&word, &known) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if known.is_empty() => PAGE.to_owned(),
        None => format!("Take it out; what there is here: {}.", known.join(", ")),
    };
    Some(cause(format!("there is no {what} `{word}`; one that is not known is a fault"), way_out))
}

fn nearest<'a>(word: &str, known: &'a [String]) -> Option<&'a String> {
    let word = word.to_lowercase().replace(['-', '_'], "");
    let likeness = |name: &str| {
        let name = name.replace(['-', '_'], "");
        strsim::normalized_damerau_levenshtein(&word, &name)
    };
    let scored = known.iter().map(|name| (likeness(name), name));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= 0.6).then_some(best.1)
}

fn of_written(who: &Description, detail: Option<&Detail>) -> Cause {
    let claim = |claim: Claim| {
        cause(
            format!("the hello claims `{claim}`, and the implementation does not keep it"),
            format!("Take `{claim}` out of `claims`, or mend the implementation."),
        )
    };
    match detail {
        Some(Detail::WroteNothing) => cause(
            "the file was written elsewhere, under another name, or is not closed yet",
            "Write to `path`, of `rewrite` to `to`, as it stands there, and close the file before the reply.",
        ),
        Some(Detail::WroteInvalid(_)) => cause(
            "the implementation writes an invalid file, or the file is not closed before the reply",
            "Close it first; then see what `stconform validate` says of such a file.",
        ),
        Some(Detail::ReadBack(_)) => cause(
            "`read` gets something else out of the file than was put in",
            "Mend what is wrong with `read` first.",
        ),
        Some(Detail::NotDeterministic) => claim(Claim::Deterministic),
        Some(Detail::NotCanonical) if who.claims(Claim::Canonical) => claim(Claim::Canonical),
        _ => cause(
            "something is lost between the request and the file: bytes, a shape, or the metadata",
            "Hand over everything that stands in the request: `hex` is the bytes of the elements, row by \
             row and little-endian, and `metadata` goes into the file.",
        ),
    }
}

/// A valid file that was read as something else.
fn of_reading(question: &Question, got: &Reading) -> Cause {
    let (Expectation::Accept(want) | Expectation::Optional(want, _)) = &question.expectation else {
        return cause("the reading is another", PAGE);
    };
    let (wanted, found) = (want.reading.tensors(), got.tensors());
    if found.iter().any(|tensor| tensor.name.0 == b"__metadata__") {
        return cause(
            "the metadata is reported as a tensor",
            "Leave `__metadata__` out of `tensors`, and report its pairs as `metadata`.",
        );
    }
    if found.len() < wanted.len() {
        return cause(
            "not every tensor is reported",
            "Give one element of `tensors` for each tensor.",
        );
    }
    if found.len() > wanted.len() {
        return cause(
            "more tensors are reported than there are; of an earlier file, perhaps",
            "Begin with an empty list for each request.",
        );
    }
    let differing = wanted
        .iter()
        .zip(found)
        .find_map(|(want_one, got_one)| of_tensor(question, want, want_one, got_one));
    differing.unwrap_or_else(|| {
        if got.metadata().is_empty() && !want.reading.metadata().is_empty() {
            cause(
                "the metadata of the file is not reported",
                "Give the pairs that the implementation hands out as \"metadata\":{…}; null says that \
                 there are none.",
            )
        } else if want.reading.metadata().is_empty() {
            cause(
                "metadata is reported that the file does not have; of an earlier file, perhaps, or the \
                 adapter's own",
                "Report what the implementation hands out, and nothing else.",
            )
        } else {
            cause("the metadata is another", "Report keys and values as they stand in the file.")
        }
    })
}

fn of_tensor(
    question: &Question,
    want: &Wanted,
    right: &TensorReading,
    got: &TensorReading,
) -> Option<Cause> {
    if right.name != got.name {
        return Some(of_name(right, got));
    }
    if right.dtype != got.dtype {
        return Some(cause(
            format!("the dtype is told by another name: {:?}", got.dtype),
            format!("Give the name as the header has it: {:?}.", right.dtype),
        ));
    }
    if right.shape != got.shape {
        return Some(of_shape(right, got));
    }
    if question.operation == Operation::Header || right == got {
        return None;
    }
    let bytes = want.payloads.bytes(right).unwrap_or_default();
    if let Some(digest) = got.sha256.filter(|digest| Some(*digest) != right.sha256) {
        return Some(of_digest(question, digest, bytes));
    }
    match (&got.values, want.payloads.values(right)) {
        (Some(told), Some(values)) => told.difference(&values).map(|found| of_values(&found)),
        (Some(_) | None, _) => None,
    }
}

fn of_name(right: &TensorReading, got: &TensorReading) -> Cause {
    let as_latin_1: String = right.name.0.iter().copied().map(char::from).collect();
    let text = got.name.as_str().unwrap_or_default();
    if text == as_latin_1 {
        cause(
            "the name was UTF-8 and was read or written as Latin-1",
            "Set UTF-8 where the header is read and where replies are written: `encoding=\"utf-8\"`, \
             or write bytes.",
        )
    } else if text.contains(['?', '\u{fffd}']) {
        cause(
            "characters that are not ASCII were replaced on the way",
            "Set UTF-8 where the header is read and where replies are written; `name_hex` is for \
             names that are not UTF-8.",
        )
    } else {
        cause(
            "the name is another",
            "Report the name as the implementation hands it out, unchanged.",
        )
    }
}

fn of_shape(right: &TensorReading, got: &TensorReading) -> Cause {
    let is_rounded = right.shape.len() == got.shape.len()
        && right
            .shape
            .iter()
            .zip(&got.shape)
            .all(|(right, got)| as_double(&right.to_string()) == as_double(&got.to_string()));
    if is_rounded {
        cause(
            "a dimension beyond 2^53 went through a double",
            "Keep dimensions as integers, and write them from 2^53 on as strings of digits.",
        )
    } else if right.shape.iter().rev().eq(&got.shape) {
        cause(
            "the axes are told in reverse order",
            "Give the outermost axis first, as the header does.",
        )
    } else {
        cause(
            "the shape is another: of the file rather than of the slice, perhaps, or one axis for all elements",
            "Give the dimensions of what is handed out; [] is a scalar.",
        )
    }
}

fn as_double(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// A digest of something else.
fn of_digest(question: &Question, digest: Digest, bytes: &[u8]) -> Cause {
    let digits = |upper: bool| -> Vec<u8> {
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if upper { text.to_uppercase().into_bytes() } else { text.into_bytes() }
    };
    let turned = |width: usize| -> Vec<u8> {
        bytes.chunks(width).flat_map(|element| element.iter().rev().copied()).collect()
    };
    let whole_file = match question.subject {
        Subject::Vector(vector) => Some(vector.content.digest()),
        Subject::Task(_) => None,
    };
    let whole_tensor = match (question.subject, question.operation) {
        (Subject::Vector(vector), Operation::Slice) => vector
            .reading
            .as_ref()
            .is_some_and(|reading| reading.tensors().iter().any(|all| all.sha256 == Some(digest))),
        (Subject::Vector(_) | Subject::Task(_), _) => false,
    };
    let is = |other: &[u8]| digest == Digest::of(other);
    if is(b"") && !bytes.is_empty() {
        cause(
            "the digest is that of no bytes at all: nothing was put into the hash, or the data had been \
             read to its end before",
            "Hash the bytes of the tensor: sha256(bytes).",
        )
    } else if whole_file == Some(digest) {
        cause(
            "the digest is that of the whole file",
            "Hash the bytes of each tensor, as the implementation hands them out.",
        )
    } else if whole_tensor {
        cause("the bytes are those of the whole tensor", "Give the bytes of the slice alone.")
    } else if is(&digits(false)) || is(&digits(true)) {
        cause(
            "the digest is that of the hexadecimal digits as text",
            "Hash the bytes themselves; or give the digits as `hex`.",
        )
    } else if [2, 4, 8].into_iter().any(|width| is(&turned(width))) {
        cause(
            "every element has its bytes in reverse order: they are those of a big-endian machine",
            "Give the bytes as they stand in the file, little-endian.",
        )
    } else {
        cause(
            "the bytes are others: of another tensor, perhaps, converted to another dtype, or without \
             the padding of an element",
            "Give the bytes as they stand in the file; `hex` shows what `sha256` hides.",
        )
    }
}

fn of_values(found: &ValuesDifference) -> Cause {
    match found {
        ValuesDifference::Element { told, right, .. }
            if as_double(told).is_some() && as_double(told) == as_double(right) =>
        {
            cause(
                "an integer beyond 2^53 went through a double",
                "Write such integers as strings of digits, or give the bytes.",
            )
        }
        ValuesDifference::Count { .. } => cause(
            "not every element is told, or the list is not flat",
            "Give every element in row-major order, in one list.",
        ),
        ValuesDifference::Element { .. } | ValuesDifference::Somewhere => cause(
            "the elements are others: in another order, perhaps, or rounded",
            "Give every element in row-major order, floats with 17 digits; or give the bytes.",
        ),
    }
}
