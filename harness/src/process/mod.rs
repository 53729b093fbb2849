//! A program that speaks the protocol, as an implementation.
//!
//! Each way in which it can fail is told apart: death by a signal, an exit code, an end without an
//! answer, a hang, noise, half a line, a line without end, the answer to another question. After
//! any of them the whole process group is killed, and the next question goes to a new process.
//! What the answers mean is not decided here.

mod death;
mod pipes;
mod start_error;

pub use start_error::StartError;

use crate::implementation::{Implementation, Request};
use crate::interrupt::hold;
use crate::protocol::{HelloError, MAX_LINE, parse_hello, parse_reply, request_line};
use pipes::{Ends, Event, keep_ends, locked, read_lines};
use reports::{Death, Description, Observation, ProtocolFault, Unfinished, shown};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
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
/// How many starts in a row may fail before the run is given up.
const STARTS: u32 = 3;
/// How many lines may wait to be looked at; more of them stop the reader, and so the process.
const LINES_AHEAD: usize = 2;

/// A program that speaks the protocol, started anew after each fault.
pub struct Process {
    command: Vec<OsString>,
    deadline: Duration,
    description: Description,
    live: Option<Live>,
    /// How many starts in a row have failed by now, and why the last of them did.
    failed: (u32, String),
}

impl Process {
    /// Starts a program and hears its hello. Each answer, the hello too, has to come within the
    /// deadline.
    ///
    /// # Errors
    ///
    /// The program cannot be started, or does not say hello.
    pub fn start(command: Vec<OsString>, deadline: Duration) -> Result<Self, StartError> {
        let (live, description) = Live::start(&command, deadline)?;
        Ok(Self { command, deadline, description, live: Some(live), failed: (0, String::new()) })
    }

