//! What Linux tells of processes in `/proc`; elsewhere it tells nothing. Nothing is decided here.

use std::fs;

/// A field of `/proc/PID/stat`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field {
    /// The process that started it, or that adopted it.
    Parent,
    /// Its process group.
    Group,
}

/// The processes with this number in a field.
pub(crate) fn with(field: Field, number: i32) -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(move |pid| stat(*pid, field) == Some(number))
}

/// A field stands so many spaces behind the name of the process, which may hold anything.
fn stat(pid: i32, field: Field) -> Option<i32> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let behind = stat.iter().rposition(|byte| *byte == b')')?;
    let text = std::str::from_utf8(stat.get(behind..)?).ok()?;
    let place = match field {
        Field::Parent => 2,
        Field::Group => 3,
    };
    text.split(' ').nth(place)?.parse().ok()
}

/// A line of `/proc/PID/status` that tells of memory, in bytes.
pub(crate) fn memory(pid: i32, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}
