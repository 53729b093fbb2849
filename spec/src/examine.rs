//! The oracle: bytes, a format version and leniencies in; the reading or every violation out.
//!
//! The first look parses with no thought of diagnosis and ends at the first fault. Only if there
//! is one does a second look find them all, and what the leniencies make of them.

use crate::fault::{All, Faults, First, Stop, Violation};
use crate::file::{File, Frame};
use crate::layout;
use crate::leniency::{Leniencies, Leniency};
use crate::names;
use crate::parse::{Fields, Header, Member, Parser};
use crate::reading::Reading;
use crate::rules::RuleId;
use crate::size::NoSize;
use crate::text::show;
use crate::version::Version;
use std::ops::Range;

/// What the oracle says of a file.
#[derive(Debug)]
pub enum Examination<'a> {
    /// The file is valid, or it breaks only rules that the leniencies relax.
    Accepted {
        /// What is in it.
        reading: Reading<'a>,
        /// What the leniencies covered, sorted as violations are; empty for a valid file.
        tolerated: Vec<Violation>,
    },
    /// The file breaks a rule.
    Refused {
        /// Every violation (at most [`crate::KEPT_PER_RULE`] of one rule): at least one, by rule
        /// in the order of [`crate::RULES`], then by place.
        violations: Vec<Violation>,
        /// How many more violations there are than were kept.
        omitted: u64,
    },
}

impl<'a> Examination<'a> {
    /// The first rule that the file breaks.
    #[must_use]
    pub fn first_rule(&self) -> Option<RuleId> {
        self.violations().first().map(|violation| violation.rule)
    }

    /// The violations; empty for an accepted file.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Accepted { .. } => &[],
            Self::Refused { violations, omitted: _ } => violations,
        }
    }

    /// The reading of an accepted file.
    #[must_use]
    pub fn reading(&self) -> Option<&Reading<'a>> {
        match self {
            Self::Accepted { reading, .. } => Some(reading),
            Self::Refused { .. } => None,
        }
    }
}

/// Decides on a file by the rules of a format version, relaxed by the leniencies.
///
/// Takes time linear in N up to a logarithm and memory linear in N, and never looks at the data
/// buffer.
#[must_use]
pub fn examine<'a>(file: File<'a>, version: Version, leniencies: &Leniencies) -> Examination<'a> {
    let frame = match file.frame() {
        Ok(frame) => frame,
        Err(violation) => return Examination::Refused { violations: vec![violation], omitted: 0 },
    };
    match strict(frame, version) {
        Some(header) => Examination::Accepted {
            reading: Reading::new(frame.text, frame.data_len, header),
            tolerated: Vec::new(),
        },
        None => second_look(frame, version, All::new(leniencies)),
    }
}

/// The rules that a strict oracle finds broken from which the check of one rule was taken out,
/// each once, in the order of [`crate::RULES`]; none if it has nothing to object.
///
/// It shows what a suite of files is worth: a suite in which nothing changes when a check is gone
/// does not test that rule.
#[must_use]
pub fn broken_without(file: File<'_>, version: Version, rule: RuleId) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> = match file.frame() {
        // Without the frame there is no header to look at.
        Err(violation) => vec![violation.rule],
        Ok(frame) => {
            let none = Leniencies::none();
            let examined = second_look(frame, version, All::new(&none).without(rule));
            examined.violations().iter().map(|violation| violation.rule).collect()
        }
    };
    rules.dedup();
    rules.retain(|found| *found != rule);
    rules
}

/// The lowest format version in which a file is accepted; `None` if there is none.
///
/// Versions only add dtypes, so this is the lowest whose vocabulary holds all dtypes of the file.
#[must_use]
pub fn minimum_version(file: File<'_>, leniencies: &Leniencies) -> Option<Version> {
    examine(file, Version::LATEST, leniencies).reading().map(Reading::minimum_version)
}

