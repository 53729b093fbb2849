//! What a difference comes from, as far as two records tell: the rows say what was asked, what was
//! expected and what came, the headers say under which conditions.

use super::Aspect;
use crate::describe::{Claim, Operation};
use crate::observation::{Found, Observation, Written};
use crate::record::{Header, Row, Selection};
use crate::verdict::Detail;
use std::mem::discriminant;

macro_rules! causes {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// What a difference comes from.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause {
            $(#[doc = $meaning] $variant,)*
        }

        impl Cause {
            /// Every cause, in the order in which they are told.
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

causes! {
    Implementation "implementation" "The same was asked and expected, and the implementation answers otherwise.";
    Corpus "corpus" "What was asked about is another, or is in one corpus alone.";
    Spec "spec" "The text of the spec or the format version expects something else.";
    Declarations "declarations" "The verdict rests on a leniency, a limit, a dtype or a claim that is declared in one run alone, or otherwise.";
    Offer "offer" "The implementation offers the operation or the way of access in one run alone.";
    Selection "selection" "It was asked for, or was to be judged so, in one run alone.";
    Tool "tool" "The same answer is judged otherwise, or another set of questions is asked, by another tool.";
    Untold "untold" "The records do not tell.";
}

/// Why a row differs that both records have.
pub(super) fn of_both((old, from): (&Row, &Header), (new, to): (&Row, &Header)) -> Cause {
    let differs = |aspect: Aspect| aspect.differs(from, to);
    if old.digest != new.digest {
        return Cause::Corpus;
    }
    if old.expected != new.expected {
        return Cause::Spec;
    }
    let details = [&old.detail, &new.detail].into_iter().flatten();
    // The least, so that it is the same cause whichever record is the old one.
    let rests_on = details.filter_map(|detail| rests_on(detail, from, to)).min();
    if let Some(cause) = rests_on {
        return cause;
    }
    if old.verdict == new.verdict || !is_same_answer(&old.observed, &new.observed) {
        // Where the verdict is the same, it is another way of access that answers otherwise.
        return Cause::Implementation;
    }
    // From here on one answer has two verdicts, so the implementation is not what changed.
    if differs(Aspect::Revision) || differs(Aspect::FormatVersion) {
        Cause::Spec
    } else if differs(Aspect::Corpus) {
        // A corpus can also change what it states of a file.
        Cause::Corpus
    } else if differs(Aspect::Declarations) {
        Cause::Declarations
    } else if from.selection.canonical != to.selection.canonical {
        Cause::Selection
    } else if differs(Aspect::Tool) {
        Cause::Tool
    } else {
        Cause::Untold
    }
}

/// Why a row is in one record alone: `has` is the header of that one, `lacks` is the other, which
/// may have another question about the same file.
pub(super) fn of_one(row: &Row, has: &Header, lacks: &Header, has_file: bool) -> Cause {
    let differs = |aspect: Aspect| aspect.differs(has, lacks);
    if !is_offered(row, lacks) {
        Cause::Offer
    } else if leaves_out(&lacks.selection, &has.selection, row) {
        Cause::Selection
    } else if differs(Aspect::Corpus) && !has_file {
        Cause::Corpus
    } else if differs(Aspect::Revision) || differs(Aspect::FormatVersion) {
        // What can be asked about a file depends on whether it is valid.
        Cause::Spec
    } else if differs(Aspect::Corpus) {
        Cause::Corpus
    } else if differs(Aspect::Tool) {
        Cause::Tool
    } else {
        Cause::Untold
    }
}

fn is_offered(row: &Row, header: &Header) -> bool {
    let who = &header.implementation;
    let is_by_access = match row.operation {
        Operation::Read | Operation::Header | Operation::Slice => true,
        Operation::Write | Operation::Rewrite | Operation::ReadIndex => false,
    };
    who.offers(row.operation)
        && match row.access {
            Some(access) => who.access.contains(&access),
            None => who.access.is_empty() || !is_by_access,
        }
}

/// Whether a selection leaves out a row that another has: for sure by area, rule or operation, and
/// by what the row does not tell where the two selections differ in it.
fn leaves_out(selection: &Selection, other: &Selection, row: &Row) -> bool {
    let Selection { filters, areas, rules, consequences, operations, tier, shard, .. } = selection;
    let has_rule = |name: &String| row.rules.iter().any(|rule| rule.to_string() == *name);
    (!areas.is_empty() && !areas.iter().any(|area| area == row.vector.area()))
        || (!rules.is_empty() && !rules.iter().any(has_rule))
        || (!operations.is_empty() && !operations.contains(&row.operation))
        || (!filters.is_empty() && *filters != other.filters)
        || (!consequences.is_empty() && *consequences != other.consequences)
        || (tier != "all" && *tier != other.tier)
        || (shard.is_some() && *shard != other.shard)
}

/// What differs of that on which a verdict rests, where it is something that the headers say.
fn rests_on(detail: &Detail, from: &Header, to: &Header) -> Option<Cause> {
    let (old, new) = (&from.implementation, &to.implementation);
    let declared = |differs: bool| differs.then_some(Cause::Declarations);
    match detail {
        Detail::Leniency(name) | Detail::LeniencyMisread { leniency: name, .. } => {
            let name: spec::Leniency = name.parse().ok()?;
            declared(old.leniencies.has(name) != new.leniencies.has(name))
        }
        Detail::Limit(name) => {
            let name: spec::Limit = name.parse().ok()?;
            declared(old.limits.get(&name) != new.limits.get(&name))
        }
        Detail::WriteDtype(_) => declared(old.write_dtypes != new.write_dtypes),
        Detail::NotDeterministic => {
            let claims = Claim::Deterministic;
            declared(old.claims(claims) != new.claims(claims))
        }
        Detail::NotCanonical => {
            let asked = from.selection.canonical != to.selection.canonical;
            let claims = Claim::Canonical;
            declared(old.claims(claims) != new.claims(claims))
                .or_else(|| asked.then_some(Cause::Selection))
        }
        Detail::Difference(_)
        | Detail::NotSayable
        | Detail::PartByte
        | Detail::Steps
        | Detail::MayRefuse(_)
        | Detail::Unseen
        | Detail::WroteInvalid(_)
        | Detail::WroteNothing
        | Detail::ReadBack(_)
        | Detail::NoSuchLimit => None,
    }
}

/// Whether two observations are one answer. What an implementation says in its own words does not
/// count, since nothing that is judged depends on it.
fn is_same_answer(old: &Observation, new: &Observation) -> bool {
    match (old, new) {
        (Observation::Accepted(old), Observation::Accepted(new)) => old == new,
        (Observation::Wrote(old), Observation::Wrote(new)) => is_same_file(old, new),
        _ => discriminant(old) == discriminant(new),
    }
}

fn is_same_file(old: &Written, new: &Written) -> bool {
    let is_same_found = match (&old.found, &new.found) {
        (Found::Valid(old), Found::Valid(new)) => old == new,
        (old, new) => discriminant(old) == discriminant(new),
    };
    let is_same_read = match (&old.read_back, &new.read_back) {
        (Some(old), Some(new)) => is_same_answer(old, new),
        (old, new) => old.is_none() == new.is_none(),
    };
    is_same_found
        && is_same_read
        && old.canonical == new.canonical
        && old.same_again == new.same_again
}
