//! The report for people: head line, table of counts, controls, and what did not go as expected.
//!
//! Colours are ANSI sequences in the text; whoever prints it strips them where they do not belong.
//! Nothing here decides a verdict, or prints.

use crate::describe::{Description, Operation};
use crate::observation::Observation;
use crate::record::{Alone, Expected, Header, Isolation, Record, Row, Selection, Twin};
use crate::shown::shown;
use crate::tally::{Counts, Proof, Tally};
use crate::verdict::Verdict;
use anstyle::{AnsiColor, Style};
use corpus::LimitValue;
use spec::{DTYPE_FLOOR, Leniency, RuleId};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How much of a foreign text a line shows, in bytes.
pub(crate) const SHOWN: usize = 160;
/// How many lines of an error output are shown, of its beginning and again of its end.
const STDERR_LINES: usize = 3;
/// What stands between two columns.
const GUTTER: &str = "  ";

pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();

/// What the report shows besides the record.
#[derive(Clone, Debug)]
pub struct Extras {
    /// The controls: a name, and how many rows conform.
    pub controls: Vec<(&'static str, u64)>,
    /// How many surprises to show; `None` for all.
    pub most: Option<usize>,
    /// What to say of known failures that are no longer true.
    pub stale: Vec<String>,
}

/// The report of one run.
#[must_use]
pub fn report(record: &Record, extras: &Extras) -> String {
    let tally = Tally::of(&record.rows);
    let mut out = String::new();
    head(&mut out, record, &tally);
    out.push('\n');
    table(&mut out, &tally);
    out.push('\n');
    controls(&mut out, extras, tally.total.rows());
    notes(&mut out, record, &tally);
    surprises(&mut out, record, extras);
    if !extras.stale.is_empty() {
        out.push('\n');
    }
    for message in &extras.stale {
        line(&mut out, &format!("{} {message}", painted(BAD, "stale")));
    }
    out
}

pub(crate) fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

fn head(out: &mut String, record: &Record, tally: &Tally) {
    let header = &record.header;
    let who = &header.implementation;
    let build = who.build.as_deref().map(|build| format!(", {build}")).unwrap_or_default();
    let place = place(header.isolation);
    line(
        out,
        &shown(
            format!("{} {} ({}{build}), {place}", who.name, who.version, who.language).as_bytes(),
            SHOWN,
        ),
    );
    let corpus = header.corpus.get(..12).unwrap_or(&header.corpus);
    line(
        out,
        &format!(
            "format version {}, spec {}, corpus {corpus}, {} of {} questions",
            header.format_version,
            header.revision,
            tally.total.rows(),
            header.selection.of
        ),
    );
    if let Some(selected) = selected(&header.selection) {
        line(out, &format!("selected: {selected}"));
    }
    line(out, &format!("leniencies: {}", leniencies(header)));
    line(out, &format!("limits: {}", limits(who)));
    let mut offers: Vec<String> = who.operations.iter().map(ToString::to_string).collect();
    if !who.access.is_empty() {
        let ways: Vec<&str> = who.access.iter().map(|access| access.name()).collect();
        offers.push(format!("by {}", ways.join(" and ")));
    }
    offers.extend(who.claims.iter().map(|claim| format!("claims to be {claim}")));
    line(out, &format!("operations: {}", offers.join(", ")));
}

/// Where an implementation ran.
pub(crate) const fn place(isolation: Isolation) -> &'static str {
    match isolation {
        Isolation::Process => "in a process of its own",
        Isolation::InProcess => "inside the runner",
        Isolation::ExitCode => "in a process for each file, by its exit code",
    }
}

