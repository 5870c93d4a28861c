"""`Idempotency-Key` for callers whom nobody knows: the key itself is the only proof that the answer is theirs (ADR 0010)."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.idempotency import once
from core.tokens import new_token

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
WRITTEN = "[!-~]{16,255}"
"""Long enough that nobody guesses it, and the same bytes for every program: printable ASCII without spaces."""

PARAMETERS = [
    OpenApiParameter(
        HEADER,
        {"type": "string", "pattern": f"^{WRITTEN}$"},
        OpenApiParameter.HEADER,
        description="A random text of your own, such as a UUID, new for every scan. Sent again within 30 days with the same "
        "body it brings the first answer back; with another body it is refused (422). Keep it to yourself: whoever has it "
        "and the body can read the answer.",
    ),
    OpenApiParameter(
        REPLAYED,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        response=[201],
        description="`true` when this is the answer to an earlier request with the same key.",
    ),
]


@dataclass(frozen=True)
class Answered:
    """The answer, and whether an earlier request made it."""

    body: Any
    replayed: bool


def answered_once(request: Request, *, scope: str, asked: Any, act: Callable[[], Any]) -> Answered:
    """What `act` answers, made once for the key of the request; without a key it is simply made.

    The database holds a fingerprint of the key and an answer that only the key opens, so it gives nobody the secret that
    may be in the answer. Raises ValidationError (400) for a key that is too short, Refused (422) for one that came with
    another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return Answered(act(), replayed=False)
    if not re.fullmatch(WRITTEN, key):
        message = _("An Idempotency-Key has 16 to 255 printable characters without spaces, for example a UUID.")
        raise ValidationError({HEADER: [message]})
    lock, mine = _cipher(scope, key), new_token()

    def sealed() -> dict[str, str]:
        return {"made_by": mine, "sealed": lock.encrypt(json.dumps(act()).encode()).decode()}

    fingerprint = salted_hmac(f"api.idempotency.{scope}", key, algorithm="sha256").hexdigest()
    kept = once(owner=scope, key=fingerprint, request=asked, act=sealed)
    return Answered(json.loads(lock.decrypt(kept["sealed"])), replayed=kept["made_by"] != mine)


def _cipher(scope: str, key: str) -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(salted_hmac(f"api.idempotency.{scope}.answer", key, algorithm="sha256").digest())
    )
