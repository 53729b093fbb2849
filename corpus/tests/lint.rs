//! The corpus as it stands has no findings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[test]
fn the_oracle_agrees_with_every_vector() {
    let findings: Vec<String> =
        corpus::lint(corpus::vectors()).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

fn header_len(id: &str) -> u64 {
    let vector = corpus::find(&id.parse().unwrap()).unwrap();
    u64::from_le_bytes(*vector.bytes().first_chunk().unwrap())
}

#[test]
fn the_vectors_about_alignment_stand_where_they_say() {
    assert_eq!(header_len("alignment/header-length-odd") % 2, 1);
    assert_eq!(header_len("alignment/header-length-multiple-of-four") % 8, 4);
    assert_eq!(header_len("alignment/data-on-page-boundary") + 8, 4096);
}

#[test]
fn ids_are_sorted_and_found_again() {
    let vectors = corpus::vectors();
    assert!(vectors.is_sorted_by(|a, b| a.id < b.id));
    for vector in vectors {
        assert_eq!(corpus::find(&vector.id).map(|found| &found.id), Some(&vector.id));
    }
    assert!(corpus::find(&"layout/unheard-of".parse().unwrap()).is_none());
}
