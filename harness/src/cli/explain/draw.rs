//! Draws the bytes of a vector: offset, hexadecimal, text, what each stretch is, and where the
//! fault stands.
//!
//! What a stretch is comes from the oracle; nothing here reads a header.

use corpus::Vector;
use spec::{Examination, File, Leniencies, Reading, Version, Violation, examine};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

/// The bytes of a row.
const ROW: u64 = 16;
/// How many rows of a long stretch are shown from its start.
const HEAD: u64 = 12;
/// How many rows of a long stretch are shown from its end, and of a long fault.
const TAIL: u64 = 2;
/// How many tensors have a stretch of their own; the others share one.
const TENSORS: usize = 12;
/// How many faults are marked.
const MARKS: usize = 4;

/// A stretch of a file, and what it is.
struct Stretch {
    bytes: Range<u64>,
    what: String,
}

/// The drawing of a file.
pub(super) fn draw(vector: &Vector) -> String {
    let head = vector.head();
    let len = vector.content.len();
    // The head is as long as the oracle asked for.
    let file = File::prefix(&head, len).unwrap_or_else(|_| File::whole(&head));
    let strict = examine(file, Version::LATEST, &Leniencies::none());
    // Many a file with a fault has tensors all the same; to a valid one, leniencies do nothing.
    let lenient = match &strict {
        Examination::Accepted { .. } => None,
        Examination::Refused { .. } => Some(examine(file, Version::LATEST, &Leniencies::all())),
    };
    let reading = lenient.as_ref().unwrap_or(&strict).reading();
    let stretches = stretches(&head, len, reading);
    let faults = strict.violations();
    let marks = faults.get(..MARKS).unwrap_or(faults);
    let mut text = String::new();
    for stretch in &stretches {
        rows(&mut text, vector, &head, stretch, marks);
    }
    if len == 0 {
        text.push_str("  no bytes\n");
        marks.iter().for_each(|mark| say(&mut text, "", mark));
    }
    text
}

/// Cuts a file into length field, header text, padding, and the tensors of its data buffer.
fn stretches(head: &[u8], len: u64, reading: Option<&Reading<'_>>) -> Vec<Stretch> {
    let mut list = Vec::new();
    let mut add = |start: u64, end: u64, what: String| {
        if start < end.min(len) {
            list.push(Stretch { bytes: start..end.min(len), what });
        }
    };
    let Some(field) = head.first_chunk::<8>() else {
        add(0, len, "the beginning of a length field".to_owned());
        return list;
    };
    let header_len = u64::from_le_bytes(*field);
    add(0, 8, format!("length field, N = {header_len}"));
    let end = header_len.saturating_add(8);
    let header = usize::try_from(end).ok().and_then(|end| head.get(8..end));
    let spaces =
        header.map_or(0, |text| text.iter().rev().take_while(|byte| **byte == b' ').count());
    // Spaces alone are no padding of anything.
    let padding = header.filter(|text| spaces < text.len()).map_or(0, |_| spaces);
    let text_end = end.saturating_sub(u64::try_from(padding).unwrap_or(0));
    add(8, text_end, "header text".to_owned());
    add(text_end, end, "padding".to_owned());
    let Some(reading) = reading else {
        add(end, len, "data buffer".to_owned());
        return list;
    };
    let mut tensors: Vec<_> = reading.tensors().filter(|t| t.begin() < t.end()).collect();
    tensors.sort_by_key(spec::Tensor::begin);
    let (shown, rest) = tensors.split_at(tensors.len().min(TENSORS));
    for tensor in shown {
        let name = super::short(&format!("{:?}", tensor.name()));
        let shape = super::short(&format!("{:?}", tensor.shape()));
        let what = format!("{name}, {} {shape}", tensor.dtype().name());
        add(end.saturating_add(tensor.begin()), end.saturating_add(tensor.end()), what);
    }
    if let Some(first) = rest.first() {
        add(end.saturating_add(first.begin()), len, format!("{} more tensors", rest.len()));
    }
    list
}

