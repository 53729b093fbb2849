//! The command line: what can be asked, how it ends, and nothing of what it means.

mod check;
mod diff;
mod explain;
mod export;
mod leniencies;
mod list;
mod record_file;
mod report;
mod run;
mod serve;
mod validate;

use clap::{Parser, Subcommand};
use std::error::Error;
use std::io;
use std::process::ExitCode;

/// The conformance suite of the safetensors format
///
/// Judges files and implementations by the rules of spec/safetensors.md.
#[derive(Debug, Parser)]
#[command(
    name = "stconform",
    version,
    arg_required_else_help = true,
    after_help = "\
Start with:
  stconform validate model.safetensors     is my file valid, and if not, where
  stconform run                            what the built-in implementations do
  stconform run -- ./adapter               what your implementation does
  stconform explain LAY-4                  what a rule says

Exit codes: 0 as expected, 1 not as expected, 2 could not be done, 4 nothing was selected."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(validate::Args),
    Run(Box<run::Args>),
    Report(report::Args),
    Diff(diff::Args),
    List(list::Args),
    Explain(explain::Args),
    Export(export::Args),
    Serve(serve::Args),
    Check(check::Args),
}

/// How a command ended; each has an exit code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Everything is as expected.
    AsExpected,
    /// Something is not as expected.
    Surprises,
    /// Nothing can be said, because the command could not do its work.
    CouldNotRun,
    /// Nothing was selected, and nothing ran.
    NothingSelected,
}

impl Ending {
    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::AsExpected => 0,
            Self::Surprises => 1,
            Self::CouldNotRun => 2,
            Self::NothingSelected => 4,
        }
    }
}

/// What a command ends with.
type Outcome = Result<Ending, Box<dyn Error>>;

/// Does what the arguments of the process ask for.
#[must_use]
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Validate(args) => validate::run(&args),
        Command::Run(args) => run::run(*args),
        Command::Report(args) => report::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::List(args) => list::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Check(args) => check::run(&args),
    };
    let ending = outcome.unwrap_or_else(|error| {
        // A reader that has seen enough, `head` say, is told nothing.
        if !is_broken_pipe(error.as_ref()) {
            anstream::eprintln!("error: {}", with_causes(error.as_ref()));
        }
        Ending::CouldNotRun
    });
    ExitCode::from(ending.code())
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// An error with what caused it, unless its own message says so already.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    if error.is::<io::Error>() {
        // Every other error of the system names its file.
        text = format!("cannot write to standard output: {text}");
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        cause = error.source();
    }
    text
}
