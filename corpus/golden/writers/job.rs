//! What the Rust writers share: reading the job, saving every model of it, and reporting.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};

/// The models to save.
#[derive(serde::Deserialize)]
struct Job {
    models: Vec<Model>,
}

/// What a writer is handed.
#[derive(serde::Deserialize)]
pub struct Model {
    /// The name of the file, without its suffix.
    pub name: String,
    /// The tensors, in the order in which they are handed over.
    pub tensors: Vec<Tensor>,
    /// The metadata, if any is handed over.
    pub metadata: Option<HashMap<String, String>>,
}

/// One tensor with its bytes.
#[derive(serde::Deserialize)]
pub struct Tensor {
    /// The name.
    pub name: String,
    /// The dtype, as the format names it.
    pub dtype: String,
    /// The dimensions, outermost first.
    pub shape: Vec<usize>,
    hex: String,
}

impl Tensor {
    /// The bytes, as they have to stand in the file.
    pub fn data(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        let pairs =
            (0..self.hex.len()).step_by(2).map(|at| self.hex.get(at..at + 2).unwrap_or("?"));
        Ok(pairs.map(|pair| u8::from_str_radix(pair, 16)).collect::<Result<_, _>>()?)
    }
}

/// Calls `save` for each model of the job named by the first argument, with a path in the folder
/// named by the second, and prints one JSON line for each. `save` returns the call that it made.
pub fn run(
    save: impl Fn(&Model, &Path) -> Result<&'static str, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(job), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: JOB OUT".into());
    };
    let job: Job = serde_json::from_slice(&std::fs::read(job)?)?;
    for model in &job.models {
        let path = out.join(format!("{}.safetensors", model.name));
        let line = match save(model, &path) {
            Ok(call) => serde_json::json!({"model": model.name, "call": call}),
            Err(error) => serde_json::json!({"model": model.name, "refused": error.to_string()}),
        };
        println!("{line}");
    }
    Ok(())
}
