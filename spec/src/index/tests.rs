//! Each rule of the index, broken and kept, over folders in memory.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;

/// What stands at a path of a made-up folder.
enum Thing {
    File(Vec<u8>),
    Linked(Vec<u8>),
    Directory,
}

/// A folder by its paths; it refuses to be asked for any path that IDX-5 forbids.
#[derive(Default)]
struct Made(BTreeMap<String, Thing>);

impl Folder for Made {
    fn look(&self, path: &str) -> Entry<'_> {
        let clean = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
        assert!(path.split('/').all(clean), "asked for {path:?}");
        match self.0.get(path) {
            None => Entry::Nothing,
            Some(Thing::Directory) => Entry::NoFile("a directory"),
            Some(Thing::File(bytes)) => Entry::File { file: File::whole(bytes), leads_out: false },
            Some(Thing::Linked(bytes)) => Entry::File { file: File::whole(bytes), leads_out: true },
        }
    }

    fn files(&self, directory: &str) -> Vec<String> {
        let files = self.0.iter().filter(|(_, thing)| !matches!(thing, Thing::Directory));
        files
            .map(|(path, _)| path::split(path))
            .filter(|(of, _)| *of == directory)
            .map(|(_, name)| name.to_owned())
            .collect()
    }
}

impl Made {
    fn with(mut self, path: &str, thing: Thing) -> Self {
        self.0.insert(path.to_owned(), thing);
        self
    }

    /// Adds a shard with tensors of one byte.
    fn shard(self, path: &str, tensors: &[&str]) -> Self {
        self.with(path, Thing::File(shard(tensors)))
    }
}

fn shard(tensors: &[&str]) -> Vec<u8> {
    let entries: Vec<String> = tensors
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let end = at + 1;
            format!(r#""{name}":{{"dtype":"U8","shape":[1],"data_offsets":[{at},{end}]}}"#)
        })
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    let mut bytes = widen(header.len()).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + tensors.len(), 7);
    bytes
}

const ONE: &str = "model-00001-of-00002.safetensors";
const TWO: &str = "model-00002-of-00002.safetensors";
const NAME: &str = "model.safetensors.index.json";

fn two() -> Made {
    Made::default().shard(ONE, &["a"]).shard(TWO, &["b"])
}

