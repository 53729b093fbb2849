"""Counts what became of the mutants, and holds the survivors to `equivalent.toml`.

usage: score.py FIRST SECOND [OPTION...]

FIRST and SECOND are the results of cargo-mutants without and with the vectors that are made on
demand. With an option, only some mutants were asked for, and a listed one that is not among them
is not missed.
"""

import json
import sys
import tomllib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def outcomes(folder):
    """The mutants of a run: what was done, and what became of it."""
    for outcome in json.loads((folder / "outcomes.json").read_text())["outcomes"]:
        if outcome["scenario"] != "Baseline":
            log = (folder / outcome["log_path"]).read_text(errors="replace")
            yield outcome["scenario"]["Mutant"], fate(outcome["summary"], log)


def fate(summary, log):
    """Who noticed: each stage of the judge that holds leaves a line in the log."""
    if summary == "CaughtMutant":
        if "judge: findings ok" in log:
            return "giants"
        return "findings" if "judge: values ok" in log else "expectations"
    return {"MissedMutant": "survived", "Timeout": "timed out", "Unviable": "unviable"}[summary]


def key(mutant):
    """What a mutant is called in the list: without line numbers, since lines move."""
    (start, end) = (mutant["span"]["start"], mutant["span"]["end"])
    what = mutant["name"].split(": ", 1)[1]
    if start["line"] != end["line"] or mutant["genre"] == "FnValue":
        return mutant["file"], what, None
    line = (ROOT / mutant["file"]).read_text().splitlines()[start["line"] - 1]
    becomes = line[: start["column"] - 1] + mutant["replacement"] + line[end["column"] - 1 :]
    return mutant["file"], what, " ".join(becomes.split())


def listed():
    """The mutants that change no answer, by their keys."""
    with (HERE / "equivalent.toml").open("rb") as file:
        table = tomllib.load(file)
    for group in table["equivalent"] + table["beyond"]:
        for mutant in group["mutants"]:
            yield group["file"], mutant["what"], mutant.get("becomes")


def main():
    first, second, *options = sys.argv[1:]
    fates = {}
    folders = [Path(first)]
    # Where the first run left nothing to ask again, the second leaves no results.
    if (Path(second) / "outcomes.json").exists():
        folders.append(Path(second))
    for folder in folders:
        for mutant, what in outcomes(folder):
            fates[mutant["name"]] = key(mutant), what
    counts = Counter(what for _, what in fates.values())
    survivors = Counter(mutant for mutant, what in fates.values() if what == "survived")
    known = Counter(listed())
    seen = {mutant for mutant, _ in fates.values()}
    new = survivors - known
    gone = Counter({k: n for k, n in (known - survivors).items() if k in seen or not options})
    for mutant in new.elements():
        print("not noticed, and not listed:", *(part for part in mutant if part))
    for mutant in gone.elements():
        print("listed, and noticed or gone:", *(part for part in mutant if part))
    stages = ["expectations", "giants", "findings", "timed out", "survived", "unviable"]
    print(f"mutants {sum(counts.values())}:", ", ".join(f"{s} {counts[s]}" for s in stages))
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
