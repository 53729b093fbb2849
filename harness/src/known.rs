//! Failures that are known, with the reason for each: a claim that must still be true.
//!
//! A row whose vector has another verdict now, or is gone, is stale and fails the run.

use crate::plan::Question;
use corpus::VectorId;
use reports::{Access, Known, Operation, Row, Verdict, shown};
use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The rows of a file of known failures.
#[derive(Clone, Debug, Default)]
pub struct KnownFailures {
    path: PathBuf,
    claims: Vec<Claim>,
}

#[derive(Clone, Debug)]
struct Claim {
    line: usize,
    row: ClaimRow,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    known: Vec<Spanned<ClaimRow>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimRow {
    vector: VectorId,
    #[serde(default = "to_read")]
    operations: Vec<Operation>,
    /// Of slices, which; all of them where it is not there.
    case: Option<String>,
    /// All of them where it is not there.
    access: Option<Vec<Access>>,
    verdict: Verdict,
    reason: String,
    issue: Option<String>,
    implementation: Option<String>,
}

fn to_read() -> Vec<Operation> {
    vec![Operation::Read]
}

impl ClaimRow {
    fn covers(&self, row: &Row) -> bool {
        let (vector, operation, case, access) = row.key();
        self.covers_key(vector, operation, case, access)
    }

    fn covers_key(
        &self,
        vector: &VectorId,
        operation: Operation,
        case: Option<&str>,
        access: Option<Access>,
    ) -> bool {
        self.vector == *vector
            && self.operations.contains(&operation)
            && (self.case.is_none() || self.case.as_deref() == case)
            && self
                .access
                .as_ref()
                .is_none_or(|named| access.is_some_and(|access| named.contains(&access)))
    }

    /// Whether another claim can be on a row of this one.
    fn meets(&self, other: &Self) -> bool {
        let apart = |one: &Option<Vec<Access>>, two: &Option<Vec<Access>>| match (one, two) {
            (Some(one), Some(two)) => !one.iter().any(|access| two.contains(access)),
            (None, _) | (_, None) => false,
        };
        self.vector == other.vector
            && self.implementation == other.implementation
            && self.operations.iter().any(|operation| other.operations.contains(operation))
            && (self.case.is_none() || other.case.is_none() || self.case == other.case)
            && !apart(&self.access, &other.access)
    }
}

/// A file of known failures that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KnownError {
    /// The file cannot be read.
    #[error("cannot read the known failures in `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{}:{line}: {why}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        why: String,
    },
}

/// A claim that is no longer true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    path: PathBuf,
    line: usize,
    vector: VectorId,
    why: StaleKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StaleKind {
    Mended { now: Verdict },
    Other { was: Verdict, now: Verdict },
    Gone,
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: `{}` ", self.path.display(), self.line, self.vector)?;
        match self.why {
            StaleKind::Mended { now } => write!(f, "is `{now}` now; remove the row"),
            StaleKind::Other { was, now } => {
                write!(f, "is `{now}` now, not `{was}`; change the row's verdict, and its reason")
            }
            StaleKind::Gone => {
                f.write_str("is in no question to this implementation; remove the row")
            }
        }
    }
}

