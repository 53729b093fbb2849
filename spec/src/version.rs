//! Format versions: which vocabularies of dtypes there are, and which one a file needs.
//!
//! A file carries no version; the versions are properties of this text. What each one added, with
//! the evidence, is in `spec/versions.md`.

use std::fmt;
use std::str::FromStr;

/// A version of the format. Each minor version adds dtypes and takes nothing away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 13 dtypes, as first released together with the present file rules.
    V1_0,
    /// Adds `F8_E5M2` and `F8_E4M3`.
    V1_1,
    /// Adds `F4`, `F6_E2M3`, `F6_E3M2` and `F8_E8M0`, and with them sizes in bits.
    V1_2,
    /// Adds `C64`.
    V1_3,
    /// Adds `F8_E4M3FNUZ` and `F8_E5M2FNUZ`.
    V1_4,
}

/// The revision of the text that this crate implements. A revision clarifies; it never changes
/// which files are valid in a format version.
pub const REVISION: &str = "r1";

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 5] = [Self::V1_0, Self::V1_1, Self::V1_2, Self::V1_3, Self::V1_4];

    /// The newest version.
    pub const LATEST: Self = Self::V1_4;

    /// The version as it is written: `1.0` to `1.4`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no format version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVersion(pub String);

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no format version `{}`; known: 1.0, 1.1, 1.2, 1.3, 1.4", self.0)
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
            .ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}
