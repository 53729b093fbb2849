"""Stage 2: the header text, from its bytes to the members of its object (sections 4 and 6).

The grammar itself is in `grammar`; what the members mean is in `structure`.
"""

import re
from typing import NamedTuple

import grammar

_LEADING = re.compile(rb"[ \t\n\r]*")
_PADDING = re.compile(r" *\Z")
_LENIENT_PADDING = re.compile(r"[ \t\n\r]*\Z")

#: The object, an entry, and a dtype that is an object are judged from the inside; nothing deeper.
_DEPTH_JUDGED = 3


class HeaderText(NamedTuple):
    """The rules that the header text breaks, and its object if the judgement goes on with it."""

    broken: set[str]
    members: grammar.Object | None


def judge(header: memoryview, leniencies: frozenset[str]) -> HeaderText:
    """Judges TXT-1, TXT-2, JSON-1 to JSON-5 and PAD-1, as far as section 4 says.

    TXT-1: "The first byte of the header text MUST be 0x7B (`{`)."
    """
    broken: set[str] = set()
    start = 0
    if header[:1] != b"{":
        start = _LEADING.match(header).end()
        if start == 0 or "leading-whitespace" not in leniencies:
            broken.add("TXT-1")
    decoded = decode(header)
    if decoded is None:
        return HeaderText(broken | {"TXT-2"}, None)
    if start == 0 and "TXT-1" in broken:
        return HeaderText(broken, None)
    try:
        members, end = grammar.parse_object(decoded, start, _DEPTH_JUDGED)
    except grammar.GrammarFault as fault:
        return HeaderText(broken | {fault.rule}, None)
    if not padding_is_sound(decoded, end, leniencies):
        broken.add("PAD-1")
    return HeaderText(broken, members)


def decode(header: memoryview) -> str | None:
    """The characters of the header text, or nothing if it breaks TXT-2.

    TXT-2: "The header text MUST be well-formed UTF-8." The strict decoder of Python knows no
    overlong form, no encoded surrogate and nothing above U+10FFFF, and it keeps a byte order mark.
    """
    try:
        return str(header, "utf-8", "strict")
    except UnicodeDecodeError:
        return None


def padding_is_sound(text: str, end: int, leniencies: frozenset[str]) -> bool:
    """Whether PAD-1 is kept after the object that ends at `end`, or its fault covered.

    PAD-1: "Every byte of the header text after its object MUST be 0x20."
    `trailing-whitespace`: "Tabs, line feeds and carriage returns after the object are skipped as
    spaces are."
    """
    padding = _LENIENT_PADDING if "trailing-whitespace" in leniencies else _PADDING
    return padding.match(text, end) is not None
