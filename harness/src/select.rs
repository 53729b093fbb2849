//! Which vectors a run asks about.

use corpus::{Tier, Vector};
use globset::{Glob, GlobSet, GlobSetBuilder};
use reports::Selection;
use spec::RuleId;

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
    /// Tiers.
    pub tiers: Tiers,
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
    /// The vectors that were asked for, in their order; sharded models are left out, since a run
    /// asks to read files.
    ///
    /// # Errors
    ///
    /// A pattern cannot be read.
    pub fn select<'a>(&self, vectors: &'a [Vector]) -> Result<Vec<&'a Vector>, PatternError> {
        let patterns = self.patterns()?;
        Ok(vectors
            .iter()
            .filter(|vector| {
                (self.filters.is_empty() || patterns.is_match(vector.id.as_str()))
                    && (self.areas.is_empty() || self.areas.iter().any(|a| a == vector.id.area()))
                    && (self.rules.is_empty()
                        || self.rules.iter().any(|rule| vector.rules.contains(rule)))
                    && self.tiers.has(vector.tier)
                    && vector.operation().is_read()
            })
            .collect())
    }

    /// The patterns that match no vector at all, which are likely misspelt.
    ///
    /// # Errors
    ///
    /// A pattern cannot be read.
    pub fn idle_filters(&self, vectors: &[Vector]) -> Result<Vec<&str>, PatternError> {
        let mut idle = Vec::new();
        for pattern in &self.filters {
            let alone = Self { filters: vec![pattern.clone()], ..Self::default() }.patterns()?;
            if !vectors.iter().any(|vector| alone.is_match(vector.id.as_str())) {
                idle.push(pattern.as_str());
            }
        }
        Ok(idle)
    }

    /// The same as a record states it; of the vectors, those count that could be asked about.
    #[must_use]
    pub fn recorded(&self, vectors: &[Vector]) -> Selection {
        let askable = vectors.iter().filter(|vector| vector.operation().is_read());
        Selection {
            filters: self.filters.clone(),
            areas: self.areas.clone(),
            rules: self.rules.iter().map(ToString::to_string).collect(),
            tier: self.tiers.name().to_owned(),
            of: u64::try_from(askable.count()).unwrap_or(u64::MAX),
        }
    }

    fn patterns(&self) -> Result<GlobSet, PatternError> {
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
    use corpus::vectors;

    fn selected(criteria: &Criteria) -> Vec<&'static Vector> {
        criteria.select(vectors()).unwrap()
    }

    #[test]
    fn a_tier_is_a_part_of_all_and_the_default_is_what_is_stored() {
        let of = |tiers| selected(&Criteria { tiers, ..Criteria::default() }).len();
        assert!(of(Tiers::Giants) > 0);
        assert_eq!(of(Tiers::Stored) + of(Tiers::Giants), of(Tiers::All));
        let files = vectors().iter().filter(|vector| vector.operation().is_read());
        assert_eq!(of(Tiers::All), files.count());
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
    }

    #[test]
    fn a_vector_is_about_every_rule_that_it_names() {
        let about = selected(&Criteria { rules: vec![RuleId::Lay5], ..Criteria::default() });
        assert!(about.iter().any(|vector| vector.rules.first() != Some(&RuleId::Lay5)));
        assert!(about.iter().all(|vector| vector.rules.contains(&RuleId::Lay5)));
    }
}
