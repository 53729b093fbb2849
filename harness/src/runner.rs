//! Asks one implementation the questions of a plan, many at a time, and makes the rows of the record.
//!
//! The runner hands out a number, an operation and a path, and nothing else; what is expected
//! meets what happened in the judge alone.

mod hand;

#[cfg(test)]
mod tests;

use crate::implementation::{Answer, Implementation};
use crate::judge::judge;
use crate::plan::Question;
use crate::stage::{Stage, StageError};
use corpus::{Digest, VectorId};
use hand::Hand;
use reports::{Access, Description, Expected, Operation, Row, Twin};
use spec::Version;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Why a run could not go on. What it had until then was handed out.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file could not be laid out.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The implementation died and does not come back.
    #[error("the run was given up at `{vector}`: {why}")]
    GivenUp {
        /// The vector that was asked about last.
        vector: VectorId,
        /// What came of the starts.
        why: String,
    },
    /// One more of the implementation could not be started.
    #[error("the implementation cannot be started once more: {0}")]
    Open(String),
    /// A row could not be handed on.
    #[error(transparent)]
    Sink(Box<dyn Error + Send + Sync>),
}

/// How a run is made.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    /// What the implementation declares, together with what was declared on its behalf.
    pub who: &'a Description,
    /// The format version to judge by.
    pub version: Version,
    /// Whether what it writes has to be in the canonical form.
    pub canonical: bool,
    /// Whether to stop at the first surprise that [`Sink::is_known`] does not know.
    pub fail_fast: bool,
}

/// What is done with rows as they come, in any order, from any thread.
pub trait Sink: Send {
    /// Takes a row. A later row of the same question takes the place of an earlier one.
    ///
    /// # Errors
    ///
    /// The row cannot be kept; the run ends with it.
    fn take(&mut self, row: &Row) -> Result<(), Box<dyn Error + Send + Sync>>;

    /// Whether a row that is not as expected is known to be so.
    fn is_known(&self, row: &Row) -> bool;
}

/// Asks the questions that are not answered by rows of an earlier run. The implementations share them.
///
/// The rows come back in the order of the questions, the earlier ones among them; where the run was
/// stopped, those that were not asked are left out.
///
/// # Errors
///
/// A file cannot be laid out, an implementation is gone for good, or the sink fails. What an
/// implementation does is never an error, but an observation.
pub fn run(
    implementations: Vec<Box<dyn Implementation + Send>>,
    questions: &[Question],
    earlier: Vec<Row>,
    how: How<'_>,
    sink: &mut dyn Sink,
) -> Result<Vec<Row>, RunError> {
    let shared = Shared::new(questions, earlier, how, sink);
    thread::scope(|scope| {
        for mut implementation in implementations {
            let shared = &shared;
            // A hand reports its own errors.
            scope.spawn(move || match Stage::new() {
                Ok(stage) => {
                    let mut hand = Hand::new(shared, stage);
                    implementation.ask_all(&mut hand);
                    if let Some(why) = implementation.given_up() {
                        shared.give_up(hand.last(), why);
                    }
                }
                Err(error) => shared.fail(error.into()),
            });
        }
    });
    shared.finish()
}

/// What the hands of a run share.
struct Shared<'a> {
    questions: &'a [Question],
    how: How<'a>,
    digests: BTreeMap<&'static VectorId, Digest>,
    is_stopped: AtomicBool,
    state: Mutex<State<'a>>,
}

struct State<'a> {
    next: usize,
    rows: Vec<Option<Row>>,
    failed: Option<RunError>,
    sink: &'a mut dyn Sink,
}

impl<'a> Shared<'a> {
    fn new(
        questions: &'a [Question],
        earlier: Vec<Row>,
        how: How<'a>,
        sink: &'a mut dyn Sink,
    ) -> Self {
        let mut digests = BTreeMap::new();
        for question in questions {
            let subject = question.subject;
            digests.entry(subject.id()).or_insert_with(|| subject.digest());
        }
        let mut earlier: BTreeMap<_, Row> =
            earlier.into_iter().map(|row| (owned_key(&row), row)).collect();
        let state = State { next: 0, rows: Vec::new(), failed: None, sink };
        let mut shared = Self {
            questions,
            how,
            digests,
            is_stopped: AtomicBool::new(false),
            state: Mutex::new(state),
        };
        // What came is kept; what it means is decided anew.
        let rows = questions.iter().map(|question| {
            let Row { observed, alone, .. } = earlier.remove(&question_key(question))?;
            Some(shared.row(question, Answer { observed, alone }))
        });
        let rows = rows.collect();
        shared.state.get_mut().unwrap_or_else(PoisonError::into_inner).rows = rows;
        shared
    }

