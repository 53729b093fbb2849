//! Sharded models: an index, its shards, and what lies around them.
//!
//! Where an index leads out of its directory, there is a file for it to find: a reader that does
//! not check the name opens it, and the tensor in it is the one that is looked for.

use super::{tensor, u8s};
use crate::draft::{Draft, Tensor};
use crate::model::Model;
use crate::recipe::{Recipe, accepts_model, rejects_model};
use spec::RuleId::{
    Idx1, Idx2, Idx3, Idx4, Idx5, Idx6, Idx7, Idx8, Idx9, Idx10, Idx11, Idx12, Idx13, Idx14, Idx15,
    Idx16, Idx17, Idx18, Idx21, Json1, Lay1, Len1, Name1,
};
use spec::{RuleId, Version};

/// The model that most twins are.
const TWO: &str = "sharded/two-shards";

const FIRST: &str = "model-00001-of-00002.safetensors";
const SECOND: &str = "model-00002-of-00002.safetensors";

pub(super) fn recipes() -> Vec<Recipe> {
    [
        shapes(),
        texts(),
        broken_texts(),
        maps(),
        broken_maps(),
        names(),
        names_that_lead_out(),
        endings(),
        links(),
        files(),
        broken_shards(),
        tensors(),
        sizes(),
        numbers(),
        neighbours(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn first() -> Draft {
    Draft::of([tensor("embed", "F32", &[2, 2], 16), u8s("bias", &[4])])
}

fn second() -> Draft {
    Draft::of([tensor("head", "F16", &[2, 3], 12)])
}

/// Two shards in the form in which most models are published.
fn two() -> Model {
    Model::of([(FIRST, first()), (SECOND, second())])
}

/// The same with metadata in the second shard.
fn metadata_in_one() -> Model {
    Model::of([(FIRST, first()), (SECOND, second().metadata(&[("format", "pt")]))])
}

fn accepts<const COUNT: usize>(
    id: &str,
    summary: &str,
    rules: [RuleId; COUNT],
    model: Model,
) -> Recipe {
    accepts_model(id, summary, rules, model.build())
}

/// A model that differs in one fault from the two shards that are valid.
fn rejects(id: &str, summary: &str, rule: RuleId, model: Model) -> Recipe {
    rejects_model(id, summary, rule, TWO, model.build())
}

/// A model that does not follow one recommendation, and breaks nothing.
fn advised(id: &str, summary: &str, rule: RuleId, model: Model) -> Recipe {
    accepts(id, summary, [rule], model).advises([rule])
}

fn shapes() -> Vec<Recipe> {
    vec![
        accepts(
            TWO,
            "Two numbered shards and an index with the total size, as most models are published.",
            [
                Idx1, Idx2, Idx3, Idx4, Idx5, Idx6, Idx7, Idx8, Idx9, Idx10, Idx11, Idx12, Idx13,
                Idx14, Idx15, Idx16, Idx17, Idx18,
            ],
            two(),
        ),
        accepts(
            "sharded/keys-sorted",
            "The keys are sorted, so that tensors of two shards alternate, and the parameters are counted.",
            [Idx3, Idx21],
            two().text(format!(
                "{{\n  \"metadata\": {{\n    \"total_parameters\": 14,\n    \"total_size\": 32\n  }},\n  \
                 \"weight_map\": {{\n    \"bias\": \"{FIRST}\",\n    \"embed\": \"{FIRST}\",\n    \
                 \"head\": \"{SECOND}\"\n  }}\n}}\n"
            )),
        ),
        accepts(
            "sharded/name-of-diffusion-model",
            "The index and the shards have the names of a diffusion model.",
            [Idx16],
            Model::of([
                ("diffusion_pytorch_model-00001-of-00002.safetensors", first()),
                ("diffusion_pytorch_model-00002-of-00002.safetensors", second()),
            ])
            .named("diffusion_pytorch_model.safetensors.index.json"),
        ),
        accepts(
            "sharded/variant-beside-another",
            "A model of the variant fp16 lies beside the single file and a shard of the plain one.",
            [Idx17, Idx18],
            Model::of([
                ("model.fp16-00001-of-00002.safetensors", first()),
                ("model.fp16-00002-of-00002.safetensors", second()),
            ])
            .named("model.fp16.safetensors.index.json")
            .file("model/model.safetensors", &second())
            .file("model/model-00001-of-00003.safetensors", &second()),
        ),
        accepts(
            "sharded/one-shard",
            "The model is split into one shard.",
            [Idx16],
            Model::of([("model-00001-of-00001.safetensors", first())]),
        ),
        accepts(
            "sharded/twelve-shards",
            "Twelve shards hold one tensor each, and the numbers have two digits that count.",
            [Idx16],
            Model::of([
                ("model-00001-of-00012.safetensors", Draft::of([u8s("layer.0", &[3])])),
                ("model-00002-of-00012.safetensors", Draft::of([u8s("layer.1", &[3])])),
                ("model-00003-of-00012.safetensors", Draft::of([u8s("layer.2", &[3])])),
                ("model-00004-of-00012.safetensors", Draft::of([u8s("layer.3", &[3])])),
                ("model-00005-of-00012.safetensors", Draft::of([u8s("layer.4", &[3])])),
                ("model-00006-of-00012.safetensors", Draft::of([u8s("layer.5", &[3])])),
                ("model-00007-of-00012.safetensors", Draft::of([u8s("layer.6", &[3])])),
                ("model-00008-of-00012.safetensors", Draft::of([u8s("layer.7", &[3])])),
                ("model-00009-of-00012.safetensors", Draft::of([u8s("layer.8", &[3])])),
                ("model-00010-of-00012.safetensors", Draft::of([u8s("layer.9", &[3])])),
                ("model-00011-of-00012.safetensors", Draft::of([u8s("layer.10", &[3])])),
                ("model-00012-of-00012.safetensors", Draft::of([u8s("layer.11", &[3])])),
            ]),
        ),
        accepts(
            "sharded/metadata-in-shards",
            "Each shard has metadata of its own, and the index has some more.",
            [Idx14, Idx21],
            Model::of([
                (FIRST, first().metadata(&[("format", "pt"), ("part", "1")])),
                (SECOND, second().metadata(&[("format", "np")])),
            ])
            .metadata(r#"{"total_size": 32, "format": "pt", "saved_by": ["a", {"b": null}]}"#),
        ),
        accepts(
            "sharded/metadata-in-one-shard",
            "The second shard alone has metadata.",
            [Idx13],
            metadata_in_one(),
        ),
        accepts(
            "sharded/zero-size-tensors",
            "A tensor without bytes is mapped, and one shard holds nothing else.",
            [Idx10, Idx15],
            Model::of([
                (FIRST, Draft::of([u8s("embed", &[4]), u8s("none", &[0, 7])])),
                (SECOND, Draft::of([u8s("empty", &[3, 0])])),
            ]),
        ),
        accepts(
            "sharded/names-beyond-ascii",
            "Names of tensors hold letters beyond ASCII, an emoji and the empty string.",
            [Idx10],
            Model::of([
                (FIRST, Draft::of([u8s("größe", &[2]), u8s("", &[3])])),
                (SECOND, Draft::of([u8s("层.0.😀", &[4])])),
            ]),
        ),
        accepts(
            "sharded/keys-escaped",
            "Keys and shard names are spelled with escapes, which mean the plain ones.",
            [Idx3, Idx10],
            two()
                .swap("\"weight_map\"", r#""weight\u005fmap""#)
                .swap("\"embed\"", r#""\u0065mbed""#)
                .swap("\"model-00001", r#""\u006dodel-00001"#),
        ),
    ]
}

fn texts() -> Vec<Recipe> {
    vec![
        accepts(
            "sharded/members-beyond-those",
            "The index has members beside the two, and in `metadata` stands what JSON can say.",
            [Idx21],
            two()
                .swap("\"total_size\"", "\"more\": [1e400, -0.0, {\"k\": {\"k\": true}}],\n    \"total_size\"")
                .swap("{\n", "{\n  \"dtype\": \"F32\",\n  \"weights\": [[], {}],\n"),
        ),
        accepts(
            "sharded/whitespace-around-object",
            "Whitespace of every kind stands before the object and after it.",
            [Idx1],
            two().swap("{", "\r\n\t {").swap("  }\n}\n", "  }\n}\r\n\t "),
        ),
        accepts(
            "sharded/compact",
            "The index has no whitespace at all.",
            [Idx1],
            two().text(format!(
                r#"{{"metadata":{{"total_size":32}},"weight_map":{{"bias":"{FIRST}","embed":"{FIRST}","head":"{SECOND}"}}}}"#
            )),
        ),
        accepts(
            "sharded/index-of-ten-million-bytes",
            "Spaces follow the object, until the index has ten million bytes.",
            [Idx2],
            two().spaces(9_999_788),
        ),
        advised(
            "sharded/index-of-over-ten-million-bytes",
            "Ten million spaces follow the object.",
            Idx2,
            two().spaces(10_000_000),
        ),
    ]
}

fn broken_texts() -> Vec<Recipe> {
    let twice = |id: &str, summary: &str, from: &str, to: String| {
        rejects(id, summary, Idx1, two().swap(from, to)).also([Name1])
    };
    vec![
        rejects(
            "sharded/index-cut-in-a-string",
            "The index ends in the middle of a shard name.",
            Idx1,
            two().swap("00002.safetensors\"\n  }\n}\n", "000"),
        )
        .also([Json1]),
        rejects(
            "sharded/index-cut-after-a-comma",
            "The index ends where the second tensor should stand.",
            Idx1,
            two().text(format!("{{\n  \"weight_map\": {{\n    \"bias\": \"{FIRST}\",\n")),
        ),
        rejects("sharded/index-empty", "The index has no bytes.", Idx1, two().text("")),
        rejects(
            "sharded/index-byte-order-mark",
            "The index begins with a byte order mark.",
            Idx1,
            two().swap("{", "\u{feff}{"),
        ),
        rejects(
            "sharded/index-not-utf8",
            "A name in `metadata` is Latin-1.",
            Idx1,
            two().swap("\"total_size\"", b"\"f\xfcr\": 1, \"total_size\""),
        ),
        rejects(
            "sharded/index-utf16",
            "The index is UTF-16.",
            Idx1,
            two().text(
                "{\"weight_map\":{}}"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<u8>>(),
            ),
        ),
        rejects(
            "sharded/index-an-array",
            "The index is an array that holds the object.",
            Idx1,
            two().swap("{\n  \"metadata\"", "[{\n  \"metadata\"").swap("  }\n}\n", "  }\n}]\n"),
        ),
        rejects(
            "sharded/index-two-objects",
            "A second, empty object follows the first.",
            Idx1,
            two().swap("  }\n}\n", "  }\n}\n{}\n"),
        ),
        rejects(
            "sharded/index-trailing-comma",
            "A comma follows the last tensor.",
            Idx1,
            two().swap("00002-of-00002.safetensors\"\n", "00002-of-00002.safetensors\",\n"),
        ),
        rejects(
            "sharded/index-comment",
            "A comment stands in the index.",
            Idx1,
            two().swap("{\n", "{\n  // written by hand\n"),
        ),
        rejects(
            "sharded/index-not-a-number",
            "A value in `metadata` is NaN.",
            Idx1,
            two().swap("\"total_size\"", "\"loss\": NaN, \"total_size\""),
        ),
        rejects(
            "sharded/index-lone-surrogate",
            "A string in `metadata` is an escaped surrogate alone.",
            Idx1,
            two().swap("\"total_size\"", r#""note": "\ud800", "total_size""#),
        ),
        twice(
            "sharded/tensor-twice-in-two-shards",
            "A tensor is a key twice, first with the shard that it is not in.",
            "\"bias\"",
            format!("\"embed\": \"{SECOND}\",\n    \"bias\""),
        ),
        twice(
            "sharded/tensor-twice-in-one-shard",
            "A tensor is a key twice, with the same shard.",
            "\"head\"",
            format!("\"embed\": \"{FIRST}\",\n    \"head\""),
        ),
        twice(
            "sharded/tensor-twice-after-unescaping",
            "A tensor is a key twice, once with an escape.",
            "\"head\"",
            format!("\"\\u0065mbed\": \"{FIRST}\",\n    \"head\""),
        ),
        twice(
            "sharded/map-twice",
            "There are two members `weight_map`, the first of them empty.",
            "{\n",
            "{\n  \"weight_map\": {},\n".to_owned(),
        ),
        rejects(
            "sharded/map-twice-in-full",
            "There are two members `weight_map`, and the last one leads out of the directory.",
            Idx1,
            two()
                .swap(
                    "  }\n}\n",
                    "  },\n  \"weight_map\": {\"embed\": \"../outside.safetensors\"}\n}\n",
                )
                .file("outside.safetensors", &first()),
        )
        .also([Name1]),
        twice(
            "sharded/total-size-twice",
            "The total size stands twice in `metadata`.",
            "\"total_size\"",
            "\"total_size\": 1, \"total_size\"".to_owned(),
        ),
        twice(
            "sharded/repeated-key-far-down",
            "A key is repeated in an object three levels down, in a member of no meaning.",
            "{\n",
            "{\n  \"x\": [{\"y\": {\"k\": 1, \"k\": 1}}],\n".to_owned(),
        ),
    ]
}

fn maps() -> Vec<Recipe> {
    vec![
        advised(
            "sharded/map-empty",
            "The `weight_map` is empty, and there is no shard.",
            Idx4,
            Model::of([]),
        ),
        advised(
            "sharded/metadata-absent",
            "The index has no member `metadata`.",
            Idx14,
            two().swap("\"metadata\": {\n    \"total_size\": 32\n  },\n  ", ""),
        ),
        advised(
            "sharded/metadata-null",
            "The member `metadata` is null.",
            Idx14,
            two().metadata("null"),
        ),
        advised(
            "sharded/metadata-a-list",
            "The member `metadata` is an array of pairs.",
            Idx14,
            two().metadata("[[\"total_size\", 32]]"),
        ),
        accepts(
            "sharded/metadata-empty",
            "The member `metadata` is an empty object.",
            [Idx14, Idx15],
            two().metadata("{}"),
        ),
    ]
}

fn broken_maps() -> Vec<Recipe> {
    let head = format!("\"head\": \"{SECOND}\"");
    let value = |id: &str, summary: &str, value: &str| {
        rejects(id, summary, Idx3, two().swap(&head, format!("\"head\": {value}")))
    };
    let map = |id: &str, summary: &str, text: &str| rejects(id, summary, Idx3, two().text(text));
    vec![
        map("sharded/map-absent", "The index has no `weight_map`.", "{\"metadata\": {}}\n"),
        rejects(
            "sharded/map-under-another-key",
            "The map stands under the key `weightMap`.",
            Idx3,
            two().swap("weight_map", "weightMap"),
        ),
        rejects(
            "sharded/map-inside-metadata",
            "The map stands inside of `metadata`.",
            Idx3,
            two()
                .swap("32\n  },\n  \"weight_map\"", "32,\n  \"weight_map\"")
                .swap("  }\n}\n", "  }}}\n"),
        ),
        map(
            "sharded/map-null",
            "The `weight_map` is null.",
            "{\"metadata\": {}, \"weight_map\": null}\n",
        ),
        map(
            "sharded/map-an-array",
            "The `weight_map` is an array of pairs.",
            &format!("{{\"metadata\": {{}}, \"weight_map\": [[\"head\", \"{SECOND}\"]]}}\n"),
        ),
        map(
            "sharded/map-a-string",
            "The `weight_map` is the name of a file.",
            &format!("{{\"metadata\": {{}}, \"weight_map\": \"{FIRST}\"}}\n"),
        ),
        value("sharded/shard-null", "The shard of a tensor is null.", "null"),
        value("sharded/shard-a-number", "The shard of a tensor is its number.", "2"),
        value(
            "sharded/shard-a-list",
            "The shard of a tensor is an array with the name in it.",
            &format!("[\"{SECOND}\"]"),
        ),
        value(
            "sharded/shard-an-object",
            "The shard of a tensor is an object with the name in it.",
            &format!("{{\"file\": \"{SECOND}\"}}"),
        ),
        rejects_model(
            "sharded/reserved-name-in-map",
            "The `weight_map` maps `__metadata__` to a shard that has metadata.",
            Idx13,
            "sharded/metadata-in-one-shard",
            metadata_in_one()
                .swap("\"head\"", format!("\"__metadata__\": \"{SECOND}\",\n    \"head\""))
                .build(),
        ),
        rejects_model(
            "sharded/reserved-name-escaped-in-map",
            "The `weight_map` maps `__metadata__`, spelled with an escape, to a shard that has it.",
            Idx13,
            "sharded/metadata-in-one-shard",
            metadata_in_one()
                .swap("\"head\"", format!("\"\\u005f_metadata__\": \"{SECOND}\",\n    \"head\""))
                .build(),
        ),
        rejects(
            "sharded/reserved-name-leads-out",
            "The `weight_map` maps `__metadata__` to a file outside of the directory.",
            Idx13,
            two()
                .swap("\"head\"", "\"__metadata__\": \"../outside.safetensors\",\n    \"head\"")
                .file("outside.safetensors", &second()),
        ),
        rejects(
            "sharded/reserved-name-with-metadata",
            "The `weight_map` has a member `__metadata__` with an object, as a header would.",
            Idx13,
            two().swap("\"head\"", "\"__metadata__\": {\"format\": \"pt\"},\n    \"head\""),
        ),
    ]
}

fn names() -> Vec<Recipe> {
    vec![
        advised(
            "sharded/shards-in-subdirectory",
            "The shards lie in a directory below that of the index.",
            Idx6,
            Model::of([
                ("parts/model-00001-of-00002.safetensors", first()),
                ("parts/model-00002-of-00002.safetensors", second()),
            ]),
        )
        .also([Idx5, Idx7]),
        advised(
            "sharded/shards-behind-backslash",
            r"The shards lie in a directory below, and the index names them with `\`.",
            Idx6,
            Model::of([
                ("parts/model-00001-of-00002.safetensors", first()),
                ("parts/model-00002-of-00002.safetensors", second()),
            ])
            .swap("parts/", r"parts\\")
            .swap("parts/", r"parts\\")
            .swap("parts/", r"parts\\"),
        )
        .also([Idx5, Idx7]),
        advised(
            "sharded/name-with-dot-component",
            "A shard name begins with `./`.",
            Idx6,
            two().swap(SECOND, format!("./{SECOND}")),
        )
        .also([Idx5])
        .advises([Idx16]),
        advised(
            "sharded/name-with-empty-component",
            "A shard name has two slashes in a row.",
            Idx6,
            Model::of([(FIRST, first()), ("parts/model-00002-of-00002.safetensors", second())])
                .swap("parts/", "parts//"),
        )
        .also([Idx5])
        .advises([Idx16]),
        accepts(
            "sharded/name-with-dots",
            "Shard names begin with two dots, and no component is `..`.",
            [Idx5],
            Model::of([
                ("..a-00001-of-00002.safetensors", first()),
                ("..a-00002-of-00002.safetensors", second()),
            ]),
        ),
        advised(
            "sharded/underscore-before-number",
            "An underscore stands before the number of each shard.",
            Idx16,
            Model::of([
                ("model_00001-of-00002.safetensors", first()),
                ("model_00002-of-00002.safetensors", second()),
            ]),
        ),
        advised(
            "sharded/names-counted-from-zero",
            "The shards are `shard_00` and `shard_01`.",
            Idx16,
            Model::of([("shard_00.safetensors", first()), ("shard_01.safetensors", second())]),
        ),
        advised(
            "sharded/names-of-layers",
            "Each shard is named after its layer.",
            Idx16,
            Model::of([("embed.safetensors", first()), ("layer_1.safetensors", second())]),
        ),
    ]
}

/// A model whose second shard is named by this JSON string, with the same shard at each of these
/// paths of the folder, for a reader that does not look closely.
fn lured(id: &str, summary: &str, name: &str, lures: &[&str]) -> Recipe {
    let model = two().swap(&format!("\"{SECOND}\""), format!("\"{name}\""));
    let model = lures.iter().fold(model, |model, path| model.file(path, &second()));
    rejects(id, summary, Idx5, model)
}

fn names_that_lead_out() -> Vec<Recipe> {
    vec![
        lured(
            "sharded/name-climbs-posix",
            "A shard name leads to the directory above with `../`.",
            "../outside.safetensors",
            &["outside.safetensors"],
        ),
        lured(
            "sharded/name-climbs-windows",
            r"A shard name leads to the directory above with `..\`.",
            r"..\\outside.safetensors",
            &["outside.safetensors", r"model/..\outside.safetensors"],
        ),
        lured(
            "sharded/name-climbs-mixed",
            r"A shard name goes down with `/` and up with `\`.",
            r"parts/..\\..\\outside.safetensors",
            &["outside.safetensors", r"model/parts/..\..\outside.safetensors"],
        ),
        lured(
            "sharded/name-climbs-and-returns",
            "A shard name climbs out of the directory and comes back into it.",
            &format!("../model/{SECOND}"),
            &[],
        ),
        lured(
            "sharded/name-climbs-within",
            "A shard name has a component `..` and never leaves the directory.",
            &format!("parts/../{SECOND}"),
            &["model/parts/other.safetensors"],
        ),
        lured(
            "sharded/name-climbs-escaped",
            "The dots and the slash of `../` are spelled with escapes.",
            r"\u002e\u002e\u002foutside.safetensors",
            &["outside.safetensors"],
        ),
        lured(
            "sharded/name-climbs-at-end",
            "The last component of a shard name is `..`.",
            "parts/..",
            &["model/parts/other.safetensors"],
        ),
        lured(
            "sharded/name-absolute-posix",
            "A shard name begins with a slash.",
            "/outside.safetensors",
            &["model/outside.safetensors", "outside.safetensors"],
        ),
        lured(
            "sharded/name-absolute-windows",
            "A shard name begins with a backslash.",
            r"\\outside.safetensors",
            &["model/outside.safetensors", r"model/\outside.safetensors"],
        ),
        lured(
            "sharded/name-drive",
            "A shard name begins with a drive and a backslash.",
            r"C:\\outside.safetensors",
            &[r"model/C:\outside.safetensors"],
        ),
        lured(
            "sharded/name-drive-with-slash",
            "A shard name begins with a drive and a slash.",
            "C:/outside.safetensors",
            &["model/C:/outside.safetensors"],
        ),
        lured(
            "sharded/name-drive-without-root",
            "A shard name begins with a drive in lower case and has no root.",
            "c:outside.safetensors",
            &["model/c:outside.safetensors"],
        ),
        lured(
            "sharded/name-drive-behind-dot",
            "A shard name begins with `./`, behind which a drive stands.",
            "./C:outside.safetensors",
            &["model/C:outside.safetensors"],
        ),
        lured(
            "sharded/name-unc",
            "A shard name begins with a host and a share.",
            r"\\\\host\\share\\outside.safetensors",
            &[r"model/\\host\share\outside.safetensors"],
        ),
        lured(
            "sharded/name-unc-with-slashes",
            "A shard name begins with a host and a share, in slashes.",
            "//host/share/outside.safetensors",
            &["model/host/share/outside.safetensors"],
        ),
        lured(
            "sharded/name-device-path",
            r"A shard name begins with `\\?\`, behind which Windows checks nothing.",
            r"\\\\?\\C:\\outside.safetensors",
            &[r"model/\\?\C:\outside.safetensors"],
        ),
        lured(
            "sharded/name-with-nul",
            "A shard name holds U+0000 behind the name of the shard.",
            &format!(r"{SECOND}\u0000.safetensors"),
            &[],
        ),
    ]
}

fn endings() -> Vec<Recipe> {
    vec![
        lured("sharded/name-empty", "A shard name is the empty string.", "", &[]),
        lured(
            "sharded/name-of-pickle",
            "A shard name ends in `.bin`, and the file is there.",
            "model-00002-of-00002.bin",
            &["model/model-00002-of-00002.bin"],
        ),
        rejects(
            "sharded/name-ending-in-capitals",
            "The ending of a shard name is in capitals, and so is that of the file.",
            Idx5,
            two()
                .without(SECOND)
                .file("model/model-00002-of-00002.SAFETENSORS", &second())
                .swap(SECOND, "model-00002-of-00002.SAFETENSORS"),
        ),
        lured(
            "sharded/name-with-space-behind",
            "A space follows the ending of a shard name.",
            &format!("{SECOND} "),
            &[&format!("model/{SECOND} ")],
        ),
        lured(
            "sharded/name-with-dot-behind",
            "A dot follows the ending of a shard name.",
            &format!("{SECOND}."),
            &[&format!("model/{SECOND}.")],
        ),
        lured(
            "sharded/name-with-slash-behind",
            "A slash follows the ending of a shard name.",
            &format!("{SECOND}/"),
            &[],
        ),
    ]
}

fn links() -> Vec<Recipe> {
    vec![
        advised(
            "sharded/links-into-a-cache",
            "Both shards are links to files in a directory beside that of the index, as in a cache of downloads.",
            Idx8,
            two()
                .without(FIRST)
                .without(SECOND)
                .file("blobs/1f0e", &first())
                .file("blobs/2d4c", &second())
                .link(&format!("model/{FIRST}"), "../blobs/1f0e")
                .link(&format!("model/{SECOND}"), "../blobs/2d4c"),
        )
        .also([Idx7]),
        advised(
            "sharded/directory-linked-from-outside",
            "The shards lie in a directory that is a link to one outside.",
            Idx6,
            Model::of([
                ("parts/model-00001-of-00002.safetensors", first()),
                ("parts/model-00002-of-00002.safetensors", second()),
            ])
            .without("parts/model-00001-of-00002.safetensors")
            .without("parts/model-00002-of-00002.safetensors")
            .file(&format!("elsewhere/{FIRST}"), &first())
            .file(&format!("elsewhere/{SECOND}"), &second())
            .link("model/parts", "../elsewhere"),
        )
        .advises([Idx8])
        .also([Idx8]),
        accepts(
            "sharded/link-within-directory",
            "A shard is a link to a file in the directory of the index.",
            [Idx7, Idx8],
            two()
                .without(SECOND)
                .file("model/head.safetensors", &second())
                .link(&format!("model/{SECOND}"), "head.safetensors"),
        ),
        rejects(
            "sharded/link-to-nothing",
            "A shard is a link that leads to nothing.",
            Idx7,
            two().without(SECOND).link(&format!("model/{SECOND}"), "../blobs/2d4c"),
        ),
    ]
}

fn files() -> Vec<Recipe> {
    vec![
        rejects(
            "sharded/shard-missing",
            "The second shard is not there.",
            Idx7,
            two().without(SECOND),
        ),
        rejects(
            "sharded/shard-missing-beside-single-file",
            "The second shard is not there, and the single file holds all tensors.",
            Idx7,
            two().without(SECOND).file("model/model.safetensors", &whole()),
        ),
        rejects(
            "sharded/shard-outside-only",
            "The second shard lies in the directory above, and its name does not lead there.",
            Idx7,
            two().without(SECOND).file(SECOND, &second()),
        ),
        rejects(
            "sharded/shard-a-directory",
            "At the path of the second shard is a directory, with the shard in it.",
            Idx7,
            two().without(SECOND).file(&format!("model/{SECOND}/{SECOND}"), &second()),
        ),
    ]
}

fn broken_shards() -> Vec<Recipe> {
    let broken = |id: &str, summary: &str, draft: Draft| {
        rejects(id, summary, Idx9, two().file(&format!("model/{SECOND}"), &draft).without(SECOND))
    };
    vec![
        broken("sharded/shard-empty", "The second shard has no bytes.", Draft::raw(""))
            .also([Len1]),
        broken(
            "sharded/shard-cut-off",
            "The last byte of the second shard is missing.",
            second().cut_off(1),
        )
        .also([Lay1]),
        broken(
            "sharded/shard-with-repeated-name",
            "The second shard holds one name twice, which readers take for one tensor.",
            Draft::of([tensor("head", "F16", &[2, 3], 12), u8s("head", &[8])]),
        )
        .also([Name1]),
        broken(
            "sharded/shard-a-pointer",
            "The second shard is the small text that stands for a file not yet fetched.",
            Draft::raw("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n"),
        ),
        rejects(
            "sharded/invalid-shard-not-asked-for-tensors",
            "The second shard is invalid, and would hold a tensor of the first one.",
            Idx9,
            two().without(SECOND).file(
                &format!("model/{SECOND}"),
                &Draft::of([tensor("head", "F16", &[2, 3], 12), u8s("bias", &[6])]).append("x"),
            ),
        ),
        accepts(
            "sharded/shard-of-newer-version",
            "The second shard holds a tensor of C64, which came with format version 1.3.",
            [Idx9],
            Model::of([(FIRST, first()), (SECOND, Draft::of([tensor("head", "C64", &[2], 16)]))]),
        )
        .since(Version::V1_3)
        .twin(TWO),
    ]
}

/// All tensors of the two shards in one file.
fn whole() -> Draft {
    Draft::of([
        tensor("embed", "F32", &[2, 2], 16),
        u8s("bias", &[4]),
        tensor("head", "F16", &[2, 3], 12),
    ])
}

/// A tensor of the given name that differs from the one that [`u8s`] makes.
fn another(name: &str) -> Tensor {
    Tensor::new(name, "U8", &[4], &[201, 203, 205, 207])
}

fn tensors() -> Vec<Recipe> {
    vec![
        rejects(
            "sharded/tensor-in-other-shard",
            "A tensor is mapped to the second shard and is in the first one.",
            Idx10,
            two().swap(&format!("\"bias\": \"{FIRST}\""), format!("\"bias\": \"{SECOND}\"")),
        ),
        rejects(
            "sharded/shards-swapped",
            "All tensors are mapped to the shard that they are not in.",
            Idx10,
            Model::of([(FIRST, second()), (SECOND, first())]).text(format!(
                r#"{{"metadata":{{"total_size":32}},"weight_map":{{"bias":"{FIRST}","embed":"{FIRST}","head":"{SECOND}"}}}}"#
            )),
        ),
        rejects(
            "sharded/tensor-in-no-shard",
            "A tensor is mapped and is in no shard.",
            Idx10,
            two().swap("\"head\"", format!("\"gone\": \"{SECOND}\",\n    \"head\"")),
        ),
        rejects(
            "sharded/tensor-under-other-case",
            "A tensor is mapped under a name that differs from its own in the case of a letter.",
            Idx10,
            two().swap("\"head\"", "\"Head\""),
        ),
        rejects(
            "sharded/tensor-under-other-normalisation",
            "A tensor is mapped under a name that is another sequence of code points and looks the same.",
            Idx10,
            Model::of([(FIRST, first()), (SECOND, Draft::of([u8s("é", &[12])]))])
                .swap("\"é\"", "\"e\u{301}\""),
        ),
        rejects(
            "sharded/tensor-in-two-shards",
            "A tensor is in both shards with different bytes, and mapped to the first.",
            Idx12,
            Model::of([(FIRST, first()), (SECOND, second())])
                .without(SECOND)
                .file(
                    &format!("model/{SECOND}"),
                    &Draft::of([tensor("head", "F16", &[2, 3], 12), another("bias")]),
                ),
        ),
        rejects(
            "sharded/unmapped-tensor-in-two-shards",
            "A tensor that is not mapped is in both shards.",
            Idx12,
            Model::of([
                (FIRST, Draft::of([tensor("embed", "F32", &[2, 2], 16), u8s("bias", &[4])])),
                (SECOND, Draft::of([tensor("head", "F16", &[2, 3], 12), another("bias")])),
            ])
            .unmapped("bias"),
        ),
        rejects(
            "sharded/one-file-under-two-names",
            "One file is named in two ways, and so is two shards with the same tensors.",
            Idx12,
            two().swap(&format!("\"bias\": \"{FIRST}\""), format!("\"bias\": \"./{FIRST}\"")),
        ),
        advised(
            "sharded/tensor-not-mapped",
            "A tensor of the second shard is not in the `weight_map`.",
            Idx11,
            Model::of([
                (FIRST, first()),
                (SECOND, Draft::of([tensor("head", "F16", &[2, 3], 12), u8s("extra", &[4])])),
            ])
            .unmapped("extra"),
        ),
        accepts(
            "sharded/other-file-with-same-tensor",
            "A file that the index does not name holds a tensor of the model with other bytes.",
            [Idx12],
            two().file("model/adapter.safetensors", &Draft::of([another("bias")])),
        ),
    ]
}

fn sizes() -> Vec<Recipe> {
    let size = |id: &str, summary: &str, spelled: &str| {
        advised(
            id,
            summary,
            Idx15,
            two().swap("\"total_size\": 32", format!("\"total_size\": {spelled}")),
        )
    };
    let files = first().to_bytes().len() + second().to_bytes().len();
    vec![
        size("sharded/total-size-too-small", "The total size is one byte too small.", "31"),
        size(
            "sharded/total-size-of-files",
            "The total size is the sum of the lengths of the files.",
            &files.to_string(),
        ),
        size("sharded/total-size-negative", "The total size is negative.", "-32"),
        size("sharded/total-size-with-fraction", "The total size is spelled as 32.0.", "32.0"),
        size("sharded/total-size-with-exponent", "The total size is spelled as 32e0.", "32e0"),
        size("sharded/total-size-a-string", "The total size is a string of digits.", "\"32\""),
        size("sharded/total-size-null", "The total size is null.", "null"),
        size(
            "sharded/total-size-beyond-a-word",
            "The total size is 2^64 + 32, which wraps to the right one.",
            "18446744073709551648",
        ),
        advised(
            "sharded/total-size-with-unmapped-tensor",
            "The total size counts a tensor that is not mapped.",
            Idx11,
            Model::of([
                (FIRST, first()),
                (SECOND, Draft::of([tensor("head", "F16", &[2, 3], 12), u8s("extra", &[5])])),
            ])
            .unmapped("extra")
            .metadata("{\"total_size\": 37}"),
        )
        .advises([Idx15])
        .also([Idx15]),
    ]
}

fn numbers() -> Vec<Recipe> {
    let named = |id: &str, summary: &str, names: [&str; 2]| {
        advised(id, summary, Idx16, Model::of([(names[0], first()), (names[1], second())]))
    };
    vec![
        named(
            "sharded/number-missing",
            "The shards say that they are the first and the third of three.",
            ["model-00001-of-00003.safetensors", "model-00003-of-00003.safetensors"],
        ),
        named(
            "sharded/numbers-from-zero",
            "The numbers of the shards begin with 0.",
            ["model-00000-of-00002.safetensors", "model-00001-of-00002.safetensors"],
        ),
        named(
            "sharded/numbers-of-four-digits",
            "The numbers of the shards have four digits.",
            ["model-0001-of-0002.safetensors", "model-0002-of-0002.safetensors"],
        ),
        named(
            "sharded/two-prefixes",
            "The two shards have different prefixes.",
            ["encoder-00001-of-00002.safetensors", "decoder-00002-of-00002.safetensors"],
        ),
    ]
}

fn neighbours() -> Vec<Recipe> {
    let other = || Draft::of([another("bias")]);
    let in_parts = || {
        Model::of([
            ("parts/model-00001-of-00002.safetensors", first()),
            ("parts/model-00002-of-00002.safetensors", second()),
        ])
    };
    vec![
        advised(
            "sharded/shard-left-over",
            "A third shard of the same prefix is left from an earlier save.",
            Idx17,
            two().file("model/model-00003-of-00003.safetensors", &other()),
        ),
        advised(
            "sharded/shard-left-over-in-subdirectory",
            "The shards lie in a directory below, beside one that is left from an earlier save.",
            Idx6,
            in_parts().file("model/parts/model-00003-of-00003.safetensors", &other()),
        )
        .advises([Idx17])
        .also([Idx17]),
        advised(
            "sharded/shard-left-over-above-shards",
            "A shard of an earlier save lies beside the index, and the shards in a directory below.",
            Idx6,
            in_parts().file("model/model-00003-of-00003.safetensors", &other()),
        )
        .also([Idx17]),
        advised(
            "sharded/prefix-empty",
            "Nothing stands before the numbers of the shards but a hyphen, and one is left over.",
            Idx17,
            Model::of([
                ("-00001-of-00002.safetensors", first()),
                ("-00002-of-00002.safetensors", second()),
            ])
            .file("model/-00003-of-00003.safetensors", &other()),
        )
        .also([Idx16]),
        accepts(
            "sharded/index-of-other-ending-beside-file",
            "The name of the index ends in `.index`, and without that it is the name of a file.",
            [Idx18],
            two()
                .named("model.safetensors.index")
                .file("model/model.safetensors", &other()),
        ),
        accepts(
            "sharded/shard-of-other-prefix",
            "A shard of another prefix lies beside the model.",
            [Idx17],
            two().file("model/optimizer-00001-of-00001.safetensors", &Draft::of([another("m")])),
        ),
        advised(
            "sharded/single-file-beside-index",
            "The single file lies beside the index, and holds other bytes under the same names.",
            Idx18,
            two().file(
                "model/model.safetensors",
                &Draft::of([
                    tensor("embed", "F32", &[2, 2], 16),
                    another("bias"),
                    tensor("head", "F16", &[2, 3], 12),
                ]),
            ),
        ),
    ]
}
