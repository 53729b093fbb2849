"""The values of the elements of a tensor, from its bytes and its dtype (sections 10 and 15).

Everything is computed with integers and exact doubles from the formula of the text; no type of the
machine is asked. Nothing here looks at a file: VAL-6, no value makes a file invalid.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tables import DTYPES


class Float(NamedTuple):
    """The fields of a float below its sign bit: exponent, its bias, and fraction."""

    exponent: int
    bias: int
    fraction: int


#: Where the table names no bias, it is 2^(k - 1) - 1 for an exponent of k bits.
_FLOATS = {
    "F16": Float(5, 15, 10),
    "BF16": Float(8, 127, 7),
    "F32": Float(8, 127, 23),
    "F64": Float(11, 1023, 52),
    "F8_E5M2": Float(5, 15, 2),
    "F8_E4M3": Float(4, 7, 3),
    "F4": Float(2, 1, 1),
    "F6_E2M3": Float(2, 1, 3),
    "F6_E3M2": Float(3, 3, 2),
    "F8_E4M3FNUZ": Float(4, 8, 3),
    "F8_E5M2FNUZ": Float(5, 16, 2),
}

#: "all exponent bits set: an infinity if f is 0, a NaN otherwise".
_AS_IN_IEEE = frozenset({"F16", "BF16", "F32", "F64", "F8_E5M2"})

#: Encodings that are NaN, of the other dtypes that have one.
_NANS = {
    "F8_E4M3": frozenset({0x7F, 0xFF}),
    "F8_E4M3FNUZ": frozenset({0x80}),
    "F8_E5M2FNUZ": frozenset({0x80}),
    "F8_E8M0": frozenset({0xFF}),
}

_UNSIGNED = frozenset({"BOOL", "U8", "U16", "U32", "U64"})
_SIGNED = frozenset({"I8", "I16", "I32", "I64"})


def decode(dtype: str, data: bytes) -> Iterator[str | tuple[str, str]]:
    """The elements of a tensor in row-major order (VAL-1), each as text.

    An integer is in decimal, a BOOL the value of its byte, a float the shortest text that gives the
    same double, or `nan`, `inf`, `-inf`; a C64 is a pair of such texts, real part first (VAL-3).
    """
    if dtype == "C64":
        parts = decode("F32", data)
        yield from zip(parts, parts, strict=True)
        return
    value = value_of(dtype)
    for code in codes(DTYPES[dtype].bits, data):
        yield repr(value(code))


def codes(bits: int, data: bytes) -> Iterator[int]:
    """The encodings of the elements, as unsigned integers.

    VAL-2: little-endian order for numbers of 16 bits or more. VAL-4: "element 2i of an F4 tensor
    from the low 4 bits of byte i, and element 2i + 1 from the high 4 bits". VAL-5: "element k of an
    F6_E2M3 or F6_E3M2 tensor from bits 6k to 6k + 5 of the tensor's bytes". All three say: the
    elements fill one little-endian number from its least significant bit on. A group of bytes that
    holds whole elements is such a number of its own.
    """
    group = math.lcm(bits, 8) // 8
    if len(data) % group != 0:
        raise ValueError(f"{len(data)} bytes are no whole number of groups of {group}")
    for at in range(0, len(data), group):
        number = int.from_bytes(data[at : at + group], "little")
        for _ in range(group * 8 // bits):
            yield number % 2**bits
            number >>= bits


def value_of(dtype: str) -> Callable[[int], int | float]:
    """The function from an encoding to the value, for a dtype other than C64."""
    bits = DTYPES[dtype].bits
    if dtype in _UNSIGNED:
        return int
    if dtype in _SIGNED:
        return lambda code: code - 2**bits if code >= 2 ** (bits - 1) else code
    if dtype == "F8_E8M0":
        return lambda code: math.nan if code in _NANS[dtype] else math.ldexp(1.0, code - 127)
    return lambda code: _float(dtype, bits, code)


def _float(dtype: str, bits: int, code: int) -> float:
    """The value of a float with a sign, by the formula of section 10 and its exceptions."""
    shape = _FLOATS[dtype]
    if code in _NANS.get(dtype, ()):
        return math.nan
    sign = -1.0 if code >> (bits - 1) else 1.0
    e = (code >> shape.fraction) % 2**shape.exponent
    f = code % 2**shape.fraction
    if dtype in _AS_IN_IEEE and e == 2**shape.exponent - 1:
        return math.nan if f else sign * math.inf
    # Both forms are a whole number times a power of two that a double holds exactly.
    if e == 0:
        return sign * math.ldexp(f, 1 - shape.bias - shape.fraction)
    return sign * math.ldexp(2**shape.fraction + f, e - shape.bias - shape.fraction)
