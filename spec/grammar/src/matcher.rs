//! A recogniser of byte strings that is driven by an ABNF grammar and by nothing else.
//!
//! It has no idea of JSON, of tokens, or of which alternative to prefer: each part of the grammar
//! maps a position to the set of positions at which a match of it can end, and the rules remember
//! theirs, so that it recognises what the grammar says even where the grammar is ambiguous.

use abnf::types::{Node, Repeat, TerminalValues};
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

/// A grammar, ready to be run.
#[derive(Debug)]
pub struct Matcher {
    parts: Vec<Part>,
    /// For each rule, its part; the first rule is where a match starts.
    rules: Vec<usize>,
}

/// A text that is no grammar for a [`Matcher`], and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrammarError {
    /// The text is no ABNF; with what the parser says.
    Syntax(String),
    /// A rule is defined twice, or is defined in steps.
    DefinedTwice(String),
    /// A rule is used and not defined.
    NotDefined(String),
    /// A terminal is more than one byte.
    NoByte(u32),
    /// There is prose in place of a rule.
    Prose(String),
}

impl fmt::Display for GrammarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => write!(f, "the grammar is no ABNF: {message}"),
            Self::DefinedTwice(name) => write!(f, "the rule `{name}` is defined twice"),
            Self::NotDefined(name) => write!(f, "the rule `{name}` is not defined"),
            Self::NoByte(value) => write!(f, "the terminal {value} is no byte"),
            Self::Prose(prose) => write!(f, "prose cannot be run: {prose}"),
        }
    }
}

impl std::error::Error for GrammarError {}

/// A part of a grammar, with the positions of the parts that it is made of.
#[derive(Debug)]
enum Part {
    /// One byte of a set.
    Byte(Box<[bool; 256]>),
    Sequence(Vec<usize>),
    Choice(Vec<usize>),
    Repetition {
        least: usize,
        most: usize,
        part: usize,
    },
    Rule(usize),
}

/// The positions at which a match can end, ascending.
type Ends = Rc<[usize]>;

struct Run<'r> {
    matcher: &'r Matcher,
    text: &'r [u8],
    /// What is known already: for each position, the ends of each rule.
    known: Vec<Option<Ends>>,
}

impl Matcher {
    /// A matcher for the text of a grammar; its first rule is the start.
    ///
    /// # Errors
    ///
    /// The text is no grammar whose terminals are bytes and whose rules are all defined once.
    pub fn new(grammar: &str) -> Result<Self, GrammarError> {
        // RFC 5234 ends its lines as mail does.
        let rules = abnf::rulelist(&grammar.replace('\n', "\r\n"))
            .map_err(|error| GrammarError::Syntax(error.to_string()))?;
        let mut names: Vec<String> = Vec::new();
        for rule in &rules {
            let name = rule.name().to_lowercase();
            if names.contains(&name) {
                return Err(GrammarError::DefinedTwice(name));
            }
            names.push(name);
        }
        let mut matcher = Self { parts: Vec::new(), rules: Vec::new() };
        for rule in &rules {
            let part = matcher.part(rule.node(), &names)?;
            matcher.rules.push(part);
        }
        Ok(matcher)
    }

    /// Whether the grammar derives the whole text. Takes stack in proportion to how deep the text
    /// nests; see [`crate::STACK`].
    #[must_use]
    pub fn accepts(&self, text: &[u8]) -> bool {
        let known = vec![None; self.rules.len() * (text.len() + 1)];
        let mut run = Run { matcher: self, text, known };
        run.rule(0, 0).contains(&text.len())
    }

    fn add(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }

    fn part(&mut self, node: &Node, names: &[String]) -> Result<usize, GrammarError> {
        let part = match node {
            Node::Alternatives(nodes) => {
                let parts = self.all(nodes, names)?;
                self.choice(parts)
            }
            Node::Concatenation(nodes) => Part::Sequence(self.all(nodes, names)?),
            Node::Repetition { repeat, node } => {
                let (least, most) = match repeat {
                    Repeat::Specific(times) => (*times, *times),
                    Repeat::Variable { min, max } => (min.unwrap_or(0), max.unwrap_or(usize::MAX)),
                };
                Part::Repetition { least, most, part: self.part(node, names)? }
            }
            Node::Rulename(name) => {
                let wanted = name.to_lowercase();
                let rule = names.iter().position(|name| *name == wanted);
                Part::Rule(rule.ok_or(GrammarError::NotDefined(wanted))?)
            }
            Node::Group(node) => return self.part(node, names),
            Node::Optional(node) => {
                Part::Repetition { least: 0, most: 1, part: self.part(node, names)? }
            }
            Node::String(literal) => {
                let either_case = !literal.is_case_sensitive();
                let bytes: Vec<usize> = literal
                    .value()
                    .bytes()
                    .map(|byte| {
                        self.add(byte_part(|other| {
                            byte == other || either_case && byte.eq_ignore_ascii_case(&other)
                        }))
                    })
                    .collect();
                Part::Sequence(bytes)
            }
            Node::TerminalValues(TerminalValues::Range(first, last)) => {
                terminal(*last)?;
                byte_part(|byte| (*first..=*last).contains(&u32::from(byte)))
            }
            Node::TerminalValues(TerminalValues::Concatenation(values)) => {
                let mut bytes = Vec::new();
                for value in values {
                    let wanted = terminal(*value)?;
                    bytes.push(self.add(byte_part(|byte| byte == wanted)));
                }
                Part::Sequence(bytes)
            }
            Node::Prose(prose) => return Err(GrammarError::Prose(prose.clone())),
        };
        if let Part::Sequence(parts) | Part::Choice(parts) = &part
            && let [only] = parts[..]
        {
            return Ok(only);
        }
        Ok(self.add(part))
    }

