//! What is answered about a file: the form in which the checker writes it, and the same from the
//! oracle. Nothing is compared here.

use corpus::{Reading as CorpusReading, TensorReading, Text};
use spec::{Examination, RuleId};
use std::fmt;

/// What someone says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is accepted, and this is what is in it.
    Accepted(Reading),
    /// It breaks these rules: at least one, each once, in the order in which they were told.
    Refused(Vec<RuleId>),
}

/// What is in a file, in the order of its header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Keys and values.
    pub metadata: Vec<(Vec<u8>, Vec<u8>)>,
    /// The tensors.
    pub tensors: Vec<Tensor>,
}

/// One tensor of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// The name, unescaped.
    pub name: Vec<u8>,
    /// The name of the dtype.
    pub dtype: Vec<u8>,
    /// The dimensions.
    pub shape: Vec<u64>,
    /// BEGIN.
    pub begin: u64,
    /// END.
    pub end: u64,
}

/// A line that is no answer, and where it stops being one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {what} in `{}`", shown(line.as_bytes(), 200))]
pub struct Garbled {
    /// The line.
    pub line: String,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Answer {
    /// The answer that a line of the checker holds.
    ///
    /// # Errors
    ///
    /// It holds none.
    pub fn parse(line: &str) -> Result<Self, Garbled> {
        let garbled = |what| Garbled { line: line.to_owned(), what };
        let mut words = line.split(' ');
        match words.next() {
            Some("accepted") => reading(&mut words).map(Self::Accepted).map_err(garbled),
            Some("refused") => {
                let rules: Result<Vec<RuleId>, _> = words.map(str::parse).collect();
                let rules = rules.map_err(|_| garbled("an unknown rule"))?;
                if rules.is_empty() { Err(garbled("no rule")) } else { Ok(Self::Refused(rules)) }
            }
            Some(_) | None => Err(garbled("neither `accepted` nor `refused`")),
        }
    }

    /// What the oracle says; of the violations, each rule once.
    #[must_use]
    pub fn of(examination: &Examination<'_>) -> Self {
        match examination {
            Examination::Accepted { reading, tolerated: _ } => Self::Accepted(Reading::of(reading)),
            Examination::Refused { violations, omitted: _ } => {
                let mut rules: Vec<RuleId> = Vec::new();
                for rule in violations.iter().map(|violation| violation.rule) {
                    if !rules.contains(&rule) {
                        rules.push(rule);
                    }
                }
                Self::Refused(rules)
            }
        }
    }

    /// The rules that are found broken; none of an accepted file.
    #[must_use]
    pub fn rules(&self) -> &[RuleId] {
        match self {
            Self::Accepted(_) => &[],
            Self::Refused(rules) => rules,
        }
    }
}

impl Reading {
    fn of(read: &spec::Reading<'_>) -> Self {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let metadata = read.metadata().into_iter().flatten();
        Self {
            metadata: metadata.map(|(key, value)| (bytes(&key), bytes(&value))).collect(),
            tensors: read
                .tensors()
                .map(|tensor| Tensor {
                    name: bytes(&tensor.name()),
                    dtype: bytes(tensor.dtype().name()),
                    shape: tensor.shape().to_vec(),
                    begin: tensor.begin(),
                    end: tensor.end(),
                })
                .collect(),
        }
    }

