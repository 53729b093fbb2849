//! `stconform explain`: all that is known of one rule, vector, leniency, limit or dtype.

mod draw;
mod task;

use self::draw::draw;
use self::task::of_task;
use super::{Ending, Outcome};
use crate::validate::{Rules, Style, render, render_model, shown, validate, validate_model};
use clap::Args as ClapArgs;
use corpus::{
    Content, Folder, FolderItem, Outcome as Said, Provenance, Task, TaskOutcome, Vector, VectorId,
    tasks, vectors,
};
use spec::{
    DTYPES, DtypeRow, File, LENIENCIES, LIMITS, Leniencies, Leniency, Limit, RULES, Rule, RuleId,
    Version,
};
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::Path;

/// Explain a rule, a vector, a leniency, a limit or a dtype.
///
/// For a rule: its sentence, how to repair a file that breaks it, and the vectors about it. For a
/// vector: what is in it, what each format version expects and why, what goes wrong
/// otherwise, where it comes from, and its bytes with the place of the fault.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  stconform explain LAY-4
  stconform explain layout/gap-before-first
  stconform explain duplicate-last-wins

Exit code: 0, or 2 if there is no such id.")]
pub(super) struct Args {
    /// A rule (`LAY-4`), a vector (`area/situation`), a leniency, a limit or a dtype
    #[arg(value_name = "ID")]
    id: String,
}

/// How many tensors of a reading are listed.
const READING_LINES: usize = 24;

/// How much of an index is shown: lines, and characters of a line.
const INDEX_LINES: usize = 40;
const INDEX_LINE: usize = 160;

/// An id that names nothing.
#[derive(Debug, thiserror::Error)]
#[error("there is no rule, vector, task, leniency, limit or dtype `{id}`{}", suggestion(near))]
struct UnknownId {
    id: String,
    near: Vec<String>,
}

fn suggestion(near: &[String]) -> String {
    if near.is_empty() {
        return "; `stconform list rules` and `stconform list vectors` show all ids".to_owned();
    }
    let quoted: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    format!("; did you mean {}?", quoted.join(" or "))
}

pub(super) fn run(args: &Args) -> Outcome {
    let style = if std::io::stdout().is_terminal() { Style::Coloured } else { Style::Plain };
    let text = explain(&args.id, style)?;
    anstream::stdout().lock().write_all(text.as_bytes())?;
    Ok(Ending::AsExpected)
}

fn explain(id: &str, style: Style) -> Result<String, UnknownId> {
    if let Ok(rule) = id.parse::<RuleId>() {
        return Ok(of_rule(&rule.rule()));
    }
    if let Ok(leniency) = id.parse::<Leniency>() {
        return Ok(of_leniency(leniency));
    }
    if let Ok(limit) = id.parse::<Limit>() {
        return Ok(of_limit(limit));
    }
    if let Some(row) = DTYPES.iter().find(|row| row.name == id) {
        return Ok(of_dtype(row));
    }
    if let Some(task) = tasks().iter().find(|task| task.id.as_str() == id) {
        return Ok(of_task(task));
    }
    match id.parse::<VectorId>().ok().and_then(|id| corpus::find(&id)) {
        Some(vector) => Ok(of_vector(vector, style)),
        None => Err(UnknownId { id: id.to_owned(), near: near(id) }),
    }
}

/// Up to three known ids that look like this one.
fn near(id: &str) -> Vec<String> {
    let wanted = id.to_lowercase();
    let known = RULES
        .iter()
        .map(|rule| rule.id.to_string())
        .chain(LENIENCIES.iter().map(|row| row.name.to_owned()))
        .chain(LIMITS.iter().map(|row| row.name.to_owned()))
        .chain(vectors().iter().map(|vector| vector.id.to_string()))
        .chain(tasks().iter().map(|task| task.id.to_string()));
    let mut scored: Vec<(f64, String)> = known
        .map(|known| (strsim::jaro_winkler(&wanted, &known.to_lowercase()), known))
        .filter(|(score, _)| *score > 0.85)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.into_iter().take(3).map(|(_, id)| id).collect()
}

