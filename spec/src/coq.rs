//! The tables of the model in Coq: the text of `spec/formal/Tables.v`, made from the tables of the
//! code. What the model makes of them is in `spec/formal/`; nothing is decided here.

use crate::dtype::DTYPES;
use crate::leniency::{LENIENCIES, Leniency};
use crate::limit::MAX_HEADER_LEN;
use crate::rules::{RuleId, file_musts};
use crate::version::Version;

const HEAD: &str = "\
(* The tables of the model: rules that a file can break, in the order of the text, format versions,
   dtypes and leniencies. Generated from the tables of the oracle; nothing is edited here.
   `BLESS=1 cargo test -p spec --test formal` writes it again. *)
From Coq Require Import List NArith String.
Import ListNotations.
Open Scope N_scope.
Open Scope string_scope.
Open Scope list_scope.
";

/// The text of `spec/formal/Tables.v`.
#[must_use]
pub fn coq_tables() -> String {
    let rules: Vec<RuleId> = file_musts().map(|rule| rule.id).collect();
    let leniencies: Vec<Leniency> = LENIENCIES.iter().map(|row| row.leniency).collect();
    let dtypes = DTYPES
        .iter()
        .map(|row| format!("(\"{}\", {}, {})", row.name, row.bits, version(row.since)));
    [
        HEAD.to_owned(),
        comment("The greatest N (LEN-2)."),
        format!("Definition max_header : N := {MAX_HEADER_LEN}.\n"),
        list_of("version", "versions", &Version::ALL.map(version)),
        table("version_name", "version", "string", Version::ALL, version, quoted),
        format!("Definition latest : version := {}.\n", version(Version::LATEST)),
        comment("Its place among the versions, oldest first."),
        numbers("age", "version", &Version::ALL.map(version)),
        list_of("rule", "rules", &rules.iter().map(identifier).collect::<Vec<_>>()),
        table("rule_id", "rule", "string", rules.iter().copied(), identifier, quoted),
        comment("Its place in the text."),
        numbers("rank", "rule", &rules.iter().map(identifier).collect::<Vec<_>>()),
        comment("Name, width in bits, and the version that added it (section 10)."),
        definition("dtypes : list (string * N * version)", &dtypes.collect::<Vec<_>>()),
        list_of("leniency", "leniencies", &leniencies.iter().map(identifier).collect::<Vec<_>>()),
        table(
            "leniency_name",
            "leniency",
            "string",
            leniencies.iter().copied(),
            identifier,
            quoted,
        ),
        comment("The one rule whose fault it covers (section 19)."),
        table("relaxes", "leniency", "rule", leniencies.iter().copied(), identifier, |leniency| {
            identifier(leniency.relaxes())
        }),
    ]
    .concat()
}

fn version(version: Version) -> String {
    format!("V{}", version.as_str().replace('.', "_"))
}

/// An id or a name as Coq can have it: `LEN-1` is `LEN_1`.
fn identifier(name: impl ToString) -> String {
    name.to_string().replace('-', "_")
}

fn quoted(name: impl ToString) -> String {
    format!("\"{}\"", name.to_string())
}

fn comment(text: &str) -> String {
    format!("\n(* {text} *)\n")
}

fn definition(head: &str, items: &[String]) -> String {
    format!("Definition {head} := [\n  {}].\n", items.join(";\n  "))
}

/// A type whose constructors are these, and the list of them.
fn list_of(name: &str, list: &str, constructors: &[String]) -> String {
    let each = constructors.join("\n| ");
    let list = definition(&format!("{list} : list {name}"), constructors);
    format!("\nInductive {name} : Set :=\n| {each}.\n{list}")
}

/// A function by cases.
fn table<T: Copy>(
    name: &str,
    from: &str,
    to: &str,
    rows: impl IntoIterator<Item = T>,
    left: impl Fn(T) -> String,
    right: impl Fn(T) -> String,
) -> String {
    let rows: Vec<String> =
        rows.into_iter().map(|row| format!("  | {} => {}\n", left(row), right(row))).collect();
    format!("Definition {name} (x : {from}) : {to} :=\n  match x with\n{}  end.\n", rows.concat())
}

/// The places of the constructors of a type, from 0 on.
fn numbers(name: &str, from: &str, constructors: &[String]) -> String {
    let row = |place: usize| constructors.get(place).cloned().unwrap_or_default();
    table(name, from, "N", 0..constructors.len(), row, |place| place.to_string())
}