    /// The same in the form of the corpus, which has neither an order nor offsets.
    #[must_use]
    pub fn as_stated(&self) -> CorpusReading {
        let tensors = self.tensors.iter().map(|tensor| TensorReading {
            name: Text(tensor.name.clone()),
            dtype: String::from_utf8_lossy(&tensor.dtype).into_owned(),
            shape: tensor.shape.clone(),
            sha256: None,
            values: None,
        });
        let pairs = self.metadata.iter().cloned();
        let pairs = pairs.map(|(key, value)| (Text(key), Text(value)));
        CorpusReading::new(tensors.collect(), pairs.collect())
    }
}

type Words<'l> = std::str::Split<'l, char>;

fn reading(words: &mut Words<'_>) -> Result<Reading, &'static str> {
    let mut reading = Reading::default();
    while let Some(kind) = words.next() {
        match kind {
            "m" if reading.tensors.is_empty() => {
                reading.metadata.push((bytes(words.next())?, bytes(words.next())?));
            }
            "t" => reading.tensors.push(Tensor {
                name: bytes(words.next())?,
                dtype: bytes(words.next())?,
                shape: match words.next().ok_or("an end too early")? {
                    "-" => Vec::new(),
                    list => list.split(',').map(number).collect::<Result<_, _>>()?,
                },
                begin: number(words.next().ok_or("an end too early")?)?,
                end: number(words.next().ok_or("an end too early")?)?,
            }),
            _ => return Err("neither a pair nor a tensor"),
        }
    }
    Ok(reading)
}

fn number(word: &str) -> Result<u64, &'static str> {
    word.parse().map_err(|_| "no number below 2^64")
}

/// Bytes in hexadecimal digits; `-` for none.
fn bytes(word: Option<&str>) -> Result<Vec<u8>, &'static str> {
    let word = word.ok_or("an end too early")?;
    if word == "-" {
        return Ok(Vec::new());
    }
    let digit = |sign: &u8| char::from(*sign).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? * 16 + digit(low)?),
        _ => None,
    };
    let found: Option<Vec<u8>> = word.as_bytes().chunks(2).map(pair).collect();
    found.filter(|found| !found.is_empty()).ok_or("no hexadecimal digits")
}

/// Bytes for people: printable ASCII as it is, everything else escaped, cut after a number of
/// characters.
#[must_use]
pub fn shown(bytes: &[u8], most: usize) -> String {
    let mut text = String::new();
    for byte in bytes {
        let next = match byte {
            b' '..=b'~' if *byte != b'\\' => char::from(*byte).to_string(),
            _ => byte.escape_ascii().to_string(),
        };
        if text.len() + next.len() > most {
            return format!("{text}… ({} bytes)", bytes.len());
        }
        text.push_str(&next);
    }
    text
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(reading) => write!(f, "accepted{reading}"),
            Self::Refused(rules) => {
                let ids: Vec<&str> = rules.iter().map(|rule| rule.as_str()).collect();
                write!(f, "refused: {}", ids.join(", "))
            }
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metadata, tensors } = self;
        for (key, value) in metadata.iter().take(8) {
            write!(f, "; \"{}\" is \"{}\"", shown(key, 80), shown(value, 80))?;
        }
        for Tensor { name, dtype, shape, begin, end } in tensors.iter().take(8) {
            write!(f, "; \"{}\" {} {shape:?} {begin}..{end}", shown(name, 80), shown(dtype, 80))?;
        }
        let more = metadata.len().saturating_sub(8) + tensors.len().saturating_sub(8);
        if more > 0 { write!(f, "; {more} more") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_is_written() {
        let accepted =
            Answer::parse("accepted m 6b - t 61 5538 2,18446744073709551615 0 1 t - 4634 - 1 1");
        let tensor = |name: &[u8], dtype: &[u8], shape: &[u64], begin, end| Tensor {
            name: name.to_vec(),
            dtype: dtype.to_vec(),
            shape: shape.to_vec(),
            begin,
            end,
        };
        let reading = Reading {
            metadata: vec![(b"k".to_vec(), Vec::new())],
            tensors: vec![tensor(b"a", b"U8", &[2, u64::MAX], 0, 1), tensor(b"", b"F4", &[], 1, 1)],
        };
        assert_eq!(accepted, Ok(Answer::Accepted(reading)));
        let refused = Answer::Refused(vec![RuleId::Size2, RuleId::Lay5]);
        assert_eq!(Answer::parse("refused SIZE-2 LAY-5"), Ok(refused));
        assert_eq!(Answer::parse("accepted"), Ok(Answer::Accepted(Reading::default())));
    }

    #[test]
    fn anything_else_is_no_answer() {
        for line in [
            "",
            "refused",
            "refused NONE-1",
            "refused  LEN-1",
            "accepted ",
            "accepted x",
            "accepted m 6b",
            "accepted m 6 -",
            "accepted m 6g -",
            "accepted t 61 5538 1 0",
            "accepted t 61 5538 1 0 18446744073709551616",
            "accepted t 61 5538 -1 0 1",
            "accepted t 61 5538 1 0 1 m 6b -",
        ] {
            assert!(Answer::parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn bytes_are_shown_without_control_characters_and_cut() {
        assert_eq!(shown(b"{\"a\\\n\xff", 300), "{\"a\\\\\\n\\xff");
        assert_eq!(shown(b"aaaa\x80", 6), "aaaa… (5 bytes)");
    }
}
