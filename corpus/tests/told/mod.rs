//! What the oracle tells of a file and of a sharded model, a line each. Nothing here knows what
//! it should tell.

use spec::{
    Examination, File, Folder, IndexExamination, Leniencies, Version, Violation, advice, examine,
    examine_index,
};

/// What is wrong with a file, or the advice on a valid one.
pub(crate) fn of_file(id: &str, bytes: &[u8]) -> String {
    let file = File::whole(bytes);
    match examine(file, Version::LATEST, &Leniencies::none()) {
        Examination::Accepted { reading, tolerated } => {
            assert!(tolerated.is_empty(), "{id}");
            lines(id, "advice", &advice(&reading))
        }
        Examination::Refused { violations, omitted } => {
            assert_eq!(omitted, 0, "{id}");
            if let Examination::Accepted { tolerated, .. } =
                examine(file, Version::LATEST, &Leniencies::all())
            {
                // Not the other way round: a leniency opens what is inside a value to be judged.
                let is_covered = violations.iter().all(|violation| tolerated.contains(violation));
                assert!(is_covered, "{id}: {tolerated:?}");
            }
            lines(id, "breaks", &violations)
        }
    }
}

/// What is wrong with a sharded model, or the advice on a valid one.
pub(crate) fn of_model(id: &str, name: &str, index: &[u8], around: &dyn Folder) -> String {
    match examine_index(name, index, around, Version::LATEST) {
        IndexExamination::Accepted { advice, .. } => lines(id, "advice", &advice),
        IndexExamination::Refused { violations, omitted: _ } => lines(id, "breaks", &violations),
    }
}

fn lines(id: &str, what: &str, violations: &[Violation]) -> String {
    violations.iter().map(|violation| format!("{id} {what} {violation}\n")).collect()
}
