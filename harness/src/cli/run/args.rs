//! The flags of `stconform run`, and the file that can hold them.

use super::super::leniencies;
use crate::builtin::Builtin;
use crate::process::Limits;
use crate::profile::Profile;
use crate::select::{Criteria, Shard, Tiers};
use corpus::{Consequence, MemoryBudget};
use reports::Operation;
use serde::Deserialize;
use spec::{RuleId, Version};
use std::ffi::OsString;
use std::fmt::Display;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// The file that is read where none is named, if it is there.
const CONFIG: &str = "stconform.toml";

const HELP: &str = "\
Examples:
  stconform run                                     what the built-in implementations do
  stconform run -- ./adapter                        what your implementation does
  stconform run --simple -- ./reader {}             the same by exit codes alone: 0 accepts, 1 refuses
  stconform run --profile lazy-reader -- ./adapter  headers and slices, and nothing else
  stconform run --known known.toml -- ./adapter     what is known to fail is no surprise
  stconform run --known known.toml --write-known known.toml -- ./adapter
                                                    write today's failures into that list
  stconform run --record r.jsonl --resume -- ./adapter
                                                    go on where an interrupted run ended
  stconform run --shard 2/4 -- ./adapter            the second quarter, on the second of four machines

Exit codes:
  0  every verdict is as expected: conforms, lenient, limited, unsupported, or a known failure; with
     --profile: every verdict that the profile counts
  1  a surprise: any other verdict, a known failure that is no longer true, or a profile that is not met
  2  the run could not be made, or not to its end
  4  nothing was selected
  128 + N  the signal N ended the run (130 for Ctrl-C); a record keeps what it has, and --resume goes on

With --simple, an uncaught exception looks like a refusal where a language ends with exit code 1 after it,
as Python, Node.js and Java do: catch what is a refusal, and let the rest end with another code.

The same can stand in stconform.toml, with the names of the flags as keys, such as
  command = [\"./adapter\"]
  known = \"known.toml\"
  lenient = [\"unknown-fields\"]
A flag on the command line takes the place of the key.";

/// Ask implementations about the corpus and judge what they do
///
/// Without --impl and without a command, every built-in implementation is run, each in a process
/// of its own. A command after `--` is an adapter: a program that speaks the protocol of
/// adapters/PROTOCOL.md. It is asked for every operation that it offers.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Args {
    /// A built-in implementation; may be given more than once
    #[arg(
        long = "impl",
        value_name = "NAME",
        value_enum,
        conflicts_with = "command",
        help_heading = "What is tested"
    )]
    pub(super) implementations: Vec<Builtin>,

    /// The command is no adapter: it is started for each file, in place of `{}`, and answers with its
    /// exit code, 0 to accept, 1 to refuse, anything else is a crash
    #[arg(long, conflicts_with_all = ["implementations", "in_process"], help_heading = "What is tested")]
    pub(super) simple: bool,

    /// Leniencies to declare on behalf of the implementation, separated by commas; `all` for every one
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = "What is tested")]
    pub(super) lenient: Vec<leniencies::Choice>,

    /// The format version to judge by [default: the newest]
    #[arg(long, value_name = "VERSION", help_heading = "What is asked")]
    pub(super) format_version: Option<Version>,

    /// Only vectors whose id matches, such as `json/*`; may be given more than once
    #[arg(long, value_name = "PATTERN", help_heading = "What is asked")]
    pub(super) filter: Vec<String>,

    /// Only vectors of this area; may be given more than once
    #[arg(long, value_name = "AREA", help_heading = "What is asked")]
    pub(super) area: Vec<String>,

    /// Only vectors that are about this rule; may be given more than once
    #[arg(long, value_name = "RULE", help_heading = "What is asked")]
    pub(super) rule: Vec<RuleId>,

    /// Only vectors with this consequence, such as `wrong-weights`; may be given more than once
    #[arg(long, value_name = "NAME", help_heading = "What is asked")]
    pub(super) consequence: Vec<Consequence>,

    /// Only this operation, such as `read`; may be given more than once [default: all that are offered]
    #[arg(long, value_name = "NAME", help_heading = "What is asked")]
    pub(super) operation: Vec<Operation>,

    /// Only vectors of this tier; the giants are files of up to 8 GiB, mostly holes, made one at a time
    /// [default: stored]
    #[arg(long, value_enum, help_heading = "What is asked")]
    pub(super) tier: Option<Tiers>,

    /// Only the K-th of N parts of what was selected; the parts are disjoint, and together they are all
    #[arg(long, value_name = "K/N", help_heading = "What is asked")]
    pub(super) shard: Option<Shard>,

    /// Hold what is written to the canonical form
    #[arg(long, help_heading = "What is asked")]
    pub(super) canonical: bool,

    /// What the implementation is to be: asks for the operations of this profile, and the exit code
    /// says whether it is met
    #[arg(long, value_enum, help_heading = "What counts")]
    pub(super) profile: Option<Profile>,

    /// Failures that are known, as TOML; one that is no longer true fails the run
    #[arg(long, value_name = "FILE", help_heading = "What counts")]
    pub(super) known: Option<PathBuf>,

    /// Write the failures of this run, as a list of known ones, for you to explain
    #[arg(long, value_name = "FILE", help_heading = "What counts")]
    pub(super) write_known: Option<PathBuf>,

    /// Stop at the first surprise
    #[arg(long, help_heading = "What counts")]
    pub(super) fail_fast: bool,

    /// Write the record of the run to a file, row by row; a record holds one implementation, so name one
    #[arg(long, value_name = "FILE", help_heading = "What comes out")]
    pub(super) record: Option<PathBuf>,

    /// Go on where the interrupted run ended that left the record
    #[arg(long, requires = "record", help_heading = "What comes out")]
    pub(super) resume: bool,

    /// Show every surprise, not the first ten alone
    #[arg(long, help_heading = "What comes out")]
    pub(super) all: bool,

    /// How long each answer may take, the hello of an adapter too; a second more for each MiB of
    /// the file, and at most five minutes more [default: 10000]
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..),
          help_heading = "What it may cost")]
    pub(super) timeout_ms: Option<u64>,

    /// How much memory each answer may take, and 32 bytes more for each byte of the file [default: 512]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=1 << 40),
          help_heading = "What it may cost")]
    pub(super) memory_mib: Option<u64>,

    /// How many of the implementation are asked side by side [default: the number of processors]
    #[arg(long, value_name = "N", help_heading = "What it may cost")]
    pub(super) jobs: Option<NonZeroUsize>,

    /// Run built-in implementations inside this process: faster, but a hang or an abort ends the run
    #[arg(long, conflicts_with = "command", help_heading = "What it may cost")]
    pub(super) in_process: bool,

    /// A file with flags [default: stconform.toml, if it is there]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,

    /// Read no file with flags
    #[arg(long)]
    pub(super) no_config: bool,

    /// The adapter: a program and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

