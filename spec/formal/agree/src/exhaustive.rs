//! All small files of a kind as scopes: headers of few tensors in small data buffers, and short
//! texts over small alphabets.

use crate::run::Scope;
use crate::sample::{Origin, Sample, Setting};
use spec::{Leniencies, Leniency, Version};
use std::sync::Arc;

/// Every scope; texts are longer than they are by default by a number of signs.
pub(crate) fn scopes(extra: u32) -> Vec<Scope> {
    let headers = [
        headers("headers of up to 3 tensors", &["a", "b", "c"], 0..=3, &[]),
        headers("two tensors of one name", &["a", "a"], 2..=2, &[Leniency::DuplicateLastWins]),
    ];
    headers.into_iter().chain(TEXTS.iter().map(|texts| texts.scope(extra))).collect()
}

/// BEGIN and END, each from 0 on.
const OFFSETS: u64 = 4;

/// The lengths of the data buffer, from 0 on.
const BUFFERS: u64 = 5;

/// Every header with some tensors, strictly and under a set of leniencies.
fn headers(
    name: &'static str,
    names: &'static [&'static str],
    counts: std::ops::RangeInclusive<u32>,
    leniencies: &[Leniency],
) -> Scope {
    let mut settings = vec![Setting::strict()];
    if !leniencies.is_empty() {
        let leniencies: Leniencies = leniencies.iter().copied().collect();
        settings.push(Setting { version: Version::LATEST, leniencies });
    }
    let settings: Arc<[Setting]> = settings.into();
    let offsets = OFFSETS * OFFSETS;
    let numbers = counts.flat_map(move |count| {
        (0..offsets.pow(count) * BUFFERS).map(move |number| (count, number))
    });
    let samples = (0..).zip(numbers).map(move |(index, (count, number))| {
        let (buffer, mut rest) = (number % BUFFERS, number / BUFFERS);
        let mut entries = Vec::new();
        for (name, _) in names.iter().zip(0..count) {
            let (begin, end) = (rest % OFFSETS, rest / OFFSETS % OFFSETS);
            rest /= offsets;
            let dim = end.saturating_sub(begin);
            entries.push(format!(
                "\"{name}\":{{\"dtype\":\"U8\",\"shape\":[{dim}],\"data_offsets\":[{begin},{end}]}}"
            ));
        }
        let text = format!("{{{}}}", entries.join(","));
        sample(name, index, text.as_bytes(), buffer, &settings)
    });
    Scope { name: name.to_owned(), samples: Box::new(samples), left_out: String::new() }
}

fn sample(
    scope: &'static str,
    index: u64,
    text: &[u8],
    buffer: u64,
    settings: &Arc<[Setting]>,
) -> Sample {
    let n = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let head = [&n.to_le_bytes()[..], text].concat();
    let origin = Origin::Small { scope, index };
    Sample { origin, head, len: 8 + n + buffer, settings: settings.clone() }
}

/// Every text of some length over an alphabet, with something in front of it and behind it.
struct Texts {
    name: &'static str,
    before: &'static str,
    after: &'static str,
    /// The signs; one may be several bytes.
    signs: &'static [&'static [u8]],
    longest: u32,
    leniencies: &'static [Leniency],
}

