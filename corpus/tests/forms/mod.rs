//! Holds a formal form, whatever it is, against files of which it is known what they break.

use arbitrary::Unstructured;
use corpus::arb::{self, Expected};
use corpus::{Outcome, Tier, vectors};
use spec::{MAX_HEADER_LEN, RuleId, Version, file_musts};
use std::collections::BTreeSet;

/// A file under a name, and the one rule that it breaks under the newest version, if it does.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) breaks: Option<RuleId>,
}

/// The stored vectors that are single files. The giants are left out: what is in their headers is in small ones too,
/// and a form that is run by brute force would take gigabytes for them.
pub(crate) fn stored_vectors() -> Vec<Sample> {
    let newest = Version::ALL.len() - 1;
    vectors()
        .iter()
        .filter(|vector| vector.tier == Tier::Stored && vector.operation().is_read())
        .map(|vector| Sample {
            name: vector.id.to_string(),
            bytes: vector.bytes(),
            breaks: match &vector.outcomes[newest] {
                Outcome::Accept => None,
                Outcome::Reject(rule) => Some(*rule),
            },
        })
        .collect()
}

/// Generated files: for every rule some that break it, and as many valid ones.
pub(crate) fn generated(of_each: u64) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (position, rule) in (0..).zip(file_musts()) {
        for seed in 0..of_each {
            let entropy = arb::entropy(position * of_each + seed);
            let broken = arb::broken(&mut Unstructured::new(&entropy), rule.id).unwrap();
            let valid = arb::well_formed(&mut Unstructured::new(&entropy));
            for file in [broken, valid] {
                let breaks = match file.expected {
                    Expected::Breaks(rule) => Some(rule),
                    Expected::Valid(_) => None,
                };
                let name = format!("generated for {}, number {seed}", rule.id);
                samples.push(Sample { name, bytes: file.bytes, breaks });
            }
        }
    }
    samples
}

/// The header text, if it can be cut out of the file.
pub(crate) fn header_text(file: &[u8]) -> Option<&[u8]> {
    let (prefix, rest) = file.split_first_chunk::<8>()?;
    let n = u64::from_le_bytes(*prefix);
    rest.get(..usize::try_from(n).ok()?).filter(|_| n <= MAX_HEADER_LEN)
}

/// What is wrong with a form, in lines: a valid file that it refuses, a file that it lets pass
/// although the form is said to see the rule, and a blind spot that no sample shows.
pub(crate) fn findings(
    samples: &[Sample],
    said_to_be_blind: &[RuleId],
    mut accepts: impl FnMut(&[u8]) -> bool,
) -> Vec<String> {
    let mut findings = Vec::new();
    let mut blind = BTreeSet::new();
    for Sample { name, bytes, breaks } in samples {
        // A form that is not asked lets the file pass.
        let accepted = header_text(bytes).is_none_or(&mut accepts);
        match breaks {
            None if !accepted => findings.push(format!("refuses {name}, which is valid")),
            Some(rule) if accepted => {
                blind.insert(*rule);
                if !said_to_be_blind.contains(rule) {
                    findings.push(format!("lets {name} pass, which breaks {rule}"));
                }
            }
            None | Some(_) => {}
        }
    }
    for rule in said_to_be_blind.iter().filter(|rule| !blind.contains(rule)) {
        findings.push(format!("is said to be blind to {rule}, and no file shows it"));
    }
    findings
}
