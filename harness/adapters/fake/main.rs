//! Adapters for the tests of the runner: one that is right, and many that lie, crash, hang or
//! chatter. The argument names the way; each misbehaves on the second question of a run, and is
//! right on all others.
//!
//! Nothing here is an implementation of the format: the right answers are the oracle's.

use harness::builtin::Builtin;
use harness::protocol::{hello_line, parse_request, reply_line};
use harness::{Implementation, Request};
use reports::Observation;
use rustix::process::{Signal, getpid, kill_process};
use spec::Version;
use std::error::Error;
use std::io::{BufRead, Write};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// The question on which an adapter misbehaves.
const BAD_SEQ: u64 = 2;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mode = std::env::args().nth(1).unwrap_or_default();
    if mode == "starts-every-third-time" {
        // The second argument is a file with one byte for each start so far.
        let starts = std::env::args().nth(2).ok_or("starts-every-third-time takes a path")?;
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(starts)?;
        file.write_all(b"x")?;
        if file.metadata()?.len() % 3 != 1 {
            eprintln!("cannot start now");
            return Ok(ExitCode::from(7));
        }
    }
    if mode == "starts-once" {
        // The second argument is a file that is there once the adapter has been started.
        let mark = std::env::args().nth(2).ok_or("starts-once takes a path")?;
        if std::fs::File::create_new(mark).is_err() {
            eprintln!("cannot start twice");
            return Ok(ExitCode::from(7));
        }
    }
    let mut right = Builtin::Oracle.open(Version::LATEST);
    let mut out = std::io::stdout();
    match mode.as_str() {
        "no-hello" => sleep(),
        "half-a-hello" => {
            write!(out, "{}", hello_line(&right.describe())?)?;
            out.flush()?;
            sleep();
        }
        "noise-for-hello" => writeln!(out, "loading plugins ...")?,
        "other-protocol" => writeln!(out, "{{\"protocol\":99}}")?,
        "ends-before-hello" => return Ok(ExitCode::SUCCESS),
        "dies-before-hello" => {
            eprintln!("cannot find the library");
            return Ok(ExitCode::from(7));
        }
        _ => writeln!(out, "{}", hello_line(&right.describe())?)?,
    }
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let request = parse_request(&line?)?;
        if request.seq == BAD_SEQ {
            eprintln!("about to misbehave");
            if let Some(code) = misbehave(&mode, &request, right.as_mut())? {
                return Ok(code);
            }
        } else {
            answer(request.seq, &right.ask(&request))?;
        }
    }
    if mode == "dies-at-the-end" {
        return Ok(ExitCode::from(3));
    }
    Ok(ExitCode::SUCCESS)
}

/// Answers a question in the way that the argument names; an exit code where that ends it.
fn misbehave(
    mode: &str,
    request: &Request,
    right: &mut dyn Implementation,
) -> Result<Option<ExitCode>, Box<dyn Error>> {
    let mut out = std::io::stdout();
    let seq = request.seq;
    match mode {
        "segfault" => {
            // The first one is taken by the handler with which Rust looks for stack overflows.
            kill_process(getpid(), Signal::SEGV)?;
            kill_process(getpid(), Signal::SEGV)?;
        }
        "abort" => std::process::abort(),
        "exit-3" | "starts-once" | "starts-every-third-time" => return Ok(Some(ExitCode::from(3))),
        "exit-0" => return Ok(Some(ExitCode::SUCCESS)),
        "hang" => sleep(),
        "hang-with-a-child" => {
            // The second argument is a file for the numbers of both processes.
            let file = std::env::args().nth(2).ok_or("hang-with-a-child takes a path")?;
            let child = Command::new("sleep").arg("60").spawn()?;
            std::fs::write(file, format!("{} {}.", std::process::id(), child.id()))?;
            sleep();
        }
        "no-line-feed" => {
            write!(out, "{{\"seq\":{seq},\"refused\":\"no\"}}")?;
            out.flush()?;
            sleep();
        }
        "abort-after-answer" => {
            answer(seq, &right.ask(request))?;
            std::process::abort();
        }
        "two-lines" => {
            let line = reply_line(seq, &right.ask(request)).ok_or("the oracle gave no answer")?;
            write!(out, "{line}\nand more\n")?;
        }
        "other" => {
            answer(seq, &Observation::AcceptedOther { what: "a dimension of -1".to_owned() })?;
        }
        "long-message" => answer(seq, &Observation::Refused { message: "é".repeat(9000) })?,
        "noise-before" => {
            writeln!(out, "loading \x1b[31mplugins\x1b[0m ...")?;
            answer(seq, &right.ask(request))?;
        }
        "noise-instead" => writeln!(out, "segment fault? no, just chatter")?,
        "bytes" => out.write_all(b"\xff\xfe\x00\x01\n")?,
        "number" => writeln!(out, "42")?,
        "wrong-seq" => answer(seq + 40, &right.ask(request))?,
        "two-answers" => writeln!(out, "{{\"seq\":{seq},\"refused\":\"\",\"unsupported\":\"\"}}")?,
        "no-answer" => writeln!(out, "{{\"seq\":{seq}}}")?,
        "misspelt" => writeln!(out, "{{\"seq\":{seq},\"refussed\":\"no\"}}")?,
        "half-line" => {
            write!(out, "{{\"seq\":{seq},\"refu")?;
            out.flush()?;
            return Ok(Some(ExitCode::SUCCESS));
        }
        "half-line-and-abort" => {
            write!(out, "{{\"seq\":{seq},\"refu")?;
            out.flush()?;
            std::process::abort();
        }
        "endless-line" => {
            let block = [b'x'; 1 << 16];
            loop {
                out.write_all(&block)?;
            }
        }
        "closes-output" => {
            rustix::stdio::dup2_stdout(std::fs::File::open("/dev/null")?)?;
            sleep();
        }
        "leaves-a-child" => {
            Command::new("sleep").arg("60").spawn()?;
            std::process::abort();
        }
        "chatty-stderr" => {
            for number in 0..100_000 {
                eprintln!("line {number} of very much that nobody wants to read");
            }
            answer(seq, &right.ask(request))?;
        }
        "unsupported" => answer(seq, &Observation::Unsupported { reason: "no".to_owned() })?,
        "refuses" => answer(seq, &Observation::Refused { message: "no".to_owned() })?,
        "accepts" => answer(seq, &Observation::Accepted(corpus::Reading::default()))?,
        _ => answer(seq, &right.ask(request))?,
    }
    out.flush()?;
    Ok(None)
}

fn answer(seq: u64, observation: &Observation) -> Result<(), Box<dyn Error>> {
    let line = reply_line(seq, observation).ok_or("the oracle gave no answer")?;
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

fn sleep() {
    std::thread::sleep(Duration::from_secs(60));
}
