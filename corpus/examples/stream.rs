//! Writes generated files with the oracle's answers, one JSON object a line, for a second reader to
//! be compared with.
//!
//! ```console
//! $ cargo run -p corpus --example stream -- 1000 | python3 corpus/second-reader/agree.py stream
//! ```
//!
//! The argument says how many. Each line has `file`, the bytes in hexadecimal; `version` and
//! `leniencies`, what was asked for; and either `accepted`, the reading in the form of the
//! manifest, or `refused`, all broken rules, each once, in the order of the text.
//!
//! The seeds count from 0, and a line comes from its seed alone, so that a stream begins with every
//! shorter one. About two files in three are what [`corpus::arb`] makes, well-formed or with one
//! rule broken; the others have one to three bytes changed, added or removed after that, so that
//! files with several faults come along. What those break nobody knows but the oracle, and that is
//! what the comparison is for.

use arbitrary::Unstructured;
use corpus::{Reading, arb};
use serde::Serialize;
use spec::{LENIENCIES, Leniencies, Version};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

/// What an edit puts into a file: the bytes that mean something in a header, and the least and the
/// greatest that mean nothing there.
const TELLING: &[u8] = b"{}[]\",:\\ \t\n0123456789+-.eEUIFnulltruebs/_\0\x7f\x80\xff";

/// One line of the stream.
#[derive(Serialize)]
struct Line {
    file: String,
    version: &'static str,
    leniencies: Vec<&'static str>,
    #[serde(flatten)]
    answer: Answer,
}

/// What the oracle says of the file.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Accepted(Reading),
    Refused(Vec<String>),
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(Ok(count)), None) = (arguments.next().map(|text| text.parse()), arguments.next())
    else {
        eprintln!("usage: stream COUNT");
        return ExitCode::from(2);
    };
    match write_lines(count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: the stream ends early: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write_lines(count: u64) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    for seed in 0..count {
        serde_json::to_writer(&mut out, &line(seed)?)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// The line of a seed: a file, what is asked about it, and the answer.
fn line(seed: u64) -> Result<Line, Box<dyn Error>> {
    let mut file = arb::any_file(&mut Unstructured::new(&arb::entropy(seed))).bytes;
    // Choices of their own, so that what is asked has nothing to do with what is in the file.
    let supply = arb::entropy(!seed);
    let mut choices = Unstructured::new(&supply);
    let version = version(&mut choices)?;
    let leniencies = leniencies(&mut choices)?;
    if choices.ratio(1, 3)? {
        for _ in 0..choices.int_in_range(1..=3)? {
            edit(&mut choices, &mut file)?;
        }
    }
    let answer = match arb::judged(&file, version, &leniencies) {
        Ok(reading) => Answer::Accepted(reading),
        Err(rules) => Answer::Refused(rules.iter().map(ToString::to_string).collect()),
    };
    let leniencies = leniencies.iter().map(|leniency| leniency.row().name).collect();
    Ok(Line { file: hex(&file)?, version: version.as_str(), leniencies, answer })
}

/// Mostly the newest version.
fn version(choices: &mut Unstructured<'_>) -> arbitrary::Result<Version> {
    if choices.ratio(2, 3)? { Ok(Version::LATEST) } else { choices.choose(&Version::ALL).copied() }
}

/// Mostly none; else one, or all of them.
fn leniencies(choices: &mut Unstructured<'_>) -> arbitrary::Result<Leniencies> {
    Ok(match choices.int_in_range(0..=9)? {
        0..=5 => Leniencies::none(),
        6..=8 => [choices.choose(LENIENCIES)?.leniency].into_iter().collect(),
        _ => Leniencies::all(),
    })
}

/// Changes, adds or removes one byte.
fn edit(choices: &mut Unstructured<'_>, file: &mut Vec<u8>) -> arbitrary::Result<()> {
    let Some(last) = file.len().checked_sub(1) else { return Ok(()) };
    let at = choices.int_in_range(0..=last)?;
    match choices.int_in_range(0..=7)? {
        0 => file.insert(at, *choices.choose(TELLING)?),
        1 => drop(file.remove(at)),
        // A digit for a digit leaves the text well-formed, and spoils what it says.
        _ if file[at].is_ascii_digit() => file[at] = choices.int_in_range(b'0'..=b'9')?,
        2 => file[at] = choices.arbitrary()?,
        _ => file[at] = *choices.choose(TELLING)?,
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> Result<String, std::fmt::Error> {
    let mut digits = String::with_capacity(bytes.len() * 2);
    bytes.iter().try_for_each(|byte| write!(digits, "{byte:02x}"))?;
    Ok(digits)
}
