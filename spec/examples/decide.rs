//! Decides on files with the oracle, over the line protocol of the extracted model
//! (`spec/formal/main.ml`), so that one program can put the same questions to both.
//!
//! A request is the line `check VERSION LENIENCIES LENGTH BYTES`, followed by that many bytes from
//! the start of a file of that length; LENIENCIES is a list with commas, or `-`. An answer is one
//! line: `refused` and the broken rules in the order of the text, or `accepted` and the reading, in
//! which strings are hexadecimal digits and `-` is an empty one. `panicked` is an answer as well: a
//! changed oracle may do so. The exit code is 0 at the end of the input, and 2 for a request that is
//! none.

use spec::{Examination, File, Leniencies, Leniency, Reading, Version, examine};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, BufRead};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

fn main() -> ExitCode {
    // What panicked is told in the answer.
    panic::set_hook(Box::new(|_| {}));
    match serve(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}; the first lines of this program say what a request is");
            ExitCode::from(2)
        }
    }
}

fn serve(requests: &mut impl BufRead, answers: &mut impl io::Write) -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    while requests.read_line(&mut line)? != 0 {
        let words: Vec<&str> = line.trim_end().split(' ').collect();
        let ["check", version, leniencies, len, prefix_len] = words[..] else {
            return Err(format!("no request {:?}", line.trim_end()).into());
        };
        let version: Version = version.parse()?;
        let leniencies: Leniencies = leniencies
            .split(',')
            .filter(|name| *name != "-")
            .map(str::parse::<Leniency>)
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .collect();
        let mut prefix = vec![0; prefix_len.parse()?];
        requests.read_exact(&mut prefix)?;
        let len: u64 = len.parse()?;
        let file = match u64::try_from(prefix.len()) {
            Ok(held) if held == len => File::whole(&prefix),
            Ok(_) | Err(_) => File::prefix(&prefix, len)?,
        };
        let decide = || answer(&examine(file, version, &leniencies));
        let answer = panic::catch_unwind(AssertUnwindSafe(decide));
        writeln!(answers, "{}", answer.unwrap_or_else(|_| "panicked".to_owned()))?;
        answers.flush()?;
        line.clear();
    }
    Ok(())
}

fn answer(examined: &Examination<'_>) -> String {
    match examined.reading() {
        Some(reading) => accepted(reading),
        None => {
            let mut rules: Vec<_> = examined.violations().iter().map(|found| found.rule).collect();
            rules.dedup();
            rules.iter().fold("refused".to_owned(), |answer, rule| format!("{answer} {rule}"))
        }
    }
}

fn accepted(reading: &Reading<'_>) -> String {
    let mut answer = "accepted".to_owned();
    for (key, value) in reading.metadata().into_iter().flatten() {
        answer.push_str(&format!(" m {} {}", token(key.as_bytes()), token(value.as_bytes())));
    }
    for tensor in reading.tensors() {
        let dims: Vec<String> = tensor.shape().iter().map(ToString::to_string).collect();
        let shape = if dims.is_empty() { "-".to_owned() } else { dims.join(",") };
        let (name, dtype) =
            (token(tensor.name().as_bytes()), token(tensor.dtype().name().as_bytes()));
        answer.push_str(&format!(" t {name} {dtype} {shape} {} {}", tensor.begin(), tensor.end()));
    }
    answer
}

fn token(text: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * text.len());
    for byte in text {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    if digits.is_empty() { "-".to_owned() } else { digits }
}
