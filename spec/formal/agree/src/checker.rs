//! The conversation with the checker: requests are written ahead from a thread, answers are read in
//! their order. What an answer is worth is decided elsewhere.

use crate::answer::{Answer, Garbled};
use crate::sample::{Sample, Setting};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// How many bytes of requests go to the reader of the answers at once.
const BATCH: usize = 1 << 16;

/// How many batches may lie between the writer and the reader.
const AHEAD: usize = 8;

/// The checker did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CheckerError {
    /// It cannot be started.
    #[error("cannot start the checker `{}`; `spec/formal/run.sh checker` builds it", path.display())]
    Start {
        /// The program.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It ended before it had answered.
    #[error("the checker `{}` died ({status}) after {answered} answers, at {about}", path.display())]
    Died {
        /// The program.
        path: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// How many answers there were.
        answered: u64,
        /// What it was asked.
        about: String,
    },
    /// It answered everything, and ended with a failure all the same.
    #[error("the checker `{}` answered everything, and then failed ({status})", path.display())]
    Failed {
        /// The program.
        path: PathBuf,
        /// How it ended.
        status: ExitStatus,
    },
    /// It wrote something that is no answer.
    #[error("the checker `{}` does not keep to the protocol, at {about}", path.display())]
    Garbled {
        /// The program.
        path: PathBuf,
        /// What it was asked.
        about: String,
        /// What it wrote.
        #[source]
        source: Garbled,
    },
    /// Its answers cannot be read.
    #[error("cannot talk to the checker `{}`", path.display())]
    Talk {
        /// The program.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// How a conversation ended that did not end well.
#[derive(Debug)]
enum Broken {
    /// There were no more answers.
    End(u64, String),
    Garbled(String, Garbled),
    Io(io::Error),
}

/// Asks a checker everything about some files, and hands on each answer.
///
/// # Errors
///
/// The checker cannot be started, dies, or writes something else than answers.
pub fn ask(
    path: &Path,
    samples: impl Iterator<Item = Sample> + Send,
    take: impl FnMut(&Sample, &Setting, Answer),
) -> Result<(), CheckerError> {
    let path = path.to_owned();
    raise_stack();
    let mut command = Command::new(&path);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let child = command.spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(source) => return Err(CheckerError::Start { path, source }),
    };
    let ended = match (child.stdin.take(), child.stdout.take()) {
        (Some(requests), Some(answers)) => {
            converse(samples, requests, BufReader::new(answers), take, || {
                // Whatever it still writes, nobody reads it.
                let _ = child.kill();
            })
        }
        _ => Err(Broken::Io(io::ErrorKind::BrokenPipe.into())),
    };
    let status = match child.wait() {
        Ok(status) => status,
        Err(source) => return Err(CheckerError::Talk { path, source }),
    };
    match ended {
        Ok(()) if status.success() => Ok(()),
        Ok(()) => Err(CheckerError::Failed { path, status }),
        Err(Broken::End(answered, about)) => {
            Err(CheckerError::Died { path, status, answered, about })
        }
        Err(Broken::Garbled(about, source)) => Err(CheckerError::Garbled { path, about, source }),
        Err(Broken::Io(source)) => Err(CheckerError::Talk { path, source }),
    }
}

/// Lets the checker have as much stack as the system allows: it recurses along a header text. Where
/// it cannot have more, its death by a long header is told like any other.
fn raise_stack() {
    let Rlimit { current: _, maximum } = getrlimit(Resource::Stack);
    let _ = setrlimit(Resource::Stack, Rlimit { current: maximum, maximum });
}

/// Writes the requests from a thread of its own, and reads the answers here.
fn converse(
    samples: impl Iterator<Item = Sample> + Send,
    requests: impl Write + Send,
    mut answers: impl BufRead,
    take: impl FnMut(&Sample, &Setting, Answer),
    give_up: impl FnOnce(),
) -> Result<(), Broken> {
    let (send, receive) = sync_channel(AHEAD);
    thread::scope(|scope| {
        scope.spawn(move || write_requests(samples, requests, &send));
        let ended = read_answers(receive, &mut answers, take);
        if matches!(ended, Err(Broken::Garbled(..) | Broken::Io(_))) {
            // The writer may stand in front of a full pipe.
            give_up();
        }
        ended
    })
}

type Batch = Arc<Vec<Sample>>;

/// A batch is handed on before its requests are written, so that the reader reads while this thread
/// writes: neither ever waits for bytes that the other holds back.
fn write_requests(
    samples: impl Iterator<Item = Sample>,
    requests: impl Write,
    send: &SyncSender<Batch>,
) {
    let mut requests = BufWriter::with_capacity(BATCH, requests);
    let (mut batch, mut size) = (Vec::new(), 0);
    let mut flush = |batch: Vec<Sample>| {
        let batch = Arc::new(batch);
        // An error of either means that the other side has ended, and it knows why.
        send.send(Arc::clone(&batch)).is_ok() && write_batch(&batch, &mut requests).is_ok()
    };
    for sample in samples {
        size += (sample.head.len() + 64) * sample.settings.len();
        batch.push(sample);
        if size >= BATCH {
            if !flush(std::mem::take(&mut batch)) {
                return;
            }
            size = 0;
        }
    }
    flush(batch);
}

fn write_batch(batch: &[Sample], requests: &mut impl Write) -> io::Result<()> {
    for sample in batch {
        for setting in sample.settings.iter() {
            let (version, names) = (setting.version, setting.names());
            writeln!(requests, "check {version} {names} {} {}", sample.len, sample.head.len())?;
            requests.write_all(&sample.head)?;
        }
    }
    requests.flush()
}

fn read_answers(
    receive: Receiver<Batch>,
    answers: &mut impl BufRead,
    mut take: impl FnMut(&Sample, &Setting, Answer),
) -> Result<(), Broken> {
    let mut line = String::new();
    let mut answered = 0;
    for batch in receive {
        for sample in batch.iter() {
            for setting in sample.settings.iter() {
                let about = || format!("{}, {setting}", sample.origin);
                line.clear();
                answers.read_line(&mut line).map_err(Broken::Io)?;
                // A line without its end is one in the middle of which the checker died.
                let Some(line) = line.strip_suffix('\n') else {
                    return Err(Broken::End(answered, about()));
                };
                let answer =
                    Answer::parse(line).map_err(|error| Broken::Garbled(about(), error))?;
                answered += 1;
                take(sample, setting, answer);
            }
        }
    }
    line.clear();
    if answers.read_line(&mut line).map_err(Broken::Io)? > 0 {
        let garbled = Garbled { line, what: "an answer that nobody asked for" };
        return Err(Broken::Garbled("the end".to_owned(), garbled));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Origin;

    fn samples(count: u64) -> impl Iterator<Item = Sample> + Send {
        (0..count).map(|index| Sample {
            origin: Origin::Small { scope: "test", index },
            head: vec![b'\n'; 300],
            len: index,
            settings: Setting::few(),
        })
    }

    /// A conversation with a thread that reads every request and answers by its number.
    fn with_fake(
        count: u64,
        fake: impl Fn(u64) -> Option<String> + Send,
    ) -> (u64, Result<(), Broken>) {
        let (mut from_us, to_fake) = io::pipe().unwrap();
        let (from_fake, mut to_us) = io::pipe().unwrap();
        let mut seen = 0;
        let ended = thread::scope(|scope| {
            scope.spawn(move || {
                let mut from_us = BufReader::new(&mut from_us);
                for number in 0.. {
                    let mut request = String::new();
                    if from_us.read_line(&mut request).unwrap() == 0 {
                        return;
                    }
                    let words: Vec<&str> = request.trim_end().split(' ').collect();
                    assert_eq!(words[..2], ["check", "1.4"]);
                    let mut head = vec![0; words[4].parse().unwrap()];
                    io::Read::read_exact(&mut from_us, &mut head).unwrap();
                    let Some(answer) = fake(number) else { return };
                    to_us.write_all(answer.as_bytes()).unwrap();
                }
            });
            let take = |_: &Sample, _: &Setting, _| seen += 1;
            converse(samples(count), to_fake, BufReader::new(from_fake), take, || {})
        });
        (seen, ended)
    }

    fn right(_: u64) -> Option<String> {
        Some("refused LEN-1\n".to_owned())
    }

    #[test]
    fn more_is_asked_than_any_pipe_holds_and_every_answer_arrives() {
        let (seen, ended) = with_fake(5_000, right);
        assert!(ended.is_ok(), "{ended:?}");
        assert_eq!(seen, 10_000);
    }

    #[test]
    fn a_checker_that_ends_early_is_told_with_what_it_was_asked() {
        let (seen, ended) = with_fake(5, |number| right(number).filter(|_| number < 3));
        assert_eq!(seen, 3);
        let Err(Broken::End(3, about)) = ended else { panic!("{ended:?}") };
        assert!(
            about.starts_with("file 1 of \"test\", version 1.4, leniencies: leading-"),
            "{about}"
        );
    }

    #[test]
    fn half_a_line_is_no_answer() {
        let half =
            |number| if number == 2 { Some("refused LEN-1".to_owned()) } else { right(number) };
        let (seen, ended) = with_fake(2, |number| half(number).filter(|_| number < 3));
        assert!(matches!(ended, Err(Broken::End(2, _))), "{ended:?}");
        assert_eq!(seen, 2);
    }

    #[test]
    fn a_line_too_many_is_noticed() {
        let twice =
            |number| right(number).map(|line| if number == 3 { line.repeat(2) } else { line });
        let (_, ended) = with_fake(2, twice);
        assert!(matches!(ended, Err(Broken::Garbled(..))), "{ended:?}");
    }
}
