//! Copies the corpus out, for projects in other languages: the manifest, every stored file, and
//! what it takes to check and to read them.
//!
//! What is written comes from the library alone, so that it needs no checkout.

use crate::bake::{BakeError, manifest_bytes, stored_files};
use crate::golden;
use crate::reading::Digest;
use crate::recipes::vectors;
use spec::{REVISION, Version};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file that says which corpus it is.
const STAMP: &str = "VERSION";
/// The file with the digest of every other, in the form of `sha256sum`.
const SUMS: &str = "SHA256SUMS";

/// A corpus that was copied out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The number of files, all told.
    pub files: usize,
    /// The digest of the manifest, which stands for the whole corpus.
    pub digest: Digest,
}

/// A corpus that could not be copied out. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is something at the place already.
    #[error("`{}` is there already; name a folder that is not there yet", .0.display())]
    Occupied(PathBuf),
    /// A file or folder could not be written.
    #[error("cannot write `{}`; check that its folder exists and may be written to", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The manifest could not be made.
    #[error(transparent)]
    Manifest(#[from] BakeError),
}

/// Writes the corpus to a folder that is not there yet: whole, or not at all.
///
/// # Errors
///
/// There is something at the place, or it cannot be written to.
pub fn export(to: &Path) -> Result<Exported, ExportError> {
    if to.symlink_metadata().is_ok() {
        return Err(ExportError::Occupied(to.to_owned()));
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ExportError::Io { path, source }
    };
    let manifest = manifest_bytes()?;
    let digest = Digest::of(&manifest);
    let files = files(manifest, digest);
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    let made = tempfile::Builder::new()
        .prefix(".stconform-export-")
        .tempdir_in(parent.unwrap_or(Path::new(".")))
        .map_err(failed(to))?;
    // Renamed from inside, since the folder itself is for its owner alone.
    let root = made.path().join("corpus");
    for (path, bytes) in &files {
        let full = root.join(path);
        let folder = full.parent().unwrap_or(&root);
        fs::create_dir_all(folder).map_err(failed(folder))?;
        fs::write(&full, bytes).map_err(failed(&full))?;
    }
    fs::rename(&root, to).map_err(failed(to))?;
    Ok(Exported { files: files.len(), digest })
}

/// Every file by its path in the folder.
fn files(manifest: Vec<u8>, digest: Digest) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = stored_files(vectors())
        .into_iter()
        .map(|(path, bytes)| {
            (path.strip_prefix("corpus").map(Path::to_owned).unwrap_or(path), bytes)
        })
        .collect();
    let texts: [(&str, &[u8]); 4] = [
        ("README.md", include_bytes!("../README.md")),
        ("manifest.schema.json", include_bytes!("../manifest.schema.json")),
        (".gitattributes", include_bytes!("../.gitattributes")),
        ("golden/golden.json", golden::INDEX_TEXT.as_bytes()),
    ];
    files.extend(texts.map(|(path, text)| (PathBuf::from(path), text.to_vec())));
    files.insert(PathBuf::from("manifest.json"), manifest);
    files.insert(PathBuf::from(STAMP), stamp(digest).into_bytes());
    let sums = sums(&files);
    files.insert(PathBuf::from(SUMS), sums.into_bytes());
    files
}

/// Which corpus it is, one fact a line.
fn stamp(digest: Digest) -> String {
    let versions = Version::ALL.map(|version| version.to_string()).join(" ");
    format!(
        "corpus {digest}\nspec_revision {REVISION}\nformat_versions {versions}\nstconform {}\n",
        env!("CARGO_PKG_VERSION"),
    )
}

fn sums(files: &BTreeMap<PathBuf, Vec<u8>>) -> String {
    let mut text = String::new();
    for (path, bytes) in files {
        let path = path.to_string_lossy().replace('\\', "/");
        // A write to a `String` cannot fail.
        let _ = writeln!(text, "{}  {path}", Digest::of(bytes));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Manifest, RowContent};

    #[test]
    fn what_is_copied_out_is_whole_and_its_sums_hold() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("out");
        let exported = export(&to).unwrap();
        let sums = fs::read_to_string(to.join(SUMS)).unwrap();
        assert_eq!(sums.lines().count() + 1, exported.files);
        for line in sums.lines() {
            let (sum, path) = line.split_once("  ").unwrap();
            assert_eq!(Digest::of(&fs::read(to.join(path)).unwrap()).to_string(), sum, "{path}");
        }
        let manifest = fs::read(to.join("manifest.json")).unwrap();
        assert_eq!(Digest::of(&manifest), exported.digest);
        let manifest: Manifest = serde_json::from_slice(&manifest).unwrap();
        for row in &manifest.vectors {
            if let RowContent::Path(path) = &row.content {
                assert!(to.join(path).is_file(), "{path}");
            }
        }
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let error = export(folder.path()).unwrap_err();
        assert!(matches!(error, ExportError::Occupied(_)), "{error}");
        let error = export(&folder.path().join("no/such")).unwrap_err();
        assert!(matches!(error, ExportError::Io { .. }), "{error}");
    }
}
