//! Form and order of a tensor's two offsets.

use super::{one, tensor, two, u8s};
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Lay1, Off1, Off2, Off3, Rd4, Rd6};

const ONE: &str = "layout/one-tensor";
const ZERO: &str = "layout/zero-size-only";

pub(super) fn recipes() -> Vec<Recipe> {
    [form(), order(), far(), into_the_header()].into_iter().flatten().collect()
}

/// One tensor whose offsets are spelled like this.
fn value(id: &str, summary: &str, rule: spec::RuleId, text: &str) -> Recipe {
    rejects(id, summary, rule, ONE, one().swap("[0,4]", text))
}

fn form() -> Vec<Recipe> {
    vec![
        value("offsets/null", "The offsets are null.", Off1, "null"),
        value("offsets/number", "The offsets are one number.", Off1, "4"),
        value("offsets/string", "The offsets are a string.", Off1, r#""0,4""#),
        value("offsets/range-as-string", "The offsets are a range in quotes.", Off1, r#""0..4""#),
        value("offsets/false", "The offsets are false.", Off1, "false"),
        value("offsets/true", "The offsets are true.", Off1, "true"),
        value(
            "offsets/object",
            "The offsets are an object with names for them.",
            Off1,
            r#"{"begin":0,"end":4}"#,
        ),
        value("offsets/empty-object", "The offsets are an empty object.", Off1, "{}"),
        value("offsets/none", "No offset in the array.", Off2, "[]"),
        value("offsets/end-alone", "One offset in the array.", Off2, "[4]"),
        value("offsets/with-length", "BEGIN, END and a length.", Off2, "[0,4,4]"),
        value("offsets/two-ranges", "Two pairs of offsets in one array.", Off2, "[0,2,2,4]"),
        rejects(
            "offsets/none-of-zero-size",
            "No offset in the array of a tensor without bytes.",
            Off2,
            ZERO,
            Draft::of([u8s("z", &[0])]).swap("[0,0]", "[]"),
        ),
        rejects(
            "offsets/null-of-zero-size",
            "The offsets of a tensor without bytes are null.",
            Off1,
            ZERO,
            Draft::of([u8s("z", &[0])]).swap("[0,0]", "null"),
        ),
    ]
}

fn order() -> Vec<Recipe> {
    let zero = |begin, end| Draft::of([u8s("w", &[4]), u8s("b", &[0]).at(begin, end)]);
    vec![
        accepts(
            "offsets/five-in-a-row",
            "Five tensors of I8 back to back.",
            [Lay1, Off3],
            five(1, 4),
        ),
        accepts(
            "offsets/spaced",
            "The two offsets with space around them.",
            [Off1, Off2, Off3],
            two().swap("[0,4]", "[ 0 , 4 ]"),
        ),
        rejects(
            "offsets/reversed",
            "END stands before BEGIN.",
            Off3,
            ONE,
            one().swap("0,4", "4,0"),
        ),
        rejects(
            "offsets/reversed-by-one",
            "BEGIN is one more than END, of a tensor without bytes.",
            Off3,
            "layout/zero-size-at-end",
            zero(4, 3),
        ),
        rejects(
            "offsets/reversed-zero-size-at-start",
            "BEGIN of a tensor without bytes is 1, and END is 0.",
            Off3,
            ZERO,
            Draft::of([u8s("z", &[0]).at(1, 0)]),
        ),
        rejects(
            "offsets/difference-wraps-to-size",
            "BEGIN is 2^64 - 4 and END is 0, so that END - BEGIN wraps to 4.",
            Off3,
            ONE,
            Draft::of([u8s("w", &[4]).at(u64::MAX - 3, 0)]),
        ),
        rejects(
            "offsets/begin-greatest",
            "BEGIN is 2^64 - 1 and END is 3, so that END - BEGIN wraps to 4.",
            Off3,
            ONE,
            Draft::of([u8s("w", &[4]).at(u64::MAX, 3)]),
        )
        .also([Lay1]),
        rejects(
            "offsets/difference-wraps-in-low-half",
            "BEGIN is 2^32 - 4 and END is 0, so that END - BEGIN wraps to 4 in 32 bits.",
            Off3,
            ONE,
            Draft::of([u8s("w", &[4]).at((1 << 32) - 4, 0)]),
        ),
        rejects(
            "offsets/reversed-but-for-high-half",
            "Of a tensor without bytes, BEGIN is 2^32 + 4 and END is 4: equal in 32 bits.",
            Off3,
            "layout/zero-size-at-end",
            zero((1 << 32) + 4, 4),
        ),
        rejects(
            "offsets/reversed-by-one-beyond-doubles",
            "Of a tensor without bytes, BEGIN is 2^53 + 1 and END is 2^53: equal in doubles.",
            Off3,
            "layout/zero-size-at-end",
            zero((1 << 53) + 1, 1 << 53),
        )
        .also([Lay1, Rd6]),
        rejects(
            "offsets/reversed-past-end",
            "Both offsets lie behind the data buffer, the greater first.",
            Off3,
            "layout/zero-size-at-end",
            zero(9, 8),
        )
        .also([Lay1]),
        rejects(
            "offsets/second-reversed",
            "Of two tensors, the second has END before BEGIN.",
            Off3,
            "layout/two-tensors",
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(6, 4)]),
        ),
        rejects(
            "offsets/length-for-end",
            "Of two tensors, the second gives its length in place of END.",
            Off3,
            "layout/two-tensors",
            Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(4, 2)]),
        ),
        rejects(
            "offsets/of-whole-shape-reversed",
            "A matrix with END before BEGIN.",
            Off3,
            "shapes/matrix",
            Draft::of([Tensor::new("w", "U8", &[2, 3], &[1, 2, 3, 4, 5, 6]).at(6, 0)]),
        ),
    ]
}

