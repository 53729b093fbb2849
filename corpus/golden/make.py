#!/usr/bin/env python3
"""Makes the golden files: installs pinned writers, hands them the models, keeps what they wrote.

    python3 corpus/golden/make.py            write the files and golden.json
    python3 corpus/golden/make.py --check    write nothing; fail if anything would change

No byte of a file comes from this program, and no expectation from a file: a file is what a writer
wrote, and the expectation is the model that the writer was handed. README.md says what is needed.
"""

import argparse
import functools
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import models

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE / "writers"

# The models that are handed over without metadata even where custom adds some.
BARE = ("one-tensor", "no-tensors")

DTYPES_OF_NUMPY = {d for d, (_, since) in models.DTYPES.items() if since == "1.0"} - {"BF16"}


class Failure(Exception):
    """Something that keeps the files from being made; the message says what to do."""


@dataclass(frozen=True)
class Writer:
    """One released writer. The program that drives it is `writers/<name>`."""

    name: str
    version: str
    language: str
    registry: str
    package: str
    dtypes: frozenset
    # The Python that the pinned packages are for, if it is a writer in Python.
    python: str | None = None
    # Models with two or more tensors, or with two or more keys, come out in an order that changes
    # from run to run.
    tensors_in_any_order: bool = False
    metadata_in_any_order: bool = False
    # Programs that it calls, which no package brings.
    needs: tuple = ()
    # The models that it is handed, where all of them would show nothing more.
    only: tuple = ()
    # Metadata that its users hand over by custom, for models that have none.
    custom: dict | None = None

    def handed(self):
        """The models as this writer gets them, and those that it cannot be handed."""
        for model in models.MODELS:
            if self.only and model.name not in self.only:
                continue
            fitting = model.only(self.dtypes)
            if fitting != model and not model.divisible:
                yield model, "it lacks a dtype of the model"
            elif self.custom and model.name not in BARE and model.metadata is None:
                about = f"{fitting.about}, and metadata by custom"
                yield replace(fitting, metadata=self.custom, about=about), None
            else:
                yield fitting, None

    def title(self):
        return f"{self.package} {self.version} for {self.language}"

    def key(self, model_name):
        return (self.name, self.version, model_name)

    def in_any_order(self, model):
        """Whether the file of this model is another one in each run."""
        return (self.tensors_in_any_order and len(model.tensors) > 1) or (
            self.metadata_in_any_order and len(model.metadata or {}) > 1
        )


def release(version):
    """A release version as numbers that compare."""
    return tuple(int(part) for part in version.split("rc")[0].split("."))


def safetensors(version):
    """A release of the Python package `safetensors`."""
    number = release(version)
    # The first release whose Python package writes the dtypes of a format version.
    firsts = {"1.0": (0, 0), "1.1": (0, 4, 2), "1.2": (0, 6), "1.3": (0, 7), "1.4": (0, 8)}
    dtypes = {d for d, (_, since) in models.DTYPES.items() if number >= firsts[since]}
    return Writer(
        name="safetensors",
        version=version,
        language="Python",
        registry="PyPI",
        package="safetensors",
        dtypes=frozenset(dtypes - {"F6_E2M3", "F6_E3M2"}),
        python="3.10",
        tensors_in_any_order=number < (0, 2, 4),
        metadata_in_any_order=number < (0, 2, 4) or number >= (0, 3),
    )


# In this order: of equal files, that of the first writer is kept.
WRITERS = (
    safetensors("0.0.1"),
    safetensors("0.2.1"),
    safetensors("0.2.2"),
    safetensors("0.2.3"),
    safetensors("0.2.5"),
    safetensors("0.2.8"),
    safetensors("0.3.0"),
    safetensors("0.3.1"),
    safetensors("0.4.3"),
    safetensors("0.5.3"),
    safetensors("0.6.2"),
    safetensors("0.7.0"),
    safetensors("0.8.0"),
    safetensors("0.9.0rc1"),
    Writer(
        name="safetensors-rust",
        version="0.8.0",
        language="Rust",
        registry="crates.io",
        package="safetensors",
        dtypes=frozenset(models.DTYPES),
        metadata_in_any_order=True,
    ),
    Writer(
        name="candle",
        version="0.11.1",
        language="Rust",
        registry="crates.io",
        package="candle-core",
        dtypes=frozenset(
            ("U8", "I16", "F16", "BF16", "U32", "I32", "F32", "I64", "F64", "F8_E4M3")
        ),
    ),
    Writer(
        name="lumen-io",
        version="0.6.1",
        language="Rust",
        registry="crates.io",
        package="lumen-io",
        dtypes=frozenset(("BOOL", "U8", "BF16", "U32", "I32", "F32", "F64")),
    ),
    Writer(
        name="mlx",
        version="0.32.4",
        language="Python",
        registry="PyPI",
        package="mlx",
        dtypes=frozenset((DTYPES_OF_NUMPY - {"F64"}) | {"BF16", "C64"}),
        python="3.11",
        # What mlx-lm hands over; without metadata, mlx writes no valid file.
        custom={"format": "mlx"},
    ),
    Writer(
        name="tinygrad",
        version="0.14.0",
        language="Python",
        registry="PyPI",
        package="tinygrad",
        dtypes=frozenset(DTYPES_OF_NUMPY | {"BF16", "F8_E4M3", "F8_E5M2"}),
        python="3.11",
        needs=("clang",),
    ),
    Writer(
        name="ollama",
        version="0.17.4",
        language="Go",
        registry="Go module proxy",
        package="github.com/ollama/ollama",
        dtypes=frozenset(models.DTYPES),
    ),
    Writer(
        name="pure-safetensors",
        version="0.3.2",
        language="Python",
        registry="PyPI",
        package="pure-safetensors",
        dtypes=frozenset(("F32",)),
        python="3.11",
        # Each file takes 4 KiB, and the faults are the same in all of them.
        only=("one-tensor", "no-tensors", "zero-size-alone", "metadata-one-key", "metadata-alone"),
    ),
)


