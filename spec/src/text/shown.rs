//! Bytes of a header text in a message to a person: never raw, never long.

/// A byte of the header text as a person can read it.
pub(crate) fn show_byte(byte: u8) -> String {
    match byte {
        b'`' => "a backtick".to_owned(),
        0x21..0x7F => format!("`{}`", char::from(byte)),
        _ => format!("the byte 0x{byte:02X}"),
    }
}

/// Some bytes of the header text as a person can read them: escaped, and cut to 60 characters.
pub(crate) fn show(bytes: &[u8]) -> String {
    const SHOWN: usize = 60;
    let head = bytes.get(..bytes.len().min(4 * SHOWN + 4)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let more = if text.chars().count() > SHOWN { "…" } else { "" };
    let shown = text.chars().take(SHOWN).map(|character| match character {
        '"' | '\'' | '\\' => character.to_string(),
        other => other.escape_debug().to_string(),
    });
    format!("`{}{more}`", shown.collect::<String>())
}
