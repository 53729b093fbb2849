//! What an implementation says of itself: name, exact version, operations, leniencies, limits.
//!
//! The same words stand in the first line of an adapter and in the header of a record.

use corpus::LimitValue;
use serde::{Deserialize, Serialize};
use spec::{Leniencies, Limit};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// One implementation under test, in its own words.
///
/// [`Description::new`] is a strict reader without limits; the other fields are set where more is
/// to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The name under which it is published.
    pub name: String,
    /// The exact version.
    pub version: String,
    /// The language that it is written in.
    pub language: String,
    /// How it was built or set up, where that can change what it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Where its source is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The operations that it offers.
    pub operations: Vec<Operation>,
    /// The ways in which it can read, each of which is asked for by name; empty for one unnamed way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<Access>,
    /// The leniencies that it declares, or that were declared on its behalf.
    #[serde(with = "leniencies")]
    pub leniencies: Leniencies,
    /// The limits that it declares, with their values.
    #[serde(with = "limits")]
    pub limits: BTreeMap<Limit, LimitValue>,
    /// The dtypes that it writes, by name; `None` where it writes all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_dtypes: Option<Vec<String>>,
    /// What it promises beyond the rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

impl Description {
    /// A strict reader without limits, written in Rust.
    #[must_use]
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            language: "Rust".to_owned(),
            build: None,
            source: None,
            operations: vec![Operation::Read],
            access: Vec::new(),
            leniencies: Leniencies::none(),
            limits: BTreeMap::new(),
            write_dtypes: None,
            claims: Vec::new(),
        }
    }

    /// Whether it offers an operation.
    #[must_use]
    pub fn offers(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }

    /// Whether it promises something.
    #[must_use]
    pub fn claims(&self, claim: Claim) -> bool {
        self.claims.contains(&claim)
    }
}

/// A closed list of names, written in the same way in JSON, in TOML and on the command line.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident $what:literal; $($variant:ident $name:literal $meaning:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $type {
            $(#[doc = $meaning] $variant,)*
        }

        impl $type {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the command line, in the protocol and in records.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                Self::ALL.iter().copied().find(|known| known.name() == text).ok_or_else(|| UnknownName {
                    what: $what,
                    given: text.to_owned(),
                    known: Self::ALL.iter().map(|known| known.name()).collect(),
                })
            }
        }
    };
}

/// A text that is no name of a closed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} `{given}`; known: {}", known.join(", "))]
pub struct UnknownName {
    what: &'static str,
    given: String,
    known: Vec<&'static str>,
}

names! {
    /// What an implementation can be asked to do.
    Operation "operation";
    Read "read" "Read everything: names, dtypes, shapes, bytes and metadata.";
    Header "header" "Read names, dtypes, shapes and metadata, and no data.";
    Slice "slice" "Read a part of one tensor.";
    Write "write" "Write a file with the tensors and the metadata that are handed over.";
    Rewrite "rewrite" "Read a file, and write what was read to another.";
    ReadIndex "read-index" "Read a sharded model by its index.";
}

names! {
    /// A way in which an implementation gets at the bytes of a file.
    Access "way of access";
    Mmap "mmap" "The file is mapped into memory.";
    Buffer "buffer" "The file is read into memory as a whole first.";
    Pread "pread" "Parts of the file are read at their places.";
    Stream "stream" "The file is read from its beginning to its end, once.";
    Device "device" "Tensors go to the memory of a device.";
}

names! {
    /// Something that an implementation promises beyond the rules.
    Claim "claim";
    Deterministic "deterministic" "Equal models are written as equal bytes (WR-12).";
    Canonical "canonical" "Files are written in the canonical form (CAN-1 to CAN-7).";
}

mod leniencies {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use spec::{Leniencies, Leniency};

    pub(super) fn serialize<S: Serializer>(set: &Leniencies, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(set.iter().map(Leniency::name))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Leniencies, D::Error> {
        Vec::<String>::deserialize(from)?
            .iter()
            .map(|name| name.parse::<Leniency>().map_err(D::Error::custom))
            .collect()
    }
}

mod limits {
    use corpus::LimitValue;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use spec::Limit;
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(
        limits: &BTreeMap<Limit, LimitValue>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_map(limits.iter().map(|(limit, value)| (limit.name(), value)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<Limit, LimitValue>, D::Error> {
        BTreeMap::<String, LimitValue>::deserialize(from)?
            .into_iter()
            .map(|(name, value)| {
                let limit = name.parse::<Limit>().map_err(D::Error::custom)?;
                match (limit == Limit::Dtype, &value) {
                    (true, LimitValue::Dtypes(_)) | (false, LimitValue::Number(_)) => {
                        Ok((limit, value))
                    }
                    (true, LimitValue::Number(_)) => {
                        Err(D::Error::custom("the limit `dtype` has a list of names as its value"))
                    }
                    (false, LimitValue::Dtypes(_)) => Err(D::Error::custom(format!(
                        "the limit `{limit}` has a number as its value"
                    ))),
                }
            })
            .collect()
    }
}
