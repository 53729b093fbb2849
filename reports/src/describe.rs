//! What an implementation says of itself: name, exact version, operations, leniencies, limits.
//!
//! The same words stand in the first line of an adapter and in the header of a record.

use corpus::LimitValue;
use serde::{Deserialize, Serialize};
use spec::{Leniencies, Limit};
use std::collections::BTreeMap;
use std::fmt;

/// One implementation under test, in its own words.
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
    /// The leniencies that it declares, or that were declared on its behalf.
    #[serde(with = "leniencies")]
    pub leniencies: Leniencies,
    /// The limits that it declares, with their values.
    #[serde(with = "limits")]
    pub limits: BTreeMap<Limit, LimitValue>,
}

/// What an implementation can be asked to do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Read everything: names, dtypes, shapes, bytes and metadata.
    Read,
}

impl Operation {
    /// The name on the command line, in the protocol and in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
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
