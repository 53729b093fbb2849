"""What the text gives as a table: the rules on files in their order, the dtypes, the leniencies.

No code that decides anything lives here, and no fact that the text does not state in a table or in
a list.
"""

from typing import NamedTuple

#: The rules with the level "MUST" and the subject "file", in the order in which they stand.
FILE_RULES = (
    "LEN-1", "LEN-2", "LEN-3",
    "TXT-1", "TXT-2",
    "JSON-1", "JSON-2", "JSON-3", "JSON-4", "JSON-5",
    "PAD-1",
    "NAME-1",
    "META-1", "META-2", "META-3", "META-4",
    "ENT-1", "ENT-2", "ENT-3", "ENT-4",
    "DT-1", "DT-2",
    "SHP-1",
    "OFF-1", "OFF-2",
    "INT-1", "INT-2", "INT-3",
    "OFF-3",
    "SIZE-1", "SIZE-2", "SIZE-3",
    "LAY-1", "LAY-2", "LAY-3", "LAY-4", "LAY-5",
)  # fmt: skip

#: The format versions, oldest first (section 23).
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4")

#: The one rule that each leniency relaxes (section 19).
LENIENCIES = {
    "leading-whitespace": "TXT-1",
    "trailing-whitespace": "PAD-1",
    "duplicate-last-wins": "NAME-1",
    "null-metadata": "META-2",
    "duplicate-metadata-last-wins": "META-4",
    "sequence-entry": "ENT-1",
    "unknown-fields": "ENT-4",
    "enum-map-dtype": "DT-1",
    "zero-absorbs-overflow": "SIZE-1",
}


class Dtype(NamedTuple):
    """The width of one element in bits, and the first format version with the dtype."""

    bits: int
    since: str


#: The dtypes of section 10.
DTYPES = {
    "BOOL": Dtype(8, "1.0"),
    "U8": Dtype(8, "1.0"),
    "I8": Dtype(8, "1.0"),
    "U16": Dtype(16, "1.0"),
    "I16": Dtype(16, "1.0"),
    "F16": Dtype(16, "1.0"),
    "BF16": Dtype(16, "1.0"),
    "U32": Dtype(32, "1.0"),
    "I32": Dtype(32, "1.0"),
    "F32": Dtype(32, "1.0"),
    "U64": Dtype(64, "1.0"),
    "I64": Dtype(64, "1.0"),
    "F64": Dtype(64, "1.0"),
    "F8_E5M2": Dtype(8, "1.1"),
    "F8_E4M3": Dtype(8, "1.1"),
    "F4": Dtype(4, "1.2"),
    "F6_E2M3": Dtype(6, "1.2"),
    "F6_E3M2": Dtype(6, "1.2"),
    "F8_E8M0": Dtype(8, "1.2"),
    "C64": Dtype(64, "1.3"),
    "F8_E4M3FNUZ": Dtype(8, "1.4"),
    "F8_E5M2FNUZ": Dtype(8, "1.4"),
}


def vocabulary(version: str) -> frozenset[str]:
    """The names of dtypes in a format version: those whose *since* is not later (section 10)."""
    last = VERSIONS.index(version)
    return frozenset(name for name, dtype in DTYPES.items() if VERSIONS.index(dtype.since) <= last)


def in_order(broken: set[str]) -> tuple[str, ...]:
    """Broken rules, each once, in the order in which they stand in the text (section 4)."""
    return tuple(rule for rule in FILE_RULES if rule in broken)
