//! Each finding, on a corpus that was doctored to have it.

use super::*;
use crate::TensorReading;
use crate::content::Content;
use crate::draft::{Draft, Tensor};
use crate::folder::{FolderEntry, FolderItem};
use crate::reading::Bulk;
use crate::recipes::vectors;
use crate::values::Payloads;

/// The findings on the corpus after one vector was changed.
///
/// The oracle looks at that one alone: what it says of the others does not depend on it, and is
/// nothing, as `the_stored_corpus_has_no_finding` shows.
fn doctored(id: &str, change: impl FnOnce(&mut Vector)) -> Vec<Finding> {
    let mut vectors = stored();
    let vector = vectors.iter_mut().find(|vector| vector.id.as_str() == id).unwrap();
    change(vector);
    let changed = vector.id.clone();
    lint_with(&vectors, |vector, findings| {
        if vector.id == changed {
            oracle(vector, findings);
        }
    })
}

/// The findings on the corpus without some vectors; the oracle has nothing to say of the others.
fn without(keep: impl FnMut(&Vector) -> bool) -> Vec<Finding> {
    let mut vectors = stored();
    vectors.retain(keep);
    lint_with(&vectors, |_, _| {})
}

/// The vectors without the giant files; a giant model is small enough, and alone in what it shows.
fn stored() -> Vec<Vector> {
    let small = |vector: &&Vector| vector.tier == Tier::Stored || !vector.operation().is_read();
    vectors().iter().filter(small).cloned().collect()
}

fn id(id: &str) -> VectorId {
    id.parse().unwrap()
}

const ONE: &str = "layout/one-tensor";
const SPACE: &str = "text/space-before-object";
const CUT: &str = "layout/last-byte-missing";

#[test]
fn the_stored_corpus_has_no_finding() {
    assert_eq!(lint(&stored()), []);
}

#[test]
fn the_lint_asks_the_oracle_of_every_vector() {
    let doctored = [ONE, SPACE, MODEL].map(|of| {
        let vector = crate::recipes::find(&id(of)).unwrap().clone();
        Vector { outcomes: Version::ALL.map(|_| Outcome::Reject(RuleId::Lay1)), ..vector }
    });
    let findings = lint(&doctored);
    for vector in doctored {
        let is_about =
            |finding: &&Finding| matches!(finding, Finding::Outcome { id, .. } if *id == vector.id);
        assert_eq!(findings.iter().filter(is_about).count(), Version::ALL.len(), "{}", vector.id);
    }
}

#[test]
fn a_malformed_id_and_an_unknown_area_are_found() {
    let findings = doctored(SPACE, |v| v.id = VectorId::of_recipe("text/Space"));
    assert_eq!(findings, [Finding::MalformedId(VectorId::of_recipe("text/Space"))]);
    let findings = doctored(SPACE, |v| v.id = id("elsewhere/space"));
    assert_eq!(findings, [Finding::UnknownArea(id("elsewhere/space"))]);
}

#[test]
fn an_id_twice_and_a_file_twice_are_found() {
    let mut vectors = stored();
    let again = vectors.iter().find(|vector| vector.id.as_str() == SPACE).unwrap().clone();
    vectors.push(again);
    let findings = lint(&vectors);
    assert_eq!(
        findings,
        [Finding::RepeatedId(id(SPACE)), Finding::SameBytes(id(SPACE), id(SPACE))]
    );
}

#[test]
fn a_summary_that_is_no_sentence_is_found() {
    for summary in ["", "No stop", "Two. Sentences."] {
        let findings = doctored(SPACE, |v| v.summary = summary.to_owned());
        assert_eq!(findings, [Finding::Summary(id(SPACE))], "{summary}");
    }
}

#[test]
fn rules_that_are_missing_repeated_or_in_the_wrong_order_are_found() {
    for rules in
        [vec![], vec![RuleId::Snf1, RuleId::Txt1], vec![RuleId::Txt1, RuleId::Snf1, RuleId::Snf1]]
    {
        let findings = doctored(SPACE, |v| v.rules = rules);
        assert_eq!(findings, [Finding::Rules(id(SPACE))]);
    }
}

#[test]
fn a_vector_says_what_goes_wrong_and_cites_reports_by_address() {
    let findings = doctored(SPACE, |v| v.consequence = None);
    assert_eq!(findings, [Finding::Consequence(id(SPACE))]);
    let cites = |report: &str| {
        doctored(SPACE, |v| {
            let recipe = "src/recipes/text.rs".to_owned();
            v.provenance = Provenance::Recipe { file: recipe, report: Some(report.to_owned()) };
        })
    };
    assert_eq!(cites("https://github.com/huggingface/safetensors/pull/336"), []);
    assert_eq!(cites("#336"), [Finding::Report(id(SPACE), "#336".to_owned())]);
}

