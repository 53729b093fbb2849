//! The record of one run of one implementation: versioned JSON lines, a header, the rows sorted by
//! vector, and a footer. A record without a footer is cut off, and is no record.
//!
//! The header is the only place where time appears. Nothing here runs or judges anything.

use crate::describe::{Access, Description, Operation};
use crate::observation::Observation;
use crate::tally::Tally;
use crate::verdict::{Detail, Verdict};
use corpus::{Digest, VectorId};
use serde::{Deserialize, Serialize};
use spec::{RuleId, Version};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The tag in the header of every record.
pub const FORMAT: &str = "stconform-record";

/// The version of the record format that this crate writes and reads.
pub const FORMAT_VERSION: u64 = 1;

/// The record of one run of one implementation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What was run, and under which conditions.
    pub header: Header,
    /// What came of it, sorted by vector.
    pub rows: Vec<Row>,
}

/// What was run, and under which conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`FORMAT_VERSION`].
    pub version: u64,
    /// The version of the tool that made the run.
    pub tool: String,
    /// The revision of the spec's text.
    pub revision: String,
    /// The format version under which the files were judged.
    #[serde(with = "named")]
    pub format_version: Version,
    /// The digest of the corpus.
    pub corpus: String,
    /// The implementation, in its own words.
    pub implementation: Description,
    /// The names of leniencies that were declared on its behalf, and not by itself.
    pub declared_for_it: Vec<String>,
    /// How it was reached.
    pub isolation: Isolation,
    /// What each answer was allowed to cost.
    pub budgets: Budgets,
    /// When the run was made, in UTC.
    pub when: String,
    /// Which vectors were asked for.
    pub selection: Selection,
}

/// How an implementation was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// In a process that speaks the protocol.
    Process,
    /// Inside the runner.
    InProcess,
    /// In a process for each file, which answers with its exit code.
    ExitCode,
}

/// What each answer was allowed to cost, about an empty file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// Milliseconds.
    pub timeout_ms: u64,
    /// Bytes of memory.
    pub memory_base: u64,
}

/// Which vectors were asked for; empty lists ask for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Patterns of ids.
    pub filters: Vec<String>,
    /// Areas.
    pub areas: Vec<String>,
    /// Ids of rules.
    pub rules: Vec<String>,
    /// Consequences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consequences: Vec<String>,
    /// Operations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// The tier: `stored`, `giants` or `all`.
    pub tier: String,
    /// Which part of the vectors, and of how many parts: `2/4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// Whether what was written is held to the canonical form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canonical: bool,
    /// How many questions there are, of every operation, whether it is offered or not.
    pub of: u64,
}

/// What came of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The vector.
    pub vector: VectorId,
    /// The rules that the vector is about, the deciding one first.
    #[serde(with = "named_list")]
    pub rules: Vec<RuleId>,
    /// What the implementation was asked to do.
    pub operation: Operation,
    /// Which part of the vector was asked about: a tensor and the indices of a slice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The way of access that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The digest of what was asked about: the file, the model, or the task of a writer.
    pub digest: Digest,
    /// What was expected, in short.
    pub expected: Expected,
    /// What happened.
    pub observed: Observation,
    /// What that means.
    pub verdict: Verdict,
    /// What the verdict rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
    /// What became of the valid file that differs in the one fault; on rejecting vectors only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<Twin>,
    /// What came of a fault when the question was asked again, alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Alone>,
    /// The ways of access that came to something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disagrees: Vec<Access>,
    /// The known failure that covers the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Known>,
}

impl Row {
    /// Whether the verdict is as expected, and no ways of access disagree.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.verdict.is_as_expected() && self.disagrees.is_empty()
    }

    /// Whether the verdict is neither as expected nor known, or ways of access disagree where
    /// nothing is known to fail.
    #[must_use]
    pub fn is_surprise(&self) -> bool {
        !self.is_as_expected() && self.known.is_none()
    }

    /// What rows are sorted by; no two rows of a record have the same.
    #[must_use]
    pub fn key(&self) -> (&VectorId, Operation, Option<&str>, Option<Access>) {
        (&self.vector, self.operation, self.case.as_deref(), self.access)
    }

    /// The key in words: the vector, and what else tells the row from others of it.
    #[must_use]
    pub fn title(&self) -> String {
        title(&self.vector, self.operation, self.case.as_deref(), self.access)
    }
}

