//! What an implementation can be asked to be: which operations it has to offer, and what counts.

use reports::{Description, Operation, Record, Row, Verdict};
use std::fmt;

macro_rules! profiles {
    ($($variant:ident $name:literal [$($operation:ident),*] $lenient:literal $meaning:literal;)*) => {
        /// A part that an implementation can play, with what that takes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
        pub enum Profile {
            $(#[doc = $meaning] $variant,)*
        }

        impl Profile {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it takes, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// The operations that have to be offered, and that count.
            #[must_use]
            pub const fn operations(self) -> &'static [Operation] {
                match self { $(Self::$variant => &[$(Operation::$operation),*],)* }
            }

            /// Whether what is accepted under a declared leniency counts as it should be.
            #[must_use]
            pub const fn allows_leniencies(self) -> bool {
                match self { $(Self::$variant => $lenient,)* }
            }
        }
    };
}

profiles! {
    Reader "reader" [Read] true "Reads whole files.";
    HeaderReader "header-reader" [Header] true "Reads names, dtypes, shapes and metadata.";
    LazyReader "lazy-reader" [Header, Slice] true "Reads headers, and parts of tensors.";
    Writer "writer" [Write] true "Writes files.";
    Rewriter "rewriter" [Read, Rewrite] true "Reads files and writes what it read, and nothing is lost.";
    ShardedReader "sharded-reader" [Read, ReadIndex] true "Reads files, and sharded models by their index.";
    StrictReader "strict-reader" [Read] false "Reads whole files, and accepts nothing under a leniency.";
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether an implementation is what a profile asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is.
    Met,
    /// It is, but for failures that are known.
    Known(usize),
    /// These operations are not offered.
    Lacks(Vec<Operation>),
    /// Nothing of it was asked.
    NotAsked,
    /// So many answers are not as they should be.
    Fails(usize),
}

impl Profile {
    /// Whether the rows of a record show an implementation of this profile.
    #[must_use]
    pub fn fit(self, record: &Record) -> Fit {
        let lacking = self.lacking(&record.header.implementation);
        if !lacking.is_empty() {
            return Fit::Lacks(lacking);
        }
        let counted = record.rows.iter().filter(|row| self.operations().contains(&row.operation));
        let (mut rows, mut known, mut failed) = (0_usize, 0_usize, 0_usize);
        for row in counted {
            rows += 1;
            if self.is_failure(row) {
                failed += 1;
            } else if row.known.is_some() {
                known += 1;
            }
        }
        match (rows, failed, known) {
            (0, _, _) => Fit::NotAsked,
            (_, 0, 0) => Fit::Met,
            (_, 0, known) => Fit::Known(known),
            (_, failed, _) => Fit::Fails(failed),
        }
    }

    /// What of it an implementation does not offer.
    #[must_use]
    pub fn lacking(self, who: &Description) -> Vec<Operation> {
        self.operations().iter().copied().filter(|operation| !who.offers(*operation)).collect()
    }

    fn is_failure(self, row: &Row) -> bool {
        row.is_surprise() || (row.verdict == Verdict::Lenient && !self.allows_leniencies())
    }
}

impl Fit {
    /// Whether a run may end well with it.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        match self {
            Self::Met | Self::Known(_) => true,
            Self::Lacks(_) | Self::NotAsked | Self::Fails(_) => false,
        }
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Met => f.write_str("met"),
            Self::Known(count) => write!(f, "met, but for {count} known failures"),
            Self::Lacks(operations) => {
                let names: Vec<&str> =
                    operations.iter().map(|operation| operation.name()).collect();
                write!(f, "not met: {} is not offered", names.join(", "))
            }
            Self::NotAsked => f.write_str("not met: nothing of it was asked"),
            Self::Fails(count) => write!(f, "not met: {count} answers are not as they should be"),
        }
    }
}
