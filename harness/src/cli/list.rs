//! `stconform list`: what there is to ask about.

use super::{Ending, Outcome};
use crate::profile::Profile;
use clap::{Args as ClapArgs, ValueEnum};
use corpus::{
    AREAS, Consequence, MemoryBudget, Outcome as Said, TaskOutcome, Tier, Vector, tasks, vectors,
};
use reports::{Operation, Verdict};
use spec::{DTYPES, LENIENCIES, LIMITS, RULES, RuleId, Version};
use std::io::Write;

/// List vectors, rules, and every other closed list, one item a line.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  stconform list                       every vector
  stconform list --area layout         the vectors of one area
  stconform list --rule NAME-1         the vectors about one rule
  stconform list rules                 every rule
  stconform list tasks                 what a writer is asked to write

Exit code: 0; 2 for a wrong argument; 4 if nothing is selected.")]
pub(super) struct Args {
    /// What to list
    #[arg(value_enum, default_value_t = What::Vectors)]
    what: What,
    /// Only vectors of this area
    #[arg(long, value_name = "AREA")]
    area: Option<String>,
    /// Only vectors about this rule
    #[arg(long, value_name = "RULE")]
    rule: Option<RuleId>,
    /// Show what this format version says of each vector
    #[arg(long, value_name = "VERSION", default_value_t = Version::LATEST)]
    format_version: Version,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Vectors,
    Rules,
    Leniencies,
    Limits,
    Dtypes,
    Operations,
    Verdicts,
    Areas,
    Consequences,
    Profiles,
    Budgets,
    Tasks,
}

/// An area that has no vectors.
#[derive(Debug, thiserror::Error)]
#[error("there is no area `{area}`; known: {}", known.join(", "))]
struct UnknownArea {
    area: String,
    known: Vec<String>,
}

/// A condition on vectors, on a list of something else.
#[derive(Debug, thiserror::Error)]
#[error("--area and --rule choose among vectors; leave them out, or list vectors")]
struct NoVectors;

pub(super) fn run(args: &Args) -> Outcome {
    let chooses = args.area.is_some() || args.rule.is_some();
    if chooses && !matches!(args.what, What::Vectors) {
        return Err(NoVectors.into());
    }
    let dtypes = format!("{} dtypes", spec::DTYPE_FLOOR.len());
    let lines: Vec<String> = match args.what {
        What::Vectors => of_vectors(args)?,
        What::Rules => RULES
            .iter()
            .map(|rule| {
                format!(
                    "{:<7} {:<6} {:<6} {}  {}",
                    rule.id,
                    rule.level.to_string(),
                    rule.subject.to_string(),
                    rule.since,
                    rule.sentence
                )
            })
            .collect(),
        What::Leniencies => LENIENCIES
            .iter()
            .map(|row| format!("{:<28} {:<7} {}", row.name, row.relaxes, row.reading))
            .collect(),
        What::Limits => LIMITS
            .iter()
            .map(|row| {
                let floor = row.floor.map_or(dtypes.clone(), |floor| floor.to_string());
                format!("{:<16} floor {floor:<12} {}", row.name, row.refuses)
            })
            .collect(),
        What::Dtypes => DTYPES
            .iter()
            .map(|row| {
                format!(
                    "{:<12} {:>2} bits  since {}  {}",
                    row.name, row.bits, row.since, row.meaning
                )
            })
            .collect(),
        What::Operations => Operation::ALL
            .iter()
            .map(|operation| format!("{:<12} {}", operation.name(), operation.meaning()))
            .collect(),
        What::Verdicts => Verdict::ALL
            .iter()
            .map(|verdict| format!("{verdict:<16} {}", verdict.meaning()))
            .collect(),
        What::Areas => {
            AREAS.iter().map(|area| format!("{:<12} {}", area.name, area.about)).collect()
        }
        What::Consequences => {
            Consequence::ALL.iter().map(|consequence| consequence.name().to_owned()).collect()
        }
        What::Profiles => Profile::ALL
            .iter()
            .map(|profile| {
                let names: Vec<&str> = profile.operations().iter().map(|one| one.name()).collect();
                format!("{profile:<16} {:<18} {}", names.join(", "), profile.meaning())
            })
            .collect(),
        What::Budgets => {
            let MemoryBudget { base, per_byte } = MemoryBudget::default();
            let mib = base >> 20;
            vec![
                format!(
                    "memory  {mib} MiB for each answer, and {per_byte} bytes for each byte of the file"
                ),
                "time    10 s for each answer, and 1 s for each MiB of the file, at most 300 s"
                    .to_owned(),
            ]
        }
        What::Tasks => tasks()
            .iter()
            .map(|task| {
                let said = match &task.outcome {
                    TaskOutcome::Write(_) => "write".to_owned(),
                    TaskOutcome::WriteOrRefuse(_, rule) => format!("write or {rule}"),
                    TaskOutcome::Refuse(rule) => format!("refuse {rule}"),
                };
                format!("{:<48} {said:<14} {}", task.id, task.summary)
            })
            .collect(),
    };
    let mut out = anstream::stdout().lock();
    for line in &lines {
        writeln!(out, "{line}")?;
    }
    if lines.is_empty() {
        anstream::eprintln!("error: no vector was selected; `stconform list` shows all of them");
        return Ok(Ending::NothingSelected);
    }
    Ok(Ending::AsExpected)
}

fn of_vectors(args: &Args) -> Result<Vec<String>, UnknownArea> {
    if let Some(area) = &args.area {
        let mut known: Vec<String> =
            vectors().iter().map(|vector| vector.id.area().to_owned()).collect();
        known.dedup();
        if !known.contains(area) {
            return Err(UnknownArea { area: area.clone(), known });
        }
    }
    let selected = |vector: &&Vector| {
        args.area.as_ref().is_none_or(|area| vector.id.area() == area)
            && args.rule.is_none_or(|rule| vector.rules.contains(&rule))
    };
    let line = |vector: &Vector| {
        let said = match vector.outcome(args.format_version) {
            Some(Said::Accept) => "accept".to_owned(),
            Some(Said::Reject(rule)) => format!("reject {rule}"),
            None => String::new(),
        };
        let tier = match vector.tier {
            Tier::Stored => "",
            Tier::Giant => " (giant)",
        };
        format!("{:<48} {said:<14} {}{tier}", vector.id, vector.summary)
    };
    Ok(vectors().iter().filter(selected).map(line).collect())
}