/// A question in words: the vector, and what else tells the question from others about it.
#[must_use]
pub fn title(
    vector: &VectorId,
    operation: Operation,
    case: Option<&str>,
    access: Option<Access>,
) -> String {
    let mut title = vector.to_string();
    if operation != Operation::Read {
        title += &format!(" {operation}");
    }
    for part in [case, access.map(Access::name)] {
        part.iter().for_each(|part| title += &format!(" {part}"));
    }
    title
}

/// What came of a question that had ended in a fault when it was asked again, of a process that is
/// asked nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Alone {
    /// A fault of the same kind.
    Same,
    /// Something else, in short.
    Other(String),
}

/// What was expected, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Expected {
    /// The file or the model is valid.
    Accept,
    /// The file or the model breaks this rule.
    #[serde(with = "named")]
    Reject(RuleId),
    /// It is valid, and may be left aside all the same.
    Optional,
}

/// What became of the twin of a rejecting vector in the same run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Twin {
    /// It was accepted: a refusal of the vector shows that the fault was seen.
    Accepted,
    /// It was not accepted: a refusal of the vector shows nothing.
    NotAccepted,
    /// It was not in the run.
    NotRun,
}

/// A failure that is known, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Why it fails.
    pub reason: String,
    /// Where it is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
}

/// The last line: how many rows there are, and how many of each verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Footer {
    /// The number of rows.
    pub rows: u64,
    /// The number of rows of each verdict that occurs.
    pub verdicts: BTreeMap<Verdict, u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Header(Box<Header>),
    Row(Box<Row>),
    Footer(Footer),
}

/// A record that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {kind}", path.display(), at(*line))]
pub struct RecordError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1; `None` where the file could not be read at all.
    pub line: Option<usize>,
    /// What is wrong.
    #[source]
    pub kind: RecordErrorKind,
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}

/// What is wrong with a record.
#[derive(Debug, thiserror::Error)]
pub enum RecordErrorKind {
    /// The file cannot be read.
    #[error("cannot read the record: {0}")]
    Io(#[from] std::io::Error),
    /// The first line is not the header of a record.
    #[error("this is no record: the first line has no header with format `{FORMAT}`")]
    NotARecord,
    /// The record has another version.
    #[error("the record has version {0}, this tool reads version {FORMAT_VERSION}; make it again")]
    Version(u64),
    /// A line is not what a record has there.
    #[error("the line is no line of a record: {0}")]
    Garbage(#[from] serde_json::Error),
    /// A second header, or a line after the footer.
    #[error("a line that does not belong here; a record is a header, rows and one footer")]
    OutOfPlace,
    /// Rows that are not in order, or two of one vector.
    #[error("`{0}` is not in order; the rows are sorted by vector, and none occurs twice")]
    Unsorted(String),
    /// No footer.
    #[error(
        "the record has no footer, so its run was interrupted; the same command with --resume goes on"
    )]
    Truncated,
    /// The footer does not fit the rows.
    #[error("the footer does not fit the rows, so the record was changed; make it again")]
    FooterMismatch,
}

impl Record {
    /// A record of these rows, in any order.
    #[must_use]
    pub fn new(header: Header, mut rows: Vec<Row>) -> Self {
        rows.sort_by(|a, b| a.key().cmp(&b.key()));
        Self { header, rows }
    }

    /// The lines of the record.
    ///
    /// # Errors
    ///
    /// A value cannot be written as JSON, which no value of these types brings about.
    pub fn to_lines(&self) -> Result<String, serde_json::Error> {
        let mut text = self.header.to_line()?;
        for row in &self.rows {
            text += &row.to_line()?;
        }
        text += &serde_json::to_string(&Line::Footer(self.footer()))?;
        text.push('\n');
        Ok(text)
    }

