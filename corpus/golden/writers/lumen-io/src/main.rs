//! Writes the job's models with `lumen-io`.

#[path = "../../job.rs"]
mod job;

use half::bf16;
use lumen_core::{DynTensor, Tensor};
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    job::run(save)
}

/// Saves one model, and returns the call that did it.
fn save(model: &job::Model, path: &Path) -> Result<&'static str, Box<dyn Error>> {
    let mut tensors = HashMap::new();
    for tensor in &model.tensors {
        tensors.insert(tensor.name.clone(), made(tensor)?);
    }
    lumen_io::safetensors::save_file(&tensors, model.metadata.as_ref(), path)
        .map_err(|error| format!("{error:?}"))?;
    Ok(match model.metadata {
        None => "lumen_io::safetensors::save_file(&tensors, None, path)",
        Some(_) => "lumen_io::safetensors::save_file(&tensors, Some(&metadata), path)",
    })
}

/// The tensor as the library has it.
fn made(tensor: &job::Tensor) -> Result<DynTensor, Box<dyn Error>> {
    let data = tensor.data()?;
    let shape = tensor.shape.clone();
    Ok(match tensor.dtype.as_str() {
        "BOOL" => DynTensor::Bool(Tensor::from_vec(elements(&data, |[b]| b != 0), shape)?),
        "U8" => DynTensor::U8(Tensor::from_vec(data, shape)?),
        "BF16" => DynTensor::Bf16(Tensor::from_vec(elements(&data, bf16::from_le_bytes), shape)?),
        "I32" => DynTensor::I32(Tensor::from_vec(elements(&data, i32::from_le_bytes), shape)?),
        "U32" => DynTensor::U32(Tensor::from_vec(elements(&data, u32::from_le_bytes), shape)?),
        "F32" => DynTensor::F32(Tensor::from_vec(elements(&data, f32::from_le_bytes), shape)?),
        "F64" => DynTensor::F64(Tensor::from_vec(elements(&data, f64::from_le_bytes), shape)?),
        name => return Err(format!("it does not write {name}").into()),
    })
}

/// The elements of `SIZE` bytes each, in order.
fn elements<const SIZE: usize, T>(data: &[u8], element: impl Fn([u8; SIZE]) -> T) -> Vec<T> {
    data.chunks_exact(SIZE).filter_map(|bytes| bytes.try_into().ok()).map(element).collect()
}
