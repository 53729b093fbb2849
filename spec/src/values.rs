//! What the elements of a tensor mean: exact values from bytes, and their one text form.
//!
//! One table says how each dtype is encoded, and one formula, that of section 10 of the text,
//! decodes every float by it. Bytes are taken as given: what a NaN carries, and whether a file is
//! valid, is the business of others.

use crate::dtype::Dtype;
use std::fmt;

/// The value of one element, exactly. Every float of the dtype table is a double.
///
/// Two values are equal if they mean the same: all NaNs are one, and the zeros are two.
///
/// The text of an integer is in decimal digits, that of a BOOL the number of its byte. The text of
/// a float is the shortest decimal that reads back as the same double, with an exponent below 1e-5
/// and from 1e16 on (`1`, `-0`, `1.5`, `6e-8`), or `nan`, `inf` or `-inf`. The text of a complex
/// number is those of its two parts, with one space between them. Every language reads these
/// decimals exactly; some spell infinity otherwise.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// An integer, or the byte of a BOOL.
    Integer(i128),
    /// A float.
    Float(f64),
    /// A complex number: its real part, then its imaginary part.
    Complex(f64, f64),
}

/// The values of the elements of a tensor, in the order of the elements (VAL-1).
///
/// Bytes at the end that make up no whole element, which no valid tensor has, are left out.
pub fn values(dtype: Dtype, bytes: &[u8]) -> impl Iterator<Item = Value> {
    let encoding = encoding(dtype);
    codes(dtype.bits(), bytes).map(move |code| encoding.decode(dtype.bits(), code))
}

/// The bits of each element as a number.
///
/// VAL-2, VAL-4 and VAL-5 are one principle: elements fill bytes from the least significant bit
/// on. So the smallest whole number of bytes that holds whole elements is one little-endian number.
fn codes(bits: u64, bytes: &[u8]) -> impl Iterator<Item = u64> {
    let together = match bits {
        4 => 2,
        6 => 4,
        _ => 1,
    };
    let group = usize::try_from(together * bits / 8).unwrap_or(8);
    bytes.chunks_exact(group).flat_map(move |group| {
        let number = group.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte));
        (0..together).map(move |place| (number >> (place * bits)) & ones(bits))
    })
}

/// How the bits of an element make a value.
#[derive(Clone, Copy)]
enum Encoding {
    /// Binary notation.
    Unsigned,
    /// Two's complement.
    Signed,
    /// A float.
    Float(Float),
    /// Two floats of half the width each, the first in the lower half (VAL-3).
    Pair(Float),
}

/// A float format: the widths of its fields, its bias, and what is no number of the formula. What
/// the two fields leave of the width, one bit or none, is the sign.
#[derive(Clone, Copy)]
struct Float {
    exponent: u64,
    fraction: u64,
    bias: u64,
    specials: Specials,
}

/// The encodings that are not a number of the formula.
#[derive(Clone, Copy)]
enum Specials {
    /// None: every encoding is a number.
    Finite,
    /// With all exponent bits set: an infinity if the fraction is 0, a NaN otherwise.
    Ieee,
    /// With all bits of exponent and fraction set: a NaN.
    AllOnes,
    /// What would be the negative zero: a NaN.
    NegativeZero,
}

const SINGLE: Float = Float { exponent: 8, fraction: 23, bias: 127, specials: Specials::Ieee };

/// The table of encodings. A test holds it against the column *layout* of the dtype table.
const fn encoding(dtype: Dtype) -> Encoding {
    use Encoding::{Pair, Signed, Unsigned};
    use Specials::{AllOnes, Finite, Ieee, NegativeZero};
    const fn float(exponent: u64, fraction: u64, bias: u64, specials: Specials) -> Encoding {
        Encoding::Float(Float { exponent, fraction, bias, specials })
    }
    match dtype {
        Dtype::Bool | Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => Unsigned,
        Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 => Signed,
        Dtype::C64 => Pair(SINGLE),
        Dtype::F32 => Encoding::Float(SINGLE),
        // The widths of exponent and fraction, the bias, and the specials.
        Dtype::F64 => float(11, 52, 1023, Ieee),
        Dtype::F16 => float(5, 10, 15, Ieee),
        Dtype::Bf16 => float(8, 7, 127, Ieee),
        Dtype::F8E5m2 => float(5, 2, 15, Ieee),
        Dtype::F8E4m3 => float(4, 3, 7, AllOnes),
        Dtype::F8E5m2Fnuz => float(5, 2, 16, NegativeZero),
        Dtype::F8E4m3Fnuz => float(4, 3, 8, NegativeZero),
        Dtype::F8E8m0 => float(8, 0, 127, AllOnes),
        Dtype::F6E3m2 => float(3, 2, 3, Finite),
        Dtype::F6E2m3 => float(2, 3, 1, Finite),
        Dtype::F4 => float(2, 1, 1, Finite),
    }
}

