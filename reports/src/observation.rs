//! What an implementation did with one file, with the evidence. What it means is a [`Verdict`].
//!
//! [`Verdict`]: crate::Verdict

use crate::shown::cut;
use corpus::Reading;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How much of a message a record keeps, in bytes.
const MESSAGE_KEPT: usize = 4 << 10;

/// What happened when an implementation was asked about one file.
///
/// The last four are faults of the program, never answers, and carry the beginning and the end of
/// what it wrote to its error output. That text is kept for people and never decides anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Observation {
    /// It took the file, and read this.
    Accepted(Reading),
    /// It took the file, and what came out is no reading: a dtype that is no text, say.
    AcceptedOther {
        /// What came out, in the adapter's words; kept, never matched.
        what: String,
    },
    /// It took the file, and has no way to say what it read: an exit code alone, say.
    AcceptedUnseen,
    /// It wrote a file.
    Wrote(Written),
    /// It refused the file, or what it was to write, as invalid.
    Refused {
        /// Its own words; kept, never matched.
        message: String,
        /// The kind of error, in its own words; kept, never matched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<String>,
    },
    /// It left the file aside as something that it does not do.
    Unsupported {
        /// Its own words; kept, never matched.
        reason: String,
    },
    /// It died before it gave an answer.
    Crashed {
        /// How it died.
        death: Death,
        /// The beginning and the end of its error output.
        stderr: String,
    },
    /// It gave no answer in the time that it had.
    TimedOut {
        /// The time that it had, in milliseconds.
        after_ms: u64,
        /// What it wrote without ending the line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unfinished: Option<Unfinished>,
        /// The beginning and the end of its error output.
        stderr: String,
    },
    /// It took more memory than the budget of the file, and was stopped.
    OverMemory {
        /// What it took, in bytes, beyond what it had when it was asked; `None` where it was the
        /// limit of the system that stopped it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken: Option<u64>,
        /// The budget, in bytes.
        budget: u64,
        /// The beginning and the end of its error output.
        stderr: String,
    },
    /// What it wrote is no answer under the protocol.
    Garbled {
        /// What is wrong with it.
        fault: ProtocolFault,
        /// The beginning and the end of its error output.
        stderr: String,
    },
}

/// What is in a file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Written {
    /// What the oracle found in it.
    pub found: Found,
    /// What the implementation itself read in it, where it reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back: Option<Box<Observation>>,
    /// Whether it is in the canonical form.
    pub canonical: bool,
    /// Whether the same, written again, gave the same bytes; `None` where that was not tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_again: Option<bool>,
}

/// What the oracle found in a file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Found {
    /// The file is valid, and this is in it.
    Valid(Reading),
    /// The file breaks rules; this is the first violation.
    Invalid(String),
    /// There is no file.
    Nothing,
}

/// A line that has no end yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unfinished {
    /// Its length by now, in bytes.
    pub bytes: u64,
    /// Its beginning.
    pub line: String,
}

/// How a program died before it gave an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Death {
    /// A signal ended it.
    Signal {
        /// The number of the signal.
        number: i32,
        /// The name of the signal, `SIGSEGV` say.
        name: String,
    },
    /// It ended with an exit code other than 0.
    Exit {
        /// The exit code.
        code: i32,
    },
    /// It ended with exit code 0, and without an answer.
    EarlyExit,
    /// It ran inside the runner and panicked.
    Panic {
        /// The message of the panic.
        message: String,
    },
    /// It could not read the file that the runner made for it.
    Unreadable {
        /// What the system said.
        why: String,
    },
    /// It gave an answer, and died before the next question.
    AfterReply {
        /// How it died.
        how: String,
    },
    /// It had died before, and could not be started again.
    NoRestart {
        /// Why it could not be started.
        why: String,
    },
}

/// How an adapter broke the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ProtocolFault {
    /// A line that is no JSON object: something else wrote to the adapter's output.
    Noise {
        /// Where it stops being one.
        why: String,
        /// The beginning of the line.
        line: String,
    },
    /// A JSON object that is no reply.
    Malformed {
        /// What is wrong with it.
        why: String,
        /// The beginning of the line.
        line: String,
    },
    /// A line that came after the reply.
    ExtraLine {
        /// The beginning of the line.
        line: String,
    },
    /// A reply to another question.
    WrongSeq {
        /// The number of the question.
        asked: u64,
        /// The number in the reply.
        answered: u64,
    },
    /// The output ended in the middle of a line.
    HalfLine {
        /// The beginning of what came.
        line: String,
    },
    /// A line longer than the runner takes.
    TooLong {
        /// The greatest length that it takes, in bytes.
        limit: u64,
    },
    /// The output was closed while the program lived on.
    Closed,
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal { number, name } => write!(f, "killed by signal {number} ({name})"),
            Self::Exit { code } => write!(f, "ended with exit code {code}"),
            Self::EarlyExit => f.write_str("ended with exit code 0"),
            Self::Panic { message } => write!(f, "panicked: {message}"),
            Self::Unreadable { why } => write!(f, "could not read the file made for it: {why}"),
            Self::AfterReply { how } => write!(f, "{how}, after its reply"),
            Self::NoRestart { why } => write!(f, "could not be started again: {why}"),
        }
    }
}

