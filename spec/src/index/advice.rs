//! What a sharded model that breaks no MUST could do better: the SHOULD rules of the index.
//!
//! Each rule is told once, at the first place that shows it.

use super::map::{Map, Named};
use super::path::{self, Numbered, numbered};
use super::{Folder, IndexReading};
use crate::fault::Violation;
use crate::file::{plural, widen};
use crate::rules::RuleId;
use crate::text::show;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// IDX-2: the length that an index should not exceed.
const MAX_INDEX_LEN: u64 = 10_000_000;

/// What the advice is about: an index that is accepted, and where it stands.
pub(super) struct Subject<'a, 'f> {
    pub(super) file_name: &'a str,
    pub(super) len: u64,
    pub(super) map: &'a Map,
    pub(super) reading: &'a IndexReading<'f>,
    /// The names of the shards that are reached through a link that leads out.
    pub(super) lead_out: &'a HashSet<String>,
    pub(super) folder: &'f dyn Folder,
}

impl Subject<'_, '_> {
    /// The advice, in the order of [`crate::RULES`].
    pub(super) fn advice(&self) -> Vec<Violation> {
        [
            self.length(),
            self.emptiness(),
            self.directories(),
            self.links(),
            self.unmapped(),
            self.metadata(),
            self.total_size(),
            self.numbers(),
            self.stale(),
            self.single_file(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn length(&self) -> Option<Violation> {
        let found = plural(self.len, "byte");
        let rule = RuleId::Idx2;
        (self.len > MAX_INDEX_LEN).then_some(Violation {
            rule,
            bytes: MAX_INDEX_LEN..self.len,
            found,
        })
    }

    fn emptiness(&self) -> Option<Violation> {
        let found = "no tensor".to_owned();
        let bytes = self.map.place.clone();
        self.map.shards.is_empty().then_some(Violation { rule: RuleId::Idx4, bytes, found })
    }

    fn directories(&self) -> Option<Violation> {
        let showing = self.map.shards.iter().filter(|shard| path::has_separator(&shard.name));
        first_of(RuleId::Idx6, "in a directory", showing)
    }

    fn links(&self) -> Option<Violation> {
        let showing = self.map.shards.iter().filter(|shard| self.lead_out.contains(&shard.name));
        first_of(RuleId::Idx8, "behind a link that leads out of the directory", showing)
    }

    fn unmapped(&self) -> Option<Violation> {
        let mut unmapped =
            self.reading.shards().iter().zip(&self.map.shards).flat_map(|(shard, named)| {
                shard.unmapped().map(move |tensor| (tensor.name(), named))
            });
        let (tensor, named) = unmapped.next()?;
        let found = format!(
            "the tensor {} in {}, which the `weight_map` lacks{}",
            show(tensor.as_bytes()),
            show(named.name.as_bytes()),
            and_more(unmapped.count(), "tensor")
        );
        Some(Violation { rule: RuleId::Idx11, bytes: named.place.clone(), found })
    }

    fn metadata(&self) -> Option<Violation> {
        let (bytes, found) = match &self.map.metadata {
            Some((_, true)) => return None,
            Some((place, false)) => (place.clone(), "a `metadata` that is no object"),
            None => (0..self.len, "no member `metadata`"),
        };
        Some(Violation { rule: RuleId::Idx14, bytes, found: found.to_owned() })
    }

    fn total_size(&self) -> Option<Violation> {
        let (spelled, place) = self.map.total_size.as_ref()?;
        let tensors = self.reading.shards().iter().flat_map(super::Shard::tensors);
        let sum: u128 = tensors.map(|tensor| u128::from(tensor.end() - tensor.begin())).sum();
        // The one spelling of the right integer.
        if *spelled == sum.to_string().into_bytes() {
            return None;
        }
        let found = format!("{} where the mapped tensors have {sum} bytes", show(spelled));
        Some(Violation { rule: RuleId::Idx15, bytes: place.clone(), found })
    }

    fn numbers(&self) -> Option<Violation> {
        let shards = &self.map.shards;
        let prefix = shards.iter().find_map(|shard| Some(numbered(&shard.name)?.prefix));
        let fits = |Numbered { prefix: other, number, total }: Numbered<'_>| {
            let count = widen(shards.len());
            Some(other) == prefix
                && u64::from(total) == count
                && (1..=count).contains(&number.into())
        };
        // The names are distinct, so numbers that are all in the range are all there.
        let showing = shards.iter().filter(|shard| !numbered(&shard.name).is_some_and(fits));
        let what = format!("that is not numbered as one of {}", shards.len());
        first_of(RuleId::Idx16, &what, showing)
    }

    fn stale(&self) -> Option<Violation> {
        let shards = &self.map.shards;
        let paths: BTreeSet<&str> = shards.iter().filter_map(|s| s.path.as_deref()).collect();
        let mut looked = BTreeSet::new();
        let mut stale: Vec<(Range<u64>, String)> = Vec::new();
        for shard in shards {
            let (directory, name) = path::split(shard.path.as_deref().unwrap_or_default());
            let Some(Numbered { prefix, .. }) = numbered(name) else { continue };
            if !looked.insert((directory, prefix)) {
                continue;
            }
            let mut files = self.folder.files(directory);
            files.sort();
            for file in files {
                let full = if directory.is_empty() { file } else { format!("{directory}/{file}") };
                let of_form = numbered(path::split(&full).1).is_some_and(|n| n.prefix == prefix);
                if of_form && !paths.contains(full.as_str()) {
                    stale.push((shard.place.clone(), full));
                }
            }
        }
        let mut stale = stale.into_iter();
        let (bytes, file) = stale.next()?;
        let more = and_more(stale.count(), "file");
        let found = format!("the file {}, which is not named{more}", show(file.as_bytes()));
        Some(Violation { rule: RuleId::Idx17, bytes, found })
    }

    fn single_file(&self) -> Option<Violation> {
        let single = self.file_name.strip_suffix(".index.json")?;
        let there = self.folder.files("").iter().any(|file| file == single);
        let found = format!("the single file {} beside the index", show(single.as_bytes()));
        there.then_some(Violation { rule: RuleId::Idx18, bytes: 0..self.len, found })
    }
}

/// One piece of advice for all shards that show it.
fn first_of<'n>(
    rule: RuleId,
    what: &str,
    mut showing: impl Iterator<Item = &'n Named>,
) -> Option<Violation> {
    let shard = showing.next()?;
    let more = and_more(showing.count(), "shard");
    let found = format!("the shard {} {what}{more}", show(shard.name.as_bytes()));
    Some(Violation { rule, bytes: shard.place.clone(), found })
}

fn and_more(others: usize, noun: &str) -> String {
    match others {
        0 => String::new(),
        others => format!(", and {} more", plural(widen(others), noun)),
    }
}