impl Encoding {
    fn decode(self, bits: u64, code: u64) -> Value {
        match self {
            Self::Unsigned => Value::Integer(code.into()),
            Self::Signed => {
                let unused = 64 - bits;
                Value::Integer(((code << unused).cast_signed() >> unused).into())
            }
            Self::Float(float) => Value::Float(float.decode(code)),
            Self::Pair(float) => {
                let half = bits / 2;
                Value::Complex(float.decode(code & ones(half)), float.decode(code >> half))
            }
        }
    }
}

impl Float {
    fn decode(self, code: u64) -> f64 {
        let fraction = code & ones(self.fraction);
        let exponent = (code >> self.fraction) & ones(self.exponent);
        let is_negative = code >> (self.fraction + self.exponent) == 1;

        let last_exponent = exponent == ones(self.exponent);
        let magnitude = match self.specials {
            Specials::Ieee if last_exponent && fraction == 0 => f64::INFINITY,
            Specials::Ieee if last_exponent => f64::NAN,
            Specials::AllOnes if last_exponent && fraction == ones(self.fraction) => f64::NAN,
            Specials::NegativeZero if is_negative && exponent == 0 && fraction == 0 => f64::NAN,
            Specials::Finite | Specials::Ieee | Specials::AllOnes | Specials::NegativeZero => {
                self.magnitude(exponent, fraction)
            }
        };
        if is_negative { -magnitude } else { magnitude }
    }

    fn magnitude(self, exponent: u64, fraction: u64) -> f64 {
        // Without a fraction there are no subnormal numbers and no zero.
        if exponent == 0 && self.fraction > 0 {
            // 2^(1 - b) × f / 2^m. The difference of two neighbours in one binade is exact.
            return self.normal(1, fraction) - self.normal(1, 0);
        }
        self.normal(exponent, fraction)
    }

    /// 2^(e - b) × (1 + f / 2^m), put together from its bits as a double.
    fn normal(self, exponent: u64, fraction: u64) -> f64 {
        f64::from_bits(((exponent + 1023 - self.bias) << 52) | (fraction << (52 - self.fraction)))
    }
}

/// The number whose lowest bits are ones, this many of them, from 0 to 64.
fn ones(bits: u64) -> u64 {
    if bits == 0 { 0 } else { u64::MAX >> (64 - bits) }
}

impl Value {
    /// Reads the text of an element of a dtype, in any spelling; `None` if it is not one.
    ///
    /// An integer is digits, and a sign if there is one. A float is a decimal with or without
    /// fraction and exponent, or `nan`, `inf` or `infinity` in any case, and is rounded to the
    /// nearest double.
    #[must_use]
    pub fn read(dtype: Dtype, text: &str) -> Option<Self> {
        match encoding(dtype) {
            Encoding::Unsigned | Encoding::Signed => Self::integer(text),
            Encoding::Float(_) => Self::float(text),
            Encoding::Pair(_) => Self::complex(text),
        }
    }

    /// Whether a text, in any spelling that [`Self::read`] takes, means this value.
    #[must_use]
    pub fn same(&self, text: &str) -> bool {
        let read = match self {
            Self::Integer(_) => Self::integer(text),
            Self::Float(_) => Self::float(text),
            Self::Complex(..) => Self::complex(text),
        };
        read == Some(*self)
    }

    fn integer(text: &str) -> Option<Self> {
        text.parse().ok().map(Self::Integer)
    }

    fn float(text: &str) -> Option<Self> {
        text.parse().ok().map(Self::Float)
    }

    fn complex(text: &str) -> Option<Self> {
        let (real, imaginary) = text.split_once(' ')?;
        Some(Self::Complex(real.parse().ok()?, imaginary.parse().ok()?))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => alike(*a, *b),
            (Self::Complex(a, b), Self::Complex(c, d)) => alike(*a, *c) && alike(*b, *d),
            (Self::Integer(_) | Self::Float(_) | Self::Complex(..), _) => false,
        }
    }
}

impl Eq for Value {}

fn alike(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Float(float) => write_float(f, *float),
            Self::Complex(real, imaginary) => {
                write_float(f, *real)?;
                f.write_str(" ")?;
                write_float(f, *imaginary)
            }
        }
    }
}

