//! The one trait of everything that is tested, and what it is asked.
//!
//! No expectation lives here, and none can: a request has no room for it.

use crate::builtin::with_bytes;
use corpus::{Given, MetadataValue, Reading};
use reports::{Access, Alone, Description, Observation, Operation};
use spec::Span;
use std::fmt;
use std::path::{Path, PathBuf};

/// Something that reads or writes safetensors files and is tested.
///
/// A Rust library implements the first two functions, in ten lines, and needs no adapter: see
/// [`crate::suite`].
pub trait Implementation {
    /// What it says of itself; the same words on every call.
    fn describe(&self) -> Description;

    /// Does what is asked, and says what came of it. It is asked for no operation and no way of
    /// access that it does not offer.
    fn ask(&mut self, request: &Request) -> Observation;

    /// Asks one question after the other until the feed has no more of them.
    fn ask_all(&mut self, feed: &mut dyn Feed) {
        while let Some(request) = feed.next() {
            let observed = self.ask(&request);
            feed.told(request.seq, Answer::of(observed));
        }
    }

    /// Why there is nobody left to ask; the run ends with it.
    fn given_up(&self) -> Option<String> {
        None
    }
}

impl<I: Implementation + ?Sized> Implementation for Box<I> {
    fn describe(&self) -> Description {
        (**self).describe()
    }

    fn ask(&mut self, request: &Request) -> Observation {
        (**self).ask(request)
    }

    fn ask_all(&mut self, feed: &mut dyn Feed) {
        (**self).ask_all(feed);
    }

    fn given_up(&self) -> Option<String> {
        (**self).given_up()
    }
}

/// Where questions come from, and where answers go.
pub trait Feed {
    /// The next question; `None` if there is none, unless the answer to one that is under way
    /// brings another about.
    fn next(&mut self) -> Option<Request>;

    /// An earlier question once more, with its file laid out anew; `None` if that cannot be done.
    fn again(&mut self, seq: u64) -> Option<Request>;

    /// What came of a question. A later answer to the same question takes the place of an earlier one.
    fn told(&mut self, seq: u64, answer: Answer);
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What happened.
    pub observed: Observation,
    /// What happened when the same was asked alone, after a fault.
    pub alone: Option<Alone>,
}

impl Answer {
    /// An answer to a question that was asked once.
    #[must_use]
    pub const fn of(observed: Observation) -> Self {
        Self { observed, alone: None }
    }
}

/// One question about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The number of the question.
    pub seq: u64,
    /// The file to read, or the one to write; its name says nothing of what is in it.
    pub path: PathBuf,
    /// How to get at the bytes, where the implementation names ways.
    pub access: Option<Access>,
    /// What to do.
    pub ask: Ask,
}

/// What to do with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Read everything.
    Read,
    /// Read everything but the data.
    Header,
    /// Read a part of one tensor.
    Slice {
        /// The name of the tensor.
        tensor: String,
        /// Which indices of each axis.
        spans: Vec<Span>,
    },
    /// Write a file; none is there yet.
    Write {
        /// The tensors, which may be wrong.
        tensors: Vec<Given>,
        /// The metadata, which may be wrong; `None` for none.
        metadata: Option<Vec<(String, MetadataValue)>>,
    },
    /// Read the file, and write what was read.
    Rewrite {
        /// The file to write; none is there yet.
        to: PathBuf,
    },
    /// Read a sharded model, of which the file is the index.
    ReadIndex,
}

impl Request {
    /// What comes of the file when its bytes are read in this way: a reading, or an error whose
    /// words are recorded. A panic is not caught here.
    pub fn read_with<E: fmt::Display>(
        &self,
        read: impl FnOnce(&[u8]) -> Result<Reading, E>,
    ) -> Observation {
        with_bytes(&self.path, |bytes| Observation::of(read(bytes)))
    }

    /// The operation that it asks for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self.ask {
            Ask::Read => Operation::Read,
            Ask::Header => Operation::Header,
            Ask::Slice { .. } => Operation::Slice,
            Ask::Write { .. } => Operation::Write,
            Ask::Rewrite { .. } => Operation::Rewrite,
            Ask::ReadIndex => Operation::ReadIndex,
        }
    }

    /// The file that is to be written, if one is.
    #[must_use]
    pub fn writes(&self) -> Option<&Path> {
        match &self.ask {
            Ask::Write { .. } => Some(&self.path),
            Ask::Rewrite { to } => Some(to),
            Ask::Read | Ask::Header | Ask::Slice { .. } | Ask::ReadIndex => None,
        }
    }
}
