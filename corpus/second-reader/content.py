"""The bytes of a vector, as the manifest says where they come from: stored files, pieces, folders.

What is in the bytes is nobody's business here.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from answers import CannotRun


def bytes_of(source: dict, stored: Path) -> bytes:
    """The bytes of a file: a stored one, found from the folder `stored`, or pieces put together."""
    if "pieces" in source:
        return b"".join(chunk for piece in source["pieces"] for chunk in bytes_of_piece(piece))
    try:
        return (stored / source["path"]).read_bytes()
    except OSError as error:
        raise CannotRun(f"cannot read a vector: {error}") from error


def bytes_of_piece(piece: dict) -> Iterator[bytes]:
    """The bytes of one piece. A piece of another form is an error: it is never taken for empty."""
    (kind, value), *others = piece.items()
    if others or kind not in ("hex", "repeat", "series"):
        raise CannotRun(f"a piece has a form that this program does not know: {list(piece)}")
    if kind == "hex":
        yield bytes.fromhex(value)
    elif kind == "repeat":
        yield bytes.fromhex(value["hex"]) * value["count"]
    else:
        for turn in range(value["count"]):
            yield "".join(part_of_turn(part, turn) for part in value["parts"]).encode()


def part_of_turn(part: str | dict, turn: int) -> str:
    """A part of a series in one turn: a text, or the number of the turn and `plus`, with zeros in
    front up to `digits` digits."""
    return part if isinstance(part, str) else str(turn + part["plus"]).zfill(part["digits"])


def is_as_stated(row: dict, data: bytes) -> bool:
    """Whether bytes have the size and the digest that the manifest states of them."""
    return len(data) == row["size"] and hashlib.sha256(data).hexdigest() == row["sha256"]


def size_of_folder(entries: list[dict]) -> int:
    """The bytes of all files of a model."""
    return sum(entry.get("size", 0) for entry in entries)


def lay_out(entries: list[dict], stored: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Makes the files and links of a model in an empty folder. Gives the paths that the system does
    not take, which are left out, and those with other bytes than stated."""
    refused, other = [], []
    for entry in entries:
        parts = entry["path"].split("/")
        if not {"", ".", ".."}.isdisjoint(parts):
            raise CannotRun(f"a path leads out of the folder of its model: {entry['path']!r}")
        data = b""
        if "link" not in entry:
            data = bytes_of(entry if "pieces" in entry else {"path": entry["file"]}, stored)
            if not is_as_stated(entry, data):
                other.append(entry["path"])
        path = folder.joinpath(*parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if "link" in entry:
                path.symlink_to(entry["link"])
            else:
                # Two paths that the system holds for one are not both laid out.
                with path.open("xb") as file:
                    file.write(data)
        except (OSError, ValueError):
            refused.append(entry["path"])
    return refused, other