/// What a run was narrowed to, if to anything.
fn selected(selection: &Selection) -> Option<String> {
    let operations: Vec<String> = selection.operations.iter().map(ToString::to_string).collect();
    let lists = [
        ("id", &selection.filters),
        ("area", &selection.areas),
        ("rule", &selection.rules),
        ("consequence", &selection.consequences),
        ("operation", &operations),
    ];
    let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
    let mut parts: Vec<String> =
        lists.map(|(kind, values)| format!("{kind} {}", values.join(" or "))).collect();
    if selection.tier != "stored" {
        parts.push(format!("tier {}", selection.tier));
    }
    parts.extend(selection.shard.iter().map(|shard| format!("part {shard}")));
    (!parts.is_empty()).then(|| shown(parts.join(", ").as_bytes(), SHOWN))
}

fn leniencies(header: &Header) -> String {
    let by_caller = |name: &str| header.declared_for_it.iter().any(|declared| declared == name);
    let named = |caller: bool| -> String {
        let all = header.implementation.leniencies.iter().map(Leniency::name);
        let some: Vec<&str> = all.filter(|name| by_caller(name) == caller).collect();
        if some.is_empty() { "none".to_owned() } else { some.join(", ") }
    };
    if header.declared_for_it.is_empty() {
        named(false)
    } else {
        format!("{}; declared by the caller: {}", named(false), named(true))
    }
}

fn limits(who: &Description) -> String {
    let values: Vec<String> = who
        .limits
        .iter()
        .map(|(limit, value)| {
            let value = match value {
                LimitValue::Number(number) => match limit.row().floor {
                    Some(floor) if *number < floor => {
                        format!("{number} (below its floor; {floor} counts)")
                    }
                    Some(_) | None => number.to_string(),
                },
                LimitValue::Dtypes(names) => dtypes(names),
            };
            format!("{limit} {value}")
        })
        .collect();
    if values.is_empty() { "none".to_owned() } else { values.join(", ") }
}

fn dtypes(names: &[String]) -> String {
    let lacking: Vec<&str> = DTYPE_FLOOR
        .iter()
        .map(|dtype| dtype.name())
        .filter(|floor| !names.iter().any(|name| name == floor))
        .collect();
    let listed = shown(names.join(" ").as_bytes(), SHOWN);
    if lacking.is_empty() {
        listed
    } else {
        format!("{listed} (below its floor; {} count too)", lacking.join(" "))
    }
}

/// Rows are areas and the total; columns are the verdicts that occur, best first.
fn table(out: &mut String, tally: &Tally) {
    let verdicts: Vec<Verdict> = Verdict::ALL
        .iter()
        .rev()
        .copied()
        .filter(|verdict| *verdict == Verdict::Conforms || tally.total.count(*verdict) > 0)
        .collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut titles = vec!["area".to_owned(), "asked".to_owned()];
    titles.extend(verdicts.iter().map(|verdict| verdict.name().to_owned()));
    titles.push("proven".to_owned());
    rows.push(titles);
    for (area, counts) in &tally.areas {
        rows.push(cells(area, counts, &verdicts));
    }
    if tally.operations.len() > 1 {
        // What stands above is the first of them, by area.
        rows.push(Vec::new());
        for (operation, counts) in &tally.operations {
            rows.push(cells(operation.name(), counts, &verdicts));
        }
    }
    rows.push(cells("all", &tally.total, &verdicts));
    columns(out, &rows);
}

/// Rows of cells as columns, the first to the left and the others to the right.
pub(crate) fn columns(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for row in rows {
        let mut text = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // A write to a `String` cannot fail.
            let _ = match column {
                0 => write!(text, "{cell:<width$}"),
                _ => write!(text, "{GUTTER}{cell:>width$}"),
            };
        }
        line(out, &text);
    }
}

fn cells(area: &str, counts: &Counts, verdicts: &[Verdict]) -> Vec<String> {
    let mut cells = vec![area.to_owned(), counts.rows().to_string()];
    cells.extend(verdicts.iter().map(|verdict| number(counts.count(*verdict))));
    let proof = counts.proof;
    cells.push(match proof.refused() {
        0 => "·".to_owned(),
        refused => format!("{}/{refused}", proof.proven),
    });
    cells
}

