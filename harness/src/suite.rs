//! The conformance suite of a Rust library, run from the library's own tests: each question is a
//! test with a name.
//!
//! A library implements [`Implementation`], declares in `describe` what it
//! does on purpose, and asks in one test of its own:
//!
//! ```no_run
//! use harness::{Description, Implementation, Observation, Reading, Request, TensorReading, suite};
//! # mod my_library {
//! #     pub(crate) struct Tensor { pub(crate) name: String, pub(crate) dtype: String, pub(crate) shape: Vec<usize>, pub(crate) data: Vec<u8> }
//! #     pub(crate) struct File { pub(crate) tensors: Vec<Tensor>, pub(crate) metadata: Vec<(String, String)> }
//! #     pub(crate) fn read(_: &[u8]) -> Result<File, String> { Err(String::new()) }
//! # }
//!
//! struct MyLibrary;
//!
//! impl Implementation for MyLibrary {
//!     fn describe(&self) -> Description {
//!         Description::new("my-library", env!("CARGO_PKG_VERSION"))
//!     }
//!
//!     fn ask(&mut self, request: &Request) -> Observation {
//!         request.read_with(|bytes| {
//!             let file = my_library::read(bytes)?;
//!             let tensors = file.tensors.iter();
//!             let tensors = tensors.map(|t| TensorReading::of_usize(&t.name, &t.dtype, &t.shape, &t.data));
//!             Ok::<_, String>(Reading::of(tensors, file.metadata))
//!         })
//!     }
//! }
//!
//! #[test]
//! fn conforms() {
//!     suite::run(|| MyLibrary);
//! }
//! ```
//!
//! [`main`] is for a test with `harness = false`: there each question is a test for `cargo test`
//! itself, with the arguments of any other test. A panic is an observation, and the run goes on; a
//! hang or an abort takes the tests with it, and `--test-threads=1` shows in which question.
//!
//! Nothing is judged here, and no file is read; see [`judge`](crate::judge) and
//! [`runner`](crate::runner).

mod asked;
mod outcome;

#[cfg(test)]
mod tests;

use crate::implementation::Implementation;
use crate::interrupt;
use crate::known::{KnownError, KnownFailures};
use crate::plan::{self, PlanError, plan};
use crate::select::{Criteria, PatternError};
use asked::{Asked, Pool, name};
use libtest_mimic::{Arguments, Completion, Conclusion, Trial};
use outcome::Outcome;
use spec::Version;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// In [`Suite::run`], only questions with this text in their names are asked.
pub const FILTER: &str = "STCONFORM_FILTER";

/// How many questions are named where they fail.
const NAMED: usize = 10;

/// Asks everything that is stored about what an implementation offers; see [`Suite::run`].
///
/// # Panics
///
/// An answer is not as it should be, or nothing could be asked.
#[track_caller]
pub fn run<I: Implementation + Send + 'static>(make: impl Fn() -> I + Send + Sync + 'static) {
    Suite::new().run(make);
}

/// The main function of a test with `harness = false`; see [`Suite::main`].
#[must_use]
pub fn main<I: Implementation + Send + 'static>(
    make: impl Fn() -> I + Send + Sync + 'static,
) -> ExitCode {
    Suite::new().main(make)
}

/// What is asked, and by what it is judged.
#[derive(Clone, Debug)]
pub struct Suite {
    criteria: Criteria,
    known: Option<PathBuf>,
    version: Version,
    canonical: bool,
}

