"""Compares this reader with the answers of another program, which come as JSON lines."""

from collections.abc import Iterable

from answers import Answer, CannotRun, Tally, ask, load
from reader import Accepted, Refused
from tables import LENIENCIES, VERSIONS


def compare(lines: Iterable[bytes]) -> int:
    """Every line of a stream of generated files; gives the exit code."""
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
