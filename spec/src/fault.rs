//! Faults: what the parser does when a rule is broken.
//!
//! The parser is written once, over the trait [`Faults`]. With [`First`] it stops at the first
//! fault and pays nothing for diagnosis; with [`All`] it goes on, as far as the rules say that a
//! look goes on, and keeps every violation.

use crate::file::{PREFIX_LEN, widen};
use crate::leniency::{Leniencies, Leniency};
use crate::parse::Member;
use crate::rules::RuleId;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// One broken rule, where it is broken, and what was found there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: RuleId,
    /// The place: byte positions in the file, end excluded. For a fault of the layout, the
    /// offsets in the header that say so.
    pub bytes: Range<u64>,
    /// What was found, as a noun phrase.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { start, end } = self.bytes;
        write!(f, "{} at bytes {start}..{end}: found {}", self.rule, self.found)
    }
}

/// How many violations of one rule are kept. A hostile header of 100 MB can hold sixteen million;
/// beyond this number the next one says nothing new and only costs memory.
pub const KEPT_PER_RULE: usize = 1_000;

/// The look has ended: nothing after this place can be judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop;

/// What the parser does at a fault. Places are byte positions in the header text.
pub(crate) trait Faults {
    /// Whether members are kept for the second look.
    const COLLECTS: bool;

    /// What the text is called where it ends too early.
    const TEXT: &str = "header text";

    /// Takes note of a broken rule; says whether the look goes on.
    fn report(
        &mut self,
        rule: RuleId,
        at: Range<usize>,
        found: impl FnOnce() -> String,
    ) -> Result<(), Stop>;

    /// Takes note of a fault that a leniency covers, if that leniency is switched on; says so.
    fn tolerate(
        &mut self,
        leniency: Leniency,
        at: Range<usize>,
        found: impl FnOnce() -> String,
    ) -> bool;

    /// Keeps a member of the header for the checks on sizes and layout.
    fn keep(&mut self, member: Member);

    /// Takes note of a fault that a leniency covers: tolerated (`true`) or reported (`false`).
    fn report_unless(
        &mut self,
        leniency: Leniency,
        at: Range<usize>,
        found: impl Fn() -> String,
    ) -> Result<bool, Stop> {
        if self.tolerate(leniency, at.clone(), &found) {
            return Ok(true);
        }
        self.report(leniency.relaxes(), at, found)?;
        Ok(false)
    }
}

/// Stops at the first fault, whatever it is.
pub(crate) struct First;

impl Faults for First {
    const COLLECTS: bool = false;

    fn report(
        &mut self,
        _: RuleId,
        _: Range<usize>,
        _: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        Err(Stop)
    }

    fn tolerate(&mut self, _: Leniency, _: Range<usize>, _: impl FnOnce() -> String) -> bool {
        false
    }

    fn keep(&mut self, _: Member) {}
}

/// Keeps every fault, and sorts them into violations and what the leniencies cover.
pub(crate) struct All<'a> {
    leniencies: &'a Leniencies,
    /// A rule whose check is taken out.
    without: Option<RuleId>,
    pub(crate) violations: Kept,
    pub(crate) tolerated: Kept,
    pub(crate) members: Vec<Member>,
}

impl<'a> All<'a> {
    pub(crate) fn new(leniencies: &'a Leniencies) -> Self {
        Self {
            leniencies,
            without: None,
            violations: Kept::default(),
            tolerated: Kept::default(),
            members: Vec::new(),
        }
    }

    /// The same without the check of one rule: where it is broken, the look goes on as if nothing
    /// had been seen.
    pub(crate) fn without(mut self, rule: RuleId) -> Self {
        self.without = Some(rule);
        self
    }
}

impl Faults for All<'_> {
    const COLLECTS: bool = true;

    fn report(
        &mut self,
        rule: RuleId,
        at: Range<usize>,
        found: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        if self.without != Some(rule) {
            self.violations.add(rule, at, found);
        }
        Ok(())
    }

    fn tolerate(
        &mut self,
        leniency: Leniency,
        at: Range<usize>,
        found: impl FnOnce() -> String,
    ) -> bool {
        let covered = self.leniencies.has(leniency);
        if covered {
            self.tolerated.add(leniency.relaxes(), at, found);
        }
        covered
    }

    fn keep(&mut self, member: Member) {
        self.members.push(member);
    }
}

/// A list of violations, cut to [`KEPT_PER_RULE`] of each rule.
#[derive(Default)]
pub(crate) struct Kept {
    list: Vec<Violation>,
    counts: BTreeMap<RuleId, usize>,
    omitted: u64,
}

impl Kept {
    /// Adds a violation at a place in the header text.
    fn add(&mut self, rule: RuleId, at: Range<usize>, found: impl FnOnce() -> String) {
        let in_file = |position: usize| widen(position) + widen(PREFIX_LEN);
        self.add_at(rule, in_file(at.start)..in_file(at.end), found);
    }

    /// Adds a violation at a place in the file.
    pub(crate) fn add_at(
        &mut self,
        rule: RuleId,
        bytes: Range<u64>,
        found: impl FnOnce() -> String,
    ) {
        let count = self.counts.entry(rule).or_insert(0);
        if *count < KEPT_PER_RULE {
            *count += 1;
            self.list.push(Violation { rule, bytes, found: found() });
        } else {
            self.omitted = self.omitted.saturating_add(1);
        }
    }

    /// How many violations were not kept.
    pub(crate) fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Drops the violations of rules that do not pass.
    pub(crate) fn retain(&mut self, pass: impl Fn(RuleId) -> bool) {
        self.list.retain(|violation| pass(violation.rule));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The violations, by rule in the order of the table, then by place.
    pub(crate) fn into_sorted(mut self) -> Vec<Violation> {
        self.list.sort_by(|a, b| {
            (a.rule, a.bytes.start, a.bytes.end).cmp(&(b.rule, b.bytes.start, b.bytes.end))
        });
        self.list
    }
}
