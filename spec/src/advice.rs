//! What a valid file could do better: the SHOULD rules that its header shows.
//!
//! Advice never makes a file invalid. Each rule is told once, at the first tensor that shows it.

use crate::dtype::Dtype;
use crate::fault::Violation;
use crate::file::{PREFIX_LEN, plural, widen};
use crate::reading::{Reading, Tensor};
use crate::rules::RuleId;
use crate::text::show;

/// The greatest integer up to which doubles hold every integer: 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The advice on an accepted file, in the order of [`crate::RULES`]: ALN-1, ALN-2, WR-9, WR-10.
#[must_use]
pub fn advice(reading: &Reading<'_>) -> Vec<Violation> {
    let start = reading.data_start();
    let header = (!start.is_multiple_of(8)).then(|| Violation {
        rule: RuleId::Aln1,
        bytes: 0..widen(PREFIX_LEN),
        found: format!("8 + N = {start}"),
    });
    let unaligned = |tensor: &Tensor<'_>| {
        let place = start.checked_add(tensor.begin());
        place.is_some_and(|place| !place.is_multiple_of(tensor.dtype().alignment()))
    };
    let large = |tensor: &Tensor<'_>| {
        let offsets = [tensor.begin(), tensor.end()];
        tensor.shape().iter().chain(&offsets).any(|integer| *integer > MAX_SAFE_INTEGER)
    };
    let odd = |tensor: &Tensor<'_>| {
        tensor.dtype() == Dtype::F4 && tensor.shape().last().is_some_and(|dim| dim % 2 == 1)
    };
    let tensors = [
        first(reading, RuleId::Aln2, "off the alignment of its dtype", unaligned),
        first(reading, RuleId::Wr9, "with an integer above 2^53 - 1", large),
        first(reading, RuleId::Wr10, "with an odd last dimension", odd),
    ];
    header.into_iter().chain(tensors.into_iter().flatten()).collect()
}

/// One piece of advice for all tensors that show it.
fn first(
    reading: &Reading<'_>,
    rule: RuleId,
    what: &str,
    shows: impl Fn(&Tensor<'_>) -> bool,
) -> Option<Violation> {
    let mut showing = reading.tensors().filter(|tensor| shows(tensor));
    let tensor = showing.next()?;
    let others = widen(showing.count());
    let more = match others {
        0 => String::new(),
        others => format!(", and {} more", plural(others, "tensor")),
    };
    let found =
        format!("the {} tensor {} {what}{more}", tensor.dtype(), show(tensor.name().as_bytes()));
    Some(Violation { rule, bytes: tensor.name_place(), found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{File, Leniencies, Version, examine};

    fn rules(header: &str, data: usize) -> Vec<RuleId> {
        let mut bytes = widen(header.len()).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.resize(bytes.len() + data, 1);
        let examined = examine(File::whole(&bytes), Version::LATEST, &Leniencies::none());
        let reading = examined.reading().expect("a valid file");
        advice(reading).into_iter().map(|advice| advice.rule).collect()
    }

    #[test]
    fn each_piece_of_advice_is_given_where_it_fits_and_only_there() {
        let entry = |dtype: &str, shape: &str, offsets: &str| {
            let header = format!(
                r#"{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#
            );
            let len = header.len().next_multiple_of(8);
            format!("{header:len$}")
        };
        assert_eq!(rules("{}      ", 0), []);
        assert_eq!(rules("{}", 0), [RuleId::Aln1]);
        assert_eq!(rules(&entry("F32", "[1]", "[0,4]"), 4), []);
        assert_eq!(rules(&(entry("F32", "[1]", "[0,4]") + " "), 4), [RuleId::Aln1, RuleId::Aln2]);
        assert_eq!(rules(&entry("U8", "[9007199254740991,0]", "[0,0]"), 0), []);
        assert_eq!(rules(&entry("U8", "[9007199254740992,0]", "[0,0]"), 0), [RuleId::Wr9]);
        assert_eq!(rules(&entry("F4", "[2,3]", "[0,3]"), 3), [RuleId::Wr10]);
        assert_eq!(rules(&entry("F4", "[3,2]", "[0,3]"), 3), []);
    }
}
