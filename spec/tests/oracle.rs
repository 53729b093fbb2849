//! The oracle as a program calls it: what no single file of the corpus shows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use spec::{
    Dtype, Examination, File, Leniencies, Leniency, MAX_HEADER_LEN, RuleId, UnknownLimit, Version,
    advice, examine, minimum_version,
};

fn file(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = u64::try_from(header.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 1);
    bytes
}

fn rules_under(header: &str, data: usize, leniencies: &[Leniency]) -> Vec<RuleId> {
    let (bytes, with) = (file(header, data), leniencies.iter().copied().collect());
    let examined = examine(File::whole(&bytes), Version::LATEST, &with);
    let mut rules: Vec<RuleId> = examined.violations().iter().map(|found| found.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn the_longest_header_that_may_be_is_asked_for_and_no_longer_one() {
    let asked = |n: u64, len: u64| File::prefix(&n.to_le_bytes(), len).err().map(|e| e.needed);
    assert_eq!(asked(MAX_HEADER_LEN, u64::MAX), Some(MAX_HEADER_LEN + 8));
    assert_eq!(asked(MAX_HEADER_LEN + 1, u64::MAX), None);
    assert_eq!(asked(10, 18), Some(18));
    assert_eq!(asked(11, 18), None);
}

#[test]
fn a_prefix_that_outgrew_the_length_is_the_whole_file() {
    let bytes = file("{}", 0);
    let examined = File::prefix(&bytes, 3).unwrap();
    assert!(examine(examined, Version::LATEST, &Leniencies::none()).reading().is_some());
}

#[test]
fn a_repeated_field_cannot_be_used_and_nothing_that_depends_on_it_is_judged() {
    for header in [
        r#"{"a":{"dtype":"U8","shape":[4],"shape":[9],"data_offsets":[0,4]}}"#,
        r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"data_offsets":[5,4]}}"#,
        r#"{"a":{"dtype":"U8","dtype":"F64","shape":[4],"data_offsets":[0,4]}}"#,
    ] {
        assert_eq!(rules_under(header, 4, &[]), [RuleId::Ent3], "{header}");
    }
}

