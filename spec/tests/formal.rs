//! The formal forms say what the tables say. What they decide is tested with the vectors, in the
//! corpus.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use spec::{
    DTYPES, GRAMMAR_BLIND, LENIENCIES, RULES, RuleId, SCHEMA_BLIND, Version, blind_spots,
    coq_tables, file_musts,
};
use std::path::{Path, PathBuf};

fn path_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path_of(name)).unwrap()
}

/// Compares a file with what it should hold, or writes it if `BLESS` is set.
fn settle(name: &str, fresh: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path_of(name), fresh).unwrap();
    }
    assert!(
        read(name) == fresh,
        "spec/{name} is stale; refresh it with `BLESS=1 cargo test -p spec --test formal`"
    );
}

/// The schema with the dtypes of the table in the one `enum` that it has.
fn with_dtypes_of_the_table(schema: &str) -> String {
    let opening = "\"enum\": [";
    let (before, rest) = schema.split_once(opening).expect("the schema has an enum");
    let (_, after) = rest.split_once(']').expect("the enum ends");
    let names: Vec<String> =
        DTYPES.iter().map(|row| format!("\n        \"{}\"", row.name)).collect();
    format!("{before}{opening}{}\n      ]{after}", names.join(","))
}

#[test]
fn the_schema_lists_the_dtypes_of_the_table() {
    settle("header.schema.json", &with_dtypes_of_the_table(&read("header.schema.json")));
}

#[test]
fn a_schema_with_a_dtype_less_is_noticed() {
    let schema = with_dtypes_of_the_table(&read("header.schema.json"));
    let doctored = schema.replacen("\"BOOL\",", "", 1);
    assert_ne!(doctored, schema);
    assert_ne!(doctored, with_dtypes_of_the_table(&doctored));
}

#[test]
fn the_list_for_people_is_the_list_in_code() {
    settle("blind-spots.md", &blind_spots());
}

#[test]
fn the_tables_of_the_model_are_the_tables_in_code() {
    settle("formal/Tables.v", &coq_tables());
}

#[test]
fn the_tables_of_the_model_have_every_rule_dtype_version_and_leniency() {
    let tables = coq_tables();
    let rules = file_musts().map(|rule| format!("=> \"{}\"", rule.id));
    let dtypes = DTYPES.iter().map(|row| format!("(\"{}\", {}, V1_", row.name, row.bits));
    let versions = Version::ALL.iter().map(|version| format!("=> \"{version}\""));
    let leniencies = LENIENCIES.iter().map(|row| format!("=> \"{}\"", row.name));
    for wanted in rules.chain(dtypes).chain(versions).chain(leniencies) {
        assert_eq!(tables.matches(&wanted).count(), 1, "{wanted}");
    }
}

/// Every rule id that a text cites.
fn cited(text: &str) -> Vec<&str> {
    text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-')
        .filter(|word| {
            word.split_once('-').is_some_and(|(area, number)| {
                area.starts_with(|sign: char| sign.is_ascii_uppercase())
                    && area.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                    && !number.is_empty()
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
        .filter(|word| *word != "UTF-8")
        .collect()
}

/// The comments of the grammar; the rest of it is notation.
fn comments(grammar: &str) -> String {
    grammar.lines().filter_map(|line| line.split_once(';').map(|(_, comment)| comment)).collect()
}

#[test]
fn every_rule_that_a_form_cites_exists() {
    let grammar = comments(&read("header.abnf"));
    let schema = read("header.schema.json");
    for id in cited(&grammar).into_iter().chain(cited(&schema)) {
        assert!(id.parse::<RuleId>().is_ok(), "`{id}` is cited and is not in the table");
    }
}

#[test]
fn a_form_cites_every_rule_that_it_sees() {
    let grammar = comments(&read("header.abnf"));
    let schema = read("header.schema.json");
    for (form, text, blind) in
        [("header.abnf", &grammar, GRAMMAR_BLIND), ("header.schema.json", &schema, SCHEMA_BLIND)]
    {
        // What the parser in front of the schema sees, the schema does not cite.
        let text_layer = RuleId::Txt1..=RuleId::Pad1;
        for rule in file_musts().filter(|rule| !blind.contains(&rule.id)) {
            let left_to_the_parser = form == "header.schema.json" && text_layer.contains(&rule.id);
            assert!(
                left_to_the_parser || cited(text).contains(&rule.id.as_str()),
                "{form} sees {} and does not cite it: cite it there, or say in src/formal.rs why it \
                 is not seen",
                rule.id
            );
        }
    }
}

#[test]
fn blind_spots_are_rules_that_a_file_can_break_in_the_order_of_the_table() {
    for blind in [GRAMMAR_BLIND, SCHEMA_BLIND] {
        assert!(blind.is_sorted(), "out of order");
        for rule in blind {
            assert!(file_musts().any(|known| known.id == *rule), "{rule} binds no file");
        }
    }
    assert!(RULES.iter().map(|rule| rule.id).is_sorted());
}
