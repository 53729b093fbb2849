//! The library as the suite asks it: what it declares, and what it reads.

use harness::suite::Suite;
use harness::{
    Description, Implementation, Leniencies, Observation, Reading, Request, TensorReading,
};
use safetensors_crate::{SafeTensorError, SafeTensors};

pub(crate) struct Crate;

impl Implementation for Crate {
    fn describe(&self) -> Description {
        // It has every leniency there is; `cargo test` names the one that a failure would need.
        let leniencies = Leniencies::all();
        Description { leniencies, ..Description::new("safetensors", "0.8.0") }
    }

    fn ask(&mut self, request: &Request) -> Observation {
        request.read_with(|bytes| {
            let file = SafeTensors::deserialize(bytes)?;
            let (_, header) = SafeTensors::read_metadata(bytes)?;
            let tensors = file.iter().map(|(name, view)| {
                TensorReading::of_usize(name, &view.dtype().to_string(), view.shape(), view.data())
            });
            Ok::<_, SafeTensorError>(Reading::of(tensors, header.metadata().iter().flatten()))
        })
    }
}

/// Everything that is stored, with the failures that are known of this build.
pub(crate) fn suite() -> Suite {
    if cfg!(debug_assertions) { Suite::new().known("known-debug.toml") } else { Suite::new() }
}
