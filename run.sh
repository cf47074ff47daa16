#!/usr/bin/env bash
# Lambent's one command line: makes the pinned .venv once, then runs the verb (./run.sh help).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
            { echo "$candidate"; return; }
    done
    echo "run.sh: no Python 3.11 or newer with the venv module was found on PATH." >&2
    echo "Install one (Debian: apt install python3 python3-venv), or name it: PYTHON=/path/to/python3 ./run.sh up" >&2
    exit 1
}

pins=$(cksum <infra/requirements.txt)
if [ "$(cat .venv/.pins 2>/dev/null)" != "$pins" ] || [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    echo "run.sh: making .venv with $("$python" --version) from infra/requirements.txt; once, about a minute" >&2
    rm -rf .venv
    "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --use-pep517 -r infra/requirements.txt
    echo "$pins" >.venv/.pins
fi
exec .venv/bin/python -m infra.cli "$@"
