//! Shard names as paths, which mean the same on every system (IDX-5), and the form of numbered
//! names (IDX-16). Nothing here looks anything up.

use crate::text::show;

/// What every shard name ends in.
const ENDING: &str = ".safetensors";

/// What separates components, on any system.
const SEPARATORS: [char; 2] = ['/', '\\'];

/// What is wrong with a shard name (IDX-5), as a noun phrase; `None` if it may be looked up.
pub(super) fn flaw(name: &str) -> Option<String> {
    let mut components = name.split(SEPARATORS);
    let flaw = if name.contains('\0') {
        "with U+0000 in it"
    } else if name.starts_with(SEPARATORS) {
        "with a root"
    } else if components.clone().any(has_drive) {
        "with a drive"
    } else if components.any(|component| component == "..") {
        "with a component `..`"
    } else if !name.ends_with(ENDING) {
        "without the ending `.safetensors`"
    } else {
        return None;
    };
    Some(format!("the shard name {} {flaw}", show(name.as_bytes())))
}

/// Whether a component begins with a drive.
fn has_drive(component: &str) -> bool {
    matches!(component.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// Where a shard name leads: its components with `/` between them, without those that lead
/// nowhere.
pub(super) fn path(name: &str) -> String {
    let components = name.split(SEPARATORS).filter(|component| !matches!(*component, "" | "."));
    components.collect::<Vec<_>>().join("/")
}

/// Whether a shard name has a separator in it (IDX-6).
pub(super) fn has_separator(name: &str) -> bool {
    name.contains(SEPARATORS)
}

/// A path cut into its directory and its last component.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The parts of a name of the form `PREFIX-NNNNN-of-MMMMM.safetensors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered<'a> {
    pub(super) prefix: &'a str,
    pub(super) number: u32,
    pub(super) total: u32,
}

/// The parts of a name, if it has the form.
pub(super) fn numbered(name: &str) -> Option<Numbered<'_>> {
    let (head, total) = name.strip_suffix(ENDING)?.rsplit_once("-of-")?;
    let (prefix, number) = head.rsplit_once('-')?;
    Some(Numbered { prefix, number: five_digits(number)?, total: five_digits(total)? })
}

fn five_digits(text: &str) -> Option<u32> {
    let digits = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_relative_everywhere_may_be_looked_up() {
        for (name, path_of) in [
            ("x.safetensors", "x.safetensors"),
            (".safetensors", ".safetensors"),
            ("./x.safetensors", "x.safetensors"),
            ("a//b/./x.safetensors", "a/b/x.safetensors"),
            ("a\\x.safetensors", "a/x.safetensors"),
            ("..x.safetensors", "..x.safetensors"),
            (".../x.safetensors", ".../x.safetensors"),
            (".. /x.safetensors", ".. /x.safetensors"),
            ("a./x .safetensors", "a./x .safetensors"),
            ("NUL.safetensors", "NUL.safetensors"),
            ("ab:c.safetensors", "ab:c.safetensors"),
            ("1:c.safetensors", "1:c.safetensors"),
            ("x.safetensors/y.safetensors", "x.safetensors/y.safetensors"),
            ("é😀.safetensors", "é😀.safetensors"),
        ] {
            assert_eq!(flaw(name), None, "{name}");
            assert_eq!(path(name), path_of);
        }
    }

    #[test]
    fn what_leads_out_under_the_rules_of_any_system_is_told() {
        for (said, names) in [
            ("U+0000", &["x.safetensors\0.safetensors", "\0x.safetensors"][..]),
            ("root", &["/x.safetensors", "\\x.safetensors", "\\\\h\\s\\x.safetensors"]),
            ("root", &["//h/s/x.safetensors", "\\\\?\\C:\\x.safetensors", "/", "\\"]),
            ("drive", &["C:\\x.safetensors", "c:x.safetensors", "z:/x.safetensors", "x:"]),
            ("drive", &["./C:x.safetensors", "a\\C:x.safetensors", "a/C:/x.safetensors"]),
            ("`..`", &["../x.safetensors", "..\\x.safetensors", "a/..\\x.safetensors", ".."]),
            ("`..`", &["a/../x.safetensors", "a\\..\\x.safetensors", "./../x.safetensors"]),
            ("ending", &["", "x", "x.bin", "x.SAFETENSORS", "x.safetensors ", "safetensors"]),
            ("ending", &["x.safetensors.", "x.safetensors/", "x.safetensors\\"]),
        ] {
            for name in names {
                let told = flaw(name);
                assert!(told.as_ref().is_some_and(|told| told.contains(said)), "{name}: {told:?}");
            }
        }
    }

    #[test]
    fn a_numbered_name_has_two_numbers_of_five_digits() {
        let parts = |name| numbered(name).map(|parts| (parts.prefix, parts.number, parts.total));
        let name = "model-00001-of-00002.safetensors";
        assert_eq!(parts(name), Some(("model", 1, 2)));
        assert_eq!(parts("-00000-of-99999.safetensors"), Some(("", 0, 99_999)));
        let twice = "a-00001-of-00002-00003-of-00004.safetensors";
        assert_eq!(parts(twice), Some(("a-00001-of-00002", 3, 4)));
        for other in [
            "model_00001-of-00002.safetensors",
            "model-0001-of-00002.safetensors",
            "model-00001-of-000002.safetensors",
            "model-00001-of-+0002.safetensors",
            "model-00001-of-00002.bin",
            "00001-of-00002.safetensors",
            "model.safetensors",
        ] {
            assert_eq!(parts(other), None, "{other}");
        }
    }
}
