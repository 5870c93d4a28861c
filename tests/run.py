"""Runs `main` of a module of the tests in a process of its own: a race, or work that is killed.

    DATABASE_URL=... python -m tests.run vouchers.race_awards '{"cases": 200, "fits": 40, "processes": 8}'

Such a module says with `print` what it saw, as one JSON object. Django is set up here, so that it imports like any other.
"""

import json
import os
import sys
from importlib import import_module

import django


def run(module: str, asked: str = "{}") -> None:
    """`main` of `tests.<module>` with the arguments that the JSON object `asked` names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    import_module(f"tests.{module}").main(**json.loads(asked))


if __name__ == "__main__":
    run(*sys.argv[1:])
