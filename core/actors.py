"""Who acts when no person does."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SystemActor:
    """A named machine act, such as the sweep of terms. It holds no role and never lays a hand on a file."""

    name: str

    pk = None
    is_authenticated = False

    def holds(self, *_roles: Any) -> bool:
        return False

    def is_member_of(self, _organisation: Any) -> bool:
        return False

    def is_tied_to(self, _businesses: Any) -> bool:
        return False

    def __str__(self) -> str:
        return f"system:{self.name}"


def actor_name(by: Any) -> str:
    """How the trail names an actor: `user:12` or `system:terms`; never a name or an address."""
    return str(by) if isinstance(by, SystemActor) else f"user:{by.pk}"
