//! The file of `run --record`: looked at before anything runs, filled as rows come, and in the end
//! written whole, sorted and with its footer. A run that is interrupted leaves what it had.

use crate::interrupt::hold;
use reports::{Header, Record, RecordError, Row};
use std::fs::{File, FileType, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A place where a record can be written.
#[derive(Debug)]
pub(super) struct RecordFile {
    /// The path as it was given, for messages.
    given: PathBuf,
    /// The same without symbolic links.
    target: PathBuf,
}

/// A record that cannot be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecordFileError {
    #[error(
        "cannot write the record `{}`: it is {what}; give the path of a file, or of none",
        path.display()
    )]
    NoFile { path: PathBuf, what: &'static str },
    #[error(
        "cannot write the record `{}`: {source}; its folder has to be there, and open to writing",
        path.display()
    )]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl RecordFile {
    /// Whether a record can be written there. What is there stays as it is.
    pub(super) fn at(given: &Path) -> Result<Self, RecordFileError> {
        let target = match std::fs::symlink_metadata(given) {
            Ok(_) => given.canonicalize().map_err(|source| failed(given, &source))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => given.to_owned(),
            Err(source) => return Err(failed(given, &source)),
        };
        let kind = target.metadata().map(|found| found.file_type());
        if let Some(what) = kind.ok().and_then(no_file) {
            return Err(RecordFileError::NoFile { path: given.to_owned(), what });
        }
        let file = Self { given: given.to_owned(), target };
        // Gone again at once: this only shows that the folder is there and can be written to.
        drop(file.beside()?);
        Ok(file)
    }

    /// What an interrupted run left there; `None` if nothing is there.
    pub(super) fn left(&self) -> Result<Option<Record>, RecordError> {
        match std::fs::read_to_string(&self.target) {
            Ok(text) => Record::parse_partial(&self.given, &text).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(RecordError { path: self.given.clone(), line: None, kind: error.into() })
            }
        }
    }

    /// Begins a record anew: the header, and the rows that are there already.
    pub(super) fn begin(&self, header: &Header, rows: &[Row]) -> Result<Journal, RecordFileError> {
        let fail = |source: io::Error| failed(&self.given, &source);
        let json = |error: serde_json::Error| fail(error.into());
        let mut text = header.to_line().map_err(json)?;
        for row in rows {
            text += &row.to_line().map_err(json)?;
        }
        self.write(&text)?;
        let file = OpenOptions::new().append(true).open(&self.target).map_err(fail)?;
        hold().keep_in(&self.given);
        Ok(Journal { given: self.given.clone(), file })
    }

    /// Writes beside the file and renames, so that a record is whole or not there.
    pub(super) fn write(&self, lines: &str) -> Result<(), RecordFileError> {
        let _held = hold();
        let mut file = self.beside()?;
        file.write_all(lines.as_bytes()).map_err(|source| failed(&self.given, &source))?;
        file.persist(&self.target).map_err(|error| failed(&self.given, &error.error))?;
        Ok(())
    }

    fn beside(&self) -> Result<NamedTempFile, RecordFileError> {
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        tempfile::Builder::new()
            // What is made from this is open to whom the umask says, as any other new file.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .map_err(|source| failed(&self.given, &source))
    }
}

/// A record that is being filled, row by row, in any order.
#[derive(Debug)]
pub(super) struct Journal {
    given: PathBuf,
    file: File,
}

impl Journal {
    /// Appends a row. A signal does not end the run inside it.
    pub(super) fn append(&mut self, row: &Row) -> Result<(), RecordFileError> {
        let line = row.to_line().map_err(|error| failed(&self.given, &error.into()))?;
        let _held = hold();
        self.file.write_all(line.as_bytes()).map_err(|source| failed(&self.given, &source))
    }
}

/// The kind of the error alone: its text may name a temporary file, which says nothing to anybody.
fn failed(given: &Path, source: &io::Error) -> RecordFileError {
    RecordFileError::Io { path: given.to_owned(), source: source.kind().into() }
}

/// What something is that is no file.
fn no_file(kind: FileType) -> Option<&'static str> {
    if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some("a folder")
    } else if kind.is_fifo() {
        Some("a named pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        Some("a device")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    #[test]
    fn a_record_takes_the_place_of_a_file_and_of_nothing_else() {
        let folder = tempfile::Builder::new().prefix("records-").tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("folder")).unwrap();
        let _socket = UnixListener::bind(path("socket")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap();
        assert!(made.success());
        symlink(path("folder"), path("link-to-folder")).unwrap();
        symlink(path("none"), path("link-to-nothing")).unwrap();
        std::fs::write(path("file"), "").unwrap();
        for (name, said) in [
            ("folder", "it is a folder"),
            ("pipe", "it is a named pipe"),
            ("socket", "it is a socket"),
            ("link-to-folder", "it is a folder"),
            ("link-to-nothing", "entity not found"),
            ("none/record", "entity not found"),
            ("file/record", "not a directory"),
        ] {
            let error = RecordFile::at(&path(name)).unwrap_err().to_string();
            assert!(error.contains(said), "{name}: {error}");
            assert!(error.contains(&format!("`{}`", path(name).display())), "{name}: {error}");
            assert!(!error.contains(".tmp"), "{name}: {error}");
        }
        for name in ["new", "file"] {
            RecordFile::at(&path(name)).unwrap().write("lines").unwrap();
            assert_eq!(std::fs::read_to_string(path(name)).unwrap(), "lines");
        }
    }

    #[test]
    fn a_symbolic_link_stays_one_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        RecordFile::at(&link).unwrap().write("new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
    }

    #[test]
    fn a_look_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        RecordFile::at(&folder.path().join("record")).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