#[test]
fn a_file_of_several_faults_is_judged_as_far_as_section_4_says() {
    use RuleId::{
        Dt1, Ent1, Ent3, Int1, Int2, Json1, Lay1, Lay3, Meta3, Meta4, Name1, Off2, Size3, Txt1,
    };
    let entry = r#"{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#;
    let cases: &[(&str, &[RuleId])] = &[
        (" 01", &[Txt1, Json1]),
        ("{01:1}", &[Json1]),
        (r#"{"a":{"dtype":7,"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, &[Ent3, Dt1]),
        (r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,null]}}"#, &[Off2, Int1]),
        (r#"{"a":{"dtype":"U8","shape":[1e30],"data_offsets":[0,4]}}"#, &[Int2]),
        (r#"{"a":1,"a":2}"#, &[Name1, Ent1]),
        (r#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,4]},"a":ENTRY}"#, &[Name1, Size3]),
        (r#"{"__metadata__":{"k":1,"k":"1"},"a":ENTRY}"#, &[Meta3, Meta4]),
        (
            r#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[5,7]}}"#,
            &[Lay1],
        ),
        (
            r#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[0],"data_offsets":[6,6]}}"#,
            &[Lay1, Lay3],
        ),
    ];
    for (header, rules) in cases {
        let header = header.replace("ENTRY", entry);
        assert_eq!(rules_under(&header, 4, &[]), *rules, "{header}");
    }
}

#[test]
fn what_does_not_count_under_a_leniency_is_judged_up_to_the_structure() {
    let last = r#""a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#;
    for (first, rules) in [
        (r#"{"dtype":"U8","shape":[3],"data_offsets":[9,1]}"#, &[][..]),
        (r#"{"dtype":"U8","shape":[3],"data_offsets":[9]}"#, &[RuleId::Off2]),
        (r#"{"dtype":"U8","shape":[3],"data_offsets":9}"#, &[RuleId::Off1]),
        ("9", &[RuleId::Ent1]),
    ] {
        let header = format!(r#"{{"a":{first},{last}}}"#);
        assert_eq!(rules_under(&header, 4, &[Leniency::DuplicateLastWins]), rules, "{header}");
    }
    let header = format!(r#"{{"__metadata__":{{"k":1,"k":"1"}},{last}}}"#);
    let lenient = &[Leniency::DuplicateMetadataLastWins];
    assert_eq!(rules_under(&header, 4, lenient), [RuleId::Meta3]);
}

#[test]
fn a_sequence_of_another_length_is_no_entry_under_any_leniency() {
    for entry in [r#"["U8",[4]]"#, r#"["U8",[4],[0,4],0]"#, "[]"] {
        let header = format!(r#"{{"a":{entry}}}"#);
        assert_eq!(rules_under(&header, 4, &[Leniency::SequenceEntry]), [RuleId::Ent1], "{entry}");
    }
}

#[test]
fn a_leniency_opens_a_value_and_every_other_rule_holds_inside() {
    for (leniency, header, rule) in [
        (
            Leniency::EnumMapDtype,
            r#"{"a":{"dtype":{"U9":null},"shape":[4],"data_offsets":[0,4]}}"#,
            RuleId::Dt2,
        ),
        (Leniency::SequenceEntry, r#"{"a":["U8",[4],[1,5]]}"#, RuleId::Lay1),
        (
            Leniency::ZeroAbsorbsOverflow,
            r#"{"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,4]}}"#,
            RuleId::Size3,
        ),
        (
            Leniency::DuplicateLastWins,
            r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}"#,
            RuleId::Size3,
        ),
    ] {
        let first = rules_under(header, 4, &[leniency]).first().copied();
        assert_eq!(first, Some(rule), "{leniency}: {header}");
    }
}

#[test]
fn the_minimum_version_is_that_of_the_newest_dtype_under_the_same_leniencies() {
    let header = r#"{"a":{"dtype":"F8_E4M3FNUZ","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}"#;
    let strict = Leniencies::none();
    assert_eq!(minimum_version(File::whole(&file(header, 1)), &strict), Some(Version::V1_4));
    let spaced = file(&format!(" {header}"), 1);
    assert_eq!(minimum_version(File::whole(&spaced), &strict), None);
    assert_eq!(minimum_version(File::whole(&spaced), &Leniencies::all()), Some(Version::V1_4));
    let bytes = file(header, 1);
    for version in [Version::V1_0, Version::V1_3] {
        let examined = examine(File::whole(&bytes), version, &strict);
        assert_eq!(examined.first_rule(), Some(RuleId::Dt2));
    }
}

#[test]
fn a_reading_says_where_everything_is() {
    let header = r#"{"__metadata__":{"k":"v\n"},"\u0061":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}} "#;
    let bytes = file(header, 4);
    let examined = examine(File::whole(&bytes), Version::LATEST, &Leniencies::none());
    let reading = examined.reading().unwrap();
    let n = u64::try_from(header.len()).unwrap();
    assert_eq!((reading.header_len(), reading.data_start(), reading.data_len()), (n, n + 8, 4));
    assert_eq!(reading.minimum_version(), Version::V1_0);
    let pairs: Vec<_> = reading.metadata().unwrap().collect();
    assert_eq!(pairs, [("k".into(), "v\n".into())]);
    let tensor = reading.tensors().next().unwrap();
    assert_eq!((tensor.name().as_ref(), tensor.dtype()), ("a", Dtype::F16));
    assert_eq!((tensor.shape(), tensor.begin(), tensor.end()), (&[2, 1][..], 0, 4));

    let bare = file("{}", 0);
    let examined = examine(File::whole(&bare), Version::LATEST, &Leniencies::none());
    assert!(examined.reading().unwrap().metadata().is_none());
}

#[test]
fn one_piece_of_advice_counts_every_tensor_that_shows_it() {
    let entry = |name: &str, begin: u64| {
        format!(r#""{name}":{{"dtype":"F32","shape":[1],"data_offsets":[{begin},{}]}}"#, begin + 4)
    };
    let header = format!(
        r#"{{"z":{{"dtype":"U8","shape":[2],"data_offsets":[0,2]}},{},{},{}}}"#,
        entry("a", 2),
        entry("b", 6),
        entry("c", 10)
    );
    let bytes = file(&format!("{header:0$}", header.len().next_multiple_of(8)), 14);
    let examined = examine(File::whole(&bytes), Version::LATEST, &Leniencies::none());
    let advice = advice(examined.reading().unwrap());
    let rules: Vec<RuleId> = advice.iter().map(|advice| advice.rule).collect();
    assert_eq!(rules, [RuleId::Aln2]);
    assert!(advice[0].found.ends_with("and 2 tensors more"), "{}", advice[0].found);
    let name = usize::try_from(advice[0].bytes.start).unwrap()
        ..usize::try_from(advice[0].bytes.end).unwrap();
    assert_eq!(&bytes[name], b"\"a\"");
}

#[test]
fn what_is_found_is_cut_and_without_control_characters() {
    let name = format!("\\u0007\\u001b{}", "x".repeat(10_000));
    let header = format!(r#"{{"{name}":1}}"#);
    let bytes = file(&header, 0);
    let examined = examine(File::whole(&bytes), Version::LATEST, &Leniencies::none());
    let found = &examined.violations()[0].found;
    assert!(found.chars().count() < 200, "{found}");
    assert!(!found.chars().any(char::is_control), "{found}");
}

#[test]
fn violations_of_one_rule_stand_in_the_order_of_their_places() {
    // The layout is judged in the order of offsets; what is told follows the file.
    let header = r#"{"a":{"dtype":"U8","shape":[9],"data_offsets":[9,18]},"b":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}"#;
    let bytes = file(header, 0);
    let Examination::Refused { violations, omitted: 0 } =
        examine(File::whole(&bytes), Version::LATEST, &Leniencies::none())
    else {
        panic!("accepted");
    };
    assert_eq!(violations.len(), 2);
    assert!(violations[0].bytes.start < violations[1].bytes.start);
}

#[test]
fn a_set_of_leniencies_is_sorted_and_has_each_once() {
    let twice: Leniencies =
        [Leniency::UnknownFields, Leniency::LeadingWhitespace, Leniency::UnknownFields]
            .into_iter()
            .collect();
    let listed: Vec<Leniency> = twice.iter().collect();
    assert_eq!(listed, [Leniency::LeadingWhitespace, Leniency::UnknownFields]);
    let message = "generous".parse::<Leniency>().unwrap_err().to_string();
    assert!(message.contains("known: leading-whitespace, trailing-whitespace,"), "{message}");
    let message = UnknownLimit("depth".to_owned()).to_string();
    assert!(message.contains("known: header-length, rank,"), "{message}");
}
