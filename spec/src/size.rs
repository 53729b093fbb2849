//! The size of a tensor from its shape and dtype (SIZE-1 to SIZE-3), in checked 64-bit arithmetic
//! that gives the answers of unbounded integers on every target.

use crate::dtype::Dtype;
use std::num::NonZeroU64;

/// A shape: where its dimensions stand in the list of all dimensions, and what their product is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    first: u32,
    rank: u32,
    /// The product of the dimensions that are not 0; `None` from 2^64 on.
    product: Option<NonZeroU64>,
    has_zero: bool,
}

/// Why a tensor has no size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoSize {
    /// 2^64 bits or more, whatever stands beside a 0 (SIZE-1). `zero` says whether a 0 is there.
    Overflow { zero: bool },
    /// Bits that are no whole number of bytes (SIZE-2).
    Fraction { bits: u64 },
}

impl Shape {
    /// The shape without dimensions, which stands from `first` on in the list of all dimensions.
    pub(crate) fn scalar(first: usize) -> Self {
        // A dimension takes two bytes of a header text of at most 100,000,000.
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        Self { first, rank: 0, product: Some(NonZeroU64::MIN), has_zero: false }
    }

    /// Adds a dimension.
    pub(crate) fn add(&mut self, dim: u64) {
        self.rank += 1;
        match NonZeroU64::new(dim) {
            None => self.has_zero = true,
            Some(dim) => self.product = self.product.and_then(|product| product.checked_mul(dim)),
        }
    }

    /// Its dimensions, out of the list of all dimensions.
    pub(crate) fn of<'a>(&self, dims: &'a [u64]) -> &'a [u64] {
        let wide = |count| usize::try_from(count).unwrap_or(usize::MAX);
        dims.get(wide(self.first)..)
            .and_then(|dims| dims.get(..wide(self.rank)))
            .unwrap_or_default()
    }

    /// The size in bytes of a tensor of this shape.
    pub(crate) fn bytes(&self, dtype: Dtype) -> Result<u64, NoSize> {
        let bits = self.product.and_then(|product| product.get().checked_mul(dtype.bits()));
        match bits {
            None => Err(NoSize::Overflow { zero: self.has_zero }),
            Some(_) if self.has_zero => Ok(0),
            Some(bits) if bits % 8 == 0 => Ok(bits / 8),
            Some(bits) => Err(NoSize::Fraction { bits }),
        }
    }
}
