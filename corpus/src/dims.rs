//! Dimensions in JSON, exact in every language.
//!
//! Many JSON readers hold numbers as doubles, which are exact up to 2^53 - 1. A dimension above
//! that is written as a string of its digits; both forms are read.

use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The greatest integer that every JSON reader holds exactly.
const MAX_EXACT: u64 = (1 << 53) - 1;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Dim {
    Number(u64),
    Digits(String),
}

pub(crate) fn serialize<S: Serializer>(shape: &[u64], to: S) -> Result<S::Ok, S::Error> {
    let mut list = to.serialize_seq(Some(shape.len()))?;
    for &dim in shape {
        let form = if dim > MAX_EXACT { Dim::Digits(dim.to_string()) } else { Dim::Number(dim) };
        list.serialize_element(&form)?;
    }
    list.end()
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    let forms = Vec::<Dim>::deserialize(from)?;
    forms
        .into_iter()
        .map(|form| match form {
            Dim::Number(dim) => Ok(dim),
            Dim::Digits(text) => canonical(&text).ok_or_else(|| {
                serde::de::Error::custom(format!("`{text}` is no dimension: digits up to 2^64 - 1"))
            }),
        })
        .collect()
}

/// The value of a text of digits, without sign and leading zero.
fn canonical(text: &str) -> Option<u64> {
    let dim: u64 = text.parse().ok()?;
    (dim.to_string() == text).then_some(dim)
}

#[cfg(test)]
mod tests {
    use crate::{Reading, TensorReading};

    fn with_shape(shape: &str) -> Result<Reading, serde_json::Error> {
        let digest = crate::Digest::of(b"");
        serde_json::from_str(&format!(
            r#"{{"tensors":[{{"name":"w","dtype":"U8","shape":{shape},"sha256":"{digest}"}}],"metadata":{{}}}}"#
        ))
    }

    #[test]
    fn dimensions_beyond_doubles_are_strings_and_come_back_whole() {
        let shape = [0, (1 << 53) - 1, 1 << 53, u64::MAX];
        let reading = Reading::new(vec![TensorReading::of("w", "U8", &shape, b"")], [].into());
        let text = serde_json::to_string(&reading).unwrap();
        assert!(text.contains(r#"[0,9007199254740991,"9007199254740992","18446744073709551615"]"#));
        assert_eq!(serde_json::from_str::<Reading>(&text).unwrap(), reading);
    }

    #[test]
    fn a_string_that_is_no_dimension_is_refused() {
        assert!(with_shape(r#"["4", 18446744073709551615]"#).is_ok());
        for text in [r#"[""]"#, r#"["-1"]"#, r#"["+1"]"#, r#"["01"]"#, r#"[1.5]"#, r#"[-1]"#] {
            assert!(with_shape(text).is_err(), "{text}");
        }
        assert!(with_shape(r#"["18446744073709551616"]"#).is_err());
    }
}
