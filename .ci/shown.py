"""Holds the output that README.md shows for a command against what the command printed.

usage: COMMAND | python3 .ci/shown.py 'COMMAND'

The block of the command is the fenced one whose first line is `$ COMMAND`. In it, a line that is
`…` stands for any lines, and a line that ends with `…` for any line with that beginning.
"""

import pathlib
import re
import sys


def pattern(shown):
    parts = []
    for line in shown.splitlines():
        if line == "…":
            parts.append("(?:.*\n)*?")
        elif line.endswith("…"):
            parts.append(re.escape(line[:-1]) + ".*\n")
        else:
            parts.append(re.escape(line) + "\n")
    return "".join(parts)


def main():
    command = sys.argv[1]
    text = pathlib.Path("README.md").read_text(encoding="utf-8")
    opening = f"```console\n$ {command}\n"
    if opening not in text:
        sys.exit(f"error: README.md has no block that begins with `$ {command}`")
    shown = text.split(opening, 1)[1].split("```\n", 1)[0]
    printed = sys.stdin.read()
    if re.fullmatch(pattern(shown), printed) is None:
        sys.stderr.write(printed)
        sys.exit(f"error: README.md does not show this output of `{command}`; mend the block")
    print(f"`{command}` prints what README.md shows")


main()
