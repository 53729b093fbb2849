//! What encloses and what separates: braces, brackets, colons and commas.

use super::{Draft, EMPTY, ONE, ONE_PAIR, Recipe, TWO, bent, one, rejects, two};
use spec::RuleId::Json1;

pub(super) fn recipes() -> Vec<Recipe> {
    [structure(), by_production()].into_iter().flatten().collect()
}

fn structure() -> Vec<Recipe> {
    vec![
        bent(
            "json/comma-before-closing-brace",
            "A comma stands before the closing brace of an object.",
            Json1,
            "}}",
            "},}",
        ),
        bent(
            "json/comma-before-closing-bracket",
            "A comma stands before the closing bracket of an array.",
            Json1,
            "[4]",
            "[4,]",
        ),
        bent(
            "json/comma-first-in-object",
            "A comma follows the opening brace of the object.",
            Json1,
            "{\"w\"",
            "{,\"w\"",
        ),
        bent(
            "json/comma-first-in-array",
            "A comma follows the opening bracket of an array.",
            Json1,
            "[0,4]",
            "[,0,4]",
        ),
        bent(
            "json/bracket-closed-before-number",
            "An array is closed before its number, and again behind it.",
            Json1,
            "[4]",
            "[]4]",
        ),
        bent("json/comma-twice", "Two commas separate two numbers.", Json1, "0,4", "0,,4"),
        bent("json/comma-missing-in-array", "A space separates two numbers.", Json1, "0,4", "0 4"),
        rejects(
            "json/comma-missing-between-members",
            "Nothing separates two members.",
            Json1,
            TWO,
            two().swap("},\"b\"", "}\"b\""),
        ),
        bent("json/colon-missing", "No colon follows the name.", Json1, "\"w\":", "\"w\""),
        bent("json/colon-twice", "Two colons follow the name.", Json1, "\"w\":", "\"w\"::"),
        bent(
            "json/equals-sign-for-colon",
            "An equals sign for a colon.",
            Json1,
            "\"w\":",
            "\"w\"=",
        ),
        bent("json/value-missing", "Nothing follows a colon.", Json1, "[4]", ""),
        bent("json/two-values", "Two values follow a colon.", Json1, "[4]", "[4][4]"),
        bent("json/name-alone", "A member is a name without a value.", Json1, "[4],", "[4],\"x\","),
        bent("json/bracket-for-brace", "A bracket closes the entry.", Json1, "[0,4]}", "[0,4]]"),
        bent("json/parentheses", "Parentheses enclose the shape.", Json1, "[4]", "(4)"),
        rejects(
            "json/object-not-closed",
            "The header ends before the object does.",
            Json1,
            ONE,
            one().swap("}}", "}"),
        ),
        rejects(
            "json/empty-object-not-closed",
            "The header is an opening brace and spaces.",
            Json1,
            EMPTY,
            Draft::default().object("{"),
        ),
        bent("json/array-not-closed", "An array is never closed.", Json1, "4]}}", "4"),
        bent("json/string-not-closed", "A string is never closed.", Json1, "[4]", "\"4"),
        rejects(
            "json/nesting-not-closed",
            "Ten thousand brackets open, and none closes.",
            Json1,
            ONE,
            one().swap("[4]", "[".repeat(10_000)),
        ),
        rejects(
            "json/braces-not-closed",
            "Thousands of objects open inside each other, and none closes.",
            Json1,
            EMPTY,
            Draft::default().object("{\"\":".repeat(5_000)),
        ),
    ]
}

/// The productions of RFC 8259 that are named in the comments, each broken on its own.
fn by_production() -> Vec<Recipe> {
    vec![
        // begin-array, end-array
        bent(
            "json/begin-array-missing",
            "A shape has a closing bracket and no opening one.",
            Json1,
            "[4]",
            "4]",
        ),
        bent(
            "json/begin-array-twice",
            "A shape opens with two brackets and closes with one.",
            Json1,
            "[4]",
            "[[4]",
        ),
        bent(
            "json/end-array-missing",
            "A shape has an opening bracket and no closing one.",
            Json1,
            "[4]",
            "[4",
        ),
        bent(
            "json/end-array-twice",
            "A shape opens with one bracket and closes with two.",
            Json1,
            "[4]",
            "[4]]",
        ),
        bent("json/brace-for-bracket", "A brace closes a shape.", Json1, "[4]", "[4}"),
        // begin-object, end-object
        bent(
            "json/begin-object-missing",
            "An entry has a closing brace and no opening one.",
            Json1,
            "{\"dtype\"",
            "\"dtype\"",
        ),
        bent(
            "json/begin-object-twice",
            "An entry opens with two braces.",
            Json1,
            "{\"dtype\"",
            "{{\"dtype\"",
        ),
        rejects(
            "json/end-object-missing-between-entries",
            "The first of two entries is not closed, so that the second seems to be in it.",
            Json1,
            TWO,
            two().swap("},\"b\"", ",\"b\""),
        ),
        // name-separator
        bent("json/comma-for-colon", "A comma for a colon.", Json1, "\"w\":", "\"w\","),
        bent(
            "json/colon-missing-in-entry",
            "A space for a colon.",
            Json1,
            "\"shape\":",
            "\"shape\" ",
        ),
        // value-separator
        bent("json/colon-for-comma", "A colon for a comma.", Json1, "0,4", "0:4"),
        bent("json/semicolon-for-comma", "A semicolon for a comma.", Json1, "0,4", "0;4"),
        bent(
            "json/comma-missing-between-fields",
            "Nothing separates two fields.",
            Json1,
            "\"U8\",",
            "\"U8\"",
        ),
        rejects(
            "json/comma-twice-between-members",
            "Two commas separate two members.",
            Json1,
            TWO,
            two().swap("},\"b\"", "},,\"b\""),
        ),
        bent(
            "json/comma-last-in-entry",
            "A comma follows the last field of an entry.",
            Json1,
            "[0,4]}",
            "[0,4],}",
        ),
        bent("json/comma-last-in-offsets", "A comma follows END.", Json1, "[0,4]", "[0,4,]"),
        rejects(
            "json/comma-last-in-metadata",
            "A comma follows the last pair of the metadata.",
            Json1,
            ONE_PAIR,
            one().metadata_text(r#"{"format":"pt",}"#),
        ),
        bent("json/comma-alone-in-array", "A shape is a comma in brackets.", Json1, "[4]", "[,]"),
        rejects(
            "json/comma-alone-in-object",
            "The header is a comma in braces.",
            Json1,
            EMPTY,
            Draft::default().object("{,}"),
        ),
        // object, member, array
        bent(
            "json/object-of-values",
            "Braces enclose two numbers, as if they were a set.",
            Json1,
            "[0,4]",
            "{0,4}",
        ),
        bent(
            "json/member-in-array",
            "An array holds a name with its value.",
            Json1,
            "[4]",
            "[\"rows\":4]",
        ),
        bent("json/name-missing", "A member begins with its colon.", Json1, "\"w\":", ":"),
        bent("json/array-for-name", "An array in place of a name.", Json1, "\"w\"", "[]"),
        bent("json/object-for-name", "An object in place of a name.", Json1, "\"w\"", "{}"),
        bent("json/true-for-name", "A true in place of a name.", Json1, "\"w\"", "true"),
    ]
}