fn write_float(f: &mut fmt::Formatter<'_>, float: f64) -> fmt::Result {
    if float.is_nan() {
        return f.write_str("nan");
    }
    // The debug form, since the other has no exponents.
    let text = format!("{float:?}");
    f.write_str(text.strip_suffix(".0").unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::DTYPES;

    fn texts(dtype: Dtype, bytes: &[u8]) -> Vec<String> {
        values(dtype, bytes).map(|value| value.to_string()).collect()
    }

    fn floats(dtype: Dtype, bytes: &[u8]) -> Vec<f64> {
        let float = |value| match value {
            Value::Float(float) => float,
            other @ (Value::Integer(_) | Value::Complex(..)) => panic!("{other} is no float"),
        };
        values(dtype, bytes).map(float).collect()
    }

    /// 2 to this power, by multiplication.
    fn power(exponent: i32) -> f64 {
        let factor = if exponent < 0 { 0.5 } else { 2.0 };
        (0..exponent.abs()).fold(1.0, |product, _| product * factor)
    }

    /// The number behind a word in the layout of a dtype.
    fn after(layout: &str, word: &str) -> Option<u64> {
        let rest = layout.split_once(word)?.1;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    }

    #[test]
    fn the_encodings_are_those_of_the_layouts() {
        for row in DTYPES {
            let Encoding::Float(float) = encoding(row.dtype) else {
                assert_eq!(after(row.layout, "exponent "), None, "{}", row.name);
                continue;
            };
            assert_eq!(Some(float.exponent), after(row.layout, "exponent "), "{}", row.name);
            assert_eq!(float.fraction, after(row.layout, "fraction ").unwrap_or(0), "{}", row.name);
            let plain = ones(float.exponent - 1);
            assert_eq!(float.bias, after(row.layout, "bias ").unwrap_or(plain), "{}", row.name);
            let sign = after(row.layout, "sign ").unwrap_or(0);
            assert_eq!(sign + float.exponent + float.fraction, row.bits, "{}", row.name);
        }
    }

    #[test]
    fn four_bit_floats_are_these_sixteen() {
        let positive = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0];
        let all = [0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe];
        let expected: Vec<f64> =
            positive.into_iter().chain(positive.map(|value: f64| -value)).collect();
        let found = floats(Dtype::F4, &all);
        assert_eq!(found, expected);
        assert_eq!(found.get(8).map(|zero| zero.is_sign_negative()), Some(true));
    }

    #[test]
    fn packed_elements_are_those_that_the_text_works_out() {
        assert_eq!(floats(Dtype::F4, &[0x21, 0x5f]), [0.5, 1.0, -6.0, 3.0]);
        let packed = [0x81, 0xf8, 0xa9];
        assert_eq!(floats(Dtype::F6E2m3, &packed), [0.125, -0.25, 7.5, -1.25]);
        assert_eq!(values(Dtype::F6E2m3, &[packed, packed].concat()).count(), 8);
    }

    #[test]
    fn small_floats_have_the_landmarks_of_their_standards() {
        // Smallest and greatest numbers, one and infinities, from the bits by the formula.
        let landmarks: &[(Dtype, u8, f64)] = &[
            (Dtype::F8E5m2, 0x01, power(-16)),
            (Dtype::F8E5m2, 0x03, 3.0 * power(-16)),
            (Dtype::F8E5m2, 0x04, power(-14)),
            (Dtype::F8E5m2, 0x3c, 1.0),
            (Dtype::F8E5m2, 0x7b, 57344.0),
            (Dtype::F8E5m2, 0xfb, -57344.0),
            (Dtype::F8E5m2, 0x7c, f64::INFINITY),
            (Dtype::F8E5m2, 0xfc, f64::NEG_INFINITY),
            (Dtype::F8E4m3, 0x01, power(-9)),
            (Dtype::F8E4m3, 0x07, 7.0 * power(-9)),
            (Dtype::F8E4m3, 0x08, power(-6)),
            (Dtype::F8E4m3, 0x38, 1.0),
            (Dtype::F8E4m3, 0x78, 256.0),
            (Dtype::F8E4m3, 0x7e, 448.0),
            (Dtype::F8E4m3, 0xfe, -448.0),
            (Dtype::F8E4m3Fnuz, 0x01, power(-10)),
            (Dtype::F8E4m3Fnuz, 0x08, power(-7)),
            (Dtype::F8E4m3Fnuz, 0x40, 1.0),
            (Dtype::F8E4m3Fnuz, 0x7f, 240.0),
            (Dtype::F8E4m3Fnuz, 0xff, -240.0),
            (Dtype::F8E5m2Fnuz, 0x01, power(-17)),
            (Dtype::F8E5m2Fnuz, 0x04, power(-15)),
            (Dtype::F8E5m2Fnuz, 0x40, 1.0),
            (Dtype::F8E5m2Fnuz, 0x7f, 57344.0),
            (Dtype::F8E8m0, 0x00, power(-127)),
            (Dtype::F8E8m0, 0x01, power(-126)),
            (Dtype::F8E8m0, 0x7f, 1.0),
            (Dtype::F8E8m0, 0xfe, power(127)),
        ];
        for (dtype, code, value) in landmarks {
            assert_eq!(floats(*dtype, &[*code]), [*value], "{dtype} {code:#04x}");
        }
        let six = |dtype, code: u8| floats(dtype, &[code, 0, 0]).first().copied();
        assert_eq!(six(Dtype::F6E2m3, 0x08), Some(1.0));
        assert_eq!(six(Dtype::F6E2m3, 0x1f), Some(7.5));
        assert_eq!(six(Dtype::F6E3m2, 0x01), Some(0.0625));
        assert_eq!(six(Dtype::F6E3m2, 0x04), Some(0.25));
        assert_eq!(six(Dtype::F6E3m2, 0x0c), Some(1.0));
        assert_eq!(six(Dtype::F6E3m2, 0x1f), Some(28.0));
    }

    #[test]
    fn of_the_bytes_of_each_small_float_these_are_nans_and_these_are_zeros() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let which = |dtype, test: fn(f64) -> bool| -> Vec<u8> {
            let found = floats(dtype, &all);
            assert_eq!(found.len(), 256);
            all.iter().zip(found).filter(|(_, float)| test(*float)).map(|(byte, _)| *byte).collect()
        };
        for (dtype, nans, zeros) in [
            (Dtype::F8E5m2, &[0x7d, 0x7e, 0x7f, 0xfd, 0xfe, 0xff][..], &[0x00, 0x80][..]),
            (Dtype::F8E4m3, &[0x7f, 0xff], &[0x00, 0x80]),
            (Dtype::F8E4m3Fnuz, &[0x80], &[0x00]),
            (Dtype::F8E5m2Fnuz, &[0x80], &[0x00]),
            (Dtype::F8E8m0, &[0xff], &[]),
        ] {
            assert_eq!(which(dtype, f64::is_nan), nans, "{dtype}");
            assert_eq!(which(dtype, |float| float == 0.0), zeros, "{dtype}");
            let infinite = which(dtype, f64::is_infinite);
            let expected = if dtype == Dtype::F8E5m2 { &[0x7c, 0xfc][..] } else { &[] };
            assert_eq!(infinite, expected, "{dtype}");
        }
    }

    #[test]
    fn wide_floats_have_the_landmarks_of_ieee_754() {
        let half = |code: u16| floats(Dtype::F16, &code.to_le_bytes());
        assert_eq!(half(0x0001), [power(-24)]);
        assert_eq!(half(0x03ff), [1023.0 * power(-24)]);
        assert_eq!(half(0x0400), [power(-14)]);
        assert_eq!(half(0x3c01), [1.0 + power(-10)]);
        assert_eq!(half(0x7bff), [65504.0]);
        assert_eq!(half(0xfc00), [f64::NEG_INFINITY]);
        assert!(half(0x7c01).iter().chain(&half(0xfe00)).all(|float| float.is_nan()));

        let brain = |code: u16| floats(Dtype::Bf16, &code.to_le_bytes());
        assert_eq!(brain(0x0001), [power(-133)]);
        assert_eq!(brain(0x0080), [power(-126)]);
        assert_eq!(brain(0xbf80), [-1.0]);
        assert_eq!(brain(0x7f7f), [(2.0 - power(-7)) * power(127)]);

        let single = |code: u32| floats(Dtype::F32, &code.to_le_bytes());
        assert_eq!(single(0x0000_0001), [power(-149)]);
        assert_eq!(single(0x0080_0000), [power(-126)]);
        assert_eq!(single(0x7f7f_ffff), [(2.0 - power(-23)) * power(127)]);
        assert_eq!(single(0x3dcc_cccd), [13_421_773.0 * power(-27)]);

        for code in [
            0,
            1,
            0x000f_ffff_ffff_ffff,
            0x0010_0000_0000_0000,
            0x3ff0_0000_0000_0001,
            0x7fef_ffff_ffff_ffff,
            0x7ff0_0000_0000_0000,
        ] {
            for code in [code, code | 1 << 63] {
                let found = floats(Dtype::F64, &u64::to_le_bytes(code));
                let bits: Vec<u64> = found.iter().map(|float| float.to_bits()).collect();
                assert_eq!(bits, [code], "{code:#x}");
            }
        }
        let nan = floats(Dtype::F64, &0xfff0_0000_0000_0001_u64.to_le_bytes());
        assert!(nan.iter().all(|float| float.is_nan()));
    }

    #[test]
    fn integers_are_exact_at_every_width() {
        for (dtype, bytes, expected) in [
            (Dtype::Bool, &[0, 1, 2, 255][..], &["0", "1", "2", "255"][..]),
            (Dtype::U8, &[0, 255], &["0", "255"]),
            (Dtype::I8, &[0x7f, 0x80, 0xff], &["127", "-128", "-1"]),
            (Dtype::U16, &[0x34, 0x12, 0xff, 0xff], &["4660", "65535"]),
            (Dtype::I16, &[0x00, 0x80, 0xff, 0xff], &["-32768", "-1"]),
            (Dtype::U32, &[0xff; 4], &["4294967295"]),
            (Dtype::I32, &[0, 0, 0, 0x80], &["-2147483648"]),
            (Dtype::U64, &[0xff; 8], &["18446744073709551615"]),
            (Dtype::U64, &[1, 0, 0, 0, 0, 0, 0x20, 0], &["9007199254740993"]),
            (Dtype::I64, &[0, 0, 0, 0, 0, 0, 0, 0x80], &["-9223372036854775808"]),
        ] {
            assert_eq!(texts(dtype, bytes), expected, "{dtype}");
        }
    }

    #[test]
    fn the_real_part_stands_first() {
        let bytes = b"\0\0\x80\x3f\0\0\0\x80\0\0\xc0\x7f\0\0\x80\xff";
        assert_eq!(texts(Dtype::C64, bytes), ["1 -0", "nan -inf"]);
    }

    #[test]
    fn floats_have_one_text() {
        for (value, text) in [
            (1.0, "1"),
            (-0.0, "-0"),
            (power(-24), "5.960464477539063e-8"),
            (0.00001, "1e-5"),
            (0.0001, "0.0001"),
            (1e15, "1000000000000000"),
            (1e16, "1e16"),
            (1.5e16, "1.5e16"),
            (0.1, "0.1"),
            (-f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(Value::Float(value).to_string(), text);
            assert_eq!(Value::read(Dtype::F64, text), Some(Value::Float(value)));
        }
    }

    #[test]
    fn spelling_is_nothing_and_meaning_is_all() {
        let one = Value::Float(1.0);
        for text in ["1", "1.0", "1e0", "+1", "10e-1", "0.99999999999999999999"] {
            assert!(one.same(text), "{text}");
        }
        for text in ["", " 1", "1 ", "1,0", "0x1", "true", "1.0000000000000003", "1.0 0.0"] {
            assert!(!one.same(text), "{text}");
        }
        assert!(Value::Float(-0.0).same("-0") && !Value::Float(-0.0).same("0"));
        assert!(!Value::Float(0.0).same("-0.0"));
        assert!(["nan", "NaN", "-nan"].iter().all(|text| Value::Float(f64::NAN).same(text)));
        assert!(["inf", "Infinity", "+inf"].iter().all(|t| Value::Float(f64::INFINITY).same(t)));
        assert!(!Value::Float(f64::INFINITY).same("-inf"));

        let odd = Value::Integer((1 << 53) + 1);
        assert!(odd.same("9007199254740993") && !odd.same("9007199254740992"));
        assert!(!odd.same("9007199254740993.0"), "an integer is digits");
        assert!(Value::Integer(0).same("-0"), "an integer has one zero");

        let pair = Value::Complex(1.0, -0.0);
        assert!(pair.same("1 -0") && !pair.same("1 0") && !pair.same("1") && !pair.same("1 -0 0"));
        assert_ne!(one, Value::Integer(1));
    }

    #[test]
    fn what_is_no_whole_element_is_left_out() {
        assert_eq!(values(Dtype::F32, &[0; 7]).count(), 1);
        assert_eq!(values(Dtype::F6E3m2, &[0; 5]).count(), 4);
        assert_eq!(values(Dtype::F4, &[]).count(), 0);
    }
}
