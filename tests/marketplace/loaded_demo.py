"""Loads the demo on a scratch database, on the Monday of `tests.moments`, and tells what came of it, column by column.

    python -m tests.run marketplace.loaded_demo

Run by `test_demo.py`. Prints one JSON object: for every column of every table the SHA-256 of its values in the order of the
keys, so that two loads can be compared and the difference has a name. Keys that are drawn say nothing about the order: there
the values themselves are sorted.
"""

import json
from hashlib import sha256
from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.db.models import UUIDField

from core import clock
from tests.moments import MONDAY


def main() -> None:
    with clock.fixed(MONDAY):
        for command in ("load_reference", "load_demo"):
            call_command(command, stdout=StringIO())
    print(json.dumps({name: digest for model in apps.get_models() for name, digest in _columns(model).items()}))


def _columns(model) -> dict[str, str]:
    names = [field.attname for field in model._meta.concrete_fields]
    rows = list(model._base_manager.order_by("pk").values_list(*names))
    order = sorted if isinstance(model._meta.pk, UUIDField) else list
    return {
        f"{model._meta.label}.{name}": sha256(repr(order(repr(row[place]) for row in rows)).encode()).hexdigest()
        for place, name in enumerate(names)
    }
