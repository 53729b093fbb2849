//! Values of elements written down: the file that goes with a valued vector, and the values that an
//! implementation tells in place of bytes.
//!
//! What an element means is decided in [`spec::values`]; nothing here reads a float.

use crate::reading::TensorReading;
use crate::vector::Vector;
use spec::Dtype;

/// The text of a valued vector: for each tensor of the reading, in its order, a line
/// `# NAME DTYPE COUNT` with the name as a JSON string, and then one element a line.
///
/// `None` for other vectors.
#[must_use]
pub fn values_text(vector: &Vector) -> Option<String> {
    let reading = vector.reading.as_ref().filter(|_| vector.valued)?;
    reading.tensors().iter().map(|tensor| tensor_text(vector, tensor)).collect()
}

fn tensor_text(vector: &Vector, tensor: &TensorReading) -> Option<String> {
    let values = vector.values(tensor)?;
    let name = serde_json::to_string(&tensor.name).ok()?;
    let lines: String = values.iter().map(|value| format!("{value}\n")).collect();
    Some(format!("# {name} {} {}\n{lines}", tensor.dtype, values.len()))
}

impl Vector {
    /// The values of the elements of a tensor that the vector states, in the order of the elements;
    /// `None` for a tensor that it does not state.
    #[must_use]
    pub fn values(&self, tensor: &TensorReading) -> Option<Vec<spec::Value>> {
        let bytes = self.payloads.get(&tensor.sha256)?;
        Some(spec::values(Dtype::from_name(tensor.dtype.as_bytes())?, bytes).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipes::find;

    fn text(id: &str) -> Option<String> {
        values_text(find(&id.parse().unwrap()).unwrap())
    }

    #[test]
    fn the_text_has_one_line_a_tensor_and_one_a_value() {
        assert_eq!(text("values/complex-real-first").as_deref(), Some("# \"w\" C64 2\n1 2\n3 4\n"));
        assert_eq!(
            text("values/little-end-first").as_deref(),
            Some(
                "# \"x\" U16 1\n3597\n# \"y\" U32 1\n202050057\n# \"z\" U64 1\n578437695752307201\n"
            )
        );
    }

    #[test]
    fn only_valued_vectors_have_a_text() {
        assert_eq!(text("layout/one-tensor"), None);
        assert_eq!(text("values/some-thousand-bytes"), None);
    }

    #[test]
    fn every_pattern_of_every_narrow_float_has_its_value_written_down() {
        let texts: Vec<String> = crate::vectors().iter().filter_map(values_text).collect();
        let floats = spec::DTYPES.iter().filter(|row| row.meaning.contains("float"));
        for row in floats.filter(|row| row.bits <= 16) {
            let of_it = texts.iter().filter(|text| text.contains(&format!(" {} ", row.name)));
            let most = of_it.map(|text| text.lines().count() - 1).max();
            assert!(most >= Some(1 << row.bits.min(14)), "{}: {most:?}", row.name);
        }
    }
}
