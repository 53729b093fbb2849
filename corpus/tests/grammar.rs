//! The grammar `spec/header.abnf`, run as it stands, decides exactly on the rules of the text
//! layer: on the vectors, on generated files, and on header texts with bytes changed at random.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "forms/mod.rs"]
mod forms;

use arbitrary::Unstructured;
use corpus::arb;
use forms::{Sample, findings, generated, header_text, stored_vectors};
use grammar::{HEADER, Matcher, STACK};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use spec::{File, GRAMMAR_BLIND, Leniencies, RuleId, Version, examine};
use std::cell::Cell;

/// The rules of the text layer: those that the grammar decides.
const TEXT_LAYER: [RuleId; 8] = [
    RuleId::Txt1,
    RuleId::Txt2,
    RuleId::Json1,
    RuleId::Json2,
    RuleId::Json3,
    RuleId::Json4,
    RuleId::Json5,
    RuleId::Pad1,
];

/// Whether the oracle finds that a file keeps every rule of the text layer.
fn keeps_the_text_layer(file: &[u8]) -> bool {
    let examination = examine(File::whole(file), Version::LATEST, &Leniencies::none());
    !examination.violations().iter().any(|violation| TEXT_LAYER.contains(&violation.rule))
}

/// Whether a grammar and the oracle's text layer decide alike on the header text of a file.
fn agree(matcher: &Matcher, file: &[u8]) -> bool {
    header_text(file).is_none_or(|text| matcher.accepts(text) == keeps_the_text_layer(file))
}

/// Runs something with the stack that the matcher takes.
fn with_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What is wrong with the grammar, as a form and against the oracle.
fn judge(samples: Vec<Sample>) -> Vec<String> {
    with_stack(move || {
        let matcher = Matcher::new(HEADER).unwrap();
        let mut wrong = findings(&samples, GRAMMAR_BLIND, |text| matcher.accepts(text));
        for Sample { name, bytes, breaks: _ } in &samples {
            if !agree(&matcher, bytes) {
                wrong.push(format!("{name}: the oracle's text layer decides otherwise"));
            }
        }
        wrong
    })
}

#[test]
fn on_the_vectors_the_grammar_sees_what_it_is_said_to_see() {
    assert_eq!(judge(stored_vectors()), [""; 0]);
}

#[test]
fn on_generated_files_the_grammar_sees_what_it_is_said_to_see() {
    assert_eq!(judge(generated(60)), [""; 0]);
}

/// A header text as a file.
fn file_of(text: &[u8]) -> Vec<u8> {
    let mut file = u64::try_from(text.len()).unwrap().to_le_bytes().to_vec();
    file.extend(text);
    file
}