impl fmt::Display for ProtocolFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noise { why, line } => write!(f, "a line that is no reply ({why}): {line}"),
            Self::Malformed { why, line } => write!(f, "a reply with a fault ({why}): {line}"),
            Self::ExtraLine { line } => write!(f, "one more line after the reply: {line}"),
            Self::WrongSeq { asked, answered } => {
                write!(f, "asked with seq {asked}, answered with seq {answered}")
            }
            Self::HalfLine { line } => write!(f, "the output ended inside a line: {line}"),
            Self::TooLong { limit } => write!(f, "a line of more than {limit} bytes"),
            Self::Closed => f.write_str("it closed its output and lived on"),
        }
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, line } = self;
        let hint = "is its line feed or a flush missing?";
        write!(f, "an unfinished line of {bytes} bytes stands there ({hint}): {line}")
    }
}

impl fmt::Display for Observation {
    /// One line for people; the reading is cut to what tells files apart.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(reading) => {
                write!(f, "accepted: {}", crate::reading_in_short(reading))
            }
            Self::AcceptedOther { what } => {
                write!(f, "accepted, and read what is no reading: {what}")
            }
            Self::AcceptedUnseen => f.write_str("accepted; what it read cannot be seen"),
            Self::Wrote(written) => written.fmt(f),
            Self::Refused { message, category: None } => write!(f, "refused: {message}"),
            Self::Refused { message, category: Some(category) } => {
                write!(f, "refused ({category}): {message}")
            }
            Self::Unsupported { reason } => write!(f, "unsupported: {reason}"),
            Self::Crashed { death: Death::EarlyExit, stderr: _ } => {
                write!(f, "{} before it answered", Death::EarlyExit)
            }
            Self::Crashed { death, stderr: _ } => death.fmt(f),
            Self::TimedOut { after_ms, unfinished, stderr: _ } => {
                write!(f, "no answer after {after_ms} ms")?;
                unfinished.iter().try_for_each(|line| write!(f, "; {line}"))
            }
            Self::OverMemory { taken: Some(taken), budget, stderr: _ } => {
                write!(f, "took {} of memory, its budget is {}", mib(*taken), mib(*budget))
            }
            Self::OverMemory { taken: None, budget, stderr: _ } => {
                write!(f, "asked for more memory than its budget of {}, and died", mib(*budget))
            }
            Self::Garbled { fault, stderr: _ } => fault.fmt(f),
        }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            Found::Valid(reading) => write!(f, "wrote: {}", crate::reading_in_short(reading)),
            Found::Invalid(violation) => write!(f, "wrote an invalid file: {violation}"),
            Found::Nothing => f.write_str("accepted, and wrote no file"),
        }
    }
}

/// A number of bytes in MiB.
fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}

impl Observation {
    /// Whether it took the file, whatever it read.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        match self {
            Self::Accepted(_)
            | Self::AcceptedOther { .. }
            | Self::AcceptedUnseen
            | Self::Wrote(_) => true,
            Self::Refused { .. }
            | Self::Unsupported { .. }
            | Self::Crashed { .. }
            | Self::TimedOut { .. }
            | Self::OverMemory { .. }
            | Self::Garbled { .. } => false,
        }
    }

    /// The same with its messages cut to what a record keeps of them.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        match &mut self {
            Self::AcceptedOther { what: text }
            | Self::Unsupported { reason: text }
            | Self::Crashed { death: Death::Panic { message: text }, .. } => {
                cut(text, MESSAGE_KEPT);
            }
            Self::Refused { message, category } => {
                cut(message, MESSAGE_KEPT);
                category.iter_mut().for_each(|category| cut(category, MESSAGE_KEPT));
            }
            Self::Accepted(_)
            | Self::AcceptedUnseen
            | Self::Wrote(_)
            | Self::Crashed { .. }
            | Self::TimedOut { .. }
            | Self::OverMemory { .. }
            | Self::Garbled { .. } => {}
        }
        self
    }

    /// Whether the program failed, and gave no answer at all.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        match self {
            Self::Crashed { .. }
            | Self::TimedOut { .. }
            | Self::OverMemory { .. }
            | Self::Garbled { .. } => true,
            Self::Accepted(_)
            | Self::AcceptedOther { .. }
            | Self::AcceptedUnseen
            | Self::Wrote(_)
            | Self::Refused { .. }
            | Self::Unsupported { .. } => false,
        }
    }

    /// What a library comes to that answers with a reading or with an error.
    pub fn of<E: fmt::Display>(outcome: Result<Reading, E>) -> Self {
        outcome.map_or_else(Self::refused, Self::Accepted)
    }

    /// A refusal with these words.
    #[must_use]
    pub fn refused(why: impl fmt::Display) -> Self {
        Self::Refused { message: why.to_string(), category: None }
    }

    /// The beginning and the end of the error output, where the observation is a fault and there was any.
    #[must_use]
    pub fn stderr(&self) -> Option<&str> {
        match self {
            Self::Crashed { stderr, .. }
            | Self::TimedOut { stderr, .. }
            | Self::OverMemory { stderr, .. }
            | Self::Garbled { stderr, .. } => Some(stderr.as_str()).filter(|text| !text.is_empty()),
            Self::Accepted(_)
            | Self::AcceptedOther { .. }
            | Self::AcceptedUnseen
            | Self::Wrote(_)
            | Self::Refused { .. }
            | Self::Unsupported { .. } => None,
        }
    }
}