/// The flags as a file holds them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Config {
    command: Vec<String>,
    #[serde(rename = "impl")]
    implementations: Names<ByName<Builtin>>,
    simple: bool,
    lenient: Names<Parsed<leniencies::Choice>>,
    format_version: Option<Parsed<Version>>,
    filter: Vec<String>,
    area: Vec<String>,
    rule: Names<Parsed<RuleId>>,
    consequence: Names<Parsed<Consequence>>,
    operation: Vec<Operation>,
    tier: Option<ByName<Tiers>>,
    shard: Option<Parsed<Shard>>,
    canonical: bool,
    profile: Option<ByName<Profile>>,
    known: Option<PathBuf>,
    fail_fast: bool,
    record: Option<PathBuf>,
    timeout_ms: Option<u64>,
    memory_mib: Option<u64>,
    jobs: Option<NonZeroUsize>,
    in_process: bool,
}

type Names<T> = Vec<T>;

/// A value that is read from its name as on the command line.
#[derive(Debug)]
struct Parsed<T>(T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// The same of a list that the command line knows.
#[derive(Debug)]
struct ByName<T>(T);

impl<'de, T: clap::ValueEnum> Deserialize<'de> for ByName<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        T::from_str(&text, false).map(Self).map_err(|_| {
            let names = T::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
            let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
            serde::de::Error::custom(format!("`{text}` is none of {}", names.join(", ")))
        })
    }
}

/// A file with flags that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConfigError {
    #[error("cannot read the flags in `{}`: {source}", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{}:{line}: {why}", path.display())]
    Malformed { path: PathBuf, line: usize, why: String },
}

