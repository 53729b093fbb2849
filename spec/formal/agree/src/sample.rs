//! What is asked: files, and the format versions and leniencies to judge them by. Nothing is
//! answered here.

use corpus::arb::Expected;
use corpus::{Expectation, Reading, Vector};
use spec::{LENIENCIES, Leniencies, MAX_HEADER_LEN, RuleId, Version};
use std::fmt;
use std::sync::Arc;

/// A file as far as anyone looks at it, and what is asked about it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Where the file comes from.
    pub origin: Origin,
    /// Its first bytes: at least 8 and the header text, if the file has as many.
    pub head: Vec<u8>,
    /// Its length in bytes.
    pub len: u64,
    /// One question each.
    pub settings: Arc<[Setting]>,
}

/// Where a file comes from; it is shown as the name of the file.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The corpus.
    Vector(&'static Vector),
    /// The generator of the corpus.
    Generated {
        /// The seed of the run.
        seed: u64,
        /// The number of the file in it, from 0.
        index: u64,
        /// What the file was made to be; `None` where bytes of it were changed afterwards.
        expected: Option<Expected>,
    },
    /// A list of all small files of a kind.
    Small {
        /// The name of the list.
        scope: &'static str,
        /// The place of the file in it, from 0.
        index: u64,
    },
}

/// By what a file is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The format version.
    pub version: Version,
    /// The leniencies.
    pub leniencies: Leniencies,
}

/// What is known of a file before anyone is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// It is accepted, with this reading.
    Accept(&'a Reading),
    /// It breaks this rule and no other.
    Reject(RuleId),
}

impl Sample {
    /// The header text, if it can be cut out of the file (LEN-1 to LEN-3).
    #[must_use]
    pub fn text(&self) -> Option<&[u8]> {
        let (prefix, rest) = self.head.split_first_chunk::<8>()?;
        let n = u64::from_le_bytes(*prefix);
        rest.get(..usize::try_from(n).ok()?).filter(|_| n <= MAX_HEADER_LEN)
    }

    /// What is known of the file in a setting.
    #[must_use]
    pub fn said(&self, setting: &Setting) -> Option<Said<'_>> {
        match &self.origin {
            Origin::Vector(vector) => said_by_the_corpus(vector, setting),
            Origin::Generated { expected, .. } => {
                match expected.as_ref().filter(|_| *setting == Setting::strict())? {
                    Expected::Valid(reading) => Some(Said::Accept(reading)),
                    Expected::Breaks(rule) => Some(Said::Reject(*rule)),
                }
            }
            Origin::Small { .. } => None,
        }
    }
}

/// What the manifest expects: of a strict reader, and of one with one leniency where the vector
/// states a reading for it.
pub(crate) fn said_by_the_corpus<'v>(vector: &'v Vector, setting: &Setting) -> Option<Said<'v>> {
    let Setting { version, leniencies } = setting;
    match vector.expectation(*version)? {
        Expectation::Accept(reading) => Some(Said::Accept(reading)),
        Expectation::Reject(rule, _) if leniencies.is_empty() => Some(Said::Reject(rule)),
        Expectation::Reject(_, lenient) => {
            let needed = |leniency| {
                vector.also_needs.iter().copied().chain([leniency]).collect::<Leniencies>()
            };
            let stated = lenient.iter().find(|(leniency, _)| needed(*leniency) == *leniencies)?;
            Some(Said::Accept(&stated.1))
        }
    }
}

impl Setting {
    /// The newest version, without leniencies.
    #[must_use]
    pub fn strict() -> Self {
        Self { version: Version::LATEST, leniencies: Leniencies::none() }
    }

    /// Every version under no leniency, each one alone, and all.
    #[must_use]
    pub fn all() -> Arc<[Self]> {
        let sets = leniency_sets();
        let of = |version| sets.iter().map(move |set| Self { version, leniencies: set.clone() });
        Version::ALL.into_iter().flat_map(of).collect()
    }

    /// The newest version, without leniencies and with all.
    #[must_use]
    pub fn few() -> Arc<[Self]> {
        let all = Self { version: Version::LATEST, leniencies: Leniencies::all() };
        [Self::strict(), all].into()
    }

    /// The names of the leniencies, separated by commas; `-` where there is none.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.leniencies.iter().map(|leniency| leniency.row().name).collect();
        if names.is_empty() { "-".to_owned() } else { names.join(",") }
    }
}

/// No leniency, each one alone, and all.
pub(crate) fn leniency_sets() -> Vec<Leniencies> {
    let alone = LENIENCIES.iter().map(|row| [row.leniency].into_iter().collect());
    [Leniencies::none()].into_iter().chain(alone).chain([Leniencies::all()]).collect()
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vector(vector) => write!(f, "the vector {}", vector.id),
            Self::Generated { seed, index, expected } => {
                let changed = if expected.is_none() { ", with bytes changed" } else { "" };
                write!(f, "file {index} of seed {seed}{changed}")
            }
            Self::Small { scope, index } => write!(f, "file {index} of \"{scope}\""),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names();
        let names = if names == "-" { "none" } else { &names };
        write!(f, "version {}, leniencies: {names}", self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(id: &str) -> &'static Vector {
        corpus::find(&id.parse().unwrap()).unwrap()
    }

    fn setting(version: Version, leniencies: &[&str]) -> Setting {
        let leniencies = leniencies.iter().map(|name| name.parse().unwrap()).collect();
        Setting { version, leniencies }
    }

    #[test]
    fn every_version_is_asked_under_eleven_sets() {
        assert_eq!(Setting::all().len(), 55);
    }

    #[test]
    fn the_corpus_speaks_of_strict_readers_and_of_the_leniencies_that_it_names() {
        let map = vector("dtypes/map-of-newer");
        let said = |version, names: &[&str]| said_by_the_corpus(map, &setting(version, names));
        assert_eq!(said(Version::V1_1, &[]), Some(Said::Reject(RuleId::Dt1)));
        assert_eq!(said(Version::V1_1, &["null-metadata"]), None);
        let lenient = said(Version::V1_1, &["enum-map-dtype"]);
        assert_eq!(lenient, Some(Said::Accept(&map.lenient[0].1)));
        assert_eq!(said(Version::V1_0, &["enum-map-dtype"]), None);
    }

    #[test]
    fn a_header_text_is_there_only_if_it_lies_in_the_file() {
        let text = |head: &[u8]| {
            let origin = Origin::Small { scope: "s", index: 0 };
            let len = u64::try_from(head.len()).unwrap();
            let sample = Sample { origin, head: head.to_vec(), len, settings: Setting::few() };
            sample.text().map(<[u8]>::to_vec)
        };
        assert_eq!(text(b"\x02\0\0\0\0\0\0\0{}x"), Some(b"{}".to_vec()));
        assert_eq!(text(b"\x03\0\0\0\0\0\0\0{}"), None);
        assert_eq!(text(b"\x02\0\0"), None);
    }
}