    /// The process, started again if it is gone.
    fn revived(&mut self) -> Result<Live, String> {
        if let Some(live) = self.live.take() {
            return Ok(live);
        }
        match Live::start(&self.command, self.deadline) {
            Ok((live, description)) if description == self.description => Ok(live),
            Ok(_) => Err("its hello was another one than before".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Implementation for Process {
    fn describe(&self) -> Description {
        self.description.clone()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        let mut live = match self.revived() {
            Ok(live) => {
                self.failed.0 = 0;
                live
            }
            Err(why) => {
                self.failed = (self.failed.0.saturating_add(1), why.clone());
                let death = Death::NoRestart { why };
                return Observation::Crashed { death, stderr: String::new() };
            }
        };
        let deadline = self.deadline + allowance(&request.path);
        match live.exchange(request, deadline) {
            Ok(observation) => {
                self.live = Some(live);
                observation
            }
            Err(fault) => fault.observed(live.end()),
        }
    }

    fn look_back(&mut self, at_the_end: bool) -> Option<Observation> {
        let mut live = self.live.take()?;
        if let Some(fault) = live.after_a_reply(at_the_end) {
            return Some(fault.observed(live.end()));
        }
        self.live = (!at_the_end).then_some(live);
        None
    }

    fn given_up(&self) -> Option<String> {
        let (times, why) = &self.failed;
        (*times >= STARTS).then(|| format!("{STARTS} starts in a row failed, the last with: {why}"))
    }
}

/// How an exchange failed.
enum Fault {
    Died(Death),
    TimedOut(Duration, Option<Unfinished>),
    Garbled(ProtocolFault),
}

impl Fault {
    fn observed(self, stderr: String) -> Observation {
        match self {
            Self::Died(death) => Observation::Crashed { death, stderr },
            Self::TimedOut(after, unfinished) => {
                Observation::TimedOut { after_ms: millis(after), unfinished, stderr }
            }
            Self::Garbled(fault) => Observation::Garbled { fault, stderr },
        }
    }
}

/// A running process and its pipes.
struct Live {
    child: Child,
    /// How it ended, once that was asked for. From then on its group may be another's.
    reaped: Option<ExitStatus>,
    group: Pid,
    /// `None` once it is closed.
    input: Option<ChildStdin>,
    output: Receiver<Event>,
    unfinished: Arc<Mutex<Option<Unfinished>>>,
    errors: Arc<Mutex<Ends>>,
    errors_end: Receiver<()>,
}

impl Live {
    fn start(command: &[OsString], deadline: Duration) -> Result<(Self, Description), StartError> {
        let mut live = Self::spawn(command)?;
        let program = program(command);
        let until = Instant::now() + deadline;
        let stop = |live: Live| (program.clone(), live.end());
        match live.next(until) {
            Ok(Event::Line(line)) => match parse_hello(&line) {
                Ok(description) => Ok((live, description)),
                Err(error) => Err(no_adapter(stop(live), &error)),
            },
            Ok(Event::TooLong) => {
                let (program, stderr) = stop(live);
                let why = ProtocolFault::TooLong { limit: max_line() }.to_string();
                Err(StartError::NoAdapter { program, why, stderr })
            }
            Ok(Event::End(partial)) => match live.death(until) {
                Some(death) => {
                    let (program, stderr) = stop(live);
                    Err(StartError::Died { program, death, stderr })
                }
                None => Err(no_adapter(stop(live), &HelloError::HalfLine(shown(&partial, 400)))),
            },
            Err(Late) => {
                let unfinished = locked(&live.unfinished).take();
                let (program, stderr) = stop(live);
                let after_ms = millis(deadline);
                Err(StartError::Silent { program, after_ms, unfinished, stderr })
            }
        }
    }

    fn spawn(command: &[OsString]) -> Result<Self, StartError> {
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
        let input = child.stdin.take();
        let unfinished = Arc::default();
        let (line_to, output) = sync_channel(LINES_AHEAD);
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
        Ok(Self { child, reaped: None, group, input, output, unfinished, errors, errors_end })
    }

    fn exchange(&mut self, request: &Request, deadline: Duration) -> Result<Observation, Fault> {
        *locked(&self.errors) = Ends::default();
        let Some(line) = request_line(request) else {
            let why = "the path of the file is not UTF-8; set TMPDIR".to_owned();
            return Err(Fault::Died(Death::Unreadable { why }));
        };
        let until = Instant::now() + deadline;
        if let Some(input) = &mut self.input {
            // A process that is gone shows in its output, with the reason why.
            let _ = writeln!(input, "{line}").and_then(|()| input.flush());
        }
        match self.next(until) {
            Ok(Event::Line(line)) => parse_reply(request.seq, &line).map_err(Fault::Garbled),
            Ok(Event::TooLong) => Err(Fault::Garbled(ProtocolFault::TooLong { limit: max_line() })),
            Ok(Event::End(partial)) => Err(self.after_the_end(&partial, until)),
            Err(Late) => Err(Fault::TimedOut(deadline, locked(&self.unfinished).take())),
        }
    }

    /// What went wrong since the last reply. At the end the process is asked to end by itself, and
    /// is given a moment for it.
    fn after_a_reply(&mut self, at_the_end: bool) -> Option<Fault> {
        if at_the_end {
            self.input = None;
            let until = Instant::now() + LAST_BREATH;
            while !self.has_exited() && Instant::now() < until {
                thread::sleep(POLL);
            }
        }
        let extra = if at_the_end && self.has_exited() {
            // What it wrote before it ended may still be on its way.
            self.output.recv_timeout(GRACE).ok()
        } else {
            self.output.try_recv().ok()
        };
        match extra {
            Some(Event::Line(line)) => {
                return Some(Fault::Garbled(ProtocolFault::ExtraLine { line: shown(&line, 400) }));
            }
            Some(Event::TooLong) => {
                return Some(Fault::Garbled(ProtocolFault::TooLong { limit: max_line() }));
            }
            Some(Event::End(partial)) if !partial.is_empty() => {
                let line = shown(&partial, 400);
                return Some(Fault::Garbled(ProtocolFault::ExtraLine { line }));
            }
            Some(Event::End(_)) if !at_the_end && !self.has_exited() => {
                let death = self.death(Instant::now());
                let fault = Fault::Garbled(ProtocolFault::Closed);
                return Some(death.map_or(fault, after_reply));
            }
            Some(Event::End(_)) | None => {}
        }
        if !self.has_exited() {
            return None;
        }
        let death = death::death_of(self.kill_and_reap()?);
        // At the end this is what it was asked for.
        let as_asked = at_the_end && death == Death::EarlyExit;
        (!as_asked).then(|| after_reply(death))
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

    /// The next thing that comes out of the process.
    fn next(&mut self, until: Instant) -> Result<Event, Late> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left.min(TICK)) {
                Ok(event) => return Ok(event),
                Err(RecvTimeoutError::Disconnected) => return Ok(Event::End(Vec::new())),
                // Something that the dead process started may hold its output open for ever.
                Err(RecvTimeoutError::Timeout) if self.has_exited() => {
                    let last = self.output.recv_timeout(GRACE);
                    return Ok(last.unwrap_or(Event::End(Vec::new())));
                }
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Err(Late),
                Err(RecvTimeoutError::Timeout) => {}
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
            // It fails only where nobody is left to kill.
            let _ = kill_process_group(self.group, Signal::KILL);
            held.drop_group(self.group);
            drop(held);
            self.reaped = self.child.wait().ok();
        }
        self.reaped
    }

    /// Kills the group and returns the beginning and the end of the error output.
    fn end(mut self) -> String {
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

fn after_reply(death: Death) -> Fault {
    Fault::Died(Death::AfterReply { how: death.to_string() })
}

/// Nothing came in time.
struct Late;

fn no_adapter((program, stderr): (String, String), error: &HelloError) -> StartError {
    StartError::NoAdapter { program, why: error.to_string(), stderr }
}

/// The whole command, for messages.
fn program(command: &[OsString]) -> String {
    let words: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    shown(words.join(" ").as_bytes(), 400)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// How much longer an answer about a large file may take: a second for each MiB, and no more
/// than five minutes.
fn allowance(path: &Path) -> Duration {
    let len = std::fs::metadata(path).map_or(0, |file| file.len());
    Duration::from_secs((len >> 20).min(300))
}

fn max_line() -> u64 {
    u64::try_from(MAX_LINE).unwrap_or(u64::MAX)
}
