"""Stage 1: the three parts of a file (section 5). Nothing here looks into the header text."""

from typing import NamedTuple

#: LEN-2: "N MUST be at most 100,000,000".
GREATEST_N = 100_000_000


class Parts(NamedTuple):
    """The two parts of a file that follow N."""

    header: memoryview
    buffer: memoryview


def divide(file: memoryview) -> Parts | str:
    """The parts of a file, or the rule that is broken.

    LEN-1: "A file MUST be at least 8 bytes long."
    LEN-2: "The first 8 bytes of a file are N, an unsigned little-endian integer, and N MUST be at
    most 100,000,000."
    LEN-3: "The N bytes of header text after the first 8 bytes MUST lie within the file."
    Section 4: "judged in this order. The first one that is broken ends the judgement."
    """
    if len(file) < 8:
        return "LEN-1"
    n = int.from_bytes(file[:8], "little")
    if n > GREATEST_N:
        return "LEN-2"
    if n > len(file) - 8:
        return "LEN-3"
    return Parts(file[8 : 8 + n], file[8 + n :])
