//! The report on one file for a person: each violation in the manner of rustc, with the place in
//! the header underlined.
//!
//! A header is one line of up to a hundred million bytes, so what is shown is a window around the
//! place, with everything that a terminal would not show as it is escaped.

use super::{Validated, ValidatedModel};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use spec::{Examination, IndexExamination, LENIENCIES, Leniency, Violation};
use std::fmt::Write as _;
use std::ops::Range;

/// How many bytes of the header are shown on each side of a place, and of the place itself.
const WINDOW: usize = 48;

/// How many violations of a file are shown to a person.
const SHOWN: usize = 20;

/// Whether a report has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With the colours of a terminal.
    Coloured,
}

/// What a person sees of one file, ending with its one-line verdict. `prefix` is the file as far
/// as its header reaches, or further.
#[must_use]
pub fn render(validated: &Validated<'_>, prefix: &[u8], style: Style) -> String {
    let source = Source::File(header_of(prefix));
    let path = shown(&validated.path.to_string_lossy());
    let print = |kind, violation: &Violation| {
        printed(kind, violation, &validated.would_accept, source, &path, style)
    };
    match &validated.examination {
        Examination::Accepted { reading, tolerated } => {
            let shown = tolerated.iter().take(SHOWN);
            let mut text: String =
                shown.map(|violation| print(Kind::Tolerated, violation)).collect();
            text.extend(validated.advice.iter().map(|advice| print(Kind::Advice, advice)));
            omitted(&mut text, tolerated.len());
            let verdict = match quoted(&covered(tolerated)) {
                None => "valid".to_owned(),
                Some(names) => format!("valid only under {names}"),
            };
            let _ = writeln!(
                text,
                "{path}: {verdict} (minimum version {}; {}, {} of data)",
                reading.minimum_version(),
                plural(reading.tensors().len(), "tensor"),
                plural(reading.data_len(), "byte"),
            );
            text
        }
        Examination::Refused { violations, omitted: not_kept } => {
            refused(&path, violations, *not_kept, |violation| print(Kind::Error, violation))
        }
    }
}

/// What a person sees of a sharded model, ending with its one-line verdict.
#[must_use]
pub fn render_model(validated: &ValidatedModel<'_>, index: &[u8], style: Style) -> String {
    let path = shown(&validated.path.to_string_lossy());
    let print = |kind, violation: &Violation| {
        printed(kind, violation, &[], Source::Index(index), &path, style)
    };
    match &validated.examination {
        IndexExamination::Accepted { reading, advice } => {
            let mut text: String =
                advice.iter().map(|advice| print(Kind::Advice, advice)).collect();
            let tensors = reading.shards().iter().flat_map(spec::Shard::tensors);
            let sizes: Vec<u128> =
                tensors.map(|tensor| u128::from(tensor.end() - tensor.begin())).collect();
            let data: u128 = sizes.iter().sum();
            let _ = writeln!(
                text,
                "{path}: valid (minimum version {}; {} in {}, {} of data)",
                reading.minimum_version(),
                plural(sizes.len(), "tensor"),
                plural(reading.shards().len(), "shard"),
                plural(data, "byte"),
            );
            text
        }
        IndexExamination::Refused { violations, omitted: not_kept } => {
            refused(&path, violations, *not_kept, |violation| print(Kind::Error, violation))
        }
    }
}

/// What a person sees of an invalid file or model: the first violations, and the verdict.
fn refused(
    path: &str,
    violations: &[Violation],
    not_kept: u64,
    print: impl Fn(&Violation) -> String,
) -> String {
    let mut text: String = violations.iter().take(SHOWN).map(print).collect();
    omitted(&mut text, violations.len());
    let count = u64::try_from(violations.len()).unwrap_or(u64::MAX);
    let count = plural(count.saturating_add(not_kept), "violation");
    let _ = writeln!(text, "{path}: invalid ({count})");
    text
}

/// One violation or piece of advice, with an empty line after it.
fn printed(
    kind: Kind,
    violation: &Violation,
    would_accept: &[Leniency],
    source: Source<'_>,
    path: &str,
    style: Style,
) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let place = place(path, &violation.bytes);
    let groups = groups(kind, violation, would_accept, source, place.clone());
    format!("{}\n\n", without_line(&renderer.render(&groups), &place))
}

fn omitted(text: &mut String, count: usize) {
    if count > SHOWN {
        let _ = writeln!(text, "… and {} more, which `--json` lists", count - SHOWN);
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Error,
    Tolerated,
    Advice,
}

fn groups<'a>(
    kind: Kind,
    violation: &'a Violation,
    would_accept: &[Leniency],
    source: Source<'_>,
    place: String,
) -> Vec<Group<'a>> {
    let rule = violation.rule.rule();
    let level = match kind {
        Kind::Error => Level::ERROR,
        Kind::Tolerated | Kind::Advice => Level::WARNING,
    };
    let window = source.window(&violation.bytes);
    let snippet = Snippet::source(window.text).line_numbering(false).path(place).annotation(
        AnnotationKind::Primary.span(window.marked).label(format!("found {}", violation.found)),
    );
    let title = level.primary_title(rule.sentence).id(rule.id.as_str());
    let mut group = title.element(snippet);
    if let Some(repair) = rule.repair {
        group = group.element(Level::HELP.message(repair));
    }
    match kind {
        Kind::Error => {
            if let Some(names) = quoted(would_accept) {
                let note =
                    format!("readers with the leniency {names} accept the file; others do not");
                group = group.element(Level::NOTE.message(note));
            }
        }
        Kind::Tolerated => {
            if let Some(row) = LENIENCIES.iter().find(|row| row.relaxes == violation.rule) {
                group =
                    group.element(Level::NOTE.message(format!(
                        "covered by the leniency `{}`: {}",
                        row.name, row.reading
                    )));
            }
        }
        Kind::Advice => {}
    }
    let more = format!("`stconform explain {}` tells more", rule.id);
    vec![group.element(Level::NOTE.message(more))]
}

