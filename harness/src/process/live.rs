//! A running process: its pipes, its end, and everything that is killed with it.

use super::memory::{self, Watch};
use super::pipes::{Ends, Event, keep_ends, locked, read_lines, write_lines};
use super::{StartError, death};
use crate::implementation::Request;
use crate::interrupt::{hold, kill};
use crate::protocol::{HelloError, MAX_LINE, parse_hello, parse_reply, request_line};
use reports::{Death, Description, Observation, ProtocolFault, Unfinished, shown};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How often a silent process is looked at.
const TICK: Duration = Duration::from_millis(20);
/// How often a process that should end is looked at.
const POLL: Duration = Duration::from_millis(2);
/// How long what a dead process wrote may take to arrive.
const GRACE: Duration = Duration::from_secs(1);
/// How long a process may live on after its output or its input was closed.
const LAST_BREATH: Duration = Duration::from_secs(1);
/// How many blocks of output may wait to be looked at; more of them stop the reader, and so the
/// process.
const BLOCKS_AHEAD: usize = 2;
/// An answer that took longer is looked at for the memory that it took. What comes sooner cannot
/// have touched as much as the smallest budget.
const QUICK: Duration = Duration::from_millis(5);

/// What one answer may cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) time: Duration,
    /// In bytes.
    pub(super) memory: u64,
}

/// How an exchange failed.
pub(super) enum Fault {
    Died(Death),
    TimedOut(Duration, Option<Unfinished>),
    OverMemory { taken: u64, budget: u64 },
    Garbled(ProtocolFault),
}

impl Fault {
    pub(super) fn observed(self, stderr: String) -> Observation {
        match self {
            Self::Died(death) => Observation::Crashed { death, stderr },
            Self::TimedOut(after, unfinished) => {
                Observation::TimedOut { after_ms: millis(after), unfinished, stderr }
            }
            Self::OverMemory { taken, budget } => {
                Observation::OverMemory { taken: Some(taken), budget, stderr }
            }
            Self::Garbled(fault) => Observation::Garbled { fault, stderr },
        }
    }
}

/// A running process and its pipes.
pub(super) struct Live {
    child: Child,
    /// How it ended, once that was asked for. From then on its group may be another's.
    reaped: Option<ExitStatus>,
    group: Pid,
    /// `None` once it is closed.
    input: Option<Sender<String>>,
    output: Receiver<Event>,
    /// What has come and was not looked at.
    lines: VecDeque<Vec<u8>>,
    unfinished: Arc<Mutex<Option<Unfinished>>>,
    errors: Arc<Mutex<Ends>>,
    errors_end: Receiver<()>,
    watch: Option<Watch>,
    /// Whether an answer took so long that the next is watched from its own start.
    is_watch_old: bool,
    /// How much data it may have by now, in bytes.
    allowed: u64,
    is_limited: bool,
}

impl Live {
    /// Starts a program and hears its hello. Without limits, what it reserves is not bounded; what
    /// it takes is watched in any case.
    pub(super) fn start(
        command: &[OsString],
        budget: Budget,
        is_limited: bool,
    ) -> Result<(Self, Description), StartError> {
        let mut live = Self::spawn(command, budget, is_limited)?;
        let program = program(command);
        let until = Instant::now() + budget.time;
        let stop = |live: Self| (program.clone(), live.end());
        match live.next(until, None) {
            Ok(Came::Line(line)) => match parse_hello(&line) {
                Ok(description) => Ok((live, description)),
                Err(error) => Err(no_adapter(stop(live), &error)),
            },
            Ok(Came::TooLong) => {
                let (program, stderr) = stop(live);
                let why = ProtocolFault::TooLong { limit: max_line() }.to_string();
                Err(StartError::NoAdapter { program, why, stderr })
            }
            Ok(Came::End(partial)) => match live.death(until) {
                Some(death) => {
                    let (program, stderr) = stop(live);
                    Err(StartError::Died { program, death, stderr })
                }
                None => Err(no_adapter(stop(live), &HelloError::HalfLine(shown(&partial, 400)))),
            },
            Err(_) => {
                let unfinished = locked(&live.unfinished).take();
                let (program, stderr) = stop(live);
                let after_ms = millis(budget.time);
                Err(StartError::Silent { program, after_ms, unfinished, stderr })
            }
        }
    }

