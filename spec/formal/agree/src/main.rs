//! The command line `agree`.

use std::process::ExitCode;

fn main() -> ExitCode {
    agree::cli::main()
}
