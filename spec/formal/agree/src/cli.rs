//! The command line: what can be asked, how it ends, and nothing of what it means.

use crate::run::{Scope, run};
use crate::{coq, corpus_scope, exhaustive, generated};
use clap::{Args, Parser, Subcommand};
use grammar::{HEADER, Matcher, STACK};
use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

/// Hold the machine-checked model against the oracle, the corpus and the grammar
///
/// Every file is asked of the checker, the program that is extracted from the model, and each
/// answer is compared: the broken rules and their order, and the reading, with the oracle; the
/// answer with what the corpus expects; the rules of the text with spec/header.abnf.
#[derive(Debug, Parser)]
#[command(
    name = "agree",
    version,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 everyone agrees, 1 someone does not, 2 could not be done."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Every vector of the corpus, in every version, under every leniency
    Corpus(Checker),
    /// Files of the generator of the corpus, a third of them with bytes changed
    Generated {
        #[command(flatten)]
        checker: Checker,
        /// How many files
        #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
        count: u64,
        /// Which files: the same number gives the same ones
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        seed: u64,
    },
    /// All small files: headers of up to three tensors, and short texts over small alphabets
    Exhaustive {
        #[command(flatten)]
        checker: Checker,
        /// By how many signs the texts are longer; each takes about eight times as long
        #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=4))]
        longer: u32,
    },
    /// Write the stored vectors for Coq, which decides them itself
    Coq {
        /// The folder to write to; compile what is in it beside the model
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Checker {
    /// The program that is extracted from the model
    #[arg(long, value_name = "PATH")]
    checker: PathBuf,
}

/// How a command ended; each has an exit code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Agreed,
    Disagreed,
    CouldNotRun,
}

impl Ending {
    const fn code(self) -> u8 {
        match self {
            Self::Agreed => 0,
            Self::Disagreed => 1,
            Self::CouldNotRun => 2,
        }
    }
}

/// What a command ends with.
type Outcome = Result<Ending, Box<dyn Error + Send + Sync>>;

/// Does what the arguments of the process ask for.
#[must_use]
pub fn main() -> ExitCode {
    let command = Cli::parse().command;
    // The matcher of the grammar recurses along a text.
    let thread = thread::Builder::new().stack_size(STACK).spawn(move || carry_out(&command));
    let outcome = match thread.map(thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome,
        // The message of a panic is on standard error already.
        Ok(Err(_)) => Ok(Ending::CouldNotRun),
        Err(error) => Err(error.into()),
    };
    let ending = outcome.unwrap_or_else(|error| {
        eprintln!("error: {}", with_causes(error.as_ref()));
        Ending::CouldNotRun
    });
    ExitCode::from(ending.code())
}

fn carry_out(command: &Command) -> Outcome {
    match command {
        Command::Corpus(checker) => compare(&checker.checker, vec![corpus_scope::scope()]),
        Command::Generated { checker, count, seed } => {
            compare(&checker.checker, vec![generated::scope(*count, *seed)])
        }
        Command::Exhaustive { checker, longer } => {
            compare(&checker.checker, exhaustive::scopes(*longer))
        }
        Command::Coq { out } => {
            let written = coq::write(out)?;
            writeln!(io::stdout(), "{written}")?;
            Ok(Ending::Agreed)
        }
    }
}

fn compare(checker: &Path, scopes: Vec<Scope>) -> Outcome {
    let grammar = Matcher::new(HEADER)?;
    let mut ending = Ending::Agreed;
    for scope in scopes {
        let tally = run(checker, &grammar, scope, &mut io::stdout())?;
        if tally.disagreements > 0 {
            ending = Ending::Disagreed;
        }
    }
    Ok(ending)
}

/// An error with what caused it, unless its own message says so already.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
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
