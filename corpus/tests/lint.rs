//! The corpus as it stands has no findings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[test]
fn the_oracle_agrees_with_every_vector() {
    let findings: Vec<String> =
        corpus::lint(corpus::vectors()).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
