//! What the oracle says of every stored file and of every sharded model, word for word: rule, place and finding, what the
//! leniencies cover, and the advice on what is valid.
//!
//! The expectations of the corpus decide which rule it is; here a change of a place or of a
//! sentence shows, so that a person looks at it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod told;

use corpus::{Content, Tier, vectors};

#[test]
fn the_oracle_finds_this_in_every_stored_file() {
    let stored = vectors().iter().filter(|vector| vector.tier == Tier::Stored);
    let files = stored.filter(|vector| vector.operation().is_read());
    let text: String =
        files.map(|vector| told::of_file(vector.id.as_str(), &vector.bytes())).collect();
    insta::assert_snapshot!(text);
}

#[test]
fn the_oracle_finds_this_in_every_sharded_model() {
    let mut text = String::new();
    for vector in vectors() {
        let Content::Folder(folder) = &vector.content else { continue };
        let around = folder.around_index();
        let name = folder.index_place().1;
        let index = around.bytes(name).unwrap();
        text.push_str(&told::of_model(vector.id.as_str(), name, index, &around));
    }
    insta::assert_snapshot!(text);
}
