//! `stconform adapter`: help for those who write adapters.

use super::{Ending, Outcome};
use crate::check::{self, Check, Told};
use crate::interrupt;
use crate::process::{Limits, StartError};
use reports::{Description, shown};
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

/// How much of a text of the adapter is shown, in bytes.
const SHOWN: usize = 400;

const HELP: &str = "\
It starts the adapter, shows what its hello declares, and asks it some easy questions, one at a
time: a small file, metadata, a name that is not ASCII, large integers, an invalid file, an empty
one, and whatever else the hello offers. Then it asks the same with all of them in the pipe at
once, and looks whether the adapter ends when its input does. It stops at nothing.

An adapter is a program that reads requests from its standard input and writes replies to its
standard output, each as one line of JSON. harness/adapters/PROTOCOL.md is the contract; kits/
beside it has a file for several languages that speaks it, and schema/ a JSON Schema for each kind
of line.

An adapter that reads begins like this (`<` is written by the adapter, the hello in one line):
  < {\"protocol\":1,\"name\":\"mine\",\"version\":\"1\",\"language\":\"C\",
     \"operations\":[\"read\"],\"leniencies\":[],\"limits\":{}}
  > {\"seq\":1,\"op\":\"read\",\"path\":\"/tmp/stconform-x7Qd/000001.safetensors\"}
  < {\"seq\":1,\"refused\":\"bad header at byte 17\"}

Examples:
  stconform adapter check -- ./my-adapter
  stconform adapter check -- python3 adapter.py
  stconform adapter check --timeout-ms 60000 -- ./starts-slowly

Exit codes:
  0  every check is ok; go on with `stconform run -- COMMAND`
  1  something is wrong
  2  the adapter cannot be started, or says no hello";

/// Help with writing an adapter
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Check(CheckArgs),
}

/// Check whether an adapter speaks the protocol, and say what is wrong with it
///
/// What is wrong with an implementation is for `stconform run` to say; here an easy valid file that is
/// read wrongly is told, and an invalid one that is accepted is no fault.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
struct CheckArgs {
    /// How long an answer may take, the hello and the end too, in milliseconds
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    timeout_ms: u64,

    /// The adapter and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// An adapter that cannot be started, with what helps.
#[derive(Debug, thiserror::Error)]
#[error("{source}{}", helps(source))]
struct NoStart {
    source: StartError,
}

fn helps(error: &StartError) -> String {
    match check::of_start(error) {
        None => String::new(),
        Some(cause) => format!("\n  likely   {}\n  way out  {}", cause.likely, cause.way_out),
    }
}

pub(super) fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::Check(args) => check(args),
    }
}

fn check(args: &CheckArgs) -> Outcome {
    interrupt::watch()?;
    let limits = Limits { deadline: Duration::from_millis(args.timeout_ms), ..Limits::default() };
    let check = Check::start(args.command.clone(), limits).map_err(|source| NoStart { source })?;
    let mut out = anstream::stdout();
    introduce(&mut out, check.who())?;
    let (mut tried, mut wrong, mut failed) = (0_u64, 0_u64, Ok(()));
    check.make(&mut |told| {
        let (is_tried, is_wrong) = match told.outcome {
            check::Outcome::Ok { .. } => (1, 0),
            check::Outcome::Wrong(_) => (1, 1),
            check::Outcome::NotTried { .. } => (0, 0),
        };
        tried += is_tried;
        wrong += is_wrong;
        if failed.is_ok() {
            failed = tell(&mut out, &told);
        }
    })?;
    failed?;
    if wrong == 0 {
        writeln!(out, "\n{tried} checks, all ok. Go on with `stconform run -- COMMAND`.")?;
        return Ok(Ending::AsExpected);
    }
    writeln!(out, "\n{tried} checks, {wrong} WRONG. The first is often behind the others.")?;
    Ok(Ending::Surprises)
}

/// What the hello declares.
fn introduce(out: &mut impl Write, who: &Description) -> io::Result<()> {
    let text = |text: &str| shown(text.as_bytes(), SHOWN);
    writeln!(out, "{} {}, in {}", text(&who.name), text(&who.version), text(&who.language))?;
    let mut row = |what: &str, value: String| writeln!(out, "  {what:<13} {value}");
    if let Some(build) = &who.build {
        row("build", text(build))?;
    }
    if let Some(source) = &who.source {
        row("source", text(source))?;
    }
    row("operations", list(&who.operations))?;
    row(
        "access",
        if who.access.is_empty() { "one way without a name".to_owned() } else { list(&who.access) },
    )?;
    row("leniencies", list(who.leniencies.iter()))?;
    let limits = who.limits.iter().map(|(limit, value)| match value {
        corpus::LimitValue::Number(number) => {
            let floor = limit.row().floor.filter(|floor| number < floor);
            let counts = floor.map(|floor| format!(", counts as its floor, {floor}"));
            format!("{limit} {number}{}", counts.unwrap_or_default())
        }
        corpus::LimitValue::Dtypes(names) => format!("{limit} {}", text(&names.join(" "))),
    });
    row("limits", list(limits))?;
    if let Some(dtypes) = &who.write_dtypes {
        row("write_dtypes", text(&list(dtypes)))?;
    }
    row("claims", list(&who.claims))?;
    writeln!(out)
}

fn list(all: impl IntoIterator<Item = impl Display>) -> String {
    let texts: Vec<String> = all.into_iter().map(|one| one.to_string()).collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

fn tell(out: &mut impl Write, Told { what, outcome }: &Told) -> io::Result<()> {
    match outcome {
        check::Outcome::Ok { remark: None } => writeln!(out, "ok     {what}"),
        check::Outcome::Ok { remark: Some(remark) } => writeln!(out, "ok     {what} ({remark})"),
        check::Outcome::NotTried { why } => writeln!(out, "-      {what}: not tried, {why}"),
        check::Outcome::Wrong(wrong) => {
            writeln!(out, "WRONG  {what}")?;
            writeln!(out, "         came      {}", wrong.came)?;
            writeln!(out, "         expected  {}", wrong.expected)?;
            writeln!(out, "         likely    {}", wrong.cause.likely)?;
            writeln!(out, "         way out   {}", wrong.cause.way_out)?;
            if let Some(stderr) = &wrong.stderr {
                writeln!(out, "         its error output:")?;
                for line in stderr.lines() {
                    writeln!(out, "           {line}")?;
                }
            }
            Ok(())
        }
    }
}
