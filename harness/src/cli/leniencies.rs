//! The value of `--lenient`, which several commands take.

use spec::{Leniencies, Leniency, UnknownLeniency};
use std::str::FromStr;

/// One item of `--lenient`: a leniency by its name, or `all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Every leniency of the list.
    All,
    /// One leniency.
    One(Leniency),
}

impl FromStr for Choice {
    type Err = UnknownLeniency;

    fn from_str(text: &str) -> Result<Self, UnknownLeniency> {
        let text = text.trim();
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}

/// The set that the items make.
pub(super) fn chosen(choices: &[Choice]) -> Leniencies {
    let named = choices.iter().filter_map(|choice| match choice {
        Choice::All => None,
        Choice::One(leniency) => Some(*leniency),
    });
    if choices.contains(&Choice::All) { Leniencies::all() } else { named.collect() }
}
