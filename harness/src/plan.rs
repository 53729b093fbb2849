//! The questions of a run: which operation on which vector, and what is expected of it. In their
//! order, and the same for every run with the same selection.
//!
//! Nothing is asked here, and nothing is judged.

use crate::implementation::Ask;
use crate::protocol::request_line;
use crate::select::Criteria;
use crate::slices::slices;
use crate::{Request, select};
use corpus::{Digest, Payloads, Reading, Task, TaskOutcome, Tier, Vector, VectorId};
use reports::record::title;
use reports::{Access, Description, Detail, Expected, Operation};
use spec::{Leniency, RuleId, Span, Version};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::LazyLock;

/// One question, with what is expected.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked about.
    pub subject: Subject,
    /// What is asked for.
    pub operation: Operation,
    /// The way of access, where the implementation names ways.
    pub access: Option<Access>,
    /// The part of a tensor, of [`Operation::Slice`] alone.
    pub slice: Option<Slice>,
    /// What is expected.
    pub expectation: Expectation,
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A file, or a sharded model.
    Vector(&'static Vector),
    /// A model to be written.
    Task(&'static Task),
}

/// A part of one tensor.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The name of the tensor.
    pub tensor: String,
    /// The indices of each axis.
    pub spans: Vec<Span>,
}

/// What is expected of an answer.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// It is valid, and this is what is to be read, or to be in the file.
    Accept(Wanted),
    /// It is valid, and may be left aside for this reason; where it is accepted, this is what is to
    /// be read.
    Optional(Wanted, Detail),
    /// It breaks this rule; under the leniencies, all of the first and one of the second, these are
    /// the readings.
    Reject(RuleId, &'static [Leniency], &'static [(Leniency, Reading)], &'static Payloads),
}

/// A reading, and the bytes in it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The reading.
    pub reading: Cow<'static, Reading>,
    /// The bytes of its tensors, where they are known.
    pub payloads: Cow<'static, Payloads>,
}

impl Subject {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> &'static VectorId {
        match self {
            Self::Vector(vector) => &vector.id,
            Self::Task(task) => &task.id,
        }
    }

    /// The rules that it is about, the deciding one first.
    #[must_use]
    pub fn rules(&self) -> &'static [RuleId] {
        match self {
            Self::Vector(vector) => &vector.rules,
            Self::Task(task) => &task.rules,
        }
    }

    /// The valid one that differs in the one fault.
    #[must_use]
    pub const fn twin(&self) -> Option<&'static VectorId> {
        match self {
            Self::Vector(vector) => vector.twin.as_ref(),
            Self::Task(task) => task.twin.as_ref(),
        }
    }

    /// The digest of the file, of the files of the model, or of what is to be written.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Vector(vector) => vector.content.digest(),
            Self::Task(task) => {
                let ask = write(task);
                let request = Request { seq: 0, path: PathBuf::new(), access: None, ask };
                Digest::of(request_line(&request).unwrap_or_default().as_bytes())
            }
        }
    }

    const fn tier(&self) -> Tier {
        match self {
            Self::Vector(vector) => vector.tier,
            Self::Task(_) => Tier::Stored,
        }
    }
}

impl Question {
    /// The part of the vector that is asked about, in words.
    #[must_use]
    pub fn case(&self) -> Option<String> {
        self.slice.as_ref().map(|slice| {
            let span = |span: &Span| match span.step {
                1 => format!("{}:{}", span.start, span.stop),
                step => format!("{}:{}:{step}", span.start, span.stop),
            };
            let spans: Vec<String> = slice.spans.iter().take(SPANS).map(span).collect();
            let more = if slice.spans.len() > SPANS { ", …" } else { "" };
            format!("{:?}[{}{more}]", slice.tensor, spans.join(", "))
        })
    }

    /// The question in words, as a row of a record has it.
    #[must_use]
    pub fn title(&self) -> String {
        title(self.subject.id(), self.operation, self.case().as_deref(), self.access)
    }

