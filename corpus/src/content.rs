//! The bytes of a vector: stored, or put together on demand from pieces.
//!
//! Nothing here knows what the bytes mean, and nothing here touches a file system.

use crate::folder::{Folder, FolderItem};
use crate::reading::Digest;
use crate::vector::Tier;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::ops::Range;

/// The longest run that is handed out at once, in bytes.
const BLOCK: usize = 1 << 16;

/// Where the bytes of a vector come from.
#[derive(Clone)]
pub enum Content {
    /// The bytes themselves, at most 64 KiB.
    Bytes(Vec<u8>),
    /// A recipe that makes the bytes.
    OnDemand {
        /// These pieces, one after the other.
        pieces: Vec<Piece>,
        /// The digest of the whole file. It is stated, since hashing gigabytes takes a while;
        /// [`Content::hashed`] finds out.
        sha256: Digest,
    },
    /// A folder with a sharded model.
    Folder(Folder),
}

/// A run of bytes in a file that is too large to store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, this many times.
    Repeat(Vec<u8>, u64),
    /// These parts, this many times, with the number of the turn in them, counted from 0.
    Series(Vec<Part>, u64),
}

/// A part of a [`Piece::Series`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// This text.
    Text(String),
    /// A number in decimal digits.
    Number {
        /// What is added to the number of the turn.
        plus: u64,
        /// How many digits are written at least; zeros stand before a shorter number.
        digits: usize,
    },
}

/// A run of bytes on its way into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// So many zero bytes, which a sparse file leaves out.
    Zeros(u64),
}

impl Content {
    /// Hands out the bytes in order, long stretches of zeros as one run, everything else in runs
    /// small enough to hold.
    pub fn each_run(&self, mut take: impl FnMut(Run<'_>)) {
        match self {
            Self::Bytes(bytes) => take(Run::Bytes(bytes)),
            Self::OnDemand { pieces, .. } => {
                pieces.iter().for_each(|piece| piece.each_run(&mut take));
            }
            Self::Folder(folder) => {
                folder.entries.iter().for_each(|entry| entry.item.each_run(&mut take));
            }
        }
    }

    /// Hands out the bytes in order, in blocks small enough to hold however long the file is.
    pub fn each_block(&self, mut take: impl FnMut(&[u8])) {
        self.each_run(|run| run.each_block(&mut take));
    }

    /// The bytes of a range, as far as the file has it; none of a folder.
    ///
    /// Takes time for all that stands before it in a series, and none for repeated bytes.
    #[must_use]
    pub fn range(&self, range: Range<u64>) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => cut(bytes, &range).to_vec(),
            Self::Folder(_) => Vec::new(),
            Self::OnDemand { pieces, .. } => {
                let (mut start, mut found) = (0_u64, Vec::new());
                for piece in pieces {
                    let len = piece.len();
                    let own = range.start.saturating_sub(start)..range.end.saturating_sub(start);
                    if own.start < len && own.end > 0 {
                        piece.range(&own, &mut found);
                    }
                    start = start.saturating_add(len);
                }
                found
            }
        }
    }

    /// The digest of the file, as it is stated or quickly found.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::OnDemand { sha256, .. } => *sha256,
            Self::Bytes(_) | Self::Folder(_) => self.hashed(),
        }
    }

    /// The digest of the file, from its bytes.
    #[must_use]
    pub fn hashed(&self) -> Digest {
        let mut hasher = Sha256::new();
        self.each_block(|block| hasher.update(block));
        Digest::from(hasher)
    }

    /// The length of the file; of a folder, of all its files.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => len_of(bytes.len()),
            Self::OnDemand { pieces, .. } => pieces.iter().map(Piece::len).sum(),
            Self::Folder(folder) => folder.entries.iter().map(|entry| entry.item.len()).sum(),
        }
    }

    /// When a vector of this content is run: what is not stored is a giant.
    #[must_use]
    pub(crate) fn tier(&self) -> Tier {
        let made = |item: &FolderItem| matches!(item, FolderItem::OnDemand(_));
        match self {
            Self::Bytes(_) => Tier::Stored,
            Self::OnDemand { .. } => Tier::Giant,
            Self::Folder(folder) if folder.entries.iter().any(|e| made(&e.item)) => Tier::Giant,
            Self::Folder(_) => Tier::Stored,
        }
    }

    /// Whether the file has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Piece {
    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => len_of(bytes.len()),
            Self::Repeat(bytes, count) => len_of(bytes.len()).saturating_mul(*count),
            Self::Series(parts, count) => {
                parts.iter().map(|part| part.len_of_all(*count)).fold(0, u64::saturating_add)
            }
        }
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn each_run(&self, take: &mut impl FnMut(Run<'_>)) {
        match self {
            Self::Bytes(bytes) => take(Run::Bytes(bytes)),
            Self::Repeat(bytes, count) if bytes.iter().all(|byte| *byte == 0) => {
                take(Run::Zeros(len_of(bytes.len()).saturating_mul(*count)));
            }
            Self::Repeat(bytes, count) => {
                in_blocks(*count, take, |block, _| block.extend_from_slice(bytes));
            }
            Self::Series(parts, count) => in_blocks(*count, take, |block, turn| {
                parts.iter().for_each(|part| part.write(turn, block));
            }),
        }
    }

    /// Adds the bytes of a range, which may end behind the piece.
    fn range(&self, range: &Range<u64>, found: &mut Vec<u8>) {
        match self {
            Self::Bytes(bytes) => found.extend_from_slice(cut(bytes, range)),
            Self::Repeat(bytes, _) if bytes.is_empty() => {}
            Self::Repeat(bytes, _) => {
                let period = len_of(bytes.len());
                let len = range.end.min(self.len()).saturating_sub(range.start);
                // The turns that the range touches, and of them the range: not byte by byte, which
                // takes its time for a header of a hundred million spaces.
                let start = range.start % period;
                let end = start.saturating_add(len);
                let turns = usize::try_from(end.div_ceil(period)).unwrap_or(0);
                found.extend_from_slice(cut(&bytes.repeat(turns), &(start..end)));
            }
            Self::Series(_, _) => {
                let mut start = 0_u64;
                self.each_run(&mut |run| {
                    if let Run::Bytes(bytes) = run {
                        let own =
                            range.start.saturating_sub(start)..range.end.saturating_sub(start);
                        found.extend_from_slice(cut(bytes, &own));
                        start = start.saturating_add(len_of(bytes.len()));
                    }
                });
            }
        }
    }
}

