//! Files of several format versions.

use super::tensor;
use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts};
use spec::RuleId::{Dt2, Rd3, Rd7, Ver1, Ver2};
use spec::Version;

pub(super) fn recipes() -> Vec<Recipe> {
    [mixed(), first_only()].into_iter().flatten().collect()
}

fn mixed() -> Vec<Recipe> {
    let rows = [
        newer(
            "versions/eight-bit-floats",
            "Two F8 dtypes beside an F32.",
            Version::V1_1,
            &[("y", "F8_E5M2", 3), ("x", "F8_E4M3", 5)],
        ),
        newer(
            "versions/blocks-and-scales",
            "F4 blocks and their scales.",
            Version::V1_2,
            &[("y", "F8_E8M0", 3), ("x", "F4", 7)],
        ),
        newer(
            "versions/six-bit-floats",
            "Both F6 dtypes beside an F32.",
            Version::V1_2,
            &[("y", "F6_E2M3", 3), ("x", "F6_E3M2", 6)],
        ),
        newer("versions/complex", "A C64 tensor beside an F32.", Version::V1_3, &[("y", "C64", 8)]),
        newer(
            "versions/no-negative-zero",
            "Both FNUZ dtypes beside an F32.",
            Version::V1_4,
            &[("y", "F8_E4M3FNUZ", 4), ("x", "F8_E5M2FNUZ", 6)],
        ),
        newer(
            "versions/one-dtype-of-each",
            "One tensor of a dtype of each version.",
            Version::V1_4,
            &[("y", "F8_E5M2", 1), ("x", "F4", 2), ("v", "C64", 8), ("u", "F8_E5M2FNUZ", 3)],
        ),
        newer(
            "versions/newer-of-zero-size",
            "A C64 tensor without bytes.",
            Version::V1_3,
            &[("y", "C64", 0)],
        ),
        newer(
            "versions/newest-of-zero-size",
            "An FNUZ tensor without bytes.",
            Version::V1_4,
            &[("x", "F8_E4M3FNUZ", 0)],
        ),
    ];
    rows.into_iter().flatten().collect()
}

fn first_only() -> Vec<Recipe> {
    let last = |dtype: &str| {
        let tensors = old().into_iter().chain([tensor("y", dtype, &[2], 2)]);
        Draft::of(tensors).listed(&["y"])
    };
    vec![
        accepts(
            "versions/first-dtypes-only",
            "All dtypes of the first version in one file.",
            [Ver1, Dt2],
            Draft::of(old()),
        ),
        accepts(
            "versions/newer-listed-first",
            "The one tensor of a newer dtype is listed before all others.",
            [Rd3, Rd7],
            last("F8_E4M3"),
        )
        .since(Version::V1_1)
        .twin("versions/first-dtype-listed-first"),
        accepts(
            "versions/first-dtype-listed-first",
            "The tensor that stands last in the data buffer is listed before all others.",
            [Ver1],
            last("I8"),
        ),
        accepts(
            "versions/version-in-metadata",
            "Metadata claims an older version than the dtypes need.",
            [Ver2, Rd7],
            Draft::of([tensor("y", "C64", &[1], 8)]).metadata(&[("version", "1.0")]),
        )
        .since(Version::V1_3)
        .twin("versions/version-in-metadata-of-doubles"),
        accepts(
            "versions/version-in-metadata-of-doubles",
            "Metadata claims the version that the dtypes need.",
            [Ver2],
            Draft::of([tensor("y", "F64", &[1], 8)]).metadata(&[("version", "1.0")]),
        ),
    ]
}

/// One tensor of each dtype of the first version, by descending name.
fn old() -> Vec<Tensor> {
    let rows = [
        ("w.m", "F64", 8),
        ("w.l", "I64", 8),
        ("w.k", "U64", 8),
        ("w.j", "F32", 4),
        ("w.i", "I32", 4),
        ("w.h", "U32", 4),
        ("w.g", "F16", 2),
        ("w.f", "BF16", 2),
        ("w.e", "I16", 2),
        ("w.d", "U16", 2),
        ("w.c", "I8", 1),
        ("w.b", "U8", 1),
    ];
    let mut tensors: Vec<_> =
        rows.iter().map(|(name, dtype, len)| tensor(name, dtype, &[1], *len)).collect();
    tensors.push(Tensor::new("w.a", "BOOL", &[3], &[1, 0, 1]));
    tensors
}

/// Some tensors of newer dtypes, given by their bytes, behind one of a first dtype; and the same
/// bytes under first dtypes, as the twin.
fn newer(id: &str, summary: &str, since: Version, rows: &[(&str, &str, u64)]) -> [Recipe; 2] {
    let twin = format!("{id}-as-first-dtypes");
    let file = |dtype_of: fn(&str) -> &str| {
        let rows = rows.iter().map(|(name, dtype, len)| {
            let dtype = dtype_of(dtype);
            let bits = spec::Dtype::from_name(dtype.as_bytes()).map_or(8, spec::Dtype::bits);
            tensor(name, dtype, &[len * 8 / bits], *len)
        });
        Draft::of([tensor("z", "F32", &[2], 8)].into_iter().chain(rows))
    };
    [
        accepts(id, summary, [Ver1, Rd7, Dt2], file(|dtype| dtype)).since(since).twin(&twin),
        accepts(
            &twin,
            "The bytes of a file of newer dtypes, under dtypes of the first version.",
            [Ver1, Dt2],
            file(|dtype| if dtype == "C64" { "F64" } else { "U8" }),
        ),
    ]
}