    /// The rules that the question is about, the deciding one first: of a slice and of a file that
    /// is written again, those of slices and writers, and not what is special about the vector.
    #[must_use]
    pub fn rules(&self) -> Vec<RuleId> {
        match self.operation {
            Operation::Slice => vec![RuleId::Val1],
            Operation::Rewrite => vec![RuleId::Wr1],
            Operation::Read | Operation::Header | Operation::Write | Operation::ReadIndex => {
                self.subject.rules().to_vec()
            }
        }
    }

    /// What is expected, in short.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        match self.expectation {
            Expectation::Accept(_) => Expected::Accept,
            Expectation::Optional(..) => Expected::Optional,
            Expectation::Reject(rule, ..) => Expected::Reject(rule),
        }
    }

    /// What questions are sorted by; no two have the same.
    #[must_use]
    pub fn key(&self) -> (&'static VectorId, Operation, Option<String>, Option<Access>) {
        (self.subject.id(), self.operation, self.case(), self.access)
    }
}

/// How many axes of a slice are told; one with more of them is whole.
const SPANS: usize = 16;

/// What a task asks for.
pub(crate) fn write(task: &Task) -> Ask {
    Ask::Write { tensors: task.tensors.clone(), metadata: task.metadata.clone() }
}

/// A plan that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A pattern cannot be read.
    #[error(transparent)]
    Pattern(#[from] select::PatternError),
    /// A vector has no expectation, so there is nothing to judge by.
    #[error("the vector `{0}` states no expectation for this format version; the corpus is broken")]
    NoExpectation(VectorId),
}

/// The questions that were asked for, of what an implementation offers, in their order.
///
/// # Errors
///
/// A pattern cannot be read, or the corpus is broken.
pub fn plan(
    criteria: &Criteria,
    who: &Description,
    version: Version,
) -> Result<Vec<Question>, PlanError> {
    let mut questions = Vec::new();
    let patterns = criteria.patterns()?;
    let selected = subjects().filter(|subject| criteria.selects(&patterns, subject)).collect();
    for subject in select::part(criteria.shard, selected) {
        for operation in who.operations.iter().copied() {
            if criteria.has_operation(operation) {
                ask(&mut questions, subject, operation, &who.access, version)?;
            }
        }
    }
    questions.sort_by_cached_key(Question::key);
    Ok(questions)
}

/// Whether anything was asked for, whatever is offered.
///
/// # Errors
///
/// A pattern cannot be read.
pub fn is_idle(criteria: &Criteria) -> Result<bool, PlanError> {
    let patterns = criteria.patterns()?;
    Ok(!subjects().any(|subject| criteria.selects(&patterns, &subject)))
}

/// Every question that there is for an implementation that offers everything, in these ways.
///
/// # Errors
///
/// The corpus is broken.
pub fn all(who: &Description, version: Version) -> Result<Vec<Question>, PlanError> {
    let everything = Criteria { tiers: select::Tiers::All, ..Criteria::default() };
    let all = Description { operations: Operation::ALL.to_vec(), ..who.clone() };
    plan(&everything, &all, version)
}

/// Everything that can be asked about: the vectors, and the tasks of writers.
pub(crate) fn subjects() -> impl Iterator<Item = Subject> {
    let vectors = corpus::vectors().iter().map(Subject::Vector);
    vectors.chain(corpus::tasks().iter().map(Subject::Task))
}

