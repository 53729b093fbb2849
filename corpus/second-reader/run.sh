#!/usr/bin/env bash
# Holds the oracle and the corpus against the second reader: the tests of the reader, every vector,
# and 100,000 generated files.
#
# The program that makes the files is built with cargo, unless STREAM names it.
#
# Exit code: 0 all agree; 1 something disagrees, or a test fails; 2 something could not run.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

files=100000
reader=corpus/second-reader
worst=0
note() { if [ "$1" -gt "$worst" ]; then worst=$1; fi; }

stream=${STREAM:-}
for program in python3 ${stream:-cargo}; do
  command -v "$program" >/dev/null && continue
  echo "error: $program is missing" >&2
  exit 2
done
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "error: python3 is older than 3.11" >&2
  exit 2
}
# Not inside the pipe, where a failed build would look like a stream of nothing. Without --release, it
# checks for overflows.
if [ -z "$stream" ]; then
  cargo build --locked --quiet -p corpus --example stream || exit 2
  stream="cargo run --locked --quiet -p corpus --example stream --"
fi

echo "== the tests of the second reader"
python3 "$reader/test_reader.py" 2>&1 || note 1

echo "== every vector of the corpus"
python3 "$reader/agree.py" corpus
note $?

echo "== $files generated files"
$stream "$files" |
  python3 "$reader/agree.py" stream
status=("${PIPESTATUS[@]}")
# A stream that ended early is not the comparison that was asked for.
if [ "${status[0]}" -ne 0 ]; then note 2; fi
note "${status[1]}"

exit "$worst"
