//! A sharded model in the making: shards, an index that may lie, and what lies around them.
//!
//! It checks nothing and never asks the oracle: what it says is in the model is what was handed
//! in, not what index and shards turned out to hold.

use crate::content::Piece;
use crate::draft::Draft;
use crate::folder::{Folder, FolderEntry, FolderItem};
use crate::reading::{Reading, TensorReading};
use std::collections::BTreeMap;

/// The directory of the index.
const DIRECTORY: &str = "model";

/// A sharded model in the making. It lies in the directory `model` of a folder.
pub(crate) struct Model {
    index_name: String,
    shards: Vec<(String, Draft)>,
    metadata: Option<String>,
    unmapped: Vec<String>,
    swaps: Vec<(Vec<u8>, Vec<u8>)>,
    text: Option<Vec<u8>>,
    spaces: u64,
    others: BTreeMap<String, FolderItem>,
    gone: Vec<String>,
}

impl Model {
    /// A model of these shards, by their names; every tensor is mapped to its shard.
    pub(crate) fn of<const COUNT: usize>(shards: [(&str, Draft); COUNT]) -> Self {
        Self {
            index_name: "model.safetensors.index.json".to_owned(),
            shards: shards.map(|(name, draft)| (name.to_owned(), draft)).into(),
            metadata: None,
            unmapped: Vec::new(),
            swaps: Vec::new(),
            text: None,
            spaces: 0,
            others: BTreeMap::new(),
            gone: Vec::new(),
        }
    }

    /// Names the index.
    pub(crate) fn named(mut self, index_name: &str) -> Self {
        self.index_name = index_name.to_owned();
        self
    }

    /// Spells the value of `metadata`.
    pub(crate) fn metadata(mut self, text: &str) -> Self {
        self.metadata = Some(text.to_owned());
        self
    }

    /// Leaves a tensor out of the `weight_map`.
    pub(crate) fn unmapped(mut self, tensor: &str) -> Self {
        self.unmapped.push(tensor.to_owned());
        self
    }

    /// Replaces the first occurrence of a text in the index; later swaps see earlier ones.
    pub(crate) fn swap(mut self, from: &str, to: impl AsRef<[u8]>) -> Self {
        self.swaps.push((from.as_bytes().to_vec(), to.as_ref().to_vec()));
        self
    }

    /// Spells the whole index.
    pub(crate) fn text(mut self, text: impl AsRef<[u8]>) -> Self {
        self.text = Some(text.as_ref().to_vec());
        self
    }

    /// Puts this many spaces behind the index, made on demand.
    pub(crate) fn spaces(mut self, count: u64) -> Self {
        self.spaces = count;
        self
    }

    /// Puts a file into the folder; the path leads from the folder, not from the index.
    pub(crate) fn file(mut self, path: &str, draft: &Draft) -> Self {
        self.others.insert(path.to_owned(), FolderItem::Bytes(draft.to_bytes()));
        self
    }

    /// Puts a symbolic link into the folder.
    pub(crate) fn link(mut self, path: &str, target: &str) -> Self {
        self.others.insert(path.to_owned(), FolderItem::Link(target.to_owned()));
        self
    }

    /// Leaves a shard out of the folder; the index goes on naming it.
    pub(crate) fn without(mut self, shard: &str) -> Self {
        self.gone.push(shard.to_owned());
        self
    }

    /// The folder, and what the model is meant to hold.
    pub(crate) fn build(self) -> (Folder, Reading) {
        let index = format!("{DIRECTORY}/{}", self.index_name);
        let text = self.index_text();
        let item = if self.spaces == 0 {
            FolderItem::Bytes(text)
        } else {
            FolderItem::OnDemand(vec![
                Piece::Bytes(text),
                Piece::Repeat(b" ".to_vec(), self.spaces),
            ])
        };
        let meant = Reading::new(self.mapped().map(|(_, tensor)| tensor).collect(), [].into());
        let mut items = self.others;
        items.insert(index.clone(), item);
        for (name, draft) in self.shards.iter().filter(|(name, _)| !self.gone.contains(name)) {
            items.insert(format!("{DIRECTORY}/{name}"), FolderItem::Bytes(draft.to_bytes()));
        }
        let entries = items.into_iter().map(|(path, item)| FolderEntry { path, item }).collect();
        (Folder { index, entries }, meant)
    }

    /// The mapped tensors, with the names of their shards.
    fn mapped(&self) -> impl Iterator<Item = (&str, TensorReading)> {
        let tensors = self.shards.iter().flat_map(|(shard, draft)| {
            let tensors = draft.reading().tensors().to_vec();
            tensors.into_iter().map(move |tensor| (shard.as_str(), tensor))
        });
        tensors.filter(|(_, tensor)| {
            !self.unmapped.iter().any(|name| tensor.name.as_str() == Some(name))
        })
    }

    /// The index, as the writers of most models indent it.
    fn index_text(&self) -> Vec<u8> {
        let plain = || {
            let size: usize =
                self.shards.iter().map(|(_, draft)| draft.tensors_len(&self.unmapped)).sum();
            let total = format!("{{\n    \"total_size\": {size}\n  }}");
            let metadata = self.metadata.as_ref().unwrap_or(&total);
            let weights: Vec<String> = self
                .mapped()
                .map(|(shard, tensor)| {
                    let name = tensor.name.as_str().unwrap_or_default();
                    format!("    {}: {}", quoted(name), quoted(shard))
                })
                .collect();
            let weights = weights.join(",\n");
            format!("{{\n  \"metadata\": {metadata},\n  \"weight_map\": {{\n{weights}\n  }}\n}}\n")
        };
        let mut text = self.text.clone().unwrap_or_else(|| plain().into_bytes());
        for (from, to) in &self.swaps {
            if let Some(place) = text.windows(from.len()).position(|window| window == from) {
                text.splice(place..place + from.len(), to.iter().copied());
            }
        }
        text
    }
}

/// A JSON string of a name without control characters.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
