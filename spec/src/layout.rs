//! The layout of the data buffer (LAY-1 to LAY-5).
//!
//! Two looks: [`tiles`] says whether the tensors, sorted by (BEGIN, END), tile the buffer, which
//! is the same as keeping all five rules; [`faults`] says which rule is broken where.

use crate::file::plural;
use crate::rules::RuleId;
use std::ops::Range;

/// The bytes of a tensor: BEGIN and END, BEGIN at most END.
pub(crate) type Extent = (u64, u64);

/// Whether the extents, in any order, tile a buffer of `len` bytes: sorted, each begins where the
/// one before it ends, the first at 0, and the last ends with the buffer.
pub(crate) fn tiles<I>(extents: I, len: u64) -> bool
where
    I: Iterator<Item = Extent> + Clone,
{
    // Files are mostly written in the order of their offsets, which needs no sorting.
    chain_end(extents.clone()) == Some(len) || {
        let mut sorted: Vec<Extent> = extents.collect();
        sorted.sort_unstable();
        chain_end(sorted.into_iter()) == Some(len)
    }
}

/// Where a chain of extents from 0 on ends; `None` if it breaks.
fn chain_end(mut extents: impl Iterator<Item = Extent>) -> Option<u64> {
    extents.try_fold(0, |at, (begin, end)| (begin == at).then_some(end))
}

/// One broken rule of the layout: the rule, the position of the tensor that shows it (`None` if
/// there is no tensor), and what was found.
pub(crate) struct LayoutFault {
    pub(crate) rule: RuleId,
    pub(crate) tensor: Option<usize>,
    pub(crate) found: String,
}

/// Every broken rule of the layout of a buffer of `len` bytes; `name` says how a tensor is called.
pub(crate) fn faults(
    extents: &[Extent],
    len: u64,
    name: impl Fn(usize) -> String,
) -> Vec<LayoutFault> {
    let mut sorted: Vec<(Extent, usize)> =
        extents.iter().enumerate().map(|(tensor, extent)| (*extent, tensor)).collect();
    sorted.sort_unstable();
    let mut faults = Vec::new();
    let mut report = |rule, tensor, found| faults.push(LayoutFault { rule, tensor, found });
    // The greatest END so far, and whose it is. An empty tensor that reaches further than those
    // before it stands where the next begin, so none of them begins before its END.
    let mut reached = 0;
    let mut owner = 0;
    for ((begin, end), tensor) in sorted {
        if end > len {
            let buffer = plural(len, "byte");
            let found =
                format!("END = {end} in a data buffer of {buffer}, tensor {}", name(tensor));
            report(RuleId::Lay1, Some(tensor), found);
        }
        // What is shared beyond the end of the file is no byte of the data buffer.
        let shared = begin..end.min(reached).min(len);
        if shared.start < shared.end {
            let (bytes, other) = (data_bytes(&shared), name(owner));
            let found = format!("{bytes} in tensor {} and in tensor {other}", name(tensor));
            report(RuleId::Lay2, Some(tensor), found);
        }
        if begin == end && begin < reached {
            let (empty, other) = (name(tensor), name(owner));
            let found = format!("the empty tensor {empty} at {begin}, inside tensor {other}");
            report(RuleId::Lay3, Some(tensor), found);
        }
        let hole = reached..begin.min(len);
        if hole.start < hole.end {
            let (bytes, next) = (data_bytes(&hole), name(tensor));
            let found = format!("{bytes} that belong to no tensor, before tensor {next}");
            report(RuleId::Lay4, Some(tensor), found);
        }
        if end > reached {
            (reached, owner) = (end, tensor);
        }
    }
    if reached < len {
        let last = extents.iter().rposition(|(_, end)| *end == reached);
        let bytes = data_bytes(&(reached..len));
        let found = match last {
            Some(tensor) => format!("{bytes} behind the last tensor, {}", name(tensor)),
            None => format!("{bytes} and no tensor"),
        };
        report(RuleId::Lay5, last, found);
    }
    faults
}

