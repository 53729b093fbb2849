//! Which questions a run asks.

use crate::plan::{Subject, subjects};
use corpus::{Consequence, Tier, VectorId};
use globset::{Glob, GlobSet, GlobSetBuilder};
use reports::{Operation, Selection};
use spec::RuleId;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// What was asked for. Every kind of condition that is given has to hold; of one kind, any of the
/// values does.
#[derive(Clone, Debug, Default)]
pub struct Criteria {
    /// Patterns of ids, in which `*` stands for any text, slashes too.
    pub filters: Vec<String>,
    /// Areas.
    pub areas: Vec<String>,
    /// Rules: the vectors that are about one of them.
    pub rules: Vec<RuleId>,
    /// What goes wrong where a reader gets a file wrong.
    pub consequences: Vec<Consequence>,
    /// Operations.
    pub operations: Vec<Operation>,
    /// Tiers.
    pub tiers: Tiers,
    /// One of several parts of everything else that was asked for.
    pub shard: Option<Shard>,
}

/// One of several parts of what was selected: of vectors that are twins both are in the same part, so
/// that what is refused can be proven in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1 on.
    part: usize,
    /// Of how many.
    of: usize,
}

/// A text that names no part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part; write K/N, such as 2/4, with K from 1 to N")]
pub struct NoShard(String);

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let parts = text
            .split_once('/')
            .and_then(|(part, of)| Some(Self { part: part.parse().ok()?, of: of.parse().ok()? }));
        parts
            .filter(|shard| (1..=shard.of).contains(&shard.part))
            .ok_or_else(|| NoShard(text.to_owned()))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

/// What of the subjects is in a part: those that stand together by their twins go to the part that has
/// the fewest so far, the largest first.
pub(crate) fn part(shard: Option<Shard>, subjects: Vec<Subject>) -> Vec<Subject> {
    let Some(shard) = shard else { return subjects };
    let mut groups: BTreeMap<&VectorId, Vec<Subject>> = BTreeMap::new();
    for subject in subjects {
        groups.entry(first_of(&subject)).or_default().push(subject);
    }
    let mut groups: Vec<(&VectorId, Vec<Subject>)> = groups.into_iter().collect();
    groups.sort_by_key(|(first, group)| (Reverse(group.len()), *first));
    let mut parts: Vec<Vec<Subject>> = vec![Vec::new(); shard.of];
    for (_, group) in groups {
        if let Some(part) = parts.iter_mut().min_by_key(|part| part.len()) {
            part.extend(group);
        }
    }
    parts.into_iter().nth(shard.part - 1).unwrap_or_default()
}

/// What stands at the end of the chain of twins of a subject.
fn first_of(subject: &Subject) -> &'static VectorId {
    static TWINS: LazyLock<BTreeMap<&VectorId, &VectorId>> = LazyLock::new(|| {
        subjects().filter_map(|subject| Some((subject.id(), subject.twin()?))).collect()
    });
    let mut first = subject.id();
    // A chain is short; the bound is for a corpus in which it closes.
    for _ in 0..TWINS.len() {
        match TWINS.get(first) {
            Some(twin) => first = twin,
            None => break,
        }
    }
    first
}

/// Which tiers a run has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Tiers {
    /// The stored files.
    #[default]
    Stored,
    /// The files that are too large to store.
    Giants,
    /// All of them.
    All,
}

/// A pattern that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is no pattern of ids, such as `json/*`: {source}")]
pub struct PatternError {
    pattern: String,
    #[source]
    source: globset::Error,
}

impl Tiers {
    /// The name on the command line and in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Giants => "giants",
            Self::All => "all",
        }
    }

    /// Whether it has this one.
    #[must_use]
    pub fn has(self, tier: Tier) -> bool {
        match (self, tier) {
            (Self::All, _) | (Self::Stored, Tier::Stored) | (Self::Giants, Tier::Giant) => true,
            (Self::Stored, Tier::Giant) | (Self::Giants, Tier::Stored) => false,
        }
    }
}

impl Criteria {
    /// The patterns that match no id at all, which are likely misspelt.
    ///
    /// # Errors
    ///
    /// A pattern cannot be read.
    pub fn idle_filters(&self) -> Result<Vec<&str>, PatternError> {
        let mut idle = Vec::new();
        for pattern in &self.filters {
            let alone = Self { filters: vec![pattern.clone()], ..Self::default() }.patterns()?;
            if !subjects().any(|subject| alone.is_match(subject.id().as_str())) {
                idle.push(pattern.as_str());
            }
        }
        Ok(idle)
    }

