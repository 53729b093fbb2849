//! `stconform run`: asks implementations about the corpus, and reports what came of it.

mod args;
mod progress;

use super::record_file::{Journal, RecordFile};
use super::{Ending, Outcome, leniencies};
use crate::builtin::{Builtin, InProcess};
use crate::clock;
use crate::controls::controls;
use crate::implementation::Implementation;
use crate::interrupt;
use crate::known::{KnownFailures, Stale};
use crate::plan::{self, Question, plan};
use crate::process::{ExitCodes, Process};
use crate::profile::Fit;
use crate::runner::{self, How, Sink};
use crate::select::Criteria;
pub(super) use args::Args;
use progress::Progress;
use reports::record::{FORMAT, FORMAT_VERSION};
use reports::text::{Extras, report};
use reports::{Budgets, Description, Header, Isolation, Record, Row};
use spec::REVISION;
use std::error::Error;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How many surprises are shown unless all are asked for.
pub(super) const SHOWN: usize = 10;

/// What a run cannot be made from.
#[derive(Debug, thiserror::Error)]
enum UsageError {
    #[error("a record holds one implementation, and this run has {0}; name one with --impl")]
    OneRecord(usize),
    #[error(
        "a list of known failures is about one implementation, and this run has {0}; name one with --impl"
    )]
    OneList(usize),
    #[error("--simple needs a command; put the program after `--`, with {{}} for the file")]
    NoProgram,
    #[error("`{}` is the record of another run: its {what} is another; leave out --resume to begin anew", path.display())]
    OtherRun { path: PathBuf, what: &'static str },
    #[error("`{0}` says another hello each time that it is started; what it says must not change")]
    AnotherHello(String),
}

pub(super) fn run(args: Args) -> Outcome {
    let args = args.with_config()?;
    if args.simple && args.command.is_empty() {
        return Err(UsageError::NoProgram.into());
    }
    let targets = args.targets();
    if args.record.is_some() && targets.len() != 1 {
        return Err(UsageError::OneRecord(targets.len()).into());
    }
    if args.write_known.is_some() && targets.len() != 1 {
        return Err(UsageError::OneList(targets.len()).into());
    }
    let record = args.record.as_deref().map(RecordFile::at).transpose()?;
    let known = match &args.known {
        Some(path) => KnownFailures::read(path)?,
        None => KnownFailures::default(),
    };
    if plan::is_idle(&args.criteria())? {
        anstream::eprintln!("error: nothing was selected; the areas are {}", areas());
        return Ok(Ending::NothingSelected);
    }
    for pattern in args.criteria().idle_filters()? {
        anstream::eprintln!("warning: nothing has an id like `{pattern}`");
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
        ending = ending.max(run_one(&args, target, &known, record.as_ref())?);
    }
    Ok(ending)
}

