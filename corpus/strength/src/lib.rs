//! What the corpus is worth, measured: nothing lives here but the test `judge`, which holds the
//! oracle to the corpus and to nothing else. See `README.md`.
