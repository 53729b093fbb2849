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

/// BEGIN of the tensor that is listed last.
fn last_begin(id: &str) -> u64 {
    let bytes = corpus::find(&id.parse().unwrap()).unwrap().bytes();
    let text = String::from_utf8_lossy(&bytes);
    let (_, offsets) = text.rsplit_once("\"data_offsets\":[").unwrap();
    offsets.split_once(',').unwrap().0.parse().unwrap()
}

#[test]
fn the_offsets_that_wrap_land_where_they_say() {
    let sum = |id: &str| (8 + header_len(id)).wrapping_add(last_begin(id));
    let end_of_header = |id: &str| 8 + header_len(id) - 4;
    let id = "offsets/wrap-to-length-field";
    assert_eq!(sum(id), 0);
    let id = "offsets/wrap-to-header";
    assert_eq!(sum(id), 8);
    let id = "offsets/wrap-to-end-of-header";
    assert_eq!(sum(id), end_of_header(id));
    let id = "offsets/wrap-to-length-field-in-low-half";
    assert_eq!(sum(id), 1 << 32);
    let id = "offsets/wrap-to-end-of-header-in-low-half";
    assert_eq!(sum(id) % (1 << 32), end_of_header(id));
    let id = "offsets/counted-from-start-of-file";
    assert_eq!(last_begin(id), 8 + header_len(id) + 4);
    let id = "offsets/counted-from-start-of-header";
    assert_eq!(last_begin(id), header_len(id) + 4);
}
