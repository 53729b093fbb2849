pub(super) fn recipes() -> Vec<crate::recipe::Recipe> {
    Vec::new()
}
