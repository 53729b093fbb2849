//! `stconform run`: asks implementations about the corpus, and reports what came of it.

use super::record_file::RecordFile;
use super::{Ending, Outcome, leniencies};
use crate::builtin::{Builtin, InProcess};
use crate::clock;
use crate::controls::controls;
use crate::implementation::Implementation;
use crate::interrupt;
use crate::known::KnownFailures;
use crate::process::Process;
use crate::runner;
use crate::select::{Criteria, Tiers};
use corpus::Vector;
use reports::record::{FORMAT, FORMAT_VERSION};
use reports::text::{Extras, report};
use reports::{Access, Description, Header, Record};
use spec::{REVISION, RuleId, Version};
use std::error::Error;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

const EXIT_CODES: &str = "\
Exit codes:
  0  every verdict is as expected: conforms, lenient, limited, unsupported, or a known failure
  1  a surprise: any other verdict, or a known failure that is no longer true
  2  the run could not be made
  4  no vector was selected";

/// Ask implementations about the corpus and judge what they do
///
/// Without --impl and without a command, every built-in implementation is run, each in a process
/// of its own. A command after `--` is an adapter: a program that speaks the protocol of
/// adapters/PROTOCOL.md.
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    /// A built-in implementation; may be given more than once
    #[arg(long = "impl", value_name = "NAME", value_enum, conflicts_with = "command")]
    implementations: Vec<Builtin>,

    /// Leniencies to declare on behalf of the implementation, separated by commas; `all` for every one
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    lenient: Vec<leniencies::Choice>,

    /// The format version to judge by
    #[arg(long, value_name = "VERSION", default_value_t = Version::LATEST)]
    format_version: Version,

    /// Only vectors whose id matches, such as `json/*`; may be given more than once
    #[arg(long, value_name = "PATTERN")]
    filter: Vec<String>,

    /// Only vectors of this area; may be given more than once
    #[arg(long, value_name = "AREA")]
    area: Vec<String>,

    /// Only vectors that are about this rule; may be given more than once
    #[arg(long, value_name = "RULE")]
    rule: Vec<RuleId>,

    /// Only vectors of this tier; the giants are files of up to 8 GiB, mostly holes, made one at a time
    #[arg(long, value_enum, default_value_t)]
    tier: Tiers,

    /// Write the record of the run to a file; a record holds one implementation, so name one
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    /// Failures that are known, as TOML; one that is no longer true fails the run
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,

    /// How long each answer may take, the hello of an adapter too; a second more for each MiB of
    /// the file, and at most five minutes more
    #[arg(long, value_name = "MS", default_value_t = 10_000,
          value_parser = clap::value_parser!(u64).range(1..))]
    timeout_ms: u64,

    /// Run built-in implementations inside this process: faster, but a hang or an abort ends the run
    #[arg(long, conflicts_with = "command")]
    in_process: bool,

    /// Show every surprise, not the first ten alone
    #[arg(long)]
    all: bool,

    /// The adapter: a program and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// How many surprises are shown unless all are asked for.
pub(super) const SHOWN: usize = 10;

/// What a run cannot be made from.
#[derive(Debug, thiserror::Error)]
enum UsageError {
    #[error("a record holds one implementation, and this run has {0}; name one with --impl")]
    OneRecord(usize),
}

pub(super) fn run(args: &Args) -> Outcome {
    let targets = args.targets();
    if args.record.is_some() && targets.len() != 1 {
        return Err(UsageError::OneRecord(targets.len()).into());
    }
    let record = args.record.as_deref().map(RecordFile::at).transpose()?;
    let known = match &args.known {
        Some(path) => KnownFailures::read(path)?,
        None => KnownFailures::default(),
    };
    let criteria = Criteria {
        filters: args.filter.clone(),
        areas: args.area.clone(),
        rules: args.rule.clone(),
        tiers: args.tier,
    };
    let vectors = criteria.select(corpus::vectors())?;
    if vectors.is_empty() {
        anstream::eprintln!("error: no vector was selected; the areas are {}", areas());
        return Ok(Ending::NothingSelected);
    }
    for pattern in criteria.idle_filters(corpus::vectors())? {
        anstream::eprintln!("warning: no vector has an id like `{pattern}`");
    }
    interrupt::watch()?;
    if args.in_process {
        // The panics of what is tested are observations, and the report shows them.
        std::panic::set_hook(Box::new(|_| {}));
    }
    let mut ending = Ending::AsExpected;
    for (position, target) in targets.iter().enumerate() {
        if position > 0 {
            writeln!(anstream::stdout())?;
        }
        ending = ending.max(run_one(args, target, &criteria, &vectors, &known, record.as_ref())?);
    }
    Ok(ending)
}

