//! Adapters for the tests of the runner: one that is right, some that are wrong in one way about
//! every file (`wrong.rs`), and many that crash, hang or chatter. The argument names the way; these
//! misbehave on the second question of a process, and are right on all others.
//!
//! Nothing here is an implementation of the format: the right answers are the oracle's.

mod wrong;

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
    let mut right = match wrong::open(&mode) {
        Some(wrong) => wrong,
        None => Builtin::Oracle.open(Version::LATEST),
    };
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
        if mode == "slow" {
            std::thread::sleep(Duration::from_millis(20));
        }
        if request.seq == BAD_SEQ {
            eprintln!("about to misbehave");
            if let Some(code) = misbehave(&mode, &request, right.as_mut())? {
                return Ok(code);
            }
        } else {
            answer(&request, &right.ask(&request))?;
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
            answer(request, &right.ask(request))?;
            std::process::abort();
        }
        "two-lines" => {
            let line = reply_line(seq, request.operation(), &right.ask(request))
                .ok_or("the oracle gave no answer")?;
            write!(out, "{line}\nand more\n")?;
        }
        "other" => {
            answer(request, &Observation::AcceptedOther { what: "a dimension of -1".to_owned() })?;
        }
        "long-message" => answer(request, &Observation::refused("é".repeat(9000)))?,
        "noise-before" => {
            writeln!(out, "loading \x1b[31mplugins\x1b[0m ...")?;
            answer(request, &right.ask(request))?;
        }
        "noise-instead" => writeln!(out, "segment fault? no, just chatter")?,
        "random-bytes" => {
            let bytes: Vec<u8> = (1..=4096_u32)
                .map(|n| n.wrapping_mul(2_654_435_761))
                .flat_map(u32::to_le_bytes)
                .collect();
            out.write_all(&bytes)?;
            out.write_all(b"\n")?;
        }
        "deep-json" => {
            let deep = "[".repeat(1 << 20);
            writeln!(out, "{{\"seq\":{seq},\"accepted\":{deep}")?;
        }
        "empty-line" => writeln!(out)?,
        "stack-overflow" => {
            answer(request, &Observation::refused(overflow(seq)))?;
        }
        "memory-hog" => {
            // Touched, so that it counts; more than the budget of a small file.
            let held = vec![1_u8; 3 << 30];
            answer(request, &Observation::refused(held.len()))?;
        }
        "slow-memory-hog" => {
            let mut held = Vec::new();
            for _ in 0..48 {
                held.push(vec![1_u8; 32 << 20]);
                std::thread::sleep(Duration::from_millis(10));
            }
            answer(request, &Observation::refused(held.len()))?;
        }
        "closes-input" => {
            answer(request, &right.ask(request))?;
            rustix::stdio::dup2_stdin(std::fs::File::open("/dev/null")?)?;
        }
        "escapes" => {
            // A session of its own, and so a group of its own; the second argument marks it.
            let mark = std::env::args().nth(2).unwrap_or_default();
            Command::new("setsid").args(["sh", "-c", &format!("sleep 60; : {mark}")]).spawn()?;
            answer(request, &right.ask(request))?;
        }
        "forks" => {
            Command::new("sleep").arg("60").spawn()?;
            answer(request, &right.ask(request))?;
        }
        "bytes" => out.write_all(b"\xff\xfe\x00\x01\n")?,
        "number" => writeln!(out, "42")?,
        "wrong-seq" => {
            let other = Request { seq: seq + 40, ..request.clone() };
            answer(&other, &right.ask(request))?;
        }
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
            answer(request, &right.ask(request))?;
        }
        "unsupported" => answer(request, &Observation::Unsupported { reason: "no".to_owned() })?,
        "refuses" => answer(request, &Observation::refused("no"))?,
        "accepts" => answer(request, &Observation::Accepted(corpus::Reading::default()))?,
        _ => answer(request, &right.ask(request))?,
    }
    out.flush()?;
    Ok(None)
}

fn answer(request: &Request, observation: &Observation) -> Result<(), Box<dyn Error>> {
    let line = reply_line(request.seq, request.operation(), observation);
    let line = line.ok_or("the oracle gave no answer")?;
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

/// Calls itself until the stack is at its end.
#[allow(unconditional_recursion, reason = "that is what it is for")]
fn overflow(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 64]);
    overflow(depth + 1) + room.iter().sum::<u64>()
}

fn sleep() {
    std::thread::sleep(Duration::from_secs(60));
}
