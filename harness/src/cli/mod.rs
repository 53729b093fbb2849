//! The command line.
pub mod validate;
use clap::{Parser, Subcommand};
/// x
#[derive(Parser, Debug)]
pub struct Cli {
    #[command(subcommand)]
    /// c
    pub command: Command,
}
/// c
#[derive(Subcommand, Debug)]
pub enum Command {
    /// v
    Validate(validate::ValidateArgs),
}
