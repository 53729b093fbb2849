//! A recogniser of byte strings that is driven by an ABNF grammar and by nothing else.
//!
//! It has no idea of JSON, of tokens, or of which alternative to prefer: each part of the grammar
//! maps a position to the set of positions at which a match of it can end, and the rules remember
//! theirs, so that it recognises what the grammar says even where the grammar is ambiguous.

use abnf::types::{Node, Repeat, TerminalValues};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A grammar, ready to be run.
pub(crate) struct Matcher {
    parts: Vec<Part>,
    /// For each rule, its part; the first rule is where a match starts.
    rules: Vec<usize>,
}

/// A part of a grammar, with the positions of the parts that it is made of.
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
    pub(crate) fn new(grammar: &str) -> Self {
        // RFC 5234 ends its lines as mail does.
        let rules = abnf::rulelist(&grammar.replace('\n', "\r\n")).expect("a grammar in ABNF");
        let names: Vec<String> = rules.iter().map(|rule| rule.name().to_lowercase()).collect();
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "a rule is defined twice");
        let mut matcher = Self { parts: Vec::new(), rules: Vec::new() };
        for rule in &rules {
            let part = matcher.part(rule.node(), &names);
            matcher.rules.push(part);
        }
        matcher
    }

    /// Whether the grammar derives the whole text. Takes stack in proportion to how deep the text
    /// nests; see [`with_stack`].
    pub(crate) fn accepts(&self, text: &[u8]) -> bool {
        let known = vec![None; self.rules.len() * (text.len() + 1)];
        let mut run = Run { matcher: self, text, known };
        run.rule(0, 0).contains(&text.len())
    }

    fn add(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }

    fn part(&mut self, node: &Node, names: &[String]) -> usize {
        let part = match node {
            Node::Alternatives(nodes) => {
                let parts: Vec<usize> = nodes.iter().map(|node| self.part(node, names)).collect();
                self.choice(parts)
            }
            Node::Concatenation(nodes) => {
                Part::Sequence(nodes.iter().map(|node| self.part(node, names)).collect())
            }
            Node::Repetition { repeat, node } => {
                let (least, most) = match repeat {
                    Repeat::Specific(times) => (*times, *times),
                    Repeat::Variable { min, max } => (min.unwrap_or(0), max.unwrap_or(usize::MAX)),
                };
                Part::Repetition { least, most, part: self.part(node, names) }
            }
            Node::Rulename(name) => {
                let wanted = name.to_lowercase();
                let rule = names.iter().position(|name| *name == wanted);
                Part::Rule(rule.unwrap_or_else(|| panic!("the rule `{name}` is not defined")))
            }
            Node::Group(node) => return self.part(node, names),
            Node::Optional(node) => {
                Part::Repetition { least: 0, most: 1, part: self.part(node, names) }
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
                assert!(*last < 256, "a terminal is one byte");
                byte_part(|byte| (*first..=*last).contains(&u32::from(byte)))
            }
            Node::TerminalValues(TerminalValues::Concatenation(values)) => {
                let bytes: Vec<usize> = values
                    .iter()
                    .map(|value| {
                        let wanted = u8::try_from(*value).expect("a terminal is one byte");
                        self.add(byte_part(|byte| byte == wanted))
                    })
                    .collect();
                Part::Sequence(bytes)
            }
            Node::Prose(prose) => panic!("prose cannot be run: {prose}"),
        };
        if let Part::Sequence(parts) | Part::Choice(parts) = &part
            && let [only] = parts[..]
        {
            return only;
        }
        self.add(part)
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

/// Runs something on a thread with a stack that takes a header text of 64 KiB which is nothing
/// but opening brackets.
pub(crate) fn with_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(1 << 30).spawn(work).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
