//! Any bytes as the choices of the generator. See `fuzz::oracle_agrees_with_the_generator`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::oracle_agrees_with_the_generator(bytes));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    fuzz::replay(fuzz::oracle_agrees_with_the_generator)
}
