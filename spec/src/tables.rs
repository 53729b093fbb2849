//! The tables of the text, as Markdown, made from the tables of the code.
//!
//! Each function returns whole lines, the last one with its line feed. Where they stand in the
//! documents, and that they are fresh there, is the business of the tests; no file is read or
//! written here.

use crate::dtype::{DTYPES, DtypeRow};
use crate::leniency::LENIENCIES;
use crate::limit::{DTYPE_FLOOR, LIMITS};
use crate::rules::RULES;
use crate::version::Version;

/// The dtypes with everything that the text says of each.
#[must_use]
pub fn dtype_table() -> String {
    let rows = DTYPES.iter().map(|row| {
        vec![
            code(row.name),
            row.bits.to_string(),
            row.dtype.alignment().to_string(),
            row.meaning.to_owned(),
            row.layout.to_owned(),
            row.since.to_string(),
            row.source.to_owned(),
        ]
    });
    table(&["name", "bits", "alignment", "meaning", "layout", "since", "source"], rows)
}

/// What each format version adds: dtypes, how many there are then, and rules.
#[must_use]
pub fn vocabulary_table() -> String {
    let rows = Version::ALL.into_iter().map(|version| {
        let count = DTYPES.iter().filter(|row| row.since <= version).count();
        let added = DTYPES.iter().filter(|row| row.since == version);
        vec![version.to_string(), names(added), count.to_string(), rules_since(version)]
    });
    table(&["version", "dtypes added", "dtypes in all", "rules added"], rows)
}

/// The closed list of leniencies.
#[must_use]
pub fn leniency_table() -> String {
    let rows = LENIENCIES
        .iter()
        .map(|row| vec![code(row.name), row.relaxes.to_string(), row.reading.to_owned()]);
    table(&["name", "relaxes", "what is read"], rows)
}

/// The closed list of limits, with their floors.
#[must_use]
pub fn limit_table() -> String {
    let rows = LIMITS.iter().map(|row| {
        let floor = row.floor.map_or_else(
            || names(DTYPE_FLOOR.iter().map(|dtype| dtype.row()).collect::<Vec<_>>().iter()),
            grouped,
        );
        vec![code(row.name), row.unit.to_owned(), floor, row.refuses.to_owned()]
    });
    table(&["name", "unit of the value", "floor", "what may be refused"], rows)
}

/// The ids of the rules that came with a version, separated by commas.
fn rules_since(version: Version) -> String {
    if version == Version::V1_0 {
        return "all others".to_owned();
    }
    let added = RULES.iter().filter(|rule| rule.since == version);
    let ids: Vec<&str> = added.map(|rule| rule.id.as_str()).collect();
    if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
}

/// Names of dtypes, separated by commas.
fn names<'a>(rows: impl Iterator<Item = &'a DtypeRow>) -> String {
    rows.map(|row| code(row.name)).collect::<Vec<_>>().join(", ")
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut lines = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for cells in rows {
        // A bar inside a cell would end the cell.
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        lines.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    lines
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

/// A number with its digits in groups of three, as the sentences of rules have them.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        let shown: Vec<String> = [0, 999, 1_000, 25_000_000].into_iter().map(grouped).collect();
        assert_eq!(shown, ["0", "999", "1,000", "25,000,000"]);
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        let rows = vec![vec!["a|b".to_owned()]].into_iter();
        assert_eq!(table(&["x"], rows), "| x |\n|---|\n| a\\|b |\n");
    }
}
