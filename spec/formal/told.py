"""Says which rule it is about when a file of the model does not compile.

usage: python3 told.py FOLDER LOG

LOG is what coqc printed. Lemmas about one rule carry its id in their names, so the lemma in which the
error stands names the rule whose definition and decision no longer agree. Where the corpus fails inside
the prover, the failures name the rules that were expected and found.
"""

import pathlib
import re
import sys

ERROR = re.compile(r'File "(?:\./)?(?P<file>\w+\.v)", line (?P<line>\d+)')
CLAIM = re.compile(r"^\s*(?:Lemma|Theorem|Corollary|Fact|Example)\s+(?P<name>\w+)")
DEFINITION = re.compile(r"^\s*(?:Definition|Fixpoint|Inductive|Record|Notation|Module|Section)\b")
SHOWN = 10
RULE = re.compile(r"(?:^|_)(?P<area>[A-Z]+)_(?P<number>\d+)")

FAILURE = re.compile(
    r'vector := "(?P<vector>[^"]+)"; format_version := V(?P<version>\w+);.*?'
    r"expected := (?P<expected>.*?); found := (?P<found>.*?) \|\}"
)


def verdict(term: str) -> str:
    """A verdict as Coq prints it, in a word: the id of a rule, or `accept`."""
    refused = re.search(r"Refused (\w+)", term)
    return refused[1].replace("_", "-") if refused else "accept"


def failures(log: str) -> list[str]:
    """A line for people about each vector of which the model says something else than the corpus."""
    lines = []
    for found in FAILURE.finditer(" ".join(log.split())):
        expected, came = verdict(found["expected"]), verdict(found["found"])
        about = expected if expected != "accept" else came
        what = f"{expected} is expected, and the model says {came}"
        if expected == came == "accept":
            about, what = "RD-1", "the model reads something else than is expected"
        version = found["version"].replace("_", ".")
        lines.append(f"error: {about}: {found['vector']} in version {version}: {what}")
    return lines


def claim_at(source: str, line: int) -> str | None:
    """The claim in which a line stands; none if it stands in a definition."""
    name = None
    for text in source.splitlines()[:line]:
        if found := CLAIM.match(text):
            name = found["name"]
        elif DEFINITION.match(text):
            name = None
    return name


def told(source: str, file: str, line: int) -> str:
    """One line for people about an error at a line of a file."""
    name = claim_at(source, line)
    if name is None:
        return f"error: {file}, line {line}: this definition does not compile"
    rule = RULE.search(name)
    if rule is None:
        return (
            f"error: {file}, line {line}: the proof of `{name}` fails; if a rule was added or moved to "
            "another stage, it has no case here"
        )
    rule_id = f"{rule['area']}-{rule['number']}"
    return (
        f"error: {rule_id}: the proof of `{name}` fails ({file}, line {line}): what Format.v says of "
        f"{rule_id} and what Decide.v does are no longer the same"
    )


def main() -> int:
    """Reads the log, and prints a line for each failing vector and each file with an error."""
    folder, log = map(pathlib.Path, sys.argv[1:3])
    text = log.read_text(encoding="utf-8")
    vectors = failures(text)
    print("\n".join(vectors[:SHOWN]), end="\n" if vectors else "")
    if len(vectors) > SHOWN:
        print(f"and {len(vectors) - SHOWN} more")
    found = bool(vectors)
    for error in ERROR.finditer(text):
        source = folder / error["file"]
        if source.is_file():
            found = True
            print(told(source.read_text(encoding="utf-8"), error["file"], int(error["line"])))
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
