"""Compares this reader with what the manifest of the corpus states of every vector."""

import json
import math
import re
import struct
import tempfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import index
import reading
import values
from answers import Answer, CannotRun, Tally, answer_of, ask, load
from content import bytes_of, is_as_stated, lay_out, size_of_folder
from demands import demands, limits
from reader import Accepted, Refused
from tables import LENIENCIES, VERSIONS, vocabulary

#: A larger file is asked about in the newest version only, and with no leniency that the manifest
#: does not list for it: what it is there for is its size.
LARGE_BYTES = 1_000_000

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")

#: Why something was left out.
TOO_LARGE = "larger than the bound"
ASKED_ONCE = f"larger than {LARGE_BYTES} bytes: all versions but the newest"
NOT_LAID_OUT = "paths that this system does not take"
TWIN_NOT_ASKED = "twins of which nothing was asked"


def compare(manifest: Path, largest: int) -> int:
    """Every vector of a manifest whose files have up to `largest` bytes; gives the exit code."""
    return Comparison(manifest, largest).run()


class Comparison:
    """A run over one manifest."""

    def __init__(self, manifest: Path, largest: int) -> None:
        self.manifest = manifest
        self.stored = manifest.parent
        self.largest = largest
        self.versions: list[str] = []
        self.tally = Tally()
        #: Whether this reader accepts a vector in a version, without leniencies.
        self.accepts: dict[tuple[str, str], bool] = {}
        reasons = (TOO_LARGE, ASKED_ONCE, NOT_LAID_OUT, TWIN_NOT_ASKED)
        self.left_out: dict[str, list[str]] = {why: [] for why in reasons}

    def run(self) -> int:
        """Compares every vector, says what was left out, and gives the exit code."""
        try:
            corpus = load(self.manifest.read_bytes())
        except (OSError, ValueError) as error:
            raise CannotRun(f"cannot read {self.manifest}: {error}") from error
        try:
            self.compare(corpus)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CannotRun(f"{self.manifest} is not in its form: {error!r}") from error
        for why, what in self.left_out.items():
            print(f"left out, {why}: {len(what)} {' '.join(what)}".rstrip())
        return self.tally.finish()

    def compare(self, corpus: dict) -> None:
        """Every row, and then what one row states of another."""
        if corpus["format"] != "safetensors-conformance-corpus" or corpus["format_version"] != 1:
            raise CannotRun(f"{self.manifest} has a form that this program does not know")
        self.versions = corpus["versions"]
        for vector in corpus["vectors"]:
            what = vector.get("operation"), "folder" in vector["content"]
            if what == ("read-index", True):
                self.compare_model(vector)
            elif what == (None, False):
                self.compare_file(vector)
            else:
                raise CannotRun(f"{vector['id']} asks for what this program does not know")
        ids = {vector["id"] for vector in corpus["vectors"]}
        for vector in corpus["vectors"]:
            self.check_twin(vector, ids)

    def compare_file(self, vector: dict) -> None:
        """Everything that is stated of one file."""
        name = vector["id"]
        if vector["size"] > self.largest:
            self.left_out[TOO_LARGE].append(name)
            return
        data = bytes_of(vector["content"], self.stored)
        if not is_as_stated(vector, data):
            self.tally.disagree(name, None, "the stated size and digest", "other bytes")
        is_large = len(data) > LARGE_BYTES
        if is_large:
            self.left_out[ASKED_ONCE].append(name)
        listed = {leniencies_of(entry) for entry in vector.get("lenient", [])}
        # A `lenient` entry that no version has a use for is wrong.
        unused = set(listed)
        newest_read = None
        for version in self.versions[-1:] if is_large else self.versions:
            if self.has_no_expectation(vector, version):
                continue
            strict = expected_strictly(vector, version)
            came = ask(data, version, frozenset())
            self.accepts[name, version] = isinstance(came, Accepted)
            if isinstance(strict, Accepted) and isinstance(came, Accepted):
                newest_read = came
            self.tally.compare(f"{name} in {version}", data, strict, in_form_of(strict, came))
            for leniencies, expected in expected_leniently(vector, strict, version):
                if is_large and leniencies not in listed:
                    continue
                if isinstance(strict, Refused) and isinstance(expected, Accepted):
                    unused.discard(leniencies)
                came = in_form_of(expected, ask(data, version, leniencies))
                # A leniency may cover one fault and uncover another: an array that is read as an
                # entry can have a dtype that is unknown. The manifest does not say which rule is
                # left then.
                both_refuse = isinstance(expected, Refused) and isinstance(came, Refused)
                if both_refuse and relaxes(leniencies, expected.rules[0]):
                    expected = came
                what = f"{name} in {version} with {', '.join(sorted(leniencies))}"
                self.tally.compare(what, data, expected, came)
        for leniencies in sorted(unused, key=sorted):
            what = f"{name} with {', '.join(sorted(leniencies))}"
            self.tally.disagree(what, None, "a version in which they cover the fault", "none")
        self.check_accepted(vector, data, newest_read)

    def check_accepted(self, vector: dict, data: bytes, read: Accepted | None) -> None:
        """What is stated of a file that some version accepts, beside its reading."""
        name = vector["id"]
        if read is None:
            stated = sorted(vector.keys() & {"reading", "demands", "limits", "values"})
            accepted = "accept" in vector["expect"].values()
            if stated and not accepted:
                self.tally.disagree(name, None, f"a version that accepts it: {stated}", "none")
            return
        demanded = demands(data, read.reading)
        self.tally.check("demands", name, vector["demands"], demanded)
        self.tally.check("limits", name, sorted(vector.get("limits", [])), limits(demanded))
        if "values" in vector:
            source = vector["values"]
            text = bytes_of(source, self.stored)
            if not is_as_stated({"size": len(text)} | source, text):
                self.tally.disagree(name, None, "the stated digest of the values", "another")
            self.check_values(name, text.decode(), read)

    def check_values(self, name: str, text: str, read: Accepted) -> None:
        """The value of every element, by its meaning: two spellings of one double are the same."""
        stated, found = list(values_stated(text)), list(values_found(read))
        self.tally.checks["values"] += len(found)
        pairs = enumerate(zip_longest(stated, found, fillvalue="no line"), start=1)
        wrong = [(number, pair) for number, pair in pairs if pair[0] != pair[1]]
        if wrong:
            number, (expected, came) = wrong[0]
            what = f"values of {name}: lines that differ {len(wrong)}, the first is {number}"
            self.tally.disagree(what, None, str(expected), str(came))

    def compare_model(self, vector: dict) -> None:
        """Everything that is stated of one sharded model. Its advice is part of the answer."""
        name, entries = vector["id"], vector["content"]["folder"]
        if size_of_folder(entries) > self.largest:
            self.left_out[TOO_LARGE].append(name)
            return
        with tempfile.TemporaryDirectory() as folder:
            refused, other = lay_out(entries, self.stored, Path(folder))
            for path in refused:
                self.left_out[NOT_LAID_OUT].append(f"{name}:{path!r}")
            for path in other:
                self.tally.disagree(f"{name}: {path}", None, "the stated size and digest", "other")
            for version in self.versions:
                if self.has_no_expectation(vector, version):
                    continue
                expected = expected_strictly(vector, version)
                if isinstance(expected, Accepted):
                    expected = with_advice(expected.reading, vector.get("advises", []))
                came = answer_of(ask_model, Path(folder), vector["index"], version)
                self.accepts[name, version] = isinstance(came, Accepted)
                self.tally.compare(f"{name} in {version}", None, expected, came)

    def has_no_expectation(self, vector: dict, version: str) -> bool:
        """Whether there is nothing to compare with in a version, which is a disagreement."""
        if version in vector["expect"] and version in VERSIONS:
            return False
        self.tally.disagree(f"{vector['id']} in {version}", None, "an expectation", "none")
        return True

    def check_twin(self, vector: dict, ids: set[str]) -> None:
        """The twin, which is there if some version rejects the vector: it has to be accepted in the
        newest version that does."""
        rejecting = [
            version
            for version in self.versions
            if version in vector["expect"] and vector["expect"][version] != "accept"
        ]
        twin = vector.get("twin")
        if twin is None or not rejecting:
            self.tally.check("twin", vector["id"], bool(rejecting), twin is not None)
        elif twin not in ids:
            self.tally.disagree(f"twin of {vector['id']}", None, "a vector", twin)
        elif (twin, rejecting[-1]) not in self.accepts:
            self.left_out[TWIN_NOT_ASKED].append(twin)
        else:
            came = "accepted" if self.accepts[twin, rejecting[-1]] else "refused"
            what = f"{vector['id']}, {twin} in {rejecting[-1]}"
            self.tally.check("twin", what, "accepted", came)