/// A count in a table, where nothing is a dot.
pub(crate) fn number(count: u64) -> String {
    if count == 0 { "·".to_owned() } else { count.to_string() }
}

fn controls(out: &mut String, extras: &Extras, rows: u64) {
    let scores: Vec<String> =
        extras.controls.iter().map(|(control, conforms)| format!("{control} {conforms}")).collect();
    if !scores.is_empty() {
        line(out, &format!("controls, conforming of {rows}: {}", scores.join(", ")));
    }
}

/// What the table alone would leave unsaid.
fn notes(out: &mut String, record: &Record, tally: &Tally) {
    let Proof { unproven, unknown, twinless, proven: _ } = tally.total.proof;
    if unproven > 0 {
        let why = "the valid file without the fault was not accepted either";
        line(out, &format!("refusals that show nothing, since {why}: {unproven}"));
    }
    if unknown > 0 {
        let why = "the valid file without the fault was not in the run";
        line(out, &format!("refusals that are not proven, since {why}: {unknown}"));
    }
    if twinless > 0 {
        let why = "this format version has no valid file without the fault";
        line(out, &format!("refusals that cannot be proven, since {why}: {twinless}"));
    }
    let unseen = record.rows.iter().filter(|row| row.observed == Observation::AcceptedUnseen);
    let unseen = unseen.count();
    if unseen > 0 {
        line(out, &format!("accepted, and what was read cannot be seen: {unseen}"));
    }
    let skipped = [Verdict::Limited, Verdict::Unsupported]
        .iter()
        .fold(0_u64, |sum, verdict| sum.saturating_add(tally.total.count(*verdict)));
    let left = record.header.selection.of.saturating_sub(tally.total.rows());
    if skipped > 0 || left > 0 {
        let lacking: Vec<&str> = Operation::ALL
            .iter()
            .filter(|operation| !record.header.implementation.offers(**operation))
            .map(|operation| operation.name())
            .collect();
        let lacking = match lacking.as_slice() {
            [] => String::new(),
            some => format!("; not offered: {}", some.join(", ")),
        };
        let text = format!("{skipped} left aside, {left} not in the run{lacking}");
        line(out, &format!("neither passed nor failed: {text}"));
    }
    writing(out, record);
}

/// What became of files that were written twice: counted, and graded only where it was claimed.
fn writing(out: &mut String, record: &Record) {
    let written: Vec<bool> = record
        .rows
        .iter()
        .filter_map(|row| {
            let Observation::Wrote(written) = &row.observed else { return None };
            written.same_again
        })
        .collect();
    let same = written.iter().filter(|same| **same).count();
    if !written.is_empty() {
        line(out, &format!("written twice with the same bytes: {same} of {}", written.len()));
    }
}

fn surprises(out: &mut String, record: &Record, extras: &Extras) {
    let mut surprises: Vec<&Row> = record.rows.iter().filter(|row| row.is_surprise()).collect();
    // Worst first, since not all of them may be shown; stable, so sorted by vector within.
    surprises.sort_by_key(|row| row.verdict);
    let known = record
        .rows
        .iter()
        .filter(|row| !row.verdict.is_as_expected() && row.known.is_some())
        .count();
    if known > 0 {
        line(out, &format!("known failures: {known}"));
    }
    if surprises.is_empty() {
        if extras.stale.is_empty() {
            line(out, &painted(GOOD, "no surprises"));
        }
        return;
    }
    let most = extras.most.unwrap_or(surprises.len());
    out.push('\n');
    if most < surprises.len() {
        line(out, &format!("{most} of {} surprises (--all shows all):", surprises.len()));
    } else {
        line(out, &format!("surprises: {}", surprises.len()));
    }
    line(out, &format!("by rule: {}", by_rule(&surprises)));
    if surprises.iter().any(|row| row.verdict == Verdict::AcceptedInvalid) {
        let how = "declares the leniency: --lenient, and `stconform list leniencies`";
        line(out, &format!("a reader that accepts an invalid file on purpose {how}"));
    }
    for row in surprises.iter().take(most) {
        surprise(out, row);
    }
}

