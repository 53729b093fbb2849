//! The vectors as files for Coq, with what the corpus expects of them. `spec/formal/Vectors.v` says
//! what the files mean; whether they hold is for the prover to say.

use crate::answer::{Answer, Reading, Tensor};
use crate::sample::{Said, Setting, said_by_the_corpus};
use corpus::{Tier, Vector, vectors};
use spec::{File, Leniencies, Version, examine};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The longest header text that is written, in bytes.
const LONGEST: usize = 1 << 16;

/// The longest of which every version is asked; of a longer one the newest is, which keeps the prover
/// at seconds for each file.
const LONGEST_IN_FULL: usize = 1 << 12;

/// The greatest number of digits in a row: the prover multiplies bit by bit, and takes a minute for a
/// number of thousands.
const MOST_DIGITS: usize = 1_000;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The folder.
    pub out: PathBuf,
    /// How many files there are, one an area.
    pub files: usize,
    /// How many vectors are in them.
    pub vectors: usize,
    /// How many questions about them, a version and a set of leniencies each.
    pub questions: usize,
    /// How many vectors were left out for the length of their header text or of a number in it.
    pub left_out: usize,
}

/// Why the files cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum CoqError {
    /// A file or a folder cannot.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or the folder.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The offsets are taken from the oracle, and it reads something else.
    #[error(
        "the oracle does not read {vector} as the corpus states it ({setting}); see `agree corpus`"
    )]
    Unsettled {
        /// The vector.
        vector: String,
        /// In which setting.
        setting: String,
    },
}

/// Writes a file for each area of the corpus.
///
/// # Errors
///
/// A file cannot be written, or the oracle does not agree with the corpus.
pub fn write(out: &Path) -> Result<Written, CoqError> {
    let failed = |path: &Path, source| CoqError::Write { path: path.to_owned(), source };
    fs::create_dir_all(out).map_err(|error| failed(out, error))?;
    let mut written =
        Written { out: out.to_owned(), files: 0, vectors: 0, questions: 0, left_out: 0 };
    let mut areas: BTreeMap<String, Vec<Case<'_>>> = BTreeMap::new();
    for vector in vectors().iter().filter(|vector| vector.operation().is_read()) {
        match Case::of(vector)? {
            Some(case) => {
                written.vectors += 1;
                written.questions +=
                    case.questions.iter().map(|asked| asked.versions.len()).sum::<usize>();
                areas.entry(area(vector)).or_default().push(case);
            }
            None => written.left_out += 1,
        }
    }
    for (area, cases) in &areas {
        let path = out.join(format!("Corpus_{area}.v"));
        fs::write(&path, file(area, cases)).map_err(|error| failed(&path, error))?;
        written.files += 1;
    }
    Ok(written)
}

/// The first part of the id, as a name in Coq.
fn area(vector: &Vector) -> String {
    let id = vector.id.to_string();
    id.split('/').next().unwrap_or_default().replace('-', "_")
}

/// A vector, with what is expected of it.
struct Case<'v> {
    vector: &'v Vector,
    head: Vec<u8>,
    questions: Vec<Asked>,
}

/// What is expected, as a term, in some versions under some leniencies.
struct Asked {
    versions: Vec<Version>,
    leniencies: Leniencies,
    said: String,
}

impl<'v> Case<'v> {
    /// `None` for a vector whose header text, or a number in it, is too long.
    fn of(vector: &'v Vector) -> Result<Option<Self>, CoqError> {
        let head = head(vector);
        let digits = head.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
        let digits = digits.filter(|run| run.iter().all(u8::is_ascii_digit)).map(<[u8]>::len).max();
        if head.len() > LONGEST + 8 || digits > Some(MOST_DIGITS) {
            return Ok(None);
        }
        let mut questions: Vec<Asked> = Vec::new();
        let lenient = vector.lenient.iter().map(|(leniency, _)| {
            vector.also_needs.iter().copied().chain([*leniency]).collect::<Leniencies>()
        });
        let versions = match head.len() {
            0..=LONGEST_IN_FULL => Version::ALL.to_vec(),
            _ => vec![Version::LATEST],
        };
        for leniencies in [Leniencies::none()].into_iter().chain(lenient) {
            for version in versions.iter().copied() {
                let setting = Setting { version, leniencies: leniencies.clone() };
                let said = match said_by_the_corpus(vector, &setting) {
                    Some(Said::Reject(rule)) => format!("Breaks {}", name(rule.as_str())),
                    Some(Said::Accept(stated)) => {
                        let stated = stated.without_data();
                        let reading = reading(vector, &head, &setting);
                        let reading = reading.filter(|reading| reading.as_stated() == stated);
                        means(&reading.ok_or_else(|| CoqError::Unsettled {
                            vector: vector.id.to_string(),
                            setting: setting.to_string(),
                        })?)
                    }
                    // What a version without the dtype says of the file under a leniency.
                    None => continue,
                };
                match questions.last_mut() {
                    Some(last) if last.leniencies == leniencies && last.said == said => {
                        last.versions.push(version);
                    }
                    _ => questions.push(Asked {
                        versions: vec![version],
                        leniencies: leniencies.clone(),
                        said,
                    }),
                }
            }
        }
        Ok(Some(Self { vector, head, questions }))
    }
}

