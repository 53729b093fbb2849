//! What is undone when a signal ends the run: the process groups that were started, and the
//! folders that were made. A signal that cannot be caught leaves both behind.

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// How often the removal of a folder is tried, in which somebody may still be writing.
const TRIES: usize = 5;

/// What is there to be undone.
#[derive(Debug)]
pub(crate) struct Held {
    groups: Vec<Pid>,
    folders: Vec<PathBuf>,
}

static HELD: Mutex<Held> = Mutex::new(Held { groups: Vec::new(), folders: Vec::new() });

/// Holds off the end by a signal for as long as the guard lives. From the signal on nobody gets
/// it, so that nothing is started, written or told while everything is undone.
pub(crate) fn hold() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Held {
    pub(crate) fn add_group(&mut self, group: Pid) {
        self.groups.push(group);
    }

    /// Has to be done before the group's first process is reaped: its number may be another's then.
    pub(crate) fn drop_group(&mut self, group: Pid) {
        self.groups.retain(|held| *held != group);
    }

    pub(crate) fn add_folder(&mut self, folder: &Path) {
        self.folders.push(folder.to_owned());
    }

    pub(crate) fn drop_folder(&mut self, folder: &Path) {
        self.folders.retain(|held| held != folder);
    }

    fn undo(&self) {
        for group in &self.groups {
            // It fails only where nobody is left to kill.
            let _ = kill_process_group(*group, Signal::KILL);
        }
        for folder in &self.folders {
            (0..TRIES).any(|_| std::fs::remove_dir_all(folder).is_ok());
        }
    }
}

/// From now on SIGINT, SIGTERM and SIGHUP undo what is held and end this process with 128 and the
/// number of the signal.
///
/// # Errors
///
/// The system does not let the signals be caught.
pub(crate) fn watch() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let held = hold();
            held.undo();
            std::process::exit(signal.saturating_add(128));
        }
    });
    Ok(())
}
