//! A valid file of several tensors, cut at every boundary of its structure and one byte before and
//! after each. The file of no bytes is `framing/no-bytes`.
//!
//! Inside the first eight bytes LEN-1 decides, inside the header text LEN-3. Once the header is
//! whole the file still says where the data buffer ought to end, and LAY-1 decides.

use super::tensor;
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{self, Lay1, Lay4, Lay5, Len1, Len3};

const WHOLE: &str = "truncation/whole-file";

pub(super) fn recipes() -> Vec<Recipe> {
    [whole_file(), length_field(), header(), data_buffer()].into_iter().flatten().collect()
}

/// Metadata and three tensors; more than three spaces follow the object.
fn whole() -> Draft {
    Draft::of([
        tensor("one", "F32", &[2], 8),
        tensor("two", "I16", &[3], 6),
        tensor("three", "U8", &[5], 5),
    ])
    .metadata(&[("format", "pt")])
}

fn whole_file() -> Vec<Recipe> {
    vec![accepts(
        WHOLE,
        "Metadata and three tensors, nothing cut off.",
        [Len1, Len3, Lay1, Lay4, Lay5],
        whole(),
    )]
}

/// The first bytes of the file, up to a place that the situation names.
fn cut(situation: &str, summary: &str, rule: RuleId, len: usize) -> Recipe {
    rejects(&format!("truncation/{situation}"), summary, rule, WHOLE, whole().cut_to(len))
}

/// Where the boundary is behind this text of the header.
fn behind(text: &str) -> usize {
    let file = whole().to_bytes();
    let at = file.windows(text.len()).position(|window| window == text.as_bytes());
    at.map_or(0, |at| at + text.len())
}

/// One byte before a boundary, at it, and one byte after it.
fn around(place: &str, words: &str, rules: [RuleId; 3], at: usize) -> [Recipe; 3] {
    let [before, upon, after] = rules;
    [
        cut(
            &format!("one-byte-before-end-of-{place}"),
            &format!("The file ends one byte before the end of {words}."),
            before,
            at - 1,
        ),
        cut(&format!("after-{place}"), &format!("The file ends with {words}."), upon, at),
        cut(
            &format!("one-byte-after-{place}"),
            &format!("The file ends one byte after {words}."),
            after,
            at + 1,
        ),
    ]
}

fn length_field() -> Vec<Recipe> {
    vec![
        cut("one-byte", "The file is the first byte of its length field.", Len1, 1),
        cut("inside-length-field", "The file ends in the middle of its length field.", Len1, 4),
        cut(
            "one-byte-before-end-of-length-field",
            "The file ends one byte before the end of its length field.",
            Len1,
            7,
        ),
        cut("after-length-field", "The file ends with its length field.", Len3, 8),
    ]
}

fn header() -> Vec<Recipe> {
    let in_header = [Len3; 3];
    let members = [
        around("metadata", "the metadata", in_header, behind(r#"{"format":"pt"}"#)),
        around("first-entry", "the first entry", in_header, behind("[0,8]}")),
        around("second-entry", "the second entry", in_header, behind("[8,14]}")),
    ];
    let mut rows = vec![
        cut("after-opening-brace", "The file ends with the first byte of the object.", Len3, 9),
        cut(
            "one-byte-after-opening-brace",
            "The file ends one byte after the first byte of the object.",
            Len3,
            10,
        ),
        cut("inside-first-name", "The file ends in a name.", Len3, behind(r#""on"#)),
        cut("inside-number", "The file ends between two digits.", Len3, behind("[8,1")),
        cut(
            "one-byte-before-end-of-third-entry",
            "The file ends one byte before the end of the third entry.",
            Len3,
            behind("[14,19]"),
        ),
        // The entry ends one byte before the object, and the object one byte before the padding.
        cut("after-third-entry", "The file ends with the third entry.", Len3, behind("[14,19]}")),
        cut("after-object", "The file ends with its object.", Len3, behind("[14,19]}}")),
        cut(
            "one-byte-after-object",
            "The file ends with the first space of the padding.",
            Len3,
            behind("[14,19]}} "),
        ),
        cut("inside-padding", "The file ends in the padding.", Len3, behind("[14,19]}}   ")),
    ];
    rows.extend(members.into_iter().flatten());
    rows
}

fn data_buffer() -> Vec<Recipe> {
    let data = header_end();
    let in_data = [Lay1; 3];
    let boundaries = [
        around("header", "the header", [Len3, Lay1, Lay1], data),
        around("first-tensor", "the first tensor", in_data, data + 8),
        around("second-tensor", "the second tensor", in_data, data + 14),
    ];
    let mut rows: Vec<Recipe> = boundaries.into_iter().flatten().collect();
    // One byte more is the whole file.
    rows.push(cut(
        "one-byte-before-end-of-third-tensor",
        "The file ends one byte before the end of the third tensor.",
        Lay1,
        data + 18,
    ));
    rows
}

/// The end of the padding: the nineteen bytes of the tensors follow.
fn header_end() -> usize {
    whole().to_bytes().len() - 19
}
