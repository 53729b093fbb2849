//! Whether a new adapter speaks the protocol, told in plain words to whoever writes it.
//!
//! The questions are a few easy ones of the plan, the answers meet the judge of every run. What lives
//! here is which questions these are, and what most likely stands behind a wrong answer.

mod cause;
mod questions;

use crate::implementation::{Answer, Feed, Implementation, Request};
use crate::plan::{Expectation, PlanError, Question};
use crate::process::{Closing, Limits, Process, StartError};
use crate::protocol::reply_line;
use crate::runner::{self, How, RunError, Sink};
use reports::{
    Death, Description, Detail, Observation, Operation, Row, Verdict, reading_in_short, shown,
};
use spec::Version;
use std::collections::VecDeque;
use std::error::Error;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use cause::{Cause, of_start};

/// How long a line may take that nobody asked for; what comes later meets the next question.
const LISTEN: Duration = Duration::from_millis(50);
/// How much of a line is shown, in bytes.
const SHOWN: usize = 400;

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was tried.
    pub what: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The adapter did its part.
    Ok {
        /// What is worth knowing all the same.
        remark: Option<String>,
    },
    /// The adapter did something else.
    Wrong(Box<Wrong>),
    /// It was not tried.
    NotTried {
        /// The reason.
        why: String,
    },
}

/// What was wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What came.
    pub came: String,
    /// What should have come.
    pub expected: String,
    /// What most likely stands behind it, and the way out.
    pub cause: Cause,
    /// The beginning and the end of the error output of the adapter.
    pub stderr: Option<String>,
}

/// Why a check could not be made to its end.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The corpus is broken.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A file could not be laid out.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// An adapter that was started and said its hello.
pub struct Check {
    command: Vec<OsString>,
    limits: Limits,
    process: Arc<Mutex<Process>>,
    who: Description,
}

impl Check {
    /// Starts an adapter and hears its hello.
    ///
    /// # Errors
    ///
    /// It cannot be started, or its first line is no hello; [`of_start`] has the way out.
    pub fn start(command: Vec<OsString>, limits: Limits) -> Result<Self, StartError> {
        let process = Process::start(command.clone(), limits)?;
        let who = process.describe();
        Ok(Self { command, limits, process: Arc::new(Mutex::new(process)), who })
    }

    /// What the adapter says of itself.
    #[must_use]
    pub const fn who(&self) -> &Description {
        &self.who
    }

    /// Makes every check, whatever came of those before it, and tells of each as it is done.
    ///
    /// # Errors
    ///
    /// A file cannot be laid out. What the adapter does is never an error.
    pub fn make(&self, tell: &mut (dyn FnMut(Told) + Send)) -> Result<(), CheckError> {
        let questions = questions::of(&self.who)?;
        if questions.is_empty() {
            tell(nothing_offered());
        }
        let one_by_one = OneByOne(Arc::clone(&self.process));
        let mut teller = Teller { questions: &questions, who: &self.who, tell: &mut *tell };
        let alone = self.ask(Box::new(one_by_one), &questions, &mut teller)?;
        for operation in Operation::ALL {
            if !self.who.offers(*operation) {
                let why = format!("`operations` of its hello does not have `{operation}`");
                tell(Told { what: operation.to_string(), outcome: Outcome::NotTried { why } });
            }
        }
        let closing = locked(&self.process).close();
        let ending = ending(&closing);
        tell(Told {
            what: format!("{} of these questions, all in the pipe at once", questions.len()),
            outcome: self.all_at_once(&questions, &alone, &ending)?,
        });
        tell(Told { what: "its end, when its input ends".to_owned(), outcome: ending });
        Ok(())
    }

    fn ask(
        &self,
        process: Box<dyn Implementation + Send>,
        questions: &[Question],
        sink: &mut dyn Sink,
    ) -> Result<Vec<Row>, RunError> {
        let version = Version::LATEST;
        let how = How { who: &self.who, version, canonical: false, fail_fast: false };
        runner::run(vec![process], questions, Vec::new(), how, sink)
    }