def ask_model(folder: Path, name: str, version: str) -> Answer:
    """The answer of this reader about a sharded model."""
    report = index.examine(folder, name, version)
    if report.broken:
        return Refused(report.broken)
    return with_advice(report.reading, report.advice)


def with_advice(read: dict, advice: Sequence[str]) -> Accepted:
    """An accepted model with the recommendations that it does not follow, in any order."""
    return Accepted(read | {"advises": sorted(advice)})


def in_form_of(expected: Answer, came: Answer) -> Answer:
    """An answer with a digest in place of its reading, where that is what is expected."""
    both_accept = isinstance(expected, Accepted) and isinstance(came, Accepted)
    if both_accept and "tensor_count" in expected.reading:
        return Accepted(reading.digest(came.reading))
    return came


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


def expected_leniently(
    vector: dict, strict: Answer, version: str
) -> Iterator[tuple[frozenset[str], Answer]]:
    """The sets of leniencies to ask with, and what is expected with each.

    LNC-2: a valid file is read the same with any leniency. An invalid one is accepted with the sets
    of its `lenient` entries and refused with every other single leniency, and with each set less
    one. A version that refuses the file for another fault than the one that the set covers has no
    use for it. One that does not have a dtype of the reading refuses that: "What a leniency makes
    of a value is judged by all other rules" (section 19).
    """
    singles = [frozenset({name}) for name in LENIENCIES]
    if isinstance(strict, Accepted):
        for leniencies in [*singles, frozenset(LENIENCIES)]:
            yield leniencies, strict
        return
    covering: dict[frozenset[str], Answer] = {}
    for entry in vector.get("lenient", []):
        leniencies = leniencies_of(entry)
        if relaxes(leniencies, strict.rules[0]):
            dtypes = {tensor["dtype"] for tensor in entry["reading"]["tensors"]}
            known = dtypes <= vocabulary(version)
            covering[leniencies] = Accepted(entry["reading"]) if known else Refused(("DT-2",))
    refusing = {*singles, *(group - {name} for group in covering for name in group)}
    yield from covering.items()
    for leniencies in sorted(refusing - covering.keys(), key=sorted):
        if leniencies:
            yield leniencies, strict


