#!/usr/bin/env bash
# Lock the requirements: versions and hashes, no addresses. `scripts/lock.sh --upgrade` takes newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 "$@"
}
lock requirements/base.in --output-file requirements/base.txt "$@"
lock requirements/dev.in --output-file requirements/dev.txt "$@"
lock requirements/node.in --output-file requirements/node.txt "$@"
lock --no-deps requirements/schemas.in --output-file requirements/schemas.txt "$@"
