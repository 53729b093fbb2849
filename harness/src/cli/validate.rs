//! `stconform validate`: judges files, prints what was found, and picks the exit code.

use super::{Ending, Outcome, leniencies};
use crate::validate::{FileReport, HeaderBytes, Rules, Style, render, validate};
use spec::Version;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Say whether files are valid safetensors files, and where they are not.
///
/// Reads the header of each file through a memory map and never touches the tensor data, so a
/// file of any size takes milliseconds. The files must not change meanwhile.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit code:
  0  every file is valid (or accepted under --lenient)
  1  some file is not
  2  some file could not be read, or the command line is wrong

With --json, one object a line:
  {\"file\",\"valid\",\"minimum_version\",\"violations\":[{\"rule\",\"level\",\"start\",\"end\",\"message\"}],
   \"warnings\":[…],\"reading\":{\"tensors\":[{\"name\",\"dtype\",\"shape\",\"begin\",\"end\"}],\"metadata\"}}
  valid            by the format version and the leniencies that were asked for; under --lenient
                   each fault that was covered is a warning with the name of its \"leniency\"
  minimum_version  the lowest format version that says so, or null if none does
  start, end       bytes of the file, end excluded; begin and end of a tensor count from the start
                   of the data buffer
  A file with very many violations has \"violations_omitted\", the number that is not listed.
  A file that could not be read has \"valid\":null and \"error\".")]
pub(super) struct Args {
    /// The files to judge
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Judge by this format version: 1.0, 1.1, 1.2, 1.3 or 1.4
    #[arg(long, value_name = "VERSION", default_value_t = Version::LATEST)]
    format_version: Version,
    /// Switch on leniencies, separated by commas; `all` for every one (see `list leniencies`)
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    lenient: Vec<leniencies::Choice>,
    /// Print one JSON object a file
    #[arg(long)]
    json: bool,
}

/// What became of one file, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Judged {
    Valid,
    Invalid,
    Unreadable,
}

pub(super) fn run(args: &Args) -> Outcome {
    let rules =
        Rules { version: args.format_version, leniencies: leniencies::chosen(&args.lenient) };
    let mut out = anstream::stdout().lock();
    let style = if io::stdout().is_terminal() { Style::Coloured } else { Style::Plain };
    let mut worst = Judged::Valid;
    for path in &args.files {
        let outcome = if args.json {
            json(path, &rules, &mut out)?
        } else {
            text(path, &rules, style, &mut out)?
        };
        worst = worst.max(outcome);
    }
    out.flush()?;
    Ok(match worst {
        Judged::Valid => Ending::AsExpected,
        Judged::Invalid => Ending::Surprises,
        Judged::Unreadable => Ending::CouldNotRun,
    })
}

fn text(path: &Path, rules: &Rules, style: Style, out: &mut impl Write) -> io::Result<Judged> {
    let header = match HeaderBytes::open(path) {
        Ok(header) => header,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            return Ok(Judged::Unreadable);
        }
    };
    let validated = validate(path, header.file(), rules);
    write!(out, "{}", render(&validated, header.prefix(), style))?;
    Ok(outcome(validated.examination.reading().is_some()))
}

fn json(path: &Path, rules: &Rules, out: &mut impl Write) -> io::Result<Judged> {
    let header = match HeaderBytes::open(path) {
        Ok(header) => header,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            let report = FileReport::unreadable(path, error.to_string());
            serde_json::to_writer(&mut *out, &report)?;
            writeln!(out)?;
            return Ok(Judged::Unreadable);
        }
    };
    let validated = validate(path, header.file(), rules);
    serde_json::to_writer(&mut *out, &FileReport::of(&validated))?;
    writeln!(out)?;
    Ok(outcome(validated.examination.reading().is_some()))
}

fn outcome(accepted: bool) -> Judged {
    if accepted { Judged::Valid } else { Judged::Invalid }
}
