"""Adapter for the model in Coq: the program that was extracted from it reads and writes files.

The program is `build/checker` beside this file, or what `--checker` names. It is asked through the
line protocol of main.ml, by the first 8 + N bytes of a file and the length of the file, so that the
bytes of tensors are never handed over and a file may be of any length.

Who decides what:

- Whether a file is valid, and what its header says, the model decides. This program finds out N, no
  more, and digests the bytes of each tensor from where the model says that it begins to where it
  says that it ends (VAL-7). The ways of access are none of the model's, so none is named.
- What is written is the canonical file of the model, bytes of tensors included. Before it goes to a
  file, the model reads it back. What it does not accept is refused by the rules that it names:
  NAME-1 for a name twice (WR-3), the SIZE rules for bytes that are too many or too few (WR-4), the
  META rules for a tensor named `__metadata__` (WR-2), META-4 for a key twice, DT-2 for a dtype that
  it does not have, LEN-2 for a header text that is too long (WR-8).
- This program refuses what cannot be handed to the model: a text that is not Unicode (WR-6), and a
  value of metadata that is no string (WR-7). Since the model knows nothing of elements, it also
  refuses BOOL elements other than 0 and 1 (VAL-9), where a file is not written again: in a file
  they are valid. And it refuses what the model would read back as something else.

Views and slices are no part of it: the model says which elements a slice has, and has no function
that cuts them out.

Exit code 2: the checker could not be started, is another program, or has no such format version or
leniency.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "harness" / "adapters" / "kits" / "python"))

import stconform_kit as kit  # noqa: E402  first: it moves descriptor 1 out of the way

import argparse  # noqa: E402
import contextlib  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
from collections.abc import Callable, Iterable, Iterator  # noqa: E402
from dataclasses import dataclass  # noqa: E402

NAME = "safetensors-model"
REVISION = "r1"
CHECKER = HERE / "build" / "checker"

# What the portable floor asks of every reader. Measured against the memory that the suite allows,
# 512 MiB and 32 bytes for each byte of the file: padding takes 30 bytes for each byte, tensors 40,
# and one long string 65, so that a string of more than about 12,000,000 bytes is beyond it.
HEADER_LENGTH = 25_000_000

# How many bytes of a tensor are digested at a time.
BLOCK = 1 << 20

# A checker that has held a header text longer than this is let go, since it keeps the memory.
KEPT = 1 << 20

NOT_BUILT = """\
error: {checker}: {reason}
Build the checker with {build}, which installs Coq and extracts the model;
or name one with --checker PATH"""


class CheckerMissing(Exception):
    """There is no checker: it was not built, or what was named is no program or another one."""


class CheckerFailed(Exception):
    """The checker ended, or answered with something that is no answer. It is no refusal."""


@dataclass(frozen=True)
class Entry:
    """One tensor as the model reads it; its bytes stand at `begin` to `end` in the data buffer."""

    name: bytes
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Accepted:
    """What a valid file means."""

    metadata: tuple[tuple[bytes, bytes], ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Names:
    """What the model knows: format versions, oldest first, leniencies, and the greatest N."""

    versions: tuple[str, ...]
    leniencies: tuple[str, ...]
    max_header: int


def parse_names(line: bytes) -> Names:
    """The answer to `names`."""
    try:
        marks, words = (list(tokens(line))[first::2] for first in (0, 1))
        if marks != ["versions", "leniencies", "max-header"]:
            raise ValueError("other words")
        versions, leniencies, max_header = words
        return Names(tuple(versions.split(",")), tuple(leniencies.split(",")), int(max_header))
    except ValueError as error:
        raise CheckerFailed(f"it answered {line[:80]!r}") from error


def parse_answer(line: bytes) -> Accepted:
    """The answer to `check`: `Refused` by the first of the rules that are broken."""
    words = tokens(line)
    first = next(words, "")
    if first == "refused":
        rules = list(words)
        if not rules:
            raise CheckerFailed("it refused by no rule")
        raise kit.Refused(", ".join(rules), rules[0])
    if first != "accepted":
        raise CheckerFailed(f"it answered {line[:80]!r}")
    metadata, entries = [], []
    try:
        for word in words:
            if word == "m":
                metadata.append((unhex(next(words)), unhex(next(words))))
            elif word == "t":
                name, dtype = unhex(next(words)), unhex(next(words)).decode("ascii")
                shape = next(words)
                dims = () if shape == "-" else tuple(map(int, shape.split(",")))
                entries.append(Entry(name, dtype, dims, int(next(words)), int(next(words))))
            else:
                raise ValueError(f"the word {word[:80]!r}")
    except (StopIteration, ValueError) as error:
        raise CheckerFailed(f"an answer without sense: {error}") from error
    return Accepted(tuple(metadata), tuple(entries))


def tokens(line: bytes) -> Iterator[str]:
    """The words of a line one by one: it may have millions."""
    words = re.finditer(rb"[^ \n]+", line)
    return (match.group().decode("ascii", "backslashreplace") for match in words)


def unhex(word: str) -> bytes:
    return b"" if word == "-" else bytes.fromhex(word)


def hexed(text: bytes) -> str:
    return text.hex() or "-"


class Checker:
    """The extracted program, started when it is asked something."""

    def __init__(self, path: pathlib.Path):
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None

    def names(self) -> "Names":
        """What it knows by name."""
        return parse_names(self._ask(b"names\n"))

    def check(self, version: str, leniencies: Iterable[str], head: bytes, length: int) -> Accepted:
        """What the model says of a file of this length that begins like this; or `Refused`."""
        names = ",".join(leniencies) or "-"
        line = self._ask(f"check {version} {names} {length} {len(head)}\n".encode(), head)
        if len(head) > KEPT:
            self.close()
        return parse_answer(line)

    def canonical(
        self, metadata: Iterable[tuple[bytes, bytes]], tensors: Iterable["Given"]
    ) -> bytes:
        """The canonical file. The model sorts by insertion, which is quick with what is sorted."""
        metadata = list(metadata)
        words = ["canonical", str(len(metadata))]
        for key, value in metadata:
            words += [hexed(key), hexed(value)]
        for tensor in sorted(tensors, key=lambda tensor: tensor.name):
            shape = ",".join(map(str, tensor.shape)) or "-"
            words += [hexed(tensor.name), hexed(tensor.dtype), shape, hexed(tensor.data)]
        line = self._ask(" ".join(words).encode() + b"\n")
        try:
            return bytes.fromhex(line.decode("ascii"))
        except ValueError as error:
            raise CheckerFailed(f"a file without sense: {error}") from error

    def close(self) -> int:
        """Lets the program go, and tells its exit code; the next question starts it again."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        # What it did not take is lost: it has ended.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        return process.wait()

    def _ask(self, *parts: bytes) -> bytes:
        process = self._process = self._process or self._start()
        try:
            for part in parts:
                process.stdin.write(part)
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            # What it said without having read the request is no answer, but it may tell what it is.
            if line := process.stdout.readline():
                self.close()
                raise CheckerFailed(f"it answered {line[:80]!r}") from None
        if not line.endswith(b"\n"):
            raise CheckerFailed(f"it ended with {self.close()} and without an answer")
        return line

    def _start(self) -> "subprocess.Popen[bytes]":
        try:
            # A name without a slash would be looked up on PATH.
            return subprocess.Popen(
                [self._path.absolute()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                preexec_fn=all_the_stack,
            )
        except OSError as error:
            raise self.missing(why_not(self._path, error)) from error

    def missing(self, reason: str) -> CheckerMissing:
        """That there is no checker, and the way out."""
        build = f"{HERE / 'run.sh'} checker"
        return CheckerMissing(NOT_BUILT.format(checker=self._path, reason=reason, build=build))


def why_not(path: pathlib.Path, error: OSError) -> str:
    """Why a program was not started: the system calls it the same for several reasons."""
    if path.is_dir():
        return "it is a directory"
    if isinstance(error, PermissionError) and not os.access(path, os.X_OK):
        return "it is not executable"
    if isinstance(error, FileNotFoundError) and path.exists():
        return "what it is to be run by does not exist"
    return error.strerror


def all_the_stack() -> None:
    """The functions of the model recurse once for each byte of a text."""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (hard, hard))


