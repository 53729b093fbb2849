//! Reads what a process writes, with bounded memory, until it ends, and writes what it is to read.

use crate::protocol::MAX_LINE;
use reports::{Unfinished, ends, shown};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much of the beginning of the error output is kept, and how much of its end, in bytes.
const STDERR_KEPT: usize = 2 << 10;
/// How much of a line without an end is kept, in bytes.
const UNFINISHED_KEPT: usize = 400;

/// What came out of a process.
#[derive(PartialEq, Eq)]
pub(super) enum Event {
    /// Lines, without their line feeds.
    Lines(VecDeque<Vec<u8>>),
    /// A line that is longer than the runner takes; nothing is read after it.
    TooLong,
    /// The output ended, with these bytes after the last line feed.
    End(Vec<u8>),
}

/// Hands on lines of bounded length until the output ends or nobody listens. What a line has while
/// its end is missing stands in `unfinished`.
pub(super) fn read_lines(
    mut pipe: impl Read,
    to: &SyncSender<Event>,
    unfinished: &Mutex<Option<Unfinished>>,
) {
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
        let mut whole = VecDeque::new();
        let mut is_too_long = false;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            let (head, behind) = rest.split_at(at);
            line.extend_from_slice(head);
            is_too_long = line.len() > MAX_LINE;
            if is_too_long {
                break;
            }
            whole.push_back(std::mem::take(&mut line));
            rest = behind.get(1..).unwrap_or_default();
        }
        if !whole.is_empty() && to.send(Event::Lines(whole)).is_err() {
            return;
        }
        if is_too_long {
            let _ = to.send(Event::TooLong);
            return;
        }
        line.extend_from_slice(rest);
        if line.len() > MAX_LINE {
            let _ = to.send(Event::TooLong);
            return;
        }
        *locked(unfinished) = (!line.is_empty())
            .then(|| Unfinished { bytes: length(&line), line: shown(&line, UNFINISHED_KEPT) });
    }
    let _ = to.send(Event::End(line));
}

/// Writes lines, those that wait at once, until there are no more to come. A process that is gone
/// shows in its output, with the reason why.
pub(super) fn write_lines(mut pipe: impl Write, lines: &Receiver<String>) {
    while let Ok(first) = lines.recv() {
        let mut block = first;
        block.push('\n');
        while let Ok(line) = lines.try_recv() {
            block += &line;
            block.push('\n');
        }
        if pipe.write_all(block.as_bytes()).and_then(|()| pipe.flush()).is_err() {
            return;
        }
    }
}

/// The beginning and the end of an output.
#[derive(Default)]
pub(super) struct Ends {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    left_out: u64,
}

impl Ends {
    fn add(&mut self, bytes: &[u8]) {
        let room = STDERR_KEPT.saturating_sub(self.head.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let too_many = self.tail.len().saturating_sub(STDERR_KEPT);
        self.left_out = self.left_out.saturating_add(u64::try_from(too_many).unwrap_or(u64::MAX));
        self.tail.drain(..too_many);
    }

    /// Both as text that a terminal cannot act on.
    pub(super) fn text(&self) -> String {
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        ends(&self.head, self.left_out, &tail)
    }
}

/// Reads the error output to its end, so that the process never waits for us, and keeps the
/// beginning and the end of it.
pub(super) fn keep_ends(mut pipe: impl Read, kept: &Mutex<Ends>) {
    let mut block = vec![0; 16 << 10];
    loop {
        match pipe.read(&mut block) {
            Ok(0) => return,
            Ok(count) => locked(kept).add(block.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// What is behind a lock; a thread that panicked while it held one leaves nothing half done here.
pub(super) fn locked<T>(behind: &Mutex<T>) -> MutexGuard<'_, T> {
    behind.lock().unwrap_or_else(PoisonError::into_inner)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_output_the_beginning_and_the_end_are_kept() {
        let mut kept = Ends::default();
        for number in 0..1000 {
            kept.add(format!("line {number}\n").as_bytes());
        }
        let text = kept.text();
        assert!(text.starts_with("line 0\nline 1\n"), "{text}");
        assert!(text.contains("\n… 4794 bytes …\n"), "{text}");
        assert!(text.ends_with("line 998\nline 999"), "{text}");
    }

    #[test]
    fn a_short_output_is_kept_whole() {
        let mut kept = Ends::default();
        kept.add(&[b'a'; 3000]);
        kept.add(&[b'b'; 1096]);
        assert_eq!(kept.text(), format!("{}{}", "a".repeat(3000), "b".repeat(1096)));
    }
}