    /// The same questions of a new process, as a run asks them: many before the first is answered.
    fn all_at_once(
        &self,
        questions: &[Question],
        alone: &[Row],
        ending: &Outcome,
    ) -> Result<Outcome, CheckError> {
        let not_tried = |why: &str| Outcome::NotTried { why: why.to_owned() };
        if questions.len() < 2 {
            return Ok(not_tried("there are no two questions"));
        }
        if alone.iter().filter(|row| is_wrong(row.verdict)).count() * 2 > alone.len() {
            return Ok(not_tried("most questions are answered wrongly already one at a time"));
        }
        if alone.iter().any(|row| row.verdict == Verdict::Hang) {
            return Ok(not_tried("it hangs already when it is asked one question at a time"));
        }
        let limits = Limits { ahead: questions.len(), ..self.limits };
        let process = match Process::start(self.command.clone(), limits) {
            Ok(process) => AllAtOnce(process),
            Err(error) => return Ok(not_tried(&format!("it cannot be started again: {error}"))),
        };
        let rows = self.ask(Box::new(process), questions, &mut Silent)?;
        let ends_badly = matches!(ending, Outcome::Wrong(_));
        let differing = rows.iter().zip(alone).find(|(row, alone)| {
            let is_the_end = matches!(
                row.observed,
                Observation::Crashed { death: Death::AfterReply { .. }, .. }
            );
            !is_wrong(alone.verdict) && is_wrong(row.verdict) && !(ends_badly && is_the_end)
        });
        Ok(match differing {
            None => Outcome::Ok { remark: None },
            Some((row, _)) => Outcome::Wrong(Box::new(Wrong {
                came: format!("{}: {}", questions::title(row), row.observed),
                expected: "what it answers when it is asked one question at a time".to_owned(),
                cause: cause::of_many_at_once(),
                stderr: row.observed.stderr().map(str::to_owned),
            })),
        })
    }
}

/// Whether a verdict says that the adapter, or what stands behind it, got an easy question wrong. To
/// accept what is invalid is left to a run: the adapter has told it rightly.
fn is_wrong(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Misread
        | Verdict::Crash
        | Verdict::Memory
        | Verdict::Hang
        | Verdict::RefusedValid
        | Verdict::Garbled => true,
        Verdict::AcceptedInvalid
        | Verdict::Lenient
        | Verdict::Limited
        | Verdict::Unsupported
        | Verdict::Conforms => false,
    }
}

fn nothing_offered() -> Told {
    let wrong = Wrong {
        came: "`operations` is empty".to_owned(),
        expected: "at least one operation, such as `read`".to_owned(),
        cause: cause::of_no_operation(),
        stderr: None,
    };
    Told { what: "what it offers".to_owned(), outcome: Outcome::Wrong(Box::new(wrong)) }
}

fn ending(closing: &Closing) -> Outcome {
    let (came, stderr) = match closing {
        Closing::Well => return Outcome::Ok { remark: None },
        Closing::LivesOn { after_ms } => (format!("it lives on after {after_ms} ms"), None),
        Closing::Badly(observed) => (observed.to_string(), observed.stderr().map(str::to_owned)),
        Closing::NoRestart(why) => (format!("it could not be started again: {why}"), None),
    };
    Outcome::Wrong(Box::new(Wrong {
        came,
        expected: "an end with exit code 0, and not a line more".to_owned(),
        cause: cause::of_ending(closing),
        stderr,
    }))
}

/// Puts one question after the other, and listens after each answer for what nobody asked for.
struct OneByOne(Arc<Mutex<Process>>);

impl Implementation for OneByOne {
    fn describe(&self) -> Description {
        locked(&self.0).describe()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let mut process = locked(&self.0);
        let observed = process.ask(request);
        if observed.is_fault() {
            return observed;
        }
        process.listen(LISTEN).unwrap_or(observed)
    }
}

/// Puts every question before it looks for an answer.
struct AllAtOnce(Process);

impl Implementation for AllAtOnce {
    fn describe(&self) -> Description {
        self.0.describe()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        self.0.ask(request)
    }

    fn ask_all(&mut self, feed: &mut dyn Feed) {
        // Their files are laid out first, so that the requests follow each other closely.
        let waiting = std::iter::from_fn(|| feed.next()).collect();
        self.0.ask_all(&mut Gathered { feed, waiting });
    }

