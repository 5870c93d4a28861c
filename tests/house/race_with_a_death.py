"""Races in which a process dies without a word, or never gets to the start. Run by `test_the_ground_tests_stand_on.py`.

Prints one JSON object: per race what was raised, and after how many seconds.
"""

import json
import os
import queue
import signal
import time
from typing import Any

from tests.races import Died, answers_at_once


def _sleeps() -> None:
    time.sleep(600)


def _seen(*acts: Any, patience: float) -> dict[str, Any]:
    began = time.monotonic()
    try:
        answers_at_once(*acts, patience=patience)
    except (Died, queue.Empty) as raised:
        return {"raised": type(raised).__name__, "words": str(raised), "seconds": time.monotonic() - began}
    return {"raised": ""}


def main() -> None:
    told = {
        "killed": _seen(_sleeps, lambda: os.kill(os.getpid(), signal.SIGKILL), patience=7200),
        "left": _seen(_sleeps, lambda: os._exit(0), patience=7200),
        "silent": _seen(_sleeps, patience=1),
        "answers": sorted(answers_at_once(lambda: "one", lambda: 1 / 0, lambda: "other")),
    }
    print(json.dumps(told))
