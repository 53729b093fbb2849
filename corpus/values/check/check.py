"""Holds the written values of the corpus against numpy and ml_dtypes.

Nothing here knows how a float is encoded: each file is read by a reader of a few lines, its bytes
are decoded by the two libraries, and every line must mean the same, to the bit of a double. All
NaNs are one; zeros have signs.

    check.py [CORPUS]        CORPUS is the folder of manifest.json

Exit code 0: the same. 1: something differs. 2: nothing was compared, or something is not there.
"""

import collections
import hashlib
import json
import pathlib
import struct
import sys

try:
    import ml_dtypes
    import numpy
except ImportError as error:
    print(f"check.py: {error}; check.sh installs what is needed", file=sys.stderr)
    sys.exit(2)

# BOOL by its byte, since bytes other than 0 and 1 are kept.
WHOLE_BYTES = {
    "BOOL": numpy.uint8,
    "U8": numpy.uint8,
    "I8": numpy.int8,
    "U16": numpy.uint16,
    "I16": numpy.int16,
    "U32": numpy.uint32,
    "I32": numpy.int32,
    "U64": numpy.uint64,
    "I64": numpy.int64,
    "F16": numpy.float16,
    "BF16": ml_dtypes.bfloat16,
    "F32": numpy.float32,
    "F64": numpy.float64,
    "C64": numpy.complex64,
    "F8_E5M2": ml_dtypes.float8_e5m2,
    "F8_E4M3": ml_dtypes.float8_e4m3fn,
    "F8_E8M0": ml_dtypes.float8_e8m0fnu,
    "F8_E4M3FNUZ": ml_dtypes.float8_e4m3fnuz,
    "F8_E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
}
# The libraries have these one element a byte, in the low bits.
PACKED = {
    "F4": (4, ml_dtypes.float4_e2m1fn),
    "F6_E2M3": (6, ml_dtypes.float6_e2m3fn),
    "F6_E3M2": (6, ml_dtypes.float6_e3m2fn),
}
# How many differences are shown of each file.
SHOWN = 5


class CannotRun(Exception):
    """What is needed to compare is not there."""


def main(arguments):
    corpus = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[2])
    try:
        counts, differences = check(corpus)
    except CannotRun as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 2
    for dtype, count in sorted(counts.items()):
        print(f"{dtype:<12} {count:>7}")
    print(f"{'all':<12} {sum(counts.values()):>7}")
    for difference in differences:
        print(difference)
    if differences:
        return 1
    if not counts:
        print("check.py: the manifest names no values, so nothing was compared", file=sys.stderr)
        return 2
    return 0


def check(corpus):
    """The number of values compared of each dtype, and what differs."""
    try:
        rows = json.loads(content(corpus / "manifest.json"))["vectors"]
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRun(f"{corpus / 'manifest.json'} is no manifest: {error!r}") from error
    counts, differences = collections.Counter(), []
    for row in rows:
        if "values" not in row:
            continue
        written = content(corpus / row["values"]["path"])
        if hashlib.sha256(written).hexdigest() != row["values"]["sha256"]:
            differences.append(f"{row['id']}: the values have another digest than the manifest says")
        lines = written.decode("utf-8").split("\n")
        found = list(compare(content(corpus / row["content"]["path"]), lines, counts))
        differences += [f"{row['id']}: {difference}" for difference in found[:SHOWN]]
        if len(found) > SHOWN:
            differences.append(f"{row['id']}: {len(found) - SHOWN} differences more")
    return counts, differences


def content(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRun(f"cannot read {path}: {error.strerror}") from error


def compare(file, lines, counts):
    """What differs between the tensors of a file and the lines of its values."""
    if lines.pop() != "":
        yield "the last line has no end"
    lines = iter(lines)
    for name, dtype, data in tensors(file):
        values = decode(dtype, data)
        heading = f"# {json.dumps(name, ensure_ascii=False)} {dtype} {len(values)}"
        line = next(lines, None)
        if line != heading:
            yield f"{line!r} in place of {heading!r}"
            return
        for place, value in enumerate(values):
            line = next(lines, None)
            if line is None or not same(value, line):
                yield f"element {place} of {name!r} is {value!r}, and the line is {line!r}"
            counts[dtype] += 1
    for line in lines:
        yield f"one more line: {line!r}"


def tensors(file):
    """Name, dtype and bytes of each tensor, sorted by the UTF-8 bytes of the names."""
    end = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:end])
    header.pop("__metadata__", None)
    for name in sorted(header, key=lambda name: name.encode("utf-8")):
        first, last = header[name]["data_offsets"]
        yield name, header[name]["dtype"], file[end + first : end + last]


def decode(dtype, data):
    """The elements as Python's numbers: integers, floats, complex numbers."""
    if dtype in PACKED:
        width, kind = PACKED[dtype]
        bits = numpy.unpackbits(numpy.frombuffer(data, numpy.uint8), bitorder="little")
        padded = numpy.zeros((len(bits) // width, 8), numpy.uint8)
        padded[:, :width] = bits.reshape(-1, width)
        elements = numpy.packbits(padded, axis=1, bitorder="little").reshape(-1).view(kind)
    elif dtype in WHOLE_BYTES:
        kind = numpy.dtype(WHOLE_BYTES[dtype])
        if sys.byteorder != "little" and kind.itemsize > 1:
            raise CannotRun("this check needs a little-endian machine")
        elements = numpy.frombuffer(data, kind)
    else:
        raise CannotRun(f"neither numpy nor ml_dtypes is known to have {dtype}")
    if elements.dtype.kind in "iu":
        return elements.tolist()
    with numpy.errstate(all="ignore"):
        return elements.astype("complex128" if dtype == "C64" else "float64").tolist()


def same(value, line):
    """Whether a line is the text of a number."""
    if isinstance(value, int):
        return line == str(value)
    if isinstance(value, complex):
        parts = line.split(" ")
        return len(parts) == 2 and same(value.real, parts[0]) and same(value.imag, parts[1])
    if value != value:
        return line == "nan"
    try:
        return struct.pack("<d", float(line)) == struct.pack("<d", value)
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
