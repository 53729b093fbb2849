//! Names of tensors, and names that occur twice.
//!
//! Pairs of names that somebody could take for one are in [`alike`], repeated names in [`twice`].

mod alike;
mod twice;

use super::u8s;
use crate::draft::Draft;
use crate::recipe::{Recipe, accepts, rejects};
use spec::RuleId::{Json7, Lim1, Meta3, Name1, Name2, Name3, Name4, Sec1};

const ONE: &str = "layout/one-tensor";

pub(super) fn recipes() -> Vec<Recipe> {
    [odd_names(), nearly_reserved(), long_names(), alike::recipes(), twice::recipes()]
        .into_iter()
        .flatten()
        .collect()
}

/// A tensor of an odd name; the payload follows from the name.
fn odd(id: &str, summary: &str, name: &str) -> Recipe {
    accepts(id, summary, [Name2], Draft::of([u8s(name, &[4])]))
}

fn odd_names() -> Vec<Recipe> {
    vec![
        odd("names/empty", "A name without characters.", "").also([Name1]),
        odd("names/space", "A name that is a space.", " "),
        odd("names/spaces-around", "A name with spaces on both sides.", " w "),
        odd("names/nul-alone", "A name that is U+0000.", "\0").also([Lim1]),
        odd("names/nul-inside", "A name with U+0000 in its middle.", "w\0b").also([Lim1]),
        odd("names/line-feed", "A name of two lines.", "w\nb"),
        odd("names/path-up", "A name that leads out of a folder.", "../../etc/passwd").also([Sec1]),
        odd("names/absolute-path", "A name that is an absolute path.", "/dev/null").also([Sec1]),
        odd("names/windows-device", "A name that is a device on some systems.", r"C:\NUL")
            .also([Sec1]),
        odd("names/dots-and-slashes", "A name with dots and slashes, as models have.", "a.0/b.c"),
        odd("names/prototype", "A name that objects of some languages have.", "__proto__")
            .also([Sec1]),
        odd("names/constructor", "A name that objects of some languages have too.", "constructor")
            .also([Sec1]),
        odd("names/class", "A name that is an attribute in some languages.", "__class__")
            .also([Sec1]),
        odd("names/markup", "A name that is markup of a page.", "<script>alert(1)</script>")
            .also([Sec1]),
        odd("names/format-directive", "A name of format directives.", "%s%n{0}").also([Sec1]),
        odd("names/number", "A name that is a number.", "0"),
        odd("names/null-as-text", "A name that is the word null.", "null"),
        odd("names/quote", "A name that is a quotation mark.", "\""),
        odd("names/reverse-solidus", "A name that is a reverse solidus.", "\\"),
        odd("names/right-to-left", "A name with marks of writing direction.", "w\u{202e}b\u{2066}"),
        odd("names/zero-width", "A name of a character without width.", "\u{200b}"),
        odd("names/field-dtype", "A name that is the name of a field.", "dtype"),
        odd("names/field-data-offsets", "A name that is another field's name.", "data_offsets"),
        odd("names/metadata-in-upper-case", "The reserved name in upper case.", "__METADATA__")
            .also([Name3, Name4]),
        odd("names/metadata-with-space", "The reserved name and a space.", "__metadata__ ")
            .also([Name3, Name4]),
        odd(
            "names/metadata-without-underscore",
            "The reserved name without its first underscore.",
            "_metadata__",
        )
        .also([Name3]),
        odd("names/metadata-with-nul", "The reserved name and U+0000.", "__metadata__\0")
            .also([Name3, Name4, Lim1]),
        odd("names/metadata-with-prefix", "The reserved name behind a dot.", "m.__metadata__")
            .also([Name3]),
        odd(
            "names/metadata-in-fullwidth-signs",
            "The reserved name with signs that a compatible normalisation makes equal.",
            "\u{ff3f}\u{ff3f}metadata\u{ff3f}\u{ff3f}",
        )
        .also([Name3, Name4]),
        odd("names/own-property", "A name of a method that objects have.", "hasOwnProperty")
            .also([Sec1]),
        odd("names/to-string", "A name of another method that objects have.", "toString")
            .also([Sec1]),
        odd("names/path-to-folder-above", "A name that is two dots.", "..").also([Sec1]),
        odd("names/network-path", "A name that is a path on another machine.", r"\\host\share\w")
            .also([Sec1]),
        odd("names/address", "A name that is the address of a file.", "file:///etc/passwd")
            .also([Sec1]),
        odd("names/separator-last", "A name that ends like a folder.", "model/").also([Sec1]),
        odd("names/command", "A name that a shell would run.", "$(id); `id`").also([Sec1]),
        odd("names/terminal-escape", "A name that clears a terminal.", "\u{1b}[2J").also([Sec1]),
        odd("names/right-to-left-text", "A name in Arabic and Hebrew letters.", "وزن.משקל.0"),
        odd("names/emoji-joined", "A name of four pictures that joiners make one.", FAMILY),
        odd(
            "names/emoji-of-letters",
            "A name of two letters that make a flag.",
            "\u{1f1ea}\u{1f1fa}",
        ),
        odd("names/every-noncharacter", "A name of all 66 noncharacters.", &noncharacters()),
        odd("names/combining-mark-alone", "A name that is a mark without its letter.", "\u{301}"),
    ]
}

