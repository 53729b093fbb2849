//! Every bit pattern of every dtype of at most 16 bits, in order.
//!
//! The codes of F4 are those of `dtypes/f4-row`, the numbers of 16 bits are in `landmarks`.

use super::of;
use crate::recipe::{Recipe, accepts};
use spec::RuleId::{Val2, Val5, Val6, Val7};
use spec::{Dtype, Version};

pub(super) fn recipes() -> Vec<Recipe> {
    let mut recipes: Vec<Recipe> = BYTE_WIDE.iter().copied().map(every_byte).collect();
    for (dtype, name) in [(Dtype::F16, "half-precision"), (Dtype::Bf16, "bfloat")] {
        recipes.extend(QUARTERS.iter().map(|quarter| every_pair(dtype, name, quarter)));
    }
    recipes.extend([six_bits(Dtype::F6E2m3), six_bits(Dtype::F6E3m2)]);
    recipes
}

/// The dtypes of 8 bits; of U8, `values/every-byte` is the vector.
static BYTE_WIDE: &[Dtype] = &[
    Dtype::Bool,
    Dtype::I8,
    Dtype::F8E5m2,
    Dtype::F8E4m3,
    Dtype::F8E8m0,
    Dtype::F8E4m3Fnuz,
    Dtype::F8E5m2Fnuz,
];

fn every_byte(dtype: Dtype) -> Recipe {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    let recipe = accepts(
        &format!("values/every-byte-as-{}", in_id(dtype)),
        &format!("All bytes from 0 to 255, in order, as elements of {dtype}."),
        [Val7, Val6],
        of(dtype.name(), &[256], &all),
    );
    if dtype.since() == Version::V1_0 {
        return recipe;
    }
    recipe.since(dtype.since()).twin("values/every-byte")
}

/// A quarter of the bit patterns of a 16-bit float, so that a file stays small.
struct Quarter {
    id: &'static str,
    what: &'static str,
    first: u16,
}

static QUARTERS: &[Quarter] = &[
    Quarter { id: "positive-small", what: "from zero to the last below 2", first: 0x0000 },
    Quarter { id: "positive-large", what: "from 2 to the last positive NaN", first: 0x4000 },
    Quarter {
        id: "negative-small",
        what: "from negative zero to the last above -2",
        first: 0x8000,
    },
    Quarter { id: "negative-large", what: "from -2 to the last negative NaN", first: 0xc000 },
];

fn every_pair(dtype: Dtype, name: &str, quarter: &Quarter) -> Recipe {
    let last = quarter.first | 0x3fff;
    let bytes: Vec<u8> = (quarter.first..=last).flat_map(u16::to_le_bytes).collect();
    accepts(
        &format!("values/{name}-{}", quarter.id),
        &format!("Every bit pattern of {dtype} {}, in order.", quarter.what),
        [Val7, Val6, Val2],
        of(dtype.name(), &[0x4000], &bytes),
    )
}

fn six_bits(dtype: Dtype) -> Recipe {
    let draft = of(dtype.name(), &[64], &super::pack(6, 0..64));
    accepts(
        &format!("values/six-bits-every-code-as-{}", in_id(dtype)),
        &format!("All sixty-four codes of {dtype}, in order."),
        [Val5, Val7],
        draft,
    )
    .since(Version::V1_2)
    .twin("layout/one-tensor")
}

fn in_id(dtype: Dtype) -> String {
    dtype.name().to_ascii_lowercase().replace('_', "-")
}