    /// Reads the record in a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no whole record of this version.
    pub fn read(path: &Path) -> Result<Self, RecordError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) => {
                Err(RecordError { path: path.to_owned(), line: None, kind: error.into() })
            }
        }
    }

    /// Reads a record from text; the path is for error messages.
    ///
    /// # Errors
    ///
    /// The text is no whole record of this version.
    pub fn parse(path: &Path, text: &str) -> Result<Self, RecordError> {
        let fail = |line, kind| RecordError { path: path.to_owned(), line: Some(line), kind };
        let mut lines =
            text.lines().enumerate().map(|(index, line)| (index.saturating_add(1), line));
        let header = match lines.next() {
            Some((number, line)) => parse_header(line).map_err(|kind| fail(number, kind))?,
            None => return Err(fail(1, RecordErrorKind::NotARecord)),
        };
        if !text.lines().any(|line| line.starts_with("{\"footer\"")) {
            return Err(fail(text.lines().count(), RecordErrorKind::Truncated));
        }
        let mut record = Self { header, rows: Vec::new() };
        let mut last_line = 1;
        let mut footer = None;
        for (number, line) in lines {
            last_line = number;
            match serde_json::from_str(line) {
                Ok(Line::Row(row)) if footer.is_none() => {
                    if record.rows.last().is_some_and(|before| before.key() >= row.key()) {
                        return Err(fail(number, RecordErrorKind::Unsorted(row.title())));
                    }
                    record.rows.push(*row);
                }
                Ok(Line::Footer(found)) if footer.is_none() => footer = Some(found),
                Ok(Line::Header(_) | Line::Row(_) | Line::Footer(_)) => {
                    return Err(fail(number, RecordErrorKind::OutOfPlace));
                }
                Err(error) => return Err(fail(number, error.into())),
            }
        }
        match footer {
            None => Err(fail(last_line, RecordErrorKind::Truncated)),
            Some(footer) if footer != record.footer() => {
                Err(fail(last_line, RecordErrorKind::FooterMismatch))
            }
            Some(_) => Ok(record),
        }
    }

    /// Reads what is there of a record that was cut off: the rows in any order, and of two about
    /// the same question the later one. A last line that is not whole is left out.
    ///
    /// # Errors
    ///
    /// The text has no header of this version, or a line of it is no row.
    pub fn parse_partial(path: &Path, text: &str) -> Result<Self, RecordError> {
        let fail = |line, kind| RecordError { path: path.to_owned(), line: Some(line), kind };
        let whole = text.rfind('\n').and_then(|end| text.get(..end)).unwrap_or_default();
        let mut lines = (1..).zip(whole.lines());
        let header = match lines.next() {
            Some((number, line)) => parse_header(line).map_err(|kind| fail(number, kind))?,
            None => return Err(fail(1, RecordErrorKind::NotARecord)),
        };
        let mut rows: Vec<Row> = Vec::new();
        for (number, line) in lines {
            match serde_json::from_str(line) {
                Ok(Line::Row(row)) => rows.push(*row),
                Ok(Line::Footer(_)) => {}
                Ok(Line::Header(_)) => return Err(fail(number, RecordErrorKind::OutOfPlace)),
                Err(error) => return Err(fail(number, error.into())),
            }
        }
        rows.reverse();
        rows.sort_by(|a, b| a.key().cmp(&b.key()));
        rows.dedup_by(|later, first| later.key() == first.key());
        Ok(Self { header, rows })
    }

    fn footer(&self) -> Footer {
        let total = Tally::of(&self.rows).total;
        Footer { rows: total.rows(), verdicts: total.verdicts }
    }
}

impl Header {
    /// The line of the header, with its line feed.
    ///
    /// # Errors
    ///
    /// A value cannot be written as JSON, which no value of these types brings about.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        to_line(&Line::Header(Box::new(self.clone())))
    }
}

impl Row {
    /// The line of the row, with its line feed.
    ///
    /// # Errors
    ///
    /// A value cannot be written as JSON, which no value of these types brings about.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        to_line(&Line::Row(Box::new(self.clone())))
    }
}

fn to_line(line: &Line) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    Ok(text)
}

fn parse_header(line: &str) -> Result<Header, RecordErrorKind> {
    #[derive(Deserialize)]
    struct Probe {
        header: Tag,
    }
    #[derive(Deserialize)]
    struct Tag {
        format: String,
        version: u64,
    }
    let probe: Probe = serde_json::from_str(line).map_err(|_| RecordErrorKind::NotARecord)?;
    if probe.header.format != FORMAT {
        return Err(RecordErrorKind::NotARecord);
    }
    if probe.header.version != FORMAT_VERSION {
        return Err(RecordErrorKind::Version(probe.header.version));
    }
    match serde_json::from_str(line)? {
        Line::Header(header) => Ok(*header),
        Line::Row(_) | Line::Footer(_) => Err(RecordErrorKind::NotARecord),
    }
}

/// Values that are written by their name.
mod named {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::fmt::Display;
    use std::str::FromStr;

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Lists of values that are written by their names.
mod named_list {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::fmt::Display;
    use std::str::FromStr;

    pub(super) fn serialize<T: Display, S: Serializer>(
        values: &[T],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(ToString::to_string))
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let names = Vec::<String>::deserialize(from)?;
        names.iter().map(|name| name.parse().map_err(D::Error::custom)).collect()
    }
}
