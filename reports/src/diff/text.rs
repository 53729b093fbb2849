//! The differences between two records for people: what the runs have in common, how many
//! differences there are of each kind and cause, and which.
//!
//! Colours are ANSI sequences in the text, as they are in [the report](crate::text). Nothing here
//! finds a difference, or prints.

use super::{Aspect, Cause, Change, Diff, Kind, Rows};
use crate::record::{Header, Row};
use crate::shown::shown;
use crate::text::{
    BAD, GOOD, SHOWN, STRONG, columns, expected, line, number, painted, shown_line, stderr,
};
use crate::verdict::Verdict;

/// The differences; of each kind as many rows as `most`, or all.
#[must_use]
pub fn differences(diff: &Diff<'_>, most: Option<usize>) -> String {
    let mut out = String::new();
    head(&mut out, diff);
    if diff.changes.is_empty() {
        line(&mut out, &format!("\n{}", painted(GOOD, "no differences")));
        return out;
    }
    out.push('\n');
    table(&mut out, diff);
    for kind in Kind::ALL {
        rows(&mut out, diff, *kind, most);
    }
    out.push('\n');
    ending(&mut out, diff);
    out
}

fn head(out: &mut String, diff: &Diff<'_>) {
    line(out, &format!("old  {}", who(diff.old)));
    line(out, &format!("new  {}", who(diff.new)));
    let differing = diff.aspects();
    if differing.contains(&Aspect::Name) {
        line(out, "these are two implementations, and not two versions of one");
    }
    let same: Vec<&str> = Aspect::ALL
        .iter()
        .filter(|aspect| !differing.contains(aspect))
        .map(|aspect| aspect.name())
        .collect();
    let same = if same.is_empty() { "nothing".to_owned() } else { same.join(", ") };
    line(out, &format!("the same: {same}"));
    if !differing.is_empty() {
        line(out, "not the same:");
    }
    let width = differing.iter().map(|aspect| aspect.name().len()).max().unwrap_or(0);
    for aspect in differing {
        let changed = changed(aspect, diff);
        line(out, &format!("  {:<width$}  {changed}", aspect.name()));
    }
}

fn who(header: &Header) -> String {
    let who = &header.implementation;
    let build = who.build.as_deref().map(|build| format!(", {build}")).unwrap_or_default();
    shown(format!("{} {} ({}{build})", who.name, who.version, who.language).as_bytes(), SHOWN)
}

/// What the old record says of an aspect, and what the new one says.
fn changed(aspect: Aspect, diff: &Diff<'_>) -> String {
    let (old, new) = (aspect.of(diff.old), aspect.of(diff.new));
    let listed = |some: Vec<&String>| {
        let some: Vec<String> = some.into_iter().map(|said| aspect.shown(said)).collect();
        some.join(", ")
    };
    let (gone, come) =
        (listed(old.difference(&new).collect()), listed(new.difference(&old).collect()));
    if aspect.is_single() {
        return format!("{gone} -> {come}");
    }
    let parts = [("no longer", gone), ("now", come)];
    let parts = parts.into_iter().filter(|(_, listed)| !listed.is_empty());
    parts.map(|(when, listed)| format!("{when} {listed}")).collect::<Vec<_>>().join("; ")
}

/// Rows are the kinds that occur and the total; columns are the causes that occur.
fn table(out: &mut String, diff: &Diff<'_>) {
    let count = |kind: Option<Kind>, cause: Option<Cause>| -> u64 {
        let counted = diff.changes.iter().filter(|change| {
            kind.is_none_or(|kind| change.kind == kind)
                && cause.is_none_or(|cause| change.cause == cause)
        });
        counted.map(|_| 1).sum()
    };
    let all = |cause: &Cause| count(None, Some(*cause));
    let causes: Vec<Cause> = Cause::ALL.iter().copied().filter(|cause| all(cause) > 0).collect();
    let cells = |name: &str, kind: Option<Kind>| {
        let mut cells = vec![name.to_owned()];
        cells.extend(causes.iter().map(|cause| number(count(kind, Some(*cause)))));
        cells.push(number(count(kind, None)));
        cells
    };
    let mut titles = vec!["kind".to_owned()];
    titles.extend(causes.iter().map(|cause| cause.name().to_owned()));
    titles.push("all".to_owned());
    let mut table = vec![titles];
    let kinds = Kind::ALL.iter().copied().filter(|kind| count(Some(*kind), None) > 0);
    table.extend(kinds.map(|kind| cells(kind.name(), Some(kind))));
    table.push(cells("all", None));
    columns(out, &table);
    line(out, &format!("rows that do not differ: {}", diff.same));
    out.push('\n');
    for cause in causes {
        line(out, &format!("{}: {}", cause.name(), cause.meaning()));
    }
}

