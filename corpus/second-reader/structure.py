"""Stage 3: names, metadata, entries, dtypes, shapes, and the form of offsets (sections 7 to 11).

No arithmetic on dimensions or offsets lives here: see `sizes` and `layout`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from grammar import Array, Number, Object, Value, Word
from tables import vocabulary

METADATA = "__metadata__"

#: The fields of an entry, in the order in which `sequence-entry` reads them.
_FIELDS = ("dtype", "shape", "data_offsets")

#: INT-3: "at most 2^64 - 1".
_GREATEST_INTEGER = 2**64 - 1
_INTEGER = re.compile(r"0|[1-9][0-9]*")


class Tensor(NamedTuple):
    """What an entry says. A field that is missing, repeated or broken is unusable: `None`."""

    name: str
    dtype: str | None
    shape: tuple[int, ...] | None
    offsets: tuple[int, int] | None


class Structure(NamedTuple):
    """The rules that the object breaks, the metadata, and the tensors that count."""

    broken: set[str]
    metadata: dict[str, str]
    tensors: list[Tensor]


def judge(members: Object, version: str, leniencies: frozenset[str]) -> Structure:
    """Judges NAME-1, META-1 to META-4, ENT-1 to ENT-4, DT-1, DT-2, SHP-1, OFF-1, OFF-2 and INT-1
    to INT-3: "All faults of the object are counted" (section 4).

    META-1: "The member `__metadata__` MUST occur at most once." The inside of a second one is not
    judged.
    NAME-1: "Two tensors MUST NOT have the same name". `duplicate-last-wins`: "Of the tensors with
    one name, the last in the header counts; OFF-3 and the SIZE and LAY rules are applied to the
    tensors that count, every other rule to all."
    """
    broken: set[str] = set()
    metadata: dict[str, str] | None = None
    tensors: list[Tensor] = []
    known = vocabulary(version)
    for key, value in members:
        if key != METADATA:
            tensors.append(_judge_entry(key, value, known, leniencies, broken))
        elif metadata is None:
            metadata = _judge_metadata(value, leniencies, broken)
        else:
            broken.add("META-1")
    last = {tensor.name: tensor for tensor in tensors}
    if len(last) < len(tensors):
        if "duplicate-last-wins" in leniencies:
            tensors = list(last.values())
        else:
            broken.add("NAME-1")
    return Structure(broken, metadata or {}, tensors)


def _judge_metadata(value: Value, leniencies: frozenset[str], broken: set[str]) -> dict[str, str]:
    """Judges the value of the first `__metadata__`, and gives what is read of it.

    META-2: "The value of `__metadata__` MUST be an object." `null-metadata`: "A `__metadata__` of
    `null` is read as no metadata."
    META-3: "Every value in `__metadata__` MUST be a string."
    META-4: "Two keys in `__metadata__` MUST NOT be the same".
    `duplicate-metadata-last-wins`: "Of the metadata values with one key, the last counts."
    """
    if not isinstance(value, Object):
        if value is not Word.NULL or "null-metadata" not in leniencies:
            broken.add("META-2")
        return {}
    metadata: dict[str, str] = {}
    seen: set[str] = set()
    for key, text in value:
        if key in seen and "duplicate-metadata-last-wins" not in leniencies:
            broken.add("META-4")
        seen.add(key)
        if _is_string(text):
            metadata[key] = text
        else:
            broken.add("META-3")
    return metadata


def _judge_entry(
    name: str, entry: Value, known: frozenset[str], leniencies: frozenset[str], broken: set[str]
) -> Tensor:
    """Judges the entry of one tensor.

    ENT-1: "The value of every member except `__metadata__` MUST be an object".
    ENT-2: "An entry MUST have the fields `dtype`, `shape` and `data_offsets`."
    ENT-3: "The fields `dtype`, `shape` and `data_offsets` MUST NOT occur twice in an entry." The
    inside of a repeated field is not judged, and what follows from the field neither.
    ENT-4: "An entry MUST NOT have any other field." `unknown-fields`: "Other fields of an entry are
    skipped, whatever JSON value they hold".
    `sequence-entry`: "An entry that is an array of exactly three values is read as `dtype`,
    `shape` and `data_offsets`, in this order."
    """
    if isinstance(entry, Object):
        fields: Iterable[tuple[str, Value]] = entry
    elif isinstance(entry, Array) and len(entry) == 3 and "sequence-entry" in leniencies:
        fields = zip(_FIELDS, entry, strict=True)
    else:
        broken.add("ENT-1")
        return Tensor(name, None, None, None)
    values: dict[str, Value] = {}
    repeated: set[str] = set()
    for key, value in fields:
        if key not in _FIELDS:
            if "unknown-fields" not in leniencies:
                broken.add("ENT-4")
        elif key in values:
            broken.add("ENT-3")
            repeated.add(key)
        else:
            values[key] = value
    if len(values) < len(_FIELDS):
        broken.add("ENT-2")
    dtype = shape = offsets = None
    if "dtype" in values:
        dtype = _judge_dtype(values["dtype"], known, leniencies, broken)
    if "shape" in values:
        shape = _judge_shape(values["shape"], broken)
    if "data_offsets" in values:
        offsets = _judge_offsets(values["data_offsets"], broken)
    return Tensor(
        name,
        None if "dtype" in repeated else dtype,
        None if "shape" in repeated else shape,
        None if "data_offsets" in repeated else offsets,
    )


def _judge_dtype(
    value: Value, known: frozenset[str], leniencies: frozenset[str], broken: set[str]
) -> str | None:
    """The dtype, or nothing if the field is broken.

    DT-1: "The value of `dtype` MUST be a string." `enum-map-dtype`: "A dtype that is an object of
    one key and its value is read as the key if the value is `null`."
    DT-2: "The string `dtype`, unescaped, MUST be a name of the dtype table in the vocabulary of the
    format version, to the letter."
    """
    if isinstance(value, Object) and len(value) == 1 and "enum-map-dtype" in leniencies:
        key, inner = value[0]
        if inner is Word.NULL:
            value = key
    if not _is_string(value):
        broken.add("DT-1")
        return None
    if value not in known:
        broken.add("DT-2")
        return None
    return value


def _judge_shape(value: Value, broken: set[str]) -> tuple[int, ...] | None:
    """The dimensions, or nothing if the field is broken.

    SHP-1: "The value of `shape` MUST be an array."
    """
    if not isinstance(value, Array):
        broken.add("SHP-1")
        return None
    return _judge_integers(value, broken)


def _judge_offsets(value: Value, broken: set[str]) -> tuple[int, int] | None:
    """BEGIN and END, or nothing if the field is broken.

    OFF-1: "The value of `data_offsets` MUST be an array."
    OFF-2: "The array `data_offsets` MUST have exactly 2 elements, BEGIN and END." Its elements are
    judged whatever their number is: section 4 does not leave them out.
    """
    if not isinstance(value, Array):
        broken.add("OFF-1")
        return None
    integers = _judge_integers(value, broken)
    if len(value) != 2:
        broken.add("OFF-2")
        return None
    return None if integers is None else (integers[0], integers[1])


def _judge_integers(values: Array, broken: set[str]) -> tuple[int, ...] | None:
    """The elements of `shape` or `data_offsets`, or nothing if one of them is broken.

    INT-1: "Every element of `shape` and of `data_offsets` MUST be a number."
    INT-2: "Every number in `shape` and in `data_offsets` MUST be spelled `0`, or as digits of which
    the first is not 0."
    INT-3: "Every integer in `shape` and in `data_offsets` MUST be at most 2^64 - 1."
    """
    integers = []
    for value in values:
        if not isinstance(value, Number):
            broken.add("INT-1")
        elif _INTEGER.fullmatch(value) is None:
            broken.add("INT-2")
        # 2^64 - 1 has 20 digits, and to make an integer of many takes more than linear time.
        elif len(value) > 20 or int(value) > _GREATEST_INTEGER:
            broken.add("INT-3")
        else:
            integers.append(int(value))
    return tuple(integers) if len(integers) == len(values) else None


def _is_string(value: Value) -> bool:
    """Whether a value is a string. A number is kept as its spelling, and is none."""
    return isinstance(value, str) and not isinstance(value, Number)
