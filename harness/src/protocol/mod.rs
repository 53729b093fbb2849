//! The lines of the process protocol: hello, request, reply. The contract for people is
//! `adapters/PROTOCOL.md`; a test reads its transcript with the functions here.
//!
//! No process lives here; see [`crate::process`] and [`crate::serve`].

mod hello;
mod reply;
mod request;
mod wire;

#[cfg(test)]
mod tests;

pub use hello::{HelloError, hello_line, parse_hello};
pub use reply::{parse_reply, reply_line};
pub use request::{RequestError, parse_request, request_line};

/// The version of the protocol that the runner speaks.
pub const PROTOCOL: u64 = 1;

/// The longest line that the runner takes, in bytes.
pub const MAX_LINE: usize = 256 << 20;

/// How much of a foreign line is kept, in bytes.
const KEPT: usize = 400;
/// The greatest integer that every JSON reader takes exactly; greater ones are written as strings.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Why a line is no JSON object. A line has one line, so only the byte in it is told.
fn no_object(error: &serde_json::Error) -> String {
    if error.is_data() {
        "it is JSON, and no object".to_owned()
    } else {
        error.to_string().replace(" at line 1 column ", " at byte ")
    }
}

/// An integer as every JSON reader takes it.
fn integer(number: u64) -> serde_json::Value {
    if number > MAX_SAFE_INTEGER { number.to_string().into() } else { number.into() }
}
