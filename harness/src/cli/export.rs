//! `stconform export`: the corpus as files, for projects in other languages.

use super::{Ending, Outcome};
use clap::Args as ClapArgs;
use std::io::Write;
use std::path::PathBuf;

/// Copy the corpus to a folder, for use without this program.
///
/// The folder gets the manifest with its schema, every stored file, the values of elements, a
/// README that says how to use them, VERSION, which says which corpus it is, and SHA256SUMS, which
/// `sha256sum --check` reads. Files that are too large to store are in the manifest, as pieces.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Example:
  stconform export tests/safetensors
  (cd tests/safetensors && sha256sum --check --quiet SHA256SUMS)

Exit code: 0, or 2 if there is something at the place already or it cannot be written to.")]
pub(super) struct Args {
    /// The folder to make; there must be nothing at its place
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

pub(super) fn run(args: &Args) -> Outcome {
    let exported = corpus::export(&args.to)?;
    writeln!(
        anstream::stdout(),
        "{}: {} files, corpus digest {}",
        args.to.display(),
        exported.files,
        exported.digest
    )?;
    Ok(Ending::AsExpected)
}
