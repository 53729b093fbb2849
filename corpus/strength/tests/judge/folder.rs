//! A sharded model, laid out in a folder of its own as `corpus/README.md` says.

use super::content::{corpus_file, run};
use serde_json::Value as Json;
use spec::{Entry, File, Folder};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of a model, with what its files hold.
pub(crate) struct LaidOut {
    root: PathBuf,
    /// The directory of the index, without links.
    directory: PathBuf,
    index: PathBuf,
    /// The files by their paths without links.
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl LaidOut {
    /// Lays out the folder of a row.
    pub(crate) fn of(row: &Json) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("model");
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        fs::create_dir(&root).unwrap();
        let root = root.canonicalize().unwrap();
        let mut files = BTreeMap::new();
        for entry in row["content"]["folder"].as_array().unwrap() {
            let path = root.join(entry["path"].as_str().unwrap());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if let Some(target) = entry["link"].as_str() {
                std::os::unix::fs::symlink(target, &path).unwrap();
                continue;
            }
            let bytes = match entry["file"].as_str() {
                Some(file) => corpus_file(file),
                None => {
                    let pieces = entry["pieces"].as_array().unwrap().iter().map(run);
                    let runs: Vec<Vec<u8>> = pieces
                        .map(|(bytes, count)| bytes.repeat(count.try_into().unwrap()))
                        .collect();
                    runs.concat()
                }
            };
            fs::write(&path, &bytes).unwrap();
            files.insert(path, bytes);
        }
        let index = root.join(row["index"].as_str().unwrap());
        Self { directory: index.parent().unwrap().to_owned(), root, index, files }
    }

    pub(crate) fn index(&self) -> &[u8] {
        &self.files[&self.index]
    }

    pub(crate) fn index_name(&self) -> &str {
        self.index.file_name().unwrap().to_str().unwrap()
    }

    /// The file that a path leads to from the directory of the index.
    pub(crate) fn bytes(&self, path: &str) -> &[u8] {
        &self.files[&self.directory.join(path).canonicalize().unwrap()]
    }

    pub(crate) fn remove(self) {
        fs::remove_dir_all(self.root).unwrap();
    }
}

impl Folder for LaidOut {
    fn look(&self, path: &str) -> Entry<'_> {
        let Ok(real) = self.directory.join(path).canonicalize() else { return Entry::Nothing };
        match self.files.get(&real) {
            Some(bytes) => {
                let leads_out = !real.starts_with(&self.directory);
                Entry::File { file: File::whole(bytes), leads_out }
            }
            None if real.is_dir() => Entry::NoFile("a directory"),
            None => Entry::Nothing,
        }
    }

    fn files(&self, directory: &str) -> Vec<String> {
        let entries = fs::read_dir(self.directory.join(directory));
        let entries = entries.into_iter().flatten().map(Result::unwrap);
        let files = entries.filter(|entry| entry.path().is_file());
        files.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }
}
