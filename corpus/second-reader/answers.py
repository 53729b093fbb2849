"""What the two sides of a comparison say, and the count of what was compared.

Nothing here knows where a question comes from, or decides what a file is worth.
"""

import json
from collections import Counter
from collections.abc import Callable

from reader import Accepted, Refused, examine

#: Files up to this length are shown in hexadecimal when answers differ.
SHOWN_BYTES = 1024

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
        self.checks: Counter[str] = Counter()

    def compare(self, what: str, data: bytes | None, expected: Answer, came: Answer) -> None:
        """Counts one answer; prints both where they differ."""
        self.compared += 1
        if isinstance(came, Accepted):
            self.verdicts["accepted"] += 1
        elif isinstance(came, Refused):
            self.verdicts["refused"] += 1
            self.rules.update(came.rules)
        else:
            self.verdicts["no answer"] += 1
        if say(expected) != say(came):
            self.disagree(what, data, say(expected), say(came))

    def check(self, kind: str, what: str, expected: object, came: object) -> None:
        """Counts one statement of the manifest beside the answers; prints both sides where they
        differ."""
        self.checks[kind] += 1
        if show(expected) != show(came):
            self.disagree(f"{kind} of {what}", None, show(expected), show(came))

    def disagree(self, what: str, data: bytes | None, expected: str, came: str) -> None:
        """Prints one disagreement."""
        self.disagreements += 1
        print(f"disagreement: {what}\n  expected  {expected}\n  came      {came}")
        if data is not None:
            small = len(data) <= SHOWN_BYTES
            print(f"  file      {data.hex() if small else f'{len(data)} bytes'}")

    def finish(self) -> int:
        """Prints the counts in one line, and gives the exit code."""
        counts = f"compared {self.compared} ({listing(self.verdicts) or 'nothing'})"
        if self.checks:
            counts += f"; checked: {listing(self.checks)}"
        rules = listing(self.rules) or "none"
        print(f"{counts}; rules: {rules}; disagreements {self.disagreements}")
        if self.compared == 0:
            return COULD_NOT_RUN
        return DISAGREED if self.disagreements else AGREED


def listing(counts: Counter[str]) -> str:
    """Counts in one line."""
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def show(value: object) -> str:
    """A value of the manifest in one line. Values are compared in this form, since Python holds
    `true`, `1` and `1.0` for equal."""
    return json.dumps(value, sort_keys=True)


def say(answer: Answer) -> str:
    """An answer in one line."""
    if isinstance(answer, Accepted):
        return "accepted: " + show(answer.reading)
    if isinstance(answer, Refused):
        return "refused: " + (", ".join(answer.rules) or "no rule named")
    return answer


def ask(data: bytes, version: str, leniencies: frozenset[str]) -> Answer:
    """The answer of this reader."""
    return answer_of(examine, data, version, leniencies)


def answer_of(question: Callable[..., Answer], *what: object) -> Answer:
    """What a question comes to. A crash is never a refusal (RD-4): it is an answer of its own."""
    try:
        return question(*what)
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