const FAMILY: &str = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";

/// U+FDD0 to U+FDEF, and the last two code points of each plane.
fn noncharacters() -> String {
    let last_two =
        (0..=16).flat_map(|plane| [plane * 0x1_0000 + 0xfffe, plane * 0x1_0000 + 0xffff]);
    (0xfdd0..=0xfdef).chain(last_two).filter_map(char::from_u32).collect()
}

/// Names that are the reserved name to a careless reader, and the reserved name as a tensor.
fn nearly_reserved() -> Vec<Recipe> {
    let name = |id, summary, name: &str| odd(id, summary, name).also([Name3, Name4]);
    let escaped = r"\u005f_metadata__";
    vec![
        name("names/metadata-in-mixed-case", "The reserved name in mixed case.", "__Metadata__"),
        name(
            "names/metadata-with-foreign-letter",
            "The reserved name with a Cyrillic letter for an a.",
            "__met\u{430}data__",
        ),
        name(
            "names/metadata-with-zero-width",
            "The reserved name behind a character without width.",
            "\u{200b}__metadata__",
        ),
        name(
            "names/metadata-with-byte-order-mark",
            "The reserved name behind U+FEFF.",
            "\u{feff}__metadata__",
        ),
        name(
            "names/metadata-escape-as-text",
            "A name with the characters of an escaped spelling of the reserved name.",
            escaped,
        )
        .also([Json7]),
        rejects(
            "names/metadata-of-tensor-escaped",
            "A tensor without bytes has the reserved name, spelled with an escape.",
            Meta3,
            "layout/zero-size-at-end",
            Draft::of([u8s("w", &[4]), u8s("z", &[0]).name_text(format!("\"{escaped}\""))]),
        )
        .also([Name3, Json7]),
    ]
}

fn long_names() -> Vec<Recipe> {
    vec![
        odd("names/length-at-portable-floor", "A name of 255 bytes.", &"w".repeat(255)),
        odd("names/length-over-portable-floor", "A name of 256 bytes.", &"w".repeat(256))
            .also([Lim1]),
        odd(
            "names/length-over-portable-floor-in-bytes",
            "A name of 128 characters in 256 bytes.",
            &"é".repeat(128),
        )
        .also([Lim1]),
        odd("names/length-near-whole-header", "A name of 60,000 bytes.", &"w".repeat(60_000))
            .also([Lim1]),
        odd("names/length-of-257", "A name of 257 bytes.", &"w".repeat(257)).also([Lim1]),
    ]
}
