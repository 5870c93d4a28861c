"""`python -m bench bench|soak [NAME]`; QUICK=1 and DATABASE=sqlite|postgresql come through the environment."""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

from bench import frame, scratch
from bench.frame import Asked

NAMES = {
    "bench": ("pages", "search", "api", "batch", "standing", "roadmap", "startup"),
    "soak": ("budget", "payouts", "webhooks", "api", "face"),
}
PACKAGES = {"bench": "bench.measure", "soak": "bench.soak"}
SETTINGS = {"bench": "marketplace.settings", "soak": "tests.settings"}
DATABASES = ("sqlite", "postgresql")
NO = {"", "0", "no", "false"}


def main(arguments: list[str]) -> int:
    """One measurement, or all of a kind one after the other. 0 when everything that was promised holds."""
    if not arguments or arguments[0] not in NAMES or len(arguments) > 2:
        sys.exit(f"usage: python -m bench {'|'.join(NAMES)} [NAME]")
    kind, names = arguments[0], arguments[1:]
    database = os.environ.get("DATABASE") or "sqlite"
    if database not in DATABASES:
        sys.exit(f"DATABASE is {database!r}: it can be {' or '.join(DATABASES)}.")
    if not names:
        return every(kind)
    if names[0] not in NAMES[kind]:
        sys.exit(f"{names[0]!r} is no {kind}: it can be {', '.join(NAMES[kind])}.")
    quick = os.environ.get("QUICK", "").lower() not in NO
    told = one(Asked(kind=kind, name=names[0], quick=quick, database=database))
    print(json.dumps(told), flush=True)
    return 0 if told["kept"] else 1


def one(asked: Asked) -> dict[str, Any]:
    """Measures, in an empty database of its own."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a request to stop still cleans up
    machine, began = frame.machine(), time.monotonic()
    if machine["busy"]:
        asked.tell(
            f"the machine is busy (load {machine['load_before']}): promises about time are told and do not count"
        )
    with scratch.surroundings(asked, SETTINGS[asked.kind]) as here:
        report = importlib.import_module(f"{PACKAGES[asked.kind]}.{asked.name}").run(here)
    for promise in report.promises:
        asked.tell(
            f"{'kept  ' if promise.kept else 'BROKEN'} {promise.what}: {promise.found} (wanted {promise.wanted})"
        )
    asked.tell(f"control {'showed' if report.control.get('shown') else 'DID NOT SHOW'}: {report.control.get('what')}")
    return {
        "kind": asked.kind,
        "name": asked.name,
        "quick": asked.quick,
        "database": report.measured.pop("database", asked.database),
        "kept": report.kept(busy=machine["busy"]),
        "measured": report.measured,
        "control": report.control,
        "promises": [asdict(promise) for promise in report.promises],
        "seconds": round(time.monotonic() - began, 1),
        "commit": frame.commit(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": machine,
    }


def every(kind: str) -> int:
    """Each in a process of its own; the last line holds them all."""
    os.environ[frame.LOAD_BEFORE] = str(frame.load_before())
    results: dict[str, Any] = {}
    for name in NAMES[kind]:
        done = subprocess.run(
            [sys.executable, "-m", "bench", kind, name], stdout=subprocess.PIPE, text=True, check=False
        )
        lines = done.stdout.splitlines()
        results[name] = json.loads(lines[-1]) if lines else {"kept": False, "error": f"exit code {done.returncode}"}
        print(json.dumps(results[name]), flush=True)
    kept = all(result["kept"] for result in results.values())
    print(json.dumps({"kind": kind, "kept": kept, "machine": frame.machine(), "results": results}), flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
