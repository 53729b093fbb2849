//! What is left of a run that a signal ended: nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rustix::process::{Pid, Signal, kill_process};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const FAKE: &str = env!("CARGO_BIN_EXE_fake-adapter");

#[test]
fn a_signal_ends_the_run_and_leaves_no_process_and_no_folder() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let folder = tempfile::tempdir().unwrap();
        let (numbers, stage) = (folder.path().join("numbers"), folder.path().join("stage"));
        std::fs::create_dir(&stage).unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_stconform"))
            .args(["run", "--area", "framing", "--jobs", "1", "--timeout-ms", "50000", "--"])
            .args([FAKE, "hang-with-a-child", numbers.to_str().unwrap()])
            .env("TMPDIR", &stage)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until(|| read(&numbers).ends_with('.'));
        assert_eq!(count(&stage), 1, "the folder of the run");
        kill_process(Pid::from_child(&run), signal).unwrap();
        let status = run.wait().unwrap();
        assert_eq!((status.code(), status.signal()), (Some(code), None));
        assert_eq!(count(&stage), 0, "a folder is left");
        for number in read(&numbers).trim_end_matches('.').split(' ') {
            until(|| is_gone(number));
        }
    }
}

fn until(holds: impl Fn() -> bool) {
    let late = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < late, "it does not come to be");
        sleep(Duration::from_millis(5));
    }
}

/// Whether a process is dead; whoever has to reap it may take its time.
fn is_gone(number: &str) -> bool {
    let status = read(&Path::new("/proc").join(number).join("status"));
    status.lines().find(|line| line.starts_with("State:")).is_none_or(|line| line.contains('Z'))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}
