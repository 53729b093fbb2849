//! Foreign text made safe to show: cut to a length, and without control characters.

use std::fmt::Write as _;

/// The beginning of some bytes as text that a terminal cannot act on: control characters and bytes
/// that are no UTF-8 are escaped, and what is left out is counted.
#[must_use]
pub fn shown(bytes: &[u8], limit: usize) -> String {
    let head = bytes.get(..limit).unwrap_or(bytes);
    let mut text = escaped(head);
    if head.len() < bytes.len() {
        // A write to a `String` cannot fail.
        let _ = write!(text, " … and {} bytes more", bytes.len() - head.len());
    }
    text
}

/// The end of some bytes, escaped as by [`shown`] except that lines stay lines.
#[must_use]
pub fn tail(bytes: &[u8], limit: usize) -> String {
    let start = bytes.len().saturating_sub(limit);
    let kept = bytes.get(start..).unwrap_or(bytes);
    let lines: Vec<String> =
        kept.split(|byte| *byte == b'\n').map(|line| escaped(strip_return(line))).collect();
    lines.join("\n").trim_end().to_owned()
}

fn strip_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() || is_bidi_control(character) {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Characters that reorder what stands around them on a terminal.
fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        assert_eq!(shown(b"\x1b[31mred\x07", 99), r"\u{1b}[31mred\u{7}");
        assert_eq!(shown("a\u{202e}b".as_bytes(), 99), r"a\u{202e}b");
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_shown_as_numbers() {
        assert_eq!(shown(b"a\xffb", 99), r"a\xffb");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        assert_eq!(shown(b"abcdef", 4), "abcd … and 2 bytes more");
    }

    #[test]
    fn a_tail_keeps_the_end_and_its_lines() {
        assert_eq!(tail(b"one\r\ntwo\x07\nthree\n", 14), "e\ntwo\\u{7}\nthree");
    }
}
