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

use crate::implementation::{Answer, Feed, Implementation, Request};
use live::{Budget, Live};
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
    /// What an answer about a file may cost.
    fn of(&self, path: &Path) -> Budget {
        let len = std::fs::metadata(path).map_or(0, |file| file.len());
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

    /// Asks a process that is asked nothing else, and hears how it ends.
    fn ask_alone(&mut self, way: &UnderWay, is_limited: bool) -> Observation {
        if let Some(written) = way.request.writes() {
            // Nothing is there yet, as the first time.
            let _ = std::fs::remove_file(written);
        }
        let mut live = match self.fresh(is_limited) {
            Ok(live) => live,
            Err(why) => return no_restart(why),
        };
        let answer =
            live.put(&way.request, way.budget).and_then(|()| live.answer(&way.request, way.budget));
        match answer {
            Ok(observed) => match live.finish() {
                None => observed,
                Some(fault) => fault.observed(live.end()),
            },
            Err(fault) => fault.observed(live.end()),
        }
    }

    /// What a fault comes to once the question was asked again, alone: a fault of the same kind, which
    /// is then told with what was said of this question alone, or something else. A death may have
    /// been the limit on data: then it does not come without the limit, and comes again with it.
    fn confirmed(&mut self, way: &UnderWay, first: Observation) -> Confirmed {
        let is_death = matches!(first, Observation::Crashed { .. });
        let second = self.ask_alone(way, !is_death);
        if is_no_restart(&second) {
            return Confirmed::NotAsked { first, why: second };
        }
        if is_death && !matches!(second, Observation::Crashed { .. }) {
            let third = self.ask_alone(way, true);
            if is_no_restart(&third) {
                return Confirmed::NotAsked { first, why: third };
            }
            if let Observation::Crashed { stderr, .. } = third {
                let (taken, budget) = (taken(&second), way.budget.memory);
                return Confirmed::Same(Observation::OverMemory { taken, budget, stderr });
            }
            return Confirmed::Other { first, alone: third };
        }
        if std::mem::discriminant(&first) == std::mem::discriminant(&second) {
            Confirmed::Same(second)
        } else {
            Confirmed::Other { first, alone: second }
        }
    }

    /// Tells what a fault comes to: of the question that was to be answered, or of the one that
    /// was answered before it, since noise and deaths may come late.
    fn blame(
        &mut self,
        feed: &mut dyn Feed,
        oldest: &UnderWay,
        before: Option<u64>,
        first: Observation,
    ) {
        let seq = oldest.request.seq;
        let confirmed = self.confirmed(oldest, first);
        if let Confirmed::Other { first, alone } = &confirmed {
            let may_be_late =
                matches!(first, Observation::Crashed { .. } | Observation::Garbled { .. });
            let before = before.filter(|_| may_be_late && !alone.is_fault());
            if let Some(request) = before.and_then(|seq| feed.again(seq)) {
                let budget = self.limits.of(&request.path);
                let late = self.ask_alone(&UnderWay { request, budget }, true);
                if late.is_fault() && !is_no_restart(&late) {
                    let answer = Answer { observed: late, alone: Some(Alone::Same) };
                    feed.told(before.unwrap_or(seq), answer);
                    feed.told(seq, Answer::of(alone.clone()));
                    return;
                }
            }
        }
        feed.told(seq, confirmed.answer());
    }
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

/// What was taken beyond a budget.
fn taken(observed: &Observation) -> Option<u64> {
    if let Observation::OverMemory { taken, .. } = observed { *taken } else { None }
}

impl Implementation for Process {
    fn describe(&self) -> Description {
        self.description.clone()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let way = UnderWay { request: request.clone(), budget: self.limits.of(&request.path) };
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
    /// spent on its way.
    fn ask_all(&mut self, feed: &mut dyn Feed) {
        let mut under_way: VecDeque<UnderWay> = VecDeque::new();
        let mut before = None;
        loop {
            let mut live = match self.revive() {
                Ok(live) => live,
                Err(why) => {
                    let lost = under_way.pop_front().map(|way| way.request);
                    let Some(request) = lost.or_else(|| feed.next()) else { return };
                    feed.told(request.seq, Answer::of(no_restart(why)));
                    if self.given_up().is_some() {
                        return;
                    }
                    continue;
                }
            };
            // What was under way when another process ended is put again.
            let mut put = under_way.iter().try_for_each(|way| live.put(&way.request, way.budget));
            let fault = loop {
                while put.is_ok() && under_way.len() < self.limits.ahead.max(1) {
                    let Some(request) = feed.next() else { break };
                    let budget = self.limits.of(&request.path);
                    put = live.put(&request, budget);
                    under_way.push_back(UnderWay { request, budget });
                }
                let Some(oldest) = under_way.front() else { break None };
                let answer = std::mem::replace(&mut put, Ok(()))
                    .and_then(|()| live.answer(&oldest.request, oldest.budget));
                match answer {
                    Ok(observed) => {
                        let seq = oldest.request.seq;
                        under_way.pop_front();
                        feed.told(seq, Answer::of(observed));
                        before = Some(seq);
                    }
                    Err(fault) => break Some(fault),
                }
            };
            let Some(fault) = fault else {
                self.end(feed, live, before);
                return;
            };
            let first = fault.observed(live.end());
            if let Some(oldest) = under_way.pop_front() {
                self.blame(feed, &oldest, before, first);
                before = None;
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
    /// The process is asked to end, and what goes wrong then belongs to the last question.
    fn end(&mut self, feed: &mut dyn Feed, mut live: Live, last: Option<u64>) {
        let Some(fault) = live.finish() else { return };
        let observed = fault.observed(live.end());
        let Some(seq) = last else { return };
        let answer = match feed.again(seq) {
            Some(request) => {
                let budget = self.limits.of(&request.path);
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
