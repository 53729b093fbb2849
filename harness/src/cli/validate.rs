//! `stconform validate`: judges files, prints what was found, and picks the exit code.

use super::{Ending, Outcome, leniencies};
use crate::validate::{
    FileReport, HeaderBytes, ModelFiles, OpenError, Rules, Style, indexes_in, is_index, render,
    render_model, validate, validate_model,
};
use spec::Version;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Say whether files and sharded models are valid, and where they are not.
///
/// The index of a sharded model (`*.index.json`), or a directory that holds one, stands for the
/// model: the index is judged together with the shards that it names, without any leniency.
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
  file             of a sharded model the index; its tensors have the \"shard\" that holds them
  valid            by the format version and the leniencies that were asked for; under --lenient
                   each fault that was covered is a warning with the name of its \"leniency\"
  minimum_version  the lowest format version that says so, or null if none does
  start, end       bytes of the file, end excluded; begin and end of a tensor count from the start
                   of the data buffer
  A file with very many violations has \"violations_omitted\", the number that is not listed.
  A file that could not be read has \"valid\":null and \"error\".")]
pub(super) struct Args {
    /// The files, indexes and directories with an index to judge
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
    // Where colours are not for a terminal, their removal takes other control characters along.
    let mut out: Box<dyn Write> =
        if args.json { Box::new(io::stdout().lock()) } else { Box::new(anstream::stdout().lock()) };
    let style = if io::stdout().is_terminal() { Style::Coloured } else { Style::Plain };
    let mut worst = Judged::Valid;
    for path in args.files.iter().flat_map(|path| expanded(path)) {
        let form = if args.json { Form::Json } else { Form::Text(style) };
        worst = worst.max(judge(&path, &rules, form, &mut out)?);
    }
    out.flush()?;
    Ok(match worst {
        Judged::Valid => Ending::AsExpected,
        Judged::Invalid => Ending::Surprises,
        Judged::Unreadable => Ending::CouldNotRun,
    })
}

/// How a report is printed.
#[derive(Clone, Copy)]
enum Form {
    Text(Style),
    Json,
}

/// The indexes of a directory that holds some; any other path as it is.
fn expanded(path: &Path) -> Vec<PathBuf> {
    let indexes = indexes_in(path);
    if indexes.is_empty() { vec![path.to_owned()] } else { indexes }
}

fn judge(path: &Path, rules: &Rules, form: Form, out: &mut impl Write) -> io::Result<Judged> {
    let judged =
        if is_index(path) { model(path, rules, form, out) } else { file(path, rules, form, out) };
    match judged? {
        Ok(true) => Ok(Judged::Valid),
        Ok(false) => Ok(Judged::Invalid),
        Err(error) => {
            anstream::eprintln!("error: {error}");
            if let Form::Json = form {
                line(out, &FileReport::unreadable(path, error.to_string()))?;
            }
            Ok(Judged::Unreadable)
        }
    }
}

/// Whether a file was accepted, or why it could not be read.
type Answer = io::Result<Result<bool, OpenError>>;

fn file(path: &Path, rules: &Rules, form: Form, out: &mut impl Write) -> Answer {
    let header = match HeaderBytes::open(path) {
        Ok(header) => header,
        Err(error) => return Ok(Err(error)),
    };
    let validated = validate(path, header.file(), rules);
    match form {
        Form::Text(style) => write!(out, "{}", render(&validated, header.prefix(), style))?,
        Form::Json => line(out, &FileReport::of(&validated))?,
    }
    Ok(Ok(validated.examination.reading().is_some()))
}

fn model(path: &Path, rules: &Rules, form: Form, out: &mut impl Write) -> Answer {
    let files = match ModelFiles::open(path) {
        Ok(files) => files,
        Err(error) => return Ok(Err(error)),
    };
    let validated = validate_model(path, files.text(), &files, rules.version);
    match form {
        Form::Text(style) => write!(out, "{}", render_model(&validated, files.text(), style))?,
        Form::Json => line(out, &FileReport::of_model(&validated))?,
    }
    Ok(Ok(validated.examination.reading().is_some()))
}

fn line(out: &mut impl Write, report: &FileReport<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, report)?;
    writeln!(out)
}
