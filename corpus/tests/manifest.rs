//! The manifest has the form that its schema publishes, and comes back whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use corpus::manifest::{Expect, FORMAT, Manifest, Named, RowContent, RowEntry};
use corpus::{AREAS, Digest, Operation, Tier};
use serde_json::{Value, json};
use spec::{RuleId, Version};
use std::path::Path;

fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn manifest() -> Value {
    serde_json::from_str(&text("manifest.json")).unwrap()
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&text("manifest.schema.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn the_committed_manifest_fits_its_schema() {
    let (schema, manifest) = (schema(), manifest());
    let errors: Vec<String> = schema
        .iter_errors(&manifest)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn the_schema_refuses_rows_that_are_not_of_the_form() {
    let schema = schema();
    for (pointer, value) in [
        ("/format", json!("other")),
        ("/format_version", json!(2)),
        ("/vectors/0/id", json!("Upper/case")),
        ("/vectors/0/sha256", json!("00")),
        ("/vectors/0/rules", json!([])),
        ("/vectors/0/rules/0", json!("len1")),
        ("/vectors/0/content", json!({"path": "../x.safetensors"})),
        ("/vectors/0/expect", json!({"1.0": "open"})),
        ("/vectors/0/expect", json!({"one": "accept"})),
        ("/vectors/0/size", json!(-1)),
        ("/vectors/0/lenient", json!([])),
    ] {
        let mut doctored = manifest();
        match doctored.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => doctored["vectors"][0]["lenient"] = value,
        }
        assert!(!schema.is_valid(&doctored), "{pointer}");
    }
    for field in ["id", "content", "size", "sha256", "summary", "rules", "expect"] {
        let mut doctored = manifest();
        doctored["vectors"][0].as_object_mut().unwrap().remove(field);
        assert!(!schema.is_valid(&doctored), "{field}");
    }
    for values in [json!({"path": "../x.txt"}), json!({"path": "values/a/b.txt"}), json!(7)] {
        let mut doctored = manifest();
        doctored["vectors"][0]["values"] = values.clone();
        assert!(!schema.is_valid(&doctored), "{values}");
    }
    let mut doctored = manifest();
    doctored["vectors"][0]["verdict"] = json!("pass");
    assert!(!schema.is_valid(&doctored));
}

#[test]
fn the_schema_refuses_sharded_models_that_are_not_of_the_form() {
    let schema = schema();
    let manifest = manifest();
    let rows = manifest["vectors"].as_array().unwrap();
    let at = rows.iter().position(|row| row["id"] == "sharded/links-into-a-cache").unwrap();
    let file =
        json!({"path": "x", "file": "vectors/sharded/a/x", "sha256": "0".repeat(64), "size": 1});
    let with = |field: &str, value: Value| {
        let mut file = file.clone();
        file[field] = value;
        json!({"folder": [file]})
    };
    let doctored = |field: &str, value: Value| {
        let mut doctored = manifest.clone();
        doctored["vectors"][at][field] = value;
        schema.is_valid(&doctored)
    };
    assert!(doctored("content", json!({"folder": [file.clone()]})));
    for (field, value) in [
        ("content", json!({"folder": []})),
        ("content", with("path", json!("/x"))),
        ("content", with("path", json!("a/../x"))),
        ("content", with("path", json!("a//x"))),
        ("content", with("file", json!("vectors/sharded/a/../x"))),
        ("content", with("link", json!("x"))),
        ("content", with("size", json!("1"))),
        ("content", json!({"path": "vectors/layout/one-tensor.safetensors"})),
        ("operation", json!("read")),
        ("size", json!(1)),
        ("demands", rows[0]["demands"].clone()),
        ("advises", json!([])),
    ] {
        assert!(!doctored(field, value.clone()), "{field}: {value}");
    }
    for field in ["index", "operation"] {
        let mut doctored = manifest.clone();
        doctored["vectors"][at].as_object_mut().unwrap().remove(field);
        assert!(!schema.is_valid(&doctored), "{field}");
    }
}

#[test]
fn the_manifest_comes_back_whole() {
    let bytes = text("manifest.json");
    let read: Manifest = serde_json::from_str(&bytes).unwrap();
    assert_eq!(read.format, FORMAT);
    assert_eq!(String::from_utf8(read.to_bytes().unwrap()).unwrap(), bytes);
    assert_eq!(read, Manifest::of(corpus::vectors()));
    assert_eq!(corpus::digest().unwrap(), Digest::of(bytes.as_bytes()));
}

#[test]
fn unknown_fields_and_unknown_rules_are_refused() {
    for (from, to) in [
        ("\"format_version\":1", "\"format_version\":1,\"extra\":0"),
        ("\"DT-1\"", "\"DT-99\""),
        ("\"1.4\":", "\"9.9\":"),
    ] {
        let doctored = text("manifest.json").replacen(from, to, 1);
        assert!(serde_json::from_str::<Manifest>(&doctored).is_err(), "{to}");
    }
}

#[test]
fn rows_say_what_the_vectors_say() {
    let manifest = Manifest::of(corpus::vectors());
    let row = |id: &str| manifest.vectors.iter().find(|row| row.id.as_str() == id).unwrap();

    let f4 = row("dtypes/f4-row");
    assert_eq!(f4.expect[&Named(Version::V1_1)], Expect::Reject(Named(RuleId::Dt2)));
    assert_eq!(f4.expect[&Named(Version::V1_2)], Expect::Accept);
    assert_eq!(f4.tier(), Tier::Stored);

    let giant = row("framing/header-over-maximum");
    assert_eq!((giant.tier(), giant.size), (Tier::Giant, Some(100_000_009)));
    assert!(matches!(&giant.content, RowContent::Pieces(pieces) if pieces.len() == 2));

    let values = row("dtypes/f4-row").values.as_ref().unwrap();
    assert_eq!(values.path, "values/dtypes/f4-row.txt");
    let text =
        corpus::values_text(corpus::vectors().iter().find(|vector| vector.id == f4.id).unwrap());
    assert_eq!(values.sha256, Digest::of(text.unwrap().as_bytes()));
    assert_eq!(giant.values, None);

    let linked = row("sharded/links-into-a-cache");
    assert_eq!((linked.operation, linked.size, linked.sha256), (Operation::ReadIndex, None, None));
    assert_eq!(linked.index.as_deref(), Some("model/model.safetensors.index.json"));
    assert_eq!(linked.advises, [Named(RuleId::Idx8)]);
    let RowContent::Folder(entries) = &linked.content else { panic!("no folder") };
    let link = RowEntry::Link {
        path: "model/model-00001-of-00002.safetensors".to_owned(),
        link: "../blobs/1f0e".to_owned(),
    };
    assert!(entries.contains(&link), "{entries:?}");
    assert_eq!(linked.tier(), Tier::Stored);
    assert_eq!(row("sharded/index-of-over-ten-million-bytes").tier(), Tier::Giant);

    let nested = &row("entries/sequence-with-map-dtype").lenient;
    assert_eq!(nested.len(), 1);
    assert_eq!(nested[0].also_needs, [Named(spec::Leniency::EnumMapDtype)]);
}

#[test]
fn the_readme_lists_every_area() {
    let readme = text("README.md");
    for area in AREAS {
        let row = format!("| `{}` | {} |", area.name, area.about);
        assert!(readme.contains(&row), "add to corpus/README.md:\n{row}");
    }
}