@dataclass(frozen=True)
class Given:
    """One tensor to be written."""

    name: bytes
    dtype: bytes
    shape: tuple[int, ...]
    data: bytes


class Model:
    """The operations, under one format version and a set of leniencies."""

    def __init__(
        self, checker: Checker, version: str, leniencies: tuple[str, ...], max_header: int
    ):
        self._checker = checker
        self._max_header = max_header
        self._version = version
        self._leniencies = leniencies

    def read(self, request: kit.Request) -> kit.Reading:
        with open(request.path, "rb") as file:
            found, start = self._open(file)
            tensors = (
                kit.Tensor(e.name, e.dtype, e.shape, data_of(file.fileno(), start, e))
                for e in found.entries
            )
            return kit.Reading(tensors, found.metadata)

    def header(self, request: kit.Request) -> kit.Reading:
        with open(request.path, "rb") as file:
            found, _ = self._open(file)
        tensors = (kit.Tensor(e.name, e.dtype, e.shape) for e in found.entries)
        return kit.Reading(tensors, found.metadata)

    def write(self, request: kit.Request) -> None:
        metadata = [(unicode(key), unicode(value)) for key, value in request.metadata or ()]
        tensors = [
            Given(unicode(t.name), unicode(t.dtype), t.shape, t.data) for t in request.tensors
        ]
        for tensor in tensors:
            if tensor.dtype == b"BOOL" and tensor.data.translate(None, b"\0\1"):
                raise kit.Refused(f"{tensor.name!r}: a BOOL element is neither 0 nor 1", "VAL-9")
        self._write(request.path, metadata, tensors)

    def rewrite(self, request: kit.Request) -> None:
        with open(request.path, "rb") as file:
            found, start = self._open(file)
            tensors = [
                Given(e.name, e.dtype.encode(), e.shape, b"".join(blocks(file.fileno(), start, e)))
                for e in found.entries
            ]
        self._write(request.to, found.metadata, tensors)

    def _open(self, file) -> tuple[Accepted, int]:
        """What the model reads in a file, and where its data buffer begins."""
        length = os.fstat(file.fileno()).st_size
        head = file.read(8)
        start = 8 + int.from_bytes(head, "little")
        # Where the file ends before that, or N is too great, the model needs to see no more.
        if start <= length and start - 8 <= self._max_header:
            if start - 8 > HEADER_LENGTH:
                raise kit.Unsupported(f"a header of {start - 8} bytes, more than {HEADER_LENGTH}")
            head += file.read(start - 8)
        return self._checker.check(self._version, self._leniencies, head, length), start

    def _write(
        self, path: str, metadata: Iterable[tuple[bytes, bytes]], tensors: list[Given]
    ) -> None:
        written = self._checker.canonical(metadata, tensors)
        start = 8 + int.from_bytes(written[:8], "little")
        # A file is written to be read by a strict reader, whatever this one forgives (WR-1).
        found = self._checker.check(self._version, (), written[:start], len(written))
        held = {
            Given(e.name, e.dtype.encode(), e.shape, written[start + e.begin : start + e.end])
            for e in found.entries
        }
        if held != set(tensors) or set(found.metadata) != set(metadata):
            raise kit.Refused("the file would hold something else than was handed over")
        with open(path, "xb") as file:
            file.write(written)


