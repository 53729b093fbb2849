#!/usr/bin/env python3
"""Seeded faults: does the corpus alone notice a wrong grammar, a wrong table of dtypes, a wrong
oracle and a wrong model?

    spec/formal/faults.py                runs all, and writes faults.md
    spec/formal/faults.py --check        runs all, and compares with faults.md
    spec/formal/faults.py --quick        runs nothing: the texts are still there, and the table fits
    spec/formal/faults.py --only PREFIX  only the faults whose ids begin so; writes nothing

Each fault of faults.toml is a small change of one file. It is put into a copy, what follows from
the file is built again, and decides every stored vector of the corpus in every format version. The
fault is caught if one outcome is not what the manifest says: the first rule that is broken, or the
reading. Lenient readings are asked for in the last version. Proofs are not built, and no test runs:
what is shown is the worth of the vectors. The canonical writer is left out, and with it the
alignment of a dtype: no stored vector is a question to a writer.

Needs Python 3.11; for the model coqc, ocamlfind and zarith; for the others rustc, and cargo for the
grammar. The exit code is 0 if every fault is caught and the table is as it should be, 1 if one is
not, if its text is gone or if the table is old, and 2 if something could not be run.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = ROOT / "corpus"
SECONDS = 60
RULE = re.compile(r"[A-Z]+-[0-9]+")
TEXT_RULES = {"TXT-1", "TXT-2", "JSON-1", "JSON-2", "JSON-3", "JSON-4", "JSON-5", "PAD-1"}
THEORY = ["Tables.v", "Format.v", "Decide.v", "Extract.v"]
COMMAND = "spec/formal/faults.py"
# Modules of the crate `spec` that have no part in the decision on a file: without them it builds in
# half the time.
APART = "advice canonical coq formal index slice tables values".split()


class Stale(Exception):
    """The list or the table does not fit what is there."""


class Failed(Exception):
    """Something could not be run."""


@dataclass(frozen=True)
class Fault:
    """A small change, and what is wrong then."""

    id: str
    file: str
    old: str
    new: str
    rule: str
    wrong: str

    @property
    def subject(self) -> str:
        """What is changed: the first part of the id."""
        return self.id.split("/")[0]

    def applied(self) -> str:
        """The file with the change in it. A text that stands there twice, or no more, would make
        the fault another one than the sentence says."""
        text = (ROOT / self.file).read_text()
        if (count := text.count(self.old)) != 1:
            raise Stale(
                f"{self.id}: the text to be replaced occurs {count} times in {self.file}, and not "
                "once; adapt `from` in faults.toml, or remove the fault")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Request:
    """One question to a decider, and the answer that the manifest asks for."""

    vector: str
    version: str
    leniency: str | None
    bytes: bytes
    expected: str  # a rule, `accept`, or `refuse` by whatever rule
    reading: dict | None

    def fits(self, came: str) -> bool:
        """Whether an outcome is the expected one."""
        return came == self.expected or self.expected == "refuse" and RULE.fullmatch(came) is not None


@dataclass(frozen=True)
class Caught:
    """The first vector that shows a fault, and how many do."""

    vector: str
    version: str
    expected: str
    came: str
    vectors: int


def load(path: Path) -> list[Fault]:
    """The list of faults, each of which can be put in."""
    faults = []
    for row in tomllib.loads(path.read_text())["fault"]:
        try:
            faults.append(Fault(row["id"], row["file"], row["from"], row["to"], row["rule"], row["wrong"]))
        except KeyError as missing:
            raise Stale(f"{row.get('id', 'a fault')}: {missing} is missing in {path}") from None
        if faults[-1].subject not in SUBJECTS:
            raise Stale(f"{row['id']}: an id begins with one of {', '.join(SUBJECTS)}")
        faults[-1].applied()
    ids = [fault.id for fault in faults]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise Stale(f"{twice[0]}: the id occurs twice in {path}")
    return faults


def header_text(file: bytes) -> bytes | None:
    """The header text of a file with a frame that holds."""
    n = int.from_bytes(file[:8], "little")
    return file[8 : 8 + n] if len(file) >= 8 and n <= len(file) - 8 else None


def lenient_rules(manifest: dict) -> dict[str, set[str]]:
    """For each rule the leniencies under which some vector that breaks it is read."""
    rules: dict[str, set[str]] = {}
    for vector in manifest["vectors"]:
        for lenient in vector.get("lenient", []):
            rule = vector["expect"][manifest["versions"][-1]]["reject"]
            rules.setdefault(rule, set()).add(lenient["leniency"])
    return rules


def requests_on_files(manifest: dict) -> list[Request]:
    """Every stored file in every version, and behind them what the leniencies of its rule make of it.

    A vector that a leniency of its rule does not let through stays refused under it.
    """
    requests = []
    last = manifest["versions"][-1]
    of_rule = lenient_rules(manifest)
    for vector in sorted(manifest["vectors"], key=lambda vector: vector["id"]):
        if "path" not in vector["content"] or vector.get("operation", "read") != "read":
            continue
        file = (CORPUS / vector["content"]["path"]).read_bytes()
        for version, expected in vector["expect"].items():
            rule = expected if isinstance(expected, str) else expected["reject"]
            reading = vector["reading"] if rule == "accept" else None
            requests.append(Request(vector["id"], version, None, file, rule, reading))
        for lenient in vector.get("lenient", []):
            names = ",".join([lenient["leniency"], *also(lenient)])
            requests.append(Request(vector["id"], last, names, file, "accept", lenient["reading"]))
        if isinstance(expected := vector["expect"][last], dict):
            rule = expected["reject"]
            alone = {row["leniency"] for row in vector.get("lenient", []) if not also(row)}
            for name in sorted(of_rule.get(rule, set()) - alone):
                requests.append(Request(vector["id"], last, name, file, "refuse", None))
    return requests


def also(lenient: dict) -> list[str]:
    """The leniencies that a lenient reading takes beside the one that is named."""
    more = lenient.get("also_needs", [])
    return [more] if isinstance(more, str) else more


def requests_on_texts(manifest: dict) -> list[Request]:
    """Every header text; which rules of the text it breaks does not depend on the version."""
    last = manifest["versions"][-1]
    requests = []
    for request in requests_on_files(manifest):
        text = header_text(request.bytes)
        if request.version != last or request.leniency or text is None or request.expected == "LEN-2":
            continue
        expected = "refuse" if request.expected in TEXT_RULES else "accept"
        requests.append(Request(request.vector, "every", None, text, expected, None))
    return requests


def framed(request: Request) -> bytes:
    """A request on a file, as `main.ml` and `decide.rs` take it."""
    size = len(request.bytes)
    line = f"check {request.version} {request.leniency or '-'} {size} {size}\n"
    return line.encode() + request.bytes


def framed_text(request: Request) -> bytes:
    """A request on a header text: its length in a line, and the text."""
    return f"{len(request.bytes)}\n".encode() + request.bytes


def rust(args: list[str | Path], fault: str) -> None:
    """Compiles without optimisation, which is fast; an overflow panics, and so is seen."""
    flags = ["--edition", "2024", "--cap-lints", "allow", "-C", "overflow-checks=on"]
    run(["rustc", *flags, *args], fault)


def run(command: list[str | Path], fault: str, where: Path | None = None) -> str:
    """Runs a step of a build."""
    try:
        done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    except FileNotFoundError:
        raise Failed(f"{command[0]} is missing; the first lines of {COMMAND} say what is needed") from None
    if done.returncode != 0:
        raise Failed(f"{fault}: does not build: {done.stderr.strip()[-600:]}")
    return done.stdout


class Oracle:
    """The crate `spec`, which has no dependency, with `spec/examples/decide.rs` around it."""

    requests, framed = staticmethod(requests_on_files), staticmethod(framed)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, folder: Path, fault: Fault | None) -> list[str | Path]:
        """The command that answers."""
        name = fault.id if fault else "the oracle"
        shutil.copytree(ROOT / "spec/src", folder / "spec/src")
        root = folder / "spec/src/lib.rs"
        for module in APART:
            lines = rf"^pub mod {module};\n|^mod {module};\n|^pub use {module}::[^;]*;\n"
            root.write_text(re.sub(lines, "", root.read_text(), flags=re.MULTILINE))
        if fault:
            (folder / fault.file).write_text(fault.applied())
        library = folder / "libspec.rlib"
        rust(["--crate-name", "spec", "--crate-type", "rlib", "-o", library, root], name)
        main = ROOT / "spec/examples/decide.rs"
        rust(["--extern", f"spec={library}", "-o", folder / "decide", main], name)
        return [folder / "decide"]


class Theory:
    """The model: the extracted program behind its shim. Only what follows from the changed file is
    compiled again."""

    requests, framed = staticmethod(requests_on_files), staticmethod(framed)

    def __init__(self, folder: Path) -> None:
        self.clean = folder / "model"
        self.clean.mkdir()
        for name in [*THEORY, "main.ml"]:
            shutil.copy(HERE / name, self.clean)
        # Faults are put into Decide.v, so its `look` is extracted, and not the one of Fast.v, which is
        # proved to be the same: no proof is built here.
        extract = self.clean / "Extract.v"
        extract.write_text(extract.read_text().replace(" Fast.\n", ".\n").replace("Fast.look", "look"))
        self.compile(self.clean, THEORY, "the model")

    def compile(self, folder: Path, files: list[str], name: str) -> None:
        """Compiles the theory, extracts the program and compiles it."""
        for file in files:
            run(["coqc", "-q", "-Q", ".", "Safetensors", file], name, folder)
        sources = ["model.mli", "model.ml", "main.ml"]
        flags = ["-package", "zarith", "-linkpkg", "-w", "-a"]
        run(["ocamlfind", "ocamlopt", *flags, *sources, "-o", "checker"], name, folder)

    def build(self, folder: Path, fault: Fault | None) -> list[str | Path]:
        """The command that answers."""
        if not fault:
            return [self.clean / "checker"]
        shutil.copytree(self.clean, folder, dirs_exist_ok=True)
        changed = Path(fault.file).name
        (folder / changed).write_text(fault.applied())
        self.compile(folder, THEORY[THEORY.index(changed) :], fault.id)
        return [folder / "checker"]


class Grammar:
    """The grammar, run by the matcher for ABNF as it stands."""

    requests, framed = staticmethod(requests_on_texts), staticmethod(framed_text)

    def __init__(self, folder: Path) -> None:
        build = ["cargo", "build", "-q", "--release", "-p", "grammar", "--example", "accepts"]
        lines = run([*build, "--message-format", "json"], "the grammar", ROOT).splitlines()
        programs = [json.loads(line).get("executable") for line in lines]
        self.program = next(program for program in programs if program)

    def build(self, folder: Path, fault: Fault | None) -> list[str | Path]:
        """The command that answers."""
        grammar = folder / "header.abnf"
        grammar.write_text(fault.applied() if fault else (ROOT / "spec/header.abnf").read_text())
        return [self.program, grammar]


SUBJECTS = {"grammar": Grammar, "dtypes": Oracle, "oracle": Oracle, "model": Theory}


def answers(command: list[str | Path], requests: Path, out: Path) -> tuple[list[str], str]:
    """What a decider answers, and what became of it at the end."""
    with requests.open("rb") as asked, out.open("wb") as told:
        try:
            code = subprocess.run(command, stdin=asked, stdout=told, stderr=subprocess.DEVNULL,
                                  timeout=SECONDS).returncode
            end = f"died with {code}"
        except subprocess.TimeoutExpired:
            end = f"no answer within {SECONDS} s"
    lines = out.read_text().split("\n")
    return lines[:-1], end


def summary(answer: str) -> str:
    """An answer in a word, as an expectation has it."""
    words = answer.split(" ")
    return {"accepted": "accept", "refused": words[1] if len(words) > 1 else "refuse"}.get(words[0], answer)


def reads(answer: str, request: Request) -> bool:
    """Whether an answer is the reading of the manifest."""
    n = int.from_bytes(request.bytes[:8], "little")
    words, metadata, tensors = answer.split(" ")[1:], [], []
    text = lambda token: "" if token == "-" else bytes.fromhex(token).decode()
    while words:
        if words[0] == "m":
            metadata.append((text(words[1]), text(words[2])))
            words = words[3:]
            continue
        _, name, dtype, shape, begin, end, *words = words
        data = request.bytes[8 + n + int(begin) : 8 + n + int(end)]
        shape = [] if shape == "-" else shape.split(",")
        digest = hashlib.sha256(data).hexdigest()
        tensors.append({"name": text(name), "dtype": text(dtype), "shape": shape, "sha256": digest})
    tensors.sort(key=lambda tensor: tensor["name"].encode())
    if "tensors" not in request.reading:
        # Of very many tensors the manifest has the number and one digest.
        return len(tensors) == request.reading["tensor_count"]
    # The manifest has dimensions above 2^53 - 1 as strings.
    wanted = [{**tensor, "shape": [str(dim) for dim in tensor["shape"]]} for tensor in request.reading["tensors"]]
    wanted.sort(key=lambda tensor: tensor["name"].encode())
    pairs = sorted(request.reading["metadata"].items())
    return tensors == wanted and sorted(metadata) == pairs


def judged(told: list[str], end: str, requests: list[Request], right: list[str]) -> Caught | None:
    """The first vector whose outcome is not the one of the manifest, and how many there are. Behind
    the place where a decider died or hung nothing is judged."""
    wrong: list[tuple[Request, str]] = []
    for at, request in enumerate(requests):
        if at >= len(told):
            wrong.append((request, end))
            break
        if request.expected == "accept":
            if told[at] != right[at]:
                came = summary(told[at])
                wrong.append((request, "another reading" if came == "accept" else came))
        elif not request.fits(summary(told[at])):
            wrong.append((request, summary(told[at])))
    if not wrong:
        return None
    first, came = wrong[0]
    version = f"{first.version} with {first.leniency}" if first.leniency else first.version
    return Caught(first.vector, version, first.expected, came, len({r.vector for r, _ in wrong}))


class Bench:
    """Builds and runs what is changed, beside what is not."""

    def __init__(self, folder: Path, manifest: dict) -> None:
        self.folder, self.manifest = folder, manifest
        self.ready: dict[type, tuple] = {}

    def prepare(self, subject: str) -> None:
        """Writes the requests, and holds the unchanged subject against the manifest: where they
        differ, no fault could be told from it."""
        kind = SUBJECTS[subject]
        if kind in self.ready:
            return
        folder = self.folder / kind.__name__
        folder.mkdir()
        built = kind(folder)
        requests = kind.requests(self.manifest)
        asked = folder / "requests"
        asked.write_bytes(b"".join(kind.framed(request) for request in requests))
        (folder / "clean").mkdir()
        right, end = answers(built.build(folder / "clean", None), asked, folder / "answers")
        if len(right) != len(requests):
            raise Failed(f"{subject}: unchanged, it answers {len(right)} of {len(requests)} requests: {end}")
        for request, answer in zip(requests, right):
            fits = request.fits(summary(answer))
            if not fits or request.reading is not None and not reads(answer, request):
                raise Failed(f"{subject}: unchanged, it does not say what the manifest says of "
                             f"{request.vector} in {request.version}: {answer[:100]}")
        self.ready[kind] = (built, asked, requests, right)

    def judge(self, fault: Fault) -> Caught | None:
        """Whether the corpus notices a fault."""
        built, asked, requests, right = self.ready[SUBJECTS[fault.subject]]
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name)
            told, end = answers(built.build(folder, fault), asked, folder / "answers")
        return judged(told, end, requests, right)


def run_all(faults: list[Fault]) -> list[Caught | None]:
    """What catches each fault."""
    # The extracted program recurs as deep as a text is long.
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (most, most))
    manifest = json.loads((CORPUS / "manifest.json").read_text())
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        bench = Bench(Path(name), manifest)
        for subject in dict.fromkeys(fault.subject for fault in faults):
            bench.prepare(subject)
        return list(pool.map(bench.judge, faults))


def cell(text: str) -> str:
    """A text in a table of Markdown."""
    return text.replace("|", "\\|")


def key(fault: Fault) -> str:
    """The part of a row of the table that the list says."""
    return f"| {fault.id} | {fault.rule} | {cell(fault.wrong)} |"


def row(fault: Fault, caught: Caught) -> str:
    """A row of the table."""
    return (f"{key(fault)} {caught.vector} | {caught.version} | {cell(caught.expected)} "
            f"| {cell(caught.came)} | {caught.vectors} |")


def table(faults: list[Fault], rows: list[str]) -> str:
    """The text of faults.md."""
    counts = ", ".join(f"{sum(f.subject == s for f in faults)} in {what}" for s, what in WHERE.items())
    return (
        "# Seeded faults, and the vectors that catch them\n\n"
        f"Generated by `{COMMAND}` from `faults.toml`; its first lines say how. {len(faults)} faults:\n"
        f"{counts}.\nFor each of them the first of the stored vectors whose outcome is not the one of "
        "the manifest, and\nhow many there are.\n\n"
        "| fault | rule | what is wrong | vector | version | expected | came | vectors |\n"
        "|---|---|---|---|---|---|---|---|\n" + "".join(f"{line}\n" for line in rows))


WHERE = {"grammar": "the grammar", "dtypes": "the table of dtypes", "oracle": "the oracle",
         "model": "the model"}


def quick(faults: list[Fault], stored: str) -> None:
    """Checks that the table has a row for each fault of the list, and no others."""
    lines = [line for line in stored.splitlines() if line.startswith("| ") and "/" in line.split(" | ")[0]]
    for fault in faults:
        if not any(line.startswith(key(fault)) for line in lines):
            raise Stale(f"{fault.id}: faults.md has no such row; run {COMMAND}")
    known = {fault.id for fault in faults}
    for line in lines:
        if (id := line[2:].split(" | ")[0]) not in known:
            raise Stale(f"{id}: faults.toml has no such fault, and faults.md has; run {COMMAND}")


def main(argv: list[str]) -> int:
    """Runs what is asked for, and says what is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with faults.md, and write nothing")
    parser.add_argument("--quick", action="store_true", help="check the list and the table, and run nothing")
    parser.add_argument("--only", metavar="PREFIX", default="", help="only the faults whose ids begin so")
    parser.add_argument("--list", metavar="FILE", type=Path, default=HERE / "faults.toml",
                        help="another list of faults; its table stands beside it")
    args = parser.parse_args(argv)
    try:
        return judge_list(args)
    except Stale as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (Failed, OSError, tomllib.TOMLDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def judge_list(args: argparse.Namespace) -> int:
    """The work of `main`."""
    every = load(args.list)
    place = args.list.with_suffix(".md")
    stored = place.read_text() if place.exists() else ""
    if args.quick:
        quick(every, stored)
        return 0
    faults = [fault for fault in every if fault.id.startswith(args.only)]
    if not faults:
        raise Stale(f"no fault has an id that begins with {args.only}")
    outcomes = run_all(faults)
    for fault, caught in zip(faults, outcomes):
        if caught is None:
            print(f"error: {fault.id}: no vector catches it; {fault.wrong}", file=sys.stderr)
    if None in outcomes:
        return 1
    rows = [row(fault, caught) for fault, caught in zip(faults, outcomes)]
    if args.check:
        present = set(stored.splitlines())
        old = [fault.id for fault, line in zip(faults, rows) if line not in present]
        if old or not args.only and stored != table(faults, rows):
            raise Stale(f"{', '.join(old) or 'the text around the rows'}: faults.md says otherwise; run {COMMAND}")
    elif args.only:
        print("\n".join(rows))
    else:
        place.write_text(table(faults, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
