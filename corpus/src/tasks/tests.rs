use super::*;
use crate::recipes::{AREAS, vectors};
use spec::{
    DTYPES, File, Leniencies, Level, NewTensor, RULES, Refusal, Subject, Version, canonical,
    examine,
};
use std::collections::{BTreeMap, BTreeSet};

/// The rules that bind writers and that no task is about, each with the reason.
const ELSEWHERE: &[(RuleId, &str)] = &[
    (RuleId::Wr6, "a string that is no Unicode cannot be handed over as UTF-8"),
    (RuleId::Wr8, "takes a hundred megabytes of names or metadata"),
    (RuleId::Can1, "binds who claims the canonical form, and `spec::is_canonical` decides it"),
    (RuleId::Can2, "as CAN-1"),
    (RuleId::Can3, "as CAN-1"),
    (RuleId::Can4, "as CAN-1"),
    (RuleId::Can5, "as CAN-1"),
    (RuleId::Can6, "as CAN-1"),
    (RuleId::Can7, "as CAN-1"),
];

fn find(id: &VectorId) -> Option<&'static Task> {
    tasks().iter().find(|task| task.id == *id)
}

/// What the writer of the canonical form makes of a task; `None` where the task cannot be said to
/// it: it takes dtypes that are some, and texts.
fn asked(task: &Task) -> Option<Result<Vec<u8>, Refusal>> {
    let rows: Vec<Cow<'_, [u8]>> = task.tensors.iter().map(Given::rows).collect();
    let tensors: Option<Vec<NewTensor<'_>>> = task
        .tensors
        .iter()
        .zip(&rows)
        .map(|(Given { name, dtype, shape, .. }, bytes)| {
            let dtype = Dtype::from_name(dtype.as_bytes())?;
            Some(NewTensor { name, dtype, shape, bytes })
        })
        .collect();
    let pairs = task.metadata.iter().flatten();
    let metadata: Option<BTreeMap<String, String>> = pairs
        .map(|(key, value)| match value {
            MetadataValue::Text(value) => Some((key.clone(), value.clone())),
            MetadataValue::Other(_) => None,
        })
        .collect();
    Some(canonical(&tensors?, &metadata?))
}

fn read(file: &[u8]) -> Option<Reading> {
    let examined = examine(File::whole(file), Version::LATEST, &Leniencies::none());
    examined.reading().map(|reading| Reading::of_file(reading, file))
}

#[test]
fn ids_are_sorted_and_nobody_elses() {
    assert!(tasks().is_sorted_by(|a, b| a.id < b.id), "an id stands twice");
    for task in tasks() {
        assert_eq!(task.id.as_str().parse().as_ref(), Ok(&task.id));
        assert_eq!(task.id.area(), "write");
    }
    assert!(vectors().iter().all(|vector| find(&vector.id).is_none()));
    assert!(AREAS.iter().all(|area| area.name != "write"));
}

#[test]
fn every_task_says_what_it_is() {
    let mut summaries = BTreeSet::new();
    for Task { id, summary, rules, .. } in tasks() {
        assert!(!summary.starts_with(char::is_lowercase) && summary.ends_with('.'), "{id}");
        assert!(summaries.insert(summary), "{id}: {summary}");
        assert!(!rules.is_empty(), "{id}");
        assert_eq!(rules.len(), rules.iter().collect::<BTreeSet<_>>().len(), "{id}");
    }
}

#[test]
fn what_has_to_be_written_can_be_and_is_read_as_the_task_says() {
    for task in tasks() {
        match (&task.outcome, asked(task)) {
            (TaskOutcome::Refuse(_), _) => {}
            (
                TaskOutcome::Write(reading) | TaskOutcome::WriteOrRefuse(reading, _),
                Some(Ok(file)),
            ) => {
                assert_eq!(read(&file).as_ref(), Some(reading), "{}", task.id);
            }
            (TaskOutcome::WriteOrRefuse(_, rule), Some(Err(refusal))) => {
                assert_eq!(refusal.rule, *rule, "{}", task.id);
            }
            (TaskOutcome::Write(_), Some(Err(refusal))) => panic!("{}: {refusal}", task.id),
            (TaskOutcome::Write(_) | TaskOutcome::WriteOrRefuse(..), None) => {
                panic!("{}: cannot be said", task.id)
            }
        }
    }
}