/// Numbers at which some machine's numbers end: what the id calls it, what the summary calls it, and
/// the number. The greatest of all, 2^64 - 1, has rows of its own, here and in `layout`.
static FAR: &[(&str, &str, u64)] = &[
    ("two-to-the-31-less-one", "2^31 - 1", (1 << 31) - 1),
    ("two-to-the-31", "2^31", 1 << 31),
    ("two-to-the-31-and-one", "2^31 + 1", (1 << 31) + 1),
    ("two-to-the-32-less-one", "2^32 - 1", (1 << 32) - 1),
    ("two-to-the-32", "2^32", 1 << 32),
    ("two-to-the-32-and-one", "2^32 + 1", (1 << 32) + 1),
    ("two-to-the-53-less-one", "2^53 - 1", (1 << 53) - 1),
    ("two-to-the-53", "2^53", 1 << 53),
    ("two-to-the-53-and-one", "2^53 + 1", (1 << 53) + 1),
    ("two-to-the-63-less-one", "2^63 - 1", (1 << 63) - 1),
    ("two-to-the-63", "2^63", 1 << 63),
    ("two-to-the-63-and-one", "2^63 + 1", (1 << 63) + 1),
];

/// Far offsets: in BEGIN alone, in END alone, and in both.
fn far() -> Vec<Recipe> {
    FAR.iter().flat_map(|(name, text, far)| of_far_offset(name, text, *far)).collect()
}

fn of_far_offset(name: &str, text: &str, far: u64) -> Vec<Recipe> {
    let mut recipes = vec![
        rejects(
            &format!("offsets/begin-of-{name}"),
            &format!("BEGIN is {text} and END is 4."),
            Off3,
            ONE,
            Draft::of([u8s("w", &[4]).at(far, 4)]),
        ),
        rejects(
            &format!("offsets/both-of-{name}"),
            &format!("BEGIN and END of a tensor without bytes are {text}."),
            Lay1,
            "layout/zero-size-at-end",
            Draft::of([u8s("w", &[4]), u8s("b", &[0]).at(far, far)]),
        ),
    ];
    recipes.extend(end_alone(name, text, far));
    recipes.into_iter().map(|recipe| recipe.also([Rd6])).collect()
}