/// The first 8 + N bytes, or all if there are fewer; of a giant, those that are needed.
fn head(vector: &Vector) -> Vec<u8> {
    match vector.tier {
        Tier::Giant => vector.head(),
        Tier::Stored => {
            let mut bytes = vector.bytes();
            let n = bytes.first_chunk().map_or(0, |prefix| u64::from_le_bytes(*prefix));
            let end = usize::try_from(n).map_or(usize::MAX, |n| n.saturating_add(8));
            bytes.truncate(end);
            bytes
        }
    }
}

fn reading(vector: &Vector, head: &[u8], setting: &Setting) -> Option<Reading> {
    let file = File::prefix(head, vector.content.len()).ok()?;
    match Answer::of(&examine(file, setting.version, &setting.leniencies)) {
        Answer::Accepted(reading) => Some(reading),
        Answer::Refused(_) => None,
    }
}

/// The whole file of an area.
fn file(area: &str, cases: &[Case<'_>]) -> String {
    let cases: Vec<String> = cases.iter().map(ToString::to_string).collect();
    format!(
        "(* Written by `agree coq`: the vectors of one area of the corpus. *)\n\
         From Coq Require Import List NArith String.\n\
         From Safetensors Require Import Tables Vectors.\n\
         Import ListNotations.\n\
         Open Scope string_scope.\n\
         Open Scope list_scope.\n\
         Open Scope N_scope.\n\n\
         Definition cases : list case := [\n{}].\n\n\
         Theorem corpus_{area}_holds : failures cases = [].\n\
         Proof. vm_compute. reflexivity. Qed.\n",
        cases.join(";\n")
    )
}

impl fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vector, head, questions } = self;
        let questions: Vec<String> = questions.iter().map(ToString::to_string).collect();
        let (id, head, len) = (vector.id.to_string(), raw(head), vector.content.len());
        write!(f, "Case \"{id}\" {head} {len} [{}]", questions.join("; "))
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { versions, leniencies, said } = self;
        let versions: Vec<String> =
            versions.iter().map(|version| format!("V{}", name(version.as_str()))).collect();
        let leniencies: Vec<String> =
            leniencies.iter().map(|leniency| name(leniency.row().name)).collect();
        // All versions have a name of their own.
        let versions = if versions.len() == Version::ALL.len() {
            "versions".to_owned()
        } else {
            format!("[{}]", versions.join("; "))
        };
        write!(f, "Ask {versions} [{}] ({said})", leniencies.join("; "))
    }
}

fn means(reading: &Reading) -> String {
    let pairs =
        reading.metadata.iter().map(|(key, value)| format!("({}, {})", raw(key), raw(value)));
    let tensors = reading.tensors.iter().map(|Tensor { name, dtype, shape, begin, end }| {
        let shape: Vec<String> = shape.iter().map(u64::to_string).collect();
        format!("({}, {}, [{}], {begin}, {end})", raw(name), raw(dtype), shape.join("; "))
    });
    let pairs: Vec<String> = pairs.collect();
    let tensors: Vec<String> = tensors.collect();
    format!("Means [{}] [{}]", pairs.join("; "), tensors.join("; "))
}

/// What a name of ours is called in Coq.
fn name(ours: &str) -> String {
    ours.replace(['-', '.'], "_")
}

/// Bytes as a literal of `Vectors.raw`.
fn raw(bytes: &[u8]) -> String {
    let mut text = "\"".to_owned();
    for byte in bytes {
        match byte {
            b'"' => text.push_str("\"\""),
            b' '..=b'~' if *byte != b'\\' => text.push(char::from(*byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(text, "\\{byte:02x}")),
        }
    }
    text.push_str("\"%raw");
    text
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { out, files, vectors, questions, left_out } = self;
        write!(
            f,
            "{files} files in `{}`: {vectors} vectors, {questions} questions; {left_out} left out, with \
             header texts of more than {LONGEST} bytes or numbers of more than {MOST_DIGITS} digits; \
             where a text has more than {LONGEST_IN_FULL} bytes, the newest version is asked",
            out.display()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(id: &str) -> String {
        let vector = corpus::find(&id.parse().unwrap()).unwrap();
        Case::of(vector).unwrap().unwrap().to_string()
    }

    #[test]
    fn bytes_are_written_so_that_no_sign_is_mistaken() {
        assert_eq!(raw(b"{\"a\\\n\xff~ "), "\"{\"\"a\\5c\\0a\\ff~ \"%raw");
        assert_eq!(raw(b""), "\"\"%raw");
    }

    #[test]
    fn a_vector_says_what_each_version_expects() {
        let row = case("dtypes/f4-row");
        assert!(row.starts_with("Case \"dtypes/f4-row\" \""), "{row}");
        assert!(row.contains("[Ask [V1_0; V1_1] [] (Breaks DT_2); "), "{row}");
        assert!(row.contains("Ask [V1_2; V1_3; V1_4] [] (Means [] [("), "{row}");
    }

    #[test]
    fn a_vector_says_what_it_is_under_a_leniency() {
        let map = case("dtypes/map-of-newer");
        assert!(map.contains("[Ask versions [] (Breaks DT_1); "), "{map}");
        assert!(map.contains("Ask [V1_1; V1_2; V1_3; V1_4] [enum_map_dtype] (Means "), "{map}");
    }

    #[test]
    fn a_header_text_that_is_too_long_is_left_out() {
        for id in ["layout/ten-thousand-tensors", "json/dimension-of-thousands-of-digits"] {
            let vector = corpus::find(&id.parse().unwrap()).unwrap();
            assert!(Case::of(vector).unwrap().is_none(), "{id}");
        }
    }
}