impl KnownFailures {
    /// Reads a file of known failures.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not what it should be.
    pub fn read(path: &Path) -> Result<Self, KnownError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| KnownError::Io { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// Reads known failures from text; the path is for messages.
    ///
    /// # Errors
    ///
    /// The text is not what it should be.
    pub fn parse(path: &Path, text: &str) -> Result<Self, KnownError> {
        let fail = |at: usize, why: String| KnownError::Malformed {
            path: path.to_owned(),
            line: line_of(text, at),
            why,
        };
        let file: File = toml::from_str(text).map_err(|error| {
            fail(error.span().map_or(0, |span| span.start), error.message().to_owned())
        })?;
        let mut claims: Vec<Claim> = Vec::new();
        for row in file.known {
            let at = row.span().start;
            let row = row.into_inner();
            if row.verdict.is_as_expected() {
                return Err(fail(at, format!("`{}` is no failure", row.verdict)));
            }
            if row.reason.trim().is_empty() {
                return Err(fail(at, "the reason is empty; say why the vector fails".to_owned()));
            }
            if row.operations.is_empty() || row.access.as_ref().is_some_and(Vec::is_empty) {
                return Err(fail(at, "a list is empty; leave the key out".to_owned()));
            }
            if claims.iter().any(|claim| claim.row.meets(&row)) {
                return Err(fail(at, format!("`{}` has a row already", row.vector)));
            }
            claims.push(Claim { line: line_of(text, at), row });
        }
        Ok(Self { path: path.to_owned(), claims })
    }

    /// Whether a row of one implementation is as a claim has it.
    #[must_use]
    pub fn is_known(&self, implementation: &str, row: &Row) -> bool {
        self.of(implementation)
            .any(|claim| claim.row.covers(row) && claim.row.verdict == row.verdict)
    }

    fn of(&self, implementation: &str) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(move |claim| {
            claim.row.implementation.as_deref().is_none_or(|name| name == implementation)
        })
    }

    /// Marks the rows of one implementation that fail as known, and returns what is stale. Claims
    /// on other implementations, and on what can be asked and was not, are left alone; a claim on none
    /// of the questions that can be asked is stale, where these are given.
    pub fn apply(
        &self,
        implementation: &str,
        rows: &mut [Row],
        askable: Option<&[Question]>,
    ) -> Vec<Stale> {
        let mut stale = Vec::new();
        for Claim { line, row: claim } in self.of(implementation) {
            let can_be_asked = askable.is_none_or(|askable| {
                askable.iter().any(|question| {
                    let (vector, operation, case, access) = question.key();
                    claim.covers_key(vector, operation, case.as_deref(), access)
                })
            });
            let mut why = (!can_be_asked).then_some(StaleKind::Gone);
            for row in rows.iter_mut().filter(|row| claim.covers(row)) {
                if row.verdict == claim.verdict {
                    row.known =
                        Some(Known { reason: claim.reason.clone(), issue: claim.issue.clone() });
                } else if row.verdict.is_as_expected() {
                    why.get_or_insert(StaleKind::Mended { now: row.verdict });
                } else {
                    why.get_or_insert(StaleKind::Other { was: claim.verdict, now: row.verdict });
                }
            }
            stale.extend(why.map(|why| Stale {
                path: self.path.clone(),
                line: *line,
                vector: claim.vector.clone(),
                why,
            }));
        }
        excuse_disagreements(rows);
        stale
    }
}

/// A right answer that disagrees with known failures alone is no surprise either.
fn excuse_disagreements(rows: &mut [Row]) {
    let excuse = |row: &Row| {
        let mut others = rows.iter().filter(|other| {
            (&other.vector, other.operation, &other.case) == (&row.vector, row.operation, &row.case)
                && other.access.is_some_and(|access| row.disagrees.contains(&access))
        });
        let first = others.next()?.known.clone()?;
        others.all(|other| other.known.is_some()).then_some(first)
    };
    let excuses: Vec<Option<Known>> = rows
        .iter()
        .map(|row| {
            let is_right = row.verdict.is_as_expected() && !row.disagrees.is_empty();
            is_right.then(|| excuse(row)).flatten()
        })
        .collect();
    for (row, known) in rows.iter_mut().zip(excuses) {
        row.known = row.known.take().or(known);
    }
}

