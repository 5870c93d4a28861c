"""Every page of the journeys as axe sees it: both languages, both colour schemes, desk and telephone (DESIGN 7 and 8).

Plays tests/journeys and tests/face in a browser with TREDE_EVERY_FACE=1; QUICK: the style guide on a telephone and the control alone.
Pages do not depend on the database, so this always runs on SQLite.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET

from bench.frame import ROOT, Asked, Report

CONTROL = "test_axe_sees_what_is_wrong"
QUICK_TESTS = ["tests/face/test_axe.py", "-k", f"telephone and light or {CONTROL}"]


def run(asked: Asked) -> Report:
    results = asked.folder / "face.xml"
    asked.tell(
        "the style guide on a telephone" if asked.quick else "the style guide and every journey; this takes long"
    )
    environment = {**os.environ, "TREDE_EVERY_FACE": "1", "DATABASE_URL": f"sqlite:///{asked.folder / 'face.sqlite3'}"}
    environment.pop("PYTHONWARNINGS", None)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={results}",
            *asked.pick(quick=QUICK_TESTS, full=["tests/face", "tests/journeys", "-m", "browser"]),
        ],
        cwd=ROOT,
        env=environment,
        stdout=sys.stderr,
        check=False,
    )
    report = Report()
    if not results.exists():
        raise RuntimeError(f"pytest stopped with exit code {done.returncode} before it began")
    # Written by the pytest we started, a line above.
    cases = {case.get("name", ""): case for case in ET.parse(results).getroot().iter("testcase")}  # noqa: S314 - written by our own run
    wrong = [name for name, case in cases.items() if any(part.tag in BAD for part in case)]
    looked = [name for name in cases if name.startswith(CONTROL)]
    report.measured = {
        "database": "sqlite",
        "tests": len(cases),
        "seconds_by_test": {name: round(float(case.get("time", 0)), 1) for name, case in cases.items()},
        "faces": "style guide, nl and en, light, 390 px"
        if asked.quick
        else "style guide and journeys, nl and en, light and dark, 390 and 1280 px",
    }
    report.promise("tests that failed or were left out", wanted=[], found=wrong)
    report.promise("pytest's exit code", wanted=0, found=done.returncode)
    report.controlled(
        "a picture without words and grey on grey are found", shown=bool(looked) and not set(looked) & set(wrong)
    )
    return report


BAD = frozenset({"failure", "error", "skipped"})
