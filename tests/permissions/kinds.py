"""The kinds of person, what a page may answer them, and how a row of the table says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """Somebody who asks for a row. An owner belongs to the business or provider that the objects of the world are of."""

    ANONYMOUS = "anonymous"
    SME_OWNER = "sme owner"
    SME_STRANGER = "sme stranger"
    PROVIDER_OWNER = "provider owner"
    PROVIDER_STRANGER = "provider stranger"
    ADVISER = "adviser"
    ASSESSOR = "assessor"
    DECIDER = "decider"
    TREASURER = "treasurer"
    APPROVER = "approver"
    MANAGER = "manager"
    AUDITOR = "auditor"


class Answer(StrEnum):
    """What a page may answer."""

    OPEN = "open"
    """It does what it is for: the page, a redirect to another page of ours, or words about what is wrong with the form."""
    LOGIN = "login"
    """A redirect to the login row."""
    UNKNOWN = "401"
    """The API's way of asking who one is."""
    FORBIDDEN = "403"
    """The page is not for this role. Never about an object: that would tell that it exists."""
    MISSING = "404"
    """There is no such thing for this person: another tenant's object is as absent as one that was never made."""


Access = Mapping[Kind, Answer]


def _access(others: Answer, *, anonymous: Answer = Answer.LOGIN, may: tuple[Kind, ...] = ()) -> Access:
    answers = dict.fromkeys(Kind, others) | {Kind.ANONYMOUS: anonymous} | dict.fromkeys(may, Answer.OPEN)
    return MappingProxyType(answers)


PUBLIC = _access(Answer.OPEN, anonymous=Answer.OPEN)
"""Everybody, also who holds a secret link."""

MEMBERS = _access(Answer.OPEN)
"""Everybody with a login; each sees only their own."""

NOWHERE = _access(Answer.MISSING, anonymous=Answer.MISSING)
"""Nobody: there is nothing here."""

API_MEMBERS = _access(Answer.OPEN, anonymous=Answer.UNKNOWN)
"""Everybody with a login or a key, in the API's own way of asking for it."""


def only(*kinds: Kind) -> Access:
    """An object's own people and whoever else may read it; for all others it does not exist."""
    return _access(Answer.MISSING, may=kinds)


def officials(*kinds: Kind) -> Access:
    """People with one of these roles at the authority; others are told that the page is not for them."""
    return _access(Answer.FORBIDDEN, may=kinds)


def hidden(access: Access) -> Access:
    """The same page about an object that even these people may not see yet: a draft is its maker's alone."""
    swapped = {kind: Answer.MISSING if answer == Answer.OPEN else answer for kind, answer in access.items()}
    return MappingProxyType(swapped)


def refused_alike(access: Access, kinds: Iterable[Kind] = Kind) -> list[frozenset[Kind]]:
    """Groups of these people who have a login and are declared to be refused in the same way."""
    groups = (
        frozenset(kind for kind in kinds if access[kind] == answer and kind != Kind.ANONYMOUS)
        for answer in Answer
        if answer != Answer.OPEN
    )
    return [group for group in groups if len(group) > 1]


@dataclass(frozen=True)
class Row:
    """One address with one object in it, and who may read (`get`) and write (`post`) it; None: the method is not taken.

    `args` are paths into the world's `ids`, or literals behind a `=`. `body` is what is posted, with paths behind a `@`;
    most rows post nothing. A pattern may have several rows, for objects that are not for the same people.
    """

    name: str
    args: str = ""
    get: Access | None = None
    post: Access | None = None
    query: str = ""
    body: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    def __str__(self) -> str:
        said = f"{self.name}{self.query} {self.args}".strip()
        return f"{said} {' '.join(self.body.values())}".strip()