@dataclass(frozen=True)
class Invalid:
    """What is known to be wrong with a file: the rule that it breaks, and the reason."""

    rule: str
    reason: str
    # The models of the same writer that lack the fault; the first of them that it wrote counts.
    twins: tuple
    # The leniency under which a reader may accept the file, and then has to read the model.
    leniency: str | None = None


def known_invalid(writer, model):
    """Why this writer's file of this model is invalid, or None if it is not known to be."""
    if model.name == "reserved-name":
        return Invalid(
            "META-3",
            "The member `__metadata__` is the entry of a tensor, and the values of its fields "
            "`shape` and `data_offsets` are no strings.",
            ("nearly-reserved-name", "one-tensor"),
        )
    ends_early = writer.name == "safetensors" and (0, 3) <= release(writer.version) <= (0, 4, 3)
    if ends_early and model.name == "metadata-alone":
        return Invalid(
            "PAD-1",
            "The object is `{}`, and the metadata follow it as text of their own.",
            ("no-tensors",),
        )
    if writer.name == "mlx" and not model.metadata:
        return Invalid(
            "META-2",
            "Where no metadata are handed over, `__metadata__` is written with the value `null`.",
            ("metadata-alone",) if model.name == "no-tensors" else ("metadata-one-key",),
            leniency="null-metadata",
        )
    if writer.name == "pure-safetensors" and any(t.data for t in model.tensors):
        return Invalid(
            "LAY-4",
            "The first tensor begins at byte 4096 of the file, and nothing owns the bytes between "
            "the header text and it.",
            ("zero-size-alone",),
        )
    return None


# Reading, only as far as it takes to compare.


def members(data):
    """The members of a file's header, and the text after its object.

    Where a value has offsets, the bytes stand in their place: files that differ only in the order
    of their members have equal members.
    """
    length = int.from_bytes(data[:8], "little")
    text = data[8 : 8 + length].decode("utf-8")
    buffer = data[8 + length :]
    header, end = json.JSONDecoder(object_pairs_hook=without_duplicates).raw_decode(text)
    found = {}
    owned = 0
    for name, value in header.items():
        if "data_offsets" in value:
            begin, stop = value["data_offsets"]
            owned += stop - begin
            value = {**value, "data_offsets": buffer[begin:stop]}
        found[name] = value
    if owned != len(buffer):
        raise ValueError(f"the tensors own {owned} of {len(buffer)} bytes")
    return found, text[end:]


