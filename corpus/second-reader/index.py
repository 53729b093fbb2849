"""A second reading of Part II: an index and its shards, judged by IDX-1 to IDX-18.

The functions that judge take what is known as arguments; `examine`, `look_at` and `left_over` alone
look at the file system, and no shard is opened before every name has been checked (IDX-19).
"""

import os
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
    """The broken rules of the level "MUST", and the advice that is not followed, in order; and what
    is read of a model that breaks none, in the form of the manifest."""

    broken: tuple[str, ...]
    advice: tuple[str, ...] = ()
    reading: dict | None = None


class Shard(NamedTuple):
    """What the file system and the first part of the text say of one named shard."""

    is_file: bool
    leads_out: bool
    #: Each tensor as it is read, by its name; nothing if the shard is no valid file.
    tensors: Mapping[str, dict] | None


def examine(folder: Path, name: str, version: str = "1.4") -> Report:
    """Judges the index with the path `name`, relative to `folder`, and its shards, in the steps of
    section 25.1: "what a step does not judge is neither broken nor kept", and "The recommendations
    are judged if none of these rules is broken."

    IDX-3: "An index MUST have a member `weight_map`, an object that maps each tensor name to the
    name of its shard as a string."
    IDX-13: "The `weight_map` MUST NOT have a key `__metadata__`." Its value "is not judged and
    names no shard".
    """
    path = folder / name
    data = path.read_bytes()
    index = parse(data)
    if index is None:
        return Report(("IDX-1",))
    weights = dict(index).get("weight_map")
    if not isinstance(weights, Object):
        return Report(("IDX-3",))
    broken: set[str] = set()
    tensors = {key: value for key, value in weights if key != _METADATA}
    if len(tensors) < len(weights):
        broken.add("IDX-13")
    mapped = {key: value for key, value in tensors.items() if _is_string(value)}
    if len(mapped) < len(tensors):
        broken.add("IDX-3")
    names = set(mapped.values())
    sound = {name for name in names if leads_nowhere_else(name)}
    if len(sound) < len(names):
        broken.add("IDX-5")
    shards = {name: look_at(path.parent, name, version) for name in sound}
    broken |= judge_shards(mapped, shards)
    if broken:
        return Report(tuple(rule for rule in MUST_RULES if rule in broken))
    reading = read(mapped, shards)
    found = judge_metadata(index, reading["tensors"]) | judge_names(names)
    found |= advise_on_shards(mapped, shards)
    if len(data) > 10_000_000:
        found.add("IDX-2")
    if not weights:
        found.add("IDX-4")
    if left_over(path.parent, names):
        found.add("IDX-17")
    if is_beside_single_file(path):
        found.add("IDX-18")
    return Report((), tuple(rule for rule in SHOULD_RULES if rule in found), reading)


