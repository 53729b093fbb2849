//! The suite as a test target of its own, in which each question is a test.

mod implementation;

fn main() -> std::process::ExitCode {
    implementation::suite().main(|| implementation::Crate)
}
