#!/usr/bin/env bash
# Install what package-lock.json says: with the system's npm, else with the one from requirements/node.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null; then
    [ -x .venv/bin/npm ] || .venv/bin/pip install --quiet --require-hashes -r requirements/node.txt
    PATH="$PWD/.venv/bin:$PATH"
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
