"""From nothing to the first page, and the second start (DESIGN 8: within three minutes, then in seconds).

What `make run` does after installing: `scripts/prepare.py` and the server. QUICK leaves out the demo's cases.
"""

import os
import subprocess
import sys
import time

from bench.frame import ROOT, Asked, Report
from bench.load import server, status

FIRST, SECOND = 180.0, 15.0
"""Seconds."""


def prepare(asked: Asked, *, demo: bool) -> float:
    """Seconds that preparing the database takes."""
    began = time.perf_counter()
    commands = [["scripts/prepare.py"]] if demo else [["manage.py", "migrate", "-v0"], ["manage.py", "load_reference"]]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *command],
            cwd=ROOT,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-3000:])
    return time.perf_counter() - began


def serve(asked: Asked) -> tuple[float, dict[str, int]]:
    """Seconds until the server says it is ready, and what the first visitors get."""
    began = time.perf_counter()
    with server(asked) as port:
        ready = time.perf_counter() - began
        return ready, {path: status(port, path) for path in ("/", "/en/", "/oplossingen/", "/api/v1/sectors/")}


def run(asked: Asked) -> Report:
    report, demo = Report(), not asked.quick
    began = time.perf_counter()
    with server(asked, wait_for="/healthz") as port:
        empty = status(port, "/readyz")
    asked.tell(
        f"with an empty database /readyz says {empty}; the process answered in {time.perf_counter() - began:.1f} s"
    )
    asked.tell("preparing the database" + (" with the demo" if demo else ""))
    first = prepare(asked, demo=demo)
    first_ready, answers = serve(asked)
    asked.tell(f"first: {first:.1f} s and {first_ready:.1f} s; again")
    second = prepare(asked, demo=demo)
    second_ready, again = serve(asked)
    report.measured = {
        "demo": demo,
        "first_prepare_seconds": round(first, 1),
        "first_serve_seconds": round(first_ready, 1),
        "second_prepare_seconds": round(second, 1),
        "second_serve_seconds": round(second_ready, 1),
        "without": "installing",
    }
    wanted = dict.fromkeys(answers, 200)
    report.promise("the first pages are there", wanted=wanted, found=answers)
    report.promise("and the second time", wanted=wanted, found=again)
    for what, most, found in (
        ("from nothing within three minutes", FIRST, first + first_ready),
        ("the second time in seconds", SECOND, second + second_ready),
    ):
        report.promise(what, wanted=f"<= {most:.0f}", found=round(found, 1), kept=found <= most, timing=True)
    report.controlled("with an empty database the server says that it is not ready", shown=empty == 503, readyz=empty)
    return report