    fn spawn(command: &[OsString], budget: Budget, is_limited: bool) -> Result<Self, StartError> {
        let (name, arguments) = command.split_first().ok_or(StartError::NoCommand)?;
        let mut held = hold();
        let mut child = Command::new(name)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A backtrace has paths of one machine in it, and hides the message in what is kept.
            .env("RUST_BACKTRACE", "0")
            // A group of its own, so that what the program starts can be killed with it.
            .process_group(0)
            .spawn()
            .map_err(|source| StartError::of(program(command), source))?;
        let group = Pid::from_child(&child);
        held.add_group(group);
        drop(held);
        memory::no_core(group);
        if is_limited {
            memory::allow(group, Some(budget.memory));
        }
        let (input, lines) = channel();
        if let Some(pipe) = child.stdin.take() {
            thread::spawn(move || write_lines(pipe, &lines));
        }
        let unfinished = Arc::default();
        let (line_to, output) = sync_channel(BLOCKS_AHEAD);
        if let Some(pipe) = child.stdout.take() {
            let unfinished = Arc::clone(&unfinished);
            thread::spawn(move || read_lines(pipe, &line_to, &unfinished));
        }
        let errors = Arc::new(Mutex::new(Ends::default()));
        let (end_to, errors_end) = sync_channel(1);
        if let Some(pipe) = child.stderr.take() {
            let kept = Arc::clone(&errors);
            thread::spawn(move || {
                keep_ends(pipe, &kept);
                // Nobody may be waiting for it.
                let _ = end_to.send(());
            });
        }
        Ok(Self {
            child,
            reaped: None,
            group,
            input: Some(input),
            output,
            lines: VecDeque::new(),
            unfinished,
            errors,
            errors_end,
            watch: None,
            is_watch_old: false,
            allowed: budget.memory,
            is_limited,
        })
    }

    /// Puts a question; the answer is [`Self::answer`].
    pub(super) fn put(&mut self, request: &Request, budget: Budget) -> Result<(), Fault> {
        let Some(line) = request_line(request) else {
            let why = "the path of the file is not UTF-8; set TMPDIR".to_owned();
            return Err(Fault::Died(Death::Unreadable { why }));
        };
        if self.is_limited && budget.memory > self.allowed {
            self.allowed = budget.memory;
            memory::allow(self.group, Some(budget.memory));
        }
        if let Some(input) = &self.input {
            // A process that is gone shows in its output, with the reason why.
            let _ = input.send(line);
        }
        Ok(())
    }

    /// The answer to the oldest question that was put and is not answered.
    pub(super) fn answer(
        &mut self,
        request: &Request,
        budget: Budget,
    ) -> Result<Observation, Fault> {
        let start = Instant::now();
        let until = start + budget.time;
        if self.watch.is_none() || self.is_watch_old {
            self.watch = Some(Watch::start(self.group));
            self.is_watch_old = false;
        }
        let came = self.next(until, Some(budget.memory));
        if start.elapsed() > QUICK
            && let (Ok(_), Some(watch)) = (&came, &self.watch)
        {
            let taken = watch.taken(self.group);
            if taken > budget.memory {
                return Err(Fault::OverMemory { taken, budget: budget.memory });
            }
            self.is_watch_old = true;
        }
        match came {
            Ok(Came::Line(line)) => {
                parse_reply(request.seq, request.operation(), &line).map_err(Fault::Garbled)
            }
            Ok(Came::TooLong) => Err(Fault::Garbled(ProtocolFault::TooLong { limit: max_line() })),
            Ok(Came::End(partial)) => Err(self.after_the_end(&partial, until)),
            Err(Stop::Late) => Err(Fault::TimedOut(budget.time, locked(&self.unfinished).take())),
            Err(Stop::OverMemory(taken)) => Err(Fault::OverMemory { taken, budget: budget.memory }),
        }
    }

    /// What comes after an answer though nobody asked, or a death after it.
    pub(super) fn listen(&mut self, pause: Duration) -> Option<Fault> {
        let until = Instant::now() + pause;
        match self.next(until, None) {
            Ok(Came::Line(line)) => Some(extra_line(&line)),
            Ok(Came::TooLong) => Some(Fault::Garbled(ProtocolFault::TooLong { limit: max_line() })),
            Ok(Came::End(partial)) if !partial.is_empty() => Some(extra_line(&partial)),
            Ok(Came::End(_)) => Some(match self.death(until) {
                Some(death) => Fault::Died(Death::AfterReply { how: death.to_string() }),
                None => Fault::Garbled(ProtocolFault::Closed),
            }),
            Err(_) => None,
        }
    }

    /// Closes the input, and says whether the process lives on after that time.
    pub(super) fn lives_on(&mut self, wait: Duration) -> bool {
        self.input = None;
        let until = Instant::now() + wait;
        while !self.has_exited() && Instant::now() < until {
            thread::sleep(POLL);
        }
        !self.has_exited()
    }

    /// How much room was asked for since the watch began, in bytes.
    pub(super) fn asked_for(&self) -> u64 {
        self.watch.as_ref().map_or(0, |watch| watch.asked_for(self.group))
    }

