//! The comparisons: what the model says against the oracle, the corpus and the grammar. Pure; who
//! asks them is in [`crate::run`].

use crate::answer::{Answer, Reading};
use crate::sample::{Said, Setting};
use spec::{GRAMMAR_BLIND, RuleId};
use std::fmt;

/// A point on which the model and someone else say different things of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The model finds a rule broken, and the oracle does not.
    OnlyTheModel(RuleId),
    /// The oracle finds a rule broken, and the model does not.
    OnlyTheOracle(RuleId),
    /// Both find the same rules broken, but tell them in another order; this one is the first.
    Order(RuleId),
    /// Both accept the file, and read something else: by which rule they should not, and what.
    Reading(RuleId, String),
    /// It is known that the file breaks a rule and no other, and the model says something else.
    NotAsExpected(RuleId),
    /// It is known that the file is accepted, and the model refuses it, by this rule first.
    ExpectedAccepted(RuleId),
    /// It is known what is in the file, and the model reads something else.
    ExpectedReading(RuleId),
    /// The model finds a rule of the text broken, and the grammar derives the header text.
    GrammarAccepts(RuleId),
    /// The model finds no rule of the text broken, and the grammar does not derive the header text.
    GrammarRefuses,
}

/// What others say of a file in one setting.
#[derive(Clone, Copy, Debug)]
pub struct Others<'a> {
    /// The oracle.
    pub oracle: &'a Answer,
    /// What is known before anyone is asked.
    pub said: Option<Said<'a>>,
    /// Whether the grammar derives the header text; `None` if there is none, or if it is not asked.
    pub grammar: Option<bool>,
}

/// Every point on which the model stands apart, the oracle first.
#[must_use]
pub fn differences(setting: &Setting, model: &Answer, others: Others<'_>) -> Vec<Difference> {
    let from_the_oracle = match (model, others.oracle) {
        (Answer::Accepted(model), Answer::Accepted(oracle)) => reading(setting, model, oracle),
        _ => rules(model.rules(), others.oracle.rules()),
    };
    let expected = others.said.and_then(|said| unexpected(setting, model, said));
    let grammar = others.grammar.and_then(|derives| against_the_grammar(model, derives));
    [from_the_oracle, expected, grammar].into_iter().flatten().collect()
}

fn rules(model: &[RuleId], oracle: &[RuleId]) -> Option<Difference> {
    if model == oracle {
        return None;
    }
    let only = |those: &[RuleId], others: &[RuleId]| {
        those.iter().copied().filter(|rule| !others.contains(rule)).min()
    };
    match (only(model, oracle), only(oracle, model)) {
        (Some(model), Some(oracle)) if oracle < model => Some(Difference::OnlyTheOracle(oracle)),
        (Some(model), _) => Some(Difference::OnlyTheModel(model)),
        (None, Some(oracle)) => Some(Difference::OnlyTheOracle(oracle)),
        (None, None) => {
            let place =
                (0..model.len().max(oracle.len())).find(|at| model.get(*at) != oracle.get(*at));
            place.and_then(|at| model.get(at).or(oracle.get(at))).copied().map(Difference::Order)
        }
    }
}

fn reading(setting: &Setting, model: &Reading, oracle: &Reading) -> Option<Difference> {
    let what = if model.metadata != oracle.metadata {
        "the metadata".to_owned()
    } else if model.tensors.len() != oracle.tensors.len() {
        format!("the number of tensors, {} and {}", model.tensors.len(), oracle.tensors.len())
    } else {
        let mut pairs = model.tensors.iter().zip(&oracle.tensors).enumerate();
        let (at, (model, oracle)) = pairs.find(|(_, (model, oracle))| model != oracle)?;
        let aspect = if model.name != oracle.name {
            "name"
        } else if model.dtype != oracle.dtype {
            "dtype"
        } else if model.shape != oracle.shape {
            "shape"
        } else {
            "place"
        };
        format!("the {aspect} of tensor {at}")
    };
    Some(Difference::Reading(reading_rule(setting), what))
}

/// The rule by which an accepted file has one reading.
fn reading_rule(setting: &Setting) -> RuleId {
    if setting.leniencies.is_empty() { RuleId::Rd1 } else { RuleId::Rd9 }
}