/// The leniencies that covered something.
fn covered(tolerated: &[Violation]) -> Vec<Leniency> {
    LENIENCIES
        .iter()
        .filter(|row| tolerated.iter().any(|violation| violation.rule == row.relaxes))
        .map(|row| row.leniency)
        .collect()
}

/// Names in a sentence; `None` for none.
fn quoted(leniencies: &[Leniency]) -> Option<String> {
    let names: Vec<String> = leniencies.iter().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| names.join(" and "))
}

/// Where a violation is, for a person.
fn place(path: &str, bytes: &Range<u64>) -> String {
    let Range { start, end } = bytes;
    match end.saturating_sub(*start) {
        0 | 1 => format!("{path}, at byte {start}"),
        _ => format!("{path}, at bytes {start}..{end}"),
    }
}

/// Takes the line and column, which the renderer puts behind every place, out of its text: a
/// header has no lines, and the column would be the one in the window.
fn without_line(rendered: &str, place: &str) -> String {
    let numbers = |rest: &str| rest.find(|character: char| !matches!(character, ':' | '0'..='9'));
    match rendered.split_once(place) {
        Some((before, after)) => {
            let rest = after.get(numbers(after).unwrap_or(after.len())..).unwrap_or_default();
            format!("{before}{place}{rest}")
        }
        None => rendered.to_owned(),
    }
}

/// What places are in.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// A file, as far as its header reaches.
    File(&'a [u8]),
    /// The text of an index.
    Index(&'a [u8]),
}

impl Source<'_> {
    fn window(self, place: &Range<u64>) -> Window {
        match self {
            Self::File(prefix) => Window::around(prefix, place),
            Self::Index(text) => Window::in_line(text, place),
        }
    }
}

/// A part of a header or an index as it can be shown, and the place in it that is marked.
struct Window {
    text: String,
    marked: Range<usize>,
}

impl Window {
    fn around(prefix: &[u8], place: &Range<u64>) -> Self {
        let within =
            |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(prefix.len());
        let (start, end) = (within(place.start), within(place.end));
        // The length is binary; it is shown as the eight bytes that it is.
        if start < 8 {
            let bytes = prefix.get(..8).unwrap_or(prefix);
            let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let text = hex.join(" ");
            let marked = 0..text.len();
            return Self { text, marked };
        }
        Self::cut_out(prefix, start..end, 8..prefix.len())
    }

    /// Of an index, which is written in lines, the line in which the place begins.
    fn in_line(index: &[u8], place: &Range<u64>) -> Self {
        let within =
            |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(index.len());
        let (start, end) = (within(place.start), within(place.end));
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let (before, after) = index.split_at(start);
        let first = before.iter().rposition(is_end).map_or(0, |at| at + 1);
        let last = after.iter().position(is_end).map_or(index.len(), |at| start + at);
        let indent = before.iter().skip(first).take_while(|byte| matches!(byte, b' ' | b'\t'));
        let first = first + indent.count();
        Self::cut_out(index, start..end.min(last.max(start)), first..last)
    }

    /// A place in the part of some bytes that may be shown, with a little around it.
    fn cut_out(bytes: &[u8], place: Range<usize>, part: Range<usize>) -> Self {
        let Range { start, end } = place;
        let first = char_start(bytes, start.saturating_sub(WINDOW).max(part.start));
        let cut = end.min(start + WINDOW);
        let last = (cut + WINDOW).min(part.end);
        let mut text = String::new();
        if first > part.start {
            text.push('…');
        }
        let before = escape(bytes.get(first..start).unwrap_or_default());
        let inside = escape(bytes.get(start..cut).unwrap_or_default());
        let after = escape(bytes.get(cut..last).unwrap_or_default());
        text.push_str(&before);
        let from = text.len();
        text.push_str(&inside);
        let to = text.len();
        text.push_str(&after);
        if last < part.end {
            text.push('…');
        }
        Self { text, marked: from..to }
    }
}

/// The start of a file up to the end of its header, as far as it is there.
fn header_of(prefix: &[u8]) -> &[u8] {
    let len = prefix.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    let end = len.and_then(|len| usize::try_from(len).ok()?.checked_add(8));
    end.and_then(|end| prefix.get(..end)).unwrap_or(prefix)
}

/// The first position from `at` on that is not inside a character.
fn char_start(bytes: &[u8], at: usize) -> usize {
    let inside = |byte: &&u8| (0x80..0xC0).contains(*byte);
    at + bytes.iter().skip(at).take(3).take_while(inside).count()
}

/// Bytes of a header as a terminal can show them. What is not shown as it is stands in angle
/// brackets, which no escape of the header looks like: `<U+000A>` is a line feed, `<FF>` a byte
/// that is no UTF-8.
fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(&shown(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(text, "<{byte:02X}>");
        }
    }
    text
}

/// Text with its control characters and invisible characters named.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let is_plain = matches!(character, ' '..='~')
            || character.escape_debug().eq(std::iter::once(character));
        if is_plain {
            shown.push(character);
        } else {
            let _ = write!(shown, "<U+{:04X}>", u32::from(character));
        }
    }
    shown
}

fn plural(count: impl TryInto<u128>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u128::MAX);
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