/// What the report shows of one row that did not go as expected: the verdict, the rule, what was
/// expected, what came, and where there is more.
#[must_use]
pub fn failure(row: &Row) -> String {
    let mut out = String::new();
    surprise(&mut out, row);
    out.trim().to_owned()
}

/// How many surprises there are about each rule, in the order of the rules.
fn by_rule(surprises: &[&Row]) -> String {
    let mut counts: BTreeMap<RuleId, usize> = BTreeMap::new();
    for rule in surprises.iter().filter_map(|row| row.rules.first()) {
        *counts.entry(*rule).or_default() += 1;
    }
    let parts: Vec<String> =
        counts.into_iter().map(|(rule, count)| format!("{rule} {count}")).collect();
    parts.join(", ")
}

fn surprise(out: &mut String, row: &Row) {
    out.push('\n');
    let verdict = match row.verdict.is_as_expected() {
        true => "disagreement",
        false => row.verdict.name(),
    };
    line(out, &format!("{}  {}", painted(STRONG, &row.title()), painted(BAD, verdict)));
    let rule = match row.expected {
        Expected::Reject(rule) => Some(rule),
        Expected::Accept | Expected::Optional => row.rules.first().copied(),
    };
    if let Some(rule) = rule {
        line(out, &format!("  rule      {rule}: {}", rule.rule().sentence));
    }
    line(out, &format!("  expected  {}", expected(row.expected)));
    line(out, &format!("  came      {}", shown_line(&row.observed.to_string())));
    if let Some(detail) = &row.detail {
        line(out, &format!("            {detail}"));
    }
    match &row.alone {
        Some(Alone::Same) => line(out, "            the same when it was asked again, alone"),
        Some(Alone::Other(what)) => {
            let what = shown_line(what);
            line(out, &format!("            not the same when it was asked again, alone: {what}"));
        }
        None => {}
    }
    if !row.disagrees.is_empty() {
        let others: Vec<&str> = row.disagrees.iter().map(|access| access.name()).collect();
        line(out, &format!("            by {} something else came", others.join(" and ")));
    }
    if row.twin == Some(Twin::NotAccepted) {
        line(out, "            the valid file without the fault was not accepted either");
    }
    stderr(out, row, "  ");
    line(out, &format!("  more      stconform explain {}", row.vector));
}

/// The first and the last lines of an error output.
pub(crate) fn stderr(out: &mut String, row: &Row, indent: &str) {
    let errors: Vec<&str> = row
        .observed
        .stderr()
        .iter()
        .flat_map(|text| text.lines())
        .filter(|text| !text.trim().is_empty())
        .collect();
    let last = errors.len().saturating_sub(STDERR_LINES).max(STDERR_LINES);
    let left_out = last.saturating_sub(STDERR_LINES);
    for text in errors.iter().take(STDERR_LINES) {
        line(out, &format!("{indent}stderr    {}", shown(text.as_bytes(), SHOWN)));
    }
    if left_out > 0 {
        line(out, &format!("{indent}          … {left_out} lines more in the record …"));
    }
    for text in errors.iter().skip(last) {
        line(out, &format!("{indent}stderr    {}", shown(text.as_bytes(), SHOWN)));
    }
}

/// What was expected, in words.
pub(crate) fn expected(expected: Expected) -> String {
    match expected {
        Expected::Accept => "accept".to_owned(),
        Expected::Reject(rule) => format!("refuse ({rule})"),
        Expected::Optional => "accept, or leave it aside as unsupported".to_owned(),
    }
}

pub(crate) fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

pub(crate) fn shown_line(text: &str) -> String {
    shown(text.as_bytes(), SHOWN.saturating_mul(2))
}
