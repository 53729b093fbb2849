//! Values inside values. The grammar sets no bound to depth, so that another rule decides: ENT-4 of
//! a field that has no place in an entry, META-3 of a metadata value that is no string. A reader that calls itself for
//! each level may run out of stack, whatever it would say in the end.

use super::{ONE, ONE_PAIR, Recipe, one, rejects};
use crate::consequence::Consequence;
use spec::Leniency::UnknownFields;
use spec::RuleId::{Ent4, Json1, Meta3};

/// A text that opens a value inside the value before it, and the one that closes it again.
type Brackets = (&'static str, &'static str, &'static str);

const ARRAYS: Brackets = ("arrays", "[", "]");
const OBJECTS: Brackets = ("objects", "{\"\":", "}");

/// Levels around which readers stop: a handful, a common bound of parsers, and a bound of call
/// stacks with large frames. Ten thousand arrays in an entry are `entries/unknown-nested-deeply`,
/// and a million `entries/unknown-nested-a-million-deep`.
static IN_ENTRY: &[(Brackets, usize)] = &[
    (ARRAYS, 10),
    (ARRAYS, 127),
    (ARRAYS, 128),
    (ARRAYS, 1_000),
    (OBJECTS, 10),
    (OBJECTS, 127),
    (OBJECTS, 128),
    (OBJECTS, 1_000),
];

static IN_METADATA: &[(Brackets, usize)] = &[
    (ARRAYS, 10),
    (ARRAYS, 128),
    (ARRAYS, 1_000),
    (OBJECTS, 10),
    (OBJECTS, 128),
    (OBJECTS, 1_000),
];

pub(super) fn recipes() -> Vec<Recipe> {
    let in_entry = IN_ENTRY.iter().map(|(brackets, depth)| {
        let id = format!("json/nested-{}-in-entry-at-depth-{depth}", brackets.0);
        let summary = format!("A field that no reader needs is {depth} {} deep.", brackets.0);
        let draft = one().swap("[4]", format!("[4],\"note\":{}", nested(*brackets, *depth)));
        rejects(&id, &summary, Ent4, ONE, draft)
            .also([Json1])
            .forgiven(UnknownFields)
            .consequence(Consequence::MemorySafety)
    });
    let in_metadata = IN_METADATA.iter().map(|(brackets, depth)| {
        let id = format!("json/nested-{}-in-metadata-at-depth-{depth}", brackets.0);
        let summary = format!("A metadata value is {depth} {} deep.", brackets.0);
        let text = format!("{{\"format\":{}}}", nested(*brackets, *depth));
        rejects(&id, &summary, Meta3, ONE_PAIR, one().metadata_text(text))
            .also([Json1])
            .consequence(Consequence::MemorySafety)
    });
    in_entry.chain(in_metadata).collect()
}

/// A 0 inside so many brackets.
fn nested((_, open, close): Brackets, depth: usize) -> String {
    format!("{}0{}", open.repeat(depth), close.repeat(depth))
}