/// Why nothing could be asked, or not everything.
#[derive(Debug, thiserror::Error)]
enum SuiteError {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Pattern(#[from] PatternError),
    #[error(transparent)]
    Known(#[from] KnownError),
    #[error("a known failure is about nothing: {0}")]
    Gone(String),
    #[error("nothing has an id like `{0}`; the ids begin with an area: {areas}", areas = areas())]
    NoSuchId(String),
    #[error("nothing was selected, so nothing is shown; {0}")]
    Nothing(String),
    #[error("the signals that end the run cannot be caught: {0}")]
    Signals(#[from] std::io::Error),
}

impl Default for Suite {
    fn default() -> Self {
        Self::new()
    }
}

impl Suite {
    /// Everything that is stored, by the latest format version.
    #[must_use]
    pub fn new() -> Self {
        Self {
            criteria: Criteria::default(),
            known: None,
            version: Version::LATEST,
            canonical: false,
        }
    }

    /// Only what these criteria select.
    #[must_use]
    pub fn only(self, criteria: Criteria) -> Self {
        Self { criteria, ..self }
    }

    /// Failures that are known, each with a reason, in a file such as `stconform run --known` takes.
    /// The path is relative to the folder of the package. They are shown as ignored; one that is no
    /// longer true fails.
    #[must_use]
    pub fn known(self, file: impl Into<PathBuf>) -> Self {
        Self { known: Some(file.into()), ..self }
    }

    /// The format version to judge by.
    #[must_use]
    pub fn version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// What is written has to be in the canonical form.
    #[must_use]
    pub fn canonical(self) -> Self {
        Self { canonical: true, ..self }
    }

    /// Asks inside a `#[test]`, prints a line for each question, and panics at the end if one failed.
    ///
    /// `make` makes an implementation for each thread, of which there are as many as `cargo test`
    /// would have: `RUST_TEST_THREADS`, or one a core. With `STCONFORM_FILTER=TEXT` in the environment
    /// only questions with the text in their names are asked. As of any test, the lines are shown if
    /// it fails, or with `--show-output`.
    ///
    /// # Panics
    ///
    /// An answer is not as it should be, or nothing could be asked.
    #[track_caller]
    #[allow(clippy::panic, reason = "this is how a test fails")]
    pub fn run<I: Implementation + Send + 'static>(
        &self,
        make: impl Fn() -> I + Send + Sync + 'static,
    ) {
        let filter = std::env::var(FILTER).unwrap_or_default();
        let shown = match self.asked(Pool::of(make)) {
            Ok(asked) => lines(asked, &filter),
            Err(error) => Err(error.to_string()),
        };
        match shown {
            Ok(lines) => println!("{lines}"),
            Err(why) => panic!("{why}"),
        }
    }

    /// Asks as the main function of a test with `harness = false`. It takes the arguments of every
    /// test: a part of a name, `--exact`, `--skip`, `--list`, `-q`, `--test-threads`.
    ///
    /// `make` makes an implementation for each thread.
    #[must_use]
    pub fn main<I: Implementation + Send + 'static>(
        &self,
        make: impl Fn() -> I + Send + Sync + 'static,
    ) -> ExitCode {
        let arguments = Arguments::from_args();
        let watched = interrupt::watch().map_err(SuiteError::from);
        match watched.and_then(|()| self.conclude(Pool::of(make), &arguments)) {
            Ok(conclusion) => conclusion.exit_code(),
            Err(error) => {
                anstream::eprintln!("error: {error}");
                ExitCode::from(2)
            }
        }
    }

    fn conclude(&self, pool: Pool, arguments: &Arguments) -> Result<Conclusion, SuiteError> {
        let asked = Arc::new(self.asked(pool)?);
        let mut trials = Vec::new();
        for group in asked.groups() {
            for place in 0..group.len() {
                let (asked, group) = (Arc::clone(&asked), Arc::clone(&group));
                let Some(name) = group.name(place) else { continue };
                trials.push(Trial::ignorable_test(name, move || {
                    match asked.one(&group, place)? {
                        Outcome::Passed => Ok(Completion::Completed),
                        Outcome::LeftAside(why) => Ok(Completion::ignored_with(why)),
                        Outcome::Failed(text) => Err(text.into()),
                    }
                }));
            }
        }
        Ok(libtest_mimic::run(arguments, trials))
    }

    /// The questions, and all that it takes to ask them.
    fn asked(&self, pool: Pool) -> Result<Asked, SuiteError> {
        let who = pool.describe();
        let known = match &self.known {
            Some(file) => KnownFailures::read(file)?,
            None => KnownFailures::default(),
        };
        let askable = plan::all(&who, self.version)?;
        if let Some(gone) = known.apply(&who.name, &mut [], Some(&askable)).first() {
            return Err(SuiteError::Gone(gone.to_string()));
        }
        let is_area =
            |area: &&String| plan::subjects().any(|subject| subject.id().area() == **area);
        let idle = self.criteria.idle_filters()?.first().map(|idle| (*idle).to_owned());
        let idle = idle.or_else(|| self.criteria.areas.iter().find(|area| !is_area(area)).cloned());
        if let Some(idle) = idle {
            return Err(SuiteError::NoSuchId(idle));
        }
        let questions = plan(&self.criteria, &who, self.version)?;
        if questions.is_empty() {
            let offers: Vec<&str> = who.operations.iter().map(|offered| offered.name()).collect();
            let offers = if offers.is_empty() { "nothing".to_owned() } else { offers.join(", ") };
            return Err(SuiteError::Nothing(format!("{} offers {offers}", who.name)));
        }
        Ok(Asked { pool, who, questions, known, version: self.version, canonical: self.canonical })
    }
}

/// Asks the questions with this text in their names; gives what is shown, or in how many and which the test failed.
fn lines(mut asked: Asked, filter: &str) -> Result<String, String> {
    let all = asked.questions.len();
    asked.questions.retain(|question| name(question).contains(filter));
    let count = asked.questions.len();
    if count == 0 {
        return Err(format!("nothing has `{filter}` in its name, as {FILTER} asks for"));
    }
    let mut text = format!("\nrunning {count} tests\n");
    let (mut passed, mut ignored, mut failed) = (0_usize, 0_usize, Vec::new());
    for (name, outcome) in asked.all(jobs(std::env::var_os("RUST_TEST_THREADS").as_deref()))? {
        let end = match outcome {
            Outcome::Passed => {
                passed += 1;
                "ok".to_owned()
            }
            Outcome::LeftAside(why) => {
                ignored += 1;
                format!("ignored, {why}")
            }
            Outcome::Failed(why) => {
                failed.push((name.clone(), why));
                "FAILED".to_owned()
            }
        };
        // A write to a `String` cannot fail.
        let _ = writeln!(text, "test {name} ... {end}");
    }
    if !failed.is_empty() {
        text += "\nfailures:\n";
    }
    for (name, why) in &failed {
        let _ = write!(text, "\n---- {name} ----\n{}\n", anstream::adapter::strip_str(why));
    }
    let counts =
        format!("{} failed; {ignored} ignored; {} filtered out", failed.len(), all - count);
    let result = if failed.is_empty() { "ok" } else { "FAILED" };
    let _ = writeln!(text, "\ntest result: {result}. {passed} passed; {counts}");
    if failed.is_empty() {
        return Ok(text);
    }
    println!("{text}");
    let named: Vec<&str> = failed.iter().take(NAMED).map(|(name, _)| name.as_str()).collect();
    let more = if failed.len() > NAMED { ", …" } else { "" };
    Err(format!("{} of {count} questions failed: {}{more}", failed.len(), named.join(", ")))
}

/// How many threads ask: what `cargo test` was told, or one a core.
fn jobs(told: Option<&OsStr>) -> usize {
    let told = told.and_then(OsStr::to_str).and_then(|text| text.parse().ok());
    told.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

fn areas() -> String {
    let mut names: Vec<&str> = plan::subjects().map(|subject| subject.id().area()).collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