/// END is far. No tensor is longer than 2^61 - 1 bytes, so that it takes several to get further.
fn end_alone(name: &str, text: &str, far: u64) -> Option<Recipe> {
    let id = format!("offsets/end-of-{name}");
    let most = (1 << 61) - 1;
    match far {
        // This is `layout/end-negative-as-signed-half`.
        0x8000_0000 => None,
        _ if far <= most => Some(rejects(
            &id,
            &format!("A tensor of {text} bytes in a data buffer of 4."),
            Lay1,
            ONE,
            Draft::of([tensor("w", "U8", &[far], 4).at(0, far)]),
        )),
        _ => Some(rejects(
            &id,
            &format!("The last of five tensors back to back ends at {text}."),
            Lay1,
            "offsets/five-in-a-row",
            five(most, far - 4 * most),
        )),
    }
}

/// Five tensors back to back, the last of a length of its own; bytes for the first few only.
fn five(each: u64, last: u64) -> Draft {
    let stored = if each < 16 { each } else { 0 };
    let row = (0..).zip(["r", "q", "p", "o"]).map(|(place, name)| {
        tensor(name, "I8", &[each], stored).at(place * each, (place + 1) * each)
    });
    let end = tensor("n", "I8", &[last], last).at(4 * each, 4 * each + last);
    Draft::of(row.chain([end]))
}

/// Offsets whose sum with 8 + N, where the data buffer begins, wraps to a place before it.
fn into_the_header() -> Vec<Recipe> {
    // All BEGINs of one number of digits give one N.
    let two_bytes = |begin: u64| Draft::of([u8s("w", &[4]), u8s("b", &[2]).at(begin, begin + 2)]);
    let from_the_end = |back: u64| two_bytes(u64::MAX - back + 1).cut_off(2);
    let far_start = data_start(&from_the_end(4));
    let low_half = |back: u64| two_bytes((1 << 32) - back).cut_off(2);
    let low_start = data_start(&low_half(4));
    let zero_size = |begin: u64| Draft::of([u8s("w", &[4]), u8s("b", &[0]).at(begin, begin)]);
    let near_start = data_start(&zero_size(100));
    let wraps = |id: &str, summary: &str, draft: Draft| {
        rejects(id, summary, Lay1, "layout/two-tensors", draft).also([Rd4, Rd6])
    };
    vec![
        wraps(
            "offsets/wrap-to-length-field",
            "8 + N and BEGIN of the second tensor sum up to 2^64, where the file begins again.",
            from_the_end(far_start),
        ),
        wraps(
            "offsets/wrap-to-header",
            "8 + N and BEGIN of the second tensor sum up to 2^64 + 8, where the header begins.",
            from_the_end(far_start - 8),
        ),
        wraps(
            "offsets/wrap-to-end-of-header",
            "BEGIN of the second tensor is 2^64 - 4: as a signed integer, 4 before the data buffer.",
            from_the_end(4),
        ),
        wraps(
            "offsets/wrap-to-length-field-in-low-half",
            "8 + N and BEGIN of the second tensor sum up to 2^32, 0 in 32 bits.",
            low_half(low_start),
        ),
        wraps(
            "offsets/wrap-to-end-of-header-in-low-half",
            "BEGIN of the second tensor is 2^32 - 4: as a signed integer of 32 bits, -4.",
            low_half(4),
        ),
        wraps(
            "offsets/range-far-past-file",
            "BEGIN of the second tensor is 2^40, and END is 2 more.",
            two_bytes(1 << 40).cut_off(2),
        ),
        rejects(
            "offsets/counted-from-start-of-file",
            "The offsets of a tensor without bytes count from the start of the file.",
            Lay1,
            "layout/zero-size-at-end",
            zero_size(near_start + 4),
        ),
        rejects(
            "offsets/counted-from-start-of-header",
            "The offsets of a tensor without bytes count from the start of the header.",
            Lay1,
            "layout/zero-size-at-end",
            zero_size(near_start - 4),
        ),
    ]
}

/// Where the data buffer of a draft begins in the file.
fn data_start(draft: &Draft) -> u64 {
    let bytes = draft.to_bytes();
    bytes.first_chunk().map_or(0, |field| 8 + u64::from_le_bytes(*field))
}