fn of_rule(rule: &Rule) -> String {
    let mut text = format!(
        "{}  ({}, {}, since {})\n\n{}\n",
        rule.id, rule.level, rule.subject, rule.since, rule.sentence
    );
    if let Some(repair) = rule.repair {
        let _ = writeln!(text, "\nrepair: {repair}");
    }
    for row in LENIENCIES.iter().filter(|row| row.relaxes == rule.id) {
        let _ = writeln!(text, "\nrelaxed by the leniency `{}`: {}", row.name, row.reading);
    }
    let about: Vec<&Vector> =
        vectors().iter().filter(|vector| vector.rules.contains(&rule.id)).collect();
    list(&mut text, "valid files that show it", &about, |said| matches!(said, Said::Accept));
    list(&mut text, "files that break it", &about, |said| *said == Said::Reject(rule.id));
    let refusing: Vec<&Task> = tasks()
        .iter()
        .filter(|task| matches!(task.outcome, TaskOutcome::Refuse(own) if own == rule.id))
        .collect();
    if !refusing.is_empty() {
        text += "\nmodels that a writer must refuse by it:\n";
    }
    for task in refusing {
        let _ = writeln!(text, "  {:<40} {}", task.id, task.summary);
    }
    let _ = writeln!(
        text,
        "\nWhy it is so, and where that comes from: spec/safetensors.md, {}",
        rule.id
    );
    text
}

fn list(text: &mut String, title: &str, about: &[&Vector], shows: impl Fn(&Said) -> bool) {
    let latest = |vector: &&&Vector| vector.outcome(Version::LATEST).is_some_and(&shows);
    let mut showing = about.iter().filter(latest).peekable();
    if showing.peek().is_some() {
        let _ = writeln!(text, "\n{title}:");
    }
    for vector in showing {
        let _ = writeln!(text, "  {:<44} {}", vector.id, vector.summary);
    }
}

fn of_leniency(leniency: Leniency) -> String {
    let row = leniency.row();
    let mut text =
        format!("{}  (leniency, relaxes {})\n\n{}\n", row.name, row.relaxes, row.reading);
    let _ = writeln!(text, "\n{}: {}", row.relaxes, row.relaxes.rule().sentence);
    let _ = writeln!(text, "\nvectors that a reader with it accepts:");
    let forgiven = |vector: &&Vector| vector.lenient.iter().any(|(with, _)| *with == leniency);
    for vector in vectors().iter().filter(forgiven) {
        let _ = writeln!(text, "  {:<44} {}", vector.id, vector.summary);
    }
    text
}

fn of_limit(limit: Limit) -> String {
    let row = limit.row();
    let floor = match row.floor {
        Some(floor) => format!("{floor} {}", row.unit),
        None => {
            let names: Vec<&str> = spec::DTYPE_FLOOR.iter().map(|dtype| dtype.name()).collect();
            names.join(", ")
        }
    };
    format!(
        "{}  (limit)\n\n{}\nA reader that declares it may refuse them, as unsupported.\n\nfloor: {floor}\n",
        row.name, row.refuses
    )
}

fn of_dtype(row: &DtypeRow) -> String {
    format!(
        "{}  (dtype, {} bits, since {})\n\n{}\n\nlayout: {}\nsource: {}\n",
        row.name, row.bits, row.since, row.meaning, row.layout, row.source
    )
}

fn of_vector(vector: &Vector, style: Style) -> String {
    let mut text = format!("{}\n\n{}\n", vector.id, vector.summary);
    let _ = writeln!(text, "\nexpected:");
    for (versions, said) in by_versions(vector) {
        let _ = match said {
            Said::Accept => writeln!(text, "  format version {versions}: accept"),
            Said::Reject(rule) => writeln!(text, "  format version {versions}: reject, {rule}"),
        };
    }
    let _ = writeln!(text, "\nrules:");
    for rule in &vector.rules {
        let _ = writeln!(text, "  {:<7} {}", rule.to_string(), rule.rule().sentence);
    }
    if let Some(consequence) = vector.consequence {
        let _ =
            writeln!(text, "\nif a reader gets it wrong: {consequence}: {}", consequence.meaning());
    }
    for limit in vector.limits() {
        let _ = writeln!(
            text,
            "\nmay be refused, as unsupported, under the limit `{limit}`: {}",
            limit.row().refuses
        );
    }
    if let Some(twin) = &vector.twin {
        let _ = writeln!(text, "\ntwin: {twin}, the valid file that differs in the one fault");
    }
    for (leniency, reading) in &vector.lenient {
        let _ = writeln!(text, "\nunder the leniency `{leniency}` it reads:");
        describe(&mut text, reading);
    }
    if let Some(reading) = &vector.reading {
        let _ = writeln!(text, "\nreading:");
        describe(&mut text, reading);
    }
    provenance(&mut text, &vector.provenance);
    match &vector.content {
        Content::Bytes(_) => {
            let _ = writeln!(
                text,
                "\nfile: corpus/{} ({} bytes)\n",
                vector.path().unwrap_or_default(),
                vector.content.len()
            );
            text.push_str(&draw(vector));
            text.push('\n');
            text.push_str(&examined(vector, style));
        }
        Content::OnDemand { .. } => {
            let _ = writeln!(text, "\nfile: made on demand, {} bytes\n", vector.content.len());
            text.push_str(&draw(vector));
        }
        Content::Folder(folder) => of_folder(&mut text, vector, folder, style),
    }
    text
}

