//! `stconform report`: prints what a record says, long after the run.

use super::{Ending, Outcome};
use crate::controls::controls;
use crate::plan::{PlanError, Question, plan};
use crate::select::{Criteria, Tiers};
use reports::text::{Extras, report};
use reports::{Record, Row};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

/// Print the report of a record that `run --record` wrote
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  every verdict of the record is as expected or known
  1  the record holds surprises
  2  the record cannot be read: missing, cut off, of another version, or no record")]
pub(super) struct Args {
    /// The record
    #[arg(value_name = "FILE")]
    record: PathBuf,

    /// Show every surprise, not the first ten alone
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    let record = Record::read(&args.record)?;
    let extras = Extras {
        controls: controls(&asked(&record)?),
        most: if args.all { None } else { Some(super::run::SHOWN) },
        stale: Vec::new(),
    };
    write!(anstream::stdout(), "{}", report(&record, &extras))?;
    let surprises = record.rows.iter().any(Row::is_surprise);
    Ok(if surprises { Ending::Surprises } else { Ending::AsExpected })
}

/// The questions of the rows, as far as this corpus has them.
fn asked(record: &Record) -> Result<Vec<Question>, PlanError> {
    let criteria = Criteria { tiers: Tiers::All, ..Criteria::default() };
    let header = &record.header;
    let mut questions = plan(&criteria, &header.implementation, header.format_version)?;
    let keys: BTreeSet<_> = record.rows.iter().map(Row::key).collect();
    questions.retain(|question| {
        let case = question.case();
        let id = question.subject.id();
        keys.contains(&(id, question.operation, case.as_deref(), question.access))
    });
    Ok(questions)
}
