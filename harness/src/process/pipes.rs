//! Reads what a process writes, with bounded memory, until it ends.

use crate::protocol::MAX_LINE;
use std::io::{self, Read};
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};

/// How much of the error output is kept, in bytes.
pub(super) const STDERR_KEPT: usize = 4 << 10;

/// What came out of a process.
pub(super) enum Event {
    /// A line, without its line feed.
    Line(Vec<u8>),
    /// A line that is longer than the runner takes; nothing is read after it.
    TooLong,
    /// The output ended, with these bytes after the last line feed.
    End(Vec<u8>),
}

/// Hands on lines of bounded length until the output ends or nobody listens.
pub(super) fn read_lines(mut pipe: impl Read, to: &SyncSender<Event>) {
    let mut line = Vec::new();
    let mut block = vec![0; 64 << 10];
    loop {
        let count = match pipe.read(&mut block) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let mut rest = block.get(..count).unwrap_or_default();
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            let (head, behind) = rest.split_at(at);
            line.extend_from_slice(head);
            let whole = std::mem::take(&mut line);
            if whole.len() > MAX_LINE {
                let _ = to.send(Event::TooLong);
                return;
            }
            if to.send(Event::Line(whole)).is_err() {
                return;
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        line.extend_from_slice(rest);
        if line.len() > MAX_LINE {
            let _ = to.send(Event::TooLong);
            return;
        }
    }
    let _ = to.send(Event::End(line));
}

/// Reads the error output to its end, so that the process never waits for us, and keeps the last
/// of it.
pub(super) fn keep_tail(mut pipe: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut block = vec![0; 16 << 10];
    loop {
        match pipe.read(&mut block) {
            Ok(0) => return,
            Ok(count) => {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(block.get(..count).unwrap_or_default());
                let too_many = kept.len().saturating_sub(STDERR_KEPT);
                kept.drain(..too_many);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}
