//! One of the hands of a run: takes questions, lays out their files, and takes the answers in. What
//! was written is looked at here, written once more, and read back.

use super::Shared;
use crate::implementation::{Answer, Ask, Feed, Request};
use crate::plan::{Question, Subject, write};
use crate::stage::{Stage, Staged};
use corpus::Reading;
use reports::{Found, Observation, Operation, Written};
use rustix::fs::OFlags;
use spec::{Examination, Leniencies, Version};
use std::collections::{BTreeMap, VecDeque};
use std::fs::OpenOptions;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

pub(super) struct Hand<'s, 'a> {
    shared: &'s Shared<'a>,
    stage: Stage,
    seq: u64,
    under_way: BTreeMap<u64, Step>,
    /// Steps of questions that are begun; they come before new questions.
    follow_ups: VecDeque<Step>,
    /// The question of each request that was answered, by its number.
    told: BTreeMap<u64, usize>,
}

/// One request of a question.
struct Step {
    /// The place of the question.
    place: usize,
    kind: Kind,
    /// What has to lie there until the step is done.
    files: Vec<Staged>,
}

enum Kind {
    /// The question is asked with this one request.
    Only,
    /// A file is to be written; then it is written once more, and read back.
    First,
    /// The same file is to be written once more.
    Again(Box<Written>),
    /// The file that was written is to be read.
    Back(Box<Written>),
}

impl<'s, 'a> Hand<'s, 'a> {
    pub(super) const fn new(shared: &'s Shared<'a>, stage: Stage) -> Self {
        Self {
            shared,
            stage,
            seq: 0,
            under_way: BTreeMap::new(),
            follow_ups: VecDeque::new(),
            told: BTreeMap::new(),
        }
    }

    /// The place of the question that was asked last.
    pub(super) fn last(&self) -> Option<usize> {
        self.told.last_key_value().map(|(_, place)| *place)
    }

    fn question(&self, place: usize) -> Option<&'a Question> {
        self.shared.questions.get(place)
    }

    /// The first step of a question, with its files laid out.
    fn begin(&mut self, seq: u64, place: usize) -> Option<(Step, Request)> {
        let question = self.question(place)?;
        let staged = match question.subject {
            Subject::Vector(vector) => match self.stage.put(seq, vector) {
                Ok(staged) => staged,
                Err(error) => {
                    self.shared.fail(error.into());
                    return None;
                }
            },
            Subject::Task(_) => self.stage.place(seq),
        };
        let path = staged.path().to_owned();
        let mut files = vec![staged];
        let (kind, ask) = match (question.operation, question.subject) {
            (Operation::Write, Subject::Task(task)) => (Kind::First, write(task)),
            (Operation::Rewrite, _) => {
                let place = self.stage.place(seq);
                let to = place.path().to_owned();
                files.push(place);
                (Kind::Only, Ask::Rewrite { to })
            }
            (Operation::Slice, _) => {
                let slice = question.slice.clone()?;
                (Kind::Only, Ask::Slice { tensor: slice.tensor, spans: slice.spans })
            }
            (Operation::Header, _) => (Kind::Only, Ask::Header),
            (Operation::ReadIndex, _) => (Kind::Only, Ask::ReadIndex),
            (Operation::Read | Operation::Write, _) => (Kind::Only, Ask::Read),
        };
        let request = Request { seq, path, access: question.access, ask };
        Some((Step { place, kind, files }, request))
    }

    /// The request of a follow-up.
    fn follow_up(&mut self, seq: u64, step: &mut Step) -> Option<Request> {
        let question = self.question(step.place)?;
        let access = self.shared.how.who.access.first().copied();
        match (&step.kind, question.subject) {
            (Kind::Again(_), Subject::Task(task)) => {
                let place = self.stage.place(seq);
                let path = place.path().to_owned();
                step.files.push(place);
                Some(Request { seq, path, access: None, ask: write(task) })
            }
            (Kind::Back(_), _) => {
                let path = step.files.first()?.path().to_owned();
                Some(Request { seq, path, access, ask: Ask::Read })
            }
            (Kind::Only | Kind::First | Kind::Again(_), _) => None,
        }
    }

    fn done(&self, place: usize, observed: Observation, answer: Answer) {
        self.shared.take(place, Answer { observed, ..answer });
    }

    /// The file was written; what comes next, or what the question comes to.
    fn written(&mut self, step: Step, answer: Answer) {
        let Step { place, kind, files } = step;
        let accepted = answer.observed == Observation::AcceptedUnseen;
        let version = self.shared.how.version;
        let first = files.first().map(Staged::path);
        match kind {
            Kind::Only => {
                let is_rewrite = self.question(place).map(|q| q.operation);
                let observed = match (is_rewrite, files.get(1)) {
                    (Some(Operation::Rewrite), Some(to)) if accepted => {
                        Observation::Wrote(examined(to.path(), version))
                    }
                    (_, _) => answer.observed.clone(),
                };
                self.done(place, observed, answer);
            }
            Kind::First if accepted => {
                let written = first.map(|path| examined(path, version));
                let Some(written) = written else { return };
                match written.found {
                    Found::Valid(_) => {
                        let kind = Kind::Again(Box::new(written));
                        self.follow_ups.push_back(Step { place, kind, files });
                    }
                    Found::Invalid(_) | Found::Nothing => {
                        self.done(place, Observation::Wrote(written), answer);
                    }
                }
            }
            Kind::First => self.done(place, answer.observed.clone(), answer),
            Kind::Again(_) | Kind::Back(_) if answer.observed.is_fault() => {
                self.done(place, answer.observed.clone(), answer);
            }
            // The same, written again, has to come out as well.
            Kind::Again(_) if !accepted => self.done(place, answer.observed.clone(), answer),
            Kind::Again(mut written) => {
                let bytes = |file: Option<&Staged>| regular(file?.path()).ok();
                let same = bytes(files.first()) == bytes(files.get(1));
                if let (false, Some(second)) = (same, files.get(1)) {
                    let second = examined(second.path(), version);
                    if !matches!(second.found, Found::Valid(_)) {
                        return self.done(place, Observation::Wrote(second), answer);
                    }
                }
                written.same_again = Some(same);
                if self.shared.how.who.offers(Operation::Read) {
                    self.follow_ups.push_back(Step { place, kind: Kind::Back(written), files });
                } else {
                    self.done(place, Observation::Wrote(*written), answer);
                }
            }
            Kind::Back(mut written) => {
                written.read_back = Some(Box::new(answer.observed.clone().bounded()));
                self.done(place, Observation::Wrote(*written), answer);
            }
        }
    }
}

