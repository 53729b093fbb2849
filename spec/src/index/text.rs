//! The text of an index: one JSON object without a repeated key at any depth (IDX-1), and the
//! members of an object in it.
//!
//! What the members mean is decided in [`super::map`].

use crate::examine::no_utf8;
use crate::fault::{Faults, First, Stop};
use crate::leniency::Leniency;
use crate::names;
use crate::parse::Member as HeaderMember;
use crate::rules::RuleId;
use crate::text::{Lexer, Span, show};
use std::ops::Range;

/// A fault of the text: its place, and what was found there.
pub(super) type Fault = (Range<usize>, String);

/// A member of an object: its key, and the place of its value.
pub(super) struct Member {
    pub(super) key: Span,
    pub(super) value: Range<usize>,
}

/// Every fault of the text; none if its members can be read.
pub(super) fn faults(text: &[u8]) -> Vec<Fault> {
    if let Some(fault) = no_utf8(text) {
        return vec![fault];
    }
    let mut lexer = Lexer::new(text, 0, OneFault::default());
    match walk(&mut lexer) {
        Ok(keys) => repeated(text, keys),
        Err(Stop) => lexer.faults.fault.into_iter().collect(),
    }
}

/// The members of the object at a place, in a text without faults; none if no object is there.
pub(super) fn members(text: &[u8], at: usize) -> Vec<Member> {
    let mut lexer = Lexer::new(text, at, First);
    let mut members = Vec::new();
    if !lexer.take(b'{') {
        return members;
    }
    // No key stands in an empty object.
    while let Ok(key) = lexer.key() {
        let Ok(value) = lexer.skip_value() else { break };
        members.push(Member { key, value });
        if !lexer.take(b',') {
            break;
        }
    }
    members
}

/// The string at a place, unescaped; `None` if another value stands there.
pub(super) fn string(text: &[u8], at: usize) -> Option<String> {
    let mut lexer = Lexer::new(text, at, First);
    if lexer.token() != Some(b'"') {
        return None;
    }
    lexer.string().ok().map(|span| meant(span, text))
}

/// The string that a span means, in a text that is UTF-8.
pub(super) fn meant(span: Span, text: &[u8]) -> String {
    String::from_utf8_lossy(&span.unescaped(text)).into_owned()
}

/// A key, and the place of the bracket that opens its object.
struct Key {
    object: usize,
    span: Span,
}

/// Steps over the whole text, and gives every key in it.
///
/// Open brackets are kept in a list, so that depth costs no stack: the place of an object's, and
/// nothing of an array's.
fn walk<F: Faults>(lexer: &mut Lexer<'_, F>) -> Result<Vec<Key>, Stop> {
    let mut keys = Vec::new();
    let mut open: Vec<Option<usize>> = Vec::new();
    if lexer.token() != Some(b'{') {
        return Err(lexer.unexpected("an object"));
    }
    loop {
        match lexer.token() {
            Some(b'{') => {
                let object = lexer.position();
                lexer.step();
                if !lexer.take(b'}') {
                    keys.push(Key { object, span: lexer.key()? });
                    open.push(Some(object));
                    continue;
                }
            }
            Some(b'[') => {
                lexer.step();
                if !lexer.take(b']') {
                    open.push(None);
                    continue;
                }
            }
            Some(_) | None => {
                lexer.skip_value()?;
            }
        }
        // After a value: closes what closes, up to the next one.
        loop {
            match open.last().copied() {
                None => {
                    return match lexer.token() {
                        None => Ok(keys),
                        Some(_) => Err(lexer.unexpected("the end of the index")),
                    };
                }
                Some(None) => {
                    if lexer.more(b']')? {
                        break;
                    }
                }
                Some(Some(object)) => {
                    if lexer.more(b'}')? {
                        keys.push(Key { object, span: lexer.key()? });
                        break;
                    }
                }
            }
            open.pop();
        }
    }
}

/// Every key that has stood in its object before.
fn repeated(text: &[u8], mut keys: Vec<Key>) -> Vec<Fault> {
    // Stable, so that the keys of an object stay in the order in which they stand.
    keys.sort_by_key(|key| key.object);
    let mut faults = Vec::new();
    for object in keys.chunk_by(|a, b| a.object == b.object) {
        for repeat in names::repeats(text, object, |key| key.span) {
            if let Some(key) = object.get(repeat.at) {
                let found = format!("the key {} again", show(&key.span.unescaped(text)));
                faults.push((key.span.quoted(), found));
            }
        }
    }
    faults
}

/// Stops at the first fault, and keeps it; whatever rule of a header text it breaks, of an index
/// it is IDX-1.
#[derive(Default)]
struct OneFault {
    fault: Option<Fault>,
}

impl Faults for OneFault {
    const COLLECTS: bool = false;
    const TEXT: &str = "index";

    fn report(
        &mut self,
        _: RuleId,
        at: Range<usize>,
        found: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        self.fault = Some((at, found()));
        Err(Stop)
    }

    fn tolerate(&mut self, _: Leniency, _: Range<usize>, _: impl FnOnce() -> String) -> bool {
        false
    }

    fn keep(&mut self, _: HeaderMember) {}
}
