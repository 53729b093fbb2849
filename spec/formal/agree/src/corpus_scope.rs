//! The corpus as a scope: every vector that is one file.

use crate::run::Scope;
use crate::sample::{Origin, Sample, Setting};
use corpus::{Tier, Vector, vectors};
use spec::MAX_HEADER_LEN;

/// The longest header text that is asked about, in bytes: the checker takes about a hundred bytes of
/// memory for each.
const LONGEST: u64 = 25_000_000;

/// The longest header text that is asked about in every version and under every set of leniencies;
/// of a longer one, the newest version is asked, without leniencies and with all.
const LONGEST_IN_FULL: u64 = 100_000;

/// Every vector that is one file, the giants included.
pub(crate) fn scope() -> Scope {
    let files = vectors().iter().filter(|vector| vector.operation().is_read());
    let (asked, left_out): (Vec<&Vector>, Vec<&Vector>) =
        files.partition(|vector| header_len(vector) <= LONGEST);
    let ids: Vec<String> = left_out.iter().map(|vector| vector.id.to_string()).collect();
    let left_out = if ids.is_empty() {
        String::new()
    } else {
        format!(
            "; {} left out, with header texts of more than {LONGEST} bytes: {}",
            ids.len(),
            ids.join(", ")
        )
    };
    let (all, few) = (Setting::all(), Setting::few());
    let samples = asked.into_iter().map(move |vector| {
        // A giant is asked by its first bytes: a data buffer of gigabytes is never made.
        let head = match vector.tier {
            Tier::Stored => vector.bytes(),
            Tier::Giant => vector.head(),
        };
        let settings = if header_len(vector) > LONGEST_IN_FULL { &few } else { &all };
        Sample {
            origin: Origin::Vector(vector),
            head,
            len: vector.content.len(),
            settings: settings.clone(),
        }
    });
    Scope { name: "corpus".to_owned(), samples: Box::new(samples), left_out }
}

/// The length of the header text that has to be looked at; 0 where N is broken (LEN-1 to LEN-3).
fn header_len(vector: &Vector) -> u64 {
    let n = vector.content.range(0..8).first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let there = n <= MAX_HEADER_LEN && n.saturating_add(8) <= vector.content.len();
    if there { n } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_giants_are_asked_and_what_is_not_is_said() {
        let scope = scope();
        assert_eq!(
            scope.left_out,
            "; 3 left out, with header texts of more than 25000000 bytes: \
             framing/header-at-maximum, framing/header-over-portable-floor, layout/million-tensors"
        );
        let mut giants = 0;
        for sample in scope.samples {
            let Origin::Vector(vector) = &sample.origin else { panic!("no vector") };
            assert_eq!(sample.len, vector.content.len());
            match vector.tier {
                Tier::Stored => assert_eq!(sample.settings.len(), 55),
                Tier::Giant => giants += 1,
            }
        }
        assert!(giants > 10, "{giants}");
    }
}
