"""Writes coverage.md from what llvm-cov measured; coverage.sh measures it, and calls this.

    coverage.py [--check] --rust VERSION --crate NAME FOLDER

FOLDER holds the exports `text` and `lcov` of llvm-cov and the `metadata` of cargo. What is measured
comes from there alone; coverage.toml says what each function is for, and why the lines that are
not reached are not. Its claims are checked: each function has one place, each line that is not
reached has one reason, and none is left over.

Exit code 0: written, or the same. 1: coverage.md differs, or a claim is not true. 2: nothing was
measured.
"""

import argparse
import collections
import dataclasses
import json
import pathlib
import re
import sys
import tomllib

HERE = pathlib.Path(__file__).parent
# The kind of a region that is code, and not a gap or what a macro was expanded to.
CODE = 0


class CannotMeasure(Exception):
    """What llvm-cov or cargo wrote is not what it is expected to be."""


class Untrue(Exception):
    """A claim of coverage.toml is not true, or one is missing."""


@dataclasses.dataclass(frozen=True)
class Count:
    """How many there are of something, and how many of them are reached."""

    reached: int = 0
    all: int = 0

    @classmethod
    def of(cls, hits):
        hits = list(hits)
        return cls(sum(map(bool, hits)), len(hits))

    def __add__(self, other):
        return Count(self.reached + other.reached, self.all + other.all)

    def __str__(self):
        return f"{self.reached} of {self.all}" if self.all else "·"

    def share(self):
        # Rounded down, so that 100 % is all of them.
        return f"{self.reached * 1000 // self.all / 10:.1f} %" if self.all else "·"