fn areas() -> String {
    let files = corpus::vectors().iter().filter(|vector| vector.operation().is_read());
    let mut names: Vec<&str> = files.map(|vector| vector.id.area()).collect();
    names.dedup();
    names.join(", ")
}

/// What is run.
enum Target {
    Builtin(Builtin),
    Adapter(Vec<OsString>),
}

impl Args {
    fn targets(&self) -> Vec<Target> {
        if !self.command.is_empty() {
            vec![Target::Adapter(self.command.clone())]
        } else if self.implementations.is_empty() {
            Builtin::ALL.into_iter().map(Target::Builtin).collect()
        } else {
            self.implementations.iter().copied().map(Target::Builtin).collect()
        }
    }

    fn open(&self, target: &Target) -> Result<(Box<dyn Implementation>, Access), Box<dyn Error>> {
        let command = match target {
            Target::Builtin(builtin) if self.in_process => {
                let inside = InProcess(builtin.open(self.format_version));
                return Ok((Box::new(inside), Access::InProcess));
            }
            Target::Builtin(builtin) => vec![
                std::env::current_exe()?.into(),
                "serve".into(),
                builtin.name().into(),
                "--format-version".into(),
                self.format_version.as_str().into(),
            ],
            Target::Adapter(command) => command.clone(),
        };
        let process = Process::start(command, Duration::from_millis(self.timeout_ms))?;
        Ok((Box::new(process), Access::Process))
    }

    /// What the implementation declares together with what is declared for it, and the names of
    /// the latter.
    fn declare(&self, own: Description) -> (Description, Vec<String>) {
        let asked = leniencies::chosen(&self.lenient);
        let added: Vec<String> = asked
            .iter()
            .filter(|leniency| !own.leniencies.has(*leniency))
            .map(|leniency| leniency.to_string())
            .collect();
        let leniencies = own.leniencies.iter().chain(asked.iter()).collect();
        (Description { leniencies, ..own }, added)
    }
}

fn run_one(
    args: &Args,
    target: &Target,
    criteria: &Criteria,
    vectors: &[&Vector],
    known: &KnownFailures,
    record_file: Option<&RecordFile>,
) -> Outcome {
    let (mut implementation, access) = args.open(target)?;
    let (who, declared_for_it) = args.declare(implementation.describe());
    let mut rows = runner::run(implementation.as_mut(), &who, vectors, args.format_version)?;
    drop(implementation);
    let stale = known.apply(&who.name, &mut rows, |id| corpus::find(id).is_some());
    let header = Header {
        format: FORMAT.to_owned(),
        version: FORMAT_VERSION,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        revision: REVISION.to_owned(),
        format_version: args.format_version,
        corpus: corpus::digest()?.to_string(),
        implementation: who,
        declared_for_it,
        access,
        when: clock::now(),
        selection: criteria.recorded(corpus::vectors()),
    };
    let record = Record::new(header, rows);
    if let Some(file) = record_file {
        file.write(&record.to_lines()?)?;
    }
    let extras = Extras {
        controls: controls(vectors, args.format_version),
        most: if args.all { None } else { Some(SHOWN) },
        stale: stale.iter().map(ToString::to_string).collect(),
    };
    write!(anstream::stdout(), "{}", report(&record, &extras))?;
    let is_clean = stale.is_empty() && !record.rows.iter().any(reports::Row::is_surprise);
    Ok(if is_clean { Ending::AsExpected } else { Ending::Surprises })
}