fn ask(
    questions: &mut Vec<Question>,
    subject: Subject,
    operation: Operation,
    access: &[Access],
    version: Version,
) -> Result<(), PlanError> {
    let one =
        |access, expectation| Question { subject, operation, access, slice: None, expectation };
    match (subject, operation) {
        (Subject::Task(task), Operation::Write) => {
            // A dtype that came later cannot be asked for.
            if task.outcome.reading().is_some_and(|reading| !reading.fits(version)) {
                return Ok(());
            }
            let wanted = |reading| Wanted {
                reading: Cow::Borrowed(reading),
                payloads: Cow::Borrowed(&NO_PAYLOADS),
            };
            let expectation = match &task.outcome {
                TaskOutcome::Write(reading) => Expectation::Accept(wanted(reading)),
                TaskOutcome::WriteOrRefuse(reading, rule) => {
                    let why = Detail::MayRefuse(rule.to_string());
                    Expectation::Optional(wanted(reading), why)
                }
                TaskOutcome::Refuse(rule) => Expectation::Reject(*rule, &[], &[], &NO_PAYLOADS),
            };
            questions.push(one(None, expectation));
        }
        (Subject::Task(_), _) | (Subject::Vector(_), Operation::Write) => {}
        (Subject::Vector(vector), _) => {
            let is_model = !vector.operation().is_read();
            if is_model != (operation == Operation::ReadIndex) {
                return Ok(());
            }
            let expectation = expectation(vector, version)?;
            match (operation, &expectation) {
                (Operation::Read | Operation::Header, _) => {
                    for access in ways(access) {
                        questions.push(one(access, expectation.clone()));
                    }
                }
                (Operation::Slice, Expectation::Accept(_)) => {
                    for (slice, expectation) in slices(vector) {
                        for access in ways(access) {
                            let slice = Some(slice.clone());
                            questions.push(Question { slice, ..one(access, expectation.clone()) });
                        }
                    }
                }
                (Operation::Rewrite, Expectation::Accept(wanted)) if is_whole(wanted) => {
                    questions.push(one(None, expectation));
                }
                (Operation::ReadIndex, _) => questions.push(one(None, expectation)),
                (Operation::Slice | Operation::Rewrite | Operation::Write, _) => {}
            }
        }
    }
    Ok(())
}

/// What a run expects of a vector.
pub(crate) fn expectation(
    vector: &'static Vector,
    version: Version,
) -> Result<Expectation, PlanError> {
    let stated = vector.expectation(version);
    let stated = stated.ok_or_else(|| PlanError::NoExpectation(vector.id.clone()))?;
    Ok(match stated {
        corpus::Expectation::Accept(reading) => Expectation::Accept(Wanted {
            reading: Cow::Borrowed(reading),
            payloads: Cow::Borrowed(&vector.payloads),
        }),
        corpus::Expectation::Reject(rule, lenient) => {
            Expectation::Reject(rule, &vector.also_needs, lenient, &vector.payloads)
        }
    })
}

/// Whether the bytes of every tensor are known, so that what was written can be compared.
fn is_whole(wanted: &Wanted) -> bool {
    wanted.reading.bulk().is_none()
        && wanted.reading.tensors().iter().all(|tensor| wanted.payloads.bytes(tensor).is_some())
}

/// Each way by its name, or the one that has none.
fn ways(access: &[Access]) -> Vec<Option<Access>> {
    if access.is_empty() { vec![None] } else { access.iter().copied().map(Some).collect() }
}

static NO_PAYLOADS: LazyLock<Payloads> = LazyLock::new(Payloads::default);

impl Criteria {
    /// Whether a subject was asked for.
    fn selects(&self, patterns: &globset::GlobSet, subject: &Subject) -> bool {
        let id = subject.id();
        let consequence = match subject {
            Subject::Vector(vector) => vector.consequence,
            Subject::Task(_) => None,
        };
        (self.filters.is_empty() || patterns.is_match(id.as_str()))
            && (self.areas.is_empty() || self.areas.iter().any(|area| area == id.area()))
            && (self.rules.is_empty()
                || self.rules.iter().any(|rule| subject.rules().contains(rule)))
            && (self.consequences.is_empty()
                || consequence.is_some_and(|found| self.consequences.contains(&found)))
            && self.tiers.has(subject.tier())
    }

    fn has_operation(&self, operation: Operation) -> bool {
        self.operations.is_empty() || self.operations.contains(&operation)
    }
}
