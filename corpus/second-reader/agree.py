#!/usr/bin/env python3
"""Compares this reader with what the corpus expects, or with the answers of another program.

All input and output of the comparison lives here; what a file is worth is decided in `reader`.
Nothing is skipped in silence, and a run that compared nothing is a failed run.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from reader import Accepted, Refused, examine
from tables import LENIENCIES, VERSIONS

#: Files up to this length are shown in hexadecimal when answers differ.
SHOWN_BYTES = 1024

DEFAULT_MANIFEST = Path(__file__).resolve().parent.parent / "manifest.json"
DEFAULT_LARGEST = 150_000_000

AGREED, DISAGREED, COULD_NOT_RUN = 0, 1, 2

Answer = Accepted | Refused | str
"""What a side says: a reading, rules, or a sentence about why there is neither."""


class CannotRun(Exception):
    """The comparison cannot be made; the message says why."""


class Tally:
    """Counts comparisons, and prints every disagreement as it comes."""

    def __init__(self) -> None:
        self.compared = 0
        self.disagreements = 0
        self.verdicts: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()

    def compare(self, what: str, data: bytes, expected: Answer, came: Answer) -> None:
        """Counts one comparison; prints both answers where they differ."""
        self.compared += 1
        if isinstance(came, Accepted):
            self.verdicts["accepted"] += 1
        elif isinstance(came, Refused):
            self.verdicts["refused"] += 1
            self.rules.update(came.rules)
        else:
            self.verdicts["no answer"] += 1
        # As text, since Python holds `true`, `1` and `1.0` for equal.
        if say(expected) != say(came):
            self.disagree(what, data, say(expected), say(came))

    def disagree(self, what: str, data: bytes | None, expected: str, came: str) -> None:
        """Prints one disagreement."""
        self.disagreements += 1
        print(f"disagreement: {what}\n  expected  {expected}\n  came      {came}")
        if data is not None:
            small = len(data) <= SHOWN_BYTES
            print(f"  file      {data.hex() if small else f'{len(data)} bytes'}")

    def finish(self) -> int:
        """Prints the counts in one line, and gives the exit code."""
        verdicts = ", ".join(f"{name} {count}" for name, count in sorted(self.verdicts.items()))
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(self.rules.items()))
        print(
            f"compared {self.compared} ({verdicts or 'nothing'}); "
            f"rules: {rules or 'none'}; disagreements {self.disagreements}"
        )
        if self.compared == 0:
            return COULD_NOT_RUN
        return DISAGREED if self.disagreements else AGREED


def say(answer: Answer) -> str:
    """An answer in one line."""
    if isinstance(answer, Accepted):
        return "accepted: " + json.dumps(answer.reading, sort_keys=True)
    if isinstance(answer, Refused):
        return "refused: " + (", ".join(answer.rules) or "no rule named")
    return answer


def ask(data: bytes, version: str, leniencies: frozenset[str]) -> Answer:
    """The answer of this reader. A crash is never a refusal (RD-4): it is an answer of its own."""
    try:
        return examine(data, version, leniencies)
    except Exception as error:
        return f"crashed: {type(error).__name__}: {error}"


def load(text: bytes) -> dict:
    """A JSON object in which no key stands twice: the second would hide the first."""

    def without_duplicates(pairs: list[tuple[str, object]]) -> dict:
        members = dict(pairs)
        if len(members) < len(pairs):
            raise ValueError("an object has a key twice")
        return members

    return json.loads(text, object_pairs_hook=without_duplicates)


def compare_corpus(manifest: Path, largest: int) -> int:
    """Every vector under every format version, without leniencies, with each single one, and with
    those that the manifest lists."""
    try:
        corpus = load(manifest.read_bytes())
    except (OSError, ValueError) as error:
        raise CannotRun(f"cannot read {manifest}: {error}") from error
    try:
        if corpus["format"] != "safetensors-conformance-corpus" or corpus["format_version"] != 1:
            raise CannotRun(f"{manifest} has a form that this program does not know")
        tally = Tally()
        left_out = []
        for vector in corpus["vectors"]:
            if vector["size"] > largest:
                left_out.append(vector["id"])
                continue
            data = content(vector["content"], manifest.parent)
            if len(data) != vector["size"] or hashlib.sha256(data).hexdigest() != vector["sha256"]:
                tally.disagree(vector["id"], None, "the stated size and digest", "other bytes")
            compare_vector(tally, vector, corpus["versions"], data)
    except (KeyError, TypeError) as error:
        raise CannotRun(f"{manifest} is not in its form: {error!r}") from error
    print(f"left out as larger than {largest} bytes: {len(left_out)} {' '.join(left_out)}".rstrip())
    return tally.finish()


def content(source: dict, folder: Path) -> bytes:
    """The bytes of a vector: a stored file, or pieces put together."""
    if "path" in source:
        try:
            return (folder / source["path"]).read_bytes()
        except OSError as error:
            raise CannotRun(f"cannot read a vector: {error}") from error
    data = bytearray()
    for piece in source["pieces"]:
        if "hex" in piece:
            data += bytes.fromhex(piece["hex"])
        else:
            data += bytes([piece["fill"]["byte"]]) * piece["fill"]["count"]
    return bytes(data)


def compare_vector(tally: Tally, vector: dict, versions: list[str], data: bytes) -> None:
    """All comparisons of one vector. A `lenient` entry that no version has a use for is wrong."""
    unused = [leniencies_of(entry) for entry in vector.get("lenient", [])]
    for version in versions:
        if version not in vector["expect"] or version not in VERSIONS:
            tally.disagree(f"{vector['id']} in {version}", None, "an expectation", "none")
            continue
        strict = expected_strictly(vector, version)
        tally.compare(f"{vector['id']} in {version}", data, strict, ask(data, version, frozenset()))
        for leniencies, expected in expected_leniently(vector, strict):
            what = f"{vector['id']} in {version} with {', '.join(sorted(leniencies))}"
            unused = [other for other in unused if other != leniencies]
            came = ask(data, version, leniencies)
            # A leniency may cover one fault and uncover another: an array that is read as an entry
            # can have a dtype that is unknown. The manifest does not say which rule is left then.
            both_refuse = isinstance(expected, Refused) and isinstance(came, Refused)
            if both_refuse and relaxes(leniencies, expected.rules[0]):
                expected = came
            tally.compare(what, data, expected, came)
    for leniencies in unused:
        what = f"{vector['id']} with {', '.join(sorted(leniencies))}"
        tally.disagree(what, None, "a version in which they cover the fault", "none")


def leniencies_of(entry: dict) -> frozenset[str]:
    """The leniencies that a `lenient` entry of the manifest asks for."""
    return frozenset({entry["leniency"], *entry.get("also_needs", [])})


def relaxes(leniencies: frozenset[str], rule: str) -> bool:
    """Whether one of the leniencies covers faults of the rule."""
    return any(LENIENCIES.get(name) == rule for name in leniencies)


def expected_strictly(vector: dict, version: str) -> Answer:
    """What the manifest expects in one version: "it breaks this one rule", or the reading."""
    expectation = vector["expect"][version]
    if expectation == "accept":
        return Accepted(vector["reading"])
    return Refused((expectation["reject"],))


def expected_leniently(vector: dict, strict: Answer) -> Iterator[tuple[frozenset[str], Answer]]:
    """The sets of leniencies to ask with, and what is expected with each.

    LNC-2: a valid file is read the same with any leniency. An invalid one is accepted with the sets
    of its `lenient` entries and refused with every other single leniency, and with each set less
    one. A version that refuses the file for another fault than the one that the set covers has no
    use for it.
    """
    singles = [frozenset({name}) for name in LENIENCIES]
    if isinstance(strict, Accepted):
        for leniencies in [*singles, frozenset(LENIENCIES)]:
            yield leniencies, strict
        return
    accepting = {}
    for entry in vector.get("lenient", []):
        leniencies = leniencies_of(entry)
        if relaxes(leniencies, strict.rules[0]):
            accepting[leniencies] = Accepted(entry["reading"])
    refusing = {*singles, *(group - {name} for group in accepting for name in group)}
    yield from accepting.items()
    for leniencies in sorted(refusing - accepting.keys(), key=sorted):
        if leniencies:
            yield leniencies, strict


def compare_stream(lines: Iterable[bytes]) -> int:
    """Every line of a stream of generated files with the answers of another program."""
    tally = Tally()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data, version, leniencies, expected = parse_line(line)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            tally.finish()
            raise CannotRun(f"line {number} is not in the form of the stream: {error!r}") from error
        what = f"line {number}, in {version} with {', '.join(sorted(leniencies)) or 'no leniency'}"
        tally.compare(what, data, expected, ask(data, version, leniencies))
    return tally.finish()


def parse_line(line: bytes) -> tuple[bytes, str, frozenset[str], Answer]:
    """One line of the stream: the file, what to ask, and the answer of the other program."""
    row = load(line)
    answers = row.keys() & {"accepted", "refused"}
    strangers = row.keys() - {"file", "version", "leniencies", "accepted", "refused"}
    if len(answers) != 1 or strangers:
        raise ValueError("it needs exactly one of `accepted` and `refused`, and no other key")
    data = bytes.fromhex(row["file"])
    version = row["version"]
    leniencies = frozenset(row["leniencies"])
    if version not in VERSIONS or leniencies - LENIENCIES.keys():
        raise ValueError("it names a version or a leniency that the text does not have")
    if "refused" in row:
        return data, version, leniencies, Refused(tuple(row["refused"]))
    return data, version, leniencies, Accepted(row["accepted"])


def main(arguments: list[str]) -> int:
    """Parses the command line, runs one comparison, and gives the exit code."""
    parser = argparse.ArgumentParser(
        description="Compares the second reader with the corpus, or with another program.",
        epilog="Exit code: 0 all agree; 1 something disagrees; 2 did not run or compared nothing.",
    )
    modes = parser.add_subparsers(dest="mode", required=True)
    corpus = modes.add_parser(
        "corpus",
        help="every vector of the corpus",
        description="Compares verdict, broken rules and reading of every vector, in every format "
        "version, without leniencies and with them.",
    )
    corpus.add_argument("manifest", nargs="?", type=Path, default=DEFAULT_MANIFEST)
    corpus.add_argument(
        "--largest",
        type=int,
        default=DEFAULT_LARGEST,
        metavar="BYTES",
        help="leave out larger files, by name (default: %(default)s)",
    )
    modes.add_parser(
        "stream",
        help="JSON lines on standard input",
        description="Compares with the answers of another program, one JSON object a line: `file` "
        "in hexadecimal, `version`, `leniencies`, and `accepted` with a reading or `refused` with "
        "all broken rules in the order of the text.",
    )
    options = parser.parse_args(arguments)
    try:
        if options.mode == "corpus":
            return compare_corpus(options.manifest, options.largest)
        return compare_stream(sys.stdin.buffer)
    except CannotRun as error:
        print(f"cannot run: {error}", file=sys.stderr)
        return COULD_NOT_RUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
