#!/usr/bin/env bash
# scripts/system.sh COMMAND PACKAGE ...: make sure that COMMAND exists, from Debian's packages when it does not.
set -euo pipefail
command=$1
shift
[ -n "$command" ] && command -v "$command" >/dev/null && exit 0

if ! command -v apt-get >/dev/null; then
    echo "Please install ${*} with this system's own package manager, and start again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "Please install what is missing, and start again:  sudo apt-get install ${*}" >&2
    exit 1
fi
echo "Installing ${*} ..." >&2
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq "$@" </dev/null >/dev/null; }
apt update
apt install -y --no-install-recommends "$@"