    /// The place of the next question that has no row.
    fn next(&self) -> Option<usize> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return None;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.rows.get(state.next)?.is_some() {
            state.next += 1;
        }
        let place = state.next;
        state.next += 1;
        Some(place)
    }

    /// Judges an answer, and hands its row on.
    fn take(&self, place: usize, answer: Answer) {
        if self.is_stopped.load(Ordering::Relaxed) {
            // What was under way when the run was stopped is as if it had not been asked.
            return;
        }
        let Some(question) = self.questions.get(place) else { return };
        let row = self.row(question, answer);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_end = self.how.fail_fast && row.is_surprise() && !state.sink.is_known(&row);
        if let Err(error) = state.sink.take(&row) {
            state.failed.get_or_insert(RunError::Sink(error));
            self.is_stopped.store(true, Ordering::Relaxed);
        }
        if let Some(slot) = state.rows.get_mut(place) {
            *slot = Some(row);
        }
        if is_end {
            self.is_stopped.store(true, Ordering::Relaxed);
        }
    }

    fn row(&self, question: &Question, answer: Answer) -> Row {
        let observed = answer.observed.bounded();
        let judgement = judge(question, self.how.who, self.how.canonical, &observed);
        let subject = question.subject;
        Row {
            vector: subject.id().clone(),
            rules: question.rules(),
            operation: question.operation,
            case: question.case(),
            access: question.access,
            digest: self.digests.get(subject.id()).copied().unwrap_or_else(|| subject.digest()),
            expected: question.expected(),
            observed,
            verdict: judgement.verdict,
            detail: judgement.detail,
            twin: None,
            alone: answer.alone,
            disagrees: Vec::new(),
            known: None,
        }
    }

    fn give_up(&self, place: Option<usize>, why: String) {
        let question = place.and_then(|place| self.questions.get(place));
        if let Some(question) = question.or(self.questions.first()) {
            self.fail(RunError::GivenUp { vector: question.subject.id().clone(), why });
        }
    }

    fn fail(&self, error: RunError) {
        self.is_stopped.store(true, Ordering::Relaxed);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.failed.get_or_insert(error);
    }

    /// The rows, with what can be said only when all of them are there.
    fn finish(self) -> Result<Vec<Row>, RunError> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = state.failed {
            return Err(error);
        }
        let mut rows: Vec<Row> = state.rows.into_iter().flatten().collect();
        note_twins(&mut rows, self.how.version);
        note_disagreements(&mut rows);
        Ok(rows)
    }
}

/// What tells a question from all others.
type Key = (VectorId, Operation, Option<String>, Option<Access>);

fn owned_key(row: &Row) -> Key {
    (row.vector.clone(), row.operation, row.case.clone(), row.access)
}

fn question_key(question: &Question) -> Key {
    (question.subject.id().clone(), question.operation, question.case(), question.access)
}

/// Says on each rejecting row what became of the valid file that differs in the one fault, asked
/// about in the same way.
///
/// A file that this format version rejects too has the fault or another one, and proves nothing.
fn note_twins(rows: &mut [Row], version: Version) {
    let accepted: BTreeMap<Key, bool> =
        rows.iter().map(|row| (owned_key(row), row.observed.is_accepted())).collect();
    for row in rows {
        let twin = match row.expected {
            Expected::Reject(_) => valid_twin(&row.vector, version),
            Expected::Accept | Expected::Optional => None,
        };
        row.twin = twin.map(|twin| {
            let key = (twin.clone(), row.operation, row.case.clone(), row.access);
            match accepted.get(&key) {
                Some(true) => Twin::Accepted,
                Some(false) => Twin::NotAccepted,
                None => Twin::NotRun,
            }
        });
    }
}

/// The twin of a vector or a task, if this format version accepts it.
fn valid_twin(id: &VectorId, version: Version) -> Option<&'static VectorId> {
    if let Some(vector) = corpus::find(id) {
        let twin = corpus::find(vector.twin.as_ref()?)?;
        let is_valid = twin.outcome(version) == Some(&corpus::Outcome::Accept);
        return is_valid.then_some(&twin.id);
    }
    let task = |id: &VectorId| corpus::tasks().iter().find(|task| task.id == *id);
    let twin = task(task(id)?.twin.as_ref()?)?;
    twin.outcome.reading().is_some_and(|reading| reading.fits(version)).then_some(&twin.id)
}

/// Says on each row which other ways of access came to something else: another verdict, or another
/// reading.
fn note_disagreements(rows: &mut [Row]) {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate().filter(|(_, row)| row.access.is_some()) {
        let key = (row.vector.clone(), row.operation, row.case.clone());
        groups.entry(key).or_default().push(place);
    }
    for places in groups.into_values() {
        for place in &places {
            let others = places.iter().filter_map(|other| {
                let (row, other) = (rows.get(*place)?, rows.get(*other)?);
                differs(row, other).then_some(other.access).flatten()
            });
            let others: Vec<Access> = others.collect();
            if let Some(row) = rows.get_mut(*place) {
                row.disagrees = others;
            }
        }
    }
}

fn differs(one: &Row, other: &Row) -> bool {
    use reports::Observation as O;
    let read_alike = match (&one.observed, &other.observed) {
        (O::Accepted(a), O::Accepted(b)) => a == b,
        (a, b) => a.is_accepted() == b.is_accepted(),
    };
    one.verdict != other.verdict || !read_alike
}