def unicode(text: object) -> bytes:
    """A text in UTF-8, which is what the model takes."""
    if not isinstance(text, str):
        raise kit.Refused(f"{text!r:.80} is no string", "WR-7")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise kit.Refused(f"{text!a:.80} is not Unicode", "WR-6") from error


def data_of(file: int, start: int, entry: Entry) -> bytes | Iterator[bytes]:
    """The bytes of a tensor: as they are where they are few, in blocks where they are many."""
    pieces = blocks(file, start, entry)
    return b"".join(pieces) if entry.end - entry.begin <= BLOCK else pieces


def blocks(file: int, start: int, entry: Entry) -> Iterator[bytes]:
    at, end = start + entry.begin, start + entry.end
    while at < end:
        block = os.pread(file, min(BLOCK, end - at), at)
        if not block:
            raise OSError("the file became shorter while it was read")
        yield block
        at += len(block)


class Wrong(Exception):
    """An argument is wrong; the text says what would be right."""


def known(what: str, name: str, names: tuple[str, ...]) -> str:
    """A name that has to be one of those that there are."""
    if name not in names:
        raise Wrong(f"error: no {what} `{name}`; there are {', '.join(names)}")
    return name


def chosen(given: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The leniencies in a list with commas; `all` for every one."""
    if given == "all":
        return names
    return tuple(known("leniency", name, names) for name in given.split(",") if name)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Adapter of stconform for the model in Coq.",
        epilog="Exit code 2: the checker could not be started, or an argument is wrong.",
    )
    of = parser.add_argument
    of("--checker", type=pathlib.Path, default=CHECKER, metavar="PATH", help="extracted program")
    of("--leniencies", default="", metavar="NAME,…", help="to read under; `all` for every one")
    of("--format-version", metavar="VERSION", help="to judge by this one [default: the newest]")
    options = parser.parse_args(arguments)
    checker = Checker(options.checker)
    try:
        names = checker.names()
        version = options.format_version or names.versions[-1]
        known("format version", version, names.versions)
        leniencies = chosen(options.leniencies, names.leniencies)
    except (CheckerMissing, Wrong) as error:
        print(error, file=sys.stderr)
        return 2
    except CheckerFailed as error:
        checker.close()
        print(checker.missing(f"{error}, so it is not the checker"), file=sys.stderr)
        return 2
    model = Model(checker, version, leniencies, names.max_header)
    kit.serve(
        NAME,
        REVISION,
        language="Coq",
        build="extracted to OCaml",
        read=model.read,
        header=model.header,
        write=model.write,
        rewrite=model.rewrite,
        leniencies=leniencies,
        limits={"header-length": HEADER_LENGTH},
        claims=("deterministic", "canonical"),
    )
    checker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
