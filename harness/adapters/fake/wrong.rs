//! Fakes that answer every question, and are wrong in one way. Their scores are known beforehand.

use corpus::{Digest, Reading, TensorReading};
use harness::builtin::Builtin;
use harness::{Ask, Implementation, Request};
use reports::{Access, Claim, Description, Observation, Operation};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use spec::{Examination, Leniencies, Leniency, Version};
use std::collections::BTreeMap;
use std::fmt;

/// The fake of a name.
pub(super) fn open(name: &str) -> Option<Box<dyn Implementation + Send>> {
    let way = match name {
        "accept-all" => Way::AcceptAll,
        "reject-all" => Way::RejectAll,
        "misread" => Way::Misread,
        "last-wins" => Way::Duplicates { first: false },
        "first-wins" => Way::Duplicates { first: true },
        "lies-about-operations" => Way::Lies,
        "other-by-mmap" => Way::OtherByMmap,
        "never-the-same" => Way::NeverTheSame(0),
        "writes-nothing" => Way::WritesNothing,
        "writes-a-pipe" => Way::WritesPipe,
        _ => return None,
    };
    Some(Box::new(Wrong { right: Builtin::Oracle.open(Version::LATEST), way }))
}

enum Way {
    /// Reads valid files as they are, and takes invalid ones for empty ones.
    AcceptAll,
    RejectAll,
    /// One bit of the first tensor with data is another.
    Misread,
    /// Of two members with one name the last is taken, or the first; declared is the last.
    Duplicates {
        first: bool,
    },
    /// Declares everything, and can read.
    Lies,
    /// Maps and buffers differ: what is mapped is misread.
    OtherByMmap,
    /// Claims to be deterministic, and numbers its files.
    NeverTheSame(u64),
    /// Says that it wrote.
    WritesNothing,
    /// Makes a named pipe, out of which nothing ever comes.
    WritesPipe,
}

struct Wrong {
    right: Box<dyn Implementation + Send>,
    way: Way,
}

impl Implementation for Wrong {
    fn describe(&self) -> Description {
        let right = self.right.describe();
        match self.way {
            Way::Duplicates { .. } => {
                Description { operations: vec![Operation::Read], leniencies: lasts(), ..right }
            }
            Way::OtherByMmap => Description {
                operations: vec![Operation::Read, Operation::Header],
                access: vec![Access::Mmap, Access::Buffer],
                ..right
            },
            Way::NeverTheSame(_) | Way::WritesNothing | Way::WritesPipe => Description {
                operations: vec![Operation::Write],
                claims: vec![Claim::Deterministic],
                ..right
            },
            Way::AcceptAll | Way::RejectAll | Way::Misread | Way::Lies => right,
        }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        match &mut self.way {
            Way::AcceptAll => {
                let observed = generous(self.right.as_mut(), request);
                if observed.is_accepted() { observed } else { nothing(request) }
            }
            Way::RejectAll => Observation::refused("no"),
            Way::Misread => misread(request, self.right.as_mut()),
            Way::Duplicates { first } => match std::fs::read(&request.path) {
                Ok(bytes) => lenient(&bytes, *first),
                Err(error) => Observation::refused(error),
            },
            Way::Lies if request.operation() == Operation::Read => self.right.ask(request),
            Way::Lies => {
                let reason = format!("there is no {}", request.operation());
                Observation::Unsupported { reason }
            }
            Way::OtherByMmap if request.access == Some(Access::Mmap) => {
                misread(request, self.right.as_mut())
            }
            Way::OtherByMmap => self.right.ask(request),
            Way::NeverTheSame(count) => {
                *count += 1;
                let observed = self.right.ask(request);
                if observed == Observation::AcceptedUnseen {
                    pad(request, *count);
                }
                observed
            }
            Way::WritesNothing => Observation::AcceptedUnseen,
            Way::WritesPipe => {
                let made = std::process::Command::new("mkfifo").arg(&request.path).status();
                made.map_or_else(Observation::refused, |_| Observation::AcceptedUnseen)
            }
        }
    }
}

/// The answer of the oracle, which also writes where a writer may refuse: BOOL bytes that are
/// neither 0 nor 1 become 1.
fn generous(right: &mut dyn Implementation, request: &Request) -> Observation {
    let mut request = request.clone();
    if let Ask::Write { tensors, .. } = &mut request.ask {
        for given in tensors.iter_mut().filter(|given| given.dtype == "BOOL") {
            given.bytes.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
        }
    }
    right.ask(&request)
}

fn lasts() -> Leniencies {
    [Leniency::DuplicateLastWins, Leniency::DuplicateMetadataLastWins].into_iter().collect()
}