/// The first look: the header of a valid file, or nothing.
fn strict(frame: Frame<'_>, version: Version) -> Option<Header> {
    std::str::from_utf8(frame.text).ok()?;
    if frame.text.first() != Some(&b'{') {
        return None;
    }
    let (header, First) = Parser::new(frame.text, 0, version, First).parse();
    let header = header?;
    let tensors = &header.tensors;
    let sized = tensors.iter().all(|tensor| {
        tensor.shape.bytes(tensor.dtype).ok() == tensor.end.checked_sub(tensor.begin)
    });
    let extents = tensors.iter().map(|tensor| (tensor.begin, tensor.end));
    let metadata = header.metadata.as_deref().unwrap_or_default();
    let valid = sized
        && layout::tiles(extents, frame.data_len)
        && !names::any_repeat(frame.text, tensors, |tensor| tensor.name)
        && !names::any_repeat(frame.text, metadata, |(key, _)| *key);
    valid.then_some(header)
}

/// The second look: every violation, or the reading under the leniencies.
fn second_look<'a>(frame: Frame<'a>, version: Version, mut faults: All<'_>) -> Examination<'a> {
    let text = frame.text;
    let start = match object_start(text, &mut faults) {
        Ok(start) => start,
        Err(Stop) => return refused(faults),
    };
    let (header, mut faults) = Parser::new(text, start, version, faults).parse();
    let Some(mut header) = header else {
        // The text layer is broken: what was seen of the structure on the way is not judged.
        faults.violations.retain(|rule| rule <= RuleId::Pad1);
        return refused(faults);
    };
    let outcome = judge_metadata(text, &mut header, &mut faults)
        .and_then(|()| judge_tensors(frame, &mut header, &mut faults));
    match outcome {
        Ok(()) if faults.violations.is_empty() => Examination::Accepted {
            reading: Reading::new(text, frame.data_len, header),
            tolerated: faults.tolerated.into_sorted(),
        },
        Ok(()) | Err(Stop) => refused(faults),
    }
}

fn refused<'a>(faults: All<'_>) -> Examination<'a> {
    let omitted = faults.violations.omitted();
    Examination::Refused { violations: faults.violations.into_sorted(), omitted }
}

/// Where the object begins (TXT-1), in a text that is UTF-8 (TXT-2).
fn object_start(text: &[u8], faults: &mut All<'_>) -> Result<usize, Stop> {
    let space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let start = text.iter().take_while(|byte| space(byte)).count();
    let mut readable = true;
    match text.first() {
        Some(b'{') => {}
        Some(first) if space(first) => {
            let found = || format!("{} before the object", show(text.get(..start).unwrap_or(text)));
            faults.report_unless(Leniency::LeadingWhitespace, 0..start, found)?;
        }
        Some(_) => {
            let head = text.get(..text.len().min(4)).unwrap_or(text);
            faults.report(RuleId::Txt1, 0..1, || format!("{} at the start", show_head(head)))?;
            readable = false;
        }
        None => {
            faults.report(RuleId::Txt1, 0..0, || "an empty header text".to_owned())?;
            readable = false;
        }
    }
    if let Some((place, found)) = no_utf8(text) {
        faults.report(RuleId::Txt2, place, || found)?;
        readable = false;
    }
    if readable { Ok(start) } else { Err(Stop) }
}

/// The first bytes that are no UTF-8: their place, and what is found there.
pub(crate) fn no_utf8(text: &[u8]) -> Option<(Range<usize>, String)> {
    let error = std::str::from_utf8(text).err()?;
    let start = error.valid_up_to();
    // A sequence that the end cuts off has no length of its own.
    let end = error.error_len().map_or(text.len(), |len| start + len);
    let bytes = text.get(start..end).unwrap_or_default();
    Some((start..end, format!("{}, which is no UTF-8", hex(bytes))))
}

/// Duplicate metadata keys (META-4); under its leniency, the last value counts.
fn judge_metadata(text: &[u8], header: &mut Header, faults: &mut All<'_>) -> Result<(), Stop> {
    let Some(pairs) = &mut header.metadata else { return Ok(()) };
    let repeats = names::repeats(text, pairs, |(key, _)| *key);
    let mut dropped = Vec::new();
    for repeat in repeats {
        let Some((key, _)) = pairs.get(repeat.at) else { continue };
        let found = || format!("the key {} again", show(&key.unescaped(text)));
        let leniency = Leniency::DuplicateMetadataLastWins;
        faults.report_unless(leniency, key.quoted(), found)?;
        dropped.push(repeat.replaced);
    }
    dropped.sort_unstable();
    remove(pairs, &dropped);
    Ok(())
}

