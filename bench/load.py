"""Visitors over real HTTP: a server as `make run` starts it, and several of them asking at once."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.frame import ROOT, Asked

PATIENCE = 120.0
"""Seconds a server may take to open its door, on a machine with other work."""


@dataclass(frozen=True)
class Question:
    """One request; `name` is what its times are kept under. A body is sent as JSON."""

    name: str
    path: str
    body: Any = None
    wanted: int = 200


@dataclass
class Told:
    """What the visitors saw: seconds per name, and answers that were not the wanted one."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    elapsed: float = 0.0

    @property
    def all_seconds(self) -> list[float]:
        return [each for group in self.seconds.values() for each in group]

    @property
    def per_second(self) -> float:
        return round(len(self.all_seconds) / self.elapsed, 1)


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(
    asked: Asked, *, app: str = "marketplace.wsgi", wait_for: str = "/readyz", environment: dict[str, str] | None = None
) -> Iterator[int]:
    """The port of a gunicorn with the product's own configuration; stopped at the end. Its log is in the data directory."""
    port = free_port()
    log = asked.folder / f"server-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "gunicorn", "--config", "gunicorn.conf.py", app],
            cwd=ROOT,
            env={**os.environ, "HOST": "127.0.0.1", "PORT": str(port), **(environment or {})},
            stdout=output,
            stderr=output,
        )
        try:
            until(port, wait_for, process, log)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(port: int, path: str, process: "subprocess.Popen[Any]", log: Path, patience: float = PATIENCE) -> None:
    """Waits until the server answers 200. Raises RuntimeError with its log when it does not."""
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        if status(port, path) == 200:
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not answer {path}: {log.read_text()[-3000:]}")


def status(port: int, path: str) -> int:
    """The status of one request; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def visit(
    port: int, questions: Sequence[Question], *, visitors: int, seconds: float, pause: float = 0.0, least: int = 1
) -> Told:
    """So many visitors ask one question after the other for so long, each starting at another one; `pause` in between.

    Every question is asked at least `least` times over all visitors together, however long that takes.
    """
    told, lock = Told(seconds={question.name: [] for question in questions}), threading.Lock()
    began = time.perf_counter()

    def ask(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        share = -(-least * len(questions) // visitors)
        start = number * len(questions) // visitors
        for done, question in enumerate(islice(cycle(questions), start, None)):
            if done >= share and time.perf_counter() - began >= seconds:
                break
            took, wrong = _once(line, question)
            with lock:
                told.seconds[question.name].append(took)
                if wrong:
                    told.wrong[wrong] += 1
            time.sleep(pause)
        line.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.elapsed = time.perf_counter() - began
    return told


def _once(line: http.client.HTTPConnection, question: Question) -> tuple[float, str]:
    """How long it took, and what was wrong about the answer, if anything."""
    body = None if question.body is None else json.dumps(question.body)
    began = time.perf_counter()
    try:
        line.request(
            "GET" if body is None else "POST", question.path, body, {"Content-Type": "application/json"} if body else {}
        )
        answer = line.getresponse()
        answer.read()
        wrong = "" if answer.status == question.wanted else f"{answer.status} {question.name}"
    except (OSError, http.client.HTTPException) as error:
        line.close()
        wrong = f"{type(error).__name__} {question.name}"
    return time.perf_counter() - began, wrong
