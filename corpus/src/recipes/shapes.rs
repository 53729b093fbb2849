//! Rank and dimensions.

use super::{one, tensor, u8s};
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Lim1, Rd14, Shp1, Shp2, Size3, Val1};

pub(super) fn recipes() -> Vec<Recipe> {
    [ranks(), zeros(), other_types()].into_iter().flatten().collect()
}

fn shape(id: &str, summary: &str, shape: &[u64]) -> Recipe {
    accepts(id, summary, [Shp2, Shp1], Draft::of([u8s("w", shape)])).also([Size3])
}

/// As many dimensions as said, all 1 but the first and the last.
fn deep(rank: usize) -> Vec<u64> {
    let mut shape = vec![1; rank];
    shape[0] = 2;
    shape[rank - 1] = 3;
    shape
}

fn ranks() -> Vec<Recipe> {
    vec![
        accepts(
            "shapes/scalar",
            "A tensor without dimensions has one element.",
            [Shp2, Size3],
            Draft::of([tensor("w", "F32", &[], 4)]),
        ),
        shape("shapes/one-element", "One dimension of 1.", &[1]),
        shape("shapes/all-ones", "Four dimensions of 1.", &[1, 1, 1, 1]),
        shape("shapes/matrix", "Two dimensions, which a reader must not swap.", &[2, 3])
            .also([Val1]),
        shape("shapes/matrix-turned", "Two dimensions in the other order.", &[3, 2]).also([Val1]),
        shape("shapes/cube", "Three dimensions of one size.", &[2, 2, 2]).also([Val1]),
        shape("shapes/rank-at-portable-floor", "Four dimensions.", &[2, 1, 3, 1]),
        shape("shapes/rank-over-portable-floor", "Five dimensions.", &[2, 1, 3, 1, 2])
            .also([Lim1, Rd14]),
        shape("shapes/rank-of-eight", "Eight dimensions.", &deep(8)).also([Lim1, Rd14]),
        shape("shapes/rank-of-nine", "Nine dimensions.", &deep(9)).also([Lim1, Rd14]),
        shape("shapes/rank-of-sixteen", "Sixteen dimensions.", &deep(16)).also([Lim1, Rd14]),
        shape("shapes/rank-of-twenty", "Twenty dimensions.", &deep(20)).also([Lim1, Rd14]),
        shape("shapes/rank-at-32", "Dimensions for 32 axes.", &deep(32)).also([Lim1, Rd14]),
        shape("shapes/rank-over-32", "Dimensions enough for 32 axes, and one more.", &deep(33))
            .also([Lim1, Rd14]),
        shape("shapes/rank-at-64", "Dimensions for 64 axes.", &deep(64)).also([Lim1, Rd14]),
        shape("shapes/rank-over-64", "Dimensions enough for 64 axes, and one more.", &deep(65))
            .also([Lim1, Rd14]),
        shape("shapes/rank-at-byte", "As many dimensions as a byte can count.", &deep(255))
            .also([Lim1, Rd14]),
        shape(
            "shapes/rank-wraps-in-byte",
            "Dimensions whose number wraps to 0 in a byte.",
            &deep(256),
        )
        .also([Lim1, Rd14]),
        shape("shapes/rank-over-byte", "Dimensions that a byte cannot count.", &deep(257))
            .also([Lim1, Rd14]),
        shape("shapes/rank-of-a-thousand", "A thousand dimensions.", &deep(1000))
            .also([Lim1, Rd14]),
        shape("shapes/rank-in-thousands", "Some thousand dimensions.", &deep(5000))
            .also([Lim1, Rd14]),
    ]
}

fn zeros() -> Vec<Recipe> {
    vec![
        shape("shapes/zero-first", "The first of three dimensions is 0.", &[0, 2, 3]),
        shape("shapes/zero-between", "The second of three dimensions is 0.", &[2, 0, 3]),
        shape("shapes/zero-last", "The last of three dimensions is 0.", &[2, 3, 0]),
        shape("shapes/zeros-only", "Three dimensions of 0.", &[0, 0, 0]),
        shape("shapes/zeros-of-great-rank", "Forty dimensions of 0.", &[0; 40]).also([Lim1, Rd14]),
    ]
}

/// One tensor whose shape is spelled like this.
fn value(id: &str, summary: &str, text: &str) -> Recipe {
    rejects(id, summary, Shp1, "layout/one-tensor", one().swap("[4]", text))
}

fn other_types() -> Vec<Recipe> {
    vec![
        value("shapes/null", "The shape is null.", "null"),
        value("shapes/number", "The shape is a number.", "4"),
        value("shapes/string", "The shape is a string.", r#""[4]""#),
        value("shapes/false", "The shape is false.", "false"),
        value("shapes/true", "The shape is true.", "true"),
        value("shapes/object", "The shape is an object.", r#"{"0":4}"#),
        value("shapes/empty-object", "The shape is an empty object.", "{}"),
        rejects(
            "shapes/null-of-scalar",
            "The shape of a scalar is null.",
            Shp1,
            "shapes/scalar",
            Draft::of([tensor("w", "F32", &[], 4)]).swap("[]", "null"),
        ),
    ]
}
