"""Runs the reader of the corpus that README.md shows, on a corpus that was copied out.

usage: python3 .ci/python_reader.py PATH-OF-STCONFORM

The reader under test is the second reading in corpus/second-reader, which has to be right about
every file; one that refuses everything has to be found wrong.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RIGHT = f"""
import sys
sys.path.insert(0, {str(ROOT / "corpus" / "second-reader")!r})
import reader
def read(file):
    answer = reader.examine(file)
    return answer.reading if isinstance(answer, reader.Accepted) else None
"""
REFUSES = "def read(file): return None\n"


def shown():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)```\n", text, re.DOTALL)
    if block is None:
        sys.exit("error: README.md has no block of Python")
    return block[1]


def answers(folder, my_reader):
    (folder / "my_reader.py").write_text(my_reader, encoding="utf-8")
    command = [sys.executable, "-B", "-c", shown()]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"error: the reader that README.md shows ends with {run.returncode}\n{run.stderr}")
    lines = run.stdout.splitlines()
    return len(lines), [line for line in lines if not line.startswith("ok ")]


def main():
    stconform = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "tests").mkdir()
        export = [stconform, "export", "tests/safetensors"]
        subprocess.run(export, cwd=folder, check=True)
        sums = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
        subprocess.run(sums, cwd=folder / "tests" / "safetensors", check=True)
        asked, wrong = answers(folder, RIGHT)
        if asked < 1000 or wrong:
            sys.exit(f"error: wrong about {len(wrong)} of {asked} files\n" + "\n".join(wrong))
        _, refused = answers(folder, REFUSES)
        if not refused:
            sys.exit("error: a reader that refuses everything is right about every file")
    print(f"the reader that README.md shows is right about {asked} files")


main()
