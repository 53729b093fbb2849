//! Stands in for a library that reads safetensors files: the `safetensors` crate, as it is published.

pub use safetensors::{Dtype, SafeTensorError, SafeTensors, View};
