//! What the headers of two records are compared by, one aspect after the other. The time of a run
//! is no aspect.

use crate::describe::Description;
use crate::record::{Budgets, Header};
use crate::shown::shown;
use crate::text::{SHOWN, place};
use corpus::LimitValue;
use std::collections::BTreeSet;

/// How much of a digest is told, in characters.
const DIGEST: usize = 12;

macro_rules! aspects {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// Something that two runs can have in common or not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Aspect {
            $(#[doc = $meaning] $variant,)*
        }

        impl Aspect {
            /// All of them, in the order in which they are told.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in texts.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

aspects! {
    Name "implementation" "The name of the implementation.";
    Version "version" "The version of the implementation.";
    Build "build" "How the implementation was built or set up.";
    Offer "offer" "The operations and the ways of access that the implementation offers.";
    Declarations "declarations" "The leniencies, limits, dtypes and claims of the implementation, and who declared them.";
    Corpus "corpus" "The digest of the corpus.";
    Revision "spec revision" "The revision of the spec's text.";
    FormatVersion "format version" "The format version under which the files were judged.";
    Selection "selection" "What was asked for.";
    Tool "tool" "The version of the tool that made the run.";
    Isolation "isolation" "How the implementation was reached.";
    Budgets "budgets" "What each answer was allowed to cost.";
}

impl Aspect {
    /// Whether two headers differ in it.
    #[must_use]
    pub fn differs(self, old: &Header, new: &Header) -> bool {
        self.of(old) != self.of(new)
    }

    /// Whether there is exactly one thing to say of it, so that one takes the place of another.
    pub(super) const fn is_single(self) -> bool {
        match self {
            Self::Offer | Self::Declarations | Self::Selection => false,
            Self::Name
            | Self::Version
            | Self::Build
            | Self::Corpus
            | Self::Revision
            | Self::FormatVersion
            | Self::Tool
            | Self::Isolation
            | Self::Budgets => true,
        }
    }

    /// What a header says of it, each thing for itself.
    pub(super) fn of(self, header: &Header) -> BTreeSet<String> {
        let who = &header.implementation;
        match self {
            Self::Name => one(&who.name),
            Self::Version => one(&who.version),
            Self::Build => one(who.build.as_deref().unwrap_or("none told")),
            Self::Offer => {
                let operations = who.operations.iter().map(ToString::to_string);
                operations.chain(who.access.iter().map(|access| format!("by {access}"))).collect()
            }
            Self::Declarations => declarations(who, &header.declared_for_it),
            Self::Corpus => one(&header.corpus),
            Self::Revision => one(&header.revision),
            Self::FormatVersion => one(&header.format_version.to_string()),
            Self::Selection => selection(header),
            Self::Tool => one(&header.tool),
            Self::Isolation => one(place(header.isolation)),
            Self::Budgets => {
                let Budgets { timeout_ms, memory_base } = header.budgets;
                one(&format!("{timeout_ms} ms and {} MiB", memory_base >> 20))
            }
        }
    }

    /// One of these things, fit for a line.
    pub(super) fn shown(self, said: &str) -> String {
        match self {
            Self::Corpus => said.chars().take(DIGEST).collect(),
            Self::Name
            | Self::Version
            | Self::Build
            | Self::Offer
            | Self::Declarations
            | Self::Revision
            | Self::FormatVersion
            | Self::Selection
            | Self::Tool
            | Self::Isolation
            | Self::Budgets => shown(said.as_bytes(), SHOWN),
        }
    }
}

fn one(said: &str) -> BTreeSet<String> {
    BTreeSet::from([said.to_owned()])
}

fn declarations(who: &Description, by_caller: &[String]) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for leniency in who.leniencies.iter() {
        let caller = by_caller.iter().any(|name| name == leniency.name());
        let caller = if caller { " (declared by the caller)" } else { "" };
        all.insert(format!("leniency {leniency}{caller}"));
    }
    for (limit, value) in &who.limits {
        all.insert(match value {
            LimitValue::Number(number) => format!("limit {limit} {number}"),
            LimitValue::Dtypes(names) => format!("limit {limit} {}", names.join(" ")),
        });
    }
    if let Some(dtypes) = &who.write_dtypes {
        all.insert(format!("writes {} alone", dtypes.join(" ")));
    }
    all.extend(who.claims.iter().map(|claim| format!("claims to be {claim}")));
    all
}

/// Which vectors were asked for, and how they were to be judged; how many questions there are
/// follows from the corpus.
fn selection(header: &Header) -> BTreeSet<String> {
    let selection = &header.selection;
    let mut all = BTreeSet::from([format!("tier {}", selection.tier)]);
    for (what, names) in [
        ("ids like", &selection.filters),
        ("area", &selection.areas),
        ("rule", &selection.rules),
        ("consequence", &selection.consequences),
    ] {
        all.extend(names.iter().map(|name| format!("{what} {name}")));
    }
    all.extend(selection.operations.iter().map(|operation| format!("operation {operation}")));
    all.extend(selection.shard.iter().map(|shard| format!("shard {shard}")));
    if selection.canonical {
        all.insert("held to the canonical form".to_owned());
    }
    all
}