#[test]
fn a_missing_or_needless_reading_is_found() {
    let stray = Finding::Evidence(id(SPACE));
    assert!(doctored(SPACE, |v| v.reading = Some(Reading::default())).contains(&stray));
    let lost = Finding::Evidence(id(ONE));
    assert!(doctored(ONE, |v| v.demands = None).contains(&lost));
    assert!(doctored(ONE, |v| v.reading = None).contains(&lost));
}

#[test]
fn values_of_what_has_no_reading_are_found() {
    assert_eq!(doctored(SPACE, |v| v.valued = true), [Finding::Values(id(SPACE))]);
    assert_eq!(doctored(ONE, |v| v.valued = true), []);
    let findings = doctored("values/zeros", |v| v.payloads = Payloads::default());
    assert_eq!(
        findings,
        [Finding::Payload(id("values/zeros")), Finding::Values(id("values/zeros"))]
    );
}

#[test]
fn a_twin_that_is_missing_needless_or_useless_is_found() {
    assert_eq!(doctored(SPACE, |v| v.twin = None), [Finding::Twin(id(SPACE))]);
    assert_eq!(doctored(ONE, |v| v.twin = Some(id(SPACE))), [Finding::Twin(id(ONE))]);
    for useless in [SPACE, CUT, "layout/unheard-of"] {
        let findings = doctored(SPACE, |v| v.twin = Some(id(useless)));
        assert_eq!(findings, [Finding::UselessTwin(id(SPACE), id(useless))]);
    }
    // Valid, but not in the newest version that rejects the other.
    let findings = doctored("sizes/byte-too-few", |v| v.twin = Some(id("sizes/complex-alone")));
    assert_eq!(findings, []);
    let findings = doctored("dtypes/c64-row", |v| v.twin = Some(id("sizes/complex-alone")));
    let (vector, twin) = (id("dtypes/c64-row"), id("sizes/complex-alone"));
    assert_eq!(findings, [Finding::UselessTwin(vector, twin)]);
}

#[test]
fn a_wrong_outcome_is_found_in_each_version() {
    let findings = doctored("layout/two-of-a-size", |v| {
        v.outcomes = Version::ALL.map(|_| Outcome::Reject(RuleId::Lay2));
    });
    let wrong = |finding: &&Finding| matches!(finding, Finding::Outcome { stated: Outcome::Reject(_), found, .. } if found.is_empty());
    assert_eq!(findings.iter().filter(wrong).count(), Version::ALL.len());

    let findings = doctored(CUT, |v| {
        v.outcomes[0] = Outcome::Reject(RuleId::Lay2);
    });
    let finding = Finding::Outcome {
        id: id(CUT),
        version: Version::V1_0,
        stated: Outcome::Reject(RuleId::Lay2),
        found: vec![RuleId::Lay1],
    };
    assert_eq!(findings, [finding]);
}

#[test]
fn a_second_fault_in_a_file_is_found() {
    let findings = doctored(CUT, |v| {
        let tensor = Tensor::new("w", "U8", &[4], &[1, 2, 3]).at(0, 4).field("\"x\":0");
        v.content = Content::Bytes(Draft::of([tensor]).to_bytes());
    });
    assert!(findings.iter().any(|finding| matches!(
        finding,
        Finding::Outcome { found, .. } if *found == [RuleId::Ent4, RuleId::Lay1]
    )));
}

#[test]
fn a_reading_that_is_off_by_one_byte_is_found() {
    let tensor = TensorReading::of("w", "U8", &[4], &[0; 4]);
    let findings = doctored(ONE, |v| {
        v.reading = Some(Reading::new(vec![tensor], [].into()));
        v.payloads.add([&[0; 4][..]]);
    });
    let expected = Version::ALL.map(|version| Finding::Reading(id(ONE), version));
    assert_eq!(findings, expected);
}

#[test]
fn a_leniency_that_is_not_listed_and_one_that_does_not_help_are_found() {
    let findings = doctored(SPACE, |v| v.lenient.clear());
    assert_eq!(findings, [Finding::Unlisted(id(SPACE), Leniency::LeadingWhitespace)]);
    let findings = doctored(SPACE, |v| v.lenient[0].1 = Reading::default());
    assert_eq!(findings, [Finding::Lenient(id(SPACE), Leniency::LeadingWhitespace)]);
    let findings = doctored(CUT, |v| {
        v.lenient = vec![(Leniency::UnknownFields, Reading::default())];
    });
    assert_eq!(findings, [Finding::Lenient(id(CUT), Leniency::UnknownFields)]);
}

