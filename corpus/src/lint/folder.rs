//! Holds the vectors that are sharded models against the oracle, and the rules of the index
//! against the vectors.

use super::{Finding, MAX_STORED_LEN};
use crate::content::Content;
use crate::folder::{Folder, FolderItem};
use crate::manifest::stored_path;
use crate::reading::Reading;
use crate::vector::{Outcome, Tier, Vector};
use spec::{IndexExamination, Level, RULES, RuleId, Subject, Version, examine_index};
use std::collections::BTreeSet;

/// Everything that is wrong with one sharded model.
pub(super) fn check(vector: &Vector, folder: &Folder, findings: &mut Vec<Finding>) {
    if let Some(what) = misformed(vector, folder) {
        findings.push(Finding::Folder(vector.id.clone(), what));
    }
    let around = folder.around_index();
    let name = folder.index_place().1;
    let text = around.bytes(name).unwrap_or_default();
    for (version, stated) in Version::ALL.into_iter().zip(&vector.outcomes) {
        if vector.tier == Tier::Giant && version != Version::LATEST {
            continue;
        }
        let (rules, advice, reading) = match examine_index(name, text, &around, version) {
            IndexExamination::Refused { violations, omitted: _ } => {
                let mut rules: Vec<RuleId> = violations.iter().map(|v| v.rule).collect();
                rules.dedup();
                (rules, Vec::new(), None)
            }
            IndexExamination::Accepted { reading, advice } => {
                let advice = advice.iter().map(|advice| advice.rule).collect();
                let reading = Reading::of_model(&reading, |path| around.bytes(path));
                (Vec::new(), advice, Some(reading))
            }
        };
        let id = || vector.id.clone();
        let agreed = match stated {
            Outcome::Accept => rules.is_empty(),
            Outcome::Reject(rule) => rules == [*rule],
        };
        if !agreed {
            let stated = stated.clone();
            findings.push(Finding::Outcome { id: id(), version, stated, found: rules });
        } else if reading.is_some() && reading != vector.reading {
            findings.push(Finding::Reading(id(), version));
        } else if reading.is_some() && advice != vector.advises {
            let stated = vector.advises.clone();
            findings.push(Finding::Advice { id: id(), version, stated, found: advice });
        }
    }
}

/// What is wrong with the form of a folder.
fn misformed(vector: &Vector, folder: &Folder) -> Option<&'static str> {
    let entries = &folder.entries;
    let clean = |path: &str| !path.split('/').any(|part| matches!(part, "" | "." | ".."));
    let index = entries.iter().find(|entry| entry.path == folder.index);
    let stored: BTreeSet<String> =
        entries.iter().map(|entry| stored_path(&vector.id, &entry.path).to_lowercase()).collect();
    let small = |item: &FolderItem| match item {
        FolderItem::Bytes(_) => item.len() <= MAX_STORED_LEN,
        FolderItem::OnDemand(_) => item.len() > MAX_STORED_LEN,
        FolderItem::Link(_) => true,
    };
    if !entries.is_sorted_by(|a, b| a.path < b.path) {
        Some("the entries are not sorted by path, each once")
    } else if !entries.iter().all(|entry| clean(&entry.path)) {
        Some("an entry does not lie in the folder")
    } else if index.is_none_or(|index| matches!(index.item, FolderItem::Link(_))) {
        Some("the index is not a file of the folder")
    } else if stored.len() != entries.len() {
        Some("two entries are stored under one name on some system")
    } else if !entries.iter().all(|entry| small(&entry.item)) {
        Some("a file does not fit the tier")
    } else if vector.tier != vector.content.tier() {
        Some("the tier is not that of the files")
    } else if !vector.lenient.is_empty() {
        Some("no leniency is defined for a sharded model")
    } else if !vector.outcomes.contains(&Outcome::Accept) && !vector.advises.is_empty() {
        Some("advice stands on models that are accepted, and on no others")
    } else {
        None
    }
}

/// The rules of the index that no vector shows: a MUST kept and broken, a SHOULD followed and not,
/// a MAY made use of.
pub(super) fn coverage(vectors: &[Vector], findings: &mut Vec<Finding>) {
    let models = || vectors.iter().filter(|v| matches!(v.content, Content::Folder(_)));
    let accepted = || models().filter(|v| v.outcomes.contains(&Outcome::Accept));
    for rule in RULES.iter().filter(|rule| rule.subject == Subject::Index) {
        let id = rule.id;
        // A recommendation that is not followed is named too; such a vector does not show it kept.
        if !accepted().any(|v| v.rules.contains(&id) && !v.advises.contains(&id)) {
            findings.push(Finding::NoAccept(id));
        }
        match rule.level {
            Level::Must if !models().any(|v| v.outcomes.contains(&Outcome::Reject(id))) => {
                findings.push(Finding::NoReject(id));
            }
            Level::Should if !accepted().any(|v| v.advises.contains(&id)) => {
                findings.push(Finding::NoAdvice(id));
            }
            Level::Must | Level::Should | Level::May => {}
        }
    }
}