impl Args {
    /// The same with what a file says where the command line is silent.
    pub(super) fn with_config(self) -> Result<Self, ConfigError> {
        let (path, is_named) = match &self.config {
            Some(path) => (path.clone(), true),
            None => (PathBuf::from(CONFIG), false),
        };
        if self.no_config {
            return Ok(self);
        }
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if !is_named && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(self);
            }
            Err(source) => return Err(ConfigError::Io { path, source }),
        };
        let config: Config = toml::from_str(&text).map_err(|error| {
            let before = text.get(..error.span().map_or(0, |span| span.start));
            let line = before.unwrap_or_default().matches('\n').count().saturating_add(1);
            ConfigError::Malformed { path: path.clone(), line, why: error.message().to_owned() }
        })?;
        let limits = [("timeout-ms", config.timeout_ms), ("memory-mib", config.memory_mib)];
        for (key, value) in limits {
            if value.is_some_and(|value| !(1..=1 << 40).contains(&value)) {
                let at = text.lines().position(|line| line.trim_start().starts_with(key));
                let line = at.unwrap_or(0).saturating_add(1);
                let why = format!("`{key}` is a number from 1 to 2^40");
                return Err(ConfigError::Malformed { path, line, why });
            }
        }
        Ok(self.or(config, &path))
    }

    fn or(self, config: Config, path: &Path) -> Self {
        /// What the command line says, or else the file.
        fn list<T>(own: Vec<T>, other: Vec<T>) -> Vec<T> {
            if own.is_empty() { other } else { own }
        }
        fn names<T>(parsed: Vec<Parsed<T>>) -> Vec<T> {
            parsed.into_iter().map(|one| one.0).collect()
        }
        // Paths stand beside the file that names them.
        let beside = |named: PathBuf| path.parent().unwrap_or(Path::new("")).join(named);
        let is_named = !self.implementations.is_empty() || !self.command.is_empty();
        let (mut implementations, mut command) = (self.implementations, self.command);
        if !is_named {
            implementations = config.implementations.into_iter().map(|one| one.0).collect();
            command = config.command.into_iter().map(OsString::from).collect();
            // As a shell has it: a name with a slash is a path.
            if let Some(name) =
                command.first_mut().filter(|name| Path::new(name).components().count() > 1)
            {
                *name = beside(PathBuf::from(&*name)).into_os_string();
            }
        }
        Self {
            implementations,
            simple: self.simple || (config.simple && !is_named),
            lenient: list(self.lenient, names(config.lenient)),
            format_version: self.format_version.or(config.format_version.map(|one| one.0)),
            filter: list(self.filter, config.filter),
            area: list(self.area, config.area),
            rule: list(self.rule, names(config.rule)),
            consequence: list(self.consequence, names(config.consequence)),
            operation: list(self.operation, config.operation),
            tier: self.tier.or(config.tier.map(|one| one.0)),
            shard: self.shard.or(config.shard.map(|one| one.0)),
            canonical: self.canonical || config.canonical,
            profile: self.profile.or(config.profile.map(|one| one.0)),
            known: self.known.or(config.known.map(beside)),
            write_known: self.write_known,
            fail_fast: self.fail_fast || config.fail_fast,
            record: self.record.or(config.record.map(beside)),
            resume: self.resume,
            all: self.all,
            timeout_ms: self.timeout_ms.or(config.timeout_ms),
            memory_mib: self.memory_mib.or(config.memory_mib),
            jobs: self.jobs.or(config.jobs),
            in_process: self.in_process || config.in_process,
            config: self.config,
            no_config: self.no_config,
            command,
        }
    }

    pub(super) fn version(&self) -> Version {
        self.format_version.unwrap_or(Version::LATEST)
    }

    pub(super) fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            deadline: self.timeout_ms.map_or(usual.deadline, Duration::from_millis),
            memory: MemoryBudget {
                base: self.memory_mib.map_or(usual.memory.base, |mib| mib << 20),
                ..usual.memory
            },
            ..usual
        }
    }

    pub(super) fn jobs(&self) -> usize {
        let all = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.jobs.map_or(all, NonZeroUsize::get)
    }

    /// What is asked; of a profile, its operations where none are named.
    pub(super) fn criteria(&self) -> Criteria {
        let operations = match self.profile {
            Some(profile) if self.operation.is_empty() => profile.operations().to_vec(),
            Some(_) | None => self.operation.clone(),
        };
        Criteria {
            filters: self.filter.clone(),
            areas: self.area.clone(),
            rules: self.rule.clone(),
            consequences: self.consequence.clone(),
            operations,
            tiers: self.tier.unwrap_or_default(),
            shard: self.shard,
        }
    }
}
