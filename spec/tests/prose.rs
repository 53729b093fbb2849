//! The documents and the tables of the code say the same.
//!
//! Each check is a function over text, in [`text`]; here it is applied to the documents, and to
//! doctored text in which it has to fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod text;

use spec::{RULES, tables};
use std::path::{Path, PathBuf};
use text::{
    Theorem, block_of, blocks, check_decisions, check_dumps, check_key_words, check_leniencies,
    check_mentions, check_names, check_rules, check_table, check_theorems, dump_bytes, dumps,
    encodings, theorems, with_table,
};

const SPEC: &str = "spec/safetensors.md";
const DECISIONS: &str = "spec/decisions.md";
const GUARANTEE: &str = "spec/guarantee.md";
const VERSIONS: &str = "spec/versions.md";
const GOVERNANCE: &str = "GOVERNANCE.md";
const QUESTIONS: usize = 72;

const DOCUMENTS: &[&str] = &[SPEC, DECISIONS, GUARANTEE, VERSIONS, GOVERNANCE];

/// A generated table: the document it stands in, its name there, and what makes it.
struct Generated {
    document: &'static str,
    name: &'static str,
    table: fn() -> String,
}

const TABLES: &[Generated] = &[
    Generated { document: SPEC, name: "dtypes", table: tables::dtype_table },
    Generated { document: SPEC, name: "leniencies", table: tables::leniency_table },
    Generated { document: SPEC, name: "limits", table: tables::limit_table },
    Generated { document: VERSIONS, name: "vocabulary", table: tables::vocabulary_table },
    Generated { document: GUARANTEE, name: "theorems", table: theorem_table },
];

fn path(document: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(document)
}

fn read(document: &str) -> String {
    std::fs::read_to_string(path(document))
        .unwrap_or_else(|error| panic!("cannot read {document}: {error}"))
}

/// Writes a document by way of a new file, since other tests read it meanwhile.
fn replace(document: &str, text: &str) {
    let fresh = path(document).with_extension("md.new");
    std::fs::write(&fresh, text).unwrap();
    std::fs::rename(&fresh, path(document)).unwrap();
}

fn assert_none(document: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{document}:\n{}", complaints.join("\n"));
}

fn holds(file: &[u8], word: &str) -> bool {
    file.windows(word.len()).any(|window| window == word.as_bytes())
}

/// The theorems of the model, each with what it says in words.
fn theorem_table() -> String {
    let source = read("spec/formal/Guarantee.v");
    let rows = theorems(&source).unwrap().into_iter().map(|Theorem { name, about, sentence }| {
        format!("| {about} | {} | `{name}` |\n", sentence.replace('|', "\\|"))
    });
    format!("| about | what is proved | theorem |\n|---|---|---|\n{}", rows.collect::<String>())
}

/// A text that carries every rule as it should.
fn whole_text() -> String {
    RULES.iter().map(block_of).collect()
}

// The documents.

#[test]
fn the_text_has_the_rules_of_the_table_in_its_order_and_words() {
    assert_none(SPEC, &check_rules(&read(SPEC)));
}

#[test]
fn key_words_stand_in_rules_only() {
    for document in DOCUMENTS {
        assert_none(document, &check_key_words(&read(document)));
    }
}

#[test]
fn every_rule_that_a_document_mentions_exists() {
    for document in DOCUMENTS {
        assert_none(document, &check_mentions(&read(document)));
    }
}

#[test]
fn every_leniency_and_limit_that_a_document_names_exists() {
    for document in DOCUMENTS {
        assert_none(document, &check_names(&read(document)));
    }
}

#[test]
fn every_relaxed_rule_names_its_leniency() {
    assert_none(SPEC, &check_leniencies(&read(SPEC)));
}

#[test]
fn every_question_is_decided_once_and_by_rules_that_exist() {
    assert_none(DECISIONS, &check_decisions(&read(DECISIONS), QUESTIONS));
}

#[test]
fn every_dump_is_what_the_text_says_of_it() {
    let text = read(SPEC);
    assert!(text.contains("```hexdump valid"), "the text shows no file");
    assert_none(SPEC, &check_dumps(&text));
}

