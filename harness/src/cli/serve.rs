//! `stconform serve`: a built-in implementation behind the process protocol.

use super::{Ending, Outcome};
use crate::builtin::{Builtin, panic_message};
use spec::Version;

/// Serve a built-in implementation over the process protocol
///
/// Reads requests from the input and writes replies to the output, one JSON line each, as
/// adapters/PROTOCOL.md says. `stconform run` starts this by itself.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The implementation
    #[arg(value_enum)]
    name: Builtin,
    /// The format version that the oracle judges by
    #[arg(long, value_name = "VERSION", default_value_t = Version::LATEST)]
    format_version: Version,
}

pub(super) fn run(args: &Args) -> Outcome {
    // A message alone: where the source lay when this was built, and which thread it was, would
    // make two records of one failure differ.
    std::panic::set_hook(Box::new(|panic| {
        anstream::eprintln!("panicked: {}", panic_message(panic.payload()));
    }));
    let mut implementation = args.name.open(args.format_version);
    let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
    crate::serve::serve(implementation.as_mut(), input, output)?;
    Ok(Ending::AsExpected)
}
