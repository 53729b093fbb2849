//! Drafts against the bytes that they should give.

use super::*;

fn pair() -> Draft {
    Draft::of([Tensor::new("w", "U8", &[2], &[1, 2]), Tensor::new("b", "I8", &[1], &[3])])
}

fn header_of(draft: &Draft) -> String {
    let bytes = draft.to_bytes();
    let len = usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    String::from_utf8_lossy(&bytes[8..8 + len]).into_owned()
}

#[test]
fn an_honest_draft_is_the_plain_file() {
    let header = header_of(&pair());
    let object = r#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[1],"data_offsets":[2,3]}}"#;
    assert_eq!(header.trim_end_matches(' '), object);
    assert_eq!(header.len() % 8, 0);
    assert!(pair().to_bytes().ends_with(&[1, 2, 3]));
}

#[test]
fn every_field_can_lie_and_the_reading_does_not_follow() {
    let honest = Tensor::new("w", "U8", &[2], &[1, 2]);
    let lying = honest
        .clone()
        .name_text(r#""\u0077""#)
        .dtype_text("7")
        .shape_text("{}")
        .offsets_text("[1]")
        .field(r#""x":0"#);
    let draft = Draft::of([lying]);
    let object = r#"{"\u0077":{"dtype":7,"shape":{},"data_offsets":[1],"x":0}}"#;
    assert_eq!(header_of(&draft).trim_end(), object);
    assert_eq!(draft.reading(), Draft::of([honest]).reading());
}

#[test]
fn the_header_order_does_not_move_the_bytes() {
    let draft = pair().listed(&["b"]);
    assert!(
        header_of(&draft).starts_with(r#"{"b":{"dtype":"I8","shape":[1],"data_offsets":[2,3]}"#)
    );
    assert!(draft.to_bytes().ends_with(&[1, 2, 3]));
}

#[test]
fn header_text_buffer_and_length_can_be_bent() {
    let draft = pair()
        .metadata(&[("k", "\u{1}\"")])
        .metadata_last()
        .first_member("1")
        .last_member("2")
        .swap("\"w\"", "\"v\"")
        .before("\t")
        .after("\n")
        .ending("\r");
    let header = header_of(&draft);
    assert!(header.starts_with("\t{1,\"v\":"));
    assert!(header.contains(r#""__metadata__":{"k":"\u0001\""},2}"#));
    assert!(header.contains("}\n") && header.ends_with('\r'));
    assert_eq!(header.len() % 8, 0);

    let file = pair().insert(1, [9]).append([8]).cut_off(2).declare(7).to_bytes();
    assert_eq!(file[..8], 7_u64.to_le_bytes());
    assert!(file.ends_with(&[1, 9, 2]));
    assert_eq!(pair().cut_to(5).to_bytes().len(), 5);
    assert_eq!(header_of(&Draft::default().object("[]").no_padding()), "[]");
}
