//! Lays out vectors as files whose names, ages and neighbours say nothing.

use crate::interrupt::hold;
use corpus::{Content, FolderItem, Run, Vector};
use std::fs::{File, FileTimes, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder of its own, in which the files lie that are asked about.
#[derive(Debug)]
pub struct Stage {
    folder: tempfile::TempDir,
}

/// A file, or the folder of a sharded model, that lies there until it is dropped.
#[derive(Debug)]
pub struct Staged {
    /// What is asked about: the file, or the index of the model.
    path: PathBuf,
    /// What is removed.
    root: PathBuf,
}

/// A folder or a file that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`; the folder for temporary files is set by TMPDIR: {source}", path.display())]
pub struct StageError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl Stage {
    /// An empty folder among the temporary files.
    ///
    /// # Errors
    ///
    /// The folder cannot be made.
    pub fn new() -> Result<Self, StageError> {
        let mut held = hold();
        let folder = tempfile::Builder::new()
            .prefix("stconform-")
            .tempdir()
            .map_err(|source| StageError { path: std::env::temp_dir(), source })?;
        held.add_folder(folder.path());
        Ok(Self { folder })
    }

    /// Writes the vector's bytes to a file whose name is the number of the question; of a sharded
    /// model, its files to a folder of that name.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn put(&self, seq: u64, vector: &Vector) -> Result<Staged, StageError> {
        let fail = |path: &Path, source| StageError { path: path.to_owned(), source };
        match &vector.content {
            Content::Folder(folder) => {
                let root = self.folder.path().join(format!("{seq:06}"));
                let staged = Staged { path: root.join(&folder.index), root: root.clone() };
                // Taken after `staged` was made, so that it is given back before `staged` is dropped,
                // which takes it too.
                let _held = hold();
                std::fs::create_dir(&root).map_err(|source| fail(&root, source))?;
                for entry in &folder.entries {
                    let path = root.join(&entry.path);
                    put_item(&path, &entry.item).map_err(|source| fail(&path, source))?;
                }
                Ok(staged)
            }
            content @ (Content::Bytes(_) | Content::OnDemand { .. }) => {
                let path = self.folder.path().join(format!("{seq:06}.safetensors"));
                let staged = Staged { path: path.clone(), root: path.clone() };
                let _held = hold();
                let runs = |take: &mut dyn FnMut(Run<'_>)| content.each_run(take);
                write(&path, content.len(), runs).map_err(|source| fail(&path, source))?;
                Ok(staged)
            }
        }
    }

    /// A place where an implementation can write a file; nothing is there.
    #[must_use]
    pub fn place(&self, seq: u64) -> Staged {
        let path = self.folder.path().join(format!("{seq:06}-written.safetensors"));
        Staged { path: path.clone(), root: path }
    }
}

impl Staged {
    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Stage {
    /// The folder itself goes with its field.
    fn drop(&mut self) {
        hold().drop_folder(self.folder.path());
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _held = hold();
        // The folder goes at the end in any case; this keeps the giants from piling up.
        if std::fs::remove_file(&self.root).is_err() {
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }
}

/// Lays out one entry of a folder.
fn put_item(path: &Path, item: &FolderItem) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match item {
        FolderItem::Link(target) => std::os::unix::fs::symlink(target, path),
        FolderItem::Bytes(_) | FolderItem::OnDemand(_) => {
            write(path, item.len(), |take| item.each_run(take))
        }
    }
}

/// All files have one age, and none can be written to.
fn write(path: &Path, len: u64, runs: impl FnOnce(&mut dyn FnMut(Run<'_>))) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o444).open(path)?;
    let (mut outcome, mut ends_in_a_hole) = (Ok(()), false);
    runs(&mut |run| {
        if outcome.is_ok() {
            ends_in_a_hole = matches!(run, Run::Zeros(_));
            outcome = match run {
                Run::Bytes(bytes) => file.write_all(bytes),
                // A hole: it costs no room where the file system knows holes.
                Run::Zeros(count) => skip(&mut file, count),
            };
        }
    });
    outcome?;
    if ends_in_a_hole {
        file.set_len(len)?;
    }
    file.set_times(FileTimes::new().set_modified(SystemTime::UNIX_EPOCH))
}

fn skip(file: &mut File, count: u64) -> io::Result<()> {
    let count = i64::try_from(count).map_err(io::Error::other)?;
    file.seek(SeekFrom::Current(count)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staged_file_has_the_bytes_of_its_vector_and_goes_when_it_is_dropped() {
        let stage = Stage::new().unwrap();
        for (seq, vector) in (1..).zip(corpus::vectors().iter().take(20)) {
            let staged = stage.put(seq, vector).unwrap();
            let path = staged.path().to_owned();
            assert_eq!(std::fs::read(&path).unwrap(), vector.bytes(), "{}", vector.id);
            drop(staged);
            assert!(!path.exists());
        }
    }

    #[test]
    fn a_file_that_cannot_be_laid_out_is_an_error_and_leaves_the_lock() {
        let stage = Stage::new().unwrap();
        std::fs::remove_dir_all(stage.folder.path()).unwrap();
        for id in ["shapes/matrix", "sharded/two-shards"] {
            let Some(vector) = corpus::find(&id.parse().unwrap()) else { continue };
            assert!(stage.put(1, vector).is_err());
        }
        drop(hold());
    }

    #[test]
    fn a_stretch_of_zeros_takes_no_room_and_is_there_all_the_same() {
        let giant = corpus::find(&"layout/gap-of-two-to-the-32".parse().unwrap()).unwrap();
        let stage = Stage::new().unwrap();
        let staged = stage.put(1, giant).unwrap();
        let meta = std::fs::metadata(staged.path()).unwrap();
        assert_eq!(meta.len(), giant.content.len());
        #[cfg(target_os = "linux")]
        {
            use std::os::unix::fs::MetadataExt as _;
            assert!(meta.blocks() * 512 < 1 << 20, "{} blocks", meta.blocks());
        }
    }

    #[test]
    fn neither_name_nor_age_of_a_staged_file_tells_which_vector_it_is() {
        let stage = Stage::new().unwrap();
        for (seq, vector) in (1..).zip(corpus::vectors().iter().take(20)) {
            let staged = stage.put(seq, vector).unwrap();
            let name = staged.path().file_name().unwrap().to_str().unwrap().to_owned();
            assert_eq!(name, format!("{seq:06}.safetensors"));
            let changed = std::fs::metadata(staged.path()).unwrap().modified().unwrap();
            assert_eq!(changed, SystemTime::UNIX_EPOCH);
        }
    }
}
