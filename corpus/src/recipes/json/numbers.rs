//! The spelling of numbers. What a number may be in a shape is the business of the area `integers`.

use super::{Draft, Recipe, accepts, bent, rejects, u8s};
use spec::RuleId::{self, Ent4, Int2, Int3, Json1, Json5};

pub(super) fn recipes() -> Vec<Recipe> {
    [numbers(), spelled_as_dimension_and_as_end()].into_iter().flatten().collect()
}

/// A shape with its number spelled like this.
fn number(id: &str, summary: &str, text: &str) -> Recipe {
    bent(id, summary, Json5, "[4]", format!("[{text}]"))
}

fn numbers() -> Vec<Recipe> {
    vec![
        accepts(
            "json/zero-inside-number",
            "A zero that does not lead its number, and zeros that are alone.",
            [Json5, Int2],
            Draft::of([u8s("w", &[10]), u8s("b", &[0])]),
        ),
        number("json/leading-zero", "A dimension with a leading zero.", "04"),
        number("json/zero-twice", "A dimension of two zeros.", "00"),
        number("json/plus-sign", "A dimension with a plus sign.", "+4"),
        number("json/minus-alone", "A dimension that is a minus sign.", "-"),
        number("json/minus-twice", "A dimension with two minus signs.", "--4"),
        number(
            "json/minus-before-leading-zero",
            "A negative dimension with a leading zero.",
            "-04",
        ),
        number("json/point-last", "A dimension with no digit after its point.", "4."),
        number("json/point-first", "A dimension with no digit before its point.", ".4"),
        number("json/point-twice", "A dimension with two points.", "4.0.0"),
        number("json/exponent-without-digits", "A dimension whose exponent has no digits.", "4e"),
        number("json/exponent-with-sign-alone", "A dimension whose exponent is a sign.", "4e+"),
        number("json/exponent-with-point", "A dimension whose exponent has a point.", "4e0.0"),
        number(
            "json/exponent-after-point",
            "A dimension without digits between point and exponent.",
            "4.e0",
        ),
        bent("json/negative-infinity", "A dimension of -Infinity.", Json5, "[4]", "[-Infinity]"),
        bent("json/leading-zero-in-offset", "END with a leading zero.", Json5, "[0,4]", "[0,04]"),
        bent("json/zero-twice-in-offset", "BEGIN of two zeros.", Json5, "[0,4]", "[00,4]"),
        bent(
            "json/bad-number-in-unknown-field",
            "A field that no reader needs holds a number with a leading zero.",
            Json5,
            "[4]",
            r#"[4],"note":01"#,
        )
        .also([Ent4]),
        number("json/point-alone", "A dimension that is a point.", "."),
        number("json/plus-alone", "A dimension that is a plus sign.", "+"),
        number("json/minus-last", "A dimension with a minus sign behind its digit.", "4-"),
        number("json/minus-between-digits", "A minus sign between two digits.", "4-4"),
        number(
            "json/minus-before-point",
            "A negative dimension with no digit before its point.",
            "-.4",
        ),
        number("json/space-after-minus", "A space between a minus sign and a digit.", "- 4"),
        number("json/fraction-with-sign", "A dimension with a sign behind its point.", "4.-0"),
        number("json/exponent-twice", "A dimension with two exponents.", "4e0e0"),
        number(
            "json/exponent-with-two-signs",
            "A dimension whose exponent has two signs.",
            "4e+-0",
        ),
        bent(
            "json/exponent-alone",
            "A dimension without digits before its exponent.",
            Json1,
            "[4]",
            "[e4]",
        ),
        bent(
            "json/exponent-letter-d",
            "A dimension with the exponent of another language.",
            Json1,
            "[4]",
            "[4d0]",
        ),
        bent(
            "json/typographic-minus",
            "A dimension with the minus sign U+2212.",
            Json1,
            "[4]",
            "[\u{2212}4]",
        ),
        bent(
            "json/arabic-indic-digit",
            "A dimension in Arabic-Indic digits.",
            Json1,
            "[4]",
            "[\u{664}]",
        ),
        bent("json/minus-alone-in-offset", "END is a minus sign.", Json5, "[0,4]", "[0,-]"),
    ]
}

/// Spellings of the number 1, or of what a careless reader takes for 1.
static ONES: &[(&str, &str, RuleId)] = &[
    ("with-point", "1.0", Int2),
    ("with-exponent", "1e0", Int2),
    ("with-upper-case-exponent", "1E0", Int2),
    ("with-signed-exponent", "1e+0", Int2),
    ("with-leading-zero", "01", Json5),
    ("with-plus", "+1", Json5),
    ("wrapped-from-65-bits", "18446744073709551617", Int3),
];

/// Each spelling in both places where the number 1 stands in a tensor of one byte.
fn spelled_as_dimension_and_as_end() -> Vec<Recipe> {
    let row = |id: &str, summary: &str, rule, from: &str, to: &str| {
        let draft = Draft::of([u8s("w", &[1])]).swap(from, to);
        rejects(id, summary, rule, "shapes/one-element", draft)
    };
    let mut rows = Vec::new();
    for (how, text, rule) in ONES {
        let id = |place: &str| format!("json/{place}-of-one-{how}");
        let (shape, offsets) = (format!("[{text}]"), format!("[0,{text}]"));
        rows.push(row(&id("dimension"), &format!("A dimension of {text}."), *rule, "[1]", &shape));
        rows.push(row(&id("end"), &format!("END is {text}."), *rule, "[0,1]", &offsets));
    }
    // More digits than some languages turn into an integer at once.
    let digits = format!("1{}", "0".repeat(5000));
    let (shape, offsets) = (format!("[{digits}]"), format!("[0,{digits}]"));
    let zeros = format!("[1.{}]", "0".repeat(5000));
    rows.extend([
        row(
            "json/dimension-of-thousands-of-digits",
            "A dimension of 5,001 digits.",
            Int3,
            "[1]",
            &shape,
        ),
        row("json/end-of-thousands-of-digits", "END has 5,001 digits.", Int3, "[0,1]", &offsets),
        row(
            "json/dimension-with-thousands-of-zeros",
            "A dimension of 1 with 5,000 zeros behind its point.",
            Int2,
            "[1]",
            &zeros,
        ),
        row("json/begin-of-zero-with-plus", "BEGIN is +0.", Json5, "[0,1]", "[+0,1]"),
        row(
            "json/begin-of-zero-with-upper-case-exponent",
            "BEGIN is 0E0.",
            Int2,
            "[0,1]",
            "[0E0,1]",
        ),
    ]);
    rows
}
