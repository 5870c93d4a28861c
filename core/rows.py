"""Rows by key, with the query that finds one written out once per connection (ADR 0006).

Every verb and every page reads many single rows: the row it locks, the role on a file, what a foreign key points at. Django
writes such a query out anew each time, which takes several times longer than the database needs to find the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.apps import apps
from django.db import connection, connections, models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor, ForwardOneToOneDescriptor
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)

Shape = tuple[type[models.Model], tuple[str, ...], bool]
"""Which model, found by which columns, locked or not."""


@dataclass(frozen=True)
class _Written:
    """A query as text, and how its answer becomes a row."""

    sql: str
    keys: Sequence[models.Field]
    columns: Sequence[str]
    compiler: SQLCompiler
    converters: dict[int, Any]


_written: WeakKeyDictionary[Any, dict[Shape, _Written]] = WeakKeyDictionary()


def row(model: type[M], *, locked: bool = False, **keys: Any) -> M:
    """The row whose columns have these values, which together are unique; `locked` until the transaction ends.

    A column is given by its name in the model, such as `pk` or `dossier_id`. Raises `model.DoesNotExist` without such a row.
    """
    here = connections[connection.alias]
    names = tuple(sorted(keys))
    shapes = _written.setdefault(here, {})
    written = shapes.get((model, names, locked))
    if written is None:
        written = shapes[model, names, locked] = _write(model, keys, locked=locked)
    values = [field.get_db_prep_value(keys[name], here) for name, field in zip(names, written.keys, strict=True)]
    with here.cursor() as cursor:
        cursor.execute(written.sql, values)
        found = cursor.fetchone()
    if found is None:
        raise model.DoesNotExist(f"{model._meta.label_lower} {keys}")
    (values,) = written.compiler.apply_converters([found], written.converters)
    return model.from_db(here.alias, written.columns, values)


def _write(model: type[models.Model], keys: dict[str, Any], *, locked: bool) -> _Written:
    found = model._base_manager.order_by().filter(**keys)  # which puts the conditions in the order of their names
    query = (found.select_for_update(of=("self",)) if locked else found).query
    compiler = query.get_compiler(connection=connections[connection.alias])
    sql, _values = compiler.as_sql()
    columns = [column for column, _text, _alias in compiler.select]
    return _Written(
        sql=sql,
        keys=[model._meta.pk if name == "pk" else model._meta.get_field(name) for name in sorted(keys)],
        columns=[column.target.attname for column in columns],
        compiler=compiler,
        converters=compiler.get_converters(columns),
    )


class _ToRow(ForwardManyToOneDescriptor):
    """A foreign key that finds its row with `row`."""

    def get_object(self, instance: models.Model) -> models.Model:
        return row(self.field.remote_field.model, pk=getattr(instance, self.field.attname))


class _ToOneRow(_ToRow, ForwardOneToOneDescriptor):
    """The same for a one-to-one relation."""


def follow_foreign_keys() -> None:
    """Makes every foreign key to a primary key find its row with `row`. Called once, when all models are known."""
    kinds = {ForwardManyToOneDescriptor: _ToRow, ForwardOneToOneDescriptor: _ToOneRow}
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            kind = kinds.get(type(vars(model).get(field.name)))
            if kind and field.target_field.primary_key and not field.remote_field.parent_link:
                setattr(model, field.name, kind(field))