def without_duplicates(pairs):
    """A dictionary of the pairs, if no key occurs twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def reading_of(data):
    """The reading of a file that is taken to be valid."""
    found, after = members(data)
    if after.strip(" "):
        raise ValueError(f"text follows the object: {after!r}")
    metadata = found.pop("__metadata__", {})
    tensors = [
        {
            "name": name,
            "dtype": entry["dtype"],
            "shape": entry["shape"],
            "sha256": hashlib.sha256(entry["data_offsets"]).hexdigest(),
        }
        for name, entry in sorted(found.items(), key=lambda member: member[0].encode())
    ]
    return {"tensors": tensors, "metadata": metadata}


def same_up_to_order(one, other):
    """Whether two files hold the same members in a different order, or in the same."""
    try:
        return members(one) == members(other)
    except (ValueError, KeyError, TypeError):
        return False


# Installing and running the writers.


def write_all(writer, folder):
    """Installs a writer in the folder and hands it the models.

    Gives the files as (model, bytes, call), and the models left out as (model, reason).
    """
    for program in writer.needs:
        if shutil.which(program) is None:
            raise Failure(f"{writer.title()} needs the program `{program}`; install it")
    handed, left_out = [], []
    for model, reason in writer.handed():
        if reason is None:
            handed.append(model)
        else:
            left_out.append((model, reason))
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    job = folder / "job.json"
    job.write_text(json.dumps({"models": [model.job() for model in handed]}), "utf-8")

    command = INSTALL[writer.language](writer, folder)
    # A home of its own: no configuration, cache or user packages of whoever runs this.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    printed = call([*command, str(job), str(out)], writer, env=environment, cwd=folder)
    # Not `splitlines`, which ends a line at U+2028 as well.
    reports = {line["model"]: line for line in map(json.loads, printed.rstrip("\n").split("\n"))}

    files = []
    for model in handed:
        report = reports[model.name]
        if "refused" in report:
            left_out.append((model, report["refused"]))
        else:
            path = out / f"{model.name}.safetensors"
            files.append((model, path.read_bytes(), report["call"]))
    return files, left_out


def install_python(writer, folder):
    """A fresh virtual environment with what the writer's requirements pin; gives the command."""
    environment = folder / "venv"
    requirements = PROGRAMS / writer.name / f"{writer.version}.txt"
    if not environment.exists():
        call([interpreter(writer.python), "-m", "venv", "--without-pip", str(environment)], writer)
        pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")]
        pip += ["install", "--quiet", "--disable-pip-version-check"]
        pip += ["--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements)]
        call(pip, writer)
    return [str(environment / "bin" / "python"), "-B", str(PROGRAMS / writer.name / "write.py")]


@functools.cache
def interpreter(version):
    """The path of a Python of this version, from PYTHON_3_x, the PATH or pyenv."""
    name = f"python{version}"
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    candidates = [os.environ.get(f"PYTHON_{version.replace('.', '_')}"), shutil.which(name)]
    candidates += sorted(glob.glob(f"{root}/versions/{version}.*/bin/{name}"))
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in filter(None, candidates):
        # A shim may be on the PATH and lead nowhere.
        asked = subprocess.run([candidate, "-c", ask], capture_output=True, text=True)
        if asked.stdout.strip() == version:
            return candidate
    raise Failure(f"no Python {version}; install one, or set PYTHON_{version.replace('.', '_')}")


def build_rust(writer, folder):
    """A fresh build of the writer's package, as its lock file pins it; gives the command."""
    manifest = PROGRAMS / writer.name / "Cargo.toml"
    build = ["cargo", "build", "--quiet", "--locked", "--manifest-path", str(manifest)]
    build += ["--target-dir", str(folder / "target")]
    call(build, writer)
    return [str(folder / "target" / "debug" / f"golden-{writer.name}")]


def build_go(writer, folder):
    """A build of the writer's module, as its go.sum pins it; gives the command."""
    program = folder / f"golden-{writer.name}"
    call(["go", "build", "-o", str(program), "."], writer, cwd=PROGRAMS / writer.name)
    return [str(program)]


INSTALL = {"Python": install_python, "Rust": build_rust, "Go": build_go}


def call(command, writer, **options):
    """Runs a command for a writer and gives what it printed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, **options)
    except OSError as error:
        raise Failure(f"{writer.title()}: cannot run `{command[0]}`: {error}") from error
    if done.returncode != 0:
        shown = " ".join(map(str, command))
        raise Failure(f"{writer.title()}: `{shown}` failed:\n{done.stderr}")
    return done.stdout


# What the files and golden.json have to be.


def settle(written, stored):
    """Turns what was written into {path: bytes} and the rows of golden.json.

    `written` is a list of (writer, model, bytes, call); `stored` holds the bytes that are there by
    (writer, version, model). A file that its writer orders at random stays as it is stored, if what
    was written now differs from it in nothing but the order. Gives those files' paths as well.
    """
    rows, paths, reordered = {}, {}, set()
    for writer, model, data, call_text in written:
        if writer.in_any_order(model):
            kept = stored.get(writer.key(model.name))
            if kept is not None and same_up_to_order(kept, data):
                data = kept
        invalid = known_invalid(writer, model)
        if invalid is None:
            hold_to_model(writer, model, data)
        path = f"{writer.name}/{writer.version}/{model.name}.safetensors"
        row = rows.setdefault(data, row_of(writer, model, data, path, invalid))
        by = {
            "writer": writer.name,
            "version": writer.version,
            "language": writer.language,
            "registry": writer.registry,
            "package": writer.package,
            "command": call_text,
        }
        if model.name != row["model"]:
            by["model"] = model.name
        row["written_by"].append(by)
        paths[writer.key(model.name)] = row["path"]
        if writer.in_any_order(model):
            reordered.add(row["path"])

    for row in rows.values():
        if "twin" in row:
            row["twin"] = twin_of(row, paths)
    files = {row["path"]: data for data, row in rows.items()}
    return files, sorted(rows.values(), key=lambda row: row["path"]), reordered


def twin_of(row, paths):
    """The path of the first of the twins that the same writer wrote."""
    by = row["written_by"][0]
    for model_name in row["twin"]:
        path = paths.get((by["writer"], by["version"], model_name))
        if path is not None:
            return path
    raise Failure(f"{row['path']} has no twin")


def hold_to_model(writer, model, data):
    """Refuses a file that does not hold the model, and is not known to be invalid."""
    try:
        found = reading_of(data)
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"{writer.title()} wrote `{model.name}` as no valid file: {error}") from error
    if found != model.reading():
        raise Failure(f"{writer.title()} wrote `{model.name}` as something else: {found}")


def row_of(writer, model, data, path, invalid):
    """The row of one file, without those that wrote it. The twin is a list of models as yet."""
    row = {
        "path": path,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "model": model.name,
        "summary": f"{writer.title()} wrote {model.about}.",
        "written_by": [],
        "since": model.since(),
    }
    if invalid is None:
        return {**row, "expect": "accept", "reading": model.reading()}
    row = {**row, "expect": {"reject": invalid.rule}, "reason": invalid.reason}
    if invalid.leniency is not None:
        row["lenient"] = [{"leniency": invalid.leniency, "reading": model.reading()}]
    return {**row, "twin": invalid.twins}


def render(rows, left_out):
    """The text of golden.json: one object a line."""
    refusals = [
        {"writer": w.name, "version": w.version, "model": m.name, "reason": reason}
        for w, m, reason in left_out
    ]
    lines = ["{", '"format":"safetensors-golden-files",', '"format_version":1,']
    for name, objects, end in (("files", rows, "],"), ("left_out", refusals, "]")):
        lines.append(f'"{name}":[')
        lines.append(",\n".join(json.dumps(o, separators=(",", ":")) for o in objects))
        lines.append(end)
    return "\n".join([*lines, "}", ""]).encode()


# What is on disk.


def stored_files(folder):
    """The golden files that are in the folder, by path."""
    paths = folder.glob("*/*/*.safetensors")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def stored_by_writer(folder):
    """The bytes of each golden file by each (writer, version, model) that wrote them."""
    index = folder / "golden.json"
    if not index.exists():
        return {}
    files = stored_files(folder)
    return {
        (by["writer"], by["version"], by.get("model", row["model"])): files[row["path"]]
        for row in json.loads(index.read_text("utf-8"))["files"]
        for by in row["written_by"]
        if row["path"] in files
    }


def differences(folder, fresh):
    """How the folder differs from the fresh content, as sentences."""
    stored = stored_files(folder)
    if (folder / "golden.json").exists():
        stored["golden.json"] = (folder / "golden.json").read_bytes()
    found = []
    for path in sorted(stored.keys() | fresh.keys()):
        if path not in fresh:
            found.append(f"{path}: no writer writes it")
        elif path not in stored:
            found.append(f"{path}: is not there")
        elif stored[path] != fresh[path]:
            found.append(f"{path}: is not what is written now")
    return found


def replace_all(folder, fresh):
    """Makes the folder's golden files and golden.json the fresh content."""
    for path in stored_files(folder).keys() - fresh.keys():
        (folder / path).unlink()
    for path, data in fresh.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def conclude(folder, fresh, check):
    """Writes the fresh content, or checks that it is there already; gives the exit code."""
    found = differences(folder, fresh)
    if not check:
        replace_all(folder, fresh)
        print(f"{len(found)} changed")
        return 0
    for sentence in found:
        print(f"error: {sentence}", file=sys.stderr)
    if found:
        print("run `python3 corpus/golden/make.py`, and look at the difference", file=sys.stderr)
    return 1 if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    parser.add_argument("--work", type=Path, help="install into this folder and keep it")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="golden-") as temporary:
        work = (options.work or Path(temporary)).resolve()
        written, left_out = [], []
        for writer in WRITERS:
            print(f"{writer.title()} …", file=sys.stderr, flush=True)
            files, refused = write_all(writer, work / writer.name / writer.version)
            written += [(writer, *file) for file in files]
            left_out += [(writer, *refusal) for refusal in refused]

    files, rows, reordered = settle(written, stored_by_writer(HERE))
    fresh = {**files, "golden.json": render(rows, left_out)}
    print(f"{len(written)} files were written; {len(files)} of them differ from each other")
    print(f"{len(files) - len(reordered)} compared byte for byte")
    print(f"{len(reordered)} compared up to the order of their members, which is random:")
    for path in sorted(reordered):
        print(f"  {path}")

    return conclude(HERE, fresh, options.check)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        sys.exit(2)