#[test]
fn what_has_to_be_refused_is_by_the_rule_that_the_task_names() {
    let mut unsaid = BTreeSet::new();
    for task in tasks() {
        let TaskOutcome::Refuse(rule) = task.outcome else { continue };
        match asked(task) {
            Some(answer) => {
                assert_eq!(answer.map_err(|refusal| refusal.rule), Err(rule), "{}", task.id);
            }
            None => drop(unsaid.insert(rule)),
        }
    }
    // Names that are no dtype, and metadata that is no text.
    assert_eq!(Vec::from_iter(unsaid), [RuleId::Wr1, RuleId::Wr7]);
}

#[test]
fn the_deciding_rule_is_one_on_writers_that_leaves_no_other_way() {
    for Task { id, rules, twin, outcome, .. } in tasks() {
        assert_eq!(twin.is_some(), matches!(outcome, TaskOutcome::Refuse(_)), "{id}");
        if let TaskOutcome::Refuse(rule) | TaskOutcome::WriteOrRefuse(_, rule) = outcome {
            assert_eq!(rules.first(), Some(rule), "{id}");
            assert_eq!(rule.rule().subject, Subject::Writer, "{id}");
        }
        if let TaskOutcome::Refuse(rule) = outcome {
            assert_eq!(rule.rule().level, Level::Must, "{id}");
        }
    }
}

#[test]
fn a_twin_has_to_be_written_and_differs_in_the_fault_alone() {
    for task in tasks() {
        let Some(twin) = &task.twin else { continue };
        let Some(twin) = find(twin) else { panic!("{}: there is no {twin}", task.id) };
        assert!(matches!(twin.outcome, TaskOutcome::Write(_)), "{}", task.id);
        assert_eq!(differences(task, twin).len(), 1, "{}: {:?}", task.id, differences(task, twin));
    }
}

/// In which fields two tasks differ.
fn differences(a: &Task, b: &Task) -> BTreeSet<&'static str> {
    let mut fields = BTreeSet::new();
    let mut note = |field, same: bool| {
        if !same {
            fields.insert(field);
        }
    };
    note("number of tensors", a.tensors.len() == b.tensors.len());
    for (a, b) in a.tensors.iter().zip(&b.tensors) {
        note("name", a.name == b.name);
        note("dtype", a.dtype == b.dtype);
        note("shape", a.shape == b.shape);
        note("bytes", a.bytes == b.bytes);
        note("view", a.view == b.view);
    }
    let keys = |task: &Task| -> Option<Vec<String>> {
        Some(task.metadata.as_ref()?.iter().map(|(key, _)| key.clone()).collect())
    };
    note("keys", keys(a) == keys(b));
    let pairs = a.metadata.iter().flatten().zip(b.metadata.iter().flatten());
    note("value", pairs.filter(|(a, b)| a.1 != b.1).count() == 0);
    fields
}

#[test]
fn every_rule_that_binds_writers_is_asked_or_listed_with_a_reason() {
    let asked: BTreeSet<RuleId> = tasks().iter().flat_map(|task| task.rules.clone()).collect();
    let listed: Vec<RuleId> = ELSEWHERE.iter().map(|(rule, _)| *rule).collect();
    for rule in RULES.iter().filter(|rule| rule.subject == Subject::Writer) {
        if rule.level == Level::Must {
            assert!(asked.contains(&rule.id) != listed.contains(&rule.id), "{}", rule.id);
        }
    }
    // What writers must refuse, some task has to see refused.
    let refused: BTreeSet<RuleId> = tasks()
        .iter()
        .filter_map(|task| match task.outcome {
            TaskOutcome::Refuse(rule) => Some(rule),
            TaskOutcome::Write(_) | TaskOutcome::WriteOrRefuse(..) => None,
        })
        .collect();
    let refusing = RULES.iter().filter(|rule| {
        rule.sentence.starts_with("A writer MUST refuse") && !listed.contains(&rule.id)
    });
    assert!(refusing.clone().count() > 3);
    for rule in refusing {
        assert!(refused.contains(&rule.id), "{}", rule.id);
    }
}

