//! How much memory a process and what it started take, and the limits that it is given.
//!
//! On Linux this is read from `/proc`; elsewhere nothing is known, and only the limits hold.

use crate::proc::{self, Field};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use std::fs;

/// How much a process may reserve for data beyond the budget of its file, in bytes: what a runtime
/// sets aside before it does anything. An address space is not limited, since Node.js hangs and a
/// JVM dies where it is.
const RESERVE: u64 = 2 << 30;

/// What the members of a process group take.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    /// What each of them took when the question was put, in bytes, and how much room it had.
    before: Vec<(i32, u64, u64)>,
}

impl Watch {
    /// From now on what is taken is counted from what the group takes now.
    pub(super) fn start(group: Pid) -> Self {
        let before = members(group)
            .into_iter()
            .map(|pid| {
                // The peak is set back to what is taken now.
                let _ = fs::write(format!("/proc/{pid}/clear_refs"), "5");
                let of = |name| proc::memory(pid, name).unwrap_or(0);
                (pid, of("VmRSS:"), of("VmSize:"))
            })
            .collect();
        Self { before }
    }

    /// The most that the group took since, in bytes, beyond what it took then.
    pub(super) fn taken(&self, group: Pid) -> u64 {
        let of = |pid: i32| {
            let before = self.before.iter().find(|(known, ..)| *known == pid);
            let peak = proc::memory(pid, "VmHWM:").unwrap_or(0);
            peak.saturating_sub(before.map_or(0, |(_, taken, _)| *taken))
        };
        members(group).into_iter().map(of).fold(0, u64::saturating_add)
    }

    /// The most room that one of the group asked for since, in bytes, beyond what it had then. It
    /// need not have touched it.
    pub(super) fn asked_for(&self, group: Pid) -> u64 {
        let of = |pid: i32| {
            let before = self.before.iter().find(|(known, ..)| *known == pid);
            let peak = proc::memory(pid, "VmPeak:").unwrap_or(0);
            peak.saturating_sub(before.map_or(0, |(.., room)| *room))
        };
        members(group).into_iter().map(of).max().unwrap_or(0)
    }
}

/// The processes of a group. The first of them is there in any case, since it may have left the group.
fn members(group: Pid) -> Vec<i32> {
    let group = group.as_raw_nonzero().get();
    let others = proc::with(Field::Group, group).filter(|pid| *pid != group);
    [group].into_iter().chain(others).collect()
}

/// No core files, which a crash of many gigabytes would leave behind.
pub(super) fn no_core(pid: Pid) {
    limit(pid, Resource::Core, Some(0));
}

/// Lets a process have data up to a budget, and what a runtime reserves; `None` for any amount.
pub(super) fn allow(pid: Pid, budget: Option<u64>) {
    limit(pid, Resource::Data, budget.map(bound));
}

/// How much data a process may have with a budget, in bytes.
pub(super) const fn bound(budget: u64) -> u64 {
    budget.saturating_add(RESERVE)
}

fn limit(pid: Pid, resource: Resource, current: Option<u64>) {
    // It fails where the process is gone, which shows in its output.
    #[cfg(target_os = "linux")]
    let _ = prlimit(Some(pid), resource, Rlimit { current, maximum: None });
    #[cfg(not(target_os = "linux"))]
    let _ = (pid, resource, current);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_counted_from_the_start_of_a_watch() {
        let this = rustix::process::getpid();
        let group = rustix::process::getpgrp();
        let watch = Watch::start(group);
        assert!(members(group).contains(&this.as_raw_nonzero().get()));
        let held = vec![1_u8; 64 << 20];
        let taken = watch.taken(group);
        assert!(taken >= 60 << 20, "{taken} bytes of {}", held.len());
        drop(held);
        // What was taken and given back counts until a new watch is started.
        assert!(watch.taken(group) >= 60 << 20);
        assert!(Watch::start(group).taken(group) < 60 << 20);
    }
}