/// Takes what is invalid for a file without tensors, or writes one.
fn nothing(request: &Request) -> Observation {
    match request.writes() {
        Some(path) => match spec::canonical(&[], &BTreeMap::new()) {
            Ok(file) if std::fs::write(path, &file).is_ok() => Observation::AcceptedUnseen,
            _ => Observation::refused("cannot write"),
        },
        None => Observation::Accepted(Reading::default()),
    }
}

/// Reads or writes one bit of the first tensor with data as another.
fn misread(request: &Request, right: &mut dyn Implementation) -> Observation {
    match (request.writes(), generous(right, request)) {
        (Some(path), Observation::AcceptedUnseen) => {
            let mut file = std::fs::read(path).unwrap_or_default();
            let has_data =
                match spec::examine(spec::File::whole(&file), Version::LATEST, &Leniencies::none())
                {
                    Examination::Accepted { reading, .. } => reading.data_len() > 0,
                    Examination::Refused { .. } => false,
                };
            if let Some(last) = file.last_mut().filter(|_| has_data) {
                *last ^= 1;
            }
            let _ = std::fs::write(path, file);
            Observation::AcceptedUnseen
        }
        (None, Observation::Accepted(reading)) => Observation::Accepted(flipped(&reading)),
        (_, other) => other,
    }
}

fn flipped(reading: &Reading) -> Reading {
    let mut tensors: Vec<TensorReading> = reading.tensors().to_vec();
    let nothing = Digest::of(&[]);
    let first = tensors.iter_mut().find(|tensor| tensor.sha256.is_some_and(|of| of != nothing));
    if let Some(tensor) = first {
        tensor.sha256 = Some(Digest::of(b"one bit is another"));
    }
    Reading::new(tensors, reading.metadata().clone())
}

/// Adds a number of spaces to the padding of a file.
fn pad(request: &Request, count: u64) {
    let Ok(mut file) = std::fs::read(&request.path) else { return };
    let Some(prefix) = file.first_chunk::<8>().copied() else { return };
    let len = u64::from_le_bytes(prefix);
    let spaces = usize::try_from(8 * count).unwrap_or(8);
    if let Ok(end) = usize::try_from(8 + len) {
        file.splice(end..end, std::iter::repeat_n(b' ', spaces));
        file.splice(..8, (len + 8 * count).to_le_bytes());
        let _ = std::fs::write(&request.path, file);
    }
}

/// What a reader gets that keeps one of two members with one name.
fn lenient(bytes: &[u8], first: bool) -> Observation {
    let rebuilt = if first { first_only(bytes) } else { None };
    let bytes = rebuilt.as_deref().unwrap_or(bytes);
    match spec::examine(spec::File::whole(bytes), Version::LATEST, &lasts()) {
        Examination::Accepted { reading, .. } => {
            Observation::Accepted(Reading::of_file(&reading, bytes))
        }
        Examination::Refused { violations, .. } => {
            Observation::refused(violations.first().map(ToString::to_string).unwrap_or_default())
        }
    }
}

/// The file with the first of members with one name alone; `None` where it is no such file.
fn first_only(bytes: &[u8]) -> Option<Vec<u8>> {
    let len = usize::try_from(u64::from_le_bytes(*bytes.first_chunk()?)).ok()?;
    let end = len.checked_add(8)?;
    let members: Members = serde_json::from_slice(bytes.get(8..end)?).ok()?;
    let mut kept: Vec<(String, String)> = Vec::new();
    for (name, value) in members.0 {
        if kept.iter().all(|(known, _)| *known != name) {
            let inner = serde_json::from_str::<Members>(value.get());
            let value = match inner {
                Ok(inner) if name == "__metadata__" => object(inner),
                Ok(_) | Err(_) => value.get().to_owned(),
            };
            kept.push((name, value));
        }
    }
    let text = joined(&kept);
    let mut file = u64::try_from(text.len()).ok()?.to_le_bytes().to_vec();
    file.extend(text.as_bytes());
    file.extend(bytes.get(end..)?);
    Some(file)
}

fn object(members: Members) -> String {
    let mut kept: Vec<(String, String)> = Vec::new();
    for (name, value) in members.0 {
        if kept.iter().all(|(known, _)| *known != name) {
            kept.push((name, value.get().to_owned()));
        }
    }
    joined(&kept)
}

fn joined(members: &[(String, String)]) -> String {
    let member = |(name, value): &(String, String)| {
        format!("{}:{value}", serde_json::Value::from(name.clone()))
    };
    format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
}

/// The members of an object in their order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(All)
    }
}
