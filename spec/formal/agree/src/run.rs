//! One scope: all its files are asked of the checker and of the others, and what came of it is
//! counted and shown.

use crate::answer::{Answer, shown};
use crate::checker::{CheckerError, ask};
use crate::compare::{Difference, Others, differences};
use crate::sample::{Sample, Setting};
use grammar::Matcher;
use spec::{Examination, File, examine};
use std::fmt;
use std::io::{self, Write};
use std::path::Path;

/// How many disagreements are shown.
const SHOWN: u64 = 10;

/// How long the answers and the bytes in a report are, in characters.
const CUT: usize = 300;

/// The longest header text that the grammar is asked about, in bytes: its matcher keeps something
/// for every byte and every rule.
const LONGEST_FOR_THE_GRAMMAR: usize = 1 << 16;

/// Files of one kind.
pub struct Scope {
    /// What they are called in the result.
    pub name: String,
    /// The files.
    pub samples: Box<dyn Iterator<Item = Sample> + Send>,
    /// What was left out, and why; empty if nothing was.
    pub left_out: String,
}

/// What came of a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many files there were.
    pub files: u64,
    /// How many questions were asked about them.
    pub questions: u64,
    /// How often the model accepted a file.
    pub accepted: u64,
    /// How often it refused one.
    pub refused: u64,
    /// How often the answer was held against what was known before.
    pub expected: u64,
    /// How often it was held against the grammar.
    pub texts: u64,
    /// How many answers someone disagreed with.
    pub disagreements: u64,
}

/// Why a scope could not be asked to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// For the checker.
    #[error(transparent)]
    Checker(#[from] CheckerError),
    /// For what reads the result.
    #[error("cannot write the result")]
    Write(#[from] io::Error),
    /// For lack of files.
    #[error("nothing was asked in the scope \"{0}\"; `--count` takes 1 or more")]
    Nothing(String),
}

/// Asks everything about a scope, and writes the first disagreements and the result.
///
/// # Errors
///
/// The checker fails, the result cannot be written, or there was nothing to ask.
pub fn run(
    checker: &Path,
    grammar: &Matcher,
    scope: Scope,
    out: &mut impl Write,
) -> Result<Tally, RunError> {
    let Scope { name, samples, left_out } = scope;
    let mut tally = Tally::default();
    let mut written = Ok(());
    ask(checker, samples, |sample, setting, model| {
        let found = tally.judge(grammar, sample, setting, &model);
        if let Some(found) = found
            && tally.disagreements <= SHOWN
            && written.is_ok()
        {
            written = write!(out, "{}", Disagreement { sample, setting, model: &model, found });
        }
    })?;
    written?;
    if tally.questions == 0 {
        return Err(RunError::Nothing(name));
    }
    writeln!(out, "{name}: {tally}{left_out}")?;
    if tally.disagreements > SHOWN {
        writeln!(out, "the first {SHOWN} disagreements are shown")?;
    }
    Ok(tally)
}

/// What somebody disagrees with, and how.
struct Found {
    oracle: Answer,
    differences: Vec<Difference>,
}

impl Tally {
    /// Holds an answer against the others, and counts it.
    fn judge(
        &mut self,
        grammar: &Matcher,
        sample: &Sample,
        setting: &Setting,
        model: &Answer,
    ) -> Option<Found> {
        let oracle = oracle(sample, setting);
        let text = sample
            .text()
            .filter(|text| setting.leniencies.is_empty() && text.len() <= LONGEST_FOR_THE_GRAMMAR);
        let grammar = text.map(|text| grammar.accepts(text));
        let said = sample.said(setting);
        let others = Others { oracle: &oracle, said, grammar };
        let differences = differences(setting, model, others);
        let count = |counter: &mut u64, counts: bool| *counter += u64::from(counts);
        count(&mut self.files, sample.settings.first() == Some(setting));
        count(&mut self.questions, true);
        count(&mut self.accepted, matches!(model, Answer::Accepted(_)));
        count(&mut self.refused, matches!(model, Answer::Refused(_)));
        count(&mut self.expected, said.is_some());
        count(&mut self.texts, grammar.is_some());
        count(&mut self.disagreements, !differences.is_empty());
        (!differences.is_empty()).then_some(Found { oracle, differences })
    }
}

/// What the oracle says.
fn oracle(sample: &Sample, setting: &Setting) -> Answer {
    // Whoever made the sample took as many bytes as are needed; were they too few, a whole file of
    // them would be refused, and the difference would show.
    let file = File::prefix(&sample.head, sample.len).unwrap_or(File::whole(&sample.head));
    let examination: Examination<'_> = examine(file, setting.version, &setting.leniencies);
    Answer::of(&examination)
}

struct Disagreement<'a> {
    sample: &'a Sample,
    setting: &'a Setting,
    model: &'a Answer,
    found: Found,
}

