//! The one table of dtypes: name, width, alignment, version, meaning, layout, source standard.
//!
//! The tables in `spec/safetensors.md`, `spec/versions.md` and the list in
//! `spec/header.schema.json` are generated from it.

use crate::version::Version;
use std::fmt;

/// One row of the dtype table.
#[derive(Clone, Copy, Debug)]
pub struct DtypeRow {
    /// The dtype.
    pub dtype: Dtype,
    /// The name in a header, to the letter.
    pub name: &'static str,
    /// The width of one element in bits: 4, 6, 8, 16, 32 or 64.
    pub bits: u64,
    /// The format version that added it.
    pub since: Version,
    /// What an element means.
    pub meaning: &'static str,
    /// Where the bits and bytes of an element stand.
    pub layout: &'static str,
    /// The standard that defines the encoding.
    pub source: &'static str,
}

macro_rules! dtypes {
    ($($variant:ident $name:literal $bits:literal $since:ident $meaning:literal $layout:literal $source:literal;)*) => {
        /// The type of the elements of a tensor.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Dtype {
            $(#[doc = $meaning] $variant,)*
        }

        impl Dtype {
            /// The row of the table.
            #[must_use]
            pub const fn row(self) -> DtypeRow {
                match self {
                    $(Self::$variant => DtypeRow {
                        dtype: Self::$variant,
                        name: $name,
                        bits: $bits,
                        since: Version::$since,
                        meaning: $meaning,
                        layout: $layout,
                        source: $source,
                    },)*
                }
            }

            /// The dtype of a name, compared to the letter, in any version.
            #[must_use]
            pub fn from_name(name: &[u8]) -> Option<Self> {
                $(if name == $name.as_bytes() {
                    return Some(Self::$variant);
                })*
                None
            }
        }

        /// Every dtype, by the version that added it, then by width.
        pub static DTYPES: &[DtypeRow] = &[$(Dtype::$variant.row(),)*];
    };
}

impl Dtype {
    /// The name in a header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The width of one element in bits.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.row().bits
    }

    /// The format version that added it.
    #[must_use]
    pub const fn since(self) -> Version {
        self.row().since
    }

    /// The alignment in bytes that ALN-2 and CAN-3 speak of: the width of an element, at least 1.
    #[must_use]
    pub const fn alignment(self) -> u64 {
        self.bits().div_ceil(8)
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

dtypes! {
    Bool "BOOL" 8 V1_0 "truth value" "0x00 false, 0x01 true" "this text, VAL-8 and VAL-9";
    U8 "U8" 8 V1_0 "unsigned integer" "1 byte" "binary notation";
    I8 "I8" 8 V1_0 "signed integer" "1 byte, two's complement" "two's complement";
    U16 "U16" 16 V1_0 "unsigned integer" "2 bytes, little-endian" "binary notation";
    I16 "I16" 16 V1_0 "signed integer" "2 bytes, little-endian, two's complement" "two's complement";
    F16 "F16" 16 V1_0 "half-precision float" "2 bytes, little-endian; sign 1, exponent 5, fraction 10" "IEEE 754-2019 binary16";
    Bf16 "BF16" 16 V1_0 "bfloat16 float" "2 bytes, little-endian; sign 1, exponent 8, fraction 7" "upper half of IEEE 754-2019 binary32";
    U32 "U32" 32 V1_0 "unsigned integer" "4 bytes, little-endian" "binary notation";
    I32 "I32" 32 V1_0 "signed integer" "4 bytes, little-endian, two's complement" "two's complement";
    F32 "F32" 32 V1_0 "single-precision float" "4 bytes, little-endian; sign 1, exponent 8, fraction 23" "IEEE 754-2019 binary32";
    U64 "U64" 64 V1_0 "unsigned integer" "8 bytes, little-endian" "binary notation";
    I64 "I64" 64 V1_0 "signed integer" "8 bytes, little-endian, two's complement" "two's complement";
    F64 "F64" 64 V1_0 "double-precision float" "8 bytes, little-endian; sign 1, exponent 11, fraction 52" "IEEE 754-2019 binary64";
    F8E5m2 "F8_E5M2" 8 V1_1 "8-bit float, infinities and NaNs as in IEEE 754" "1 byte; sign 1, exponent 5 (bias 15), fraction 2" "OCP 8-bit Floating Point Specification (OFP8), E5M2";
    F8E4m3 "F8_E4M3" 8 V1_1 "8-bit float, no infinities, NaN only as 0x7F and 0xFF (elsewhere called E4M3FN)" "1 byte; sign 1, exponent 4 (bias 7), fraction 3" "OCP 8-bit Floating Point Specification (OFP8), E4M3";
    F4 "F4" 4 V1_2 "4-bit float E2M1, no infinities, no NaN" "2 elements a byte, the first in the low 4 bits (VAL-4); sign 1, exponent 2 (bias 1), fraction 1" "OCP Microscaling Formats (MX) 1.0, FP4 E2M1";
    F6E2m3 "F6_E2M3" 6 V1_2 "6-bit float, no infinities, no NaN" "4 elements in 3 bytes, a little-endian bit stream (VAL-5, provisional); sign 1, exponent 2 (bias 1), fraction 3" "OCP Microscaling Formats (MX) 1.0, FP6 E2M3";
    F6E3m2 "F6_E3M2" 6 V1_2 "6-bit float, no infinities, no NaN" "4 elements in 3 bytes, a little-endian bit stream (VAL-5, provisional); sign 1, exponent 3 (bias 3), fraction 2" "OCP Microscaling Formats (MX) 1.0, FP6 E3M2";
    F8E8m0 "F8_E8M0" 8 V1_2 "power of two, a scale: 2^(byte - 127), NaN as 0xFF, no zero, no sign" "1 byte; exponent 8 (bias 127)" "OCP Microscaling Formats (MX) 1.0, E8M0";
    C64 "C64" 64 V1_3 "complex number of two single-precision floats" "8 bytes: real part, then imaginary part, each as F32 (VAL-3)" "IEEE 754-2019 binary32, twice";
    F8E4m3Fnuz "F8_E4M3FNUZ" 8 V1_4 "8-bit float, no infinities, no negative zero, NaN only as 0x80" "1 byte; sign 1, exponent 4 (bias 8), fraction 3" "Noune et al., 8-bit Numerical Formats for Deep Neural Networks (arXiv:2206.02915)";
    F8E5m2Fnuz "F8_E5M2FNUZ" 8 V1_4 "8-bit float, no infinities, no negative zero, NaN only as 0x80" "1 byte; sign 1, exponent 5 (bias 16), fraction 2" "Noune et al., 8-bit Numerical Formats for Deep Neural Networks (arXiv:2206.02915)";
}
