"""One row by its key, as it stands now."""

from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def row(model: type[M], *, locked: bool = False, **keys: Any) -> M:
    """The row whose columns have these values, which together are unique; `locked` until the transaction ends.

    Raises `model.DoesNotExist` when there is no such row.
    """
    rows = model._base_manager.order_by()
    return (rows.select_for_update(of=("self",)) if locked else rows).get(**keys)
