//! The closed list of leniencies.
//!
//! A leniency lets a reader accept an invalid file, and says what it must then read. It never
//! changes which files are valid.

use crate::rules::RuleId;
use std::fmt;
use std::str::FromStr;

/// One row of the list of leniencies.
#[derive(Clone, Copy, Debug)]
pub struct LeniencyRow {
    /// The leniency.
    pub leniency: Leniency,
    /// The name by which a reader declares it.
    pub name: &'static str,
    /// The rule that it relaxes.
    pub relaxes: RuleId,
    /// What a reader that has it must read.
    pub reading: &'static str,
}

macro_rules! leniencies {
    ($($variant:ident $name:literal $relaxes:ident $reading:literal;)*) => {
        /// A named way to accept an invalid file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Leniency {
            $(#[doc = $reading] $variant,)*
        }

        impl Leniency {
            /// The row of the list.
            #[must_use]
            pub const fn row(self) -> LeniencyRow {
                match self {
                    $(Self::$variant => LeniencyRow {
                        leniency: Self::$variant,
                        name: $name,
                        relaxes: RuleId::$relaxes,
                        reading: $reading,
                    },)*
                }
            }
        }

        /// Every leniency, in the order of the rules that they relax.
        pub static LENIENCIES: &[LeniencyRow] = &[$(Leniency::$variant.row(),)*];
    };
}

leniencies! {
    LeadingWhitespace "leading-whitespace" Txt1 "Spaces, tabs, line feeds and carriage returns before the object are skipped.";
    TrailingWhitespace "trailing-whitespace" Pad1 "Tabs, line feeds and carriage returns after the object are skipped as spaces are.";
    DuplicateLastWins "duplicate-last-wins" Name1 "Of the tensors with one name, the last in the header counts; OFF-3 and the SIZE and LAY rules are applied to the tensors that count, every other rule to all.";
    NullMetadata "null-metadata" Meta2 "A `__metadata__` of `null` is read as no metadata.";
    DuplicateMetadataLastWins "duplicate-metadata-last-wins" Meta4 "Of the metadata values with one key, the last counts.";
    SequenceEntry "sequence-entry" Ent1 "An entry that is an array of exactly three values is read as `dtype`, `shape` and `data_offsets`, in this order.";
    UnknownFields "unknown-fields" Ent4 "Other fields of an entry are skipped, whatever JSON value they hold; nothing acts on them.";
    EnumMapDtype "enum-map-dtype" Dt1 "A dtype that is an object of one key and its value is read as the key if the value is `null`.";
    ZeroAbsorbsOverflow "zero-absorbs-overflow" Size1 "A tensor with a dimension of 0 has size 0, whatever its other dimensions are.";
}

impl Leniency {
    /// The name by which a reader declares it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The rule that it relaxes.
    #[must_use]
    pub const fn relaxes(self) -> RuleId {
        self.row().relaxes
    }
}

impl fmt::Display for Leniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no leniency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLeniency(pub String);

impl fmt::Display for UnknownLeniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no leniency `{}`; known:", self.0)?;
        for (position, row) in LENIENCIES.iter().enumerate() {
            write!(f, "{} {}", if position == 0 { "" } else { "," }, row.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownLeniency {}

impl FromStr for Leniency {
    type Err = UnknownLeniency;

    fn from_str(text: &str) -> Result<Self, UnknownLeniency> {
        LENIENCIES
            .iter()
            .find(|row| row.name == text)
            .map(|row| row.leniency)
            .ok_or_else(|| UnknownLeniency(text.to_owned()))
    }
}

/// A set of leniencies; empty is the strict reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leniencies(Vec<Leniency>);

impl Leniencies {
    /// No leniency: the strict reading.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Every leniency of the list.
    #[must_use]
    pub fn all() -> Self {
        LENIENCIES.iter().map(|row| row.leniency).collect()
    }

    /// Whether a leniency is in the set.
    #[must_use]
    pub fn has(&self, leniency: Leniency) -> bool {
        self.0.contains(&leniency)
    }

    /// The leniencies of the set, in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = Leniency> + '_ {
        self.0.iter().copied()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Leniency> for Leniencies {
    fn from_iter<I: IntoIterator<Item = Leniency>>(all: I) -> Self {
        let mut list: Vec<Leniency> = all.into_iter().collect();
        list.sort_unstable();
        list.dedup();
        Self(list)
    }
}
