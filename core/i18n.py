"""Words in the visitor's language that live in the database: reference rows carry `name_nl` and `name_en`."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def active_language() -> str:
    """The two-letter code of the language of this page; the default language when none is active."""
    code = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def localised(row: Any, attribute: str) -> str:
    """The text of `attribute` in the active language: `localised(sector, "name")` reads `name_nl` or `name_en`.

    An empty translation falls back to the default language, so that a page never shows a hole. Raises
    AttributeError when the row has no such pair of columns. A mapping (`{"name_nl": ...}`) works as well.
    """
    wanted, default = f"{attribute}_{active_language()}", f"{attribute}_{settings.LANGUAGE_CODE}"
    if isinstance(row, dict):
        return str(row.get(wanted) or row.get(default) or "")
    return str(getattr(row, wanted) or getattr(row, default) or "")
