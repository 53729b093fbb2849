//! The command line: what can be asked, how it ends, and nothing of what it means.

mod run;
mod serve;
pub mod validate;

use clap::{Parser, Subcommand};
use std::error::Error;
use std::io;
use std::process::ExitCode;

/// The conformance suite of the safetensors format.
#[derive(Debug, Parser)]
#[command(name = "stconform", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(Box<run::Args>),
    Serve(serve::Args),
    Validate(validate::ValidateArgs),
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
        Command::Run(args) => run::run(&args).map(Ending::code),
        Command::Serve(args) => serve::run(&args).map(Ending::code),
        Command::Validate(args) => validate::run(&args).map_err(Into::into),
    };
    ExitCode::from(outcome.unwrap_or_else(|error| {
        // A reader that has seen enough, `head` say, is told nothing.
        if !is_broken_pipe(error.as_ref()) {
            anstream::eprintln!("error: {error}");
        }
        Ending::CouldNotRun.code()
    }))
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