    fn all(&mut self, nodes: &[Node], names: &[String]) -> Result<Vec<usize>, GrammarError> {
        nodes.iter().map(|node| self.part(node, names)).collect()
    }

    /// A choice; one between bytes is a byte of a greater set, which is the same and faster.
    fn choice(&self, parts: Vec<usize>) -> Part {
        let sets: Option<Vec<&[bool; 256]>> = parts
            .iter()
            .map(|part| if let Part::Byte(set) = &self.parts[*part] { Some(&**set) } else { None })
            .collect();
        match sets {
            Some(sets) => byte_part(|byte| sets.iter().any(|set| set[usize::from(byte)])),
            None => Part::Choice(parts),
        }
    }
}

fn terminal(value: u32) -> Result<u8, GrammarError> {
    u8::try_from(value).map_err(|_| GrammarError::NoByte(value))
}

fn byte_part(has: impl Fn(u8) -> bool) -> Part {
    let mut set = Box::new([false; 256]);
    for byte in 0..=u8::MAX {
        set[usize::from(byte)] = has(byte);
    }
    Part::Byte(set)
}

impl<'r> Run<'r> {
    fn rule(&mut self, rule: usize, from: usize) -> Ends {
        let place = from * self.matcher.rules.len() + rule;
        if let Some(ends) = &self.known[place] {
            return Rc::clone(ends);
        }
        let mut ends = Vec::new();
        self.collect(self.matcher.rules[rule], from, &mut ends);
        ends.sort_unstable();
        ends.dedup();
        let ends: Ends = ends.into();
        self.known[place] = Some(Rc::clone(&ends));
        ends
    }

    /// Adds the ends of a part's matches to a list, in no order, perhaps twice.
    fn collect(&mut self, part: usize, from: usize, ends: &mut Vec<usize>) {
        let matcher = self.matcher;
        match &matcher.parts[part] {
            Part::Byte(set) => {
                if self.text.get(from).is_some_and(|byte| set[usize::from(*byte)]) {
                    ends.push(from + 1);
                }
            }
            Part::Rule(rule) => ends.extend_from_slice(&self.rule(*rule, from)),
            Part::Choice(parts) => {
                for part in parts {
                    self.collect(*part, from, ends);
                }
            }
            Part::Sequence(parts) => {
                let mut here = vec![from];
                for part in parts {
                    here = self.step(*part, &here);
                    if here.is_empty() {
                        return;
                    }
                }
                ends.extend(here);
            }
            Part::Repetition { least, most, part } => {
                let mut seen = BTreeSet::new();
                let mut here = vec![from];
                let mut times = 0;
                while !here.is_empty() {
                    if times >= *least {
                        here.retain(|end| seen.insert(*end));
                    }
                    if times == *most {
                        break;
                    }
                    here = self.step(*part, &here);
                    times += 1;
                }
                ends.extend(seen);
            }
        }
    }

    fn step(&mut self, part: usize, here: &[usize]) -> Vec<usize> {
        let mut next = Vec::new();
        for from in here {
            self.collect(part, *from, &mut next);
        }
        if next.len() > 1 {
            next.sort_unstable();
            next.dedup();
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_grammar_is_told() {
        let error = |text| Matcher::new(text).unwrap_err();
        assert!(matches!(error("= x\n"), GrammarError::Syntax(_)));
        assert_eq!(error("a = \"x\"\nA = \"y\"\n"), GrammarError::DefinedTwice("a".to_owned()));
        assert_eq!(error("a = B\n"), GrammarError::NotDefined("b".to_owned()));
        assert_eq!(error("a = %x100\n"), GrammarError::NoByte(256));
        assert_eq!(error("a = %x41.100\n"), GrammarError::NoByte(256));
        assert_eq!(error("a = %x00-100\n"), GrammarError::NoByte(256));
        assert!(matches!(error("a = <a word>\n"), GrammarError::Prose(_)));
    }

    #[test]
    fn an_ambiguous_grammar_derives_all_that_it_says() {
        let matcher = Matcher::new("a = *( b / %s\"xy\" ) 2%x7A\nb = \"x\" / \"y\"\n").unwrap();
        assert!(matcher.accepts(b"xyXYzz") && matcher.accepts(b"zz"));
        assert!(!matcher.accepts(b"xyz") && !matcher.accepts(b"xyzzz") && !matcher.accepts(b""));
    }
}
