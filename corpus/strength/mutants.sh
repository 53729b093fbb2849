#!/usr/bin/env bash
# Changes the oracle in a thousand small ways, and shows which of them the corpus does not notice.
#
#   corpus/strength/mutants.sh                              all; takes about half an hour
#   corpus/strength/mutants.sh --file spec/src/layout.rs    one file; other options go on as well
#
# Needs cargo-mutants (`cargo install cargo-mutants`) and Python 3.11. The exit code is 0 if the
# survivors are those of `equivalent.toml`, and no others.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v cargo-mutants >/dev/null || {
  echo "error: cargo-mutants is missing; cargo install --locked cargo-mutants" >&2
  exit 2
}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# A mutant that allocates without end has to fail alone.
ulimit -v 8000000
# Some mutants survive: that is judged below, against the list.
mutants() {
  cargo mutants --dir . --config corpus/strength/mutants.toml --package spec --output "$out" "$@" ||
    [ $? -le 3 ]
}
mutants "$@"
cp -r "$out/mutants.out" "$out/first"
# What the stored vectors do not notice is shown to those that are made on demand.
GIANTS=1 mutants --iterate "$@"
python3 corpus/strength/score.py "$out/first" "$out/mutants.out" "$@"
