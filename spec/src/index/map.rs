//! What an index says: which shards it names, and which tensors it maps to them (IDX-1, IDX-3,
//! IDX-5 and IDX-13). No shard is looked up here.

use super::path;
use super::text::{self, Member};
use crate::fault::Kept;
use crate::file::widen;
use crate::rules::RuleId;
use crate::text::show;
use std::collections::HashMap;
use std::ops::Range;

/// The members of an index that mean something.
pub(super) struct Map {
    /// The named shards, in the order in which they are first named.
    pub(super) shards: Vec<Named>,
    /// The place of the `weight_map`.
    pub(super) place: Range<u64>,
    /// The place of the member `metadata`, and whether it is an object.
    pub(super) metadata: Option<(Range<u64>, bool)>,
    /// The spelling and the place of `metadata.total_size`.
    pub(super) total_size: Option<(Vec<u8>, Range<u64>)>,
}

/// A shard, as it is named.
pub(super) struct Named {
    pub(super) name: String,
    /// Where it leads; `None` for a name that may not be looked up.
    pub(super) path: Option<String>,
    /// Where it is first named.
    pub(super) place: Range<u64>,
    /// The tensors that are mapped to it.
    pub(super) tensors: Vec<Mapped>,
}

/// A tensor of the `weight_map`.
pub(super) struct Mapped {
    pub(super) name: String,
    pub(super) place: Range<u64>,
}

impl Map {
    /// Reads an index; `None` if nothing can be judged beyond the faults that were added.
    pub(super) fn read(text: &[u8], faults: &mut Kept) -> Option<Self> {
        let broken = text::faults(text);
        if !broken.is_empty() {
            for (place, found) in broken {
                faults.add_at(RuleId::Idx1, wide(&place), || found);
            }
            return None;
        }
        let members = text::members(text, 0);
        let member = |name: &str| members.iter().find(|member| member.key.is(text, name));
        let Some(weights) = member("weight_map") else {
            let whole = 0..widen(text.len());
            faults.add_at(RuleId::Idx3, whole, || "no member `weight_map`".to_owned());
            return None;
        };
        let spelled = |member: &Member| text.get(member.value.clone()).unwrap_or_default();
        if !spelled(weights).starts_with(b"{") {
            let found = || format!("{} as the `weight_map`", show(spelled(weights)));
            faults.add_at(RuleId::Idx3, wide(&weights.value), found);
            return None;
        }
        let metadata = member("metadata");
        let sizes = metadata.map(|metadata| text::members(text, metadata.value.start));
        let total_size = sizes.iter().flatten().find(|member| member.key.is(text, "total_size"));
        Some(Self {
            shards: shards(text, weights, faults),
            place: wide(&weights.value),
            metadata: metadata.map(|m| (wide(&m.value), spelled(m).starts_with(b"{"))),
            total_size: total_size.map(|m| (spelled(m).to_vec(), wide(&m.value))),
        })
    }
}

/// The shards that the `weight_map` names, each once.
fn shards(text: &[u8], weights: &Member, faults: &mut Kept) -> Vec<Named> {
    let mut shards: Vec<Named> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for member in text::members(text, weights.value.start) {
        let key = wide(&member.key.quoted());
        let tensor = text::meant(member.key, text);
        if tensor == "__metadata__" {
            let found = || "`__metadata__` as the name of a tensor".to_owned();
            faults.add_at(RuleId::Idx13, key, found);
            continue;
        }
        let place = wide(&member.value);
        let Some(name) = text::string(text, member.value.start) else {
            let value = text.get(member.value).unwrap_or_default();
            let found = || {
                format!("{} as the shard of the tensor {}", show(value), show(tensor.as_bytes()))
            };
            faults.add_at(RuleId::Idx3, place, found);
            continue;
        };
        let position = *known.entry(name).or_insert_with_key(|name| {
            let flaw = path::flaw(name);
            let path = flaw.is_none().then(|| path::path(name));
            if let Some(flaw) = flaw {
                faults.add_at(RuleId::Idx5, place.clone(), || flaw);
            }
            shards.push(Named { name: name.clone(), path, place, tensors: Vec::new() });
            shards.len() - 1
        });
        if let Some(shard) = shards.get_mut(position) {
            shard.tensors.push(Mapped { name: tensor, place: key });
        }
    }
    shards
}

fn wide(place: &Range<usize>) -> Range<u64> {
    widen(place.start)..widen(place.end)
}
