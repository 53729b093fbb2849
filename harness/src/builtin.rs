//! Implementations that are compiled in: our own oracle, and the `safetensors` crate.
//!
//! Each reads the file as a program would, and knows nothing of processes; see [`crate::serve`].

mod oracle;
mod reference;

use crate::implementation::{Implementation, Request};
use crate::validate::map;
use memmap2::Mmap;
use oracle::Oracle;
use reference::SafetensorsCrate;
use reports::{Death, Description, Observation};
use spec::Version;
use std::any::Any;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// An implementation that is compiled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Builtin {
    /// The strict reading of the spec in this repository.
    Oracle,
    /// The `safetensors` crate from crates.io.
    Safetensors,
}

impl Builtin {
    /// Every one of them, in the order in which a run asks them.
    pub const ALL: [Self; 2] = [Self::Oracle, Self::Safetensors];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oracle => "oracle",
            Self::Safetensors => "safetensors",
        }
    }

    /// The implementation. The format version matters to the oracle alone.
    #[must_use]
    pub fn open(self, version: Version) -> Box<dyn Implementation + Send> {
        match self {
            Self::Oracle => Box::new(Oracle { version }),
            Self::Safetensors => Box::new(SafetensorsCrate),
        }
    }
}

/// Runs an implementation inside the runner, and turns a panic into an observation.
pub struct InProcess(pub Box<dyn Implementation + Send>);

impl Implementation for InProcess {
    fn describe(&self) -> Description {
        self.0.describe()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        // The implementations here keep nothing between two questions, so a panic leaves nothing
        // half done behind.
        catch_unwind(AssertUnwindSafe(|| self.0.ask(request))).unwrap_or_else(|payload| {
            let message = panic_message(payload.as_ref());
            Observation::Crashed { death: Death::Panic { message }, stderr: String::new() }
        })
    }
}

/// What a panic says.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
        .to_owned()
}

/// Reads a file with the whole of its bytes. It is mapped, so that one of many gigabytes does not
/// have to fit into memory.
pub(crate) fn with_bytes(path: &Path, read: impl FnOnce(&[u8]) -> Observation) -> Observation {
    match mapped(path) {
        Ok(bytes) => read(bytes.as_deref().unwrap_or_default()),
        Err(error) => unreadable(&error),
    }
}

/// A file could not be read or written, which is no word on what is in it.
fn unreadable(error: &io::Error) -> Observation {
    let death = Death::Unreadable { why: error.to_string() };
    Observation::Crashed { death, stderr: String::new() }
}

/// Writes a file whole.
fn put(path: &Path, bytes: &[u8]) -> Observation {
    match std::fs::write(path, bytes) {
        Ok(()) => Observation::AcceptedUnseen,
        Err(error) => unreadable(&error),
    }
}

/// The whole file; `None` if it is empty.
fn mapped(path: &Path) -> io::Result<Option<Mmap>> {
    let file = File::open(path)?;
    let len = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    if len == 0 { Ok(None) } else { map(&file, len).map(Some) }
}

/// A debug build panics where a number overflows and a release build goes on, so a record tells which
/// it was.
fn profile() -> String {
    if cfg!(debug_assertions) { "debug build" } else { "release build" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implementation::Ask;

    #[test]
    fn the_version_that_is_told_is_the_one_that_is_built() {
        let manifest = include_str!("../Cargo.toml");
        let told = Builtin::Safetensors.open(Version::LATEST).describe().version;
        assert!(manifest.contains(&format!("safetensors = \"={told}\"")), "{told}");
    }

    #[test]
    fn a_panic_inside_the_runner_is_a_crash() {
        struct Panics;
        impl Implementation for Panics {
            fn describe(&self) -> Description {
                Builtin::Oracle.open(Version::LATEST).describe()
            }

            fn ask(&mut self, request: &Request) -> Observation {
                panic!("question {}", request.seq)
            }
        }
        let mut inside = InProcess(Box::new(Panics));
        let request = Request { seq: 7, path: "none".into(), access: None, ask: Ask::Read };
        let Observation::Crashed { death: Death::Panic { message }, .. } = inside.ask(&request)
        else {
            panic!("a panic is a crash");
        };
        assert_eq!(message, "question 7");
    }

    #[test]
    fn a_file_that_is_gone_is_no_refusal() {
        for builtin in Builtin::ALL {
            let request = Request { seq: 1, path: "no/such".into(), access: None, ask: Ask::Read };
            let observed = builtin.open(Version::LATEST).ask(&request);
            assert!(
                matches!(observed, Observation::Crashed { death: Death::Unreadable { .. }, .. }),
                "{observed}"
            );
        }
    }
}