fn areas() -> String {
    let mut names: Vec<&str> = plan::subjects().map(|subject| subject.id().area()).collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

/// What is run.
enum Target {
    Builtin(Builtin),
    Adapter(Vec<OsString>),
    Simple(Vec<OsString>),
}

type Opened = Box<dyn Implementation + Send>;

impl Args {
    fn targets(&self) -> Vec<Target> {
        if self.simple {
            vec![Target::Simple(self.command.clone())]
        } else if !self.command.is_empty() {
            vec![Target::Adapter(self.command.clone())]
        } else if self.implementations.is_empty() {
            Builtin::ALL.into_iter().map(Target::Builtin).collect()
        } else {
            self.implementations.iter().copied().map(Target::Builtin).collect()
        }
    }

    fn open(&self, target: &Target) -> Result<(Opened, Isolation), Box<dyn Error>> {
        let command = match target {
            Target::Builtin(builtin) if self.in_process => {
                let inside = InProcess(builtin.open(self.version()));
                return Ok((Box::new(inside), Isolation::InProcess));
            }
            Target::Simple(command) => {
                let program = ExitCodes::new(command.clone(), self.limits())?;
                return Ok((Box::new(program), Isolation::ExitCode));
            }
            Target::Builtin(builtin) => vec![
                std::env::current_exe()?.into(),
                "serve".into(),
                builtin.name().into(),
                "--format-version".into(),
                self.version().as_str().into(),
            ],
            Target::Adapter(command) => command.clone(),
        };
        Ok((Box::new(Process::start(command, self.limits())?), Isolation::Process))
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
    known: &KnownFailures,
    record_file: Option<&RecordFile>,
) -> Outcome {
    let (first, isolation) = args.open(target)?;
    let (who, declared_for_it) = args.declare(first.describe());
    let criteria = args.criteria();
    let questions = plan(&criteria, &who, args.version())?;
    let all = plan::all(&who, args.version())?;
    if questions.is_empty() {
        if let Some(profile) = args.profile.filter(|profile| !profile.lacking(&who).is_empty()) {
            let fit = Fit::Lacks(profile.lacking(&who));
            writeln!(anstream::stdout(), "profile {profile}: {fit}")?;
            return Ok(Ending::Surprises);
        }
        if let Some(shard) = criteria.shard
            && !plan(&Criteria { shard: None, ..criteria.clone() }, &who, args.version())?
                .is_empty()
        {
            writeln!(
                anstream::stdout(),
                "part {shard} is empty: there are more parts than groups of vectors"
            )?;
            return Ok(Ending::AsExpected);
        }
        let names: Vec<&str> = who.operations.iter().map(|operation| operation.name()).collect();
        let (name, names) = (&who.name, names.join(", "));
        anstream::eprintln!(
            "error: nothing of what was selected is for {name}, which offers {names}"
        );
        return Ok(Ending::NothingSelected);
    }
    let mut header = Header {
        format: FORMAT.to_owned(),
        version: FORMAT_VERSION,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        revision: REVISION.to_owned(),
        format_version: args.version(),
        corpus: corpus::digest()?.to_string(),
        implementation: who,
        declared_for_it,
        isolation,
        when: clock::now(),
        budgets: Budgets {
            timeout_ms: u64::try_from(args.limits().deadline.as_millis()).unwrap_or(u64::MAX),
            memory_base: args.limits().memory.base,
        },
        selection: criteria.recorded(all.len(), args.canonical),
    };
    let earlier = match record_file.filter(|_| args.resume) {
        Some(file) => resumed(file, args.record.as_deref(), &mut header)?,
        None => Vec::new(),
    };
    let mut sink = Kept {
        journal: record_file.map(|file| file.begin(&header, &earlier)).transpose()?,
        known,
        name: &header.implementation.name,
        progress: Progress::of(questions.len(), earlier.len()),
    };
    let rows = asked(args, target, first, &questions, earlier, &header, &mut sink)?;
    drop(sink);
    finish(args, (&questions, &all), Record::new(header, rows), known, record_file)
}

/// The rows of an interrupted run with the same header; its time becomes that of the header.
fn resumed(
    file: &RecordFile,
    path: Option<&Path>,
    header: &mut Header,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let Some(record) = file.left()? else { return Ok(Vec::new()) };
    let old = record.header;
    let same = [
        ("corpus", old.corpus == header.corpus),
        ("revision of the spec", old.revision == header.revision),
        ("format version", old.format_version == header.format_version),
        ("implementation", old.implementation == header.implementation),
        ("list of declared leniencies", old.declared_for_it == header.declared_for_it),
        ("way of running it", old.isolation == header.isolation),
        ("budget", old.budgets == header.budgets),
        ("selection", old.selection == header.selection),
        ("tool", old.tool == header.tool),
    ];
    if let Some((what, _)) = same.into_iter().find(|(_, is_same)| !is_same) {
        let path = path.unwrap_or(Path::new("")).to_owned();
        return Err(UsageError::OtherRun { path, what }.into());
    }
    header.when = old.when;
    let bare = |row: Row| Row { known: None, twin: None, disagrees: Vec::new(), ..row };
    Ok(record.rows.into_iter().map(bare).collect())
}

/// Where rows go while a run is made.
struct Kept<'a> {
    journal: Option<Journal>,
    known: &'a KnownFailures,
    name: &'a str,
    progress: Progress,
}

impl Sink for Kept<'_> {
    fn take(&mut self, row: &Row) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.progress.step(row.is_surprise() && !self.is_known(row));
        if let Some(journal) = &mut self.journal {
            journal.append(row)?;
        }
        Ok(())
    }

    fn is_known(&self, row: &Row) -> bool {
        self.known.is_known(self.name, row)
    }
}

fn asked(
    args: &Args,
    target: &Target,
    first: Opened,
    questions: &[Question],
    earlier: Vec<Row>,
    header: &Header,
    sink: &mut Kept<'_>,
) -> Result<Vec<Row>, Box<dyn Error>> {
    // Another process costs a start, which a few questions are not worth.
    let worth = questions.len().saturating_sub(earlier.len()).div_ceil(64).max(1);
    let mut all = vec![first];
    for _ in 1..args.jobs().min(worth) {
        let (next, _) = args.open(target)?;
        if all.first().is_some_and(|first| first.describe() != next.describe()) {
            return Err(UsageError::AnotherHello(header.implementation.name.clone()).into());
        }
        all.push(next);
    }
    let how = How {
        who: &header.implementation,
        version: args.version(),
        canonical: args.canonical,
        fail_fast: args.fail_fast,
    };
    Ok(runner::run(all, questions, earlier, how, sink)?)
}

fn finish(
    args: &Args,
    (questions, all): (&[Question], &[Question]),
    mut record: Record,
    known: &KnownFailures,
    record_file: Option<&RecordFile>,
) -> Outcome {
    let name = record.header.implementation.name.clone();
    let stale = known.apply(&name, &mut record.rows, Some(all));
    let is_whole = record.rows.len() == questions.len();
    if let Some(file) = record_file.filter(|_| is_whole) {
        file.write(&record.to_lines()?)?;
    }
    if let Some(path) = &args.write_known {
        RecordFile::at(path)?.write(&known.draft(&name, &record.rows))?;
    }
    let extras = Extras {
        controls: if is_whole { controls(questions) } else { Vec::new() },
        most: if args.all { None } else { Some(SHOWN) },
        stale: stale.iter().map(ToString::to_string).collect(),
    };
    let mut out = anstream::stdout().lock();
    write!(out, "{}", report(&record, &extras))?;
    if !is_whole {
        let (asked, all) = (record.rows.len(), questions.len());
        writeln!(out, "stopped at the first surprise, after {asked} of {all} questions")?;
    }
    ending(args, &record, &stale, &mut out)
}

fn ending(args: &Args, record: &Record, stale: &[Stale], out: &mut impl Write) -> Outcome {
    let is_clean = match args.profile {
        Some(profile) => {
            let fit = profile.fit(record);
            writeln!(out, "profile {profile}: {fit}")?;
            fit.is_met()
        }
        None => !record.rows.iter().any(Row::is_surprise),
    };
    Ok(if is_clean && stale.is_empty() { Ending::AsExpected } else { Ending::Surprises })
}