/// Names, offsets, sizes and layout of all tensors (NAME-1, OFF-3, SIZE and LAY).
fn judge_tensors(frame: Frame<'_>, header: &mut Header, faults: &mut All<'_>) -> Result<(), Stop> {
    let text = frame.text;
    let mut members = std::mem::take(&mut faults.members);
    let repeats = names::repeats(text, &members, |member| member.name);
    let mut unique = true;
    let mut dropped = Vec::new();
    for repeat in repeats {
        let Some(member) = members.get(repeat.at) else { continue };
        let found = || format!("the name {} again", show(&member.name.unescaped(text)));
        let leniency = Leniency::DuplicateLastWins;
        unique &= faults.report_unless(leniency, member.name.quoted(), found)?;
        dropped.push(repeat.replaced);
    }
    if unique && !dropped.is_empty() {
        dropped.sort_unstable();
        // Only tensors without faults are in the header; if one is missing there, the file is
        // refused, and the positions do not matter.
        if header.tensors.len() == members.len() {
            remove(&mut header.tensors, &dropped);
        }
        remove(&mut members, &dropped);
    }
    let mut ordered = true;
    for member in &members {
        if let Some(fields) = member.fields.as_deref() {
            ordered &= judge_size(fields, || show(&member.name.unescaped(text)), faults)?;
        }
    }
    if ordered && unique {
        judge_layout(frame, &members, faults)?;
    }
    Ok(())
}

/// OFF-3 and the SIZE rules of one tensor. Says whether its BEGIN is at most its END.
fn judge_size(
    fields: &Fields,
    name: impl Fn() -> String,
    faults: &mut All<'_>,
) -> Result<bool, Stop> {
    let offsets = fields.offsets.known();
    let ordered = fields.offsets.value().is_none_or(|(begin, end)| begin <= end);
    if let Some(((begin, end), place)) = &offsets
        && !ordered
    {
        faults.report(RuleId::Off3, place.clone(), || {
            format!("BEGIN = {begin} and END = {end}, tensor {}", name())
        })?;
    }
    let (Some(dtype), Some((shape, place))) = (fields.dtype.value(), fields.shape.known()) else {
        return Ok(ordered);
    };
    let size = match shape.bytes(dtype) {
        Ok(size) => size,
        Err(NoSize::Overflow { zero }) => {
            let found = || format!("2^64 bits or more, as {dtype}, tensor {}", name());
            if !(zero && faults.tolerate(Leniency::ZeroAbsorbsOverflow, place.clone(), found)) {
                faults.report(RuleId::Size1, place, found)?;
                return Ok(ordered);
            }
            0
        }
        Err(NoSize::Fraction { bits }) => {
            faults.report(RuleId::Size2, place, || {
                format!("{bits} bits, as {dtype}, tensor {}", name())
            })?;
            return Ok(ordered);
        }
    };
    if let Some(((begin, end), place)) = offsets
        && ordered
        && end - begin != size
    {
        faults.report(RuleId::Size3, place, || {
            format!("END - BEGIN = {} for {size} bytes, tensor {}", end - begin, name())
        })?;
    }
    Ok(ordered)
}

/// The LAY rules, if every member has offsets.
fn judge_layout(frame: Frame<'_>, members: &[Member], faults: &mut All<'_>) -> Result<(), Stop> {
    let extents: Option<Vec<layout::Extent>> =
        members.iter().map(|member| member.fields.as_ref()?.offsets.value()).collect();
    let Some(extents) = extents else { return Ok(()) };
    let name = |tensor: usize| {
        members
            .get(tensor)
            .map(|member| show(&member.name.unescaped(frame.text)))
            .unwrap_or_default()
    };
    for fault in layout::faults(&extents, frame.data_len, name) {
        let tensor = fault.tensor.and_then(|tensor| members.get(tensor));
        // Without a tensor, the whole header is what leaves the bytes unowned.
        let place = tensor.and_then(|member| member.fields.as_ref()?.offsets.known());
        let place = place.map_or(0..frame.text.len(), |(_, place)| place);
        faults.report(fault.rule, place, || fault.found)?;
    }
    Ok(())
}