def values_stated(text: str) -> Iterator[tuple]:
    """What the lines of a text of values mean: `# NAME DTYPE COUNT`, and then one element a
    line."""
    *lines, rest = text.split("\n")
    if rest:
        raise ValueError("a text of values does not end with its last line")
    dtype = ""
    for line in lines:
        if line.startswith("# "):
            name, end = json.JSONDecoder().raw_decode(line[2:])
            _, dtype, count = line[2 + end :].split(" ")
            yield name, dtype, count
        else:
            yield meaning(dtype, line)


def values_found(read: Accepted) -> Iterator[tuple]:
    """The same of an accepted file, tensor by tensor in the order of the reading."""
    for tensor, content in zip(read.reading["tensors"], read.contents, strict=True):
        dtype = tensor["dtype"]
        elements = list(values.decode(dtype, content))
        yield tensor["name"], dtype, str(len(elements))
        for element in elements:
            yield meaning(dtype, element if isinstance(element, str) else " ".join(element))


def meaning(dtype: str, text: str) -> tuple:
    """What the text of one element stands for: an integer, a double by its bits, or two doubles.
    A NaN is a NaN. A text in no such form stands for itself."""
    if dtype == "C64":
        parts = text.split(" ")
        return tuple(meaning("F32", part) for part in parts) if len(parts) == 2 else (text,)
    if dtype.startswith(("F", "BF")):
        if text in ("nan", "inf", "-inf"):
            return ("double", text)
        number = float(text) if _DECIMAL.fullmatch(text) else math.inf
        return ("double", struct.pack(">d", number).hex()) if math.isfinite(number) else (text,)
    return ("integer", int(text)) if _INTEGER.fullmatch(text) else (text,)
