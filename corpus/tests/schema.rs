//! The schema `spec/header.schema.json` refuses no valid header, and lets pass exactly what it is
//! said not to see, on the vectors and on generated files.
//!
//! As anyone who uses a schema would do it: an ordinary JSON parser first, whose refusal counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "forms/mod.rs"]
mod forms;

use forms::{Sample, findings, generated, header_text, stored_vectors};
use jsonschema::Validator;
use serde_json::{Value, json};
use spec::{File, Leniencies, SCHEMA_BLIND, Version, examine};

const SCHEMA: &str = include_str!("../../spec/header.schema.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn compiled(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).expect("a JSON Schema")
}

fn accepts(schema: &Validator, text: &[u8]) -> bool {
    serde_json::from_slice::<Value>(text).is_ok_and(|header| schema.is_valid(&header))
}

fn judge(schema: &Value, samples: &[Sample]) -> Vec<String> {
    let schema = compiled(schema);
    let mut wrong = findings(samples, SCHEMA_BLIND, |text| accepts(&schema, text));
    for Sample { name, bytes, breaks: _ } in samples {
        let refused = header_text(bytes).is_some_and(|text| !accepts(&schema, text));
        let valid = || examine(File::whole(bytes), Version::V1_4, &Leniencies::none());
        if refused && valid().reading().is_some() {
            wrong.push(format!("refuses {name}, which the oracle accepts"));
        }
    }
    wrong
}

#[test]
fn on_the_vectors_the_schema_sees_what_it_is_said_to_see() {
    assert_eq!(judge(&schema(), &stored_vectors()), [""; 0]);
}

#[test]
fn on_generated_files_the_schema_sees_what_it_is_said_to_see() {
    assert_eq!(judge(&schema(), &generated(100)), [""; 0]);
}

#[test]
fn the_schema_is_one_of_the_draft_that_it_names() {
    jsonschema::draft202012::meta::validate(&schema()).unwrap();
    let misspelled = json!({ "$schema": schema()["$schema"], "type": "objekt" });
    assert!(jsonschema::draft202012::meta::validate(&misspelled).is_err());
}

#[test]
fn of_the_spelling_of_a_number_the_schema_sees_the_value() {
    let schema = compiled(&schema());
    let header = |dim| format!(r#"{{"x":{{"dtype":"U8","shape":[{dim}],"data_offsets":[0,0]}}}}"#);
    for seen in ["-1", "0.5", "1e-1", "1e999", "18446744073709551616"] {
        assert!(!accepts(&schema, header(seen).as_bytes()), "{seen}");
    }
    for unseen in ["1.0", "1e0", "-0", "0", "18446744073709551615"] {
        assert!(accepts(&schema, header(unseen).as_bytes()), "{unseen}");
    }
}

#[test]
fn a_doctored_schema_is_noticed() {
    let samples = generated(100);
    // Where it is doctored, and into what.
    let doctored: [(&str, Value); 13] = [
        ("/properties/__metadata__", json!(true)),
        ("/additionalProperties", json!(true)),
        ("/$defs/metadata/additionalProperties", json!(true)),
        ("/$defs/metadata/type", json!(["object", "null"])),
        ("/$defs/entry/additionalProperties", json!(true)),
        ("/$defs/entry/required", json!(["dtype", "shape"])),
        ("/$defs/entry/type", json!(["object", "array"])),
        ("/$defs/dtype/enum/0", json!("U128")),
        ("/$defs/dtype", json!({ "type": "string", "pattern": "[UIF][0-9]+" })),
        ("/$defs/shape/type", json!(["array", "null"])),
        ("/$defs/data_offsets/minItems", json!(1)),
        ("/$defs/integer/type", json!(["integer", "string"])),
        ("/$defs/integer/maximum", json!((1_u64 << 48) - 1)),
    ];
    for (place, value) in doctored {
        let mut schema = schema();
        *schema.pointer_mut(place).expect(place) = value;
        assert!(!judge(&schema, &samples).is_empty(), "{place} goes unnoticed");
    }
    // With no upper bound, INT-3 would be one more blind spot.
    let mut unbounded = schema();
    unbounded["$defs"]["integer"].as_object_mut().unwrap().remove("maximum");
    assert!(!judge(&unbounded, &samples).is_empty());
}