#[test]
fn the_worked_example_of_packing_keeps_val_4_and_val_5() {
    let text = read(SPEC);
    let file = dumps(&text).into_iter().find(|file| holds(file, "F6_E2M3")).unwrap();
    let (four, six) = file[file.len() - 5..].split_at(2);
    let four: Vec<u8> = (0..4).map(|i| (four[i / 2] >> (4 * (i % 2))) & 0xF).collect();
    let bit = |b: usize| (six[b / 8] >> (b % 8)) & 1;
    let six: Vec<u8> = (0..4).map(|k| (0..6).map(|j| bit(6 * k + j) << j).sum()).collect();
    assert_eq!(encodings(&text), [four, six]);
}

#[test]
fn the_canonical_example_shows_one_header_twice() {
    let text = read(SPEC);
    let file = dumps(&text).into_iter().find(|file| holds(file, "__metadata__")).unwrap();
    let header_len = usize::from(file[0]) + 256 * usize::from(file[1]);
    let object = str::from_utf8(&file[8..8 + header_len]).unwrap().trim_end_matches(' ');
    assert!(text.contains(&format!("```json\n{object}\n```")), "the text lacks {object}");
    assert!(text.contains(&format!("It is {} bytes long", object.len())));
    assert_eq!(header_len, object.len().next_multiple_of(8));
}

#[test]
fn generated_tables_are_fresh() {
    let bless = std::env::var_os("BLESS").is_some();
    for Generated { document, name, table } in TABLES {
        let text = read(document);
        if bless && let Some(fresh) = with_table(&text, name, &table()) {
            replace(document, &fresh);
            continue;
        }
        let complaints = check_table(&text, name, &table());
        let fix = "write it with: BLESS=1 cargo test -p spec --test prose";
        assert!(complaints.is_empty(), "{document}: {}; {fix}", complaints.join("; "));
    }
}

#[test]
fn the_guarantee_cites_theorems_that_there_are() {
    let source = read("spec/formal/Guarantee.v");
    assert_none(GUARANTEE, &check_theorems(&read(GUARANTEE), &theorems(&source).unwrap()));
}

// The checks.

#[test]
fn a_theorem_without_words_and_a_citation_without_theorem_are_noticed() {
    let source = "(* Section 1: all is well. *)\nTheorem all_is_well x : x = x.\n";
    let found = theorems(source).unwrap();
    let expected = Theorem { name: "all_is_well", about: "Section 1", sentence: "all is well." };
    assert_eq!(found, [expected]);
    assert!(check_theorems("`all_is_well`", &found).is_empty());
    assert_eq!(check_theorems("`all_is_good`", &found), ["there is no theorem `all_is_good`"]);
    let silent = theorems("\nTheorem all_is_well x : x = x.\n").unwrap_err();
    assert_eq!(silent, "no comment says in words what `all_is_well` says");
}

#[test]
fn the_undoctored_text_passes() {
    assert_none("the text", &check_rules(&whole_text()));
    assert_eq!(blocks(&whole_text()).len(), RULES.len());
}

#[test]
fn a_missing_rule_is_noticed() {
    let text = whole_text().replace(&block_of(&RULES[3]), "");
    assert_eq!(check_rules(&text), [format!("{}: has no block in the text", RULES[3].id)]);
}

#[test]
fn a_rule_that_the_table_does_not_have_is_noticed() {
    let extra = block_of(&RULES[0]).replace("LEN-1", "LEN-99");
    let complaints = check_rules(&(whole_text() + &extra));
    assert!(complaints[0].ends_with("LEN-99: is no rule of the table"), "{complaints:?}");
}

#[test]
fn a_rule_that_stands_twice_is_noticed() {
    let complaints = check_rules(&(whole_text() + &block_of(&RULES[0])));
    assert!(complaints[0].ends_with("LEN-1: has a second block"), "{complaints:?}");
}

#[test]
fn rules_in_another_order_are_noticed() {
    let moved = block_of(&RULES[0]);
    let text = whole_text().replace(&moved, "") + &moved;
    assert_eq!(check_rules(&text), ["line 1: LEN-2 stands where the table has LEN-1"]);
}

#[test]
fn a_changed_head_or_sentence_is_noticed() {
    for (old, new) in [
        ("**MUST** · file · since 1.0", "**SHOULD** · file · since 1.0"),
        ("**MUST** · file · since 1.0", "**MUST** · reader · since 1.0"),
        ("**MUST** · file · since 1.0", "**MUST** · file · since 1.1"),
        ("at least 8 bytes", "at least 9 bytes"),
    ] {
        let complaints = check_rules(&whole_text().replacen(old, new, 1));
        assert_eq!(complaints.len(), 1, "{new}");
        assert!(complaints[0].starts_with("line 1: LEN-1: reads"), "{complaints:?}");
    }
}

