//! Writes the job's models with the crate `safetensors`, which has every dtype of the format.

#[path = "../../job.rs"]
mod job;

use safetensors::tensor::{serialize_to_file, Dtype, TensorView};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    job::run(save)
}

/// Saves one model, and returns the call that did it.
fn save(model: &job::Model, path: &Path) -> Result<&'static str, Box<dyn Error>> {
    let data = model.tensors.iter().map(job::Tensor::data).collect::<Result<Vec<_>, _>>()?;
    let mut tensors = Vec::new();
    for (tensor, data) in model.tensors.iter().zip(&data) {
        // The crate reads its own names of dtypes from JSON.
        let dtype: Dtype = serde_json::from_value(tensor.dtype.as_str().into())?;
        tensors.push((&tensor.name, TensorView::new(dtype, tensor.shape.clone(), data)?));
    }
    serialize_to_file(tensors, model.metadata.clone(), path)?;
    Ok(match model.metadata {
        None => "safetensors::serialize_to_file(tensors, None, path)",
        Some(_) => "safetensors::serialize_to_file(tensors, Some(metadata), path)",
    })
}
