//! A folder of a vector: a sharded model, and what lies around it.
//!
//! Links are followed here as a file system would follow them, in memory; what is right or wrong
//! about a folder is decided by the lint.

use crate::content::{Piece, Run};
use spec::{Entry, File};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Files and links by their paths, one of which is the index of a sharded model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folder {
    /// The path of the index.
    pub index: String,
    /// What is in the folder, sorted by path; directories are there as far as something is in
    /// them.
    pub entries: Vec<FolderEntry>,
}

/// A file or a link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FolderEntry {
    /// Where it lies: a path from the folder, with `/` between components.
    pub path: String,
    /// What lies there.
    pub item: FolderItem,
}

/// What lies at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FolderItem {
    /// A file of these bytes.
    Bytes(Vec<u8>),
    /// A file that is too large to store: these pieces, one after the other.
    OnDemand(Vec<Piece>),
    /// A symbolic link with this target.
    Link(String),
}

impl Folder {
    /// The directory that holds the index, and the name of the index in it.
    #[must_use]
    pub fn index_place(&self) -> (&str, &str) {
        self.index.rsplit_once('/').unwrap_or(("", &self.index))
    }

    /// What stands around the index, for the oracle.
    #[must_use]
    pub fn around_index(&self) -> AroundIndex<'_> {
        let mut around = AroundIndex {
            directory: self.index_place().0,
            files: BTreeMap::new(),
            links: BTreeMap::new(),
        };
        for entry in &self.entries {
            match &entry.item {
                FolderItem::Link(target) => {
                    around.links.insert(&entry.path, target);
                }
                FolderItem::Bytes(_) | FolderItem::OnDemand(_) => {
                    around.files.insert(&entry.path, entry.item.bytes());
                }
            }
        }
        around
    }
}

impl FolderItem {
    /// The bytes of the file, made if they are not stored; none of a link.
    #[must_use]
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Bytes(bytes) => Cow::Borrowed(bytes),
            Self::OnDemand(_) | Self::Link(_) => {
                let mut made = Vec::new();
                self.each_run(|run| run.each_block(&mut |block| made.extend_from_slice(block)));
                Cow::Owned(made)
            }
        }
    }

    /// Hands out the bytes of the file in order; nothing of a link.
    pub fn each_run(&self, mut take: impl FnMut(Run<'_>)) {
        match self {
            Self::Bytes(bytes) => take(Run::Bytes(bytes)),
            Self::OnDemand(pieces) => pieces.iter().for_each(|piece| piece.each_run(&mut take)),
            Self::Link(_) => {}
        }
    }

    /// The length of the file; 0 for a link.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::OnDemand(pieces) => pieces.iter().map(Piece::len).sum(),
            Self::Link(_) => 0,
        }
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The folder as seen from the directory of the index.
#[derive(Debug)]
pub struct AroundIndex<'a> {
    directory: &'a str,
    files: BTreeMap<&'a str, Cow<'a, [u8]>>,
    links: BTreeMap<&'a str, &'a str>,
}

impl AroundIndex<'_> {
    /// The bytes of the index, or of the file that a path leads to from its directory.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        let real = self.resolve(&format!("{}/{path}", self.directory))?;
        self.files.get(real.as_str()).map(AsRef::as_ref)
    }

    /// The path without links that a path leads to; `None` if it leads out of the whole folder,
    /// or round and round.
    fn resolve(&self, path: &str) -> Option<String> {
        const MOST_LINKS: usize = 40;
        let mut todo: Vec<&str> = path.rsplit('/').collect();
        let mut real: Vec<&str> = Vec::new();
        let mut links = 0;
        while let Some(component) = todo.pop() {
            match component {
                "" | "." => {}
                ".." => {
                    real.pop()?;
                }
                name => {
                    real.push(name);
                    if let Some(target) = self.links.get(real.join("/").as_str()) {
                        links += 1;
                        if links > MOST_LINKS || target.starts_with('/') {
                            return None;
                        }
                        real.pop();
                        todo.extend(target.rsplit('/'));
                    }
                }
            }
        }
        Some(real.join("/"))
    }
}

impl spec::Folder for AroundIndex<'_> {
    fn look(&self, path: &str) -> Entry<'_> {
        let Some(real) = self.resolve(&format!("{}/{path}", self.directory)) else {
            return Entry::Nothing;
        };
        let below = |directory: &str, path: &str| {
            directory.is_empty()
                || path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
        };
        if let Some(bytes) = self.files.get(real.as_str()) {
            let leads_out = !below(self.directory, &real);
            return Entry::File { file: File::whole(bytes), leads_out };
        }
        let mut paths = self.files.keys().chain(self.links.keys());
        if paths.any(|path| below(&real, path)) {
            return Entry::NoFile("a directory");
        }
        Entry::Nothing
    }

    fn files(&self, directory: &str) -> Vec<String> {
        let Some(real) = self.resolve(&format!("{}/{directory}", self.directory)) else {
            return Vec::new();
        };
        let paths = self.files.keys().chain(self.links.keys());
        paths
            .filter_map(|path| path.rsplit_once('/').or(Some(("", *path))))
            .filter(|(parent, name)| {
                let at = format!("{parent}/{name}");
                let leads_to = self.resolve(&at);
                *parent == real && leads_to.is_some_and(|to| self.files.contains_key(to.as_str()))
            })
            .map(|(_, name)| name.to_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spec::Folder as _;

    fn folder() -> Folder {
        let file = |path: &'static str| (path, FolderItem::Bytes(path.as_bytes().to_vec()));
        let link = |path, target: &str| (path, FolderItem::Link(target.to_owned()));
        let entries = [
            file("blobs/b"),
            link("m/in", "x"),
            file("m/index"),
            link("m/loop", "loop"),
            link("m/out", "../blobs/b"),
            link("m/root", "/etc/passwd"),
            link("m/sub/back", "../x"),
            link("m/there", "../blobs"),
            file("m/x"),
        ];
        let entries = entries.map(|(path, item)| FolderEntry { path: path.to_owned(), item });
        Folder { index: "m/index".to_owned(), entries: entries.to_vec() }
    }

    #[test]
    fn links_are_followed_and_those_that_lead_out_are_told() {
        let folder = folder();
        let around = folder.around_index();
        for (path, out) in
            [("x", false), ("in", false), ("sub/back", false), ("out", true), ("there/b", true)]
        {
            assert!(
                matches!(around.look(path), Entry::File { leads_out, .. } if leads_out == out),
                "{path}: {:?}",
                around.look(path)
            );
        }
        for path in ["loop", "root", "gone", "there/gone", "x/y"] {
            assert!(matches!(around.look(path), Entry::Nothing), "{path}");
        }
        for path in ["sub", "there"] {
            assert!(matches!(around.look(path), Entry::NoFile("a directory")), "{path}");
        }
        assert_eq!(around.bytes("out"), Some(&b"blobs/b"[..]));
        assert_eq!(around.files(""), ["index", "x", "in", "out"]);
        assert_eq!(around.files("there"), ["b"]);
    }
}
