#!/bin/sh
# Makes .venv beside this file, with exactly what requirements.txt pins.
# Afterwards: stconform run -- harness/adapters/python/.venv/bin/python harness/adapters/python/adapter.py
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "install.sh: no program \`$python\`; install Python 3.11 to 3.14, or set PYTHON to one" >&2
    exit 2
fi

"$python" -m venv --clear "$here/.venv"
"$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$here/requirements.txt"
echo "installed: $here/.venv" >&2
