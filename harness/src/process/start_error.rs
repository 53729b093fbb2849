//! Why there is nobody to ask, in words that name the way out.

use reports::{Death, Unfinished};
use std::io;

/// Why a program could not be started, or is no adapter.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The command is empty.
    #[error("no command to run; put the program and its arguments after `--`")]
    NoCommand,
    /// There is no such program.
    #[error(
        "there is no program `{program}`, or the interpreter that it names is missing; give its \
         path, or put its folder on PATH"
    )]
    NotFound {
        /// The command.
        program: String,
    },
    /// The file is there and is no program.
    #[error(
        "`{program}` may not be executed; make it executable with chmod +x, or name its interpreter"
    )]
    NotExecutable {
        /// The command.
        program: String,
    },
    /// The system refuses to start it.
    #[error("cannot start `{program}`: {source}")]
    Spawn {
        /// The command.
        program: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It ended before it said hello.
    #[error("`{program}` {death} before it said hello{}", said(stderr))]
    Died {
        /// The command.
        program: String,
        /// How it ended.
        death: Death,
        /// The beginning and the end of its error output.
        stderr: String,
    },
    /// It said nothing.
    #[error(
        "`{program}` said no hello within {after_ms} ms; raise --timeout-ms if it starts slowly{}{}",
        stands_there(unfinished.as_ref()),
        said(stderr)
    )]
    Silent {
        /// The command.
        program: String,
        /// The time that it had, in milliseconds.
        after_ms: u64,
        /// What it wrote without ending the line.
        unfinished: Option<Unfinished>,
        /// The beginning and the end of its error output.
        stderr: String,
    },
    /// What it said is no hello.
    #[error(
        "`{program}` does not speak the protocol of adapters/PROTOCOL.md: {why}{}",
        said(stderr)
    )]
    NoAdapter {
        /// The command.
        program: String,
        /// What is wrong with its first line.
        why: String,
        /// The beginning and the end of its error output.
        stderr: String,
    },
}

fn stands_there(unfinished: Option<&Unfinished>) -> String {
    unfinished.map(|line| format!("; {line}")).unwrap_or_default()
}

fn said(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!("; its error output:\n{stderr}") }
}

impl StartError {
    /// The error of a program that the system did not start.
    pub(super) fn of(program: String, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::NotFound {
            Self::NotFound { program }
        } else if source.kind() == io::ErrorKind::PermissionDenied {
            Self::NotExecutable { program }
        } else {
            Self::Spawn { program, source }
        }
    }
}