/// Removes the items at these positions, which are sorted.
fn remove<T>(list: &mut Vec<T>, positions: &[usize]) {
    let mut at = 0;
    list.retain(|_| {
        let keep = positions.binary_search(&at).is_err();
        at += 1;
        keep
    });
}

fn show_head(head: &[u8]) -> String {
    match std::str::from_utf8(head) {
        Ok(_) if head.iter().all(|byte| (0x20..0x7F).contains(byte)) => show(head),
        Ok(_) | Err(_) => hex(head),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("the {} {}", if digits.len() == 1 { "byte" } else { "bytes" }, digits.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    const SAMPLE: &str = r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}, "b" :{"shape":[],"dtype":"U8","data_offsets":[8, 9]}}  "#;

    fn file(header: &[u8], data: usize) -> Vec<u8> {
        let mut bytes = crate::file::widen(header.len()).to_le_bytes().to_vec();
        bytes.extend(header);
        bytes.resize(bytes.len() + data, 1);
        bytes
    }

    /// What each look alone says of a file whose frame holds.
    fn both_looks(bytes: &[u8]) -> (bool, bool) {
        let frame = File::whole(bytes).frame().unwrap();
        let second = second_look(frame, Version::LATEST, All::new(&Leniencies::none()));
        (strict(frame, Version::LATEST).is_some(), second.reading().is_some())
    }

    #[test]
    fn a_valid_file_needs_no_second_look() {
        assert_eq!(both_looks(&file(SAMPLE.as_bytes(), 9)), (true, true));
        assert_eq!(both_looks(&file(SAMPLE.as_bytes(), 8)), (false, false));
    }

    #[test]
    fn a_hostile_header_is_told_in_bounded_memory_and_its_first_rule_is_the_first() {
        let members: Vec<String> = (0..100_000).map(|name| format!("\"{name}\":1")).collect();
        let header = format!("{{{},\"x\":{{}}, \"__metadata__\":1}}", members.join(","));
        let bytes = file(header.as_bytes(), 0);
        let examined = examine(File::whole(&bytes), Version::LATEST, &Leniencies::none());
        assert_eq!(examined.first_rule(), Some(RuleId::Meta2));
        assert_eq!(examined.violations().len(), crate::KEPT_PER_RULE + 4);
        let Examination::Refused { omitted, .. } = examined else { panic!("accepted") };
        assert_eq!(omitted, 99_000);
    }

    #[test]
    fn what_was_seen_before_the_text_broke_is_not_judged() {
        let bytes = file(br#"{"a":{"unknown":1},"b":}"#, 0);
        let examined = examine(File::whole(&bytes), Version::LATEST, &Leniencies::none());
        let rules: Vec<RuleId> = examined.violations().iter().map(|found| found.rule).collect();
        assert_eq!(rules, [RuleId::Json1]);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 20_000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(2),
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_two_looks_agree_on_every_header(
            edits in prop::collection::vec((0_usize..SAMPLE.len(), 0_usize..3, any::<u8>()), 0..3),
            data in 7_usize..11,
        ) {
            let mut header = SAMPLE.as_bytes().to_vec();
            for (at, kind, byte) in edits {
                let at = at.min(header.len().saturating_sub(1));
                let byte = b"{}[]:,\"\\ 0123456789.e-".get(usize::from(byte)).copied().unwrap_or(byte);
                match kind {
                    0 => header.insert(at, byte),
                    1 => drop(header.remove(at)),
                    _ => header[at] = byte,
                }
            }
            let (first, second) = both_looks(&file(&header, data));
            prop_assert_eq!(first, second);
        }
    }
}