fn unexpected(setting: &Setting, model: &Answer, said: Said<'_>) -> Option<Difference> {
    match (said, model) {
        (Said::Accept(stated), Answer::Accepted(reading)) => (reading.as_stated()
            != stated.without_data())
        .then(|| Difference::ExpectedReading(reading_rule(setting))),
        (Said::Accept(_), Answer::Refused(rules)) => {
            rules.first().copied().map(Difference::ExpectedAccepted)
        }
        (Said::Reject(rule), _) => {
            (model.rules() != [rule]).then_some(Difference::NotAsExpected(rule))
        }
    }
}

fn against_the_grammar(model: &Answer, derives: bool) -> Option<Difference> {
    let broken = model.rules().iter().copied().find(|rule| !GRAMMAR_BLIND.contains(rule));
    match (broken, derives) {
        (Some(rule), true) => Some(Difference::GrammarAccepts(rule)),
        (None, false) => Some(Difference::GrammarRefuses),
        (Some(_), false) | (None, true) => None,
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnlyTheModel(rule) => {
                write!(f, "{rule}: the model finds it broken, the oracle does not")
            }
            Self::OnlyTheOracle(rule) => {
                write!(f, "{rule}: the oracle finds it broken, the model does not")
            }
            Self::Order(rule) => {
                write!(f, "{rule}: the model and the oracle tell it at different places")
            }
            Self::Reading(rule, what) => {
                write!(f, "{rule}: the model and the oracle read something else: {what}")
            }
            Self::NotAsExpected(rule) => {
                write!(f, "{rule}: the file is known to break it alone, the model says otherwise")
            }
            Self::ExpectedAccepted(rule) => {
                write!(f, "{rule}: the model finds it broken, the file is known to be accepted")
            }
            Self::ExpectedReading(rule) => {
                write!(f, "{rule}: the model reads something else than is known to be in the file")
            }
            Self::GrammarAccepts(rule) => {
                write!(f, "{rule}: the model finds it broken, the grammar derives the text")
            }
            Self::GrammarRefuses => {
                f.write_str("TXT-1 to PAD-1: the grammar finds one broken, the model none of them")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Tensor;
    use spec::Leniencies;

    fn refused(rules: &[RuleId]) -> Answer {
        Answer::Refused(rules.to_vec())
    }

    fn tensor() -> Tensor {
        Tensor { name: b"a".to_vec(), dtype: b"U8".to_vec(), shape: vec![1], begin: 0, end: 1 }
    }

    fn accepted(change: impl FnOnce(&mut Reading)) -> Answer {
        let mut reading = Reading {
            metadata: vec![(b"k".to_vec(), b"v".to_vec()), (b"l".to_vec(), b"v".to_vec())],
            tensors: vec![tensor(), Tensor { name: b"b".to_vec(), begin: 1, end: 2, ..tensor() }],
        };
        change(&mut reading);
        Answer::Accepted(reading)
    }

    /// What the differences are called, with the oracle and nobody else.
    fn from_the_oracle(model: &Answer, oracle: &Answer) -> Vec<String> {
        let others = Others { oracle, said: None, grammar: None };
        differences(&Setting::strict(), model, others).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_rule_on_which_they_differ_is_noticed_and_the_first_is_named() {
        use RuleId::{Lay1, Lay4, Size2, Size3};
        let cases: [(&[RuleId], &[RuleId], &str); 5] = [
            (&[Size2, Lay4], &[Lay4], "SIZE-2: the model finds it broken, the oracle does not"),
            (&[Lay4], &[Size2, Lay4], "SIZE-2: the oracle finds it broken, the model does not"),
            (&[Size3, Lay1], &[Size2], "SIZE-2: the oracle finds it broken, the model does not"),
            (&[Size2], &[Size3, Lay1], "SIZE-2: the model finds it broken, the oracle does not"),
            (
                &[Lay4, Lay1],
                &[Lay1, Lay4],
                "LAY-4: the model and the oracle tell it at different places",
            ),
        ];
        for (model, oracle, told) in cases {
            assert_eq!(from_the_oracle(&refused(model), &refused(oracle)), [told]);
            assert_eq!(from_the_oracle(&refused(model), &refused(model)), [""; 0]);
        }
        let valid = accepted(|_| {});
        let told = ["LAY-1: the model finds it broken, the oracle does not"];
        assert_eq!(from_the_oracle(&refused(&[Lay1]), &valid), told);
        let told = ["LAY-1: the oracle finds it broken, the model does not"];
        assert_eq!(from_the_oracle(&valid, &refused(&[Lay1])), told);
    }

    #[test]
    fn a_rule_told_twice_is_noticed() {
        let told =
            from_the_oracle(&refused(&[RuleId::Lay1, RuleId::Lay1]), &refused(&[RuleId::Lay1]));
        assert_eq!(told, ["LAY-1: the model and the oracle tell it at different places"]);
    }

    #[test]
    fn every_part_of_a_reading_is_compared_in_its_order() {
        type Change = fn(&mut Reading);
        let cases: [(Change, &str); 8] = [
            (|reading| reading.metadata.swap(0, 1), "the metadata"),
            (|reading| reading.metadata[0].1.push(b'x'), "the metadata"),
            (|reading| drop(reading.tensors.pop()), "the number of tensors, 2 and 1"),
            (|reading| reading.tensors.swap(0, 1), "the name of tensor 0"),
            (|reading| reading.tensors[1].name.push(b'x'), "the name of tensor 1"),
            (|reading| reading.tensors[1].dtype = b"I8".to_vec(), "the dtype of tensor 1"),
            (|reading| reading.tensors[1].shape.push(1), "the shape of tensor 1"),
            (|reading| reading.tensors[1].end = 3, "the place of tensor 1"),
        ];
        for (change, what) in cases {
            let told = from_the_oracle(&accepted(|_| {}), &accepted(change));
            let start = "RD-1: the model and the oracle read something else: ";
            assert_eq!(told, [format!("{start}{what}")]);
        }
        assert_eq!(from_the_oracle(&accepted(|_| {}), &accepted(|_| {})), [""; 0]);
    }

    #[test]
    fn a_reading_under_a_leniency_is_by_another_rule() {
        let setting = Setting { leniencies: Leniencies::all(), ..Setting::strict() };
        let (model, oracle) = (accepted(|_| {}), accepted(|reading| reading.tensors.clear()));
        let others = Others { oracle: &oracle, said: None, grammar: None };
        let found = differences(&setting, &model, others);
        assert!(matches!(found[..], [Difference::Reading(RuleId::Rd9, _)]), "{found:?}");
    }

    #[test]
    fn what_is_known_before_is_compared() {
        let valid = accepted(|_| {});
        let Answer::Accepted(reading) = &valid else { panic!("accepted") };
        let stated = reading.as_stated();
        let other = corpus::Reading::default();
        let broken = refused(&[RuleId::Lay1]);
        let two = refused(&[RuleId::Lay1, RuleId::Lay4]);
        let cases = [
            (&valid, Said::Accept(&stated), None),
            (&valid, Said::Accept(&other), Some(Difference::ExpectedReading(RuleId::Rd1))),
            (&broken, Said::Accept(&stated), Some(Difference::ExpectedAccepted(RuleId::Lay1))),
            (&broken, Said::Reject(RuleId::Lay1), None),
            (&broken, Said::Reject(RuleId::Lay4), Some(Difference::NotAsExpected(RuleId::Lay4))),
            (&two, Said::Reject(RuleId::Lay1), Some(Difference::NotAsExpected(RuleId::Lay1))),
            (&valid, Said::Reject(RuleId::Lay1), Some(Difference::NotAsExpected(RuleId::Lay1))),
        ];
        for (model, said, expected) in cases {
            let others = Others { oracle: model, said: Some(said), grammar: None };
            let found = differences(&Setting::strict(), model, others);
            assert_eq!(found, Vec::from_iter(expected));
        }
    }

    #[test]
    fn the_grammar_is_compared_on_every_rule_of_the_text_and_on_no_other() {
        let found = |model: &Answer, grammar| {
            let others = Others { oracle: model, said: None, grammar: Some(grammar) };
            differences(&Setting::strict(), model, others)
        };
        let decided = [
            RuleId::Txt1,
            RuleId::Txt2,
            RuleId::Json1,
            RuleId::Json2,
            RuleId::Json3,
            RuleId::Json4,
            RuleId::Json5,
            RuleId::Pad1,
        ];
        for rule in decided {
            assert_eq!(found(&refused(&[rule]), true), [Difference::GrammarAccepts(rule)]);
            assert_eq!(found(&refused(&[rule]), false), []);
        }
        let structure = refused(&[RuleId::Name1]);
        assert_eq!(found(&structure, true), []);
        assert_eq!(found(&structure, false), [Difference::GrammarRefuses]);
        assert_eq!(found(&accepted(|_| {}), false), [Difference::GrammarRefuses]);
    }
}
