//! Files of the generator of the corpus as a scope, some of them with bytes changed.

use crate::run::Scope;
use crate::sample::{Origin, Sample, Setting, leniency_sets};
use arbitrary::Unstructured;
use corpus::arb;
use spec::{Leniencies, Version};
use std::sync::Arc;

/// The bytes that mean something in a header text, and some that mean nothing there.
const TELLING: &[u8] = b"{}[]\",:\\ \t\n0123456789+-.eEUIFnulltruebs/_\0\x7f\x80\xbf\xc3\xed\xff";

/// A number of files, the same for the same seed.
pub(crate) fn scope(count: u64, seed: u64) -> Scope {
    Scope {
        name: format!("generated, seed {seed}"),
        samples: Box::new((0..count).map(move |index| sample(seed, index))),
        left_out: String::new(),
    }
}

fn sample(seed: u64, index: u64) -> Sample {
    let own = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(index);
    let made = arb::any_file(&mut Unstructured::new(&arb::entropy(own)));
    // Choices of their own, so that what is asked has nothing to do with what is in the file.
    let supply = arb::entropy(!own);
    let mut choices = Unstructured::new(&supply);
    let (mut file, mut expected) = (made.bytes, Some(made.expected));
    // Where the choices run out, the strict question is left.
    let settings = drawn(&mut choices).unwrap_or_else(|_| [Setting::strict()].into());
    if let Ok(true) = choices.ratio(1, 3)
        && let Ok(Some(other)) = changed(&mut choices, &file)
    {
        (file, expected) = (other, None);
    }
    let len = u64::try_from(file.len()).unwrap_or(u64::MAX);
    Sample { origin: Origin::Generated { seed, index, expected }, head: file, len, settings }
}

/// The newest version without leniencies, and two settings that are drawn.
fn drawn(choices: &mut Unstructured<'_>) -> arbitrary::Result<Arc<[Setting]>> {
    let sets = leniency_sets();
    let mut settings = vec![Setting::strict()];
    for leniencies in [choices.choose(&sets)?.clone(), Leniencies::all()] {
        settings.push(Setting { version: *choices.choose(&Version::ALL)?, leniencies });
    }
    settings.dedup();
    Ok(settings.into())
}

/// The file with one to three bytes of its header text changed, added or removed, and an N that
/// fits; `None` where there is no header text.
fn changed(choices: &mut Unstructured<'_>, file: &[u8]) -> arbitrary::Result<Option<Vec<u8>>> {
    let Some((prefix, rest)) = file.split_first_chunk::<8>() else { return Ok(None) };
    let n = usize::try_from(u64::from_le_bytes(*prefix)).unwrap_or(usize::MAX);
    let Some((text, data)) = rest.split_at_checked(n) else { return Ok(None) };
    let mut text = text.to_vec();
    for _ in 0..choices.int_in_range(1..=3)? {
        let Some(last) = text.len().checked_sub(1) else { break };
        let at = choices.int_in_range(0..=last)?;
        match choices.int_in_range(0..=5)? {
            0 => text.insert(at, *choices.choose(TELLING)?),
            1 => drop(text.remove(at)),
            2 => text[at] = choices.arbitrary()?,
            // A digit for a digit leaves the text well-formed, and spoils what it says.
            _ if text[at].is_ascii_digit() => text[at] = choices.int_in_range(b'0'..=b'9')?,
            _ => text[at] = *choices.choose(TELLING)?,
        }
    }
    let n = u64::try_from(text.len()).unwrap_or(u64::MAX);
    Ok(Some([&n.to_le_bytes()[..], &text, data].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_files_and_every_one_is_asked_about_strictly() {
        let one: Vec<Sample> = scope(300, 7).samples.collect();
        let other: Vec<Sample> = scope(300, 7).samples.collect();
        let third: Vec<Sample> = scope(300, 8).samples.collect();
        let same = |a: &[Sample], b: &[Sample]| {
            a.iter().zip(b).filter(|(a, b)| a.head == b.head && a.settings == b.settings).count()
        };
        assert_eq!(same(&one, &other), 300);
        assert!(same(&one, &third) < 10);
        assert!(one.iter().all(|sample| sample.settings[0] == Setting::strict()));
        let unknown = |sample: &&Sample| sample.said(&Setting::strict()).is_none();
        let changed = one.iter().filter(unknown).count();
        assert!((50..150).contains(&changed), "{changed} files were changed");
    }

    #[test]
    fn the_versions_and_the_leniencies_vary() {
        let all: Vec<Setting> =
            scope(300, 1).samples.flat_map(|sample| sample.settings.to_vec()).collect();
        for version in Version::ALL {
            assert!(all.iter().any(|setting| setting.version == version), "{version}");
        }
        for set in leniency_sets() {
            assert!(all.iter().any(|setting| setting.leniencies == set), "{set:?}");
        }
    }
}
