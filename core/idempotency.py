"""The same request twice has one effect: the key's row, the effect and the stored answer are one transaction (DESIGN 4.17)."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.canonical import canonical_json, sha256_hex
from core.models import IdempotencyKey
from core.reasons import Reason, ReasonCode, Refused
from core.workflow import unit


class IdempotencyReason(ReasonCode):
    """Why a key is refused."""

    REUSED = "idempotency.reused", _("This key was already used for another request.")
    MALFORMED = "idempotency.malformed", _("An idempotency key has 1 to 255 printable characters.")


@unit
def once(*, owner: str, key: str, request: Any, act: Callable[[], Any]) -> Any:
    """What `act` answered for this key, doing it only the first time.

    `owner` is whose keys these are (`user:12`), `request` what is asked (any canonical value), the answer anything JSON can
    hold. A second caller waits on the key's row and gets the stored answer. Raises Refused when the key came with another
    request before; when `act` raises, nothing is kept, so the key may be tried again.
    """
    if not (0 < len(key) <= 255 and key.isprintable()):
        raise Refused(Reason(IdempotencyReason.MALFORMED))
    asked = sha256_hex(canonical_json(request))
    IdempotencyKey.objects.bulk_create(
        [IdempotencyKey(owner=owner, key=key, request_hash=asked, created_at=clock.now())], ignore_conflicts=True
    )
    kept = IdempotencyKey.objects.select_for_update().get(owner=owner, key=key)
    if kept.request_hash != asked:
        raise Refused(Reason(IdempotencyReason.REUSED))
    if kept.answer:
        return json.loads(kept.answer)
    kept.answer = canonical_json(act())
    kept.save(update_fields=["answer"])
    return json.loads(kept.answer)


KEPT_DAYS = 30
"""How long an answer can be asked again. A caller that was cut off tries again within minutes; a month leaves room for a
form that stood open over a holiday. What must not happen twice after that is refused by the case itself.
"""


@unit
def forget_old_keys(*, on: dt.date) -> int:
    """Forgets the keys and stored answers of more than `KEPT_DAYS` days before a day; returns how many."""
    old = IdempotencyKey.objects.filter(created_at__lt=clock.start_of(on - dt.timedelta(days=KEPT_DAYS)))
    gone, _rows = old.delete()
    return gone
