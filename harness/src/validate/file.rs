//! Opens a file for validation: maps the bytes that the oracle needs, and no more.

use memmap2::{Mmap, MmapOptions};
use spec::{File, PrefixTooShort};
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

/// The header of a file, mapped, and the length of the whole file.
#[derive(Debug)]
pub struct HeaderBytes {
    /// Absent for an empty file, which cannot be mapped.
    map: Option<Mmap>,
    len: u64,
}

/// Why a file could not be read. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is nothing at the path.
    #[error("cannot read `{}`: there is no such file", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The path leads to a directory.
    #[error("cannot read `{}`: it is a directory; name the files in it, such as `{}`", path.display(), path.join("*.safetensors").display())]
    Directory {
        /// The path.
        path: PathBuf,
    },
    /// The path leads to something that has no length and cannot be mapped.
    #[error("cannot read `{}`: it is {kind}, not a regular file; save it to a file first", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
    },
    /// The system refuses.
    #[error("cannot read `{}`: {source}{}", path.display(), hint(source))]
    Io {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn hint(error: &io::Error) -> &'static str {
    if error.kind() == io::ErrorKind::PermissionDenied {
        "; make it readable for this user"
    } else {
        ""
    }
}

impl HeaderBytes {
    /// Opens a regular file and maps its header.
    ///
    /// # Errors
    ///
    /// There is no file, it is no regular file, or the system does not let it be read.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Io { path: path.to_owned(), source };
        let file = open_regular(path)?;
        let len = file.metadata().map_err(failed)?.len();
        let mut opened = Self { map: None, len };
        while let Err(PrefixTooShort { needed }) = File::prefix(opened.prefix(), len) {
            let needed = usize::try_from(needed).map_err(|_| {
                failed(io::Error::other("its header does not fit into the memory of this machine"))
            })?;
            opened.map = Some(map(&file, needed).map_err(failed)?);
        }
        Ok(opened)
    }

    /// The file, as the oracle takes it.
    #[must_use]
    pub fn file(&self) -> File<'_> {
        // The prefix was mapped as long as the oracle asked for; a whole file is the same answer
        // for a prefix that is the file.
        File::prefix(self.prefix(), self.len).unwrap_or_else(|_| File::whole(self.prefix()))
    }

    /// The bytes that were mapped, from the start of the file.
    #[must_use]
    pub fn prefix(&self) -> &[u8] {
        self.map.as_deref().unwrap_or_default()
    }
}

/// Opens a regular file, and nothing else.
pub(super) fn open_regular(path: &Path) -> Result<fs::File, OpenError> {
    let failed = |source: io::Error| {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::NotFound {
            OpenError::Missing { path }
        } else {
            OpenError::Io { path, source }
        }
    };
    // Asked before it is opened: opening a pipe would wait for a writer.
    let kind = fs::metadata(path).map_err(failed)?.file_type();
    if kind.is_dir() {
        return Err(OpenError::Directory { path: path.to_owned() });
    }
    if !kind.is_file() {
        return Err(OpenError::NotAFile { path: path.to_owned(), kind: kind_of(kind) });
    }
    fs::File::open(path).map_err(failed)
}

/// What something that is no regular file is.
pub(super) fn kind_of(kind: FileType) -> &'static str {
    if kind.is_dir() { "a directory" } else { name_of(kind) }
}

/// Maps the first `len` bytes of a file; an empty range cannot be mapped.
#[allow(unsafe_code, reason = "mapping a file is unsafe by nature, and this is the one place")]
pub(crate) fn map(file: &fs::File, len: usize) -> io::Result<Mmap> {
    // SAFETY: the mapping is private to this process and read-only, and only bytes are read from
    // it, for which every bit pattern is valid. If another process cuts the file meanwhile, the
    // system ends this one; `validate --help` says that files must not change while it runs.
    unsafe { MmapOptions::new().len(len).map(file) }
}

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "something else"
    }
}

#[cfg(not(unix))]
fn name_of(_: FileType) -> &'static str {
    "something else"
}