impl Run<'_> {
    /// Hands out the bytes in blocks small enough to hold.
    pub(crate) fn each_block(self, take: &mut impl FnMut(&[u8])) {
        match self {
            Self::Bytes(bytes) => take(bytes),
            Self::Zeros(count) => {
                let zeros = [0; BLOCK];
                let mut left = count;
                while left > 0 {
                    let block = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
                    take(zeros.get(..block).unwrap_or(&zeros));
                    left = left.saturating_sub(len_of(block));
                }
            }
        }
    }
}

impl Part {
    fn write(&self, turn: u64, to: &mut Vec<u8>) {
        match self {
            Self::Text(text) => to.extend_from_slice(text.as_bytes()),
            Self::Number { plus, digits } => {
                let number = turn.saturating_add(*plus);
                to.extend_from_slice(format!("{number:0digits$}").as_bytes());
            }
        }
    }

    /// The length of this part in all turns together.
    fn len_of_all(&self, turns: u64) -> u64 {
        match self {
            Self::Text(text) => len_of(text.len()).saturating_mul(turns),
            Self::Number { plus, digits } => {
                let (mut sum, mut low, mut width) = (0_u64, 0_u64, 1_u64);
                let (first, past) = (*plus, plus.saturating_add(turns));
                // All numbers of one width at a time: 0 to 9, 10 to 99, and so on.
                while low < past {
                    let high = 10_u64.checked_pow(u32::try_from(width).unwrap_or(u32::MAX));
                    let from = low.max(first);
                    let to = high.unwrap_or(u64::MAX).min(past);
                    let each = width.max(len_of(*digits));
                    sum = sum.saturating_add(to.saturating_sub(from).saturating_mul(each));
                    (low, width) = (high.unwrap_or(u64::MAX), width + 1);
                }
                sum
            }
        }
    }
}