    /// The same as a record states it; `of` is the number of all questions there are.
    #[must_use]
    pub fn recorded(&self, of: usize, canonical: bool) -> Selection {
        Selection {
            filters: self.filters.clone(),
            areas: self.areas.clone(),
            rules: self.rules.iter().map(ToString::to_string).collect(),
            consequences: self.consequences.iter().map(ToString::to_string).collect(),
            operations: self.operations.clone(),
            tier: self.tiers.name().to_owned(),
            shard: self.shard.as_ref().map(ToString::to_string),
            canonical,
            of: u64::try_from(of).unwrap_or(u64::MAX),
        }
    }

    pub(crate) fn patterns(&self) -> Result<GlobSet, PatternError> {
        let mut set = GlobSetBuilder::new();
        for pattern in &self.filters {
            let fail = |source| PatternError { pattern: pattern.clone(), source };
            set.add(Glob::new(pattern).map_err(fail)?);
        }
        set.build().map_err(|source| PatternError { pattern: self.filters.join(" "), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Question, plan};
    use reports::Description;
    use spec::Version;
    use std::collections::BTreeSet;

    fn selected(criteria: &Criteria) -> Vec<Question> {
        let operations = Operation::ALL.to_vec();
        let who = Description { operations, ..Description::new("any", "1") };
        plan(criteria, &who, Version::LATEST).unwrap()
    }

    fn titles(criteria: &Criteria) -> Vec<String> {
        let title = |question: &Question| {
            format!("{} {} {:?}", question.subject.id(), question.operation, question.case())
        };
        selected(criteria).iter().map(title).collect()
    }

    #[test]
    fn a_tier_is_a_part_of_all_and_the_default_is_what_is_stored() {
        let of = |tiers| selected(&Criteria { tiers, ..Criteria::default() }).len();
        assert!(of(Tiers::Giants) > 0);
        assert_eq!(of(Tiers::Stored) + of(Tiers::Giants), of(Tiers::All));
        assert_eq!(selected(&Criteria::default()).len(), of(Tiers::Stored));
    }

    #[test]
    fn of_one_kind_of_condition_any_value_does() {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let filtered = |list: &[&str]| {
            selected(&Criteria { filters: texts(list), ..Criteria::default() }).len()
        };
        let in_areas =
            |list: &[&str]| selected(&Criteria { areas: texts(list), ..Criteria::default() }).len();
        let (json, layout) = (in_areas(&["json"]), in_areas(&["layout"]));
        assert!(json > 0 && layout > 0);
        assert_eq!(in_areas(&["json", "layout"]), json + layout);
        assert_eq!(filtered(&["json/*", "layout/*"]), json + layout);
        let by = |operations: &[Operation]| {
            selected(&Criteria { operations: operations.to_vec(), ..Criteria::default() }).len()
        };
        assert_eq!(by(Operation::ALL), selected(&Criteria::default()).len());
        assert!(Operation::ALL.iter().all(|operation| by(&[*operation]) > 0));
    }

    #[test]
    fn a_vector_is_about_every_rule_that_it_names() {
        let about = selected(&Criteria { rules: vec![RuleId::Lay5], ..Criteria::default() });
        assert!(about.iter().any(|q| q.subject.rules().first() != Some(&RuleId::Lay5)));
        assert!(about.iter().all(|q| q.subject.rules().contains(&RuleId::Lay5)));
    }

    #[test]
    fn a_consequence_selects_the_vectors_that_have_it() {
        let crashes =
            Criteria { consequences: vec![Consequence::MemorySafety], ..Criteria::default() };
        let found = selected(&crashes);
        assert!(!found.is_empty() && found.len() < selected(&Criteria::default()).len());
    }

    #[test]
    fn parts_are_disjoint_and_together_they_are_all_and_twins_stay_together() {
        let of = |part: &str| {
            titles(&Criteria { shard: Some(part.parse().unwrap()), ..Criteria::default() })
        };
        let (one, two, three) = (of("1/3"), of("2/3"), of("3/3"));
        let mut all: Vec<String> = [one.clone(), two, three].concat();
        assert!(one.len() * 2 < all.len());
        all.sort();
        let mut whole = titles(&Criteria::default());
        whole.sort();
        assert_eq!(all, whole);
        let shard = Some("1/3".parse().unwrap());
        let part = selected(&Criteria { shard, ..Criteria::default() });
        let ids: BTreeSet<_> = part.iter().map(|question| question.subject.id()).collect();
        let mut twins = part.iter().filter_map(|question| question.subject.twin());
        assert!(twins.all(|twin| ids.contains(twin)));
    }

    #[test]
    fn a_part_that_is_none_is_told() {
        for text in ["0/3", "4/3", "3", "1/0", "a/b", "1/3/5", ""] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn questions_are_sorted_and_none_is_asked_twice() {
        let keys: Vec<_> = selected(&Criteria::default())
            .iter()
            .map(|question| {
                (
                    question.subject.id().clone(),
                    question.operation,
                    question.case(),
                    question.access,
                )
            })
            .collect();
        assert!(keys.is_sorted());
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    }
}