#[test]
fn a_rule_without_reason_or_source_is_noticed() {
    for (gone, what) in [("because.", "reason"), ("somewhere.", "source")] {
        let complaints = check_rules(&whole_text().replacen(gone, "", 1));
        assert_eq!(complaints.len(), 1, "{what}");
        assert!(complaints[0].contains(what), "{complaints:?}");
    }
}

#[test]
fn a_key_word_in_an_explanation_is_noticed() {
    assert_eq!(check_key_words("A reader MUST do so."), ["line 1: MUST outside of a rule"]);
    assert!(check_key_words("> A reader MUST do so.\nThe word \"MUST\" is quoted.").is_empty());
}

#[test]
fn a_mention_of_no_rule_is_noticed() {
    assert_eq!(check_mentions("See LAY-1, UTF-8 and LAY-42."), ["LAY-42: is no rule of the table"]);
}

#[test]
fn an_unknown_leniency_or_limit_is_noticed() {
    let text = "the leniency `leading-whitespace`, the limit\n`rank`, the leniency `rank`";
    assert_eq!(check_names(text), ["`rank`: is no leniency"]);
    assert_eq!(check_names("a limit `speed`"), ["`speed`: is no limit"]);
}

#[test]
fn a_relaxed_rule_that_does_not_say_so_is_noticed() {
    let text = read(SPEC).replace("the leniency `null-metadata`", "a leniency");
    assert_eq!(check_leniencies(&text), ["META-2: does not name the leniency `null-metadata`"]);
}

#[test]
fn a_stale_or_missing_table_is_noticed() {
    let text = "a\n<!-- generated: t -->\n| old |\n<!-- end generated -->\nb\n";
    assert_eq!(check_table(text, "t", "| new |\n"), ["the table `t` is stale"]);
    assert!(check_table(text, "t", "| old |\n").is_empty());
    let fresh = with_table(text, "t", "| new |\n").unwrap();
    assert_eq!(fresh, text.replace("old", "new"));
    assert_eq!(check_table(text, "u", "").len(), 1);
    assert_eq!(check_table(&text.repeat(2), "t", "| old |\n").len(), 1);
}

#[test]
fn a_question_that_is_missing_repeated_or_without_a_rule_is_noticed() {
    let whole = "| Q1 | what? | this | LEN-1 |\n| Q2 | and? | that | LEN-2, TXT-1 |\n";
    assert!(check_decisions(whole, 2).is_empty());
    assert_eq!(check_decisions(whole, 3), ["Q3: stands in 0 rows"]);
    assert_eq!(check_decisions(&whole.replace("Q2", "Q1"), 2).len(), 2);
    assert_eq!(check_decisions(&whole.replace("Q2", "Q7"), 2), ["Q2: stands in 0 rows"]);
    assert_eq!(check_decisions(whole, 1), ["2 rows for 1 questions"]);
    assert_eq!(check_decisions(&whole.replace("LEN-1", "none"), 2), ["Q1: names no rule"]);
    assert_eq!(check_decisions(&whole.replace("that", ""), 2).len(), 1);
    assert_eq!(
        check_decisions(&whole.replace("TXT-1", "TXT-9"), 2),
        ["TXT-9: is no rule of the table"]
    );
}

#[test]
fn a_dump_that_is_not_what_it_says_is_noticed() {
    let dump = "00000000  08 00 00 00 00 00 00 00  7b 7d 20 20 20 20 20 20  |........{}      |\n";
    assert_eq!(dump_bytes(dump).unwrap().len(), 16);
    let says = |claim: &str, dump: &str| check_dumps(&format!("```hexdump {claim}\n{dump}```\n"));
    assert!(says("valid", dump).is_empty());
    assert_eq!(says("LAY-4", dump), ["dump 0: says `LAY-4` and is `valid`"]);
    let longer = dump.replace("08 00", "09 00");
    assert_eq!(says("valid", &longer), ["dump 0: says `valid` and is `LEN-3`"]);
    assert_eq!(says("valid", &dump.replace("{}", "{.")), ["dump 0: says `valid` and is `no dump`"]);
    assert_eq!(dump_bytes(&dump.replace("00000000", "00000010")), None);
}
