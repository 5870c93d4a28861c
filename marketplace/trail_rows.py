"""Entries of the audit trail as people read them: who, what, on which case, with the facts behind it."""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.models import AuditEntry
from core.wording import DASH, long_date
from marketplace.sentences import MACHINES, sentence


@dataclass(frozen=True)
class Case:
    """How rows of a model are called on the page, and where one reads them."""

    related: tuple[str, ...] = ()
    name: Callable[[Any], str] = str
    url: Callable[[Any], str] = lambda _row: ""


CASES = {
    "vouchers.application": Case(
        ("organisation",),
        lambda row: f"{row} · {row.organisation}",
        lambda row: reverse("vouchers:assess_case", args=[row.pk]) if row.received_at else "",
    ),
    "vouchers.budget": Case(("programme",)),
    "providers.provider": Case(
        ("organisation",), url=lambda row: reverse("providers:vetting_provider", args=[row.slug])
    ),
    "providers.solution": Case(
        ("provider__organisation",),
        lambda row: f"{row.name} · {row.provider}",
        lambda row: reverse("providers:vetting_solution", args=[row.pk]),
    ),
    "payouts.batch": Case(("programme",), url=lambda row: reverse("payouts:batch", args=[row.number])),
    "roadmap.scan": Case(("organisation",), lambda row: f"{capfirst(row._meta.verbose_name)} · {row.organisation}"),
}
"""What is special about the cases of these models; others carry their own name and have no page for the auditor."""


def shown(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """What the page says of each entry, in a number of queries that does not grow with the entries."""
    entries = list(entries)
    names, cases = _people(entries), _cases(entry.stream for entry in entries)
    return [_row(entry, names.get(entry.actor, entry.actor), cases[entry.stream]) for entry in entries]


def _row(entry: AuditEntry, actor: str, case: tuple[str, str]) -> dict[str, Any]:
    body = json.loads(entry.body)
    model = entry.subject.partition(":")[0]
    moved = body["source"] != body["target"]
    return {
        "row": entry,
        "actor": actor,
        "what": sentence(model, entry.action),
        "case": case[0],
        "case_url": case[1],
        "source": state_words(model, body["source"]) if moved else "",
        "target": state_words(model, body["target"]) if moved else "",
        "facts": [(name, in_words(value)) for name, value in body["facts"].items()],
        "private": body["private"] is not None,
    }


def state_words(model: str, state: str | None) -> str:
    """A state of a model in words; the code when the model or the state is no more."""
    try:
        choices = dict(apps.get_model(model)._meta.get_field("state").flatchoices)
    except LookupError:
        choices = {}
    return str(choices.get(state, state or ""))


def in_words(value: Any) -> str:
    """A fact as people read it: yes and no, days and moments in words, lists with commas. Codes stay codes."""
    match value:
        case None | "":
            return DASH
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(in_words(each) for each in value) or DASH
        case dict():
            return ", ".join(f"{name}: {in_words(each)}" for name, each in value.items()) or DASH
        case str():
            return _day_or_text(value)
    return str(value)


def _day_or_text(text: str) -> str:
    if len(text) < 10 or text[4:5] != "-" or not text.isascii():
        return text
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) == 10:
        return long_date(moment.date())
    return date_format(moment.astimezone(clock.AMSTERDAM), "j F Y H:i") if moment.tzinfo else text


def _people(entries: list[AuditEntry]) -> dict[str, str]:
    keys = {int(entry.actor[5:]) for entry in entries if entry.actor.startswith("user:")}
    people = {f"user:{person.pk}": str(person) for person in User.objects.filter(pk__in=keys)}
    return people | {f"system:{name}": str(words) for name, words in MACHINES.items()}


def _cases(streams: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Per stream its name and the address of its page, if it has one."""
    wanted: dict[str, set[str]] = {}
    for stream in streams:
        model, _sep, key = stream.partition(":")
        wanted.setdefault(model, set()).add(key)
    found = {}
    for label, keys in wanted.items():
        rows = _rows(label, {key for key in keys if key})
        for key in keys:
            stream = f"{label}:{key}" if key else label
            found[stream] = _named(label, rows.get(key), stream)
    return found


def _rows(label: str, keys: set[str]) -> dict[str, Model]:
    try:
        model = apps.get_model(label)
    except LookupError:
        return {}
    rows = model._default_manager.select_related(*CASES.get(label, Case()).related)
    return {str(row.pk): row for row in rows.filter(pk__in=keys)}


def _named(label: str, row: Model | None, stream: str) -> tuple[str, str]:
    if row is not None:
        case = CASES.get(label, Case())
        return case.name(row), case.url(row)
    if stream != label:
        return stream, ""
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name_plural)), ""
    except LookupError:
        return stream, ""
