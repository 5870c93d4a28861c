"""One row by the values of some of its columns, with the query written out once per connection.

Every verb reads a few rows this way. Django writes a query out anew each time it runs, and for a row of many columns that
takes several times longer than the database needs to find it; the door and what it asks every time go through here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection, connections, models
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)

Shape = tuple[type[models.Model], tuple[str, ...], bool]
"""Which model, found by which columns, locked or not."""


@dataclass(frozen=True)
class _Written:
    """A query as text, and how its answer becomes a row."""

    sql: str
    columns: Sequence[str]
    compiler: SQLCompiler
    converters: dict[int, Any]


_written: WeakKeyDictionary[Any, dict[Shape, _Written]] = WeakKeyDictionary()


def row(model: type[M], *, locked: bool = False, **keys: Any) -> M:
    """The row whose columns have these values, which together are unique; `locked` until the transaction ends.

    A column is given by its attribute, such as `pk` or `dossier_id`. Raises `model.DoesNotExist` when there is no such row.
    """
    names = tuple(sorted(keys))
    shapes = _written.setdefault(connections[connection.alias], {})
    shape = (model, names, locked)
    if shape not in shapes:
        shapes[shape] = _write(model, keys, locked=locked)
    written = shapes[shape]
    with connection.cursor() as cursor:
        cursor.execute(written.sql, [keys[name] for name in names])
        found = cursor.fetchone()
    if found is None:
        raise model.DoesNotExist(f"{model._meta.label_lower} {keys}")
    (values,) = written.compiler.apply_converters([found], written.converters)
    return model.from_db(connection.alias, written.columns, values)


def _write(model: type[models.Model], keys: dict[str, Any], *, locked: bool) -> _Written:
    found = model._base_manager.order_by().filter(**keys)  # which sorts the conditions by name
    query = (found.select_for_update(of=("self",)) if locked else found).query
    compiler = query.get_compiler(connection=connection)
    sql, _values = compiler.as_sql()
    columns = [column for column, _text, _alias in compiler.select]
    return _Written(sql, [column.target.attname for column in columns], compiler, compiler.get_converters(columns))
