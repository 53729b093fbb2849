//! How far a run is: a bar on a terminal, and elsewhere a line now and then.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How long nothing is said, and then between two lines.
const PAUSE: Duration = Duration::from_secs(5);

/// How far a run is.
pub(super) struct Progress {
    done: usize,
    all: usize,
    surprises: usize,
    form: Form,
}

enum Form {
    Bar(ProgressBar),
    Lines { said: Instant },
}

impl Progress {
    /// Of so many questions, of which some are answered already.
    pub(super) fn of(all: usize, done: usize) -> Self {
        let form = if std::io::stderr().is_terminal() {
            let length = u64::try_from(all).unwrap_or(u64::MAX);
            let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {eta} left");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            Form::Bar(bar)
        } else {
            Form::Lines { said: Instant::now() }
        };
        Self { done, all, surprises: 0, form }
    }

    /// One more is done.
    pub(super) fn step(&mut self, is_surprise: bool) {
        self.done += 1;
        self.surprises += usize::from(is_surprise);
        let Self { done, all, surprises, form } = self;
        match form {
            Form::Bar(bar) => {
                bar.set_position(u64::try_from(*done).unwrap_or(u64::MAX));
                bar.set_message(format!("{surprises} surprises"));
            }
            Form::Lines { said } if said.elapsed() > PAUSE => {
                *said = Instant::now();
                anstream::eprintln!("{done} of {all} asked, {surprises} surprises");
            }
            Form::Lines { .. } => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Form::Bar(bar) = &self.form {
            bar.finish_and_clear();
        }
    }
}