/// What is asked for: structure, values, members, metadata, strings, UTF-8, numbers, integers,
/// whitespace.
static TEXTS: &[Texts] = &[
    Texts {
        name: "header texts",
        before: "",
        after: "",
        signs: &[
            b"{", b"}", b"[", b"]", b":", b",", b"\"", b"\\", b"0", b"-", b"e", b"u", b" ", b"\x80",
        ],
        longest: 4,
        leniencies: &[],
    },
    Texts {
        name: "values",
        before: "{\"a\":",
        after: "}",
        signs: &[b"{", b"}", b"[", b"]", b":", b",", b"\"", b"0"],
        longest: 6,
        leniencies: &[],
    },
    Texts {
        name: "words",
        before: "{\"a\":",
        after: "}",
        signs: &[b"null", b"true", b"false", b"nul", b"x", b"N", b"0", b"[", b"]", b",", b" "],
        longest: 4,
        leniencies: &[],
    },
    Texts {
        name: "members",
        before: "{",
        after: "}",
        signs: &[b"\"a\"", b"\"b\"", b"\"\\u0061\"", b":", b",", b"{}", b"}"],
        longest: 6,
        leniencies: &[Leniency::DuplicateLastWins],
    },
    Texts {
        name: "metadata",
        before: "{\"__metadata__\":",
        after: "}",
        signs: &[b"{", b"}", b"null", b"\"a\"", b"\"\\u0061\"", b":", b",", b",\"__metadata__\":"],
        longest: 5,
        leniencies: &[Leniency::NullMetadata, Leniency::DuplicateMetadataLastWins],
    },
    Texts {
        name: "fields",
        before: "{\"a\":{",
        after: "}}",
        signs: &[
            b"\"dtype\":\"U8\"",
            b"\"dtype\":{\"U8\":null}",
            b"\"dtype\":\"F4\"",
            b"\"shape\":[]",
            b"\"shape\":[0,4294967296,4294967296]",
            b"\"data_offsets\":[0,0]",
            b"\"x\":{}",
            b",",
        ],
        longest: 5,
        leniencies: &[
            Leniency::UnknownFields,
            Leniency::EnumMapDtype,
            Leniency::ZeroAbsorbsOverflow,
        ],
    },
    Texts {
        name: "entries as arrays",
        before: "{\"a\":[",
        after: "]}",
        signs: &[b"\"U8\"", b"{\"U8\":null}", b"[0]", b"[0,0]", b"0", b",", b"[", b"]"],
        longest: 5,
        leniencies: &[Leniency::SequenceEntry, Leniency::EnumMapDtype],
    },
    Texts {
        name: "strings",
        before: "{\"__metadata__\":{\"",
        after: "\":\"\"}}",
        signs: &[
            b"\\", b"u", b"\"", b"n", b"0", b"d83D", b"DE00", b"\\ud800", b"\\uDFFF", b"\x1f",
            b"\x7f",
        ],
        longest: 5,
        leniencies: &[],
    },
    Texts {
        name: "UTF-8",
        before: "{\"__metadata__\":{\"",
        after: "\":\"\"}}",
        signs: &[
            b"a", b"\x80", b"\x8f", b"\x90", b"\x9f", b"\xa0", b"\xbf", b"\xc1", b"\xc2", b"\xe0",
            b"\xec", b"\xed", b"\xf0", b"\xf1", b"\xf4", b"\xf5",
        ],
        longest: 4,
        leniencies: &[],
    },
    Texts {
        name: "numbers",
        before: "{\"a\":",
        after: "}",
        signs: &[b"0", b"1", b"-", b"+", b".", b"e", b"E", b" "],
        longest: 6,
        leniencies: &[],
    },
    Texts {
        name: "integers",
        before: "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,0],\"shape\":[",
        after: "]}}",
        signs: &[b"0", b"1", b"-", b".0", b"e1", b",", b"1844674407370955161", b"5", b"6"],
        longest: 4,
        leniencies: &[Leniency::ZeroAbsorbsOverflow],
    },
    Texts {
        name: "whitespace and padding",
        before: "",
        after: "",
        signs: &[b"{}", b" ", b"\t", b"\n", b"\r", b"\0", b"\x0b"],
        longest: 5,
        leniencies: &[Leniency::LeadingWhitespace, Leniency::TrailingWhitespace],
    },
];

impl Texts {
    fn scope(&'static self, extra: u32) -> Scope {
        let Self { name, before, after, signs, longest, leniencies } = self;
        let longest = longest + extra;
        let mut settings = vec![Setting::strict()];
        if !leniencies.is_empty() {
            let leniencies: Leniencies = leniencies.iter().copied().collect();
            settings.push(Setting { version: Version::LATEST, leniencies });
        }
        let settings: Arc<[Setting]> = settings.into();
        let base = u64::try_from(signs.len()).unwrap_or(u64::MAX);
        let numbers = (0..=longest)
            .flat_map(move |len| (0..base.saturating_pow(len)).map(move |number| (len, number)));
        let samples = (0..).zip(numbers).map(move |(index, (len, mut number))| {
            let mut text = before.as_bytes().to_vec();
            for _ in 0..len {
                let sign = usize::try_from(number % base).ok().and_then(|at| signs.get(at));
                text.extend_from_slice(sign.copied().unwrap_or_default());
                number /= base;
            }
            text.extend_from_slice(after.as_bytes());
            sample(name, index, &text, 0, &settings)
        });
        Scope {
            name: format!("{name}, up to {longest} of {base} signs"),
            samples: Box::new(samples),
            left_out: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_header_of_a_scope_is_there_once() {
        let mut seen = BTreeSet::new();
        let scope = headers("test", &["a", "b", "c"], 0..=2, &[]);
        for sample in scope.samples {
            assert!(seen.insert((sample.len - 8, sample.text().unwrap().to_vec())));
        }
        assert_eq!(seen.len(), 5 * (1 + 16 + 256));
        let texts: Vec<&str> =
            seen.iter().map(|(_, text)| std::str::from_utf8(text).unwrap()).collect();
        let entry = r#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[3,1]},"b":"#;
        assert_eq!(texts.iter().filter(|text| text.starts_with(entry)).count(), 16 * 5);
    }

    #[test]
    fn every_text_of_a_scope_is_there_once() {
        for texts in TEXTS {
            let short = Texts { longest: 2, ..*texts };
            let short: &'static Texts = Box::leak(Box::new(short));
            let base = texts.signs.len();
            let seen: Vec<Vec<u8>> =
                short.scope(0).samples.map(|sample| sample.text().unwrap().to_vec()).collect();
            assert_eq!(seen.len(), 1 + base + base * base, "{}", texts.name);
            let distinct: BTreeSet<&Vec<u8>> = seen.iter().collect();
            assert_eq!(distinct.len(), seen.len(), "{}", texts.name);
            let in_frame = |text: &Vec<u8>| {
                text.starts_with(texts.before.as_bytes()) && text.ends_with(texts.after.as_bytes())
            };
            assert!(seen.iter().all(in_frame), "{}", texts.name);
        }
    }
}
