//! Writes the job's models with `candle-core`, which takes no metadata.

#[path = "../../job.rs"]
mod job;

use candle_core::{DType, Device, Tensor};
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    job::run(save)
}

/// Saves one model, and returns the call that did it.
fn save(model: &job::Model, path: &Path) -> Result<&'static str, Box<dyn Error>> {
    if model.metadata.is_some() {
        return Err("it takes no metadata".into());
    }
    let mut tensors = HashMap::new();
    for tensor in &model.tensors {
        let dtype = dtype(&tensor.dtype)?;
        let made = Tensor::from_raw_buffer(&tensor.data()?, dtype, &tensor.shape, &Device::Cpu)?;
        tensors.insert(tensor.name.clone(), made);
    }
    candle_core::safetensors::save(&tensors, path)?;
    Ok("candle_core::safetensors::save(&tensors, path)")
}

/// The dtype of this name.
fn dtype(name: &str) -> Result<DType, Box<dyn Error>> {
    Ok(match name {
        "U8" => DType::U8,
        "U32" => DType::U32,
        "I16" => DType::I16,
        "I32" => DType::I32,
        "I64" => DType::I64,
        "F16" => DType::F16,
        "BF16" => DType::BF16,
        "F32" => DType::F32,
        "F64" => DType::F64,
        "F8_E4M3" => DType::F8E4M3,
        _ => return Err(format!("it does not write {name}").into()),
    })
}
