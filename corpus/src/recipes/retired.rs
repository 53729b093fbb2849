//! Ids of vectors that are no longer there. An id is given once: what stands here is never used
//! again.

/// Retired ids, sorted, each with the reason; a vector that is dropped after a release goes here.
pub(crate) static RETIRED: &[(&str, &str)] = &[];
