//! The command line `stconform`.
use clap::Parser;
use std::process::ExitCode;
fn main() -> ExitCode {
    let cli = harness::cli::Cli::parse();
    match cli.command {
        harness::cli::Command::Validate(args) => match harness::cli::validate::run(&args) {
            Ok(code) => ExitCode::from(code),
            Err(_) => ExitCode::from(2),
        },
    }
}