@dataclasses.dataclass
class Function:
    """A function of the crate with its closures; every instance of a generic one is this one."""

    file: str
    name: str
    first: int
    last: int
    regions: dict
    branches: dict
    lines: dict
    part: str = ""

    def counts(self):
        sides = [side for sides in self.branches.values() for side in sides]
        return [Count.of(hits) for hits in (self.lines.values(), self.regions.values(), sides)]

    def is_reached(self):
        return any(self.regions.values())

    def missed(self):
        """The lines on which a line, a region or a side of a branch is not reached."""
        lines = {line for line, hits in self.lines.items() if not hits}
        lines |= {place[0] for place, hits in self.regions.items() if not hits}
        lines |= {place[0] for place, sides in self.branches.items() if not all(sides)}
        return sorted(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--rust", required=True)
    parser.add_argument("--crate", required=True)
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    try:
        written = write(arguments)
    except CannotMeasure as error:
        print(f"coverage.py: {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError, KeyError) as error:
        print(f"coverage.py: what it reads is not in the form that it expects: {error!r}", file=sys.stderr)
        return 2
    except Untrue as error:
        print(f"coverage.py: coverage.toml: {error}", file=sys.stderr)
        return 1
    path = HERE / "coverage.md"
    if not arguments.check:
        path.write_text(written, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != written:
        print("coverage.py: coverage.md is stale; run corpus/strength/coverage.sh", file=sys.stderr)
        return 1
    return 0


def write(arguments):
    version, source = package(arguments.folder / "metadata", arguments.crate)
    paths = sorted(source.glob("*.rs"))
    texts = {path.name: path.read_text(encoding="utf-8").split("\n") for path in paths}
    files, functions = measured(arguments.folder, source, texts)
    claims = tomllib.loads((HERE / "coverage.toml").read_text(encoding="utf-8"))
    if claims["version"] != version:
        raise Untrue(f"it is about {arguments.crate} {claims['version']}, and {version} was built; go through it")
    assign_parts(functions, claims["part"])
    reasons = match_reasons(functions, claims["missed"], texts)
    return page(arguments, version, files, functions, claims["part"], reasons)


# What was measured


def package(path, crate):
    """The version of the crate that was built, and the folder of its source."""
    found = [p for p in json.loads(path.read_text(encoding="utf-8"))["packages"] if p["name"] == crate]
    if len(found) != 1:
        raise CannotMeasure(f"cargo knows {len(found)} packages `{crate}`")
    return found[0]["version"], pathlib.Path(found[0]["manifest_path"]).parent / "src"


def measured(folder, source, texts):
    """The counts of each file as llvm-cov makes them, and the functions, in the order of the source."""
    export = json.loads((folder / "text").read_text(encoding="utf-8"))["data"][0]
    lines = lines_of((folder / "lcov").read_text(encoding="utf-8"), source)
    summaries = {}
    for file in export["files"]:
        path = pathlib.Path(file["filename"])
        if path.parent == source:
            # The summary has a line of a function twice that is a line of a closure as well.
            kinds = [file["summary"][kind] for kind in ("regions", "branches")]
            own = [Count(kind["covered"], kind["count"]) for kind in kinds]
            summaries[path.name] = [Count.of(lines[path.name].values()), *own]
    if not summaries:
        raise CannotMeasure("no file of the crate is in the profile")
    found = {}
    for record in export["functions"]:
        path = pathlib.Path(record["filenames"][0])
        if path.parent == source:
            add(found, path.name, record)
    functions = fold(found, texts, lines)
    files = {}
    for name in texts:
        own = [function for function in functions if function.file == name]
        sums = [sum(column, Count()) for column in zip(*(function.counts() for function in own))]
        told = summaries.get(name, [])
        if sums != told:
            raise CannotMeasure(f"{name}: the functions have {sums}, and llvm-cov says {told}")
        files[name] = [Count.of(function.is_reached() for function in own), *(told or [Count()] * 3)]
    return files, functions


def lines_of(lcov, source):
    """How often each line was reached, by file."""
    lines, current = collections.defaultdict(dict), None
    for row in lcov.splitlines():
        key, _, value = row.partition(":")
        if key == "SF":
            path = pathlib.Path(value)
            current = path.name if path.parent == source else None
        elif key == "DA" and current:
            line, hits = value.split(",")[:2]
            lines[current][int(line)] = int(hits)
    return lines


def add(found, file, record):
    """Adds a record of llvm-cov: one instance of a function or of a closure."""
    start = tuple(record["regions"][0][:2])
    regions, branches = found.setdefault((file, start), ({}, {}))
    for *place, hits, _file, _expanded, kind in record["regions"]:
        if kind == CODE:
            regions[tuple(place)] = regions.get(tuple(place), 0) + hits
    for *place, yes, no, _file, _expanded, _kind in record["branches"]:
        before = branches.get(tuple(place), (0, 0))
        branches[tuple(place)] = (before[0] + yes, before[1] + no)


def fold(found, texts, lines):
    """The functions by name, each with the closures that lie in it."""
    functions = []
    for (file, (line, column)), (regions, branches) in sorted(found.items()):
        text = texts[file][line - 1][column - 1 :]
        named = re.match(r"(?:pub(?:\(crate\))? )?fn (\w+)", text)
        if named is None:
            outer = functions[-1] if functions else None
            if outer is None or outer.file != file or line > outer.last:
                raise CannotMeasure(f"{file}:{line}: a closure that lies in no function: {text}")
            outer.regions |= regions
            outer.branches |= branches
            continue
        last = max(place[2] for place in regions)
        own = {number: hits for number, hits in lines[file].items() if line <= number <= last}
        name = qualified(texts[file], line, named[1])
        functions.append(Function(file, name, line, last, regions, branches, own))
    return functions


def qualified(text, line, name):
    """The name of the function of this line together with the `impl` that it stands in."""
    indent = len(text[line - 1]) - len(text[line - 1].lstrip())
    if indent == 0:
        return name
    opening = next(n for n in range(line - 2, -1, -1) if re.match(rf" {{{indent - 4}}}impl\b", text[n]))
    header = " ".join(text[opening:line]).split("{")[0].split(" where ")[0].strip()
    header = re.sub(r"^impl(<[^>]*>)? ", "", header)
    header = re.sub(r"<'\w+>", "", re.sub(r"'\w+, ", "", header))
    trait, _, subject = header.rpartition(" for ")
    return f"<{subject} as {trait}>::{name}" if trait else f"{subject}::{name}"


# What is claimed of it


def assign_parts(functions, parts):
    places = collections.Counter(name for part in parts for name in part["functions"])
    twice = [name for name, count in places.items() if count > 1]
    missing = sorted({function.name for function in functions} - set(places))
    gone = sorted(set(places) - {function.name for function in functions})
    for what, names in (("named twice", twice), ("in no part", missing), ("not in the crate", gone)):
        if names:
            raise Untrue(f"{what}: {', '.join(names)}")
    for part in parts:
        for function in functions:
            if function.name in part["functions"]:
                function.part = part["name"]


def match_reasons(functions, claims, texts):
    """The lines that are not reached of functions that are, each group with its reason."""
    due = {
        (function.file, line): function
        for function in functions
        if function.is_reached()
        for line in function.missed()
    }
    reasons = []
    for claim in claims:
        first, last = claim["lines"]
        places = [(claim["file"], line) for line in range(first, last + 1)]
        met = [due.pop(place) for place in places if place in due]
        if not met:
            raise Untrue(f"{claim['file']}:{first}-{last} is reached, or has a reason already")
        code = texts[claim["file"]][first - 1].strip()
        reasons.append((met[0], first, last, code, claim["because"]))
    if due:
        rows = [f"{file}:{line}: {texts[file][line - 1].strip()}" for file, line in sorted(due)]
        raise Untrue("not reached, and no reason is given:\n  " + "\n  ".join(rows))
    return sorted(reasons, key=lambda reason: (reason[0].file, reason[1]))


# The page


def quoted(code):
    """A line of code for a cell of a table."""
    fence = "``" if "`" in code else "`"
    return fence + code.replace("|", "\\|") + fence


def why_not(function):
    if not function.is_reached():
        return function.part
    return "above" if function.missed() else "·"


def page(arguments, version, files, functions, parts, reasons):
    def table(head, rows):
        ruled = ["|---" * len(head) + "|"]
        return [f"| {' | '.join(head)} |", *ruled, *(f"| {' | '.join(row)} |" for row in rows), ""]

    kinds = ["lines", "regions", "branches"]
    total = [sum(column, Count()) for column in zip(*files.values())]
    reading = [function for function in functions if function.part == "reading"]
    sums = [sum(column, Count()) for column in zip(*(function.counts() for function in reading))]
    whole = [Count.of(function.is_reached() for function in reading), *sums]
    out = [
        "# How much of the reference implementation the corpus reaches",
        "",
        f"What the stored vectors reach in the crate `{arguments.crate}` {version}, when `stconform run` asks it to read each",
        f"of them: measured by `corpus/strength/coverage.sh` with Rust {arguments.rust}, which writes this page. The words beside",
        "the numbers are in `coverage.toml`, and the script fails where one of them is not true.",
        "",
        "A region is a piece of code without a jump; a branch is one side of a condition in an `if`, a `let … else` or a chain",
        "of `&&` and `||`. Of a `match` and a `?` the compiler counts the regions and no branches, and of a closure that is a",
        "mere field or constant nothing but the line. It counts nothing of code that is derived: here the parsers of an entry",
        "and of a dtype's name, which are serde's. A closure belongs to the function that it stands in, and all instances of a",
        "generic function are one.",
        "",
        "## The reading path",
        "",
        *table(
            ["", "reached", "share"],
            [[kind, str(count), count.share()] for kind, count in zip(["functions", *kinds], whole)],
        ),
        *table(
            ["function", *kinds],
            [[f"`{function.name}`", *map(str, function.counts())] for function in reading],
        ),
        "## What is not reached in functions that are",
        "",
        *table(
            ["function", "lines", "from", "why"],
            [
                [f"`{function.name}`", str(first) if first == last else f"{first}–{last}", quoted(code), because]
                for function, first, last, code, because in reasons
            ],
        ),
        "## The files",
        "",
        *table(
            ["file", "functions", *kinds],
            [[f"`{name}`", *map(str, counts)] for name, counts in files.items()] + [["all", *map(str, total)]],
        ),
        "Of a reader's corpus nobody can expect all of them: it writes no file, and takes no slice.",
        "",
        "## The other functions",
        "",
    ]
    rows = []
    for part in parts:
        if part["name"] == "reading":
            continue
        rows += [
            [f"`{function.name}`", *map(str, function.counts()), why_not(function)]
            for function in functions
            if function.part == part["name"]
        ]
    out += table(["function", *kinds, "why not"], rows)
    out += [f"- **{part['name']}**: {part['about']}" for part in parts if part["name"] != "reading"]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.exit(main())