/// Collects what each turn adds, and hands it out whenever a block is full.
fn in_blocks(turns: u64, take: &mut impl FnMut(Run<'_>), mut add: impl FnMut(&mut Vec<u8>, u64)) {
    let mut block = Vec::with_capacity(BLOCK);
    for turn in 0..turns {
        add(&mut block, turn);
        if block.len() >= BLOCK {
            take(Run::Bytes(&block));
            block.clear();
        }
    }
    take(Run::Bytes(&block));
}

/// The part of some bytes that a range covers.
fn cut<'a>(bytes: &'a [u8], range: &Range<u64>) -> &'a [u8] {
    let place = |at: u64| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()));
    bytes.get(place(range.start)..place(range.end)).unwrap_or_default()
}

fn len_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::OnDemand { .. } => write!(f, "{} bytes, made on demand", self.len()),
            Self::Folder(folder) => write!(f, "a folder of {} files", folder.entries.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_demand() -> (Content, Vec<u8>) {
        let numbered = vec![
            Part::Text("t".to_owned()),
            Part::Number { plus: 0, digits: 3 },
            Part::Text(":".to_owned()),
            Part::Number { plus: 99_990, digits: 1 },
            Part::Text(";".to_owned()),
        ];
        let pieces = vec![
            Piece::Bytes(vec![1, 2]),
            Piece::Repeat(vec![7, 8, 9], 50_000),
            Piece::Repeat(vec![0], 200_000),
            Piece::Series(numbered, 12_000),
            Piece::Bytes(vec![3]),
        ];
        let mut whole = vec![1, 2];
        whole.extend([7, 8, 9].repeat(50_000));
        whole.extend([0].repeat(200_000));
        whole.extend((0..12_000).flat_map(|i| format!("t{i:03}:{};", i + 99_990).into_bytes()));
        whole.push(3);
        (Content::OnDemand { pieces, sha256: Digest::of(&whole) }, whole)
    }

    #[test]
    fn pieces_come_out_whole_in_blocks() {
        let (content, whole) = on_demand();
        let (mut bytes, mut longest) = (Vec::new(), 0);
        content.each_block(|block| {
            bytes.extend_from_slice(block);
            longest = longest.max(block.len());
        });
        assert!(bytes == whole);
        assert_eq!(content.len(), len_of(whole.len()));
        assert_eq!(content.hashed(), content.digest());
        assert!(longest < 2 * BLOCK && !content.is_empty());
    }

    #[test]
    fn a_stretch_of_zeros_is_one_run() {
        let mut zeros = Vec::new();
        on_demand().0.each_run(|run| {
            if let Run::Zeros(count) = run {
                zeros.push(count);
            }
        });
        assert_eq!(zeros, [200_000]);
    }

    #[test]
    fn any_range_is_what_stands_there() {
        let (content, whole) = on_demand();
        let len = whole.len();
        for (start, end) in [
            (0, 3),
            (1, 10),
            (5, 149_999),
            (150_000, 150_010),
            (349_990, 350_040),
            (400_000, 400_100),
            (len - 5, len),
            (len - 1, len + 9),
            (len, len + 1),
        ] {
            let found = content.range(len_of(start)..len_of(end));
            assert_eq!(found, whole[start..end.min(len)], "{start}..{end}");
            assert_eq!(Content::Bytes(whole.clone()).range(len_of(start)..len_of(end)), found);
        }
    }

    #[test]
    fn numbers_of_any_width_have_their_length() {
        for (plus, digits, turns) in [(0, 1, 0), (7, 1, 1), (9, 1, 2), (95, 3, 910), (0, 2, 1001)] {
            let series = Piece::Series(vec![Part::Number { plus, digits }], turns);
            let all: String = (plus..plus + turns).map(|i| format!("{i:0digits$}")).collect();
            assert_eq!(series.len(), len_of(all.len()), "{turns} from {plus} on");
        }
        let last = Piece::Series(vec![Part::Number { plus: u64::MAX - 2, digits: 1 }], 2);
        assert_eq!(last.len(), 40);
    }

    #[test]
    fn a_stated_digest_that_is_wrong_is_found_by_hashing() {
        let (Content::OnDemand { pieces, .. }, _) = on_demand() else { panic!("pieces") };
        let content = Content::OnDemand { pieces, sha256: Digest::of(b"") };
        assert_ne!(content.hashed(), content.digest());
    }
}
