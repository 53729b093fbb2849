"""A strict parser of one JSON object: the grammar of RFC 8259, and JSON-1 to JSON-5 (section 6).

It keeps what a JSON library hides: repeated keys, the spelling of numbers, their order. It takes
no depth of nesting from the stack of calls. What the members mean is decided elsewhere.
"""

import re
from enum import Enum

#: JSON-6: "Space, tab, line feed and carriage return".
WHITESPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER_CHARACTERS = re.compile(r"[0-9+\-.eE]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FOUR_HEX = re.compile(r"[0-9A-Fa-f]{4}")
_SHORT_ESCAPES = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip


class GrammarFault(Exception):
    """The first place at which a text of the grammar cannot go on, with the rule it belongs to."""

    def __init__(self, rule: str, place: int) -> None:
        super().__init__(f"{rule} at character {place}")
        self.rule = rule
        self.place = place


class Word(Enum):
    """The three values that are words."""

    TRUE = "true"
    FALSE = "false"
    NULL = "null"


class Number(str):
    """A number as it is spelled."""

    __slots__ = ()


class Array(list):
    """The values of an array, in order."""

    __slots__ = ()


class Object(list):
    """The members of an object as pairs of key and value, in order, repeated keys included."""

    __slots__ = ()


Value = str | Number | Word | Array | Object


class _Open:
    """A container that is not closed yet and whose content is kept."""

    __slots__ = ("container", "key")

    def __init__(self, container: Array | Object) -> None:
        self.container = container
        self.key = ""

    def add(self, value: Value) -> None:
        if isinstance(self.container, Object):
            self.container.append((self.key, value))
        else:
            self.container.append(value)


def parse_object(text: str, start: int, keep: int) -> tuple[Object, int]:
    """The object that begins at `start`, and the place after it.

    Containers inside `keep` others are checked like all others, but come back empty: nobody asks
    for their content, and so a depth of millions costs one byte a level.

    JSON-1: "the header text MUST hold one object of the grammar of RFC 8259."
    Section 4 says which rule a fault belongs to: "JSON-1 in all other cases", that is wherever this
    function finds the fault itself. Values and keys are scanned by the functions below.
    """
    if text[start : start + 1] != "{":
        raise GrammarFault("JSON-1", start)
    top = Object()
    kept = [_Open(top)]
    kinds = bytearray(b"{")
    at = start + 1
    # What may stand next: "first" is a key or value or the end of the container, "next" a comma or
    # the end, "item" a key or value and nothing else.
    state = "first"
    while True:
        at = WHITESPACE.match(text, at).end()
        here = text[at : at + 1]
        if state != "item" and here == ("}" if kinds[-1:] == b"{" else "]"):
            if len(kinds) == len(kept):
                kept.pop()
            kinds.pop()
            at += 1
            if not kinds:
                return top, at
            state = "next"
            continue
        if state == "next":
            if here != ",":
                raise GrammarFault("JSON-1", at)
            at += 1
            state = "item"
            continue
        is_kept = len(kinds) == len(kept)
        if kinds[-1:] == b"{":
            if here != '"':
                raise GrammarFault("JSON-1", at)
            key, at = scan_string(text, at)
            at = WHITESPACE.match(text, at).end()
            if text[at : at + 1] != ":":
                raise GrammarFault("JSON-1", at)
            at = WHITESPACE.match(text, at + 1).end()
            here = text[at : at + 1]
            if is_kept:
                kept[-1].key = key
        if here == "{" or here == "[":
            container = Object() if here == "{" else Array()
            if is_kept:
                kept[-1].add(container)
                if len(kept) < keep:
                    kept.append(_Open(container))
            kinds += here.encode()
            at += 1
            state = "first"
            continue
        value, at = _scan_scalar(text, at)
        if is_kept:
            kept[-1].add(value)
        state = "next"


def _scan_scalar(text: str, at: int) -> tuple[Value, int]:
    """The string, number or word that begins at `at`, and the place after it.

    JSON-5: "A number MUST match the production `number` of RFC 8259." Section 4: JSON-5 is broken
    "if a digit or `+`, `-` or `.` stands where the grammar allows a number, and the longest run
    from there of the characters `0` to `9`, `+`, `-`, `.`, `e` and `E` is not a number".
    """
    here = text[at : at + 1]
    if here == '"':
        return scan_string(text, at)
    # An empty `here`, the end of the text, is in every string.
    if here and here in "0123456789+-.":
        end = _NUMBER_CHARACTERS.match(text, at).end()
        if _NUMBER.fullmatch(text, at, end) is None:
            raise GrammarFault("JSON-5", at)
        return Number(text[at:end]), end
    for word in Word:
        if text.startswith(word.value, at):
            return word, at + len(word.value)
    raise GrammarFault("JSON-1", at)


def scan_string(text: str, at: int) -> tuple[str, int]:
    """The string whose quotation mark is at `at`, without its escapes, and the place after it.

    JSON-2: "A string MUST NOT hold an unescaped control character (U+0000 to U+001F)."
    JSON-3: "A reverse solidus in a string MUST begin one of the escapes of RFC 8259."
    JSON-4: "An escaped surrogate MUST be one of a pair: a high surrogate directly followed by an
    escaped low surrogate."
    JSON-7: "a string is the sequence of code points that it denotes."
    """
    parts = []
    at += 1
    while True:
        end = _PLAIN.match(text, at).end()
        parts.append(text[at:end])
        at = end
        here = text[at : at + 1]
        if here == '"':
            return "".join(parts), at + 1
        if here == "":
            raise GrammarFault("JSON-1", at)
        if here != "\\":
            raise GrammarFault("JSON-2", at)
        character, at = _scan_escape(text, at)
        parts.append(character)


def _scan_escape(text: str, at: int) -> tuple[str, int]:
    """The character of the escape, or of the pair of escapes, at `at`, and the place after it.

    Section 4: "A fault in an escape stands at its reverse solidus, whatever follows, the end of the
    header text included; only a reverse solidus that is itself the last byte breaks JSON-1".
    """
    if at + 1 == len(text):
        raise GrammarFault("JSON-1", at + 1)
    short = _SHORT_ESCAPES.get(text[at + 1])
    if short is not None:
        return short, at + 2
    unit = _escaped_unit(text, at)
    if unit is None:
        raise GrammarFault("JSON-3", at)
    if not 0xD800 <= unit <= 0xDFFF:
        return chr(unit), at + 6
    low = _escaped_unit(text, at + 6)
    if unit > 0xDBFF or low is None or not 0xDC00 <= low <= 0xDFFF:
        raise GrammarFault("JSON-4", at)
    return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), at + 12


def _escaped_unit(text: str, at: int) -> int | None:
    """The value of the escape at `at` if it is `\\u` with four hexadecimal digits."""
    if not text.startswith("\\u", at):
        return None
    digits = _FOUR_HEX.match(text, at + 2)
    return None if digits is None else int(digits.group(), 16)