def parse(data: bytes) -> Object | None:
    """The object of an index, or nothing if it breaks IDX-1.

    IDX-1: "An index MUST be one JSON object in well-formed UTF-8, without duplicate keys at any
    depth." "Whitespace of RFC 8259, but no byte order mark, may stand before and after the object."
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


def judge_metadata(index: Object, tensors: list[dict]) -> set[str]:
    """Judges the member `metadata` of a model whose shards are all there and valid.

    IDX-14: "An index SHOULD have a member `metadata` that is an object."
    IDX-15: "The value `metadata.total_size`, if there is one, SHOULD be an integer equal to the
    sum of END - BEGIN over all mapped tensors." It "is spelled as INT-2 says".
    """
    metadata = dict(index).get("metadata")
    if not isinstance(metadata, Object):
        return {"IDX-14"}
    if "total_size" not in dict(metadata):
        return set()
    total = dict(metadata)["total_size"]
    if not isinstance(total, Number) or _INTEGER.fullmatch(total) is None:
        return {"IDX-15"}
    return set() if str(sum(map(size_of, tensors))) == total else {"IDX-15"}


def leads_nowhere_else(name: str) -> bool:
    """Whether a shard name may be looked up.

    IDX-5: "A shard name MUST be a relative path under the rules of both POSIX and Windows: without
    a root, a drive, a `..` component or U+0000; and it MUST end in `.safetensors`." Section 25.1:
    "A drive is a letter from A to Z or from a to z at the start of a component with a colon after
    it".
    """
    components = _SEPARATORS.split(name)
    return (
        components[0] != ""
        and ".." not in components
        and not any(_DRIVE.match(component) for component in components)
        and "\0" not in name
        and name.endswith(".safetensors")
    )


def judge_names(names: set[str]) -> set[str]:
    """Judges the form of the shard names.

    IDX-6: "A shard name SHOULD be a single path component." Section 25.1: "a separator makes a name
    more than one component, even in `./x.safetensors`".
    IDX-16: "Shard names SHOULD have the form `PREFIX-NNNNN-of-MMMMM.safetensors`, with M the number
    of shards and every number from 1 to M present." "PREFIX is one text for all named shards, which
    may be empty or hold separators".
    """
    found = {"IDX-6"} if any(_SEPARATORS.search(name) for name in names) else set()
    parts = [_NUMBERED.fullmatch(name) for name in names]
    if None in parts:
        return found | {"IDX-16"}
    one_prefix = len({part[1] for part in parts}) <= 1
    right_count = all(int(part[3]) == len(names) for part in parts)
    all_present = {int(part[2]) for part in parts} == set(range(1, len(names) + 1))
    return found if one_prefix and right_count and all_present else found | {"IDX-16"}


def judge_shards(mapped: Mapping[str, str], shards: Mapping[str, Shard]) -> set[str]:
    """Judges the shards that were looked up by themselves, against the map, and against each other.

    IDX-7: "Every named shard MUST exist as a regular file in the directory of the index or below
    it."
    IDX-9: "Every named shard MUST be a valid file."
    IDX-10: "Every tensor of the `weight_map` MUST be in the shard that it is mapped to." It is
    judged "for each mapped tensor whose shard is there and valid".
    IDX-12: "A tensor name MUST NOT occur in two of the named shards." "Two spellings of one path
    are two shards".
    """
    broken = set()
    seen: set[str] = set()
    for shard in shards.values():
        if not shard.is_file:
            broken.add("IDX-7")
        elif shard.tensors is None:
            broken.add("IDX-9")
        else:
            if not seen.isdisjoint(shard.tensors):
                broken.add("IDX-12")
            seen.update(shard.tensors)
    for tensor, name in mapped.items():
        shard = shards.get(name)
        if shard is not None and shard.tensors is not None and tensor not in shard.tensors:
            broken.add("IDX-10")
    return broken


def advise_on_shards(mapped: Mapping[str, str], shards: Mapping[str, Shard]) -> set[str]:
    """Judges the recommendations on shards that are all there and valid.

    IDX-8: "A shard SHOULD NOT be reached through a symbolic link that leads out of the directory of
    the index."
    IDX-11: "Every tensor of every named shard SHOULD be in the `weight_map`."
    """
    found = set()
    for shard in shards.values():
        if shard.leads_out:
            found.add("IDX-8")
        if any(tensor not in mapped for tensor in shard.tensors or ()):
            found.add("IDX-11")
    return found


def left_over(directory: Path, names: set[str]) -> bool:
    """Whether a file lies beside the shards that is numbered like them and not named.

    IDX-17: "A directory SHOULD NOT hold a file of that form and prefix that the index does not
    name." It is judged "for each shard whose last component has the form, in the directory in which
    that shard stands", and "a file to which a shard name leads is named".
    """
    named = {components(name) for name in names}
    for *above, last in named:
        part = _NUMBERED.fullmatch(last)
        if part is None:
            continue
        for other in names_of_files(directory.joinpath(*above)):
            match = _NUMBERED.fullmatch(other)
            if match and match[1] == part[1] and (*above, other) not in named:
                return True
    return False


def components(name: str) -> tuple[str, ...]:
    """The components of a shard name: `\\` separates them, as `/` does (IDX-5)."""
    return tuple(part for part in _SEPARATORS.split(name) if part not in ("", "."))


def look_at(directory: Path, name: str, version: str) -> Shard:
    """Looks at one shard in the file system, and reads it. Its name has been checked."""
    path = directory.joinpath(*components(name))
    # Unlike the method of a path, this takes a name that the system refuses as one without a file.
    if not os.path.isfile(path):
        return Shard(False, False, None)
    leads_out = not path.resolve().is_relative_to(directory.resolve())
    answer = reader.examine(path.read_bytes(), version)
    if isinstance(answer, reader.Refused):
        return Shard(True, leads_out, None)
    tensors = answer.reading["tensors"]
    return Shard(True, leads_out, {tensor["name"]: tensor for tensor in tensors})


def read(mapped: Mapping[str, str], shards: Mapping[str, Shard]) -> dict:
    """What is read of a model whose shards are all there and valid.

    Section 25.1: "The reading of a sharded model is its mapped tensors, each with the dtype, the
    shape and the bytes that it has in its shard. Neither the metadata of the shards nor the member
    `metadata` of the index is part of it."
    """
    ordered = sorted(mapped, key=str.encode)
    tensors = [(shards[mapped[tensor]].tensors or {})[tensor] for tensor in ordered]
    return {"tensors": tensors, "metadata": {}}


def size_of(tensor: dict) -> int:
    """END - BEGIN, which SIZE-3 makes the size that shape and dtype give."""
    return DTYPES[tensor["dtype"]].bits * prod(int(d) for d in tensor["shape"]) // 8


def names_of_files(directory: Path) -> Iterator[str]:
    """The names of the files in a directory."""
    return (path.name for path in directory.iterdir() if path.is_file())


def is_beside_single_file(path: Path) -> bool:
    """IDX-18: "A directory SHOULD NOT hold both an index and the single file that it stands for.",
    whose name is "the name of the index without `.index.json`". An index "whose name does not end
    in `.index.json` stands for no single file"."""
    single = path.name.removesuffix(".index.json")
    return single != path.name and path.with_name(single).is_file()


def _is_string(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)
