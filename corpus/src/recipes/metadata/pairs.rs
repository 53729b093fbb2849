//! Keys and values of all kinds. None has a meaning to the format.

use crate::recipe::{Recipe, accepts, rejects};
use crate::recipes::one;
use spec::RuleId::{Meta3, Meta4, Meta6, Txt2, Ver2};

/// Odd metadata in an otherwise plain file.
fn odd(id: &str, summary: &str, pairs: &[(&str, &str)]) -> Recipe {
    accepts(id, summary, [Meta3, Meta4, Meta6], one().metadata(pairs))
}

const FIELDS: &[(&str, &str)] = &[("dtype", "U8"), ("shape", "[4]"), ("data_offsets", "[0,4]")];

pub(super) fn recipes() -> Vec<Recipe> {
    vec![
        odd("metadata/empty-key", "A key without characters.", &[("", "v")]),
        odd("metadata/empty-value", "A value without characters.", &[("k", "")]),
        odd("metadata/key-of-tensor", "A key that is also the name of a tensor.", &[("w", "v")]),
        odd("metadata/key-reserved", "A key that is the reserved name.", &[("__metadata__", "v")]),
        odd("metadata/key-prototype", "A key that objects may have.", &[("__proto__", "v")]),
        odd("metadata/nul-in-value", "A value with U+0000.", &[("k", "a\0b")]),
        odd(
            "metadata/nul-in-key",
            "Two keys that are equal up to U+0000.",
            &[("k\0b", "1"), ("k\0a", "2")],
        ),
        odd("metadata/json-in-value", "A value that is JSON text.", &[("k", r#"{"a":[1,null]}"#)]),
        odd("metadata/null-as-text", "A value that is the word null.", &[("k", "null")]),
        odd("metadata/long-value", "A value of 32,768 characters.", &[("k", &"v".repeat(32_768))]),
        odd(
            "metadata/keys-descending",
            "The keys stand in descending order.",
            &[("z", "1"), ("m", "2"), ("a", "3")],
        ),
        odd(
            "metadata/keys-differ-in-case",
            "Two keys that differ in case.",
            &[("k", "1"), ("K", "2")],
        ),
        odd(
            "metadata/keys-differ-in-normalisation",
            "A composed and a decomposed key.",
            &[("é", "1"), ("e\u{301}", "2")],
        ),
        odd(
            "metadata/version-claimed",
            "A pair that looks like a version of the format.",
            &[("format_version", "9.9")],
        )
        .also([Ver2]),
        odd(
            "metadata/shared-tensors",
            "A pair that some libraries write for shared tensors.",
            &[("lm_head.weight", "w")],
        ),
        accepts(
            "metadata/many-pairs",
            "Some hundred pairs, scattered.",
            [Meta4],
            one().metadata(
                &many().iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(),
            ),
        ),
        odd("metadata/key-constructor", "A key that objects have.", &[("constructor", "v")]),
        odd("metadata/key-own-property", "A key that is a method.", &[("hasOwnProperty", "v")]),
        odd("metadata/key-to-string", "A key that is another method.", &[("toString", "v")]),
        odd("metadata/key-path", "A key that leads out of a folder.", &[("../../etc/passwd", "v")]),
        odd("metadata/key-of-field", "Keys with the names of fields.", FIELDS),
        odd("metadata/key-nul-alone", "A key that is U+0000.", &[("\0", "v")]),
        odd(
            "metadata/key-of-noncharacters",
            "A key of noncharacters.",
            &[("\u{ffff}\u{fdd0}", "v")],
        ),
        odd("metadata/key-right-to-left", "A key of Arabic letters.", &[("إصدار", "v")]),
        odd("metadata/key-beyond-short-characters", "A key of a picture.", &[("😀", "v")]),
        odd("metadata/key-long", "A key of 300 characters.", &[(&"k".repeat(300), "v")]),
        odd(
            "metadata/key-longer-than-portable-name",
            "A key of 256 bytes, to which no limit for names applies.",
            &[(&"k".repeat(256), "v")],
        ),
        odd(
            "metadata/key-begins-another",
            "One key begins the other.",
            &[("k.1", "1"), ("k", "2")],
        ),
        odd(
            "metadata/keys-differ-in-nul",
            "One key is the other and U+0000.",
            &[("k\0", "1"), ("k", "2")],
        ),
        odd(
            "metadata/keys-differ-in-replacement-character",
            "One key has U+FFFD at its end.",
            &[("k\u{fffd}", "1"), ("k", "2")],
        ),
        odd(
            "metadata/keys-differ-in-sharp-s",
            "A sharp s and two letters s.",
            &[("ß", "1"), ("ss", "2")],
        ),
        odd(
            "metadata/keys-differ-in-dotless-i",
            "A capital I and a dotless i.",
            &[("I", "1"), ("ı", "2")],
        ),
        odd(
            "metadata/keys-differ-in-joiner",
            "Two pictures with a joiner between them and without.",
            &[("\u{1f468}\u{200d}\u{1f469}", "1"), ("\u{1f468}\u{1f469}", "2")],
        ),
        odd(
            "metadata/value-of-noncharacters",
            "A value of code points that are no characters.",
            &[("k", "\u{fdd0}\u{fffe}\u{10ffff}")],
        ),
        odd(
            "metadata/value-with-terminal-escape",
            "A value that clears a terminal.",
            &[("k", "\u{1b}[2J")],
        ),
        rejects(
            "metadata/keys-equal-after-replacement",
            "One key has the byte 0xFF where the other has U+FFFD.",
            Txt2,
            "metadata/keys-differ-in-replacement-character",
            one().metadata_text(b"{\"k\xff\":\"1\",\"k\xef\xbf\xbd\":\"2\"}"),
        ),
        rejects(
            "metadata/keys-equal-after-dropping-byte",
            "One key is the other and the byte 0xFF.",
            Txt2,
            "metadata/keys-differ-in-replacement-character",
            one().metadata_text(b"{\"k\xff\":\"1\",\"k\":\"2\"}"),
        ),
    ]
}

fn many() -> Vec<(String, String)> {
    (0..300_u32).map(|place| (format!("key.{}", (place * 211) % 307), place.to_string())).collect()
}