    fn given_up(&self) -> Option<String> {
        self.0.given_up()
    }
}

/// Questions that wait, before those that their answers bring about.
struct Gathered<'a> {
    feed: &'a mut dyn Feed,
    waiting: VecDeque<Request>,
}

impl Feed for Gathered<'_> {
    fn next(&mut self) -> Option<Request> {
        self.waiting.pop_front().or_else(|| self.feed.next())
    }

    fn again(&mut self, seq: u64) -> Option<Request> {
        self.feed.again(seq)
    }

    fn told(&mut self, seq: u64, answer: Answer) {
        self.feed.told(seq, answer);
    }
}

fn locked(process: &Mutex<Process>) -> MutexGuard<'_, Process> {
    process.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes nothing in; the rows come back in the end.
struct Silent;

impl Sink for Silent {
    fn take(&mut self, _: &Row) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }

    fn is_known(&self, _: &Row) -> bool {
        false
    }
}

/// Tells of each row as it comes.
struct Teller<'a> {
    questions: &'a [Question],
    who: &'a Description,
    tell: &'a mut (dyn FnMut(Told) + Send),
}

impl Sink for Teller<'_> {
    fn take(&mut self, row: &Row) -> Result<(), Box<dyn Error + Send + Sync>> {
        let is_it = |question: &&Question| {
            *question.subject.id() == row.vector
                && question.operation == row.operation
                && question.access == row.access
                && question.case() == row.case
        };
        if let Some(question) = self.questions.iter().find(is_it) {
            let outcome = outcome(question, self.who, row);
            (self.tell)(Told { what: questions::title(row), outcome });
        }
        Ok(())
    }

    fn is_known(&self, _: &Row) -> bool {
        false
    }
}

fn outcome(question: &Question, who: &Description, row: &Row) -> Outcome {
    if !is_wrong(row.verdict) {
        return Outcome::Ok { remark: remark(row) };
    }
    let came = match &row.detail {
        Some(detail) => format!("{}; {detail}", row.observed),
        None => row.observed.to_string(),
    };
    Outcome::Wrong(Box::new(Wrong {
        came,
        expected: expected(question),
        cause: cause::of(question, who, &row.observed, row.detail.as_ref()),
        stderr: row.observed.stderr().map(str::to_owned),
    }))
}

fn remark(row: &Row) -> Option<String> {
    match row.verdict {
        Verdict::AcceptedInvalid => Some(
            "accepted, though it is invalid: that is for the implementation to mend, and a run shows it"
                .to_owned(),
        ),
        Verdict::Lenient | Verdict::Limited | Verdict::Unsupported => {
            let detail = row.detail.as_ref().map(Detail::to_string).unwrap_or_default();
            Some(format!("{}: {detail}", row.verdict))
        }
        Verdict::Misread
        | Verdict::Crash
        | Verdict::Memory
        | Verdict::Hang
        | Verdict::RefusedValid
        | Verdict::Garbled
        | Verdict::Conforms => None,
    }
}

/// What was to come, as the line of a reply where there is only one.
fn expected(question: &Question) -> String {
    match (&question.expectation, question.operation) {
        (Expectation::Reject(rule, ..), _) => format!(
            "{{\"seq\":N,\"refused\":\"…\"}} with the message of the implementation, since {rule} is broken"
        ),
        (Expectation::Accept(want) | Expectation::Optional(want, _), operation) => {
            match operation {
                Operation::Write | Operation::Rewrite => {
                    let there = reading_in_short(&want.reading);
                    format!("{{\"seq\":N,\"accepted\":{{}}}}, and a valid file there with {there}")
                }
                Operation::Read | Operation::Header | Operation::Slice | Operation::ReadIndex => {
                    let reading = if operation == Operation::Header {
                        want.reading.without_data()
                    } else {
                        want.reading.clone().into_owned()
                    };
                    let line = reply_line(0, operation, &Observation::Accepted(reading));
                    let line = line.unwrap_or_default().replace("\"seq\":0", "\"seq\":N");
                    shown(line.as_bytes(), SHOWN)
                }
            }
        }
    }
}
