//! What holds for any bytes, as plain functions that panic where it does not.
//!
//! The targets in `fuzz_targets` hand them to libFuzzer, or to [`replay`]; the tests replay what
//! was once found. No engine is named here, and no rule of the format is restated.
#![forbid(unsafe_code)]

use arbitrary::Unstructured;
use corpus::arb;
use spec::{Examination, File, Leniencies, Reading, Version, Violation, examine};
use std::process::ExitCode;

/// A claim about any bytes; it panics where the claim is wrong.
pub type Property = fn(&[u8]);

/// The properties, under the names of their targets and of the folders of their regressions.
pub static PROPERTIES: &[(&str, Property)] =
    &[("raw", oracle_never_panics), ("model", oracle_agrees_with_the_generator)];

/// Of any bytes as a file, in every version, strict and lenient: the oracle ends with a reading
/// that lies within the file, or with violations that do.
pub fn oracle_never_panics(bytes: &[u8]) {
    for version in Version::ALL {
        for leniencies in [Leniencies::none(), Leniencies::all()] {
            let strict = leniencies.is_empty();
            let examination = examine(File::whole(bytes), version, &leniencies);
            match &examination {
                Examination::Accepted { reading, tolerated } => {
                    walk(reading, bytes.len(), version);
                    assert_places(tolerated, bytes.len());
                    assert!(!strict || tolerated.is_empty(), "nothing tolerates a fault");
                }
                Examination::Refused { violations, .. } => {
                    assert!(!violations.is_empty(), "a refusal says why");
                    assert_places(violations, bytes.len());
                }
            }
            assert_prefix_decides(bytes, version, &leniencies, &examination);
        }
    }
}

/// Of any bytes as the choices of the generator: the oracle says of the file what it was made to
/// be.
pub fn oracle_agrees_with_the_generator(choices: &[u8]) {
    let file = arb::any_file(&mut Unstructured::new(choices));
    let agreed = file.check();
    assert!(agreed.is_ok(), "{agreed:?}: {:?}", String::from_utf8_lossy(&file.bytes));
    oracle_never_panics(&file.bytes);
}

/// Looks at everything in a reading.
fn walk(reading: &Reading<'_>, file_len: usize, version: Version) {
    let whole = reading.data_start().checked_add(reading.data_len());
    assert_eq!(whole, u64::try_from(file_len).ok(), "the parts of a file make up the file");
    assert!(reading.minimum_version() <= version, "a dtype of a later version was read");
    let mut owned = 0_u64;
    for tensor in reading.tensors() {
        assert!(tensor.begin() <= tensor.end(), "a tensor ends after it begins");
        assert!(tensor.end() <= reading.data_len(), "a tensor lies in the data buffer");
        assert!(tensor.name() != "__metadata__", "metadata is no tensor");
        assert!(tensor.dtype().since() <= version, "a dtype of a later version was read");
        std::hint::black_box(tensor.shape().len());
        owned = owned.saturating_add(tensor.end() - tensor.begin());
    }
    assert_eq!(owned, reading.data_len(), "every byte belongs to one tensor");
    for (key, value) in reading.metadata().into_iter().flatten() {
        std::hint::black_box((key.len(), value.len()));
    }
}

/// Every violation lies in the file, and they are sorted.
fn assert_places(violations: &[Violation], file_len: usize) {
    for Violation { rule, bytes, found } in violations {
        assert!(bytes.start <= bytes.end, "{rule}: a place ends after it begins");
        assert!(u64::try_from(file_len).is_ok_and(|len| bytes.end <= len), "{rule}: outside");
        assert!(!found.is_empty(), "{rule}: what was found is told");
    }
    let order = |fault: &Violation| (fault.rule, fault.bytes.start, fault.bytes.end);
    assert!(violations.is_sorted_by_key(order), "violations are sorted");
}

/// The bytes up to the end of the header decide as the whole file does.
fn assert_prefix_decides(
    bytes: &[u8],
    version: Version,
    leniencies: &Leniencies,
    whole: &Examination<'_>,
) {
    let Ok(len) = u64::try_from(bytes.len()) else { return };
    let mut needed = 0;
    // The length first, then the header.
    for _ in 0..3 {
        let prefix = bytes.get(..needed).unwrap_or(bytes);
        match File::prefix(prefix, len) {
            Ok(file) => {
                let by_prefix = examine(file, version, leniencies);
                assert_eq!(by_prefix.violations(), whole.violations(), "a prefix decides");
                return;
            }
            Err(short) => needed = usize::try_from(short.needed).unwrap_or(usize::MAX),
        }
    }
    assert_eq!(needed, 0, "what was asked for is enough");
}

/// Runs a property on the files named on the command line: what a target does where no fuzzer
/// drives it. A property that fails panics, so that the process does not exit with 0.
#[must_use]
pub fn replay(property: Property) -> ExitCode {
    let mut replayed = 0_u64;
    for path in std::env::args_os().skip(1) {
        eprintln!("replaying {}", path.display());
        match std::fs::read(&path) {
            Ok(bytes) => property(&bytes),
            Err(error) => {
                eprintln!("cannot read {}: {error}", path.display());
                return ExitCode::from(2);
            }
        }
        replayed += 1;
    }
    if replayed == 0 {
        eprintln!("nothing to replay: name files on the command line, or fuzz with fuzz/run.sh");
        return ExitCode::from(4);
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;
    use spec::RuleId;
    use std::ops::Range;

    fn violation(rule: RuleId, bytes: Range<u64>) -> Violation {
        Violation { rule, bytes, found: "something".to_owned() }
    }

    #[test]
    fn violations_inside_the_file_in_order_are_what_is_promised() {
        assert_places(&[violation(RuleId::Ent1, 0..4), violation(RuleId::Ent1, 2..3)], 4);
    }

    #[test]
    #[should_panic(expected = "outside")]
    fn a_place_outside_the_file_is_noticed() {
        assert_places(&[violation(RuleId::Ent1, 0..5)], 4);
    }

    #[test]
    #[should_panic(expected = "sorted")]
    fn violations_out_of_order_are_noticed() {
        assert_places(&[violation(RuleId::Ent2, 0..1), violation(RuleId::Ent1, 0..1)], 4);
    }

    #[test]
    #[should_panic(expected = "make up the file")]
    fn a_reading_of_another_file_is_noticed() {
        let none = Leniencies::none();
        let file = b"\x02\0\0\0\0\0\0\0{}";
        let examination = examine(File::whole(file), Version::LATEST, &none);
        walk(examination.reading().expect("a file of no tensors"), file.len() + 1, Version::LATEST);
    }

    #[test]
    #[should_panic(expected = "a prefix decides")]
    fn a_prefix_that_decides_otherwise_is_noticed() {
        let none = Leniencies::none();
        let other = examine(File::whole(b""), Version::LATEST, &none);
        assert_prefix_decides(b"\x02\0\0\0\0\0\0\0{}", Version::LATEST, &none, &other);
    }
}
