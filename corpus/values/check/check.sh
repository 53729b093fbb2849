#!/bin/sh
# Holds the written values of the corpus against numpy and ml_dtypes, in a .venv beside this file
# with exactly what requirements.txt pins. Exit code 0: the same; 1: not; 2: could not be done.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "check.sh: no program \`$python\`; install Python 3.11 to 3.14, or set PYTHON to one" >&2
    exit 2
fi

if ! cmp -s "$here/requirements.txt" "$here/.venv/installed"; then
    {
        "$python" -m venv --clear "$here/.venv" &&
            "$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
                --require-hashes --only-binary :all: --requirement "$here/requirements.txt"
    } || exit 2
    cp "$here/requirements.txt" "$here/.venv/installed"
fi

"$here/.venv/bin/python" "$here/test_check.py"
exec "$here/.venv/bin/python" "$here/check.py" "$@"