#[test]
fn a_doctored_grammar_is_noticed() {
    // What is doctored, into what, and a text that shows it.
    let pair = r#"scalar / high-surrogate "\" %s"u" low-surrogate"#;
    let swapped = r#"scalar / low-surrogate "\" %s"u" high-surrogate"#;
    let doctored: [(&str, &str, &[u8]); 21] = [
        ("object *%x20", "object *( %x20 / %x00 )", b"{}\0"),
        ("object *%x20", "object *( %x20 / %x09 )", b"{}\t"),
        ("object *%x20", "object", b"{}  "),
        ("= object *%x20", "= ws object *%x20", b" {}"),
        ("= object *%x20", "= value *%x20", b"[]"),
        (pair, "4HEXDIG", br#"{"\ud83d":0}"#),
        (pair, "scalar", br#"{"\ud83d\ude00":0}"#),
        (pair, swapped, br#"{"\ude00\ud83d":0}"#),
        ("*( \",\" ws member )", "*( \",\" ws member ) [ \",\" ws ]", br#"{"a":0,}"#),
        ("unescaped       = %x20-21", "unescaped       = %x00-21", b"{\"\0\":0}"),
        ("%x5D-7F", "%x5D-7E", b"{\"\x7f\":0}"),
        ("%s\"n\"", "\"n\"", br#"{"\N":0}"#),
        ("%s\"null\"", "\"null\"", br#"{"":NULL}"#),
        ("\"E\" / \"F\"\n", "\"E\" / %s\"F\"\n", br#"{"\uf00f":0}"#),
        ("[ \"-\" ] integer", "[ \"-\" / \"+\" ] integer", br#"{"":+1}"#),
        ("\"0\" / %x31-39 *DIGIT", "1*DIGIT", br#"{"":01}"#),
        ("\".\" 1*DIGIT", "\".\" *DIGIT", br#"{"":1.}"#),
        ("\"e\" [", "%s\"e\" [", br#"{"":1E1}"#),
        ("%xC2-DF utf8-tail", "%xC0-DF utf8-tail", b"{\"\xC0\x80\":0}"),
        ("%xED %x80-9F utf8-tail", "%xED 2utf8-tail", b"{\"\xED\xA0\x80\":0}"),
        ("%xF4 %x80-8F 2utf8-tail", "%xF4 3utf8-tail", b"{\"\xF4\x90\x80\x80\":0}"),
    ];
    let matcher = Matcher::new(HEADER).unwrap();
    for (from, to, text) in doctored {
        let shown = String::from_utf8_lossy(text);
        let grammar = HEADER.replacen(from, to, 1);
        assert_ne!(grammar, HEADER, "`{from}` is not in the grammar");
        assert!(agree(&matcher, &file_of(text)), "{shown}");
        let doctored = Matcher::new(&grammar).unwrap();
        assert!(!agree(&doctored, &file_of(text)), "{shown} does not show `{to}`");
    }
}

#[test]
fn a_list_of_blind_spots_that_is_not_exact_is_noticed() {
    let one = |breaks| {
        let mut valid = generated(1);
        valid.retain(|sample| sample.breaks == breaks);
        valid.truncate(1);
        valid
    };
    let blind = [RuleId::Lay4];
    // A valid file refused; a rule seen that is said not to be; a rule not seen that is said to be.
    assert_eq!(findings(&one(None), &[], |_| false).len(), 1);
    assert_eq!(findings(&one(Some(RuleId::Lay4)), &blind, |_| false).len(), 1);
    assert_eq!(findings(&one(Some(RuleId::Lay4)), &[], |_| true).len(), 1);
    assert_eq!(findings(&one(Some(RuleId::Lay4)), &blind, |_| true).len(), 0);
    // A header text that cannot be cut out is let pass.
    assert_eq!(findings(&one(Some(RuleId::Len1)), &[], |_| false).len(), 1);
}

#[test]
fn depth_and_length_do_not_stop_the_matcher() {
    let matcher = Matcher::new(HEADER).unwrap();
    let depth = 30_000;
    let deep = format!("{{\"\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let unclosed = format!("{{\"\":{}", "[".repeat(2 * depth));
    let long =
        format!("{{\"{}\":{}}}{}", "é".repeat(9_000), "1".repeat(20_000), " ".repeat(20_000));
    with_stack(move || {
        assert!(matcher.accepts(deep.as_bytes()));
        assert!(!matcher.accepts(unclosed.as_bytes()));
        assert!(matcher.accepts(long.as_bytes()));
    });
}

/// A change of one place in a text.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Replace(u8),
    Insert(u8),
    Remove,
}

/// Bytes that mean something to a header, and any others.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        prop::sample::select(
            b"{}[]:,\"\\/bfnrtuU0123456789+-.eEdD89abABCcF \t\n\r\0\x1f\x7f".to_vec()
        ),
        prop::sample::select(
            b"\x80\x8f\x90\x9f\xa0\xbf\xc0\xc2\xdf\xe0\xed\xef\xf0\xf4\xf5\xff".to_vec()
        ),
        any::<u8>(),
    ]
}

fn edit() -> impl Strategy<Value = (Index, Edit)> {
    let edit = prop_oneof![
        byte().prop_map(Edit::Replace),
        byte().prop_map(Edit::Insert),
        Just(Edit::Remove),
    ];
    (any::<Index>(), edit)
}

/// The header text of a generated file, valid or not, after some edits, as a file.
fn edited(seed: u64, edits: &[(Index, Edit)]) -> Vec<u8> {
    let file = arb::any_file(&mut Unstructured::new(&arb::entropy(seed))).bytes;
    let mut text = header_text(&file).unwrap_or(b"{}").to_vec();
    for (at, edit) in edits {
        let at = at.index(text.len() + 1);
        match edit {
            Edit::Insert(byte) => text.insert(at, *byte),
            Edit::Replace(_) | Edit::Remove if at == text.len() => {}
            Edit::Replace(byte) => text[at] = *byte,
            Edit::Remove => {
                text.remove(at);
            }
        }
    }
    file_of(&text)
}

/// Every first byte of a sequence, with second bytes on both sides of every boundary in the tables
/// of UTF-8, and too few, enough and too many further bytes.
#[test]
fn on_every_form_of_a_utf_8_sequence_the_grammar_and_the_oracle_agree() {
    with_stack(|| {
        let matcher = Matcher::new(HEADER).unwrap();
        let seconds = [0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0];
        for lead in 0x80..=0xFF_u8 {
            for second in seconds {
                for more in 0..=3 {
                    let further = vec![0x80_u8; more];
                    let text =
                        [b"{\"__metadata__\":{\"", &[lead, second][..], &further, b"\":\"\"}}"]
                            .concat();
                    let file = file_of(&text);
                    assert!(
                        agree(&matcher, &file),
                        "{:02x} {:02x} and {} more",
                        lead,
                        second,
                        more
                    );
                }
            }
        }
    });
}

#[test]
fn on_any_header_text_the_grammar_and_the_oracle_agree() {
    let config = ProptestConfig { cases: 25_000, failure_persistence: None, ..Default::default() };
    with_stack(move || {
        let matcher = Matcher::new(HEADER).unwrap();
        let (kept, broken) = (Cell::new(0), Cell::new(0));
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let texts = (any::<u64>(), prop::collection::vec(edit(), 0..4));
        let agree = |(seed, edits): (u64, Vec<(Index, Edit)>)| {
            let file = edited(seed, &edits);
            let text = header_text(&file).unwrap();
            let keeps = keeps_the_text_layer(&file);
            prop_assert_eq!(matcher.accepts(text), keeps, "{:?}", String::from_utf8_lossy(text));
            let count = if keeps { &kept } else { &broken };
            count.set(count.get() + 1);
            Ok(())
        };
        TestRunner::new_with_rng(config, rng).run(&texts, agree).unwrap();
        let (kept, broken) = (kept.get(), broken.get());
        assert!(kept > 5_000 && broken > 5_000, "{kept} kept the text layer, {broken} broke it");
    });
}
