//! A program that speaks the protocol, as an implementation.
//!
//! Each way in which it can fail is told apart: death by a signal, an exit code, an end without an
//! answer, a hang, too much memory, noise, half a line, a line without end, the answer to another
//! question. After any of them the whole process group is killed, the question is asked once more of a process that is
//! asked nothing else, and the next question goes to a new one. What the answers mean is not decided here.

mod death;
mod exit_code;
mod live;
mod memory;
mod pipes;
mod start_error;

pub use exit_code::ExitCodes;
pub use start_error::StartError;

use crate::implementation::{Answer, Ask, Feed, Implementation, Request};
use live::{Budget, Fault, Live};
use reports::{Alone, Death, Description, Observation};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// How many starts in a row may fail before the run is given up.
const STARTS: u32 = 3;

/// What an answer may cost, and how many questions may wait for theirs.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long an answer may take, the hello too; files get a second more for each MiB, and at
    /// most five minutes more.
    pub deadline: Duration,
    /// How much memory an answer may take beyond what the process has when it is asked, in bytes.
    pub memory: corpus::MemoryBudget,
    /// How many questions are put before the first of them is answered; at least one.
    pub ahead: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            memory: corpus::MemoryBudget::default(),
            ahead: 32,
        }
    }
}

impl Limits {
    /// What an answer to a request may cost: by the file, by the files of the model, or by what is
    /// handed over to be written.
    fn of(&self, request: &Request) -> Budget {
        let len = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let len = match &request.ask {
            Ask::Write { tensors, .. } => tensors
                .iter()
                .map(|given| u64::try_from(given.bytes.len()).unwrap_or(u64::MAX))
                .fold(0, u64::saturating_add),
            Ask::ReadIndex => {
                let folder = request.path.parent().unwrap_or(Path::new("."));
                let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
                files.map(|file| len(&file.path())).fold(0, u64::saturating_add)
            }
            Ask::Read | Ask::Header | Ask::Slice { .. } | Ask::Rewrite { .. } => len(&request.path),
        };
        Budget {
            time: self.deadline + Duration::from_secs((len >> 20).min(300)),
            memory: self.memory.of(len),
        }
    }

    /// What a start may cost.
    fn of_nothing(&self) -> Budget {
        Budget { time: self.deadline, memory: self.memory.of(0) }
    }
}

/// How a process ends when its input does.
pub(crate) enum Closing {
    /// With exit code 0, and without a word.
    Well,
    /// Not at all, in the time that it had.
    LivesOn {
        /// That time, in milliseconds.
        after_ms: u64,
    },
    /// With something else.
    Badly(Observation),
    /// There was none, and none could be started.
    NoRestart(String),
}

/// A program that speaks the protocol, started anew after each fault.
pub struct Process {
    command: Vec<OsString>,
    limits: Limits,
    description: Description,
    live: Option<Live>,
    /// How many starts in a row have failed by now, and why the last of them did.
    failed: (u32, String),
}

/// A question that was put and is not answered.
struct UnderWay {
    request: Request,
    budget: Budget,
}

impl Process {
    /// Starts a program and hears its hello.
    ///
    /// # Errors
    ///
    /// The program cannot be started, or does not say hello.
    pub fn start(command: Vec<OsString>, limits: Limits) -> Result<Self, StartError> {
        let (live, description) = Live::start(&command, limits.of_nothing(), true)?;
        Ok(Self { command, limits, description, live: Some(live), failed: (0, String::new()) })
    }

    /// A process to ask: the one that is there, or a new one.
    fn revive(&mut self) -> Result<Live, String> {
        match self.live.take() {
            Some(live) => Ok(live),
            None => self.fresh(true),
        }
    }

