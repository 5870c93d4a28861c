"""The building blocks of a home page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

SHOWN = 5
"""Tasks shown per section; the rest is behind the link to the whole list."""


@dataclass(frozen=True)
class Task:
    """One thing that waits: what it is, where to do it, and before which day. On a card it has a `button`."""

    title: str
    url: str
    meta: str = ""
    due: dt.date | None = None
    badge: str = ""
    tone: str = "neutral"
    button: str = ""


@dataclass(frozen=True)
class Link:
    """A way to a whole list."""

    label: str
    url: str


@dataclass
class Section:
    """A heading with what waits under it, as `cards` or as a list of `tasks`, and what to do when nothing does."""

    title: str
    cards: list[Task] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    lead: str = ""
    empty_title: str = ""
    empty_text: str = ""
    empty_url: str = ""
    empty_label: str = ""
    budgets: Iterable[Any] = ()
    more: int = 0
    work: bool = True
    """What is in it waits for this person; otherwise it only says where things stand."""


def first(rows: Any) -> tuple[list[Any], int]:
    """The first rows of a list and how many more there are, in two queries."""
    total = rows.count()
    return list(rows[:SHOWN]), max(total - SHOWN, 0)