    /// Closes the input, and says what went wrong after the last answer. The process is given a
    /// moment to end by itself.
    pub(super) fn finish(&mut self) -> Option<Fault> {
        self.input = None;
        let until = Instant::now() + LAST_BREATH;
        while !self.has_exited() && Instant::now() < until {
            thread::sleep(POLL);
        }
        // What it wrote before it ended may still be on its way.
        let wait = if self.has_exited() { GRACE } else { Duration::ZERO };
        match self.next(Instant::now() + wait, None) {
            Ok(Came::Line(line)) => return Some(extra_line(&line)),
            Ok(Came::End(partial)) if !partial.is_empty() => return Some(extra_line(&partial)),
            Ok(Came::TooLong) => {
                return Some(Fault::Garbled(ProtocolFault::TooLong { limit: max_line() }));
            }
            Ok(Came::End(_)) | Err(_) => {}
        }
        if !self.has_exited() {
            return None;
        }
        // To end with exit code 0 is what it was asked for.
        let death = death::death_of(self.kill_and_reap()?);
        (death != Death::EarlyExit)
            .then(|| Fault::Died(Death::AfterReply { how: death.to_string() }))
    }

    /// The output ended without a reply. How the process died says more than half a line does.
    fn after_the_end(&mut self, partial: &[u8], until: Instant) -> Fault {
        match (self.death(until), partial) {
            (Some(Death::EarlyExit) | None, [_, ..]) => {
                Fault::Garbled(ProtocolFault::HalfLine { line: shown(partial, 400) })
            }
            (Some(death), _) => Fault::Died(death),
            (None, []) => Fault::Garbled(ProtocolFault::Closed),
        }
    }

    /// The next thing that comes out of the process. While it is waited for, what the process
    /// takes is held against the budget.
    fn next(&mut self, until: Instant, memory: Option<u64>) -> Result<Came, Stop> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Ok(Came::Line(line));
            }
            let left = until.saturating_duration_since(Instant::now());
            let mut came = self.output.recv_timeout(left.min(TICK));
            if came == Err(RecvTimeoutError::Timeout) && self.has_exited() {
                // What it wrote may still be on its way; and something that it started may hold
                // its output open for ever.
                came = self.output.recv_timeout(GRACE).or(Ok(Event::End(Vec::new())));
            }
            match came {
                Ok(Event::Lines(lines)) => self.lines = lines,
                Ok(Event::TooLong) => return Ok(Came::TooLong),
                Ok(Event::End(partial)) => return Ok(Came::End(partial)),
                Err(RecvTimeoutError::Disconnected) => return Ok(Came::End(Vec::new())),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Err(Stop::Late),
                Err(RecvTimeoutError::Timeout) => {
                    if let (Some(budget), Some(watch)) = (memory, &self.watch) {
                        let taken = watch.taken(self.group);
                        if taken > budget {
                            return Err(Stop::OverMemory(taken));
                        }
                    }
                }
            }
        }
    }

    /// How the process ended; `None` where it lives on.
    fn death(&mut self, until: Instant) -> Option<Death> {
        // What ended its output is about to end, and gets a moment for it even at the deadline.
        let until = until.clamp(Instant::now() + LAST_BREATH / 4, Instant::now() + LAST_BREATH);
        while !self.has_exited() {
            if Instant::now() >= until {
                return None;
            }
            thread::sleep(POLL);
        }
        self.kill_and_reap().map(death::death_of)
    }

    /// Whether the process has ended. It is left unreaped, so that its group keeps its number and
    /// the kill that follows cannot hit a stranger.
    fn has_exited(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        self.reaped.is_some()
            || waitid(WaitId::Pid(self.group), options).is_ok_and(|status| status.is_some())
    }

    /// Kills the process, if it lives, and whatever else is in its group.
    fn kill_and_reap(&mut self) -> Option<ExitStatus> {
        if self.reaped.is_none() {
            let mut held = hold();
            kill(self.group);
            // Soon over: nobody survives this. What it started is an orphan from then on.
            self.reaped = self.child.wait().ok();
            held.drop_group(self.group);
            held.sweep();
            drop(held);
        }
        self.reaped
    }

    /// Kills the group and returns the beginning and the end of the error output.
    pub(super) fn end(mut self) -> String {
        self.kill_and_reap();
        let _ = self.errors_end.recv_timeout(GRACE);
        locked(&self.errors).text()
    }
}

impl Drop for Live {
    /// A closed input asks the process to end by itself; what it started is killed in any case.
    fn drop(&mut self) {
        self.input = None;
        let until = Instant::now() + LAST_BREATH;
        while !self.has_exited() && Instant::now() < until {
            thread::sleep(POLL);
        }
        self.kill_and_reap();
    }
}

/// What came.
enum Came {
    Line(Vec<u8>),
    TooLong,
    /// The end, with what stands behind the last line feed.
    End(Vec<u8>),
}

fn extra_line(line: &[u8]) -> Fault {
    Fault::Garbled(ProtocolFault::ExtraLine { line: shown(line, 400) })
}

/// Why nothing came.
enum Stop {
    Late,
    OverMemory(u64),
}

fn no_adapter((program, stderr): (String, String), error: &HelloError) -> StartError {
    StartError::NoAdapter { program, why: error.to_string(), stderr }
}

/// The whole command, for messages.
pub(super) fn program(command: &[OsString]) -> String {
    let words: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    shown(words.join(" ").as_bytes(), 400)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn max_line() -> u64 {
    u64::try_from(MAX_LINE).unwrap_or(u64::MAX)
}
