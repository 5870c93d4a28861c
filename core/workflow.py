"""The one door: everything that matters in the house is written through `unit`, `perform` and `record` (ADR 0002).

Lock order, explained in docs/locking.md: idempotency row, budgets by key, subjects by (model, key), audit heads last and
sorted. `unit` therefore keeps the audit entries of a verb back until its end and writes them in one go.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import Model

from core import audit, clock, hands
from core.actors import actor_name
from core.enums import HandRole
from core.reasons import CoreReason, Reason, Refused
from core.rows import row
from core.state import StatefulModel, transitions_of

__all__ = ["NotAuthorised", "Refused", "as_seen", "busy", "note", "perform", "record", "unit"]

LOCK_ATTEMPTS = 3
EVERY_CASE = ""
"""What `as_seen` takes for a number that cannot be read: then nothing was seen, and nothing is done."""

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=StatefulModel)
Facts = Mapping[str, Any]

_pending: ContextVar[list[audit.Event] | None] = ContextVar("pending", default=None)
_seen: ContextVar[tuple[str, int] | None] = ContextVar("seen", default=None)


class NotAuthorised(PermissionDenied):
    """This actor may not do this verb on this row, whatever its state. Says nothing about the row."""


def busy(error: OperationalError) -> bool:
    """Whether the database refused for a lock, a deadlock or a serialisation failure, so that trying again makes sense."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate in {"40001", "40P01", "55P03"} or "database is locked" in str(error)


def unit(verb: Callable[P, R]) -> Callable[P, R]:
    """Makes a function one unit of work: all of it, its audit entries included, or nothing.

    The outermost unit is a durable transaction, tried again up to three times when the database is busy; inside another
    unit the function joins that one. Raises RuntimeError when called inside somebody else's transaction, because then
    nobody could promise that a returned answer is kept.
    """

    @wraps(verb)
    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        if _pending.get() is not None:
            return verb(*args, **kwargs)
        for attempt in range(1, LOCK_ATTEMPTS + 1):
            events: list[audit.Event] = []
            token = _pending.set(events)
            try:
                with transaction.atomic(durable=True):
                    answer = verb(*args, **kwargs)
                    audit.write(events)
            except OperationalError as error:
                if attempt == LOCK_ATTEMPTS or not busy(error):
                    raise
            else:
                return answer
            finally:
                _pending.reset(token)
            time.sleep(random.uniform(0.01, 0.1) * attempt)  # noqa: S311 - jitter between retries, not a secret
        raise AssertionError("unreachable")

    return once


@contextmanager
def as_seen(case: str, version: int) -> Iterator[None]:
    """Inside it every verb about this case is refused when its trail went on after `version`, asked once its row is locked.

    A decision binds what its maker saw (DESIGN 4.8): a page that stood open while somebody changed the case decides nothing.
    The number is the whole case's, the lock that of the row: an act on another row of the case may still be on its way.
    """
    token = _seen.set((case, version))
    try:
        yield
    finally:
        _seen.reset(token)


def perform(
    subject: S,
    verb: str,
    *,
    by: Any,
    facts: Facts | Callable[[S], Facts] | None = None,
    rule: Callable[[Facts], list[Reason]] | None = None,
    private: Facts | None = None,
    **details: Any,
) -> S:
    """Does one verb of the subject's machine and returns the subject as it stands now (the one passed in is stale).

    In this order: authorise, ask whether the person belongs to a party, lock the row, check that the move exists and that the
    case is as it was seen (`as_seen`), check hands and `rule` on the `facts` gathered under the lock, make the transition with
    `details`, save, lay the hand, remember the audit entry. `facts` and `details` go to the trail in plain sight and hold only ids, codes, amounts and dates; personal
    detail goes into `private`.

    Raises NotAuthorised, or Refused with every unmet reason.
    """
    subject, reasons = _lock(subject, verb, by)
    _check_move(subject, verb, reasons)
    reasons += _changed(subject)
    role, laid = subject.HANDS.get(verb), True
    if role:
        objections, laid = hands.ask(subject, by, role)
        reasons += objections
    gathered = facts(subject) if callable(facts) else (facts or {})
    if rule:
        reasons += rule(gathered)
    if reasons:
        raise Refused(reasons)
    source = subject.state
    getattr(subject, verb)(**details)
    subject.save()
    if not laid:
        hands.lay(subject, by, role)
    _remember(subject, verb, by=by, facts={**gathered, **details}, private=private, source=str(source))
    return subject


