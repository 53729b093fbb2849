//! The closed list of limits, with their floors.
//!
//! A limit is a number (or, for `dtype`, a set) beyond which a reader that declares it may refuse
//! a valid file, as unsupported. A conforming limit is never below its floor.

use crate::dtype::Dtype;
use std::fmt;
use std::str::FromStr;

/// One row of the list of limits.
#[derive(Clone, Copy, Debug)]
pub struct LimitRow {
    /// The limit.
    pub limit: Limit,
    /// The name by which a reader declares it.
    pub name: &'static str,
    /// What the value counts.
    pub unit: &'static str,
    /// The least value that a conforming reader may declare; `None` where the value is not a
    /// number (see [`DTYPE_FLOOR`]).
    pub floor: Option<u64>,
    /// What a reader that declares it may refuse.
    pub refuses: &'static str,
}

macro_rules! limits {
    ($($variant:ident $name:literal $unit:literal $floor:expr, $refuses:literal;)*) => {
        /// A named reason to refuse a valid file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Limit {
            $(#[doc = $refuses] $variant,)*
        }

        impl Limit {
            /// The row of the list.
            #[must_use]
            pub const fn row(self) -> LimitRow {
                match self {
                    $(Self::$variant => LimitRow {
                        limit: Self::$variant,
                        name: $name,
                        unit: $unit,
                        floor: $floor,
                        refuses: $refuses,
                    },)*
                }
            }
        }

        /// Every limit.
        pub static LIMITS: &[LimitRow] = &[$(Limit::$variant.row(),)*];
    };
}

limits! {
    HeaderLength "header-length" "bytes of header text" Some(25_000_000), "Files whose N is greater than the value.";
    Rank "rank" "dimensions" Some(4), "Files with a tensor of more dimensions than the value.";
    WordSize "word-size" "bits" Some(31), "Files with a dimension, an offset, or a tensor's size in bits that is 2 to the power of the value or more.";
    NameLength "name-length" "bytes of UTF-8" Some(255), "Files with a tensor name longer than the value.";
    NulInName "nul-in-name" "0: refused" Some(0), "Files with a tensor name that holds U+0000.";
    Dtype "dtype" "names of dtypes" None, "Files with a tensor of a dtype that is not in the declared set.";
    F4OddLastDim "f4-odd-last-dim" "0: refused" Some(0), "Files with an F4 tensor whose last dimension is odd.";
}

/// The dtypes that every reader has: the floor of the limit `dtype`.
pub static DTYPE_FLOOR: &[Dtype] = &[Dtype::U8, Dtype::F16, Dtype::I32, Dtype::F32, Dtype::I64];

/// The greatest N of a valid file, in bytes; see LEN-2.
pub const MAX_HEADER_LEN: u64 = 100_000_000;

impl Limit {
    /// The name by which a reader declares it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLimit(pub String);

impl fmt::Display for UnknownLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no limit `{}`; known:", self.0)?;
        for (position, row) in LIMITS.iter().enumerate() {
            write!(f, "{} {}", if position == 0 { "" } else { "," }, row.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownLimit {}

impl FromStr for Limit {
    type Err = UnknownLimit;

    fn from_str(text: &str) -> Result<Self, UnknownLimit> {
        LIMITS
            .iter()
            .find(|row| row.name == text)
            .map(|row| row.limit)
            .ok_or_else(|| UnknownLimit(text.to_owned()))
    }
}
