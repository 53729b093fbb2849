use super::numbers::is_number;
use super::strings::{plain_end, unescape};
use super::*;
use crate::fault::First;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

#[test]
fn numbers_are_those_of_rfc_8259() {
    for good in ["0", "-0", "10", "1.5", "1e5", "1E+05", "-1.0e-0", "123456789012345678901"] {
        assert!(is_number(good.as_bytes()), "{good}");
    }
    for bad in ["", "-", "01", "-01", "1.", ".5", "1e", "1e+", "+1", "1.e1", "0-1", "1..2", "--1"] {
        assert!(!is_number(bad.as_bytes()), "{bad}");
    }
}

#[test]
fn escapes_mean_what_rfc_8259_says() {
    let meant = |spelled: &str| String::from_utf8(unescape(spelled.as_bytes())).unwrap();
    assert_eq!(meant(r#"\"\\\/\b\f\n\r\t"#), "\"\\/\u{8}\u{c}\n\r\t");
    assert_eq!(meant(r"\u0041\u00e9\uD83D\uDE00\ud83d\ude00!"), "Aé😀😀!");
}

#[test]
fn depth_costs_no_stack() {
    for (open, close) in [("[", "]"), ("{\"\":", "}")] {
        let text = format!("{}0{}", open.repeat(1_000_000), close.repeat(1_000_000));
        let mut lexer = Lexer::new(text.as_bytes(), 0, First);
        assert_eq!(lexer.skip_value().unwrap(), 0..text.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(3),
        ..ProptestConfig::default()
    })]

    #[test]
    fn eight_bytes_at_a_time_find_what_one_at_a_time_finds(
        text in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), 0_u8..0x40], 0..40),
        from in 0_usize..8,
    ) {
        let from = from.min(text.len());
        let one_by_one = (from..text.len())
            .find(|at| matches!(text[*at], 0..0x20 | b'"' | b'\\'))
            .unwrap_or(text.len());
        prop_assert_eq!(plain_end(&text, from), one_by_one);
    }

    #[test]
    fn a_short_integer_is_taken_as_its_value_or_left_alone(token in "[0-9]{1,22}[,.e+\\-]?") {
        let mut lexer = Lexer::new(token.as_bytes(), 0, First);
        let digits = token.trim_end_matches(',');
        let plain = !token.ends_with(['.', 'e', '+', '-']) && (digits == "0" || !digits.starts_with('0'));
        match lexer.short_integer() {
            Some(value) => {
                prop_assert!(plain);
                prop_assert_eq!(value.to_string(), digits);
                prop_assert_eq!(lexer.position(), digits.len());
            }
            None => {
                prop_assert_eq!(lexer.position(), 0);
                prop_assert!(!plain || digits.len() > 18 || digits == token);
            }
        }
    }
}