/// An index with the member `metadata` and these members of the `weight_map`.
fn index(weights: &str) -> String {
    format!(r#"{{"metadata":{{"total_size":2}},"weight_map":{{{weights}}}}}"#)
}

fn good() -> String {
    index(&format!(r#""a":"{ONE}","b":"{TWO}""#))
}

fn violations(text: impl AsRef<[u8]>, folder: &Made) -> Vec<Violation> {
    let examined = examine_index(NAME, text.as_ref(), folder, Version::LATEST);
    examined.violations().to_vec()
}

fn broken(text: impl AsRef<[u8]>, folder: &Made) -> Vec<RuleId> {
    violations(text, folder).into_iter().map(|violation| violation.rule).collect()
}

fn advised(text: impl AsRef<[u8]>, folder: &Made) -> Vec<RuleId> {
    match examine_index(NAME, text.as_ref(), folder, Version::LATEST) {
        IndexExamination::Accepted { advice, .. } => advice.into_iter().map(|a| a.rule).collect(),
        IndexExamination::Refused { violations, .. } => panic!("{violations:?}"),
    }
}

#[test]
fn a_model_that_follows_every_rule_is_read_from_its_shards() {
    let folder = two();
    let text = format!("\r\n\t {} \n", good());
    let examined = examine_index(NAME, text.as_bytes(), &folder, Version::V1_0);
    let reading = examined.reading().unwrap();
    let read: Vec<(&str, String)> = reading
        .shards()
        .iter()
        .flat_map(|shard| shard.tensors().map(|t| (shard.path(), t.name().into_owned())))
        .collect();
    assert_eq!(read, [(ONE, "a".to_owned()), (TWO, "b".to_owned())]);
    assert_eq!(reading.minimum_version(), Version::V1_0);
    assert_eq!(advised(&text, &folder), []);
    assert_eq!(shard_paths(text.as_bytes()), [ONE, TWO]);
}

#[test]
fn a_broken_text_is_one_fault_and_nothing_else_is_judged() {
    let none = Made::default();
    let cut = good();
    for text in [
        "",
        " ",
        "[]",
        "null",
        "\u{feff}{}",
        "{} {}",
        "{},",
        "{\"weight_map\":{\"a\":\"/x\"}",
        "{\"weight_map\":{\"a\":\"\\ud800\"}}",
        "{\"weight_map\":{\"a\":\"\n\"}}",
        "{\"weight_map\":{\"a\":\"\\x\"}}",
        "{\"weight_map\":{},\"n\":01}",
        "{\"weight_map\":{},}",
        cut.get(..cut.len() / 2).unwrap(),
    ] {
        assert_eq!(broken(text, &none), [RuleId::Idx1], "{text}");
    }
    assert_eq!(broken(b"{\"weight_map\":\"\xff\"}", &none), [RuleId::Idx1]);
    let found = violations("{\"weight_map\":{", &none).remove(0);
    assert_eq!(
        found.to_string(),
        "IDX-1 at bytes 15..15: found the end of the index where a string should stand"
    );
}

#[test]
fn a_repeated_key_is_found_at_any_depth_whatever_its_spelling() {
    let none = Made::default();
    for (text, count) in [
        (r#"{"weight_map":{},"weight_map":{}}"#, 1),
        (r#"{"weight_map":{"a":"x","\u0061":"y","a":1}}"#, 2),
        (r#"{"x":[[{"y":{"k":1,"k":2}}]],"weight_map":{}}"#, 1),
        (r#"{"x":{"k":1},"y":{"k":1},"k":{"k":{"k":[{"k":1},{"k":2}]}},"weight_map":{}}"#, 0),
    ] {
        let rules = broken(text, &none);
        assert_eq!(rules.iter().filter(|rule| **rule == RuleId::Idx1).count(), count, "{text}");
        assert_eq!(rules.len(), count, "{text}");
    }
}

#[test]
fn depth_costs_no_stack() {
    let deep = format!("{}0{}", "[{\"\":".repeat(200_000), "}]".repeat(200_000));
    let text = format!("{{\"x\":{deep},\"weight_map\":{{}}}}");
    assert_eq!(broken(&text, &Made::default()), []);
}

#[test]
fn a_map_that_is_none_ends_the_judgement_and_a_value_that_is_none_does_not() {
    let folder = two();
    for text in [
        "{}",
        r#"{"Weight_map":{}}"#,
        r#"{"weight_map":null}"#,
        r#"{"weight_map":[]}"#,
        r#"{"weight_map":"x"}"#,
    ] {
        assert_eq!(broken(text, &folder), [RuleId::Idx3], "{text}");
    }
    let text = index(&format!(r#""a":"{ONE}","b":null,"c":{{"file":"{TWO}"}},"d":"/x""#));
    assert_eq!(broken(text, &folder), [RuleId::Idx3, RuleId::Idx3, RuleId::Idx5]);
    let text = index(r#""__metadata__":{"format":"pt"}"#);
    assert_eq!(broken(text, &folder), [RuleId::Idx13]);
    let text = index(r#""\u005f_metadata__":"/gone""#);
    assert_eq!(broken(text, &folder), [RuleId::Idx13]);
}

#[test]
fn a_shard_name_that_leads_out_is_told_once_and_never_looked_up() {
    // The folder panics if it is asked for such a path.
    for name in ["../x.safetensors", "/x.safetensors", "C:x.safetensors", r"..\\x.safetensors"] {
        let text = index(&format!(r#""a":"{name}","b":"{name}","c":"{ONE}""#));
        let rules = broken(&text, &two());
        assert_eq!(rules, [RuleId::Idx5, RuleId::Idx10], "{name}");
        assert_eq!(shard_paths(text.as_bytes()), [ONE], "{name}");
    }
    assert_eq!(broken(index(r#""a":"x.safetensors\u0000.safetensors""#), &two()), [RuleId::Idx5]);
}

#[test]
fn a_shard_that_is_no_valid_file_is_not_asked_for_tensors() {
    let without = |thing: Option<Thing>| {
        let mut folder = two();
        folder.0.remove(TWO);
        match thing {
            Some(thing) => folder.with(TWO, thing),
            None => folder,
        }
    };
    assert_eq!(broken(good(), &without(None)), [RuleId::Idx7]);
    assert_eq!(broken(good(), &without(Some(Thing::Directory))), [RuleId::Idx7]);
    let cut = shard(&["b"]);
    let cut = cut.get(..cut.len() - 1).unwrap().to_vec();
    let folder = without(Some(Thing::File(cut)));
    let found = violations(good(), &folder).remove(0);
    assert_eq!(found.rule, RuleId::Idx9);
    assert!(found.found.contains("which is invalid: LAY-1 at bytes"), "{found}");
    // An invalid shard with the name of a tensor that another one has, too.
    let folder = without(Some(Thing::File(shard(&["a", "a"]))));
    assert_eq!(broken(good(), &folder), [RuleId::Idx9]);
}

#[test]
fn a_shard_is_judged_by_the_format_version_that_is_asked_for() {
    let bytes = String::from_utf8(shard(&["b"])).unwrap().replace("U8", "F8_E4M3FNUZ");
    let mut bytes = bytes.into_bytes();
    bytes[0] += 9;
    let folder = two().with(TWO, Thing::File(bytes));
    let rules = |version| {
        let examined = examine_index(NAME, good().as_bytes(), &folder, version);
        examined.violations().first().map(|violation| violation.rule)
    };
    assert_eq!(rules(Version::V1_3), Some(RuleId::Idx9));
    assert_eq!(rules(Version::V1_4), None);
}

#[test]
fn a_tensor_is_where_the_map_says_and_nowhere_else() {
    let swapped = index(&format!(r#""a":"{TWO}","b":"{ONE}""#));
    assert_eq!(broken(&swapped, &two()), [RuleId::Idx10, RuleId::Idx10]);
    let found = violations(&swapped, &two()).remove(0).found;
    assert_eq!(found, format!("the tensor `a`, which is not in `{TWO}` but in `{ONE}`"));
    let more = index(&format!(r#""a":"{ONE}","b":"{TWO}","c":"{TWO}""#));
    assert_eq!(broken(&more, &two()), [RuleId::Idx10]);
    let both = two().shard(TWO, &["a", "b"]);
    assert_eq!(broken(good(), &both), [RuleId::Idx12]);
    // Two spellings of one path are two shards.
    let twice = index(&format!(r#""a":"{ONE}","b":"./{ONE}""#));
    let folder = Made::default().shard(ONE, &["a", "b"]);
    assert_eq!(broken(twice, &folder), [RuleId::Idx12, RuleId::Idx12]);
}

#[test]
fn advice_is_given_where_it_fits_and_only_there() {
    let with = |from: &str, to: &str| good().replace(from, to);
    let long = format!("{}{}", good(), " ".repeat(10_000_001 - good().len()));
    assert_eq!(advised(&long, &two()), [RuleId::Idx2]);
    assert_eq!(advised(&long[..10_000_000], &two()), []);
    let empty = index("").replace('2', "0");
    assert_eq!(advised(empty, &Made::default()), [RuleId::Idx4]);
    let linked = two().with(TWO, Thing::Linked(shard(&["b"])));
    assert_eq!(advised(good(), &linked), [RuleId::Idx8]);
    let more = two().shard(TWO, &["b", "c"]);
    assert_eq!(advised(good(), &more), [RuleId::Idx11]);
    assert_eq!(advised(with(r#""metadata""#, r#""other""#), &two()), [RuleId::Idx14]);
    assert_eq!(advised(with(r#"{"total_size":2}"#, "null"), &two()), [RuleId::Idx14]);
    assert_eq!(advised(with(r#"{"total_size":2}"#, "{}"), &two()), []);
    for size in ["3", "2.0", "2e0", "-2", "-0", "\"2\"", "null", "20000000000000000000000"] {
        assert_eq!(advised(with(":2}", &format!(":{size}}}")), &two()), [RuleId::Idx15], "{size}");
    }
    let beside = two().shard("model.safetensors", &["a", "b"]);
    assert_eq!(advised(good(), &beside), [RuleId::Idx18]);
}

#[test]
fn numbers_of_shards_are_five_digits_of_one_prefix_and_all_there() {
    let of = |names: [&str; 2]| {
        let folder = Made::default().shard(names[0], &["a"]).shard(names[1], &["b"]);
        advised(index(&format!(r#""a":"{}","b":"{}""#, names[0], names[1])), &folder)
    };
    assert_eq!(of([TWO, ONE]), []);
    assert_eq!(
        of(["model.fp16-00001-of-00002.safetensors", "model.fp16-00002-of-00002.safetensors"]),
        []
    );
    for names in [
        [ONE, "model-00003-of-00002.safetensors"],
        ["model-00000-of-00002.safetensors", ONE],
        [ONE, "other-00002-of-00002.safetensors"],
        ["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors"],
        ["model_00001-of-00002.safetensors", "model_00002-of-00002.safetensors"],
        ["a.safetensors", "b.safetensors"],
    ] {
        assert_eq!(of(names), [RuleId::Idx16], "{names:?}");
    }
    let inside = ["s/model-00001-of-00002.safetensors", "s/model-00002-of-00002.safetensors"];
    assert_eq!(of(inside), [RuleId::Idx6]);
}

#[test]
fn a_file_that_is_left_over_is_one_of_the_form_and_the_prefix() {
    let beside = |name: &str| advised(good(), &two().shard(name, &["z"]));
    for stale in ["model-00003-of-00003.safetensors", "model-00001-of-00001.safetensors"] {
        assert_eq!(beside(stale), [RuleId::Idx17], "{stale}");
    }
    for other in [
        "other-00001-of-00002.safetensors",
        "model.fp16-00001-of-00002.safetensors",
        "model-1-of-2.safetensors",
        "model-00003-of-00003.bin",
        "sub/model-00003-of-00003.safetensors",
    ] {
        assert_eq!(beside(other), [], "{other}");
    }
    let directory = two().with("model-00003-of-00003.safetensors", Thing::Directory);
    assert_eq!(advised(good(), &directory), []);
}

#[test]
fn the_single_file_is_the_name_of_the_index_without_its_ending() {
    let folder = two().shard("model.safetensors", &["a"]);
    let rules = |name: &str| match examine_index(name, good().as_bytes(), &folder, Version::LATEST)
    {
        IndexExamination::Accepted { advice, .. } => advice.len(),
        IndexExamination::Refused { .. } => panic!("refused"),
    };
    assert_eq!(rules("model.safetensors.index.json"), 1);
    assert_eq!(rules("model.fp16.safetensors.index.json"), 0);
    assert_eq!(rules("weights.json"), 0);
}

#[test]
fn violations_are_told_in_the_order_of_the_table_and_each_has_its_place() {
    let text = index(&format!(
        r#""b":"{ONE}","x":"gone.safetensors","y":"../x.safetensors","__metadata__":0,"z":0"#
    ));
    let told = violations(&text, &two());
    let rules: Vec<RuleId> = told.iter().map(|violation| violation.rule).collect();
    use RuleId::{Idx3, Idx5, Idx7, Idx10, Idx13};
    assert_eq!(rules, [Idx3, Idx5, Idx7, Idx10, Idx13]);
    let at = |violation: &Violation| {
        let place = |position: u64| usize::try_from(position).unwrap();
        text.get(place(violation.bytes.start)..place(violation.bytes.end)).unwrap().to_owned()
    };
    let places: Vec<String> = told.iter().map(at).collect();
    let said = ["0", "\"../x.safetensors\"", "\"gone.safetensors\"", "\"b\"", "\"__metadata__\""];
    assert_eq!(places, said);
}

#[test]
fn a_hostile_index_is_told_in_bounded_memory() {
    let members: Vec<String> = (0..50_000).map(|n| format!("\"{n}\":\"/{n}\"")).collect();
    let text = index(&members.join(","));
    let folder = two();
    let examined = examine_index(NAME, text.as_bytes(), &folder, Version::LATEST);
    let IndexExamination::Refused { violations, omitted } = examined else { panic!("accepted") };
    assert_eq!((violations.len(), omitted), (crate::KEPT_PER_RULE, 49_000));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 5_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(5),
        ..ProptestConfig::default()
    })]

    /// Whatever the bytes of an index are: the folder is asked for nothing outside it (it would
    /// panic), places lie in the text, and what follows from a broken text is not told.
    #[test]
    fn any_index_is_judged_within_its_text(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, any::<u8>()), 0..4),
    ) {
        let folder = two();
        let mut text = good().into_bytes();
        for (at, kind, byte) in edits {
            let at = at.index(text.len());
            match kind {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ => { text.remove(at); }
            }
        }
        let examined = examine_index(NAME, &text, &folder, Version::LATEST);
        let rules: Vec<RuleId> = examined.violations().iter().map(|v| v.rule).collect();
        prop_assert_eq!(rules.is_empty(), examined.reading().is_some());
        prop_assert!(rules.is_sorted());
        prop_assert!(!rules.contains(&RuleId::Idx1) || rules.iter().all(|r| *r == RuleId::Idx1));
        for violation in examined.violations() {
            prop_assert!(violation.bytes.start <= violation.bytes.end);
            prop_assert!(violation.bytes.end <= widen(text.len()));
        }
    }

    /// A name that may be looked up leads below the directory, under the rules of either system.
    #[test]
    fn a_path_that_is_looked_up_never_climbs(name in r"[a/\\.:C ]{0,12}(\.safetensors)?") {
        if path::flaw(&name).is_none() {
            let clean = |part: &str| !matches!(part, "" | "." | "..");
            prop_assert!(path::path(&name).split('/').all(clean));
            prop_assert!(!name.starts_with(['/', '\\']));
        }
    }
}
