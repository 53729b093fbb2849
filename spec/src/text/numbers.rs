//! The spelling of numbers (JSON-5).

/// Whether a token matches the production `number` of RFC 8259.
pub(super) fn is_number(token: &[u8]) -> bool {
    let unsigned = token.strip_prefix(b"-").unwrap_or(token);
    let Some(mut rest) = after_digits(unsigned) else { return false };
    if unsigned.first() == Some(&b'0') && unsigned.len() - rest.len() > 1 {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let Some(after) = after_digits(fraction) else { return false };
        rest = after;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let power = match exponent {
            [b'+' | b'-', power @ ..] => power,
            power => power,
        };
        let Some(after) = after_digits(power) else { return false };
        rest = after;
    }
    rest.is_empty()
}

/// What follows the digits at the start of a token; `None` if there is no digit.
pub(super) fn after_digits(token: &[u8]) -> Option<&[u8]> {
    let count = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 { None } else { token.get(count..) }
}
