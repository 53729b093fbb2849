//! The id of a vector: `area/situation`, permanent, and silent about the answer.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An id of the form `area/situation`, each part lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VectorId(String);

/// A text that is no vector id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a vector id; an id is `area/situation`, in lower-case letters, digits and hyphens"
)]
pub struct InvalidVectorId(String);

impl VectorId {
    /// The id of a recipe, unchecked here: the lint refuses one that does not parse.
    pub(crate) fn of_recipe(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    #[must_use]
    pub fn area(&self) -> &str {
        self.0.split_once('/').map_or("", |(area, _)| area)
    }

    /// The part after the slash.
    #[must_use]
    pub fn situation(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, situation)| situation)
    }
}

fn is_part(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !text.starts_with('-')
        && !text.ends_with('-')
}

impl FromStr for VectorId {
    type Err = InvalidVectorId;

    fn from_str(text: &str) -> Result<Self, InvalidVectorId> {
        match text.split_once('/') {
            Some((area, situation)) if is_part(area) && is_part(situation) => {
                Ok(Self(text.to_owned()))
            }
            Some(_) | None => Err(InvalidVectorId(text.to_owned())),
        }
    }
}

impl TryFrom<String> for VectorId {
    type Error = InvalidVectorId;

    fn try_from(text: String) -> Result<Self, InvalidVectorId> {
        text.parse()
    }
}

impl From<VectorId> for String {
    fn from(id: VectorId) -> Self {
        id.0
    }
}

impl fmt::Display for VectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_an_area_and_a_situation() {
        let id: VectorId = "layout/gap-before-first".parse().unwrap();
        assert_eq!((id.area(), id.situation()), ("layout", "gap-before-first"));
        for text in ["", "layout", "layout/", "/gap", "a/b/c", "A/b", "a/-b", "a/b-", "a b/c"] {
            let error = text.parse::<VectorId>().unwrap_err().to_string();
            assert!(error.contains("area/situation"), "{error}");
        }
    }
}
