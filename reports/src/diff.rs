//! What became better or worse from one record to another: the rows are matched by their keys, and
//! each difference has a kind and a cause.
//!
//! Only verdicts make a difference, and ways of access that disagree; readings and messages that
//! differ under one verdict do not. Nothing here decides a verdict, reads a file or prints; the
//! words for people are in [`text`].

mod aspect;
mod cause;
pub mod text;

pub use aspect::Aspect;
pub use cause::Cause;

use crate::describe::{Access, Operation};
use crate::record::{Header, Record, Row};
use corpus::VectorId;
use std::collections::BTreeMap;

/// What differs between two records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff<'a> {
    /// The header of the old record.
    pub old: &'a Header,
    /// The header of the new record.
    pub new: &'a Header,
    /// The differences, sorted by vector.
    pub changes: Vec<Change<'a>>,
    /// How many rows are in both records and do not differ.
    pub same: usize,
}

/// One row that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// The row, in the record or in the two of them that have it.
    pub rows: Rows<'a>,
    /// What became of it.
    pub kind: Kind,
    /// What that comes from.
    pub cause: Cause,
}

/// A row in the record or in the two of them that have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows<'a> {
    /// Both have it.
    Both {
        /// As it is in the old record.
        old: &'a Row,
        /// As it is in the new record.
        new: &'a Row,
    },
    /// The old record alone.
    Old(&'a Row),
    /// The new record alone.
    New(&'a Row),
}

macro_rules! kinds {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// What became of a row, worst first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $meaning] $variant,)*
        }

        impl Kind {
            /// Every kind, worst first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in texts.
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
    };
}

kinds! {
    Regressed "regressed" "It was as expected in the old record, and is not in the new one.";
    Changed "changed" "It is as expected in neither record, and the verdict is another.";
    Added "added" "It is in the new record alone.";
    Removed "removed" "It is in the old record alone.";
    Shifted "shifted" "It is as expected in both records, and the verdict is another.";
    Fixed "fixed" "It was not as expected in the old record, and is in the new one.";
}

impl<'a> Diff<'a> {
    /// Compares two records.
    #[must_use]
    pub fn of(old: &'a Record, new: &'a Record) -> Self {
        let (before, after) = (by_key(old), by_key(new));
        let (from, to) = (&old.header, &new.header);
        let mut changes = Vec::new();
        let mut same = 0;
        for (key, row) in &before {
            match after.get(key) {
                Some(now) => match kind(row, now) {
                    Some(kind) => changes.push(Change {
                        rows: Rows::Both { old: row, new: now },
                        kind,
                        cause: cause::of_both((row, from), (now, to)),
                    }),
                    None => same += 1,
                },
                None => changes.push(Change {
                    rows: Rows::Old(row),
                    kind: Kind::Removed,
                    cause: cause::of_one(row, from, to, has_file(&after, row)),
                }),
            }
        }
        for (key, row) in &after {
            if !before.contains_key(key) {
                changes.push(Change {
                    rows: Rows::New(row),
                    kind: Kind::Added,
                    cause: cause::of_one(row, to, from, has_file(&before, row)),
                });
            }
        }
        changes.sort_by(|a, b| a.rows.newest().key().cmp(&b.rows.newest().key()));
        Self { old: from, new: to, changes, same }
    }

    /// The aspects in which the headers differ.
    #[must_use]
    pub fn aspects(&self) -> Vec<Aspect> {
        Aspect::ALL.iter().copied().filter(|aspect| aspect.differs(self.old, self.new)).collect()
    }

    /// Whether the new record has surprises that the old one had not: rows that regressed or were
    /// added, and that nobody knows to fail.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.changes.iter().any(Change::is_worse)
    }
}

impl Change<'_> {
    /// Whether it is a surprise that the old record had not: a row that regressed or was added,
    /// and that nobody knows to fail.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        match self.kind {
            Kind::Regressed | Kind::Added => self.rows.newest().is_surprise(),
            Kind::Changed | Kind::Removed | Kind::Shifted | Kind::Fixed => false,
        }
    }
}

impl<'a> Rows<'a> {
    /// The row of the new record, or of the old one where the new has none.
    #[must_use]
    pub const fn newest(self) -> &'a Row {
        match self {
            Self::Both { new, old: _ } => new,
            Self::Old(row) | Self::New(row) => row,
        }
    }
}

/// What [`Row::key`] gives.
type Key<'a> = (&'a VectorId, Operation, Option<&'a str>, Option<Access>);
type ByKey<'a> = BTreeMap<Key<'a>, &'a Row>;

fn by_key(record: &Record) -> ByKey<'_> {
    record.rows.iter().map(|row| (row.key(), row)).collect()
}

/// Whether rows have another question about the file of a row.
fn has_file(rows: &ByKey<'_>, row: &Row) -> bool {
    let first = (&row.vector, Operation::Read, None, None);
    let mut of_vector = rows.range(first..).take_while(|(_, other)| other.vector == row.vector);
    of_vector.any(|(_, other)| other.digest == row.digest)
}

/// What became of a row that both records have; `None` where that is nothing.
fn kind(old: &Row, new: &Row) -> Option<Kind> {
    match (old.is_as_expected(), new.is_as_expected()) {
        (true, false) => Some(Kind::Regressed),
        (false, true) => Some(Kind::Fixed),
        (_, _) if old.verdict == new.verdict => None,
        (true, true) => Some(Kind::Shifted),
        (false, false) => Some(Kind::Changed),
    }
}