fn provenance(text: &mut String, provenance: &Provenance) {
    match provenance {
        Provenance::Recipe { file, report } => {
            let _ = writeln!(text, "\nprovenance: the recipe in corpus/{file}");
            if let Some(report) = report {
                let _ = writeln!(text, "re-creates: {report}");
            }
        }
        Provenance::Golden { file: _, model, written_by } => {
            let _ = writeln!(
                text,
                "\nprovenance: the model `{model}` of corpus/golden/models.py, written by"
            );
            for by in written_by {
                let _ = writeln!(
                    text,
                    "  {} {} ({}, {} on {}): {}",
                    by.writer, by.version, by.language, by.package, by.registry, by.command
                );
            }
        }
    }
}

/// What the oracle finds in the file, with the place of each fault.
fn examined(vector: &Vector, style: Style) -> String {
    let bytes = vector.bytes();
    let rules = Rules { version: Version::LATEST, leniencies: Leniencies::none() };
    let file = File::whole(&bytes);
    let name = format!("{}.safetensors", vector.id);
    render(&validate(Path::new(&name), file, &rules), &bytes, style)
}

/// The files of a sharded model, its index, and what the oracle finds in it.
fn of_folder(text: &mut String, vector: &Vector, folder: &Folder, style: Style) {
    if !vector.advises.is_empty() {
        let rules: Vec<&str> = vector.advises.iter().map(|rule| rule.as_str()).collect();
        let _ = writeln!(text, "\nrecommendations not followed: {}", rules.join(", "));
    }
    let _ = writeln!(text, "\nfolder: corpus/vectors/{}", vector.id);
    for entry in &folder.entries {
        let path = short(&entry.path);
        let _ = match &entry.item {
            FolderItem::Bytes(_) => writeln!(text, "  {path}  {} bytes", entry.item.len()),
            FolderItem::OnDemand(_) => {
                writeln!(text, "  {path}  {} bytes, made on demand", entry.item.len())
            }
            FolderItem::Link(target) => writeln!(text, "  {path}  link to {target}"),
        };
    }
    let around = folder.around_index();
    let index = around.bytes(folder.index_place().1).unwrap_or_default();
    let _ = writeln!(text, "\nindex: {}", folder.index);
    for line in String::from_utf8_lossy(index).lines().take(INDEX_LINES) {
        let _ = writeln!(text, "  {}", cut(&shown(line), INDEX_LINE));
    }
    text.push('\n');
    let validated = validate_model(Path::new(&folder.index), index, &around, Version::LATEST);
    text.push_str(&render_model(&validated, index, style));
}

/// The expectations, with neighbouring versions that say the same in one line.
fn by_versions(vector: &Vector) -> Vec<(String, &Said)> {
    let mut lines: Vec<(Version, Version, &Said)> = Vec::new();
    for (version, said) in Version::ALL.into_iter().zip(&vector.outcomes) {
        match lines.last_mut() {
            Some((_, last, same)) if *same == said => *last = version,
            Some(_) | None => lines.push((version, version, said)),
        }
    }
    let range = |(first, last, said): (Version, Version, _)| {
        let versions = if first == last { first.to_string() } else { format!("{first} to {last}") };
        (versions, said)
    };
    lines.into_iter().map(range).collect()
}

fn describe(text: &mut String, reading: &corpus::Reading) {
    if reading.tensors().is_empty() {
        let _ = writeln!(text, "  no tensors");
    }
    for tensor in reading.tensors().iter().take(READING_LINES) {
        let _ = writeln!(
            text,
            "  {}  {} {}  sha256 {}",
            short(&format!("{:?}", tensor.name)),
            tensor.dtype,
            short(&format!("{:?}", tensor.shape)),
            tensor.sha256.map_or_else(String::new, |digest| digest.to_string())
        );
    }
    if let Some(more) = reading.tensors().len().checked_sub(READING_LINES).filter(|more| *more > 0)
    {
        let _ = writeln!(text, "  … and {more} tensors more");
    }
    for (key, value) in reading.metadata() {
        let (key, value) = (short(&format!("{key:?}")), short(&format!("{value:?}")));
        let _ = writeln!(text, "  metadata {key}: {value}");
    }
}

/// The beginning of a text that may be very long.
fn short(text: &str) -> String {
    cut(text, 72)
}

fn cut(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().take(most).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
