"""Holds the output that README.md shows for a command against what the command prints.

usage: python3 .ci/shown.py 'COMMAND'      (BLESS=1 writes the output into README.md)

The block of the command is the fenced one whose first line is `$ COMMAND`. Standard error is
not shown: it holds the progress of the build.
"""

import difflib
import os
import pathlib
import subprocess
import sys


def main() -> int:
    command = sys.argv[1]
    readme = pathlib.Path("README.md")
    text = readme.read_text(encoding="utf-8")
    opening = f"```console\n$ {command}\n"
    if opening not in text:
        print(f"error: README.md has no block that begins with `$ {command}`", file=sys.stderr)
        return 2
    before, rest = text.split(opening, 1)
    shown, after = rest.split("```\n", 1)
    run = subprocess.run(command, shell=True, stdout=subprocess.PIPE, check=False)
    printed = run.stdout.decode("utf-8")
    if printed == shown:
        print(f"`{command}` prints what README.md shows (exit code {run.returncode})")
        return 0
    if os.environ.get("BLESS"):
        readme.write_text(before + opening + printed + "```\n" + after, encoding="utf-8")
        print("README.md is written")
        return 0
    lines = difflib.unified_diff(
        shown.splitlines(), printed.splitlines(), "README.md", command, lineterm=""
    )
    print("\n".join(lines), file=sys.stderr)
    print("error: README.md is stale; refresh it with BLESS=1", file=sys.stderr)
    return 1


sys.exit(main())
