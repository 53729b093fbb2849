//! The questions of a suite, who answers them, and what came of them.

use super::outcome::Outcome;
use crate::builtin::InProcess;
use crate::implementation::{Implementation, Request};
use crate::known::KnownFailures;
use crate::plan::Question;
use crate::runner::{self, How, RunError, Sink};
use corpus::Digest;
use reports::{Death, Description, Observation, Row};
use spec::Version;
use std::error::Error;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The greatest length of the name of a test, in characters.
const LONGEST: usize = 120;
/// How much is kept of a name that is longer; the rest of it is a digest.
const KEPT: usize = 106;

/// The questions of a suite, and all that it takes to ask and to judge them.
pub(super) struct Asked {
    pub(super) pool: Pool,
    pub(super) who: Description,
    pub(super) questions: Vec<Question>,
    pub(super) known: KnownFailures,
    pub(super) version: Version,
    pub(super) canonical: bool,
}

/// Questions that differ in the way of access alone. They are asked together, so that it is seen
/// where the ways disagree.
pub(super) struct Group {
    questions: Vec<Question>,
    rows: OnceLock<Result<Vec<Row>, String>>,
}

impl Asked {
    /// What came of every question, by its name, in their order.
    pub(super) fn all(&self, jobs: usize) -> Result<Vec<(String, Outcome)>, String> {
        let rows = self.ask(&self.questions, jobs).map_err(|error| error.to_string())?;
        let outcomes = self.questions.iter().zip(rows);
        Ok(outcomes.map(|(question, row)| (name(question), self.outcome(question, row))).collect())
    }

    /// The questions, in groups.
    pub(super) fn groups(&self) -> Vec<Arc<Group>> {
        let key =
            |question: &Question| (question.subject.id(), question.operation, question.case());
        let groups = self.questions.chunk_by(|one, other| key(one) == key(other));
        let of =
            |questions: &[Question]| Group { questions: questions.to_vec(), rows: OnceLock::new() };
        groups.map(|questions| Arc::new(of(questions))).collect()
    }

    /// What came of one question of a group; the first that is wanted has all of them asked.
    pub(super) fn one(&self, group: &Group, place: usize) -> Result<Outcome, String> {
        let ask = || self.ask(&group.questions, 1).map_err(|error| error.to_string());
        let rows = group.rows.get_or_init(ask).as_ref().map_err(Clone::clone)?;
        let found = group.questions.get(place).zip(rows.get(place));
        let found = found.map(|(question, row)| self.outcome(question, row.clone()));
        found.ok_or_else(|| "the question was not asked".to_owned())
    }

    fn ask(&self, questions: &[Question], jobs: usize) -> Result<Vec<Row>, RunError> {
        let how = How {
            who: &self.who,
            version: self.version,
            canonical: self.canonical,
            fail_fast: false,
        };
        let lend = |_| -> Box<dyn Implementation + Send> { Box::new(self.pool.lend()) };
        let lent = (0..jobs.min(questions.len())).map(lend).collect();
        runner::run(lent, questions, Vec::new(), how, &mut Nowhere)
    }

    fn outcome(&self, question: &Question, row: Row) -> Outcome {
        Outcome::of(question, row, &self.who, &self.known)
    }
}

impl Group {
    /// How many questions there are.
    pub(super) const fn len(&self) -> usize {
        self.questions.len()
    }

    /// The name of a question.
    pub(super) fn name(&self, place: usize) -> Option<String> {
        self.questions.get(place).map(name)
    }
}

/// The name of a question as a test. Names of tensors can be long and axes many, so that it is cut
/// where it has to be, and no two names are the same for that.
pub(super) fn name(question: &Question) -> String {
    let title = question.title();
    if title.chars().nth(LONGEST).is_none() {
        return title;
    }
    let digest = Digest::of(title.as_bytes()).to_string();
    let short = title.chars().take(KEPT).chain("… ".chars()).chain(digest.chars());
    short.take(LONGEST).collect()
}

/// All rows are looked at when they are there.
struct Nowhere;

impl Sink for Nowhere {
    fn take(&mut self, _: &Row) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }

    fn is_known(&self, _: &Row) -> bool {
        false
    }
}

/// Implementations that wait for a question. There are never more of them than threads that ask.
#[derive(Clone)]
pub(super) struct Pool(Arc<Waiting>);

struct Waiting {
    make: Box<dyn Fn() -> InProcess + Send + Sync>,
    idle: Mutex<Vec<InProcess>>,
}

/// An implementation that goes back where it came from.
struct Lent {
    pool: Pool,
    inside: Option<InProcess>,
}

impl Pool {
    pub(super) fn of<I: Implementation + Send + 'static>(
        make: impl Fn() -> I + Send + Sync + 'static,
    ) -> Self {
        let make = Box::new(move || InProcess(Box::new(make())));
        Self(Arc::new(Waiting { make, idle: Mutex::new(Vec::new()) }))
    }

    /// What the implementation says of itself.
    pub(super) fn describe(&self) -> Description {
        self.lend().describe()
    }

    fn lend(&self) -> Lent {
        let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lent { pool: self.clone(), inside: Some(idle.unwrap_or_else(|| (self.0.make)())) }
    }
}

impl Implementation for Lent {
    fn describe(&self) -> Description {
        match &self.inside {
            Some(inside) => inside.describe(),
            None => (self.pool.0.make)().describe(),
        }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let inside = self.inside.get_or_insert_with(|| (self.pool.0.make)());
        let observed = inside.ask(request);
        if let Observation::Crashed { death: Death::Panic { .. }, .. } = observed {
            // A panic may leave something half done behind, so the next question is for another.
            self.inside = None;
        }
        observed
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut idle = self.pool.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.inside.take());
    }
}
