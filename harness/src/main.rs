//! The command line `stconform`.
fn main() {}
