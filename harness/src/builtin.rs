//! Implementations that are compiled in: our own oracle, and the `safetensors` crate.
//!
//! Each reads the file as a program would, and knows nothing of processes; see [`crate::serve`].

use crate::implementation::{Implementation, Request};
use crate::validate::map;
use corpus::{Digest, Reading, TensorReading, Text};
use memmap2::Mmap;
use reports::{Death, Description, Observation, Operation};
use spec::{Examination, Leniencies, RuleId, Version};
use std::any::Any;
use std::collections::BTreeMap;
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
    pub fn open(self, version: Version) -> Box<dyn Implementation> {
        match self {
            Self::Oracle => Box::new(Oracle { version }),
            Self::Safetensors => Box::new(SafetensorsCrate),
        }
    }
}

/// Runs an implementation inside the runner, and turns a panic into an observation.
pub struct InProcess(pub Box<dyn Implementation>);

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

/// The strict oracle of one format version.
struct Oracle {
    version: Version,
}

impl Implementation for Oracle {
    fn describe(&self) -> Description {
        Description {
            name: "oracle".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "Rust".to_owned(),
            build: Some(profile()),
            source: None,
            operations: vec![Operation::Read],
            leniencies: Leniencies::none(),
            limits: BTreeMap::new(),
        }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        with_bytes(request, |bytes| {
            match spec::examine(spec::File::whole(bytes), self.version, &Leniencies::none()) {
                Examination::Accepted { reading, tolerated: _ } => {
                    Observation::Accepted(Reading::of_file(&reading, bytes))
                }
                Examination::Refused { violations, .. } => {
                    let message = violations.first().map(ToString::to_string).unwrap_or_default();
                    if violations.iter().all(|violation| violation.rule == RuleId::Dt2) {
                        Observation::Unsupported { reason: message }
                    } else {
                        Observation::Refused { message }
                    }
                }
            }
        })
    }
}

/// The `safetensors` crate, as a program calls it that holds the whole file.
struct SafetensorsCrate;

impl Implementation for SafetensorsCrate {
    fn describe(&self) -> Description {
        Description {
            name: "safetensors".to_owned(),
            version: "0.8.0".to_owned(),
            language: "Rust".to_owned(),
            build: Some(profile()),
            source: Some("https://crates.io/crates/safetensors/0.8.0".to_owned()),
            operations: vec![Operation::Read],
            leniencies: Leniencies::none(),
            limits: BTreeMap::new(),
        }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        with_bytes(request, |bytes| match read_with_crate(bytes) {
            Ok(reading) => Observation::Accepted(reading),
            Err(error) => Observation::Refused { message: error.to_string() },
        })
    }
}

fn read_with_crate(bytes: &[u8]) -> Result<Reading, safetensors::SafeTensorError> {
    let file = safetensors::SafeTensors::deserialize(bytes)?;
    let (_, header) = safetensors::SafeTensors::read_metadata(bytes)?;
    let tensors = file
        .iter()
        .map(|(name, view)| TensorReading {
            name: name.into(),
            dtype: view.dtype().to_string(),
            shape: view.shape().iter().map(|dim| u64::try_from(*dim).unwrap_or(u64::MAX)).collect(),
            sha256: Some(Digest::of(view.data())),
            values: None,
        })
        .collect();
    let metadata = header
        .metadata()
        .iter()
        .flatten()
        .map(|(key, value)| (Text::from(key.as_str()), Text::from(value.as_str())))
        .collect();
    Ok(Reading::new(tensors, metadata))
}

/// The file is mapped, so that one of many gigabytes does not have to fit into memory.
fn with_bytes(request: &Request, read: impl FnOnce(&[u8]) -> Observation) -> Observation {
    match (request.operation, mapped(&request.path)) {
        (Operation::Read, Ok(bytes)) => read(bytes.as_deref().unwrap_or_default()),
        (Operation::Read, Err(error)) => Observation::Crashed {
            death: Death::Unreadable { why: error.to_string() },
            stderr: String::new(),
        },
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
        let request = Request { seq: 7, operation: Operation::Read, path: "none".into() };
        let Observation::Crashed { death: Death::Panic { message }, .. } = inside.ask(&request)
        else {
            panic!("a panic is a crash");
        };
        assert_eq!(message, "question 7");
    }

    #[test]
    fn a_file_that_is_gone_is_no_refusal() {
        for builtin in Builtin::ALL {
            let request = Request { seq: 1, operation: Operation::Read, path: "no/such".into() };
            let observed = builtin.open(Version::LATEST).ask(&request);
            assert!(
                matches!(observed, Observation::Crashed { death: Death::Unreadable { .. }, .. }),
                "{observed}"
            );
        }
    }
}
