//! How a process ended, in words.

use reports::Death;
use rustix::process::Signal;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// What an exit status says. An end with exit code 0 counts as a death too: it is looked at only
/// where an answer should have come.
pub(super) fn death_of(status: ExitStatus) -> Death {
    match (status.signal(), status.code()) {
        (Some(number), _) => Death::Signal { number, name: signal_name(number) },
        (None, Some(0) | None) => Death::EarlyExit,
        (None, Some(code)) => Death::Exit { code },
    }
}

fn signal_name(number: i32) -> String {
    [
        (Signal::ABORT, "SIGABRT"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::HUP, "SIGHUP"),
        (Signal::ILL, "SIGILL"),
        (Signal::INT, "SIGINT"),
        (Signal::KILL, "SIGKILL"),
        (Signal::PIPE, "SIGPIPE"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::SYS, "SIGSYS"),
        (Signal::TERM, "SIGTERM"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::XFSZ, "SIGXFSZ"),
    ]
    .into_iter()
    .find(|(signal, _)| signal.as_raw() == number)
    .map_or_else(|| "unnamed".to_owned(), |(_, name)| name.to_owned())
}
