"""One way to write a value down: canonical JSON, the same bytes for the same facts on every machine."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Choices, Model
from django.utils.functional import Promise


def plain(value: Any) -> Any:  # noqa: C901 - one case per type, nothing nested
    """`value` in JSON's own types: money as text, moments in UTC, a row as `app.model:pk`.

    Raises TypeError for what has no faithful form; floats are refused because two machines may write them differently.
    """
    match value:
        case None | bool() | int():
            return value
        case Choices():
            return value.value
        case str() | Promise():  # a lazy translation is written down as it reads now
            return str(value)
        case Decimal() | Fraction() | uuid.UUID():
            return str(value)
        case dt.datetime():
            if value.tzinfo is None:
                raise TypeError("a moment without a time zone has no canonical form")
            return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
        case dt.date():
            return value.isoformat()
        case Model() if not hasattr(value, "as_json"):
            return f"{value._meta.label_lower}:{value.pk}"
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted(plain(item) for item in value)
    if hasattr(value, "as_json"):
        return value.as_json()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_json(value: Any) -> str:
    """Canonical JSON text: sorted keys, no spaces, no escapes beyond JSON's own."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_hex(text: str | bytes) -> str:
    """The SHA-256 of a text (as UTF-8) or of bytes, in 64 hexadecimal characters."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def content_hash(value: Any) -> str:
    """The fingerprint an approval binds itself to: a change of any fact changes it."""
    return sha256_hex(canonical_json(value))
