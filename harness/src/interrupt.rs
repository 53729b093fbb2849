//! What is undone when a signal ends the run: the process groups that were started, what left them,
//! and the folders that were made. A signal that cannot be caught leaves all of it behind.

use crate::proc::{self, Field};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group, waitpid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

/// How many generations of orphans are looked for.
const SWEEPS: usize = 32;
/// How long a signal waits for what may not be cut off.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the removal of a folder is tried, in which somebody may still be writing.
const TRIES: usize = 5;

/// What is there to be undone.
#[derive(Debug)]
pub(crate) struct Held {
    groups: Vec<Pid>,
    folders: Vec<PathBuf>,
    /// The record that keeps what came so far.
    record: Option<PathBuf>,
}

/// Kills a process and its group, of which it may no longer be a member. Both fail only where
/// nobody is left to kill.
pub(crate) fn kill(first: Pid) {
    let _ = kill_process_group(first, Signal::KILL);
    let _ = kill_process(first, Signal::KILL);
}

/// Whether what loses its parent becomes a child of this process.
static ADOPTS: AtomicBool = AtomicBool::new(false);

static HELD: Mutex<Held> =
    Mutex::new(Held { groups: Vec::new(), folders: Vec::new(), record: None });

/// Holds off the end by a signal for as long as the guard lives. From the signal on nobody gets
/// it, so that nothing is started, written or told while everything is undone.
pub(crate) fn hold() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Held {
    pub(crate) fn add_group(&mut self, group: Pid) {
        self.groups.push(group);
    }

    /// Has to be done while the guard is held under which the group's first process is reaped: its
    /// number may be another's afterwards.
    pub(crate) fn drop_group(&mut self, group: Pid) {
        self.groups.retain(|held| *held != group);
    }

    pub(crate) fn keep_in(&mut self, record: &Path) {
        self.record = Some(record.to_owned());
    }

    /// What a person is told whose run ends here.
    fn last_words(&self) -> String {
        match &self.record {
            Some(path) => format!(
                "interrupted; `{}` keeps what came, and the same command with --resume goes on",
                path.display()
            ),
            None => "interrupted; nothing is kept, since no --record was asked for".to_owned(),
        }
    }

    pub(crate) fn add_folder(&mut self, folder: &Path) {
        self.folders.push(folder.to_owned());
    }

    pub(crate) fn drop_folder(&mut self, folder: &Path) {
        self.folders.retain(|held| held != folder);
    }

    /// Kills what lost its parent: the children of this process that it did not start.
    pub(crate) fn sweep(&self) {
        if !ADOPTS.load(Ordering::Relaxed) {
            return;
        }
        for _ in 0..SWEEPS {
            let orphans: Vec<Pid> = children().filter(|pid| !self.groups.contains(pid)).collect();
            if orphans.is_empty() {
                return;
            }
            for orphan in orphans {
                let _ = kill_process(orphan, Signal::KILL);
                // What it started becomes a child here once it is gone.
                let _ = waitpid(Some(orphan), WaitOptions::empty());
            }
        }
    }

    fn undo(&self) {
        anstream::eprintln!("{}", self.last_words());
        for group in &self.groups {
            kill(*group);
        }
        self.sweep();
        for folder in &self.folders {
            (0..TRIES).any(|_| std::fs::remove_dir_all(folder).is_ok());
        }
    }
}

/// The children of this process.
fn children() -> impl Iterator<Item = Pid> {
    let own = rustix::process::getpid().as_raw_nonzero().get();
    proc::with(Field::Parent, own).filter_map(Pid::from_raw)
}

/// From now on SIGINT, SIGTERM and SIGHUP undo what is held and end this process with 128 and the
/// number of the signal.
///
/// # Errors
///
/// The system does not let the signals be caught.
pub(crate) fn watch() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    #[cfg(target_os = "linux")]
    if rustix::process::set_child_subreaper(Some(rustix::process::getpid())).is_ok() {
        ADOPTS.store(true, Ordering::Relaxed);
    }
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let until = Instant::now() + PATIENCE;
            loop {
                match HELD.try_lock() {
                    Ok(held) => break held.undo(),
                    Err(TryLockError::Poisoned(held)) => break held.into_inner().undo(),
                    Err(TryLockError::WouldBlock) if Instant::now() > until => break,
                    Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
                }
            }
            std::process::exit(signal.saturating_add(128));
        }
    });
    Ok(())
}