#[test]
fn every_dtype_has_a_task_of_its_own() {
    for row in DTYPES {
        let alone = |task: &&Task| task.tensors.iter().all(|given| given.dtype == row.name);
        let count = tasks().iter().filter(|task| !task.tensors.is_empty()).filter(alone).count();
        assert!(count > 0, "{}", row.name);
    }
}

#[test]
fn tasks_are_small_enough_to_hand_over() {
    for Task { id, tensors, .. } in tasks() {
        let size: usize = tensors.iter().map(|given| given.bytes.len() + given.name.len()).sum();
        assert!(size < 10_000, "{id}: {size}");
    }
}

#[test]
fn views_show_these_elements() {
    use ViewKind::{Broadcast, Reversed, Strided, Transposed};
    type Case<'a> = (ViewKind, &'a [u64], &'a [u64], &'a [u8], &'a [u8]);
    let cases: &[Case<'_>] = &[
        (Transposed, &[2, 3], &[3, 2], &[1, 2, 3, 4, 5, 6], &[1, 4, 2, 5, 3, 6]),
        (Transposed, &[1, 2, 2], &[2, 2, 1], &[1, 2, 3, 4], &[1, 3, 2, 4]),
        // Two bytes an element.
        (Transposed, &[2, 2], &[2, 2], &[1, 2, 3, 4, 5, 6, 7, 8], &[1, 2, 5, 6, 3, 4, 7, 8]),
        (Transposed, &[0, 3], &[3, 0], &[], &[]),
        (Strided, &[5], &[3], &[1, 2, 3, 4, 5], &[1, 3, 5]),
        (Strided, &[2, 3], &[2, 2], &[1, 2, 3, 4, 5, 6], &[1, 3, 4, 6]),
        (Strided, &[2, 2], &[2, 1], &[1, 2, 3, 4], &[1, 3]),
        (Reversed, &[3], &[3], &[1, 2, 3], &[3, 2, 1]),
        (Reversed, &[2, 2], &[2, 2], &[1, 2, 3, 4], &[4, 3, 2, 1]),
        (Reversed, &[2], &[2], &[1, 2, 3, 4], &[3, 4, 1, 2]),
        (Broadcast, &[], &[2, 2], &[1], &[1, 1, 1, 1]),
        (Broadcast, &[2], &[2, 2], &[1, 2], &[1, 2, 1, 2]),
        (Broadcast, &[2, 1], &[2, 2], &[1, 2], &[1, 1, 2, 2]),
        (Broadcast, &[2, 1], &[2, 2, 2], &[1, 2], &[1, 1, 2, 2, 1, 1, 2, 2]),
        (Broadcast, &[1], &[2], &[1, 2], &[1, 2, 1, 2]),
    ];
    for (kind, base, shape, bytes, rows) in cases {
        let view = View { kind: *kind, base: base.to_vec() };
        assert_eq!(view.rows(shape, bytes), *rows, "{kind:?} of {base:?}");
    }
}

#[test]
fn the_shape_of_a_view_follows_from_its_base() {
    for task in tasks() {
        for given in &task.tensors {
            let Some(View { kind, base }) = &given.view else { continue };
            let mut expected = base.clone();
            match kind {
                ViewKind::Transposed => expected.reverse(),
                ViewKind::Strided => {
                    let last = expected.last_mut().unwrap();
                    *last = last.div_ceil(2);
                }
                ViewKind::Reversed => {}
                ViewKind::Broadcast => {
                    let new = given.shape.len() - base.len();
                    expected = given.shape.clone();
                    for (axis, dim) in base.iter().enumerate().filter(|(_, dim)| **dim != 1) {
                        expected[new + axis] = *dim;
                    }
                }
            }
            assert_eq!(given.shape, expected, "{}", task.id);
        }
    }
}

#[test]
fn a_writer_that_copies_memory_fails_every_view_but_these() {
    const IN_ORDER: &[&str] =
        &["write/reversed-one", "write/transposed-nothing", "write/transposed-row"];
    let passed = tasks().iter().filter(|task| {
        let mut views = task.tensors.iter().filter(|given| given.view.is_some()).peekable();
        views.peek().is_some() && views.all(|given| given.rows() == given.bytes)
    });
    assert_eq!(passed.map(|task| task.id.as_str()).collect::<Vec<_>>(), IN_ORDER);
}
