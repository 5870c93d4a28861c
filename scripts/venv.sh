#!/usr/bin/env bash
# Make .venv when it is not there. A fresh Debian has Python without its venv module: root installs it, others are told.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x .venv/bin/pip ] && exit 0

python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null; then
    scripts/system.sh python3 python3 python3-venv
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Trede needs Python 3.11 or newer; $python is $("$python" --version). Name another: make run PYTHON=python3.12" >&2
    exit 1
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || scripts/system.sh "" python3-venv
rm -rf .venv
"$python" -m venv .venv