#[test]
fn a_second_leniency_that_is_needed_or_needless_is_found() {
    let nested = "entries/sequence-with-map-dtype";
    let findings = doctored(nested, |v| v.also_needs.clear());
    assert_eq!(findings, [Finding::Lenient(id(nested), Leniency::SequenceEntry)]);
    let findings = doctored(SPACE, |v| v.also_needs = vec![Leniency::UnknownFields]);
    assert_eq!(findings, [Finding::Lenient(id(SPACE), Leniency::LeadingWhitespace)]);
}

#[test]
fn an_unaligned_header_and_a_file_of_the_wrong_tier_are_found() {
    let mut bytes = Vec::new();
    let findings = doctored("metadata/empty", |v| {
        bytes = v.bytes();
        bytes[0] += 1;
        v.demands.as_mut().unwrap().header_length += 1;
        bytes.insert(8 + usize::from(bytes[0]) - 1, b' ');
        v.content = Content::Bytes(bytes.clone());
    });
    assert_eq!(findings, [Finding::Unaligned(id("metadata/empty"), u64::from(bytes[0]))]);

    let findings = doctored(CUT, |v| v.tier = Tier::Giant);
    assert_eq!(findings, [Finding::Size(id(CUT), vector_len(CUT))]);
}

fn vector_len(of: &str) -> u64 {
    crate::recipes::find(&id(of)).unwrap().content.len()
}

#[test]
fn two_tensors_of_the_same_bytes_are_found() {
    let findings = doctored("layout/two-of-a-size", |v| {
        let tensors = v.reading.as_ref().unwrap().tensors().to_vec();
        let alike =
            tensors.iter().map(|t| TensorReading { sha256: tensors[0].sha256, ..t.clone() });
        v.reading = Some(Reading::new(alike.collect(), [].into()));
    });
    assert!(findings.contains(&Finding::SamePayload(id("layout/two-of-a-size"))));
}

const MODEL: &str = "sharded/two-shards";
const MISSING: &str = "sharded/shard-missing";
const BESIDE_FILE: &str = "sharded/single-file-beside-index";

/// The folder of a vector that is a sharded model.
fn folder(vector: &mut Vector) -> &mut Folder {
    match &mut vector.content {
        Content::Folder(folder) => folder,
        Content::Bytes(_) | Content::OnDemand { .. } => panic!("no folder"),
    }
}

#[test]
fn a_sharded_model_that_is_not_what_is_stated_is_found() {
    let findings = doctored(MISSING, |v| v.outcomes[0] = Outcome::Reject(RuleId::Idx9));
    let finding = Finding::Outcome {
        id: id(MISSING),
        version: Version::V1_0,
        stated: Outcome::Reject(RuleId::Idx9),
        found: vec![RuleId::Idx7],
    };
    assert_eq!(findings, [finding]);
    let findings = doctored(MODEL, |v| v.reading = Some(Reading::default()));
    assert_eq!(findings, Version::ALL.map(|version| Finding::Reading(id(MODEL), version)));
    let findings = doctored(MODEL, |v| v.advises = vec![RuleId::Idx15]);
    assert_eq!(findings.len(), Version::ALL.len(), "{findings:?}");
    assert!(matches!(&findings[0], Finding::Advice { found, .. } if found.is_empty()));
    let findings = doctored(BESIDE_FILE, |v| v.advises.clear());
    assert!(matches!(&findings[0], Finding::Advice { found, .. } if *found == [RuleId::Idx18]));
    assert_eq!(findings.last(), Some(&Finding::NoAdvice(RuleId::Idx18)));
    let findings = doctored(MISSING, |v| v.twin = Some(id("sharded/index-empty")));
    assert_eq!(findings, [Finding::UselessTwin(id(MISSING), id("sharded/index-empty"))]);
    let stray = Some(crate::Demands::of(&Reading::default(), 8, 0));
    assert_eq!(doctored(MODEL, |v| v.demands = stray), [Finding::Evidence(id(MODEL))]);
}

