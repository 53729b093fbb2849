//! `stconform diff`: what became better or worse from one record to another.

use super::{Ending, Outcome};
use reports::diff::text::differences;
use reports::{Diff, Record};
use std::io::Write;
use std::path::PathBuf;

const HELP: &str = "\
Rows are matched by vector, operation, part and way of access. What became of one:
  regressed  it was as expected, and is not any more
  changed    it is as expected in neither record, and the verdict is another
  added      it is in the new record alone
  removed    it is in the old record alone
  shifted    it is as expected in both, and the verdict is another: conforms, then unsupported
  fixed      it was not as expected, and is now
As expected are the verdicts conforms, lenient, limited and unsupported, where no ways of access
disagree. Other readings and other messages under one verdict are no difference.

Each row has a cause: the implementation answers otherwise, or something else was asked, expected,
declared or selected. The implementation is named only where nothing else explains the row.

In CI, hold a change against the record of a run of the main branch. The run itself may end with 1,
since what failed before may go on to fail:
  stconform run --record new.jsonl -- ./adapter || test $? -eq 1
  stconform diff main.jsonl new.jsonl

Exit codes:
  0  nothing became worse
  1  something regressed, or was added and is not as expected, and is no known failure
  2  a record cannot be read: missing, cut off, of another version, or no record";

/// Compare two records that `run --record` wrote, and say what became better or worse
///
/// They may be of two versions of an implementation, of two builds, or of two implementations; the
/// head says what the two runs have in common. When they were made does not matter.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Args {
    /// The record to compare with
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The record that is compared
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// Show every row, not the first ten of a kind alone
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    let (old, new) = (Record::read(&args.old)?, Record::read(&args.new)?);
    let diff = Diff::of(&old, &new);
    let most = if args.all { None } else { Some(super::run::SHOWN) };
    write!(anstream::stdout(), "{}", differences(&diff, most))?;
    Ok(if diff.is_worse() { Ending::Surprises } else { Ending::AsExpected })
}
