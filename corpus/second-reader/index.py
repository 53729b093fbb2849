"""A second reading of Part II: an index and its shards, judged by IDX-1 to IDX-18.

The functions that judge take what is known as arguments; `examine` alone looks at the file system,
and opens no shard before every name has been checked (IDX-19).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import NamedTuple

import grammar
import reader
from grammar import Number, Object, Value
from tables import DTYPES

#: The rules with the subject "index" and the level "MUST", in the order of the text.
MUST_RULES = ("IDX-1", "IDX-3", "IDX-5", "IDX-7", "IDX-9", "IDX-10", "IDX-12", "IDX-13")

#: Those with the level "SHOULD".
SHOULD_RULES = (
    "IDX-2", "IDX-4", "IDX-6", "IDX-8", "IDX-11", "IDX-14", "IDX-15", "IDX-16", "IDX-17", "IDX-18",
)  # fmt: skip

_METADATA = "__metadata__"
_SEPARATORS = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")
_NUMBERED = re.compile(r"(.*)-([0-9]{5})-of-([0-9]{5})\.safetensors", re.DOTALL)
_INTEGER = re.compile(r"0|[1-9][0-9]*")


class Report(NamedTuple):
    """The broken rules of the level "MUST", and the advice that is not followed, in order."""

    broken: tuple[str, ...]
    advice: tuple[str, ...]


class Shard(NamedTuple):
    """What the file system and the first part of the text say of one named shard."""

    is_file: bool
    leads_out: bool
    #: The size in bytes of each tensor; nothing if the shard is no valid file.
    tensors: Mapping[str, int] | None


def examine(folder: Path, name: str, version: str = "1.4") -> Report:
    """Judges the index with the path `name`, relative to `folder`, and its shards.

    The text has no order of faults for indexes. Here, an index that is no object or has no
    `weight_map` is judged no further, no shard is opened if a shard name breaks IDX-5, and what
    follows from a shard that is missing or invalid is not counted.
    """
    path = folder / name
    data = path.read_bytes()
    found: set[str] = set()
    if len(data) > 10_000_000:
        found.add("IDX-2")
    if is_beside_single_file(path):
        found.add("IDX-18")
    index = parse(data)
    if index is None:
        return report(found | {"IDX-1"})
    weights = dict(index).get("weight_map")
    found |= judge_metadata(index)
    if not isinstance(weights, Object):
        return report(found | {"IDX-3"})
    mapped = {key: value for key, value in weights if _is_string(value)}
    if len(mapped) < len(weights):
        found.add("IDX-3")
    if not weights:
        found.add("IDX-4")
    if _METADATA in dict(weights):
        found.add("IDX-13")
    names = set(mapped.values())
    found |= judge_names(names)
    if any(is_strange(other, names) for other in names_of_files(path.parent)):
        found.add("IDX-17")
    if "IDX-5" in found:
        return report(found)
    shards = {name: look_at(path.parent, name, version) for name in names}
    mapped.pop(_METADATA, None)
    return report(found | judge_shards(mapped, shards) | judge_total(index, mapped, shards))


def report(found: set[str]) -> Report:
    """Sorts what was found into the two levels."""
    return Report(
        tuple(rule for rule in MUST_RULES if rule in found),
        tuple(rule for rule in SHOULD_RULES if rule in found),
    )


def parse(data: bytes) -> Object | None:
    """The object of an index, or nothing if it breaks IDX-1.

    IDX-1: "An index MUST be one JSON object in well-formed UTF-8, without duplicate keys at any
    depth." Whitespace may stand around it, as RFC 8259 has it.
    """
    try:
        text = data.decode("utf-8", "strict")
        start = grammar.WHITESPACE.match(text).end()
        top, end = grammar.parse_object(text, start, keep=sys.maxsize)
    except (UnicodeDecodeError, grammar.GrammarFault):
        return None
    if grammar.WHITESPACE.match(text, end).end() < len(text) or has_duplicate_keys(top):
        return None
    return top


def has_duplicate_keys(top: Object) -> bool:
    """Whether an object at any depth has a key twice."""
    left: list[Value] = [top]
    while left:
        value = left.pop()
        if isinstance(value, Object):
            if len({key for key, _ in value}) < len(value):
                return True
            left.extend(inner for _, inner in value)
        elif isinstance(value, grammar.Array):
            left.extend(value)
    return False


def judge_metadata(index: Object) -> set[str]:
    """IDX-14: "An index SHOULD have a member `metadata` that is an object." """
    return set() if isinstance(dict(index).get("metadata"), Object) else {"IDX-14"}


def judge_names(names: set[str]) -> set[str]:
    """Judges the shard names alone.

    IDX-5: "A shard name MUST be a relative path under the rules of both POSIX and Windows: without
    a root, a drive, a `..` component or U+0000; and it MUST end in `.safetensors`."
    IDX-6: "A shard name SHOULD be a single path component."
    IDX-16: "Shard names SHOULD have the form `PREFIX-NNNNN-of-MMMMM.safetensors`, with M the number
    of shards and every number from 1 to M present."
    """
    found = set()
    for name in names:
        components = _SEPARATORS.split(name)
        rooted = components[0] == "" or _DRIVE.match(name) is not None
        if rooted or ".." in components or "\0" in name or not name.endswith(".safetensors"):
            found.add("IDX-5")
        if len(components) > 1:
            found.add("IDX-6")
    parts = [_NUMBERED.fullmatch(name) for name in names]
    if None in parts:
        return found | {"IDX-16"}
    one_prefix = len({part[1] for part in parts}) <= 1
    right_count = all(int(part[3]) == len(names) for part in parts)
    all_present = {int(part[2]) for part in parts} == set(range(1, len(names) + 1))
    return found if one_prefix and right_count and all_present else found | {"IDX-16"}


def is_strange(other: str, names: set[str]) -> bool:
    """Whether a file of the directory is one that IDX-17 speaks of.

    IDX-17: "A directory SHOULD NOT hold a file of that form and prefix that the index does not
    name."
    """
    part = _NUMBERED.fullmatch(other)
    if part is None or other in names:
        return False
    named = (_NUMBERED.fullmatch(name) for name in names)
    return any(match is not None and match[1] == part[1] for match in named)


def judge_shards(mapped: Mapping[str, str], shards: Mapping[str, Shard]) -> set[str]:
    """Judges the shards by themselves, against the map, and against each other.

    IDX-7: "Every named shard MUST exist as a regular file in the directory of the index or below
    it."
    IDX-8: "A shard SHOULD NOT be reached through a symbolic link that leads out of the directory of
    the index."
    IDX-9: "Every named shard MUST be a valid file."
    IDX-10: "Every tensor of the `weight_map` MUST be in the shard that it is mapped to."
    IDX-11: "Every tensor of every named shard SHOULD be in the `weight_map`."
    IDX-12: "A tensor name MUST NOT occur in two of the named shards." Two spellings of one path
    name one shard.
    """
    found = set()
    owners: dict[str, tuple[str, ...]] = {}
    for name, shard in shards.items():
        if not shard.is_file:
            found.add("IDX-7")
            continue
        if shard.leads_out:
            found.add("IDX-8")
        if shard.tensors is None:
            found.add("IDX-9")
            continue
        for tensor in shard.tensors:
            if tensor not in mapped:
                found.add("IDX-11")
            if owners.setdefault(tensor, components(name)) != components(name):
                found.add("IDX-12")
    for tensor, name in mapped.items():
        if shards[name].tensors is not None and tensor not in shards[name].tensors:
            found.add("IDX-10")
    return found


def judge_total(index: Object, mapped: Mapping[str, str], shards: Mapping[str, Shard]) -> set[str]:
    """IDX-15: "The value `metadata.total_size`, if there is one, SHOULD be an integer equal to the
    sum of END - BEGIN over all mapped tensors." If a tensor was not found, the sum is not known.
    """
    metadata = dict(index).get("metadata")
    if not isinstance(metadata, Object) or "total_size" not in dict(metadata):
        return set()
    total = dict(metadata)["total_size"]
    if not isinstance(total, Number) or _INTEGER.fullmatch(total) is None:
        return {"IDX-15"}
    sizes = [(shards[name].tensors or {}).get(tensor) for tensor, name in mapped.items()]
    return set() if None in sizes or str(sum(sizes)) == total else {"IDX-15"}


def components(name: str) -> tuple[str, ...]:
    """The components of a shard name: `\\` separates them, as `/` does (IDX-5)."""
    return tuple(part for part in _SEPARATORS.split(name) if part not in ("", "."))


def look_at(directory: Path, name: str, version: str) -> Shard:
    """Looks at one shard in the file system, and reads it. Its name has been checked."""
    path = directory.joinpath(*components(name))
    if not path.is_file():
        return Shard(False, False, None)
    leads_out = not path.resolve().is_relative_to(directory.resolve())
    answer = reader.examine(path.read_bytes(), version)
    if isinstance(answer, reader.Refused):
        return Shard(True, leads_out, None)
    tensors = answer.reading["tensors"]
    return Shard(True, leads_out, {tensor["name"]: size_of(tensor) for tensor in tensors})


def size_of(tensor: dict) -> int:
    """END - BEGIN, which SIZE-3 makes the size that shape and dtype give."""
    return DTYPES[tensor["dtype"]].bits * prod(int(d) for d in tensor["shape"]) // 8


def names_of_files(directory: Path) -> Iterator[str]:
    """The names of the files in a directory."""
    return (path.name for path in directory.iterdir() if path.is_file())


def is_beside_single_file(path: Path) -> bool:
    """IDX-18: "A directory SHOULD NOT hold both an index and the single file that it stands for.",
    whose name is "the name of the index without `.index.json`"."""
    single = path.name.removesuffix(".index.json")
    return single != path.name and path.with_name(single).is_file()


def _is_string(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)
