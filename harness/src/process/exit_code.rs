//! The simple tier: a program that is started for each file and answers with its exit code: 0 for
//! a file that it accepts, 1 for one that it refuses. Anything else is a crash.
//!
//! What it read cannot be seen, so nothing of that is judged.

use super::live::program;
use super::memory::{self, Watch};
use super::pipes::{Ends, keep_ends, locked};
use super::{Limits, StartError, death};
use crate::implementation::{Implementation, Request};
use crate::interrupt::{hold, kill};
use reports::{Death, Description, Observation};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What stands for the path of the file in the command.
const PLACE: &str = "{}";
/// How often a running program is looked at, at first; each look doubles the time to the next.
const POLL: Duration = Duration::from_micros(200);
/// How often at least.
const TICK: Duration = Duration::from_millis(10);
/// How long the error output of a dead program may take to arrive.
const GRACE: Duration = Duration::from_secs(1);

/// A program that answers with its exit code.
pub struct ExitCodes {
    command: Vec<OsString>,
    limits: Limits,
}

impl ExitCodes {
    /// A program, in whose arguments `{}` stands for the path of the file; without it the path is
    /// the last argument.
    ///
    /// # Errors
    ///
    /// The command is empty, or there is no such program.
    pub fn new(mut command: Vec<OsString>, limits: Limits) -> Result<Self, StartError> {
        if command.is_empty() {
            return Err(StartError::NoCommand);
        }
        let name = command.first().cloned().unwrap_or_default();
        if !is_program(&name) {
            return Err(StartError::NotFound { program: program(&command) });
        }
        if !command.iter().any(|word| word.to_string_lossy().contains(PLACE)) {
            command.push(PLACE.into());
        }
        Ok(Self { command, limits })
    }

    /// The program and its arguments for one file.
    fn words(&self, request: &Request) -> Vec<OsString> {
        let path = request.path.to_string_lossy();
        let word = |word: &OsString| match word.to_str() {
            Some(text) if text.contains(PLACE) => text.replace(PLACE, &path).into(),
            _ => word.clone(),
        };
        self.command.iter().map(word).collect()
    }

    fn outcome(&self, request: &Request) -> Result<Observation, StartError> {
        let words = self.words(request);
        let (name, arguments) = words.split_first().ok_or(StartError::NoCommand)?;
        let budget = self.limits.of(request);
        let mut held = hold();
        let mut child = Command::new(name)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .env("RUST_BACKTRACE", "0")
            .process_group(0)
            .spawn()
            .map_err(|source| StartError::of(program(&self.command), source))?;
        let group = Pid::from_child(&child);
        held.add_group(group);
        drop(held);
        memory::no_core(group);
        memory::allow(group, Some(budget.memory));
        let errors = Arc::new(Mutex::new(Ends::default()));
        let (end_to, errors_end) = sync_channel(1);
        if let Some(pipe) = child.stderr.take() {
            let kept = Arc::clone(&errors);
            thread::spawn(move || {
                keep_ends(pipe, &kept);
                let _ = end_to.send(());
            });
        }
        let until = Instant::now() + budget.time;
        let (mut pause, mut over) = (POLL, None);
        // It is left unreaped until its group is killed, so that the group keeps its number.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        let has_exited =
            || waitid(WaitId::Pid(group), options).is_ok_and(|status| status.is_some());
        while !has_exited() && Instant::now() < until && over.is_none() {
            thread::sleep(pause);
            pause = (pause * 2).min(TICK);
            if pause == TICK && !has_exited() {
                over = Some(Watch::default().taken(group)).filter(|taken| *taken > budget.memory);
            }
        }
        let is_late = !has_exited();
        let mut held = hold();
        kill(group);
        let status = child.wait();
        held.drop_group(group);
        held.sweep();
        drop(held);
        let _ = errors_end.recv_timeout(GRACE);
        let stderr = locked(&errors).text();
        Ok(match (over, is_late, status.map(death::death_of)) {
            (Some(taken), _, _) => {
                Observation::OverMemory { taken: Some(taken), budget: budget.memory, stderr }
            }
            (None, true, _) => Observation::TimedOut {
                after_ms: u64::try_from(budget.time.as_millis()).unwrap_or(u64::MAX),
                unfinished: None,
                stderr,
            },
            (None, false, Ok(Death::EarlyExit)) => Observation::AcceptedUnseen,
            (None, false, Ok(Death::Exit { code: 1 })) => Observation::refused(stderr),
            (None, false, Ok(death)) => Observation::Crashed { death, stderr },
            (None, false, Err(error)) => {
                Observation::Crashed { death: Death::NoRestart { why: error.to_string() }, stderr }
            }
        })
    }
}

/// Whether a name is that of a file, or of one in a folder of PATH.
fn is_program(name: &OsStr) -> bool {
    let path = Path::new(name);
    if path.components().count() > 1 {
        return path.is_file();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(path).is_file())
}

impl Implementation for ExitCodes {
    /// It says nothing of itself: its name is the command, and its version is not known.
    fn describe(&self) -> Description {
        Description {
            language: "unknown".to_owned(),
            ..Description::new(&program(&self.command), "unknown")
        }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        self.outcome(request).unwrap_or_else(|error| Observation::Crashed {
            death: Death::NoRestart { why: error.to_string() },
            stderr: String::new(),
        })
    }
}
