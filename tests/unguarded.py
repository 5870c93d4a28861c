"""Taking a guard off, in the process of one race and on its scratch database: the product itself has no such switch.

A race whose guard is off must show the damage; otherwise it could not see it, and its good outcome would prove nothing.
"""

import copy
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.signals import post_save

from core.state import GuardedState

_seen: dict[tuple[type[Model], Any], Model] = {}
_get = QuerySet.get


def believe(*rows: Model) -> None:
    """From now on whoever asks for one of these rows by its key gets what it was before the race, unlocked.

    Of what others have made of it since, a process sees nothing; of what it did itself, all. And nobody compares the state
    again while saving.
    """
    _seen.update({(type(row), row.pk): row for row in rows})
    QuerySet.get = _believed  # type: ignore[method-assign]
    post_save.connect(_own)
    GuardedState._do_update = Model._do_update  # type: ignore[method-assign]


def _believed(rows: QuerySet, *conditions: Any, **keys: Any) -> Any:
    seen = _seen.get((rows.model, keys["pk"])) if not conditions and set(keys) == {"pk"} else None
    return _get(rows, *conditions, **keys) if seen is None else copy.deepcopy(seen)


def _own(sender: type[Model], instance: Model, **_more: Any) -> None:
    if (sender, instance.pk) in _seen:
        _seen[sender, instance.pk] = copy.deepcopy(instance)


def without(model: type[Model], *names: str) -> None:
    """Drops these constraints of the scratch database."""
    known = model._meta.constraints
    model._meta.constraints = [
        each for each in known if each.name not in names
    ]  # SQLite makes the table anew from these
    with connection.schema_editor() as editor:
        for each in known:
            if each.name in names:
                editor.remove_constraint(model, each)


def several(model: type[Model], name: str) -> None:
    """Lets this column of the scratch database hold a value more than once."""
    unique = model._meta.get_field(name)
    other = copy.copy(unique)
    other._unique = False  # type: ignore[union-attr]
    with connection.schema_editor() as editor:
        editor.alter_field(model, unique, other)
