//! The suite as one `#[test]` among others.

mod implementation;

#[test]
fn it_conforms_with_its_leniencies_declared() {
    implementation::suite().run(|| implementation::Crate);
}
