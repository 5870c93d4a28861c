"""Several acts at the same moment, each in a real process with a connection of its own."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from django.db import connections

from core.reasons import Refused

DONE = "done"
_fork = multiprocessing.get_context("fork")


def answers_at_once(*acts: Callable[[], Any], patience: float = 120.0) -> list[Any]:
    """What each act returned, in no order; of a refused one the code of the first reason, of a failed one name and words.

    Every act has a process of its own, and all are let go at the same moment. Raises queue.Empty when one says nothing for
    `patience` seconds.
    """
    barrier, answers = _fork.Barrier(len(acts)), _fork.Queue()

    def run(act: Callable[[], Any]) -> None:
        barrier.wait(60)
        try:
            answers.put(act())
        except Refused as refused:
            answers.put(refused.reasons[0].code.value)
        except Exception as error:  # noqa: BLE001 - the race tells whatever came, the test judges
            answers.put(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    connections.close_all()  # a connection does not survive being in two processes
    workers = [_fork.Process(target=run, args=(act,)) for act in acts]
    for worker in workers:
        worker.start()
    found = [answers.get(timeout=patience) for _worker in workers]
    for worker in workers:
        worker.join(30)
    return found


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """What became of each act, sorted: `done`, the code of a refusal, or an error."""
    return sorted(answers_at_once(*[_told(act) for act in acts]))


def _told(act: Callable[[], Any]) -> Callable[[], str]:
    def told() -> str:
        act()
        return DONE

    return told
