#!/usr/bin/env python3
"""Compares this reader with what the corpus expects, or with the answers of another program.

Only the command line lives here: `vectors` and `stream` compare. Nothing is skipped in silence, and
a run that compared nothing is a failed run.
"""

import argparse
import gc
import sys
from pathlib import Path

import stream
import vectors
from answers import COULD_NOT_RUN, CannotRun

DEFAULT_MANIFEST = Path(__file__).resolve().parent.parent / "manifest.json"
DEFAULT_LARGEST = 200_000_000


def main(arguments: list[str]) -> int:
    """Parses the command line, runs one comparison, and gives the exit code."""
    parser = argparse.ArgumentParser(
        description="Compares the second reader with the corpus, or with another program.",
        epilog="Exit code: 0 all agree; 1 something disagrees; 2 did not run or compared nothing.",
    )
    modes = parser.add_subparsers(dest="mode", required=True)
    corpus = modes.add_parser(
        "corpus",
        help="every vector of the corpus",
        description="Compares what the manifest states of every vector with what this reader "
        "finds: in every format version the verdict, the broken rule and the reading, without "
        "leniencies and with them; the twin; the demands and limits; the values; for a sharded "
        "model, the advice.",
    )
    corpus.add_argument("manifest", nargs="?", type=Path, default=DEFAULT_MANIFEST)
    corpus.add_argument(
        "--largest",
        type=int,
        default=DEFAULT_LARGEST,
        metavar="BYTES",
        help="leave out larger files, by name (default: %(default)s)",
    )
    modes.add_parser(
        "stream",
        help="JSON lines on standard input",
        description="Compares with the answers of another program, one JSON object a line: `file` "
        "in hexadecimal, `version`, `leniencies`, and `accepted` with a reading or `refused` with "
        "all broken rules in the order of the text.",
    )
    options = parser.parse_args(arguments)
    # A file of a million tensors is millions of objects and no cycle; to look for one takes longer
    # than to read the file.
    gc.disable()
    try:
        if options.mode == "corpus":
            return vectors.compare(options.manifest, options.largest)
        return stream.compare(sys.stdin.buffer)
    except CannotRun as error:
        print(f"cannot run: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    finally:
        gc.enable()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