impl KnownFailures {
    /// A file of known failures with today's, and with the claims of this one that are still true, are
    /// on other implementations, or on what was not asked. What happened is the reason of a new claim,
    /// for a person to replace.
    #[must_use]
    pub fn draft(&self, implementation: &str, rows: &[Row]) -> String {
        let mut blocks: Vec<(VectorId, String)> = Vec::new();
        for Claim { row: claim, .. } in &self.claims {
            let is_others =
                claim.implementation.as_deref().is_some_and(|name| name != implementation);
            let mut covered = rows.iter().filter(|row| claim.covers(row)).peekable();
            let is_true =
                covered.peek().is_none() || covered.all(|row| row.verdict == claim.verdict);
            if is_others || is_true {
                blocks.push((claim.vector.clone(), claim.block()));
            }
        }
        let is_claimed = |row: &Row| {
            self.of(implementation).any(|claim| {
                let mut covered = rows.iter().filter(|other| claim.row.covers(other));
                claim.row.covers(row) && covered.all(|other| other.verdict == claim.row.verdict)
            })
        };
        let mut new: Vec<ClaimRow> = Vec::new();
        for row in rows.iter().filter(|row| !row.verdict.is_as_expected() && !is_claimed(row)) {
            let access = row.access.map(|access| vec![access]);
            let alike = new.iter_mut().find(|claim| {
                (&claim.vector, &claim.case, claim.verdict) == (&row.vector, &row.case, row.verdict)
                    && (claim.access == access || claim.operations == [row.operation])
            });
            match alike {
                Some(claim) if claim.access == access => claim.operations.push(row.operation),
                Some(claim) => claim.access.get_or_insert_default().extend(row.access),
                None => new.push(ClaimRow {
                    vector: row.vector.clone(),
                    operations: vec![row.operation],
                    case: row.case.clone(),
                    access,
                    verdict: row.verdict,
                    reason: shown(row.observed.to_string().as_bytes(), 160),
                    issue: None,
                    implementation: None,
                }),
            }
        }
        blocks.extend(new.iter().map(|claim| (claim.vector.clone(), claim.block())));
        blocks.sort();
        let mut text = String::from(
            "# Failures that are known. Each row is a claim that must still be true; of a row that\n\
             # `stconform run --write-known` drafted, say in `reason` why the implementation fails.\n",
        );
        blocks.iter().for_each(|(_, block)| text += block);
        text
    }
}

impl ClaimRow {
    /// The claim as it stands in a file.
    fn block(&self) -> String {
        let mut text = format!("\n[[known]]\nvector = \"{}\"\n", self.vector);
        let names: Vec<&str> = self.operations.iter().map(|operation| operation.name()).collect();
        if names != ["read"] {
            text += &format!("operations = {}\n", list(&names));
        }
        if let Some(case) = &self.case {
            text += &format!("case = {}\n", quoted(case));
        }
        if let Some(access) = &self.access {
            let names: Vec<&str> = access.iter().map(|access| access.name()).collect();
            text += &format!("access = {}\n", list(&names));
        }
        text += &format!("verdict = \"{}\"\nreason = {}\n", self.verdict, quoted(&self.reason));
        for (key, value) in [("issue", &self.issue), ("implementation", &self.implementation)] {
            if let Some(value) = value {
                text += &format!("{key} = {}\n", quoted(value));
            }
        }
        text
    }
}

fn list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::{Expected, Observation, Operation};

    const TWO: &str = "\
[[known]]
vector = \"names/twice\"
verdict = \"accepted-invalid\"
reason = \"a map keeps the last\"

