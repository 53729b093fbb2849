//! Says of header texts whether a grammar derives them: `accepts GRAMMAR`, with the path of a grammar
//! in ABNF.
//!
//! A request is a line with the length of a text, followed by the text; an answer is the line
//! `accepted` or `refused`. The exit code is 0 at the end of the input, and 2 for a grammar that cannot
//! be run or a request that is none.

use grammar::{Matcher, STACK};
use std::error::Error;
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;
use std::thread;

fn main() -> ExitCode {
    // A text that nests takes stack.
    let serve = || serve().map_err(|error| error.to_string());
    let served =
        thread::Builder::new().stack_size(STACK).spawn(serve).map(thread::JoinHandle::join);
    let error = match served {
        Ok(Ok(Ok(()))) => return ExitCode::SUCCESS,
        Ok(Ok(Err(error))) => error,
        Ok(Err(_)) => "the matcher panicked".to_owned(),
        Err(error) => error.to_string(),
    };
    eprintln!("error: {error}; the first lines of this program say what it takes");
    ExitCode::from(2)
}

fn serve() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("no grammar is named")?;
    let matcher = Matcher::new(&std::fs::read_to_string(path)?)?;
    let (mut requests, mut answers) = (io::stdin().lock(), io::stdout().lock());
    let mut line = String::new();
    while requests.read_line(&mut line)? != 0 {
        let mut text = vec![0; line.trim_end().parse()?];
        requests.read_exact(&mut text)?;
        writeln!(answers, "{}", if matcher.accepts(&text) { "accepted" } else { "refused" })?;
        answers.flush()?;
        line.clear();
    }
    Ok(())
}
