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
    extents.try_fold(0, |at, (begin, end)| (begin == at && begin <= end).then_some(end))
}

/// One broken rule of the layout: the rule, the position of the tensor that shows it (`None` if
/// there is no tensor), and what was found.
pub(crate) struct LayoutFault {
    pub(crate) rule: RuleId,
    pub(crate) tensor: Option<usize>,
    pub(crate) found: String,
}

/// Every broken rule of the layout of a buffer of `len` bytes.
pub(crate) fn faults(extents: &[Extent], len: u64) -> Vec<LayoutFault> {
    let mut sorted: Vec<(Extent, usize)> =
        extents.iter().enumerate().map(|(tensor, extent)| (*extent, tensor)).collect();
    sorted.sort_unstable();
    let mut faults = Vec::new();
    let mut report = |rule, tensor, found| faults.push(LayoutFault { rule, tensor, found });
    // The greatest END so far, over all tensors, and over those that own bytes.
    let mut reached = 0;
    let mut owned = 0;
    for ((begin, end), tensor) in sorted {
        if end > len {
            let found = format!("END = {end} in a data buffer of {}", plural(len, "byte"));
            report(RuleId::Lay1, Some(tensor), found);
        }
        if begin < end && begin < owned {
            let shared = begin..end.min(owned);
            let found = format!("{} that belong to another tensor too", data_bytes(&shared));
            report(RuleId::Lay2, Some(tensor), found);
        }
        if begin == end && begin < owned {
            let found = format!("a tensor of no bytes at {begin}, inside another tensor");
            report(RuleId::Lay3, Some(tensor), found);
        }
        let hole = reached..begin.min(len);
        if hole.start < hole.end {
            let found = format!("{} that belong to no tensor", data_bytes(&hole));
            report(RuleId::Lay4, Some(tensor), found);
        }
        reached = reached.max(end);
        if begin < end {
            owned = owned.max(end);
        }
    }
    if reached < len {
        let last = extents.iter().rposition(|(_, end)| *end == reached);
        let found = format!("{} after the last tensor", data_bytes(&(reached..len)));
        report(RuleId::Lay5, last, found);
    }
    faults
}

fn data_bytes(range: &Range<u64>) -> String {
    format!("bytes {}..{} of the data buffer", range.start, range.end)
}
