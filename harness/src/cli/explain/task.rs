//! A task of a writer, in words.

use crate::validate::shown;
use corpus::{Given, MetadataValue, Task, TaskOutcome, ViewKind};
use std::fmt::Write as _;

/// How many tensors are told, and how many bytes of each.
const TENSORS: usize = 12;
const BYTES: usize = 16;

/// All that is known of a task.
pub(super) fn of_task(task: &Task) -> String {
    let mut text = format!("{}  (a model to be written)\n\n{}\n", task.id, task.summary);
    let _ = writeln!(text, "\nwhat is handed over:");
    for given in task.tensors.iter().take(TENSORS) {
        let _ = writeln!(text, "  {}", of_given(given));
    }
    match task.tensors.len() {
        0 => text += "  no tensor\n",
        count if count > TENSORS => {
            let _ = writeln!(text, "  and {} tensors more", count - TENSORS);
        }
        _ => {}
    }
    match &task.metadata {
        None => text += "  no metadata\n",
        Some(pairs) => {
            let pairs = pairs.iter().take(TENSORS).map(|(key, value)| match value {
                MetadataValue::Text(text) => format!("{key:?}: {text:?}"),
                MetadataValue::Other(json) => format!("{key:?}: {json}"),
            });
            let pairs: Vec<String> = pairs.collect();
            let _ = writeln!(text, "  metadata {{{}}}", shown(&pairs.join(", ")));
        }
    }
    let expected = match &task.outcome {
        TaskOutcome::Write(_) => "a valid file with exactly this in it".to_owned(),
        TaskOutcome::WriteOrRefuse(_, rule) => {
            format!("a valid file with exactly this in it, or a refusal, which {rule} allows")
        }
        TaskOutcome::Refuse(rule) => format!("a refusal ({rule})"),
    };
    let _ = writeln!(text, "\nwhat is expected: {expected}\n");
    for rule in &task.rules {
        let _ = writeln!(text, "{rule}: {}", rule.rule().sentence);
    }
    if let Some(twin) = &task.twin {
        let _ = writeln!(text, "\nthe same without the fault: {twin}");
    }
    text
}

fn of_given(given: &Given) -> String {
    let bytes = given.bytes.iter().take(BYTES).map(|byte| format!("{byte:02x}"));
    let more = if given.bytes.len() > BYTES { "…" } else { "" };
    let bytes: String = bytes.chain([more.to_owned()]).collect();
    let view = given.view.as_ref().map(|view| {
        let kind = match view.kind {
            ViewKind::Transposed => "transposed",
            ViewKind::Strided => "every second element of the last axis",
            ViewKind::Reversed => "every axis backwards",
            ViewKind::Broadcast => "broadcast",
        };
        format!(", a view ({kind}) of an array of shape {:?}", view.base)
    });
    let (name, len) = (&given.name, given.bytes.len());
    let view = view.unwrap_or_default();
    format!("{name:?} {} {:?}{view}, {len} bytes {bytes}", given.dtype, given.shape)
}