impl fmt::Display for Disagreement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sample, setting, model, found } = self;
        for difference in &found.differences {
            writeln!(f, "error: {difference}")?;
        }
        let cut = |answer: &Answer| answer.to_string().chars().take(CUT).collect::<String>();
        let (prefix, text) = sample.head.split_at(sample.head.len().min(8));
        writeln!(f, "  file:   {}, {setting}", sample.origin)?;
        writeln!(f, "  model:  {}", cut(model))?;
        writeln!(f, "  oracle: {}", cut(&found.oracle))?;
        writeln!(f, "  length: {} bytes, the first 8 {}", sample.len, shown(prefix, CUT))?;
        writeln!(f, "  header: {}", shown(text, CUT))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { files, questions, accepted, refused, expected, texts, disagreements } = self;
        write!(
            f,
            "{files} files, {questions} questions, {accepted} accepted, {refused} refused, \
             {expected} with known answers, {texts} held against the grammar, \
             {disagreements} disagreements"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Origin;
    use grammar::HEADER;
    use spec::{Leniencies, RuleId};

    /// The file of a vector, and what an answer about it in a setting is found to be.
    fn judged(id: &str, setting: &Setting, model: &Answer) -> (Vec<Difference>, Tally) {
        let vector = corpus::find(&id.parse().unwrap()).unwrap();
        let sample = Sample {
            origin: Origin::Vector(vector),
            head: vector.bytes(),
            len: vector.content.len(),
            settings: [setting.clone()].into(),
        };
        let mut tally = Tally::default();
        let found = tally.judge(&Matcher::new(HEADER).unwrap(), &sample, setting, model);
        (found.map(|found| found.differences).unwrap_or_default(), tally)
    }

    #[test]
    fn everyone_is_asked_of_a_strict_answer() {
        let refused = Answer::Refused(vec![RuleId::Json1]);
        let (found, tally) = judged("layout/many-tensors", &Setting::strict(), &refused);
        assert_eq!(
            found,
            [
                Difference::OnlyTheModel(RuleId::Json1),
                Difference::ExpectedAccepted(RuleId::Json1),
                Difference::GrammarAccepts(RuleId::Json1),
            ]
        );
        let counts = Tally {
            files: 1,
            questions: 1,
            refused: 1,
            expected: 1,
            texts: 1,
            disagreements: 1,
            ..Tally::default()
        };
        assert_eq!(tally, counts);
    }

    #[test]
    fn an_answer_that_everyone_gives_is_counted_and_not_told() {
        let refused = Answer::Refused(vec![RuleId::Lay4]);
        let (found, tally) = judged("layout/gap-among-many", &Setting::strict(), &refused);
        assert_eq!((found, tally.disagreements, tally.refused), (Vec::new(), 0, 1));
    }

    #[test]
    fn the_grammar_is_not_asked_about_a_lenient_answer() {
        let lenient = Setting { leniencies: Leniencies::all(), ..Setting::strict() };
        let refused = Answer::Refused(vec![RuleId::Json1]);
        let (found, tally) = judged("text/page-of-spaces-before-object", &lenient, &refused);
        assert_eq!(found, [Difference::OnlyTheModel(RuleId::Json1)]);
        assert_eq!(tally.texts, 0);
    }

    #[test]
    fn a_disagreement_is_told_with_both_answers_and_the_bytes() {
        let vector = corpus::find(&"text/page-of-spaces-before-object".parse().unwrap()).unwrap();
        let setting = Setting::strict();
        let sample = Sample {
            origin: Origin::Vector(vector),
            head: b"\x03\0\0\0\0\0\0\0{}\n".to_vec(),
            len: 11,
            settings: [setting.clone()].into(),
        };
        let model = Answer::Refused(vec![RuleId::Pad1]);
        let oracle = Answer::parse("accepted m 6b -").unwrap();
        let found = Found { oracle, differences: vec![Difference::OnlyTheModel(RuleId::Pad1)] };
        let told =
            Disagreement { sample: &sample, setting: &setting, model: &model, found }.to_string();
        assert_eq!(
            told,
            "error: PAD-1: the model finds it broken, the oracle does not\n  \
             file:   the vector text/page-of-spaces-before-object, version 1.4, leniencies: none\n  \
             model:  refused: PAD-1\n  \
             oracle: accepted; \"k\" is \"\"\n  \
             length: 11 bytes, the first 8 \\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00\n  \
             header: {}\\n\n"
        );
    }
}
