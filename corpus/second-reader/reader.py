"""A second reading of `spec/safetensors.md`: bytes in, a reading or every broken rule out.

The stages of section 4 are in `framing`, `text`, `structure`, `sizes` and `layout`; this module
calls them in order, and knows which stage lets the next one look. It does no input or output.
"""

from typing import NamedTuple

import framing
import layout
import reading
import sizes
import structure
import text
from tables import LENIENCIES, VERSIONS, in_order


class Accepted(NamedTuple):
    """The file is valid, or covered by the leniencies; this is what is read."""

    reading: dict
    #: The bytes of the tensors, in the order of the reading.
    contents: tuple[memoryview, ...] = ()


class Refused(NamedTuple):
    """The rules that the file breaks and no leniency covers, in the order of the text."""

    rules: tuple[str, ...]


def examine(
    data: bytes, version: str = "1.4", leniencies: frozenset[str] = frozenset()
) -> Accepted | Refused:
    """Decides on a file under one format version and a set of leniencies.

    RD-1 and RD-2: accept every valid file with exactly what is in it, refuse every other unless a
    leniency covers the fault. Section 19: "A reader accepts a file under a set of leniencies if,
    with every leniency of the set applied, no fault is left that none of them covers."
    """
    if version not in VERSIONS:
        raise ValueError(f"no such format version: {version!r}; there are {', '.join(VERSIONS)}")
    unknown = sorted(leniencies - LENIENCIES.keys())
    if unknown:
        raise ValueError(f"no such leniency: {', '.join(unknown)}")

    parts = framing.divide(memoryview(data))
    if isinstance(parts, str):
        return Refused((parts,))
    header = text.judge(parts.header, leniencies)
    if header.members is None:
        return Refused(in_order(header.broken))
    what = structure.judge(header.members, version, leniencies)
    broken = header.broken | what.broken
    broken |= sizes.judge(what.tensors, leniencies)
    # Section 4: "only if every entry has usable `data_offsets`, OFF-3 is kept everywhere and NAME-1
    # is kept".
    ranges = [tensor.offsets for tensor in what.tensors]
    if None not in ranges and not broken & {"OFF-3", "NAME-1"}:
        broken |= layout.judge(ranges, len(parts.buffer))
    if broken:
        return Refused(in_order(broken))
    return Accepted(*reading.read(what.tensors, what.metadata, parts.buffer))