impl Feed for Hand<'_, '_> {
    fn next(&mut self) -> Option<Request> {
        let seq = self.seq.saturating_add(1);
        let (step, request) = match self.follow_ups.pop_front() {
            Some(mut step) => {
                let request = self.follow_up(seq, &mut step)?;
                (step, request)
            }
            None => {
                let place = self.shared.next()?;
                self.begin(seq, place)?
            }
        };
        self.seq = seq;
        self.under_way.insert(seq, step);
        Some(request)
    }

    /// Only of questions that are asked with one request: of others, the files are gone.
    fn again(&mut self, seq: u64) -> Option<Request> {
        let place = *self.told.get(&seq)?;
        if self.question(place)?.operation == Operation::Write {
            return None;
        }
        let (step, request) = self.begin(seq, place)?;
        self.under_way.insert(seq, step);
        Some(request)
    }

    fn told(&mut self, seq: u64, answer: Answer) {
        match (self.under_way.remove(&seq), self.told.get(&seq)) {
            (Some(step), _) => {
                self.told.insert(seq, step.place);
                self.written(step, answer);
            }
            // A fault that came late takes the place of the answer before it.
            (None, Some(place)) => self.done(*place, answer.observed.clone(), answer),
            (None, None) => {}
        }
    }
}

/// What is in a file that was written.
fn examined(path: &Path, version: Version) -> Written {
    let of = |found| Written { found, read_back: None, canonical: false, same_again: None };
    let bytes = match regular(path) {
        Ok(bytes) => bytes,
        Err(None) => return of(Found::Nothing),
        Err(Some(what)) => return of(Found::Invalid(what)),
    };
    match spec::examine(spec::File::whole(&bytes), version, &Leniencies::none()) {
        Examination::Accepted { reading, .. } => Written {
            canonical: spec::is_canonical(&bytes, version),
            ..of(Found::Valid(Reading::of_file(&reading, &bytes)))
        },
        Examination::Refused { violations, .. } => {
            of(Found::Invalid(violations.first().map(ToString::to_string).unwrap_or_default()))
        }
    }
}

/// The longest file that is looked at, in bytes; what is handed over to be written is far shorter.
const MOST: u64 = 1 << 30;

/// The bytes of a file that an implementation wrote; nothing if none is there, and what it is if it is
/// no regular file, which could be read for ever.
fn regular(path: &Path) -> Result<Vec<u8>, Option<String>> {
    let kind = std::fs::symlink_metadata(path).map_err(|_| None)?.file_type();
    if !kind.is_file() {
        return Err(Some("what it wrote is no regular file".to_owned()));
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(|_| None)?;
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(|_| None)?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len > MOST) {
        return Err(Some(format!("what it wrote is longer than {MOST} bytes")));
    }
    Ok(bytes)
}
