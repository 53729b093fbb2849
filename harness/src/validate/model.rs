//! Opens a sharded model for validation: its index, and of each shard the header.
//!
//! Shard names are checked by [`spec`] before any shard is opened (IDX-19); nothing is opened for
//! a name that leads out, and nothing but regular files.

use super::file::{HeaderBytes, OpenError, kind_of, open_regular};
use rustix::io::Errno;
use spec::Entry;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// What the name of every index ends in.
const INDEX_ENDING: &str = ".index.json";

/// An index, and what was found around it.
#[derive(Debug)]
pub struct ModelFiles {
    directory: PathBuf,
    index_name: String,
    text: Vec<u8>,
    shards: BTreeMap<String, Found>,
}

/// What was found at the path of a shard.
#[derive(Debug)]
enum Found {
    Nothing,
    NoFile(&'static str),
    File { header: HeaderBytes, leads_out: bool },
}

/// Whether a path is that of an index, by its name.
#[must_use]
pub fn is_index(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(INDEX_ENDING))
}

/// The indexes in a directory, sorted; none if the path is something else.
#[must_use]
pub fn indexes_in(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut indexes: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| is_index(path)).collect();
    indexes.sort();
    indexes
}

impl ModelFiles {
    /// Reads an index, and opens the shards that it names.
    ///
    /// # Errors
    ///
    /// The index is no regular file, or the system does not let it or a shard be read. A shard
    /// that is not there is no error here, but a violation.
    pub fn open(index: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Io { path: index.to_owned(), source };
        let mut text = Vec::new();
        open_regular(index)?.read_to_end(&mut text).map_err(failed)?;
        let directory = match index.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            Some(_) | None => PathBuf::from("."),
        };
        let real = fs::canonicalize(&directory).map_err(failed)?;
        let mut shards = BTreeMap::new();
        for path in spec::shard_paths(&text) {
            let found = find(&directory.join(&path), &real)?;
            shards.insert(path, found);
        }
        let name = index.file_name().unwrap_or_default();
        Ok(Self { directory, index_name: name.to_string_lossy().into_owned(), text, shards })
    }

    /// The name of the index in its directory.
    #[must_use]
    pub fn index_name(&self) -> &str {
        &self.index_name
    }

    /// The text of the index.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

impl spec::Folder for ModelFiles {
    fn look(&self, path: &str) -> Entry<'_> {
        match self.shards.get(path) {
            None | Some(Found::Nothing) => Entry::Nothing,
            Some(Found::NoFile(kind)) => Entry::NoFile(kind),
            Some(Found::File { header, leads_out }) => {
                Entry::File { file: header.file(), leads_out: *leads_out }
            }
        }
    }

    fn files(&self, directory: &str) -> Vec<String> {
        let entries = fs::read_dir(self.directory.join(directory)).into_iter().flatten();
        let files = entries.flatten().filter(|entry| {
            // Of a link, what it leads to counts.
            fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_file())
        });
        files.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }
}

/// Looks at the path of a shard; `real` is the directory of the index, without links.
fn find(path: &Path, real: &Path) -> Result<Found, OpenError> {
    let failed = |source| OpenError::Io { path: path.to_owned(), source };
    let kind = match fs::metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if leads_nowhere(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(failed(error)),
    };
    if !kind.is_file() {
        return Ok(Found::NoFile(kind_of(kind)));
    }
    let leads_out = !fs::canonicalize(path).map_err(failed)?.starts_with(real);
    Ok(Found::File { header: HeaderBytes::open(path)?, leads_out })
}

/// Whether there is nothing at a path, however the system says it.
fn leads_nowhere(error: &io::Error) -> bool {
    let kinds = [
        io::ErrorKind::NotFound,
        io::ErrorKind::NotADirectory,
        io::ErrorKind::InvalidFilename,
        io::ErrorKind::InvalidInput,
    ];
    kinds.contains(&error.kind()) || error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}