    fn fresh(&mut self, is_limited: bool) -> Result<Live, String> {
        let started = match Live::start(&self.command, self.limits.of_nothing(), is_limited) {
            Ok((live, description)) if description == self.description => Ok(live),
            Ok(_) => Err("its hello was another one than before".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        match &started {
            Ok(_) => self.failed.0 = 0,
            Err(why) => self.failed = (self.failed.0.saturating_add(1), why.clone()),
        }
        started
    }

    /// Asks a process that is asked nothing else, and hears how it ends; and how much room it asked
    /// for, in bytes, if it answered.
    fn ask_alone(&mut self, way: &UnderWay, is_limited: bool) -> (Observation, u64) {
        if let Some(written) = way.request.writes() {
            // Nothing is there yet, as the first time.
            let _ = std::fs::remove_file(written);
        }
        let mut live = match self.fresh(is_limited) {
            Ok(live) => live,
            Err(why) => return (no_restart(why), 0),
        };
        let answer =
            live.put(&way.request, way.budget).and_then(|()| live.answer(&way.request, way.budget));
        match answer {
            Ok(observed) => {
                let asked_for = live.asked_for();
                match live.finish() {
                    None => (observed, asked_for),
                    Some(fault) => (fault.observed(live.end()), asked_for),
                }
            }
            Err(fault) => (fault.observed(live.end()), 0),
        }
    }

    /// What a fault comes to once the question was asked again, alone: a fault of the same kind, which
    /// is then told with what was said of this question alone, or something else. A death may have
    /// been the limit on data: then it does not come without the limit, and more was asked for.
    fn confirmed(&mut self, way: &UnderWay, first: Observation) -> Confirmed {
        let is_death = matches!(first, Observation::Crashed { .. });
        let (second, asked_for) = self.ask_alone(way, !is_death);
        if is_no_restart(&second) {
            return Confirmed::NotAsked { first, why: second };
        }
        let budget = way.budget.memory;
        if is_death && !second.is_fault() && asked_for > memory::bound(budget) {
            let stderr = first.stderr().unwrap_or_default().to_owned();
            return Confirmed::Same(Observation::OverMemory { taken: None, budget, stderr });
        }
        let is_memory = is_death && matches!(second, Observation::OverMemory { .. });
        if is_memory || std::mem::discriminant(&first) == std::mem::discriminant(&second) {
            Confirmed::Same(second)
        } else {
            Confirmed::Other { first, alone: second }
        }
    }

    /// Tells what a fault comes to: of the question that was to be answered, or of the one that
    /// was answered before it.
    fn blame(
        &mut self,
        feed: &mut dyn Feed,
        oldest: &UnderWay,
        before: Option<u64>,
        first: Observation,
    ) {
        let seq = oldest.request.seq;
        match self.confirmed(oldest, first) {
            Confirmed::Other { first, alone } if !alone.is_fault() => {
                if self.came_late(feed, before, &first) {
                    feed.told(seq, Answer::of(alone));
                } else {
                    let alone = Some(Alone::Other(alone.to_string()));
                    feed.told(seq, Answer { observed: first, alone });
                }
            }
            confirmed @ (Confirmed::Same(_)
            | Confirmed::Other { .. }
            | Confirmed::NotAsked { .. }) => feed.told(seq, confirmed.answer()),
        }
    }

    /// Whether a fault belongs to the question that was answered before it, since noise and deaths
    /// may come late; then it is told.
    fn came_late(&mut self, feed: &mut dyn Feed, before: Option<u64>, first: &Observation) -> bool {
        let may_be = matches!(first, Observation::Crashed { .. } | Observation::Garbled { .. });
        let Some(seq) = before.filter(|_| may_be) else { return false };
        let Some(request) = feed.again(seq) else { return false };
        let budget = self.limits.of(&request);
        let (late, _) = self.ask_alone(&UnderWay { request, budget }, true);
        let is_late = late.is_fault() && !is_no_restart(&late);
        let alone = is_late.then_some(Alone::Same);
        if is_late || !late.is_fault() {
            feed.told(seq, Answer { observed: late, alone });
        }
        is_late
    }

    /// The next question: one that has to be asked again, or a new one.
    fn next(&self, queue: &mut Queue, feed: &mut dyn Feed) -> Option<UnderWay> {
        queue.waiting.pop_front().or_else(|| {
            let request = feed.next()?;
            let budget = self.limits.of(&request);
            Some(UnderWay { request, budget })
        })
    }

    /// Asks until nothing is left to ask, or a fault comes.
    fn ask_until_a_fault(
        &mut self,
        live: &mut Live,
        queue: &mut Queue,
        feed: &mut dyn Feed,
    ) -> Option<Fault> {
        loop {
            let ahead = if queue.careful > 0 { 1 } else { self.limits.ahead.max(1) };
            while queue.under_way.len() < ahead {
                let Some(way) = self.next(queue, feed) else { break };
                let put = live.put(&way.request, way.budget);
                queue.under_way.push_back(way);
                if let Err(fault) = put {
                    return Some(fault);
                }
            }
            let oldest = queue.under_way.front()?;
            match live.answer(&oldest.request, oldest.budget) {
                Err(fault) => return Some(fault),
                Ok(observed) => {
                    let seq = oldest.request.seq;
                    queue.under_way.pop_front();
                    queue.before = Some(seq);
                    if let Some(suspect) = queue.suspect.as_mut().filter(|own| own.seq == seq) {
                        suspect.answer = Some(observed.to_string());
                    }
                    feed.told(seq, Answer::of(observed));
                    queue.careful = queue.careful.saturating_sub(1);
                    if queue.careful == 0
                        && let Some(suspect) = queue.suspect.take()
                    {
                        // No fault came again, so there is no other to charge.
                        let Suspect { seq, before, first, answer } = suspect;
                        if !self.came_late(feed, before, &first) {
                            let alone = answer.map(Alone::Other);
                            feed.told(seq, Answer { observed: first, alone });
                        }
                    }
                }
            }
        }
    }
}

/// The questions of a run, as far as they are not answered.
#[derive(Default)]
struct Queue {
    /// What was put, and is not answered.
    under_way: VecDeque<UnderWay>,
    /// What was under way when a process failed, and has to be put again.
    waiting: VecDeque<UnderWay>,
    /// How many of them there still are: so many are asked one at a time.
    careful: usize,
    /// Who is charged with a fault that does not come again.
    suspect: Option<Suspect>,
    /// The question that was answered last.
    before: Option<u64>,
}

/// The oldest question that was under way when a process failed.
struct Suspect {
    seq: u64,
    before: Option<u64>,
    first: Observation,
    /// What came of it when it was asked again, in short.
    answer: Option<String>,
}

/// What came of a fault when its question was asked again.
enum Confirmed {
    /// The same kind of fault.
    Same(Observation),
    /// Something else.
    Other { first: Observation, alone: Observation },
    /// It could not be asked.
    NotAsked { first: Observation, why: Observation },
}

impl Confirmed {
    fn answer(self) -> Answer {
        match self {
            Self::Same(observed) => Answer { observed, alone: Some(Alone::Same) },
            Self::Other { first, alone: other } | Self::NotAsked { first, why: other } => {
                Answer { observed: first, alone: Some(Alone::Other(other.to_string())) }
            }
        }
    }
}

/// Whether nothing was asked, since there was nobody to ask.
fn is_no_restart(observed: &Observation) -> bool {
    matches!(observed, Observation::Crashed { death: Death::NoRestart { .. }, .. })
}

impl Implementation for Process {
    fn describe(&self) -> Description {
        self.description.clone()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let way = UnderWay { request: request.clone(), budget: self.limits.of(request) };
        let mut live = match self.revive() {
            Ok(live) => live,
            Err(why) => return no_restart(why),
        };
        match live.put(request, way.budget).and_then(|()| live.answer(request, way.budget)) {
            Ok(observed) => {
                self.live = Some(live);
                observed
            }
            Err(fault) => fault.observed(live.end()),
        }
    }

    /// Several questions are under way at a time, since most of the time of a quick answer is
    /// spent on its way. After a fault they are asked again one at a time, so that a question is not
    /// charged with the fault of one behind it.
    fn ask_all(&mut self, feed: &mut dyn Feed) {
        let mut queue = Queue::default();
        loop {
            let mut live = match self.revive() {
                Ok(live) => live,
                Err(why) => {
                    let Some(way) = self.next(&mut queue, feed) else { return };
                    feed.told(way.request.seq, Answer::of(no_restart(why)));
                    if self.given_up().is_some() {
                        return;
                    }
                    continue;
                }
            };
            let Some(fault) = self.ask_until_a_fault(&mut live, &mut queue, feed) else {
                self.end(feed, live, queue.before);
                return;
            };
            let first = fault.observed(live.end());
            if queue.careful > 0 || self.limits.ahead <= 1 {
                // One at a time: the oldest is the one, and nobody else is suspected.
                queue.suspect = None;
                if let Some(oldest) = queue.under_way.pop_front() {
                    queue.careful = queue.careful.saturating_sub(1);
                    self.blame(feed, &oldest, queue.before.take(), first);
                }
            } else if let Some(oldest) = queue.under_way.front() {
                let (seq, before) = (oldest.request.seq, queue.before.take());
                queue.suspect = Some(Suspect { seq, before, first, answer: None });
            }
            queue.careful = queue.careful.max(queue.under_way.len());
            while let Some(way) = queue.under_way.pop_back() {
                queue.waiting.push_front(way);
            }
            if self.given_up().is_some() {
                return;
            }
        }
    }

    fn given_up(&self) -> Option<String> {
        let (times, why) = &self.failed;
        (*times >= STARTS).then(|| format!("{STARTS} starts in a row failed, the last with: {why}"))
    }
}

impl Process {
    /// Something that comes after the last answer without being asked for, or a death; it is waited
    /// for as long as `pause`.
    pub(crate) fn listen(&mut self, pause: Duration) -> Option<Observation> {
        let mut live = self.live.take()?;
        match live.listen(pause) {
            None => {
                self.live = Some(live);
                None
            }
            Some(fault) => Some(fault.observed(live.end())),
        }
    }

    /// Closes the input, and hears how the process ends; it has as long for that as for an answer.
    pub(crate) fn close(&mut self) -> Closing {
        let mut live = match self.revive() {
            Ok(live) => live,
            Err(why) => return Closing::NoRestart(why),
        };
        if live.lives_on(self.limits.deadline) {
            live.end();
            let after_ms = u64::try_from(self.limits.deadline.as_millis()).unwrap_or(u64::MAX);
            return Closing::LivesOn { after_ms };
        }
        match live.finish() {
            None => Closing::Well,
            Some(fault) => Closing::Badly(fault.observed(live.end())),
        }
    }

    /// The process is asked to end, and what goes wrong then belongs to the last question.
    fn end(&mut self, feed: &mut dyn Feed, mut live: Live, last: Option<u64>) {
        let Some(fault) = live.finish() else { return };
        let observed = fault.observed(live.end());
        let Some(seq) = last else { return };
        let answer = match feed.again(seq) {
            Some(request) => {
                let budget = self.limits.of(&request);
                self.confirmed(&UnderWay { request, budget }, observed).answer()
            }
            None => Answer::of(observed),
        };
        feed.told(seq, answer);
    }
}

fn no_restart(why: String) -> Observation {
    Observation::Crashed { death: Death::NoRestart { why }, stderr: String::new() }
}