/// Writes the rows of a stretch: all of a short one, the ends of a long one, and where it is marked.
fn rows(text: &mut String, vector: &Vector, head: &[u8], stretch: &Stretch, marks: &[Violation]) {
    let Range { start, end } = stretch.bytes;
    let count = (end - start).div_ceil(ROW);
    let is_short = count <= HEAD + TAIL + 1;
    let first = 0..if is_short { count } else { HEAD };
    let ends = first.chain(count.saturating_sub(TAIL)..count);
    let marked = marks.iter().flat_map(edges).filter(|edge| overlaps(edge, &stretch.bytes));
    let marked = marked.flat_map(|edge| {
        (edge.start.max(start) - start) / ROW..(edge.end.min(end) - start).div_ceil(ROW)
    });
    let shown: BTreeSet<u64> = ends.chain(marked).collect();
    let mut next = 0;
    for row in shown {
        if row > next {
            let left_out = (row - next) * ROW;
            let _ = writeln!(text, "            … {left_out} bytes");
        }
        next = row + 1;
        let at = start + row * ROW;
        let bytes = bytes(vector, head, at..(at + ROW).min(end));
        let what = if row == 0 { stretch.what.as_str() } else { "" };
        let line = format!("  {at:08x}  {:<47}  {:<16}  {what}", hex(&bytes), plain(&bytes));
        let _ = writeln!(text, "{}", line.trim_end());
        let own = at..at + u64::try_from(bytes.len()).unwrap_or(ROW);
        for mark in marks {
            underline(text, &own, mark, own.end == vector.content.len());
        }
    }
}

/// The bytes of a row. The head is at hand; to cut rows out of one that is made on demand would be
/// to make it once more for each.
fn bytes(vector: &Vector, head: &[u8], place: Range<u64>) -> Vec<u8> {
    let range = usize::try_from(place.start).ok().zip(usize::try_from(place.end).ok());
    let held = range.and_then(|(start, end)| head.get(start..end));
    held.map_or_else(|| vector.content.range(place), <[u8]>::to_vec)
}

/// The bytes of a fault that are shown: its start and its end, which for a short one overlap.
fn edges(mark: &Violation) -> [Range<u64>; 2] {
    let Range { start, end } = mark.bytes;
    let end = end.max(start.saturating_add(1));
    [
        start..end.min(start.saturating_add(TAIL * ROW)),
        start.max(end.saturating_sub(TAIL * ROW))..end,
    ]
}

/// Marks the bytes of a row that a fault is about; says what it is below the last of them.
fn underline(text: &mut String, row: &Range<u64>, mark: &Violation, is_last: bool) {
    // An empty place is marked at the byte before which it stands, or at the end of the file.
    let place = if mark.bytes.is_empty() {
        let at = if is_last {
            mark.bytes.start.min(row.end.saturating_sub(1))
        } else {
            mark.bytes.start
        };
        at..at.saturating_add(1)
    } else {
        mark.bytes.clone()
    };
    if !overlaps(row, &place) {
        return;
    }
    let is_marked = |at: u64| place.contains(&at);
    let pairs: Vec<&str> = row.clone().map(|at| if is_marked(at) { "^^" } else { "  " }).collect();
    let signs: String = row.clone().map(|at| if is_marked(at) { '^' } else { ' ' }).collect();
    let line = format!("            {:<47}  {signs:<16}", pairs.join(" "));
    if place.end <= row.end || is_last {
        say(text, line.trim_end(), mark);
    } else {
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn say(text: &mut String, line: &str, mark: &Violation) {
    if !line.is_empty() {
        let _ = writeln!(text, "{line}");
    }
    let found = super::cut(&super::shown(&mark.found), 160);
    let _ = writeln!(text, "            {}: found {found}", mark.rule);
}

fn overlaps(a: &Range<u64>, b: &Range<u64>) -> bool {
    a.start < b.end && b.start < a.end
}

fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// The bytes as text, with a point for each that is no sign of ASCII.
fn plain(bytes: &[u8]) -> String {
    let sign = |byte: &u8| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' };
    bytes.iter().map(sign).collect()
}