#[test]
fn a_folder_that_is_not_of_the_form_is_found() {
    let found = |change: &dyn Fn(&mut Vector)| {
        let findings = doctored(MODEL, change);
        let of_form = |finding: &Finding| {
            if let Finding::Folder(_, what) = finding { Some(*what) } else { None }
        };
        findings.iter().find_map(of_form).unwrap_or("nothing")
    };
    let found_in = |change: &dyn Fn(&mut Folder)| found(&|v| change(folder(v)));
    assert!(found_in(&|f| f.entries.reverse()).contains("sorted"));
    assert!(found_in(&|f| f.entries[0].path = "../x".to_owned()).contains("lie in the folder"));
    assert!(found_in(&|f| f.index = "model/other".to_owned()).contains("index"));
    let stray =
        |path: &str| FolderEntry { path: path.to_owned(), item: FolderItem::Bytes(vec![1]) };
    assert!(found_in(&|f| f.entries.extend(["x:", "x?"].map(stray))).contains("one name"));
    let large = FolderItem::Bytes(vec![b' '; 70_000]);
    assert!(found_in(&|f| f.entries[2].item = large.clone()).contains("fit the tier"));
    assert!(found(&|v| v.tier = Tier::Giant).contains("tier"));
    let lenient = vec![(Leniency::NullMetadata, Reading::default())];
    assert!(found(&|v| v.lenient = lenient.clone()).contains("leniency"));
    let findings = doctored(MISSING, |v| v.advises = vec![RuleId::Idx15]);
    assert!(matches!(findings[0], Finding::Folder(..)), "{findings:?}");
}

#[test]
fn the_same_folder_under_two_ids_is_found() {
    let mut vectors = stored();
    let mut again = vectors.iter().find(|v| v.id.as_str() == MISSING).unwrap().clone();
    again.id = id("sharded/shard-missing-again");
    vectors.push(again);
    let findings = lint_with(&vectors, |_, _| {});
    assert_eq!(findings, [Finding::SameBytes(id(MISSING), id("sharded/shard-missing-again"))]);
}

#[test]
fn a_rule_of_the_index_that_no_model_shows_is_found() {
    let findings = without(|v| !v.outcomes.contains(&Outcome::Reject(RuleId::Idx13)));
    assert_eq!(findings, [Finding::NoReject(RuleId::Idx13)]);
    let findings = without(|v| !v.advises.contains(&RuleId::Idx8));
    assert_eq!(findings, [Finding::NoAdvice(RuleId::Idx8)]);
    let findings = without(|v| !v.rules.contains(&RuleId::Idx21));
    assert_eq!(findings, [Finding::NoAccept(RuleId::Idx21)]);
}

#[test]
fn what_is_not_covered_is_found() {
    let findings = without(|v| !v.outcomes.contains(&Outcome::Reject(RuleId::Lay3)));
    assert_eq!(findings, [Finding::NoReject(RuleId::Lay3)]);
    let accepts_off2 =
        |v: &Vector| v.outcomes.contains(&Outcome::Accept) && v.rules.contains(&RuleId::Off2);
    assert!(without(|v| !accepts_off2(v)).contains(&Finding::NoAccept(RuleId::Off2)));
    let findings = without(|v| v.lenient.iter().all(|(l, _)| *l != Leniency::NullMetadata));
    assert_eq!(findings, [Finding::NoLenient(Leniency::NullMetadata)]);
    let bf16 = |t: &TensorReading| t.dtype == "BF16";
    let only = |v: &Vector| v.reading.as_ref().is_some_and(|r| r.tensors().iter().all(bf16));
    let mut findings = without(|v| !only(v) || !matches!(v.id.area(), "dtypes" | "values"));
    // What had one of them for its twin is found as well.
    findings.retain(|finding| matches!(finding, Finding::NoDtype(_, _)));
    let expected = Version::ALL.map(|version| Finding::NoDtype(Dtype::Bf16, version));
    assert_eq!(findings, expected);
}

#[test]
fn a_stated_digest_that_the_bytes_do_not_have_is_found() {
    let giant = crate::recipes::find(&id("layout/ten-thousand-tensors")).unwrap();
    assert_eq!(hashed(std::slice::from_ref(giant)), []);
    let (stated, found) = (Digest::of(b""), giant.content.digest());
    let mut doctored = giant.clone();
    let Content::OnDemand { sha256, .. } = &mut doctored.content else { panic!("on demand") };
    *sha256 = stated;
    assert_eq!(hashed(&[doctored]), [Finding::Digest { id: giant.id.clone(), stated, found }]);

    let mut doctored = giant.clone();
    let bulk = Bulk { tensor_count: 10_000, sha256: stated };
    doctored.reading = Some(Reading::made(bulk, Vec::new));
    let findings = hashed(&[doctored]);
    assert!(matches!(findings[..], [Finding::Bulk { listed: 0, .. }]), "{findings:?}");
}

#[test]
fn demands_that_are_not_those_of_the_reading_are_found() {
    let findings = doctored(ONE, |v| v.demands.as_mut().unwrap().rank += 1);
    assert_eq!(findings, [Finding::Demands(id(ONE))]);
}

#[test]
fn an_id_that_was_another_vectors_is_known() {
    let retired = [("layout/gone", "it said what another says")];
    assert!(is_retired(&id("layout/gone"), &retired));
    assert!(!is_retired(&id("layout/one-tensor"), &retired));
    assert!(RETIRED.is_sorted_by(|a, b| a.0 < b.0));
}
