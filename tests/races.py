"""Several acts at the same moment, each in a real process with a connection of its own."""

import multiprocessing
import queue
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

from core.reasons import Refused

DONE = "done"
LOOKS = 0.5
"""Seconds between looks whether everybody is still alive."""

_fork = multiprocessing.get_context("fork")


class Died(Exception):
    """A process of the race ended without saying what became of its act."""


def answers_at_once(*acts: Callable[[], Any], patience: float = 120.0) -> list[Any]:
    """What each act returned, in no order; of a refused one the code of the first reason, of a failed one name and words.

    Every act has a process of its own, and all are let go at the same moment. Raises Died as soon as one of them is gone without
    an answer, and queue.Empty when nobody says anything for `patience` seconds; the others are ended then.
    """
    barrier, answers = _fork.Barrier(len(acts)), _fork.Queue()

    def run(act: Callable[[], Any]) -> None:
        try:
            barrier.wait(60)
            answers.put(act())
        except Refused as refused:
            answers.put(refused.reasons[0].code.value)
        except Exception as error:  # noqa: BLE001 - the race tells whatever came, the test judges
            answers.put(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    connections.close_all()  # a connection does not survive being in two processes
    workers = [_fork.Process(target=run, args=(act,), daemon=True) for act in acts]
    for worker in workers:
        worker.start()
    try:
        found: list[Any] = []
        while len(found) < len(workers):
            found.append(_next_answer(answers, workers, len(found), patience))
        for worker in workers:
            worker.join(30)
    finally:
        for worker in workers:
            worker.kill()  # whoever has ended does not notice
    return found


def _next_answer(answers: Any, workers: list[Any], told: int, patience: float) -> Any:
    until = time.monotonic() + patience
    while True:
        # Who ended has handed in an answer before, so first count who ended, then look.
        ended = [worker.exitcode for worker in workers if worker.exitcode is not None]
        try:
            return answers.get(timeout=LOOKS)
        except queue.Empty:
            if len(ended) > told:
                codes = [code for code in ended if code]
                raise Died(
                    f"{len(ended) - told} of {len(workers)} ended without an answer; exit codes {codes}"
                ) from None
            if time.monotonic() > until:
                raise


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """What became of each act, sorted: `done`, the code of a refusal, or an error."""
    return sorted(answers_at_once(*[_told(act) for act in acts]))


def _told(act: Callable[[], Any]) -> Callable[[], str]:
    def told() -> str:
        act()
        return DONE

    return told
