//! What goes wrong where a reader gets a vector wrong: one of a closed list, by the rule that
//! decides.
//!
//! A statement about harm, for people who have to choose what to mend first; no verdict depends
//! on it.

use spec::RuleId;
use std::fmt;
use std::str::FromStr;

/// What goes wrong where a reader gets a vector wrong, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consequence {
    /// A reader can be led to read or write outside the file, or to allocate without bound.
    MemorySafety,
    /// A program computes with other numbers than those that were stored.
    WrongWeights,
    /// Two readers take the same file for two different models.
    ReadersDisagree,
    /// A file works with some programs and not with others.
    Portability,
    /// A file carries bytes that nobody asked for, or hides that it was damaged.
    Hygiene,
}

/// A text that is no consequence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no consequence; there are {names}", names = names())]
pub struct UnknownConsequence(String);

impl Consequence {
    /// All of them, worst first.
    pub const ALL: [Self; 5] = [
        Self::MemorySafety,
        Self::WrongWeights,
        Self::ReadersDisagree,
        Self::Portability,
        Self::Hygiene,
    ];

    /// The name in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MemorySafety => "memory-safety",
            Self::WrongWeights => "wrong-weights",
            Self::ReadersDisagree => "readers-disagree",
            Self::Portability => "portability",
            Self::Hygiene => "hygiene",
        }
    }

    /// What it means, in one sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::MemorySafety => {
                "A reader can be led to read or write outside the file, or to allocate without bound."
            }
            Self::WrongWeights => {
                "A program computes with other numbers than those that were stored."
            }
            Self::ReadersDisagree => "Two readers take the same file for two different models.",
            Self::Portability => "A file works with some programs and not with others.",
            Self::Hygiene => {
                "A file carries bytes that nobody asked for, or hides that it was damaged."
            }
        }
    }

    /// The consequence of accepting a file that breaks this rule; `None` for a rule that decides
    /// against no vector.
    pub(crate) fn of_accepting(rule: RuleId) -> Option<Self> {
        in_table(ACCEPTED_THOUGH_INVALID, rule)
    }

    /// The consequence of refusing or misreading a valid file that shows this rule; `None` for a
    /// rule that no valid vector is chiefly about.
    pub(crate) fn of_failing(rule: RuleId) -> Option<Self> {
        in_table(NOT_READ_THOUGH_VALID, rule)
    }
}

fn in_table(table: &[(Consequence, &[RuleId])], rule: RuleId) -> Option<Consequence> {
    table.iter().find(|(_, rules)| rules.contains(&rule)).map(|(consequence, _)| *consequence)
}

/// For a rule that a file breaks: what comes of accepting the file.
static ACCEPTED_THOUGH_INVALID: &[(Consequence, &[RuleId])] = {
    use RuleId::*;
    &[
        (
            Consequence::MemorySafety,
            &[Len1, Len2, Len3, Off1, Off2, Off3, Int3, Size1, Size2, Size3, Lay1],
        ),
        (Consequence::WrongWeights, &[Ent2, Ent3, Dt2, Shp1, Lay2, Idx5, Idx7, Idx9, Idx10]),
        (
            Consequence::ReadersDisagree,
            &[
                Txt1, Txt2, Json1, Json2, Json3, Json4, Json5, Pad1, Name1, Meta1, Meta4, Ent4,
                Int1, Int2, Idx1, Idx12,
            ],
        ),
        (Consequence::Portability, &[Meta2, Meta3, Ent1, Dt1, Idx3, Idx13]),
        (Consequence::Hygiene, &[Lay3, Lay4, Lay5]),
    ]
};

/// For a rule that a valid file shows: what comes of refusing the file, or of misreading it in
/// the way that the rule is about.
static NOT_READ_THOUGH_VALID: &[(Consequence, &[RuleId])] = {
    use RuleId::*;
    &[
        (
            Consequence::WrongWeights,
            &[
                Int3, Off1, Size2, Size3, Lay1, Lay2, Lay6, Val1, Val2, Val3, Val4, Val5, Val6,
                Val7, Val8, Rd6,
            ],
        ),
        (
            Consequence::ReadersDisagree,
            &[Txt2, Json2, Json3, Json4, Json5, Json7, Name1, Name3, Name4, Meta4],
        ),
        (
            Consequence::Portability,
            &[
                Len1, Len2, Len3, Txt1, Json1, Json6, Pad1, Name2, Meta1, Meta2, Meta3, Meta5,
                Meta6, Ent1, Ent2, Ent3, Ent4, Ent5, Dt1, Dt2, Shp1, Shp2, Int1, Int2, Off2, Off3,
                Size1, Lay3, Lay4, Lay5, Aln1, Aln2, Rd3, Ver1, Ver2, Idx1, Idx2, Idx3, Idx4, Idx5,
                Idx6, Idx7, Idx8, Idx9, Idx10, Idx11, Idx12, Idx13, Idx14, Idx15, Idx16, Idx17,
                Idx18, Idx21,
            ],
        ),
    ]
};

fn names() -> String {
    Consequence::ALL.map(Consequence::name).join(", ")
}

impl fmt::Display for Consequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Consequence {
    type Err = UnknownConsequence;

    fn from_str(text: &str) -> Result<Self, UnknownConsequence> {
        let known = Self::ALL.into_iter().find(|consequence| consequence.name() == text);
        known.ok_or_else(|| UnknownConsequence(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_a_file_can_break_has_one_consequence() {
        for rule in spec::file_musts()
            .chain(spec::index_rules().filter(|rule| rule.level == spec::Level::Must))
        {
            let rows = ACCEPTED_THOUGH_INVALID.iter().filter(|(_, rules)| rules.contains(&rule.id));
            assert_eq!(rows.count(), 1, "{}", rule.id);
        }
    }

    #[test]
    fn no_rule_stands_twice() {
        for table in [ACCEPTED_THOUGH_INVALID, NOT_READ_THOUGH_VALID] {
            let mut rules: Vec<RuleId> =
                table.iter().flat_map(|(_, rules)| rules.iter().copied()).collect();
            let listed = rules.len();
            rules.sort_unstable();
            rules.dedup();
            assert_eq!(rules.len(), listed);
        }
    }

    #[test]
    fn a_name_is_read_back_and_another_is_refused_with_the_list() {
        for consequence in Consequence::ALL {
            assert_eq!(consequence.to_string().parse(), Ok(consequence));
        }
        let error = "nuisance".parse::<Consequence>().unwrap_err().to_string();
        assert!(error.contains("memory-safety, wrong-weights"), "{error}");
    }
}
