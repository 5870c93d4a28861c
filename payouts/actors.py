"""The machine that sends and receives on the rails, as the trail names it."""

from typing import Any

from accounts.enums import Role
from core.actors import SystemActor

RAILS = SystemActor("payouts")

#: Who handles money; both read the bank (DESIGN 1).
HANDLERS = (Role.TREASURER, Role.APPROVER)
READERS = (*HANDLERS, Role.MANAGER, Role.AUDITOR)


def is_rails(by: Any) -> bool:
    """Whether this is the machine of this room."""
    return isinstance(by, SystemActor) and by == RAILS


def may_read(by: Any) -> bool:
    """Whether this person may see payments: who handles money, the programme manager and the auditor."""
    return bool(by.is_authenticated) and by.holds(*READERS)