def record(
    subject: S,
    action: str,
    *,
    by: Any,
    facts: Facts | None = None,
    private: Facts | None = None,
    hand: HandRole | None = None,
) -> S:
    """Opens the door for a write that is no transition: authorises, locks, lays the hand, remembers the entry.

    Returns the locked row, which the caller then changes and saves within the same unit. For a row that was created in this
    unit it is called right after the creation. Raises NotAuthorised, or Refused when the person belongs to a party or the hand
    is not free.
    """
    subject, reasons = _lock(subject, action, by)
    reasons += _changed(subject)
    laid = True
    if hand:
        objections, laid = hands.ask(subject, by, hand)
        reasons += objections
    if reasons:
        raise Refused(reasons)
    if not laid:
        hands.lay(subject, by, hand)
    _remember(subject, action, by=by, facts=facts or {}, private=private)
    return subject


def note(
    *,
    by: Any,
    action: str,
    subject: Model | type[Model],
    facts: Facts | None = None,
    private: Facts | None = None,
    case: str | None = None,
) -> None:
    """Remembers a write on a row without a machine, such as an organisation; the service has authorised it itself.

    A model as the subject stands for its whole table, such as reference data that is loaded.
    """
    pending = _open_unit(action)
    label = subject._meta.label_lower
    reference = label if isinstance(subject, type) else f"{label}:{subject.pk}"
    pending.append(
        audit.Event(
            stream=case or reference,
            at=clock.now(),
            actor=actor_name(by),
            action=action,
            subject=reference,
            facts=dict(facts or {}),
            private=dict(private or {}),
        )
    )


def _open_unit(verb: str) -> list[audit.Event]:
    pending = _pending.get()
    if pending is None:
        raise RuntimeError(f"{verb}: the door opens only inside a unit")
    return pending


def _lock(subject: S, verb: str, by: Any) -> tuple[S, list[Reason]]:
    """The locked row, and whether the person stands too close to it: nobody handles a case of their own (DESIGN 4.8)."""
    _open_unit(verb)
    if not subject.may(verb, by):
        raise NotAuthorised(verb)
    linked = [] if verb in subject.MEMBER_VERBS else hands.linked(subject, by)
    return row(type(subject), pk=subject.pk, locked=True), linked


def _check_move(subject: StatefulModel, verb: str, reasons: list[Reason]) -> None:
    moves = {(source, name) for source, name, _target in transitions_of(type(subject))}
    if verb not in {name for _source, name in moves}:
        raise LookupError(f"{type(subject).__name__} has no verb {verb}")
    if (str(subject.state), verb) not in moves:
        state = subject.get_state_display()
        params = {"state": str(state), "code": str(subject.state), "verb": verb}
        raise Refused([*reasons, Reason(CoreReason.WRONG_STATE, params)])


def _changed(subject: StatefulModel) -> list[Reason]:
    seen = _seen.get()
    if seen is None:
        return []
    case, version = seen
    moved_on = case == EVERY_CASE or (subject.case() == case and audit.version(case) != version)
    return [Reason(CoreReason.CHANGED)] if moved_on else []


def _remember(
    subject: StatefulModel, action: str, *, by: Any, facts: Facts, private: Facts | None, source: str | None = None
) -> None:
    _open_unit(action).append(
        audit.Event(
            stream=subject.case(),
            at=clock.now(),
            actor=actor_name(by),
            action=action,
            subject=subject.reference(),
            source=source,
            target=str(subject.state) if source is not None else None,
            facts=dict(facts),
            private=dict(private or {}),
        )
    )