fn data_bytes(range: &Range<u64>) -> String {
    format!("bytes {}..{} of the data buffer", range.start, range.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use std::collections::BTreeSet;

    fn rules(extents: &[Extent], len: u64) -> Vec<RuleId> {
        let rules: BTreeSet<RuleId> = faults(extents, len, |tensor| tensor.to_string())
            .into_iter()
            .map(|fault| fault.rule)
            .collect();
        rules.into_iter().collect()
    }

    #[test]
    fn each_rule_is_broken_alone_by_a_file_that_breaks_it_alone() {
        assert_eq!(rules(&[(0, 4), (4, 8)], 8), []);
        assert_eq!(rules(&[(0, 4), (4, 8)], 7), [RuleId::Lay1]);
        assert_eq!(rules(&[(0, 4), (3, 8)], 8), [RuleId::Lay2]);
        assert_eq!(rules(&[(0, 4), (2, 2), (4, 8)], 8), [RuleId::Lay3]);
        assert_eq!(rules(&[(1, 4), (4, 8)], 8), [RuleId::Lay4]);
        assert_eq!(rules(&[(0, 4), (5, 8)], 8), [RuleId::Lay4]);
        assert_eq!(rules(&[(0, 4), (4, 8)], 9), [RuleId::Lay5]);
    }

    #[test]
    fn a_tensor_of_no_bytes_may_stand_on_any_boundary_and_nowhere_else() {
        for at in [0, 4, 8] {
            assert_eq!(rules(&[(at, at), (4, 8), (0, 4)], 8), []);
        }
        assert_eq!(rules(&[(9, 9), (0, 8)], 8), [RuleId::Lay1]);
        assert_eq!(rules(&[(5, 5), (0, 4), (6, 8)], 8), [RuleId::Lay4]);
        assert_eq!(rules(&[(4, 4)], 4), [RuleId::Lay4]);
    }

    #[test]
    fn beyond_the_end_of_the_file_there_is_no_byte_to_share() {
        assert_eq!(rules(&[(0, 8), (4, 8)], 4), [RuleId::Lay1]);
        assert_eq!(rules(&[(0, 8), (4, 8)], 5), [RuleId::Lay1, RuleId::Lay2]);
        assert_eq!(rules(&[(0, 4), (0, 4)], 0), [RuleId::Lay1]);
        assert_eq!(rules(&[(0, 8), (6, 6)], 4), [RuleId::Lay1, RuleId::Lay3]);
    }

    #[test]
    fn without_tensors_the_buffer_is_empty() {
        assert_eq!(rules(&[], 0), []);
        assert_eq!(rules(&[], 1), [RuleId::Lay5]);
    }

    /// What the rules say, byte by byte and pair by pair, with no sorting.
    fn by_the_letter(extents: &[Extent], len: u64) -> Vec<RuleId> {
        let owners = |byte: u64| {
            extents.iter().filter(|(begin, end)| (*begin..*end).contains(&byte)).count()
        };
        let greatest = extents.iter().map(|(_, end)| *end).max().unwrap_or(0);
        let mut rules = Vec::new();
        if extents.iter().any(|(_, end)| *end > len) {
            rules.push(RuleId::Lay1);
        }
        if (0..greatest.min(len)).any(|byte| owners(byte) > 1) {
            rules.push(RuleId::Lay2);
        }
        if extents
            .iter()
            .any(|(at, end)| at == end && extents.iter().any(|(begin, end)| begin < at && at < end))
        {
            rules.push(RuleId::Lay3);
        }
        if (0..greatest.min(len)).any(|byte| owners(byte) == 0) {
            rules.push(RuleId::Lay4);
        }
        if len > greatest {
            rules.push(RuleId::Lay5);
        }
        rules
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 20_000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        })]

        #[test]
        fn tiling_is_the_five_rules_and_each_rule_means_what_it_says(
            pairs in prop::collection::vec((0_u64..7, 0_u64..7), 0..5),
            len in 0_u64..8,
        ) {
            let extents: Vec<Extent> =
                pairs.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
            let expected = by_the_letter(&extents, len);
            prop_assert_eq!(rules(&extents, len), expected.clone());
            prop_assert_eq!(tiles(extents.iter().copied(), len), expected.is_empty());
        }
    }
}
