"""A toy: a small strict reader of safetensors files in Python, and its adapter.

The first part is a reader as an implementer would write one from spec/safetensors.md; it knows
nothing of stconform. The second part is what an adapter made with the kit looks like.
"""

import stconform_kit as kit  # first: it moves descriptor 1 out of the way

import itertools
import json
import mmap
import os
import re
import sys
from dataclasses import dataclass

# The reader -----------------------------------------------------------------------------------

BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "F16": 16, "BF16": 16, "U32": 32, "I32": 32,
    "F32": 32, "U64": 64, "I64": 64, "F64": 64, "F8_E5M2": 8, "F8_E4M3": 8, "F4": 4, "F6_E2M3": 6,
    "F6_E3M2": 6, "F8_E8M0": 8, "C64": 64, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
}  # fmt: skip
MAX_HEADER = 100_000_000


class Invalid(Exception):
    """The file is not valid."""


class NotHere(Exception):
    """The reader does not do this."""


@dataclass(frozen=True)
class Entry:
    """One tensor as the header has it; its bytes stand at `begin` to `end` in the data buffer."""

    name: str
    dtype: str
    shape: tuple
    begin: int
    end: int


class File:
    """An open file: entries and metadata, checked as a whole, and the data buffer."""

    def __init__(self, path):
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < 8:
                raise Invalid(f"a file of {size} bytes")
            length = int.from_bytes(file.read(8), "little")
            if length > min(MAX_HEADER, size - 8):
                raise Invalid(f"a header of {length} bytes in a file of {size}")
            self.metadata, self.entries = parse_header(file.read(length))
            self._start = 8 + length
            self._map = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        check_layout(self.entries, size - self._start)

    def data(self, entry):
        """The bytes of one tensor, not copied."""
        return self._map[self._start + entry.begin : self._start + entry.end]

    def part(self, entry, slices):
        """The shape and the bytes of a part of one tensor."""
        if len(slices) != len(entry.shape):
            raise Invalid(f"{len(slices)} slices for {len(entry.shape)} dimensions")
        for span, dim in zip(slices, entry.shape):
            if not (0 <= span.start <= span.stop <= dim and span.step > 0):
                raise Invalid(f"{span} of a dimension of {dim}")
        shape = [-((s.start - s.stop) // s.step) for s in slices]
        if shape == list(entry.shape):
            return shape, self.data(entry)
        if BITS[entry.dtype] % 8 != 0:
            raise NotHere(f"parts of {entry.dtype}")
        if 0 in shape:
            return shape, b""
        size, axes = BITS[entry.dtype] // 8, []
        for span, dim in zip(reversed(slices), reversed(entry.shape)):
            axes.append(range(span.start * size, span.stop * size, span.step * size))
            size *= dim
        data, size = self.data(entry), BITS[entry.dtype] // 8
        places = map(sum, itertools.product(*reversed(axes)))
        return shape, b"".join(data[at : at + size] for at in places)


def parse_header(raw):
    """Metadata and entries of a header text. Objects come as tuples of pairs, arrays as lists."""
    if raw[:1] != b"{":
        raise Invalid("the header does not begin with {")
    decoder = json.JSONDecoder(
        object_pairs_hook=tuple,
        parse_int=integer,
        parse_float=no_integer,
        parse_constant=no_integer,
    )
    try:
        members, end = decoder.raw_decode(raw.decode("utf-8"))
        # A lone surrogate, which the parser lets through, has no UTF-8. Those in strings that have
        # to be one of a few are refused with them.
        for name, _ in members:
            name.encode("utf-8")
    except (UnicodeError, json.JSONDecodeError) as error:
        raise Invalid(f"header: {error}") from error
    except RecursionError as error:
        raise Invalid("header: nested more deeply than any valid one") from error
    if raw.decode("utf-8")[end:].strip(" "):
        raise Invalid("the object is followed by other bytes than spaces")
    members = unique(members, "the header")
    metadata = members.pop("__metadata__", ())
    if not isinstance(metadata, tuple):
        raise Invalid("metadata is no object")
    metadata = unique(metadata, "metadata")
    for text in itertools.chain(metadata, metadata.values()):
        if not isinstance(text, str) or any("\ud800" <= c <= "\udfff" for c in text):
            raise Invalid(f"metadata holds {text!a}")
    return metadata, [parse_entry(name, value) for name, value in members.items()]


def parse_entry(name, value):
    """One tensor, whose size is checked."""
    if not isinstance(value, tuple):
        raise Invalid(f"{name!a} is no object")
    fields = unique(value, name)
    if fields.keys() != {"dtype", "shape", "data_offsets"}:
        raise Invalid(f"{name!a} has the fields {', '.join(map(ascii, fields))}")
    dtype, shape, offsets = fields["dtype"], fields["shape"], fields["data_offsets"]
    if not isinstance(dtype, str):
        raise Invalid(f"{name!a} has the dtype {dtype!a}")
    if dtype not in BITS:
        # Perhaps the file is newer than this reader.
        raise NotHere(f"the dtype {dtype!a}")
    for numbers in (shape, offsets):
        # True is an int to Python, and no number to the format.
        if not isinstance(numbers, list) or any(type(n) is not int for n in numbers):
            raise Invalid(f"{name!a}: {numbers!a} is no array of integers")
    if len(offsets) != 2 or offsets[0] > offsets[1]:
        raise Invalid(f"{name!a} has the offsets {offsets}")
    bits = BITS[dtype]
    for dim in shape:
        # A dimension of 0 hides no overflow.
        bits *= dim or 1
        if bits >= 2**64:
            raise Invalid(f"{name!a} is too large")
    bits = 0 if 0 in shape else bits
    if bits != 8 * (offsets[1] - offsets[0]):
        raise Invalid(f"{name!a}: {bits} bits at {offsets}")
    return Entry(name, dtype, tuple(shape), *offsets)


def check_layout(entries, length):
    """The tensors tile the data buffer: no gap, no overlap, no byte left over."""
    position = 0
    for entry in sorted(entries, key=lambda entry: (entry.begin, entry.end)):
        if entry.begin != position:
            raise Invalid(f"{entry.name!a} begins at {entry.begin}, not at {position}")
        position = entry.end
    if position != length:
        raise Invalid(f"the tensors end at {position}, the data buffer at {length}")


def unique(pairs, where):
    """The pairs as a dict."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Invalid(f"a key twice in {where!a}")
    return members


def integer(digits):
    """An integer of the format, by its spelling: 64 bits without a sign."""
    if not re.fullmatch("0|[1-9][0-9]{0,19}", digits) or int(digits) >= 2**64:
        raise Invalid(f"the number {digits:.40}")
    return int(digits)


def no_integer(word):
    """Fractions, exponents and NaN: nowhere in a valid header."""
    raise Invalid(f"the number {word:.40}")


# The adapter ----------------------------------------------------------------------------------


def read(request):
    file = File(request.path)
    tensors = (kit.Tensor(e.name, e.dtype, e.shape, file.data(e)) for e in file.entries)
    return kit.Reading(tensors, file.metadata)


def header(request):
    file = File(request.path)
    return kit.Reading((kit.Tensor(e.name, e.dtype, e.shape) for e in file.entries), file.metadata)


def part(request):
    file = File(request.path)
    for entry in file.entries:
        if entry.name == request.tensor:
            return kit.Tensor(entry.name, entry.dtype, *file.part(entry, request.slices))
    raise Invalid(f"no tensor {request.tensor!a}")


if __name__ == "__main__":
    kit.serve(
        "toy",
        "1.0.0",
        build="Python " + sys.version.split()[0],
        read=read,
        header=header,
        slice=part,
        refusals=(Invalid,),
        unsupported=(NotHere,),
    )
