//! What a valid file asks of a reader that declares limits.
//!
//! Computed from the correct reading and the lengths of the file, so that a run can tell a
//! declared refusal from a wrong one. No limit is judged here; see [`spec::LIMITS`] for the list.

use crate::reading::{Reading, TensorReading};
use serde::{Deserialize, Serialize};
use spec::{DTYPE_FLOOR, Dtype, LIMITS, Limit};
use std::collections::BTreeSet;

/// The least value of each limit under which a reader still has to accept the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Demands {
    /// N in bytes.
    pub header_length: u64,
    /// The greatest number of dimensions.
    pub rank: u64,
    /// The number of bits of the greatest dimension, offset, or size of a tensor in bits.
    pub word_size: u64,
    /// The length in bytes of the longest tensor name.
    pub name_length: u64,
    /// Whether a tensor name holds U+0000.
    pub nul_in_name: bool,
    /// The dtypes of the tensors, sorted by name.
    pub dtype: BTreeSet<String>,
    /// Whether an F4 tensor has an odd last dimension.
    pub f4_odd_last_dim: bool,
}

/// The value with which a reader declares a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "the value of a limit is a number, or a list of names")]
pub enum LimitValue {
    /// The value of every limit but `dtype`.
    Number(u64),
    /// The value of the limit `dtype`: the names that the reader has.
    Dtypes(Vec<String>),
}

impl Demands {
    /// What a file asks for with this reading, N, and length of the data buffer.
    #[must_use]
    pub fn of(reading: &Reading, header_len: u64, data_len: u64) -> Self {
        let tensors = reading.tensors();
        let most = |count: fn(&TensorReading) -> u64| tensors.iter().map(count).max().unwrap_or(0);
        // In a valid file the greatest offset is the length of the data buffer.
        let widest = most(widest_number).max(if tensors.is_empty() { 0 } else { data_len });
        Self {
            header_length: header_len,
            rank: most(|tensor| length(&tensor.shape)),
            word_size: u64::from(u64::BITS - widest.leading_zeros()),
            name_length: most(|tensor| length(&tensor.name.0)),
            nul_in_name: tensors.iter().any(|tensor| tensor.name.0.contains(&0)),
            dtype: tensors.iter().map(|tensor| tensor.dtype.clone()).collect(),
            f4_odd_last_dim: tensors.iter().any(has_odd_f4_row),
        }
    }

    /// The limits under which a reader may refuse the file, as unsupported: those whose floor is
    /// below what the file demands, in the order of the list.
    #[must_use]
    pub fn beyond_floors(&self) -> Vec<Limit> {
        let floor = |limit: Limit| match limit.row().floor {
            Some(number) => LimitValue::Number(number),
            None => LimitValue::Dtypes(DTYPE_FLOOR.iter().map(|d| d.name().to_owned()).collect()),
        };
        let rows = LIMITS.iter().map(|row| row.limit);
        rows.filter(|limit| self.exceeds(*limit, &floor(*limit))).collect()
    }

    /// Whether a reader that declares this limit with this value may refuse the file for it.
    ///
    /// A value of the wrong kind (a number for `dtype`, names for another limit) excuses nothing.
    #[must_use]
    pub fn exceeds(&self, limit: Limit, value: &LimitValue) -> bool {
        match (limit, value) {
            (Limit::HeaderLength, LimitValue::Number(most)) => self.header_length > *most,
            (Limit::Rank, LimitValue::Number(most)) => self.rank > *most,
            (Limit::WordSize, LimitValue::Number(bits)) => self.word_size > *bits,
            (Limit::NameLength, LimitValue::Number(most)) => self.name_length > *most,
            (Limit::NulInName, LimitValue::Number(allowed)) => self.nul_in_name && *allowed == 0,
            (Limit::F4OddLastDim, LimitValue::Number(allowed)) => {
                self.f4_odd_last_dim && *allowed == 0
            }
            (Limit::Dtype, LimitValue::Dtypes(known)) => {
                self.dtype.iter().any(|dtype| !known.contains(dtype))
            }
            (Limit::Dtype, LimitValue::Number(_))
            | (
                Limit::HeaderLength
                | Limit::Rank
                | Limit::WordSize
                | Limit::NameLength
                | Limit::NulInName
                | Limit::F4OddLastDim,
                LimitValue::Dtypes(_),
            ) => false,
        }
    }
}

fn widest_number(tensor: &TensorReading) -> u64 {
    let width = Dtype::from_name(tensor.dtype.as_bytes()).map_or(0, Dtype::bits);
    let bits = tensor.shape.iter().try_fold(width, |bits, dim| bits.checked_mul(*dim));
    // A product that overflows on the way to a dimension of 0 is still 0.
    let bits = if tensor.shape.contains(&0) { 0 } else { bits.unwrap_or(u64::MAX) };
    tensor.shape.iter().copied().max().unwrap_or(0).max(bits)
}

fn has_odd_f4_row(tensor: &TensorReading) -> bool {
    tensor.dtype == Dtype::F4.name() && tensor.shape.last().is_some_and(|dim| dim % 2 == 1)
}

fn length<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demands() -> Demands {
        let tensors = vec![
            TensorReading::of("a\0", "F4", &[2, 3], &[1, 2, 3]),
            TensorReading::of("b", "U8", &[0, 1 << 40, 1 << 12], &[]),
        ];
        Demands::of(&Reading::new(tensors, [].into()), 96, 3)
    }

    #[test]
    fn every_limit_excuses_below_the_demand_and_not_at_it() {
        for (limit, excused, demanded) in [
            (Limit::HeaderLength, 95, 96),
            (Limit::Rank, 2, 3),
            (Limit::WordSize, 40, 41),
            (Limit::NameLength, 1, 2),
            (Limit::NulInName, 0, 1),
            (Limit::F4OddLastDim, 0, 1),
        ] {
            assert!(demands().exceeds(limit, &LimitValue::Number(excused)), "{limit}");
            assert!(!demands().exceeds(limit, &LimitValue::Number(demanded)), "{limit}");
            assert!(!demands().exceeds(limit, &LimitValue::Dtypes(Vec::new())), "{limit}");
        }
    }

    #[test]
    fn the_dtype_limit_excuses_what_is_not_in_the_set() {
        let set = |names: &[&str]| LimitValue::Dtypes(names.iter().map(|n| (*n).into()).collect());
        assert!(demands().exceeds(Limit::Dtype, &set(&["U8"])));
        assert!(!demands().exceeds(Limit::Dtype, &set(&["U8", "F4"])));
        assert!(!demands().exceeds(Limit::Dtype, &LimitValue::Number(0)));
    }

    #[test]
    fn the_limits_of_a_file_are_those_whose_floor_it_passes() {
        use Limit::{Dtype, F4OddLastDim, NulInName, WordSize};
        assert_eq!(demands().beyond_floors(), [WordSize, NulInName, Dtype, F4OddLastDim]);
        let plain = vec![TensorReading::of("w", "U8", &[1, 1, 1, 1], &[1])];
        assert!(Demands::of(&Reading::new(plain, [].into()), 64, 1).beyond_floors().is_empty());
    }

    #[test]
    fn a_size_in_bits_counts_as_a_word() {
        let tensors = vec![TensorReading::of("w", "F64", &[2, 2], &[1; 32])];
        assert_eq!(Demands::of(&Reading::new(tensors, [].into()), 64, 32).word_size, 9);
        assert_eq!(Demands::of(&Reading::default(), 8, 0).word_size, 0);
    }
}
