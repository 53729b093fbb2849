"""What an accepted file asks of a reader that declares limits (section 20)."""

import math

from tables import DTYPES

#: The floors of the limits that are numbers.
_FLOORS = {"header-length": 25_000_000, "rank": 4, "word-size": 31, "name-length": 255}

#: The floor of `dtype`.
_DTYPE_FLOOR = frozenset({"U8", "F16", "I32", "F32", "I64"})


def demands(data: bytes, reading: dict) -> dict:
    """For each limit, what a reader must at least have to read the file.

    `word-size`: "Files with a dimension, an offset, or a tensor's size in bits that is 2 to the
    power of the value or more." In a valid file the greatest offset is the length of the data
    buffer (LAY-1 and LAY-5). `name-length` "counts the bytes of a tensor's name in UTF-8, after
    unescaping". `f4-odd-last-dim`: "Files with an F4 tensor whose last dimension is odd."
    """
    n = int.from_bytes(data[:8], "little")
    names = [tensor["name"] for tensor in reading["tensors"]]
    dtypes = {tensor["dtype"] for tensor in reading["tensors"]}
    shapes = [[int(dimension) for dimension in tensor["shape"]] for tensor in reading["tensors"]]
    greatest = len(data) - 8 - n
    odd_f4 = False
    for tensor, shape in zip(reading["tensors"], shapes, strict=True):
        bits = DTYPES[tensor["dtype"]].bits * math.prod(shape)
        greatest = max(greatest, bits, *shape)
        odd_f4 |= tensor["dtype"] == "F4" and shape[-1:] != [] and shape[-1] % 2 == 1
    return {
        "header-length": n,
        "rank": max(map(len, shapes), default=0),
        "word-size": greatest.bit_length(),
        "name-length": max((len(name.encode()) for name in names), default=0),
        "nul-in-name": any("\0" in name for name in names),
        "dtype": sorted(dtypes),
        "f4-odd-last-dim": odd_f4,
    }


def limits(demanded: dict) -> list[str]:
    """The limits under which a reader may refuse the file: "A declared limit MUST NOT be below the
    floor" (LIM-2), so those whose floor is below what the file demands."""
    beyond = [name for name, floor in _FLOORS.items() if demanded[name] > floor]
    # "the value 0 says that such files are refused"
    beyond += [name for name in ("nul-in-name", "f4-odd-last-dim") if demanded[name]]
    if not _DTYPE_FLOOR.issuperset(demanded["dtype"]):
        beyond.append("dtype")
    return sorted(beyond)