fn rows(out: &mut String, diff: &Diff<'_>, kind: Kind, most: Option<usize>) {
    let mut changes: Vec<&Change<'_>> =
        diff.changes.iter().filter(|change| change.kind == kind).collect();
    if changes.is_empty() {
        return;
    }
    // Worst first, since not all of them may be shown; stable, so sorted by vector within.
    changes.sort_by_key(|change| badness(change));
    let shown = most.unwrap_or(changes.len()).min(changes.len());
    let count = match changes.len() {
        all if shown < all => format!("{shown} of {all} (--all shows all)"),
        all => all.to_string(),
    };
    line(out, &format!("\n{}: {count}", painted(STRONG, kind.name())));
    for change in changes.into_iter().take(shown) {
        match change.rows {
            Rows::Both { old, new } if matches!(kind, Kind::Regressed | Kind::Changed) => {
                in_full(out, change, old, new);
            }
            Rows::Both { .. } | Rows::Old(_) | Rows::New(_) => {
                let cause = change.cause.name();
                line(out, &format!("  {}  cause: {cause}", title(change)));
            }
        }
    }
}

/// What rows are sorted by: the verdict, where all that is not as expected comes first. Of a row that
/// was fixed it is the old one, since the new ones are all good.
fn badness(change: &Change<'_>) -> (bool, Verdict) {
    let row = match change.rows {
        Rows::Both { old, new: _ } if change.kind == Kind::Fixed => old,
        Rows::Both { .. } | Rows::Old(_) | Rows::New(_) => change.rows.newest(),
    };
    (row.is_as_expected(), row.verdict)
}

/// The row and its verdicts.
fn title(change: &Change<'_>) -> String {
    let (verdicts, known) = match change.rows {
        Rows::Both { old, new } => {
            let known = match (&old.known, &new.known) {
                (_, Some(_)) => ", known",
                (Some(_), None) => ", known before",
                (None, None) => "",
            };
            (format!("{} -> {}", outcome(old), outcome(new)), known)
        }
        Rows::Old(row) | Rows::New(row) => {
            (outcome(row), if row.known.is_some() { ", known" } else { "" })
        }
    };
    format!("{}  {verdicts}{known}", painted(STRONG, &change.rows.newest().title()))
}

fn in_full(out: &mut String, change: &Change<'_>, old: &Row, new: &Row) {
    line(out, &format!("\n  {}", title(change)));
    line(out, &format!("    cause     {}", change.cause.name()));
    let (before, now) = (expected(old.expected), expected(new.expected));
    let expected = if before == now { now } else { format!("{now}; before: {before}") };
    line(out, &format!("    expected  {expected}"));
    came(out, "was ", old);
    came(out, "came", new);
    stderr(out, new, "    ");
    if let Some(known) = &new.known {
        line(out, &format!("    known     {}", shown_line(&known.reason)));
    }
    line(out, &format!("    more      stconform explain {}", new.vector));
}

fn came(out: &mut String, when: &str, row: &Row) {
    line(out, &format!("    {when}      {}", shown_line(&row.observed.to_string())));
    if let Some(detail) = &row.detail {
        line(out, &format!("              {}", shown_line(&detail.to_string())));
    }
    if !row.disagrees.is_empty() {
        let others: Vec<&str> = row.disagrees.iter().map(|access| access.name()).collect();
        line(out, &format!("              by {} something else came", others.join(" and ")));
    }
}

fn outcome(row: &Row) -> String {
    match (row.is_as_expected(), row.verdict.is_as_expected()) {
        (true, _) => row.verdict.to_string(),
        (false, true) => painted(BAD, "disagreement"),
        (false, false) => painted(BAD, row.verdict.name()),
    }
}

/// What it comes to: how many surprises there are that the old record had not.
fn ending(out: &mut String, diff: &Diff<'_>) {
    let count = |kind: Kind, is_worse: bool| {
        let of_kind = diff.changes.iter().filter(|change| change.kind == kind);
        of_kind.filter(|change| change.is_worse() == is_worse).count()
    };
    let known = count(Kind::Regressed, false);
    let worse: Vec<String> = [
        (count(Kind::Regressed, true), "regressed"),
        (count(Kind::Added, true), "added and not as expected"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    let text = match worse.as_slice() {
        [] => painted(GOOD, "nothing became worse"),
        some => format!("{}: {}", painted(BAD, "worse"), some.join(", ")),
    };
    match known {
        0 => line(out, &text),
        known => line(out, &format!("{text}; regressed and known: {known}")),
    }
}
