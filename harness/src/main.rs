//! The command line `stconform`.

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::cli::main()
}
