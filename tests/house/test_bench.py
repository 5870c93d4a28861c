"""The measurements' own promises: every name measures, a broken promise or a silent control is told, nobody's data is touched."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import frame, scratch
from bench.__main__ import NAMES, PACKAGES, main
from bench.frame import Asked, Report
from bench.measure.roadmap import breaks
from bench.measure.search import plainly
from bench.soak.api import Operation, problems

ROOT = Path(__file__).resolve().parents[2]
ASKED = Asked(kind="bench", name="batch", quick=True, database="sqlite")


def measured(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE": "", "QUICK": "1", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_every_name_measures(kind, name):
    assert callable(importlib.import_module(f"{PACKAGES[kind]}.{name}").run)


def test_the_last_line_is_one_json_object_and_progress_goes_elsewhere():
    done = measured("bench", "batch")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    told = json.loads(done.stdout)
    assert {"kind", "name", "quick", "measured", "control", "promises", "kept", "machine", "commit"} <= told.keys()
    assert (told["kind"], told["name"], told["quick"], told["kept"]) == ("bench", "batch", True, True)
    assert told["control"]["shown"] is True
    assert told["machine"]["cpus"] == os.cpu_count()
    assert "bench batch" in done.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["bake"], ["bench", "budget"], ["soak", "pages"], ["bench", "batch", "pages"]]
)
def test_an_unknown_name_is_refused_with_the_names_there_are(arguments):
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert "it can be" in str(refused.value) or "usage" in str(refused.value)


def test_an_unknown_database_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE", "oracle")
    with pytest.raises(SystemExit, match="sqlite or postgresql"):
        main(["bench", "batch"])


def test_postgresql_without_a_server_of_the_measurement_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///precious.sqlite3")
    asked = Asked(kind="bench", name="search", quick=True, database="postgresql")
    with pytest.raises(SystemExit, match="wants a server"), scratch.surroundings(asked, "tests.settings"):
        pytest.fail("it went on")


def test_a_measurement_works_on_a_database_of_its_own_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(scratch, "_forget_connections", lambda: None)  # the test's own connection stays
    monkeypatch.setenv("DATABASE_URL", "sqlite:///precious.sqlite3")
    monkeypatch.setenv("TREDE_DATA_DIR", "/precious")
    monkeypatch.setenv("TREDE_ENV", "production")
    with scratch.surroundings(ASKED, "tests.settings") as here:
        assert os.environ["DATABASE_URL"] == here.url == f"sqlite:///{here.folder / 'trede.sqlite3'}"
        assert os.environ["TREDE_DATA_DIR"] == str(here.folder)
        assert os.environ["TREDE_ENV"] == "demo"
        assert here.folder.is_dir()
    assert not here.folder.exists()
    assert os.environ["DATABASE_URL"] == "sqlite:///precious.sqlite3"
    assert (os.environ["TREDE_DATA_DIR"], os.environ["TREDE_ENV"]) == ("/precious", "production")


def report(*, promise=True, control=True, timing=False) -> Report:
    made = Report()
    made.promise("something holds", wanted=1, found=1 if promise else 2, timing=timing)
    made.controlled("it would be seen", shown=control)
    return made


def test_a_broken_promise_and_a_control_that_does_not_show_both_count():
    assert report().kept(busy=False)
    assert not report(promise=False).kept(busy=False)
    assert not report(promise=False).kept(busy=True)
    assert not report(control=False).kept(busy=True)
    assert not Report().kept(busy=False), "without a control nothing was shown"


def test_on_a_busy_machine_only_promises_about_time_do_not_count():
    assert report(promise=False, timing=True).kept(busy=True)
    assert not report(promise=False, timing=True).kept(busy=False)


def test_every_control_of_several_has_to_show():
    made = report(control=False)
    made.controlled("and another", shown=True, seen=3)
    assert made.control == {"what": "it would be seen; and another", "shown": False, "seen": 3}


def test_a_broken_promise_makes_the_exit_code_1(monkeypatch, capsys):
    monkeypatch.setattr(scratch, "_forget_connections", lambda: None)
    monkeypatch.setattr("bench.__main__.signal.signal", lambda *_: None)
    monkeypatch.setenv("DATABASE", "sqlite")
    broken = SimpleNamespace(run=lambda asked: report(promise=False))
    monkeypatch.setattr("bench.__main__.importlib.import_module", lambda name: broken)
    assert main(["bench", "batch"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["kept"] is False


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.95, 10), (0.9, 9), (0.01, 1), (1.0, 10)])
def test_percentiles_are_values_that_were_measured(share, value):
    assert frame.percentile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == value


def test_nothing_measured_has_no_percentile():
    with pytest.raises(ValueError, match="nothing was measured"):
        frame.percentile([], 0.5)


def test_the_checker_of_roadmaps_sees_a_step_that_comes_too_early():
    categories = {
        "SITE": SimpleNamespace(requirements=()),
        "TILL": SimpleNamespace(requirements=()),
        "SHOP": SimpleNamespace(requirements=(("SITE",), ("TILL", "BOOKING"))),
    }
    assert breaks(["SITE", "TILL", "SHOP"], [], categories) == []
    assert breaks(["SHOP"], ["SITE", "BOOKING"], categories) == []
    assert breaks(["SITE", "SHOP", "TILL"], [], categories) == ["SHOP needs TILL|BOOKING first"]
    assert breaks(["SHOP"], [], categories) == ["SHOP needs SITE first", "SHOP needs TILL|BOOKING first"]


def test_reading_the_catalogue_plainly_wants_every_word_somewhere():
    rows = [{"pk": 1, "name": "Slim Kassa", "summary": "Snel"}, {"pk": 2, "name": "Kassa", "summary": "Fris"}]
    assert plainly("kassa", rows) == {1, 2}
    assert plainly("kassa SNEL", rows) == {1}


@pytest.mark.parametrize(
    ("known", "status", "kind", "content", "found"),
    [
        (True, 200, "application/json", b"{}", []),
        (False, 200, "application/json", b"{}", ["ignored_auth"]),
        (False, 401, "application/problem+json", b'{"status": 401, "title": "No"}', []),
        (True, 500, "text/html", b"", ["server error"]),
        (True, 404, "text/html", b"", ["error is no problem+json"]),
        (
            True,
            404,
            "application/problem+json",
            b'{"status": 400, "title": "No"}',
            ["problem without its status or title"],
        ),
        (True, 202, "application/json", b"{}", ["undocumented status"]),
        (True, 302, "text/html", b"", ["redirect"]),
    ],
)
def test_the_fuzz_sees_what_is_wrong_about_an_answer(known, status, kind, content, found):
    operation = Operation("/x/", "get", parameters=(), body=None, guarded=True, validators={200: None})
    assert list(problems(operation, "get", known, status, kind, content)) == found
