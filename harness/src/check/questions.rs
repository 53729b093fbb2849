//! The few easy questions of `stconform adapter check`, and what each is called.
//!
//! They are questions of the plan; nothing is expected here.

use crate::plan::{Expectation, PlanError, Question, plan};
use crate::select::Criteria;
use reports::{Description, Operation, Row};
use spec::Version;

/// A vector or a task that an adapter is asked about, and for what.
struct Easy {
    id: &'static str,
    what: &'static str,
    operations: &'static [Operation],
}

use Operation::{Header, Read, ReadIndex, Rewrite, Slice, Write};

/// In the order in which they are asked.
const EASY: &[Easy] = &[
    Easy { id: "shapes/matrix", what: "a small file", operations: &[Read, Header, Slice, Rewrite] },
    Easy { id: "metadata/one-pair", what: "metadata", operations: &[Read, Header, Rewrite] },
    Easy { id: "framing/smallest-file", what: "a file without tensors", operations: &[Read] },
    Easy { id: "shapes/zero-first", what: "a tensor of size 0", operations: &[Read] },
    Easy {
        id: "json/two-byte-character-raw",
        what: "a name that is not ASCII",
        operations: &[Read, Header],
    },
    Easy { id: "values/little-end-first", what: "large integers", operations: &[Read] },
    Easy { id: "sizes/zero-times-most", what: "a large dimension", operations: &[Read] },
    Easy { id: "json/object-not-closed", what: "an invalid file", operations: &[Read, Header] },
    Easy { id: "framing/no-bytes", what: "an empty file", operations: &[Read] },
    Easy { id: "write/metadata-of-one-pair", what: "a small model", operations: &[Write] },
    Easy { id: "write/bytes-one-short", what: "a byte too few", operations: &[Write] },
    Easy { id: "sharded/two-shards", what: "a model of two shards", operations: &[ReadIndex] },
    Easy { id: "sharded/shard-missing", what: "a shard that is missing", operations: &[ReadIndex] },
];

/// The questions for what an implementation offers, in their order.
pub(super) fn of(who: &Description) -> Result<Vec<Question>, PlanError> {
    let filters = EASY.iter().map(|easy| easy.id.to_owned()).collect();
    let mut questions = plan(&Criteria { filters, ..Criteria::default() }, who, Version::LATEST)?;
    questions.retain(is_easy);
    questions.sort_by_cached_key(|question| {
        (question.operation, place(question.subject.id().as_str()), question.case())
    });
    Ok(questions)
}

fn place(id: &str) -> Option<usize> {
    EASY.iter().position(|easy| easy.id == id)
}

/// Of slices, the whole tensor and one part that every reader hands out.
fn is_easy(question: &Question) -> bool {
    let found = place(question.subject.id().as_str()).and_then(|place| EASY.get(place));
    let is_asked = found.is_some_and(|easy| easy.operations.contains(&question.operation));
    let is_simple = question.slice.as_ref().is_none_or(|slice| {
        let spans: Vec<_> = slice.spans.iter().map(|span| (span.start, span.stop)).collect();
        let is_sure = matches!(question.expectation, Expectation::Accept(_));
        is_sure && [[(0, 2), (0, 3)], [(1, 2), (0, 3)]].iter().any(|easy| easy == spans.as_slice())
    });
    is_asked && is_simple
}

/// What a check is called.
pub(super) fn title(row: &Row) -> String {
    let found = place(row.vector.as_str()).and_then(|place| EASY.get(place));
    let mut title = format!("{}: {}", row.operation, found.map_or("", |easy| easy.what));
    if let Some(case) = &row.case {
        title = format!("{title}, {case}");
    }
    if let Some(access) = row.access {
        title = format!("{title}, {access}");
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::Access;

    #[test]
    fn every_easy_question_is_in_the_corpus_and_is_asked_in_every_way() {
        let who = Description {
            operations: Operation::ALL.to_vec(),
            access: vec![Access::Mmap, Access::Buffer],
            ..Description::new("any", "1")
        };
        let questions = of(&who).unwrap();
        for easy in EASY {
            for operation in easy.operations {
                let asked = questions.iter().filter(|question| {
                    question.subject.id().as_str() == easy.id && question.operation == *operation
                });
                let ways = match operation {
                    Slice => 4,
                    Read | Header => 2,
                    Write | Rewrite | ReadIndex => 1,
                };
                assert_eq!(asked.count(), ways, "{} {operation}", easy.id);
            }
        }
    }
}
