//! Puts an implementation behind the process protocol: hello, then one reply a request.
//!
//! Nothing here catches a panic: a crash of what is served is the death of this process, and the
//! runner at the other end sees it as that.

use crate::implementation::Implementation;
use crate::protocol::{RequestError, hello_line, parse_request, reply_line};
use std::io::{BufRead, Write};

/// Why serving ended before the input did.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The input or the output failed.
    #[error("cannot speak to the runner: {0}")]
    Io(#[from] std::io::Error),
    /// A line of the input is no request.
    #[error("line {line} of the input is no request of the protocol: {source}")]
    Request {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        source: RequestError,
    },
    /// The hello cannot be written.
    #[error("cannot write the hello: {0}")]
    Hello(#[source] serde_json::Error),
    /// The implementation gave no answer that the protocol has words for.
    #[error("no answer to request {seq}: {what}")]
    NoAnswer {
        /// The number of the question.
        seq: u64,
        /// What came instead.
        what: String,
    },
}

/// Answers requests until the input ends.
///
/// # Errors
///
/// The input or the output fails, or a request or an answer has no place in the protocol.
pub fn serve(
    implementation: &mut dyn Implementation,
    input: impl BufRead,
    mut output: impl Write,
) -> Result<(), ServeError> {
    let hello = hello_line(&implementation.describe()).map_err(ServeError::Hello)?;
    writeln!(output, "{hello}")?;
    output.flush()?;
    for (number, line) in (1..).zip(input.lines()) {
        let request =
            parse_request(&line?).map_err(|source| ServeError::Request { line: number, source })?;
        let observation = implementation.ask(&request);
        let asked = request.operation();
        let reply = reply_line(request.seq, asked, &observation).ok_or_else(|| {
            ServeError::NoAnswer { seq: request.seq, what: observation.to_string() }
        })?;
        writeln!(output, "{reply}")?;
        output.flush()?;
    }
    Ok(())
}
