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

/// The beginning and the end of an output, with the number of the bytes between them that were not
/// kept; escaped as by [`shown`] except that lines stay lines.
#[must_use]
pub fn ends(head: &[u8], left_out: u64, tail: &[u8]) -> String {
    if left_out == 0 {
        return lines(&[head, tail].concat());
    }
    format!("{}\n… {left_out} bytes …\n{}", lines(head), lines(tail))
}

fn lines(bytes: &[u8]) -> String {
    let lines: Vec<String> =
        bytes.split(|byte| *byte == b'\n').map(|line| escaped(strip_return(line))).collect();
    lines.join("\n").trim_end().to_owned()
}

/// Cuts a text to a length in bytes, between two characters, and says what was left out.
pub(crate) fn cut(text: &mut String, limit: usize) {
    if text.len() > limit {
        let at = (0..=limit).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let left_out = text.len() - at;
        text.truncate(at);
        // A write to a `String` cannot fail.
        let _ = write!(text, " … and {left_out} bytes more");
    }
}

fn strip_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() || is_invisible(character) {
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

/// Characters that nobody sees, or that reorder what stands around them on a terminal.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
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
    fn what_nobody_would_see_is_shown_by_its_number() {
        assert_eq!(shown("\u{feff}{\u{200b}".as_bytes(), 99), r"\u{feff}{\u{200b}");
        assert_eq!(shown("a é 漢 😀".as_bytes(), 99), "a é 漢 😀");
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
    fn the_ends_of_an_output_keep_their_lines_and_say_what_lies_between() {
        assert_eq!(ends(b"one\r\nt", 0, b"wo\x07\nthree\n"), "one\ntwo\\u{7}\nthree");
        assert_eq!(ends(b"one\nt", 9, b"o\nthree\n"), "one\nt\n… 9 bytes …\no\nthree");
    }

    #[test]
    fn a_text_is_cut_between_two_characters() {
        let cut_to = |limit| {
            let mut text = "aé漢".to_owned();
            cut(&mut text, limit);
            text
        };
        assert_eq!(cut_to(6), "aé漢");
        assert_eq!(cut_to(5), "aé … and 3 bytes more");
        assert_eq!(cut_to(2), "a … and 5 bytes more");
    }
}
