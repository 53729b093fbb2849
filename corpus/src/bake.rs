//! Writes the corpus down, or checks what is written: `corpus/vectors/`, the texts in
//! `corpus/values/`, and `corpus/manifest.json`.
//!
//! Writing and checking are one function with a mode. What the bytes are is decided by the
//! recipes alone; nothing here looks into a file.

use crate::content::Content;
use crate::folder::FolderItem;
use crate::manifest::{Manifest, stored_path};
use crate::reading::Digest;
use crate::recipes::vectors;
use crate::values::values_text;
use crate::vector::Vector;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The command that writes the corpus.
pub const FIX: &str = "cargo run --release -- check --write";

/// Whether differences are reported or mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Change nothing; any difference is an error.
    Check,
    /// Write what is stale or missing, and remove what is not of the corpus.
    Write,
}

/// How one file on disk differs from the corpus. Paths are relative to the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The file has other bytes.
    Stale(PathBuf),
    /// The file is not there.
    Missing(PathBuf),
    /// The file belongs to no vector.
    Extra(PathBuf),
}

/// What a bake found, and in writing mode mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The number of files of the corpus.
    pub files: usize,
    /// The digest of the manifest, which stands for the whole corpus.
    pub digest: Digest,
    /// What differed and was mended, sorted; empty in checking mode.
    pub mended: Vec<Difference>,
}

/// A corpus on disk that is not the one of the recipes, or cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum BakeError {
    /// The files differ from the recipes.
    #[error(
        "the corpus on disk is not what the recipes make; run `{FIX}`{}",
        .0.iter().map(|d| format!("\n  {d}")).collect::<String>()
    )]
    NotFresh(Vec<Difference>),
    /// A file or folder could not be read, written or removed.
    #[error("cannot {verb} `{}`; check that it exists and may be changed", path.display())]
    Io {
        /// What was tried.
        verb: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The manifest could not be written as JSON.
    #[error("cannot write the manifest as JSON; a vector holds what JSON cannot")]
    Manifest(#[source] serde_json::Error),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(path) => write!(f, "stale: {}", path.display()),
            Self::Missing(path) => write!(f, "missing: {}", path.display()),
            Self::Extra(path) => write!(f, "of no vector: {}", path.display()),
        }
    }
}

/// Checks or writes the corpus below the root of the repository.
///
/// # Errors
///
/// [`BakeError::NotFresh`] in checking mode if anything differs; the others if a file cannot be
/// reached.
pub fn bake(root: &Path, mode: Mode) -> Result<Report, BakeError> {
    let manifest = manifest_bytes()?;
    let digest = Digest::of(&manifest);
    let mut fresh = stored_files(vectors());
    fresh.insert(PathBuf::from("corpus/manifest.json"), manifest);

    let differences = compare(root, &fresh)?;
    match mode {
        Mode::Check if !differences.is_empty() => return Err(BakeError::NotFresh(differences)),
        Mode::Check => {}
        Mode::Write => {
            for difference in &differences {
                mend(root, difference, &fresh)?;
            }
        }
    }
    Ok(Report { files: fresh.len(), digest, mended: differences })
}

/// The corpus digest: the SHA-256 of the manifest that the recipes make.
///
/// # Errors
///
/// [`BakeError::Manifest`] if the manifest cannot be written as JSON.
pub fn digest() -> Result<Digest, BakeError> {
    manifest_bytes().map(|bytes| Digest::of(&bytes))
}

/// Kept, because the digests of the giants take a while.
static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| Manifest::of(vectors()));

/// The file `manifest.json`.
pub(crate) fn manifest_bytes() -> Result<Vec<u8>, BakeError> {
    MANIFEST.to_bytes().map_err(BakeError::Manifest)
}

/// The stored files by their paths, which come from the ids.
pub(crate) fn stored_files(vectors: &[Vector]) -> BTreeMap<PathBuf, Vec<u8>> {
    let stored = vectors.iter().flat_map(|vector| match &vector.content {
        Content::Bytes(bytes) => {
            let path = vector.path().map(|path| Path::new("corpus").join(path));
            path.map(|path| (path, bytes.clone())).into_iter().collect()
        }
        Content::OnDemand { .. } => Vec::new(),
        Content::Folder(folder) => {
            let files = folder.entries.iter().filter_map(|entry| match &entry.item {
                FolderItem::Bytes(bytes) => {
                    let path = Path::new("corpus").join(stored_path(&vector.id, &entry.path));
                    Some((path, bytes.clone()))
                }
                // Not every system and not every archive keeps a link.
                FolderItem::OnDemand(_) | FolderItem::Link(_) => None,
            });
            files.collect()
        }
    });
    let values = vectors.iter().filter_map(|vector| {
        let path = format!("corpus/values/{}.txt", vector.id);
        Some((PathBuf::from(path), values_text(vector)?.into_bytes()))
    });
    stored.chain(values).collect()
}

fn compare(root: &Path, fresh: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Vec<Difference>, BakeError> {
    let mut differences = Vec::new();
    for (path, bytes) in fresh {
        let full = root.join(path);
        match fs::read(&full) {
            Ok(on_disk) if on_disk == *bytes => {}
            Ok(_) => differences.push(Difference::Stale(path.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                differences.push(Difference::Missing(path.clone()));
            }
            Err(source) => return Err(BakeError::Io { verb: "read", path: full, source }),
        }
    }
    let mut found = Vec::new();
    list(root, Path::new("corpus/vectors"), &mut found)?;
    list(root, Path::new("corpus/values"), &mut found)?;
    // What checks the values lives beside them, and is written by hand.
    let ours = |path: &PathBuf| !path.starts_with("corpus/values/check");
    let extra = found.into_iter().filter(|path| ours(path) && !fresh.contains_key(path));
    differences.extend(extra.map(Difference::Extra));
    differences.sort();
    Ok(differences)
}

/// Lists every file below a folder, links and hidden files included.
fn list(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), BakeError> {
    let full = root.join(folder);
    let failed = |source| BakeError::Io { verb: "list", path: root.join(folder), source };
    if !full.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(&full).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = folder.join(entry.file_name());
        if entry.file_type().map_err(failed)?.is_dir() {
            list(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn mend(
    root: &Path,
    difference: &Difference,
    fresh: &BTreeMap<PathBuf, Vec<u8>>,
) -> Result<(), BakeError> {
    match difference {
        Difference::Stale(path) | Difference::Missing(path) => {
            let bytes = fresh.get(path).map_or(&[][..], Vec::as_slice);
            let full = root.join(path);
            replace(&full, bytes).map_err(|source| BakeError::Io {
                verb: "write",
                path: full,
                source,
            })
        }
        Difference::Extra(path) => {
            let full = root.join(path);
            fs::remove_file(&full).map_err(|source| BakeError::Io {
                verb: "remove",
                path: full,
                source,
            })
        }
    }
}

/// Writes a new file beside the old one and renames it, so that no file is ever half written.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    make_readable(file.as_file())?;
    file.persist(path)?;
    Ok(())
}

/// Gives a file the mode of files in a checkout: a temporary file is for its owner alone.
#[cfg(unix)]
fn make_readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &fs::File) -> io::Result<()> {
    Ok(())
}