[[known]]
vector = \"json/comma\"
verdict = \"crash\"
reason = \"unchecked index\"
issue = \"https://example.invalid/1\"
implementation = \"example\"
";

    #[test]
    fn a_failure_that_is_as_claimed_is_known() {
        let mut rows =
            [row("names/twice", Verdict::AcceptedInvalid), row("json/comma", Verdict::Crash)];
        assert_eq!(apply(TWO, &mut rows), [""; 0]);
        assert!(rows.iter().all(|row| row.known.is_some() && !row.is_surprise()));
    }

    #[test]
    fn a_failure_that_is_gone_makes_its_row_stale() {
        let mut rows = [row("names/twice", Verdict::Conforms)];
        assert_eq!(
            apply(TWO, &mut rows),
            ["known.toml:1: `names/twice` is `conforms` now; remove the row"]
        );
    }

    #[test]
    fn a_failure_of_another_kind_is_stale_and_stays_a_surprise() {
        let mut rows = [row("json/comma", Verdict::Hang)];
        assert_eq!(
            apply(TWO, &mut rows),
            [
                "known.toml:6: `json/comma` is `hang` now, not `crash`; change the row's verdict, and its reason"
            ]
        );
        assert!(rows[0].is_surprise());
    }

    #[test]
    fn a_vector_that_the_corpus_does_not_have_is_stale() {
        let known = KnownFailures::parse(Path::new("known.toml"), TWO).unwrap();
        let stale = known.apply("example", &mut [], Some(&[]));
        let told: Vec<String> = stale.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "known.toml:1: `names/twice` is in no question to this implementation; remove the row",
                "known.toml:6: `json/comma` is in no question to this implementation; remove the row",
            ]
        );
    }

    #[test]
    fn a_vector_that_was_not_selected_is_left_alone() {
        assert_eq!(apply(TWO, &mut []), [""; 0]);
    }

    #[test]
    fn a_claim_on_another_implementation_is_left_alone() {
        let text = TWO.replace("\"example\"", "\"other\"");
        let mut rows = [row("json/comma", Verdict::Hang)];
        assert_eq!(apply(&text, &mut rows), [""; 0]);
        assert!(rows[0].is_surprise());
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line() {
        for (text, said) in [
            ("[[known]\n", "known.toml:1: "),
            (
                "\n[[known]]\nvector = \"a/b\"\nverdict = \"crash\"\n",
                "known.toml:2: missing field `reason`",
            ),
            (&TWO.replace("\"crash\"", "\"lenient\""), "known.toml:6: `lenient` is no failure"),
            (&TWO.replace("\"crash\"", "\"bang\""), "known.toml:8: unknown variant `bang`"),
            (&TWO.replace("issue", "isue"), "known.toml:10: unknown field `isue`"),
            (&TWO.replace("json/comma", "json"), "known.toml:7: `json` is not a vector id"),
            (&TWO.replace("unchecked index", " "), "known.toml:6: the reason is empty"),
            (&format!("{TWO}{TWO}"), "known.toml:12: `names/twice` has a row already"),
        ] {
            let error = KnownFailures::parse(Path::new("known.toml"), text).unwrap_err();
            assert!(error.to_string().starts_with(said), "{error}");
        }
    }

    #[test]
    fn a_draft_keeps_what_was_not_asked_and_what_others_are_claimed_to_do() {
        let known = KnownFailures::parse(Path::new("known.toml"), TWO).unwrap();
        let rows = [row("layout/gap", Verdict::Misread), row("names/twice", Verdict::Conforms)];
        let text = known.draft("another", &rows);
        let drafted = KnownFailures::parse(Path::new("known.toml"), &text).unwrap();
        let vectors: Vec<&str> =
            drafted.claims.iter().map(|claim| claim.row.vector.as_str()).collect();
        assert_eq!(vectors, ["json/comma", "layout/gap"], "what is mended is gone: {text}");
        assert!(text.contains("implementation = \"example\""), "{text}");
        assert!(text.contains("issue = "), "{text}");
        assert_eq!(drafted.draft("another", &rows), text, "a draft of a draft is the same");
    }

    fn apply(text: &str, rows: &mut [Row]) -> Vec<String> {
        let known = KnownFailures::parse(Path::new("known.toml"), text).unwrap();
        let stale = known.apply("example", rows, None);
        stale.iter().map(ToString::to_string).collect()
    }

    fn row(id: &str, verdict: Verdict) -> Row {
        Row {
            vector: id.parse().unwrap(),
            rules: Vec::new(),
            operation: Operation::Read,
            case: None,
            access: None,
            digest: corpus::Digest::of(&[]),
            expected: Expected::Accept,
            observed: Observation::refused(""),
            verdict,
            detail: None,
            twin: None,
            alone: None,
            disagrees: Vec::new(),
            known: None,
        }
    }
}
